package egress

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

func dialer(t *testing.T, allow ...string) (*Dialer, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	d, err := New(allow, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return d, &log
}

// server counts the connections it accepts.
func server(t *testing.T) (address string, accepted chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	accepted = make(chan struct{}, 16)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- struct{}{}
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close() })
	return l.Addr().String(), accepted
}

func TestOnlyListedDestinations(t *testing.T) {
	listed, reached := server(t)
	other, untouched := server(t)
	_, port, _ := net.SplitHostPort(listed)
	d, log := dialer(t, listed, "localhost:"+port)
	for _, address := range []string{listed, "LOCALHOST:" + port, "[::ffff:127.0.0.1]:" + port} {
		c, err := d.DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		<-reached
		c.Close()
	}
	if log.Len() != 0 {
		t.Errorf("logged: %s", log)
	}
	_, otherPort, _ := net.SplitHostPort(other)
	for _, address := range []string{other, "localhost:" + otherPort, "127.0.0.2:" + port, "example.org:443", "nonsense"} {
		if _, err := d.DialContext(t.Context(), "tcp", address); !IsRefused(err) {
			t.Errorf("%s: %v", address, err)
		}
		if !strings.Contains(log.String(), "destination="+address) {
			t.Errorf("%s is not in the log: %s", address, log)
		}
	}
	select {
	case <-untouched:
		t.Error("an unlisted server was reached")
	default:
	}
}

func TestTheSocketItselfIsGuarded(t *testing.T) {
	listed, reached := server(t)
	d, _ := dialer(t, listed)
	// Past the list's check: what a caller holding the inner dialer would do.
	if _, err := d.net.DialContext(t.Context(), "tcp", listed); !IsRefused(err) {
		t.Errorf("unchecked dial: %v", err)
	}
	if _, err := d.DialContext(t.Context(), "udp", listed); !IsRefused(err) {
		t.Errorf("UDP: %v", err)
	}
	select {
	case <-reached:
		t.Error("a connection was made")
	default:
	}
}

func TestHTTPAndItsRedirects(t *testing.T) {
	unlisted := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the unlisted server was asked") }))
	defer unlisted.Close()
	listed := httptest.NewServer(http.RedirectHandler(unlisted.URL, http.StatusFound))
	defer listed.Close()
	t.Setenv("HTTP_PROXY", unlisted.URL)
	d, _ := dialer(t, strings.TrimPrefix(listed.URL, "http://"))
	ours := http.Client{Transport: d.Transport()}
	theirs := http.Client{Transport: &http.Transport{Proxy: d.Proxy}}
	for name, client := range map[string]*http.Client{"our transport": &ours, "a library's": &theirs} {
		if _, err := client.Get(listed.URL); !IsRefused(err) || !strings.Contains(err.Error(), "egress-allow") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The database driver resolves names and dials by itself unless told otherwise.
func TestTheDatabaseIsReachedByItsListedName(t *testing.T) {
	if !slices.Contains(storetest.Dialects(), store.Postgres) {
		return // -short: SQLite has no connection
	}
	dsn := storetest.EmptyPostgres(t)
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	open := func(dsn string, d *Dialer) error {
		db, err := store.Open(t.Context(), store.Options{DSN: dsn, Dial: d.DialContext})
		if err == nil {
			err = db.Close()
		}
		return err
	}
	none, _ := dialer(t)
	folder := address.Query().Get("host")
	if folder == "" {
		t.Logf("the test server is reached by %s", address.Host)
		byName, _ := dialer(t, address.Host)
		if err := open(dsn, byName); err != nil {
			t.Error(err)
		}
		if err := open(dsn, none); !IsRefused(err) {
			t.Errorf("unlisted: %v", err)
		}
		return
	}
	if err := open(dsn, none); err != nil {
		t.Errorf("a socket of this machine: %v", err)
	}
	port := bridge(t, filepath.Join(folder, ".s.PGSQL.5432"))
	byTCP := "postgres://postgres@localhost:" + port + address.Path + "?sslmode=disable"
	byName, _ := dialer(t, "localhost:"+port)
	if err := open(byTCP, byName); err != nil {
		t.Errorf("listed by name: %v", err)
	}
	if err := open(byTCP, none); !IsRefused(err) {
		t.Errorf("unlisted: %v", err)
	}
}

// bridge gives a socket a TCP port on this machine.
func bridge(t *testing.T, socket string) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("unix", socket)
			if err != nil {
				from.Close()
				continue
			}
			go func() { io.Copy(to, from); to.Close() }()
			go func() { io.Copy(from, to); from.Close() }()
		}
	}()
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestNewRefusesNonsense(t *testing.T) {
	for _, bad := range []string{"", "host", ":443", "host:"} {
		if _, err := New([]string{bad}, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}
