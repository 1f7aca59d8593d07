package journal

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// pageList leads to the only journal that somebody may read, or lists them.
func (s *Service) pageList(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT "+journalColumns+" FROM journal WHERE opened = 1 ORDER BY title LIMIT 500")
	if err != nil {
		s.fail(w, r, nil, err)
		return
	}
	type line struct {
		school string
		Masthead
	}
	var all []line
	for rows.Next() {
		school, in, err := scanJournal(rows)
		if err != nil {
			break // rows.Err says why
		}
		all = append(all, line{school, in})
	}
	if err := rows.Err(); err != nil {
		s.fail(w, r, nil, err)
		return
	}
	rows.Close()
	var open []journal
	for _, l := range all {
		j, err := s.fill(ctx, l.school, l.Masthead)
		if err != nil {
			s.fail(w, r, nil, err)
			return
		}
		v, err := s.viewerOf(ctx, j.School)
		if err != nil {
			s.fail(w, r, nil, err)
			return
		}
		if !v.capped(j.Widest).nothing() {
			open = append(open, j)
		}
	}
	if len(open) == 1 {
		http.Redirect(w, r, "/journal/"+open[0].Slug, http.StatusSeeOther)
		return
	}
	p := s.bare(ctx)
	p.Title, p.Path = p.T("journals"), "/journal"
	s.write(w, r, p, "list", http.StatusOK, open)
}

// shelf is a list of pieces with where it goes on.
type shelf struct {
	Title string
	About string
	Kind  string
	Cards []card
	Next  string // address of the next page, "" at the end
	Feed  string
	Empty string
}

type frontData struct {
	Lead        *card
	Cards       []card
	Briefs      []card
	Events      []card
	Themes      []Collective
	Collectives []Collective
	Older       bool
}

func (s *Service) pageFront(w http.ResponseWriter, r *http.Request) {
	p, err := s.open(r)
	if err != nil {
		s.fail(w, r, nil, err)
		return
	}
	data, err := s.front(r.Context(), p)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Here = "front"
	s.write(w, r, p, "front", http.StatusOK, data)
}

const (
	onFront       = 13
	briefsOnFront = 6
	eventsOnFront = 4
	eventsAhead   = 120 * dayMs
)

func (s *Service) front(ctx context.Context, p *page) (frontData, error) {
	var d frontData
	q, school, now := s.db.Reader(), p.Journal.School.ID, s.now()
	list, more, err := s.cards(ctx, q, p.viewer, s.latest(school, "article", now, onFront))
	if err != nil {
		return d, err
	}
	d.Older = more
	if len(list) > 0 {
		d.Lead, d.Cards = &list[0], list[1:]
	}
	briefs := s.latest(school, "brief", now, briefsOnFront)
	events := s.happening(school, now-6*3600*1000, now+eventsAhead, now, eventsOnFront)
	briefs.unsigned, events.unsigned = true, true
	if d.Briefs, _, err = s.cards(ctx, q, p.viewer, briefs); err != nil {
		return d, err
	}
	if d.Events, _, err = s.cards(ctx, q, p.viewer, events); err != nil {
		return d, err
	}
	d.Themes, d.Collectives, err = s.bothAxes(ctx, school)
	return d, err
}

// before is where a list goes on backwards: a moment, and the piece that was the
// last of its page.
func (s *Service) before(r *http.Request) (at int64, id string) {
	now := s.now()
	moment, id, _ := strings.Cut(r.URL.Query().Get("avant"), "-")
	at, err := strconv.ParseInt(moment, 10, 64)
	if err != nil || at <= 0 || at > now || len(id) > 40 {
		return now, ""
	}
	return at, id
}

// goesOn is the value of « avant » for what follows a card.
func goesOn(c card) string { return strconv.FormatInt(c.PublishedAt, 10) + "-" + c.ID }

// showShelf answers with a page of a list, which of makes from a moment on.
func (s *Service) showShelf(w http.ResponseWriter, r *http.Request, p *page, of func(before int64) listing, d shelf) {
	at, id := s.before(r)
	list, more, err := s.cards(r.Context(), s.db.Reader(), p.viewer, of(at).past(id))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	d.Cards = list
	if more {
		d.Next = r.URL.Path + "?avant=" + goesOn(list[len(list)-1])
	}
	p.Title = d.Title
	if d.Feed != "" {
		p.Feed = d.Feed
	}
	s.write(w, r, p, "shelf", http.StatusOK, d)
}

func (s *Service) pageArticles(w http.ResponseWriter, r *http.Request) {
	if p, ok := s.enterPage(w, r); ok {
		p.Here = "articles"
		s.showShelf(w, r, p, func(before int64) listing { return s.latest(p.Journal.School.ID, "article", before, onPage) }, shelf{Title: p.T("all_articles"), Empty: p.T("no_articles")})
	}
}

func (s *Service) pagePress(w http.ResponseWriter, r *http.Request) {
	if p, ok := s.enterPage(w, r); ok {
		p.Here = "press"
		s.showShelf(w, r, p, func(before int64) listing { return s.latest(p.Journal.School.ID, "brief", before, onPage) }, shelf{Title: p.T("press"), About: p.T("press_about"), Kind: "brief", Feed: p.To("presse", "flux.atom"), Empty: p.T("no_briefs")})
	}
}

// enterPage is open with its refusal written.
func (s *Service) enterPage(w http.ResponseWriter, r *http.Request) (*page, bool) {
	p, err := s.open(r)
	if err != nil {
		s.fail(w, r, nil, err)
	}
	return p, err == nil
}

func (s *Service) pageTheme(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	axis, err := s.axisAt(r.Context(), themes, p.Journal.School.ID, r.PathValue("axis"))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Here = "themes"
	s.showShelf(w, r, p, func(before int64) listing { return s.ofTheme(p.Journal.School.ID, axis.ID, before, onPage) }, shelf{Title: axis.Name, About: axis.About, Feed: p.To("theme", axis.Slug, "flux.atom"), Empty: p.T("no_articles")})
}

func (s *Service) pageCollective(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	axis, err := s.axisAt(r.Context(), collectives, p.Journal.School.ID, r.PathValue("axis"))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Here = "collectives"
	s.showShelf(w, r, p, func(before int64) listing { return s.ofCollective(p.Journal.School.ID, axis.ID, before, onPage) }, shelf{Title: axis.Name, About: axis.About, Feed: p.To("collectif", axis.Slug, "flux.atom"), Empty: p.T("no_articles")})
}

func (s *Service) pageTag(w http.ResponseWriter, r *http.Request) {
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
	s.showShelf(w, r, p, func(before int64) listing { return s.ofTag(p.Journal.School.ID, tag, before, onPage) }, shelf{Title: name, Kind: "tag", Feed: p.To("mot", tag, "flux.atom"), Empty: p.T("no_articles")})
}

// tagName is a free tag as somebody wrote it on a piece that the reader may see.
func (s *Service) tagName(ctx context.Context, p *page, slug string) (string, error) {
	a := args{p.Journal.School.ID, slug, s.now()}
	var name string
	err := s.db.Reader().QueryRowContext(ctx, "SELECT t.name FROM journal_tag t JOIN journal_piece p ON p.id = t.piece_id WHERE t.school_id = $1 AND t.slug = $2 AND t.published_at <= $3 AND "+shown+" AND "+p.viewer.where(&a)+" ORDER BY t.published_at DESC LIMIT 1", a...).Scan(&name)
	if isNoRows(err) {
		err = noAxis()
	}
	return name, err
}

func (s *Service) pageThemes(w http.ResponseWriter, r *http.Request) { s.pageAxes(w, r, themes) }
func (s *Service) pageCollectives(w http.ResponseWriter, r *http.Request) {
	s.pageAxes(w, r, collectives)
}

type axesData struct {
	Title, Path string
	Axes        []Collective
}

func (s *Service) pageAxes(w http.ResponseWriter, r *http.Request, t axisTable) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	all, err := s.axes(r.Context(), t, p.Journal.School.ID)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	d := axesData{p.T("themes"), "theme", all}
	p.Here = "themes"
	if t == collectives {
		d.Title, d.Path, p.Here = p.T("collectives"), "collectif", "collectives"
	}
	p.Title = d.Title
	s.write(w, r, p, "axes", http.StatusOK, d)
}

type calendarData struct {
	Year, Month    int
	Cards          []card
	Earlier, Later string
}

func (s *Service) pageCalendar(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	first := s.monthAsked(r, p)
	next := first.AddDate(0, 1, 0)
	if p.Static { // one page for all that is known
		first, next = time.UnixMilli(0).UTC(), first.AddDate(10, 0, 0)
	}
	list, _, err := s.cards(r.Context(), s.db.Reader(), p.viewer, s.happening(p.Journal.School.ID, first.UnixMilli(), next.UnixMilli(), s.now(), 200))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Here, p.Title = "calendar", p.T("calendar")
	if !p.Static {
		p.Title += " — " + p.Month(first.Year(), int(first.Month()))
	}
	to := func(t time.Time) string { return p.To("calendrier") + "?mois=" + t.Format("2006-01") }
	s.write(w, r, p, "calendar", http.StatusOK, calendarData{first.Year(), int(first.Month()), list, to(first.AddDate(0, -1, 0)), to(next)})
}

// monthAsked is the first moment of the month that a request names, or of this one.
func (s *Service) monthAsked(r *http.Request, p *page) time.Time {
	t, err := time.ParseInLocation("2006-01", r.URL.Query().Get("mois"), p.zone)
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		now := time.UnixMilli(s.now()).In(p.zone)
		t = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, p.zone)
	}
	return t
}

type searchData struct {
	Question string
	Cards    []card
	Next     string
	Asked    bool
}

func (s *Service) pageSearch(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	question := strings.Join(strings.Fields(r.URL.Query().Get("q")), " ")
	if len(question) > 200 {
		question = strings.ToValidUTF8(question[:200], "")
	}
	from, err := strconv.Atoi(r.URL.Query().Get("depuis"))
	if err != nil || from < 0 || from > mostLooked {
		from = 0
	}
	list, next, err := s.search(r.Context(), s.db.Reader(), p.Journal.School.ID, p.viewer, question, from, onPage)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	d := searchData{Question: question, Asked: question != "", Cards: list}
	if next > 0 {
		d.Next = p.To("recherche") + "?q=" + escapeQuery(question) + "&depuis=" + strconv.Itoa(next)
	}
	p.Here, p.Title, p.Hidden = "search", p.T("search"), true
	if d.Asked {
		p.Title = p.T("search_for", "words", question)
		if len(list) == 0 {
			p.Title += " — " + p.T("search_none")
		}
	}
	s.write(w, r, p, "search", http.StatusOK, d)
}

type archiveData struct {
	Months []month
	Asked  *month
	Shelf  shelf
}

func (s *Service) pageArchive(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	p.Here, p.Title = "archive", p.T("archive")
	var d archiveData
	err := s.db.Snapshot(r.Context(), func(q store.Queryer) error {
		d = archiveData{}
		oldest, err := s.oldest(r.Context(), q, p)
		if err != nil {
			return err
		}
		if oldest > 0 {
			last, now := time.UnixMilli(oldest).In(p.zone), time.UnixMilli(s.now()).In(p.zone)
			for t := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, p.zone); !t.Before(time.Date(last.Year(), last.Month(), 1, 0, 0, 0, 0, p.zone)) && len(d.Months) < mostMonths; t = t.AddDate(0, -1, 0) {
				d.Months = append(d.Months, month{Year: t.Year(), Month: int(t.Month())})
			}
		}
		if r.URL.Query().Get("mois") == "" {
			return nil
		}
		first := s.monthAsked(r, p)
		d.Asked = &month{Year: first.Year(), Month: int(first.Month())}
		end, id := s.before(r)
		if last := first.AddDate(0, 1, 0).UnixMilli() - 1; last < end {
			end, id = last, ""
		}
		list, more, err := s.cards(r.Context(), q, p.viewer, s.between(p.Journal.School.ID, first.UnixMilli(), end, onPage).past(id))
		d.Shelf = shelf{Cards: list, Empty: p.T("no_articles")}
		if more {
			d.Shelf.Next = p.To("archives") + "?mois=" + first.Format("2006-01") + "&avant=" + goesOn(list[len(list)-1])
		}
		return err
	})
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	s.write(w, r, p, "archive", http.StatusOK, d)
}

func (s *Service) pageContact(w http.ResponseWriter, r *http.Request) {
	s.pagePlain(w, r, "contact", "contact")
}
func (s *Service) pageLegal(w http.ResponseWriter, r *http.Request) {
	s.pagePlain(w, r, "legal", "legal")
}
func (s *Service) pageAccessibility(w http.ResponseWriter, r *http.Request) {
	s.pagePlain(w, r, "accessibility", "accessibility")
}
func (s *Service) pagePrivacy(w http.ResponseWriter, r *http.Request) {
	s.pagePlain(w, r, "privacy", "privacy")
}

// pagePlain is a page of settings and law.
func (s *Service) pagePlain(w http.ResponseWriter, r *http.Request, name, title string) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	p.Title, p.Here = p.T(title), name
	s.write(w, r, p, name, http.StatusOK, map[string]any{"AddressDays": s.addressDays})
}

func (s *Service) pageReceipt(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	if len(r.PathValue("receipt")) > 60 {
		s.fail(w, r, p, fault.New(fault.NotFound, "journal.no_receipt"))
		return
	}
	receipt, err := s.receiptOf(r.Context(), p.Journal.School.ID, r.PathValue("receipt"))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Title, p.Hidden = p.T("receipt"), true
	s.write(w, r, p, "receipt", http.StatusOK, receipt)
}
