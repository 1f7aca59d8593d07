package journal

import (
	"context"
	"net/netip"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

const (
	shortestWords = 10
	longestWords  = 10_000
	mostWaiting   = 20_000 // contributions of a school that nobody has read
	mostSpam      = 2_000  // of a school, that were set aside
)

// Sent is a contribution as a reader sends it.
type Sent struct {
	Name, Text, Link string
	Trap             string
	Token, Work      string
	From             netip.Addr
}

// check tidies what a reader wrote.
func (in *Sent) check() error {
	var err error
	if in.Name, err = line(in.Name, 60, "name"); err != nil {
		return err
	}
	if in.Name == "" {
		return missing("name")
	}
	if in.Text, err = block(in.Text, longestWords, "text"); err != nil {
		return err
	}
	if utf8.RuneCountInString(in.Text) < shortestWords {
		return fault.New(fault.Invalid, "journal.words_few", "count", shortestWords).At("text")
	}
	in.Link, err = webAddress(in.Link, "link")
	return err
}

// mayAdd says whether the caller may add to a piece of the journal.
func mayAdd(j journal, v viewer) bool {
	switch j.Contributions {
	case "all":
		return true
	case "members":
		return v.staff != "" || v.seat != ""
	}
	return false
}

// Contribute keeps what a reader adds, for somebody to read before it shows.
// It gives what the reader follows it by.
func (s *Service) Contribute(ctx context.Context, j journal, p piece, v viewer, in Sent) (receipt string, err error) {
	if !mayAdd(j, v) {
		return "", fault.New(fault.Forbidden, "journal.no_contributions")
	}
	if err := in.check(); err != nil {
		return "", err
	}
	source := s.sourceOf(in.From)
	f, formed := s.readForm("add\x00"+p.ID, in.Token)
	if free, wait := s.floods.Take(source + j.School.ID); !free {
		return "", fault.New(fault.Limited, "journal.too_many").After(wait)
	}
	free, _ := s.sends.Take(source + p.ID)
	look := seen{text: in.Text, name: in.Name, trap: in.Trap, formed: formed, took: s.now() - f.at, worked: worked(in.Token, in.Work), burst: !free}
	token, hash := secret()
	caller := identity.From(ctx)
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if formed {
			if err := s.spend(ctx, tx, f); err != nil {
				return err
			}
		}
		var waiting, same int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_contribution WHERE school_id = $1 AND status = 'waiting'", j.School.ID).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= mostWaiting {
			return fault.New(fault.Limited, "journal.queue_full")
		}
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT text FROM journal_contribution WHERE piece_id = $1 ORDER BY id DESC LIMIT 200) AS latest WHERE text = $2", p.ID, in.Text).Scan(&same); err != nil {
			return err
		}
		look.repeated = same > 0
		signs := sift(look)
		status := "waiting"
		if weigh(signs) >= mostSigns {
			status = "spam"
			if err := roomForSpam(ctx, tx, j.School.ID); err != nil {
				return err
			}
		}
		id := store.NewID()
		var seat, staff *string
		if v.seat != "" && caller.Seat != nil {
			seat = &v.seat
		}
		if v.staff != "" && caller.Staff != nil {
			staff = &v.staff
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO journal_contribution (id, piece_id, school_id, status, name, text, link, answer, reason, signs, source, receipt, seat_id, staff_id, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', $8, $9, $10, $11, $12, $13)`, id, p.ID, j.School.ID, status, in.Name, in.Text, in.Link, signWords(signs), source, hash, seat, staff, s.now())
		if err != nil || s.addressDays == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO journal_address (contribution_id, school_id, address, at, until) VALUES ($1, $2, $3, $4, $5)",
			id, j.School.ID, in.From.String(), s.now(), s.now()+int64(s.addressDays)*dayMs)
		return err
	})
	return token, err
}

// roomForSpam refuses more than somebody would ever look through.
func roomForSpam(ctx context.Context, tx store.Queryer, school string) error {
	var n int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_contribution WHERE school_id = $1 AND status = 'spam'", school).Scan(&n)
	if err == nil && n >= mostSpam {
		err = fault.New(fault.Limited, "journal.queue_full")
	}
	return err
}

// Receipt is where something that a reader sent stands.
type Receipt struct {
	Kind   string // "contribution", "report" or "reply"
	Status string
	Reason string
	At     int64
	DueAt  int64
	Slug   string
	Title  string
}

// receiptOf follows what somebody sent, by its token.
func (s *Service) receiptOf(ctx context.Context, school, token string) (Receipt, error) {
	hash := hashOf(token)
	for _, k := range []struct{ kind, query string }{
		{"contribution", "SELECT c.status, c.reason, c.at, 0, coalesce(p.slug, ''), coalesce(r.title, '') FROM journal_contribution c"},
		{"report", "SELECT c.status, c.reason, c.at, 0, coalesce(p.slug, ''), coalesce(r.title, '') FROM journal_report c"},
		{"reply", "SELECT c.status, c.reason, c.at, c.due_at, coalesce(p.slug, ''), coalesce(r.title, '') FROM journal_reply c"},
	} {
		out := Receipt{Kind: k.kind}
		err := s.db.Reader().QueryRowContext(ctx, k.query+" JOIN journal_piece p ON p.id = c.piece_id LEFT JOIN journal_revision r ON r.id = p.live_id WHERE c.receipt = $1 AND c.school_id = $2", hash, school).
			Scan(&out.Status, &out.Reason, &out.At, &out.DueAt, &out.Slug, &out.Title)
		if err == nil {
			return out, nil
		}
		if !isNoRows(err) {
			return out, err
		}
	}
	return Receipt{}, fault.New(fault.NotFound, "journal.no_receipt")
}
