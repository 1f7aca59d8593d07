package question

import "preau/internal/qti"

// response is a responseDeclaration, and what its answers are worth.
type response struct {
	name, cardinality, base string
	correct                 []string // of a single one, any of them
	wrong                   []string // choices that cost, where a part is worth a part
	exact                   bool
}

func value(s string) *qti.Element { return qti.Make("qti-value", nil, qti.Words(s)) }

func (r response) declaration() *qti.Element {
	var children []*qti.Element
	if len(r.correct) > 0 {
		kept := r.correct
		if r.cardinality == "single" {
			kept = kept[:1]
		}
		var values []*qti.Element
		for _, s := range kept {
			values = append(values, value(s))
		}
		children = append(children, qti.Make("qti-correct-response", nil, values...))
	}
	return qti.Make("qti-response-declaration", []string{"identifier", r.name, "cardinality", r.cardinality, "base-type", r.base}, children...)
}

func variable(name string) *qti.Element {
	return qti.Make("qti-variable", []string{"identifier", name})
}

func base(kind, s string) *qti.Element {
	return qti.Make("qti-base-value", []string{"base-type", kind}, qti.Words(s))
}

func (r response) matches() *qti.Element {
	return qti.Make("qti-match", nil, variable(r.name), qti.Make("qti-correct", []string{"identifier", r.name}))
}

func set(outcome string, to *qti.Element) *qti.Element {
	return qti.Make("qti-set-outcome-value", []string{"identifier", outcome}, to)
}

// when sets SCORE to the points once the condition holds; otherwise does the rest.
func when(condition *qti.Element, points string, otherwise ...*qti.Element) *qti.Element {
	branches := []*qti.Element{qti.Make("qti-response-if", nil, condition, set("SCORE", base("float", points)))}
	if len(otherwise) > 0 {
		branches = append(branches, qti.Make("qti-response-else", nil, otherwise...))
	}
	return qti.Make("qti-response-condition", nil, branches...)
}

// earn adds to SCORE when the condition holds.
func earn(condition *qti.Element, worth string) *qti.Element {
	sum := qti.Make("qti-sum", nil, variable("SCORE"), base("float", worth))
	return qti.Make("qti-response-condition", nil, qti.Make("qti-response-if", nil, condition, set("SCORE", sum)))
}

// rules is the response processing. A whole answer is worth the points exactly;
// the parts of one, where they count, a share each.
func (b *builder) rules() []*qti.Element {
	d := b.draft
	points := number(d.Points)
	switch d.Kind {
	case Long:
		return nil
	case Short:
		return []*qti.Element{when(b.accepted(), points)}
	case Inline:
		var all, shares []*qti.Element
		for _, r := range b.responses {
			all = append(all, r.matches())
			shares = append(shares, earn(r.matches(), number(d.Points/float64(len(b.responses)))))
		}
		if !d.Partial {
			shares = nil
		}
		return []*qti.Element{when(qti.Make("qti-and", nil, all...), points, shares...)}
	}
	r := b.responses[0]
	if !d.Partial || d.Kind == Choice || d.Kind == Hotspot {
		return []*qti.Element{when(r.matches(), points)}
	}
	return []*qti.Element{when(r.matches(), points, b.shares(r)...)}
}

// accepted holds when a short answer is one of those that count.
func (b *builder) accepted() *qti.Element {
	d, r := b.draft, b.responses[0]
	if d.Number {
		margin := number(d.Margin)
		return qti.Make("qti-equal", []string{"tolerance-mode", "absolute", "tolerance", margin + " " + margin}, variable(r.name), qti.Make("qti-correct", []string{"identifier", r.name}))
	}
	var any []*qti.Element
	for _, s := range r.correct {
		any = append(any, qti.Make("qti-string-match", []string{"case-sensitive", flag(r.exact)}, variable(r.name), base("string", s)))
	}
	return qti.Make("qti-or", nil, any...)
}

// shares gives a part of the points for each part that is right. Of several, a
// wrong choice takes back what a right one gives: who chooses all gains nothing
// by it.
func (b *builder) shares(r response) []*qti.Element {
	share := b.draft.Points / float64(len(r.correct))
	var out []*qti.Element
	if r.cardinality == "ordered" {
		for i, id := range r.correct {
			place := qti.Make("qti-index", []string{"n", name("", i)}, variable(r.name))
			out = append(out, earn(qti.Make("qti-match", nil, place, base("identifier", id)), number(share)))
		}
		return out
	}
	member := func(id string) *qti.Element {
		return qti.Make("qti-member", nil, base(r.base, id), variable(r.name))
	}
	for _, id := range r.correct {
		out = append(out, earn(member(id), number(share)))
	}
	for _, id := range r.wrong {
		out = append(out, earn(member(id), number(-share)))
	}
	if len(r.wrong) > 0 {
		below := qti.Make("qti-lt", nil, variable("SCORE"), base("float", "0"))
		out = append(out, qti.Make("qti-response-condition", nil, qti.Make("qti-response-if", nil, below, set("SCORE", base("float", "0")))))
	}
	return out
}

// tell chooses what is said: right for the whole of the points.
func tell(points string) *qti.Element {
	whole := qti.Make("qti-gte", nil, variable("SCORE"), base("float", points))
	return qti.Make("qti-response-condition", nil,
		qti.Make("qti-response-if", nil, whole, set("FEEDBACK", base("identifier", "right"))),
		qti.Make("qti-response-else", nil, set("FEEDBACK", base("identifier", "wrong"))))
}
