package demo_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/internal/demo"
	"preau/internal/journal"
)

// The journal that comes with the demonstration reads well: each piece shows,
// each brief cites what it is about, each claim of the press review has an
// address, and nothing of it is taken for the work of a real person.
func TestDemonstrationJournal(t *testing.T) {
	h := newHouse(t)
	made, err := demo.Journal(t.Context(), h.house.Journal, h.house.Roster, &h.school, time.Now())
	if err != nil || !made {
		t.Fatalf("%v, %v", made, err)
	}
	if again, err := demo.Journal(t.Context(), h.house.Journal, h.house.Roster, &h.school, time.Now()); err != nil || again {
		t.Errorf("made twice: %v, %v", again, err)
	}
	pieces := 0
	briefs := 0
	rows, err := h.house.DB.Reader().QueryContext(t.Context(), "SELECT p.slug, p.kind, r.about FROM journal_piece p JOIN journal_revision r ON r.id = p.live_id WHERE p.status = 'published'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var slug, kind, raw string
		var about journal.About
		if err := rows.Scan(&slug, &kind, &raw); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(raw), &about); err != nil {
			t.Fatal(err)
		}
		pieces++
		if kind == "brief" {
			briefs++
			if about.Cited.URL == "" || about.Cited.Quote == "" {
				t.Errorf("%s cites no address or no words", slug)
			}
		}
		page := h.get("/journal/la-cour/article/" + slug)
		for _, wrong := range []string{"example.com", " ?", " !", " :", "« ", " »"} {
			if strings.Contains(page, wrong) {
				t.Errorf("%s: %q", slug, wrong)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if pieces < 12 || briefs < 4 {
		t.Errorf("%d pieces, %d briefs", pieces, briefs)
	}
	front := h.get("/journal/la-cour")
	for _, want := range []string{"Quel âge ont nos platanes", "Un syndicat saisit la CNIL", "Portes ouvertes", "Revue de presse"} {
		if !strings.Contains(front, want) {
			t.Errorf("the front page misses %q", want)
		}
	}
	if strings.Contains(front, "Dix minutes de plus") {
		t.Error("what waits for a review shows")
	}
}

func (h *house) get(path string) string {
	h.t.Helper()
	ask, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.server.URL+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	ask.Header.Set("Accept-Language", "fr")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		h.t.Fatalf("%s answers %d, %v", path, answer.StatusCode, err)
	}
	return string(body)
}
