package qti

import (
	"math"
	"strconv"
	"strings"
)

// rounding compiles roundingMode and figures. The function gives no number for
// NaN, and for figures that the mode does not allow.
func (c *compiler) rounding(e *Element, absent string) func(*run, float64) (float64, bool) {
	mode := strings.TrimSpace(e.attr("roundingmode"))
	if mode == "" {
		mode = absent
	}
	significant := false
	switch strings.ToLower(mode) {
	case "significantfigures", "significantfigure":
		significant = true
	case "decimalplaces", "decimalplace":
	default:
		c.fail(e, "qti.bad_value", "name", "roundingMode", "value", mode)
	}
	if _, has := e.lookup("figures"); !has {
		c.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "figures")
	}
	figures := c.numberRef(e, "figures", 0)
	return func(r *run, x float64) (float64, bool) {
		n, ok := r.numberOf(e, figures(r))
		if !ok || math.IsNaN(x) {
			return 0, false
		}
		if n != math.Trunc(n) || n < 0 || significant && n == 0 || n > 1000 {
			r.fail(e, "qti.bad_value", "name", "figures", "value", formatNumber(n))
			return 0, false
		}
		return roundDigits(x, int(n), significant), true
	}
}

// roundDigits rounds the decimal digits of x half away from zero, as roundTo is
// worded ("deciding digit"), on the shortest decimal that reads back as x: so
// 3.175 is a 3, a 1, a 7 and a 5, and not what binary stores.
func roundDigits(x float64, figures int, significant bool) float64 {
	if x == 0 || math.IsInf(x, 0) {
		return x
	}
	digits, exponent := decimal(math.Abs(x))
	// keep is how many of the digits stay.
	keep := figures
	if !significant {
		keep = figures + exponent
	}
	if keep >= len(digits) {
		return x
	}
	if keep < 0 {
		return 0
	}
	up := digits[keep] >= '5'
	kept := append([]byte{'0'}, digits[:keep]...)
	if up {
		i := len(kept) - 1
		for kept[i] == '9' {
			kept[i] = '0'
			i--
		}
		kept[i]++
	}
	out, err := strconv.ParseFloat(string(kept)+"e"+strconv.Itoa(exponent-keep), 64)
	if err != nil {
		return x
	}
	return math.Copysign(out, x)
}

// decimal gives the digits d of x and the exponent such that x = 0.ddd × 10^exponent.
func decimal(x float64) (digits []byte, exponent int) {
	s := strconv.FormatFloat(x, 'e', -1, 64)
	mantissa, power, _ := strings.Cut(s, "e")
	exponent, _ = strconv.Atoi(power)
	return []byte(strings.Replace(mantissa, ".", "", 1)), exponent + 1
}
