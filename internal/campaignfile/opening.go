package campaignfile

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"

	"preau/internal/fault"
)

const keySize = 32

// bound is what a content key is of: campaign (16 bytes), edition (4), key.
const boundSize = 16 + 4 + keySize

const signedOpening = "preau campaign opening\x00"

// Secret is the content key of one edition of a campaign, until it is published,
// and whose campaign it is. It never shows in a text by accident.
type Secret struct {
	bound     [boundSize]byte
	publisher [ed25519.PublicKeySize]byte
}

// String hides the key.
func (Secret) String() string { return "campaign secret" }

// GoString hides the key.
func (s Secret) GoString() string { return s.String() }

func newSecret(campaign string, edition int, publisher ed25519.PublicKey) (s Secret, err error) {
	id, err := hex.DecodeString(campaign)
	if err != nil || len(id) != 16 {
		return s, wrong("id")
	}
	copy(s.bound[:], id)
	binary.BigEndian.PutUint32(s.bound[16:], uint32(edition))
	copy(s.publisher[:], publisher)
	_, err = rand.Read(s.bound[20:])
	return s, err
}

func (s Secret) campaign() string { return hex.EncodeToString(s.bound[:16]) }
func (s Secret) edition() int     { return int(binary.BigEndian.Uint32(s.bound[16:20])) }
func (s Secret) key() []byte      { return s.bound[20:] }

// digest is what the manifest says of the key.
func (s Secret) digest() string {
	sum := sha256.Sum256(append([]byte("preau campaign content\x00"), s.key()...))
	return hex.EncodeToString(sum[:])
}

// Write is the secret as its file holds it.
func (s Secret) Write() string {
	return writeToken(contentWord, append(s.bound[:], s.publisher[:]...))
}

// ReadContent reads the secret of a campaign.
func ReadContent(text string) (s Secret, err error) {
	raw, ok := readToken(contentWord, text, boundSize+ed25519.PublicKeySize)
	if !ok {
		return s, fault.New(fault.Invalid, "campaignfile.no_content")
	}
	copy(s.bound[:], raw)
	copy(s.publisher[:], raw[boundSize:])
	return s, nil
}

// Open publishes the secret: the opening, signed by the campaign's publisher.
// Another's key is refused here rather than in every school on the day.
func (s Secret) Open(key ed25519.PrivateKey) (string, error) {
	if !key.Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(s.publisher[:])) {
		return "", fault.New(fault.Invalid, "campaignfile.other_secret")
	}
	return s.sign(key), nil
}

func (s Secret) sign(key ed25519.PrivateKey) string {
	return writeToken(openingWord, append(s.bound[:], ed25519.Sign(key, append([]byte(signedOpening), s.bound[:]...))...))
}

// Opened is a file with the key that opens it.
type Opened struct {
	file *File
	key  []byte
}

// Open checks that an opening is of this edition of this campaign and from its
// publisher, in an order that tells the person what is wrong.
func (m *Manifest) open(opening string) (Secret, error) {
	var s Secret
	raw, ok := readToken(openingWord, opening, boundSize+ed25519.SignatureSize)
	if !ok {
		return s, fault.New(fault.Invalid, "campaignfile.no_opening").At("opening")
	}
	copy(s.bound[:], raw)
	if s.campaign() != m.ID {
		return s, fault.New(fault.Invalid, "campaignfile.other_campaign", "title", m.Title).At("opening")
	}
	if s.edition() != m.Edition {
		return s, fault.New(fault.Invalid, "campaignfile.other_edition", "edition", s.edition(), "held", m.Edition).At("opening")
	}
	key, err := m.PublisherKey()
	if err != nil {
		return s, err
	}
	if !ed25519.Verify(key, append([]byte(signedOpening), s.bound[:]...), raw[boundSize:]) || subtle.ConstantTimeCompare([]byte(s.digest()), []byte(m.Content)) != 1 {
		return s, fault.New(fault.Invalid, "campaignfile.opening_unsigned").At("opening")
	}
	return s, nil
}

// Open opens a file.
func (f *File) Open(opening string) (*Opened, error) {
	s, err := f.Manifest.open(opening)
	if err != nil {
		return nil, err
	}
	return &Opened{file: f, key: s.key()}, nil
}

// sealed ties what is encrypted to the campaign's edition.
func sealed(campaign string, edition int) []byte {
	return binary.BigEndian.AppendUint32([]byte("preau campaign private\x00"+campaign), uint32(edition))
}

func aead(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
