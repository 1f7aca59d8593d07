package assessment_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"preau/internal/assessment"
	"preau/internal/qti"
	"preau/internal/store"
)

type taken struct {
	assessment.TurnTaken
	raw string // the view, as it came
}

// turn sends a turn of a question.
func (d *device) turn(item string, n int, data string) (taken, int) {
	d.h.t.Helper()
	var out struct {
		assessment.TurnTaken
		View json.RawMessage `json:"view"`
	}
	code := d.call("POST", "/sitting/turns", map[string]any{"item": item, "turn": n, "data": json.RawMessage(data)}, &out)
	got := taken{out.TurnTaken, string(out.View)}
	if len(out.View) > 0 {
		got.View = &assessment.TurnView{}
		if err := json.Unmarshal(out.View, got.View); err != nil {
			d.h.t.Fatal(err)
		}
	}
	return got, code
}

// A pupil takes an adaptive question by turns: help, a wrong choice, the right
// one, what follows from it. Each is answered with what the next shows, and the
// result is that of the whole way.
func TestTurns(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.give(packed(t, "testdata/turns", nil))
		d := h.come(0, 0)
		d.start()
		q, now := keyOf(t, d.stage().View, "sur un mur")
		if _, ok := d.stage().Turns[q]; !ok || len(d.stage().Turns) != 1 {
			t.Fatal("the stage does not say which question takes turns")
		}
		for n, step := range []struct {
			data        func() string
			shows, done string
		}{
			{func() string { return says(t, now, "sept") }, "Pas encore", ""},
			{func() string { return field(t, now, "endAttemptInteraction", "true") }, "deux parts égales", ""},
			{func() string { return says(t, now, "huit") }, "Et son double", ""},
			{func() string { return field(t, now, "textEntryInteraction", "16") }, "dont le double est seize", "done"},
		} {
			got, code := d.turn(q, n+1, step.data())
			if code != http.StatusOK || got.Late || got.View == nil || got.View.Turn != n+1 || got.View.Done != (step.done != "") {
				t.Fatalf("turn %d: %d, %+v", n+1, code, got)
			}
			if !strings.Contains(got.raw, step.shows) {
				t.Errorf("turn %d does not show %q: %s", n+1, step.shows, got.raw)
			}
			now = got.View.Public
		}
		if _, code := d.turn(q, 5, `{}`); code != http.StatusConflict {
			t.Errorf("a turn after the end of the question: %d", code)
		}
		h.restart()
		stand := d.stage().Turns[q]
		if stand.Turn != 4 || !stand.Done || encoded(t, stand.Public) != encoded(t, now) {
			t.Errorf("after a restart: %+v", stand)
		}
		r := h.result(0)
		if got := r.Items["deviner"]; got != (assessment.Score{Score: 2, Max: 3}) || !slices.Contains(r.Answered, "deviner") {
			t.Errorf("%+v, answered %v", got, r.Answered)
		}
		if line := h.line(0, 0); line.Answered != 1 || line.Late != 0 {
			t.Errorf("%+v", line)
		}
	})
}

// What is refused is not kept, and says why; what is late is kept, and counts
// only where nothing else does.
func TestTurnsRefusedAndLate(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.give(packed(t, "testdata/turns", nil))
		d := h.come(0, 0)
		if _, code := d.turn("q1", 1, `{}`); code != http.StatusConflict {
			t.Errorf("before the start: %d", code)
		}
		d.start()
		view := d.stage().View
		q, first := keyOf(t, view, "sur un mur")
		other, _ := keyOf(t, view, "barque")
		right := says(t, first, "huit")
		for name, c := range map[string]struct {
			item string
			n    int
			data string
			code int
		}{
			"a question without turns": {other, 1, `{"r1":["1 1"]}`, http.StatusBadRequest},
			"no such question":         {"q99", 1, right, http.StatusConflict},
			"a bad name":               {"deviner", 1, right, http.StatusBadRequest},
			"a turn ahead":             {q, 2, right, http.StatusConflict},
			"a turn too far":           {q, 51, right, http.StatusBadRequest},
			"no turn":                  {q, 0, right, http.StatusBadRequest},
			"a list":                   {q, 1, `["r1"]`, http.StatusBadRequest},
			"too much":                 {q, 1, `{"r1":"` + strings.Repeat("x", 40_000) + `"}`, http.StatusBadRequest},
		} {
			if _, code := d.turn(c.item, c.n, c.data); code != c.code && (c.code != http.StatusBadRequest || code != http.StatusUnprocessableEntity) {
				t.Errorf("%s: %d, not %d", name, code, c.code)
			}
		}
		if err := h.act(0, 0, assessment.Act{Act: "pause"}); err != nil {
			t.Fatal(err)
		}
		if _, code := d.turn(q, 1, right); code != http.StatusConflict {
			t.Errorf("in a pause: %d", code)
		}
		if err := h.act(0, 0, assessment.Act{Act: "resume"}); err != nil {
			t.Fatal(err)
		}
		if got := d.stage().Turns[q]; got.Turn != 0 {
			t.Fatalf("something refused was kept: %+v", got)
		}
		if err := h.act(0, 0, assessment.Act{Act: "finish"}); err != nil {
			t.Fatal(err)
		}
		got, code := d.turn(q, 1, right)
		if code != http.StatusOK || !got.Late || got.View != nil {
			t.Fatalf("after the end: %d, %+v", code, got)
		}
		if r := h.result(0); r.Items["deviner"].Score != 2 || h.line(0, 0).Late != 1 {
			t.Errorf("a late turn that is the only one: %+v", r.Items["deviner"])
		}
		if err := h.act(0, 0, assessment.Act{Act: "reopen", Minutes: 5}); err != nil {
			t.Fatal(err)
		}
		if got, code := d.turn(q, 1, says(t, first, "neuf")); code != http.StatusOK || got.Late || got.View.Turn != 1 {
			t.Fatalf("once it is opened again: %d, %+v", code, got)
		}
		if r := h.result(0); r.Items["deviner"].Score != 0 {
			t.Errorf("the late turn counts beside one in time: %+v", r.Items["deviner"])
		}
	})
}

// A device that takes the sitting over goes on from the turns that were taken;
// the one it replaces can add none.
func TestTurnsOnAnotherDevice(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.give(packed(t, "testdata/turns", nil))
		one := h.come(1, 0)
		one.start()
		q, first := keyOf(t, one.stage().View, "sur un mur")
		shown, _ := one.turn(q, 1, field(t, first, "endAttemptInteraction", "true"))
		two := h.come(1, 0)
		if _, code := two.turn(q, 2, `{}`); code != http.StatusConflict {
			t.Errorf("a device that asks: %d", code)
		}
		if _, code := two.turn(q, 1, `{}`); code != http.StatusConflict {
			t.Errorf("a device that asks was shown a turn: %d", code)
		}
		if err := h.act(1, 0, assessment.Act{Act: "admit"}); err != nil {
			t.Fatal(err)
		}
		if got := two.stage().Turns[q]; got.Turn != 1 || encoded(t, got.Public) != encoded(t, shown.View.Public) {
			t.Fatalf("%+v", got)
		}
		if got, code := one.turn(q, 2, says(t, shown.View.Public, "sept")); code != http.StatusOK || !got.Late || got.View != nil {
			t.Errorf("the first device: %d, %+v", code, got)
		}
		if got, code := two.turn(q, 2, says(t, shown.View.Public, "huit")); code != http.StatusOK || got.Late || got.View.Turn != 2 {
			t.Errorf("the second device: %d, %+v", code, got)
		}
		if r := h.result(1); r.Items["deviner"].Score != 1 {
			t.Errorf("%+v", r.Items["deviner"])
		}
	})
}

// Two pupils sat down with each other's slip: their turns go with their sittings,
// and go on there.
func TestTurnsExchanged(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", nil))
	a, b := h.come(0, 0), h.come(1, 0)
	a.start()
	b.start()
	q, first := keyOf(t, a.stage().View, "sur un mur")
	left, code := a.turn(q, 1, says(t, first, "huit"))
	if code != http.StatusOK {
		t.Fatal(code)
	}
	if err := h.house.Assess.Exchange(h.ctx(), h.school.SchoolID, h.all.ID, 0, h.seats[0].ID, h.seats[1].ID); err != nil {
		t.Fatal(err)
	}
	if r := h.result(1); r.Items["deviner"].Score != 2 || len(h.result(0).Answered) != 0 {
		t.Errorf("%+v", r.Items)
	}
	h.restart()
	if got := a.stage().Turns[q]; got.Turn != 1 || encoded(t, got) != encoded(t, *left.View) {
		t.Errorf("%+v", got)
	}
	if got, code := a.turn(q, 2, field(t, left.View.Public, "textEntryInteraction", "16")); code != http.StatusOK || !got.View.Done {
		t.Errorf("%d, %+v", code, got)
	}
	if r := h.result(1); r.Items["deviner"].Score != 3 {
		t.Errorf("%+v", r.Items)
	}
}

// A corrected version scores the same turns anew, also where by it the question
// would have ended sooner.
func TestTurnsRescored(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", nil))
	d := h.come(0, 0)
	d.start()
	q, now := keyOf(t, d.stage().View, "sur un mur")
	for n := range 3 {
		got, code := d.turn(q, n+1, says(t, now, "neuf"))
		if code != http.StatusOK || got.View.Done != (n == 2) {
			t.Fatalf("%d: %d, %+v", n, code, got)
		}
		now = got.View.Public
	}
	mended, err := h.house.Assess.ImportPackage(h.ctx(), h.school.SchoolID, h.school.HeadID, packed(t, "testdata/turns", func(name, text string) string {
		text = strings.Replace(text, "<qti-value>nombre-huit</qti-value>", "<qti-value>nombre-neuf</qti-value>", 1)
		return text
	}))
	if err != nil || mended.Package == nil {
		t.Fatal(err, mended.Findings)
	}
	if err := h.house.Assess.Rescore(h.ctx(), h.school.SchoolID, h.all.ID, mended.Package.ID, "Neuf était la clé."); err != nil {
		t.Fatal(err)
	}
	if r := h.result(0); r.Items["deviner"].Score != 2 {
		t.Errorf("%+v", r.Items["deviner"])
	}
	before, err := h.house.Assess.ResultsOf(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, true)
	if err != nil || before.Seats[0].Items["deviner"].Score != 0 {
		t.Errorf("%+v, %v", before.Seats[0].Items["deviner"], err)
	}
}

// No answer to a turn holds the key, what a later turn shows, or an author's name.
func TestTurnsTellNoKey(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", nil))
	for seat, way := range [][]string{{"sept", "neuf", "sept"}, {"indice", "neuf", "huit", "=9"}} {
		d := h.come(seat, 0)
		d.start()
		stage := d.stage()
		q, now := keyOf(t, stage.View, "sur un mur")
		shown := []string{encoded(t, stage)}
		for n, word := range way {
			data := ""
			switch {
			case word == "indice":
				data = field(t, now, "endAttemptInteraction", "true")
			case word[0] == '=':
				data = field(t, now, "textEntryInteraction", word[1:])
			default:
				data = says(t, now, word)
			}
			got, code := d.turn(q, n+1, data)
			if code != http.StatusOK {
				t.Fatal(n, code)
			}
			shown = append(shown, got.raw)
			now = got.View.Public
		}
		for n, text := range shown {
			for _, telling := range []string{"nombre-", "correct", "NOMBRE", "DOUBLE", "INDICE", "ETAPE", "SCORE", "ESSAIS", "outcome", "normal-maximum", "completed"} {
				if strings.Contains(text, telling) {
					t.Errorf("%v, turn %d tells %q", way, n, telling)
				}
			}
			over := n == len(way)
			for later, from := range map[string]bool{"dont le double est seize": over, "deux parts égales": seat == 1 && n > 0, "Et son double": seat == 1 && n == 3} {
				if strings.Contains(text, later) != from {
					t.Errorf("%v, turn %d: %q shown, or not", way, n, later)
				}
			}
		}
	}
}

// Turns come again, twice at once, too soon, with another content, and the
// server stops in between. Whatever the order: the same turn has the same answer,
// nothing acknowledged is lost, and the score is that of the first of each.
func TestTurnsInAnyOrder(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		pkg := h.give(packed(t, "testdata/turns", nil))
		item := qti.ReadItem(qti.Source{Name: "deviner.xml"}, []byte(read(t, "testdata/turns/deviner.xml")))
		rounds := 0
		rapid.Check(t, func(r *rapid.T) {
			if rounds++; rounds > 25 {
				return // a campaign each
			}
			h.again(pkg)
			d := h.come(0, 0)
			d.start()
			q, now := keyOf(t, d.stage().View, "sur un mur")
			var answers []string // first answer to each turn
			shown := ""
			var kept []qti.Attempt
			done := false
			for range rapid.IntRange(1, 14).Draw(r, "steps") {
				data, attempt := drawn(r, now)
				switch act := rapid.SampledFrom([]string{"turn", "turn", "turn", "again", "twice", "ahead", "restart", "reload"}).Draw(r, "act"); act {
				case "restart":
					h.restart()
				case "reload":
					if got := d.stage().Turns[q]; got.Turn != len(answers) || len(answers) > 0 && encoded(t, got) != shown {
						r.Fatalf("a reload shows turn %d of %d", got.Turn, len(answers))
					}
				case "again":
					if len(answers) == 0 {
						continue
					}
					n := rapid.IntRange(1, len(answers)).Draw(r, "which")
					if got, code := d.turn(q, n, data); code != http.StatusOK || got.raw != answers[n-1] {
						r.Fatalf("turn %d again: %d, %s\nthen %s", n, code, got.raw, answers[n-1])
					}
				case "ahead":
					if _, code := d.turn(q, len(answers)+2, data); code != http.StatusConflict {
						r.Fatalf("turn %d after %d: %d", len(answers)+2, len(answers), code)
					}
				default:
					n := len(answers) + 1
					got, code := taken{}, 0
					if act == "twice" {
						var wg sync.WaitGroup
						var all [3]taken
						var codes [3]int
						for i := range all {
							wg.Go(func() { all[i], codes[i] = d.turn(q, n, data) })
						}
						wg.Wait()
						if all[0].raw != all[1].raw || all[1].raw != all[2].raw || codes[0] != codes[1] || codes[1] != codes[2] {
							r.Fatalf("turn %d three times at once: %v, %v", n, codes, all)
						}
						got, code = all[0], codes[0]
					} else {
						got, code = d.turn(q, n, data)
					}
					if done {
						if code != http.StatusConflict {
							r.Fatalf("a turn after the end: %d", code)
						}
						continue
					}
					if code != http.StatusOK || got.View == nil || got.View.Turn != n {
						r.Fatalf("turn %d: %d, %+v", n, code, got)
					}
					answers, shown = append(answers, got.raw), encoded(t, *got.View)
					kept = append(kept, attempt)
					now, done = got.View.Public, got.View.Done
				}
			}
			want, err := item.Score(1, kept...)
			if err != nil {
				r.Fatal(err)
			}
			score, _ := want.Outcome("SCORE")
			got := h.result(0)
			if got.Items["deviner"].Score != score.List[0].X || slices.Contains(got.Answered, "deviner") != (len(kept) > 0) {
				r.Fatalf("%+v after %d turns, not %v", got.Items["deviner"], len(kept), score.JSON())
			}
		})
	})
}

// drawn is something that the question's present state lets one answer, as the
// browser says it and as the author's item does.
func drawn(r *rapid.T, now *qti.Public) (string, qti.Attempt) {
	attempt := func(name string, raw any, v *qti.Variable) qti.Attempt {
		value, _ := qti.ResponseFrom(v, raw)
		return qti.Attempt{Responses: map[string]qti.Value{name: value}}
	}
	ways := map[string]func() (string, qti.Attempt){}
	for _, word := range []string{"sept", "huit", "neuf"} {
		ways[word] = func() (string, qti.Attempt) {
			return says(r, now, word), attempt("NOMBRE", "nombre-"+word, &qti.Variable{Type: qti.Identifier})
		}
	}
	if len(nodes(now.Body, "endAttemptInteraction")) > 0 {
		ways["help"] = func() (string, qti.Attempt) {
			return field(r, now, "endAttemptInteraction", "true"), attempt("INDICE", "true", &qti.Variable{Type: qti.Boolean})
		}
	}
	if len(nodes(now.Body, "textEntryInteraction")) > 0 {
		for _, n := range []string{"16", "15"} {
			ways[n] = func() (string, qti.Attempt) {
				return field(r, now, "textEntryInteraction", n), attempt("DOUBLE", n, &qti.Variable{Type: qti.Integer})
			}
		}
	}
	return ways[rapid.SampledFrom(slices.Sorted(maps.Keys(ways))).Draw(r, "answer")]()
}
