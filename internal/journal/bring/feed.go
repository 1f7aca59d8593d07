package bring

import (
	"errors"
	"html"
	"io"
	"net/url"
	"strings"
)

const (
	nsAtom   = "http://www.w3.org/2005/Atom"
	nsThread = "http://purl.org/syndication/thread/1.0"
)

// readFeed reads Atom (RFC 4287), and what blogs export in it: an entry that
// answers another is a comment.
func readFeed(doc *document) (*Site, error) {
	s := &Site{Format: Atom}
	at := map[string]int{}
	var answers []*elem
	letters := 0
	for {
		e, err := doc.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if letters += len(e.words()); letters > maxLetters {
			return nil, refused("movers.large", "limit", maxLetters>>20)
		}
		switch e.name {
		case "title":
			s.Name = line(said(e), 120)
		case "link":
			if rel := e.attr("rel"); (rel == "" || rel == "alternate") && s.URL == "" {
				s.URL = clip(e.attr("href"), 300)
			}
		case "entry":
			switch kind := kindOf(e); {
			case e.child(nsThread, "in-reply-to") != nil || kind == "comment":
				if len(answers) < MaxComments {
					answers = append(answers, e)
				}
			case kind == "post" || kind == "page":
				before := len(s.Pieces)
				s.entry(e)
				if len(s.Pieces) > before {
					at[e.get(nsAtom, "id")] = before
				}
			default:
				s.left("movers.left_kind", kind)
			}
		}
	}
	for _, e := range answers {
		i, ok := at[e.child(nsThread, "in-reply-to").attrOf("ref")]
		if !ok {
			s.left("movers.left_comments", "")
			continue
		}
		s.comment(&s.Pieces[i], Comment{Name: e.child(nsAtom, "author").nameOf(), Text: said(e.child(nsAtom, "content")), Link: e.child(nsAtom, "author").addressOf(), At: moment(e.get(nsAtom, "published")), Shown: true})
	}
	return s, nil
}

func (e *elem) attrOf(name string) string {
	if e == nil {
		return ""
	}
	return e.attr(name)
}

func (e *elem) nameOf() string {
	if e == nil {
		return ""
	}
	return e.get(nsAtom, "name")
}

func (e *elem) addressOf() string {
	if e == nil {
		return ""
	}
	return e.get(nsAtom, "uri")
}

// kindOf is what a blog says an entry is: its categories of a scheme "#kind".
func kindOf(e *elem) string {
	for _, k := range e.kids {
		if k.name == "category" && strings.HasSuffix(k.attr("scheme"), "#kind") {
			_, kind, _ := strings.Cut(k.attr("term"), "#")
			return clip(kind, 40)
		}
	}
	return "post"
}

// said gives a text construct as HTML, whichever its type.
func said(e *elem) string {
	switch {
	case e == nil:
		return ""
	case e.attr("type") == "xhtml":
		var out strings.Builder
		e.markup(&out)
		return out.String()
	case e.attr("type") == "html" || e.attr("type") == "text/html":
		return e.words()
	}
	return html.EscapeString(e.words())
}

// markup writes what is in an element as HTML, for the converter to read.
func (e *elem) markup(out *strings.Builder) {
	out.WriteString(html.EscapeString(e.text))
	for _, k := range e.kids {
		if k.name == "" {
			out.WriteString(html.EscapeString(k.text))
			continue
		}
		if !plainName(k.name) {
			continue
		}
		out.WriteString("<" + k.name)
		for _, a := range k.attrs {
			if plainName(a.Name.Local) {
				out.WriteString(" " + a.Name.Local + `="` + html.EscapeString(a.Value) + `"`)
			}
		}
		out.WriteString(">")
		k.markup(out)
		if k.name != "br" && k.name != "hr" && k.name != "img" && k.name != "input" {
			out.WriteString("</" + k.name + ">")
		}
	}
}

func plainName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}

func (s *Site) entry(e *elem) {
	p := Piece{Title: line(said(e.child(nsAtom, "title")), 160), Public: true, At: moment(e.get(nsAtom, "published"))}
	if p.At == 0 {
		p.At = moment(e.get(nsAtom, "updated"))
	}
	p.Origin = "atom:" + clip(e.get(nsAtom, "id"), 300)
	if p.Origin == "atom:" {
		s.left("movers.left_kind", "entry")
		return
	}
	base := s.URL
	for _, k := range e.kids {
		switch k.name {
		case "link":
			if rel := k.attr("rel"); rel == "" || rel == "alternate" {
				p.Paths = append(p.Paths, Path(k.attr("href")))
				base = k.attr("href")
			}
		case "author":
			p.Authors = append(p.Authors, line(k.nameOf(), 40))
		case "category":
			if !strings.HasSuffix(k.attr("scheme"), "#kind") {
				name := k.attr("label")
				if name == "" {
					name = k.attr("term")
				}
				p.Tags = append(p.Tags, line(name, 40))
			}
		case "control":
			p.Public = p.Public && !strings.Contains(k.words(), "yes") // app:draft
		}
	}
	from, _ := url.Parse(base) // nil when it is none: relative addresses stay
	content := e.child(nsAtom, "content")
	if content == nil {
		content = e.child(nsAtom, "summary")
	} else {
		p.Standfirst = clip(words(said(e.child(nsAtom, "summary"))), 800)
		if src := content.attr("src"); src != "" {
			p.Notes.Add("movers.lost_elsewhere", hostOf(src))
		}
	}
	p.Body = fromHTML(said(content), source{base: from}, &p.Notes)
	s.add(p)
}
