package qti

import (
	"math"
	"strings"
)

// Kind of a variable.
type Kind uint8

// The kinds of variables. A context variable (QTI 3) is given by the delivery;
// a built-in one is declared by no document.
const (
	ResponseKind Kind = iota
	OutcomeKind
	TemplateKind
	ContextKind
)

// Variable is a declaration.
type Variable struct {
	Identifier  string
	Kind        Kind
	Cardinality Cardinality
	Type        BaseType
	Default     Value
	Correct     Value
	Mapping     *Mapping
	Areas       *AreaMapping
	Table       *Table
	Minimum     *float64 // normalMinimum of an outcome
	Maximum     *float64 // normalMaximum of an outcome
	Mastery     *float64
	Parameter   bool // a template variable printed as a parameter
	Math        bool // a template variable printed inside MathML
	External    string
	BuiltIn     bool
	Line        int
}

// null is the NULL of a variable's type.
func (v *Variable) null() Value { return Value{Cardinality: v.Cardinality, Type: v.Type} }

// initial is the value at the start of a session. A numeric outcome without a
// default starts at 0, anything else at NULL (outcomeDeclaration).
func (v *Variable) initial() Value {
	if v.Default.IsNull() && v.Kind == OutcomeKind && v.Cardinality == Single && v.Type.numeric() {
		return number(v.Type, 0)
	}
	return v.Default
}

// The names of the variables that exist without being declared.
const (
	completionStatus = "completionStatus"
	numAttempts      = "numAttempts"
	durationName     = "duration"
)

func builtInVariables() []*Variable {
	return []*Variable{
		{Identifier: completionStatus, Kind: OutcomeKind, Type: Identifier, Default: text(Identifier, "not_attempted"), BuiltIn: true},
		{Identifier: numAttempts, Kind: ResponseKind, Type: Integer, Default: number(Integer, 0), BuiltIn: true},
		{Identifier: durationName, Kind: ResponseKind, Type: Duration, Default: number(Duration, 0), BuiltIn: true},
	}
}

// variables of a document by identifier, each with its number.
type variables struct {
	list  []*Variable
	index map[string]int
}

func newVariables() *variables {
	vs := &variables{index: map[string]int{}}
	for _, v := range builtInVariables() {
		vs.add(v)
	}
	return vs
}

func (vs *variables) add(v *Variable) int {
	vs.index[v.Identifier] = len(vs.list)
	vs.list = append(vs.list, v)
	return len(vs.list) - 1
}

// find gives the number of a variable, or -1.
func (vs *variables) find(identifier string) int {
	if i, ok := vs.index[strings.TrimSpace(identifier)]; ok {
		return i
	}
	return -1
}

// declare reads a declaration of that kind and adds it.
func (vs *variables) declare(rep *reporter, e *Element, kind Kind) {
	v := &Variable{Identifier: strings.TrimSpace(e.attr("identifier")), Kind: kind, Line: e.Line}
	if v.Identifier == "" {
		rep.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "identifier")
		return
	}
	var ok bool
	if v.Cardinality, ok = parseCardinality(e.attr("cardinality")); !ok {
		rep.fail(e, "qti.bad_value", "name", "cardinality", "value", e.attr("cardinality"))
		return
	}
	if v.Cardinality != Record {
		if v.Type, ok = parseBaseType(e.attr("basetype")); !ok {
			rep.fail(e, "qti.bad_value", "name", "baseType", "value", e.attr("basetype"))
			return
		}
	}
	v.Parameter, v.Math = e.flag("paramvariable", false), e.flag("mathvariable", false)
	v.External = e.attr("externalscored")
	for name, target := range map[string]**float64{"normalminimum": &v.Minimum, "normalmaximum": &v.Maximum, "masteryvalue": &v.Mastery} {
		if s, has := e.lookup(name); has {
			x, ok := parseFloat(s)
			if !ok {
				rep.warn(e, "qti.bad_value", "name", name, "value", s)
				continue
			}
			*target = &x
		}
	}
	v.Default, v.Correct = v.null(), v.null()
	if s, has := e.lookup("defaultvalue"); has {
		rep.warn(e, "qti.default_attribute")
		if scalar, ok := parseScalar(v.Type, s); ok {
			v.Default = single(v.Type, scalar)
			v.Default.Cardinality = v.Cardinality
		}
	}
	for _, c := range e.elements() {
		v.part(rep, c)
	}
	if i := vs.find(v.Identifier); i >= 0 {
		if vs.list[i].BuiltIn {
			// Items may declare completionStatus; the built-in one is kept.
			if v.Identifier == completionStatus && kind == OutcomeKind || kind == ResponseKind && (v.Identifier == numAttempts || v.Identifier == durationName) {
				rep.note(e, "qti.built_in_declared", "name", v.Identifier)
				return
			}
		}
		rep.fail(e, "qti.declared_twice", "name", v.Identifier)
		return
	}
	vs.add(v)
}

func (v *Variable) part(rep *reporter, e *Element) {
	switch e.Name {
	case "defaultvalue":
		v.Default = v.values(rep, e)
	case "correctresponse":
		v.Correct = v.values(rep, e)
	case "mapping":
		v.Mapping = readMapping(rep, e, v.Type)
	case "areamapping":
		if v.Type != Point {
			rep.warn(e, "qti.area_mapping_of_other", "type", v.Type.String())
		}
		v.Areas = readAreaMapping(rep, e)
	case "matchtable", "interpolationtable":
		v.Table = readTable(rep, e, v.Type)
	default:
		rep.warn(e, "qti.unknown_element", "element", e.Tag)
	}
}

// values reads the value children of a defaultValue or correctResponse.
func (v *Variable) values(rep *reporter, e *Element) Value {
	out := v.null()
	for _, c := range e.elements() {
		if c.Name != "value" {
			rep.warn(c, "qti.unknown_element", "element", c.Tag)
			continue
		}
		if v.Cardinality == Record {
			t, ok := parseBaseType(c.attr("basetype"))
			if !ok {
				rep.fail(c, "qti.bad_value", "name", "baseType", "value", c.attr("basetype"))
				continue
			}
			s, ok := parseScalar(t, c.content())
			if !ok {
				rep.fail(c, "qti.bad_literal", "type", t.String(), "value", c.content())
				continue
			}
			out.Fields = append(out.Fields, Field{Name: c.attr("fieldidentifier"), Value: single(t, s)})
			continue
		}
		raw := c.content()
		if v.Type == String && strings.TrimSpace(raw) != raw {
			raw = strings.TrimSpace(raw)
		}
		s, ok := parseScalar(v.Type, raw)
		if !ok {
			rep.fail(c, "qti.bad_literal", "type", v.Type.String(), "value", raw)
			continue
		}
		if one := single(v.Type, s); !one.IsNull() {
			out.List = append(out.List, s)
		}
	}
	if v.Cardinality == Single && len(out.List) > 1 {
		rep.fail(e, "qti.several_values", "name", v.Identifier)
		out.List = out.List[:1]
	}
	return out
}

// Mapping turns the values of a response into a number.
type Mapping struct {
	Default      float64
	Lower, Upper *float64
	Entries      []MapEntry
}

// MapEntry is one line of a Mapping.
type MapEntry struct {
	Key        Scalar
	Value      float64
	IgnoreCase bool
}

// number reads a numeric attribute; absent gives the default.
func (r *reporter) number(e *Element, name string, absent float64) float64 {
	s, has := e.lookup(name)
	if !has {
		return absent
	}
	x, ok := parseFloat(s)
	if !ok || math.IsNaN(x) {
		r.fail(e, "qti.bad_value", "name", name, "value", s)
		return absent
	}
	return x
}

func (r *reporter) bounds(e *Element) (lower, upper *float64) {
	if _, has := e.lookup("lowerbound"); has {
		x := r.number(e, "lowerbound", 0)
		lower = &x
	}
	if _, has := e.lookup("upperbound"); has {
		x := r.number(e, "upperbound", 0)
		upper = &x
	}
	if lower != nil && upper != nil && *lower > *upper {
		r.warn(e, "qti.bounds_crossed")
	}
	return lower, upper
}

func readMapping(rep *reporter, e *Element, t BaseType) *Mapping {
	m := &Mapping{Default: rep.number(e, "defaultvalue", 0)}
	m.Lower, m.Upper = rep.bounds(e)
	for _, c := range e.elements() {
		if c.Name != "mapentry" {
			rep.warn(c, "qti.unknown_element", "element", c.Tag)
			continue
		}
		raw := c.attr("mapkey")
		key, ok := parseScalar(t, raw)
		if !ok {
			rep.fail(c, "qti.bad_literal", "type", t.String(), "value", raw)
			continue
		}
		if _, has := c.lookup("mappedvalue"); !has {
			rep.fail(c, "qti.attribute_absent", "element", c.Tag, "name", "mappedValue")
			continue
		}
		// caseSensitive belongs to mapEntry; on the mapping itself, as some
		// write it, it holds for every entry that says nothing.
		heed := c.flag("casesensitive", e.flag("casesensitive", true))
		m.Entries = append(m.Entries, MapEntry{Key: key, Value: rep.number(c, "mappedvalue", 0), IgnoreCase: !heed})
	}
	if len(m.Entries) == 0 {
		rep.warn(e, "qti.mapping_empty")
	}
	return m
}

func clamp(x float64, lower, upper *float64) float64 {
	if lower != nil && x < *lower {
		x = *lower
	}
	if upper != nil && x > *upper {
		x = *upper
	}
	return x
}

// one gives the mapped value of a scalar: that of the first entry that matches.
func (m *Mapping) one(t BaseType, s Scalar) float64 {
	for i := range m.Entries {
		k := &m.Entries[i]
		if sameScalar(k.Key, t, s, t) || k.IgnoreCase && t.textual() && strings.EqualFold(k.Key.Text, s.Text) {
			return k.Value
		}
	}
	return m.Default
}

// apply is mapResponse. A value that occurs several times in a container counts
// once; a single NULL has no entry, so it is worth the default; a container
// without values sums nothing (ledger, "mapResponse of NULL").
func (m *Mapping) apply(v Value) float64 {
	if v.IsNull() {
		if v.Cardinality != Single {
			return clamp(0, m.Lower, m.Upper)
		}
		return clamp(m.one(String, Scalar{}), m.Lower, m.Upper)
	}
	sum := 0.0
	for i, s := range v.List {
		if !hasEarlier(v, i) {
			sum += m.one(v.Type, s)
		}
	}
	return clamp(sum, m.Lower, m.Upper)
}

func hasEarlier(v Value, i int) bool {
	for _, s := range v.List[:i] {
		if sameScalar(s, v.Type, v.List[i], v.Type) {
			return true
		}
	}
	return false
}
