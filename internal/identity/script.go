package identity

import (
	"strings"
	"unicode"
)

// scripts are those whose letters are taken for one another's.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee}

// MixesScripts says whether a word of the text has letters of two scripts that
// look alike, as no word of a language has: a Cyrillic а in a Latin name passes
// for another name.
func MixesScripts(text string) bool {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		var found *unicode.RangeTable
		for _, r := range word {
			for _, script := range scripts {
				if !unicode.Is(script, r) {
					continue
				}
				if found != nil && found != script {
					return true
				}
				found = script
			}
		}
	}
	return false
}
