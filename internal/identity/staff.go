package identity

import (
	"context"
	"database/sql"
	"errors"

	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/store"
)

// StaffMember is a person with an account.
type StaffMember struct {
	ID         string
	Name       string
	Email      string // lower case
	Locale     i18n.Locale
	CreatedAt  int64 // UTC ms
	DisabledAt int64 // UTC ms, 0 when the account is open

	passwordHash string // empty when there is none
}

// StaffInput is what one says to make an account.
type StaffInput struct {
	Name     string
	Email    string
	Password string      // empty for an account that enters by link or passkey
	Locale   i18n.Locale // French when empty
}

// staff checks the input and computes the password's hash.
func (s *Service) staff(ctx context.Context, in StaffInput, at string) (StaffMember, error) {
	m := StaffMember{ID: store.NewID(), Locale: in.Locale, CreatedAt: s.ms()}
	if m.Locale != i18n.English {
		m.Locale = i18n.French
	}
	var err error
	if m.Name, err = readName(in.Name, at+"name"); err != nil {
		return m, err
	}
	if m.Email, err = readEmail(in.Email, at+"email"); err != nil {
		return m, err
	}
	if in.Password == "" {
		return m, nil
	}
	if err := checkPassword(in.Password, m.Email, at+"password"); err != nil {
		return m, err
	}
	m.passwordHash, err = s.hasher.hash(ctx, in.Password)
	return m, err
}

// CreateStaff makes an account, with no role yet.
func (s *Service) CreateStaff(ctx context.Context, in StaffInput) (StaffMember, error) {
	m, err := s.staff(ctx, in, "")
	if err != nil {
		return m, err
	}
	return m, s.db.Tx(ctx, func(tx store.Queryer) error { return s.insertStaff(ctx, tx, m, actorOf(ctx)) })
}

func (s *Service) insertStaff(ctx context.Context, tx store.Queryer, m StaffMember, by actor) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO staff (id, name, email, password_hash, locale, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
		m.ID, m.Name, m.Email, optional(m.passwordHash), string(m.Locale), m.CreatedAt)
	if store.IsUnique(err) {
		return fault.New(fault.Conflict, "identity.email_taken").At("email")
	}
	if err != nil {
		return err
	}
	return s.audit(ctx, tx, by, "staff.create", "", "staff", m.ID, nil)
}

const staffColumns = "id, name, email, password_hash, locale, created_at, disabled_at"

func scanStaff(row interface{ Scan(...any) error }) (StaffMember, error) {
	var m StaffMember
	var hash *string
	var disabled *int64
	err := row.Scan(&m.ID, &m.Name, &m.Email, &hash, &m.Locale, &m.CreatedAt, &disabled)
	m.passwordHash, m.DisabledAt = value(hash), moment(disabled)
	return m, err
}

func staffWhere(ctx context.Context, q store.Queryer, condition string, args ...any) (StaffMember, error) {
	m, err := scanStaff(q.QueryRowContext(ctx, "SELECT "+staffColumns+" FROM staff WHERE "+condition, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return m, fault.New(fault.NotFound, "identity.no_staff")
	}
	return m, err
}

// FindStaff gives an account by its id, or NotFound.
func (s *Service) FindStaff(ctx context.Context, id string) (StaffMember, error) {
	return staffWhere(ctx, s.db.Reader(), "id = $1", id)
}

// FindStaffByEmail gives an account by its address in any case, or NotFound.
func (s *Service) FindStaffByEmail(ctx context.Context, email string) (StaffMember, error) {
	normal, ok := normalEmail(email)
	if !ok {
		return StaffMember{}, fault.New(fault.NotFound, "identity.no_staff")
	}
	return staffWhere(ctx, s.db.Reader(), "email = $1", normal)
}

// ListStaff lists accounts after an id, at most limit (≤ 500), for the
// command line.
func (s *Service) ListStaff(ctx context.Context, after string, limit int) ([]StaffMember, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT "+staffColumns+" FROM staff WHERE id > $1 ORDER BY id LIMIT $2", after, min(max(limit, 1), pageLimit))
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows) (StaffMember, error) { return scanStaff(r) })
}

// SetPassword replaces the password of an account and ends its sessions; for
// the command line.
func (s *Service) SetPassword(ctx context.Context, staffID, password string) error {
	m, err := s.FindStaff(ctx, staffID)
	if err != nil {
		return err
	}
	if err := checkPassword(password, m.Email, "password"); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.storePassword(ctx, tx, m.ID, hash, actorOf(ctx)); err != nil {
			return err
		}
		return endSessions(ctx, tx, m.ID, "", s.ms())
	})
}

func (s *Service) storePassword(ctx context.Context, tx store.Queryer, staffID, hash string, by actor) error {
	if _, err := tx.ExecContext(ctx, "UPDATE staff SET password_hash = $1 WHERE id = $2", hash, staffID); err != nil {
		return err
	}
	return s.audit(ctx, tx, by, "staff.password", "", "staff", staffID, nil)
}

// DisableStaff closes an account and ends its sessions, with no question of who
// asks. The last administrator of the installation cannot be closed.
func (s *Service) DisableStaff(ctx context.Context, staffID string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error { return s.disable(ctx, tx, "", staffID) })
}

// EnableStaff opens an account again, with no question of who asks.
func (s *Service) EnableStaff(ctx context.Context, staffID string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error { return s.enable(ctx, tx, "", staffID) })
}

func (s *Service) disable(ctx context.Context, tx store.Queryer, school, staffID string) error {
	if _, err := staffWhere(ctx, tx, "id = $1 AND disabled_at IS NULL", staffID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE staff SET disabled_at = $1 WHERE id = $2", s.ms(), staffID); err != nil {
		return err
	}
	if err := keepAdministrator(ctx, tx); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, staffID, "", s.ms()); err != nil {
		return err
	}
	return s.audit(ctx, tx, actorOf(ctx), "account.close", school, "staff", staffID, nil)
}

func (s *Service) enable(ctx context.Context, tx store.Queryer, school, staffID string) error {
	// An erased account stays closed.
	if _, err := staffWhere(ctx, tx, "id = $1 AND email NOT LIKE 'erased:%'", staffID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE staff SET disabled_at = NULL WHERE id = $1", staffID); err != nil {
		return err
	}
	return s.audit(ctx, tx, actorOf(ctx), "account.reopen", school, "staff", staffID, nil)
}

// moment reads an optional time, 0 for none.
func moment(t *int64) int64 {
	if t == nil {
		return 0
	}
	return *t
}

// when writes an optional time, nil for 0.
func when(t int64) *int64 {
	if t == 0 {
		return nil
	}
	return &t
}
