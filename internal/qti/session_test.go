package qti

import (
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func readTestdata(t testing.TB, name string) *Item {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	it := ReadItem(Source{FS: os.DirFS("testdata"), Name: name}, data)
	if len(it.Findings) > 0 {
		t.Fatalf("%s: %v", name, it.Findings)
	}
	return it
}

func outcome(t testing.TB, res *Result, id string) string {
	t.Helper()
	v, ok := res.Outcome(id)
	if !ok {
		t.Fatalf("no outcome %s", id)
	}
	return v.words()
}

// A template item draws the same numbers from the same seed, within its
// constraint, and its key follows them.
func TestTemplate(t *testing.T) {
	it := readTestdata(t, "nombre.xml")
	drawn := map[string]bool{}
	for seed := range uint64(200) {
		s, err := it.NewSession(seed)
		if err != nil {
			t.Fatal(err)
		}
		again, err := it.NewSession(seed)
		if err != nil {
			t.Fatal(err)
		}
		a, b := s.Value("A"), s.Value("B")
		if !sameValue(a, again.Value("A")) || !sameValue(b, again.Value("B")) {
			t.Fatalf("seed %d draws twice differently", seed)
		}
		if b.List[0].X == 5 {
			t.Fatalf("seed %d: the constraint does not hold", seed)
		}
		sum := a.List[0].X + b.List[0].X
		if got := s.Correct("RESPONSE"); got.List[0].X != sum {
			t.Fatalf("the key is %v, want %v", got, sum)
		}
		res, err := s.Attempt(Attempt{Responses: map[string]Value{"RESPONSE": number(Integer, sum)}})
		if err != nil || outcome(t, res, "SCORE") != "2" {
			t.Fatalf("seed %d: %v %v", seed, res, err)
		}
		drawn[a.words()+" "+b.words()] = true
	}
	if len(drawn) < 20 {
		t.Errorf("only %d different questions in 200", len(drawn))
	}
}

// A constraint that never holds ends with the defaults, not with a loop.
func TestTemplateConstraintGivesUp(t *testing.T) {
	it := ReadItem(Source{Name: "x"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="x" title="x" adaptive="false" timeDependent="false">
<templateDeclaration identifier="T" cardinality="single" baseType="integer"><defaultValue><value>7</value></defaultValue></templateDeclaration>
<outcomeDeclaration identifier="OUT" cardinality="single" baseType="integer"/>
<templateProcessing><setTemplateValue identifier="T"><baseValue baseType="integer">1</baseValue></setTemplateValue>
<templateConstraint><null/></templateConstraint></templateProcessing>
<responseProcessing><setOutcomeValue identifier="OUT"><variable identifier="T"/></setOutcomeValue></responseProcessing></assessmentItem>`))
	res, err := it.Score(1, Attempt{})
	if err != nil || outcome(t, res, "OUT") != "7" {
		t.Errorf("%v %v", res, err)
	}
}

func TestExitTemplateAndDefaults(t *testing.T) {
	it := ReadItem(Source{Name: "x"}, []byte(`<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="x" title="x" adaptive="false" time-dependent="false">
<qti-response-declaration identifier="R" cardinality="single" base-type="integer"/>
<qti-outcome-declaration identifier="OUT" cardinality="single" base-type="integer"/>
<qti-outcome-declaration identifier="START" cardinality="single" base-type="integer"/>
<qti-template-processing>
 <qti-set-default-value identifier="R"><qti-base-value base-type="integer">4</qti-base-value></qti-set-default-value>
 <qti-set-default-value identifier="START"><qti-base-value base-type="integer">6</qti-base-value></qti-set-default-value>
 <qti-exit-template/>
 <qti-set-default-value identifier="R"><qti-base-value base-type="integer">5</qti-base-value></qti-set-default-value>
</qti-template-processing>
<qti-response-processing><qti-set-outcome-value identifier="OUT"><qti-variable identifier="R"/></qti-set-outcome-value>
<qti-response-processing-fragment><qti-exit-response/></qti-response-processing-fragment>
<qti-set-outcome-value identifier="OUT"><qti-base-value base-type="integer">0</qti-base-value></qti-set-outcome-value></qti-response-processing></qti-assessment-item>`))
	res, err := it.Score(1, Attempt{})
	if err != nil || outcome(t, res, "OUT") != "4" || outcome(t, res, "START") != "6" {
		t.Errorf("%v %v %v", res, err, it.Findings)
	}
}

func TestAdaptive(t *testing.T) {
	it := readTestdata(t, "adaptatif.xml")
	say := func(id, v string) map[string]any { return map[string]any{id: v} }
	for _, one := range []struct {
		turns    []map[string]any
		score    string
		status   string
		feedback []string
	}{
		{[]map[string]any{say("RESPONSE", "C2")}, "2", "completed", []string{"debut"}},
		{[]map[string]any{say("RESPONSE", "C1")}, "0", "incomplete", []string{"debut"}},
		{[]map[string]any{say("INDICE", "true")}, "0", "unknown", []string{"indice"}},
		{[]map[string]any{say("INDICE", "true"), say("RESPONSE", "C1"), say("RESPONSE", "C2")}, "1", "completed", []string{"indice"}},
		// After its end the item takes nothing more.
		{[]map[string]any{say("RESPONSE", "C2"), say("INDICE", "true")}, "2", "completed", []string{"debut"}},
		// Outcomes and responses last from turn to turn.
		{[]map[string]any{say("RESPONSE", "C1"), {}}, "0", "incomplete", []string{"debut"}},
	} {
		res, err := it.ScoreLine(Line{Turns: one.turns})
		if err != nil {
			t.Errorf("%v: %v", one.turns, err)
			continue
		}
		if outcome(t, res, "SCORE") != one.score || outcome(t, res, completionStatus) != one.status || !slices.Equal(res.Feedback, one.feedback) {
			t.Errorf("%v: %v %v", one.turns, res.Outcomes, res.Feedback)
		}
	}
}

// The outcomes of an item that is not adaptive start anew with each attempt.
func TestAttemptsAreIndependent(t *testing.T) {
	it := readTestdata(t, "choix.xml")
	s, err := it.NewSession(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct{ answer, score, feedback string }{{"correct", "1", "juste"}, {"faux1", "0", "faux"}, {"correct", "1", "juste"}} {
		res, err := s.Attempt(Attempt{Responses: map[string]Value{"RESPONSE": text(Identifier, one.answer)}})
		if err != nil || outcome(t, res, "SCORE") != one.score || !slices.Contains(res.Feedback, one.feedback) {
			t.Errorf("%s: %v %v", one.answer, res, err)
		}
	}
	if n := s.Value(numAttempts); n.words() != "3" {
		t.Errorf("%s attempts", n.words())
	}
}

func TestStandardTemplates(t *testing.T) {
	item := func(uri string) *Item {
		return ReadItem(Source{Name: "x"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x" title="x" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse>
 <mapping defaultValue="-1"><mapEntry mapKey="A" mappedValue="3"/></mapping></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"/>
<outcomeDeclaration identifier="FEEDBACKBASIC" cardinality="single" baseType="identifier"/>
<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>3</value></defaultValue></outcomeDeclaration>
<responseProcessing template="`+uri+`"/></assessmentItem>`))
	}
	for _, base := range []string{
		"http://www.imsglobal.org/question/qti_v2p0/rptemplates/", "http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
		"http://www.imsglobal.org/question/qti_v2p2/rptemplates/", "https://www.imsglobal.org/question/qti_v3p0/rptemplates/",
		"https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
	} {
		for _, one := range []struct{ name, right, wrong, feedback, basic string }{
			{"match_correct", "1", "0", "", ""}, {"map_response", "3", "-1", "", ""}, {"CC2_match_basic", "3", "0", "", "incorrect"},
			{"CC2_match", "1", "0", "B", ""}, {"CC2_map_response", "3", "-1", "incorrect", "incorrect"},
		} {
			for _, end := range []string{"", ".xml"} {
				it := item(base + one.name + end)
				if len(it.Findings) > 0 {
					t.Errorf("%s%s: %v", base, one.name, it.Findings)
				}
				for answer, want := range map[string]string{"A": one.right, "B": one.wrong, "": "0"} {
					res, err := it.ScoreLine(Line{Responses: map[string]any{"RESPONSE": answer}})
					if err != nil || outcome(t, res, "SCORE") != want {
						t.Errorf("%s%s of %q: %v %v", base, one.name, answer, res, err)
					}
					if answer == "B" && (outcome(t, res, "FEEDBACK") != one.feedback || outcome(t, res, "FEEDBACKBASIC") != one.basic) {
						t.Errorf("%s%s: feedback %v", base, one.name, res.Outcomes)
					}
				}
			}
		}
	}
	if it := item("https://example.org/match_correct.xml"); len(it.Findings) != 1 || it.Findings.Failed() {
		t.Errorf("foreign address: %v", it.Findings)
	}
	if it := item("https://example.org/ma_regle"); !it.Findings.Failed() {
		t.Error("an unknown template is taken")
	}
}

func TestTables(t *testing.T) {
	it := ReadItem(Source{Name: "x"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="x" title="x" adaptive="false" timeDependent="false">
<responseDeclaration identifier="R" cardinality="single" baseType="float"/>
<outcomeDeclaration identifier="NOTE" cardinality="single" baseType="identifier"><interpolationTable defaultValue="D"><interpolationTableEntry sourceValue="15" targetValue="A"/><interpolationTableEntry sourceValue="10" includeBoundary="false" targetValue="B"/><interpolationTableEntry sourceValue="5" targetValue="C"/></interpolationTable></outcomeDeclaration>
<outcomeDeclaration identifier="EXACT" cardinality="single" baseType="float"><matchTable><matchTableEntry sourceValue="10" targetValue="1.5"/></matchTable></outcomeDeclaration>
<responseProcessing><lookupOutcomeValue identifier="NOTE"><variable identifier="R"/></lookupOutcomeValue><lookupOutcomeValue identifier="EXACT"><truncate><variable identifier="R"/></truncate></lookupOutcomeValue></responseProcessing></assessmentItem>`))
	for answer, want := range map[string]string{"20": "A ", "15": "A ", "12": "B ", "10": "C 1.5", "10.5": "B 1.5", "5": "C ", "4.9": "D ", "": "D "} {
		res, err := it.ScoreLine(Line{Responses: map[string]any{"R": answer}})
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(t, res, "NOTE") + " " + outcome(t, res, "EXACT"); got != want {
			t.Errorf("%q: %q, want %q", answer, got, want)
		}
	}
}

// Rounding keeps as many digits as asked and moves by half a unit at most.
func TestRoundingProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1e9, 1e9).Draw(t, "x")
		figures := rapid.IntRange(0, 8).Draw(t, "figures")
		y := roundDigits(x, figures, false)
		unit := 1.0
		for range figures {
			unit /= 10
		}
		if d := y - x; d > unit/2*(1+1e-6)+1e-12*1e9 || -d > unit/2*(1+1e-6)+1e-12*1e9 {
			t.Fatalf("%v to %d places is %v", x, figures, y)
		}
		if again := roundDigits(y, figures, false); again != y {
			t.Fatalf("rounding %v twice gives %v", y, again)
		}
		if (x > 0 && y < 0) || (x < 0 && y > 0) {
			t.Fatalf("%v changes sign: %v", x, y)
		}
	})
}

// match of containers that are not ordered does not see their order.
func TestMatchProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"A", "B", "C"}), 1, 6).Draw(t, "words")
		mixed := rapid.Permutation(words).Draw(t, "mixed")
		container := func(list []string) Value {
			v := Value{Cardinality: Multiple, Type: Identifier}
			for _, w := range list {
				v.List = append(v.List, Scalar{Text: w})
			}
			return v
		}
		if !sameValue(container(words), container(mixed)) {
			t.Fatalf("%v and %v", words, mixed)
		}
		if sameValue(container(words), container(append(mixed, "A"))) {
			t.Fatalf("%v and one more", words)
		}
	})
}

func TestMaxScore(t *testing.T) {
	item := func(declarations, template string) *Item {
		return ReadItem(Source{Name: "x"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x" title="x" adaptive="false" timeDependent="false">`+declarations+
			`<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/`+template+`"/></assessmentItem>`))
	}
	response := func(cardinality string) string {
		return `<responseDeclaration identifier="RESPONSE" cardinality="` + cardinality + `" baseType="identifier"><mapping defaultValue="-1" upperBound="4"><mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="3"/><mapEntry mapKey="C" mappedValue="-2"/></mapping></responseDeclaration>`
	}
	for name, one := range map[string]struct {
		it   *Item
		want float64
		ok   bool
	}{
		"declared":  {item(response("single")+`<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>7</value></defaultValue></outcomeDeclaration>`, "map_response"), 7, true},
		"normal":    {item(response("single")+`<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="6"/>`, "map_response"), 6, true},
		"one":       {item(response("single"), "match_correct"), 1, true},
		"best of":   {item(response("single"), "map_response"), 3, true},
		"sum of":    {item(response("multiple"), "map_response"), 4, true},
		"not known": {item(response("single"), "map_response_point"), 0, false},
	} {
		if got, ok := one.it.MaxScore(); got != one.want || ok != one.ok {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
}

// A button that ends a turn is true in that turn alone; what a turn shows leaves
// the other choices in their order.
func TestTurnsOfAnAdaptiveItem(t *testing.T) {
	it := ReadItem(Source{Name: "x"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x" title="x" adaptive="true" timeDependent="false">
<responseDeclaration identifier="R" cardinality="single" baseType="identifier"/><responseDeclaration identifier="S" cardinality="single" baseType="identifier"/>
<responseDeclaration identifier="HELP" cardinality="single" baseType="boolean"/>
<outcomeDeclaration identifier="ASKED" cardinality="single" baseType="integer"/><outcomeDeclaration identifier="STEP" cardinality="single" baseType="identifier"/>
<itemBody>
<feedbackBlock outcomeIdentifier="STEP" identifier="more" showHide="show"><choiceInteraction responseIdentifier="S" shuffle="true" maxChoices="1"><simpleChoice identifier="x">x</simpleChoice><simpleChoice identifier="y">y</simpleChoice></choiceInteraction></feedbackBlock>
<choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="1"><simpleChoice identifier="a">a</simpleChoice><simpleChoice identifier="b">b</simpleChoice><simpleChoice identifier="c">c</simpleChoice><simpleChoice identifier="d">d</simpleChoice></choiceInteraction>
<p><endAttemptInteraction responseIdentifier="HELP" title="Aide"/></p></itemBody>
<responseProcessing><responseCondition><responseIf><variable identifier="HELP"/><setOutcomeValue identifier="ASKED"><sum><variable identifier="ASKED"/><baseValue baseType="integer">1</baseValue></sum></setOutcomeValue></responseIf></responseCondition>
<setOutcomeValue identifier="STEP"><baseValue baseType="identifier">more</baseValue></setOutcomeValue></responseProcessing></assessmentItem>`))
	order := func(p *Public) (out string) {
		var visit func(list []*Node)
		visit = func(list []*Node) {
			for _, n := range list {
				if n.Tag == "choiceInteraction" && len(n.Children) == 4 {
					for _, c := range n.Children {
						out += c.Children[0].Text
					}
				}
				visit(n.Children)
			}
		}
		visit(p.Body)
		return out
	}
	for seed := range uint64(20) {
		s, err := it.NewSession(seed)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := s.View()
		for _, given := range []map[string]Value{{"HELP": boolean(true)}, {"R": text(Identifier, "a")}, {}} {
			if _, err := s.Attempt(Attempt{Responses: given}); err != nil {
				t.Fatal(err)
			}
		}
		after, _ := s.View()
		if order(before) != order(after) || len(order(after)) != 4 {
			t.Errorf("seed %d: %s became %s", seed, order(before), order(after))
		}
		if v := s.Value("ASKED"); v.List[0].X != 1 {
			t.Errorf("help was asked %v times", v.JSON())
		}
	}
}
