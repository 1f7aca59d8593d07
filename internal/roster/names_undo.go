package roster

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// undoFor is how long a replaced key, of a school or a person, can be put back.
const undoFor = 30 * 24 * time.Hour

// retireKey ends the present key when it is the one that replaces names, and
// says whether there was one. Its name records stay, unreadable to anybody who
// did not keep the old key, until each seat's name is written again.
func retireKey(ctx context.Context, tx store.Queryer, school, replaces string, now int64) (replaced bool, err error) {
	key, err := presentKey(ctx, tx, school)
	if err != nil {
		return false, err
	}
	if key == nil && replaces == "" {
		return false, nil
	}
	if key == nil || key.ID != replaces {
		return false, fault.New(fault.Conflict, "roster.other_key").At("replaces")
	}
	return true, endKey(ctx, tx, key.ID, now)
}

// endKey retires a key and ends its accesses. What was wrapped stays for
// undoFor, the recovery sheet's as well, so that the key can be put back; the
// data map blanks it then.
func endKey(ctx context.Context, tx store.Queryer, key string, now int64) error {
	if _, err := tx.ExecContext(ctx, `UPDATE names_key SET retired_at = $1 WHERE id = $2`, now, key); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE names_member SET revoked_at = $1 WHERE key_id = $2 AND revoked_at IS NULL`, now, key)
	return err
}

// earlierKey is the school's key that was replaced last, nil when none can be
// put back.
func earlierKey(ctx context.Context, q store.Queryer, school string, now int64) (*EarlierKey, error) {
	var k EarlierKey
	err := q.QueryRowContext(ctx, `SELECT id, recipient, created_by, created_at, retired_at FROM names_key WHERE school_id = $1 AND retired_at > $2
		ORDER BY retired_at DESC, id DESC LIMIT 1`, school, now-undoFor.Milliseconds()).Scan(&k.ID, &k.Recipient, &k.CreatedBy, &k.CreatedAt, &k.RetiredAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &k, err
}

// RestoreNamesKey puts back the key that the present one replaced, with the
// accesses that ended then. Records written meanwhile under the present key
// stay with it, and are read once that one is put back in turn.
func (s *Service) RestoreNamesKey(ctx context.Context, school, key string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		now := s.now()
		earlier, err := earlierKey(ctx, tx, school, now)
		if err != nil {
			return err
		}
		if earlier == nil || earlier.ID != key {
			return fault.New(fault.NotFound, "roster.no_earlier_key").At("key")
		}
		present, err := presentKey(ctx, tx, school)
		if err != nil {
			return err
		}
		if present != nil {
			// One millisecond apart, so that each key has its own accesses to give back.
			if err := endKey(ctx, tx, present.ID, max(now, earlier.RetiredAt+1)); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE names_key SET retired_at = NULL WHERE id = $1`, key); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE names_member SET revoked_at = NULL WHERE key_id = $1 AND revoked_at = $2 AND wrapped IS NOT NULL`, key, earlier.RetiredAt); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "names.key_restore", "names_key", key, nil)
	})
}
