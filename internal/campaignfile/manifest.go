package campaignfile

import (
	"crypto/ed25519"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"preau/internal/fault"
)

// Limits of a campaign. internal/assessment accepts all that stays within them.
const (
	maxTitle     = 120 // characters
	maxName      = 240
	maxLine      = 480
	maxText      = 4000
	maxAloud     = 6000
	maxSequences = 12
	maxStages    = 24  // of a sequence
	maxTestParts = 288 // all stages
	maxMinutes   = 240
	maxQuestions = 2000
	maxEdition   = 1_000_000
	minKept      = 30 // days
	maxKept      = 365
	longest      = 400 * 24 * time.Hour
)

// Manifest is what a file says of its campaign: everything that a school reads
// before it accepts. Times are UTC milliseconds.
type Manifest struct {
	ID          string     `json:"id"` // 128 bits, hexadecimal: the same in all its editions
	Edition     int        `json:"edition"`
	MadeAt      int64      `json:"madeAt"`
	Publisher   string     `json:"publisher"`
	Key         string     `json:"key"` // the publisher's, as WritePublisher has it
	Title       string     `json:"title"`
	Description string     `json:"description,omitempty"`
	OpensAt     int64      `json:"opensAt"`
	ClosesAt    int64      `json:"closesAt"`
	Calculator  bool       `json:"calculator,omitempty"`
	Aloud       *Aloud     `json:"aloud,omitempty"`
	Sequences   []Sequence `json:"sequences"`
	Stages      []Stage    `json:"stages"` // the routing: all parts of the test, in order
	Controller  string     `json:"controller"`
	Basis       string     `json:"basis"`
	Notice      string     `json:"notice"`
	KeptDays    int        `json:"keptDays"` // after closing
	Objection   string     `json:"objection"`
	Upward      string     `json:"upward"`  // what goes up: "nothing" is all that format 1 knows
	Content     string     `json:"content"` // digest of the content key, hexadecimal
	Parts       []Part     `json:"parts"`
}

// Aloud is a text that pupils read aloud.
type Aloud struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Sequence is what is taken in one go: stages, by identifier.
type Sequence struct {
	Title   string   `json:"title"`
	Stages  []string `json:"stages"`
	Minutes int      `json:"minutes"`
}

// Stage is a part of the test. The rule that sends pupils to a routed one is
// among what is encrypted.
type Stage struct {
	ID        string `json:"id"`
	Title     string `json:"title,omitempty"`
	Questions int    `json:"questions"`
	Routed    bool   `json:"routed,omitempty"`
}

// Part is a run of bytes after the manifest, in the order listed.
type Part struct {
	Role   string `json:"role"`
	Media  string `json:"media,omitempty"` // media type of an asset
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// Roles of parts.
const (
	Question = "question" // JSON: what a browser may be given of a question
	Asset    = "asset"    // a picture, a sound or a film that such a question shows
	Private  = "private"  // encrypted, the last
)

// Nothing is what goes up.
const Nothing = "nothing"

// Questions says how many questions the campaign has.
func (m *Manifest) Questions() (count int) {
	for _, s := range m.Stages {
		count += s.Questions
	}
	return count
}

// PublisherKey is the key that signed.
func (m *Manifest) PublisherKey() (ed25519.PublicKey, error) { return ReadPublisher(m.Key) }

func wrong(what string) *fault.Error {
	return fault.New(fault.Invalid, "campaignfile.wrong_field", "name", what).At(what)
}

// check refuses a manifest that no school could accept. It changes nothing.
func (m *Manifest) check() error {
	if id, err := hex.DecodeString(m.ID); err != nil || len(id) != 16 || strings.ToLower(m.ID) != m.ID {
		return wrong("id")
	}
	if m.Edition < 1 || m.Edition > maxEdition {
		return wrong("edition")
	}
	if _, err := m.PublisherKey(); err != nil {
		return wrong("key")
	}
	if m.Upward != Nothing {
		return fault.New(fault.Invalid, "campaignfile.goes_up").At("upward")
	}
	for _, f := range []struct {
		name, text string
		most       int
		lines      bool
	}{
		{"publisher", m.Publisher, maxTitle, false}, {"title", m.Title, maxTitle, false}, {"controller", m.Controller, maxName, false}, {"basis", m.Basis, maxLine, false},
		{"notice", m.Notice, maxText, true}, {"objection", m.Objection, maxLine, true},
	} {
		if !fits(f.text, f.most, f.lines) {
			return wrong(f.name)
		}
	}
	if m.Description != "" && !fits(m.Description, maxText, true) {
		return wrong("description")
	}
	if m.Aloud != nil && (!fits(m.Aloud.Title, maxTitle, false) || !fits(m.Aloud.Text, maxAloud, true)) {
		return wrong("aloud")
	}
	if m.KeptDays < minKept || m.KeptDays > maxKept {
		return wrong("keptDays")
	}
	if m.OpensAt <= 0 || m.ClosesAt <= m.OpensAt || m.ClosesAt-m.OpensAt > longest.Milliseconds() {
		return wrong("closesAt")
	}
	return m.checkStages()
}

// checkStages: sequences hold every stage once, in the test's order.
func (m *Manifest) checkStages() error {
	if len(m.Stages) == 0 || len(m.Stages) > maxTestParts || m.Questions() > maxQuestions {
		return wrong("stages")
	}
	for _, s := range m.Stages {
		if !fits(s.ID, maxName, false) || s.Title != "" && !fits(s.Title, maxTitle, false) || s.Questions < 0 || s.Questions > maxQuestions {
			return wrong("stages")
		}
	}
	if len(m.Sequences) == 0 || len(m.Sequences) > maxSequences {
		return wrong("sequences")
	}
	next := 0
	for _, q := range m.Sequences {
		if !fits(q.Title, maxTitle, false) || q.Minutes < 1 || q.Minutes > maxMinutes || len(q.Stages) == 0 || len(q.Stages) > maxStages {
			return wrong("sequences")
		}
		for _, id := range q.Stages {
			if next == len(m.Stages) || m.Stages[next].ID != id {
				return wrong("sequences")
			}
			next++
		}
	}
	if next != len(m.Stages) {
		return wrong("sequences")
	}
	return nil
}

// fits says whether a text is one that people can read: neither empty nor too
// long, no blank around it, nothing that hides or turns the writing.
func fits(s string, most int, lines bool) bool {
	if s == "" || !utf8.ValidString(s) || utf8.RuneCountInString(s) > most || strings.TrimSpace(s) != s {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && !(lines && r == '\n') || unicode.In(r, unicode.Bidi_Control, unicode.Co, unicode.Cs)
	})
}
