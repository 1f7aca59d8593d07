package journal

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold gives a text without accents, ligatures or capitals.
func fold(text string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'œ':
			out.WriteString("oe")
		case r == 'æ':
			out.WriteString("ae")
		case r == '’' || r == 'ʼ':
			out.WriteByte('\'')
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

const (
	shortestWord = 2
	longestWord  = 32
	mostWords    = 4000 // of one piece
)

// words cuts a text into the stems by which it is found, in order. An elided
// article is left out: l'école is found by école.
func words(text string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' }) {
		for strings.Contains(part, "'") {
			head, tail, _ := strings.Cut(part, "'")
			if len(head) > 2 && head != "jusqu" && head != "lorsqu" && head != "puisqu" && head != "qu" { // aujourd'hui, presqu'île
				part = head + tail
				continue
			}
			part = tail
		}
		if n := len([]rune(part)); n < shortestWord || n > longestWord || common[part] {
			continue
		}
		out = append(out, stem(part))
	}
	return out
}

// common words are in every piece, and find none.
var common = set("au aux avec ce ces cet cette dans de des du elle elles en est et eux il ils je la le les leur leurs lui ma mais me mes moi mon ne nos notre nous on ont ou " +
	"par pas plus pour qu que qui sa sans se ses son sont sur ta te tes toi ton tu un une vos votre vous ete etre fait a the of and to in is")

func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// endings are taken off a folded word, the longest that leaves a stem of at
// least the length that stands beside it. They are those by which French makes
// nouns, adjectives, adverbs and the commonest forms of verbs of one another.
var endings = []struct {
	end   string
	least int
	put   string
}{
	{"issements", 3, ""}, {"issement", 3, ""}, {"ationnelle", 3, ""}, {"ationnel", 3, ""}, {"atrices", 3, ""}, {"atrice", 3, ""}, {"ateurs", 3, ""}, {"ateur", 3, ""},
	{"ations", 3, ""}, {"ation", 3, ""}, {"utions", 3, "u"}, {"ution", 3, "u"}, {"itions", 3, "i"}, {"ition", 3, "i"},
	{"logies", 2, "log"}, {"logie", 2, "log"}, {"ablement", 3, ""}, {"iblement", 3, ""}, {"ivement", 3, ""}, {"eusement", 3, ""}, {"amment", 3, ""}, {"emment", 3, ""},
	{"ements", 3, ""}, {"ement", 3, ""}, {"ments", 4, ""}, {"ment", 4, ""}, {"istes", 3, ""}, {"iste", 3, ""}, {"ismes", 3, ""}, {"isme", 3, ""},
	{"ables", 3, ""}, {"able", 3, ""}, {"ibles", 3, ""}, {"ible", 3, ""}, {"ances", 3, ""}, {"ance", 3, ""}, {"ences", 3, ""}, {"ence", 3, ""},
	{"ants", 4, ""}, {"ant", 4, ""}, {"ites", 4, ""}, {"ite", 4, ""}, {"iques", 3, ""}, {"ique", 3, ""}, {"euses", 3, ""}, {"euse", 3, ""}, {"eurs", 3, ""}, {"eur", 3, ""}, {"eux", 3, ""},
	{"ives", 3, ""}, {"ive", 3, ""}, {"ifs", 3, ""}, {"if", 3, ""}, {"elles", 3, ""}, {"elle", 3, ""}, {"els", 3, ""}, {"el", 3, ""}, {"ales", 3, ""}, {"ale", 3, ""}, {"aux", 3, ""}, {"als", 3, ""}, {"al", 3, ""},
	{"iennes", 3, ""}, {"ienne", 3, ""}, {"iens", 3, ""}, {"ien", 3, ""}, {"iers", 3, ""}, {"ieres", 3, ""}, {"iere", 3, ""}, {"ier", 3, ""},
	{"issaient", 3, ""}, {"issait", 3, ""}, {"issent", 3, ""}, {"issons", 3, ""}, {"issez", 3, ""},
	{"eraient", 3, ""}, {"erait", 3, ""}, {"erons", 3, ""}, {"eront", 3, ""}, {"erez", 3, ""}, {"era", 3, ""}, {"aient", 3, ""}, {"ait", 3, ""}, {"ions", 3, ""}, {"iez", 3, ""},
	{"ees", 3, ""}, {"ee", 3, ""}, {"ent", 4, ""}, {"ons", 3, ""}, {"ez", 3, ""}, {"er", 3, ""}, {"ir", 3, ""}, {"ies", 3, ""}, {"ie", 3, ""},
	{"es", 2, ""}, {"is", 3, ""}, {"it", 3, ""}, {"e", 2, ""}, {"i", 3, ""}, {"s", 2, ""}, {"x", 3, ""},
}

// stem takes a folded word's ending off. It is its own: a search and a piece
// meet because both go through it, in either store.
func stem(word string) string {
	if strings.ContainsFunc(word, unicode.IsDigit) {
		return word
	}
	best := -1
	for i, e := range endings {
		if strings.HasSuffix(word, e.end) && len([]rune(word))-len(e.end) >= e.least && (best < 0 || len(e.end) > len(endings[best].end)) {
			best = i
		}
	}
	if best >= 0 {
		word = strings.TrimSuffix(word, endings[best].end) + endings[best].put
	}
	// publier and publie meet without their i.
	if r := []rune(word); len(r) > 3 && r[len(r)-1] == 'i' {
		word = string(r[:len(r)-1])
	}
	// balle and bale, ecolle and ecole: a doubled last consonant is one.
	if r := []rune(word); len(r) > 3 && r[len(r)-1] == r[len(r)-2] {
		word = string(r[:len(r)-1])
	}
	return word
}

// weighted are the words of a piece: 2 for those of its title, 1 for the others.
func weighted(title, rest string) map[string]int {
	out := map[string]int{}
	for _, w := range words(rest) {
		if len(out) < mostWords {
			out[w] = 1
		}
	}
	for _, w := range words(title) {
		out[w] = 2
	}
	return out
}

// slugOf makes the readable part of an address.
func slugOf(text string, most int) string {
	var out strings.Builder
	gap := false
	for _, r := range fold(text) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && out.Len() > 0 {
				out.WriteByte('-')
			}
			gap = false
			out.WriteRune(r)
		} else {
			gap = true
		}
		if out.Len() >= most {
			break
		}
	}
	return strings.Trim(out.String(), "-")
}
