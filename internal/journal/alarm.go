package journal

import (
	"context"
	"database/sql"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/store"
)

// Alarm is a report as a reader sends it.
type Alarm struct {
	Why, Text    string
	Contribution string // "" for the piece itself
	Trap, Token  string
	From         netip.Addr
}

func reasonsToReport() []string {
	return []string{"person", "image", "hatred", "danger", "false", "copy", "other"}
}

// credible says whether a report hides what it is about until somebody has read
// it: a grave reason, told in some words, by a form that a person filled, and
// not about what a moderator has already read for a report and kept.
func credible(why, text string, signs []Sign, keptBefore bool) bool {
	grave := slices.Contains([]string{"person", "image", "hatred", "danger"}, why)
	return grave && utf8.RuneCountInString(text) >= 30 && len(strings.Fields(text)) >= 5 && weigh(signs) <= Unworked.weight() && !keptBefore
}

// Report keeps a report, and hides what it is about when it is credible.
func (s *Service) Report(ctx context.Context, p piece, in Alarm) (receipt string, hidden bool, err error) {
	if in.Text, err = block(in.Text, 4000, "text"); err != nil {
		return "", false, err
	}
	if !slices.Contains(reasonsToReport(), in.Why) {
		return "", false, missing("why")
	}
	if utf8.RuneCountInString(in.Text) < shortestWords {
		return "", false, fault.New(fault.Invalid, "journal.words_few", "count", shortestWords).At("text")
	}
	f, formed := s.readForm("report\x00"+p.ID, in.Token)
	free, wait := s.alarms.Take(s.sourceOf(in.From) + p.School)
	if !free {
		return "", false, fault.New(fault.Limited, "journal.too_many").After(wait)
	}
	signs := sift(seen{text: in.Text, trap: in.Trap, formed: formed, took: s.now() - f.at})
	mayHide := credible(in.Why, in.Text, signs, false)
	if mayHide {
		mayHide, _ = s.hides.Take(s.sourceOf(in.From) + p.School)
	}
	token, hash := secret()
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if formed {
			if err := s.spend(ctx, tx, f); err != nil {
				return err
			}
		}
		if in.Contribution != "" {
			var n int
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_contribution WHERE id = $1 AND piece_id = $2 AND status = 'shown'", in.Contribution, p.ID).Scan(&n); err != nil {
				return err
			}
			if n == 0 {
				return fault.New(fault.NotFound, "journal.no_contribution")
			}
		}
		var kept, waiting int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_report WHERE piece_id = $1 AND coalesce(contribution_id, '') = $2 AND status = 'dismissed'", p.ID, in.Contribution).Scan(&kept); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_report WHERE school_id = $1 AND status = 'waiting'", p.School).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= mostWaiting {
			return fault.New(fault.Limited, "journal.queue_full")
		}
		hidden = credible(in.Why, in.Text, signs, kept > 0) && mayHide
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_report (id, school_id, piece_id, contribution_id, why, text, credible, status, reason, receipt, at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', '', $8, $9)",
			store.NewID(), p.School, p.ID, optional(in.Contribution), in.Why, in.Text, number(hidden), hash, s.now()); err != nil {
			return err
		}
		if !hidden {
			return nil
		}
		return s.hide(ctx, tx, p.ID, in.Contribution)
	})
	return token, hidden, err
}

func (s *Service) hide(ctx context.Context, tx store.Queryer, piece, contribution string) error {
	if contribution == "" {
		_, err := tx.ExecContext(ctx, "UPDATE journal_piece SET hidden_at = coalesce(hidden_at, $2) WHERE id = $1", piece, s.now())
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE journal_contribution SET hidden_at = coalesce(hidden_at, $2) WHERE id = $1", contribution, s.now()); err != nil {
		return err
	}
	return recount(ctx, tx, piece)
}

// Reported is a report as moderators see it.
type Reported struct {
	ID             string  `json:"id"`
	PieceID        string  `json:"pieceId"`
	Title          string  `json:"title"`
	Slug           string  `json:"slug"`
	ContributionID *string `json:"contributionId,omitempty"`
	Excerpt        string  `json:"excerpt,omitempty" doc:"Of the contribution."`
	Why            string  `json:"why" enum:"person,image,hatred,danger,false,copy,other"`
	Text           string  `json:"text"`
	Hidden         bool    `json:"hidden" doc:"It hides what it is about until it is decided."`
	Status         string  `json:"status" enum:"waiting,upheld,dismissed"`
	Reason         string  `json:"reason,omitempty"`
	At             int64   `json:"at"`
	DecidedAt      *int64  `json:"decidedAt,omitempty"`
}

// Reports lists reports of a status, those that hide something first.
func (s *Service) Reports(ctx context.Context, school, status string) ([]Reported, error) {
	if _, err := s.moderator(ctx, s.db.Reader(), school); err != nil {
		return nil, err
	}
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT o.id, o.piece_id, coalesce(r.title, ''), coalesce(p.slug, ''), o.contribution_id, coalesce(c.text, ''), o.why, o.text, o.credible, o.status, o.reason, o.at, o.decided_at
		FROM journal_report o JOIN journal_piece p ON p.id = o.piece_id LEFT JOIN journal_revision r ON r.id = p.live_id LEFT JOIN journal_contribution c ON c.id = o.contribution_id
		WHERE o.school_id = $1 AND o.status = $2 ORDER BY o.credible DESC, o.id LIMIT 200`, school, status)
	return collect(rows, err, func(r *sql.Rows, o *Reported) error {
		err := r.Scan(&o.ID, &o.PieceID, &o.Title, &o.Slug, &o.ContributionID, &o.Excerpt, &o.Why, &o.Text, &o.Hidden, &o.Status, &o.Reason, &o.At, &o.DecidedAt)
		if letters := []rune(o.Excerpt); len(letters) > 400 {
			o.Excerpt = string(letters[:400]) + "…"
		}
		return err
	})
}

// Verdict answers a report or a request for a reply.
type Verdict struct {
	Accept bool   `json:"accept"`
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Needed to dismiss; whoever asked reads it."`
}

func (in *Verdict) check() error {
	var err error
	if in.Reason, err = block(in.Reason, 2000, "reason"); err == nil && in.Reason == "" && !in.Accept {
		err = fault.New(fault.Invalid, "journal.reason_needed").At("reason")
	}
	return err
}

// Judge answers a report. Upheld, a contribution stays refused, and a piece
// stays hidden until it is changed or withdrawn; dismissed, it shows again when
// no other report hides it.
func (s *Service) Judge(ctx context.Context, school, id string, in Verdict) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		who, err := s.moderator(ctx, tx, school)
		if err != nil {
			return err
		}
		var piece string
		var contribution sql.NullString
		err = tx.QueryRowContext(ctx, "SELECT piece_id, contribution_id FROM journal_report WHERE id = $1 AND school_id = $2 AND status = 'waiting'", id, school).Scan(&piece, &contribution)
		if isNoRows(err) {
			return fault.New(fault.NotFound, "journal.no_report")
		}
		if err != nil {
			return err
		}
		status := "dismissed"
		if in.Accept {
			status = "upheld"
		}
		if _, err := tx.ExecContext(ctx, "UPDATE journal_report SET status = $2, reason = $3, decided_at = $4, decided_by = $5 WHERE id = $1", id, status, in.Reason, s.now(), who.id()); err != nil {
			return err
		}
		if in.Accept && !contribution.Valid {
			if err := s.mayKeepHidden(ctx, tx, school, piece, who); err != nil {
				return err
			}
		}
		if err := s.afterVerdict(ctx, tx, piece, contribution.String, in, who); err != nil {
			return err
		}
		return s.logs(ctx, tx, school, who, "report."+status, "report", id, in.Reason)
	})
}

// mayKeepHidden refuses to hide a piece for good by way of a report to whoever
// may not review it: in lycée a head suspends, with the reasons that the law asks
// for, and does not hide what pupils published.
func (s *Service) mayKeepHidden(ctx context.Context, tx store.Queryer, school, piece string, who person) error {
	regime, err := s.regimeOf(ctx, school)
	if err != nil {
		return err
	}
	p, err := pieceBy(ctx, tx, school, piece)
	if err != nil {
		return err
	}
	if regime == Pupils && !who.on(p.authorIDs()).reviews(regime, p.State) {
		return fault.New(fault.Forbidden, "journal.suspend_instead")
	}
	return nil
}

func (s *Service) afterVerdict(ctx context.Context, tx store.Queryer, piece, contribution string, in Verdict, who person) error {
	switch {
	case in.Accept && contribution != "":
		if _, err := tx.ExecContext(ctx, "UPDATE journal_contribution SET status = 'refused', reason = $2, decided_at = $3, decided_by = $4, hidden_at = NULL WHERE id = $1", contribution, in.Reason, s.now(), who.id()); err != nil {
			return err
		}
		return recount(ctx, tx, piece)
	case in.Accept:
		return s.hide(ctx, tx, piece, "")
	}
	var others int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_report WHERE piece_id = $1 AND coalesce(contribution_id, '') = $2 AND (status = 'waiting' AND credible = 1 OR status = 'upheld')", piece, contribution).Scan(&others); err != nil {
		return err
	}
	if others > 0 {
		return nil
	}
	if contribution == "" {
		// What an authorisation that ended hides stays hidden.
		_, err := tx.ExecContext(ctx, `UPDATE journal_piece SET hidden_at = NULL WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM journal_consent_use u JOIN journal_consent c ON c.id = u.consent_id
			WHERE u.subject = $1 AND c.withdrawn_at IS NOT NULL)`, piece)
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE journal_contribution SET hidden_at = NULL WHERE id = $1", contribution); err != nil {
		return err
	}
	return recount(ctx, tx, piece)
}
