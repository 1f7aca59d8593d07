package qti

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

func parseBoolean(s string) (value, ok bool) {
	switch strings.TrimSpace(s) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

func parseCardinality(s string) (Cardinality, bool) {
	for i, name := range cardinalityNames {
		if name == strings.TrimSpace(s) {
			return Cardinality(i), true
		}
	}
	return Single, false
}

func parseBaseType(s string) (BaseType, bool) {
	s = strings.TrimSpace(s)
	// intOrIdentifier was dropped after 2.0 drafts; directed-pair is the
	// spelling of some QTI 3 writers.
	switch s {
	case "":
		return None, false
	case "intOrIdentifier":
		return Identifier, true
	case "directed-pair":
		return DirectedPair, true
	}
	for i, name := range baseTypeNames {
		if strings.EqualFold(name, s) {
			return BaseType(i), true
		}
	}
	return None, false
}

// parseFloat reads xs:double, with the INF and NaN of XML Schema.
func parseFloat(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	switch s {
	case "INF", "+INF", "Infinity":
		return math.Inf(1), true
	case "-INF", "-Infinity":
		return math.Inf(-1), true
	case "NaN":
		return math.NaN(), true
	}
	if strings.ContainsAny(s, "xXpP_iInN") {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

func parseInteger(s string) (float64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 53)
	if err == nil {
		return float64(n), true
	}
	// "3.0" is written by tools that know only floats.
	x, ok := parseFloat(s)
	return x, ok && x == math.Trunc(x) && math.Abs(x) < 1<<53
}

// parseScalar reads one value of a base type. A string keeps its white space.
func parseScalar(t BaseType, s string) (Scalar, bool) {
	switch t {
	case Boolean:
		b, ok := parseBoolean(s)
		if b {
			return Scalar{X: 1}, ok
		}
		return Scalar{}, ok
	case Integer:
		x, ok := parseInteger(s)
		return Scalar{X: x}, ok
	case Float:
		x, ok := parseFloat(s)
		return Scalar{X: x}, ok
	case Duration:
		x, ok := parseDuration(s)
		return Scalar{X: x}, ok
	case Pair, DirectedPair:
		parts := strings.Fields(s)
		if len(parts) != 2 {
			return Scalar{}, false
		}
		return Scalar{Text: parts[0], Second: parts[1]}, true
	case Point:
		return parsePoint(s)
	case Identifier, URI:
		return Scalar{Text: strings.TrimSpace(s)}, true
	}
	return Scalar{Text: s}, true
}

func parsePoint(s string) (Scalar, bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' })
	if len(parts) != 2 {
		return Scalar{}, false
	}
	x, okX := parseFloat(parts[0])
	y, okY := parseFloat(parts[1])
	return Scalar{X: x, Y: y}, okX && okY
}

var durationForm = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$`)

// parseDuration gives seconds. QTI's duration is a number of seconds; the form
// of ISO 8601 is read too, a year counting 365 days and a month 30.
func parseDuration(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if x, ok := parseFloat(s); ok {
		return x, x >= 0
	}
	m := durationForm.FindStringSubmatch(s)
	if m == nil || s == "P" || strings.HasSuffix(s, "T") {
		return 0, false
	}
	total := 0.0
	for i, seconds := range []float64{365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1} {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.ParseFloat(m[i+1], 64)
		if err != nil {
			return 0, false
		}
		total += n * seconds
	}
	return total, true
}
