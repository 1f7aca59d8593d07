package roster

import (
	"context"
	"database/sql"
	"strconv"

	"preau/internal/fault"
	"preau/internal/store"
)

// SealedFor is a box of first names for one session.
type SealedFor struct {
	SessionID string `json:"sessionId" maxLength:"36"`
	Sealed    string `json:"sealed" maxLength:"43691"`
}

func (s *Service) firstNames(ctx context.Context, session string) ([]FirstNames, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT group_id, sealed FROM first_names WHERE session_id = $1 ORDER BY group_id`, session)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, f *FirstNames) error {
		var sealed []byte
		err := r.Scan(&f.GroupID, &sealed)
		f.Sealed = text64(sealed)
		return err
	})
}

// ShareFirstNames gives sessions of the group, in at this moment, a box that
// only their own browser opens. It says how many got one: a session that has
// ended since is passed over.
func (s *Service) ShareFirstNames(ctx context.Context, school, by, group string, boxes []SealedFor) (given int, err error) {
	sealed := make([][]byte, len(boxes))
	for i, b := range boxes {
		if sealed[i], err = sealedOf(item("items", i, "sealed"), b.Sealed, maxSealed); err != nil {
			return 0, err
		}
	}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		given = 0
		if err := s.changeable(ctx, tx, school, group); err != nil {
			return err
		}
		for i, b := range boxes {
			var typed bool
			err := tx.QueryRowContext(ctx, `SELECT c.recipient IS NULL FROM seat_session c JOIN seat_group m ON m.seat_id = c.seat_id
				WHERE c.id = $1 AND c.school_id = $2 AND c.status = 'in' AND m.group_id = $3`, b.SessionID, school, group).Scan(&typed)
			if absent(err, nil) != nil {
				return err
			}
			if err != nil {
				continue
			}
			if typed {
				return fault.New(fault.Conflict, "roster.no_recipient").At(item("items", i, "sessionId"))
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO first_names (session_id, group_id, school_id, sealed, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (session_id, group_id) DO UPDATE SET sealed = excluded.sealed, created_by = excluded.created_by, created_at = excluded.created_at`,
				b.SessionID, group, school, sealed[i], by, s.now()); err != nil {
				return err
			}
			given++
		}
		return s.audit(ctx, tx, school, "first_names.share", "group", group, map[string]string{"sessions": strconv.Itoa(given)})
	})
	return given, err
}

// StopFirstNames deletes every box of the group.
func (s *Service) StopFirstNames(ctx context.Context, school, group string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM first_names WHERE group_id = $1 AND school_id = $2`, group, school); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "first_names.stop", "group", group, nil)
	})
}
