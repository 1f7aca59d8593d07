package text

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/formula"
	"preau/internal/journal/captions"
)

// Limits of a text.
const (
	MaxBytes = 512 << 10 // of its JSON
	maxDepth = 12
	maxNodes = 8000
	maxRunes = 120_000
	maxLinks = 400
	// maxFormulas bounds what is turned into MathML each time a page is asked for.
	maxFormulas = 200
	maxWords    = 30_000 // runes of what is said in a recording
	maxLine     = 600    // runes of an attribute
)

// Doc is a text that Parse has let through.
type Doc struct {
	blocks []node
	files  []string
}

type node struct {
	kind    string
	level   int
	start   int
	text    string
	bold    bool
	italic  bool
	href    string
	file    string
	alt     string
	credit  string
	caption string
	formula formula.Formula
	words   string // of a recording: all that is said in it
	timed   string // of a film: its captions, as WebVTT
	inside  []node
}

// raw is a node as the editor writes it.
type raw struct {
	Type    string          `json:"type"`
	Attrs   json.RawMessage `json:"attrs"`
	Content []raw           `json:"content"`
	Marks   []rawMark       `json:"marks"`
	Text    *string         `json:"text"`
}

type rawMark struct {
	Type  string          `json:"type"`
	Attrs json.RawMessage `json:"attrs"`
}

type attrs struct {
	Level   int     `json:"level"`
	Start   *int    `json:"start"`
	File    string  `json:"file"`
	Alt     string  `json:"alt"`
	Credit  *string `json:"credit"`
	Caption *string `json:"caption"`
	Href    string  `json:"href"`
	Target  *string `json:"target"`
	Rel     *string `json:"rel"`
	Class   *string `json:"class"`
	Title   *string `json:"title"`
	Type    *string `json:"type"`
	Source  string  `json:"source"`
	Name    string  `json:"name"`
	Kind    string  `json:"kind"`
	Words   string  `json:"words"`
	// Captions are WebVTT or SubRip, as their author's file has them.
	Captions string `json:"captions"`
}

// blocks and inlines say what may stand where.
var (
	blocks  = words("paragraph heading bulletList orderedList blockquote image recording horizontalRule")
	inlines = words("text hardBreak formula")
	allowed = map[string]map[string]bool{
		"doc": blocks, "paragraph": inlines, "heading": inlines, "bulletList": words("listItem"), "orderedList": words("listItem"),
		"listItem": words("paragraph bulletList orderedList"), "blockquote": words("paragraph bulletList orderedList"), "image": {}, "recording": {}, "horizontalRule": {}, "hardBreak": {}, "text": {}, "formula": {},
	}
)

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// reader counts what it meets.
type reader struct {
	nodes, runes, links, formulas int
	files                         []string
}

func refused(key string, arguments ...any) error {
	return fault.New(fault.Invalid, key, arguments...).At("body")
}

// Parse reads the editor's JSON.
func Parse(data []byte) (Doc, error) {
	if len(data) > MaxBytes {
		return Doc{}, refused("journal.body_large")
	}
	if deep(data) {
		return Doc{}, refused("journal.body_form")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var top raw
	if err := d.Decode(&top); err != nil || top.Type != "doc" || d.More() {
		return Doc{}, refused("journal.body_form")
	}
	var r reader
	inside, err := r.children(top, 0)
	return Doc{inside, r.files}, err
}

// deep looks at brackets before the decoder recurses into them.
func deep(data []byte) bool {
	depth, quoted, escaped := 0, false, false
	for _, b := range data {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			if depth++; depth > 4*maxDepth {
				return true
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return false
}

func (r *reader) children(of raw, depth int) ([]node, error) {
	if depth > maxDepth {
		return nil, refused("journal.body_form")
	}
	may, known := allowed[of.Type]
	if !known {
		return nil, refused("journal.body_form")
	}
	var out []node
	for _, child := range of.Content {
		if !may[child.Type] {
			return nil, refused("journal.body_node", "name", clean(child.Type))
		}
		if r.nodes++; r.nodes > maxNodes {
			return nil, refused("journal.body_large")
		}
		n, err := r.node(child, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func (r *reader) node(from raw, depth int) (node, error) {
	n := node{kind: from.Type}
	var a attrs
	if len(from.Attrs) > 0 {
		d := json.NewDecoder(bytes.NewReader(from.Attrs))
		d.DisallowUnknownFields()
		if err := d.Decode(&a); err != nil {
			return n, refused("journal.body_form")
		}
	}
	switch from.Type {
	case "text":
		return r.words(from)
	case "heading":
		if n.level = a.Level; n.level < 2 || n.level > 4 {
			return n, refused("journal.body_heading")
		}
	case "orderedList":
		if n.start = 1; a.Start != nil && *a.Start >= 0 && *a.Start < 100_000 {
			n.start = *a.Start
		}
	case "image":
		return r.picture(n, a)
	case "recording":
		return r.recording(n, a)
	case "formula":
		var err error
		if n.formula, err = formula.Parse(a.Source); err != nil {
			return n, err
		}
		if r.formulas++; r.formulas > maxFormulas {
			return n, refused("journal.body_large")
		}
	}
	if from.Text != nil || len(from.Marks) > 0 {
		return n, refused("journal.body_form")
	}
	var err error
	n.inside, err = r.children(from, depth)
	return n, err
}

var fileID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

func (r *reader) picture(n node, a attrs) (node, error) {
	if !fileID.MatchString(a.File) {
		return n, refused("journal.body_picture")
	}
	n.file, n.alt = a.File, clean(a.Alt)
	if a.Credit != nil {
		n.credit = clean(*a.Credit)
	}
	if a.Caption != nil {
		n.caption = clean(*a.Caption)
	}
	if strings.TrimSpace(n.alt) == "" {
		return n, refused("journal.alt_needed")
	}
	for _, t := range []string{n.alt, n.credit, n.caption} {
		if utf8.RuneCountInString(t) > maxLine {
			return n, refused("journal.text_long", "count", maxLine)
		}
	}
	r.files = append(r.files, n.file)
	return n, nil
}

// recording is a sound or a film. It has a name, and its words for those who
// cannot hear it, see it, or play it.
func (r *reader) recording(n node, a attrs) (node, error) {
	if !fileID.MatchString(a.File) || a.Kind != "sound" && a.Kind != "film" {
		return n, refused("journal.body_picture")
	}
	n.file, n.text, n.caption = a.File, a.Kind, strings.TrimSpace(clean(a.Name))
	if a.Credit != nil {
		n.credit = clean(*a.Credit)
	}
	// Lines stay: who speaks begins one.
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(a.Words, "\r\n", "\n"), "\n") {
		lines = append(lines, strings.TrimSpace(clean(line)))
	}
	n.words = strings.TrimSpace(strings.Join(lines, "\n"))
	if n.caption == "" || n.words == "" {
		return n, refused("journal.words_needed")
	}
	if utf8.RuneCountInString(n.caption) > maxLine || utf8.RuneCountInString(n.credit) > maxLine {
		return n, refused("journal.text_long", "count", maxLine)
	}
	if a.Captions != "" {
		cues, err := captions.Parse(a.Captions)
		if err != nil {
			return n, err
		}
		n.timed = captions.WebVTT(cues)
	}
	if runes := utf8.RuneCountInString(n.words); runes > maxWords {
		return n, refused("journal.text_long", "count", maxWords)
	} else if r.runes += runes; r.runes > maxRunes {
		return n, refused("journal.body_large")
	}
	r.files = append(r.files, n.file)
	return n, nil
}

func (r *reader) words(from raw) (node, error) {
	n := node{kind: "text"}
	if from.Text == nil || len(from.Content) > 0 || len(from.Marks) > 3 {
		return n, refused("journal.body_form")
	}
	n.text = clean(*from.Text)
	if r.runes += utf8.RuneCountInString(n.text); r.runes > maxRunes {
		return n, refused("journal.body_large")
	}
	for _, m := range from.Marks {
		switch m.Type {
		case "bold":
			n.bold = true
		case "italic":
			n.italic = true
		case "link":
			var a attrs
			if err := json.Unmarshal(m.Attrs, &a); err != nil {
				return n, refused("journal.body_form")
			}
			href, ok := Address(a.Href)
			if !ok {
				return n, refused("journal.body_link")
			}
			if r.links++; r.links > maxLinks {
				return n, refused("journal.body_large")
			}
			n.href = href
		default:
			return n, refused("journal.body_node", "name", clean(m.Type))
		}
	}
	return n, nil
}

// Address lets a link through that leads to a page or a mailbox.
func Address(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 2000 || strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return "", false
	}
	u, err := url.Parse(s)
	if err != nil || u.User != nil {
		return "", false
	}
	switch u.Scheme {
	case "http", "https":
		return u.String(), u.Host != ""
	case "mailto":
		return u.String(), strings.Contains(u.Opaque, "@")
	}
	return "", false
}

// clean takes out what is no text: controls and marks that turn its direction.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case r < 0x20 || r == 0x7f || r == utf8.RuneError || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}

// Files are the ids of the files that the text shows.
func (d Doc) Files() []string { return d.files }

// Alt is what is said of the picture of a file.
func (d Doc) Alt(file string) string {
	for _, n := range d.blocks {
		if n.kind == "image" && n.file == file {
			return n.alt
		}
	}
	return ""
}

// Alts are the words of its pictures.
func (d Doc) Alts() []string {
	var out []string
	for _, n := range d.blocks {
		if n.kind == "image" {
			out = append(out, n.alt)
		}
	}
	return out
}

// FromPlain makes a text of plain lines: a blank one ends a paragraph.
func FromPlain(s string) []byte {
	type leaf struct {
		Type    string `json:"type"`
		Text    string `json:"text,omitempty"`
		Content []leaf `json:"content,omitempty"`
	}
	top := leaf{Type: "doc", Content: []leaf{}}
	for _, block := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		p := leaf{Type: "paragraph"}
		for _, l := range strings.Split(strings.Trim(block, "\n"), "\n") {
			if l = strings.TrimSpace(l); l == "" {
				continue
			}
			if len(p.Content) > 0 {
				p.Content = append(p.Content, leaf{Type: "hardBreak"})
			}
			p.Content = append(p.Content, leaf{Type: "text", Text: l})
		}
		if len(p.Content) > 0 {
			top.Content = append(top.Content, p)
		}
	}
	out, _ := json.Marshal(top) // strings and slices alone: it cannot fail
	return out
}
