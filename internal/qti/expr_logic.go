package qti

// logic compiles the operators on booleans. They know three answers: true, false
// and NULL.
func (c *compiler) logic(e *Element) eval {
	switch e.Name {
	case "and":
		ops := c.operands(e, 1, -1)
		return func(r *run) Value {
			unknown := false
			for _, op := range ops {
				v := op(r)
				switch {
				case v.IsNull():
					unknown = true
				case !v.truth():
					return falseValue
				}
			}
			return known(true, unknown)
		}
	case "or":
		ops := c.operands(e, 1, -1)
		return func(r *run) Value {
			unknown := false
			for _, op := range ops {
				v := op(r)
				switch {
				case v.IsNull():
					unknown = true
				case v.truth():
					return trueValue
				}
			}
			return known(false, unknown)
		}
	case "not":
		op := c.operands(e, 1, 1)[0]
		return func(r *run) Value {
			v := op(r)
			if v.IsNull() {
				return nullTruth
			}
			return boolean(!v.truth())
		}
	case "anyn":
		return c.anyN(e)
	case "isnull":
		op := c.operands(e, 1, 1)[0]
		return func(r *run) Value { return boolean(op(r).IsNull()) }
	}
	return nil
}

// known is an answer unless an unknown operand could have changed it.
func known(answer, unknown bool) Value {
	if unknown {
		return nullTruth
	}
	return boolean(answer)
}

// anyN is true when between min and max operands are true. With NULLs it answers
// only if no value of theirs could change the answer.
func (c *compiler) anyN(e *Element) eval {
	ops := c.operands(e, 1, -1)
	least, most := c.numberRef(e, "min", 0), c.numberRef(e, "max", float64(len(ops)))
	for _, name := range []string{"min", "max"} {
		if _, has := e.lookup(name); !has {
			c.warn(e, "qti.attribute_absent", "element", e.Tag, "name", name)
		}
	}
	return func(r *run) Value {
		low, okLow := r.numberOf(e, least(r))
		high, okHigh := r.numberOf(e, most(r))
		if !okLow || !okHigh {
			return nullTruth
		}
		yes, unknown := 0.0, 0.0
		for _, op := range ops {
			v := op(r)
			switch {
			case v.IsNull():
				unknown++
			case v.truth():
				yes++
			}
		}
		switch {
		case yes+unknown < low || yes > high:
			return falseValue
		case yes >= low && yes+unknown <= high:
			return trueValue
		}
		return nullTruth
	}
}
