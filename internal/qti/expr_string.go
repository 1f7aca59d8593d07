package qti

import (
	"math"
	"strings"
)

// strings compiles the operators on strings.
func (c *compiler) strings(e *Element) eval {
	switch e.Name {
	case "stringmatch":
		return c.stringMatch(e)
	case "substring":
		return c.substring(e)
	case "patternmatch":
		return c.patternMatch(e)
	}
	return nil
}

// textOf reads a single value as a string. ok is false for NULL.
func (r *run) textOf(e *Element, v Value) (s string, ok bool) {
	if v.IsNull() || r.err != nil {
		return "", false
	}
	if len(v.List) != 1 || v.Cardinality == Record {
		r.fail(e, "qti.operand_cardinality", "given", v.Cardinality.String())
		return "", false
	}
	return v.List[0].lexical(v.Type), true
}

func (c *compiler) stringMatch(e *Element) eval {
	a, b := c.two(e)
	if _, has := e.lookup("casesensitive"); !has {
		c.warn(e, "qti.attribute_absent", "element", e.Tag, "name", "caseSensitive")
	}
	heed, part := e.flag("casesensitive", false), e.flag("substring", false)
	return func(r *run) Value {
		x, okX := r.textOf(e, a(r))
		y, okY := r.textOf(e, b(r))
		if !okX || !okY {
			return nullTruth
		}
		if !heed {
			x, y = strings.ToLower(x), strings.ToLower(y)
		}
		if part {
			return boolean(strings.Contains(x, y))
		}
		return boolean(x == y)
	}
}

// substring says whether the first string is in the second. With a number in
// second place it is the non-standard operator that cuts a piece out, counting
// characters from 1.
func (c *compiler) substring(e *Element) eval {
	ops := c.operands(e, 2, 3)
	heed := e.flag("casesensitive", true)
	if len(ops) == 3 {
		c.warn(e, "qti.not_standard", "element", e.Tag)
	}
	return func(r *run) Value {
		a, b := ops[0](r), ops[1](r)
		if len(ops) == 3 || b.Type.numeric() {
			return r.piece(e, a, b, ops[2:])
		}
		x, okX := r.textOf(e, a)
		y, okY := r.textOf(e, b)
		if !okX || !okY {
			return nullTruth
		}
		if !heed {
			x, y = strings.ToLower(x), strings.ToLower(y)
		}
		return boolean(strings.Contains(y, x))
	}
}

func (r *run) piece(e *Element, whole, from Value, length []eval) Value {
	s, ok := r.textOf(e, whole)
	start, okStart := r.numberOf(e, from)
	if !ok || !okStart || math.IsNaN(start) {
		return Value{Type: String}
	}
	letters := []rune(s)
	first := int(max(0, min(math.Floor(start)-1, float64(len(letters)))))
	last := len(letters)
	if len(length) == 1 {
		n, ok := r.numberOf(e, length[0](r))
		if !ok || math.IsNaN(n) {
			return Value{Type: String}
		}
		last = int(max(float64(first), min(float64(last), float64(first)+math.Floor(n))))
	}
	return text(String, string(letters[first:last]))
}

// patternMatch holds a whole string against a pattern of XML Schema. A pattern
// given as a second operand, which is not standard, is searched anywhere.
func (c *compiler) patternMatch(e *Element) eval {
	raw, has := e.lookup("pattern")
	if !has {
		c.warn(e, "qti.not_standard", "element", e.Tag)
		heed := e.flag("casesensitive", true)
		a, b := c.two(e)
		return func(r *run) Value {
			s, okS := r.textOf(e, a(r))
			p, okP := r.textOf(e, b(r))
			if !okS || !okP {
				return nullTruth
			}
			pattern, err := searchPattern(p, heed)
			if err != nil {
				return r.fail(e, "qti.bad_pattern", "value", p)
			}
			return boolean(pattern.MatchString(s))
		}
	}
	op := c.operands(e, 1, 1)[0]
	if strings.HasPrefix(raw, "{") && strings.HasSuffix(raw, "}") {
		if i := c.vars.find(raw[1 : len(raw)-1]); i >= 0 {
			return func(r *run) Value {
				s, okS := r.textOf(e, op(r))
				p, okP := r.textOf(e, r.values[i])
				if !okS || !okP {
					return nullTruth
				}
				pattern, err := schemaPattern(p)
				if err != nil {
					return r.fail(e, "qti.bad_pattern", "value", p)
				}
				return boolean(pattern.MatchString(s))
			}
		}
	}
	pattern, err := schemaPattern(raw)
	if err != nil {
		c.fail(e, "qti.bad_pattern", "value", raw)
		return null
	}
	if anchored(raw) {
		c.note(e, "qti.pattern_anchored")
	}
	return func(r *run) Value {
		s, ok := r.textOf(e, op(r))
		if !ok {
			return nullTruth
		}
		return boolean(pattern.MatchString(s))
	}
}
