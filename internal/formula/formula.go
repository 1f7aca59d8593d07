package formula

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"preau/internal/fault"
)

// Limits of a formula.
const (
	MaxRunes = 300
	maxDepth = 16
)

// Formula is one that Parse has let through.
type Formula struct {
	source string
	row    []node
}

type kind int

const (
	number kind = iota
	name
	operator
	words
	group // between parentheses, or an argument
	fraction
	root
	scripts
)

// node is a part of a formula. The parts of fraction, root and scripts are rows:
// numerator and denominator; what is under the root; base, index and exponent, of
// which either of the last two may be empty.
type node struct {
	kind  kind
	text  string
	open  string // of a group: the fences that show
	shut  string
	parts [3][]node
}

func refused(key string, arguments ...any) error {
	return fault.New(fault.Invalid, key, arguments...).At("formula")
}

// Parse reads a formula.
//
//	row      = { item }
//	item     = script { "/" script }
//	script   = atom [ "_" argument ] [ "^" argument ]
//	argument = [ "-" | "+" ] atom
//	atom     = number | letters | "\"" text "\"" | "(" row ")" | "√" atom | operator
//
// Parentheses around a whole numerator, denominator, index, exponent or root do
// not show.
func Parse(source string) (Formula, error) {
	source = strings.TrimSpace(source)
	if source == "" {
		return Formula{}, refused("journal.formula_empty")
	}
	if !utf8.ValidString(source) || utf8.RuneCountInString(source) > MaxRunes {
		return Formula{}, refused("journal.text_long", "count", MaxRunes)
	}
	if i := strings.IndexFunc(source, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\ufffe' || r == '\uffff' || r == utf8.RuneError
	}); i >= 0 {
		return Formula{}, refused("journal.formula_sign", "sign", "?")
	}
	p := &parser{in: []rune(source)}
	row, err := p.row(0)
	if err != nil {
		return Formula{}, err
	}
	if p.at < len(p.in) {
		return Formula{}, refused("journal.formula_fence")
	}
	return Formula{source, row}, nil
}

type parser struct {
	in []rune
	at int
}

func (p *parser) peek() rune {
	for p.at < len(p.in) && unicode.IsSpace(p.in[p.at]) {
		p.at++
	}
	if p.at == len(p.in) {
		return 0
	}
	return p.in[p.at]
}

func isShut(r rune) bool { return r == ')' || r == ']' || r == '}' }

func (p *parser) row(depth int) ([]node, error) {
	if depth > maxDepth {
		return nil, refused("journal.formula_deep")
	}
	var out []node
	for r := p.peek(); r != 0 && !isShut(r); r = p.peek() {
		n, err := p.item(depth)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func (p *parser) item(depth int) (node, error) {
	left, err := p.script(depth)
	if err != nil {
		return left, err
	}
	for p.peek() == '/' {
		p.at++
		if left.kind == operator {
			return left, refused("journal.formula_lone", "sign", "/")
		}
		right, err := p.operand(depth, "/")
		if err != nil {
			return left, err
		}
		left = node{kind: fraction, parts: [3][]node{bare(left), bare(right)}}
	}
	return left, nil
}

// operand is what a sign needs after it.
func (p *parser) operand(depth int, sign string) (node, error) {
	if r := p.peek(); r == 0 || isShut(r) {
		return node{}, refused("journal.formula_lone", "sign", sign)
	}
	n, err := p.script(depth)
	if err == nil && n.kind == operator {
		err = refused("journal.formula_lone", "sign", sign)
	}
	return n, err
}

func (p *parser) script(depth int) (node, error) {
	base, err := p.atom(depth)
	if err != nil {
		return base, err
	}
	out := node{kind: scripts, parts: [3][]node{{base}}}
	for {
		sign := p.peek()
		if sign != '^' && sign != '_' {
			break
		}
		p.at++
		at := 2
		if sign == '_' {
			at = 1
		}
		if base.kind == operator || out.parts[at] != nil {
			return base, refused("journal.formula_lone", "sign", string(sign))
		}
		if out.parts[at], err = p.argument(depth, string(sign)); err != nil {
			return base, err
		}
	}
	if out.parts[1] == nil && out.parts[2] == nil {
		return base, nil
	}
	return out, nil
}

// argument is an index or an exponent, which may bear a sign.
func (p *parser) argument(depth int, sign string) ([]node, error) {
	var out []node
	if r := p.peek(); r == '-' || r == '−' || r == '+' {
		p.at++
		out = append(out, node{kind: operator, text: signs[string(r)]})
	}
	if r := p.peek(); r == 0 || isShut(r) {
		return nil, refused("journal.formula_lone", "sign", sign)
	}
	n, err := p.atom(depth)
	if err == nil && n.kind == operator {
		err = refused("journal.formula_lone", "sign", sign)
	}
	return append(out, bare(n)...), err
}

// bare takes off the parentheses that only hold something together.
func bare(n node) []node {
	if n.kind == group && n.open == "(" {
		return n.parts[0]
	}
	return []node{n}
}

// signs are what may stand between things, as they are typed and as they show.
var signs = map[string]string{
	"+": "+", "-": "−", "−": "−", "*": "×", "×": "×", "·": "·", "÷": "÷", ":": ":", "=": "=", "≠": "≠", "!=": "≠", "<": "<", ">": ">", "<=": "≤", "≤": "≤", ">=": "≥", "≥": "≥",
	"≈": "≈", "~": "≈", "±": "±", "+-": "±", "->": "→", "→": "→", "=>": "⇒", "⇒": "⇒", "<=>": "⇔", "⇔": "⇔", "%": "%", ",": ",", ";": ";", "!": "!", "'": "′", "|": "|", "∈": "∈", "∉": "∉", "∞": "∞",
	"°": "°", "…": "…", "...": "…", "∪": "∪", "∩": "∩", "⊂": "⊂", "∥": "∥", "⊥": "⊥", ".": ".",
}

// letters are names that are typed as words.
var letters = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "theta": "θ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω",
	"Delta": "Δ", "Sigma": "Σ", "Omega": "Ω", "Pi": "Π", "infini": "∞",
}

// functions stand upright.
var functions = map[string]bool{"sin": true, "cos": true, "tan": true, "ln": true, "log": true, "exp": true, "max": true, "min": true, "lim": true, "pgcd": true, "ppcm": true}

func (p *parser) atom(depth int) (node, error) {
	r := p.peek()
	switch {
	case r == 0:
		return node{}, refused("journal.formula_empty")
	case unicode.IsDigit(r):
		return node{kind: number, text: p.number()}, nil
	case r == '"' || r == '«':
		return p.quoted(r)
	case r == '(' || r == '[' || r == '{':
		return p.fenced(r, depth)
	case r == '√':
		p.at++
		return p.under(depth)
	case unicode.IsLetter(r):
		return p.named(depth)
	}
	for size := min(3, len(p.in)-p.at); size > 0; size-- {
		if shown, known := signs[string(p.in[p.at:p.at+size])]; known {
			p.at += size
			return node{kind: operator, text: shown}, nil
		}
	}
	return node{}, refused("journal.formula_sign", "sign", string(r))
}

// number is digits with at most one comma or point among them, and the narrow
// spaces of thousands.
func (p *parser) number() string {
	from, point := p.at, false
	for p.at < len(p.in) {
		r := p.in[p.at]
		next := p.at+1 < len(p.in) && unicode.IsDigit(p.in[p.at+1])
		if (r == ',' || r == '.') && next && !point {
			point = true
		} else if !unicode.IsDigit(r) && !((r == '\u202f' || r == '\u00a0') && next) {
			break
		}
		p.at++
	}
	return strings.ReplaceAll(string(p.in[from:p.at]), ".", ",")
}

func (p *parser) quoted(open rune) (node, error) {
	shut := '"'
	if open == '«' {
		shut = '»'
	}
	from := p.at + 1
	for i := from; i < len(p.in); i++ {
		if p.in[i] == shut {
			p.at = i + 1
			return node{kind: words, text: strings.TrimSpace(string(p.in[from:i]))}, nil
		}
	}
	return node{}, refused("journal.formula_fence")
}

func (p *parser) fenced(open rune, depth int) (node, error) {
	p.at++
	inside, err := p.row(depth + 1)
	if err != nil {
		return node{}, err
	}
	r := p.peek()
	// An interval may open and shut the other way round: [0 ; 1[ is written with a
	// square bracket at each end, here as [0 ; 1).
	if !isShut(r) || (open == '{') != (r == '}') {
		return node{}, refused("journal.formula_fence")
	}
	p.at++
	return node{kind: group, open: string(open), shut: string(r), parts: [3][]node{inside}}, nil
}

func (p *parser) under(depth int) (node, error) {
	if r := p.peek(); r == 0 || isShut(r) || depth >= maxDepth {
		return node{}, refused("journal.formula_lone", "sign", "√")
	}
	n, err := p.atom(depth + 1)
	if err == nil && n.kind == operator {
		err = refused("journal.formula_lone", "sign", "√")
	}
	return node{kind: root, parts: [3][]node{bare(n)}}, err
}

// named is a letter, a word that stands for one, a function or a root.
func (p *parser) named(depth int) (node, error) {
	end := p.at
	for end < len(p.in) && unicode.IsLetter(p.in[end]) {
		end++
	}
	word := string(p.in[p.at:end])
	switch {
	case word == "racine" || word == "sqrt":
		p.at = end
		return p.under(depth)
	case letters[word] != "":
		p.at = end
		return node{kind: name, text: letters[word]}, nil
	case functions[word]:
		p.at = end
		return node{kind: name, text: word}, nil
	}
	p.at++
	return node{kind: name, text: string(p.in[p.at-1])}, nil
}

// Source is the formula as it was typed.
func (f Formula) Source() string { return f.source }

// MathML is the formula as an element of MathML Core, with its words for those
// who cannot read it otherwise. Alone on its line it is a block.
func (f Formula) MathML(block bool) string {
	var out strings.Builder
	out.WriteString(`<math alttext="` + html.EscapeString(f.Words()) + `"`)
	if block {
		out.WriteString(` display="block"`)
	}
	out.WriteString(">")
	writeRow(&out, f.row)
	out.WriteString("</math>")
	return out.String()
}

func writeRow(out *strings.Builder, row []node) {
	if len(row) == 1 {
		row[0].write(out)
		return
	}
	out.WriteString("<mrow>")
	for _, n := range row {
		n.write(out)
	}
	out.WriteString("</mrow>")
}

func (n node) write(out *strings.Builder) {
	leaf := func(tag, text string) {
		out.WriteString("<" + tag + ">" + html.EscapeString(text) + "</" + tag + ">")
	}
	switch n.kind {
	case number:
		leaf("mn", n.text)
	case name:
		leaf("mi", n.text)
	case operator:
		leaf("mo", n.text)
	case words:
		leaf("mtext", n.text)
	case group:
		out.WriteString("<mrow>")
		leaf("mo", n.open)
		writeRow(out, n.parts[0])
		leaf("mo", n.shut)
		out.WriteString("</mrow>")
	case fraction:
		out.WriteString("<mfrac>")
		writeRow(out, n.parts[0])
		writeRow(out, n.parts[1])
		out.WriteString("</mfrac>")
	case root:
		out.WriteString("<msqrt>")
		writeRow(out, n.parts[0])
		out.WriteString("</msqrt>")
	case scripts:
		tag := map[[2]bool]string{{true, false}: "msub", {false, true}: "msup", {true, true}: "msubsup"}[[2]bool{n.parts[1] != nil, n.parts[2] != nil}]
		out.WriteString("<" + tag + ">")
		for _, part := range n.parts {
			if part != nil {
				writeRow(out, part)
			}
		}
		out.WriteString("</" + tag + ">")
	}
}

// Words is the formula as a French reader says it.
func (f Formula) Words() string { return strings.Join(sayRow(f.row), " ") }

// said are the signs that a voice does not say by themselves.
var said = map[string]string{
	"+": "plus", "−": "moins", "×": "fois", "·": "fois", "÷": "divisé par", ":": "divisé par", "=": "égale", "≠": "différent de", "<": "inférieur à", ">": "supérieur à", "≤": "inférieur ou égal à", "≥": "supérieur ou égal à",
	"≈": "environ", "±": "plus ou moins", "→": "tend vers", "⇒": "implique", "⇔": "équivaut à", "%": "pour cent", "′": "prime", "∈": "appartient à", "∉": "n’appartient pas à", "°": "degrés", "(": "parenthèse", ")": "fin de parenthèse",
	"[": "crochet", "]": "fin de crochet", "{": "accolade", "}": "fin d’accolade", "∪": "union", "∩": "inter", "⊂": "inclus dans", "∥": "parallèle à", "⊥": "perpendiculaire à", "!": "factorielle",
}

func say(sign string) string {
	if word, known := said[sign]; known {
		return word
	}
	return sign
}

func sayRow(row []node) []string {
	var out []string
	for _, n := range row {
		out = append(out, n.say()...)
	}
	return out
}

func (n node) say() []string {
	switch n.kind {
	case operator:
		return []string{say(n.text)}
	case group:
		return append(append([]string{say(n.open)}, sayRow(n.parts[0])...), say(n.shut))
	case fraction:
		if len(n.parts[0]) == 1 && len(n.parts[1]) == 1 {
			return append(append(sayRow(n.parts[0]), "sur"), sayRow(n.parts[1])...)
		}
		return append(append(append(append([]string{"fraction de"}, sayRow(n.parts[0])...), "sur"), sayRow(n.parts[1])...), "fin de fraction")
	case root:
		return append(append([]string{"racine carrée de"}, sayRow(n.parts[0])...), ends(n.parts[0], "fin de racine")...)
	case scripts:
		out := sayRow(n.parts[0])
		if n.parts[1] != nil {
			out = append(append(out, "indice"), sayRow(n.parts[1])...)
		}
		if n.parts[2] == nil {
			return out
		}
		if power := sayRow(n.parts[2]); len(power) == 1 && power[0] == "2" {
			return append(out, "au carré")
		} else if len(power) == 1 && power[0] == "3" {
			return append(out, "au cube")
		} else {
			return append(append(append(out, "puissance"), power...), ends(n.parts[2], "fin de puissance")...)
		}
	case number, name, words:
	}
	return []string{n.text}
}

// ends says where something long ends.
func ends(row []node, word string) []string {
	if len(row) > 1 {
		return []string{word}
	}
	return nil
}
