package formula

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"preau/internal/fault"
)

func TestFormula(t *testing.T) {
	for source, want := range map[string][2]string{
		"x^2 + 1":           {"<mrow><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mn>1</mn></mrow>", "x au carré plus 1"},
		"3/4":               {"<mfrac><mn>3</mn><mn>4</mn></mfrac>", "3 sur 4"},
		"(a+b)/(2*c)":       {"<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn><mo>×</mo><mi>c</mi></mrow></mfrac>", "fraction de a plus b sur 2 fois c fin de fraction"},
		"√(a+b)":            {"<msqrt><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></msqrt>", "racine carrée de a plus b fin de racine"},
		"racine 2":          {"<msqrt><mn>2</mn></msqrt>", "racine carrée de 2"},
		"10^-3":             {"<msup><mn>10</mn><mrow><mo>−</mo><mn>3</mn></mrow></msup>", "10 puissance moins 3 fin de puissance"},
		"u_n^2":             {"<msubsup><mi>u</mi><mi>n</mi><mn>2</mn></msubsup>", "u indice n au carré"},
		"2(x+1)":            {"<mrow><mn>2</mn><mrow><mo>(</mo><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mo>)</mo></mrow></mrow>", "2 parenthèse x plus 1 fin de parenthèse"},
		"pi*r^2":            {"<mrow><mi>π</mi><mo>×</mo><msup><mi>r</mi><mn>2</mn></msup></mrow>", "π fois r au carré"},
		"3,14 <= x":         {"<mrow><mn>3,14</mn><mo>≤</mo><mi>x</mi></mrow>", "3,14 inférieur ou égal à x"},
		`v = d/t "en km/h"`: {"<mrow><mi>v</mi><mo>=</mo><mfrac><mi>d</mi><mi>t</mi></mfrac><mtext>en km/h</mtext></mrow>", "v égale d sur t en km/h"},
		"1/2/3":             {"<mfrac><mfrac><mn>1</mn><mn>2</mn></mfrac><mn>3</mn></mfrac>", "1 sur 2 sur 3"},
		"<script>":          {"<mrow><mo>&lt;</mo><mi>s</mi><mi>c</mi><mi>r</mi><mi>i</mi><mi>p</mi><mi>t</mi><mo>&gt;</mo></mrow>", "inférieur à s c r i p t supérieur à"},
		`"<b>"`:             {"<mtext>&lt;b&gt;</mtext>", "<b>"},
	} {
		f, err := Parse(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		got := f.MathML(false)
		if _, inside, _ := strings.Cut(got, ">"); strings.TrimSuffix(inside, "</math>") != want[0] {
			t.Errorf("%s: %s", source, got)
		}
		if f.Words() != want[1] {
			t.Errorf("%s is said %q", source, f.Words())
		}
	}
}

func TestFormulaRefused(t *testing.T) {
	for source, key := range map[string]string{
		"": "journal.formula_empty", "   ": "journal.formula_empty", "1/": "journal.formula_lone", "/2": "journal.formula_sign", "x^": "journal.formula_lone", "x^^2": "journal.formula_sign", "+^2": "journal.formula_lone",
		"x^2^3": "journal.formula_lone", "(1": "journal.formula_fence", "1)": "journal.formula_fence", "{1)": "journal.formula_fence", `"a`: "journal.formula_fence", "√": "journal.formula_lone", "a # b": "journal.formula_sign",
		strings.Repeat("x", MaxRunes+1): "journal.text_long", strings.Repeat("(", 40) + "x" + strings.Repeat(")", 40): "journal.formula_deep", strings.Repeat("√", 40) + "x": "journal.formula_lone",
	} {
		_, err := Parse(source)
		if f := fault.Of(err); f == nil || f.Key != key {
			t.Errorf("%.20q: %v, want %s", source, err, key)
		}
	}
}

// Whatever is typed, what comes out is whole XML of MathML's elements, or a
// refusal with a name.
func FuzzFormula(f *testing.F) {
	for _, seed := range []string{"x^2+3/4", "√(a+b)_1", `"<"&>`, "((((", "«a»", "a_b^c/d"} {
		f.Add(seed)
	}
	allowed := map[string]bool{"math": true, "mrow": true, "mi": true, "mn": true, "mo": true, "mtext": true, "mfrac": true, "msqrt": true, "msub": true, "msup": true, "msubsup": true}
	f.Fuzz(func(t *testing.T, source string) {
		parsed, err := Parse(source)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatal(err)
			}
			return
		}
		d := xml.NewDecoder(strings.NewReader(parsed.MathML(true)))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v", source, err)
			}
			if e, ok := token.(xml.StartElement); ok && !allowed[e.Name.Local] {
				t.Fatalf("%q: <%s>", source, e.Name.Local)
			}
		}
	})
}
