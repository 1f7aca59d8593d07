package httpx

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"preau/internal/fault"
	"preau/internal/i18n"
)

func newAPI(t *testing.T, log *bytes.Buffer, secure bool) *API {
	t.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Version: "test", Log: slog.New(slog.NewTextHandler(log, nil)), Catalogue: catalogue, Secure: secure,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
}

type sampleIn struct {
	Body struct {
		Name  string `json:"name" minLength:"3" maxLength:"20"`
		Kind  string `json:"kind" enum:"a,b"`
		Email string `json:"email,omitempty" format:"email"`
	}
}

func call(t *testing.T, h http.Handler, r *http.Request) (*httptest.ResponseRecorder, Problem) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var p Problem
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json") {
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatalf("problem: %v in %q", err, w.Body)
		}
	}
	return w, p
}

func post(path, body, language string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", language)
	return r
}

func TestValidationSpeaksTheReadersLanguageAndNeverEchoes(t *testing.T) {
	var log bytes.Buffer
	api := newAPI(t, &log, true)
	huma.Register(api.Huma, huma.Operation{OperationID: "sample", Method: "POST", Path: "/sample", MaxBodyBytes: 500}, func(context.Context, *sampleIn) (*struct{}, error) { return nil, nil })
	h := api.Handler()
	for _, c := range []struct{ name, body, language, field, detail string }{
		{"short, French", `{"name":"zq","kind":"a"}`, "fr-FR", "name", "Au moins 3 caractères."},
		{"short, English", `{"name":"zq","kind":"a"}`, "en-GB,fr;q=0.5", "name", "At least 3 characters."},
		{"absent", `{"kind":"a"}`, "fr", "", "Le champ « name » est obligatoire."},
		{"not of the list", `{"name":"zqzq","kind":"zq"}`, "fr", "kind", "Valeurs possibles : a, b."},
		{"unexpected", `{"name":"zqzq","kind":"a","zqx":1}`, "fr", "zqx", "Ce champ n’est pas attendu."},
		{"e-mail", `{"name":"zqzq","kind":"a","email":"zq"}`, "fr", "email", "Cette adresse électronique n’est pas valable."},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, p := call(t, h, post(Prefix+"/sample", c.body, c.language))
			if w.Code != 422 || len(p.Errors) != 1 {
				t.Fatalf("status %d, problem %+v", w.Code, p)
			}
			if strings.TrimSuffix(p.Errors[0].Field, "body") != c.field || p.Errors[0].Detail != c.detail {
				t.Errorf("got %+v", p.Errors[0])
			}
			if strings.Contains(w.Body.String(), `"zq"`) {
				t.Errorf("the value came back: %s", w.Body)
			}
		})
	}
	w, p := call(t, h, post(Prefix+"/sample", `{"name":"`+strings.Repeat("x", 600)+`"}`, "fr"))
	if w.Code != 413 || p.Kind != "too_large" {
		t.Errorf("a large body: status %d, %+v", w.Code, p)
	}
	w, p = call(t, h, post(Prefix+"/sample", `{"name":`, "fr"))
	if w.Code != 400 || p.Detail == "" || p.Kind != "invalid" {
		t.Errorf("broken JSON: status %d, %+v", w.Code, p)
	}
}

func TestFaultsBecomeProblems(t *testing.T) {
	var log bytes.Buffer
	api := newAPI(t, &log, true)
	for _, c := range []struct {
		err    error
		status int
	}{
		{fault.New(fault.NotFound, "http.no_route"), 404},
		{fault.New(fault.Limited, "http.too_slow").After(1500 * time.Millisecond), 429},
		{errors.New("boom with a secret"), 500},
		{context.DeadlineExceeded, 503},
	} {
		w := httptest.NewRecorder()
		api.WriteError(w, httptest.NewRequest("GET", "/", nil), c.err)
		if w.Code != c.status || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v: %d %s", c.err, w.Code, w.Header())
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("the cause leaked: %s", w.Body)
		}
		if c.status == 429 && w.Header().Get("Retry-After") != "2" {
			t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
		}
	}
	if !strings.Contains(log.String(), "boom") {
		t.Error("an internal error must be logged")
	}
}

func TestAPanicIsAnInternalError(t *testing.T) {
	var log bytes.Buffer
	api := newAPI(t, &log, true)
	api.Mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("zut") })
	w, p := call(t, api.Handler(), httptest.NewRequest("GET", "/panic", nil))
	if w.Code != 500 || p.Instance == "" || !strings.Contains(log.String(), p.Instance) {
		t.Errorf("status %d, problem %+v, log %s", w.Code, p, &log)
	}
}

func TestCrossOriginWritesAreRefused(t *testing.T) {
	var log bytes.Buffer
	api := newAPI(t, &log, true)
	api.Mux.HandleFunc("POST /act", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	for _, c := range []struct {
		header, value string
		status        int
	}{
		{"Sec-Fetch-Site", "same-origin", 204},
		{"Sec-Fetch-Site", "cross-site", 403},
		{"Sec-Fetch-Site", "same-site", 403},
		{"Origin", "https://evil.example", 403},
		{"X-None", "1", 204}, // not a browser
	} {
		r := httptest.NewRequest("POST", "/act", nil)
		r.Header.Set(c.header, c.value)
		if w, _ := call(t, api.Handler(), r); w.Code != c.status {
			t.Errorf("%s: %s gives %d", c.header, c.value, w.Code)
		}
	}
}

func TestHeaders(t *testing.T) {
	var log bytes.Buffer
	for _, secure := range []bool{true, false} {
		api := newAPI(t, &log, secure)
		w, _ := call(t, api.Handler(), httptest.NewRequest("GET", "/nothing", nil))
		policy := w.Header().Get("Content-Security-Policy")
		for _, banned := range []string{"unsafe-inline", "unsafe-eval", "http:", "https:", "*"} {
			if strings.Contains(policy, banned) {
				t.Errorf("policy allows %s: %s", banned, policy)
			}
		}
		if (w.Header().Get("Strict-Transport-Security") != "") != secure {
			t.Errorf("HSTS with secure=%v: %q", secure, w.Header().Get("Strict-Transport-Security"))
		}
		c := api.Cookie("staff", "x", 0)
		if !c.HttpOnly || c.Secure != secure || strings.HasPrefix(c.Name, "__Host-") != secure {
			t.Errorf("cookie %+v", c)
		}
	}
}

func TestClientIPBelievesTrustedProxiesOnly(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "198.51.100.7", "192.0.2.1"},
		{"10.0.0.1:5", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:5", "203.0.113.9, 198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:5", "203.0.113.9, 10.0.0.2", "203.0.113.9"},
		{"10.0.0.1:5", "garbage", "10.0.0.1"},
		{"[::ffff:10.0.0.1]:5", "2001:db8::1", "2001:db8::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := clientIP(r, trusted).String(); got != c.want {
			t.Errorf("%s via %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func FuzzClientIP(f *testing.F) {
	f.Add("10.0.0.1:5", "203.0.113.9, 10.0.0.2")
	f.Add("", ",,,")
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		r := &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {forwarded}}}
		ip := clientIP(r, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
		if at, err := netip.ParseAddrPort(remote); err == nil && !strings.HasPrefix(at.Addr().Unmap().String(), "10.") && ip != at.Addr().Unmap() {
			t.Errorf("an untrusted peer %q chose its address: %s", remote, ip)
		}
	})
}

func TestClientFiles(t *testing.T) {
	client, err := NewClient(fstest.MapFS{
		"index.html":         {Data: []byte(`<html lang="fr"><meta nonce="__NONCE__"></html>`)},
		"assets/a-12.js":     {Data: []byte("plain")},
		"assets/a-12.js.br":  {Data: []byte("brotli")},
		"assets/a-12.js.gz":  {Data: []byte("gzip")},
		"pictures/otter.svg": {Data: []byte("<svg/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, accept string
		status       int
		body         string
	}{
		{"/assets/a-12.js", "gzip, deflate, br", 200, "brotli"},
		{"/assets/a-12.js", "gzip", 200, "gzip"},
		{"/assets/a-12.js", "br;q=0", 200, "plain"},
		{"/pictures/otter.svg", "br", 200, "<svg/>"},
		{"/index.html", "", 404, ""},
		{"/../go.mod", "", 404, ""},
		{"/assets/none.js", "", 404, ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = c.path
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		client.Files().ServeHTTP(w, r)
		if w.Code != c.status || c.status == 200 && w.Body.String() != c.body {
			t.Errorf("%s: %d %q", c.path, w.Code, w.Body)
		}
	}
	var log bytes.Buffer
	api := newAPI(t, &log, true)
	api.Mux.Handle("GET /{$}", client.Page(200))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Language", "en")
	w, _ := call(t, api.Handler(), r)
	nonce := strings.TrimSuffix(strings.TrimPrefix(w.Body.String(), `<html lang="en"><meta nonce="`), `"></html>`)
	if len(nonce) != 32 || !strings.Contains(w.Header().Get("Content-Security-Policy"), "'nonce-"+nonce+"'") {
		t.Errorf("nonce %q, policy %q", nonce, w.Header().Get("Content-Security-Policy"))
	}
}

func TestLimiterRefillsAndForgets(t *testing.T) {
	now := time.Unix(1000, 0)
	l := NewLimiter(2, time.Second, 3, func() time.Time { return now })
	for i, want := range []bool{true, true, false} {
		if ok, _ := l.Take("a"); ok != want {
			t.Errorf("take %d: %v", i, ok)
		}
	}
	if ok, wait := l.Take("a"); ok || wait <= 0 || wait > time.Second {
		t.Errorf("ok %v, wait %v", ok, wait)
	}
	if ok, _ := l.Take("b"); !ok {
		t.Error("one key's failures locked another out")
	}
	now = now.Add(time.Second)
	if ok, _ := l.Take("a"); !ok {
		t.Error("no token came back after a second")
	}
	for _, k := range []string{"c", "d", "e"} {
		l.Take(k)
	}
	if len(l.buckets) != 3 || l.recent.Len() != 3 {
		t.Errorf("%d keys remembered, at most 3 asked", len(l.buckets))
	}
}

// cutBody is a body whose sender goes away.
type cutBody struct{}

func (cutBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// A body that ends early is the client's doing: no error of ours, nothing in the log.
func TestCutBody(t *testing.T) {
	var log bytes.Buffer
	api := newAPI(t, &log, true)
	huma.Register(api.Huma, huma.Operation{OperationID: "cut", Method: "POST", Path: "/cut"}, func(context.Context, *sampleIn) (*struct{}, error) { return nil, nil })
	r := httptest.NewRequest("POST", Prefix+"/cut", cutBody{})
	r.Header.Set("Content-Type", "application/json")
	w, p := call(t, api.Handler(), r)
	if w.Code != 400 || p.Kind != "invalid" || log.Len() != 0 {
		t.Errorf("%d %+v, and in the log: %s", w.Code, p, log.String())
	}
}
