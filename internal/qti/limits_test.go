package qti

import (
	"strconv"
	"strings"
	"testing"
)

// Documents made to cost much more than their size are refused or bounded. No
// time is measured: without the bounds these tests would not end.
func TestCostIsBounded(t *testing.T) {
	t.Run("text in pieces", func(t *testing.T) {
		it := ReadItem(Source{Name: "x"}, []byte("<assessmentItem>"+strings.Repeat("a<!-- -->", MaxDocument/10)+"</assessmentItem>"))
		if !has(it.Findings, "qti.too_many_elements", Error) {
			t.Error(it.Findings)
		}
	})
	t.Run("attributes", func(t *testing.T) {
		var b strings.Builder
		for i := range 100_000 {
			b.WriteString(" a" + strconv.Itoa(i) + `=""`)
		}
		it := ReadItem(Source{Name: "x"}, []byte("<assessmentItem"+b.String()+"/>"))
		if !has(it.Findings, "qti.too_many_attributes", Error) {
			t.Error(it.Findings)
		}
	})
	t.Run("selection in selection", func(t *testing.T) {
		body := `<assessmentItemRef identifier="Q" href="i.xml"/>`
		for i := range 8 {
			body = `<assessmentSection identifier="S` + strconv.Itoa(i) + `" title="S" visible="true"><selection select="5000" withReplacement="true"/>` + body + `</assessmentSection>`
		}
		if _, err := testWith(t, part("linear", "individual", body)).NewSession(0); err == nil || !strings.Contains(err.Error(), "qti.plan_too_long") {
			t.Error(err)
		}
	})
	t.Run("comparison", func(t *testing.T) {
		container := op(`repeat numberRepeats="30000"`, whole("1"), whole("2"), whole("3"))
		_, _, err := evaluateIn(t, op("match", op("multiple", container), op("multiple", container)), nil)
		if err == nil || !strings.Contains(err.Error(), "qti.") {
			t.Error(err)
		}
	})
	t.Run("repeat in repeat", func(t *testing.T) {
		expression := whole("1")
		for range 12 {
			expression = op(`repeat numberRepeats="100"`, expression)
		}
		if _, _, err := evaluateIn(t, expression, nil); err == nil || !strings.Contains(err.Error(), "qti.run_too_long") {
			t.Error(err)
		}
	})
	t.Run("answers", func(t *testing.T) {
		many := make([]any, 100_000)
		for i := range many {
			many[i] = "A"
		}
		res, _, err := evaluateIn(t, `<containerSize><variable identifier="MANY"/></containerSize>`, map[string]any{"MANY": many})
		if err != nil || outcome(t, res, "OUT") != strconv.Itoa(maxValues) || len(res.Warnings) != 1 {
			t.Errorf("%v %v", res, err)
		}
	})
	t.Run("quotes", func(t *testing.T) {
		it := ReadItem(Source{Name: "x"}, []byte(`<assessmentItem><`+strings.Repeat("x", 100_000)+` a="`+strings.Repeat("y", 100_000)+`"/></assessmentItem>`))
		for _, f := range it.Findings {
			if len(f.Clause) > 400 {
				t.Errorf("a clause of %d bytes", len(f.Clause))
			}
			for _, arg := range f.Args {
				if s, ok := arg.(string); ok && len(s) > 400 {
					t.Errorf("an argument of %d bytes", len(s))
				}
			}
		}
	})
}
