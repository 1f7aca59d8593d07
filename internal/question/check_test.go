package question

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"preau/internal/qti"
)

func TestCheck(t *testing.T) {
	base := kinds()
	for _, c := range []struct {
		of     string
		change func(*Draft)
		field  string
		key    string
	}{
		{"choice", func(d *Draft) { d.Title = " " }, "title", "question.empty"},
		{"choice", func(d *Draft) { d.Title = strings.Repeat("é", maxTitle+1) }, "title", "question.long"},
		{"choice", func(d *Draft) { d.Title = "a\u202eb" }, "title", "question.unreadable"},
		{"choice", func(d *Draft) { d.Kind = "slider" }, "kind", "question.kind"},
		{"choice", func(d *Draft) { d.Language = "FR-fr" }, "language", "question.language"},
		{"choice", func(d *Draft) { d.Skill = "!!" }, "skill", "question.skill"},
		{"choice", func(d *Draft) { d.Points = 0 }, "points", "question.points"},
		{"choice", func(d *Draft) { d.Points = 1.1 }, "points", "question.points"},
		{"choice", func(d *Draft) { d.Ask = "" }, "ask", "question.empty"},
		{"choice", func(d *Draft) { d.Ask = "`3/4" }, "ask", "question.formula_open"},
		{"choice", func(d *Draft) { d.Ask = "`3/`" }, "ask", "journal.formula_lone"},
		{"choice", func(d *Draft) { d.Stem[1].Alt = "" }, "stem[1].alt", "question.empty"},
		{"choice", func(d *Draft) { d.Stem[1].File = "snd" }, "stem[1].file", "question.picture_missing"},
		{"choice", func(d *Draft) { d.Stem[2].File = "gone" }, "stem[2].file", "question.sound_missing"},
		{"choice", func(d *Draft) { d.Stem[2].Said = "" }, "stem[2].said", "question.empty"},
		{"choice", func(d *Draft) { d.Answers = d.Answers[:1] }, "answers", "question.count"},
		{"choice", func(d *Draft) { d.Answers[2].Text = "réponse  1" }, "answers[2].text", "question.twice"},
		{"choice", func(d *Draft) { d.Answers[0].Picture.Alt = "" }, "answers[0].picture.alt", "question.empty"},
		{"choice", func(d *Draft) { d.Answers[0].Right = true }, "right", "question.one_right"},
		{"several", func(d *Draft) { d.Answers[0].Right, d.Answers[1].Right = false, false }, "right", "question.some_right"},
		{"gap", func(d *Draft) { d.Text = "Le [1] et [2]." }, "text", "question.hole_missing"},
		{"gap", func(d *Draft) { d.Text = "Le [1], [2], [3] et [3]." }, "text", "question.hole_twice"},
		{"gap", func(d *Draft) { d.Text = "Le [1], [2], [3] et [4]." }, "text", "question.hole_unknown"},
		{"gap", func(d *Draft) { d.Gaps = nil }, "gaps", "question.gaps_count"},
		{"gap", func(d *Draft) { d.Gaps[0].Right = "`x`" }, "gaps[0].right", "question.no_formula"},
		{"gap", func(d *Draft) { d.Extra[0] = "CHAT" }, "extra[0]", "question.twice"},
		{"inline", func(d *Draft) { d.Gaps[1].Others = nil }, "gaps[1].others", "question.others_count"},
		{"inline", func(d *Draft) { d.Gaps[1].Others[0] = "A" }, "gaps[1].others[0]", "question.twice"},
		{"match", func(d *Draft) { d.Pairs[1].Left = "lyon `x`" }, "pairs[1].left", "question.twice"},
		{"match", func(d *Draft) { d.Pairs[1].Right, d.Extra = "rhône", nil }, "extra", "question.one_side"},
		{"match", func(d *Draft) { d.Pairs = d.Pairs[:1] }, "pairs", "question.count"},
		{"short", func(d *Draft) { d.Accepted = nil }, "accepted", "question.accepted_count"},
		{"number", func(d *Draft) { d.Accepted[0] = "0x12" }, "accepted[0]", "question.not_a_number"},
		{"number", func(d *Draft) { d.Accepted = []string{"1", "2"} }, "accepted", "question.one_number"},
		{"number", func(d *Draft) { d.Margin = -1 }, "margin", "question.margin"},
		{"long", func(d *Draft) { d.Lines = 41 }, "lines", "question.lines"},
		{"hotspot", func(d *Draft) { d.Picture = nil }, "picture", "question.picture_missing"},
		{"hotspot", func(d *Draft) { d.Areas = d.Areas[:1] }, "areas", "question.areas_count"},
		{"hotspot", func(d *Draft) { d.Areas[0].Wide = 95 }, "areas[0].place", "question.area_outside"},
		{"hotspot", func(d *Draft) { d.Areas[0].Right = false }, "right", "question.some_right"},
		{"hotspot", func(d *Draft) { d.Areas[1].Label = "" }, "areas[1].label", "question.empty"},
	} {
		d := copied(t, base[c.of].draft)
		c.change(&d)
		if found := d.Check(testFiles); !slices.ContainsFunc(found, func(p Problem) bool { return p.Field == c.field && p.Key == c.key }) {
			t.Errorf("%s: want %s at %s, got %v", c.of, c.key, c.field, found)
		}
	}
}

func copied(t testing.TB, d Draft) (out Draft) {
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSkill(t *testing.T) {
	for in, want := range map[string]string{"Calcul": "calcul", "Géométrie dans l’espace": "géométrie-dans-l-espace", " 3 fois ": "fois", "!!": "", "œuvre 2": "œuvre-2"} {
		if got := Skill(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzDraft: whatever Check lets through is an item that reads without error, is
// scored, and shown.
func FuzzDraft(f *testing.F) {
	for _, c := range kinds() {
		raw, err := json.Marshal(c.draft)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d Draft
		if json.Unmarshal(raw, &d) != nil || len(d.Check(testFiles)) > 0 {
			return
		}
		it := qti.ReadItem(qti.Source{Name: "q.xml"}, d.Item("q", testFiles))
		for _, found := range it.Findings {
			if found.Severity != qti.Note {
				t.Fatalf("%v\n%s", found, d.Item("q", testFiles))
			}
		}
		session, err := it.NewSession(1)
		if err != nil {
			t.Fatal(err)
		}
		session.View()
		if _, err := it.ScoreLine(qti.Line{}); err != nil {
			t.Fatal(err)
		}
	})
}
