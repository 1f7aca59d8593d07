package journal

import (
	"context"
	"database/sql"

	"preau/internal/fault"
	"preau/internal/store"
)

// PieceLine is a piece in a list of the desk.
type PieceLine struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind" enum:"article,brief,event"`
	Title       string   `json:"title"`
	Status      Status   `json:"status" enum:"draft,proposed,discussed,published,refused,withdrawn,suspended,forbidden"`
	Change      Status   `json:"change,omitempty" enum:"draft,proposed,discussed,refused" doc:"Where the revision stands that follows the published one."`
	Authors     []Author `json:"authors" nullable:"false"`
	Holder      string   `json:"holder,omitempty" doc:"Pen name of who reviews it."`
	AskedAt     *int64   `json:"askedAt,omitempty" doc:"Since when it waits."`
	ChangedAt   int64    `json:"changedAt"`
	PublishedAt *int64   `json:"publishedAt,omitempty" doc:"May be to come."`
	HiddenAt    *int64   `json:"hiddenAt,omitempty"`
	Slug        string   `json:"slug,omitempty"`
	Visits      int64    `json:"visits"`
	Additions   int64    `json:"additions"`
	Moved       bool     `json:"moved,omitempty" doc:"It comes from an old site."`
}

// PieceFilter narrows a list of the desk.
type PieceFilter struct {
	Mine  bool
	State string // "waiting", a status, or "" for all
	After string // changedAt and id of the last one
	Limit int
}

// Pieces lists pieces for the desk: one's own, or what those who review may see.
func (s *Service) Pieces(ctx context.Context, school string, f PieceFilter) ([]PieceLine, error) {
	q := s.db.Reader()
	who, err := s.who(ctx, q, school)
	if err != nil {
		return nil, err
	}
	regime, err := s.regimeOf(ctx, school)
	if err != nil {
		return nil, err
	}
	a := args{school}
	where, order := "", "p.changed_at DESC, p.id DESC"
	switch f.State {
	case "waiting":
		where, order = " AND (p.status IN ('proposed', 'discussed') OR p.change IN ('proposed', 'discussed'))", "p.asked_at, p.id"
	case "":
	case "moved":
		where = " AND p.status = 'draft' AND p.moved = 1"
	default:
		where = " AND p.status = " + a.add(f.State)
	}
	adults := " AND NOT EXISTS (SELECT 1 FROM journal_piece_author x JOIN journal_author w ON w.id = x.author_id WHERE x.piece_id = p.id AND w.seat_id IS NOT NULL)"
	own := f.Mine || !who.reads()
	switch {
	case own:
		where += " AND EXISTS (SELECT 1 FROM journal_piece_author x WHERE x.piece_id = p.id AND x.author_id = " + a.add(who.author) + ")"
	case regime == Pupils && who.head && !who.board:
		where += " AND p.first_at IS NOT NULL"
	case regime == Pupils && !who.board:
		where += " AND (p.status <> 'draft' OR p.first_at IS NOT NULL OR p.moved = 1)" + adults
	default:
		where += " AND (p.status <> 'draft' OR p.first_at IS NOT NULL OR p.moved = 1)"
	}
	title := "coalesce(w.title, l.title, '')"
	if !own { // of a change that is not shown to anybody yet, not even the title is
		title = "CASE WHEN l.id IS NOT NULL AND (p.status = 'draft' OR p.change = 'draft') THEN l.title ELSE " + title + " END"
	}
	rows, err := q.QueryContext(ctx, `SELECT p.id, p.kind, `+title+`, p.status, p.change, coalesce(h.pen_name, ''), p.asked_at, p.changed_at, p.published_at, p.hidden_at, coalesce(p.slug, ''), p.visits, p.additions, p.moved
		FROM journal_piece p LEFT JOIN journal_revision w ON w.id = p.work_id LEFT JOIN journal_revision l ON l.id = p.live_id LEFT JOIN journal_author h ON h.id = p.holder
		WHERE p.school_id = $1`+where+` ORDER BY `+order+` LIMIT `+a.add(min(max(f.Limit, 1), 200)), a...)
	list, err := collect(rows, err, func(r *sql.Rows, p *PieceLine) error {
		p.Authors = []Author{}
		return r.Scan(&p.ID, &p.Kind, &p.Title, &p.Status, &p.Change, &p.Holder, &p.AskedAt, &p.ChangedAt, &p.PublishedAt, &p.HiddenAt, &p.Slug, &p.Visits, &p.Additions, &p.Moved)
	})
	if err != nil {
		return nil, err
	}
	return list, s.authorsOf(ctx, q, list)
}

func (s *Service) authorsOf(ctx context.Context, q store.Queryer, list []PieceLine) error {
	if len(list) == 0 {
		return nil
	}
	var a args
	marks, at := "", map[string]int{}
	for i, p := range list {
		if i > 0 {
			marks += ", "
		}
		marks += a.add(p.ID)
		at[p.ID] = i
	}
	rows, err := q.QueryContext(ctx, "SELECT x.piece_id, "+authorColumns+" FROM journal_piece_author x JOIN journal_author a ON a.id = x.author_id WHERE x.agreed = 1 AND x.piece_id IN ("+marks+") ORDER BY x.piece_id, x.rank", a...)
	type signed struct {
		piece  string
		author Author
	}
	all, err := collect(rows, err, func(r *sql.Rows, w *signed) error {
		return r.Scan(&w.piece, &w.author.ID, &w.author.PenName, &w.author.Of)
	})
	for _, w := range all {
		list[at[w.piece]].Authors = append(list[at[w.piece]].Authors, w.author)
	}
	return err
}

// PieceDetail is a piece with what its author or reviewer needs.
type PieceDetail struct {
	PieceLine
	Version int64    `json:"version"`
	Work    Content  `json:"work"`
	WorkN   int      `json:"workN" doc:"Number of the revision that is being written."`
	Live    *Content `json:"live,omitempty" doc:"What readers see, when it is another revision."`
	LiveN   int      `json:"liveN,omitempty"`
	Acts    []Act    `json:"acts" nullable:"false" doc:"What the caller may do now."`
	Mine    bool     `json:"mine"`
	Edit    bool     `json:"edit" doc:"The caller may change it now."`
	Invited bool     `json:"invited,omitempty" doc:"The caller is asked to sign it, and has not said yes."`
	// Files are what the written revision attaches, that is still there.
	Files []File `json:"files" nullable:"false" doc:"The attached documents."`
}

// Piece gives a piece to its authors and to those who review it.
func (s *Service) Piece(ctx context.Context, school, id string) (PieceDetail, error) {
	var out PieceDetail
	err := s.db.Snapshot(ctx, func(q store.Queryer) error {
		p, who, err := s.mine(ctx, q, school, id)
		if err != nil {
			return err
		}
		regime, err := s.regimeOf(ctx, school)
		if err != nil {
			return err
		}
		out = PieceDetail{PieceLine: PieceLine{
			ID: p.ID, Kind: p.Kind, Status: p.State.Status, Change: p.State.Change, Authors: p.Authors, AskedAt: p.AskedAt, ChangedAt: p.ChangedAt,
			PublishedAt: p.PublishedAt, HiddenAt: p.HiddenAt, Slug: value(p.Slug), Visits: p.Visits, Additions: p.Additions, Moved: p.Moved,
		}, Version: p.Version}
		me := who.on(p.authorIDs())
		out.Mine, out.Acts, out.Invited = me.Author, offered(regime, p.State, me), p.invites(who.author)
		if _, err := p.State.edited(); err == nil {
			out.Edit = me.Author || me.reviews(regime, p.State) && (p.discussed() || p.State.Moved)
		}
		// The others read what readers could.
		shownID := value(p.WorkID)
		if !p.workFor(regime, who) {
			shownID = value(p.LiveID)
		}
		work, err := revisionBy(ctx, q, id, shownID)
		if err != nil {
			return err
		}
		out.Work, out.WorkN, out.Title = work.Content, work.N, work.Title
		if out.Files, err = attached(ctx, q, school, work.About.Documents); err != nil {
			return err
		}
		if live := value(p.LiveID); live != "" && live != shownID {
			r, err := revisionBy(ctx, q, id, live)
			if err != nil {
				return err
			}
			out.Live, out.LiveN = &r.Content, r.N
		}
		if p.Holder != nil {
			a, err := scanAuthor(q.QueryRowContext(ctx, "SELECT "+authorColumns+" FROM journal_author a WHERE a.id = $1", *p.Holder))
			if err != nil && !isNoRows(err) {
				return err
			}
			out.Holder = a.PenName
		}
		return nil
	})
	return out, err
}

// Revision is one numbered content of a piece.
type Revision struct {
	N           int      `json:"n"`
	SavedAt     int64    `json:"savedAt"`
	PublishedAt *int64   `json:"publishedAt,omitempty"`
	PenName     string   `json:"penName"`
	Title       string   `json:"title"`
	Content     *Content `json:"content,omitempty" doc:"Of a single revision."`
}

// Revisions lists a piece's revisions, the latest first.
func (s *Service) Revisions(ctx context.Context, school, id string) ([]Revision, error) {
	if _, _, err := s.mine(ctx, s.db.Reader(), school, id); err != nil {
		return nil, err
	}
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT r.n, r.saved_at, r.published_at, a.pen_name, r.title FROM journal_revision r JOIN journal_author a ON a.id = r.by_author WHERE r.piece_id = $1 ORDER BY r.n DESC LIMIT 200", id)
	return collect(rows, err, func(r *sql.Rows, v *Revision) error {
		return r.Scan(&v.N, &v.SavedAt, &v.PublishedAt, &v.PenName, &v.Title)
	})
}

// Revision gives one of them.
func (s *Service) Revision(ctx context.Context, school, id string, n int) (Revision, error) {
	p, who, err := s.mine(ctx, s.db.Reader(), school, id)
	if err != nil {
		return Revision{}, err
	}
	r, err := scanRevision(s.db.Reader().QueryRowContext(ctx, "SELECT "+revisionColumns+" FROM journal_revision r WHERE r.piece_id = $1 AND r.n = $2", id, n))
	if isNoRows(err) {
		return Revision{}, noPiece()
	}
	regime, err2 := s.regimeOf(ctx, school)
	if err == nil {
		err = err2
	}
	if err != nil {
		return Revision{}, err
	}
	if r.PublishedAt == nil && !p.workFor(regime, who) {
		return Revision{}, fault.New(fault.Forbidden, "journal.not_you")
	}
	return Revision{N: r.N, SavedAt: r.SavedAt, PublishedAt: r.PublishedAt, Title: r.Title, Content: &r.Content}, nil
}

// Desk is what waits, in numbers, and what nears a limit of the law.
type Desk struct {
	Pieces        int    `json:"pieces" doc:"That wait for a review."`
	OldestAt      *int64 `json:"oldestAt,omitempty" doc:"Since when the first of them waits."`
	Contributions int    `json:"contributions"`
	Spam          int    `json:"spam"`
	Reports       int    `json:"reports"`
	Hidden        int    `json:"hidden" doc:"Reports that hide something until they are read."`
	Replies       int    `json:"replies"`
	ReplyDueAt    *int64 `json:"replyDueAt,omitempty" doc:"By when the first reply is to be inserted."`
	Untold        int    `json:"untold" doc:"Decisions of the head that the conseil d’administration was not told of."`
}

// Desk counts what waits for the caller.
func (s *Service) Desk(ctx context.Context, school string) (Desk, error) {
	var d Desk
	who, err := s.who(ctx, s.db.Reader(), school)
	if err != nil {
		return d, err
	}
	if !who.reads() && !who.moderator {
		return d, notYou()
	}
	err = s.db.Snapshot(ctx, func(q store.Queryer) error {
		for _, c := range []struct {
			query string
			n     *int
			at    **int64
		}{
			{"SELECT count(*), min(asked_at) FROM journal_piece WHERE school_id = $1 AND (status IN ('proposed', 'discussed') OR change IN ('proposed', 'discussed'))", &d.Pieces, &d.OldestAt},
			{"SELECT count(*), min(due_at) FROM journal_reply WHERE school_id = $1 AND status = 'waiting'", &d.Replies, &d.ReplyDueAt},
		} {
			if err := q.QueryRowContext(ctx, c.query, school).Scan(c.n, c.at); err != nil {
				return err
			}
		}
		for _, c := range []struct {
			query string
			n     *int
		}{
			{"SELECT count(*) FROM journal_contribution WHERE school_id = $1 AND status = 'waiting'", &d.Contributions},
			{"SELECT count(*) FROM journal_contribution WHERE school_id = $1 AND status = 'spam'", &d.Spam},
			{"SELECT count(*) FROM journal_report WHERE school_id = $1 AND status = 'waiting'", &d.Reports},
			{"SELECT count(*) FROM journal_report WHERE school_id = $1 AND status = 'waiting' AND credible = 1", &d.Hidden},
			{"SELECT count(*) FROM journal_decision WHERE school_id = $1 AND told_at IS NULL AND act IN ('suspend', 'forbid')", &d.Untold},
		} {
			if err := q.QueryRowContext(ctx, c.query, school).Scan(c.n); err != nil {
				return err
			}
		}
		return nil
	})
	return d, err
}
