package journal

import (
	"context"
	"net/netip"

	"preau/internal/fault"
	"preau/internal/journal/text"
	"preau/internal/store"
)

// Offered is an article that somebody without an account proposes, where the
// school wants outside authors.
type Offered struct {
	PenName, Title, Text string
	Trap, Token          string
	From                 netip.Addr
}

// mostOffered bounds the outside proposals that nobody has read.
const mostOffered = 200

// Offer puts an outside author's article among those that wait for a review.
func (s *Service) Offer(ctx context.Context, j journal, in Offered) error {
	if !j.Outside || !j.Opened {
		return fault.New(fault.Forbidden, "journal.no_outside")
	}
	var err error
	if in.PenName, err = line(in.PenName, 40, "penName"); err != nil {
		return err
	}
	if in.Text, err = block(in.Text, 60_000, "body"); err != nil {
		return err
	}
	c := Content{Title: in.Title, Body: text.FromPlain(in.Text), About: About{Audience: j.Widest}}
	if c.About.Audience == ToGroup {
		return fault.New(fault.Forbidden, "journal.no_outside")
	}
	if err := c.tidy("article"); err != nil {
		return err
	}
	if err := c.finished("article"); err != nil {
		return err
	}
	f, formed := s.readForm("piece\x00"+j.School.ID, in.Token)
	if !formed || in.Trap != "" || s.now()-f.at < quickest.Milliseconds() {
		return fault.New(fault.Conflict, "journal.form_stale")
	}
	if free, wait := s.alarms.Take(s.sourceOf(in.From) + j.School.ID); !free {
		return fault.New(fault.Limited, "journal.too_many").After(wait)
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.spend(ctx, tx, f); err != nil {
			return err
		}
		var waiting int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM journal_piece p JOIN journal_piece_author x ON x.piece_id = p.id JOIN journal_author a ON a.id = x.author_id
			WHERE p.school_id = $1 AND p.status = 'proposed' AND a.seat_id IS NULL AND a.staff_id IS NULL`, j.School.ID).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= mostOffered {
			return fault.New(fault.Limited, "journal.queue_full")
		}
		author, err := s.outsider(ctx, tx, j.School.ID, in.PenName)
		if err != nil {
			return err
		}
		_, err = s.insertPiece(ctx, tx, j.School.ID, "article", Proposed, author.ID, c)
		return err
	})
}
