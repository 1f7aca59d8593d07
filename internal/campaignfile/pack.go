package campaignfile

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/qti"
)

// Draft is what a publisher declares: a manifest before it has its test.
type Draft struct {
	ID          string     `json:"id"` // empty for a first edition
	Edition     int        `json:"edition"`
	Publisher   string     `json:"publisher"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	OpensAt     time.Time  `json:"opensAt"`
	ClosesAt    time.Time  `json:"closesAt"`
	Calculator  bool       `json:"calculator"`
	Aloud       *Aloud     `json:"aloud"`
	Sequences   []Sequence `json:"sequences"`
	Controller  string     `json:"controller"`
	Basis       string     `json:"basis"`
	Notice      string     `json:"notice"`
	KeptDays    int        `json:"keptDays"`
	Objection   string     `json:"objection"`
	Upward      string     `json:"upward"`
}

// ReadDraft reads a declaration. A member that it does not know is an error: a
// promise that is misspelt would not be made.
func ReadDraft(raw []byte) (d Draft, err error) {
	if len(raw) > maxManifest {
		return d, tooLarge()
	}
	if err := strict(raw, &d); err != nil {
		return d, fault.New(fault.Invalid, "campaignfile.draft", "problem", err.Error())
	}
	if d.Upward == "" {
		d.Upward = Nothing
	}
	if d.Edition == 0 {
		d.Edition = 1
	}
	if d.ID == "" && d.Edition > 1 {
		return d, wrong("id")
	}
	return d, nil
}

// entry is a file of the package: its path, and its length in the private part or
// the public part that holds it.
type entry struct {
	Path string `json:"path"`
	Size int    `json:"size,omitempty"`
	Part *int   `json:"part,omitempty"`
}

// View is a question in clear.
type View struct {
	Public *qti.Public    `json:"public"`
	Files  map[string]int `json:"files,omitempty"` // by the names of Public: the number of the part
}

// Pack makes a file of a test, which is a content package of QTI, and the secret
// by which it will be opened. The package must have been found fit to be given.
func Pack(d Draft, data []byte, key ed25519.PrivateKey, now time.Time) ([]byte, Secret, error) {
	if d.ID == "" {
		id := make([]byte, 16)
		if _, err := rand.Read(id); err != nil {
			return nil, Secret{}, err
		}
		d.ID = hex.EncodeToString(id)
	}
	secret, err := newSecret(d.ID, d.Edition, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, secret, err
	}
	m := Manifest{
		ID: d.ID, Edition: d.Edition, MadeAt: now.UnixMilli(), Publisher: d.Publisher, Title: d.Title, Description: d.Description,
		OpensAt: d.OpensAt.UnixMilli(), ClosesAt: d.ClosesAt.UnixMilli(), Calculator: d.Calculator, Aloud: d.Aloud, Sequences: d.Sequences,
		Controller: d.Controller, Basis: d.Basis, Notice: d.Notice, KeptDays: d.KeptDays, Objection: d.Objection, Upward: d.Upward, Content: secret.digest(),
	}
	read := qti.ReadPackage("package.zip", bytes.NewReader(data), int64(len(data)))
	if read.Findings.Failed() || read.FS == nil || len(read.Tests) != 1 || read.Tests[0].Findings.Failed() {
		return nil, secret, fault.New(fault.Invalid, "campaignfile.package")
	}
	p := packing{m: &m, pkg: read, shown: map[string]int{}}
	if err := p.questions(read.Tests[0]); err != nil {
		return nil, secret, err
	}
	plain, err := p.private()
	if err != nil {
		return nil, secret, err
	}
	box, err := aead(secret.key())
	if err != nil {
		return nil, secret, err
	}
	p.add(Part{Role: Private}, box.Seal(nil, nil, plain, sealed(m.ID, m.Edition)))
	out, err := write(m, p.parts, key)
	if err != nil {
		return nil, secret, err
	}
	// What no school could read is refused here.
	f, err := Read(out)
	if err == nil {
		_, err = f.Views()
	}
	return out, secret, err
}

// packing is a file being made.
type packing struct {
	m     *Manifest
	pkg   *qti.Package
	parts [][]byte
	shown map[string]int // path of an asset in clear → its part
}

func (p *packing) add(part Part, data []byte) int {
	p.m.Parts, p.parts = append(p.m.Parts, part), append(p.parts, data)
	return len(p.parts) - 1
}

// questions writes what a browser may be given of each question, before any
// answer, in an order of choices that nobody can undo: the seed is forgotten.
func (p *packing) questions(test *qti.Test) error {
	seed := make([]byte, 8)
	if _, err := rand.Read(seed); err != nil {
		return err
	}
	session, err := test.NewSession(binary.BigEndian.Uint64(seed))
	if err != nil {
		return fault.New(fault.Invalid, "campaignfile.package").Because(err)
	}
	type question struct {
		public *qti.Public
		files  map[string]string
	}
	var all []question
	for _, part := range test.Parts {
		stage := Stage{ID: part.Identifier, Routed: part.Conditional()}
		if len(part.Sections) > 0 {
			stage.Title = clip(part.Sections[0].Title, maxTitle)
		}
		for _, o := range session.Plan {
			if o.Part != part {
				continue
			}
			if err := session.Begin(o); err != nil {
				return fault.New(fault.Invalid, "campaignfile.package").Because(err)
			}
			public, names := o.Session.View()
			q := question{public, map[string]string{}}
			for name, file := range names.Assets {
				q.files[name] = path.Join(path.Dir(o.Ref.Item.File), file)
			}
			all = append(all, q)
			stage.Questions++
		}
		p.m.Stages = append(p.m.Stages, stage)
	}
	// Assets are numbered after the questions.
	var names []string
	for _, q := range all {
		for _, name := range q.files {
			if mediaOf(name) != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	for i, name := range names {
		p.shown[name] = len(all) + i
	}
	for _, q := range all {
		view := View{Public: q.public}
		for public, name := range q.files {
			if at, ok := p.shown[name]; ok {
				if view.Files == nil {
					view.Files = map[string]int{}
				}
				view.Files[public] = at
			}
		}
		raw, err := json.Marshal(view)
		if err != nil {
			return err
		}
		p.add(Part{Role: Question}, raw)
	}
	for _, name := range names {
		data, err := fs.ReadFile(p.pkg.FS, name)
		if err != nil {
			return fault.New(fault.Invalid, "campaignfile.package").Because(err)
		}
		p.add(Part{Role: Asset, Media: mediaOf(name)}, data)
	}
	return nil
}

// private is every file of the package, but for what stands in clear already.
func (p *packing) private() ([]byte, error) {
	var (
		index []entry
		body  bytes.Buffer
	)
	err := fs.WalkDir(p.pkg.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if at, ok := p.shown[name]; ok {
			index = append(index, entry{Path: name, Part: &at})
			return nil
		}
		data, err := fs.ReadFile(p.pkg.FS, name)
		if err != nil {
			return err
		}
		if body.Len()+len(data) > MaxFile {
			return tooLarge()
		}
		index = append(index, entry{Path: name, Size: len(data)})
		body.Write(data)
		return nil
	})
	if f := fault.Of(err); f != nil {
		return nil, f
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "campaignfile.package").Because(err)
	}
	raw, err := json.Marshal(index)
	if err != nil {
		return nil, err
	}
	return bytes.Join([][]byte{binary.BigEndian.AppendUint32(nil, uint32(len(raw))), raw, body.Bytes()}, nil), nil
}

// media are the kinds of file that may stand in clear, by the end of the name.
var media = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml",
	".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4", ".wav": "audio/wav", ".mp4": "video/mp4", ".webm": "video/webm",
}

func mediaOf(name string) string { return media[strings.ToLower(path.Ext(name))] }

func shown(kind string) bool {
	for _, known := range media {
		if known == kind {
			return true
		}
	}
	return false
}

func clip(s string, most int) string {
	runes := []rune(strings.TrimSpace(s))
	return strings.TrimSpace(string(runes[:min(len(runes), most)]))
}
