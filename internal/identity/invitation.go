package identity

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/store"
)

const (
	invitationLife  = 14 * 24 * time.Hour
	mostInvitations = 500 // open at once in one school
)

// invitation is a role that waits for whoever opens its link.
type invitation struct {
	id, createdBy, inviter string
	grant                  Grant
	email                  string // empty when anybody with the link may accept
	createdAt, expiresAt   int64
}

const invitationColumns = "i.id, i.role, i.scope, i.scope_id, i.school_id, i.until, i.email, i.created_by, s.name, i.created_at, i.expires_at"

const openInvitation = "i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2"

func scanInvitation(row interface{ Scan(...any) error }) (invitation, error) {
	var v invitation
	var scopeID, schoolID, email *string
	var until *int64
	err := row.Scan(&v.id, &v.grant.Role, &v.grant.Scope, &scopeID, &schoolID, &until, &email, &v.createdBy, &v.inviter, &v.createdAt, &v.expiresAt)
	v.grant.ScopeID, v.grant.SchoolID, v.grant.Until, v.email = value(scopeID), value(schoolID), moment(until), value(email)
	return v, err
}

// GivenRole is the part of a request that says which role to give.
type GivenRole struct {
	Role    Role     `json:"role"`
	Scope   Scope    `json:"scope"`
	ScopeID string   `json:"scopeId,omitempty" maxLength:"36" doc:"Territory, year or group; the school of the path when absent."`
	Seats   []string `json:"seats,omitempty" nullable:"false" maxItems:"60" doc:"For the scope seats."`
	Until   int64    `json:"until,omitempty" minimum:"0" doc:"UTC ms, absent or 0 without end; a substitute needs one."`
}

func (r GivenRole) grant(school string) Grant {
	g := Grant{Role: r.Role, Scope: r.Scope, ScopeID: r.ScopeID, SeatIDs: r.Seats, Until: r.Until}
	if g.Scope.insideSchool() {
		g.SchoolID = school
	}
	if g.Scope == OverSchool && g.ScopeID == "" {
		g.ScopeID = school
	}
	return g
}

// mayGive checks a role that the staff calling wants to give: its shape, that
// what it names exists, that it is theirs to give. A power over the whole
// installation also asks for a recent proof of identity.
func (s *Service) mayGive(ctx context.Context, g Grant, starts int64) error {
	p := From(ctx)
	if err := s.checkGrant(ctx, g, starts); err != nil {
		return err
	}
	if !p.mayGrant(g) {
		return fault.New(fault.Forbidden, "identity.not_yours_to_give")
	}
	if g.Role == Administrator || !g.Scope.insideSchool() {
		return s.fresh(p)
	}
	return nil
}

type inviteIn struct {
	School string `path:"school" maxLength:"36"`
	Body   struct {
		GivenRole
		Email string `json:"email,omitempty" maxLength:"254" doc:"When given, only this address can accept."`
	}
}

type inviteOut struct {
	Body struct {
		ID        string `json:"id"`
		Link      string `json:"link" doc:"Shown once; to be handed to the person."`
		ExpiresAt int64  `json:"expiresAt"`
	}
}

func (s *Service) postInvitation(ctx context.Context, in *inviteIn) (*inviteOut, error) {
	g := in.Body.grant(in.School)
	if err := s.mayGive(ctx, g, 0); err != nil {
		return nil, err
	}
	email := ""
	if in.Body.Email != "" {
		var err error
		if email, err = readEmail(in.Body.Email, "email"); err != nil {
			return nil, err
		}
	}
	token, hash := newToken()
	now := s.ms()
	var out inviteOut
	out.Body.ID, out.Body.Link, out.Body.ExpiresAt = store.NewID(), s.origin+invitationPage+token, now+invitationLife.Milliseconds()
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		var open int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM invitation i WHERE i.school_id = $1 AND "+openInvitation, in.School, now).Scan(&open); err != nil {
			return err
		}
		if open >= mostInvitations {
			return fault.New(fault.Conflict, "identity.invitations_many", "count", mostInvitations)
		}
		// The school of the path, even for a wider scope: the invitation is listed there.
		if _, err := tx.ExecContext(ctx, `INSERT INTO invitation (id, token_hash, school_id, role, scope, scope_id, until, email, created_by, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			out.Body.ID, hash, in.School, string(g.Role), string(g.Scope), optional(g.ScopeID), when(g.Until), optional(email), From(ctx).Staff.ID, now, out.Body.ExpiresAt); err != nil {
			return err
		}
		for _, seat := range g.SeatIDs {
			if _, err := tx.ExecContext(ctx, "INSERT INTO invitation_seat (invitation_id, seat_id, school_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", out.Body.ID, seat, in.School); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, actorOf(ctx), "invitation.make", in.School, "invitation", out.Body.ID, map[string]string{"role": string(g.Role), "scope": string(g.Scope)})
	})
	return &out, err
}

// openInvitationOf reads an invitation that can still be accepted, or answers Gone.
func (s *Service) openInvitationOf(ctx context.Context, q store.Queryer, token string) (invitation, error) {
	v, err := scanInvitation(q.QueryRowContext(ctx, "SELECT "+invitationColumns+" FROM invitation i JOIN staff s ON s.id = i.created_by WHERE i.token_hash = $1 AND "+openInvitation, tokenHash(token), s.ms()))
	if errors.Is(err, sql.ErrNoRows) {
		return v, fault.New(fault.Gone, "identity.invitation_over")
	}
	if err != nil {
		return v, err
	}
	if v.grant.SeatIDs, err = ids(ctx, q, "SELECT seat_id FROM invitation_seat WHERE invitation_id = $1", v.id); err != nil {
		return v, err
	}
	if !v.grant.Scope.insideSchool() {
		v.grant.SchoolID = ""
	}
	// An invitation is worth what its author may still give.
	author := Principal{Staff: &StaffPrincipal{ID: v.createdBy}}
	if author.Staff.Grants, err = grantsOf(ctx, q, v.createdBy, s.ms()); err != nil {
		return v, err
	}
	if !author.mayGrant(v.grant) || v.grant.Until != 0 && v.grant.Until <= s.ms() {
		return v, fault.New(fault.Gone, "identity.invitation_over")
	}
	return v, nil
}

type invitationOut struct {
	Body struct {
		School    orNull[MySchool] `json:"school"`
		Role      Role             `json:"role"`
		Scope     Scope            `json:"scope"`
		Until     *int64           `json:"until"`
		Email     *string          `json:"email"`
		InvitedBy string           `json:"invitedBy"`
		ExpiresAt int64            `json:"expiresAt"`
	}
}

func (s *Service) checkInvitation(ctx context.Context, in *linkIn) (*invitationOut, error) {
	v, err := s.openInvitationOf(ctx, s.db.Reader(), in.Body.Token)
	if err != nil {
		return nil, err
	}
	var out invitationOut
	out.Body.Role, out.Body.Scope, out.Body.Until, out.Body.Email = v.grant.Role, v.grant.Scope, when(v.grant.Until), optional(v.email)
	out.Body.InvitedBy, out.Body.ExpiresAt = v.inviter, v.expiresAt
	if v.grant.SchoolID != "" {
		sc, err := s.School(ctx, v.grant.SchoolID)
		if err != nil {
			return nil, err
		}
		out.Body.School = orNull[MySchool]{&MySchool{ID: sc.ID, Name: sc.Name, Kind: sc.Kind, Zone: sc.Zone}}
	}
	return &out, nil
}

type acceptIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"64"`
		Name     string `json:"name,omitempty" maxLength:"120" doc:"For a new account, as the two next."`
		Email    string `json:"email,omitempty" maxLength:"254"`
		Password string `json:"password,omitempty" maxLength:"1024"`
	}
}

// acceptInvitation gives the role to the person signed in, or to a new account
// that it makes and signs in. Whoever has an account signs in first.
func (s *Service) acceptInvitation(ctx context.Context, in *acceptIn) (*signedIn, error) {
	v, err := s.openInvitationOf(ctx, s.db.Reader(), in.Body.Token)
	if err != nil {
		return nil, err
	}
	var person StaffMember
	already := From(ctx).Staff != nil
	if already {
		person, err = s.FindStaff(ctx, From(ctx).Staff.ID)
	} else {
		if in.Body.Password == "" {
			return nil, checkPassword("", "", "password")
		}
		person, err = s.staff(ctx, StaffInput{Name: in.Body.Name, Email: in.Body.Email, Password: in.Body.Password, Locale: httpx.Locale(ctx)}, "")
	}
	if err != nil {
		return nil, err
	}
	if v.email != "" && v.email != person.Email {
		return nil, fault.New(fault.Forbidden, "identity.invitation_other").At("email")
	}
	if watchesOneself(v.grant.Role, v.createdBy, person.ID) {
		return nil, fault.New(fault.Forbidden, "identity.own_dpo")
	}
	by := actor{"staff", v.createdBy}
	give := func(tx store.Queryer) error {
		v, err := s.openInvitationOf(ctx, tx, in.Body.Token)
		if err != nil {
			return err
		}
		if !already {
			if err := s.insertStaff(ctx, tx, person, by); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "UPDATE invitation SET used_at = $1 WHERE id = $2", s.ms(), v.id); err != nil {
			return err
		}
		g := v.grant
		if _, err := s.insertGrant(ctx, tx, GrantInput{StaffID: person.ID, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID, SchoolID: g.SchoolID, SeatIDs: g.SeatIDs, Until: g.Until}, by); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor{"staff", person.ID}, "invitation.accept", g.SchoolID, "invitation", v.id, nil)
	}
	if !already {
		return s.welcome(ctx, person, "invitation", false, give)
	}
	if err := s.db.Tx(ctx, give); err != nil {
		return nil, err
	}
	me, err := s.me(ctx, person.ID)
	return &signedIn{Body: me}, err
}

// invitationLine is an open invitation as those who may revoke it see it.
type invitationLine struct {
	ID        string  `json:"id"`
	Role      Role    `json:"role"`
	Scope     Scope   `json:"scope"`
	ScopeID   *string `json:"scopeId"`
	Until     *int64  `json:"until"`
	Email     *string `json:"email"`
	CreatedBy string  `json:"createdBy" doc:"Name of the person who made it."`
	CreatedAt int64   `json:"createdAt"`
	ExpiresAt int64   `json:"expiresAt"`
}

type invitationsOut struct {
	Body struct {
		Items []invitationLine `json:"items" nullable:"false"`
	}
}

func (s *Service) getInvitations(ctx context.Context, in *schoolIn) (*invitationsOut, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT "+invitationColumns+" FROM invitation i JOIN staff s ON s.id = i.created_by WHERE i.school_id = $1 AND "+openInvitation+" ORDER BY i.id DESC LIMIT $3", in.School, s.ms(), mostInvitations)
	if err != nil {
		return nil, err
	}
	var out invitationsOut
	out.Body.Items, err = collect(rows, func(r *sql.Rows) (invitationLine, error) {
		v, err := scanInvitation(r)
		return invitationLine{ID: v.id, Role: v.grant.Role, Scope: v.grant.Scope, ScopeID: optional(v.grant.ScopeID), Until: when(v.grant.Until),
			Email: optional(v.email), CreatedBy: v.inviter, CreatedAt: v.createdAt, ExpiresAt: v.expiresAt}, err
	})
	return &out, err
}

type oneInvitationIn struct {
	School     string `path:"school" maxLength:"36"`
	Invitation string `path:"invitation" maxLength:"36"`
}

func (s *Service) deleteInvitation(ctx context.Context, in *oneInvitationIn) (*struct{}, error) {
	return nil, s.db.Tx(ctx, func(tx store.Queryer) error {
		done, err := tx.ExecContext(ctx, "UPDATE invitation SET revoked_at = $1 WHERE id = $2 AND school_id = $3 AND used_at IS NULL AND revoked_at IS NULL", s.ms(), in.Invitation, in.School)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			if err != nil {
				return err
			}
			return fault.New(fault.NotFound, "identity.no_invitation")
		}
		return s.audit(ctx, tx, actorOf(ctx), "invitation.revoke", in.School, "invitation", in.Invitation, nil)
	})
}
