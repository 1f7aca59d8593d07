package journal

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// What follows is written as RFC 4287 has it.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Links   []atomLink  `xml:"link"`
		Author  atomPerson  `xml:"author"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
		Type string `xml:"type,attr,omitempty"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomEntry struct {
		ID        string       `xml:"id"`
		Title     string       `xml:"title"`
		Published string       `xml:"published"`
		Updated   string       `xml:"updated"`
		Links     []atomLink   `xml:"link"`
		Authors   []atomPerson `xml:"author"`
		Summary   string       `xml:"summary,omitempty"`
		Source    *atomCited   `xml:"category,omitempty"`
	}
	atomCited struct {
		Term string `xml:"term,attr"`
	}
)

const inFeed = 30

// publicID names a piece for readers. Its own id tells when its author began it,
// which can tell who that is.
func publicID(piece string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(piece)) }

func (s *Service) feedOf(w http.ResponseWriter, r *http.Request, p *page, title, self, page string, l listing) {
	l.limit = inFeed
	list, _, err := s.cards(r.Context(), s.db.Reader(), p.viewer, l)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	feed := s.newFeed(p, title, self, page)
	for _, c := range list {
		at := p.ISO(c.PublishedAt)
		e := atomEntry{ID: publicID(c.ID).URN(), Title: c.Title, Published: at, Updated: at, Links: []atomLink{{"alternate", p.Absolute(p.To("article", c.Slug)), "text/html"}}, Summary: c.Standfirst}
		for _, name := range c.Authors {
			e.Authors = append(e.Authors, atomPerson{name})
		}
		if q := c.About.Cited; q != nil && e.Summary == "" {
			e.Summary = strings.TrimSpace(q.Outlet + " " + q.Date)
		}
		feed.Entries = append(feed.Entries, e)
	}
	s.writeFeed(w, r, p, feed)
}

func (s *Service) newFeed(p *page, title, self, page string) atomFeed {
	id := p.Absolute(self)
	if p.Static { // a copy has no address of its own
		id = uuid.NewSHA1(uuid.NameSpaceURL, []byte(id)).URN()
	}
	return atomFeed{
		Lang: "fr", ID: id, Title: title, Author: atomPerson{p.Journal.Title},
		Links: []atomLink{{"self", p.Absolute(self), "application/atom+xml"}, {"alternate", p.Absolute(page), "text/html"}},
	}
}

func (s *Service) writeFeed(w http.ResponseWriter, r *http.Request, p *page, feed atomFeed) {
	feed.Updated = p.ISO(s.now())
	if len(feed.Entries) > 0 {
		feed.Updated = feed.Entries[0].Updated
	}
	var body bytes.Buffer
	body.WriteString(xml.Header)
	if err := xml.NewEncoder(&body).Encode(feed); err != nil {
		s.fail(w, r, p, err)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Vary", "Cookie")
	_, _ = w.Write(body.Bytes())
}

func (s *Service) feedFront(w http.ResponseWriter, r *http.Request) {
	if p, ok := s.enterPage(w, r); ok {
		s.feedOf(w, r, p, p.Journal.Title, p.To("flux.atom"), p.To(), s.latest(p.Journal.School.ID, "article", s.now(), inFeed))
	}
}

func (s *Service) feedPress(w http.ResponseWriter, r *http.Request) {
	if p, ok := s.enterPage(w, r); ok {
		s.feedOf(w, r, p, p.Journal.Title+" — "+p.T("press"), p.To("presse", "flux.atom"), p.To("presse"), s.latest(p.Journal.School.ID, "brief", s.now(), inFeed))
	}
}

func (s *Service) feedTheme(w http.ResponseWriter, r *http.Request) { s.feedAxis(w, r, themes) }

func (s *Service) feedCollective(w http.ResponseWriter, r *http.Request) {
	s.feedAxis(w, r, collectives)
}

func (s *Service) feedAxis(w http.ResponseWriter, r *http.Request, t axisTable) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	axis, err := s.axisAt(r.Context(), t, p.Journal.School.ID, r.PathValue("axis"))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	if t == themes {
		s.feedOf(w, r, p, p.Journal.Title+" — "+axis.Name, p.To("theme", axis.Slug, "flux.atom"), p.To("theme", axis.Slug), s.ofTheme(p.Journal.School.ID, axis.ID, s.now(), inFeed))
		return
	}
	s.feedOf(w, r, p, p.Journal.Title+" — "+axis.Name, p.To("collectif", axis.Slug, "flux.atom"), p.To("collectif", axis.Slug), s.ofCollective(p.Journal.School.ID, axis.ID, s.now(), inFeed))
}

func (s *Service) feedTag(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	tag := slugOf(r.PathValue("tag"), 40)
	name, err := s.tagName(r.Context(), p, tag)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	s.feedOf(w, r, p, p.Journal.Title+" — "+name, p.To("mot", tag, "flux.atom"), p.To("mot", tag), s.ofTag(p.Journal.School.ID, tag, s.now(), inFeed))
}

// feedAdditions follows what readers add to one piece.
func (s *Service) feedAdditions(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	found, err := s.pieceAt(r.Context(), s.db.Reader(), p, r.PathValue("slug"))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	live, err := revisionBy(r.Context(), s.db.Reader(), found.ID, value(found.LiveID))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	list, _, err := additionsOf(r.Context(), s.db.Reader(), found.ID, "")
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	article := p.To("article", value(found.Slug))
	feed := s.newFeed(p, live.Title, article+"/flux.atom", article)
	for i := len(list) - 1; i >= 0 && len(feed.Entries) < inFeed; i-- {
		a := list[i]
		feed.Entries = append(feed.Entries, atomEntry{
			ID: "urn:uuid:" + a.ID, Title: p.T("added_by", "name", a.Name), Published: p.ISO(a.At), Updated: p.ISO(a.At),
			Links: []atomLink{{"alternate", p.Absolute(article) + "#c-" + a.ID, "text/html"}}, Authors: []atomPerson{{a.Name}}, Summary: a.Text,
		})
	}
	s.writeFeed(w, r, p, feed)
}

// feedCalendar gives the events to come to calendars (RFC 5545).
func (s *Service) feedCalendar(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	now := s.now()
	list, _, err := s.cards(r.Context(), s.db.Reader(), p.viewer, s.happening(p.Journal.School.ID, now-30*dayMs, now+366*dayMs, now, 200))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	stamp := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("20060102T150405Z") }
	var out strings.Builder
	write := func(name, value string) { out.WriteString(foldLine(name+":"+value) + "\r\n") }
	write("BEGIN", "VCALENDAR")
	write("VERSION", "2.0")
	write("PRODID", "-//Preau//Journal//FR")
	for _, c := range list {
		h := c.About.Happening
		if h == nil {
			continue
		}
		write("BEGIN", "VEVENT")
		write("UID", publicID(c.ID).String())
		write("DTSTAMP", stamp(c.PublishedAt))
		write("DTSTART", stamp(h.StartsAt))
		if h.EndsAt > h.StartsAt {
			write("DTEND", stamp(h.EndsAt))
		}
		write("SUMMARY", icsText(c.Title))
		write("LOCATION", icsText(h.Place))
		if !p.Static {
			write("URL", p.Absolute(p.To("article", c.Slug)))
		}
		write("END", "VEVENT")
	}
	write("END", "VCALENDAR")
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache")
	fmt.Fprint(w, out.String())
}

func icsText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// foldLine breaks a line of a calendar so that none is longer than 75 bytes.
func foldLine(line string) string {
	var out strings.Builder
	width := 0
	for _, r := range line {
		if n := len(string(r)); width+n > 73 {
			out.WriteString("\r\n ")
			width = 1
		}
		out.WriteRune(r)
		width += len(string(r))
	}
	return out.String()
}
