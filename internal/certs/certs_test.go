package certs

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/internal/config"
	"preau/internal/egress"
	"preau/internal/i18n"
)

// options loads settings, as the operator would write them.
func options(t *testing.T, lines ...string) Options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "preau.conf")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Input{File: path})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	out, err := egress.New(cfg.Outgoing(), log)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Config: cfg, Catalogue: catalogue, Egress: out, Log: log, Now: time.Now}
}

// serveTLS answers "hello" on a free loopback port.
func serveTLS(t *testing.T, c *tls.Config) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello")) }), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	go s.Serve(tls.NewListener(l, c))
	t.Cleanup(func() { s.Close() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

// visit makes a whole handshake with the server as that name, trusting root.
func visit(root *x509.Certificate, name, port string) (*tls.ConnectionState, error) {
	pool := x509.NewCertPool()
	pool.AddCert(root)
	conn, err := tls.Dial("tcp", "127.0.0.1:"+port, &tls.Config{RootCAs: pool, ServerName: name, NextProtos: []string{"h2"}})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	state := conn.ConnectionState()
	return &state, nil
}

// selfSigned writes a pair for these names.
func selfSigned(t *testing.T, dir string, until time.Time, names ...string) (leaf *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: until.AddDate(0, 0, -90), NotAfter: until, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(writeCertificates(filepath.Join(dir, "cert.pem"), der), writeKey(filepath.Join(dir, "key.pem"), key)); err != nil {
		t.Fatal(err)
	}
	leaf, err = x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

func filesOptions(t *testing.T, dir string) Options {
	return options(t, "tls-mode = files", "origin = https://preau.test", "tls-cert = "+dir+"/cert.pem", "tls-key = "+dir+"/key.pem")
}

func TestFilesAreServedAndReadAgain(t *testing.T) {
	dir := t.TempDir()
	first := selfSigned(t, dir, time.Now().AddDate(0, 2, 0), "preau.test")
	o := filesOptions(t, dir)
	p := &pair{cfg: o.Config, log: o.Log, now: o.Now}
	if err := p.refresh(); err != nil {
		t.Fatal(err)
	}
	c := serverConfig()
	c.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.current.Load(), nil }
	port := serveTLS(t, c)
	if state, err := visit(first, "preau.test", port); err != nil || state.NegotiatedProtocol != "h2" {
		t.Fatalf("%v %+v", err, state)
	}
	second := selfSigned(t, dir, time.Now().AddDate(0, 2, 0), "preau.test")
	if err := p.refresh(); err != nil {
		t.Fatal(err)
	}
	if _, err := visit(second, "preau.test", port); err != nil {
		t.Errorf("the new certificate is not served: %v", err)
	}
	// A broken replacement leaves the good one in service.
	if err := os.WriteFile(filepath.Join(dir, "cert.pem"), []byte("half a cert"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.refresh(); err == nil {
		t.Error("a broken file was accepted")
	}
	if _, err := visit(second, "preau.test", port); err != nil {
		t.Errorf("the good certificate was dropped: %v", err)
	}
}

func TestFilesSayWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string)
		want  []string
	}{
		"other key": {func(t *testing.T, dir string) {
			other := t.TempDir()
			selfSigned(t, other, time.Now().AddDate(0, 1, 0), "preau.test")
			copyFile(t, filepath.Join(other, "key.pem"), filepath.Join(dir, "key.pem"))
		}, []string{"tls-key", "not that of the certificate"}},
		"swapped": {func(t *testing.T, dir string) {
			copyFile(t, filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem"))
		}, []string{"tls-cert", "BEGIN CERTIFICATE"}},
		"encrypted": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "key.pem"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
		}, []string{"tls-key", "password"}},
		"no key": {func(t *testing.T, dir string) {
			copyFile(t, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
		}, []string{"tls-key", "PRIVATE KEY"}},
		"damaged": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "cert.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
		}, []string{"tls-cert", "cannot be read"}},
		"huge": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "cert.pem"), strings.Repeat("x", maxPEM+1))
		}, []string{"tls-cert", "too large"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			selfSigned(t, dir, time.Now().AddDate(0, 1, 0), "preau.test")
			c.spoil(t, dir)
			_, err := Source(filesOptions(t, dir))
			if !errors.As(err, new(config.Problems)) {
				t.Fatalf("%v", err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("no %q in %s", w, err)
				}
			}
		})
	}
}

func TestCheckWarnsOfDatesAndNames(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		until time.Time
		names []string
		want  string
	}{
		{now.AddDate(0, 2, 0), []string{"preau.test"}, ""},
		{now.AddDate(0, 0, 5), []string{"preau.test"}, "ops.crt_soon"},
		{now.AddDate(0, 0, -5), []string{"preau.test"}, "ops.crt_expired"},
		{now.AddDate(1, 0, 0), []string{"preau.test"}, "ops.crt_not_yet"},
		{now.AddDate(0, 2, 0), []string{"www.preau.test"}, "ops.crt_other_host"},
	} {
		dir := t.TempDir()
		leaf := selfSigned(t, dir, c.until, c.names...)
		found := Check(filesOptions(t, dir).Config, leaf, now)
		got := ""
		for _, p := range found {
			got += p.Key
		}
		if got != c.want {
			t.Errorf("until %s for %v: %q, want %q", c.until, c.names, got, c.want)
		}
	}
}

func TestPlainHTTPIsSentToTheOrigin(t *testing.T) {
	h := redirect("https://preau.test")
	for _, c := range []struct {
		method, target string
		status         int
		location       string
	}{
		{"GET", "http://192.168.1.5/groupes/x%2Fy?a=b", 308, "https://preau.test/groupes/x%2Fy?a=b"},
		{"GET", "//evil.example/x", 308, "https://preau.test//evil.example/x"},
		{"POST", "/api/v1/session", 403, ""},
	} {
		w, r := newExchange(c.method, c.target)
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Location"); w.Code != c.status || got != c.location {
			t.Errorf("%s %s: %d %s", c.method, c.target, w.Code, got)
		}
	}
}

func TestOffAndProxyHaveNone(t *testing.T) {
	for _, lines := range [][]string{{"tls-mode = off"}, {"tls-mode = proxy", "origin = https://a.fr", "trusted-proxies = 127.0.0.1"}} {
		c, err := Source(options(t, lines...))
		if err != nil || c.TLS != nil || c.Plain != nil {
			t.Errorf("%v: %+v %v", lines, c, err)
			continue
		}
		c.Run(t.Context())
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(raw))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func contains(body []byte, s string) bool { return bytes.Contains(body, []byte(s)) }
