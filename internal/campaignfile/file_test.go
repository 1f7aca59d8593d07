package campaignfile

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/internal/fault"
)

func refused(t testing.TB, err error, key string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Key != "campaignfile."+key {
		t.Errorf("%v, want %s", err, key)
	}
}

// What goes in comes out: every file of the package, byte for byte.
func TestPackAndOpen(t *testing.T) {
	p := pack(t, draft())
	f := read(t, p.data)
	opened, err := f.Open(p.secret.sign(p.key))
	if err != nil {
		t.Fatal(err)
	}
	out, err := opened.Package()
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	want := content()
	for _, entry := range z.File {
		r, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != want[entry.Name] {
			t.Errorf("%s: %q, %v", entry.Name, got, err)
		}
		delete(want, entry.Name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	again, err := opened.Package()
	if err != nil || !bytes.Equal(out, again) {
		t.Error("the same file gives two packages")
	}
	views, err := f.Views()
	if err != nil || len(views) != 1 || len(views[0].Files) != 1 {
		t.Fatalf("%+v, %v", views, err)
	}
	for i := range f.Manifest.Parts {
		m, part, err := ReadPart(bytes.NewReader(p.data), i)
		if last := i == len(f.parts)-1; last != (err != nil) || !last && (m.ID != f.Manifest.ID || !bytes.Equal(part, f.parts[i])) {
			t.Errorf("part %d: %v", i, err)
		}
	}
	changed := bytes.Clone(p.data)
	changed[len(changed)-len(f.parts[2])-1] ^= 1
	_, _, err = ReadPart(bytes.NewReader(changed), 1)
	refused(t, err, "damaged")
	for _, at := range views[0].Files {
		if data, kind, ok := f.Asset(at); !ok || kind != "image/png" || string(data) != "PNG de la carte" {
			t.Errorf("%q %s %v", data, kind, ok)
		}
	}
}

// Nothing private stands in the file: no key, no rule, no name that tells, no
// picture that only feedback shows, no content key in any form.
func TestNothingPrivateInClear(t *testing.T) {
	p := pack(t, draft())
	key := p.secret.key()
	for _, telling := range []string{
		"LABONNE", "AUTRE", "RESPONSE", "correct", "carte-secrete", "PNG du bravo", "bravo", "capitale.xml", "SCORE",
		string(key), hex.EncodeToString(key), base64.RawURLEncoding.EncodeToString(key), base64.StdEncoding.EncodeToString(key), string(p.key.Seed()),
	} {
		if bytes.Contains(p.data, []byte(telling)) {
			t.Errorf("the file holds %q", telling)
		}
	}
	if !bytes.Contains(p.data, []byte("Dijon")) || !bytes.Contains(p.data, []byte("PNG de la carte")) {
		t.Error("what a browser may be given is not in clear")
	}
	if text := fmt.Sprintf("%v %+v %#v %s", p.secret, p.secret, p.secret, p.secret); strings.Contains(text, hex.EncodeToString(key)[:8]) || strings.Contains(text, fmt.Sprint(key[0], key[1])) {
		t.Error("a secret shows when printed")
	}
}

// A bit changed anywhere, a byte less or one more: the file is refused.
func TestEveryByteIsHeld(t *testing.T) {
	data := pack(t, draft()).data
	for i := range data {
		changed := bytes.Clone(data)
		changed[i] ^= 1 << (i % 8)
		if _, err := Read(changed); fault.Of(err) == nil {
			t.Fatalf("byte %d of %d was changed: %v", i, len(data), err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		changed := bytes.Clone(data)
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0:
			for _, at := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(data)*8-1), 1, 6, rapid.ID).Draw(t, "bits") {
				changed[at/8] ^= 1 << (at % 8)
			}
		case 1:
			changed = changed[:rapid.IntRange(0, len(data)-1).Draw(t, "cut")]
		case 2:
			changed = append(changed, rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "more")...)
		case 3:
			at := rapid.IntRange(0, len(data)-1).Draw(t, "out")
			changed = append(changed[:at], changed[at+1:]...)
		}
		if bytes.Equal(changed, data) {
			return
		}
		if _, err := Read(changed); fault.Of(err) == nil {
			t.Fatalf("taken: %v", err)
		}
	})
}

// A file that another signed is refused, also when it names the first publisher.
func TestAnotherSigner(t *testing.T) {
	p := pack(t, draft())
	other, err := NewPublisher()
	if err != nil {
		t.Fatal(err)
	}
	size := int(binary.BigEndian.Uint32(p.data[10:]))
	manifest := p.data[headSize : headSize+size]
	forged := bytes.Clone(p.data)
	copy(forged[headSize+size:], ed25519.Sign(other, signedBytes(p.data[:headSize], manifest)))
	_, err = Read(forged)
	refused(t, err, "unsigned")
	if f := read(t, packWith(t, draft(), other).data); f.Manifest.Key == read(t, p.data).Manifest.Key {
		t.Error("two publishers have one key")
	}
}

func TestOpeningsThatAreRefused(t *testing.T) {
	first := draft()
	first.ID = strings.Repeat("ab", 16)
	p := pack(t, first)
	f := read(t, p.data)
	second := first
	second.Edition = 2
	other, again := pack(t, draft()), packWith(t, second, p.key)
	stranger, err := NewPublisher()
	if err != nil {
		t.Fatal(err)
	}
	same := packWith(t, first, p.key) // another content key, for the same edition
	for name, c := range map[string]struct{ opening, key string }{
		"of another campaign":         {other.secret.sign(other.key), "other_campaign"},
		"of another edition":          {again.secret.sign(p.key), "other_edition"},
		"signed by another":           {p.secret.sign(stranger), "opening_unsigned"},
		"with another content key":    {same.secret.sign(p.key), "opening_unsigned"},
		"the secret, not the opening": {p.secret.Write(), "no_opening"},
		"nothing":                     {"", "no_opening"},
		"a text without end":          {strings.Repeat("x", 1<<20), "no_opening"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.Open(c.opening)
			refused(t, err, c.key)
			if strings.Contains(fmt.Sprint(err, fault.Of(err).Args), hex.EncodeToString(p.secret.key())) {
				t.Error("the error tells the key")
			}
		})
	}
	good := p.secret.sign(p.key)
	if _, err := f.Open("# Ouverture\n  " + good[:70] + "\r\n\t" + good[70:] + "\n"); err != nil {
		t.Errorf("an opening that a mail has broken: %v", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		changed := []byte(good)
		changed[rapid.IntRange(0, len(good)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 6).Draw(t, "bit")
		if _, err := f.Open(string(changed)); err == nil && strings.Join(strings.Fields(string(changed)), "") != good {
			t.Fatalf("taken: %q", changed)
		}
	})
}

func TestTokensReadBack(t *testing.T) {
	p := pack(t, draft())
	key, err := ReadSecret("# clé\n" + WriteSecret(p.key))
	if err != nil || !key.Equal(p.key) {
		t.Error(err)
	}
	public, err := ReadPublisher(WritePublisher(p.key.Public().(ed25519.PublicKey)))
	if err != nil || !public.Equal(p.key.Public()) {
		t.Error(err)
	}
	secret, err := ReadContent(p.secret.Write())
	if err != nil || secret != p.secret {
		t.Error(err)
	}
	if _, err := p.secret.Open(p.key); err != nil {
		t.Error(err)
	}
	stranger, err := NewPublisher()
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.secret.Open(stranger)
	refused(t, err, "other_secret")
	_, err = ReadSecret(WritePublisher(public))
	refused(t, err, "no_secret")
	if got := Fingerprint(public); len(got) != 39 || got != Fingerprint(public) {
		t.Error(got)
	}
}

// What no school could accept is refused where it is made, and where it is read.
func TestDraftsThatAreRefused(t *testing.T) {
	key, err := NewPublisher()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Draft)
		key    string
	}{
		"no controller":          {func(d *Draft) { d.Controller = "" }, "wrong_field"},
		"no legal basis":         {func(d *Draft) { d.Basis = " " }, "wrong_field"},
		"no notice":              {func(d *Draft) { d.Notice = "" }, "wrong_field"},
		"no way to object":       {func(d *Draft) { d.Objection = "" }, "wrong_field"},
		"kept for ever":          {func(d *Draft) { d.KeptDays = 4000 }, "wrong_field"},
		"scores go up":           {func(d *Draft) { d.Upward = "scores" }, "goes_up"},
		"closes before it opens": {func(d *Draft) { d.ClosesAt = d.OpensAt }, "wrong_field"},
		"a title that turns":     {func(d *Draft) { d.Title = "x\u202Ey" }, "wrong_field"},
		"a stage left out":       {func(d *Draft) { d.Sequences = nil }, "wrong_field"},
		"a stage twice":          {func(d *Draft) { d.Sequences = append(d.Sequences, d.Sequences[0]) }, "wrong_field"},
		"an id that is none":     {func(d *Draft) { d.ID = "../../etc" }, "wrong_field"},
		"an edition that is 0":   {func(d *Draft) { d.Edition = 0 }, "wrong_field"},
	} {
		t.Run(name, func(t *testing.T) {
			d := draft()
			c.change(&d)
			_, _, err := Pack(d, zipped(t, content()), key, time.Now())
			refused(t, err, c.key)
		})
	}
	_, _, err = Pack(draft(), []byte("not a zip"), key, time.Now())
	refused(t, err, "package")
	_, err = ReadDraft([]byte(`{"title": "x", "retention": 3}`))
	refused(t, err, "draft")
}

// A publisher's own signature does not make a manifest that lies acceptable.
func TestSignedButWrong(t *testing.T) {
	p := pack(t, draft())
	f := read(t, p.data)
	for name, c := range map[string]struct {
		change func(m *Manifest)
		key    string
	}{
		"up":              {func(m *Manifest) { m.Upward = "answers" }, "goes_up"},
		"a huge part":     {func(m *Manifest) { m.Parts[0].Size = 1 << 40 }, "damaged"},
		"negative":        {func(m *Manifest) { m.Parts[0].Size = -1 }, "damaged"},
		"no private part": {func(m *Manifest) { m.Parts = m.Parts[:len(m.Parts)-1] }, "damaged"},
		"a script":        {func(m *Manifest) { m.Parts[1].Media = "text/html" }, "damaged"},
		"too many":        {func(m *Manifest) { m.Parts = make([]Part, maxParts+1) }, "damaged"},
		"one role":        {func(m *Manifest) { m.Parts[0].Role = Private }, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			m := f.Manifest
			m.Parts = append([]Part{}, m.Parts...)
			c.change(&m)
			_, err := Read(signed(t, m, p.key, f.parts))
			refused(t, err, c.key)
		})
	}
	newer := bytes.Clone(p.data)
	binary.BigEndian.PutUint16(newer[8:], 2)
	_, err := Read(newer)
	refused(t, err, "newer")
	_, err = Read([]byte("PK\x03\x04 a zip, and no campaign"))
	refused(t, err, "not_one")
	_, err = Read(make([]byte, MaxFile+1))
	refused(t, err, "too_large")
	_, err = ReadManifest(iotest{})
	if fault.Of(err) != nil || err == nil {
		t.Errorf("a disk that fails: %v", err)
	}
}

type iotest struct{}

func (iotest) Read([]byte) (int, error) { return 0, errors.New("disk") }

// signed signs any manifest.
func signed(t testing.TB, m Manifest, key ed25519.PrivateKey, parts [][]byte) []byte {
	t.Helper()
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	head := append([]byte(magic), 0, formatNumber, 0, 0, 0, 0)
	binary.BigEndian.PutUint32(head[10:], uint32(len(raw)))
	return bytes.Join(append([][]byte{head, raw, ed25519.Sign(key, signedBytes(head, raw))}, parts...), nil)
}

// A question in clear is shown before its publisher is accepted.
func TestQuestionsThatAreRefused(t *testing.T) {
	f := read(t, pack(t, draft()).data)
	deep := strings.Repeat(`{"tag":"p","children":[`, 400) + strings.Repeat(`]}`, 400)
	for name, raw := range map[string]string{
		"nothing":          `{}`,
		"another member":   `{"public":{"body":[]},"html":"x"}`,
		"a hole":           `{"public":{"body":[null]}}`,
		"without end":      `{"public":{"body":[` + deep + `]}}`,
		"too much":         `{"public":{"body":[{}` + strings.Repeat(`,{}`, maxNodes) + `]}}`,
		"a part not there": `{"public":{"body":[]},"files":{"a1":99}}`,
		"the private part": `{"public":{"body":[]},"files":{"a1":2}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.Manifest.ReadView([]byte(raw))
			refused(t, err, "damaged")
		})
	}
}

// The encrypted part is read with the same mistrust: paths, sizes, repetitions.
func TestPrivatePartsThatAreRefused(t *testing.T) {
	p := pack(t, draft())
	f := read(t, p.data)
	at := 1
	many := make([]entry, 0, maxParts)
	for i := range maxParts {
		many = append(many, entry{Path: fmt.Sprintf("x%d.png", i), Part: &at})
	}
	for name, c := range map[string]struct {
		index any
		body  string
		key   string
	}{
		"out of the folder":     {[]entry{{Path: "../x.xml", Size: 1}}, "x", "damaged"},
		"from the root":         {[]entry{{Path: "/x.xml", Size: 1}}, "x", "damaged"},
		"of another system":     {[]entry{{Path: `a\x.xml`, Size: 1}}, "x", "damaged"},
		"a drive":               {[]entry{{Path: "c:x.xml", Size: 1}}, "x", "damaged"},
		"twice, but for a case": {[]entry{{Path: "x.xml", Size: 1}, {Path: "X.xml", Size: 1}}, "xx", "damaged"},
		"longer than it is":     {[]entry{{Path: "x.xml", Size: 9}}, "x", "damaged"},
		"negative":              {[]entry{{Path: "x.xml", Size: -1}}, "x", "damaged"},
		"something left":        {[]entry{{Path: "x.xml", Size: 1}}, "xy", "damaged"},
		"a part that is none":   {[]entry{{Path: "x.xml", Part: new(int)}}, "", "damaged"},
		"no list":               {map[string]int{"a": 1}, "", "damaged"},
		"one asset many times":  {many, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := json.Marshal(c.index)
			if err != nil {
				t.Fatal(err)
			}
			plain := bytes.Join([][]byte{binary.BigEndian.AppendUint32(nil, uint32(len(raw))), raw, []byte(c.body)}, nil)
			box, err := aead(p.secret.key())
			if err != nil {
				t.Fatal(err)
			}
			again := *f
			again.parts = append([][]byte{}, f.parts...)
			again.parts[len(again.parts)-1] = box.Seal(nil, nil, plain, sealed(f.Manifest.ID, f.Manifest.Edition))
			opened, err := again.Open(p.secret.sign(p.key))
			if err != nil {
				t.Fatal(err)
			}
			out, err := opened.Package()
			if c.key == "" {
				if err != nil || len(out) > 4<<20 {
					t.Errorf("%d bytes, %v", len(out), err)
				}
				return
			}
			refused(t, err, c.key)
		})
	}
}

// Whatever the bytes, reading ends without a panic and with a refusal that people
// can read, or gives a file whose parts add up.
func FuzzRead(f *testing.F) {
	p := pack(f, draft())
	f.Add(p.data, p.secret.sign(p.key))
	f.Add(p.data[:200], "")
	f.Add([]byte(magic), openingWord)
	f.Add(append([]byte(magic), 0, 1, 0xff, 0xff, 0xff, 0xff), "preau-opening-1.AAAA")
	f.Fuzz(func(t *testing.T, data []byte, opening string) {
		file, err := Read(data)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatal(err)
			}
			return
		}
		if _, err := file.Views(); err != nil && fault.Of(err) == nil {
			t.Fatal(err)
		}
		opened, err := file.Open(opening)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatal(err)
			}
			return
		}
		if _, err := opened.Package(); err != nil && fault.Of(err) == nil {
			t.Fatal(err)
		}
	})
}

// FuzzManifest reads what a publisher may have signed.
func FuzzManifest(f *testing.F) {
	p := pack(f, draft())
	size := int(binary.BigEndian.Uint32(p.data[10:]))
	f.Add(p.data[headSize : headSize+size])
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m Manifest
		if strict(raw, &m) != nil || m.check() != nil || m.checkParts() != nil {
			return
		}
		total := 0
		for _, part := range m.Parts {
			total += part.Size
		}
		if total > MaxFile || m.Upward != Nothing || m.Questions() > maxQuestions {
			t.Fatalf("%s", raw)
		}
	})
}
