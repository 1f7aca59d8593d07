package qti

import (
	"bytes"
	"testing"
)

// One item with every interaction of the standard, in both spellings.
func TestEveryInteraction(t *testing.T) {
	it := readTestdata(t, "interactions.xml")
	var b bytes.Buffer
	if err := it.WriteItem(&b); err != nil {
		t.Fatal(err)
	}
	as3 := ReadItem(Source{Name: "interactions3.xml"}, b.Bytes())
	for _, version := range []*Item{it, as3} {
		if len(version.Findings) > 0 {
			t.Errorf("%s: %v", version.File, version.Findings)
		}
		kinds := map[string]int{}
		for _, in := range version.Interactions {
			kinds[in.Kind]++
		}
		if len(kinds) != 21 {
			t.Errorf("%s: %d kinds of interactions: %v", version.File, len(kinds), kinds)
		}
		for name, one := range map[string]struct {
			answers                map[string]any
			score, correct, degree string
		}{
			"nothing": {nil, "0", "0", "fragile"},
			"all": {map[string]any{
				"CHOIX": []any{"c3", "c1"}, "ORDRE": []any{"o2", "o1", "o3"}, "ASSOCIE": []any{"s3 s1"}, "APPARIE": []any{"g2 d1", "g1 d2"}, "TROUS": []any{"m1 t1"},
				"LISTE": "l2", "MOT": "Chêne", "SURLIGNE": "h2", "ZONE": "z1", "POINT": "55 55", "ZONES": []any{"y2", "y1"}, "LIENS": []any{"x2 x1"}, "IMAGES": []any{"i1 p1"},
				"CURSEUR": 80, "TEXTE": "Il était une fois", "FIN": true, "ECOUTES": "1",
			}, "13", "5", "solide"},
			"half": {map[string]any{
				"CHOIX": []any{"c1"}, "ORDRE": []any{"o1", "o2", "o3"}, "APPARIE": []any{"g1 d2", "g2 d2"}, "MOT": "CHENE", "POINT": "90 90", "LISTE": "l2", "CURSEUR": "60",
			}, "5.5", "0", "moyen"},
		} {
			res, err := version.ScoreLine(Line{Responses: numbers(one.answers)})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if outcome(t, res, "SCORE") != one.score || outcome(t, res, "JUSTES") != one.correct || outcome(t, res, "NIVEAU") != one.degree {
				t.Errorf("%s of %s: %v", name, version.File, OutcomesJSON(res.Outcomes))
			}
		}
	}
}

// numbers turns ints into what JSON would give.
func numbers(answers map[string]any) map[string]any {
	out := map[string]any{}
	for id, v := range answers {
		if n, ok := v.(int); ok {
			v = float64(n)
		}
		out[id] = v
	}
	return out
}

func TestInteractionFindings(t *testing.T) {
	declare := func(declaration, body string) *Item {
		return ReadItem(Source{Name: "x"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="x" title="x" adaptive="false" timeDependent="false">`+declaration+`<itemBody>`+body+`</itemBody></assessmentItem>`))
	}
	single := `<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>Z</value></correctResponse></responseDeclaration>`
	for name, one := range map[string]struct {
		it       *Item
		key      string
		severity Severity
	}{
		"unbound":       {declare("", `<choiceInteraction responseIdentifier="R"/>`), "qti.undeclared", Error},
		"no response":   {declare(single, `<choiceInteraction/>`), "qti.attribute_absent", Error},
		"twice":         {declare(single, `<choiceInteraction responseIdentifier="R"/><choiceInteraction responseIdentifier="R"/>`), "qti.bound_twice", Warning},
		"cardinality":   {declare(single, `<orderInteraction responseIdentifier="R"/>`), "qti.bound_cardinality", Warning},
		"type":          {declare(single, `<p><textEntryInteraction responseIdentifier="R"/></p>`), "qti.bound_type", Warning},
		"key":           {declare(single, `<choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="A"/></choiceInteraction>`), "qti.key_names_no_choice", Warning},
		"unknown":       {declare(single, `<telepathicInteraction responseIdentifier="R"/>`), "qti.unknown_interaction", Error},
		"same choice":   {declare(single, `<choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="A"/><simpleChoice identifier="A"/></choiceInteraction>`), "qti.declared_twice", Error},
		"one match set": {declare(single, `<matchInteraction responseIdentifier="R"><simpleMatchSet/></matchInteraction>`), "qti.match_sets", Error},
		"feedback":      {declare(single, `<p><feedbackInline outcomeIdentifier="ABSENT" identifier="A" showHide="show"/></p>`), "qti.undeclared", Warning},
	} {
		if !has(one.it.Findings, one.key, one.severity) {
			t.Errorf("%s: %v", name, one.it.Findings)
		}
	}
}

// How often a picture may be put is what its variable holds, where the attribute
// does not say; a stage without its size is known as such.
func TestPositionObject(t *testing.T) {
	for _, c := range []struct {
		cardinality, attribute, size, most string
		sized                              bool
	}{
		{"single", "", `width="300" height="200"`, "1", true},
		{"single", `maxChoices="0"`, `width="300" height="200"`, "1", true},
		{"multiple", "", `width="300" height="200"`, "0", true},
		{"multiple", `maxChoices="3"`, `width="300"`, "3", false},
		{"multiple", `maxChoices="-3"`, ``, "0", false},
	} {
		it := ReadItem(Source{Name: "x"}, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="x" title="x" adaptive="false" timeDependent="false">
<responseDeclaration identifier="P" cardinality="`+c.cardinality+`" baseType="point"/><itemBody><positionObjectStage><object type="image/png" data="a.png" `+c.size+`/>
<positionObjectInteraction responseIdentifier="P" `+c.attribute+`><object type="image/png" data="b.png" width="10" height="10"/></positionObjectInteraction></positionObjectStage></itemBody></assessmentItem>`))
		s, err := it.NewSession(1)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := s.View()
		var in *Node
		for _, n := range p.Body {
			for _, c := range n.Children {
				if c.Tag == "positionObjectInteraction" {
					in = c
				}
			}
		}
		if in == nil || in.Attrs["maxChoices"] != c.most || it.Interactions[0].Sized != c.sized {
			t.Errorf("%+v: %+v, sized %v", c, in, it.Interactions[0].Sized)
		}
	}
}
