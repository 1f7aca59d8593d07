package qti

import (
	"math"
	"strings"
)

// functions compiles the operators that go by a name attribute.
func (c *compiler) functions(e *Element) eval {
	switch e.Name {
	case "mathoperator":
		return c.mathOperator(e)
	case "statsoperator":
		return c.statistic(e, strings.TrimSpace(e.attr("name")))
	case "customoperator":
		return c.customOperator(e)
	}
	return nil
}

func (c *compiler) mathConstant(e *Element) eval {
	var v Value
	switch name := strings.TrimSpace(e.attr("name")); name {
	case "pi":
		v = number(Float, math.Pi)
	case "e":
		v = number(Float, math.E)
	default:
		c.fail(e, "qti.bad_value", "name", "name", "value", name)
	}
	return func(*run) Value { return v }
}

func (c *compiler) mathOperator(e *Element) eval {
	name := strings.TrimSpace(e.attr("name"))
	if name == "atan2" {
		a, b := c.two(e)
		return func(r *run) Value {
			y, okY := r.numberOf(e, a(r))
			x, okX := r.numberOf(e, b(r))
			if !okX || !okY {
				return Value{Type: Float}
			}
			return notNaN(math.Atan2(y, x))
		}
	}
	f, t := mathFunction(name)
	if f == nil {
		c.fail(e, "qti.bad_value", "name", "name", "value", name)
		return null
	}
	if t == Integer {
		return c.toInteger(e, f)
	}
	return c.unary(e, func(x float64) Value { return notNaN(f(x)) })
}

// mathFunction gives a function and the type of its result. NaN stands for what
// lies outside the natural domain, which is NULL in QTI, log(0) included.
func mathFunction(name string) (func(float64) float64, BaseType) {
	switch name {
	case "floor":
		return math.Floor, Integer
	case "ceil":
		return math.Ceil, Integer
	case "signum":
		return func(x float64) float64 {
			switch {
			case x > 0:
				return 1
			case x < 0:
				return -1
			}
			return 0
		}, Integer
	case "sin":
		return math.Sin, Float
	case "cos":
		return math.Cos, Float
	case "tan":
		return math.Tan, Float
	case "sec":
		return reciprocal(math.Cos), Float
	case "csc":
		return reciprocal(math.Sin), Float
	case "cot":
		return reciprocal(math.Tan), Float
	case "asin":
		return math.Asin, Float
	case "acos":
		return math.Acos, Float
	case "atan":
		return math.Atan, Float
	case "asec":
		return func(x float64) float64 { return math.Acos(1 / x) }, Float
	case "acsc":
		return func(x float64) float64 { return math.Asin(1 / x) }, Float
	case "acot":
		return func(x float64) float64 {
			if x == 0 {
				return math.Pi / 2
			}
			return math.Atan(1 / x)
		}, Float
	case "sinh":
		return math.Sinh, Float
	case "cosh":
		return math.Cosh, Float
	case "tanh":
		return math.Tanh, Float
	case "sech":
		return reciprocal(math.Cosh), Float
	case "csch":
		return reciprocal(math.Sinh), Float
	case "coth":
		return reciprocal(math.Tanh), Float
	case "log":
		return positive(math.Log10), Float
	case "ln":
		return positive(math.Log), Float
	case "exp":
		return math.Exp, Float
	case "abs":
		return math.Abs, Float
	case "toDegrees":
		return func(x float64) float64 { return x * 180 / math.Pi }, Float
	case "toRadians":
		return func(x float64) float64 { return x * math.Pi / 180 }, Float
	}
	return nil, None
}

// reciprocal is 1/f, without a value where f is 0.
func reciprocal(f func(float64) float64) func(float64) float64 {
	return func(x float64) float64 {
		y := f(x)
		if y == 0 {
			return math.NaN()
		}
		return 1 / y
	}
}

func positive(f func(float64) float64) func(float64) float64 {
	return func(x float64) float64 {
		if x <= 0 {
			return math.NaN()
		}
		return f(x)
	}
}

// statistic compiles statsOperator. A sample of one has no variance: NULL.
func (c *compiler) statistic(e *Element, name string) eval {
	op := c.operands(e, 1, 1)[0]
	switch name {
	case "mean", "sampleVariance", "sampleSD", "popVariance", "popSD":
	default:
		c.fail(e, "qti.bad_value", "name", "name", "value", name)
		return null
	}
	return func(r *run) Value {
		list, _, null := r.numbersOf(e, []Value{op(r)})
		if null {
			return Value{Type: Float}
		}
		n := float64(len(list))
		mean := 0.0
		for _, x := range list {
			mean += x / n
		}
		if name == "mean" {
			return notNaN(mean)
		}
		squares := 0.0
		for _, x := range list {
			squares += (x - mean) * (x - mean)
		}
		divisor := n
		if strings.HasPrefix(name, "sample") {
			divisor = n - 1
		}
		if divisor < 1 {
			return Value{Type: Float}
		}
		if strings.HasSuffix(name, "SD") {
			return notNaN(math.Sqrt(squares / divisor))
		}
		return notNaN(squares / divisor)
	}
}

// customOperator has no meaning here. It gives NULL, and the check says so: an
// outcome set from it is NULL, not zero.
func (c *compiler) customOperator(e *Element) eval {
	c.operands(e, 0, -1)
	c.warn(e, "qti.custom_operator", "class", e.attr("class"), "definition", e.attr("definition"))
	return null
}

// randomNumber compiles randomInteger and randomFloat.
func (c *compiler) randomNumber(e *Element) eval {
	var least, most, step eval
	if children := e.elements(); len(children) >= 2 {
		// Operands in place of attributes are not standard.
		c.warn(e, "qti.not_standard", "element", e.Tag)
		ops := c.operands(e, 2, 3)
		least, most = ops[0], ops[1]
		step = c.numberRef(e, "step", 1)
		if len(ops) == 3 {
			step = ops[2]
		}
	} else {
		if _, has := e.lookup("max"); !has {
			c.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "max")
		}
		least, most, step = c.numberRef(e, "min", 0), c.numberRef(e, "max", 0), c.numberRef(e, "step", 1)
	}
	whole := e.Name == "randominteger"
	return func(r *run) Value {
		low, ok0 := r.numberOf(e, least(r))
		high, ok1 := r.numberOf(e, most(r))
		by, ok2 := r.numberOf(e, step(r))
		if !ok0 || !ok1 || !ok2 {
			return Value{Type: Float}
		}
		if high < low || math.IsInf(high-low, 0) || math.IsNaN(high-low) || by <= 0 {
			return r.fail(e, "qti.random_range")
		}
		if !whole {
			return number(Float, low+r.rng.Float64()*(high-low))
		}
		if low != math.Trunc(low) || high != math.Trunc(high) || by != math.Trunc(by) {
			return r.fail(e, "qti.random_range")
		}
		n := uint64(math.Floor((high-low)/by)) + 1
		return number(Integer, low+by*float64(r.rng.Uint64N(n)))
	}
}
