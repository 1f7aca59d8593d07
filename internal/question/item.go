package question

import (
	"math"
	"strconv"
	"strings"

	"preau/internal/qti"
)

// Item gives the draft as a document of QTI 3, whose files are under media/.
// Check must have found nothing.
func (d *Draft) Item(identifier string, files Files) []byte {
	b := &builder{draft: d, files: files}
	body := b.body()
	language := d.Language
	if language == "" {
		language = "fr"
	}
	root := []*qti.Element{}
	for _, r := range b.responses {
		root = append(root, r.declaration())
	}
	points := number(d.Points)
	score := []string{"identifier", "SCORE", "cardinality", "single", "base-type", "float", "normal-minimum", "0", "normal-maximum", points}
	if d.Kind == Long {
		score = append(score, "external-scored", "human")
	}
	root = append(root,
		qti.Make("qti-outcome-declaration", score, defaultValue("0")),
		qti.Make("qti-outcome-declaration", []string{"identifier", "MAXSCORE", "cardinality", "single", "base-type", "float"}, defaultValue(points)))
	told := d.Kind != Long && (strings.TrimSpace(d.WhenRight) != "" || strings.TrimSpace(d.WhenWrong) != "")
	if told {
		root = append(root, qti.Make("qti-outcome-declaration", []string{"identifier", "FEEDBACK", "cardinality", "single", "base-type", "identifier"}))
	}
	root = append(root, qti.Make("qti-item-body", nil, body...))
	if len(b.cards) > 0 {
		root = append(root, qti.Make("qti-catalog-info", nil, b.cards...))
	}
	if rules := b.rules(); len(rules) > 0 {
		if told {
			rules = append(rules, tell(points))
		}
		root = append(root, qti.Make("qti-response-processing", nil, rules...))
	}
	if told {
		for _, f := range [][2]string{{"right", d.WhenRight}, {"wrong", d.WhenWrong}} {
			if strings.TrimSpace(f[1]) != "" {
				root = append(root, qti.Make("qti-modal-feedback", []string{"outcome-identifier", "FEEDBACK", "identifier", f[0], "show-hide", "show"},
					qti.Make("qti-content-body", nil, blocks(f[1], nil)...)))
			}
		}
	}
	item := qti.Make("qti-assessment-item", []string{"identifier", identifier, "title", strings.TrimSpace(d.Title), "xml:lang", language, "adaptive", "false", "time-dependent", "false"}, root...)
	return qti.Bytes(item)
}

// builder makes the parts of an item.
type builder struct {
	draft     *Draft
	files     Files
	responses []response
	cards     []*qti.Element // what is said in the sounds, for those who ask for it
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func defaultValue(s string) *qti.Element {
	return qti.Make("qti-default-value", nil, qti.Make("qti-value", nil, qti.Words(s)))
}

// body makes the stem and the interaction, and declares the responses.
func (b *builder) body() []*qti.Element {
	d := b.draft
	out := b.stem()
	prompt := qti.Make("qti-prompt", nil, lines(d.Ask)...)
	ask := blocks(d.Ask, nil)
	switch d.Kind {
	case Choice, Several:
		return append(out, b.choice(prompt))
	case Order:
		return append(out, b.order(prompt))
	case Gap:
		return append(out, b.gaps(prompt))
	case Match:
		return append(out, b.match(prompt))
	case Hotspot:
		return append(out, b.hotspot(prompt))
	case Inline:
		return append(append(out, ask...), blocks(d.Text, b.inline)...)
	case Short:
		return append(append(out, ask...), b.short())
	case Long:
		b.responses = append(b.responses, response{name: "RESPONSE", cardinality: "single", base: "string"})
		out = append(out, qti.Make("qti-extended-text-interaction", []string{"response-identifier", "RESPONSE", "expected-lines", strconv.Itoa(max(3, d.Lines))}, prompt))
		if strings.TrimSpace(d.Guide) != "" {
			out = append(out, qti.Make("qti-rubric-block", []string{"use", "scoring", "view", "scorer"}, qti.Make("qti-content-body", nil, blocks(d.Guide, nil)...)))
		}
	}
	return out
}

func (b *builder) stem() []*qti.Element {
	var out []*qti.Element
	for i, block := range b.draft.Stem {
		switch block.Kind {
		case "text":
			out = append(out, blocks(block.Text, nil)...)
		case "picture":
			out = append(out, qti.Make("p", nil, b.picture(Picture{block.File, block.Alt})))
		case "sound":
			f, _ := b.files(block.File)
			sound := qti.Make("audio", []string{"src", f.Path(), "controls", "controls"})
			if block.Shown {
				out = append(out, qti.Make("figure", nil, sound, qti.Make("figcaption", nil, lines(block.Said)...)))
				continue
			}
			card := "said-" + strconv.Itoa(i+1)
			out = append(out, qti.Make("div", []string{"data-catalog-idref", card}, sound))
			b.cards = append(b.cards, qti.Make("qti-catalog", []string{"id", card},
				qti.Make("qti-card", []string{"support", "transcript"}, qti.Make("qti-html-content", nil, blocks(block.Said, nil)...))))
		}
	}
	return out
}

func (b *builder) picture(p Picture) *qti.Element {
	f, _ := b.files(p.File)
	return qti.Make("img", []string{"src", f.Path(), "alt", strings.TrimSpace(p.Alt), "width", strconv.Itoa(f.Width), "height", strconv.Itoa(f.Height)})
}

// answer is what a choice shows.
func (b *builder) answer(a Answer) []*qti.Element {
	out := lines(a.Text)
	if a.Picture != nil {
		if len(out) > 0 {
			out = append(out, qti.Make("br", nil))
		}
		out = append(out, b.picture(*a.Picture))
	}
	return out
}

// name is the identifier of the nth of a list, from 0.
func name(letter string, n int) string { return letter + strconv.Itoa(n+1) }

func flag(on bool) string { return strconv.FormatBool(on) }

func (b *builder) choice(prompt *qti.Element) *qti.Element {
	d := b.draft
	r := response{name: "RESPONSE", cardinality: "single", base: "identifier"}
	most := "1"
	if d.Kind == Several {
		r.cardinality, most = "multiple", "0"
	}
	children := []*qti.Element{prompt}
	for i, a := range d.Answers {
		id := name("A", i)
		if a.Right {
			r.correct = append(r.correct, id)
		} else {
			r.wrong = append(r.wrong, id)
		}
		children = append(children, qti.Make("qti-simple-choice", []string{"identifier", id}, b.answer(a)...))
	}
	b.responses = append(b.responses, r)
	return qti.Make("qti-choice-interaction", []string{"response-identifier", "RESPONSE", "shuffle", flag(d.Shuffle), "max-choices", most}, children...)
}

func (b *builder) order(prompt *qti.Element) *qti.Element {
	r := response{name: "RESPONSE", cardinality: "ordered", base: "identifier"}
	children := []*qti.Element{prompt}
	for i, a := range b.draft.Answers {
		r.correct = append(r.correct, name("A", i))
		children = append(children, qti.Make("qti-simple-choice", []string{"identifier", name("A", i)}, b.answer(a)...))
	}
	b.responses = append(b.responses, r)
	return qti.Make("qti-order-interaction", []string{"response-identifier", "RESPONSE", "shuffle", "true"}, children...)
}

// gaps offers each word once for each gap that it fills.
func (b *builder) gaps(prompt *qti.Element) *qti.Element {
	d := b.draft
	r := response{name: "RESPONSE", cardinality: "multiple", base: "directedPair"}
	ids := map[string]string{}
	var offered []string
	uses := map[string]int{}
	for i, g := range d.Gaps {
		key := fold(g.Right)
		if ids[key] == "" {
			ids[key] = name("W", len(ids))
			offered = append(offered, g.Right)
		}
		uses[key]++
		r.correct = append(r.correct, ids[key]+" "+name("G", i))
	}
	for _, s := range d.Extra {
		if key := fold(s); ids[key] == "" {
			ids[key] = name("W", len(ids))
			offered = append(offered, s)
			uses[key] = 1
		}
	}
	children := []*qti.Element{prompt}
	for _, s := range offered {
		children = append(children, qti.Make("qti-gap-text", []string{"identifier", ids[fold(s)], "match-max", strconv.Itoa(uses[fold(s)])}, qti.Words(strings.TrimSpace(s))))
	}
	children = append(children, blocks(d.Text, func(n int) *qti.Element {
		if n < 1 || n > len(d.Gaps) {
			return nil
		}
		return qti.Make("qti-gap", []string{"identifier", name("G", n-1)})
	})...)
	b.responses = append(b.responses, r)
	return qti.Make("qti-gap-match-interaction", []string{"response-identifier", "RESPONSE", "shuffle", "true"}, children...)
}

// inline makes the list of a gap. The right word stands first in the document, and
// the lists are shuffled.
func (b *builder) inline(n int) *qti.Element {
	if n < 1 || n > len(b.draft.Gaps) {
		return nil
	}
	g := b.draft.Gaps[n-1]
	r := response{name: name("RESPONSE_", n-1), cardinality: "single", base: "identifier", correct: []string{"A1"}}
	b.responses = append(b.responses, r)
	var children []*qti.Element
	for i, s := range append([]string{g.Right}, g.Others...) {
		children = append(children, qti.Make("qti-inline-choice", []string{"identifier", name("A", i)}, qti.Words(strings.TrimSpace(s))))
	}
	return qti.Make("qti-inline-choice-interaction", []string{"response-identifier", r.name, "shuffle", "true"}, children...)
}

// match gives each thing on the left one on the right; those on the right that are
// the same are one.
func (b *builder) match(prompt *qti.Element) *qti.Element {
	d := b.draft
	r := response{name: "RESPONSE", cardinality: "multiple", base: "directedPair"}
	ids, uses := map[string]string{}, map[string]int{}
	var left, right []*qti.Element
	var offered []string
	for i, p := range d.Pairs {
		key := fold(p.Right)
		if ids[key] == "" {
			ids[key] = name("D", len(ids))
			offered = append(offered, p.Right)
		}
		uses[key]++
		left = append(left, qti.Make("qti-simple-associable-choice", []string{"identifier", name("G", i), "match-max", "1"}, lines(p.Left)...))
		r.correct = append(r.correct, name("G", i)+" "+ids[key])
	}
	for _, s := range d.Extra {
		if key := fold(s); ids[key] == "" {
			ids[key] = name("D", len(ids))
			offered = append(offered, s)
			uses[key] = 1
		}
	}
	for _, s := range offered {
		right = append(right, qti.Make("qti-simple-associable-choice", []string{"identifier", ids[fold(s)], "match-max", strconv.Itoa(uses[fold(s)])}, qti.Words(strings.TrimSpace(s))))
	}
	b.responses = append(b.responses, r)
	return qti.Make("qti-match-interaction", []string{"response-identifier", "RESPONSE", "shuffle", "true", "max-associations", strconv.Itoa(len(d.Pairs))},
		prompt, qti.Make("qti-simple-match-set", nil, left...), qti.Make("qti-simple-match-set", nil, right...))
}

func (b *builder) short() *qti.Element {
	d := b.draft
	r := response{name: "RESPONSE", cardinality: "single", base: "string", exact: d.Exact}
	longest := 0
	for _, s := range d.Accepted {
		s = strings.TrimSpace(s)
		longest = max(longest, len([]rune(s)))
		if d.Number {
			x, _ := decimal(s)
			s = number(x)
		}
		r.correct = append(r.correct, s)
	}
	if d.Number {
		r.base = "float"
	}
	b.responses = append(b.responses, r)
	var line []*qti.Element
	if s := strings.TrimSpace(d.Before); s != "" {
		line = append(lines(s), qti.Words(" "))
	}
	line = append(line, qti.Make("qti-text-entry-interaction", []string{"response-identifier", "RESPONSE", "expected-length", strconv.Itoa(longest)}))
	if s := strings.TrimSpace(d.After); s != "" {
		line = append(append(line, qti.Words(" ")), lines(s)...)
	}
	return qti.Make("p", nil, line...)
}

func (b *builder) hotspot(prompt *qti.Element) *qti.Element {
	d := b.draft
	f, _ := b.files(d.Picture.File)
	r := response{name: "RESPONSE", cardinality: "single", base: "identifier"}
	children := []*qti.Element{prompt, b.picture(*d.Picture)}
	pixel := func(hundredths float64, of int) int {
		return min(of, max(0, int(math.Round(hundredths*float64(of)/100))))
	}
	for i, a := range d.Areas {
		x, y := pixel(a.Left, f.Width), pixel(a.Top, f.Height)
		shape, at := "rect", []int{x, y, pixel(a.Left+a.Wide, f.Width), pixel(a.Top+a.High, f.Height)}
		if a.Round {
			radius := max(1, pixel(a.Wide, f.Width)/2)
			shape, at = "circle", []int{x + radius, y + radius, radius}
		}
		var coords []string
		for _, n := range at {
			coords = append(coords, strconv.Itoa(n))
		}
		if a.Right {
			r.correct = append(r.correct, name("Z", i))
		}
		children = append(children, qti.Make("qti-hotspot-choice", []string{"identifier", name("Z", i), "shape", shape, "coords", strings.Join(coords, ","), "hotspot-label", strings.TrimSpace(a.Label)}))
	}
	most := "1"
	if len(r.correct) > 1 {
		// As many as are right would tell how many are.
		r.cardinality, most = "multiple", "0"
	}
	b.responses = append(b.responses, r)
	return qti.Make("qti-hotspot-interaction", []string{"response-identifier", "RESPONSE", "max-choices", most}, children...)
}
