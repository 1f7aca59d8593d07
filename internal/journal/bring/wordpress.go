package bring

import (
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"
)

const (
	nsWordPress = "http://wordpress.org/export/"
	nsContent   = "http://purl.org/rss/1.0/modules/content/"
	nsDublin    = "http://purl.org/dc/elements/1.1/"
)

// attachment is a file of WordPress, as its export describes it.
type attachment struct{ address, alt, caption string }

// channel is what is gathered from an RSS document before pieces are made.
type channel struct {
	site    *Site
	base    *url.URL
	authors map[string]string // display names by login
	files   map[string]attachment
	items   []*elem
	letters int
	wp      bool
}

// maxLetters bounds the texts of one export together.
const maxLetters = 192 << 20

// readChannel reads RSS: WordPress's export when its own elements are there.
func readChannel(doc *document) (*Site, error) {
	c := &channel{site: &Site{Format: RSS}, authors: map[string]string{}, files: map[string]attachment{}}
	for {
		e, err := doc.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := c.take(e); err != nil {
			return nil, err
		}
	}
	c.base, _ = url.Parse(c.site.URL) // nil when it is none: relative addresses stay
	for _, e := range c.items {
		if c.wp {
			c.post(e)
		} else {
			c.plain(e)
		}
	}
	return c.site, nil
}

func (c *channel) take(e *elem) error {
	wp := strings.HasPrefix(e.space, nsWordPress)
	c.wp = c.wp || wp
	switch {
	case wp && e.name == "author":
		c.authors[e.get(nsWordPress, "author_login")] = clip(e.get(nsWordPress, "author_display_name"), 40)
	case wp && e.name == "base_blog_url", wp && e.name == "base_site_url" && c.site.URL == "":
		c.site.URL = clip(e.words(), 300)
	case e.name == "title" && e.space == "":
		c.site.Name = line(e.words(), 120)
	case e.name == "link" && e.space == "" && c.site.URL == "":
		c.site.URL = clip(e.words(), 300)
	case e.name == "item":
		if len(c.items) >= MaxPieces*4 {
			c.site.left("movers.left_beyond", "")
			return nil
		}
		for _, k := range e.kids {
			c.letters += len(k.words())
		}
		if c.letters > maxLetters {
			return refused("movers.large", "limit", maxLetters>>20)
		}
		if e.get(nsWordPress, "post_type") == "attachment" {
			c.attach(e)
			return nil
		}
		c.items = append(c.items, e)
	}
	if c.wp {
		c.site.Format = WordPress
	}
	return nil
}

func meta(e *elem, key string) string {
	for _, k := range e.kids {
		if k.name == "postmeta" && k.get(nsWordPress, "meta_key") == key {
			return k.get(nsWordPress, "meta_value")
		}
	}
	return ""
}

func (c *channel) attach(e *elem) {
	a := attachment{e.get(nsWordPress, "attachment_url"), clip(meta(e, "_wp_attachment_image_alt"), mostAlt), line(excerpt(e), mostAlt)}
	if a.address == "" {
		a.address = e.get("", "guid")
	}
	c.files[e.get(nsWordPress, "post_id")] = a
}

func excerpt(e *elem) string {
	for _, k := range e.kids {
		if k.name == "encoded" && strings.HasSuffix(k.space, "/excerpt/") {
			return k.words()
		}
	}
	return ""
}

// post makes a piece of an article or a page.
func (c *channel) post(e *elem) {
	switch kind := e.get(nsWordPress, "post_type"); kind {
	case "post", "page":
	default:
		c.site.left("movers.left_kind", kind)
		return
	}
	status := e.get(nsWordPress, "status")
	if status == "trash" || status == "auto-draft" || status == "inherit" {
		c.site.left("movers.left_bin", "")
		return
	}
	p := Piece{
		Title: line(e.get("", "title"), 160), Standfirst: clip(words(excerpt(e)), 800), At: moment(e.get(nsWordPress, "post_date_gmt")),
		Public: status == "publish" && e.get(nsWordPress, "post_password") == "",
	}
	if p.At == 0 {
		p.At = moment(e.get(nsWordPress, "post_date"))
	}
	id := e.get(nsWordPress, "post_id")
	p.Origin = "wordpress:" + clip(c.site.URL, 200) + "#" + clip(id, 20)
	p.Paths = append(p.Paths, Path(e.get("", "link")), Path(e.get("", "guid")), "?p="+clip(id, 20))
	login := e.get(nsDublin, "creator")
	if name := c.authors[login]; name != "" {
		login = name
	}
	p.Authors = []string{login}
	c.file(e, &p)
	if lead, ok := c.files[meta(e, "_thumbnail_id")]; ok {
		p.Lead = &Picture{Ref: lead.address, Alt: lead.alt, Caption: lead.caption}
	}
	p.Body = c.text(e.child(nsContent, "encoded").words(), &p.Notes)
	c.describe(p.Body)
	for _, k := range e.kids {
		if k.name == "comment" && strings.HasPrefix(k.space, nsWordPress) {
			c.comment(k, &p)
		}
	}
	c.site.add(p)
}

// file files a piece by its categories and tags.
func (c *channel) file(e *elem, p *Piece) {
	for _, k := range e.kids {
		if k.name != "category" {
			continue
		}
		switch name := line(k.words(), 60); k.attr("domain") {
		case "category", "":
			if nice := k.attr("nicename"); nice != "uncategorized" && nice != "non-classe" {
				p.Themes = append(p.Themes, name)
			}
		case "post_tag":
			p.Tags = append(p.Tags, name)
		}
	}
}

// describe gives the pictures of a text the words that the media library has.
func (c *channel) describe(b Body) {
	if len(c.files) == 0 {
		return
	}
	known := make(map[string]attachment, len(c.files))
	for _, a := range c.files {
		known[bare(a.address)] = a
	}
	for _, n := range b.blocks {
		if n.picture == nil {
			continue
		}
		if a, ok := known[bare(n.picture.Ref)]; ok && n.picture.Alt == "" {
			n.picture.Alt = a.alt
		}
	}
}

// bare is the path of a picture without the size of its copy.
func bare(address string) string {
	return small.ReplaceAllString(strings.ToLower(Path(address)), "$1")
}

func (c *channel) comment(k *elem, p *Piece) {
	get := func(name string) string { return k.get(nsWordPress, "comment_"+name) }
	if t := get("type"); t != "" && t != "comment" {
		return // a ping of another site
	}
	shown := get("approved") == "1"
	if !shown && get("approved") != "0" {
		c.site.left("movers.left_spam", "")
		return
	}
	at := moment(get("date_gmt"))
	if at == 0 {
		at = moment(get("date"))
	}
	c.site.comment(p, Comment{Name: get("author"), Text: get("content"), Link: get("author_url"), At: at, Shown: shown})
}

// comment adds a reader's words to a piece, as far as there is room.
func (s *Site) comment(p *Piece, c Comment) {
	c.Name, c.Text, c.Link = line(c.Name, 60), words(c.Text), strings.TrimSpace(c.Link)
	if c.Text == "" {
		return
	}
	if len([]rune(c.Text)) > 10_000 {
		c.Text = string([]rune(c.Text)[:9_999]) + "…"
		p.Notes.Add("movers.comment_long", "")
	}
	if u, err := url.Parse(c.Link); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(c.Link) > 600 {
		if c.Link != "" {
			p.Notes.Add("movers.refused_address", c.Link)
		}
		c.Link = ""
	}
	if s.comments >= MaxComments || len(p.Comments) >= 2000 {
		s.left("movers.left_comments", "")
		return
	}
	s.comments++
	if !c.Shown {
		s.Pending++
	}
	p.Comments = append(p.Comments, c)
}

var (
	paragraphs = regexp.MustCompile(`(?i)<p[\s>]`)
	captions   = regexp.MustCompile(`(?is)\[(?:wp_)?caption[^\]]*\](.*?)(<img[^>]*>)(\s*</a>)?(.*?)\[/(?:wp_)?caption\]`)
	embeds     = regexp.MustCompile(`(?is)\[embed[^\]]*\]\s*(https?://[^\s\[\]<>"]+)\s*\[/embed\]`)
	shortcodes = regexp.MustCompile(`(?i)\[/?(gallery|caption|wp_caption|embed|video|audio|playlist|contact-form|contact-form-7|contact-field|googlemaps|youtube|vc_[a-z_]+|et_pb_[a-z_]+)(\s[^\]]*)?\]`)
)

// text translates a text of WordPress: its classic editor left paragraphs as
// empty lines, and its shortcodes stand for what is made elsewhere.
func (c *channel) text(src string, notes *Notes) Body {
	if len(src) > maxHTML {
		src = strings.ToValidUTF8(src[:maxHTML], "")
		notes.Add("movers.lost_long", "")
	}
	breaks := !strings.Contains(src, "<!-- wp:") && !paragraphs.MatchString(src)
	src = captions.ReplaceAllString(src, "<figure>$1$2$3<figcaption>$4</figcaption></figure>")
	src = embeds.ReplaceAllString(src, `<iframe src="$1"></iframe>`)
	src = shortcodes.ReplaceAllStringFunc(src, func(code string) string {
		if !strings.HasPrefix(code, "[/") {
			notes.Add("movers.lost_shortcode", code)
		}
		return ""
	})
	return fromHTML(src, source{base: c.base, breaks: breaks}, notes)
}

// plain makes a piece of an item of ordinary RSS.
func (c *channel) plain(e *elem) {
	p := Piece{Title: line(e.get("", "title"), 160), Public: true, At: moment(e.get("", "pubDate"))}
	if p.At == 0 {
		p.At = moment(e.get(nsDublin, "date"))
	}
	address := e.get("", "link")
	p.Origin = "rss:" + clip(e.get("", "guid"), 300)
	if p.Origin == "rss:" {
		p.Origin += clip(address, 300)
	}
	p.Paths = []string{Path(address)}
	author := e.get(nsDublin, "creator")
	if author == "" {
		author = e.get("", "author")
	}
	p.Authors = strings.Split(line(author, 400), ", ")
	c.file(e, &p)
	src := e.child(nsContent, "encoded").words()
	if src == "" {
		src = e.child("", "description").words()
	} else {
		p.Standfirst = clip(words(e.child("", "description").words()), 800)
	}
	p.Body = fromHTML(src, source{base: c.base}, &p.Notes)
	if p.Origin == "rss:" {
		c.site.left("movers.left_kind", "item")
		return
	}
	c.site.add(p)
}
