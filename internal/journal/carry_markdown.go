package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"preau/internal/store"
)

// frontMatter is YAML in which each text is a double-quoted scalar: nothing that
// somebody wrote is read as anything else.
type frontMatter struct{ strings.Builder }

func quoted(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfffe && r <= 0xffff:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}

func (f *frontMatter) text(key, value string) {
	if value != "" {
		f.WriteString(key + ": " + quoted(value) + "\n")
	}
}

func (f *frontMatter) list(key string, values []string) {
	if len(values) == 0 {
		return
	}
	f.WriteString(key + ":\n")
	for _, v := range values {
		f.WriteString("  - " + quoted(v) + "\n")
	}
}

// maps writes a list of things, each of pairs of a key and its value.
func (f *frontMatter) maps(key string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	f.WriteString(key + ":\n")
	for _, row := range rows {
		mark := "  - "
		for i := 0; i+1 < len(row); i += 2 {
			if row[i+1] != "" {
				f.WriteString(mark + row[i] + ": " + quoted(row[i+1]) + "\n")
				mark = "    "
			}
		}
	}
}

// copyMarkdown writes a file for each piece, pictures and documents beside.
func (s *Service) copyMarkdown(ctx context.Context, j journal, v viewer, c Copying, sink Sink, one func() error) error {
	q := s.db.Reader()
	p := s.bare(ctx)
	p.Journal, p.viewer, p.zone, p.locale = j, v, s.zoneOf(j.School.Zone), "fr"
	written := map[string]string{}
	for skip := 0; skip < mostCopied; skip += 200 {
		l := s.between(j.School.ID, 0, s.now(), 200)
		l.skip, l.order = skip, "p.published_at, p.id"
		list, more, err := s.cards(ctx, q, v, l)
		if err != nil {
			return err
		}
		for _, card := range list {
			if err := s.copyPiece(ctx, q, p, card, c, sink, written); err != nil {
				return err
			}
			if err := one(); err != nil {
				return err
			}
		}
		if !more {
			break
		}
	}
	out, err := sink("journal.md")
	if err != nil {
		return err
	}
	var f frontMatter
	f.text("title", j.Title)
	f.text("subtitle", j.Subtitle)
	f.text("school", j.School.Name)
	f.text("publisher", j.Publisher)
	f.text("contact", j.Contact)
	f.text("licence", c.Licence)
	f.text("copied", p.ISO(s.now()))
	_, err = fmt.Fprintf(out, "---\n%s---\n\n%s\n", f.String(), p.T("copied_readme"))
	return err
}

func (s *Service) copyPiece(ctx context.Context, q store.Queryer, p *page, card card, c Copying, sink Sink, written map[string]string) error {
	found, err := pieceBy(ctx, q, p.Journal.School.ID, card.ID)
	if err != nil {
		return err
	}
	live, err := revisionBy(ctx, q, found.ID, value(found.LiveID))
	if err != nil {
		return err
	}
	d := articleData{Piece: found}
	if err := s.fillArticle(ctx, q, p, &d, live.Content); err != nil {
		return err
	}
	var problem error
	place := func(id string) string {
		at, known := written[id]
		if !known {
			var ok bool
			if at, ok, err = s.copyFile(ctx, p.Journal.School.ID, id, sink, fileName); err != nil || !ok {
				problem, at = err, ""
			}
			written[id] = at
		}
		if at == "" {
			return ""
		}
		return "../" + at
	}
	body := d.Doc.Markdown(place)
	front, err := s.frontOf(ctx, q, p, &d, live, c, place)
	if err != nil || problem != nil {
		return errors.Join(err, problem)
	}
	out, err := sink("articles/" + time.UnixMilli(card.PublishedAt).In(p.zone).Format(time.DateOnly) + "-" + card.Slug + ".md")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "---\n%s---\n\n%s", front, body)
	return err
}

func (s *Service) frontOf(ctx context.Context, q store.Queryer, p *page, d *articleData, live revision, c Copying, place func(string) string) (string, error) {
	var f frontMatter
	about := live.About
	f.text("title", live.Title)
	f.text("kicker", live.Kicker)
	f.text("standfirst", live.Standfirst)
	f.text("kind", d.Piece.Kind)
	f.text("date", p.ISO(value(d.Piece.PublishedAt)))
	if live.N > 1 && live.PublishedAt != nil {
		f.text("changed", p.ISO(*live.PublishedAt))
	}
	f.text("slug", value(d.Piece.Slug))
	f.text("audience", string(d.Piece.Audience))
	f.text("licence", c.Licence)
	f.list("authors", d.Names)
	var names []string
	for _, t := range d.Themes {
		names = append(names, t.Name)
	}
	f.list("themes", names)
	f.list("tags", about.Tags)
	if d.Collect != nil {
		f.text("collective", d.Collect.Name)
	}
	if d.Picture != nil {
		f.maps("picture", [][]string{{"file", place(d.Picture.ID), "alt", live.PictureAlt, "credit", live.Credit}})
	}
	var rows [][]string
	for _, doc := range d.Documents {
		rows = append(rows, []string{"file", place(doc.ID), "name", doc.Name})
	}
	f.maps("documents", rows)
	rows = nil
	for _, src := range about.Sources {
		rows = append(rows, []string{"title", src.Title, "url", src.URL})
	}
	f.maps("sources", rows)
	if q := about.Cited; q != nil {
		f.maps("cited", [][]string{{"author", q.Author, "title", q.Title, "outlet", q.Outlet, "date", q.Date, "url", q.URL, "quote", q.Quote}})
	}
	if h := about.Happening; h != nil {
		ends := ""
		if h.EndsAt > 0 {
			ends = p.ISO(h.EndsAt)
		}
		f.maps("event", [][]string{{"starts", p.ISO(h.StartsAt), "ends", ends, "place", h.Place}})
	}
	replies, err := repliesOf(ctx, q, d.Piece.ID)
	if err != nil {
		return "", err
	}
	rows = nil
	for _, r := range replies {
		rows = append(rows, []string{"name", r.Name, "passages", r.Passages, "text", r.Text})
	}
	f.maps("replies", rows)
	rows = nil
	for after, more := "", true; more && len(rows) < mostCopied; {
		var list []addition
		if list, more, err = additionsOf(ctx, q, d.Piece.ID, after); err != nil {
			return "", err
		}
		for _, a := range list {
			rows = append(rows, []string{"name", a.Name, "date", p.ISO(a.At), "text", a.Text, "link", a.Link, "answer", a.Answer})
			after = a.ID
		}
	}
	f.maps("contributions", rows)
	return f.String(), nil
}
