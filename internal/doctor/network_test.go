package doctor

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

func TestPorts(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	body := "alive\n"
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	o := installation(t, "listen = "+l.Addr().String())
	if got := find(t, examine(t, o, nil), "port.pages"); got.Status != OK || !strings.Contains(got.Seen, "answers") {
		t.Errorf("Préau itself: %+v", got)
	}
	body = "somebody else"
	if got := find(t, examine(t, o, nil), "port.pages"); got.Status != Fail {
		t.Errorf("another program: %+v", got)
	}
	o = installation(t, "metrics-listen = 192.0.2.77:9464")
	if got := find(t, examine(t, o, nil), "port.metrics"); got.Status != Fail || !strings.Contains(got.Seen, "not an address") {
		t.Errorf("another machine's address: %+v", got)
	}
}

func mediaPort(network string, l interface{ String() string }) string {
	_, port, _ := strings.Cut(l.String(), ":")
	return "media-" + network + "-port = " + port
}

// freeUDP and freeTCP give an address that was free a moment ago.
func freeUDP(t *testing.T) net.Addr { return closed(heldUDP(t)) }

func freeTCP(t *testing.T) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return l.Addr()
}

func heldUDP(t *testing.T) net.PacketConn {
	t.Helper()
	l, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func closed(l net.PacketConn) net.Addr {
	l.Close()
	return l.LocalAddr()
}

func TestMediaPorts(t *testing.T) {
	taken := mediaPort("udp", heldUDP(t).LocalAddr())
	status := http.StatusServiceUnavailable
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/rtc/validate" {
			w.WriteHeader(status)
			return
		}
		io.WriteString(w, "alive\n")
	}))
	defer s.Close()
	o := installation(t, taken, "listen = "+s.Listener.Addr().String())
	if got := find(t, examine(t, o, nil), "port.media.udp"); got.Status != Fail || !strings.Contains(got.Mend, "media-udp-port") {
		t.Errorf("another program, beside a Préau without sound: %+v", got)
	}
	status = http.StatusUnauthorized
	if got := find(t, examine(t, o, nil), "port.media.udp"); got.Status != OK || !strings.Contains(got.Seen, "answers") {
		t.Errorf("the engine itself: %+v", got)
	}
	if got := find(t, examine(t, installation(t, "media-tcp-port = 0"), nil), "port.media.tcp"); got.Status != Warn || !strings.Contains(got.Mend, "media-tcp-port") {
		t.Errorf("any port: %+v", got)
	}
}

func TestCertificateIsJudged(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"cert.pem", "key.pem"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("nothing"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := installation(t, "tls-mode = files", "origin = https://preau.test", "listen-http = none", "tls-cert = "+dir+"/cert.pem", "tls-key = "+dir+"/key.pem")
	if got := find(t, examine(t, o, nil), "certificate"); got.Status != Fail || !strings.Contains(got.Seen, "tls-cert") {
		t.Errorf("%+v", got)
	}
	o = installation(t, "tls-mode = local", "origin = https://preau.local", "listen-http = none", "local-scope = preau.local, 192.168.7.0/24")
	report := examine(t, o, nil)
	if got := find(t, report, "certificate"); got.Status != Warn {
		t.Errorf("%+v", got)
	}
	// Before it is fixed for ten years, the authority's reach is shown.
	if got := find(t, report, "authority"); got.Status != Warn || !strings.Contains(got.Seen, "preau.local") || !strings.Contains(got.Seen, "192.168.7.0/24") {
		t.Errorf("%+v", got)
	}
}

func TestMailIsTriedWithoutSending(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	said := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		io.WriteString(c, "220 here\r\n")
		var heard strings.Builder
		buf := make([]byte, 512)
		for {
			n, err := c.Read(buf)
			if err != nil {
				break
			}
			heard.Write(buf[:n])
			if bytes.HasPrefix(buf[:n], []byte("QUIT")) {
				io.WriteString(c, "221 bye\r\n")
			} else {
				io.WriteString(c, "250 fine\r\n")
			}
		}
		said <- heard.String()
	}()
	o := installation(t, "mail-server = "+l.Addr().String(), "mail-from = a@b.fr", "mail-tls = none")
	if got := find(t, examine(t, o, nil), "mail"); got.Status != OK {
		t.Errorf("%+v", got)
	}
	if heard := <-said; strings.Contains(heard, "MAIL") || !strings.Contains(heard, "QUIT") {
		t.Errorf("said %q", heard)
	}
	o = installation(t, "mail-server = 127.0.0.1:1", "mail-from = a@b.fr")
	if got := find(t, examine(t, o, nil), "mail"); got.Status != Warn {
		t.Errorf("nobody there: %+v", got)
	}
}

func TestPostgres(t *testing.T) {
	if !slices.Contains(storetest.Dialects(), store.Postgres) {
		return // -short: SQLite alone, and the other tests are about it
	}
	dsn := storetest.EmptyPostgres(t)
	db, err := store.Open(t.Context(), store.Options{DSN: dsn, DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	o := installation(t, "database = "+dsn)
	r := examine(t, o, nil)
	if got := find(t, r, "database"); got.Status != OK || !strings.Contains(got.Seen, "PostgreSQL") {
		t.Errorf("%+v", got)
	}
	if got := find(t, r, "clock.database"); got.Status != OK {
		t.Errorf("%+v", got)
	}
}
