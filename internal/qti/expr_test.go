package qti

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// The expressions of a table are written short: lit("integer", "3"), op("sum", …).

func lit(t, v string) string { return `<baseValue baseType="` + t + `">` + v + `</baseValue>` }
func whole(v string) string  { return lit("integer", v) }
func float(v string) string  { return lit("float", v) }
func str(v string) string    { return lit("string", v) }
func yes() string            { return lit("boolean", "true") }
func no() string             { return lit("boolean", "false") }

const nothing = `<null/>`

// op is an operator; its first words may be attributes: op(`index n="2"`, …).
func op(tag string, operands ...string) string {
	name, _, _ := strings.Cut(tag, " ")
	return "<" + tag + ">" + strings.Join(operands, "") + "</" + name + ">"
}

func wholes(values ...string) string { return op("multiple", each(whole, values)...) }
func ordered(values ...string) string {
	return op("ordered", each(func(s string) string { return lit("identifier", s) }, values)...)
}

func each(f func(string) string, values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = f(v)
	}
	return out
}

// evaluateIn evaluates an expression inside an item with some variables.
func evaluateIn(t *testing.T, expression string, responses map[string]any) (*Result, *Item, error) {
	t.Helper()
	source := `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="x" title="x" adaptive="false" timeDependent="false">
<responseDeclaration identifier="ONE" cardinality="single" baseType="identifier">
 <correctResponse><value>A</value></correctResponse><defaultValue><value>Z</value></defaultValue>
 <mapping defaultValue="-1" lowerBound="-0.5" upperBound="3"><mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="5"/></mapping>
</responseDeclaration>
<responseDeclaration identifier="MANY" cardinality="multiple" baseType="identifier">
 <mapping defaultValue="-1" upperBound="4"><mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="1"/></mapping>
</responseDeclaration>
<responseDeclaration identifier="TEXT" cardinality="single" baseType="string">
 <mapping defaultValue="0"><mapEntry mapKey="Été" mappedValue="1" caseSensitive="false"/><mapEntry mapKey="hiver" mappedValue="2" caseSensitive="true"/></mapping>
</responseDeclaration>
<responseDeclaration identifier="POINTS" cardinality="multiple" baseType="point">
 <areaMapping defaultValue="-1"><areaMapEntry shape="circle" coords="10,10,5" mappedValue="2"/><areaMapEntry shape="rect" coords="20,20,30,30" mappedValue="1"/><areaMapEntry shape="poly" coords="40,40,50,40,50,50" mappedValue="4"/><areaMapEntry shape="ellipse" coords="100,100,20,5" mappedValue="8"/></areaMapping>
</responseDeclaration>
<responseDeclaration identifier="NUMBER" cardinality="single" baseType="float"/>
<responseDeclaration identifier="FIELDS" cardinality="record"/>
<templateDeclaration identifier="N" cardinality="single" baseType="integer"><defaultValue><value>2</value></defaultValue></templateDeclaration>
<templateDeclaration identifier="MOTIF" cardinality="single" baseType="string"><defaultValue><value>[ab]+</value></defaultValue></templateDeclaration>
<responseProcessing><setOutcomeValue identifier="OUT">` + expression + `</setOutcomeValue></responseProcessing></assessmentItem>`
	it := ReadItem(Source{Name: "x.xml"}, []byte(source))
	if it.Findings.Failed() {
		return nil, it, it.Findings.firstError()
	}
	res, err := it.ScoreLine(Line{Responses: responses})
	return res, it, err
}

func TestExpressions(t *testing.T) {
	truth := map[string]string{"t": yes(), "f": no(), "n": nothing}
	var table []struct{ expression, want string }
	add := func(want, expression string) {
		table = append(table, struct{ expression, want string }{expression, want})
	}
	// Three answers: and, or, not.
	for _, row := range strings.Fields("tt:true:true tf:false:true ff:false:false tn:null:true fn:false:null nn:null:null") {
		part := strings.Split(row, ":")
		a, b := truth[part[0][:1]], truth[part[0][1:]]
		add(part[1], op("and", a, b))
		add(part[1], op("and", b, a))
		add(part[2], op("or", a, b))
		add(part[2], op("or", b, a))
	}
	add("false", op("not", yes()))
	add("null", op("not", nothing))
	add("true", op(`anyN min="1" max="2"`, yes(), no(), yes()))
	add("false", op(`anyN min="1" max="1"`, yes(), no(), yes()))
	add("true", op(`anyN min="1" max="2"`, yes(), no(), nothing))
	add("null", op(`anyN min="2" max="3"`, yes(), no(), nothing))
	add("false", op(`anyN min="3" max="3"`, yes(), no(), nothing))
	add("true", op(`anyN min="N" max="{N}"`, yes(), yes(), no()))
	// NULL.
	add("true", op("isNull", nothing))
	add("true", op("isNull", str("")))
	add("true", op("isNull", op("multiple")))
	add("true", op("isNull", op("multiple", nothing)))
	add("false", op("isNull", whole("0")))
	add("true", op("isNull", `<variable identifier="MANY"/>`))
	// match.
	add("null", op("match", nothing, whole("1")))
	add("true", op("match", wholes("1", "2", "2"), wholes("2", "1", "2")))
	add("false", op("match", wholes("1", "2", "2"), wholes("1", "1", "2")))
	add("false", op("match", ordered("A", "B"), ordered("B", "A")))
	add("true", op("match", ordered("A", "B"), ordered("A", "B")))
	add("true", op("match", lit("pair", "A B"), lit("pair", "B A")))
	add("false", op("match", lit("directedPair", "A B"), lit("directedPair", "B A")))
	add("true", op("match", whole("2"), float("2.0")))
	add("true", op("match", lit("point", "1 2"), lit("point", "1 2")))
	add("false", op("match", str("a"), str("A")))
	// equal.
	add("true", op(`equal toleranceMode="exact"`, whole("2"), float("2")))
	add("null", op(`equal toleranceMode="absolute" tolerance="1"`, nothing, float("2")))
	for _, row := range []struct{ attributes, x, y, want string }{
		{`toleranceMode="absolute" tolerance="0.1"`, "10", "10.1", "true"},
		{`toleranceMode="absolute" tolerance="0.1"`, "10", "10.11", "false"},
		{`toleranceMode="absolute" tolerance="0.1" includeUpperBound="false"`, "10", "10.1", "false"},
		{`toleranceMode="absolute" tolerance="0.1" includeLowerBound="false"`, "10", "9.9", "false"},
		{`toleranceMode="absolute" tolerance="1 2"`, "10", "12", "true"},
		{`toleranceMode="absolute" tolerance="1 2"`, "10", "8.5", "false"},
		{`toleranceMode="absolute" tolerance="N"`, "10", "12", "true"},
		{`toleranceMode="relative" tolerance="10"`, "20", "18", "true"},
		{`toleranceMode="relative" tolerance="10"`, "20", "22.1", "false"},
		{`toleranceMode="relative" tolerance="10"`, "-20", "-21", "true"},
		{`toleranceMode="relative" tolerance="10 0"`, "20", "20.1", "false"},
		{`toleranceMode="relative" tolerance="10 0"`, "-20", "-18", "true"},
		{`toleranceMode="relative" tolerance="10 0"`, "-20", "-20.1", "false"},
	} {
		add(row.want, op("equal "+row.attributes, float(row.x), float(row.y)))
	}
	add("true", op(`equalRounded roundingMode="decimalPlaces" figures="2"`, float("1.005"), float("1.01")))
	add("true", op(`equalRounded roundingMode="significantFigures" figures="3"`, float("1234"), float("1230")))
	add("false", op(`equalRounded figures="3"`, float("3.1749"), float("3.183")))
	add("null", op(`equalRounded figures="3"`, nothing, float("3.183")))
	for name, want := range map[string]string{"lt": "true false false", "lte": "true true false", "gt": "false false true", "gte": "false true true"} {
		for i, y := range []string{"3", "2", "1"} {
			add(strings.Fields(want)[i], op(name, whole("2"), float(y)))
		}
		add("null", op(name, nothing, whole("1")))
	}
	add("true", op("durationLT", lit("duration", "5"), lit("duration", "PT1M")))
	add("true", op("durationGTE", lit("duration", "PT1M"), lit("duration", "60")))
	add("null", op("durationGTE", nothing, lit("duration", "60")))
	// Numbers.
	add("6", op("sum", whole("1"), wholes("2", "3")))
	add("6.5", op("sum", whole("1"), float("5.5")))
	add("null", op("sum", whole("1"), nothing))
	add("24", op("product", wholes("2", "3"), whole("4")))
	add("-1", op("subtract", whole("1"), whole("2")))
	add("null", op("subtract", nothing, whole("2")))
	add("2.5", op("divide", whole("5"), whole("2")))
	add("null", op("divide", whole("5"), whole("0")))
	add("8", op("power", whole("2"), whole("3")))
	add("null", op("power", whole("-8"), float("0.5")))
	add(`"INF"`, op("power", float("10"), float("400")))
	add("3", op("integerDivide", whole("7"), whole("2")))
	add("-4", op("integerDivide", whole("-7"), whole("2")))
	add("null", op("integerDivide", whole("7"), whole("0")))
	add("1", op("integerModulus", whole("7"), whole("2")))
	add("1", op("integerModulus", whole("-7"), whole("2")))
	add("-1", op("integerModulus", whole("7"), whole("-2")))
	add("null", op("integerModulus", whole("7"), whole("0")))
	add("-6", op("truncate", float("-6.5")))
	add("7", op("round", float("6.5")))
	add("-6", op("round", float("-6.5")))
	add("null", op("round", nothing))
	add("null", op("round", lit("float", "NaN")))
	add(`"-INF"`, op("truncate", lit("float", "-INF")))
	add("3", op("integerToFloat", whole("3")))
	add("3", op("max", whole("1"), wholes("3", "2")))
	add("1.5", op("min", whole("2"), float("1.5")))
	add("null", op("max", whole("2"), nothing))
	add("6", op("gcd", whole("12"), whole("-18")))
	add("0", op("gcd", whole("0"), whole("0")))
	add("5", op("gcd", whole("0"), whole("5")))
	add("36", op("lcm", wholes("12", "18")))
	add("0", op("lcm", whole("0"), whole("3")))
	add("null", op("lcm", whole("0"), nothing))
	for _, row := range []struct{ mode, figures, x, want string }{
		{"decimalPlaces", "2", "3.175", "3.18"}, {"decimalPlaces", "2", "-3.175", "-3.18"}, {"decimalPlaces", "0", "2.5", "3"},
		{"decimalPlaces", "1", "9.96", "10"}, {"decimalPlaces", "3", "0.0004", "0"}, {"decimalPlaces", "3", "0.0005", "0.001"},
		{"significantFigures", "3", "1234.5", "1230"}, {"significantFigures", "2", "0.009951", "0.01"},
		{"significantFigures", "3", "3.175", "3.18"}, {"significantFigures", "1", "0", "0"}, {"decimalPlaces", "2", "12", "12"},
	} {
		add(row.want, op(`roundTo roundingMode="`+row.mode+`" figures="`+row.figures+`"`, float(row.x)))
	}
	add("0.33", op(`roundTo roundingMode="decimalPlaces" figures="N"`, float("0.3333")))
	add("null", op(`roundTo figures="2"`, nothing))
	add("null", op(`roundTo figures="2"`, float("NaN")))
	add(`"INF"`, op(`roundTo figures="2"`, float("INF")))
	// Functions.
	add("3.14159", op(`roundTo roundingMode="decimalPlaces" figures="5"`, `<mathConstant name="pi"/>`))
	add("2.71828", op(`roundTo roundingMode="decimalPlaces" figures="5"`, `<mathConstant name="e"/>`))
	for _, row := range []struct{ name, x, want string }{
		{"floor", "-1.5", "-2"}, {"ceil", "-1.5", "-1"}, {"signum", "-3", "-1"}, {"signum", "0", "0"}, {"abs", "-2.5", "2.5"},
		{"log", "1000", "3"}, {"log", "0", "null"}, {"ln", "-1", "null"}, {"ln", "1", "0"}, {"exp", "0", "1"}, {"asin", "2", "null"}, {"acos", "1", "0"},
		{"sec", "0", "1"}, {"csc", "0", "null"}, {"cot", "0", "null"}, {"sech", "0", "1"}, {"csch", "0", "null"}, {"coth", "0", "null"}, {"asec", "0.5", "null"}, {"asec", "1", "0"}, {"acsc", "0.5", "null"},
		{"sin", "0", "0"}, {"cos", "0", "1"}, {"tan", "0", "0"}, {"atan", "0", "0"}, {"sinh", "0", "0"}, {"cosh", "0", "1"}, {"tanh", "0", "0"}, {"toRadians", "0", "0"}, {"toDegrees", "0", "0"},
	} {
		add(row.want, op(`mathOperator name="`+row.name+`"`, float(row.x)))
	}
	add("1.57", op(`roundTo roundingMode="decimalPlaces" figures="2"`, op(`mathOperator name="atan2"`, float("1"), float("0"))))
	add("1.57", op(`roundTo roundingMode="decimalPlaces" figures="2"`, op(`mathOperator name="acot"`, float("0"))))
	add("1.57", op(`roundTo roundingMode="decimalPlaces" figures="2"`, op(`mathOperator name="acsc"`, float("1"))))
	add("180", op(`roundTo roundingMode="decimalPlaces" figures="0"`, op(`mathOperator name="toDegrees"`, `<mathConstant name="pi"/>`)))
	add("null", op(`mathOperator name="sin"`, nothing))
	for name, want := range map[string]string{"mean": "2.5", "sampleVariance": "1.667", "popVariance": "1.25", "sampleSD": "1.291", "popSD": "1.118"} {
		add(want, op(`roundTo roundingMode="decimalPlaces" figures="3"`, op(`statsOperator name="`+name+`"`, wholes("1", "2", "3", "4"))))
		add("null", op(`statsOperator name="`+name+`"`, nothing))
	}
	add("null", op(`statsOperator name="sampleSD"`, wholes("1")))
	add("0", op(`statsOperator name="popSD"`, wholes("1")))
	add("null", `<customOperator class="org.example"/>`)
	// Containers.
	add(`["A","B","C"]`, op("ordered", lit("identifier", "A"), nothing, ordered("B", "C")))
	add("null", op("multiple", nothing))
	add("3", op("containerSize", wholes("4", "4", "5")))
	add("0", op("containerSize", nothing))
	add(`"B"`, op(`index n="2"`, ordered("A", "B")))
	add(`"B"`, op(`index n="N"`, ordered("A", "B")))
	add("null", op(`index n="3"`, ordered("A", "B")))
	add("null", op(`index n="0"`, ordered("A", "B")))
	add("true", op("member", lit("identifier", "B"), ordered("A", "B")))
	add("false", op("member", whole("3"), wholes("1", "2")))
	add("null", op("member", nothing, wholes("1", "2")))
	add("true", op("contains", ordered("A", "B", "C"), ordered("B", "C")))
	add("false", op("contains", ordered("A", "B", "C"), ordered("A", "C")))
	add("false", op("contains", ordered("A", "B", "C"), ordered("C", "B")))
	add("true", op("contains", wholes("1", "2", "3"), wholes("3", "1")))
	add("false", op("contains", wholes("1", "2", "3"), wholes("3", "3")))
	add("null", op("contains", nothing, wholes("3")))
	add("[1,3]", op("delete", whole("2"), wholes("1", "2", "3", "2")))
	add("null", op("delete", whole("2"), wholes("2")))
	add("null", op("delete", nothing, wholes("2")))
	add(`["A","B","A","B"]`, op(`repeat numberRepeats="2"`, lit("identifier", "A"), lit("identifier", "B"), nothing))
	add("null", op(`repeat numberRepeats="0"`, whole("1")))
	add("1", op("random", wholes("1")))
	add("null", op("random", nothing))
	// Strings.
	add("true", op(`stringMatch caseSensitive="false"`, str("Été"), str("ÉTÉ")))
	add("false", op(`stringMatch caseSensitive="true"`, str("Été"), str("été")))
	add("true", op(`stringMatch caseSensitive="true" substring="true"`, str("bonjour"), str("jour")))
	add("null", op(`stringMatch caseSensitive="true"`, nothing, str("a")))
	add("true", op(`substring caseSensitive="true"`, str("jour"), str("bonjour")))
	add("false", op(`substring caseSensitive="true"`, str("Jour"), str("bonjour")))
	add("true", op(`substring caseSensitive="false"`, str("Jour"), str("bonjour")))
	add("false", op(`substring caseSensitive="true"`, str("bonjour"), str("jour")))
	add("null", op(`substring caseSensitive="true"`, nothing, str("jour")))
	add("true", op(`patternMatch pattern="[0-9]{2}"`, str("42")))
	add("false", op(`patternMatch pattern="[0-9]{2}"`, str("421")))
	add("true", op(`patternMatch pattern="{MOTIF}"`, str("abba")))
	add("null", op(`patternMatch pattern="a"`, nothing))
	// Points.
	add("true", op(`inside shape="circle" coords="10,10,5"`, lit("point", "13 14")))
	add("false", op(`inside shape="circle" coords="10,10,5"`, lit("point", "14 14")))
	add("true", op(`inside shape="default" coords=""`, lit("point", "1 1")))
	add("true", op(`inside shape="poly" coords="0,0,10,0,10,10"`, op("multiple", lit("point", "1 9"), lit("point", "9 1"))))
	add("null", op(`inside shape="rect" coords="0,0,1,1"`, nothing))
	for _, one := range table {
		res, it, err := evaluateIn(t, one.expression, nil)
		if err != nil {
			t.Errorf("%s: %v (%v)", one.expression, err, it.Findings)
			continue
		}
		value, _ := res.Outcome("OUT")
		if got := asJSON(t, value); got != one.want {
			t.Errorf("%s\n is %s, want %s", one.expression, got, one.want)
		}
	}
	if len(table) < 200 {
		t.Errorf("only %d expressions tried", len(table))
	}
}

func asJSON(t *testing.T, v Value) string {
	t.Helper()
	out, err := json.Marshal(v.JSON())
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestResponseExpressions(t *testing.T) {
	for _, one := range []struct {
		expression, want string
		responses        map[string]any
	}{
		{`<mapResponse identifier="ONE"/>`, "2", map[string]any{"ONE": "A"}},
		{`<mapResponse identifier="ONE"/>`, "3", map[string]any{"ONE": "B"}},
		{`<mapResponse identifier="ONE"/>`, "-0.5", map[string]any{"ONE": "C"}},
		{`<mapResponse identifier="ONE"/>`, "-0.5", map[string]any{"ONE": nil}},
		{`<mapResponse identifier="MANY"/>`, "2", map[string]any{"MANY": []any{"A", "A"}}},
		{`<mapResponse identifier="MANY"/>`, "3", map[string]any{"MANY": []any{"A", "B"}}},
		{`<mapResponse identifier="MANY"/>`, "0", map[string]any{"MANY": []any{"A", "B", "C", "D", "E"}}},
		{`<mapResponse identifier="MANY"/>`, "0", map[string]any{"MANY": []any{}}},
		{`<mapResponse identifier="TEXT"/>`, "1", map[string]any{"TEXT": "ÉTÉ"}},
		{`<mapResponse identifier="TEXT"/>`, "0", map[string]any{"TEXT": "Hiver"}},
		{`<mapResponsePoint identifier="POINTS"/>`, "2", map[string]any{"POINTS": []any{"10 10", "11 11"}}},
		{`<mapResponsePoint identifier="POINTS"/>`, "15", map[string]any{"POINTS": []any{"10 10", "30 30", "48 41", "119 100"}}},
		{`<mapResponsePoint identifier="POINTS"/>`, "-2", map[string]any{"POINTS": []any{"0 0", "1 1"}}},
		{`<variable identifier="ONE"/>`, `"Z"`, nil},
		{`<default identifier="ONE"/>`, `"Z"`, map[string]any{"ONE": "A"}},
		{`<correct identifier="ONE"/>`, `"A"`, nil},
		{`<variable identifier="NUMBER"/>`, "3.5", map[string]any{"NUMBER": "3,5"}},
		{`<variable identifier="NUMBER"/>`, "-1200.25", map[string]any{"NUMBER": "\u22121\u202F200,25"}},
		{`<variable identifier="NUMBER"/>`, "null", map[string]any{"NUMBER": "trois"}},
		{`<variable identifier="NUMBER"/>`, "3.5", map[string]any{"NUMBER": []any{"3.5"}}},
		{`<variable identifier="numAttempts"/>`, "1", nil},
		{`<fieldValue fieldIdentifier="floatValue"><variable identifier="FIELDS"/></fieldValue>`, "2.5", map[string]any{"FIELDS": map[string]any{"floatValue": "2.5", "stringValue": "2,5"}}},
		{`<fieldValue fieldIdentifier="absent"><variable identifier="FIELDS"/></fieldValue>`, "null", map[string]any{"FIELDS": map[string]any{"a": "b"}}},
		{op("sum", `<variable identifier="NUMBER"/>`, whole("1")), "null", nil},
	} {
		res, it, err := evaluateIn(t, one.expression, one.responses)
		if err != nil {
			t.Errorf("%s: %v (%v)", one.expression, err, it.Findings)
			continue
		}
		value, _ := res.Outcome("OUT")
		if got := asJSON(t, value); got != one.want {
			t.Errorf("%s of %v is %s, want %s", one.expression, one.responses, got, one.want)
		}
	}
}

// What is outside the standard is understood, and said.
func TestExtensions(t *testing.T) {
	for _, one := range []struct{ expression, want string }{
		{op("preCondition", nothing), "false"},
		{op("isNotNull", whole("1")), "true"},
		{op("notEqual", whole("1"), whole("2")), "true"},
		{op("notEqual", whole("1"), nothing), "null"},
		{op(`allN max="1"`, yes(), yes()), "false"},
		{op("mod", whole("-7"), whole("2")), "-1"},
		{op("mean", wholes("1", "3")), "2"},
		{op("isTypeOf", whole("1"), str("integer")), "true"},
		{op("substring", str("été chaud"), whole("2"), whole("3")), `"té "`},
		{op("substring", str("été"), whole("2")), `"té"`},
		{op("patternMatch", str("un 2 trois"), str("[0-9]")), "true"},
		{op("index", ordered("A", "B"), whole("1")), `"A"`},
		{op("delete", wholes("1", "2"), whole("2")), "[1]"},
		{op(`fieldValue fieldIdentifier="a"`, op("record", op(`fieldValue fieldIdentifier="a"`, whole("4")))), "4"},
		{op("lookupTable", whole("5"), `<interpolationTable><interpolationTableEntry sourceValue="0" targetValue="0"/><interpolationTableEntry sourceValue="10" targetValue="1"/></interpolationTable>`), "0.5"},
		{op("lookupTable", str("b"), `<matchTable defaultValue="9"><matchTableEntry sourceValue="b" targetValue="7"/></matchTable>`), "7"},
		{op("randomInteger", whole("3"), whole("3")), "3"},
	} {
		res, it, err := evaluateIn(t, one.expression, nil)
		if err != nil {
			t.Errorf("%s: %v", one.expression, err)
			continue
		}
		value, _ := res.Outcome("OUT")
		if got := asJSON(t, value); got != one.want {
			t.Errorf("%s is %s, want %s", one.expression, got, one.want)
		}
		if len(it.Findings) < 2 && !strings.HasPrefix(one.expression, "<delete") && !strings.Contains(one.expression, "substring") {
			t.Errorf("%s: nothing said of it: %v", one.expression, it.Findings)
		}
	}
}

// What cannot be understood stops the scoring: no zero is made of it.
func TestRefused(t *testing.T) {
	for expression, key := range map[string]string{
		op("inventé", whole("1")):                                               "qti.unknown_expression",
		`<variable identifier="ABSENT"/>`:                                       "qti.undeclared",
		lit("integer", "douze"):                                                 "qti.bad_literal",
		lit("number", "12"):                                                     "qti.bad_value",
		op("match", whole("1")):                                                 "qti.operand_count",
		op("match", whole("1"), whole("1"), whole("1")):                         "qti.operand_count",
		op(`mathOperator name="racine"`, whole("1")):                            "qti.bad_value",
		op(`statsOperator name="mode"`, whole("1")):                             "qti.bad_value",
		op(`equal toleranceMode="autour"`, whole("1"), whole("1")):              "qti.bad_value",
		op(`equal toleranceMode="absolute"`, whole("1"), whole("1")):            "qti.bad_value",
		op(`patternMatch pattern="["`, str("a")):                                "qti.bad_pattern",
		op(`inside shape="rond" coords="1"`, lit("point", "1 1")):               "qti.bad_value",
		op(`roundTo roundingMode="auPlusProche" figures="1"`, whole("1")):       "qti.bad_value",
		op(`index n="ABSENT"`, wholes("1")):                                     "qti.bad_value",
		op("sum", str("douze"), whole("1")):                                     "qti.operand_no_number",
		op("multiple", whole("1"), str("a")):                                    "qti.mixed_types",
		op("gcd", float("1.5")):                                                 "qti.operand_not_whole",
		op(`roundTo roundingMode="significantFigures" figures="0"`, whole("1")): "qti.bad_value",
		op(`repeat numberRepeats="2000000"`, whole("1")):                        "qti.run_too_long",
		op("numberCorrect"):                                                     "qti.test_only",
		`<mapResponsePoint identifier="ONE"/>`:                                  "qti.point_wanted",
	} {
		_, it, err := evaluateIn(t, expression, nil)
		if err == nil {
			t.Errorf("%s: taken", expression)
			continue
		}
		if !strings.Contains(fmt.Sprint(err), key) {
			t.Errorf("%s: %v, want %s (%v)", expression, err, key, it.Findings)
		}
	}
}
