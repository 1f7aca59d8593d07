package identity

import (
	"context"
	"strings"

	"preau/internal/fault"
	"preau/internal/store"
)

// codeAlphabet is that of the codes people type: no letter that looks like a
// digit.
const codeAlphabet = "0123456789ACDEFGHJKMNPRTVWXY"

const (
	recoveryCodes  = 10
	recoveryLength = 16 // of 28 letters: 76 bits
)

// newRecoveryCode makes a code, without its dashes.
func newRecoveryCode() string {
	var b strings.Builder
	for b.Len() < recoveryLength {
		for _, x := range randomBytes(recoveryLength) {
			// 252 is the largest multiple of 28 in a byte: no letter is likelier.
			if x < 252 && b.Len() < recoveryLength {
				b.WriteByte(codeAlphabet[int(x)%len(codeAlphabet)])
			}
		}
	}
	return b.String()
}

// showRecoveryCode puts a dash after every four letters.
func showRecoveryCode(code string) string {
	var parts []string
	for i := 0; i < len(code); i += 4 {
		parts = append(parts, code[i:min(i+4, len(code))])
	}
	return strings.Join(parts, "-")
}

// readRecoveryCode forgives case, spaces, dashes and look-alike letters.
func readRecoveryCode(typed string) (string, bool) {
	if len(typed) > 200 {
		return "", false
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '\u00a0', '\u202f', '\t', '\n', '\r', '-', '‐', '‑', '–', '—', '.', '_':
			continue
		case 'O', 'Q':
			r = '0'
		case 'I', 'L':
			r = '1'
		case 'Z':
			r = '2'
		case 'S':
			r = '5'
		case 'B':
			r = '8'
		case 'U':
			r = 'V'
		}
		if !strings.ContainsRune(codeAlphabet, r) || b.Len() == recoveryLength {
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), b.Len() == recoveryLength
}

// replaceRecoveryCodes makes ten new codes; the earlier ones no longer work.
func (s *Service) replaceRecoveryCodes(ctx context.Context, staffID string) ([]string, error) {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = newRecoveryCode()
	}
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM recovery_code WHERE staff_id = $1", staffID); err != nil {
			return err
		}
		for _, c := range codes {
			if _, err := tx.ExecContext(ctx, "INSERT INTO recovery_code (id, staff_id, code_hash, created_at) VALUES ($1, $2, $3, $4)", store.NewID(), staffID, tokenHash(c), s.ms()); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, actorOf(ctx), "staff.recovery_codes", "", "staff", staffID, nil)
	})
	if err != nil {
		return nil, err
	}
	for i, c := range codes {
		codes[i] = showRecoveryCode(c)
	}
	return codes, nil
}

// useRecoveryCode uses up a code of the person, or refuses.
func (s *Service) useRecoveryCode(ctx context.Context, tx store.Queryer, staffID, code string) error {
	done, err := tx.ExecContext(ctx, "UPDATE recovery_code SET used_at = $1 WHERE staff_id = $2 AND code_hash = $3 AND used_at IS NULL", s.ms(), staffID, tokenHash(code))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		if err != nil {
			return err
		}
		return fault.New(fault.Invalid, "identity.wrong_code")
	}
	return s.audit(ctx, tx, actor{"staff", staffID}, "staff.recovery_used", "", "staff", staffID, nil)
}
