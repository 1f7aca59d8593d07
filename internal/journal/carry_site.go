package journal

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"preau/internal/journal/bring"
)

// copySite writes the pages of the journal as files that open from a disk: each
// is asked of the page's own handler, then its addresses are made relative.
func (s *Service) copySite(ctx context.Context, j journal, v viewer, sink Sink, one func() error) error {
	c := &siteCopy{s: s, j: j, sink: sink, top: "/journal/" + url.PathEscape(j.Slug), names: map[string]string{}, files: map[string]string{}, mux: http.NewServeMux()}
	for pattern, h := range s.copiedPages() {
		c.mux.HandleFunc("GET /journal/{journal}"+pattern, h)
	}
	c.name(c.top)
	for len(c.queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		address := c.queue[0]
		c.queue = c.queue[1:]
		if err := c.page(ctx, address); err != nil {
			return err
		}
		if strings.HasPrefix(address, c.top+"/article/") && !strings.Contains(address, "?") && !strings.HasSuffix(address, ".atom") {
			if err := one(); err != nil {
				return err
			}
		}
	}
	return c.dress()
}

// copiedPages are the pages that a copy has: those that only read.
func (s *Service) copiedPages() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"": s.pageFront, "/article/{slug}": s.pageArticle, "/articles": s.pageArticles, "/themes": s.pageThemes, "/theme/{axis}": s.pageTheme, "/collectifs": s.pageCollectives,
		"/collectif/{axis}": s.pageCollective, "/presse": s.pagePress, "/mot/{tag}": s.pageTag, "/calendrier": s.pageCalendar, "/archives": s.pageArchive, "/contact": s.pageContact,
		"/mentions": s.pageLegal, "/accessibilite": s.pageAccessibility, "/donnees": s.pagePrivacy, "/flux.atom": s.feedFront, "/presse/flux.atom": s.feedPress,
		"/theme/{axis}/flux.atom": s.feedTheme, "/collectif/{axis}/flux.atom": s.feedCollective, "/mot/{tag}/flux.atom": s.feedTag, "/article/{slug}/flux.atom": s.feedAdditions,
		"/calendrier.ics": s.feedCalendar,
	}
}

type siteCopy struct {
	s     *Service
	j     journal
	sink  Sink
	top   string
	mux   *http.ServeMux
	names map[string]string // files by address
	queue []string
	files map[string]string // of pictures and documents, "" when they do not stand
}

// kept keeps what a handler writes.
type kept struct {
	header http.Header
	status int
	bytes.Buffer
}

func (k *kept) Header() http.Header    { return k.header }
func (k *kept) WriteHeader(status int) { k.status = status }

var notInName = regexp.MustCompile(`[^a-z0-9.]+`)

// name gives the file of a page, and sees to it that it is made; "" when a copy
// has no such page.
func (c *siteCopy) name(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.Fragment = ""
	key := u.String()
	if name, known := c.names[key]; known {
		return name
	}
	r := &http.Request{Method: http.MethodGet, URL: u, Host: "copy"}
	if _, pattern := c.mux.Handler(r); pattern == "" || len(c.names) >= mostCopied {
		return ""
	}
	name := strings.Trim(strings.TrimPrefix(u.EscapedPath(), c.top), "/")
	if name == "" {
		name = "index"
	}
	if query := strings.Trim(notInName.ReplaceAllString(strings.ToLower(u.RawQuery), "-"), "-"); query != "" {
		name += "-" + query
	}
	if end := path.Ext(name); end != ".atom" && end != ".ics" {
		name += ".html"
	}
	c.names[key] = name
	c.queue = append(c.queue, key)
	return name
}

// page makes a file of a page.
func (c *siteCopy) page(ctx context.Context, address string) error {
	name := c.names[address]
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	k := &kept{header: http.Header{}, status: http.StatusOK}
	c.mux.ServeHTTP(k, r)
	body := k.Bytes()
	if k.status >= 500 {
		return fmt.Errorf("journal: copy: %s answers %d", address, k.status)
	}
	switch path.Ext(name) {
	case ".html":
		if body, err = c.relative(ctx, name, body); err != nil {
			return err
		}
	case ".atom":
		body = c.feed(name, body)
	}
	out, err := c.sink(name)
	if err != nil {
		return err
	}
	_, err = out.Write(body)
	return err
}

// from is a file as another one refers to it.
func from(page, file string) string { return strings.Repeat("../", strings.Count(page, "/")) + file }

var feedLink = regexp.MustCompile(`href="([^"]*)"`)

// feed makes the addresses of a feed relative to it.
func (c *siteCopy) feed(name string, body []byte) []byte {
	return feedLink.ReplaceAllFunc(body, func(m []byte) []byte {
		raw := html.UnescapeString(string(feedLink.FindSubmatch(m)[1]))
		to, fragment, _ := strings.Cut(strings.TrimPrefix(raw, c.s.origin), "#")
		file := c.name(to)
		if file == "" {
			return []byte(`href="` + from(name, "index.html") + `"`)
		}
		if fragment != "" {
			file += "#" + fragment
		}
		return []byte(`href="` + html.EscapeString(from(name, file)) + `"`)
	})
}

// relative makes the addresses of a page relative, and takes out what a copy
// cannot do.
func (c *siteCopy) relative(ctx context.Context, name string, body []byte) ([]byte, error) {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	var gone []*html.Node
	var problem error
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Script, atom.Form:
			gone = append(gone, n)
		case atom.A:
			problem = c.link(ctx, name, n)
		case atom.Img:
			at, err := c.file(ctx, attribute(n, "src"))
			problem = err
			if at == "" {
				gone = append(gone, n)
			}
			setAttribute(n, "src", from(name, at))
		case atom.Link:
			switch attribute(n, "rel") {
			case "stylesheet":
				setAttribute(n, "href", from(name, "style/journal.css"))
			case "icon":
				setAttribute(n, "href", from(name, "style/favicon.svg"))
			case "alternate":
				setAttribute(n, "href", from(name, c.name(attribute(n, "href"))))
			default:
				gone = append(gone, n)
			}
		}
		if problem != nil {
			return nil, problem
		}
	}
	for _, n := range gone {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
	var out bytes.Buffer
	err = html.Render(&out, root)
	return out.Bytes(), err
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// setAttribute changes one; an empty value takes it away.
func setAttribute(n *html.Node, key, value string) {
	for i, a := range n.Attr {
		if a.Key != key {
			continue
		}
		if value == "" {
			n.Attr = append(n.Attr[:i], n.Attr[i+1:]...)
		} else {
			n.Attr[i].Val = value
		}
		return
	}
}

// link points a link at a file of the copy, leaves it where it leads elsewhere,
// and makes it words where it led to what a copy has not.
func (c *siteCopy) link(ctx context.Context, name string, n *html.Node) error {
	raw := attribute(n, "href")
	href := raw
	if c.s.origin != "" {
		href = strings.TrimPrefix(raw, c.s.origin)
	}
	if !strings.HasPrefix(href, "/") {
		return nil
	}
	to, fragment, _ := strings.Cut(href, "#")
	if rest, ok := strings.CutPrefix(to, c.top+"/ancien/"); ok {
		u, err := url.Parse("/" + rest)
		if err != nil {
			setAttribute(n, "href", "")
			return nil
		}
		found, err := c.s.pieceWas(ctx, c.j.School.ID, bring.OldPath(u.Path, u.RawQuery))
		if err != nil || !copyOf(ctx).viewer.sees(found.Audience, value(found.Group)) || !found.shows(c.s.now()) {
			setAttribute(n, "href", "")
			return nil // it may come out later, or never
		}
		to = c.top + "/article/" + url.PathEscape(value(found.Slug))
	}
	file := c.name(to)
	if strings.HasPrefix(to, "/journal-files/") {
		var err error
		if file, err = c.file(ctx, to); err != nil {
			return err
		}
	}
	if file == "" {
		setAttribute(n, "href", "")
		return nil
	}
	if fragment != "" {
		file += "#" + fragment
	}
	setAttribute(n, "href", from(name, file))
	return nil
}

// file writes a picture or a document once.
func (c *siteCopy) file(ctx context.Context, src string) (string, error) {
	id := strings.TrimPrefix(src, "/journal-files/")
	if at, known := c.files[id]; known {
		return at, nil
	}
	at, _, err := c.s.copyFile(ctx, c.j.School.ID, id, c.sink, fileName)
	c.files[id] = at
	return at, err
}

var cssFont = regexp.MustCompile(`url\("/assets/([A-Za-z0-9._-]+)"\)`)

// dress writes the style sheet with its fonts.
func (c *siteCopy) dress() error {
	css := c.s.style.body
	write := func(name string, body []byte) error {
		out, err := c.sink(name)
		if err != nil {
			return err
		}
		_, err = out.Write(body)
		return err
	}
	for _, m := range cssFont.FindAllSubmatch(css, -1) {
		f, err := c.s.dist.Open("assets/" + string(m[1]))
		if err != nil {
			return err
		}
		font, err := io.ReadAll(f)
		f.Close()
		if err != nil {
			return err
		}
		if err := write("style/"+string(m[1]), font); err != nil {
			return err
		}
	}
	if c.s.dist != nil {
		if icon, err := fs.ReadFile(c.s.dist, "favicon.svg"); err == nil {
			if err := write("style/favicon.svg", icon); err != nil {
				return err
			}
		} else if err := write("style/favicon.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)); err != nil {
			return err
		}
	}
	return write("style/journal.css", cssFont.ReplaceAll(css, []byte(`url("$1")`)))
}
