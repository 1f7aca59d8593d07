package identity

import (
	"context"
	"database/sql"
	"errors"

	"preau/internal/fault"
	"preau/internal/store"
)

// GrantInput is a role to give.
type GrantInput struct {
	StaffID  string
	Role     Role
	Scope    Scope
	ScopeID  string   // territory, school, year or group
	SchoolID string   // of every scope inside a school
	SeatIDs  []string // for seats
	StartsAt int64    // UTC ms, 0 for now
	Until    int64    // UTC ms, 0 without end; a substitute needs one
}

func (in GrantInput) grant() Grant {
	return Grant{Role: in.Role, Scope: in.Scope, ScopeID: in.ScopeID, SchoolID: in.SchoolID, SeatIDs: in.SeatIDs, Until: in.Until}
}

// GrantRole gives a role, with no question of who asks: for the command line
// and the demonstration school. It returns the grant's id.
func (s *Service) GrantRole(ctx context.Context, in GrantInput) (string, error) {
	if err := s.checkGrant(ctx, in.grant(), in.StartsAt); err != nil {
		return "", err
	}
	var id string
	err := s.db.Tx(ctx, func(tx store.Queryer) (err error) {
		if _, err := staffWhere(ctx, tx, "id = $1", in.StaffID); err != nil {
			return err
		}
		id, err = s.insertGrant(ctx, tx, in, actorOf(ctx))
		return err
	})
	return id, err
}

// checkGrant refuses a shape that means nothing and a place that does not
// exist. Years, groups and seats are looked up once Routes has been called.
func (s *Service) checkGrant(ctx context.Context, g Grant, starts int64) error {
	if err := checkShape(g, starts, s.ms()); err != nil {
		return err
	}
	if g.SchoolID != "" {
		if _, err := s.School(ctx, g.SchoolID); err != nil {
			return err
		}
	}
	if g.Scope == OverTerritory {
		if err := territoryExists(ctx, s.db.Reader(), g.ScopeID); err != nil {
			return err
		}
	}
	if s.gate == nil {
		return nil
	}
	locate := s.gate.roster.Locate
	switch g.Scope {
	case OverYear:
		_, err := locate(ctx, Place{School: g.SchoolID, Year: g.ScopeID})
		return err
	case OverGroup:
		_, err := locate(ctx, Place{School: g.SchoolID, Group: g.ScopeID})
		return err
	case OverSeats:
		for _, seat := range g.SeatIDs {
			if _, err := locate(ctx, Place{School: g.SchoolID, Seat: seat}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) insertGrant(ctx context.Context, tx store.Queryer, in GrantInput, by actor) (string, error) {
	id := store.NewID()
	var creator *string
	if by.kind == "staff" {
		creator = &by.id
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO staff_grant (id, staff_id, role, scope, scope_id, school_id, starts_at, until, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, in.StaffID, string(in.Role), string(in.Scope), optional(in.ScopeID), optional(in.SchoolID), when(in.StartsAt), when(in.Until), creator, s.ms())
	if err != nil {
		return "", err
	}
	for _, seat := range in.SeatIDs {
		if _, err := tx.ExecContext(ctx, "INSERT INTO grant_seat (grant_id, seat_id, school_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", id, seat, in.SchoolID); err != nil {
			return "", err
		}
	}
	return id, s.audit(ctx, tx, by, "grant.give", in.SchoolID, "staff", in.StaffID, map[string]string{"grant": id, "role": string(in.Role), "scope": string(in.Scope)})
}

// RevokeGrant takes a role back, with no question of who asks; for the command
// line. The last administrator of the installation stays.
func (s *Service) RevokeGrant(ctx context.Context, grantID string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error { return s.revoke(ctx, tx, grantID, actorOf(ctx)) })
}

func (s *Service) revoke(ctx context.Context, tx store.Queryer, grantID string, by actor) error {
	g, err := grantByID(ctx, tx, grantID)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE staff_grant SET revoked_at = $1 WHERE id = $2", s.ms(), grantID); err != nil {
		return err
	}
	if g.Role == Administrator && g.Scope == Installation {
		if err := keepAdministrator(ctx, tx); err != nil {
			return err
		}
	}
	return s.audit(ctx, tx, by, "grant.revoke", g.SchoolID, "staff", g.staffID, map[string]string{"grant": grantID, "role": string(g.Role), "scope": string(g.Scope)})
}

// keepAdministrator refuses the transaction that would leave the installation
// without an administrator: one whose account is open and whose role has no
// end. Tx being serializable, two of these at once cannot both pass.
func keepAdministrator(ctx context.Context, tx store.Queryer) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM staff_grant g JOIN staff s ON s.id = g.staff_id
		WHERE g.role = $1 AND g.scope = $2 AND g.revoked_at IS NULL AND g.until IS NULL AND s.disabled_at IS NULL`, string(Administrator), string(Installation)).Scan(&n)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "identity.last_administrator")
	}
	return nil
}

// heldGrant is a grant with who holds it and its dates.
type heldGrant struct {
	Grant
	staffID   string
	startsAt  int64
	createdAt int64
}

const grantColumns = "g.id, g.staff_id, g.role, g.scope, g.scope_id, g.school_id, g.starts_at, g.until, g.created_at"

func scanGrant(row interface{ Scan(...any) error }) (heldGrant, error) {
	var g heldGrant
	var scopeID, schoolID *string
	var starts, until *int64
	err := row.Scan(&g.ID, &g.staffID, &g.Role, &g.Scope, &scopeID, &schoolID, &starts, &until, &g.createdAt)
	g.ScopeID, g.SchoolID, g.startsAt, g.Until = value(scopeID), value(schoolID), moment(starts), moment(until)
	return g, err
}

// grantByID gives a grant that was not revoked, or NotFound.
func grantByID(ctx context.Context, q store.Queryer, id string) (heldGrant, error) {
	g, err := scanGrant(q.QueryRowContext(ctx, "SELECT "+grantColumns+" FROM staff_grant g WHERE g.id = $1 AND g.revoked_at IS NULL", id))
	if errors.Is(err, sql.ErrNoRows) {
		return g, fault.New(fault.NotFound, "identity.no_grant")
	}
	return g, err
}

// grantsOf gives the grants of a person that hold now, completed with their
// seats and, for territories, their schools.
func grantsOf(ctx context.Context, q store.Queryer, staffID string, now int64) ([]Grant, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+grantColumns+` FROM staff_grant g WHERE g.staff_id = $1 AND g.revoked_at IS NULL
		AND (g.starts_at IS NULL OR g.starts_at <= $2) AND (g.until IS NULL OR g.until > $2) ORDER BY g.id LIMIT 1000`, staffID, now)
	if err != nil {
		return nil, err
	}
	grants, err := collect(rows, func(r *sql.Rows) (Grant, error) {
		g, err := scanGrant(r)
		return g.Grant, err
	})
	if err != nil {
		return nil, err
	}
	for i := range grants {
		if err := completeGrant(ctx, q, &grants[i]); err != nil {
			return nil, err
		}
	}
	return grants, nil
}

func completeGrant(ctx context.Context, q store.Queryer, g *Grant) (err error) {
	switch g.Scope {
	case OverSeats:
		g.SeatIDs, err = ids(ctx, q, "SELECT seat_id FROM grant_seat WHERE grant_id = $1 ORDER BY seat_id", g.ID)
	case OverTerritory:
		err = fillTerritory(ctx, q, g)
	}
	return err
}

// AdministratorsIn gives the e-mail addresses of the installation's
// administrators, the first hundred, for whoever restores an archive.
func AdministratorsIn(ctx context.Context, q store.Queryer) ([]string, error) {
	return ids(ctx, q, `SELECT DISTINCT s.email FROM staff_grant g JOIN staff s ON s.id = g.staff_id
		WHERE g.role = $1 AND g.scope = $2 AND g.revoked_at IS NULL AND s.disabled_at IS NULL ORDER BY s.email LIMIT 100`, string(Administrator), string(Installation))
}
