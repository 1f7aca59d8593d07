package qti

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyExpression draws an expression of the standard or of its extensions, right
// or wrong in its types.
func anyExpression(t *rapid.T, depth int) string {
	leaf := rapid.SampledFrom([]string{
		whole("0"), whole("1"), whole("2"), whole("-7"), whole("9007199254740993"), float("0.5"), float("-2.5"), lit("float", "INF"), lit("float", "-INF"), lit("float", "NaN"), float("1e308"), float("5e-324"),
		str("abc"), str("12"), str(""), lit("identifier", "A"), lit("pair", "A B"), lit("directedPair", "B A"), lit("point", "10 10"), lit("duration", "PT5S"), lit("uri", "u"), yes(), no(), nothing,
		`<variable identifier="ONE"/>`, `<variable identifier="MANY"/>`, `<variable identifier="POINTS"/>`, `<variable identifier="FIELDS"/>`, `<variable identifier="N"/>`, `<correct identifier="ONE"/>`, `<default identifier="ONE"/>`,
		`<mapResponse identifier="MANY"/>`, `<mapResponsePoint identifier="POINTS"/>`, `<mathConstant name="pi"/>`, `<randomInteger min="1" max="3"/>`, `<randomFloat min="0" max="1"/>`,
	})
	if depth == 0 {
		return leaf.Draw(t, "leaf")
	}
	one := func() string { return anyExpression(t, depth-1) }
	number := rapid.SampledFrom([]string{"0", "1", "2", "3", "-1", "1.5", "N", "NaN", "INF", "1e30"})
	switch rapid.IntRange(0, 6).Draw(t, "arity") {
	case 0:
		return leaf.Draw(t, "leaf")
	case 1:
		tag := rapid.SampledFrom([]string{
			"isNull", "not", "truncate", "round", "integerToFloat", "containerSize", "random", "preCondition", "isNotNull", "mean", "sampleSD", `mathOperator name="log"`, `mathOperator name="floor"`, `mathOperator name="asec"`,
			`statsOperator name="sampleVariance"`, `inside shape="circle" coords="10,10,3"`, `patternMatch pattern="[a-c]+"`, `fieldValue fieldIdentifier="a"`,
		}).Draw(t, "unary")
		return op(tag, one())
	case 2:
		return op(`index n="`+number.Draw(t, "n")+`"`, one())
	case 3:
		return op(`roundTo roundingMode="`+rapid.SampledFrom([]string{"decimalPlaces", "significantFigures"}).Draw(t, "mode")+`" figures="`+number.Draw(t, "figures")+`"`, one())
	case 4:
		tag := rapid.SampledFrom([]string{
			"match", "equal", "lt", "gte", "durationLT", "subtract", "divide", "power", "integerDivide", "integerModulus", "mod", "member", "contains", "delete", "notEqual", "isTypeOf", "substring", "index", "patternMatch",
			`stringMatch caseSensitive="false"`, `equal toleranceMode="relative" tolerance="10"`, `equalRounded figures="2"`, `mathOperator name="atan2"`, "randomInteger", "randomFloat",
		}).Draw(t, "binary")
		return op(tag, one(), one())
	case 5:
		return op(`repeat numberRepeats="`+number.Draw(t, "times")+`"`, one(), one())
	}
	tag := rapid.SampledFrom([]string{"and", "or", "sum", "product", "max", "min", "gcd", "lcm", "multiple", "ordered", `anyN min="1" max="2"`, "substring"}).Draw(t, "several")
	operands := []string{one(), one(), one()}
	return op(tag, operands...)
}

// No expression, whatever its operands, stops the program or gives what cannot be
// written; and the same seed gives the same answer.
func TestAnyExpression(t *testing.T) {
	answers := map[string]any{"ONE": "A", "MANY": []any{"A", "B"}, "POINTS": []any{"10 10"}, "FIELDS": map[string]any{"a": "b", "n": 3.5}}
	rapid.Check(t, func(rt *rapid.T) {
		expression := anyExpression(rt, rapid.IntRange(1, 4).Draw(rt, "depth"))
		var before string
		for range 2 {
			res, _, err := evaluateIn(t, expression, answers)
			after := fmt.Sprint(err)
			if err == nil {
				out, failed := json.Marshal(OutcomesJSON(res.Outcomes))
				if failed != nil {
					rt.Fatalf("%s: %v", expression, failed)
				}
				after = string(out)
			} else if !strings.Contains(err.Error(), "qti.") {
				rt.Fatalf("%s: %v", expression, err)
			}
			if before != "" && before != after {
				rt.Fatalf("%s: %s, then %s", expression, before, after)
			}
			before = after
		}
	})
}
