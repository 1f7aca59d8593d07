package journal

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/journal/bring"
	"preau/internal/store"
)

// MoveReport is what an export of another site holds, told before anything is
// written, and what was made of it once it is.
type MoveReport struct {
	Format      string       `json:"format" enum:"wordpress,atom,rss,spip"`
	Name        string       `json:"name" doc:"Of the old site."`
	URL         string       `json:"url"`
	Pieces      int          `json:"pieces"`
	Public      int          `json:"public" doc:"That everybody could read there."`
	Already     int          `json:"already" doc:"That an earlier import has brought."`
	Comments    int          `json:"comments"`
	Pending     int          `json:"pending" doc:"Comments that nobody had let through."`
	Pictures    int          `json:"pictures" doc:"That the pieces show."`
	Missing     int          `json:"missing" doc:"Of them, not in the zip."`
	Undescribed int          `json:"undescribed" doc:"Pieces with a picture without words: they stay drafts."`
	Zipped      int          `json:"zipped" doc:"Files of the zip of pictures."`
	Authors     []MoveAuthor `json:"authors" nullable:"false"`
	Themes      []string     `json:"themes" nullable:"false"`
	Left        []MoveNote   `json:"left" nullable:"false" doc:"What the journal does not take at all."`
	Lines       []MoveLine   `json:"lines" nullable:"false"`
	Made        *MoveMade    `json:"made,omitempty" doc:"Once it is done."`
}

// MoveAuthor is a name that signs in the old site.
type MoveAuthor struct {
	Name   string `json:"name"`
	Pieces int    `json:"pieces"`
}

// MoveNote is something lost or refused, in words.
type MoveNote struct {
	bring.Note
	Text string `json:"text"`
}

// MoveLine is a piece of the old site.
type MoveLine struct {
	Title    string     `json:"title"`
	Kind     string     `json:"kind" enum:"article,brief"`
	At       int64      `json:"at,omitempty"`
	Public   bool       `json:"public"`
	Already  bool       `json:"already,omitempty"`
	Draft    bool       `json:"draft,omitempty" doc:"It stays a draft whatever is chosen."`
	Pictures int        `json:"pictures,omitempty"`
	Comments int        `json:"comments,omitempty"`
	Notes    []MoveNote `json:"notes" nullable:"false"`
	PieceID  string     `json:"pieceId,omitempty" doc:"Once it is made."`
}

// MoveMade is what an import has written.
type MoveMade struct {
	Published int `json:"published"`
	Drafts    int `json:"drafts"`
	Already   int `json:"already"`
	Refused   int `json:"refused"`
	Comments  int `json:"comments"`
	Files     int `json:"files"`
	NoFiles   int `json:"noFiles" doc:"Pictures and documents that were refused or missing."`
}

// MoveChoice is how an export is to come in.
type MoveChoice struct {
	Published bool         `json:"published" doc:"What was public comes out with its date; everything is a draft otherwise."`
	Audience  Audience     `json:"audience" enum:"school,network,public"`
	Comments  string       `json:"comments" enum:"waiting,shown,none" doc:"What becomes of comments that the old site showed."`
	Names     []MoveRename `json:"names,omitempty" maxItems:"500" doc:"Who signs under which pen name; the others under their own."`
}

// MoveRename gives somebody of the old site a pen name.
type MoveRename struct {
	From string `json:"from" maxLength:"60"`
	To   string `json:"to" maxLength:"40" doc:"Empty: the old site signs."`
}

func (c *MoveChoice) check(j journal) error {
	if c.Audience == "" {
		c.Audience = ToSchool
	}
	if c.Comments == "" {
		c.Comments = "waiting"
	}
	if c.Audience == ToGroup || !c.Audience.within(j.Widest) {
		return fault.New(fault.Invalid, "journal.audience_wide").At("audience")
	}
	return nil
}

// signs is the pen name of somebody of the old site.
func (c *MoveChoice) signs(name, old string) string {
	for _, r := range c.Names {
		if r.From == name {
			name = r.To
		}
	}
	if len(penKey(name)) < 2 {
		return old
	}
	return name
}

// originOf is what is kept of what the old site knew a piece by.
func originOf(p bring.Piece) string {
	sum := sha256.Sum256([]byte(p.Origin))
	return hex.EncodeToString(sum[:])
}

// broughtBefore says which pieces are there already, by their origin.
func broughtBefore(ctx context.Context, q store.Queryer, school string, pieces []bring.Piece) (map[string]string, error) {
	out := map[string]string{}
	for chunk := range slices.Chunk(pieces, 100) {
		a := args{school}
		marks := make([]string, len(chunk))
		for i, p := range chunk {
			marks[i] = a.add(originOf(p))
		}
		rows, err := q.QueryContext(ctx, "SELECT origin, piece_id FROM journal_old WHERE school_id = $1 AND origin IN ("+strings.Join(marks, ", ")+")", a...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var origin, piece string
			if err := rows.Scan(&origin, &piece); err != nil {
				rows.Close()
				return nil, err
			}
			out[origin] = piece
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// LookAt tells what an export holds, without writing anything.
func (s *Service) LookAt(ctx context.Context, school string, site *bring.Site, packs []*bring.Pack) (MoveReport, error) {
	r := MoveReport{Format: string(site.Format), Name: site.Name, URL: site.URL, Pieces: len(site.Pieces), Pending: site.Pending, Authors: []MoveAuthor{}, Themes: []string{}, Left: notesOf(site.Left), Lines: []MoveLine{}}
	for _, p := range packs {
		r.Zipped += p.Count()
	}
	before, err := broughtBefore(ctx, s.db.Reader(), school, site.Pieces)
	if err != nil {
		return r, err
	}
	authors, themes := map[string]int{}, map[string]bool{}
	for i := range site.Pieces {
		p := &site.Pieces[i]
		l := MoveLine{Title: p.Title, Kind: p.Kind, At: p.At, Public: p.Public, Comments: len(p.Comments), Draft: p.Notes.Has("movers.picture_undescribed")}
		_, l.Already = before[originOf(*p)]
		files := filesOf(p)
		l.Pictures = len(files)
		missing := 0
		for _, f := range files {
			if packFor(packs, f.Ref) == nil {
				missing++
				p.Notes.Add("movers.picture_missing", path.Base(f.Ref))
			}
		}
		l.Notes = notesOf(p.Notes)
		r.Pictures, r.Missing, r.Comments = r.Pictures+len(files), r.Missing+missing, r.Comments+len(p.Comments)
		r.Public, r.Already, r.Undescribed = r.Public+number(p.Public), r.Already+number(l.Already), r.Undescribed+number(l.Draft)
		for _, name := range p.Authors {
			authors[name]++
		}
		for _, name := range p.Themes {
			themes[name] = true
		}
		r.Lines = append(r.Lines, l)
	}
	for name, n := range authors {
		if len(r.Authors) < 500 {
			r.Authors = append(r.Authors, MoveAuthor{name, n})
		}
	}
	slices.SortFunc(r.Authors, func(a, b MoveAuthor) int {
		return cmp.Or(b.Pieces-a.Pieces, strings.Compare(a.Name, b.Name))
	})
	for name := range themes {
		r.Themes = append(r.Themes, name)
	}
	slices.Sort(r.Themes)
	return r, nil
}

func notesOf(list []bring.Note) []MoveNote {
	out := make([]MoveNote, len(list))
	for i, n := range list {
		out[i].Note = n
	}
	return out
}

// word puts the notes of a report in the words of a language.
func (r *MoveReport) word(texts *i18n.Catalogue, locale i18n.Locale) {
	put := func(list []MoveNote) {
		for i, n := range list {
			list[i].Text = texts.T(locale, n.Key, map[string]any{"count": n.Count, "what": n.What})
		}
	}
	put(r.Left)
	for i := range r.Lines {
		put(r.Lines[i].Notes)
	}
}

// filesOf lists all that a piece of the old site shows or gives.
func filesOf(p *bring.Piece) []bring.Picture {
	out := p.Body.Pictures()
	if p.Lead != nil {
		out = append(out, *p.Lead)
	}
	return append(out, p.Documents...)
}

func packFor(packs []*bring.Pack, ref string) *bring.Pack {
	for _, p := range packs {
		if p.Has(ref) {
			return p
		}
	}
	return nil
}
