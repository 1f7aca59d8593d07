package journal

import (
	"context"
	"database/sql"
	"strings"

	"preau/internal/fault"
	"preau/internal/journal/text"
	"preau/internal/store"
)

// Doing is an act on a piece.
type Doing struct {
	Act     Act    `json:"act" enum:"propose,retake,discuss,publish,refuse,withdraw,suspend,forbid,lift"`
	Reason  string `json:"reason,omitempty" maxLength:"2000" doc:"Needed to refuse, suspend, forbid, lift, and to withdraw somebody else's piece. Its authors read it."`
	At      int64  `json:"at,omitempty" doc:"UTC ms, of a publication to come."`
	Version int64  `json:"version" doc:"The version that was read."`
}

const furthest = 366 * dayMs // of a dated publication

// Do does an act, for good once it returns.
func (s *Service) Do(ctx context.Context, school, id string, do Doing) error {
	reason, err := block(do.Reason, 2000, "reason")
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		p, err := pieceBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		who, err := s.who(ctx, tx, school)
		if err != nil {
			return err
		}
		j, err := s.journalOf(ctx, tx, school)
		if err != nil {
			return err
		}
		after, err := next(j.Regime, p.State, who.on(p.authorIDs()), do.Act, reason)
		if err != nil {
			return err
		}
		if p.Version != do.Version {
			return fault.New(fault.Conflict, "journal.changed_meanwhile").With("version", p.Version)
		}
		if err := s.carry(ctx, tx, p, after, do); err != nil {
			return err
		}
		return s.record(ctx, tx, p, who, do.Act, reason)
	})
}

// carry writes what an act changes in a piece and in what readers see of it.
func (s *Service) carry(ctx context.Context, tx store.Queryer, p piece, after State, do Doing) error {
	now := s.now()
	var asked, at *int64
	asked, at = p.AskedAt, p.PublishedAt
	switch do.Act {
	case Propose:
		r, err := revisionBy(ctx, tx, p.ID, value(p.WorkID))
		if err != nil {
			return err
		}
		if err := r.finished(p.Kind); err != nil {
			return err
		}
		asked = &now
	case Publish:
		if at == nil || do.At != 0 {
			at = &now
		}
		if do.At != 0 {
			if do.At < now-dayMs || do.At > now+furthest {
				return fault.New(fault.Invalid, "journal.until_wrong").At("at")
			}
			at = &do.At
		}
		if err := s.bringOut(ctx, tx, p, *at); err != nil {
			return err
		}
		asked = nil
	case Retake, Refuse, Discuss, Withdraw, Suspend, Forbid, Lift:
	}
	_, err := tx.ExecContext(ctx, "UPDATE journal_piece SET status = $2, change = $3, asked_at = $4, published_at = $5, changed_at = $6, version = version + 1 WHERE id = $1",
		p.ID, after.Status, after.Change, asked, at, now)
	if err != nil {
		return err
	}
	if p.State.Status == Published && after.Status != Published {
		return s.takeIn(ctx, tx, p.ID)
	}
	if do.Act == Lift {
		live, err := revisionBy(ctx, tx, p.ID, value(p.LiveID))
		if err != nil {
			return err
		}
		return s.enter(ctx, tx, p, live.Content, value(at))
	}
	return nil
}

// bringOut makes the work revision the live one, from the moment at.
func (s *Service) bringOut(ctx context.Context, tx store.Queryer, p piece, at int64) error {
	r, err := revisionBy(ctx, tx, p.ID, value(p.WorkID))
	if err != nil {
		return err
	}
	if err := r.finished(p.Kind); err != nil {
		return err
	}
	if err := s.checkFiling(ctx, tx, p.School, r.Content); err != nil {
		return err
	}
	if err := s.filesStand(ctx, tx, p.School, r.Content); err != nil {
		return err
	}
	slug := value(p.Slug)
	if slug == "" {
		slug = strings.Trim(slugOf(r.Title, 60)+"-"+tail(), "-")
	}
	var happens *int64
	if h := r.About.Happening; h != nil {
		happens = &h.StartsAt
	}
	if _, err := tx.ExecContext(ctx, `UPDATE journal_piece SET slug = $2, live_id = $3, work_id = $3, collective_id = $4, audience = $5, group_id = $6, happens_at = $7, hidden_at = NULL, holder = NULL,
		first_at = coalesce(first_at, $8) WHERE id = $1`, p.ID, slug, r.ID, optional(r.About.Collective), r.About.Audience, optional(r.About.Group), happens, at); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE journal_revision SET published_at = $2 WHERE id = $1", r.ID, s.now()); err != nil {
		return err
	}
	// Who was asked to sign and did not say yes by now does not sign.
	if _, err := tx.ExecContext(ctx, "DELETE FROM journal_piece_author WHERE piece_id = $1 AND agreed = 0", p.ID); err != nil {
		return err
	}
	return s.enter(ctx, tx, p, r.Content, at)
}

// enter files a piece where readers look for it.
func (s *Service) enter(ctx context.Context, tx store.Queryer, p piece, c Content, at int64) error {
	if err := s.takeIn(ctx, tx, p.ID); err != nil {
		return err
	}
	for _, theme := range c.About.Themes {
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_piece_theme (piece_id, theme_id, school_id, published_at) VALUES ($1, $2, $3, $4)", p.ID, theme, p.School, at); err != nil {
			return err
		}
	}
	tags := map[string]bool{}
	for _, tag := range c.About.Tags {
		slug := slugOf(tag, 40)
		if tags[slug] {
			continue
		}
		tags[slug] = true
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_tag (piece_id, slug, school_id, name, published_at) VALUES ($1, $2, $3, $4, $5)", p.ID, slug, p.School, tag, at); err != nil {
			return err
		}
	}
	doc, err := text.Parse(c.Body)
	if err != nil {
		return err
	}
	return enterWords(ctx, tx, p.School, p.ID, at, weighted(c.Title+" "+c.Kicker, c.searched(doc)))
}

// searched is all that a search looks at beside the title.
func (c Content) searched(doc text.Doc) string {
	parts := []string{c.Standfirst, doc.Plain(), strings.Join(c.About.Tags, " ")}
	if q := c.About.Cited; q != nil {
		parts = append(parts, q.Author, q.Title, q.Outlet, q.Quote)
	}
	if h := c.About.Happening; h != nil {
		parts = append(parts, h.Place)
	}
	return strings.Join(parts, " ")
}

// takeIn takes a piece out of where readers look for it.
func (s *Service) takeIn(ctx context.Context, tx store.Queryer, id string) error {
	for _, table := range []string{"journal_piece_theme", "journal_tag", "journal_word"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE piece_id = $1", id); err != nil {
			return err
		}
	}
	return nil
}

// record keeps an act: in the piece's thread, where its authors read the
// reason, in the moderation log, and among the head's decisions.
func (s *Service) record(ctx context.Context, tx store.Queryer, p piece, who person, act Act, reason string) error {
	now := s.now()
	if who.author == "" { // reviewers sign what they decide
		return fault.New(fault.Conflict, "journal.pen_first")
	}
	kind := "act"
	if reason != "" {
		kind = "reason"
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO journal_note (id, piece_id, school_id, kind, act, by_author, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		store.NewID(), p.ID, p.School, kind, act, who.author, reason, now); err != nil {
		return err
	}
	if act == Suspend || act == Forbid || act == Lift {
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_decision (id, piece_id, school_id, act, reason, by_staff, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			store.NewID(), p.ID, p.School, act, reason, who.staff, now); err != nil {
			return err
		}
	}
	return s.logs(ctx, tx, p.School, who, "piece."+string(act), "piece", p.ID, reason)
}

// logs adds to the moderation log.
func (s *Service) logs(ctx context.Context, tx store.Queryer, school string, who person, act, subject, id, reason string) error {
	staff, seat := who.by()
	_, err := tx.ExecContext(ctx, "INSERT INTO journal_log (id, school_id, at, act, subject, subject_id, by_staff, by_seat, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		store.NewID(), school, s.now(), act, subject, id, staff, seat, reason)
	return err
}

// Note is a line of a piece's internal thread.
type Note struct {
	ID      string `json:"id"`
	Kind    string `json:"kind" enum:"note,reason,act"`
	Act     string `json:"act,omitempty" enum:"propose,retake,discuss,publish,refuse,withdraw,suspend,forbid,lift" doc:"What was done, of a reason or an act."`
	PenName string `json:"penName"`
	Text    string `json:"text"`
	At      int64  `json:"at"`
}

const mostNotes = 500

// Thread reads a piece's thread, oldest first.
func (s *Service) Thread(ctx context.Context, school, id string) ([]Note, error) {
	if _, _, err := s.mine(ctx, s.db.Reader(), school, id); err != nil {
		return nil, err
	}
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT n.id, n.kind, n.act, a.pen_name, n.text, n.at FROM journal_note n JOIN journal_author a ON a.id = n.by_author WHERE n.piece_id = $1 ORDER BY n.id LIMIT 500", id)
	return collect(rows, err, func(r *sql.Rows, n *Note) error { return r.Scan(&n.ID, &n.Kind, &n.Act, &n.PenName, &n.Text, &n.At) })
}

// Say adds a line to the thread. An author answers a refusal here too.
func (s *Service) Say(ctx context.Context, school, id, words string) error {
	words, err := block(words, 4000, "text")
	if err != nil {
		return err
	}
	if words == "" {
		return missing("text")
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		_, who, err := s.mine(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if who.author == "" {
			return fault.New(fault.Conflict, "journal.pen_first")
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_note WHERE piece_id = $1", id).Scan(&n); err != nil {
			return err
		}
		if n >= mostNotes {
			return fault.New(fault.Limited, "journal.thread_full", "count", mostNotes)
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO journal_note (id, piece_id, school_id, kind, act, by_author, text, at) VALUES ($1, $2, $3, 'note', '', $4, $5, $6)", store.NewID(), id, school, who.author, words, s.now())
		return err
	})
}

// Take says who reviews a piece; with hold false, that nobody does.
func (s *Service) Take(ctx context.Context, school, id string, hold bool) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		p, who, err := s.mine(ctx, tx, school, id)
		if err != nil {
			return err
		}
		regime, err := s.regimeOf(ctx, school)
		if err != nil {
			return err
		}
		if !who.on(p.authorIDs()).reviews(regime, p.State) {
			return notYou()
		}
		var holder *string
		if hold {
			if who.author == "" {
				return fault.New(fault.Conflict, "journal.pen_first")
			}
			holder = &who.author
		}
		return exec(ctx, tx, noPiece(), "UPDATE journal_piece SET holder = $2 WHERE id = $1", id, holder)
	})
}

// Decision is what a head decided about a published piece of a lycée.
type Decision struct {
	ID     string `json:"id"`
	Piece  string `json:"piece"`
	Title  string `json:"title"`
	Act    string `json:"act" enum:"suspend,forbid,lift"`
	Reason string `json:"reason"`
	At     int64  `json:"at"`
	ToldAt *int64 `json:"toldAt,omitempty" doc:"When the conseil d’administration was told (code de l’éducation, R511-8)."`
}

// Decisions lists them, the latest first.
func (s *Service) Decisions(ctx context.Context, school string) ([]Decision, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT d.id, d.piece_id, coalesce(r.title, ''), d.act, d.reason, d.at, d.told_at FROM journal_decision d JOIN journal_piece p ON p.id = d.piece_id
		LEFT JOIN journal_revision r ON r.id = p.live_id WHERE d.school_id = $1 ORDER BY d.id DESC LIMIT 200`, school)
	return collect(rows, err, func(r *sql.Rows, d *Decision) error {
		return r.Scan(&d.ID, &d.Piece, &d.Title, &d.Act, &d.Reason, &d.At, &d.ToldAt)
	})
}

// Told notes that the conseil d'administration was told of a decision.
func (s *Service) Told(ctx context.Context, school, by, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		return exec(ctx, tx, fault.New(fault.NotFound, "journal.no_decision"), "UPDATE journal_decision SET told_at = $3, told_by = $4 WHERE id = $1 AND school_id = $2 AND told_at IS NULL", id, school, s.now(), by)
	})
}
