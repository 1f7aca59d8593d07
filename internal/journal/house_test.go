package journal_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"preau/internal/app"
	"preau/internal/config"
	"preau/internal/demo"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/journal"
	"preau/internal/journal/text"
	"preau/internal/roster"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// house is a whole server with the demonstration school and an open journal.
type house struct {
	t      *testing.T
	house  *app.House
	server *httptest.Server
	school demo.School
	seats  []roster.Seat
	j      *journal.Service
}

func eachStore(t *testing.T, f func(t *testing.T, h *house)) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) { f(t, newHouse(t, d)) })
	}
}

func newHouse(t *testing.T, d store.Dialect) *house {
	t.Helper()
	o := storetest.Options(t, d)
	flags := map[string]string{"data-dir": o.DataDir, "media-udp-port": "0", "media-tcp-port": "0"}
	if o.DSN != "" {
		flags["database"] = o.DSN
	}
	cfg, err := config.Load(config.Input{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	dist := fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>x</title><script nonce=\"__NONCE__\"></script>")}}
	h := &house{t: t}
	h.house, err = app.Open(t.Context(), app.Options{Config: cfg, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), Version: "test", Dist: dist})
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(h.house.Handler())
	t.Cleanup(func() {
		h.server.Close()
		if err := h.house.Close(); err != nil {
			t.Error(err)
		}
	})
	h.j = h.house.Journal
	h.school, err = demo.Make(t.Context(), h.house.Identity, h.house.Roster, time.Now())
	h.must(err)
	h.seats, err = h.house.Roster.SeatsOfGroup(t.Context(), h.school.SchoolID, h.school.GroupID)
	h.must(err)
	h.settings(func(*journal.Masthead) {})
	h.pen(h.head(), "Plume de platane")
	h.pen(h.teacher(), "Craie blanche")
	h.pen(h.seat(0), "Coquelicot")
	h.pen(h.seat(1), "Merle moqueur")
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// settings opens the journal to the public, but for what change says.
func (h *house) settings(change func(in *journal.Masthead)) {
	h.t.Helper()
	in := journal.Masthead{
		Slug: "le-platane", Title: "Le Platane", Opened: true, Widest: journal.ToPublic, Contributions: "all",
		Director: "Dominique Leroy", DirectorAs: "head", Publisher: "Collège", Host: "Ville", Contact: "journal@platanes.example",
	}
	change(&in)
	h.must(h.j.SetSettings(h.t.Context(), h.school.SchoolID, h.school.HeadID, in))
}

func (h *house) staff(id string, roles ...identity.Role) context.Context {
	var grants []identity.Grant
	for _, role := range roles {
		grants = append(grants, identity.Grant{ID: "g", Role: role, Scope: identity.OverSchool, ScopeID: h.school.SchoolID, SchoolID: h.school.SchoolID})
	}
	return identity.With(h.t.Context(), identity.Principal{Staff: &identity.StaffPrincipal{ID: id, Grants: grants}})
}

func (h *house) head() context.Context    { return h.staff(h.school.HeadID, identity.Head) }
func (h *house) teacher() context.Context { return h.staff(h.school.Teacher, identity.Teacher) }
func (h *house) editor() context.Context {
	return h.staff(h.school.Teacher, identity.Teacher, identity.Editor)
}

func (h *house) seat(n int) context.Context {
	return identity.With(h.t.Context(), identity.Principal{Seat: &identity.SeatPrincipal{ID: h.seats[n].ID, SchoolID: h.school.SchoolID, SessionID: "s"}})
}

func (h *house) pen(who context.Context, name string) {
	h.t.Helper()
	_, err := h.j.SetPenName(who, h.school.SchoolID, journal.PenName{PenName: name})
	h.must(err)
}

func (h *house) sql(query string, args ...any) {
	h.t.Helper()
	h.must(h.house.DB.Tx(h.t.Context(), func(tx store.Queryer) error {
		_, err := tx.ExecContext(h.t.Context(), query, args...)
		return err
	}))
}

// lycee makes the school a lycée, whose board the second seat is on.
func (h *house) lycee() {
	h.t.Helper()
	h.sql("UPDATE school SET kind = 'lycee'")
	_, err := h.j.GiveMandate(h.head(), h.school.SchoolID, h.school.HeadID, journal.NewMandate{SeatID: h.seats[1].ID, Kind: "board", StartsAt: 1, Until: time.Now().Add(time.Hour).UnixMilli()})
	h.must(err)
}

func content(title, body string) journal.Content {
	return journal.Content{Title: title, Standfirst: "Un chapeau.", Body: text.FromPlain(body), About: journal.About{Audience: journal.ToPublic}}
}

func (h *house) write(who context.Context, kind string, c journal.Content) string {
	h.t.Helper()
	saved, err := h.j.Begin(who, h.school.SchoolID, journal.NewPiece{Kind: kind, Content: c})
	h.must(err)
	return saved.ID
}

func (h *house) one(into any, query string, args ...any) {
	h.t.Helper()
	h.must(h.house.DB.Reader().QueryRowContext(h.t.Context(), query, args...).Scan(into))
}

// act does an act on the version that is there.
func (h *house) act(who context.Context, id string, act journal.Act, reason string) error {
	h.t.Helper()
	var version int64
	h.one(&version, "SELECT version FROM journal_piece WHERE id = $1", id)
	return h.j.Do(who, h.school.SchoolID, id, journal.Doing{Act: act, Reason: reason, Version: version})
}

// publish writes, proposes and publishes, and gives the address.
func (h *house) publish(kind string, c journal.Content) (id, path string) {
	h.t.Helper()
	id = h.write(h.seat(0), kind, c)
	h.must(h.act(h.seat(0), id, journal.Propose, ""))
	h.must(h.act(h.editor(), id, journal.Publish, ""))
	return id, h.path(id)
}

func (h *house) path(id string) string {
	h.t.Helper()
	var slug string
	h.one(&slug, "SELECT slug FROM journal_piece WHERE id = $1", id)
	return "/journal/le-platane/article/" + slug
}

// ask asks for a page as a visitor; a redirection is followed.
func (h *house) ask(path string, form url.Values) (status int, body, at string) {
	h.t.Helper()
	method, in := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, in = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+path, in)
	h.must(err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("User-Agent", "Mozilla/5.0 essai")
	res, err := http.DefaultClient.Do(r)
	h.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	h.must(err)
	return res.StatusCode, string(raw), res.Request.URL.Path
}

func (h *house) sees(path, want string) {
	h.t.Helper()
	if status, body, _ := h.ask(path, nil); status != 200 || !strings.Contains(body, want) {
		h.t.Errorf("%s: %d, no %q", path, status, want)
	}
}

func (h *house) misses(path, gone string) {
	h.t.Helper()
	if status, body, _ := h.ask(path, nil); status >= 500 || strings.Contains(body, gone) {
		h.t.Errorf("%s: %d, %q", path, status, gone)
	}
}

func (h *house) answers(path string, want int) {
	h.t.Helper()
	if status, _, _ := h.ask(path, nil); status != want {
		h.t.Errorf("%s: %d, want %d", path, status, want)
	}
}

func (h *house) refused(err error, kind fault.Kind) {
	h.t.Helper()
	if !fault.Is(err, kind) {
		h.t.Errorf("%v, want a refusal %s", err, kind)
	}
}

var hidden = regexp.MustCompile(`name="jeton" value="([^"]+)"`)

// token is that of the form on a page.
func (h *house) token(path string) string {
	h.t.Helper()
	status, body, _ := h.ask(path, nil)
	found := hidden.FindStringSubmatch(body)
	if found == nil {
		h.t.Fatalf("%s: %d, no form", path, status)
	}
	return found[1]
}
