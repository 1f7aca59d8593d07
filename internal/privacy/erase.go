package privacy

import (
	"context"
	"fmt"
	"strings"

	"preau/internal/fault"
	"preau/internal/store"
)

// Erase deletes or blanks all that the map declares about a person of a school, ends
// their sessions, and records that it was done. reason is one of Reasons; by is
// the staff who asks. kind is OfSeat or OfStaff.
func (s *Service) Erase(ctx context.Context, school string, kind Whose, id, reason, by string) (store.Erasure, error) {
	e := store.Erasure{ID: store.NewID(), SchoolID: school, SubjectKind: string(kind), SubjectID: id, At: s.db.Now()}
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.mayErase(ctx, tx, school, kind, id); err != nil {
			return err
		}
		if err := s.erase(ctx, tx, e); err != nil {
			return err
		}
		return store.Audit(ctx, tx, store.AuditEntry{
			At: e.At, SchoolID: school, ActorKind: "staff", ActorID: by, Act: "privacy.erase", SubjectKind: e.SubjectKind, SubjectID: id,
			Detail: map[string]string{"reason": reason},
		})
	})
	if err != nil {
		return store.Erasure{}, err
	}
	return e, s.keepOutside(ctx, e)
}

// Reasons are why an erasure may be asked: articles 17(1) and 21 of the GDPR, and
// a pupil's leaving.
func Reasons() []string { return []string{"asked", "objection", "left", "mistake"} }

// mayErase refuses a person of another school, an erased one, and staff who
// still have a role.
func (s *Service) mayErase(ctx context.Context, q store.Queryer, school string, kind Whose, id string) error {
	var n int
	switch kind {
	case OfSeat:
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM seat WHERE id = $1 AND school_id = $2 AND erased_at IS NULL", id, school).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "privacy.no_seat")
		}
	case OfStaff:
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM staff WHERE id = $1 AND email NOT LIKE 'erased:%' AND id IN (SELECT staff_id FROM staff_grant WHERE school_id = $2)", id, school).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "privacy.no_staff")
		}
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM staff_grant WHERE staff_id = $1 AND revoked_at IS NULL AND (until IS NULL OR until > $2)", id, s.db.Now()).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return fault.New(fault.Conflict, "privacy.staff_has_role", "count", n)
		}
	}
	return nil
}

// erase does what the map declares for one person and records it.
func (s *Service) erase(ctx context.Context, tx store.Queryer, e store.Erasure) error {
	if err := s.Reapply(ctx, tx, e); err != nil {
		return err
	}
	_, err := store.RecordErasure(ctx, tx, e)
	return err
}

// Reapply does an erasure again on data that came back from a backup. It may
// be done any number of times.
func (s *Service) Reapply(ctx context.Context, tx store.Queryer, e store.Erasure) error {
	for _, t := range s.childrenFirst {
		for _, p := range t.People {
			if string(p.Whose) != e.SubjectKind || p.Erase == KeepRows {
				continue
			}
			statement := "DELETE FROM " + t.Name + " WHERE " + p.Where
			if p.Erase == BlankRows {
				statement = "UPDATE " + t.Name + " SET " + strings.Join(t.blanks(p.Whose, e.At), ", ") + " WHERE " + p.Where
			}
			if _, err := tx.ExecContext(ctx, statement, e.SubjectID); err != nil {
				return fmt.Errorf("privacy: erase from %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

// blanks are the assignments that empty a row of a person.
func (t Table) blanks(w Whose, now int64) []string {
	var set []string
	for _, c := range t.Columns {
		if c.Whose == w && c.Blank != "" {
			set = append(set, c.Name+" = "+withNow(c.Blank, now))
		}
	}
	return set
}

// erasePeople erases the persons behind rows whose time has come.
func (s *Service) erasePeople(ctx context.Context, tx store.Queryer, t Table, keys [][]any, now int64) ([]store.Erasure, error) {
	var done []store.Erasure
	for _, key := range keys {
		e := store.Erasure{ID: store.NewID(), SubjectKind: string(t.People[0].Whose), SubjectID: fmt.Sprint(key[0]), At: now}
		if err := s.erase(ctx, tx, e); err != nil {
			return nil, err
		}
		done = append(done, e)
	}
	return done, nil
}

// keepOutside writes a committed erasure in the journal outside the database.
// The night's job writes what a broken disk kept from it here.
func (s *Service) keepOutside(ctx context.Context, e store.Erasure) error {
	if s.journal == nil {
		return nil
	}
	if err := s.journal(ctx, e); err != nil {
		return fmt.Errorf("privacy: journal of erasures: %w", err)
	}
	return nil
}

// journalAll writes again every erasure of the database in the journal, which
// knows those it has.
func (s *Service) journalAll(ctx context.Context) error {
	if s.journal == nil {
		return nil
	}
	for last := ""; ; {
		page, err := store.Erasures(ctx, s.db.Reader(), last, 500)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			if err := s.keepOutside(ctx, e); err != nil {
				return err
			}
			last = e.ID
		}
	}
}
