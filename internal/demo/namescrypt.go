package demo

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/tyler-smith/go-bip39/wordlists"
	"golang.org/x/text/unicode/norm"
)

// This file does in Go what a staff browser does with seats and names, as
// docs/names.md describes it. The server never imports it.

// CodeAlphabet has the characters of typed codes, in order of value.
const CodeAlphabet = "0123456789ACDEFGHJKMNPRTVWXY"

// Sizes of the padded text of a name record, in bytes.
const (
	leastRecord = 256
	stepRecord  = 128
	mostRecord  = 3072
)

// Refusals of what was altered, forged or sealed to somebody else.
var (
	ErrDamaged   = errors.New("names: damaged")
	ErrSignature = errors.New("names: not signed by the one it names")
	ErrSchool    = errors.New("names: of another school")
)

// SeatSecret is the secret on a seat's slip.
type SeatSecret [16]byte

// SeatKeys is what derives from a secret: Auth is sent, Bind never leaves
// browsers, Code is the seat's part of the typed code.
type SeatKeys struct {
	Auth, Bind [32]byte
	Code       string
}

// NewSeatSecret makes a random secret.
func NewSeatSecret() (s SeatSecret) {
	rand.Read(s[:])
	return s
}

// ParseSeatSecret reads a secret written in base64url; exactly one spelling is accepted.
func ParseSeatSecret(text string) (s SeatSecret, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != len(s) {
		return s, ErrDamaged
	}
	return SeatSecret(b), nil
}

// String writes the secret in base64url, without padding.
func (s SeatSecret) String() string { return b64(s[:]) }

// Link is the address on the slip; origin has no trailing slash.
func (s SeatSecret) Link(origin string) string { return origin + "/p#" + s.String() }

// Keys derives what the secret gives.
func (s SeatSecret) Keys() SeatKeys {
	k := SeatKeys{Auth: s.derive("preau/seat/auth/v1"), Bind: s.derive("preau/seat/bind/v1")}
	code := s.derive("preau/seat/code/v1")
	n := binary.BigEndian.Uint64(code[:8])
	var part [5]byte
	for i := len(part) - 1; i >= 0; i-- {
		part[i] = CodeAlphabet[n%uint64(len(CodeAlphabet))]
		n /= uint64(len(CodeAlphabet))
	}
	k.Code = string(part[:])
	return k
}

func (s SeatSecret) derive(info string) (out [32]byte) {
	b, err := hkdf.Key(sha256.New, s[:], nil, info, len(out))
	if err != nil {
		panic(err) // only for a length beyond 255 hashes
	}
	return [32]byte(b)
}

// AuthHash is what the server keeps of Auth.
func (k SeatKeys) AuthHash() [32]byte { return sha256.Sum256(k.Auth[:]) }

// RecipientMAC shows staff that the browser which made the recipient holds the
// seat's secret. In base64url.
func (k SeatKeys) RecipientMAC(recipient string) string {
	m := hmac.New(sha256.New, k.Bind[:])
	m.Write([]byte("preau/seat/recipient/v1\n" + recipient))
	return b64(m.Sum(nil))
}

// NewPhrase makes the six words of a person's phrase, as scrypt takes them:
// lower case, NFKD, single spaces.
func NewPhrase() string {
	var random [9]byte
	rand.Read(random[:])
	return norm.NFKD.String(strings.Join(words(random[:], 6), " "))
}

// words cuts the first count × 11 bits, big endian, into words of the French list.
func words(data []byte, count int) []string {
	out := make([]string, count)
	for w := range out {
		index := 0
		for bit := w * 11; bit < (w+1)*11; bit++ {
			index = index<<1 | int(data[bit/8]>>(7-bit%8)&1)
		}
		out[w] = norm.NFC.String(wordlists.French[index])
	}
	return out
}

// PersonWords gives the fingerprint of a person's key, to be compared aloud.
func PersonWords(staffID, recipient, signPub string) []string {
	return fingerprint("person", staffID, recipient, signPub)
}

// SchoolWords gives the fingerprint of a school's names key and of the root of its trust.
func SchoolWords(school, recipient, root string) []string {
	return fingerprint("school", school, recipient, root)
}

func fingerprint(lines ...string) []string {
	sum := sha256.Sum256([]byte("preau/fingerprint/v1\n" + strings.Join(lines, "\n")))
	return words(sum[:], 6)
}

// PersonalKey is a person's own key: it opens what is sealed to them and signs
// what they write.
type PersonalKey struct {
	identity *age.X25519Identity
	sign     ed25519.PrivateKey
}

type personalFields struct {
	V        int    `json:"v"`
	Identity string `json:"identity"`
	Sign     string `json:"sign"`
}

// NewPersonalKey makes one.
func NewPersonalKey() (*PersonalKey, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	_, sign, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	return &PersonalKey{id, sign}, nil
}

// Recipient is the public part that others seal to, age1….
func (k *PersonalKey) Recipient() string { return k.identity.Recipient().String() }

// SignPub is the public part that verifies signatures, in base64url.
func (k *PersonalKey) SignPub() string { return b64(k.sign.Public().(ed25519.PublicKey)) }

// Seal protects the key with a phrase; work is scrypt's cost as a power of two,
// 18 for real use.
func (k *PersonalKey) Seal(phrase string, work int) ([]byte, error) {
	r, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, err
	}
	r.SetWorkFactor(work)
	plain, err := json.Marshal(personalFields{1, k.identity.String(), b64(k.sign.Seed())})
	if err != nil {
		return nil, err
	}
	return seal(plain, r)
}

// OpenPersonalKey opens what Seal made.
func OpenPersonalKey(sealed []byte, phrase string) (*PersonalKey, error) {
	id, err := age.NewScryptIdentity(phrase)
	if err != nil {
		return nil, err
	}
	plain, err := open(sealed, id)
	if err != nil {
		return nil, err
	}
	var f personalFields
	if err := json.Unmarshal(plain, &f); err != nil || f.V != 1 {
		return nil, ErrDamaged
	}
	identity, err := age.ParseX25519Identity(f.Identity)
	seed, err2 := unb64(f.Sign, ed25519.SeedSize)
	if err != nil || err2 != nil {
		return nil, ErrDamaged
	}
	return &PersonalKey{identity, ed25519.NewKeyFromSeed(seed)}, nil
}

// Endorsement signs that these keys are this person's, until a time in UTC
// milliseconds or 0. In base64url.
func (k *PersonalKey) Endorsement(school, staffID, recipient, signPub string, until int64) string {
	return b64(ed25519.Sign(k.sign, endorsementMessage(school, staffID, recipient, signPub, until)))
}

// VerifyEndorsement checks that signer, a public key in base64url, made the endorsement.
func VerifyEndorsement(signer, endorsement, school, staffID, recipient, signPub string, until int64) error {
	return verify(signer, endorsement, endorsementMessage(school, staffID, recipient, signPub, until))
}

func endorsementMessage(school, staffID, recipient, signPub string, until int64) []byte {
	return []byte(strings.Join([]string{"preau/names-member/v1", school, staffID, recipient, signPub, strconv.FormatInt(until, 10)}, "\n"))
}

// NamesKey is a school's key: its recipient seals names, its identity opens them.
type NamesKey struct {
	School string
	// Root is the sign key of whoever made it, in base64url.
	Root     string
	identity *age.X25519Identity
	previous []string
}

type namesFields struct {
	V        int      `json:"v"`
	Identity string   `json:"identity"`
	School   string   `json:"school"`
	Root     string   `json:"root"`
	Previous []string `json:"previous,omitempty"`
}

// NewNamesKey makes a school's key, with its maker as the root of trust.
func NewNamesKey(school string, maker *PersonalKey) (*NamesKey, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	return &NamesKey{School: school, Root: maker.SignPub(), identity: id}, nil
}

// Recipient is the public part, age1….
func (k *NamesKey) Recipient() string { return k.identity.Recipient().String() }

// Wrap seals the key to somebody's recipient.
func (k *NamesKey) Wrap(recipient string) ([]byte, error) {
	plain, err := json.Marshal(namesFields{1, k.identity.String(), k.School, k.Root, k.previous})
	if err != nil {
		return nil, err
	}
	return SealTo(recipient, plain)
}

// UnwrapNamesKey opens what Wrap made, with an age identity (AGE-SECRET-KEY-1…):
// a recovery sheet's, say.
func UnwrapNamesKey(wrapped []byte, identity, school string) (*NamesKey, error) {
	plain, err := OpenWith(identity, wrapped)
	if err != nil {
		return nil, err
	}
	var f namesFields
	if err := json.Unmarshal(plain, &f); err != nil || f.V != 1 {
		return nil, ErrDamaged
	}
	if f.School != school {
		return nil, ErrSchool
	}
	id, err := age.ParseX25519Identity(f.Identity)
	if _, err2 := unb64(f.Root, ed25519.PublicKeySize); err != nil || err2 != nil {
		return nil, ErrDamaged
	}
	return &NamesKey{School: school, Root: f.Root, identity: id, previous: f.Previous}, nil
}

// Unwrap opens a names key that was wrapped to this person.
func (k *PersonalKey) Unwrap(wrapped []byte, school string) (*NamesKey, error) {
	return UnwrapNamesKey(wrapped, k.identity.String(), school)
}

// Name is what a record holds; Secret is nil when it is not known.
type Name struct {
	Last, First string
	Secret      *SeatSecret
}

type nameFields struct {
	V      int     `json:"v"`
	Last   string  `json:"last"`
	First  string  `json:"first"`
	Secret *string `json:"secret"`
}

// Record is a seat's name as the server keeps it.
type Record struct {
	Seat       string
	Version    int
	Ciphertext []byte
	Signature  []byte
}

// Seal makes version n of a seat's record, signed by its writer.
func (k *NamesKey) Seal(seat string, version int, name Name, writer *PersonalKey) (Record, error) {
	f := nameFields{V: 1, Last: name.Last, First: name.First}
	if name.Secret != nil {
		text := name.Secret.String()
		f.Secret = &text
	}
	plain, err := json.Marshal(f)
	if err != nil {
		return Record{}, err
	}
	size := max(leastRecord, (len(plain)+stepRecord-1)/stepRecord*stepRecord)
	if size > mostRecord {
		return Record{}, fmt.Errorf("names: a name of %d bytes", len(plain))
	}
	plain = append(plain, bytes.Repeat([]byte(" "), size-len(plain))...)
	ciphertext, err := SealTo(k.Recipient(), plain)
	if err != nil {
		return Record{}, err
	}
	return Record{seat, version, ciphertext, ed25519.Sign(writer.sign, recordMessage(k.School, seat, version, ciphertext))}, nil
}

// Open verifies a record against its signer's public key (base64url), then opens it.
func (k *NamesKey) Open(r Record, signer string) (Name, error) {
	if err := verify(signer, b64(r.Signature), recordMessage(k.School, r.Seat, r.Version, r.Ciphertext)); err != nil {
		return Name{}, err
	}
	plain, err := open(r.Ciphertext, k.identity)
	if err != nil {
		return Name{}, err
	}
	var f nameFields
	if err := json.Unmarshal(plain, &f); err != nil || f.V != 1 {
		return Name{}, ErrDamaged
	}
	name := Name{Last: f.Last, First: f.First}
	if f.Secret != nil {
		s, err := ParseSeatSecret(*f.Secret)
		if err != nil {
			return Name{}, err
		}
		name.Secret = &s
	}
	return name, nil
}

func recordMessage(school, seat string, version int, ciphertext []byte) []byte {
	sum := sha256.Sum256(ciphertext)
	return []byte(strings.Join([]string{"preau/name-record/v1", school, seat, strconv.Itoa(version), hex.EncodeToString(sum[:])}, "\n"))
}

// SealFirstNames seals a group's first names, by seat id, to the recipient of
// the pupil who holds the seat.
func (k SeatKeys) SealFirstNames(recipient, group string, names map[string]string) ([]byte, error) {
	text, err := json.Marshal(map[string]any{"group": group, "names": names})
	if err != nil {
		return nil, err
	}
	return SealTo(recipient, []byte(k.firstNamesMAC(recipient, string(text))+"\n"+string(text)))
}

// firstNamesMAC shows the pupil's browser that the text comes from somebody who
// knows the seat's secret.
func (k SeatKeys) firstNamesMAC(recipient, text string) string {
	vouch := hmac.New(sha256.New, k.Bind[:])
	vouch.Write([]byte("preau/seat/first-names/key/v1"))
	m := hmac.New(sha256.New, vouch.Sum(nil))
	m.Write([]byte("preau/seat/first-names/v1\n" + recipient + "\n" + text))
	return b64(m.Sum(nil))
}

// SealTo seals to an X25519 recipient, age1….
func SealTo(recipient string, plain []byte) ([]byte, error) {
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, err
	}
	return seal(plain, r)
}

// OpenWith opens with an age identity, AGE-SECRET-KEY-1….
func OpenWith(identity string, sealed []byte) ([]byte, error) {
	id, err := age.ParseX25519Identity(identity)
	if err != nil {
		return nil, err
	}
	return open(sealed, id)
}

func seal(plain []byte, r age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// mostPlain bounds what open gives: a sealed list of a large school is far below.
const mostPlain = 16 << 20

func open(sealed []byte, id age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, mostPlain))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return plain, nil
}

func verify(signer, signature string, message []byte) error {
	pub, err := unb64(signer, ed25519.PublicKeySize)
	sig, err2 := unb64(signature, ed25519.SignatureSize)
	if err != nil || err2 != nil || !ed25519.Verify(pub, message, sig) {
		return ErrSignature
	}
	return nil
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func unb64(text string, size int) ([]byte, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != size {
		return nil, ErrDamaged
	}
	return b, nil
}
