package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// house is identity with its real parts, served over HTTP. Its roster holds one
// year, two groups and three seats for each school it is asked about.
type house struct {
	*Service
	t      *testing.T
	db     *store.DB
	gate   *Gate
	server *httptest.Server
	log    *bytes.Buffer
	clock  *storetest.Clock
}

// start is the day of every test.
var start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// lighter makes passwords cheap where a test is not about them.
func lighter(t *testing.T) {
	was := present
	present = cost{memory: 64, time: 1, threads: 1}
	t.Cleanup(func() { present = was })
}

func build(t *testing.T, db *store.DB, mods ...func(*Options)) *house {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: db, log: &bytes.Buffer{}, clock: storetest.NewClock(start)}
	log := slog.New(slog.NewTextHandler(&guarded{to: h.log}, nil))
	api := httpx.New(httpx.Options{Version: "test", Log: log, Catalogue: texts})
	mux := http.NewServeMux()
	h.server = httptest.NewServer(mux)
	t.Cleanup(h.server.Close)
	o := Options{DB: db, API: api, Log: log, Catalogue: texts, Origin: strings.Replace(h.server.URL, "127.0.0.1", "localhost", 1), Now: h.clock.Now}
	for _, mod := range mods {
		mod(&o)
	}
	if h.Service, err = New(o); err != nil {
		t.Fatal(err)
	}
	h.gate = NewGate(api, h.StaffOf, Roster{SeatOf: seatOf, Locate: locate}, h.clock.Now)
	h.Routes(h.gate)
	mux.Handle("/", api.Handler())
	return h
}

type guarded struct {
	mu sync.Mutex
	to io.Writer
}

func (g *guarded) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.to.Write(b)
}

func seatOf(_ context.Context, token string) (*SeatPrincipal, error) {
	id, school, ok := strings.Cut(token, "@")
	if !ok {
		return nil, nil
	}
	return &SeatPrincipal{ID: id, SchoolID: school, SessionID: "s", Waiting: strings.HasPrefix(id, "waiting")}, nil
}

// locate knows year1 and year2, groupA and groupB of year1, and the seats 1 and
// 2 of groupA, 3 of groupB, in every school.
func locate(_ context.Context, p Place) (Place, error) {
	missing := fault.New(fault.NotFound, "identity.no_school")
	seats := map[string]string{"seat1": "groupA", "seat2": "groupA", "seat3": "groupB", "waiting1": "groupA"}
	if p.Seat != "" {
		group, ok := seats[p.Seat]
		if !ok || p.Group != "" && p.Group != group {
			return p, missing
		}
		p.Groups, p.Year = []string{group}, "year1"
	}
	if p.Group != "" {
		if p.Group != "groupA" && p.Group != "groupB" {
			return p, missing
		}
		p.Year = "year1"
	}
	if p.Year != "" && !slices.Contains([]string{"year1", "year2"}, p.Year) {
		return p, missing
	}
	return p, nil
}

// visitor is one browser.
type visitor struct {
	h      *house
	client *http.Client
	agent  string
}

func (h *house) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &visitor{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
}

// answer is a response read to its end.
type answer struct {
	t      *testing.T
	Status int
	Header http.Header
	Body   []byte
}

// call sends body as JSON, raw when it is a []byte, to a path under the API.
func (v *visitor) call(method, path string, body any) answer {
	v.h.t.Helper()
	var reader io.Reader
	if raw, ok := body.([]byte); ok {
		reader = bytes.NewReader(raw)
	} else if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			v.h.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(v.h.t.Context(), method, v.h.origin+httpx.Prefix+path, reader)
	if err != nil {
		v.h.t.Fatal(err)
	}
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("User-Agent", v.agent)
	r.Header.Set("Accept-Language", "en")
	w, err := v.client.Do(r)
	if err != nil {
		v.h.t.Fatal(err)
	}
	defer w.Body.Close()
	raw, err := io.ReadAll(w.Body)
	if err != nil {
		v.h.t.Fatal(err)
	}
	return answer{v.h.t, w.StatusCode, w.Header, raw}
}

// want stops the test unless the status is this one.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	return a
}

func (a answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.t.Fatalf("%v: %s", err, a.Body)
	}
}

// me reads the body as what every way of signing in answers.
func (a answer) me() (me Me) {
	a.t.Helper()
	a.into(&me)
	return me
}

// problem reads a refusal.
func (a answer) problem() (p httpx.Problem) {
	a.t.Helper()
	a.into(&p)
	return p
}

func (v *visitor) cookie(name string) string {
	at, err := url.Parse(v.h.origin)
	if err != nil {
		v.h.t.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(at) {
		if c.Name == v.h.api.CookieName(name) {
			return c.Value
		}
	}
	return ""
}

// obj is a JSON object.
type obj = map[string]any

const goodPassword = "trois platanes au soleil"

var someSchool = SchoolInput{Name: "École des Platanes", Kind: "ecole", Zone: "Europe/Paris", ControllerName: "DASEN du Rhône", ControllerRole: "Directeur académique", ControllerContact: "dasen@example.fr"}

func (h *house) school(name string) School {
	h.t.Helper()
	in := someSchool
	in.Name = name
	sc, err := h.CreateSchool(h.t.Context(), in)
	if err != nil {
		h.t.Fatal(err)
	}
	return sc
}

// person makes an account with a password, and roles.
func (h *house) person(email string, grants ...GrantInput) StaffMember {
	h.t.Helper()
	m, err := h.CreateStaff(h.t.Context(), StaffInput{Name: "Camille Martin", Email: email, Password: goodPassword})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, g := range grants {
		g.StaffID = m.ID
		h.give(g)
	}
	return m
}

func (h *house) give(g GrantInput) string {
	h.t.Helper()
	id, err := h.GrantRole(h.t.Context(), g)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func over(sc School, role Role) GrantInput {
	return GrantInput{Role: role, Scope: OverSchool, ScopeID: sc.ID, SchoolID: sc.ID}
}

// in is a browser where the person has signed in.
func (h *house) in(email string) *visitor {
	h.t.Helper()
	v := h.visitor()
	v.call("POST", "/session", obj{"email": email, "password": goodPassword}).want(200)
	return v
}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lighter(t)
		f(t, build(t, db))
	})
}

func token(t *testing.T, link string) string {
	t.Helper()
	_, token, ok := strings.Cut(link, "#")
	if !ok || len(token) != tokenLength {
		t.Fatalf("no token in %q", link)
	}
	return token
}
