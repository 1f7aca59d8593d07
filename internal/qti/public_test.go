package qti

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func viewJSON(t testing.TB, s *ItemSession) (string, *Public, *Key) {
	t.Helper()
	p, key := s.View()
	out, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), p, key
}

// Each word "secret…" of this item stands where a browser must not see it.
const secretItem = `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="secret-id" title="secret-title" label="secret-label" xml:lang="fr" adaptive="false" time-dependent="false">
<qti-response-declaration identifier="secret-response" cardinality="single" base-type="identifier">
 <qti-correct-response><qti-value>secret-key</qti-value></qti-correct-response>
 <qti-default-value><qti-value>secret-key</qti-value></qti-default-value>
 <qti-mapping default-value="0"><qti-map-entry map-key="secret-key" mapped-value="98765"/></qti-mapping>
</qti-response-declaration>
<qti-response-declaration identifier="secret-text" cardinality="single" base-type="string"><qti-correct-response><qti-value>secret-word</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-outcome-declaration identifier="secret-feedback" cardinality="single" base-type="identifier"/>
<qti-template-declaration identifier="secret-template" cardinality="single" base-type="identifier"><qti-default-value><qti-value>other</qti-value></qti-default-value></qti-template-declaration>
<qti-item-body class="secret-class" id="secret-id">
 <!-- secret-comment -->
 <p class="secret-class qti-center" id="secret-p" data-answer="secret-data" style="secret-style" onclick="secret-script">Lis <a href="https://example.org/secret-link">la carte</a>.</p>
 <script>secret-script</script>
 <div><img src="images/secret-picture.png" alt="une carte" aria-describedby="secret-p"/><img src="https://example.org/secret-outside.png" alt=""/></div>
 <qti-rubric-block use="scoring" view="scorer tutor"><qti-content-body><p>secret-rubric</p></qti-content-body></qti-rubric-block>
 <qti-template-block template-identifier="secret-template" identifier="one" show-hide="show"><qti-content-body><p>secret-block</p></qti-content-body></qti-template-block>
 <qti-choice-interaction response-identifier="secret-response" max-choices="1" shuffle="true" data-key="secret-data">
  <qti-prompt>Choisis.</qti-prompt>
  <qti-simple-choice identifier="secret-key" class="secret-class">un<qti-feedback-inline outcome-identifier="secret-feedback" identifier="secret-key" show-hide="show">secret-inline</qti-feedback-inline></qti-simple-choice>
  <qti-simple-choice identifier="secret-wrong">deux</qti-simple-choice>
  <qti-simple-choice identifier="secret-hidden" template-identifier="secret-template" show-hide="show">secret-choice</qti-simple-choice>
 </qti-choice-interaction>
 <p><qti-text-entry-interaction response-identifier="secret-text" expected-length="11" pattern-mask="secret-word"/></p>
 <qti-feedback-block outcome-identifier="secret-feedback" identifier="secret-key" show-hide="show"><qti-content-body><p>secret-feedback-block</p></qti-content-body></qti-feedback-block>
 <math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>x</mi><annotation>secret-annotation</annotation></semantics></math>
 <svg xmlns="http://www.w3.org/2000/svg" width="10"><defs><g id="secret-shape"/></defs><use href="#secret-shape"/><script>secret-script</script></svg>
 <qti-portable-custom-interaction response-identifier="secret-text" data-key="secret-data"><properties>secret-property</properties></qti-portable-custom-interaction>
</qti-item-body>
<qti-catalog-info><qti-catalog id="secret-catalog"><qti-card support="spoken"><qti-html-content>secret-card</qti-html-content></qti-card></qti-catalog></qti-catalog-info>
<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-map-response identifier="secret-response"/></qti-set-outcome-value></qti-response-processing>
<qti-modal-feedback outcome-identifier="secret-feedback" identifier="secret-key" show-hide="show"><qti-content-body><p>secret-modal</p></qti-content-body></qti-modal-feedback>
</qti-assessment-item>`

func TestNothingTelling(t *testing.T) {
	it := ReadItem(Source{Name: "x.xml"}, []byte(secretItem))
	if it.Findings.Failed() {
		t.Fatal(it.Findings)
	}
	for seed := range uint64(20) {
		s, err := it.NewSession(seed)
		if err != nil {
			t.Fatal(err)
		}
		out, _, key := viewJSON(t, s)
		for _, telling := range []string{"secret", "98765", "SCORE", "shuffle", "fixed", "mapped", "identifier", "example.org", "onclick"} {
			if strings.Contains(out, telling) {
				t.Fatalf("%q is in the public part: %s", telling, out)
			}
		}
		for _, kept := range []string{"Choisis.", "une carte", "la carte", "qti-center", "textEntryInteraction", "choiceInteraction", "math:mi", "svg:use", `"asset":"a1"`} {
			if !strings.Contains(out, kept) {
				t.Fatalf("%q is not in the public part: %s", kept, out)
			}
		}
		if key.Assets["a1"] != "images/secret-picture.png" || len(key.Unrendered) != 1 {
			t.Fatalf("key: %+v", key)
		}
	}
}

// Feedback comes with the attempt that earns it, and not before.
func TestFeedbackWhenDue(t *testing.T) {
	it := readTestdata(t, "choix.xml")
	s, err := it.NewSession(3)
	if err != nil {
		t.Fatal(err)
	}
	before, _, key := viewJSON(t, s)
	if strings.Contains(before, "capitale est Paris") || strings.Contains(before, "(non)") {
		t.Errorf("feedback before its time: %s", before)
	}
	var wrong string
	for public, own := range key.Choices {
		if own == "faux1" {
			wrong = public
		}
	}
	values, warnings := it.Responses(key.Translate(map[string]any{"r1": wrong, "r9": "x"}))
	if len(warnings) > 0 {
		t.Fatal(warnings)
	}
	if _, err := s.Attempt(Attempt{Responses: values}); err != nil {
		t.Fatal(err)
	}
	after, p, _ := viewJSON(t, s)
	if !strings.Contains(after, "capitale est Paris") || !strings.Contains(after, "(non)") || len(p.Modal) != 1 {
		t.Errorf("no feedback after: %s", after)
	}
	if strings.Contains(after, "Paris est la capitale") {
		t.Errorf("the other feedback shows: %s", after)
	}
}

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

// find lists the nodes of a tag, in order.
func find(nodes []*Node, tag string) []*Node {
	var out []*Node
	for _, n := range nodes {
		if n.Tag == tag {
			out = append(out, n)
		}
		out = append(out, find(n.Children, tag)...)
	}
	return out
}

func rendered(n *Node) string {
	out, _ := json.Marshal(n)
	return string(out)
}

// pickers choose one of several nodes from what is written on them.
var pickers = map[string]func([]*Node) int{
	"first":    func([]*Node) int { return 0 },
	"second":   func([]*Node) int { return 1 },
	"last":     func(list []*Node) int { return len(list) - 1 },
	"longest":  func(list []*Node) int { return best(list, func(n *Node) float64 { return float64(len(rendered(n))) }) },
	"shortest": func(list []*Node) int { return best(list, func(n *Node) float64 { return -float64(len(rendered(n))) }) },
	"id":       func(list []*Node) int { return best(list, func(n *Node) float64 { return -hash01(n.Attrs["id"]) }) },
	"most attributes": func(list []*Node) int {
		return best(list, func(n *Node) float64 { return float64(len(n.Attrs)) })
	},
	"fewest attributes": func(list []*Node) int {
		return best(list, func(n *Node) float64 { return -float64(len(n.Attrs)) })
	},
	"smallest asset": func(list []*Node) int {
		return best(list, func(n *Node) float64 {
			if images := find(n.Children, "img"); len(images) > 0 {
				return -float64(atoi(strings.TrimPrefix(images[0].Attrs["asset"], "a")))
			}
			return 0
		})
	},
	"telling word": func(list []*Node) int {
		return best(list, func(n *Node) float64 {
			if strings.Contains(rendered(n), "correct") {
				return 1
			}
			return 0
		})
	},
}

func hash01(s string) float64 { return float64(hashText(s)%1000) / 1000 }

func best(list []*Node, worth func(*Node) float64) int {
	at := 0
	for i, n := range list {
		if worth(n) > worth(list[at]) {
			at = i
		}
	}
	return at
}

// guess answers an item from its public part alone; chance is what blind luck
// would reach. It returns false when the picker does not apply.
func guess(kind string, p *Public, pick func([]*Node) int) (answer any, chance float64, ok bool) {
	ids := func(nodes []*Node) []string {
		out := make([]string, len(nodes))
		for i, n := range nodes {
			out[i] = n.Attrs["id"]
		}
		return out
	}
	switch kind {
	case "choice", "choiceInOrder", "inline", "hotspot", "hottext":
		tag := map[string]string{"hotspot": "hotspot", "hottext": "hottext"}[kind]
		if tag == "" {
			tag = "choice"
		}
		list := find(p.Body, tag)
		return list[pick(list)].Attrs["id"], 0.25, true
	case "order", "orderAsWritten":
		list := find(p.Body, "choice")
		start := pick(list)
		var out []any
		for i := range list {
			out = append(out, list[(start+i)%len(list)].Attrs["id"])
		}
		return out, 1.0 / 24, true
	case "match", "matchAsWritten":
		sets := find(p.Body, "matchSet")
		return pairUp(ids(find(sets[0].Children, "choice")), ids(find(sets[1].Children, "choice")), pick(find(sets[1].Children, "choice"))), 1.0 / 24, true
	case "gap":
		texts := find(p.Body, "choice")
		return pairUp(ids(texts), ids(find(p.Body, "gap")), pick(texts)), 1.0 / 6, true
	case "associate":
		list := ids(find(p.Body, "choice"))
		i := 1 + pick(find(p.Body, "choice"))%3
		rest := slices.Delete(slices.Clone(list[1:]), i-1, i)
		return []any{list[0] + " " + list[i], rest[0] + " " + rest[1]}, 1.0 / 3, true
	case "slider":
		n := find(p.Body, "sliderInteraction")[0]
		if v := n.Attrs["value"]; v != "" {
			return v, 1.0 / 11, true
		}
		return strconv.Itoa(pick([]*Node{n, n, n}) * 5), 1.0 / 11, true
	case "text":
		n := find(p.Body, "textEntryInteraction")[0]
		length := atoi(n.Attrs["expectedLength"])
		if mask := n.Attrs["patternMask"]; mask != "" {
			length = atoi(mask[len(mask)-2:])
		}
		return strings.Repeat("a", 1+length%4), 0.25, true
	}
	return nil, 0, false
}

func pairUp(left, right []string, turn int) []any {
	var out []any
	for i := range left {
		out = append(out, left[i]+" "+right[(i+turn)%len(right)])
	}
	return out
}

// Keys guessed from public parts over a whole bank are right no more often than
// blind luck: four standard deviations at most above it, for every way of
// guessing and every kind of item.
func TestKeysCannotBeGuessed(t *testing.T) {
	const perKind = 400
	rng := rand.New(rand.NewPCG(2026, 11))
	for _, kind := range bankKinds {
		hits, luck := map[string]int{}, 0.0
		for n := range perKind {
			it := ReadItem(Source{Name: "bank.xml"}, []byte(makeBankItem(rng, kind, n)))
			if it.Findings.Failed() {
				t.Fatalf("%s: %v", kind, it.Findings)
			}
			s, err := it.NewSession(rng.Uint64())
			if err != nil {
				t.Fatal(err)
			}
			p, key := s.View()
			for name, pick := range pickers {
				answer, chance, ok := guess(kind, p, pick)
				if !ok {
					t.Fatalf("%s: no guess", kind)
				}
				luck = chance
				values, _ := it.Responses(key.Translate(map[string]any{"r1": answer}))
				fresh, err := it.NewSession(0)
				if err != nil {
					t.Fatal(err)
				}
				res, err := fresh.Attempt(Attempt{Responses: values})
				if err != nil {
					t.Fatal(err)
				}
				if score, _ := res.Outcome("SCORE"); score.truth() {
					hits[name]++
				}
			}
		}
		bound := luck*perKind + 4*math.Sqrt(perKind*luck*(1-luck))
		for name, n := range hits {
			if float64(n) > bound {
				t.Errorf("%s by %q: %d of %d right, chance is %.0f", kind, name, n, perKind, luck*perKind)
			}
		}
		total := 0
		for _, n := range hits {
			total += n
		}
		// Guessers that are never right would prove nothing.
		if total == 0 {
			t.Errorf("%s: no guess was ever right", kind)
		}
	}
}

// With the author's own names and order, the same guessers find the keys: the
// test above can fail.
func TestGuessersFindBareKeys(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	right := 0
	for n := range 100 {
		it := ReadItem(Source{Name: "bank.xml"}, []byte(makeBankItem(rng, "choice", n)))
		list := make([]*Node, 0, 4)
		for _, c := range it.Interactions[0].Choices {
			list = append(list, &Node{Tag: "choice", Attrs: map[string]string{"id": c.Identifier}})
		}
		if fmt.Sprint(list[pickers["telling word"](list)].Attrs["id"]) == "correct" {
			right++
		}
	}
	if right != 100 {
		t.Errorf("%d of 100 keys found in bare items", right)
	}
}

// Every public name leads back to its own, and the key scores in full.
func TestPublicNamesLeadBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n, kind := range bankKinds {
		it := ReadItem(Source{Name: "bank.xml"}, []byte(makeBankItem(rng, kind, n)))
		s, err := it.NewSession(rng.Uint64())
		if err != nil {
			t.Fatal(err)
		}
		_, key := s.View()
		back := map[string]string{}
		for public, own := range key.Choices {
			back[own] = public
		}
		correct := it.Variable("RESPONSE").Correct
		var answer any
		var list []any
		for _, scalar := range correct.List {
			words := strings.Fields(scalar.lexical(correct.Type))
			if correct.Type == Identifier || correct.Type == Pair || correct.Type == DirectedPair {
				for i := range words {
					words[i] = back[words[i]]
				}
			}
			answer = strings.Join(words, " ")
			list = append(list, answer)
		}
		if correct.Cardinality != Single {
			answer = list
		}
		values, warnings := it.Responses(key.Translate(map[string]any{"r1": answer}))
		res, err := s.Attempt(Attempt{Responses: values})
		if err != nil || len(warnings) > 0 || outcome(t, res, "SCORE") != "1" {
			t.Errorf("%s: %v %v %v", kind, answer, res, err)
		}
	}
}
