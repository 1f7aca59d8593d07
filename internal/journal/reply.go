package journal

import (
	"context"
	"database/sql"
	"net/netip"
	"strings"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/journal/text"
	"preau/internal/store"
)

// The online right of reply (decree 2007-1527): asked within three months of
// the publication, inserted within three days, no longer than what it answers
// nor than two hundred lines.
const (
	replyWithin  = 92 * dayMs
	replyDue     = 3 * dayMs
	replyLines   = 200
	shortestSpan = 600 // a short piece may be answered by so many letters
)

// Asked is a request for a reply as somebody sends it.
type Asked struct {
	Name, Contact, Passages, Text string
	Trap, Token                   string
	From                          netip.Addr
}

// fits says whether a reply has the length that the decree allows.
func fits(reply, message string) bool {
	return utf8.RuneCountInString(reply) <= max(utf8.RuneCountInString(message), shortestSpan) && strings.Count(reply, "\n") < replyLines
}

// AskReply keeps a request, and starts its clock.
func (s *Service) AskReply(ctx context.Context, p piece, live revision, in Asked) (receipt string, err error) {
	for _, f := range []struct {
		text  *string
		most  int
		field string
	}{{&in.Name, 120, "name"}, {&in.Contact, 200, "contact"}} {
		if *f.text, err = line(*f.text, f.most, f.field); err != nil {
			return "", err
		}
		if *f.text == "" {
			return "", missing(f.field)
		}
	}
	if in.Passages, err = block(in.Passages, 4000, "passages"); err != nil {
		return "", err
	}
	if in.Text, err = block(in.Text, 60_000, "text"); err != nil {
		return "", err
	}
	doc, err := text.Parse(live.Body)
	if err != nil {
		return "", err
	}
	switch {
	case in.Passages == "":
		return "", missing("passages")
	case in.Text == "":
		return "", missing("text")
	case !fits(in.Text, doc.Plain()):
		return "", fault.New(fault.Invalid, "journal.reply_long", "count", max(utf8.RuneCountInString(doc.Plain()), shortestSpan)).At("text")
	case p.PublishedAt == nil || s.now()-*p.PublishedAt > replyWithin:
		return "", fault.New(fault.Gone, "journal.reply_late")
	case in.Trap != "":
		return "", missing("name")
	}
	f, formed := s.readForm("reply\x00"+p.ID, in.Token)
	if !formed {
		return "", fault.New(fault.Conflict, "journal.form_stale")
	}
	if free, wait := s.alarms.Take(s.sourceOf(in.From) + p.School); !free {
		return "", fault.New(fault.Limited, "journal.too_many").After(wait)
	}
	token, hash := secret()
	return token, s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.spend(ctx, tx, f); err != nil {
			return err
		}
		var waiting int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_reply WHERE piece_id = $1 AND status = 'waiting'", p.ID).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= 50 {
			return fault.New(fault.Limited, "journal.queue_full")
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO journal_reply (id, school_id, piece_id, name, contact, passages, text, status, reason, receipt, at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', '', $8, $9, $10)",
			store.NewID(), p.School, p.ID, in.Name, in.Contact, in.Passages, in.Text, hash, s.now(), s.now()+replyDue)
		return err
	})
}

// Reply is a request as the desk sees it.
type Reply struct {
	ID        string  `json:"id"`
	PieceID   string  `json:"pieceId"`
	Title     string  `json:"title"`
	Slug      string  `json:"slug"`
	Name      string  `json:"name"`
	Contact   *string `json:"contact,omitempty"`
	Passages  string  `json:"passages"`
	Text      string  `json:"text"`
	Status    string  `json:"status" enum:"waiting,inserted,refused"`
	Reason    string  `json:"reason,omitempty"`
	At        int64   `json:"at"`
	DueAt     int64   `json:"dueAt" doc:"By when the law asks for its insertion."`
	DecidedAt *int64  `json:"decidedAt,omitempty"`
}

// Replies lists requests of a status, the nearest to its limit first. In
// collège and école the head and editors see them; in lycée the board too.
func (s *Service) Replies(ctx context.Context, school, status string) ([]Reply, error) {
	if _, err := s.answerer(ctx, s.db.Reader(), school); err != nil {
		return nil, err
	}
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT o.id, o.piece_id, coalesce(r.title, ''), coalesce(p.slug, ''), o.name, o.contact, o.passages, o.text, o.status, o.reason, o.at, o.due_at, o.decided_at
		FROM journal_reply o JOIN journal_piece p ON p.id = o.piece_id LEFT JOIN journal_revision r ON r.id = p.live_id WHERE o.school_id = $1 AND o.status = $2 ORDER BY o.due_at LIMIT 200`, school, status)
	return collect(rows, err, func(r *sql.Rows, o *Reply) error {
		return r.Scan(&o.ID, &o.PieceID, &o.Title, &o.Slug, &o.Name, &o.Contact, &o.Passages, &o.Text, &o.Status, &o.Reason, &o.At, &o.DueAt, &o.DecidedAt)
	})
}

// answerer is who may insert a reply: whoever may publish.
func (s *Service) answerer(ctx context.Context, q store.Queryer, school string) (person, error) {
	who, err := s.who(ctx, q, school)
	if err == nil && !who.editor && !who.head && !who.board {
		err = notYou()
	}
	return who, err
}

// AnswerReply inserts a reply under its piece, or refuses it with the reason.
func (s *Service) AnswerReply(ctx context.Context, school, id string, in Verdict) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		who, err := s.answerer(ctx, tx, school)
		if err != nil {
			return err
		}
		status := "refused"
		if in.Accept {
			status = "inserted"
		}
		if err := exec(ctx, tx, fault.New(fault.NotFound, "journal.no_reply"), "UPDATE journal_reply SET status = $3, reason = $4, decided_at = $5, decided_by = $6, contact = NULL WHERE id = $1 AND school_id = $2 AND status = 'waiting'",
			id, school, status, in.Reason, s.now(), who.id()); err != nil {
			return err
		}
		return s.logs(ctx, tx, school, who, "reply."+status, "reply", id, in.Reason)
	})
}

// repliesOf are the replies that stand with a piece.
func repliesOf(ctx context.Context, q store.Queryer, piece string) ([]Reply, error) {
	rows, err := q.QueryContext(ctx, "SELECT id, name, passages, text, decided_at FROM journal_reply WHERE piece_id = $1 AND status = 'inserted' ORDER BY id LIMIT 50", piece)
	return collect(rows, err, func(r *sql.Rows, o *Reply) error { return r.Scan(&o.ID, &o.Name, &o.Passages, &o.Text, &o.DecidedAt) })
}
