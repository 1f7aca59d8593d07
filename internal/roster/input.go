package roster

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/identity"
)

// Limits of what a browser may send.
const (
	maxCiphertext = 4 << 10
	maxWrapped    = 4 << 10
	maxSealed     = 32 << 10
	maxImport     = 5000
	maxGroups     = 300
	maxSeatGroups = 40
	maxNumber     = 99_999
)

// seatID is a UUID as crypto.randomUUID writes it.
var seatID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// pictureName is the name of a picture of the open set, never an address.
var pictureName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// bytesOf decodes unpadded base64url of min to max bytes.
func bytesOf(field, text string, min, max int) ([]byte, error) {
	if len(text) > base64.RawURLEncoding.EncodedLen(max) {
		return nil, fault.New(fault.TooLarge, "roster.too_long").At(field)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < min || len(b) > max {
		return nil, fault.New(fault.Invalid, "roster.bad_bytes").At(field)
	}
	return b, nil
}

func text64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func optional64(b []byte) *string {
	if b == nil {
		return nil
	}
	t := text64(b)
	return &t
}

// label cleans a short text that staff wrote: one line, no control characters.
func label(field, text string, max int) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "", fault.New(fault.Invalid, "roster.empty").At(field)
	}
	if utf8.RuneCountInString(text) > max {
		return "", fault.New(fault.Invalid, "roster.too_long").At(field)
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return "", fault.New(fault.Invalid, "roster.bad_text").At(field)
		}
	}
	if identity.MixesScripts(text) {
		return "", fault.New(fault.Invalid, "roster.bad_text").At(field)
	}
	return text, nil
}

func optionalLabel(field, text string, max int) (*string, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	t, err := label(field, text, max)
	return &t, err
}

// pseudonym accepts the words of a pseudonym: letters, spaces, hyphens, apostrophes.
func pseudonym(field, text string) (string, error) {
	text, err := label(field, text, 40)
	if err != nil {
		return "", err
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune(" -'’", r) {
			return "", fault.New(fault.Invalid, "roster.bad_pseudonym").At(field)
		}
	}
	return text, nil
}

// item names a field of one item of a list, as the client sent it.
func item(list string, i int, field string) string {
	if field == "" {
		return fmt.Sprintf("%s[%d]", list, i)
	}
	return fmt.Sprintf("%s[%d].%s", list, i, field)
}
