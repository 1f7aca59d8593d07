package roster

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"strconv"
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
// ones does not open with the new. What was there is kept for undoFor: whoever
// puts an earlier key back has its accesses again.
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
		if err := ofNobodyElse(ctx, tx, staff, recipient); err != nil {
			return err
		}
		before, err := staffKey(ctx, tx, staff)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO staff_key (staff_id, recipient, sign_pub, sealed, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (staff_id) DO UPDATE SET recipient = excluded.recipient, sign_pub = excluded.sign_pub, sealed = excluded.sealed, created_at = excluded.created_at`,
			staff, recipient, signPub, sealed, now); err != nil {
			return err
		}
		if before == nil {
			return s.audit(ctx, tx, "", "staff_key.make", "staff", staff, nil)
		}
		if err := keepPast(ctx, tx, staff, before, now); err != nil {
			return err
		}
		if before.recipient == recipient && string(before.signPub) == string(signPub) {
			return s.audit(ctx, tx, "", "staff_key.phrase", "staff", staff, nil)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE names_member SET revoked_at = $1 WHERE staff_id = $2 AND revoked_at IS NULL`, now, staff); err != nil {
			return err
		}
		if err := giveBack(ctx, tx, staff, recipient, signPub, now); err != nil {
			return err
		}
		return s.audit(ctx, tx, "", "staff_key.replace", "staff", staff, nil)
	})
}

// ofNobodyElse refuses a recipient that is a school's, a recovery sheet's or
// another person's.
func ofNobodyElse(ctx context.Context, q store.Queryer, staff, recipient string) error {
	var n int
	err := q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM names_key WHERE recipient = $1) + (SELECT count(*) FROM names_member WHERE recipient = $1 AND staff_id IS NULL)
		+ (SELECT count(*) FROM staff_key WHERE recipient = $1 AND staff_id <> $2)`, recipient, staff).Scan(&n)
	if err == nil && n > 0 {
		return fault.New(fault.Conflict, "roster.key_of_another").At("recipient")
	}
	return err
}

// maxPast earlier keys of a person are kept, the latest.
const maxPast = 5

func keepPast(ctx context.Context, tx store.Queryer, staff string, k *readyStaffKey, now int64) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO staff_key_past (id, staff_id, recipient, sign_pub, sealed, replaced_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		store.NewID(), staff, k.recipient, k.signPub, k.sealed, now); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM staff_key_past WHERE staff_id = $1 AND id NOT IN
		(SELECT p.id FROM staff_key_past p WHERE p.staff_id = $1 ORDER BY p.replaced_at DESC, p.id DESC LIMIT `+strconv.Itoa(maxPast)+`)`, staff)
	return err
}

// giveBack brings back the accesses that ended when this key of the person was
// replaced.
func giveBack(ctx context.Context, tx store.Queryer, staff, recipient string, signPub []byte, now int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE names_member SET revoked_at = NULL WHERE staff_id = $1 AND recipient = $2 AND wrapped IS NOT NULL
		AND revoked_at = (SELECT max(p.replaced_at) FROM staff_key_past p WHERE p.staff_id = $1 AND p.recipient = $2 AND p.sign_pub = $3 AND p.replaced_at > $4)
		AND key_id IN (SELECT k.id FROM names_key k WHERE k.retired_at IS NULL)`, staff, recipient, signPub, now-undoFor.Milliseconds())
	return err
}

// EarlierStaffKey is a key of one's own, or its sealed form under an earlier
// phrase, that can be put back by registering it again.
type EarlierStaffKey struct {
	StaffKey
	ReplacedAt int64 `json:"replacedAt"`
}

// EarlierStaffKeys gives a person's own earlier keys, the latest first.
func (s *Service) EarlierStaffKeys(ctx context.Context, staff string) ([]EarlierStaffKey, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT recipient, sign_pub, sealed, replaced_at FROM staff_key_past WHERE staff_id = $1 AND replaced_at > $2
		ORDER BY replaced_at DESC, id DESC`, staff, s.now()-undoFor.Milliseconds())
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, k *EarlierStaffKey) error {
		var signPub, sealed []byte
		err := r.Scan(&k.Recipient, &signPub, &sealed, &k.ReplacedAt)
		k.SignPub, k.Sealed = text64(signPub), text64(sealed)
		return err
	})
}
