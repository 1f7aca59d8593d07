package qti

import (
	"strings"
)

// eval is a compiled expression.
type eval func(*run) Value

// scope says where rules stand, which decides what they may do.
type scope uint8

const (
	inResponse scope = iota
	inTemplate
	inOutcome // of a test
)

// compiler turns the rules and expressions of one document into closures.
type compiler struct {
	*reporter
	vars  *variables
	scope scope
	refs  map[string]*ItemRef                  // of a test: what Q1.SCORE may name
	timed map[string]bool                      // of a test: the parts and sections, which have a duration
	read  func(href string) (*Element, string) // a document beside this one, nil when there is none
	deep  int                                  // includes being read
}

// expression compiles one element, or reports it and gives NULL, which the
// Error among the findings keeps from being used.
func (c *compiler) expression(e *Element) eval {
	if f := c.basic(e); f != nil {
		return f
	}
	for _, family := range []func(*Element) eval{c.logic, c.comparison, c.arithmetic, c.functions, c.container, c.strings, c.testExpression, c.extension} {
		if f := family(e); f != nil {
			return f
		}
	}
	c.fail(e, "qti.unknown_expression", "element", e.Tag)
	return null
}

func null(*run) Value { return Value{} }

// operands compiles the children of an operator and checks their number; most
// is -1 when there is no upper limit.
func (c *compiler) operands(e *Element, least, most int) []eval {
	children := e.elements()
	if len(children) < least || most >= 0 && len(children) > most {
		c.fail(e, "qti.operand_count", "element", e.Tag, "given", len(children), "least", least)
	}
	out := make([]eval, 0, max(len(children), least))
	for _, child := range children {
		out = append(out, c.expression(child))
	}
	for len(out) < least {
		out = append(out, null)
	}
	return out
}

// numberRef reads an attribute that is a whole number or names a variable.
func (c *compiler) numberRef(e *Element, name string, absent float64) eval {
	raw, has := e.lookup(name)
	if !has {
		return func(*run) Value { return number(Float, absent) }
	}
	return c.reference(e, name, raw)
}

// reference reads a literal number, a variable's name, or that name in braces.
func (c *compiler) reference(e *Element, name, raw string) eval {
	raw = strings.TrimSpace(raw)
	if x, ok := parseFloat(raw); ok {
		t := Float
		if _, whole := parseInteger(raw); whole && !strings.ContainsAny(raw, ".eE") {
			t = Integer
		}
		v := number(t, x)
		return func(*run) Value { return v }
	}
	id := strings.TrimSuffix(strings.TrimPrefix(raw, "{"), "}")
	if i := c.vars.find(id); i >= 0 {
		return func(r *run) Value { return r.values[i] }
	}
	c.fail(e, "qti.bad_value", "name", name, "value", raw)
	return null
}

// basic compiles the expressions that are not operators.
func (c *compiler) basic(e *Element) eval {
	switch e.Name {
	case "basevalue":
		return c.baseValue(e)
	case "null":
		return null
	case "variable":
		return c.variable(e)
	case "default":
		if f := c.ofItem(e); f != nil {
			return f
		}
		if i := c.named(e); i >= 0 {
			return func(r *run) Value { return r.defaults[i] }
		}
		return null
	case "correct":
		if f := c.ofItem(e); f != nil {
			return f
		}
		i := c.named(e)
		if i < 0 {
			return null
		}
		if v := c.vars.list[i]; v.Kind != ResponseKind {
			c.warn(e, "qti.correct_of_other", "name", v.Identifier)
		}
		return func(r *run) Value { return r.corrects[i] }
	case "mapresponse", "mapoutcome":
		return c.mapResponse(e)
	case "mapresponsepoint":
		return c.mapResponsePoint(e)
	case "mathconstant":
		return c.mathConstant(e)
	case "randominteger", "randomfloat":
		return c.randomNumber(e)
	}
	return nil
}

func (c *compiler) baseValue(e *Element) eval {
	t, ok := parseBaseType(e.attr("basetype"))
	if !ok {
		c.fail(e, "qti.bad_value", "name", "baseType", "value", e.attr("basetype"))
		return null
	}
	raw := e.content()
	if t != String || strings.TrimSpace(raw) == "" {
		raw = strings.TrimSpace(raw)
	}
	s, ok := parseScalar(t, raw)
	if !ok {
		c.fail(e, "qti.bad_literal", "type", t.String(), "value", raw)
		return null
	}
	v := single(t, s)
	return func(*run) Value { return v }
}

// named finds the variable an element names, or reports it.
func (c *compiler) named(e *Element) int {
	id := e.attr("identifier")
	i := c.vars.find(id)
	if i < 0 {
		c.fail(e, "qti.undeclared", "name", id)
	}
	return i
}

func (c *compiler) variable(e *Element) eval {
	id := strings.TrimSpace(e.attr("identifier"))
	if i := c.vars.find(id); i >= 0 {
		return func(r *run) Value { return r.values[i] }
	}
	if f := c.ofItem(e); f != nil {
		return f
	}
	c.fail(e, "qti.undeclared", "name", id)
	return null
}

// ofItem compiles a reference to a variable of an item, which a test may make.
func (c *compiler) ofItem(e *Element) eval {
	if c.scope != inOutcome {
		return nil
	}
	return c.itemVariable(e, strings.TrimSpace(e.attr("identifier")))
}

func (c *compiler) mapResponse(e *Element) eval {
	i := c.named(e)
	if i < 0 {
		return null
	}
	v := c.vars.list[i]
	if e.Name == "mapoutcome" {
		c.warn(e, "qti.not_standard", "element", e.Tag)
	}
	if v.Cardinality == Record {
		c.fail(e, "qti.operand_cardinality", "given", v.Cardinality.String())
		return null
	}
	if v.Mapping == nil {
		// Nothing is mapped, so every value is worth the schema's default, 0.
		c.warn(e, "qti.mapping_absent", "name", v.Identifier)
		return func(*run) Value { return number(Float, 0) }
	}
	return func(r *run) Value { return number(Float, v.Mapping.apply(r.values[i])) }
}

func (c *compiler) mapResponsePoint(e *Element) eval {
	i := c.named(e)
	if i < 0 {
		return null
	}
	v := c.vars.list[i]
	if v.Type != Point {
		c.fail(e, "qti.point_wanted", "name", v.Identifier)
		return null
	}
	if v.Areas == nil {
		c.warn(e, "qti.area_mapping_absent", "name", v.Identifier)
		return func(*run) Value { return number(Float, 0) }
	}
	return func(r *run) Value { return number(Float, v.Areas.apply(r.values[i])) }
}
