package qti

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"preau/internal/fault"
)

// ResponseFrom reads a candidate's answer from JSON for a declared variable. A
// single value is a string, a number or a boolean, a container an array of them,
// a record an object; a list of one stands for a single value. What cannot be
// read as the variable's type, as letters typed for a number, is NULL: the
// answer is wrong, not the item. understood is then false.
func ResponseFrom(v *Variable, raw any) (value Value, understood bool) {
	out := v.null()
	switch x := raw.(type) {
	case nil:
		return out, true
	case map[string]any:
		if v.Cardinality == Record {
			return recordFrom(out, x)
		}
		// A file comes with its name, and whatever the delivery adds.
		if name, ok := x["name"].(string); ok && v.Type == File && v.Cardinality == Single {
			return text(File, name), true
		}
		return out, false
	case []any:
		if v.Cardinality == Record || v.Cardinality == Single && len(x) > 1 {
			return out, false
		}
		understood = true
		for _, one := range x {
			if one == nil {
				continue
			}
			s, ok := scalarFrom(v.Type, one)
			if !ok {
				understood = false
				continue
			}
			if !single(v.Type, s).IsNull() {
				out.List = append(out.List, s)
			}
		}
		return out, understood
	}
	if v.Cardinality == Record {
		return out, false
	}
	if s, ok := raw.(string); ok && s == "" {
		return out, true
	}
	s, ok := scalarFrom(v.Type, raw)
	if ok && !single(v.Type, s).IsNull() {
		out.List = []Scalar{s}
	}
	return out, ok
}

func scalarFrom(t BaseType, raw any) (Scalar, bool) {
	switch x := raw.(type) {
	case string:
		if t == Float || t == Integer {
			return typedNumber(t, x)
		}
		return parseScalar(t, x)
	case bool:
		return parseScalar(t, strconv.FormatBool(x))
	case json.Number:
		return parseScalar(t, x.String())
	case float64:
		return parseScalar(t, formatNumber(x))
	}
	return Scalar{}, false
}

// typedNumber reads a number as a French or English pupil types it: a comma for
// the decimal point, spaces between thousands, a typographic minus.
func typedNumber(t BaseType, s string) (Scalar, bool) {
	s = strings.TrimSpace(s)
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	s = strings.NewReplacer("\u00A0", "", "\u202F", "", " ", "", "\u2212", "-").Replace(s)
	return parseScalar(t, s)
}

// recordFrom reads a record. A field's type is that of its JSON value, but for
// those that textEntryInteraction fixes.
func recordFrom(out Value, fields map[string]any) (Value, bool) {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	understood := true
	for _, name := range names {
		t := fieldType(name, fields[name])
		v, ok := ResponseFrom(&Variable{Type: t}, fields[name])
		understood = understood && ok
		out.Fields = append(out.Fields, Field{Name: name, Value: v})
	}
	return out, understood
}

func fieldType(name string, raw any) BaseType {
	switch name {
	case "stringValue":
		return String
	case "floatValue":
		return Float
	case "integerValue", "leftDigits", "rightDigits", "ndp", "nsf", "exponent":
		return Integer
	}
	switch x := raw.(type) {
	case bool:
		return Boolean
	case json.Number:
		if _, err := x.Int64(); err == nil {
			return Integer
		}
		return Float
	case float64:
		if x == math.Trunc(x) {
			return Integer
		}
		return Float
	}
	return String
}

// JSON is the value as the command line writes it: null, a string, a number or a
// boolean; an array for a container; an object for a record. The infinities,
// which JSON has not, are the strings "INF" and "-INF".
func (v Value) JSON() any {
	if v.IsNull() {
		return nil
	}
	if v.Cardinality == Record {
		out := make(map[string]any, len(v.Fields))
		for _, f := range v.Fields {
			out[f.Name] = f.Value.JSON()
		}
		return out
	}
	if v.Cardinality == Single {
		return v.List[0].json(v.Type)
	}
	out := make([]any, len(v.List))
	for i, s := range v.List {
		out[i] = s.json(v.Type)
	}
	return out
}

func (s Scalar) json(t BaseType) any {
	switch t {
	case Boolean:
		return s.X != 0
	case Integer, Float, Duration:
		if math.IsInf(s.X, 0) || math.IsNaN(s.X) {
			return formatNumber(s.X)
		}
		return json.Number(strconv.FormatFloat(s.X, 'g', -1, 64))
	}
	return s.lexical(t)
}

// Line is one line of input to scoring. Seed is a number, or a string of which
// only equality matters.
type Line struct {
	Responses map[string]any   `json:"responses"`
	Turns     []map[string]any `json:"turns"`
	Seed      any              `json:"seed"`
	Duration  *float64         `json:"duration"` // seconds
}

// ReadLine reads a line of input. Numbers keep all their digits.
func ReadLine(raw []byte) (Line, error) {
	var line Line
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&line); err != nil {
		return line, fault.New(fault.Invalid, "qti.line_unreadable").Because(err)
	}
	if d.More() {
		return line, fault.New(fault.Invalid, "qti.line_unreadable")
	}
	return line, nil
}

// SeedFrom turns the seed of a line into a number: absent is 0, a string its
// FNV-1a hash.
func SeedFrom(raw any) (uint64, error) {
	switch x := raw.(type) {
	case nil:
		return 0, nil
	case json.Number:
		if n, err := strconv.ParseUint(x.String(), 10, 64); err == nil {
			return n, nil
		}
		return hashText(x.String()), nil
	case float64:
		return SeedFrom(formatNumber(x))
	case string:
		if n, err := strconv.ParseUint(x, 10, 64); err == nil {
			return n, nil
		}
		return hashText(x), nil
	}
	return 0, fault.New(fault.Invalid, "qti.line_seed")
}

func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// attempts turns a line into attempts. A turn is the object of responses itself,
// or an object with "responses" inside.
func (it *Item) attempts(line Line) ([]Attempt, []*fault.Error) {
	turns := line.Turns
	if turns == nil {
		turns = []map[string]any{line.Responses}
	}
	var warnings []*fault.Error
	out := make([]Attempt, 0, len(turns))
	for _, turn := range turns {
		a := Attempt{Duration: line.Duration}
		if inner, ok := turn["responses"].(map[string]any); ok && it.Variable("responses") == nil {
			if n, ok := turn["duration"].(json.Number); ok {
				if x, err := n.Float64(); err == nil {
					a.Duration = &x
				}
			}
			turn = inner
		}
		var more []*fault.Error
		a.Responses, more = it.Responses(turn)
		warnings = append(warnings, more...)
		out = append(out, a)
	}
	return out, warnings
}

// Responses reads the answers of one attempt. The warnings name the variables
// that are not declared and the answers that could not be read.
func (it *Item) Responses(raw map[string]any) (map[string]Value, []*fault.Error) {
	var warnings []*fault.Error
	out := make(map[string]Value, len(raw))
	for id, x := range raw {
		v := it.Variable(id)
		if v == nil || v.Kind != ResponseKind && v.Kind != ContextKind {
			warnings = append(warnings, fault.New(fault.Invalid, "qti.response_undeclared", "name", id))
			continue
		}
		value, ok := ResponseFrom(v, x)
		if !ok {
			warnings = append(warnings, fault.New(fault.Invalid, "qti.response_unreadable", "name", id))
		}
		out[id] = value
	}
	slices.SortFunc(warnings, func(a, b *fault.Error) int { return strings.Compare(a.Args["name"].(string), b.Args["name"].(string)) })
	return out, warnings
}

// ScoreLine scores one line of input.
func (it *Item) ScoreLine(line Line) (*Result, error) {
	seed, err := SeedFrom(line.Seed)
	if err != nil {
		return nil, err
	}
	attempts, warnings := it.attempts(line)
	res, err := it.Score(seed, attempts...)
	if err != nil {
		return nil, err
	}
	res.Warnings = append(warnings, res.Warnings...)
	return res, nil
}

// OutcomesJSON are outcomes by identifier, ready to be written.
func OutcomesJSON(fields []Field) map[string]any {
	out := make(map[string]any, len(fields))
	for _, f := range fields {
		out[f.Name] = f.Value.JSON()
	}
	return out
}
