package bring

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"preau/internal/fault"
)

const (
	maxDepth    = 100
	maxElements = 50_000   // of one item
	maxItem     = 24 << 20 // bytes of one item
	maxAttrs    = 60
	maxSeen     = 2_000_000 // items of any kind: each row of each table
)

// elem is an element, or a text when it has no name.
type elem struct {
	space, name string
	attrs       []xml.Attr
	text        string
	kids        []*elem
}

// words are all the texts inside.
func (e *elem) words() string {
	if e == nil {
		return ""
	}
	if len(e.kids) == 0 {
		return e.text
	}
	var out strings.Builder
	e.write(&out)
	return out.String()
}

func (e *elem) write(out *strings.Builder) {
	out.WriteString(e.text)
	for _, k := range e.kids {
		k.write(out)
	}
}

func (e *elem) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// child is the first element of a name, in a space that begins so.
func (e *elem) child(space, name string) *elem {
	for _, k := range e.kids {
		if k.name == name && strings.HasPrefix(k.space, space) {
			return k
		}
	}
	return nil
}

// get is the text of a child.
func (e *elem) get(space, name string) string { return strings.TrimSpace(e.child(space, name).words()) }

func refused(key string, arguments ...any) error {
	return fault.New(fault.Invalid, key, arguments...).At("file")
}

var declared = regexp.MustCompile(`^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// plainXML gives a document in UTF-8 without what XML forbids and old sites hold.
func plainXML(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // it was peeked
		head = head[3:]
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, refused("movers.encoding", "name", "UTF-16")
	}
	name := "utf-8"
	if m := declared.FindSubmatch(bytes.TrimLeft(head, " \t\r\n")); m != nil {
		name = strings.ToLower(string(m[1]))
	}
	var out io.Reader
	switch name {
	case "utf-8", "utf8", "us-ascii":
		out = transform.NewReader(in, runes.ReplaceIllFormed())
	case "iso-8859-1", "windows-1252", "latin1":
		out = charmap.Windows1252.NewDecoder().Reader(in)
	case "iso-8859-15":
		out = charmap.ISO8859_15.NewDecoder().Reader(in)
	default:
		return nil, refused("movers.encoding", "name", clip(name, 30))
	}
	return transform.NewReader(out, runes.Remove(runes.Predicate(func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0xfffe && r <= 0xffff
	}))), nil
}

// rationed ends a document whose item is too long before it fills the memory.
type rationed struct {
	r     io.Reader
	item  int64
	whole int64
}

var (
	errItem  = errors.New("bring: an item is too large")
	errWhole = errors.New("bring: the document is too large")
)

func (r *rationed) Read(b []byte) (int, error) {
	if r.item <= 0 {
		return 0, errItem
	}
	if r.whole <= 0 {
		return 0, errWhole
	}
	n, err := r.r.Read(b)
	r.item -= int64(n)
	r.whole -= int64(n)
	return n, err
}

// document reads an XML document, an item at a time.
type document struct {
	d      *xml.Decoder
	ration *rationed
	root   xml.StartElement
	level  int // depth of the items: 1, or 2 inside a channel
	depth  int
	seen   int
	nodes  int
}

// openXML reads as far as the root.
func openXML(r io.Reader) (*document, error) {
	plain, err := plainXML(r)
	if err != nil {
		return nil, err
	}
	doc := &document{ration: &rationed{plain, maxItem, MaxFile}, level: 1}
	doc.d = xml.NewDecoder(doc.ration)
	doc.d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // plainXML has decoded it
	for {
		token, err := doc.token()
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok {
			doc.root, doc.depth = start.Copy(), 1
			if start.Name.Local == "rss" {
				doc.level = 2
			}
			return doc, nil
		}
	}
}

func (doc *document) token() (xml.Token, error) {
	token, err := doc.d.Token()
	var syntax *xml.SyntaxError
	switch {
	case err == nil:
	case errors.Is(err, errItem), errors.Is(err, errWhole):
		return nil, fault.New(fault.TooLarge, "movers.large", "limit", MaxFile>>20).At("file")
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return nil, refused("movers.cut_short")
	case errors.As(err, &syntax):
		return nil, refused("movers.not_well_formed", "line", syntax.Line, "reason", clip(syntax.Msg, 120))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, io.EOF
	default:
		return nil, err
	}
	if _, ok := token.(xml.Directive); ok {
		return nil, refused("movers.doctype")
	}
	return token, nil
}

// next gives the next item, or io.EOF after the last.
func (doc *document) next() (*elem, error) {
	for {
		token, err := doc.token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if doc.depth < doc.level && t.Name.Local == "channel" {
				doc.depth++
				continue
			}
			if doc.seen++; doc.seen > maxSeen {
				return nil, fault.New(fault.TooLarge, "movers.large", "limit", MaxFile>>20).At("file")
			}
			doc.nodes, doc.ration.item = 0, maxItem
			return doc.read(t, 0)
		case xml.EndElement:
			doc.depth--
		}
	}
}

func (doc *document) read(start xml.StartElement, depth int) (*elem, error) {
	if doc.nodes++; doc.nodes > maxElements || depth > maxDepth || len(start.Attr) > maxAttrs {
		return nil, refused("movers.nested", "limit", maxDepth)
	}
	e := &elem{space: start.Name.Space, name: start.Name.Local, attrs: start.Copy().Attr}
	for {
		token, err := doc.token()
		if errors.Is(err, io.EOF) {
			err = refused("movers.cut_short")
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			kid, err := doc.read(t, depth+1)
			if err != nil {
				return nil, err
			}
			e.kids = append(e.kids, kid)
		case xml.CharData:
			if last := len(e.kids) - 1; last >= 0 && e.kids[last].name == "" {
				e.kids[last].text += string(t)
			} else {
				e.kids = append(e.kids, &elem{text: string(t)})
			}
		case xml.EndElement:
			if len(e.kids) == 1 && e.kids[0].name == "" {
				e.text, e.kids = e.kids[0].text, nil
			}
			return e, nil
		}
	}
}
