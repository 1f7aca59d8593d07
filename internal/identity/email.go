package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"preau/internal/fault"
)

// longestEmail is the limit of an address (RFC 5321, 4.5.3.1.3).
const longestEmail = 254

// normalEmail gives the one form under which an address is kept and looked up:
// trimmed, composed, lower case. It asks for one @ with something on each
// side, no more: only a message can tell whether an address exists.
func normalEmail(s string) (string, bool) {
	if len(s) > 4*longestEmail || !utf8.ValidString(s) {
		return "", false
	}
	s = strings.ToLower(norm.NFC.String(strings.TrimFunc(s, unicode.IsSpace)))
	s = norm.NFC.String(s)
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" || strings.Contains(domain, "@") || len(s) > longestEmail {
		return "", false
	}
	if strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, "..") {
		return "", false
	}
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`<>()[]\,;:"`, r) {
			return "", false
		}
	}
	if MixesScripts(s) {
		return "", false
	}
	return s, true
}

func readEmail(s, field string) (string, error) {
	email, ok := normalEmail(s)
	if !ok {
		return "", fault.New(fault.Invalid, "identity.email_invalid").At(field)
	}
	return email, nil
}

// longestName bounds names of people, schools and territories, in characters.
const longestName = 120

// readName trims a name and gathers its spaces.
func readName(s, field string) (string, error) {
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	if s == "" {
		return "", fault.New(fault.Invalid, "identity.name_empty").At(field)
	}
	if utf8.RuneCountInString(s) > longestName || !utf8.ValidString(s) {
		return "", fault.New(fault.Invalid, "identity.name_long", "count", longestName).At(field)
	}
	// Nothing that is not seen or turns the line about, no letter of another
	// script in a word.
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) || MixesScripts(s) {
		return "", fault.New(fault.Invalid, "identity.name_deceives").At(field)
	}
	return s, nil
}
