package bring

import (
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"preau/internal/journal/text"
)

// element translates one element.
func (f *flow) element(n *html.Node, st style, depth int) {
	f.c.handlers(n)
	if n.Namespace != "" {
		f.c.notes.Add("movers.lost_drawing", n.Data)
		return
	}
	switch n.DataAtom {
	case atom.B, atom.Strong, atom.Dt, atom.Th:
		st.bold = true
	case atom.I, atom.Em, atom.Cite, atom.Dfn, atom.Var:
		st.italic = true
	case atom.A:
		if attr(n, "href") != "" {
			st.href = f.c.link(attr(n, "href"))
		}
	case atom.Br:
		f.lineBreak()
		return
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		f.heading(n, st, depth)
		return
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		f.list(n, depth)
		return
	case atom.Blockquote:
		f.quote(n, depth)
		return
	case atom.Hr:
		f.flush()
		if f.c.count() {
			f.out = append(f.out, &node{kind: "horizontalRule"})
		}
		return
	case atom.Img, atom.Image:
		f.picture(n)
		return
	case atom.Figure:
		f.figure(n, st, depth)
		return
	case atom.Table:
		f.table(n, depth)
		return
	case atom.Pre, atom.Listing, atom.Xmp:
		st.pre = true
		f.c.notes.Add("movers.lost_code", "")
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Link, atom.Meta, atom.Base, atom.Title, atom.Applet, atom.Frame, atom.Frameset, atom.Noframes:
		f.c.notes.Add("movers.lost_script", n.Data)
		return
	case atom.Iframe, atom.Object, atom.Embed, atom.Video, atom.Audio, atom.Source, atom.Track, atom.Canvas:
		f.film(n)
		return
	case atom.Form, atom.Input, atom.Select, atom.Textarea, atom.Button, atom.Option, atom.Datalist, atom.Dialog:
		f.c.notes.Add("movers.lost_form", "")
		return
	case atom.Svg, atom.Math, atom.Map:
		f.c.notes.Add("movers.lost_drawing", n.Data)
		return
	}
	if !isBlock(n.DataAtom) {
		f.inside(n, st, depth)
		return
	}
	f.flush()
	f.inside(n, st, depth)
	f.flush()
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Address, atom.Center, atom.Pre, atom.Listing, atom.Xmp,
		atom.Details, atom.Summary, atom.Dl, atom.Dt, atom.Dd, atom.Fieldset, atom.Legend, atom.Figcaption, atom.Li, atom.Hgroup, atom.Caption, atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot, atom.Td, atom.Th:
		return true
	}
	return false
}

// lines gives what an element says on lines, with the blocks that are none.
func (c *converter) lines(n *html.Node, st style, depth int) (run, others []*node) {
	for _, b := range c.within(n, st, depth) {
		if b.kind != "paragraph" {
			others = append(others, b)
			continue
		}
		if len(run) > 0 {
			run = append(run, &node{kind: "hardBreak"})
		}
		run = append(run, b.inside...)
	}
	return run, others
}

func (f *flow) heading(n *html.Node, st style, depth int) {
	f.flush()
	run, others := f.c.lines(n, style{italic: st.italic, href: st.href}, depth)
	level := 2
	switch n.DataAtom {
	case atom.H3:
		level = 3
	case atom.H4, atom.H5, atom.H6:
		level = 4
	}
	if len(run) > 0 && f.c.count() {
		f.out = append(f.out, &node{kind: "heading", level: level, inside: run})
	}
	f.out = append(f.out, others...)
}

// narrow keeps of some blocks what a list or a quotation may hold; pictures and
// lines go after it.
func narrow(blocks []*node) (keep, after []*node) {
	for _, b := range blocks {
		switch b.kind {
		case "paragraph", "bulletList", "orderedList":
			keep = append(keep, b)
		case "heading":
			for _, t := range b.inside {
				t.bold = t.kind == "text"
			}
			keep = append(keep, &node{kind: "paragraph", inside: b.inside})
		case "blockquote":
			keep = append(keep, b.inside...)
		case "image":
			after = append(after, b)
		}
	}
	return keep, after
}

func (f *flow) list(n *html.Node, depth int) {
	f.flush()
	if f.c.lists >= mostLists {
		f.c.notes.Add("movers.lost_nested", "")
		f.inside(n, style{}, depth)
		f.flush()
		return
	}
	f.c.lists++
	defer func() { f.c.lists-- }()
	list := &node{kind: "bulletList"}
	if n.DataAtom == atom.Ol {
		list.kind, list.start = "orderedList", startOf(attr(n, "start"))
	}
	var after []*node
	for k := n.FirstChild; k != nil && !f.c.full; k = k.NextSibling {
		if k.Type == html.TextNode && blank(k.Data) || k.Type == html.CommentNode {
			continue
		}
		var blocks []*node
		if k.DataAtom == atom.Li {
			f.c.handlers(k)
			blocks = f.c.within(k, style{}, depth+1)
		} else {
			one := &flow{c: f.c}
			if k.Type == html.ElementNode {
				one.element(k, style{}, depth+1)
			} else {
				one.text(k.Data, style{})
			}
			one.flush()
			blocks = one.out
		}
		keep, later := narrow(blocks)
		after = append(after, later...)
		if len(keep) == 0 || !f.c.count() {
			continue
		}
		if keep[0].kind != "paragraph" {
			keep = append([]*node{{kind: "paragraph"}}, keep...)
		}
		list.inside = append(list.inside, &node{kind: "listItem", inside: keep})
	}
	if len(list.inside) > 0 && f.c.count() {
		f.out = append(f.out, list)
	}
	f.out = append(f.out, after...)
}

func startOf(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 9999 {
			return 1
		}
		n = 10*n + int(r-'0')
	}
	return max(n, 1)
}

func (f *flow) quote(n *html.Node, depth int) {
	f.flush()
	keep, after := narrow(f.c.within(n, style{}, depth))
	if len(keep) > 0 && f.c.count() {
		f.out = append(f.out, &node{kind: "blockquote", inside: keep})
	}
	f.out = append(f.out, after...)
}

func (f *flow) picture(n *html.Node) {
	src := strings.TrimSpace(attr(n, "src"))
	if src == "" {
		return
	}
	f.flush()
	if scheme, _, ok := strings.Cut(src, ":"); ok && !strings.ContainsAny(scheme, "/?#.") && !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		f.c.notes.Add("movers.refused_address", src)
		return
	}
	if f.c.count() {
		f.out = append(f.out, &node{kind: "image", picture: &Picture{Ref: f.c.address(src), Alt: clip(attr(n, "alt"), mostAlt), Caption: clip(attr(n, "title"), mostAlt)}})
	}
}

// figure gives its legend to its first picture.
func (f *flow) figure(n *html.Node, st style, depth int) {
	f.flush()
	var legend string
	var legends []*html.Node
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.DataAtom == atom.Figcaption {
			legends = append(legends, k)
		}
	}
	for _, k := range legends {
		n.RemoveChild(k)
		legend += " " + plainOf(f.c.within(k, style{}, depth+1))
	}
	inner := f.c.within(n, st, depth)
	for _, b := range inner {
		if b.kind == "image" && !blank(legend) {
			b.picture.Caption, legend = clip(legend, mostAlt), ""
		}
	}
	f.out = append(f.out, inner...)
	if !blank(legend) {
		f.write(strings.TrimSpace(legend), style{italic: true})
		f.flush()
	}
}

// plainOf is what some blocks say.
func plainOf(blocks []*node) string {
	var out strings.Builder
	var walk func(list []*node)
	walk = func(list []*node) {
		for _, n := range list {
			out.WriteString(n.text)
			if n.kind == "hardBreak" {
				out.WriteByte(' ')
			}
			walk(n.inside)
			if n.kind == "paragraph" || n.kind == "heading" {
				out.WriteByte(' ')
			}
		}
	}
	walk(blocks)
	return strings.TrimSpace(out.String())
}

// table becomes a line for each row.
func (f *flow) table(n *html.Node, depth int) {
	f.flush()
	f.c.notes.Add("movers.lost_table", "")
	var after []*node
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		if depth > mostDeep {
			return
		}
		for k := n.FirstChild; k != nil && !f.c.full; k = k.NextSibling {
			switch k.DataAtom {
			case atom.Tr:
				var cells []*node
				for cell := k.FirstChild; cell != nil; cell = cell.NextSibling {
					if cell.DataAtom != atom.Td && cell.DataAtom != atom.Th {
						continue
					}
					f.c.handlers(cell)
					run, others := f.c.lines(cell, style{bold: cell.DataAtom == atom.Th}, depth+1)
					after = append(after, others...)
					if len(cells) > 0 && len(run) > 0 {
						cells = append(cells, &node{kind: "text", text: " · "})
					}
					cells = append(cells, run...)
				}
				f.run = cells
				f.flush()
			case atom.Caption:
				run, others := f.c.lines(k, style{italic: true}, depth+1)
				after = append(after, others...)
				f.run = run
				f.flush()
			default:
				walk(k, depth+1)
			}
		}
	}
	walk(n, depth)
	f.out = append(f.out, after...)
}

// film leaves the address of what showed in a frame.
func (f *flow) film(n *html.Node) {
	src := attr(n, "src")
	if src == "" {
		src = attr(n, "data")
	}
	for k := n.FirstChild; k != nil && src == ""; k = k.NextSibling {
		if k.DataAtom == atom.Source {
			src = attr(k, "src")
		}
	}
	if strings.HasPrefix(src, "//") {
		src = "https:" + src
	}
	f.c.notes.Add("movers.lost_film", hostOf(src))
	if src == "" {
		return
	}
	f.flush()
	if at := f.c.link(src); at != "" {
		f.write(shown(at), style{href: at})
		f.flush()
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if u.Host == "" {
		return path.Base(u.Path)
	}
	return u.Host
}

// shown is an address as words.
func shown(address string) string {
	if _, ok := text.Address(address); !ok {
		return ""
	}
	return clip(address, 200)
}
