package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// sealer signs what a browser carries for the server: it can be read by that
// browser, and not changed.
type sealer struct {
	key []byte
	now func() time.Time
}

// mac is HMAC-SHA256 under a key of its own for each purpose.
func (s sealer) mac(purpose string, parts ...string) []byte {
	derived := hmac.New(sha256.New, s.key)
	derived.Write([]byte(purpose))
	m := hmac.New(sha256.New, derived.Sum(nil))
	for _, p := range parts {
		m.Write([]byte(p))
		m.Write([]byte{0})
	}
	return m.Sum(nil)
}

type envelope struct {
	Expires int64           `json:"e"` // UTC ms
	Value   json.RawMessage `json:"v"`
}

// wrap signs a value until it expires.
func (s sealer) wrap(purpose string, value any, life time.Duration) (string, error) {
	inner, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	outer, err := json.Marshal(envelope{Expires: s.now().Add(life).UnixMilli(), Value: inner})
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(outer)
	return body + "." + base64.RawURLEncoding.EncodeToString(s.mac(purpose, body)), nil
}

// unwrap reads what wrap made for the same purpose, unless it has expired.
func (s sealer) unwrap(purpose, sealed string, value any) bool {
	body, tag, ok := strings.Cut(sealed, ".")
	if !ok {
		return false
	}
	got, err := base64.RawURLEncoding.DecodeString(tag)
	if err != nil || !hmac.Equal(got, s.mac(purpose, body)) {
		return false
	}
	outer, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return false
	}
	var e envelope
	if json.Unmarshal(outer, &e) != nil || s.now().UnixMilli() >= e.Expires {
		return false
	}
	return json.Unmarshal(e.Value, value) == nil
}
