package qti

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// printed is the text of a printedVariable in a session.
func printed(e *Element, s *ItemSession) string {
	v := s.Value(e.attr("identifier"))
	if name := e.attr("field"); name != "" {
		v = v.field(name)
	}
	if v.IsNull() {
		return ""
	}
	if v.Cardinality == Record {
		parts := make([]string, len(v.Fields))
		for i, f := range v.Fields {
			parts[i] = f.Name + e.absent("mappingindicator", "=") + f.Value.words()
		}
		return strings.Join(parts, e.absent("delimiter", ";"))
	}
	if raw := strings.TrimSpace(e.attr("index")); raw != "" {
		n := atoi(raw)
		if n == 0 {
			if at := s.Value(strings.Trim(raw, "{}")); !at.IsNull() {
				n = int(at.List[0].X)
			}
		}
		if n < 1 || n > len(v.List) {
			return ""
		}
		return printScalar(e, v.List[n-1], v.Type)
	}
	parts := make([]string, len(v.List))
	for i, scalar := range v.List {
		parts[i] = printScalar(e, scalar, v.Type)
	}
	return strings.Join(parts, e.absent("delimiter", ";"))
}

func (e *Element) absent(name, otherwise string) string {
	if v, has := e.lookup(name); has {
		return v
	}
	return otherwise
}

// numberFormat is the printf format that printedVariable allows.
var numberFormat = regexp.MustCompile(`^([^%]*)%([-+ 0#]*\d{0,2}(?:\.\d{1,2})?)([idfFeEgGosxXr])([^%]*)$`)

func printScalar(e *Element, s Scalar, t BaseType) string {
	if !t.numeric() {
		return s.lexical(t)
	}
	if m := numberFormat.FindStringSubmatch(e.attr("format")); m != nil {
		switch m[3] {
		case "i", "d":
			return m[1] + fmt.Sprintf("%"+m[2]+"d", int64(s.X)) + m[4]
		case "o", "x", "X":
			return m[1] + fmt.Sprintf("%"+m[2]+m[3], int64(s.X)) + m[4]
		case "s", "r":
			return m[1] + s.lexical(t) + m[4]
		}
		return m[1] + fmt.Sprintf("%"+m[2]+m[3], s.X) + m[4]
	}
	if base := atoi(e.attr("base")); t == Integer && base >= 2 && base <= 36 && base != 10 {
		return strconv.FormatInt(int64(s.X), base)
	}
	return s.lexical(t)
}
