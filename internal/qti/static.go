package qti

// leafType gives the type and cardinality of an expression that can be told
// without running it. ok is false for operators.
func (c *compiler) leafType(e *Element) (t BaseType, cardinality Cardinality, ok bool) {
	switch e.Name {
	case "basevalue":
		t, ok = parseBaseType(e.attr("basetype"))
		return t, Single, ok
	case "variable", "correct", "default":
		if i := c.vars.find(e.attr("identifier")); i >= 0 && c.vars.list[i].Type != None {
			return c.vars.list[i].Type, c.vars.list[i].Cardinality, true
		}
	}
	return None, Single, false
}

// checkComparison says when two operands can never be equal: an author's mistake
// that would score 0 for everybody.
func (c *compiler) checkComparison(e *Element) {
	operands := e.elements()
	if len(operands) != 2 {
		return
	}
	ta, ca, okA := c.leafType(operands[0])
	tb, cb, okB := c.leafType(operands[1])
	if !okA || !okB {
		return
	}
	if !comparableTypes(ta, tb) {
		c.warn(e, "qti.types_differ", "first", ta.String(), "second", tb.String())
		return
	}
	if e.Name == "match" && ca != cb {
		c.warn(e, "qti.cardinalities_differ", "first", ca.String(), "second", cb.String())
	}
}

// checkCorrect says when a rule compares with a correct response that nothing
// gives.
func (it *Item) checkCorrect(rep *reporter) {
	set := map[string]bool{}
	it.root.walk(func(e *Element) bool {
		if e.Name == "setcorrectresponse" {
			set[e.attr("identifier")] = true
		}
		return true
	})
	it.root.walk(func(e *Element) bool {
		if e.Name != "correct" {
			return true
		}
		if v := it.Variable(e.attr("identifier")); v != nil && v.Kind == ResponseKind && v.Correct.IsNull() && !set[v.Identifier] {
			rep.warn(e, "qti.correct_absent", "name", v.Identifier)
		}
		return true
	})
	processing := it.root.child("responseprocessing")
	if processing == nil || len(processing.elements()) > 0 {
		return
	}
	if v := it.Variable("RESPONSE"); v != nil && v.Correct.IsNull() && !set[v.Identifier] && v.Mapping == nil && v.Areas == nil {
		rep.warn(processing, "qti.correct_absent", "name", v.Identifier)
	}
}
