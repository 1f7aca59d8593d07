package assessment

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"preau/internal/campaignfile"
	"preau/internal/fault"
	"preau/internal/store"
)

// CampaignPublisher is a publisher whose key a school accepts, or did.
type CampaignPublisher struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"`
	AcceptedAt  int64  `json:"acceptedAt"`
	EndedAt     int64  `json:"endedAt,omitempty" doc:"When it was no longer accepted."`
	Why         string `json:"why,omitempty"`

	key string
}

// fold makes one of what people read as one name.
func fold(name string) string {
	return strings.Join(strings.Fields(cases.Fold().String(norm.NFKC.String(name))), " ")
}

// Publishers lists the keys that a school accepts, and those that it did.
func (s *Service) Publishers(ctx context.Context, school string) ([]CampaignPublisher, error) {
	return publishersWhere(ctx, s.db.Reader(), `school_id = $1`, school)
}

func publishersWhere(ctx context.Context, q store.Queryer, where string, args ...any) ([]CampaignPublisher, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, name, key, accepted_at, coalesce(ended_at, 0), why FROM campaign_publisher WHERE `+where+` ORDER BY id DESC LIMIT 200`, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, p *CampaignPublisher) error {
		if err := r.Scan(&p.ID, &p.Name, &p.key, &p.AcceptedAt, &p.EndedAt, &p.Why); err != nil {
			return err
		}
		p.Fingerprint = fingerprint(p.key)
		return nil
	})
}

// fingerprint is of a key as it is written; empty for what is none.
func fingerprint(key string) string {
	public, err := campaignfile.ReadPublisher(key)
	if err != nil {
		return ""
	}
	return campaignfile.Fingerprint(public)
}

// signerOf gives the accepted publisher of that name, nil when there is none
// yet, and refuses another key than the one accepted.
func signerOf(ctx context.Context, q store.Queryer, school, name, key string) (*CampaignPublisher, error) {
	held, err := publishersWhere(ctx, q, `school_id = $1 AND folded = $2 AND ended_at IS NULL`, school, fold(name))
	if err != nil || len(held) == 0 {
		return nil, err
	}
	if held[0].key != key {
		return nil, badFile("other_key", "name", held[0].Name, "accepted", held[0].Fingerprint, "given", fingerprint(key))
	}
	return &held[0], nil
}

// signerIn says of a file what the school knows of who signed it.
func (s *Service) signerIn(ctx context.Context, school string, out *PublishedCampaign) error {
	q := s.db.Reader()
	out.Fingerprint, out.Signer = fingerprint(out.key), "new"
	known, err := signerOf(ctx, q, school, out.Publisher, out.key)
	// The key of a file that waits may have been replaced since.
	if err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	if known != nil {
		out.Signer = "accepted"
	}
	if out.Former, err = publishersWhere(ctx, q, `school_id = $1 AND folded = $2 AND ended_at IS NOT NULL`, school, fold(out.Publisher)); err != nil {
		return err
	}
	same, err := publishersWhere(ctx, q, `school_id = $1 AND key = $2 AND folded <> $3 AND ended_at IS NULL`, school, out.key, fold(out.Publisher))
	if len(same) > 0 {
		out.OtherName = same[0].Name
	}
	return err
}

// AcceptFile accepts a campaign with all that it declares and, where it is the
// first of its publisher, the publisher's key. print is what the person saw.
func (s *Service) AcceptFile(ctx context.Context, school, id, print string) error {
	p, err := s.PublishedOf(ctx, school, id)
	if err != nil {
		return err
	}
	if p.KeptHere > p.KeptDays {
		return badFile("kept_longer", "declared", p.KeptDays, "here", p.KeptHere)
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		f, err := fileBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		switch f.State {
		case fileReplaced:
			return badFile("replaced")
		case fileAccepted, fileOpened:
			return nil
		}
		known, err := signerOf(ctx, tx, school, f.Publisher, f.key)
		if err != nil {
			return err
		}
		if fingerprint(f.key) != print {
			return badFile("not_compared")
		}
		if known == nil {
			one := store.NewID()
			if _, err := tx.ExecContext(ctx, `INSERT INTO campaign_publisher (id, school_id, name, folded, key, accepted_by, accepted_at, why) VALUES ($1, $2, $3, $4, $5, $6, $7, '')`,
				one, school, f.Publisher, fold(f.Publisher), f.key, staffID(ctx), s.now()); err != nil {
				return err
			}
			if err := s.audit(ctx, tx, school, "campaign_publisher.accept", "campaign_publisher", one, nil); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE campaign_file SET accepted_by = $1, accepted_at = $2 WHERE id = $3 AND school_id = $4`, staffID(ctx), s.now(), id, school); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign_file.accept", "campaign_file", id, nil)
	})
}

// EndPublisher stops accepting a publisher's key, so that another can be
// accepted. Campaigns that are open go on.
func (s *Service) EndPublisher(ctx context.Context, school, id, why string) error {
	why = strings.TrimSpace(why)
	if why == "" || utf8.RuneCountInString(why) > 500 {
		return fault.New(fault.Invalid, "assessment.why_needed").At("why")
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		done, err := tx.ExecContext(ctx, `UPDATE campaign_publisher SET ended_by = $1, ended_at = $2, why = $3 WHERE id = $4 AND school_id = $5 AND ended_at IS NULL`, staffID(ctx), s.now(), why, id, school)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err = errors.Join(err, mustBeOne(n)); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign_publisher.end", "campaign_publisher", id, nil)
	})
}

func mustBeOne(n int64) error {
	if n != 1 {
		return fault.New(fault.NotFound, "campaignfile.no_publisher_here")
	}
	return nil
}
