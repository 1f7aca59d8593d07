package qti

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// bankKinds are the kinds of items of the bank whose keys are guessed.
var bankKinds = []string{"choice", "choiceInOrder", "order", "orderAsWritten", "match", "matchAsWritten", "gap", "associate", "inline", "hotspot", "hottext", "slider", "text"}

// makeBankItem makes an item of a kind with a key drawn at random, written the way
// careless authors do: telling identifiers, classes and file names, the key first
// wherever it is to be shuffled.
func makeBankItem(rng *rand.Rand, kind string, n int) string {
	words := func() string { return "mot" + strconv.Itoa(rng.IntN(1_000_000)) }
	names := []string{"correct", "wrong1", "wrong2", "distractor"}
	head := func(cardinality, base string, correct ...string) string {
		return `<responseDeclaration identifier="RESPONSE" cardinality="` + cardinality + `" baseType="` + base + `"><correctResponse><value>` + strings.Join(correct, "</value><value>") + `</value></correctResponse></responseDeclaration>`
	}
	choice := func(tag, id, more string) string {
		class := "wrong"
		if id == "correct" {
			class = "correct"
		}
		return `<` + tag + ` identifier="` + id + `" class="` + class + `" data-role="` + class + `"` + more + `>` + words() + `</` + tag + `>`
	}
	var declaration, body string
	position := rng.IntN(4) // of the key, where the author's order is shown
	placed := slices.Clone(names[1:])
	placed = slices.Insert(placed, min(position, len(placed)), "correct")
	switch kind {
	case "choice", "choiceInOrder":
		declaration = head("single", "identifier", "correct")
		list, shuffle := names, "true"
		if kind == "choiceInOrder" {
			list, shuffle = placed, "false"
		}
		var b strings.Builder
		for _, id := range list {
			b.WriteString(`<simpleChoice identifier="` + id + `" class="` + id + `"><img src="img/` + id + `.png" alt="image"/>` + words() + `</simpleChoice>`)
		}
		body = `<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1" shuffle="` + shuffle + `">` + b.String() + `</choiceInteraction>`
	case "order", "orderAsWritten":
		ids := []string{"first", "second", "third", "fourth"}
		declaration = head("ordered", "identifier", ids...)
		var b strings.Builder
		for _, id := range ids {
			b.WriteString(choice("simpleChoice", id, ""))
		}
		body = `<orderInteraction responseIdentifier="RESPONSE" shuffle="` + strconv.FormatBool(kind == "order") + `">` + b.String() + `</orderInteraction>`
	case "match", "matchAsWritten":
		declaration = head("multiple", "directedPair", "s1 t1", "s2 t2", "s3 t3", "s4 t4")
		var left, right strings.Builder
		for i := 1; i <= 4; i++ {
			left.WriteString(choice("simpleAssociableChoice", "s"+strconv.Itoa(i), ` matchMax="1"`))
			right.WriteString(choice("simpleAssociableChoice", "t"+strconv.Itoa(i), ` matchMax="1"`))
		}
		body = `<matchInteraction responseIdentifier="RESPONSE" maxAssociations="4" shuffle="` + strconv.FormatBool(kind == "match") + `"><simpleMatchSet>` + left.String() + `</simpleMatchSet><simpleMatchSet>` + right.String() + `</simpleMatchSet></matchInteraction>`
	case "gap":
		declaration = head("multiple", "directedPair", "g1 h1", "g2 h2", "g3 h3")
		var texts, gaps strings.Builder
		for i := 1; i <= 3; i++ {
			texts.WriteString(choice("gapText", "g"+strconv.Itoa(i), ` matchMax="1"`))
			gaps.WriteString(words() + ` <gap identifier="h` + strconv.Itoa(i) + `"/> `)
		}
		body = `<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false">` + texts.String() + `<p>` + gaps.String() + `</p></gapMatchInteraction>`
	case "associate":
		declaration = head("multiple", "pair", "a1 a2", "b1 b2")
		var b strings.Builder
		for _, id := range []string{"a1", "a2", "b1", "b2"} {
			b.WriteString(choice("simpleAssociableChoice", id, ` matchMax="1"`))
		}
		body = `<associateInteraction responseIdentifier="RESPONSE" maxAssociations="2" shuffle="false">` + b.String() + `</associateInteraction>`
	case "inline":
		declaration = head("single", "identifier", "correct")
		var b strings.Builder
		for _, id := range names {
			b.WriteString(choice("inlineChoice", id, ""))
		}
		body = `<p>` + words() + ` <inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="true">` + b.String() + `</inlineChoiceInteraction></p>`
	case "hotspot":
		declaration = head("single", "identifier", "correct")
		var b strings.Builder
		for i, id := range placed {
			b.WriteString(`<hotspotChoice identifier="` + id + `" shape="circle" coords="` + strconv.Itoa(20+40*i) + `,20,10" hotspotLabel="zone"/>`)
		}
		body = `<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><object type="image/png" data="img/plan-correct.png" width="200" height="40"/>` + b.String() + `</hotspotInteraction>`
	case "hottext":
		declaration = head("single", "identifier", "correct")
		var b strings.Builder
		for _, id := range placed {
			b.WriteString(choice("hottext", id, "") + " ")
		}
		body = `<hottextInteraction responseIdentifier="RESPONSE" maxChoices="1"><p>` + b.String() + `</p></hottextInteraction>`
	case "slider":
		key := strconv.Itoa(rng.IntN(11))
		declaration = `<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="integer"><correctResponse><value>` + key + `</value></correctResponse><defaultValue><value>` + key + `</value></defaultValue></responseDeclaration>`
		body = `<sliderInteraction responseIdentifier="RESPONSE" lowerBound="0" upperBound="10" step="1"/>`
	case "text":
		key := strings.Repeat("a", 1+rng.IntN(4))
		declaration = head("single", "string", key)
		body = `<p><textEntryInteraction responseIdentifier="RESPONSE" expectedLength="` + strconv.Itoa(len(key)) + `" patternMask="[a-z]{` + strconv.Itoa(len(key)) + `}" placeholderText="…"/></p>`
	}
	return `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="item-` + strconv.Itoa(n) + `" title="` + kind + `" adaptive="false" timeDependent="false">` + declaration +
		`<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody>` + body + `</itemBody><responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/></assessmentItem>`
}
