package qti

import (
	"strconv"
	"strings"
)

// Area is a region of a picture, as in HTML image maps. Ellipse is QTI's own.
type Area struct {
	Shape  string // default, rect, circle, ellipse or poly
	Coords []float64
}

// AreaMapping turns the points of a response into a number.
type AreaMapping struct {
	Default      float64
	Lower, Upper *float64
	Entries      []AreaEntry
}

// AreaEntry is one line of an AreaMapping.
type AreaEntry struct {
	Area  Area
	Value float64
}

func readAreaMapping(rep *reporter, e *Element) *AreaMapping {
	m := &AreaMapping{Default: rep.number(e, "defaultvalue", 0)}
	m.Lower, m.Upper = rep.bounds(e)
	for _, c := range e.elements() {
		if c.Name != "areamapentry" {
			rep.warn(c, "qti.unknown_element", "element", c.Tag)
			continue
		}
		if area, ok := readArea(rep, c); ok {
			m.Entries = append(m.Entries, AreaEntry{Area: area, Value: rep.number(c, "mappedvalue", 0)})
		}
	}
	return m
}

// readArea reads the shape and coords of an element.
func readArea(rep *reporter, e *Element) (Area, bool) {
	a := Area{Shape: strings.TrimSpace(e.attr("shape"))}
	for _, part := range strings.FieldsFunc(e.attr("coords"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' }) {
		x, err := strconv.ParseFloat(strings.TrimSuffix(part, "%"), 64)
		if err != nil {
			rep.fail(e, "qti.bad_value", "name", "coords", "value", e.attr("coords"))
			return a, false
		}
		a.Coords = append(a.Coords, x)
	}
	wanted := map[string]int{"default": 0, "rect": 4, "circle": 3, "ellipse": 4}
	n, known := wanted[a.Shape]
	switch {
	case a.Shape == "poly":
		known = true
		// A polygon may repeat its first point at the end.
		if len(a.Coords) < 6 || len(a.Coords)%2 != 0 {
			rep.fail(e, "qti.bad_value", "name", "coords", "value", e.attr("coords"))
			return a, false
		}
	case known && a.Shape != "default" && len(a.Coords) != n:
		rep.fail(e, "qti.bad_value", "name", "coords", "value", e.attr("coords"))
		return a, false
	}
	if !known {
		rep.fail(e, "qti.bad_value", "name", "shape", "value", a.Shape)
		return a, false
	}
	return a, true
}

// Contains says whether a point is in the area, its edge included.
func (a Area) Contains(x, y float64) bool {
	c := a.Coords
	switch a.Shape {
	case "default":
		return true
	case "rect":
		return x >= min(c[0], c[2]) && x <= max(c[0], c[2]) && y >= min(c[1], c[3]) && y <= max(c[1], c[3])
	case "circle":
		dx, dy := x-c[0], y-c[1]
		return dx*dx+dy*dy <= c[2]*c[2]
	case "ellipse":
		if c[2] == 0 || c[3] == 0 {
			return false
		}
		dx, dy := (x-c[0])/c[2], (y-c[1])/c[3]
		return dx*dx+dy*dy <= 1
	case "poly":
		return inPolygon(c, x, y)
	}
	return false
}

func inPolygon(c []float64, x, y float64) bool {
	inside := false
	for i, j := 0, len(c)-2; i < len(c); j, i = i, i+2 {
		xi, yi, xj, yj := c[i], c[i+1], c[j], c[j+1]
		if onSegment(xi, yi, xj, yj, x, y) {
			return true
		}
		if (yi > y) != (yj > y) && x < (xj-xi)*(y-yi)/(yj-yi)+xi {
			inside = !inside
		}
	}
	return inside
}

func onSegment(x1, y1, x2, y2, x, y float64) bool {
	return (x2-x1)*(y-y1) == (y2-y1)*(x-x1) &&
		x >= min(x1, x2) && x <= max(x1, x2) && y >= min(y1, y2) && y <= max(y1, y2)
}

// apply is mapResponsePoint: each area counts once, in whatever number its
// points are; a point outside of all is worth the default, each time.
func (m *AreaMapping) apply(v Value) float64 {
	if v.IsNull() {
		if v.Cardinality != Single {
			return clamp(0, m.Lower, m.Upper)
		}
		return clamp(m.Default, m.Lower, m.Upper)
	}
	used := make([]bool, len(m.Entries))
	sum := 0.0
	for _, p := range v.List {
		hit := false
		for i, entry := range m.Entries {
			if !entry.Area.Contains(p.X, p.Y) {
				continue
			}
			hit = true
			if !used[i] {
				used[i] = true
				sum += entry.Value
			}
			break
		}
		if !hit {
			sum += m.Default
		}
	}
	return clamp(sum, m.Lower, m.Upper)
}
