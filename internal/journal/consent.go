package journal

import (
	"context"
	"database/sql"
	"errors"

	"preau/internal/fault"
	"preau/internal/store"
)

// Consent is an authorisation to show a pupil's name, face or voice. The paper
// stays with the school; this says that it exists, for what and until when.
type Consent struct {
	ID          string   `json:"id"`
	SeatID      string   `json:"seatId"`
	Who         string   `json:"who" doc:"The pseudonym of the seat."`
	What        string   `json:"what" enum:"name,image,voice"`
	Purpose     string   `json:"purpose"`
	Medium      string   `json:"medium"`
	Parental    bool     `json:"parental" doc:"Given by whoever holds parental authority; needed under 18."`
	StartsAt    int64    `json:"startsAt"`
	Until       int64    `json:"until"`
	RecordedAt  int64    `json:"recordedAt"`
	WithdrawnAt *int64   `json:"withdrawnAt,omitempty"`
	Uses        []string `json:"uses" nullable:"false" doc:"Files that show, and pieces that name."`
}

func (c Consent) lives(now int64) bool {
	return c.WithdrawnAt == nil && c.StartsAt <= now && now < c.Until
}

// NewConsent is what one says to record one.
type NewConsent struct {
	SeatID   string `json:"seatId" maxLength:"36"`
	What     string `json:"what" enum:"name,image,voice"`
	Purpose  string `json:"purpose" minLength:"1" maxLength:"300"`
	Medium   string `json:"medium" minLength:"1" maxLength:"160"`
	Parental bool   `json:"parental"`
	Adult    bool   `json:"adult,omitempty" doc:"The pupil is 18 or more and has signed alone; otherwise a parent has."`
	StartsAt int64  `json:"startsAt,omitempty"`
	Until    int64  `json:"until"`
}

const longestConsent = 3 * 366 * dayMs

const consentColumns = "c.id, c.seat_id, c.what, c.purpose, c.medium, c.parental, c.starts_at, c.until, c.recorded_at, c.withdrawn_at"

func scanConsent(row interface{ Scan(...any) error }) (Consent, error) {
	c := Consent{Uses: []string{}}
	err := row.Scan(&c.ID, &c.SeatID, &c.What, &c.Purpose, &c.Medium, &c.Parental, &c.StartsAt, &c.Until, &c.RecordedAt, &c.WithdrawnAt)
	return c, err
}

func consentBy(ctx context.Context, q store.Queryer, school, id string) (Consent, error) {
	c, err := scanConsent(q.QueryRowContext(ctx, "SELECT "+consentColumns+" FROM journal_consent c WHERE c.id = $1 AND c.school_id = $2", id, school))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "journal.no_consent")
	}
	return c, err
}

// Consents lists a school's, the latest first.
func (s *Service) Consents(ctx context.Context, school string) ([]Consent, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT "+consentColumns+" FROM journal_consent c WHERE c.school_id = $1 ORDER BY c.id DESC LIMIT 500", school)
	list, err := collect(rows, err, func(r *sql.Rows, c *Consent) (err error) { *c, err = scanConsent(r); return err })
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, c := range list {
		at[c.ID] = i
		if list[i].Who, err = s.pseudonym(ctx, school, c.SeatID); err != nil {
			return nil, err
		}
	}
	rows, err = s.db.Reader().QueryContext(ctx, "SELECT consent_id, subject FROM journal_consent_use WHERE school_id = $1 ORDER BY consent_id DESC LIMIT 5000", school)
	uses, err := collect(rows, err, func(r *sql.Rows, u *[2]string) error { return r.Scan(&u[0], &u[1]) })
	for _, u := range uses {
		if i, ok := at[u[0]]; ok {
			list[i].Uses = append(list[i].Uses, u[1])
		}
	}
	return list, err
}

// RecordConsent notes that a paper was signed.
func (s *Service) RecordConsent(ctx context.Context, school, by string, in NewConsent) (string, error) {
	now := s.now()
	if in.StartsAt == 0 {
		in.StartsAt = now
	}
	var err error
	if in.Purpose, err = line(in.Purpose, 300, "purpose"); err != nil {
		return "", err
	}
	if in.Medium, err = line(in.Medium, 160, "medium"); err != nil {
		return "", err
	}
	switch {
	case in.Purpose == "" || in.Medium == "":
		return "", missing("purpose")
	case !in.Parental && !in.Adult:
		return "", fault.New(fault.Invalid, "journal.parental_needed").At("parental")
	case in.Until <= now || in.Until <= in.StartsAt || in.Until > now+longestConsent:
		return "", fault.New(fault.Invalid, "journal.until_wrong").At("until")
	}
	if _, err := s.roster.SeatByID(ctx, school, in.SeatID); err != nil {
		return "", err
	}
	id := store.NewID()
	return id, s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_consent (id, school_id, seat_id, what, purpose, medium, parental, starts_at, until, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
			id, school, in.SeatID, in.What, in.Purpose, in.Medium, number(in.Parental), in.StartsAt, in.Until, by, now); err != nil {
			return err
		}
		return store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: "staff", ActorID: by, Act: "journal.consent", SubjectKind: "seat", SubjectID: in.SeatID})
	})
}

// UseConsent ties an authorisation to the file that shows the pupil, or to the
// piece that names them.
func (s *Service) UseConsent(ctx context.Context, school, id, subject string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		c, err := consentBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if !c.lives(s.now()) {
			return fault.New(fault.Conflict, "journal.consent_ended")
		}
		if c.What == "name" {
			_, err = pieceBy(ctx, tx, school, subject)
		} else {
			_, err = fileBy(ctx, tx, school, subject)
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE journal_file SET held = 0 WHERE id = $1 AND school_id = $2", subject, school); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO journal_consent_use (consent_id, subject, school_id) VALUES ($1, $2, $3) ON CONFLICT (consent_id, subject) DO NOTHING", id, subject, school)
		return err
	})
}

// WithdrawConsent ends an authorisation. Its files are taken down everywhere at
// once: every page, revision, feed and export asks for a file by its id, and it
// is gone. A piece that names the pupil is hidden until somebody has changed it.
func (s *Service) WithdrawConsent(ctx context.Context, school, by, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := consentBy(ctx, tx, school, id); err != nil {
			return err
		}
		now := s.now()
		if err := exec(ctx, tx, fault.New(fault.Conflict, "journal.consent_ended"), "UPDATE journal_consent SET withdrawn_at = $3 WHERE id = $1 AND school_id = $2 AND withdrawn_at IS NULL", id, school, now); err != nil {
			return err
		}
		if err := endUses(ctx, tx, id, now); err != nil {
			return err
		}
		return store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: "staff", ActorID: by, Act: "journal.consent_end", SubjectKind: "journal_consent", SubjectID: id})
	})
}

func endUses(ctx context.Context, tx store.Queryer, consent string, now int64) error {
	if _, err := tx.ExecContext(ctx, "UPDATE journal_file SET removed_at = coalesce(removed_at, $2) WHERE id IN (SELECT subject FROM journal_consent_use WHERE consent_id = $1)", consent, now); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE journal_piece SET hidden_at = coalesce(hidden_at, $2) WHERE id IN (SELECT subject FROM journal_consent_use WHERE consent_id = $1)", consent, now)
	return err
}

// endConsents does the same for authorisations whose time is over. It is done
// every few minutes, some at a time.
func (s *Service) endConsents(ctx context.Context) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		now := s.now()
		rows, err := tx.QueryContext(ctx, "SELECT id FROM journal_consent WHERE withdrawn_at IS NULL AND until <= $1 ORDER BY id LIMIT 100", now)
		ended, err := collect(rows, err, func(r *sql.Rows, id *string) error { return r.Scan(id) })
		if err != nil {
			return err
		}
		for _, id := range ended {
			if _, err := tx.ExecContext(ctx, "UPDATE journal_consent SET withdrawn_at = until WHERE id = $1", id); err != nil {
				return err
			}
			if err := endUses(ctx, tx, id, now); err != nil {
				return err
			}
		}
		return nil
	})
}
