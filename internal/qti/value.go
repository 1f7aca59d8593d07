package qti

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Cardinality of a variable or value.
type Cardinality uint8

// The cardinalities.
const (
	Single Cardinality = iota
	Multiple
	Ordered
	Record
)

var cardinalityNames = [...]string{"single", "multiple", "ordered", "record"}

func (c Cardinality) String() string { return cardinalityNames[c] }

// BaseType of a variable or value. None is that of a record, and of the NULL
// that the null expression gives.
type BaseType uint8

// The base types.
const (
	None BaseType = iota
	Boolean
	Integer
	Float
	String
	Identifier
	URI
	Pair
	DirectedPair
	Point
	Duration
	File
)

var baseTypeNames = [...]string{"", "boolean", "integer", "float", "string", "identifier", "uri", "pair", "directedPair", "point", "duration", "file"}

func (b BaseType) String() string { return baseTypeNames[b] }

func (b BaseType) numeric() bool { return b == Integer || b == Float }

// textual types are compared as strings.
func (b BaseType) textual() bool {
	return b == String || b == Identifier || b == URI || b == File
}

// Scalar is one value of a base type: numbers, durations (seconds), booleans (0
// or 1) and points in X and Y; the rest in Text and, for a pair, Second.
// Integers are held as float64, exact to 2^53, far beyond QTI's 32 bits.
type Scalar struct {
	Text, Second string
	X, Y         float64
}

// Value is what a variable holds or an expression gives. Without a scalar or
// field it is NULL: the model holds an empty container and an empty string to
// be NULL too.
type Value struct {
	Cardinality Cardinality
	Type        BaseType
	List        []Scalar
	Fields      []Field
}

// Field of a record.
type Field struct {
	Name  string
	Value Value
}

// IsNull says whether there is no value.
func (v Value) IsNull() bool { return len(v.List) == 0 && len(v.Fields) == 0 }

func single(t BaseType, s Scalar) Value {
	if t.textual() && s.Text == "" {
		return Value{Type: t}
	}
	return Value{Type: t, List: []Scalar{s}}
}

// The two answers of most operators, shared because values are never written to.
var (
	trueValue  = Value{Type: Boolean, List: []Scalar{{X: 1}}}
	falseValue = Value{Type: Boolean, List: []Scalar{{X: 0}}}
	nullTruth  = Value{Type: Boolean}
)

func boolean(b bool) Value {
	if b {
		return trueValue
	}
	return falseValue
}

func number(t BaseType, x float64) Value { return Value{Type: t, List: []Scalar{{X: x}}} }

func text(t BaseType, s string) Value { return single(t, Scalar{Text: s}) }

// field gives a field of a record, or NULL.
func (v Value) field(name string) Value {
	for _, f := range v.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return Value{}
}

// sameScalar compares two scalars of base types that can be compared: the same
// one, two numbers, or two texts.
func sameScalar(a Scalar, ta BaseType, b Scalar, tb BaseType) bool {
	switch {
	case ta.textual() && tb.textual():
		return a.Text == b.Text
	case ta == Pair || tb == Pair:
		return a.Text == b.Text && a.Second == b.Second || a.Text == b.Second && a.Second == b.Text
	case ta == DirectedPair:
		return a.Text == b.Text && a.Second == b.Second
	case ta == Point:
		return a.X == b.X && a.Y == b.Y
	}
	return a.X == b.X
}

// comparableTypes says that values of the two types can be compared at all.
func comparableTypes(a, b BaseType) bool {
	return a == b || a.numeric() && b.numeric() || a.textual() && b.textual() ||
		a == Pair && b == DirectedPair || a == DirectedPair && b == Pair
}

// sameValue is the model's match of two values that are not NULL: containers of
// cardinality multiple regardless of order, ordered ones in theirs.
func sameValue(a, b Value) bool {
	if a.Cardinality == Record || b.Cardinality == Record {
		return sameRecord(a, b)
	}
	if !comparableTypes(a.Type, b.Type) || len(a.List) != len(b.List) {
		return false
	}
	if a.Cardinality == Ordered && b.Cardinality == Ordered || len(a.List) == 1 {
		for i := range a.List {
			if !sameScalar(a.List[i], a.Type, b.List[i], b.Type) {
				return false
			}
		}
		return true
	}
	return containsAll(a, b)
}

func sameRecord(a, b Value) bool {
	if a.Cardinality != b.Cardinality || len(a.Fields) != len(b.Fields) {
		return false
	}
	for _, f := range a.Fields {
		i := slices.IndexFunc(b.Fields, func(g Field) bool { return g.Name == f.Name })
		if i < 0 {
			return false
		}
		other := b.Fields[i].Value
		if f.Value.IsNull() != other.IsNull() || !f.Value.IsNull() && !sameValue(f.Value, other) {
			return false
		}
	}
	return true
}

// containsAll says whether each scalar of b, as often as b has it, is in a.
func containsAll(a, b Value) bool {
	used := make([]bool, len(a.List))
	for _, want := range b.List {
		found := false
		for i, have := range a.List {
			if !used[i] && sameScalar(have, a.Type, want, b.Type) {
				used[i], found = true, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// truth is a value in a boolean context: NULL is false; what is not boolean is
// true when it is neither zero nor empty (ledger, "boolean context").
func (v Value) truth() bool {
	if v.IsNull() {
		return false
	}
	if v.Cardinality == Single && (v.Type == Boolean || v.Type.numeric() || v.Type == Duration) {
		return v.List[0].X != 0
	}
	return true
}

// lexical writes a scalar the way QTI does in XML and JSON.
func (s Scalar) lexical(t BaseType) string {
	switch t {
	case Boolean:
		return strconv.FormatBool(s.X != 0)
	case Integer, Float, Duration:
		return formatNumber(s.X)
	case Pair, DirectedPair:
		return s.Text + " " + s.Second
	case Point:
		return formatNumber(s.X) + " " + formatNumber(s.Y)
	}
	return s.Text
}

func formatNumber(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "INF"
	case math.IsInf(x, -1):
		return "-INF"
	case math.IsNaN(x):
		return "NaN"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// words is the value as printed in a text: containers by commas.
func (v Value) words() string {
	parts := make([]string, len(v.List))
	for i, s := range v.List {
		parts[i] = s.lexical(v.Type)
	}
	return strings.Join(parts, ", ")
}
