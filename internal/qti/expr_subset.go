package qti

import (
	"slices"
	"strconv"
	"strings"
)

// subset is the choice of items that outcome processing looks at: those selected
// into the session, of a section, with or without categories.
type subset struct {
	section          string
	include, exclude []string
}

func readSubset(e *Element) subset {
	return subset{
		section: strings.TrimSpace(e.attr("sectionidentifier")),
		include: strings.Fields(e.attr("includecategory")), exclude: strings.Fields(e.attr("excludecategory")),
	}
}

func (sub subset) of(s *TestSession) []*Occurrence {
	var out []*Occurrence
	for _, o := range s.Plan {
		has := func(c string) bool { return slices.Contains(o.Ref.Categories, c) }
		if sub.section != "" && !slices.ContainsFunc(o.Sections, func(sec *Section) bool { return sec.Identifier == sub.section }) {
			continue
		}
		if len(sub.include) > 0 && !slices.ContainsFunc(sub.include, has) || slices.ContainsFunc(sub.exclude, has) {
			continue
		}
		out = append(out, o)
	}
	return out
}

// testExpression compiles the expressions that exist only in tests.
func (c *compiler) testExpression(e *Element) eval {
	count := (func(*Occurrence) bool)(nil)
	switch e.Name {
	case "numbercorrect":
		count = func(o *Occurrence) bool { return o.answered() == right }
	case "numberincorrect":
		count = func(o *Occurrence) bool { return o.attempted() && o.answered() == wrong }
	case "numberpresented":
		count = (*Occurrence).attempted
	case "numberresponded":
		count = (*Occurrence).responded
	case "numberselected":
		count = func(*Occurrence) bool { return true }
	case "testvariables", "outcomeminimum", "outcomemaximum":
	default:
		return nil
	}
	if c.scope != inOutcome {
		c.fail(e, "qti.test_only", "element", e.Tag)
		return null
	}
	sub := readSubset(e)
	switch e.Name {
	case "testvariables":
		return c.testVariables(e, sub)
	case "outcomeminimum", "outcomemaximum":
		return c.outcomeBounds(e, sub)
	}
	return func(r *run) Value {
		n := 0.0
		for _, o := range sub.of(r.test) {
			if count(o) {
				n++
			}
		}
		return number(Integer, n)
	}
}

func (o *Occurrence) attempted() bool { return o.Session != nil && o.Session.Attempted > 0 }

// responded says that a response differs from its default.
func (o *Occurrence) responded() bool {
	if !o.attempted() {
		return false
	}
	for i, v := range o.Session.r.vars {
		if v.Kind != ResponseKind || v.BuiltIn {
			continue
		}
		value, initial := o.Session.r.values[i], o.Session.r.defaults[i]
		if value.IsNull() != initial.IsNull() || !value.IsNull() && !sameValue(value, initial) {
			return true
		}
	}
	return false
}

type verdict uint8

const (
	unknown verdict = iota // a response has no correct value, or there is none
	right
	wrong
)

// answered compares every response with its correct value.
func (o *Occurrence) answered() verdict {
	if o.Session == nil {
		return unknown
	}
	out := unknown
	for i, v := range o.Session.r.vars {
		if v.Kind != ResponseKind || v.BuiltIn {
			continue
		}
		value, correct := o.Session.r.values[i], o.Session.r.corrects[i]
		if correct.IsNull() {
			return unknown
		}
		if out == unknown {
			out = right
		}
		if value.IsNull() || !sameValue(value, correct) {
			out = wrong
		}
	}
	return out
}

// testVariables gathers a single variable over items, NULLs left out. Weights
// make floats.
func (c *compiler) testVariables(e *Element, sub subset) eval {
	name := strings.TrimSpace(e.attr("variableidentifier"))
	if name == "" {
		c.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "variableIdentifier")
	}
	wanted, typed := parseBaseType(e.attr("basetype"))
	weight, weighted := e.lookup("weightidentifier")
	weight = strings.TrimSpace(weight)
	return func(r *run) Value {
		out := Value{Cardinality: Multiple}
		var parts []Value
		for _, o := range sub.of(r.test) {
			if o.Session == nil {
				continue
			}
			v := o.Session.Value(o.Ref.variable(name))
			if v.IsNull() || v.Cardinality != Single {
				continue
			}
			if typed && v.Type != wanted || !typed && !v.Type.numeric() {
				continue
			}
			if weighted && v.Type.numeric() {
				v = number(Float, v.List[0].X*o.Ref.weight(weight))
			}
			parts = append(parts, v)
		}
		if len(parts) == 0 {
			return out
		}
		return r.gather(e, Multiple, parts)
	}
}

// outcomeBounds gathers normalMinimum or normalMaximum. Items without a minimum
// are left out; one without a maximum makes the whole NULL.
func (c *compiler) outcomeBounds(e *Element, sub subset) eval {
	name := strings.TrimSpace(e.attr("outcomeidentifier"))
	if name == "" {
		c.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "outcomeIdentifier")
	}
	weight := strings.TrimSpace(e.attr("weightidentifier"))
	upper := e.Name == "outcomemaximum"
	return func(r *run) Value {
		out := Value{Cardinality: Multiple, Type: Float}
		for _, o := range sub.of(r.test) {
			var bound *float64
			if v := o.Ref.Item.Variable(o.Ref.variable(name)); v != nil && v.Cardinality == Single && v.Kind == OutcomeKind {
				bound = v.Minimum
				if upper {
					bound = v.Maximum
				}
			}
			if bound == nil && upper {
				return Value{Cardinality: Multiple, Type: Float}
			}
			if bound == nil {
				continue
			}
			x := *bound
			if weight != "" {
				x *= o.Ref.weight(weight)
			}
			out.List = append(out.List, Scalar{X: x})
		}
		return out
	}
}

// itemVariable compiles a name such as Q1.SCORE or Q1.2.SCORE, or is nil when the
// first part names no item.
func (c *compiler) itemVariable(e *Element, id string) eval {
	parts := strings.Split(id, ".")
	ref := c.refs[parts[0]]
	if ref == nil && len(parts) == 2 && parts[1] == durationName && c.timed[parts[0]] {
		return func(r *run) Value {
			if x, ok := r.test.Durations[parts[0]]; ok {
				return number(Duration, x)
			}
			return Value{Type: Duration}
		}
	}
	if ref == nil || len(parts) < 2 || len(parts) > 3 {
		return nil
	}
	name := ref.variable(parts[len(parts)-1])
	which := 0
	if len(parts) == 3 {
		n, err := strconv.Atoi(parts[1])
		if err != nil || n < 1 {
			return nil
		}
		which = n
	}
	if ref.Item != nil && ref.Item.Variable(name) == nil {
		c.fail(e, "qti.undeclared", "name", id)
	}
	weight, weighted := e.lookup("weightidentifier")
	weight = strings.TrimSpace(weight)
	take := func(s *ItemSession) Value {
		switch e.Name {
		case "correct":
			return s.Correct(name)
		case "default":
			if i := s.Item.vars.find(name); i >= 0 {
				return s.r.defaults[i]
			}
			return Value{}
		}
		return s.Value(name)
	}
	return func(r *run) Value {
		for _, o := range r.test.Plan {
			if o.Ref != ref || o.Session == nil || which > 0 && o.Number != which {
				continue
			}
			v := take(o.Session)
			if weighted && !v.IsNull() && v.Cardinality == Single && v.Type.numeric() {
				v = number(Float, v.List[0].X*ref.weight(weight))
			}
			return v
		}
		return Value{}
	}
}
