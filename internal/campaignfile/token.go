package campaignfile

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"preau/internal/fault"
)

// Keys, secrets and openings are written as one line: a word that says what it
// is, a full stop, and base64url of the bytes followed by four bytes of their
// digest, by which a slip of the hand is told from a wrong key.
const (
	secretWord    = "preau-publisher-secret-1."
	publisherWord = "preau-publisher-1."
	contentWord   = "preau-campaign-secret-1."
	openingWord   = "preau-opening-1."

	checkBytes = 4
	maxToken   = 4096 // bytes of a file that holds one, comments included
)

func writeToken(word string, payload []byte) string {
	return word + base64.RawURLEncoding.EncodeToString(append(bytes.Clone(payload), checkOf(word, payload)...))
}

func checkOf(word string, payload []byte) []byte {
	sum := sha256.Sum256(append([]byte(word), payload...))
	return sum[:checkBytes]
}

// readToken finds the line among comments, wherever a mail has broken it.
func readToken(word, text string, size int) ([]byte, bool) {
	if len(text) > maxToken {
		return nil, false
	}
	var whole strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			for _, part := range strings.Fields(line) {
				whole.WriteString(part)
			}
		}
	}
	encoded, ok := strings.CutPrefix(whole.String(), word)
	if !ok {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil || len(raw) != size+checkBytes {
		return nil, false
	}
	payload := raw[:size]
	return payload, bytes.Equal(raw[size:], checkOf(word, payload))
}

// NewPublisher makes the key of a publisher.
func NewPublisher() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return key, err
}

// WriteSecret is a publisher's secret key as its file holds it.
func WriteSecret(key ed25519.PrivateKey) string { return writeToken(secretWord, key.Seed()) }

// ReadSecret reads a publisher's secret key.
func ReadSecret(text string) (ed25519.PrivateKey, error) {
	seed, ok := readToken(secretWord, text, ed25519.SeedSize)
	if !ok {
		return nil, fault.New(fault.Invalid, "campaignfile.no_secret")
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// WritePublisher is a publisher's public key.
func WritePublisher(key ed25519.PublicKey) string { return writeToken(publisherWord, key) }

// ReadPublisher reads a publisher's public key.
func ReadPublisher(text string) (ed25519.PublicKey, error) {
	key, ok := readToken(publisherWord, text, ed25519.PublicKeySize)
	if !ok {
		return nil, fault.New(fault.Invalid, "campaignfile.no_publisher")
	}
	return key, nil
}

// Fingerprint is what people compare of a publisher's key: 128 bits of its
// digest, in eight groups of four.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(append([]byte("preau campaign publisher\x00"), key...))
	digits := strings.ToUpper(hex.EncodeToString(sum[:16]))
	groups := make([]string, 0, 8)
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}
