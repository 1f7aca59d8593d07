package journal

import (
	"context"
	"net/netip"

	"preau/internal/fault"
	"preau/internal/store"
)

// Stocked is a piece that comes in already published, with the date that it
// bears, its authors by their pen names and what readers added to it.
type Stocked struct {
	Kind      string
	Authors   []string // pen names; the first signs the revision
	Content   Content
	At        int64 // UTC ms, not to come
	Additions []StockedAddition
}

// StockedAddition is a contribution that somebody has let through, or that waits
// to be read.
type StockedAddition struct {
	Name, Text, Link, Answer string
	At                       int64 // UTC ms
	Waiting                  bool
}

const mostStocked = 500 // pieces of one call

// Stock writes published pieces, all of them or none, for schools that are made
// to show or to measure: nobody reviews them, so that no route leads here. What
// a content may hold is checked as for any other. It gives their addresses.
func (s *Service) Stock(ctx context.Context, school string, pieces []Stocked) (slugs []string, err error) {
	if len(pieces) > mostStocked {
		return nil, fault.New(fault.Invalid, "journal.text_long", "count", mostStocked)
	}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		slugs = slugs[:0]
		for _, in := range pieces {
			slug, err := s.stockOne(ctx, tx, school, in)
			if err != nil {
				return err
			}
			slugs = append(slugs, slug)
		}
		return nil
	})
	return slugs, err
}

func (s *Service) stockOne(ctx context.Context, tx store.Queryer, school string, in Stocked) (slug string, err error) {
	if len(in.Authors) == 0 {
		return "", missing("penName")
	}
	if err := in.Content.tidy(in.Kind); err != nil {
		return "", err
	}
	var id string
	for rank, name := range in.Authors {
		author, err := findAuthor(ctx, tx, school, name)
		if err != nil {
			return "", err
		}
		if rank == 0 {
			saved, err := s.insertPiece(ctx, tx, school, in.Kind, Draft, author.ID, in.Content)
			if err != nil {
				return "", err
			}
			id = saved.ID
			continue
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_piece_author (piece_id, author_id, school_id, rank) VALUES ($1, $2, $3, $4)", id, author.ID, school, rank+1); err != nil {
			return "", err
		}
	}
	p, err := pieceBy(ctx, tx, school, id)
	if err != nil {
		return "", err
	}
	if err := s.bringOut(ctx, tx, p, in.At); err != nil {
		return "", err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE journal_piece SET status = 'published', published_at = $2 WHERE id = $1", id, in.At); err != nil {
		return "", err
	}
	for _, a := range in.Additions {
		if err := s.stockAddition(ctx, tx, school, id, a); err != nil {
			return "", err
		}
	}
	if err := recount(ctx, tx, id); err != nil {
		return "", err
	}
	return slug, tx.QueryRowContext(ctx, "SELECT slug FROM journal_piece WHERE id = $1", id).Scan(&slug)
}

func (s *Service) stockAddition(ctx context.Context, tx store.Queryer, school, piece string, a StockedAddition) error {
	in := Sent{Name: a.Name, Text: a.Text, Link: a.Link, From: netip.IPv6Unspecified()}
	if err := in.check(); err != nil {
		return err
	}
	status, decided := "shown", &a.At
	if a.Waiting {
		status, decided = "waiting", nil
	}
	_, hash := secret()
	_, err := tx.ExecContext(ctx, `INSERT INTO journal_contribution (id, piece_id, school_id, status, name, text, link, answer, reason, signs, source, receipt, at, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', $9, $10, $11)`, store.NewID(), piece, school, status, in.Name, in.Text, in.Link, a.Answer, hash, a.At, decided)
	return err
}
