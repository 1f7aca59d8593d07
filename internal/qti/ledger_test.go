package qti

import (
	"strings"
	"testing"
	"testing/fstest"
)

// itemWith is an item of these declarations and response rules.
func itemWith(declarations, rules string) *Item {
	return ReadItem(Source{Name: "x.xml"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="x" title="x" adaptive="false" timeDependent="false">`+
		declarations+`<responseProcessing>`+rules+`</responseProcessing></assessmentItem>`))
}

func set(id, expression string) string {
	return `<setOutcomeValue identifier="` + id + `">` + expression + `</setOutcomeValue>`
}

// What the ledger says of giving values to variables.
func TestAssignment(t *testing.T) {
	declare := func(cardinality, base string) string {
		return `<outcomeDeclaration identifier="OUT" cardinality="` + cardinality + `" baseType="` + base + `"/>`
	}
	for _, one := range []struct {
		declaration, expression string
		want                    string
		base                    BaseType
	}{
		{declare("single", "integer"), float("2.0"), "2", Integer},
		{declare("single", "integer"), float("2.5"), "2.5", Float},
		{declare("single", "float"), whole("2"), "2", Float},
		{declare("single", "string"), lit("identifier", "A"), `"A"`, String},
		{declare("single", "float"), str("2.5"), "2.5", Float},
		{declare("single", "string"), whole("3"), `"3"`, String},
		{declare("multiple", "identifier"), lit("identifier", "A"), `["A"]`, Identifier},
		{declare("single", "integer"), nothing, "null", Integer},
		{declare("single", "integer"), wholes("4"), "4", Integer},
		{declare("single", "duration"), float("4"), "4", Duration},
		{"", lit("identifier", "A"), `"A"`, Identifier}, // not declared
	} {
		it := itemWith(one.declaration, set("OUT", one.expression))
		res, err := it.Score(0, Attempt{})
		if err != nil {
			t.Errorf("%s to %s: %v", one.expression, one.declaration, err)
			continue
		}
		v, _ := res.Outcome("OUT")
		if got := asJSON(t, v); got != one.want || v.Type != one.base {
			t.Errorf("%s to %s: %s of type %s", one.expression, one.declaration, got, v.Type)
		}
		if one.declaration == "" && !has(it.Findings, "qti.outcome_undeclared", Warning) {
			t.Errorf("nothing said of the undeclared outcome: %v", it.Findings)
		}
	}
	for expression, key := range map[string]string{
		str("deux"): "qti.wrong_type", wholes("1", "2"): "qti.wrong_cardinality", yes(): "qti.wrong_type",
		op("record", `<fieldValue fieldIdentifier="a">`+whole("1")+`</fieldValue>`): "qti.wrong_cardinality",
	} {
		_, err := itemWith(declare("single", "integer"), set("OUT", expression)).Score(0, Attempt{})
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s to an integer: %v", expression, err)
		}
	}
}

// Conditions that are not boolean.
func TestBooleanContext(t *testing.T) {
	for expression, want := range map[string]string{
		whole("0"): "false", whole("-1"): "true", float("0.5"): "true", str(""): "false", str("false"): "true", nothing: "false",
		wholes("0"): "true", op("multiple"): "false", yes(): "true", no(): "false", lit("duration", "0"): "false",
	} {
		it := itemWith(`<outcomeDeclaration identifier="OUT" cardinality="single" baseType="boolean"/>`,
			`<responseCondition><responseIf>`+expression+set("OUT", yes())+`</responseIf><responseElse>`+set("OUT", no())+`</responseElse></responseCondition>`)
		res, err := it.Score(0, Attempt{})
		if err != nil || outcome(t, res, "OUT") != want {
			t.Errorf("%s: %v %v", expression, res, err)
		}
	}
}

func TestBuiltInVariables(t *testing.T) {
	it := itemWith(`<responseDeclaration identifier="duration" cardinality="single" baseType="duration"/><outcomeDeclaration identifier="completionStatus" cardinality="single" baseType="identifier"/>
<outcomeDeclaration identifier="LONG" cardinality="single" baseType="boolean"/><outcomeDeclaration identifier="TIMES" cardinality="single" baseType="integer"/>`,
		set("LONG", op("durationGTE", `<variable identifier="duration"/>`, lit("duration", "60")))+set("TIMES", `<variable identifier="numAttempts"/>`))
	if len(it.Findings) != 2 || !has(it.Findings, "qti.built_in_declared", Note) {
		t.Errorf("%v", it.Findings)
	}
	seconds := 61.0
	res, err := it.Score(0, Attempt{}, Attempt{Duration: &seconds})
	if err != nil || outcome(t, res, "LONG") != "true" || outcome(t, res, "TIMES") != "2" || outcome(t, res, "completionStatus") != "unknown" {
		t.Errorf("%v %v", res, err)
	}
}

// Rules may be read from a file beside the item, and from nowhere else.
func TestRulesBesideTheItem(t *testing.T) {
	source := func(rule string) []byte {
		return []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" xmlns:xi="http://www.w3.org/2001/XInclude" identifier="x" title="x" adaptive="false" timeDependent="false">
<outcomeDeclaration identifier="OUT" cardinality="single" baseType="integer"/>` + rule + `</assessmentItem>`)
	}
	rules := `<responseProcessing xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2">` + set("OUT", whole("5")) + `</responseProcessing>`
	files := fstest.MapFS{
		"q/regle.xml": {Data: []byte(strings.ReplaceAll(rules, "responseProcessing", "responseProcessingFragment"))}, "modele.xml": {Data: []byte(rules)},
		"q/boucle.xml": {Data: []byte(`<responseProcessingFragment xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="boucle.xml"/></responseProcessingFragment>`)},
	}
	for rule, good := range map[string]bool{
		`<responseProcessing><xi:include href="regle.xml"/></responseProcessing>`:                      true,
		`<responseProcessing templateLocation="../modele.xml" template="https://example.org/modele"/>`: true,
		`<responseProcessing template="../modele.xml"/>`:                                               true,
		`<responseProcessing><xi:include href="boucle.xml"/></responseProcessing>`:                     false,
		`<responseProcessing><xi:include href="absent.xml"/></responseProcessing>`:                     false,
		`<responseProcessing><xi:include href="../../etc/passwd"/></responseProcessing>`:               false,
		`<responseProcessing><xi:include href="/modele.xml"/></responseProcessing>`:                    false,
		`<responseProcessing><xi:include href="https://example.org/modele.xml"/></responseProcessing>`: false,
		`<responseProcessing templateLocation="file:///modele.xml" template="https://example.org/x"/>`: false,
	} {
		it := ReadItem(Source{FS: files, Name: "q/item.xml"}, source(rule))
		if it.Findings.Failed() == good {
			t.Errorf("%s: %v", rule, it.Findings)
			continue
		}
		if !good {
			continue
		}
		if res, err := it.Score(0, Attempt{}); err != nil || outcome(t, res, "OUT") != "5" {
			t.Errorf("%s: %v %v", rule, res, err)
		}
	}
}

// Rules out of their place are refused.
func TestRulesOutOfPlace(t *testing.T) {
	for rules, key := range map[string]string{
		`<setTemplateValue identifier="OUT">` + whole("1") + `</setTemplateValue>`: "qti.rule_misplaced",
		`<exitTest/>`: "qti.rule_misplaced",
		`<responseCondition><templateIf>` + yes() + `</templateIf></responseCondition>`: "qti.unknown_rule",
		`<responseCondition><responseIf/></responseCondition>`:                          "qti.operand_count",
		`<setOutcomeValue identifier="OUT"/>`:                                           "qti.operand_count",
		`<setOutcomeValue identifier="R">` + whole("1") + `</setOutcomeValue>`:          "qti.wrong_kind",
		`<setResponseValue identifier="NOPE">` + whole("1") + `</setResponseValue>`:     "qti.undeclared",
		`<lookupOutcomeValue identifier="OUT">` + whole("1") + `</lookupOutcomeValue>`:  "qti.table_absent",
	} {
		it := itemWith(`<responseDeclaration identifier="R" cardinality="single" baseType="integer"/><outcomeDeclaration identifier="OUT" cardinality="single" baseType="integer"/>`, rules)
		if !has(it.Findings, key, Error) {
			t.Errorf("%s: %v", rules, it.Findings)
		}
	}
}

func TestDeclarationsRefused(t *testing.T) {
	for declaration, key := range map[string]string{
		`<responseDeclaration cardinality="single" baseType="integer"/>`:                                                                                                                       "qti.attribute_absent",
		`<responseDeclaration identifier="R" cardinality="plusieurs" baseType="integer"/>`:                                                                                                     "qti.bad_value",
		`<responseDeclaration identifier="R" cardinality="single"/>`:                                                                                                                           "qti.bad_value",
		`<responseDeclaration identifier="R" cardinality="single" baseType="integer"><correctResponse><value>deux</value></correctResponse></responseDeclaration>`:                             "qti.bad_literal",
		`<responseDeclaration identifier="R" cardinality="single" baseType="integer"><correctResponse><value>1</value><value>2</value></correctResponse></responseDeclaration>`:                "qti.several_values",
		`<responseDeclaration identifier="R" cardinality="single" baseType="integer"/><outcomeDeclaration identifier="R" cardinality="single" baseType="integer"/>`:                            "qti.declared_twice",
		`<responseDeclaration identifier="R" cardinality="single" baseType="integer"><mapping><mapEntry mapKey="1"/></mapping></responseDeclaration>`:                                          "qti.attribute_absent",
		`<responseDeclaration identifier="R" cardinality="single" baseType="pair"><mapping><mapEntry mapKey="A" mappedValue="1"/></mapping></responseDeclaration>`:                             "qti.bad_literal",
		`<responseDeclaration identifier="R" cardinality="single" baseType="point"><areaMapping><areaMapEntry shape="rect" coords="1,2" mappedValue="1"/></areaMapping></responseDeclaration>`: "qti.bad_value",
	} {
		if it := itemWith(declaration, ""); !has(it.Findings, key, Error) {
			t.Errorf("%s: %v", declaration, it.Findings)
		}
	}
}

// Old and wrong namespaces are read, and said.
func TestNamespaces(t *testing.T) {
	for space, one := range map[string]struct{ version, key string }{
		"http://www.imsglobal.org/xsd/imsqti_item_v2p0":    {"2.0", ""},
		"http://www.imsglobal.org/xsd/imsqti_v2p1":         {"2.1", ""},
		"http://www.imsglobal.org/xsd/imsqti_v2p2":         {"2.2", ""},
		"http://www.imsglobal.org/xsd/imsqtiasi_v3p0":      {"3.0", "qti.names_of_other_version"},
		"http://www.imsglobal.org/xsd/imsqti_v2p2_inconnu": {"2.1", "qti.namespace_unknown"},
		"": {"2.1", "qti.namespace_absent"},
	} {
		source := strings.Replace(smallItem, "http://www.imsglobal.org/xsd/imsqti_v2p2", space, 1)
		it := ReadItem(Source{Name: "x"}, []byte(source))
		if it.Version != one.version || it.Findings.Failed() || one.key == "" && len(it.Findings) > 0 || one.key != "" && !has(it.Findings, one.key, Warning) {
			t.Errorf("%q: %s %v", space, it.Version, it.Findings)
		}
		if res, err := it.ScoreLine(Line{Responses: map[string]any{"R": "3"}}); err != nil || outcome(t, res, "SCORE") != "3" {
			t.Errorf("%q: %v %v", space, res, err)
		}
	}
}

// Conditions of parts, sections in files of their own, feedback during the test.
func TestPartsAndSections(t *testing.T) {
	section := `<assessmentSection xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="S2" title="S2" visible="true"><assessmentItemRef identifier="Q2" href="../i.xml"/></assessmentSection>`
	files := fstest.MapFS{"i.xml": {Data: []byte(smallItem)}, "sections/s2.xml": {Data: []byte(section)}}
	test := ReadTest(Source{FS: files, Name: "t.xml"}, []byte(`<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="t" title="t">
<outcomeDeclaration identifier="TOTAL" cardinality="single" baseType="integer"/><outcomeDeclaration identifier="LONG" cardinality="single" baseType="boolean"/>
<testPart identifier="P1" navigationMode="nonlinear" submissionMode="individual"><assessmentSection identifier="S1" title="S1" visible="true"><assessmentItemRef identifier="Q1" href="i.xml"><preCondition><baseValue baseType="boolean">false</baseValue></preCondition></assessmentItemRef></assessmentSection></testPart>
<testPart identifier="P2" navigationMode="linear" submissionMode="individual"><preCondition><gt><variable identifier="Q1.SCORE"/><baseValue baseType="integer">2</baseValue></gt></preCondition><assessmentSectionRef identifier="S2" href="sections/s2.xml"/></testPart>
<testPart identifier="P3" navigationMode="linear" submissionMode="individual"><assessmentSection identifier="S3" title="S3" visible="true"><preCondition><isNull><variable identifier="Q2.SCORE"/></isNull></preCondition><assessmentItemRef identifier="Q3" href="i.xml"/></assessmentSection></testPart>
<outcomeProcessing><setOutcomeValue identifier="TOTAL"><sum><testVariables variableIdentifier="SCORE"/></sum></setOutcomeValue><setOutcomeValue identifier="LONG"><durationGTE><variable identifier="P1.duration"/><baseValue baseType="duration">10</baseValue></durationGTE></setOutcomeValue><exitTest/><setOutcomeValue identifier="TOTAL"><baseValue baseType="integer">99</baseValue></setOutcomeValue></outcomeProcessing>
<testFeedback access="during" outcomeIdentifier="TOTAL" identifier="4" showHide="show"/><testFeedback access="atEnd" outcomeIdentifier="TOTAL" identifier="4" showHide="hide"/></assessmentTest>`))
	if len(test.Findings) > 0 {
		t.Fatal(test.Findings)
	}
	for answer, want := range map[float64]string{4: "Q1 Q2", 1: "Q1 Q3"} {
		s, err := test.NewSession(0)
		if err != nil {
			t.Fatal(err)
		}
		s.Durations = map[string]float64{"P1": 12}
		var path []string
		for {
			o, err := s.Next()
			if err != nil {
				t.Fatal(err)
			}
			if o == nil {
				break
			}
			path = append(path, o.Key)
			if o.Key != "Q1" {
				continue
			}
			if _, err := s.Attempt(o, Attempt{Responses: map[string]Value{"R": number(Integer, answer)}}); err != nil {
				t.Fatal(err)
			}
			if shown := len(s.Feedback()) == 1; shown != (answer == 4) {
				t.Errorf("feedback during the test with %v: %v", answer, s.Feedback())
			}
		}
		if got := strings.Join(path, " "); got != want {
			t.Errorf("with %v: %s, want %s", answer, got, want)
		}
		outcomes := OutcomesJSON(s.Outcomes())
		if v := s.Outcomes()[0].Value; v.List[0].X != answer || outcomes["LONG"] != true {
			t.Errorf("with %v: %v", answer, outcomes)
		}
		if shown := len(s.Feedback()) == 1; shown != (answer != 4) {
			t.Errorf("feedback at the end with %v: %v", answer, s.Feedback())
		}
	}
}

func TestPrintedVariable(t *testing.T) {
	it := ReadItem(Source{Name: "x"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="x" title="x" adaptive="false" timeDependent="false">
<templateDeclaration identifier="X" cardinality="single" baseType="float"><defaultValue><value>3.14159</value></defaultValue></templateDeclaration>
<templateDeclaration identifier="N" cardinality="single" baseType="integer"><defaultValue><value>255</value></defaultValue></templateDeclaration>
<templateDeclaration identifier="L" cardinality="ordered" baseType="integer"><defaultValue><value>4</value><value>5</value></defaultValue></templateDeclaration>
<templateDeclaration identifier="R" cardinality="record"><defaultValue><value fieldIdentifier="a" baseType="string">b</value></defaultValue></templateDeclaration>
<itemBody><p><printedVariable identifier="X" format="%.2f"/>|<printedVariable identifier="N" format="%05d"/>|<printedVariable identifier="N" base="16"/>|<printedVariable identifier="L" delimiter=" et "/>|<printedVariable identifier="L" index="2"/>|<printedVariable identifier="R"/>|<printedVariable identifier="R" field="a"/>|<printedVariable identifier="X" format="%n"/></p></itemBody></assessmentItem>`))
	s, err := it.NewSession(0)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := s.View()
	var b strings.Builder
	for _, n := range p.Body[0].Children {
		b.WriteString(n.Text)
	}
	if want := "3.14|00255|ff|4 et 5|5|a=b|b|3.14159"; b.String() != want {
		t.Errorf("%s, want %s", b.String(), want)
	}
}
