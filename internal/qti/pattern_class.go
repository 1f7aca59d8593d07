package qti

import (
	"fmt"
	"regexp/syntax"
	"strings"
)

// subtract gives the class of what is in one class of Go and not in another.
func subtract(from, less string) (string, error) {
	a, err := ranges(from)
	if err != nil {
		return "", err
	}
	b, err := ranges(less)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteByte('[')
	for i := 0; i+1 < len(a); i += 2 {
		low, high := a[i], a[i+1]
		for j := 0; j+1 < len(b) && low <= high; j += 2 {
			if b[j+1] < low || b[j] > high {
				continue
			}
			if b[j] > low {
				fmt.Fprintf(&out, `\x{%X}-\x{%X}`, low, b[j]-1)
			}
			low = b[j+1] + 1
		}
		if low <= high {
			fmt.Fprintf(&out, `\x{%X}-\x{%X}`, low, high)
		}
	}
	out.WriteByte(']')
	if out.Len() == 2 {
		// Nothing remains: a class that matches nothing.
		return `[^\x00-\x{10FFFF}]`, nil
	}
	return out.String(), nil
}

// ranges are the bounds of a class, two by two, in order.
func ranges(class string) ([]rune, error) {
	parsed, err := syntax.Parse(class, syntax.Perl)
	if err != nil {
		return nil, err
	}
	switch parsed.Op {
	case syntax.OpCharClass:
		return parsed.Rune, nil
	case syntax.OpLiteral:
		if len(parsed.Rune) == 1 {
			return []rune{parsed.Rune[0], parsed.Rune[0]}, nil
		}
	case syntax.OpNoMatch:
		return nil, nil
	case syntax.OpAnyChar:
		return []rune{0, 0x10FFFF}, nil
	}
	return nil, errPattern
}
