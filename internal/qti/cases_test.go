package qti

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// sharedCases are scoring cases by somebody else, read in place.
const sharedCases = "../../../shared/qti-cases"

type caseFile struct {
	Cases []struct {
		Name      string
		Seed      any
		Responses map[string]any
		Turns     []map[string]any
		Expect    struct {
			Score    *float64
			Outcomes map[string]any
		}
	}
}

func TestSharedCases(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join(sharedCases, "*", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) == 0 {
		t.Logf("NOT TRIED: the folder %s of outside scoring cases is not here", sharedCases)
		t.Skip("the outside scoring cases are absent")
	}
	for _, path := range folders {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) { tryCases(t, path) })
	}
}

// tryCases scores the item beside a cases.json and compares.
func tryCases(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file caseFile
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatal("no case in the file")
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(path), "item.xml"))
	if err != nil {
		t.Fatal(err)
	}
	it := ReadItem(Source{Name: "item.xml"}, data)
	for _, one := range file.Cases {
		res, err := it.ScoreLine(Line{Responses: one.Responses, Turns: one.Turns, Seed: one.Seed})
		if err != nil {
			t.Errorf("%s: %v", one.Name, err)
			continue
		}
		want := one.Expect.Outcomes
		if want == nil && one.Expect.Score != nil {
			want = map[string]any{"SCORE": *one.Expect.Score}
		}
		if len(want) == 0 {
			t.Errorf("%s: nothing expected", one.Name)
		}
		for id, expected := range want {
			got, declared := res.Outcome(id)
			if !declared || !agrees(got.JSON(), expected) {
				t.Errorf("%s: %s is %v, want %v", one.Name, id, got.JSON(), expected)
			}
		}
	}
}

func agrees(got, want any) bool {
	if n, ok := got.(json.Number); ok {
		x, err := n.Float64()
		y, isNumber := want.(float64)
		return err == nil && isNumber && math.Abs(x-y) <= 1e-6
	}
	if list, ok := got.([]any); ok {
		wanted, ok := want.([]any)
		if !ok || len(list) != len(wanted) {
			return false
		}
		for i := range list {
			if !agrees(list[i], wanted[i]) {
				return false
			}
		}
		return true
	}
	if fields, ok := got.(map[string]any); ok {
		wanted, ok := want.(map[string]any)
		if !ok || len(fields) != len(wanted) {
			return false
		}
		for name := range fields {
			if !agrees(fields[name], wanted[name]) {
				return false
			}
		}
		return true
	}
	return got == want
}
