package journal

import (
	"html/template"
	"strings"
)

// The cards of lists and the menu are written here rather than in a template: a
// page holds tens of them, and templates took two fifths of its processor time.
// What somebody wrote passes by said alone.

// markup is HTML as it grows.
type markup struct{ strings.Builder }

// as is HTML that this file writes.
func (m *markup) as(html ...string) {
	for _, h := range html {
		m.WriteString(h)
	}
}

// said is text, as content or within the quotes of an attribute.
func (m *markup) said(text string) { template.HTMLEscape(m, []byte(text)) }

func (m *markup) link(address, text string) {
	m.as(`<a href="`)
	m.said(address)
	m.as(`">`)
	m.said(text)
	m.as(`</a>`)
}

func (m *markup) time(iso, words string) {
	m.as(`<time datetime="`, iso, `">`)
	m.said(words)
	m.as(`</time>`)
}

func (m *markup) html() template.HTML { return template.HTML(m.String()) }

// Cards writes the cards of a list, a brief as a brief.
func (p *page) Cards(list []card) template.HTML {
	var m markup
	for _, c := range list {
		if c.Kind == "brief" {
			p.brief(&m, c)
		} else {
			p.card(&m, c)
		}
	}
	return m.html()
}

// spoken is the language of the page's own words among what somebody wrote in French.
func (p *page) spoken() string {
	if p.Lang == "fr" {
		return ""
	}
	return ` lang="` + p.Lang + `"`
}

func (p *page) card(m *markup, c card) {
	m.as("<article class=\"card\" lang=\"fr\">\n")
	if c.PictureID != "" {
		m.as(`<img src="`)
		m.said(p.File(c.PictureID))
		m.as(`" alt="`)
		m.said(c.PictureAlt)
		m.as("\" loading=\"lazy\">\n")
	}
	if c.Kicker != "" {
		m.as(`<p class="kicker">`)
		m.said(c.Kicker)
		m.as("</p>\n")
	}
	m.as("<h3>")
	m.link(p.To("article", c.Slug), c.Title)
	m.as("</h3>\n")
	if c.Standfirst != "" {
		m.as("<p>")
		m.said(c.Standfirst)
		m.as("</p>\n")
	}
	m.as(`<p class="by"`, p.spoken(), `>`)
	m.said(p.Names(c.Authors))
	m.as(" · ")
	m.time(p.ISO(c.PublishedAt), p.Day(c.PublishedAt))
	if c.CollectiveSlug != "" {
		m.as(" · ")
		m.link(p.To("collectif", c.CollectiveSlug), c.CollectiveName)
	}
	if c.Additions > 0 {
		m.as(" · ")
		m.said(p.T("additions", "count", c.Additions))
	}
	m.as("</p>\n</article>\n")
}

func (p *page) brief(m *markup, c card) {
	m.as("<article class=\"brief\" lang=\"fr\">\n<h3>")
	m.link(p.To("article", c.Slug), c.Title)
	m.as("</h3>\n")
	if cited := c.About.Cited; cited != nil {
		m.as(`<p class="cited">`)
		if cited.Author != "" {
			m.said(cited.Author + ", ")
		}
		// An address is refused when it comes in unless it is of the web; the
		// same is asked of what an older binary may have kept.
		web := strings.HasPrefix(cited.URL, "https://") || strings.HasPrefix(cited.URL, "http://")
		if web {
			m.as(`<a href="`)
			m.said(cited.URL)
			m.as(`" rel="noreferrer nofollow">`)
		}
		m.said("«\u00a0" + cited.Title + "\u00a0»")
		if web {
			m.as("</a>")
		}
		m.as(", <cite>")
		m.said(cited.Outlet)
		m.as("</cite>, ")
		m.said(p.Partial(cited.Date))
		m.as("</p>\n")
		if cited.Quote != "" {
			m.as("<blockquote><p>")
			m.said(cited.Quote)
			m.as("</p></blockquote>\n")
		}
	}
	m.as(`<p class="by"`, p.spoken(), `>`)
	for _, tag := range c.About.Tags {
		m.as(`<a class="tag" href="`)
		m.said(p.Tag(tag))
		m.as(`">`)
		m.said(tag)
		m.as("</a> ")
	}
	if c.Additions > 0 {
		m.said(p.T("additions", "count", c.Additions))
	}
	m.as("</p>\n</article>\n")
}

// Events writes the lines of a list of events.
func (p *page) Events(list []card) template.HTML {
	var m markup
	for _, c := range list {
		m.as(`<li lang="fr">`)
		m.link(p.To("article", c.Slug), c.Title)
		if on := c.About.Happening; on != nil {
			m.as("<br>\n")
			m.time(p.ISO(on.StartsAt), p.Day(on.StartsAt)+", "+p.Hour(on.StartsAt))
			if on.Place != "" {
				m.said(" · " + on.Place)
			}
		}
		m.as("</li>\n")
	}
	return m.html()
}

// Titles writes the lines of a list that says no more than titles and dates.
func (p *page) Titles(list []card) template.HTML {
	var m markup
	for _, c := range list {
		m.as(`<li lang="fr">`)
		m.link(p.To("article", c.Slug), c.Title)
		m.as(` <span class="by"`, p.spoken(), `>`)
		m.said(p.Day(c.PublishedAt))
		m.as("</span></li>\n")
	}
	return m.html()
}

// Links writes the lines of a list of themes, or of collectives.
func (p *page) Links(to string, list []Collective) template.HTML {
	var m markup
	for _, c := range list {
		m.as("<li>")
		m.link(p.To(to, c.Slug), c.Name)
		m.as("</li>")
	}
	return m.html()
}

// Menu writes the entries of the journal's menu.
func (p *page) Menu() template.HTML {
	entries := []struct {
		to   []string
		here string
		text string
	}{
		{nil, "front", p.T("front")}, {[]string{"articles"}, "articles", p.T("articles")}, {[]string{"themes"}, "themes", p.T("themes")},
		{[]string{"collectifs"}, "collectives", p.T("collectives")}, {[]string{"presse"}, "press", p.T("press")},
		{[]string{"calendrier"}, "calendar", p.T("calendar")}, {[]string{"publier"}, "howto", p.T("how_to")},
	}
	if p.Static {
		entries = entries[:len(entries)-1]
	}
	var m markup
	for _, e := range entries {
		m.as(`<li><a href="`)
		m.said(p.To(e.to...))
		if m.as(`"`); e.here == p.Here {
			m.as(` aria-current="page"`)
		}
		m.as(">")
		m.said(e.text)
		m.as("</a></li>\n")
	}
	return m.html()
}
