package journal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/journal/bring"
	"preau/internal/picture"
	"preau/internal/store"
)

// mover writes the pieces of an old site, one after the other. It may be stopped
// anywhere and begun again: what is there stays as it is.
type mover struct {
	s      *Service
	j      journal
	site   *bring.Site
	packs  []*bring.Pack
	choice MoveChoice
	old    string // who signs where nobody does
	files  map[string]string
	paths  map[string]bool // of the pieces that come
	report *MoveReport
	made   MoveMade
}

// Bring writes an export into the journal. tell hears how far it has come.
func (s *Service) Bring(ctx context.Context, school string, site *bring.Site, packs []*bring.Pack, choice MoveChoice, report *MoveReport, tell func(step, total int) error) (MoveMade, error) {
	j, err := s.journalOf(ctx, s.db.Reader(), school)
	if err != nil {
		return MoveMade{}, err
	}
	if err := choice.check(j); err != nil {
		return MoveMade{}, err
	}
	m := &mover{s: s, j: j, site: site, packs: packs, choice: choice, report: report, files: map[string]string{}, paths: map[string]bool{}}
	m.old = s.texts.T("fr", "movers.old_site", nil)
	before, err := broughtBefore(ctx, s.db.Reader(), school, site.Pieces)
	if err != nil {
		return MoveMade{}, err
	}
	for _, p := range site.Pieces {
		for _, at := range p.Paths {
			m.paths[at] = true
		}
	}
	order := make([]int, len(site.Pieces))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(site.Pieces[a].At, site.Pieces[b].At) })
	for step, i := range order {
		if err := ctx.Err(); err != nil {
			return m.made, err
		}
		p := &site.Pieces[i]
		if id, there := before[originOf(*p)]; there {
			m.made.Already++
			m.line(i).PieceID = id
		} else if err := m.place(ctx, p, m.line(i)); err != nil {
			return m.made, err
		}
		if err := tell(step+1, len(order)); err != nil {
			return m.made, err
		}
	}
	return m.made, nil
}

func (m *mover) line(i int) *MoveLine {
	if m.report == nil || i >= len(m.report.Lines) {
		return &MoveLine{}
	}
	return &m.report.Lines[i]
}

// place writes one piece with its files, authors, comments and addresses. A
// piece that the journal refuses is told in the report, and the others go on.
func (m *mover) place(ctx context.Context, p *bring.Piece, l *MoveLine) error {
	given := map[string]string{}
	for _, f := range filesOf(p) {
		id, err := m.file(ctx, f, p)
		if err != nil {
			return err
		}
		given[f.Ref] = id
	}
	l.Notes = notesOf(p.Notes)
	before := m.made
	err := m.s.db.Tx(ctx, func(tx store.Queryer) error {
		m.made = before // a transaction may run again
		authors, err := m.authors(ctx, tx, p)
		if err != nil {
			return err
		}
		c, err := m.content(ctx, tx, p, given)
		if err != nil {
			return err
		}
		if err := c.tidy(p.Kind); err != nil {
			return err
		}
		saved, err := m.s.insertPiece(ctx, tx, m.j.School.ID, p.Kind, Draft, authors[0], c)
		if err != nil {
			return err
		}
		for rank, a := range authors[1:] {
			if _, err := tx.ExecContext(ctx, "INSERT INTO journal_piece_author (piece_id, author_id, school_id, rank) VALUES ($1, $2, $3, $4)", saved.ID, a, m.j.School.ID, rank+2); err != nil {
				return err
			}
		}
		var at *int64
		if p.At > 0 && p.At <= m.s.now() {
			at = &p.At
		}
		if _, err := tx.ExecContext(ctx, "UPDATE journal_piece SET moved = 1, published_at = $2 WHERE id = $1", saved.ID, at); err != nil {
			return err
		}
		l.PieceID = saved.ID
		if err := m.remember(ctx, tx, p, saved.ID); err != nil {
			return err
		}
		if err := m.comments(ctx, tx, p, saved.ID); err != nil {
			return err
		}
		if !m.comesOut(p, at, c) {
			m.made.Drafts++
			return nil
		}
		row, err := pieceBy(ctx, tx, m.j.School.ID, saved.ID)
		if err != nil {
			return err
		}
		if err := m.s.bringOut(ctx, tx, row, *at); err != nil {
			return err
		}
		m.made.Published++
		_, err = tx.ExecContext(ctx, "UPDATE journal_piece SET status = 'published', version = version + 1 WHERE id = $1", saved.ID)
		return err
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		m.made = before
		m.made.Refused++
		l.PieceID = ""
		l.Notes = append(l.Notes, MoveNote{Note: bring.Note{Key: "movers.piece_refused", Count: 1, What: m.s.texts.T("fr", f.Key, f.Args)}})
		return nil
	}
	return err
}

// comesOut says whether a piece is published as it comes: it was public, it has
// a date that is over, and nothing in it waits for words.
func (m *mover) comesOut(p *bring.Piece, at *int64, c Content) bool {
	return m.choice.Published && p.Public && at != nil && !p.Notes.Has("movers.picture_undescribed") && c.finished(p.Kind) == nil
}

// authors gives the ids of those who sign, all from outside the school: a name
// of the old site is nobody's account here.
func (m *mover) authors(ctx context.Context, tx store.Queryer, p *bring.Piece) ([]string, error) {
	var out []string
	for _, name := range p.Authors {
		id, err := m.author(ctx, tx, m.choice.signs(name, m.old))
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, id) && len(out) < mostAuthors {
			out = append(out, id)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	id, err := m.author(ctx, tx, m.old)
	return []string{id}, err
}

func (m *mover) author(ctx context.Context, tx store.Queryer, name string) (string, error) {
	for _, one := range []string{name, name + " (" + m.old + ")", m.old} {
		one, err := line(one, 40, "penName")
		if err != nil {
			continue
		}
		a, err := m.s.outsider(ctx, tx, m.j.School.ID, one)
		if err == nil {
			return a.ID, nil
		}
		if fault.Of(err) == nil {
			return "", err
		}
	}
	a, err := m.s.outsider(ctx, tx, m.j.School.ID, m.old+" "+tail())
	return a.ID, err
}

// content is a piece as an author of the journal would have written it.
func (m *mover) content(ctx context.Context, tx store.Queryer, p *bring.Piece, given map[string]string) (Content, error) {
	c := Content{Title: p.Title, Kicker: p.Kicker, Standfirst: p.Standfirst, About: About{Audience: m.choice.Audience, Tags: p.Tags}}
	c.Body = Document(p.Body.JSON(bring.Placer{Link: m.link, File: func(f bring.Picture) (string, bool) { id := given[f.Ref]; return id, id != "" }}))
	if p.Lead != nil && given[p.Lead.Ref] != "" {
		c.PictureID, c.PictureAlt = given[p.Lead.Ref], p.Lead.Alt
		if c.PictureAlt == "" {
			c.PictureAlt = bring.Undescribed
		}
		c.PictureAlt = string([]rune(c.PictureAlt)[:min(400, len([]rune(c.PictureAlt)))])
	}
	for _, d := range p.Documents {
		if id := given[d.Ref]; id != "" && len(c.About.Documents) < 20 && !slices.Contains(c.About.Documents, id) {
			c.About.Documents = append(c.About.Documents, id)
		}
	}
	for _, src := range p.Sources {
		if at, err := webAddress(src.URL, "sources"); err == nil {
			c.About.Sources = append(c.About.Sources, Source{src.Title, at})
		}
	}
	if p.Cited != nil {
		if at, err := webAddress(p.Cited.URL, "url"); err == nil {
			u, _ := url.Parse(at) // webAddress has read it
			c.About.Cited = &Cited{Title: p.Cited.Title, Outlet: u.Hostname(), URL: at}
			if p.At > 0 {
				c.About.Cited.Date = time.UnixMilli(p.At).In(m.s.zoneOf(m.j.School.Zone)).Format(time.DateOnly)
			}
		}
	}
	var err error
	for _, name := range p.Themes {
		var id string
		if id, err = m.theme(ctx, tx, name); err != nil {
			return c, err
		}
		switch {
		case id != "" && len(c.About.Themes) < 6 && !slices.Contains(c.About.Themes, id):
			c.About.Themes = append(c.About.Themes, id)
		case id == "":
			c.About.Tags = append(c.About.Tags, string([]rune(name)[:min(40, len([]rune(name)))]))
		}
	}
	c.About.Tags = c.About.Tags[:min(len(c.About.Tags), 12)]
	return c, nil
}

// theme finds or makes one; "" when there is no room for more, so that it
// becomes a free tag.
func (m *mover) theme(ctx context.Context, tx store.Queryer, name string) (string, error) {
	slug, school := slugOf(name, 40), m.j.School.ID
	if slug == "" {
		return "", nil
	}
	var id string
	err := tx.QueryRowContext(ctx, "SELECT id FROM journal_theme WHERE school_id = $1 AND slug = $2", school, slug).Scan(&id)
	if err == nil || !isNoRows(err) {
		return id, err
	}
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_theme WHERE school_id = $1", school).Scan(&n); err != nil || n >= mostAxes {
		return "", err
	}
	id = store.NewID()
	_, err = tx.ExecContext(ctx, "INSERT INTO journal_theme (id, school_id, slug, name, about, rank, created_at) VALUES ($1, $2, $3, $4, '', $5, $6)", id, school, slug, name, n+1, m.s.now())
	return id, err
}

// link leads to what has come too: by the way that old addresses are answered.
func (m *mover) link(href string) string {
	u, err := url.Parse(href)
	if err != nil || u.Scheme == "mailto" {
		return href
	}
	home, err := url.Parse(m.site.URL)
	ours := err == nil && u.Host == home.Host && home.Host != ""
	nowhere := strings.HasSuffix(u.Host, ".invalid")
	if at := bring.OldPath(u.Path, u.RawQuery); (ours || nowhere) && m.paths[at] {
		return m.s.origin + "/journal/" + m.j.Slug + "/ancien/" + (&url.URL{Path: strings.TrimPrefix(u.Path, "/"), RawQuery: u.RawQuery}).String()
	}
	if nowhere {
		return ""
	}
	return href
}

// remember keeps where a piece comes from and where it was.
func (m *mover) remember(ctx context.Context, tx store.Queryer, p *bring.Piece, id string) error {
	if _, err := tx.ExecContext(ctx, "INSERT INTO journal_old (school_id, origin, piece_id) VALUES ($1, $2, $3)", m.j.School.ID, originOf(*p), id); err != nil {
		return err
	}
	for _, at := range p.Paths {
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_old_path (school_id, path, piece_id) VALUES ($1, $2, $3) ON CONFLICT (school_id, path) DO NOTHING", m.j.School.ID, at, id); err != nil {
			return err
		}
	}
	return nil
}

// comments keeps readers' words: what the old site showed as was chosen, the
// others for somebody to read. Neither mail nor network address comes.
func (m *mover) comments(ctx context.Context, tx store.Queryer, p *bring.Piece, id string) error {
	if m.choice.Comments == "none" {
		return nil
	}
	slices.SortStableFunc(p.Comments, func(a, b bring.Comment) int { return cmp.Compare(a.At, b.At) })
	for _, c := range p.Comments {
		name, err := line(c.Name, 60, "name")
		if err != nil || name == "" {
			name = m.s.texts.T("fr", "movers.somebody", nil)
		}
		said, err := block(c.Text, longestWords, "text")
		if err != nil {
			return err
		}
		status, at := "waiting", c.At
		if c.Shown && m.choice.Comments == "shown" {
			status = "shown"
		}
		if at == 0 || at > m.s.now() {
			at = m.s.now()
		}
		_, hash := secret()
		if _, err := tx.ExecContext(ctx, `INSERT INTO journal_contribution (id, piece_id, school_id, status, name, text, link, answer, reason, signs, source, receipt, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', '', $8, $9)`, store.NewID(), id, m.j.School.ID, status, name, said, c.Link, hash, at); err != nil {
			return err
		}
		m.made.Comments++
	}
	return recount(ctx, tx, id)
}

// file brings one file, made harmless and held until somebody says who is on it;
// "" when it is missing or refused, with the reason in the piece's notes.
func (m *mover) file(ctx context.Context, f bring.Picture, p *bring.Piece) (string, error) {
	if id, known := m.files[f.Ref]; known {
		return id, nil
	}
	pack := packFor(m.packs, f.Ref)
	if pack == nil {
		m.made.NoFiles++
		m.files[f.Ref] = ""
		return "", nil
	}
	id, err := m.take(ctx, pack, f)
	if refusal := fault.Of(err); refusal != nil {
		m.made.NoFiles++
		p.Notes.Add("movers.picture_refused", path.Base(f.Ref)+" : "+m.s.texts.T("fr", refusal.Key, refusal.Args))
		err = nil
	} else if err == nil {
		m.made.Files++
	}
	m.files[f.Ref] = id
	return id, err
}

func (m *mover) take(ctx context.Context, pack *bring.Pack, f bring.Picture) (string, error) {
	var n int
	if err := m.s.db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM journal_file WHERE school_id = $1 AND dropped = 0", m.j.School.ID).Scan(&n); err != nil {
		return "", err
	}
	if n >= mostFiles {
		return "", fault.New(fault.Limited, "journal.files_full", "count", mostFiles)
	}
	name, in, err := pack.Open(f.Ref)
	if err != nil {
		return "", err
	}
	whole, err := io.ReadAll(in)
	if err := errors.Join(err, in.Close()); err != nil {
		return "", fault.New(fault.Invalid, "movers.zip_damaged", "name", name)
	}
	select {
	case m.s.reading <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	clean, err := picture.Clean(bytes.NewReader(whole), picture.Limits{Bytes: maxFile})
	<-m.s.reading
	if err != nil {
		return "", err
	}
	if f.Caption != "" && clean.Kind == "document" {
		name = f.Caption + path.Ext(name)
	}
	if name, err = line(name, 120, "name"); err != nil {
		return "", err
	}
	blob, err := m.s.blobs.Put(ctx, store.BlobMeta{SchoolID: m.j.School.ID, Kind: "journal", MediaType: clean.MediaType, Limit: maxFile}, bytes.NewReader(clean.Data))
	if err != nil {
		return "", err
	}
	id := store.NewID()
	err = m.s.db.Tx(ctx, func(tx store.Queryer) error {
		hand, err := m.author(ctx, tx, m.old)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO journal_file (id, school_id, blob_id, kind, media_type, name, width, height, size, by_author, created_at, dropped, held) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 1)",
			id, m.j.School.ID, blob.ID, clean.Kind, clean.MediaType, name, clean.Width, clean.Height, len(clean.Data), hand, m.s.now())
		return err
	})
	if err != nil {
		return "", errors.Join(err, m.s.blobs.Delete(ctx, m.j.School.ID, blob.ID))
	}
	return id, nil
}
