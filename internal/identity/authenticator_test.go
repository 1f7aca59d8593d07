package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// authenticator is a virtual one that holds a single discoverable ES256 key
// and answers as a browser does (WebAuthn level 3, 6 and 7).
type authenticator struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte // of the account, learnt at registration
	count  uint32
	origin string
	rpID   string
}

func newAuthenticator(t *testing.T, origin string) *authenticator {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &authenticator{t: t, key: key, id: randomBytes(32), origin: origin, rpID: "localhost"}
}

var b64 = base64.RawURLEncoding

// Flags of authenticator data (6.1).
const (
	userPresent  = 1 << 0
	userVerified = 1 << 2
	keyIncluded  = 1 << 6
)

func (a *authenticator) data(flags byte, attested []byte) []byte {
	a.count++
	rp := sha256.Sum256([]byte(a.rpID))
	out := append(rp[:], flags)
	out = binary.BigEndian.AppendUint32(out, a.count)
	return append(out, attested...)
}

func (a *authenticator) client(kind, challenge string) []byte {
	raw, err := json.Marshal(obj{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

// create answers navigator.credentials.create.
func (a *authenticator) create(options json.RawMessage) obj {
	var o struct {
		PublicKey struct {
			Challenge string
			User      struct{ ID string }
		}
	}
	if err := json.Unmarshal(options, &o); err != nil {
		a.t.Fatal(err)
	}
	var err error
	if a.handle, err = b64.DecodeString(o.PublicKey.User.ID); err != nil {
		a.t.Fatal(err)
	}
	point, err := a.key.PublicKey.Bytes() // 4 | x | y
	if err != nil {
		a.t.Fatal(err)
	}
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		a.t.Fatal(err)
	}
	attested := make([]byte, 16) // AAGUID zero
	attested = binary.BigEndian.AppendUint16(attested, uint16(len(a.id)))
	attested = append(append(attested, a.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(userPresent|userVerified|keyIncluded, attested)})
	if err != nil {
		a.t.Fatal(err)
	}
	return obj{"id": b64.EncodeToString(a.id), "rawId": b64.EncodeToString(a.id), "type": "public-key", "response": obj{
		"clientDataJSON":    b64.EncodeToString(a.client("webauthn.create", o.PublicKey.Challenge)),
		"attestationObject": b64.EncodeToString(object), "transports": []string{"internal"},
	}}
}

// get answers navigator.credentials.get.
func (a *authenticator) get(options json.RawMessage) obj {
	var o struct{ PublicKey struct{ Challenge string } }
	if err := json.Unmarshal(options, &o); err != nil {
		a.t.Fatal(err)
	}
	data, client := a.data(userPresent|userVerified, nil), a.client("webauthn.get", o.PublicKey.Challenge)
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, signed[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return obj{"id": b64.EncodeToString(a.id), "rawId": b64.EncodeToString(a.id), "type": "public-key", "response": obj{
		"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(signature), "userHandle": b64.EncodeToString(a.handle),
	}}
}

// step is what the first step of a ceremony answers.
type step struct {
	Ceremony string
	Options  json.RawMessage
}

func (v *visitor) begin(path string) (s step) {
	v.h.t.Helper()
	v.call("POST", path+"/begin", nil).want(200).into(&s)
	return s
}
