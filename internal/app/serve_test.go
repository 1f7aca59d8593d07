package app

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/store/storetest"
)

// A port that is taken is said with the setting to change.
func TestTakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	l := Listener{Address: taken.Addr().String(), Setting: "metrics-listen", Handler: http.NotFoundHandler()}
	err = Serve(t.Context(), []Listener{l}, time.Second, slog.New(slog.DiscardHandler), func([]net.Addr) { t.Error("ready") })
	f := fault.Of(err)
	if f == nil || f.Key != "cli.listen_in_use" || fmt.Sprint(f.Args["setting"]) != "metrics-listen" {
		t.Fatal(err)
	}
}

// What anybody who connects can cause is logged without their address, once a
// minute.
func TestConnectionsAreLoggedWithoutAddress(t *testing.T) {
	var out bytes.Buffer
	clock := storetest.NewClock(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	to := errorLog(slog.New(slog.NewTextHandler(&out, nil)), clock.Now)
	for i := range 50 {
		to.Printf("http: TLS handshake error from 203.0.113.%d:%d: EOF", i, 40000+i)
		to.Printf("http: TLS handshake error from [2001:db8::%d%%eth0]:%d: EOF", i, 40000+i)
	}
	clock.Advance(connEvery)
	to.Printf("http: TLS handshake error from 203.0.113.7:1: EOF")
	to.Printf("http: panic serving 203.0.113.7:1: boom\ngoroutine 1 [running]:\nsecret(0xc000)")
	got := out.String()
	for _, hidden := range []string{"203.0", "2001:db8", "goroutine"} {
		if strings.Contains(got, hidden) {
			t.Errorf("%q is in the log:\n%s", hidden, got)
		}
	}
	if strings.Count(got, "TLS handshake") != 2 || !strings.Contains(got, "count=100") || strings.Count(got, "level=WARN") != 3 {
		t.Errorf("the log holds:\n%s", got)
	}
	// A real handshake that fails goes the same way.
	out.Reset()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = to
	server.StartTLS()
	if _, err := tls.Dial("tcp", server.Listener.Addr().String(), &tls.Config{MinVersion: tls.VersionTLS12}); err == nil {
		t.Error("a certificate of nobody is believed")
	}
	server.Close() // waits for the connection, so for its line
	if strings.Contains(out.String(), "127.0.0.1") {
		t.Errorf("the log holds:\n%s", out.String())
	}
}

// Over plain HTTP, only the origin's name and addresses are answered.
func TestOtherHosts(t *testing.T) {
	h, _, _ := house(t)
	for host, status := range map[string]int{
		"localhost:8080": 200, "LOCALHOST": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "192.168.1.20": 200,
		"evil.example": 403, "localhost.evil.example:8080": 403, "": 403,
	} {
		for path, want := range map[string]int{"/": status, "/healthz": 200} {
			r := httptest.NewRequest("GET", path, nil)
			r.Host = host
			w := httptest.NewRecorder()
			h.Handler().ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%q %s: %d, want %d", host, path, w.Code, want)
			}
		}
	}
}
