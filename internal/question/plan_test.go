package question

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preau/internal/qti"
)

func TestPackages(t *testing.T) {
	contents := func(id string) ([]byte, error) { return []byte("content of " + id), nil }
	plan := TestPlan{Title: "Un test & son titre", Sections: []TestSection{{Title: "Calcul"}, {Title: "Le reste", Shuffle: true}}}
	var chosen []Chosen
	labels := make([]string, 0, 20)
	all := kinds()
	for label := range all {
		labels = append(labels, label)
	}
	slices.Sort(labels)
	for i, label := range labels {
		pick := TestPick{Question: fmt.Sprintf("id-%d", i), Version: 1}
		if i == 0 {
			pick.Points = 5
		}
		section := &plan.Sections[min(1, i/4)]
		section.Picks = append(section.Picks, pick)
		chosen = append(chosen, Chosen{pick, all[label].draft})
	}
	if found := plan.Check(); len(found) > 0 {
		t.Fatal(found)
	}
	data, err := TestPackage("a-b", plan, chosen, testFiles, contents)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "test.zip")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range qti.CheckFile(file) {
		t.Error(f)
	}
	read := qti.ReadPackage("test.zip", bytes.NewReader(data), int64(len(data)))
	if len(read.Tests) != 1 || len(read.Items) != len(labels) {
		t.Fatal(len(read.Tests), len(read.Items))
	}
	test := read.Tests[0]
	for _, f := range test.Findings {
		t.Error(f)
	}
	refs := test.Items()
	if len(test.Parts) != 2 || len(refs) != len(labels) || refs[0].Identifier != "q-id0" || !slices.Equal(refs[0].Categories, []string{"calcul"}) {
		t.Error(test.Parts, refs[0])
	}
	if most, _ := refs[0].Item.MaxScore(); most != 5 {
		t.Error("points of the test:", most)
	}
	again, err := TestPackage("a-b", plan, chosen, testFiles, contents)
	if err != nil || !bytes.Equal(data, again) {
		t.Error("not the same twice", err)
	}
	one, err := ItemPackage("id-1", chosen[1].Draft, testFiles, contents)
	if err != nil {
		t.Fatal(err)
	}
	alone := qti.ReadPackage("item.zip", bytes.NewReader(one), int64(len(one)))
	if len(alone.Items) != 1 || len(alone.Tests) != 0 || alone.Findings.Failed() {
		t.Error(alone.Findings)
	}
}

func TestPlanCheck(t *testing.T) {
	sound := func() TestPlan {
		return TestPlan{Title: "T", Sections: []TestSection{{Title: "A", Picks: []TestPick{{Question: "a", Version: 1}, {Question: "b", Version: 1}}}}}
	}
	for _, c := range []struct {
		change func(*TestPlan)
		field  string
	}{
		{func(p *TestPlan) { p.Title = "" }, "title"},
		{func(p *TestPlan) { p.Sections = nil }, "sections"},
		{func(p *TestPlan) { p.Sections[0].Title = "" }, "sections[0].title"},
		{func(p *TestPlan) { p.Sections[0].Picks = nil }, "sections[0].picks"},
		{func(p *TestPlan) { p.Sections[0].Picks[1].Question = "a" }, "sections[0].picks[1]"},
		{func(p *TestPlan) { p.Sections[0].Picks[1].Points = 0.3 }, "sections[0].picks[1].points"},
		{func(p *TestPlan) {
			for i := range MaxPicks {
				p.Sections[0].Picks = append(p.Sections[0].Picks, TestPick{Question: fmt.Sprint(i), Version: 1})
			}
		}, "sections"},
	} {
		p := sound()
		c.change(&p)
		if found := p.Check(); !slices.ContainsFunc(found, func(one Problem) bool { return one.Field == c.field }) {
			t.Errorf("%s: %v", c.field, found)
		}
	}
}

func TestDraw(t *testing.T) {
	var bank []Candidate
	for i := range 30 {
		skill := "Calcul"
		if i%3 == 0 {
			skill = "géométrie"
		}
		bank = append(bank, Candidate{ID: fmt.Sprint("q", i), Kind: Choice, Skill: skill, Version: 1})
	}
	lines := []BlueprintLine{{Count: 5, Skill: "calcul"}, {Count: 3, Skill: "Géométrie", Kind: Choice}, {Count: 4}}
	first, found := Draw(lines, "graine", bank)
	if len(found) > 0 || len(first) != 3 || len(first[0]) != 5 || len(first[1]) != 3 || len(first[2]) != 4 {
		t.Fatal(first, found)
	}
	slices.Reverse(bank)
	again, _ := Draw(lines, "graine", bank)
	other, _ := Draw(lines, "autre", bank)
	if fmt.Sprint(first) != fmt.Sprint(again) || fmt.Sprint(first) == fmt.Sprint(other) {
		t.Error("a draw hangs on its seed alone")
	}
	seen := map[string]bool{}
	for i, list := range first {
		for _, one := range list {
			if seen[one.ID] || i < 2 && !strings.EqualFold(one.Skill, lines[i].Skill) {
				t.Error(i, one)
			}
			seen[one.ID] = true
		}
	}
	if _, found := Draw([]BlueprintLine{{Count: 11, Skill: "géométrie"}}, "x", bank); len(found) != 1 || found[0].Args["count"] != 10 {
		t.Error(found)
	}
}
