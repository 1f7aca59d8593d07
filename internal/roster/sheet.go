package roster

import (
	"context"
	"database/sql"
	"errors"

	"preau/internal/fault"
	"preau/internal/store"
)

// NewSheet is another recovery sheet for the present names key.
type NewSheet struct {
	KeyID string `json:"keyId" maxLength:"36"`
	SheetMember
}

// ReplaceSheet puts another recovery sheet in the place of the one of the
// present key, which opens nothing from now on. The caller is let in: only they
// can wrap the key for paper.
func (s *Service) ReplaceSheet(ctx context.Context, school, by string, in NewSheet) error {
	recipient, err := recipientOf("recipient", in.Recipient)
	if err != nil {
		return err
	}
	wrapped, err := sealedOf("wrapped", in.Wrapped, maxWrapped)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		key, err := presentKey(ctx, tx, school)
		if err != nil {
			return err
		}
		if key == nil || key.ID != in.KeyID {
			return fault.New(fault.Conflict, "roster.other_key").At("keyId")
		}
		if err := s.letIn(ctx, tx, key.ID, by); err != nil {
			return err
		}
		now := s.now()
		if _, err := tx.ExecContext(ctx, `UPDATE names_member SET revoked_at = $1, wrapped = NULL WHERE key_id = $2 AND staff_id IS NULL AND revoked_at IS NULL`, now, key.ID); err != nil {
			return err
		}
		paper := newMember{key: key.ID, school: school, recipient: recipient, wrapped: wrapped, endorsedBy: by}
		if err := paper.insert(ctx, tx, now); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "names.sheet", "names_key", key.ID, nil)
	})
}

// SheetStored remembers that somebody said that this sheet is printed and stored.
func (s *Service) SheetStored(ctx context.Context, school, member string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		var key string
		err := tx.QueryRowContext(ctx, `UPDATE names_member SET stored_at = coalesce(stored_at, $1)
			WHERE id = $2 AND school_id = $3 AND staff_id IS NULL AND revoked_at IS NULL RETURNING key_id`, s.now(), member, school).Scan(&key)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "roster.no_sheet")
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "names.sheet_stored", "names_key", key, nil)
	})
}
