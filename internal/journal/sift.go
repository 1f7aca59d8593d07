package journal

import (
	"regexp"
	"strings"
	"unicode"
)

// Sign is something odd about a contribution. None refuses it: the queue shows
// them, and those with several come last.
type Sign string

// The signs.
const (
	Trapped  Sign = "trapped"  // filled the field that people do not see
	Formless Sign = "formless" // came without a form, or with a stale one
	Hasty    Sign = "hasty"    // was sent too soon to have been written
	Linked   Sign = "linked"   // holds several links
	Bursting Sign = "bursting" // one of many from one place
	Unworked Sign = "unworked" // no proof of work: also whoever has no JavaScript
	Shouting Sign = "shouting" // capitals
	Repeated Sign = "repeated" // the same words were sent before
)

// weight is how much a sign counts.
func (s Sign) weight() int {
	switch s {
	case Trapped:
		return 4
	case Formless, Linked, Repeated:
		return 2
	case Hasty, Bursting:
		return 2
	}
	return 1
}

// mostSigns is the weight from which a contribution is put with the spam, where
// a moderator can still find it.
const mostSigns = 5

func weigh(signs []Sign) int {
	sum := 0
	for _, s := range signs {
		sum += s.weight()
	}
	return sum
}

// seen is what is known of a contribution when it comes.
type seen struct {
	text, name string
	trap       string
	formed     bool
	took       int64 // ms between the form and its sending
	worked     bool
	burst      bool
	repeated   bool
}

var linkForm = regexp.MustCompile(`(?i)https?://|www\.|\[url|<a\s`)

// sift lists what is odd.
func sift(in seen) []Sign {
	var out []Sign
	note := func(odd bool, s Sign) {
		if odd {
			out = append(out, s)
		}
	}
	note(in.trap != "", Trapped)
	note(!in.formed, Formless)
	note(in.formed && in.took < quickest.Milliseconds(), Hasty)
	note(len(linkForm.FindAllString(in.text+" "+in.name, -1)) > 1, Linked)
	note(in.burst, Bursting)
	note(!in.worked, Unworked)
	note(shouts(in.text), Shouting)
	note(in.repeated, Repeated)
	return out
}

func shouts(text string) bool {
	upper, letters := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	return letters >= 30 && upper*10 > letters*7
}

func signWords(signs []Sign) string {
	words := make([]string, len(signs))
	for i, s := range signs {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}
