package qti

import (
	"math"
	"slices"
	"strings"
)

// Table is a matchTable or interpolationTable: it turns a number into an outcome.
type Table struct {
	Interpolation bool
	Linear        bool // join the entries by lines; not in the standard (ledger)
	Default       Value
	Entries       []TableEntry
}

// TableEntry is one line of a Table. Key is set when the source is not a number,
// which only the non-standard lookupTable expression allows.
type TableEntry struct {
	Source  float64
	Key     string
	Target  Value
	Include bool // includeBoundary
}

// readTable reads a table whose targets are of type t.
func readTable(rep *reporter, e *Element, t BaseType) *Table {
	table := &Table{Interpolation: e.Name == "interpolationtable", Default: Value{Type: t}}
	if s, has := e.lookup("interpolationmethod"); has {
		rep.warn(e, "qti.interpolation_method")
		table.Linear = strings.EqualFold(s, "linear")
		if !table.Linear {
			rep.fail(e, "qti.bad_value", "name", "interpolationMethod", "value", s)
		}
	}
	target := func(at *Element, raw string) Value {
		s, ok := parseScalar(t, raw)
		if !ok {
			rep.fail(at, "qti.bad_literal", "type", t.String(), "value", raw)
		}
		return single(t, s)
	}
	if s, has := e.lookup("defaultvalue"); has {
		table.Default = target(e, s)
	}
	for _, c := range e.elements() {
		if c.Name != "matchtableentry" && c.Name != "interpolationtableentry" {
			rep.warn(c, "qti.unknown_element", "element", c.Tag)
			continue
		}
		raw := c.attr("sourcevalue")
		x, ok := parseFloat(raw)
		if !ok && table.Interpolation {
			rep.fail(c, "qti.bad_value", "name", "sourceValue", "value", raw)
			continue
		}
		if !ok {
			x = math.NaN()
		}
		table.Entries = append(table.Entries, TableEntry{
			Source: x, Key: strings.TrimSpace(raw), Target: target(c, c.attr("targetvalue")), Include: c.flag("includeboundary", true),
		})
	}
	return table
}

// look gives the target of a value. A matchTable wants equality. In an
// interpolationTable the first entry, in the order written, whose source is
// below the value (or at it, when includeBoundary) decides.
func (t *Table) look(v Value) Value {
	if v.IsNull() || v.Cardinality != Single {
		return t.Default
	}
	s := v.List[0]
	numeric := v.Type.numeric() || v.Type == Duration
	if t.Linear && numeric {
		return t.line(s.X)
	}
	for _, entry := range t.Entries {
		switch {
		case t.Interpolation:
			if numeric && (entry.Source < s.X || entry.Source == s.X && entry.Include) {
				return entry.Target
			}
		case numeric:
			if entry.Source == s.X {
				return entry.Target
			}
		case s.lexical(v.Type) == entry.Key:
			return entry.Target
		}
	}
	return t.Default
}

// line interpolates between the entries around x, and holds the end values
// beyond them.
func (t *Table) line(x float64) Value {
	points := slices.Clone(t.Entries)
	slices.SortStableFunc(points, func(a, b TableEntry) int {
		switch {
		case a.Source < b.Source:
			return -1
		case a.Source > b.Source:
			return 1
		}
		return 0
	})
	points = slices.DeleteFunc(points, func(e TableEntry) bool { return e.Target.IsNull() })
	if len(points) == 0 || math.IsNaN(x) {
		return t.Default
	}
	if x <= points[0].Source {
		return points[0].Target
	}
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		if x < b.Source {
			ya, yb := a.Target.List[0].X, b.Target.List[0].X
			return number(Float, ya+(yb-ya)*(x-a.Source)/(b.Source-a.Source))
		}
	}
	return points[len(points)-1].Target
}
