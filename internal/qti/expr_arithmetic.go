package qti

import (
	"math"
)

// arithmetic compiles the operators on numbers. NULL in, NULL out.
func (c *compiler) arithmetic(e *Element) eval {
	switch e.Name {
	case "sum":
		return c.folded(e, func(a, b float64) float64 { return a + b })
	case "product":
		return c.folded(e, func(a, b float64) float64 { return a * b })
	case "max":
		return c.folded(e, math.Max)
	case "min":
		return c.folded(e, math.Min)
	case "gcd":
		return c.wholes(e, gcd)
	case "lcm":
		return c.wholes(e, lcm)
	case "subtract":
		return c.binary(e, func(x, y float64, whole bool) Value { return numeric(x-y, whole) })
	case "divide":
		return c.binary(e, func(x, y float64, _ bool) Value {
			if y == 0 {
				return Value{Type: Float}
			}
			return notNaN(x / y)
		})
	case "power":
		return c.binary(e, func(x, y float64, _ bool) Value { return notNaN(math.Pow(x, y)) })
	case "integerdivide":
		return c.binary(e, func(x, y float64, _ bool) Value {
			if y == 0 {
				return Value{Type: Integer}
			}
			return number(Integer, math.Floor(x/y))
		})
	case "integermodulus":
		return c.binary(e, func(x, y float64, _ bool) Value {
			if y == 0 {
				return Value{Type: Integer}
			}
			return number(Integer, x-y*math.Floor(x/y))
		})
	case "truncate":
		return c.toInteger(e, math.Trunc)
	case "round":
		// Halves go up, also below zero: round(-6.5) is -6.
		return c.toInteger(e, func(x float64) float64 { return math.Floor(x + 0.5) })
	case "integertofloat":
		return c.unary(e, func(x float64) Value { return number(Float, x) })
	case "roundto":
		return c.roundTo(e)
	}
	return nil
}

// numeric is an integer when all operands were.
func numeric(x float64, whole bool) Value {
	if whole {
		return number(Integer, x)
	}
	return number(Float, x)
}

// notNaN is NULL where a float has no value.
func notNaN(x float64) Value {
	if math.IsNaN(x) {
		return Value{Type: Float}
	}
	return number(Float, x)
}

func (c *compiler) folded(e *Element, join func(a, b float64) float64) eval {
	ops := c.operands(e, 1, -1)
	return func(r *run) Value {
		operands := evaluate(r, ops)
		list, whole, null := r.numbersOf(e, operands)
		if null {
			return Value{Type: Float}
		}
		acc := list[0]
		for _, x := range list[1:] {
			acc = join(acc, x)
		}
		return numeric(acc, whole)
	}
}

func evaluate(r *run, ops []eval) []Value {
	out := make([]Value, len(ops))
	for i, op := range ops {
		out[i] = op(r)
	}
	return out
}

func (c *compiler) binary(e *Element, f func(x, y float64, whole bool) Value) eval {
	a, b := c.two(e)
	return func(r *run) Value {
		va, vb := a(r), b(r)
		x, okX := r.numberOf(e, va)
		y, okY := r.numberOf(e, vb)
		if !okX || !okY {
			return Value{Type: Float}
		}
		return f(x, y, va.Type == Integer && vb.Type == Integer)
	}
}

func (c *compiler) unary(e *Element, f func(x float64) Value) eval {
	op := c.operands(e, 1, 1)[0]
	return func(r *run) Value {
		x, ok := r.numberOf(e, op(r))
		if !ok {
			return Value{Type: Float}
		}
		return f(x)
	}
}

// toInteger keeps the infinities as floats and turns NaN into NULL.
func (c *compiler) toInteger(e *Element, f func(float64) float64) eval {
	return c.unary(e, func(x float64) Value {
		switch {
		case math.IsNaN(x):
			return Value{Type: Integer}
		case math.IsInf(x, 0):
			return number(Float, x)
		}
		return number(Integer, f(x))
	})
}

func (c *compiler) roundTo(e *Element) eval {
	round := c.rounding(e, "significantFigures")
	op := c.operands(e, 1, 1)[0]
	return func(r *run) Value {
		x, ok := r.numberOf(e, op(r))
		if !ok {
			return Value{Type: Float}
		}
		if x, ok = round(r, x); !ok {
			return Value{Type: Float}
		}
		return number(Float, x)
	}
}

// wholes compiles an operator on whole numbers only.
func (c *compiler) wholes(e *Element, join func(a, b float64) float64) eval {
	ops := c.operands(e, 1, -1)
	return func(r *run) Value {
		list, _, null := r.numbersOf(e, evaluate(r, ops))
		if null {
			return Value{Type: Integer}
		}
		acc := 0.0
		for i, x := range list {
			if x != math.Trunc(x) || math.IsInf(x, 0) {
				return r.fail(e, "qti.operand_not_whole", "value", formatNumber(x))
			}
			if i == 0 {
				acc = math.Abs(x)
				continue
			}
			acc = join(acc, math.Abs(x))
		}
		return number(Integer, acc)
	}
}

func gcd(a, b float64) float64 {
	for b != 0 {
		a, b = b, math.Mod(a, b)
	}
	return a
}

func lcm(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a / gcd(a, b) * b
}
