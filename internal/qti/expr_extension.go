package qti

import (
	"math"
	"strings"
)

// extension compiles operators that are in no version of the standard but occur
// in items, each with a warning (ledger, "operators outside the standard").
func (c *compiler) extension(e *Element) eval {
	f := c.extensionOf(e)
	if f != nil {
		c.warn(e, "qti.not_standard", "element", e.Tag)
	}
	return f
}

func (c *compiler) extensionOf(e *Element) eval {
	switch e.Name {
	case "precondition":
		op := c.operands(e, 1, 1)[0]
		return func(r *run) Value { return boolean(op(r).truth()) }
	case "isnotnull":
		op := c.operands(e, 1, 1)[0]
		return func(r *run) Value { return boolean(!op(r).IsNull()) }
	case "notequal":
		same := c.equal(e)
		return func(r *run) Value {
			v := same(r)
			if v.IsNull() {
				return nullTruth
			}
			return boolean(!v.truth())
		}
	case "alln":
		ops := c.operands(e, 1, -1)
		most := c.numberRef(e, "max", float64(len(ops)))
		return func(r *run) Value {
			high, ok := r.numberOf(e, most(r))
			if !ok {
				return nullTruth
			}
			yes := 0.0
			for _, op := range ops {
				if op(r).truth() {
					yes++
				}
			}
			return boolean(yes <= high)
		}
	case "mod":
		return c.binary(e, func(x, y float64, whole bool) Value {
			if y == 0 {
				return Value{Type: Float}
			}
			return numeric(math.Mod(x, y), whole)
		})
	case "mean", "samplevariance", "samplesd", "popvariance", "popsd":
		return c.statistic(e, map[string]string{"mean": "mean", "samplevariance": "sampleVariance", "samplesd": "sampleSD", "popvariance": "popVariance", "popsd": "popSD"}[e.Name])
	case "istypeof":
		a, b := c.two(e)
		return func(r *run) Value {
			v := a(r)
			name, ok := r.textOf(e, b(r))
			return boolean(ok && !v.IsNull() && strings.EqualFold(v.Type.String(), name))
		}
	case "record":
		return c.record(e)
	case "lookuptable":
		return c.lookupTable(e)
	}
	return nil
}

// record builds a record of its fieldValue children, each with one expression.
func (c *compiler) record(e *Element) eval {
	type part struct {
		name string
		eval eval
	}
	var parts []part
	for _, child := range e.elements() {
		name := strings.TrimSpace(child.attr("fieldidentifier"))
		if name == "" || len(child.elements()) != 1 {
			c.fail(child, "qti.operand_count", "element", child.Tag, "given", len(child.elements()), "least", 1)
			continue
		}
		parts = append(parts, part{name, c.expression(child.elements()[0])})
	}
	return func(r *run) Value {
		out := Value{Cardinality: Record}
		for _, p := range parts {
			out.Fields = append(out.Fields, Field{Name: p.name, Value: p.eval(r)})
		}
		return out
	}
}

// lookupTable is an expression with a table inside. Its interpolation joins the
// entries by lines, as those who use it mean.
func (c *compiler) lookupTable(e *Element) eval {
	children := e.elements()
	if len(children) != 2 || children[1].Name != "matchtable" && children[1].Name != "interpolationtable" {
		c.fail(e, "qti.operand_count", "element", e.Tag, "given", len(children), "least", 2)
		return null
	}
	source := c.expression(children[0])
	table := readTable(c.reporter, children[1], c.tableType(children[1]))
	table.Linear = table.Interpolation
	return func(r *run) Value { return table.look(source(r)) }
}

// tableType is float when all targets are numbers, or else string.
func (c *compiler) tableType(table *Element) BaseType {
	for _, entry := range table.elements() {
		if _, ok := parseFloat(entry.attr("targetvalue")); !ok {
			return String
		}
	}
	return Float
}
