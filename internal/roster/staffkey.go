package roster

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"strings"

	"filippo.io/age"

	"preau/internal/fault"
	"preau/internal/store"
)

// StaffKey is a person's own key for names, one for all their schools. Sealed
// opens with their phrase, in their browser.
type StaffKey struct {
	Recipient string `json:"recipient" maxLength:"100" doc:"age X25519 recipient."`
	SignPub   string `json:"signPub" maxLength:"43" doc:"Ed25519 public key."`
	Sealed    string `json:"sealed" maxLength:"5462" doc:"age file, sealed by a phrase."`
	CreatedAt int64  `json:"createdAt,omitempty" readOnly:"true"`
}

type readyStaffKey struct {
	recipient       string
	signPub, sealed []byte
	createdAt       int64
}

// recipientOf checks an age X25519 recipient, in its one spelling.
func recipientOf(field, text string) (string, error) {
	r, err := age.ParseX25519Recipient(text)
	if err != nil || r.String() != text {
		return "", fault.New(fault.Invalid, "roster.bad_recipient").At(field)
	}
	return text, nil
}

// sealedOf decodes an age file.
func sealedOf(field, text string, max int) ([]byte, error) {
	b, err := bytesOf(field, text, len(ageHeader), max)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(string(b), ageHeader) {
		return nil, fault.New(fault.Invalid, "roster.not_sealed").At(field)
	}
	return b, nil
}

func staffKey(ctx context.Context, q store.Queryer, staff string) (*readyStaffKey, error) {
	var k readyStaffKey
	err := q.QueryRowContext(ctx, `SELECT recipient, sign_pub, sealed, created_at FROM staff_key WHERE staff_id = $1`, staff).
		Scan(&k.recipient, &k.signPub, &k.sealed, &k.createdAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &k, err
}

// StaffKeyOf gives a person's own key, nil when they have none.
func (s *Service) StaffKeyOf(ctx context.Context, staff string) (*StaffKey, error) {
	k, err := staffKey(ctx, s.db.Reader(), staff)
	if err != nil || k == nil {
		return nil, err
	}
	return &StaffKey{k.recipient, text64(k.signPub), text64(k.sealed), k.createdAt}, nil
}

// SetStaffKey registers a person's own key. The same keys under a new phrase
// keep every access; other keys end it, because what was wrapped for the old
// ones does not open with the new.
func (s *Service) SetStaffKey(ctx context.Context, staff string, in StaffKey) error {
	recipient, err := recipientOf("recipient", in.Recipient)
	if err != nil {
		return err
	}
	signPub, err := bytesOf("signPub", in.SignPub, ed25519.PublicKeySize, ed25519.PublicKeySize)
	if err != nil {
		return err
	}
	sealed, err := sealedOf("sealed", in.Sealed, maxWrapped)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		now := s.now()
		before, err := staffKey(ctx, tx, staff)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO staff_key (staff_id, recipient, sign_pub, sealed, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (staff_id) DO UPDATE SET recipient = excluded.recipient, sign_pub = excluded.sign_pub, sealed = excluded.sealed, created_at = excluded.created_at`,
			staff, recipient, signPub, sealed, now); err != nil {
			return err
		}
		if before != nil && (before.recipient != recipient || string(before.signPub) != string(signPub)) {
			if _, err := tx.ExecContext(ctx, `UPDATE names_member SET revoked_at = $1, wrapped = NULL WHERE staff_id = $2 AND revoked_at IS NULL`, now, staff); err != nil {
				return err
			}
			return s.audit(ctx, tx, "", "staff_key.replace", "staff", staff, nil)
		}
		return nil
	})
}
