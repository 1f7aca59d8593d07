package identity

import (
	"context"
	"database/sql"
	"strconv"

	"preau/internal/fault"
	"preau/internal/store"
)

func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// personLine is one of the people who can act on a school.
type personLine struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Email      string     `json:"email"`
	Disabled   bool       `json:"disabled"`
	LastSeenAt *int64     `json:"lastSeenAt" doc:"True to five minutes."`
	Closable   bool       `json:"closable" doc:"Whether the person asking may close the account and open it again."`
	Grants     []roleLine `json:"grants" nullable:"false"`
}

// roleLine is a role of somebody else, present or to come.
type roleLine struct {
	ID        string   `json:"id"`
	Role      Role     `json:"role"`
	Scope     Scope    `json:"scope"`
	ScopeID   *string  `json:"scopeId"`
	Seats     []string `json:"seats,omitempty"`
	StartsAt  *int64   `json:"startsAt"`
	Until     *int64   `json:"until"`
	CreatedAt int64    `json:"createdAt"`
	Revocable bool     `json:"revocable" doc:"Whether the person asking may take it back."`
}

// overSchool is the condition for grants that reach the school of $1 and are
// not over at $2: its own, those of the territories around it and those of the
// whole installation, because a school may know who can see its data.
const overSchool = `g.revoked_at IS NULL AND (g.until IS NULL OR g.until > $2) AND (g.school_id = $1 OR g.scope = 'installation' OR g.scope = 'territory' AND g.scope_id IN (
	WITH RECURSIVE around (id, parent_id) AS (
		SELECT t.id, t.parent_id FROM territory t JOIN school c ON c.territory_id = t.id WHERE c.id = $1
		UNION SELECT t.id, t.parent_id FROM territory t JOIN around a ON t.id = a.parent_id)
	SELECT id FROM around))`

type peopleIn struct {
	School string `path:"school" maxLength:"36"`
	PageIn
}

type peopleOut struct {
	Body struct {
		Items []personLine `json:"items" nullable:"false"`
		Next  string       `json:"next,omitempty"`
	}
}

func (s *Service) getPeople(ctx context.Context, in *peopleIn) (*peopleOut, error) {
	var out peopleOut
	p := From(ctx)
	return &out, s.db.Snapshot(ctx, func(q store.Queryer) error {
		now := s.ms()
		rows, err := q.QueryContext(ctx, `SELECT s.id, s.name, s.email, s.disabled_at, (SELECT max(x.last_seen_at) FROM staff_session x WHERE x.staff_id = s.id)
			FROM staff s WHERE s.id > $3 AND EXISTS (SELECT 1 FROM staff_grant g WHERE g.staff_id = s.id AND `+overSchool+`) ORDER BY s.id LIMIT $4`, in.School, now, in.After, in.Limit+1)
		if err != nil {
			return err
		}
		all, err := collect(rows, func(r *sql.Rows) (l personLine, err error) {
			var disabled *int64
			err = r.Scan(&l.ID, &l.Name, &l.Email, &disabled, &l.LastSeenAt)
			l.Disabled = disabled != nil
			return l, err
		})
		if err != nil {
			return err
		}
		items, next := cut(all, in.Limit, func(l personLine) string { return l.ID })
		for i := range items {
			if items[i].Grants, err = rolesOver(ctx, q, p, in.School, items[i].ID, now); err != nil {
				return err
			}
			if items[i].Closable, err = mayClose(ctx, q, p, items[i].ID, now); err != nil {
				return err
			}
		}
		out.Body.Items, out.Body.Next = items, next
		return nil
	})
}

func rolesOver(ctx context.Context, q store.Queryer, p Principal, school, staffID string, now int64) ([]roleLine, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+grantColumns+" FROM staff_grant g WHERE g.staff_id = $3 AND "+overSchool+" ORDER BY g.id LIMIT 1000", school, now, staffID)
	if err != nil {
		return nil, err
	}
	held, err := collect(rows, func(r *sql.Rows) (heldGrant, error) { return scanGrant(r) })
	if err != nil {
		return nil, err
	}
	list := make([]roleLine, len(held))
	for i := range held {
		g := &held[i]
		if err := completeGrant(ctx, q, &g.Grant); err != nil {
			return nil, err
		}
		list[i] = roleLine{ID: g.ID, Role: g.Role, Scope: g.Scope, ScopeID: optional(g.ScopeID), Seats: g.SeatIDs, StartsAt: when(g.startsAt), Until: when(g.Until),
			CreatedAt: g.createdAt, Revocable: p.mayRevoke(g.Grant, staffID)}
	}
	return list, nil
}

type grantIn struct {
	School string `path:"school" maxLength:"36"`
	Staff  string `path:"staff" maxLength:"36"`
	Body   struct {
		GivenRole
		StartsAt int64 `json:"startsAt,omitempty" minimum:"0" doc:"UTC ms, absent or 0 for now."`
	}
}

type grantOut struct {
	Body struct {
		ID string `json:"id"`
	}
}

// postGrant gives one more role to somebody who can already act on the school,
// or, by an administrator, to anybody with an account.
func (s *Service) postGrant(ctx context.Context, in *grantIn) (*grantOut, error) {
	g := in.Body.grant(in.School)
	if watchesOneself(g.Role, From(ctx).Staff.ID, in.Staff) {
		return nil, fault.New(fault.Forbidden, "identity.own_dpo")
	}
	if err := s.mayGive(ctx, g, in.Body.StartsAt); err != nil {
		return nil, err
	}
	var out grantOut
	err := s.db.Tx(ctx, func(tx store.Queryer) (err error) {
		if err := s.belongs(ctx, tx, in.School, in.Staff); err != nil {
			return err
		}
		out.Body.ID, err = s.insertGrant(ctx, tx, GrantInput{StaffID: in.Staff, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID, SchoolID: g.SchoolID,
			SeatIDs: g.SeatIDs, StartsAt: in.Body.StartsAt, Until: g.Until}, actorOf(ctx))
		return err
	})
	return &out, err
}

// belongs answers NotFound for accounts that never had a role in the school,
// so that no account of another school is confirmed to exist.
func (s *Service) belongs(ctx context.Context, q store.Queryer, school, staffID string) error {
	if From(ctx).Holds(Place{}, Administrator) {
		_, err := staffWhere(ctx, q, "id = $1", staffID)
		return err
	}
	_, err := staffWhere(ctx, q, "id = $1 AND EXISTS (SELECT 1 FROM staff_grant g WHERE g.staff_id = $1 AND g.school_id = $2)", staffID, school)
	return err
}

type oneGrantIn struct {
	School string `path:"school" maxLength:"36"`
	Staff  string `path:"staff" maxLength:"36"`
	Grant  string `path:"grant" maxLength:"36"`
}

func (s *Service) deleteGrant(ctx context.Context, in *oneGrantIn) (*struct{}, error) {
	p := From(ctx)
	return nil, s.db.Tx(ctx, func(tx store.Queryer) error {
		g, err := grantByID(ctx, tx, in.Grant)
		if err != nil {
			return err
		}
		if g.staffID != in.Staff || g.SchoolID != in.School && g.Scope.insideSchool() {
			return fault.New(fault.NotFound, "identity.no_grant")
		}
		if err := completeGrant(ctx, tx, &g.Grant); err != nil {
			return err
		}
		if !p.mayRevoke(g.Grant, g.staffID) {
			return fault.New(fault.Forbidden, "identity.not_yours_to_take")
		}
		return s.revoke(ctx, tx, in.Grant, actorOf(ctx))
	})
}

type oneStaffIn struct {
	School string `path:"school" maxLength:"36"`
	Staff  string `path:"staff" maxLength:"36"`
}

// closeStaff closes the account of somebody of the school.
func (s *Service) closeStaff(ctx context.Context, in *oneStaffIn) (*struct{}, error) {
	return nil, s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.accountIsTheirs(ctx, tx, in); err != nil {
			return err
		}
		return s.disable(ctx, tx, in.School, in.Staff)
	})
}

// reopenStaff opens such an account again.
func (s *Service) reopenStaff(ctx context.Context, in *oneStaffIn) (*struct{}, error) {
	return nil, s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.accountIsTheirs(ctx, tx, in); err != nil {
			return err
		}
		return s.enable(ctx, tx, in.School, in.Staff)
	})
}

func (s *Service) accountIsTheirs(ctx context.Context, tx store.Queryer, in *oneStaffIn) error {
	if err := s.belongs(ctx, tx, in.School, in.Staff); err != nil {
		return err
	}
	may, err := mayClose(ctx, tx, From(ctx), in.Staff, s.ms())
	if err == nil && !may {
		err = fault.New(fault.Forbidden, "identity.not_yours_to_close")
	}
	return err
}

// mayClose is who may close an account and open it again: whoever could take
// back every role that it holds or will hold, here and elsewhere, because an
// account is one for all schools. Nobody closes their own.
func mayClose(ctx context.Context, q store.Queryer, p Principal, staffID string, now int64) (bool, error) {
	if p.Staff == nil || p.Staff.ID == staffID {
		return false, nil
	}
	rows, err := q.QueryContext(ctx, "SELECT "+grantColumns+" FROM staff_grant g WHERE g.staff_id = $1 AND g.revoked_at IS NULL AND (g.until IS NULL OR g.until > $2) LIMIT 1000", staffID, now)
	if err != nil {
		return false, err
	}
	held, err := collect(rows, func(r *sql.Rows) (heldGrant, error) { return scanGrant(r) })
	for _, g := range held {
		if !p.mayRevoke(g.Grant, staffID) {
			return false, err
		}
	}
	return err == nil, err
}
