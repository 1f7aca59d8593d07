package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"preau/internal/config"
	"preau/internal/demo"
	"preau/internal/identity"
	"preau/internal/identity/identitytest"
	"preau/internal/roster"
	"preau/internal/schedule"
)

// client stands for the built web client.
func client() fs.FS {
	return fstest.MapFS{
		"index.html":       {Data: []byte(`<html lang="fr"><meta nonce="__NONCE__"></html>`)},
		"assets/main-1.js": {Data: []byte("1")}, "pictures/fox.svg": {Data: []byte("<svg/>")}, "favicon.svg": {Data: []byte("<svg/>")},
	}
}

// house opens a house with the demonstration school, and gives what it logs.
func house(t *testing.T) (*House, demo.School, *bytes.Buffer) {
	t.Helper()
	cfg, err := config.Load(config.Input{Flags: map[string]string{"data-dir": t.TempDir(), "media-udp-port": "0", "media-tcp-port": "0"}})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	h, err := Open(t.Context(), Options{Config: cfg, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), Version: "test", Dist: client()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	school, err := demo.Make(t.Context(), h.Identity, h.Roster, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Lessons(t.Context(), h.Lesson, &school, time.Now()); err != nil {
		t.Fatal(err)
	}
	return h, school, &log
}

// ask sends one request and gives the answer.
func ask(t *testing.T, h *House, method, path string, body any, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	t.Helper()
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, path, &content)
	r.Host = h.Config.Host()
	r.Header.Set("Content-Type", "application/json")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, r)
	return w
}

func cookie(t *testing.T, h *House, w *httptest.ResponseRecorder, name string) *http.Cookie {
	t.Helper()
	for _, c := range w.Result().Cookies() {
		if c.Name == h.API.CookieName(name) && c.Value != "" {
			return c
		}
	}
	t.Fatalf("no %s cookie: %d %s", name, w.Code, w.Body)
	return nil
}

func signIn(t *testing.T, h *House, staff string) *http.Cookie {
	t.Helper()
	link, err := h.Identity.SignInLink(context.Background(), staff)
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(link, "#")
	return cookie(t, h, ask(t, h, "POST", "/api/v1/session/link", map[string]any{"token": token}), identity.StaffCookie)
}

func auth(secret demo.SeatSecret) string {
	keys := secret.Keys()
	return base64.RawURLEncoding.EncodeToString(keys.Auth[:])
}

// TestAuthorisationTable holds every route of the whole house against the
// table that people read, testdata/authorisation.txt.
func TestAuthorisationTable(t *testing.T) {
	h, school, _ := house(t)
	other, err := h.Identity.CreateSchool(t.Context(), identity.SchoolInput{
		Name: "École voisine", Kind: "ecole", Zone: "Europe/Paris", ControllerName: "DASEN", ControllerRole: "DASEN", ControllerContact: "dasen@voisine.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	year, err := h.Roster.OpenYear(t.Context(), other.ID, roster.NewYear{Label: "2026", StartsOn: "2026-09-01", EndsOn: "2027-07-05"})
	if err != nil {
		t.Fatal(err)
	}
	secret := demo.NewSeatSecret()
	keys := secret.Keys()
	hash := keys.AuthHash()
	const theirs = "0f8fad5b-d9cb-469f-a165-70867728950e"
	if _, err := h.Roster.Import(t.Context(), other.ID, "", roster.Import{ID: "7c9e6679-7425-40de-944b-e07fc1f90ae7", YearID: year.ID, Seats: []roster.ImportSeat{
		{ID: theirs, Number: 1, Pseudonym: "Renard rieur", Picture: "fox", AuthHash: base64.RawURLEncoding.EncodeToString(hash[:]), SeatCode: keys.Code},
	}}); err != nil {
		t.Fatal(err)
	}
	person, err := h.Identity.CreateStaff(t.Context(), identity.StaffInput{Name: "Sacha Voisin", Email: "sacha@voisine.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range identity.Roles() {
		g := identity.GrantInput{StaffID: person.ID, Role: role, Scope: identity.OverSchool, ScopeID: other.ID, SchoolID: other.ID}
		switch role {
		case identity.Substitute:
			g.Until = time.Now().AddDate(0, 1, 0).UnixMilli()
		case identity.Assistant:
			g.Scope, g.ScopeID, g.SeatIDs = identity.OverSeats, "", []string{theirs}
		}
		if _, err := h.Identity.GrantRole(t.Context(), g); err != nil {
			t.Fatalf("%s: %v", role, err)
		}
	}
	seats, _, err := h.Roster.Seats(t.Context(), school.SchoolID, roster.SeatFilter{Limit: 1}, identity.Reach{All: true})
	if err != nil || len(seats) != 1 {
		t.Fatal(seats, err)
	}
	own, err := h.Roster.Locate(t.Context(), identity.Place{School: school.SchoolID, Group: school.GroupID, Seat: seats[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	entered := ask(t, h, "POST", "/api/v1/door/link", map[string]any{"auth": auth(secret)})
	identitytest.Table(t, identitytest.House{
		Gate: h.Gate, Handler: h.API.Handler(), Own: own, Other: other.ID, Now: time.Now().UnixMilli(),
		Staff: signIn(t, h, person.ID).Value, Seat: cookie(t, h, entered, identity.SeatCookie).Value,
	}, "testdata/authorisation.txt")
}

func TestPagesAndFiles(t *testing.T) {
	h, _, _ := house(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/", 200}, {"GET", "/p", 200}, {"GET", "/groupes/abc/fiches", 200}, {"GET", "/etablissement/personnel", 200},
		{"GET", "/assets/main-1.js", 200}, {"GET", "/pictures/fox.svg", 200}, {"GET", "/favicon.svg", 200},
		{"GET", "/index.html", 404}, {"GET", "/nowhere", 404}, {"GET", "/api/v1/nowhere", 404}, {"POST", "/nowhere", 404},
		{"GET", "/openapi.json", 200}, {"GET", "/openapi.yaml", 404}, {"GET", "/docs", 404}, {"GET", "/healthz", 200}, {"GET", "/readyz", 200},
	} {
		if w := ask(t, h, c.method, c.path, nil); w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.status)
		}
	}
}

// TestLogsHoldNothingOfAnybody goes through the main gestures, right and wrong,
// and reads the log for what it may not hold.
func TestLogsHoldNothingOfAnybody(t *testing.T) {
	h, school, log := house(t)
	if _, err := h.Roster.OpenDoor(t.Context(), school.SchoolID, school.GroupID, 30); err != nil {
		t.Fatal(err)
	}
	secret, err := demo.ParseSeatSecret(school.Secrets[0])
	if err != nil {
		t.Fatal(err)
	}
	teacher := signIn(t, h, school.Teacher)
	ask(t, h, "POST", "/api/v1/door/link", map[string]any{"auth": auth(secret)})
	ask(t, h, "POST", "/api/v1/door/code", map[string]any{"code": school.Code})
	ask(t, h, "POST", "/api/v1/door/code", map[string]any{"code": "ZZZZ-" + school.Code[5:]})
	ask(t, h, "POST", "/api/v1/session", map[string]any{"email": "camille.martin@platanes.example", "password": "loutre-bavarde-9"})
	ask(t, h, "GET", "/api/v1/schools/"+school.SchoolID+"/groups/"+school.GroupID, nil, teacher)
	ask(t, h, "GET", "/api/v1/schools/"+school.SchoolID+"/names/records", nil, teacher)
	ask(t, h, "POST", "/api/v1/session/link", map[string]any{"token": "jeton-inconnu"})
	for _, banned := range []string{
		"Martin", "camille", "Abadie", "Amina", "Loutre", "loutre-bavarde", "jeton-inconnu",
		school.Secrets[0], auth(secret), school.Code, school.Code[5:], school.Phrase, teacher.Value,
	} {
		if strings.Contains(log.String(), banned) {
			t.Errorf("the log holds %q", banned)
		}
	}
}

func TestDailyWorkIsQueuedAtStart(t *testing.T) {
	h, _, _ := house(t)
	ctx, stop := context.WithCancel(t.Context())
	worked := make(chan struct{})
	go func() { h.Work(ctx); close(worked) }()
	defer func() { stop(); <-worked }()
	queued := 0
	for range 1000 {
		if err := h.DB.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM job WHERE kind = $1 AND run_at > $2", schedule.SweepJob, h.DB.Now()).Scan(&queued); err != nil {
			t.Fatal(err)
		}
		if queued == 1 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d sweeps of files queued", queued)
}
