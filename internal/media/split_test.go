package media_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/livekit/protocol/livekit"
	"github.com/pion/logging"
	"github.com/pion/turn/v5"

	"preau/internal/load/rtc"
	"preau/internal/media"
)

// certificate is the one of net/http/httptest, which is for 127.0.0.1.
var certificate = func() tls.Certificate {
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	return s.TLS.Certificates[0]
}()

// TestMain makes this process trust that certificate as it would a system's:
// the relay's client asks nobody else.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "media")
	if err != nil {
		panic(err)
	}
	path := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}), 0o600); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", path)
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// shared answers pages, signalling and relays on one TLS port.
func shared(t *testing.T, change ...func(*media.Options)) (h *house, address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	h = open(t, append(change, func(o *media.Options) { o.TURN = media.TURN{Host: "127.0.0.1", Port: port} })...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) })
	mux.Handle("/", h.engine.Handler())
	s := &http.Server{Handler: mux}
	split := media.SplitTLS(l, &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}}, h.engine.Relay)
	go s.Serve(split)
	t.Cleanup(func() { s.Close() })
	return h, l.Addr().String()
}

// Pages over HTTP/1.1 and HTTP/2, signalling and media share one port, all
// media passing the relay, while somebody connects and says nothing.
func TestOnePortForPagesAndMedia(t *testing.T) {
	h, address := shared(t)
	silent, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, want := range []string{"HTTP/1.1", "HTTP/2.0"} {
		roots := x509.NewCertPool()
		roots.AddCert(leaf(t))
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: want == "HTTP/2.0"}}
		answer, err := client.Get("https://" + address + "/page")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if string(body) != want {
			t.Errorf("spoke %s, want %s", body, want)
		}
	}
	relayed := func(o *rtc.Options) { o.Relay, o.Server, o.HTTP = true, "https://"+address, nil }
	teacher := h.enter(media.Grant{Identity: "teacher", Rights: everything}, relayed)
	pupil := h.enter(media.Grant{Identity: "pupil"}, relayed)
	voice := h.publish(teacher, livekit.TrackSource_MICROPHONE)
	h.receives(pupil, voice.SID)
}

func leaf(t *testing.T) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The relay reaches this engine, also on a private network, and nobody else.
func TestTheRelayReachesTheEngineAlone(t *testing.T) {
	h, address := shared(t)
	pupil := h.enter(media.Grant{Identity: "pupil"})
	server := pupil.Joined.IceServers[0]
	dial := func(user, password string) (*turn.Client, error) {
		roots := x509.NewCertPool()
		roots.AddCert(leaf(t))
		conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots})
		if err != nil {
			t.Fatal(err)
		}
		c, err := turn.NewClient(&turn.ClientConfig{TURNServerAddr: address, Conn: turn.NewSTUNConn(conn), Username: user, Password: password, Realm: "livekit",
			LoggerFactory: logging.NewDefaultLoggerFactory()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c, c.Listen()
	}
	c, err := dial(server.Username, server.Credential)
	if err != nil {
		t.Fatal(err)
	}
	relay, err := c.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	own := netip.MustParseAddr("127.0.0.1")
	for peer, want := range map[netip.Addr]bool{own: true, netip.MustParseAddr("192.168.77.77"): false, netip.MustParseAddr("10.1.2.3"): false, netip.MustParseAddr("203.0.113.9"): false} {
		err := c.CreatePermission(&net.UDPAddr{IP: peer.AsSlice(), Port: 9})
		if (err == nil) != want {
			t.Errorf("permission for %s: %v", peer, err)
		}
	}
	stranger, err := dial(server.Username, "guess")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Allocate(); err == nil {
		t.Error("a stranger may relay")
	}
}

// Where UDP is closed, media go over the engine's TCP port.
func TestMediaOverTCP(t *testing.T) {
	h := open(t)
	overTCP := func(o *rtc.Options) { o.TCP = true }
	teacher := h.enter(media.Grant{Identity: "teacher", Rights: everything}, overTCP)
	pupil := h.enter(media.Grant{Identity: "pupil"}, overTCP)
	h.receives(pupil, h.publish(teacher, livekit.TrackSource_CAMERA).SID)
}
