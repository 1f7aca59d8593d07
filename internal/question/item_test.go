package question

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"preau/internal/qti"
)

func testFiles(id string) (File, bool) {
	switch id {
	case "pic":
		return File{ID: "pic", MediaType: "image/png", Width: 400, Height: 200}, true
	case "snd":
		return File{ID: "snd", MediaType: "audio/mpeg"}, true
	}
	return File{}, false
}

func started(kind string) Draft {
	return Draft{Kind: kind, Title: "Une question", Skill: "calcul", Points: 2, Ask: "Combien font `3/4` + 1 ?", Stem: []Block{
		{Kind: "text", Text: "Regarde & écoute <bien>.\n\nDeux lignes."},
		{Kind: "picture", File: "pic", Alt: "Une règle \"graduée\""},
		{Kind: "sound", File: "snd", Said: "Une voix compte."},
		{Kind: "sound", File: "snd", Said: "Une voix dit deux.", Shown: true},
	}, WhenRight: "C’est juste.", WhenWrong: "Relis `x^2`."}
}

// kinds is a draft of each kind, with answers and what each is worth.
func kinds() map[string]struct {
	draft  Draft
	scores map[string]float64
} {
	out := map[string]struct {
		draft  Draft
		scores map[string]float64
	}{}
	add := func(label, kind string, change func(*Draft), scores map[string]float64) {
		d := started(kind)
		change(&d)
		out[label] = struct {
			draft  Draft
			scores map[string]float64
		}{d, scores}
	}
	answers := func(right ...bool) (list []Answer) {
		for i, r := range right {
			list = append(list, Answer{Text: "Réponse " + name("", i), Right: r})
		}
		list[0].Picture = &Picture{"pic", "Un carré"}
		return list
	}
	add("choice", Choice, func(d *Draft) { d.Answers = answers(false, true, false) }, map[string]float64{
		`{"RESPONSE":"A2"}`: 2, `{"RESPONSE":"A1"}`: 0, `{}`: 0,
	})
	add("several", Several, func(d *Draft) { d.Answers = answers(true, true, false) }, map[string]float64{
		`{"RESPONSE":["A2","A1"]}`: 2, `{"RESPONSE":["A1"]}`: 0, `{"RESPONSE":["A1","A2","A3"]}`: 0,
	})
	add("several in parts", Several, func(d *Draft) { d.Answers, d.Partial = answers(true, true, false), true }, map[string]float64{
		`{"RESPONSE":["A1","A2"]}`: 2, `{"RESPONSE":["A1"]}`: 1, `{"RESPONSE":["A1","A2","A3"]}`: 1, `{"RESPONSE":["A3"]}`: 0, `{}`: 0,
	})
	add("order", Order, func(d *Draft) { d.Answers = answers(false, false, false) }, map[string]float64{
		`{"RESPONSE":["A1","A2","A3"]}`: 2, `{"RESPONSE":["A1","A3","A2"]}`: 0,
	})
	add("order in parts", Order, func(d *Draft) { d.Answers, d.Partial, d.Points = answers(false, false, false, false), true, 4 }, map[string]float64{
		`{"RESPONSE":["A1","A2","A3","A4"]}`: 4, `{"RESPONSE":["A1","A3","A2","A4"]}`: 2, `{}`: 0,
	})
	gaps := func(d *Draft) {
		d.Text = "Le [1] dort.\nLa [2] chante, le [3] aussi."
		d.Gaps = []Hole{{Right: "chat"}, {Right: "poule"}, {Right: "Chat"}}
		d.Extra = []string{"loup"}
	}
	add("gap", Gap, gaps, map[string]float64{
		`{"RESPONSE":["W1 G1","W2 G2","W1 G3"]}`: 2, `{"RESPONSE":["W1 G1","W2 G2"]}`: 0,
	})
	add("gap in parts", Gap, func(d *Draft) { gaps(d); d.Partial, d.Points = true, 3 }, map[string]float64{
		`{"RESPONSE":["W1 G1","W2 G2","W1 G3"]}`: 3, `{"RESPONSE":["W1 G1","W2 G2","W3 G3"]}`: 2,
	})
	inline := func(d *Draft) {
		d.Text = "Il [1] grand, et `x_1` [2] petit."
		d.Gaps = []Hole{{Right: "est", Others: []string{"et", "ait"}}, {Right: "a", Others: []string{"à"}}}
	}
	add("inline", Inline, inline, map[string]float64{`{"RESPONSE_1":"A1","RESPONSE_2":"A1"}`: 2, `{"RESPONSE_1":"A1","RESPONSE_2":"A2"}`: 0})
	add("inline in parts", Inline, func(d *Draft) { inline(d); d.Partial = true }, map[string]float64{`{"RESPONSE_1":"A1","RESPONSE_2":"A1"}`: 2, `{"RESPONSE_1":"A1","RESPONSE_2":"A2"}`: 1, `{}`: 0})
	pairs := func(d *Draft) {
		d.Pairs = []Pair{{"Lyon `x`", "Rhône"}, {"Paris", "Seine"}, {"Avignon", "Rhône"}}
		d.Extra = []string{"Loire"}
	}
	add("match", Match, pairs, map[string]float64{`{"RESPONSE":["G1 D1","G2 D2","G3 D1"]}`: 2, `{"RESPONSE":["G1 D1","G2 D3","G3 D1"]}`: 0})
	add("match in parts", Match, func(d *Draft) { pairs(d); d.Partial, d.Points = true, 3 }, map[string]float64{`{"RESPONSE":["G1 D1","G2 D3","G3 D1"]}`: 2})
	add("short", Short, func(d *Draft) { d.Accepted, d.Before, d.After = []string{"Un chêne", "le chêne"}, "C’est", "." }, map[string]float64{
		`{"RESPONSE":"un CHÊNE"}`: 2, `{"RESPONSE":"le chêne"}`: 2, `{"RESPONSE":"chêne"}`: 0, `{}`: 0,
	})
	add("short exact", Short, func(d *Draft) { d.Accepted, d.Exact = []string{"Paris"}, true }, map[string]float64{`{"RESPONSE":"Paris"}`: 2, `{"RESPONSE":"paris"}`: 0})
	add("number", Short, func(d *Draft) { d.Accepted, d.Number, d.Margin = []string{"1 234,5"}, true, 0.5 }, map[string]float64{
		`{"RESPONSE":1234.5}`: 2, `{"RESPONSE":1235}`: 2, `{"RESPONSE":1236}`: 0, `{}`: 0,
	})
	add("long", Long, func(d *Draft) { d.Guide = "Deux idées." }, map[string]float64{`{"RESPONSE":"Il était une fois."}`: 0})
	areas := func(d *Draft) {
		d.Picture = &Picture{"pic", "Une carte"}
		d.Areas = []Area{{Label: "Nord", Left: 10, Top: 10, Wide: 20, High: 20, Right: true}, {Label: "Sud", Round: true, Left: 50, Top: 50, Wide: 10}}
	}
	add("hotspot", Hotspot, areas, map[string]float64{`{"RESPONSE":"Z1"}`: 2, `{"RESPONSE":"Z2"}`: 0})
	add("hotspots", Hotspot, func(d *Draft) { areas(d); d.Areas[1].Right = true }, map[string]float64{`{"RESPONSE":["Z2","Z1"]}`: 2, `{"RESPONSE":["Z1"]}`: 0})
	return out
}

func TestKinds(t *testing.T) {
	met := map[string]bool{}
	for label, c := range kinds() {
		t.Run(label, func(t *testing.T) {
			met[c.draft.Kind] = true
			if found := c.draft.Check(testFiles); len(found) > 0 {
				t.Fatal(found)
			}
			source := c.draft.Item("q-1", testFiles)
			it := qti.ReadItem(qti.Source{Name: "q-1.xml"}, source)
			for _, f := range it.Findings {
				t.Errorf("%s:%d %s %v\n%s", f.Severity, f.Line, f.Key, f.Args, source)
			}
			if most, ok := it.MaxScore(); !ok || most != c.draft.Points {
				t.Error("points", most, ok)
			}
			for answers, want := range c.scores {
				line, err := qti.ReadLine([]byte(`{"responses":` + answers + `}`))
				if err != nil {
					t.Fatal(err)
				}
				got, err := it.ScoreLine(line)
				if err != nil {
					t.Fatal(answers, err)
				}
				if score, _ := got.Outcome("SCORE"); len(score.List) != 1 || score.List[0].X != want {
					t.Errorf("%s: %v, want %v\n%s", answers, score.List, want, source)
				}
				if said := strings.Join(got.Feedback, ","); c.draft.Kind != Long && said != map[bool]string{true: "right", false: "wrong"}[want == c.draft.Points] {
					t.Error(answers, said)
				}
			}
			redacted(t, it, c.draft)
		})
	}
	for _, kind := range Kinds() {
		if !met[kind] {
			t.Error("no draft of kind", kind)
		}
	}
}

// redacted holds that what a browser is given does not have what only an adult
// should see.
func redacted(t *testing.T, it *qti.Item, d Draft) {
	session, err := it.NewSession(3)
	if err != nil {
		t.Fatal(err)
	}
	public, key := session.View()
	raw, err := json.Marshal(public)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{"juste", "Deux idées", "Une voix compte", "media/"}
	if d.Kind == Short {
		secrets = append(secrets, d.Accepted...)
	}
	for _, secret := range secrets {
		if bytes.Contains(raw, []byte(secret)) {
			t.Errorf("%q is shown: %s", secret, raw)
		}
	}
	for _, shown := range []string{"Une voix dit deux", "math:mfrac", "Regarde \\u0026 écoute \\u003cbien\\u003e"} {
		if !bytes.Contains(raw, []byte(shown)) {
			t.Errorf("%q is not shown: %s", shown, raw)
		}
	}
	if len(key.Assets) < 2 {
		t.Error("files", key.Assets)
	}
}
