package campaignfile

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"

	"preau/internal/fault"
)

// Limits of a file, in bytes, and of its parts.
const (
	MaxFile     = 64 << 20
	maxManifest = 1 << 20
	maxQuestion = 1 << 20
	maxParts    = 8_000

	formatNumber = 1
	headSize     = 8 + 2 + 4 // magic, format, length of the manifest
)

// The magic holds a line feed, which a copy "as text" would change.
const magic = "PREAUCF\n"

const signedFile = "preau campaign file\x00"

// File is a file whose signature and digests hold.
type File struct {
	Manifest Manifest
	// SHA256 is of the whole file, hexadecimal.
	SHA256 string

	parts [][]byte // as Manifest.Parts
}

func damaged() *fault.Error { return fault.New(fault.Invalid, "campaignfile.damaged") }

// Read reads a whole file. Who signed it is for the caller to judge, by
// Manifest.Key.
func Read(data []byte) (*File, error) {
	if len(data) > MaxFile {
		return nil, tooLarge()
	}
	r := bytes.NewReader(data)
	m, err := ReadManifest(r)
	if err != nil {
		return nil, err
	}
	rest := data[len(data)-r.Len():]
	f := &File{Manifest: *m, parts: make([][]byte, len(m.Parts))}
	for i, p := range m.Parts {
		if p.Size > len(rest) {
			return nil, damaged()
		}
		f.parts[i], rest = rest[:p.Size:p.Size], rest[p.Size:]
		if digest(f.parts[i]) != p.SHA256 {
			return nil, damaged()
		}
	}
	if len(rest) > 0 {
		return nil, damaged()
	}
	f.SHA256 = digest(data)
	return f, nil
}

func tooLarge() *fault.Error {
	return fault.New(fault.TooLarge, "campaignfile.too_large", "limit", MaxFile>>20)
}

// ReadManifest reads a file up to its parts, and no further.
func ReadManifest(r io.Reader) (*Manifest, error) {
	head := make([]byte, headSize)
	if _, err := io.ReadFull(r, head); err != nil || string(head[:8]) != magic {
		return nil, unreadable(err, fault.New(fault.Invalid, "campaignfile.not_one"))
	}
	if format := binary.BigEndian.Uint16(head[8:]); format != formatNumber {
		return nil, fault.New(fault.Invalid, "campaignfile.newer", "format", int(format))
	}
	size := binary.BigEndian.Uint32(head[10:])
	if size > maxManifest {
		return nil, damaged()
	}
	raw := make([]byte, int(size)+ed25519.SignatureSize)
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, unreadable(err, damaged())
	}
	raw, signature := raw[:size], raw[size:]
	var m Manifest
	if err := strict(raw, &m); err != nil {
		return nil, damaged()
	}
	key, err := m.PublisherKey()
	if err != nil || !ed25519.Verify(key, signedBytes(head, raw), signature) {
		return nil, fault.New(fault.Invalid, "campaignfile.unsigned")
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return &m, m.checkParts()
}

// ReadPart reads one part that stands in clear, and holds it against its digest.
func ReadPart(r io.Reader, part int) (*Manifest, []byte, error) {
	m, err := ReadManifest(r)
	if err != nil {
		return nil, nil, err
	}
	if part < 0 || part >= len(m.Parts)-1 {
		return nil, nil, fault.New(fault.NotFound, "campaignfile.no_part")
	}
	for _, before := range m.Parts[:part] {
		if _, err := io.CopyN(io.Discard, r, int64(before.Size)); err != nil {
			return nil, nil, unreadable(err, damaged())
		}
	}
	data := make([]byte, m.Parts[part].Size)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, nil, unreadable(err, damaged())
	}
	if digest(data) != m.Parts[part].SHA256 {
		return nil, nil, damaged()
	}
	return m, data, nil
}

// unreadable keeps the error of a reader that failed, as a disk does; a file
// that is only too short is refused as refused says.
func unreadable(err error, refused *fault.Error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return refused
	}
	return err
}

func signedBytes(head, manifest []byte) []byte {
	return bytes.Join([][]byte{[]byte(signedFile), head, manifest}, nil)
}

// strict reads one JSON value and nothing that its type does not know.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// checkParts: questions, then assets, then the private part, within the limits.
func (m *Manifest) checkParts() error {
	if len(m.Parts) == 0 || len(m.Parts) > maxParts || !isDigest(m.Content) {
		return damaged()
	}
	order := map[string]int{Question: 0, Asset: 1, Private: 2}
	total, before, questions := 0, 0, 0
	for i, p := range m.Parts {
		rank, known := order[p.Role]
		last := i == len(m.Parts)-1
		if !known || rank < before || last != (p.Role == Private) || p.Size < 0 || p.Size > MaxFile || !isDigest(p.SHA256) {
			return damaged()
		}
		switch p.Role {
		case Question:
			questions++
			if p.Size > maxQuestion {
				return damaged()
			}
		case Asset:
			if !shown(p.Media) {
				return damaged()
			}
		}
		before = rank
		if total += p.Size; total > MaxFile {
			return tooLarge()
		}
	}
	if questions != m.Questions() {
		return damaged()
	}
	return nil
}

func isDigest(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == s
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// write puts a file together and signs it. The sizes and digests of m.Parts are
// filled in here.
func write(m Manifest, parts [][]byte, key ed25519.PrivateKey) ([]byte, error) {
	m.Key = WritePublisher(key.Public().(ed25519.PublicKey))
	for i := range m.Parts {
		m.Parts[i].Size, m.Parts[i].SHA256 = len(parts[i]), digest(parts[i])
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := m.checkParts(); err != nil {
		return nil, err
	}
	manifest, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	if len(manifest) > maxManifest {
		return nil, tooLarge()
	}
	head := append([]byte(magic), 0, formatNumber, 0, 0, 0, 0)
	binary.BigEndian.PutUint32(head[10:], uint32(len(manifest)))
	out := bytes.Join(append([][]byte{head, manifest, ed25519.Sign(key, signedBytes(head, manifest))}, parts...), nil)
	if len(out) > MaxFile {
		return nil, tooLarge()
	}
	return out, nil
}
