package qti

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

func TestRunTest(t *testing.T) {
	data, err := os.ReadFile("testdata/evaluation.xml")
	if err != nil {
		t.Fatal(err)
	}
	test := ReadTest(Source{FS: os.DirFS("testdata"), Name: "evaluation.xml"}, data)
	if len(test.Findings) > 0 {
		t.Fatal(test.Findings)
	}
	for _, one := range []struct {
		name      string
		responses map[string]any
		path      string
		outcomes  string
		feedback  string
	}{
		{"hard way", map[string]any{"Q1": map[string]any{"RESPONSE": "correct"}, "Q2.RESPONSE": "0"}, "Q1 Q2",
			"AVIS=reussi CHOISIES=3 FAUSSES=1 JUSTES=1 MAXIMUM=3 PRESENTEES=2 REPONDUES=2 TOTAL=3", "reussi"},
		{"easy way", map[string]any{"Q1": map[string]any{"RESPONSE": "faux1"}, "Q3": map[string]any{"RESPONSE": "correct"}, "Q4": map[string]any{"RESPONSE": "C2"}}, "Q1 Q3 Q4",
			"AVIS=reussi CHOISIES=3 FAUSSES=1 JUSTES=1 MAXIMUM=3 PRESENTEES=3 REPONDUES=3 TOTAL=3", "reussi"},
		{"precondition", map[string]any{"Q1": map[string]any{"RESPONSE": "faux1"}, "Q3": map[string]any{}}, "Q1 Q3",
			"AVIS=aide CHOISIES=3 FAUSSES=2 JUSTES=0 MAXIMUM=3 PRESENTEES=2 REPONDUES=1 TOTAL=0", "aide"},
		{"nothing", map[string]any{}, "Q1 Q3",
			"AVIS=aide CHOISIES=3 FAUSSES=0 JUSTES=0 MAXIMUM=3 PRESENTEES=0 REPONDUES=0 TOTAL=0", "aide"},
	} {
		res, err := test.RunLine(Line{Responses: one.responses})
		if err != nil {
			t.Errorf("%s: %v", one.name, err)
			continue
		}
		var path, outcomes []string
		for _, o := range res.Items {
			path = append(path, o.Key)
		}
		for _, f := range res.Outcomes {
			outcomes = append(outcomes, f.Name+"="+f.Value.words())
		}
		slices.Sort(outcomes)
		if got := strings.Join(path, " "); got != one.path {
			t.Errorf("%s: path %s, want %s", one.name, got, one.path)
		}
		if got := strings.Join(outcomes, " "); got != one.outcomes {
			t.Errorf("%s:\n got %s\nwant %s", one.name, got, one.outcomes)
		}
		if got := strings.Join(res.Feedback, " "); got != one.feedback {
			t.Errorf("%s: feedback %s", one.name, got)
		}
	}
}

// smallItem is worth the number answered.
const smallItem = `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="i" title="i" adaptive="false" timeDependent="false">
<responseDeclaration identifier="R" cardinality="single" baseType="integer"/><outcomeDeclaration identifier="SCORE" cardinality="single" baseType="integer"/>
<responseProcessing><setOutcomeValue identifier="SCORE"><variable identifier="R"/></setOutcomeValue></responseProcessing></assessmentItem>`

func testWith(t testing.TB, body string) *Test {
	t.Helper()
	files := fstest.MapFS{"i.xml": {Data: []byte(smallItem)}}
	test := ReadTest(Source{FS: files, Name: "t.xml"}, []byte(`<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="t" title="t">
<outcomeDeclaration identifier="TOTAL" cardinality="single" baseType="integer"/>`+body+`
<outcomeProcessing><setOutcomeValue identifier="TOTAL"><sum><testVariables variableIdentifier="SCORE"/></sum></setOutcomeValue></outcomeProcessing></assessmentTest>`))
	return test
}

func itemRefs(n int, more string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<assessmentItemRef identifier="Q%d" href="i.xml" %s/>`, i+1, more)
	}
	return b.String()
}

func part(mode, submission, inside string) string {
	return `<testPart identifier="P" navigationMode="` + mode + `" submissionMode="` + submission + `">` + inside + `</testPart>`
}

// Whatever the seed: the number asked for, no item twice without replacement,
// required items in, fixed items in their place.
func TestSelectionProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(rt, "items")
		take := rapid.IntRange(1, n).Draw(rt, "select")
		replace := rapid.Bool().Draw(rt, "replace")
		seed := rapid.Uint64().Draw(rt, "seed")
		test := testWith(t, part("nonlinear", "individual", fmt.Sprintf(`<assessmentSection identifier="S" title="S" visible="true"><selection select="%d" withReplacement="%v"/><ordering shuffle="true"/><assessmentItemRef identifier="FIRST" href="i.xml" required="true" fixed="true"/>%s</assessmentSection>`, take, replace, itemRefs(n, ""))))
		s, err := test.NewSession(seed)
		if err != nil {
			rt.Fatal(err)
		}
		if len(s.Plan) != take {
			rt.Fatalf("%d items, want %d", len(s.Plan), take)
		}
		if s.Plan[0].Ref.Identifier != "FIRST" {
			rt.Fatalf("starts with %s", s.Plan[0].Ref.Identifier)
		}
		seen := map[string]bool{}
		for _, o := range s.Plan {
			if seen[o.Key] || !replace && o.Number > 1 {
				rt.Fatalf("%s twice", o.Key)
			}
			seen[o.Key] = true
		}
		again, err := test.NewSession(seed)
		if err != nil {
			rt.Fatal(err)
		}
		for i := range s.Plan {
			if again.Plan[i].Key != s.Plan[i].Key {
				rt.Fatal("the same seed gives another plan")
			}
		}
	})
}

func TestSectionsStayTogether(t *testing.T) {
	body := func(keep string) string {
		return part("nonlinear", "individual", `<assessmentSection identifier="S" title="S" visible="true"><ordering shuffle="true"/>`+itemRefs(6, "")+
			`<assessmentSection identifier="IN" title="IN" visible="false" keepTogether="`+keep+`"><assessmentItemRef identifier="X1" href="i.xml"/><assessmentItemRef identifier="X2" href="i.xml"/></assessmentSection></assessmentSection>`)
	}
	together, apart := testWith(t, body("true")), testWith(t, body("false"))
	if together.Findings.Failed() || apart.Findings.Failed() {
		t.Fatal(together.Findings, apart.Findings)
	}
	parted := 0
	for seed := range uint64(50) {
		for _, test := range []*Test{together, apart} {
			s, err := test.NewSession(seed)
			if err != nil {
				t.Fatal(err)
			}
			at := func(id string) int {
				return slices.IndexFunc(s.Plan, func(o *Occurrence) bool { return o.Ref.Identifier == id })
			}
			gap := at("X2") - at("X1")
			if test == together && gap != 1 {
				t.Fatalf("seed %d: a section kept together is parted", seed)
			}
			if test == apart && gap != 1 && gap != -1 {
				parted++
			}
		}
	}
	if parted == 0 {
		t.Error("a section not kept together is never mixed in")
	}
}

func TestSimultaneous(t *testing.T) {
	test := testWith(t, part("nonlinear", "simultaneous", `<assessmentSection identifier="S" title="S" visible="true">`+itemRefs(2, "")+`</assessmentSection>`))
	s, err := test.NewSession(0)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Next()
	if err != nil {
		t.Fatal(err)
	}
	answer := func(n float64) Attempt { return Attempt{Responses: map[string]Value{"R": number(Integer, n)}} }
	for _, n := range []float64{3, 4} { // the last answer before submission counts
		if res, err := s.Attempt(o, answer(n)); res != nil || err != nil {
			t.Fatal(res, err)
		}
	}
	total := func() string { return s.Outcomes()[0].Value.words() }
	if total() != "0" {
		t.Errorf("scored before the part ends: %s", total())
	}
	if err := s.End(); err != nil {
		t.Fatal(err)
	}
	if total() != "4" {
		t.Errorf("total %s, want 4", total())
	}
	if _, err := s.Attempt(o, answer(1)); err == nil {
		t.Error("an answer is taken after the end")
	}
}

func TestControlsAndLimits(t *testing.T) {
	test := testWith(t, part("nonlinear", "individual", `<itemSessionControl maxAttempts="2"/><assessmentSection identifier="S" title="S" visible="true">
<assessmentItemRef identifier="Q1" href="i.xml"/>
<assessmentItemRef identifier="Q2" href="i.xml"><itemSessionControl maxAttempts="0"/><timeLimits maxTime="60"/></assessmentItemRef></assessmentSection>`))
	s, err := test.NewSession(0)
	if err != nil {
		t.Fatal(err)
	}
	q1, q2 := s.Plan[0], s.Plan[1]
	attempt := func(o *Occurrence, n, seconds float64) error {
		_, err := s.Attempt(o, Attempt{Responses: map[string]Value{"R": number(Integer, n)}, Duration: &seconds})
		return err
	}
	for n, want := range []bool{true, true, false} {
		if err := attempt(q1, float64(n), 5); (err == nil) != want {
			t.Errorf("attempt %d: %v", n+1, err)
		}
	}
	if err := attempt(q2, 7, 59); err != nil {
		t.Error(err)
	}
	if err := attempt(q2, 9, 61); err != nil || !q2.Late {
		t.Errorf("late attempt: %v, noted %v", err, q2.Late)
	}
	if got := s.Outcomes()[0].Value.words(); got != "8" { // 1 of the second attempt and 7
		t.Errorf("total %s", got)
	}
}

func TestTestFindings(t *testing.T) {
	for name, one := range map[string]struct{ body, key string }{
		"absent item":       {part("linear", "individual", `<assessmentSection identifier="S" title="S" visible="true"><assessmentItemRef identifier="Q" href="absent.xml"/></assessmentSection>`), "qti.reference_unreadable"},
		"item outside":      {part("linear", "individual", `<assessmentSection identifier="S" title="S" visible="true"><assessmentItemRef identifier="Q" href="../../i.xml"/></assessmentSection>`), "qti.reference_unreadable"},
		"target absent":     {part("linear", "individual", `<assessmentSection identifier="S" title="S" visible="true"><assessmentItemRef identifier="Q" href="i.xml"><branchRule target="AILLEURS"><baseValue baseType="boolean">true</baseValue></branchRule></assessmentItemRef></assessmentSection>`), "qti.undeclared"},
		"no part":           {"", "qti.test_empty"},
		"same name":         {part("linear", "individual", `<assessmentSection identifier="P" title="S" visible="true"/>`), "qti.declared_twice"},
		"too many required": {part("linear", "individual", `<assessmentSection identifier="S" title="S" visible="true"><selection select="1"/>`+itemRefs(2, `required="true"`)+`</assessmentSection>`), "qti.select_too_few"},
		"unknown variable":  {part("linear", "individual", `<assessmentSection identifier="S" title="S" visible="true"><assessmentItemRef identifier="Q" href="i.xml"><preCondition><isNull><variable identifier="Q.NOTE"/></isNull></preCondition></assessmentItemRef></assessmentSection>`), "qti.undeclared"},
	} {
		test := testWith(t, one.body)
		if !slices.ContainsFunc(test.Findings, func(f Finding) bool { return f.Key == one.key && f.Severity == Error }) {
			t.Errorf("%s: %v", name, test.Findings)
		}
		if _, err := test.NewSession(0); err == nil {
			t.Errorf("%s: the test runs", name)
		}
	}
}
