package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"preau/internal/i18n"
	"preau/internal/qti"
)

func catalogue(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each line is answered by one line, in order; a bad line does not stop the rest.
func TestScoreLines(t *testing.T) {
	item, err := openItem("../../internal/qti/testdata/choix.xml")
	if err != nil {
		t.Fatal(err)
	}
	in := `{"responses":{"RESPONSE":"correct"}}

not json
{"responses":{"RESPONSE":"faux1","AUTRE":"x"}}
{"responses":{},"seed":{}}
`
	var out bytes.Buffer
	if err := scoreLines(strings.NewReader(in), &out, catalogue(t), item); err != nil {
		t.Fatal(err)
	}
	var lines []map[string]any
	for _, raw := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var line map[string]any
		if err := json.Unmarshal([]byte(raw), &line); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		lines = append(lines, line)
	}
	if len(lines) != 4 {
		t.Fatalf("%d lines: %s", len(lines), out.String())
	}
	score := func(i int) any { return lines[i]["outcomes"].(map[string]any)["SCORE"] }
	if score(0) != 1.0 || score(2) != 0.0 {
		t.Errorf("scores: %s", out.String())
	}
	if feedback := lines[0]["feedback"].([]any); len(feedback) != 1 || feedback[0] != "juste" {
		t.Errorf("feedback: %v", feedback)
	}
	if warnings, ok := lines[2]["warnings"].([]any); !ok || len(warnings) != 1 || !strings.Contains(warnings[0].(string), "AUTRE") {
		t.Errorf("warnings: %v", lines[2]["warnings"])
	}
	for _, i := range []int{1, 3} {
		if message, ok := lines[i]["error"].(string); !ok || message == "" || strings.HasPrefix(message, "qti.") {
			t.Errorf("line %d: %v", i, lines[i])
		}
	}
}

// An item with an error is scored by no line.
func TestScoreRefusesWrongItem(t *testing.T) {
	item := qti.ReadItem(qti.Source{Name: "x.xml"}, []byte(`<assessmentItem identifier="x"><responseProcessing><inconnue/></responseProcessing></assessmentItem>`))
	var out bytes.Buffer
	if err := scoreLines(strings.NewReader(`{"responses":{}}`), &out, catalogue(t), item); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"error"`) || strings.Contains(out.String(), "outcomes") {
		t.Error(out.String())
	}
}

func TestFindingsWritten(t *testing.T) {
	var out bytes.Buffer
	failed, err := writeFindings(&out, catalogue(t), []string{"../../internal/qti/testdata/choix.xml"}, false)
	if err != nil || failed || out.Len() > 0 {
		t.Errorf("a good item: %v %v %s", failed, err, out.String())
	}
	for _, asJSON := range []bool{false, true} {
		out.Reset()
		failed, err = writeFindings(&out, catalogue(t), []string{"testdata/absent.xml"}, asJSON)
		if err != nil || !failed || strings.Count(out.String(), "\n") != 1 {
			t.Errorf("an absent file: %v %v %s", failed, err, out.String())
		}
		var line map[string]any
		if asJSON && (json.Unmarshal(out.Bytes(), &line) != nil || line["severity"] != "error" || line["key"] != "qti.file_unreadable") {
			t.Error(out.String())
		}
	}
}

func TestRunTestLines(t *testing.T) {
	const name = "../../internal/qti/testdata/evaluation.xml"
	data, err := readDocument(name)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := testLines(strings.NewReader(`{"responses":{"Q1":{"RESPONSE":"correct"}}}`), &out, catalogue(t), qti.ReadTest(beside(name), data)); err != nil {
		t.Fatal(err)
	}
	var line struct {
		Outcomes map[string]any
		Items    []struct{ Item string }
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line.Outcomes["TOTAL"] != 3.0 || len(line.Items) != 2 || line.Items[1].Item != "Q2" {
		t.Error(out.String())
	}
}
