package qti

import (
	"strings"
)

// container compiles the operators that build containers and look into them.
func (c *compiler) container(e *Element) eval {
	switch e.Name {
	case "multiple", "ordered":
		cardinality := Multiple
		if e.Name == "ordered" {
			cardinality = Ordered
		}
		ops := c.operands(e, 0, -1)
		return func(r *run) Value { return r.gather(e, cardinality, evaluate(r, ops)) }
	case "repeat":
		return c.repeat(e)
	case "containersize":
		op := c.operands(e, 1, 1)[0]
		return func(r *run) Value {
			v := op(r)
			return number(Integer, float64(len(v.List)+len(v.Fields)))
		}
	case "index":
		return c.index(e)
	case "fieldvalue":
		return c.fieldValue(e)
	case "random":
		return c.random(e)
	case "member":
		return c.member(e)
	case "contains":
		a, b := c.two(e)
		return func(r *run) Value {
			outer, inner := a(r), b(r)
			if outer.IsNull() || inner.IsNull() {
				return nullTruth
			}
			if !comparableTypes(outer.Type, inner.Type) {
				return falseValue
			}
			if outer.Cardinality == Ordered && inner.Cardinality == Ordered {
				return boolean(hasRun(outer, inner))
			}
			return boolean(containsAll(outer, inner))
		}
	case "delete":
		return c.delete(e)
	}
	return nil
}

// hasRun says whether inner is a part of outer without a gap, in its order.
func hasRun(outer, inner Value) bool {
	for start := 0; start+len(inner.List) <= len(outer.List); start++ {
		part := Value{Cardinality: Ordered, Type: outer.Type, List: outer.List[start : start+len(inner.List)]}
		if sameValue(part, inner) {
			return true
		}
	}
	return false
}

// gather makes a container of values and containers. NULLs are left out; when
// nothing remains the container is NULL.
func (r *run) gather(e *Element, cardinality Cardinality, parts []Value) Value {
	out := Value{Cardinality: cardinality}
	for _, v := range parts {
		if v.IsNull() {
			continue
		}
		if v.Cardinality == Record {
			return r.fail(e, "qti.operand_cardinality", "given", v.Cardinality.String())
		}
		if !r.work(e, len(v.List)) {
			return Value{}
		}
		switch {
		case out.Type == None:
			out.Type = v.Type
		case out.Type == v.Type:
		case out.Type.numeric() && v.Type.numeric():
			out.Type = Float
		case !comparableTypes(out.Type, v.Type):
			return r.fail(e, "qti.mixed_types", "first", out.Type.String(), "second", v.Type.String())
		}
		out.List = append(out.List, v.List...)
	}
	return out
}

// repeat evaluates its operands anew each time, so that a random one varies.
func (c *compiler) repeat(e *Element) eval {
	if _, has := e.lookup("numberrepeats"); !has {
		c.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "numberRepeats")
	}
	times := c.numberRef(e, "numberrepeats", 0)
	ops := c.operands(e, 1, -1)
	return func(r *run) Value {
		n, ok := r.numberOf(e, times(r))
		if !ok || n < 1 {
			return Value{Cardinality: Ordered}
		}
		var parts []Value
		for range int(min(n, maxSteps+1)) {
			if !r.work(e, len(ops)) {
				return Value{}
			}
			parts = append(parts, evaluate(r, ops)...)
		}
		return r.gather(e, Ordered, parts)
	}
}

// index counts from 1; beyond the end it gives NULL.
func (c *compiler) index(e *Element) eval {
	var container, at eval
	if _, has := e.lookup("n"); has {
		container, at = c.operands(e, 1, 1)[0], c.numberRef(e, "n", 0)
	} else {
		c.warn(e, "qti.not_standard", "element", e.Tag)
		container, at = c.two(e)
	}
	return func(r *run) Value {
		v := container(r)
		n, ok := r.numberOf(e, at(r))
		if v.IsNull() || !ok {
			return Value{Type: v.Type}
		}
		if n < 1 || n > float64(len(v.List)) {
			return Value{Type: v.Type}
		}
		return single(v.Type, v.List[int(n)-1])
	}
}

func (c *compiler) fieldValue(e *Element) eval {
	name := strings.TrimSpace(e.attr("fieldidentifier"))
	if name == "" {
		c.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "fieldIdentifier")
	}
	op := c.operands(e, 1, 1)[0]
	return func(r *run) Value {
		v := op(r)
		if v.IsNull() {
			return Value{}
		}
		if v.Cardinality != Record {
			return r.fail(e, "qti.operand_cardinality", "given", v.Cardinality.String())
		}
		return v.field(name)
	}
}

func (c *compiler) random(e *Element) eval {
	op := c.operands(e, 1, 1)[0]
	return func(r *run) Value {
		v := op(r)
		if v.IsNull() || v.Cardinality == Record {
			return Value{Type: v.Type}
		}
		return single(v.Type, v.List[r.rng.IntN(len(v.List))])
	}
}

func (c *compiler) member(e *Element) eval {
	a, b := c.two(e)
	return func(r *run) Value {
		one, all := a(r), b(r)
		if one.IsNull() || all.IsNull() {
			return nullTruth
		}
		if len(one.List) != 1 {
			return r.fail(e, "qti.operand_cardinality", "given", one.Cardinality.String())
		}
		if !comparableTypes(one.Type, all.Type) {
			return falseValue
		}
		for _, s := range all.List {
			if sameScalar(s, all.Type, one.List[0], one.Type) {
				return trueValue
			}
		}
		return falseValue
	}
}

// delete takes a value, then a container. The other order is understood when it
// is plain which is which.
func (c *compiler) delete(e *Element) eval {
	a, b := c.two(e)
	return func(r *run) Value {
		one, all := a(r), b(r)
		if one.Cardinality != Single && all.Cardinality == Single {
			one, all = all, one
		}
		if one.IsNull() || all.IsNull() {
			return Value{Cardinality: all.Cardinality, Type: all.Type}
		}
		out := Value{Cardinality: all.Cardinality, Type: all.Type}
		for _, s := range all.List {
			if !comparableTypes(one.Type, all.Type) || !sameScalar(s, all.Type, one.List[0], one.Type) {
				out.List = append(out.List, s)
			}
		}
		return out
	}
}
