package question

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"preau/internal/formula"
	"preau/internal/qti"
)

// hole is a gap as it is written in a text.
var hole = regexp.MustCompile(`\[(\d{1,2})\]`)

// holes are the numbers of the gaps of a text, in order. What stands between
// back quotes is a formula and has none.
func holes(text string) []int {
	var out []int
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			continue
		}
		for _, m := range hole.FindAllStringSubmatch(part, -1) {
			n, _ := strconv.Atoi(m[1])
			out = append(out, n)
		}
	}
	return out
}

// paragraphs are the lines of a text that are not blank.
func paragraphs(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// words gives a line with its formulas; gap gives what stands in a gap, and may be
// nil.
func words(line string, gap func(n int) *qti.Element) []*qti.Element {
	var out []*qti.Element
	text := func(s string) {
		if s != "" {
			out = append(out, qti.Words(s))
		}
	}
	for i, part := range strings.Split(line, "`") {
		if i%2 == 1 {
			if f, err := formula.Parse(part); err == nil {
				if e := qti.Formula(f.MathML(false)); e != nil {
					out = append(out, e)
					continue
				}
			}
			text(part)
			continue
		}
		if gap == nil {
			text(part)
			continue
		}
		at := 0
		for _, m := range hole.FindAllStringSubmatchIndex(part, -1) {
			n, _ := strconv.Atoi(part[m[2]:m[3]])
			e := gap(n)
			if e == nil {
				continue
			}
			text(part[at:m[0]])
			out, at = append(out, e), m[1]
		}
		text(part[at:])
	}
	return out
}

// lines gives a text within a line: its paragraphs with breaks between them.
func lines(text string) []*qti.Element {
	var out []*qti.Element
	for i, p := range paragraphs(text) {
		if i > 0 {
			out = append(out, qti.Make("br", nil))
		}
		out = append(out, words(p, nil)...)
	}
	return out
}

// blocks gives a text as paragraphs.
func blocks(text string, gap func(n int) *qti.Element) []*qti.Element {
	var out []*qti.Element
	for _, p := range paragraphs(text) {
		out = append(out, qti.Make("p", nil, words(p, gap)...))
	}
	return out
}

// unreadable says that a text holds what no XML document may, or what hides.
func unreadable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' || r == unicode.ReplacementChar || r == '\ufffe' || r == '\uffff' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	})
}
