package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"preau/internal/fault"
	"preau/internal/journal/bring"
	"preau/internal/journal/text"
	"preau/internal/store"
)

// Document is the editor's own JSON. Package text says what it may hold.
type Document json.RawMessage

// MarshalJSON gives it as it is.
func (d Document) MarshalJSON() ([]byte, error) {
	if len(d) == 0 {
		return []byte("{}"), nil
	}
	return d, nil
}

// UnmarshalJSON keeps it as it is.
func (d *Document) UnmarshalJSON(b []byte) error { *d = slices.Clone(b); return nil }

// Schema says that it is an object.
func (Document) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// Source is where something was found.
type Source struct {
	Title string `json:"title" maxLength:"200"`
	URL   string `json:"url" maxLength:"600"`
}

// Cited is what a brief of the press review is about.
type Cited struct {
	Author string `json:"author" maxLength:"120"`
	Title  string `json:"title" maxLength:"200"`
	Outlet string `json:"outlet" maxLength:"120"`
	Date   string `json:"date" maxLength:"10" doc:"YYYY, YYYY-MM or YYYY-MM-DD."`
	URL    string `json:"url" maxLength:"600"`
	Quote  string `json:"quote" maxLength:"400" doc:"Kept short: the law allows a short quotation with its author and source."`
}

// Happening is when and where an event takes place.
type Happening struct {
	StartsAt int64  `json:"startsAt"`
	EndsAt   int64  `json:"endsAt,omitempty"`
	Place    string `json:"place" maxLength:"160"`
}

// About is what a revision holds beside its text.
type About struct {
	Sources    []Source   `json:"sources,omitempty" maxItems:"40"`
	Documents  []string   `json:"documents,omitempty" maxItems:"20" doc:"Ids of attached files."`
	Tags       []string   `json:"tags,omitempty" maxItems:"12"`
	Cited      *Cited     `json:"cited,omitempty" doc:"Of a brief."`
	Happening  *Happening `json:"happening,omitempty" doc:"Of an event."`
	Themes     []string   `json:"themes,omitempty" maxItems:"6"`
	Collective string     `json:"collective,omitempty" maxLength:"36"`
	Audience   Audience   `json:"audience" enum:"group,school,network,public"`
	Group      string     `json:"group,omitempty" maxLength:"36" doc:"With the audience group."`
}

// Content is all that an author writes in a piece. Where it is filed and how
// far it is seen are part of it, so that they are reviewed with it.
type Content struct {
	Title      string   `json:"title" maxLength:"160"`
	Kicker     string   `json:"kicker,omitempty" maxLength:"120"`
	Standfirst string   `json:"standfirst,omitempty" maxLength:"800"`
	PictureID  string   `json:"pictureId,omitempty" maxLength:"36"`
	PictureAlt string   `json:"pictureAlt,omitempty" maxLength:"400"`
	Credit     string   `json:"credit,omitempty" maxLength:"200"`
	About      About    `json:"about"`
	Body       Document `json:"body"`
}

// piece is a row of journal_piece.
type piece struct {
	ID, School, Kind  string
	State             State
	Slug              *string
	Collective        *string
	Audience          Audience
	Group             *string
	LiveID, WorkID    *string
	Holder            *string
	AskedAt           *int64
	PublishedAt       *int64
	FirstAt           *int64
	ChangedAt         int64
	HiddenAt          *int64
	HappensAt         *int64
	Visits, Additions int64
	Version           int64
	CreatedAt         int64
	Moved             bool
	Authors           []Author
}

const pieceColumns = `p.id, p.school_id, p.kind, p.status, p.change, p.slug, p.collective_id, p.audience, p.group_id, p.live_id, p.work_id, p.holder, p.asked_at,
	p.published_at, p.first_at, p.changed_at, p.hidden_at, p.happens_at, p.visits, p.additions, p.version, p.created_at, p.moved`

func (p *piece) into() []any {
	return []any{&p.ID, &p.School, &p.Kind, &p.State.Status, &p.State.Change, &p.Slug, &p.Collective, &p.Audience, &p.Group, &p.LiveID, &p.WorkID, &p.Holder, &p.AskedAt,
		&p.PublishedAt, &p.FirstAt, &p.ChangedAt, &p.HiddenAt, &p.HappensAt, &p.Visits, &p.Additions, &p.Version, &p.CreatedAt, &p.Moved}
}

// pieceWhere reads a piece with its authors.
func pieceWhere(ctx context.Context, q store.Queryer, condition string, arguments ...any) (piece, error) {
	var p piece
	err := q.QueryRowContext(ctx, "SELECT "+pieceColumns+" FROM journal_piece p WHERE "+condition, arguments...).Scan(p.into()...)
	if errors.Is(err, sql.ErrNoRows) {
		return p, noPiece()
	}
	if err != nil {
		return p, err
	}
	rows, err := q.QueryContext(ctx, "SELECT "+authorColumns+", 1 - x.agreed FROM journal_piece_author x JOIN journal_author a ON a.id = x.author_id WHERE x.piece_id = $1 ORDER BY x.rank LIMIT 20", p.ID)
	p.Authors, err = collect(rows, err, func(r *sql.Rows, a *Author) error { return r.Scan(&a.ID, &a.PenName, &a.Of, &a.Invited) })
	p.State.Grown = !slices.ContainsFunc(p.Authors, func(a Author) bool { return a.Of == "seat" && !a.Invited })
	p.State.Moved = p.Moved && !slices.ContainsFunc(p.Authors, func(a Author) bool { return a.Of != "outside" && !a.Invited })
	return p, err
}

func pieceBy(ctx context.Context, q store.Queryer, school, id string) (piece, error) {
	return pieceWhere(ctx, q, "p.id = $1 AND p.school_id = $2", id, school)
}

// authorIDs are those who sign: who was asked to and has not said yes does not.
func (p piece) authorIDs() (out []string) {
	for _, a := range p.Authors {
		if !a.Invited {
			out = append(out, a.ID)
		}
	}
	return out
}

// invites says that somebody is asked to sign the piece.
func (p piece) invites(author string) bool {
	return slices.ContainsFunc(p.Authors, func(a Author) bool { return a.Invited && a.ID == author })
}

// shows says whether readers may see the piece at a moment.
func (p piece) shows(now int64) bool {
	return p.State.Status == Published && p.HiddenAt == nil && p.PublishedAt != nil && *p.PublishedAt <= now
}

// revision is one numbered content of a piece.
type revision struct {
	ID          string
	N           int
	ByAuthor    string
	CreatedAt   int64
	SavedAt     int64
	PublishedAt *int64
	Content
}

const revisionColumns = "r.id, r.n, r.by_author, r.created_at, r.saved_at, r.published_at, r.title, r.kicker, r.standfirst, coalesce(r.picture_id, ''), r.picture_alt, r.credit, r.about, r.body"

func scanRevision(row interface{ Scan(...any) error }) (revision, error) {
	var r revision
	var about, body string
	err := row.Scan(&r.ID, &r.N, &r.ByAuthor, &r.CreatedAt, &r.SavedAt, &r.PublishedAt, &r.Title, &r.Kicker, &r.Standfirst, &r.PictureID, &r.PictureAlt, &r.Credit, &about, &body)
	if err != nil {
		return r, err
	}
	r.Body = Document(body)
	return r, json.Unmarshal([]byte(about), &r.About)
}

// altOf is what the revision says of a picture, "" when it says nothing.
func (r revision) altOf(file string) (string, error) {
	if r.PictureID == file {
		return r.PictureAlt, nil
	}
	doc, err := text.Parse(r.Body)
	return doc.Alt(file), err
}

func revisionBy(ctx context.Context, q store.Queryer, piece, id string) (revision, error) {
	r, err := scanRevision(q.QueryRowContext(ctx, "SELECT "+revisionColumns+" FROM journal_revision r WHERE r.id = $1 AND r.piece_id = $2", id, piece))
	if errors.Is(err, sql.ErrNoRows) {
		err = noPiece()
	}
	return r, err
}

// tidy checks what an author wrote. A draft may be unfinished: see finished.
func (c *Content) tidy(kind string) error {
	for _, f := range []struct {
		text  *string
		most  int
		field string
	}{{&c.Title, 160, "title"}, {&c.Kicker, 120, "kicker"}, {&c.PictureAlt, 400, "pictureAlt"}, {&c.Credit, 200, "credit"}} {
		var err error
		if *f.text, err = line(*f.text, f.most, f.field); err != nil {
			return err
		}
	}
	var err error
	if c.Standfirst, err = block(c.Standfirst, 800, "standfirst"); err != nil {
		return err
	}
	if len(c.Body) == 0 || string(c.Body) == "{}" || string(c.Body) == "null" {
		c.Body = Document(`{"type":"doc","content":[]}`)
	}
	if _, err := text.Parse(c.Body); err != nil {
		return err
	}
	return c.About.tidy(kind)
}

func (a *About) tidy(kind string) error {
	if a.Audience == "" {
		a.Audience = ToSchool
	}
	if !a.Audience.within(ToPublic) {
		return fault.New(fault.Invalid, "journal.audience_unknown").At("audience")
	}
	if (a.Audience == ToGroup) != (a.Group != "") {
		return missing("group")
	}
	var err error
	for i := range a.Sources {
		src := &a.Sources[i]
		if src.Title, err = line(src.Title, 200, "sources"); err != nil {
			return err
		}
		if src.URL, err = webAddress(src.URL, "sources"); err != nil {
			return err
		}
	}
	var tags []string
	for _, tag := range a.Tags {
		if tag, err = line(tag, 40, "tags"); err != nil {
			return err
		}
		if slugOf(tag, 40) != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	a.Tags = tags
	switch kind {
	case "brief":
		if a.Cited == nil {
			a.Cited = &Cited{}
		}
		a.Happening = nil
		return a.Cited.tidy()
	case "event":
		a.Cited = nil
		if a.Happening == nil {
			a.Happening = &Happening{}
		}
		a.Happening.Place, err = line(a.Happening.Place, 160, "place")
		if a.Happening.EndsAt != 0 && a.Happening.EndsAt < a.Happening.StartsAt {
			return fault.New(fault.Invalid, "journal.until_wrong").At("endsAt")
		}
		return err
	}
	a.Cited, a.Happening = nil, nil
	return nil
}

func (c *Cited) tidy() error {
	for _, f := range []struct {
		text  *string
		most  int
		field string
	}{{&c.Author, 120, "author"}, {&c.Title, 200, "citedTitle"}, {&c.Outlet, 120, "outlet"}, {&c.Quote, 400, "quote"}} {
		var err error
		if *f.text, err = line(*f.text, f.most, f.field); err != nil {
			return err
		}
	}
	if c.Date != "" && !isDate(c.Date) {
		return fault.New(fault.Invalid, "journal.date_form").At("date")
	}
	var err error
	c.URL, err = webAddress(c.URL, "url")
	return err
}

// isDate knows YYYY, YYYY-MM and YYYY-MM-DD.
func isDate(s string) bool {
	for _, form := range []string{"2006", "2006-01", "2006-01-02"} {
		if len(s) == len(form) {
			_, err := parseTime(form, s)
			return err == nil
		}
	}
	return false
}

// webAddress lets http and https alone through, and nothing that hides where it
// leads.
func webAddress(s, field string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	wrong := fault.New(fault.Invalid, "journal.address_form").At(field)
	if len(s) > 600 || !utf8.ValidString(s) {
		return "", wrong
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", wrong
	}
	return u.String(), nil
}

// finished refuses what cannot be proposed yet.
func (c Content) finished(kind string) error {
	if c.Title == "" {
		return missing("title")
	}
	if c.PictureID != "" && c.PictureAlt == "" {
		return fault.New(fault.Invalid, "journal.alt_needed").At("pictureAlt")
	}
	switch kind {
	case "brief":
		if c.About.Cited.Title == "" || c.About.Cited.Outlet == "" {
			return missing("outlet")
		}
		if c.About.Cited.Date == "" {
			return missing("date")
		}
	case "event":
		if c.About.Happening.StartsAt <= 0 {
			return missing("startsAt")
		}
	}
	doc, err := text.Parse(c.Body)
	if err != nil {
		return err
	}
	if slices.Contains(doc.Alts(), bring.Undescribed) || c.PictureAlt == bring.Undescribed {
		return fault.New(fault.Invalid, "journal.alt_needed").At("body")
	}
	if kind == "article" && strings.TrimSpace(doc.Plain()) == "" {
		return missing("body")
	}
	return nil
}

// files are the ids of all files that a content shows.
func (c Content) files() []string {
	var out []string
	if c.PictureID != "" {
		out = append(out, c.PictureID)
	}
	out = append(out, c.About.Documents...)
	if doc, err := text.Parse(c.Body); err == nil {
		out = append(out, doc.Files()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
