package qti

import (
	"math"
	"strings"
)

// comparison compiles the operators that compare two values.
func (c *compiler) comparison(e *Element) eval {
	switch e.Name {
	case "match":
		a, b := c.two(e)
		return func(r *run) Value {
			x, y := a(r), b(r)
			if x.IsNull() || y.IsNull() {
				return nullTruth
			}
			return boolean(sameValue(x, y))
		}
	case "equal":
		return c.equal(e)
	case "equalrounded":
		return c.equalRounded(e)
	case "lt":
		return c.order(e, func(x, y float64) bool { return x < y })
	case "lte":
		return c.order(e, func(x, y float64) bool { return x <= y })
	case "gt":
		return c.order(e, func(x, y float64) bool { return x > y })
	case "gte":
		return c.order(e, func(x, y float64) bool { return x >= y })
	case "durationlt":
		return c.order(e, func(x, y float64) bool { return x < y })
	case "durationgte":
		return c.order(e, func(x, y float64) bool { return x >= y })
	case "inside":
		return c.inside(e)
	}
	return nil
}

func (c *compiler) two(e *Element) (a, b eval) {
	ops := c.operands(e, 2, 2)
	return ops[0], ops[1]
}

// order compares two numbers or two durations; NULL when either is.
func (c *compiler) order(e *Element, holds func(x, y float64) bool) eval {
	a, b := c.two(e)
	return func(r *run) Value {
		x, okX := r.numberOf(e, a(r))
		y, okY := r.numberOf(e, b(r))
		if !okX || !okY {
			return nullTruth
		}
		return boolean(holds(x, y))
	}
}

// equal compares two numbers, with the tolerance around the first. The ends of the
// range are put in order, so that a relative tolerance works around a negative
// number too (ledger, "equal, relative tolerance").
func (c *compiler) equal(e *Element) eval {
	a, b := c.two(e)
	mode := strings.ToLower(strings.TrimSpace(e.attr("tolerancemode")))
	switch mode {
	case "", "exact":
		return func(r *run) Value {
			x, y := a(r), b(r)
			if x.IsNull() || y.IsNull() {
				return nullTruth
			}
			// Meant for numbers; for the rest it is match (ledger).
			return boolean(sameValue(x, y))
		}
	case "absolute", "relative":
	default:
		c.fail(e, "qti.bad_value", "name", "toleranceMode", "value", mode)
		return null
	}
	raw := strings.Fields(e.attr("tolerance"))
	if len(raw) == 0 || len(raw) > 2 {
		c.fail(e, "qti.bad_value", "name", "tolerance", "value", e.attr("tolerance"))
		return null
	}
	below := c.reference(e, "tolerance", raw[0])
	above := c.reference(e, "tolerance", raw[len(raw)-1])
	withLow, withHigh := e.flag("includelowerbound", true), e.flag("includeupperbound", true)
	return func(r *run) Value {
		x, okX := r.numberOf(e, a(r))
		y, okY := r.numberOf(e, b(r))
		t0, ok0 := r.numberOf(e, below(r))
		t1, ok1 := r.numberOf(e, above(r))
		if !okX || !okY || !ok0 || !ok1 {
			return nullTruth
		}
		if t0 < 0 || t1 < 0 {
			return r.fail(e, "qti.bad_value", "name", "tolerance", "value", e.attr("tolerance"))
		}
		low, high := x-t0, x+t1
		if mode == "relative" {
			a, b := x*(1-t0/100), x*(1+t1/100)
			low, high = min(a, b), max(a, b)
		}
		return boolean((y > low || withLow && closeTo(y, low)) && (y < high || withHigh && closeTo(y, high)) &&
			(withLow || !closeTo(y, low)) && (withHigh || !closeTo(y, high)))
	}
}

// closeTo says that two floats are the same decimal number: 10 + 0.1 is meant
// to reach 10.1, whatever binary makes of it.
func closeTo(x, y float64) bool {
	return x == y || math.Abs(x-y) <= 1e-12*math.Max(math.Abs(x), math.Abs(y))
}

func (c *compiler) equalRounded(e *Element) eval {
	a, b := c.two(e)
	round := c.rounding(e, "significantFigures")
	return func(r *run) Value {
		x, okX := r.numberOf(e, a(r))
		y, okY := r.numberOf(e, b(r))
		if !okX || !okY {
			return nullTruth
		}
		rx, okX := round(r, x)
		ry, okY := round(r, y)
		if !okX || !okY {
			return nullTruth
		}
		return boolean(rx == ry)
	}
}

// inside is true when the point, or one of several, is in the area.
func (c *compiler) inside(e *Element) eval {
	op := c.operands(e, 1, 1)[0]
	area, ok := readArea(c.reporter, e)
	if !ok {
		return null
	}
	return func(r *run) Value {
		v := op(r)
		if v.IsNull() {
			return nullTruth
		}
		if v.Type != Point {
			return r.fail(e, "qti.wrong_type", "name", e.Tag, "wanted", Point.String(), "given", v.Type.String())
		}
		for _, p := range v.List {
			if area.Contains(p.X, p.Y) {
				return trueValue
			}
		}
		return falseValue
	}
}
