package bring

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"preau/internal/journal/text"
)

// Limits of one text: a little under what the journal's own may have.
const (
	mostRunes = 110_000
	mostNodes = 7000
	mostLinks = 380
	mostDeep  = 120 // elements inside each other
	mostLists = 4   // lists inside each other
	mostAlt   = 500 // runes of a picture's words
)

// source says how a text was written.
type source struct {
	base   *url.URL // what its relative addresses begin from
	breaks bool     // an empty line ends a paragraph, a line ends a line
}

// fromHTML takes from a text what the journal's may hold, and notes the rest.
func fromHTML(src string, how source, notes *Notes) Body {
	if len(src) > maxHTML {
		src = strings.ToValidUTF8(src[:maxHTML], "")
		notes.Add("movers.lost_long", "")
	}
	context := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	top, err := html.ParseFragment(strings.NewReader(src), context)
	if err != nil { // it is nested deeper than the parser goes
		notes.Add("movers.lost_nested", "")
		return Body{}
	}
	c := &converter{source: how, notes: notes}
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	for _, n := range top {
		root.AppendChild(n)
	}
	f := &flow{c: c}
	f.inside(root, style{}, 0)
	f.flush()
	body := Body{f.out}
	for len(body.blocks) > 0 && len(body.JSON(Placer{File: func(Picture) (string, bool) { return "00000000-0000-0000-0000-000000000000", true }})) > text.MaxBytes-4096 {
		notes.Add("movers.lost_long", "")
		body.blocks = body.blocks[:len(body.blocks)*9/10]
	}
	return body
}

type converter struct {
	source
	notes               *Notes
	runes, nodes, links int
	lists               int
	full                bool
}

type style struct {
	bold, italic bool
	href         string
	pre          bool
}

// flow is a sequence of blocks with the line that is being written.
type flow struct {
	c   *converter
	out []*node
	run []*node
}

func (c *converter) count() bool {
	if c.nodes++; c.nodes > mostNodes || c.runes > mostRunes {
		if !c.full {
			c.full = true
			c.notes.Add("movers.lost_long", "")
		}
		return false
	}
	return true
}

// flush ends a paragraph.
func (f *flow) flush() {
	if run := trimmed(f.run); len(run) > 0 && f.c.count() {
		f.out = append(f.out, &node{kind: "paragraph", inside: run})
	}
	f.run = nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// trimmed takes empty ends off a line.
func trimmed(run []*node) []*node {
	empty := func(n *node) bool { return n.kind == "hardBreak" || blank(n.text) }
	for len(run) > 0 && empty(run[0]) {
		run = run[1:]
	}
	for len(run) > 0 && empty(run[len(run)-1]) {
		run = run[:len(run)-1]
	}
	if len(run) > 0 {
		run[0].text = strings.TrimLeftFunc(run[0].text, unicode.IsSpace)
		last := run[len(run)-1]
		last.text = strings.TrimRightFunc(last.text, unicode.IsSpace)
	}
	return run
}

// write adds words to the line.
func (f *flow) write(s string, st style) {
	if s == "" {
		return
	}
	if last := len(f.run) - 1; last >= 0 {
		if l := f.run[last]; l.kind == "text" && l.bold == st.bold && l.italic == st.italic && l.href == st.href {
			l.text += s
			f.c.runes += utf8.RuneCountInString(s)
			return
		}
	}
	if f.c.count() {
		f.c.runes += utf8.RuneCountInString(s)
		f.run = append(f.run, &node{kind: "text", text: s, bold: st.bold, italic: st.italic, href: st.href})
	}
}

func (f *flow) lineBreak() {
	if f.c.count() {
		f.run = append(f.run, &node{kind: "hardBreak"})
	}
}

func (f *flow) text(s string, st style) {
	s = strings.ReplaceAll(clean(s), "\r\n", "\n")
	if !st.pre && !f.c.breaks {
		f.write(collapse(s), st)
		return
	}
	for i, block := range strings.Split(s, "\n\n") {
		if i > 0 && !st.pre {
			f.flush()
		} else if i > 0 {
			f.lineBreak()
			f.lineBreak()
		}
		for j, l := range strings.Split(strings.Trim(block, "\n"), "\n") {
			if j > 0 && len(f.run) > 0 {
				f.lineBreak()
			}
			f.write(collapse(l), st)
		}
	}
}

// clean takes out what is no text.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == '\n' || r == '\r':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r == utf8.RuneError, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == '\ufeff':
			return -1
		}
		return r
	}, s)
}

// collapse makes one space of several.
func collapse(s string) string {
	var out strings.Builder
	space := false
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			space = true
			continue
		}
		if space {
			out.WriteByte(' ')
		}
		space = false
		out.WriteRune(r)
	}
	if space {
		out.WriteByte(' ')
	}
	return out.String()
}

// inside walks what is in an element.
func (f *flow) inside(n *html.Node, st style, depth int) {
	if depth > mostDeep {
		f.c.notes.Add("movers.lost_nested", "")
		return
	}
	for k := n.FirstChild; k != nil && !f.c.full; k = k.NextSibling {
		switch k.Type {
		case html.TextNode:
			f.text(k.Data, st)
		case html.ElementNode:
			f.element(k, st, depth+1)
		case html.CommentNode, html.DoctypeNode, html.ErrorNode, html.DocumentNode, html.RawNode:
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// handlers notes attributes that would run something.
func (c *converter) handlers(n *html.Node) {
	for _, a := range n.Attr {
		if len(a.Key) > 2 && strings.HasPrefix(strings.ToLower(a.Key), "on") || a.Key == "srcdoc" {
			c.notes.Add("movers.refused_handler", a.Key)
		}
	}
}

// within gives the blocks of an element by themselves.
func (c *converter) within(n *html.Node, st style, depth int) []*node {
	f := &flow{c: c}
	f.inside(n, st, depth)
	f.flush()
	return f.out
}

// address resolves what a link or a picture leads to.
func (c *converter) address(raw string) string {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	if err != nil || c.base == nil || u.Scheme != "" {
		return raw
	}
	return c.base.ResolveReference(u).String()
}

// link lets an address through that the journal's text may hold.
func (c *converter) link(raw string) string {
	raw = strings.TrimSpace(raw)
	if raw == "" || strings.HasPrefix(raw, "#") {
		return ""
	}
	if at, ok := text.Address(c.address(raw)); ok {
		if c.links++; c.links > mostLinks {
			c.notes.Add("movers.lost_links", "")
			return ""
		}
		return at
	}
	c.notes.Add("movers.refused_address", raw)
	return ""
}
