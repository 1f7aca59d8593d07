package demo

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"preau/internal/qti"
)

func demoTest(t *testing.T) (*qti.Package, *qti.Test) {
	t.Helper()
	data, err := TestPackage()
	if err != nil {
		t.Fatal(err)
	}
	p := qti.ReadPackage("demo.zip", bytes.NewReader(data), int64(len(data)))
	if p.Findings.Failed() || len(p.Tests) != 1 {
		t.Fatalf("%d tests, %v", len(p.Tests), p.Findings)
	}
	return p, p.Tests[0]
}

// The key of each question gives all its points, and no answer gives none.
func TestDemonstrationKeys(t *testing.T) {
	_, test := demoTest(t)
	refs := test.Items()
	if len(refs) < 40 {
		t.Errorf("%d questions", len(refs))
	}
	kinds := map[string]bool{}
	for _, ref := range refs {
		session, err := ref.Item.NewSession(3)
		if err != nil {
			t.Fatalf("%s: %v", ref.Identifier, err)
		}
		none, err := session.Attempt(qti.Attempt{})
		if err != nil {
			t.Fatal(err)
		}
		if score(none) != 0 {
			t.Errorf("%s: no answer gives %v", ref.Identifier, score(none))
		}
		right, err := session.Attempt(qti.Attempt{Responses: map[string]qti.Value{"RESPONSE": session.Correct("RESPONSE")}})
		if err != nil {
			t.Fatal(err)
		}
		most, known := ref.Item.MaxScore()
		if !known || score(right) != most {
			t.Errorf("%s: its key gives %v of %v", ref.Identifier, score(right), most)
		}
		for _, i := range ref.Item.Interactions {
			kinds[i.Kind] = true
		}
	}
	if len(kinds) < 10 {
		t.Errorf("%d kinds of interaction: %v", len(kinds), kinds)
	}
}

func score(r *qti.Result) float64 {
	v, _ := r.Outcome("SCORE")
	if len(v.List) == 0 {
		return 0
	}
	return v.List[0].X
}

// Nothing that a browser is given names the author's identifiers or files.
func TestDemonstrationTellsNothing(t *testing.T) {
	_, test := demoTest(t)
	for _, ref := range test.Items() {
		session, err := ref.Item.NewSession(9)
		if err != nil {
			t.Fatal(err)
		}
		public, _ := session.View()
		raw, err := json.Marshal(public)
		if err != nil {
			t.Fatal(err)
		}
		for _, telling := range []string{"RESPONSE", "media/", ref.Identifier, "correct"} {
			if strings.Contains(string(raw), telling) {
				t.Errorf("%s: the public part holds %q", ref.Identifier, telling)
			}
		}
	}
}
