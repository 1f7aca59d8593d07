package roster

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"strings"
	"unicode"
)

// Alphabet is what typed codes are made of: 28 signs, none of which looks like
// another.
const Alphabet = "0123456789ACDEFGHJKMNPRTVWXY"

// A typed code is the group's part, then the seat's.
const (
	GroupCodeLength = 4
	SeatCodeLength  = 5
	maxTyped        = 64 // characters read of what somebody typed
)

// lookAlike gives the sign that was meant by one that is not in the alphabet.
var lookAlike = map[rune]rune{'O': '0', 'Q': '0', 'I': '1', 'L': '1', 'Z': '2', 'S': '5', 'B': '8', 'U': 'V'}

// ParseCode reads a typed code, forgiving case, spaces, dashes, punctuation and
// look-alikes. It says false when what is left is not a whole code.
func ParseCode(typed string) (group, seat string, ok bool) {
	var b strings.Builder
	n := 0
	for _, r := range typed {
		if n++; n > maxTyped {
			return "", "", false
		}
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			continue
		}
		r = unicode.ToUpper(r)
		if as, found := lookAlike[r]; found {
			r = as
		}
		if !strings.ContainsRune(Alphabet, r) {
			return "", "", false
		}
		b.WriteRune(r)
	}
	code := b.String()
	if len(code) != GroupCodeLength+SeatCodeLength {
		return "", "", false
	}
	return code[:GroupCodeLength], code[GroupCodeLength:], true
}

// exactCode says whether s is n signs of the alphabet, as a browser computes them.
func exactCode(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for _, r := range s {
		if !strings.ContainsRune(Alphabet, r) {
			return false
		}
	}
	return true
}

// newGroupCode draws the group's part of typed codes. crypto/rand never fails.
func newGroupCode() string {
	b := make([]byte, GroupCodeLength)
	size := big.NewInt(int64(len(Alphabet)))
	for i := range b {
		n, _ := rand.Int(rand.Reader, size)
		b[i] = Alphabet[n.Int64()]
	}
	return string(b)
}

// codeHash is what is stored of the seat's part of a typed code.
func (s *Service) codeHash(seatCode string) []byte {
	m := hmac.New(sha256.New, s.codeKey)
	m.Write([]byte(seatCode))
	return m.Sum(nil)
}
