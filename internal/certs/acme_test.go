package certs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	stdlog "log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

// acmeServer is a whole ACME authority in this process, which validates
// challenges at the given ports of this machine whatever the name.
func acmeServer(t *testing.T, httpPort, tlsPort int, ocsp string) (directory string, roots string, root *x509.Certificate, asked func() int) {
	t.Helper()
	for name, value := range map[string]string{"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "50", "PEBBLE_AUTHZREUSE": "0"} {
		t.Setenv(name, value)
	}
	quiet := stdlog.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	authority := ca.New(quiet, store, ocsp, "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	validation := va.New(quiet, httpPort, tlsPort, true, resolver(t), store)
	front := wfe.New(quiet, store, validation, authority, []string{"preau.test"}, true, false, 1, 1)
	var mu sync.Mutex
	requests := 0
	handler := front.Handler()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests++
		mu.Unlock()
		handler.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = quiet
	server.TLS = &tls.Config{Certificates: []tls.Certificate{directoryCertificate(t)}}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots = filepath.Join(t.TempDir(), "roots.pem")
	write(t, roots, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	root = authority.GetRootCert(0).Cert
	return server.URL + wfe.DirectoryPath, roots, root, func() int { mu.Lock(); defer mu.Unlock(); return requests }
}

func directoryCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// resolver answers every name with this machine.
func resolver(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	s := &dns.Server{Listener: l, NotifyStartedFunc: func() { close(started) }, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1)}}
		}
		w.WriteMsg(m)
	})}
	go s.ActivateAndServe()
	<-started
	t.Cleanup(func() { s.Shutdown() })
	return l.Addr().String()
}

func listen(t *testing.T) (net.Listener, int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return l, n
}

// start serves both listeners of the settings and runs the certificates.
func start(t *testing.T, o Options, plain, secure net.Listener) {
	t.Helper()
	c, err := Source(o)
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.NewLogLogger(slog.DiscardHandler, 0)
	web := &http.Server{Handler: c.Plain, ErrorLog: quiet}
	go web.Serve(plain)
	safe := &http.Server{Handler: http.NotFoundHandler(), ErrorLog: quiet}
	go safe.Serve(tls.NewListener(secure, c.TLS))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	t.Cleanup(func() { web.Close(); safe.Close(); stop(); <-done })
}

func TestACMEObtainsFromTheNamedAuthorityAlone(t *testing.T) {
	for _, challenge := range []string{"HTTP-01 or TLS-ALPN-01", "TLS-ALPN-01"} {
		t.Run(challenge, func(t *testing.T) {
			plain, httpPort := listen(t)
			secure, tlsPort := listen(t)
			responder := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("an OCSP responder was asked") }))
			defer responder.Close()
			directory, roots, root, _ := acmeServer(t, httpPort, tlsPort, responder.URL)
			listenHTTP := plain.Addr().String()
			if challenge == "TLS-ALPN-01" {
				listenHTTP = "none"
			}
			o := options(t, "tls-mode = acme", "origin = https://preau.test", "acme-directory = "+directory, "acme-accept-terms = yes",
				"acme-roots = "+roots, "acme-email = admin@preau.test", "data-dir = "+t.TempDir(),
				"listen = "+secure.Addr().String(), "listen-http = "+listenHTTP)
			start(t, o, plain, secure)
			deadline := time.Now().Add(60 * time.Second)
			for {
				_, err := visit(root, "preau.test", strconv.Itoa(tlsPort))
				if err == nil {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("no certificate after a minute: %v", err)
				}
				time.Sleep(50 * time.Millisecond)
			}
			leaf, err := Stored(o.Config)
			if err != nil || leaf == nil || leaf.VerifyHostname("preau.test") != nil {
				t.Errorf("stored: %v %v", leaf, err)
			}
		})
	}
}

// An authority that the list of destinations leaves out gets no request.
func TestACMEGoesThroughTheEgressList(t *testing.T) {
	plain, httpPort := listen(t)
	secure, tlsPort := listen(t)
	directory, roots, _, asked := acmeServer(t, httpPort, tlsPort, "")
	o := options(t, "tls-mode = acme", "origin = https://preau.test", "acme-directory = "+directory, "acme-accept-terms = yes",
		"acme-roots = "+roots, "data-dir = "+t.TempDir(), "listen = "+secure.Addr().String(), "listen-http = "+plain.Addr().String())
	refused := make(chan string, 64)
	o.Log = slog.New(slog.NewTextHandler(lines(refused), nil))
	none := options(t, "egress-allow = 192.0.2.1:443")
	o.Egress = none.Egress
	start(t, o, plain, secure)
	for line := range refused { // certmagic tries, and its failure is logged
		if strings.Contains(line, "egress-allow") {
			break
		}
	}
	if n := asked(); n != 0 {
		t.Errorf("%d requests reached the authority", n)
	}
}

// lines is a writer that sends each line of a log, dropping those that nobody
// waits for.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default:
	}
	return len(p), nil
}
