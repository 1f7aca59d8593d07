package lesson_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"preau/internal/app"
	"preau/internal/config"
	"preau/internal/demo"
	"preau/internal/identity"
	"preau/internal/lesson/lessonclient"
	"preau/internal/roster"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// house is a whole server over HTTP, with a school of some pupils in one group.
type house struct {
	t      *testing.T
	cfg    *config.Config
	house  *app.House
	server *httptest.Server // stands across restarts
	answer atomic.Pointer[http.Handler]
	stop   func()

	school, year, group string
	seats               []string
	secrets             []demo.SeatSecret
	teacher, coTeacher  *http.Cookie
	teacherID           string
}

// eachStore runs a test on a house over SQLite and over PostgreSQL.
func eachStore(t *testing.T, pupils int, f func(t *testing.T, h *house)) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) { f(t, newHouse(t, d, pupils)) })
	}
}

func newHouse(t *testing.T, d store.Dialect, pupils int) *house {
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
	h := &house{t: t, cfg: cfg}
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handler := h.answer.Load(); handler != nil {
			(*handler).ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable) // between two starts
	}))
	t.Cleanup(h.server.Close)
	h.start()
	t.Cleanup(func() { h.stop() })
	h.furnish(pupils)
	return h
}

// start opens the server on its database.
func (h *house) start() {
	h.t.Helper()
	dist := fstest.MapFS{"index.html": {Data: []byte(`<html lang="fr"><meta nonce="__NONCE__"></html>`)}}
	one, err := app.Open(context.Background(), app.Options{Config: h.cfg, Log: slog.New(slog.DiscardHandler), Version: "test", Dist: dist})
	if err != nil {
		h.t.Fatal(err)
	}
	h.house = one
	ctx, cancel := context.WithCancel(context.Background())
	worked := make(chan struct{})
	go func() { one.Lesson.Run(ctx); close(worked) }() // without the media engine
	handler := one.Handler()
	h.answer.Store(&handler)
	stopped := false
	h.stop = func() {
		if stopped {
			return
		}
		stopped = true
		h.answer.Store(nil)
		cancel()
		<-worked
		if err := one.Close(); err != nil {
			h.t.Error(err)
		}
	}
}

func (h *house) restart() {
	h.t.Helper()
	h.stop()
	h.start()
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) furnish(pupils int) {
	h.t.Helper()
	ctx := h.t.Context()
	school, err := h.house.Identity.CreateSchool(ctx, identity.SchoolInput{
		Name: "Collège d’essai", Kind: "college", Zone: "Europe/Paris", ControllerName: "D. Leroy", ControllerRole: "Direction", ControllerContact: "d@essai.example",
	})
	h.must(err)
	h.school = school.ID
	year, err := h.house.Roster.OpenYear(ctx, school.ID, roster.NewYear{Label: "2026", StartsOn: "2026-09-01", EndsOn: "2027-07-05"})
	h.must(err)
	h.year = year.ID
	in := roster.Import{ID: uuid.NewString(), YearID: year.ID, Groups: []roster.ImportGroup{{Ref: "g", Name: "6e B", Kind: "class"}}}
	for i := range pupils {
		secret := demo.NewSeatSecret()
		keys := secret.Keys()
		hash := keys.AuthHash()
		id := uuid.NewString()
		h.seats, h.secrets = append(h.seats, id), append(h.secrets, secret)
		in.Seats = append(in.Seats, roster.ImportSeat{
			ID: id, Number: i + 1, Pseudonym: "Loutre " + strings.Repeat("a", i+1), Picture: "otter", Groups: []string{"g"},
			AuthHash: base64.RawURLEncoding.EncodeToString(hash[:]), SeatCode: keys.Code,
		})
	}
	made, err := h.house.Roster.Import(ctx, school.ID, "", in)
	h.must(err)
	h.group = made.Groups[0].ID
	h.teacherID, h.teacher = h.staff("Camille Martin", identity.GrantInput{Role: identity.Teacher, Scope: identity.OverGroup, ScopeID: h.group})
	_, h.coTeacher = h.staff("Sacha Petit", identity.GrantInput{Role: identity.CoTeacher, Scope: identity.OverGroup, ScopeID: h.group})
}

// staff makes a member of staff with a role, and signs them in.
func (h *house) staff(name string, grant identity.GrantInput) (string, *http.Cookie) {
	h.t.Helper()
	ctx := h.t.Context()
	person, err := h.house.Identity.CreateStaff(ctx, identity.StaffInput{Name: name, Email: uuid.NewString() + "@essai.example"})
	h.must(err)
	grant.StaffID, grant.SchoolID = person.ID, h.school
	_, err = h.house.Identity.GrantRole(ctx, grant)
	h.must(err)
	link, err := h.house.Identity.SignInLink(ctx, person.ID)
	h.must(err)
	_, token, _ := strings.Cut(link, "#")
	_, cookies := h.ask("POST", "/api/v1/session/link", map[string]any{"token": token}, nil)
	return person.ID, h.cookie(cookies, identity.StaffCookie)
}

// enter lets a pupil in by the slip.
func (h *house) enter(pupil int) *http.Cookie {
	h.t.Helper()
	keys := h.secrets[pupil].Keys()
	_, cookies := h.ask("POST", "/api/v1/door/link", map[string]any{"auth": base64.RawURLEncoding.EncodeToString(keys.Auth[:])}, nil)
	return h.cookie(cookies, identity.SeatCookie)
}

func (h *house) cookie(all []*http.Cookie, name string) *http.Cookie {
	h.t.Helper()
	for _, c := range all {
		if c.Name == h.house.API.CookieName(name) && c.Value != "" {
			return c
		}
	}
	h.t.Fatalf("no %s cookie", name)
	return nil
}

// try sends a request; the answer's body goes to out when it is not nil.
func (h *house) try(method, path string, body any, out any, cookies ...*http.Cookie) (int, []*http.Cookie, string) {
	h.t.Helper()
	var content bytes.Buffer
	if body != nil {
		h.must(json.NewEncoder(&content).Encode(body))
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+path, &content)
	h.must(err)
	r.Header.Set("Content-Type", "application/json")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	answer, err := h.server.Client().Do(r)
	h.must(err)
	defer answer.Body.Close()
	var raw bytes.Buffer
	_, err = raw.ReadFrom(answer.Body)
	h.must(err)
	if out != nil && answer.StatusCode < 300 {
		if err := json.Unmarshal(raw.Bytes(), out); err != nil {
			h.t.Fatalf("%s %s: %v in %s", method, path, err, raw.String())
		}
	}
	return answer.StatusCode, answer.Cookies(), raw.String()
}

// ask is try for what must succeed.
func (h *house) ask(method, path string, body any, out any, cookies ...*http.Cookie) (int, []*http.Cookie) {
	h.t.Helper()
	status, set, text := h.try(method, path, body, out, cookies...)
	if status >= 300 {
		h.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	return status, set
}

func (h *house) lessons() string { return "/api/v1/schools/" + h.school + "/lessons" }

// openLesson opens a lesson of the group now.
func (h *house) openLesson() string {
	h.t.Helper()
	var made struct{ Lessons []string }
	h.ask("POST", h.lessons(), map[string]any{"groupId": h.group, "title": "6e B, mathématiques", "minutes": 55, "open": true}, &made, h.teacher)
	return made.Lessons[0]
}

func (h *house) options(path string, cookie *http.Cookie) lessonclient.Options {
	return lessonclient.Options{URL: strings.Replace(h.server.URL, "http", "ws", 1) + path, Header: http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}}}
}

func (h *house) liveOptions(lesson string, cookie *http.Cookie) lessonclient.Options {
	return h.options(h.lessons()+"/"+lesson+"/live", cookie)
}

// live connects somebody to a lesson.
func (h *house) live(lesson string, cookie *http.Cookie) *lessonclient.Client {
	h.t.Helper()
	return h.dial(h.liveOptions(lesson, cookie))
}

func (h *house) dial(o lessonclient.Options) *lessonclient.Client {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	c, err := lessonclient.Dial(ctx, o)
	if err != nil {
		h.t.Fatalf("dial: %v", err)
	}
	h.t.Cleanup(c.Close)
	return c
}

// patience bounds every wait; no test passes or fails by it alone.
const patience = 60 * time.Second

// do gives a command that must be carried out.
func do(t *testing.T, c *lessonclient.Client, command string, members map[string]any) map[string]any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	f, err := c.Do(ctx, command, members)
	if err != nil {
		t.Fatalf("%s %v: %v", command, members, err)
	}
	var out map[string]any
	if err := json.Unmarshal(f.Raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// refused gives a command that must be refused with that key.
func refused(t *testing.T, c *lessonclient.Client, key, command string, members map[string]any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, err := c.Do(ctx, command, members)
	if p, ok := err.(*lessonclient.Problem); !ok || p.Key != key {
		t.Errorf("%s %v: %v, want %s", command, members, err, key)
	}
}

func until(t *testing.T, c *lessonclient.Client, what string, ok func(v *lessonclient.View) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Until(ctx, ok); err != nil {
		c.Knows(func(v *lessonclient.View) bool {
			raw, _ := json.Marshal(v)
			t.Fatalf("%s: %v; known: %s", what, err, raw)
			return true
		})
	}
}

func bye(t *testing.T, c *lessonclient.Client, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if reason, err := c.Bye(ctx); err != nil || reason != want {
		t.Errorf("bye %q (%v), want %q", reason, err, want)
	}
}

func me(c *lessonclient.Client) (id string) {
	c.Knows(func(v *lessonclient.View) bool { id = v.Me; return true })
	return id
}

func attended(v *lessonclient.View) bool { return v.Lesson.Attended }

func hasMessage(text string) func(v *lessonclient.View) bool {
	return func(v *lessonclient.View) bool {
		for _, m := range v.Messages {
			if m.Text == text {
				return true
			}
		}
		return false
	}
}

func isHere(id string, here bool) func(v *lessonclient.View) bool {
	return func(v *lessonclient.View) bool { p := v.Person(id); return p != nil && p.Here == here }
}

// refusedAt connects somebody who must be refused with that status before the upgrade.
func (h *house) refusedAt(o lessonclient.Options, status int) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	c, err := lessonclient.Dial(ctx, o)
	if err == nil {
		c.Close()
	}
	if r, ok := err.(*lessonclient.Refusal); !ok || r.Status != status {
		h.t.Errorf("dial %s: %v, want status %d", o.URL, err, status)
	}
}

func text(i int) string { return fmt.Sprintf("message %d", i) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// anotherGroup makes a group without pupils.
func (h *house) anotherGroup() string {
	h.t.Helper()
	g, err := h.house.Roster.MakeGroup(h.t.Context(), h.school, roster.NewGroup{YearID: h.year, Name: "5e A", Kind: "class"})
	h.must(err)
	return g.ID
}
