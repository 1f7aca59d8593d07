package qti

import (
	"errors"
	"regexp"
	"strings"
)

var errPattern = errors.New("qti: pattern not understood")

// maxPattern bounds what is compiled, in bytes.
const maxPattern = 4096

// schemaPattern compiles a regular expression of XML Schema (appendix F): it
// holds for the whole string. There, ^ and $ are plain characters; authors write
// them as anchors, which is what an outer ^ and $ are taken for (ledger).
func schemaPattern(p string) (*regexp.Regexp, error) {
	if len(p) > maxPattern {
		return nil, errPattern
	}
	if anchored(p) {
		p = strings.TrimPrefix(p, "^")
		if strings.HasSuffix(p, "$") && !strings.HasSuffix(p, `\$`) {
			p = strings.TrimSuffix(p, "$")
		}
	}
	translated, err := translate(p)
	if err != nil {
		return nil, err
	}
	return regexp.Compile(`(?s)\A(?:` + translated + `)\z`)
}

func anchored(p string) bool {
	return strings.HasPrefix(p, "^") || strings.HasSuffix(p, "$") && !strings.HasSuffix(p, `\$`)
}

func searchPattern(p string, heedCase bool) (*regexp.Regexp, error) {
	if len(p) > maxPattern {
		return nil, errPattern
	}
	if !heedCase {
		p = "(?i)" + p
	}
	return regexp.Compile(p)
}

// The escapes of XML Schema that Go does not know, as the inside of a class.
const (
	nameStart = `A-Z_a-z:\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}`
	nameChar  = nameStart + `\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}\x{2040}`
	// \w is all but punctuation, separators and others.
	notWord = `\p{P}\p{Z}\p{C}`
)

// translate turns a pattern of XML Schema into one of Go.
func translate(p string) (string, error) {
	t := &patternReader{in: []rune(p)}
	var out strings.Builder
	for !t.done() {
		r := t.next()
		switch r {
		case '[':
			class, err := t.class(0)
			if err != nil {
				return "", err
			}
			out.WriteString(class)
		case '\\':
			piece, err := t.escape(false)
			if err != nil {
				return "", err
			}
			out.WriteString(piece)
		case '.':
			out.WriteString(`[^\n\r]`)
		case '^', '$':
			out.WriteString(`\` + string(r))
		case '(':
			// (?…) does not exist in XML Schema, and (?: is harmless.
			if !t.done() && t.in[t.at] == '?' {
				if t.at+1 < len(t.in) && t.in[t.at+1] == ':' {
					t.at += 2
				} else {
					return "", errPattern
				}
			}
			out.WriteString("(?:")
		default:
			out.WriteRune(r)
		}
	}
	return out.String(), nil
}

type patternReader struct {
	in []rune
	at int
}

func (t *patternReader) done() bool { return t.at >= len(t.in) }

func (t *patternReader) next() rune {
	r := t.in[t.at]
	t.at++
	return r
}

// escape reads what follows a backslash; inClass asks for the inside of a class.
func (t *patternReader) escape(inClass bool) (string, error) {
	if t.done() {
		return "", errPattern
	}
	wrap := func(negative bool, inside string) (string, error) {
		switch {
		case !inClass && negative:
			return "[^" + inside + "]", nil
		case !inClass:
			return "[" + inside + "]", nil
		case negative:
			return "", errPattern
		}
		return inside, nil
	}
	switch r := t.next(); r {
	case 'i':
		return wrap(false, nameStart)
	case 'I':
		return wrap(true, nameStart)
	case 'c':
		return wrap(false, nameChar)
	case 'C':
		return wrap(true, nameChar)
	case 'd':
		return `\p{Nd}`, nil
	case 'D':
		return `\P{Nd}`, nil
	case 'w':
		if inClass {
			return `\p{L}\p{M}\p{N}\p{S}`, nil
		}
		return wrap(true, notWord)
	case 'W':
		return wrap(false, notWord)
	case 's':
		return wrap(false, ` \t\n\r`)
	case 'S':
		return wrap(true, ` \t\n\r`)
	case 'b':
		// Not in XML Schema, but written: a word's edge.
		return `\b`, nil
	case 'n', 'r', 't':
		return `\` + string(r), nil
	case 'p', 'P':
		return t.property(r)
	default:
		if r < 128 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return "", errPattern
		}
		return regexp.QuoteMeta(string(r)), nil
	}
}

// property reads \p{L} and the like; blocks (\p{IsGreek}) are those that have a
// script's name.
func (t *patternReader) property(kind rune) (string, error) {
	end := t.at
	for end < len(t.in) && t.in[end] != '}' {
		end++
	}
	if end >= len(t.in) || t.in[t.at] != '{' {
		return "", errPattern
	}
	name := string(t.in[t.at+1 : end])
	t.at = end + 1
	switch name = strings.TrimPrefix(name, "Is"); name {
	case "BasicLatin":
		if kind == 'P' {
			return `[^\x00-\x7F]`, nil
		}
		return `[\x00-\x7F]`, nil
	case "Latin-1Supplement":
		if kind == 'P' {
			return `[^\x{80}-\x{FF}]`, nil
		}
		return `[\x{80}-\x{FF}]`, nil
	}
	return `\` + string(kind) + `{` + name + `}`, nil
}

// class reads a class after its opening bracket, with XML Schema's subtraction
// [a-z-[aeiou]], which becomes the ranges that remain.
func (t *patternReader) class(depth int) (string, error) {
	if depth > 8 {
		return "", errPattern
	}
	var b strings.Builder
	b.WriteByte('[')
	if !t.done() && t.in[t.at] == '^' {
		t.at++
		b.WriteByte('^')
	}
	first := true
	for {
		if t.done() {
			return "", errPattern
		}
		r := t.next()
		switch {
		case r == ']' && !first:
			b.WriteByte(']')
			return b.String(), nil
		case r == '-' && !t.done() && t.in[t.at] == '[':
			t.at++
			less, err := t.class(depth + 1)
			if err != nil || t.done() || t.next() != ']' {
				return "", errPattern
			}
			return subtract(b.String()+"]", less)
		case r == '\\':
			piece, err := t.escape(true)
			if err != nil {
				return "", err
			}
			if strings.HasPrefix(piece, "[^") {
				return "", errPattern
			}
			if inside, ok := strings.CutPrefix(piece, "["); ok {
				piece = strings.TrimSuffix(inside, "]")
			}
			b.WriteString(piece)
		case r == '[' || r == ']':
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
		first = false
	}
}
