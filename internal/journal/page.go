package journal

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/i18n"
)

//go:embed templates/*.html
var templateFiles embed.FS

// parsePages reads every page with the layout and the parts that it uses.
func parsePages() (map[string]*template.Template, error) {
	base, err := template.ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	entries, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		own, err := base.Clone()
		if err == nil {
			own, err = own.ParseFS(templateFiles, path.Join("templates", e.Name()))
		}
		if err != nil {
			return nil, err
		}
		pages[name] = own
	}
	return pages, nil
}

// page is what every template has at hand.
type page struct {
	s        *Service
	locale   i18n.Locale
	zone     *time.Location
	viewer   viewer
	Lang     string
	Journal  journal
	Director string
	Member   bool
	Here     string // which entry of the menu is this page
	Title    string
	About    string // for engines and previews of links
	Path     string // of this page, for its canonical address
	Feed     string
	Picture  string // that goes with a link to this page
	Kind     string // "article" or "website", as OpenGraph has it
	Hidden   bool   // engines stay away
	Static   bool   // it is a page of a copy, where nothing can be sent or searched
	Licence  string // of a copy
	Style    string
	Script   string
	Data     any
}

// Bare says that the page is of no journal.
func (p *page) Bare() bool { return p.Journal.Slug == "" }

// T gives a text of the catalogue; arguments go by pairs.
func (p *page) T(key string, pairs ...any) string {
	named := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		named[pairs[i].(string)] = pairs[i+1]
	}
	return p.s.texts.T(p.locale, "journal."+key, named)
}

// To is the address of a page of this journal.
func (p *page) To(parts ...string) string {
	out := "/journal/" + url.PathEscape(p.Journal.Slug)
	for _, part := range parts {
		out += "/" + url.PathEscape(part)
	}
	return out
}

// Absolute is an address that also works elsewhere.
func (p *page) Absolute(path string) string { return p.s.origin + path }

// File is where a file is.
func (p *page) File(id string) string { return "/journal-files/" + url.PathEscape(id) }

// Now is the present, for what says when it was made.
func (p *page) Now() int64 { return p.s.now() }

// ISO is a moment for machines.
func (p *page) ISO(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

// Day is a date in words: « mardi 3 mars 2026 ».
func (p *page) Day(ms int64) string {
	t := time.UnixMilli(ms).In(p.zone)
	return p.T("date_day", "weekday", p.T("weekday_"+digit(int(t.Weekday()))), "day", p.dayNumber(t.Day()), "month", p.T("month_"+digit(int(t.Month()))), "year", t.Year())
}

// Hour is a time of the day: « 8 h 30 ».
func (p *page) Hour(ms int64) string {
	t := time.UnixMilli(ms).In(p.zone)
	minutes := t.Format("04")
	if minutes == "00" {
		return p.T("date_hour", "hour", t.Hour())
	}
	return p.T("date_time", "hour", t.Hour(), "minutes", minutes)
}

// Month is a month in words.
func (p *page) Month(year, month int) string {
	return p.T("date_month", "month", p.T("month_"+digit(month)), "year", year)
}

// Partial is a date as a brief cites it, which may lack its day or month.
func (p *page) Partial(date string) string {
	for _, form := range []string{"2006-01-02", "2006-01"} {
		t, err := time.Parse(form, date)
		if err != nil {
			continue
		}
		if form == "2006-01" {
			return p.Month(t.Year(), int(t.Month()))
		}
		return p.T("date_short", "day", p.dayNumber(t.Day()), "month", p.T("month_"+digit(int(t.Month()))), "year", t.Year())
	}
	return date
}

func (p *page) dayNumber(day int) string {
	if day == 1 {
		return p.T("date_first")
	}
	return digit(day)
}

func digit(n int) string {
	if n >= 10 {
		return digit(n/10) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

// Lines cuts what a reader wrote into paragraphs, for the template to escape.
func (p *page) Lines(text string) [][]string {
	var out [][]string
	for block := range strings.SplitSeq(text, "\n\n") {
		if block = strings.Trim(block, "\n"); block != "" {
			out = append(out, strings.Split(block, "\n"))
		}
	}
	return out
}

// Names joins pen names; somebody who was erased has none.
func (p *page) Names(names []string) string {
	if len(names) == 0 {
		return p.T("nobody")
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + p.T("and") + " " + names[len(names)-1]
}

// zoneOf reads each of the few time zones of the installation once.
func (s *Service) zoneOf(name string) *time.Location {
	if z, ok := s.zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		z = time.UTC
	}
	s.zones.Store(name, z)
	return z
}

// open finds the journal that a page is of and what its reader may see.
func (s *Service) open(r *http.Request) (*page, error) {
	ctx := r.Context()
	j, err := s.journalAt(ctx, r.PathValue("journal"))
	if err != nil {
		return nil, err
	}
	copied := copyOf(ctx)
	v, err := s.viewerOf(ctx, j.School)
	if copied != nil {
		v, err = copied.viewer, nil
	}
	if err != nil {
		return nil, err
	}
	v = v.capped(j.Widest)
	if copied == nil && !j.Opened && v.staff == "" && (v.seat == "" || r.PathValue("piece") == "") || v.nothing() {
		return nil, fault.New(fault.NotFound, "journal.not_open")
	}
	director, err := s.director(ctx, j)
	if err != nil {
		return nil, err
	}
	p := s.bare(ctx)
	p.Journal, p.Director, p.viewer, p.zone = j, director, v, s.zoneOf(j.School.Zone)
	p.Member = v.staff != "" || v.seat != ""
	p.Path, p.Kind, p.Title, p.About = r.URL.Path, "website", j.Title, j.Subtitle
	p.Feed = p.To("flux.atom")
	p.Hidden = j.Widest != ToPublic || !j.Opened
	if copied != nil {
		p.Static, p.Licence, p.locale, p.Lang, p.Member = true, copied.licence, "fr", "fr", false
	}
	return p, nil
}

// bare is a page of no journal.
func (s *Service) bare(ctx context.Context) *page {
	locale := httpx.Locale(ctx)
	return &page{s: s, locale: locale, Lang: string(locale), zone: time.UTC, Style: s.style.path, Script: s.work.path, Kind: "website"}
}

// write answers with a page. It is written whole before anything is sent.
func (s *Service) write(w http.ResponseWriter, r *http.Request, p *page, name string, status int, data any) {
	p.Data = data
	var body bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&body, "layout", p); err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes()) // the client may be gone: nothing to do about it
	}
}

// fail answers with a page that says what happened.
func (s *Service) fail(w http.ResponseWriter, r *http.Request, p *page, err error) {
	problem := s.api.ProblemOf(r.Context(), err)
	if p == nil {
		p = s.bare(r.Context())
	}
	p.Title, p.Hidden, p.Here = problem.Title, true, ""
	s.write(w, r, p, "error", problem.Status, problem)
}

// Conformity is what each page says of the journal's accessibility (decree
// 2019-768, article 4).
func (p *page) Conformity() string { return p.T("conforms_" + p.Journal.Accessible) }

// Marks are the attributes of a field of a form: what describes it, and that it is
// the one to correct, which takes focus.
func (p *page) Marks(form formData, field, hint string) template.HTMLAttr {
	describedBy, out := hint, ""
	if form.Error != "" && form.Field == field {
		describedBy = strings.TrimSpace(hint + " erreur")
		out = ` aria-invalid="true" autofocus`
	}
	if describedBy != "" {
		out += ` aria-describedby="` + describedBy + `"`
	}
	return template.HTMLAttr(out)
}

// refuse says what is wrong with a form, and with which of its fields.
func (p *page) refuse(form *formData, f *fault.Error, labels map[string]string) {
	form.Error, form.Field = p.s.texts.T(p.locale, f.Key, f.Args), f.Field
	if key := labels[f.Field]; key != "" {
		form.Label = p.T(key)
	}
}

// titled is a page's title, which says first that something is to be corrected.
func (p *page) titled(form formData, title string) string {
	if form.Error == "" {
		return title
	}
	return p.T("wrong_title", "title", title)
}

// part is a piece of a list with the page that shows it.
type part struct {
	Page *page
	Item any
}

// With gives a part of a page to a template of its own.
func (p *page) With(item any) part { return part{p, item} }

// Tag is where the pieces under a free tag are.
func (p *page) Tag(name string) string { return p.To("mot", slugOf(name, 40)) }

// ArchiveOf is where a month of the archive is.
func (p *page) ArchiveOf(year, month int) string {
	return p.To("archives") + "?mois=" + time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// CollectiveKind, ReportWhy, ReceiptTitle and ReceiptText word what the code
// says in a word.
func (p *page) CollectiveKind(kind string) string { return p.T("collective_" + kind) }

// ReportWhy words a reason to report.
func (p *page) ReportWhy(why string) string { return p.T("why_" + why) }

// ReceiptTitle words where a message stands.
func (p *page) ReceiptTitle(kind, status string) string {
	return p.T("got_" + kind + "_" + p.told(status))
}

// ReceiptText says what that means.
func (p *page) ReceiptText(kind, status string) string {
	return p.T("is_" + kind + "_" + p.told(status))
}

// told is a status as its sender is told: what was set aside as spam waits.
func (p *page) told(status string) string {
	if status == "spam" {
		return "waiting"
	}
	return status
}

// Slug is the address of the piece that is read.
func (d articleData) Slug() string { return value(d.Piece.Slug) }

// At is the date that it bears.
func (d articleData) At() int64 { return value(d.Piece.PublishedAt) }
