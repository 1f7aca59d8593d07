package qti

import (
	"math"
	"math/rand/v2"

	"preau/internal/fault"
)

// maxSteps bounds the work of one processing, so that a repeat within a repeat
// ends with an error and not with the machine.
const maxSteps = 1_000_000

// run is one execution of compiled rules. Values, defaults and corrects go by
// the number of the variable.
type run struct {
	vars     []*Variable
	values   []Value
	defaults []Value
	corrects []Value
	rng      *rand.Rand
	test     *TestSession // in outcome processing and the conditions of a test
	err      *fault.Error // the first error; nothing more is executed after it
	exit     bool         // exitResponse, exitTemplate, exitTest
	exited   string
	restart  bool // a templateConstraint did not hold
	steps    int
}

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5072e961)) }

// fail stops the run. key is a text of the catalogue.
func (r *run) fail(e *Element, key string, args ...any) Value {
	if r.err == nil {
		args = append(args, "element", e.Tag, "line", e.Line)
		for i := range args {
			args[i] = clip(args[i])
		}
		r.err = fault.New(fault.Invalid, key, args...)
	}
	return Value{}
}

// stopped says that nothing more must be executed.
func (r *run) stopped() bool { return r.exit || r.restart || r.err != nil }

// work counts n steps and says whether there is still leave to go on.
func (r *run) work(e *Element, n int) bool {
	r.steps += n
	if r.steps > maxSteps {
		r.fail(e, "qti.run_too_long")
	}
	return r.err == nil
}

// assign gives a value to a variable of the run, in the variable's own type.
func (r *run) assign(e *Element, i int, v Value) {
	r.values[i] = r.fit(e, r.vars[i], v)
}

// fit turns a value into one of the variable's cardinality and type. Numbers
// pass between integer and float; a fraction given to an integer stays what it
// is, because rounding would take points away unseen (ledger, "assignment").
func (r *run) fit(e *Element, to *Variable, v Value) Value {
	if v.IsNull() {
		return to.null()
	}
	if to.Cardinality == Record || v.Cardinality == Record {
		if to.Cardinality != v.Cardinality {
			return r.fail(e, "qti.wrong_cardinality", "name", to.Identifier, "wanted", to.Cardinality.String(), "given", v.Cardinality.String())
		}
		return v
	}
	out := v
	if to.Cardinality == Single && len(v.List) > 1 {
		return r.fail(e, "qti.wrong_cardinality", "name", to.Identifier, "wanted", to.Cardinality.String(), "given", v.Cardinality.String())
	}
	out.Cardinality = to.Cardinality
	switch {
	case to.Type == v.Type:
	case to.Type.numeric() && v.Type.numeric():
		if to.Type == Float || allWhole(v) {
			out.Type = to.Type
		}
	case to.Type.textual() && v.Type.textual():
		out.Type = to.Type
	default:
		converted, ok := convert(v, to.Type)
		if !ok {
			return r.fail(e, "qti.wrong_type", "name", to.Identifier, "wanted", to.Type.String(), "given", v.Type.String())
		}
		converted.Cardinality = to.Cardinality
		out = converted
	}
	return out
}

func allWhole(v Value) bool {
	for _, s := range v.List {
		if s.X != math.Trunc(s.X) || math.IsInf(s.X, 0) {
			return false
		}
	}
	return true
}

// convert reads the written form of a value as another type.
func convert(v Value, to BaseType) (Value, bool) {
	out := Value{Cardinality: v.Cardinality, Type: to}
	if (to == Duration && v.Type.numeric()) || (to.numeric() && v.Type == Duration) {
		out.List = v.List
		return out, true
	}
	if to == Boolean || v.Type == Boolean && !to.textual() {
		return out, false
	}
	for _, s := range v.List {
		c, ok := parseScalar(to, s.lexical(v.Type))
		if !ok {
			return out, false
		}
		out.List = append(out.List, c)
	}
	return out, true
}

// numberOf reads a single value as a number. ok is false for NULL, and for what
// is no number, which is also an error.
func (r *run) numberOf(e *Element, v Value) (x float64, ok bool) {
	if v.IsNull() || r.err != nil {
		return 0, false
	}
	if len(v.List) != 1 || v.Cardinality == Record {
		r.fail(e, "qti.operand_cardinality", "given", v.Cardinality.String())
		return 0, false
	}
	return r.scalarNumber(e, v.List[0], v.Type)
}

func (r *run) scalarNumber(e *Element, s Scalar, t BaseType) (float64, bool) {
	switch {
	case t.numeric(), t == Duration:
		return s.X, true
	case t.textual():
		if x, ok := parseFloat(s.Text); ok {
			return x, true
		}
	}
	r.fail(e, "qti.operand_no_number", "given", t.String())
	return 0, false
}

// numbersOf gathers the numbers of operands that may be containers. null is true
// when one of them is NULL.
func (r *run) numbersOf(e *Element, operands []Value) (list []float64, whole, null bool) {
	whole = true
	for _, v := range operands {
		if v.IsNull() {
			return nil, false, true
		}
		if v.Cardinality == Record {
			r.fail(e, "qti.operand_cardinality", "given", v.Cardinality.String())
			return nil, false, true
		}
		if v.Type != Integer {
			whole = false
		}
		for _, s := range v.List {
			x, ok := r.scalarNumber(e, s, v.Type)
			if !ok {
				return nil, false, true
			}
			list = append(list, x)
		}
	}
	return list, whole, len(list) == 0
}
