package bring

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Format is what an export turned out to be.
type Format string

// The formats.
const (
	WordPress Format = "wordpress"
	Atom      Format = "atom"
	RSS       Format = "rss"
	SPIP      Format = "spip"
)

// Limits of one export. What is beyond them is not read, and the report says so.
const (
	MaxPieces   = 5000
	MaxComments = 50_000
	MaxFile     = 256 << 20 // bytes of an export, unpacked
	MaxSQLite   = 256 << 20
	MaxZip      = 1 << 30 // bytes of a zip, packed
	maxHTML     = 1 << 20 // bytes of one text
	maxNotes    = 40      // different ones, of a piece
	maxWhat     = 80      // runes
)

// Site is what an export holds.
type Site struct {
	Format  Format
	Name    string
	URL     string
	Pieces  []Piece
	Left    []Note // what was not read at all
	Pending int    // comments that nobody had let through

	comments int
}

// Piece is an article of the old site.
type Piece struct {
	Origin     string // what the old site knows it by; the same at each export
	Kind       string // "article" or "brief"
	Title      string
	Kicker     string
	Standfirst string
	Body       Body
	Lead       *Picture
	Documents  []Picture
	At         int64 // UTC ms, 0 when unknown
	Public     bool  // it was published there, for everybody
	Authors    []string
	Themes     []string
	Tags       []string
	Sources    []Link
	Cited      *Link
	Paths      []string // addresses under which it was found, without the host
	Comments   []Comment
	Notes      Notes
}

// Link is an address with its words.
type Link struct{ Title, URL string }

// Comment is a reader's words.
type Comment struct {
	Name, Text, Link string
	At               int64
	Shown            bool // it showed on the old site
}

// Note says what was lost or refused, how often, and the first of them.
type Note struct {
	Key   string `json:"key"`
	Count int    `json:"count"`
	What  string `json:"what,omitempty"`
}

// Notes are those of a piece.
type Notes []Note

// Add counts one more.
func (n *Notes) Add(key, what string) { n.AddMany(key, what, 1) }

// AddMany counts some more.
func (n *Notes) AddMany(key, what string, count int) {
	for i := range *n {
		if (*n)[i].Key == key {
			(*n)[i].Count += count
			return
		}
	}
	if len(*n) < maxNotes {
		*n = append(*n, Note{key, count, clip(what, maxWhat)})
	}
}

// Has says whether there is one of a kind.
func (n Notes) Has(key string) bool {
	for _, one := range n {
		if one.Key == key {
			return true
		}
	}
	return false
}

// clip makes a line of at most so many runes of whatever comes.
func clip(s string, most int) string {
	if len(s) > 8*most+64 {
		s = s[:8*most+64]
	}
	s = oneLine(s)
	if utf8.RuneCountInString(s) > most {
		s = strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
	}
	return s
}

// oneLine is a text on one line, without controls and marks that turn it.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == '\ufeff':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " "))
}

// words is a text of several lines without markup, as readers wrote it.
func words(src string) string {
	var ignored Notes
	return paragraphsOf(fromHTML(src, source{breaks: true}, &ignored).blocks)
}

// paragraphsOf is what some blocks say, an empty line between two.
func paragraphsOf(blocks []*node) string {
	var out []string
	for _, b := range blocks {
		var one strings.Builder
		var walk func(n *node)
		walk = func(n *node) {
			one.WriteString(n.text)
			if n.kind == "hardBreak" {
				one.WriteByte('\n')
			}
			for _, k := range n.inside {
				walk(k)
			}
			if n.kind == "paragraph" {
				one.WriteByte('\n')
			}
		}
		walk(b)
		if s := strings.TrimSpace(one.String()); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n\n")
}

// In reads the hours of SPIP, which are those of its place, in a time zone.
func (s *Site) In(zone *time.Location) {
	if s.Format != SPIP {
		return
	}
	local := func(ms int64) int64 {
		if ms == 0 {
			return 0
		}
		t := time.UnixMilli(ms).UTC()
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone).UnixMilli()
	}
	for i := range s.Pieces {
		p := &s.Pieces[i]
		p.At = local(p.At)
		for j := range p.Comments {
			p.Comments[j].At = local(p.Comments[j].At)
		}
	}
}

// line is a text on one line without markup.
func line(src string, most int) string {
	if strings.ContainsAny(src, "<&") {
		src = words(src)
	}
	return clip(src, most)
}
