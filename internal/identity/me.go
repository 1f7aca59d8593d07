package identity

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/store"
)

// Me is who one is: the account and the roles that hold now.
type Me struct {
	Staff  MeStaff   `json:"staff"`
	Grants []MeGrant `json:"grants" nullable:"false"`
}

// MeStaff is one's own account.
type MeStaff struct {
	ID                string      `json:"id"`
	Name              string      `json:"name"`
	Email             string      `json:"email"`
	Locale            i18n.Locale `json:"locale" enum:"fr,en"`
	HasPassword       bool        `json:"hasPassword"`
	Passkeys          int         `json:"passkeys"`
	RecoveryCodesLeft int         `json:"recoveryCodesLeft"`
}

// MeGrant is one of one's own roles.
type MeGrant struct {
	ID      string           `json:"id"`
	Role    Role             `json:"role"`
	Scope   Scope            `json:"scope"`
	ScopeID *string          `json:"scopeId"`
	Seats   []string         `json:"seats,omitempty" doc:"For the scope seats."`
	School  orNull[MySchool] `json:"school"`
	Until   *int64           `json:"until"`
}

// MySchool is what a grant says of its school.
type MySchool struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind" enum:"ecole,college,lycee,other"`
	Zone string `json:"zone" doc:"IANA time zone."`
}

// orNull is a structure that may be null, which huma cannot say of a pointer.
type orNull[T any] struct{ value *T }

// MarshalJSON writes the structure or null.
func (o orNull[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.value) }

// UnmarshalJSON reads what MarshalJSON writes.
func (o *orNull[T]) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &o.value) }

// Schema says that it may be null.
func (orNull[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// me reads one's account and roles at one moment.
func (s *Service) me(ctx context.Context, staffID string) (Me, error) {
	var me Me
	err := s.db.Snapshot(ctx, func(q store.Queryer) error {
		m, err := staffWhere(ctx, q, "id = $1", staffID)
		if err != nil {
			return err
		}
		me.Staff = MeStaff{ID: m.ID, Name: m.Name, Email: m.Email, Locale: m.Locale, HasPassword: m.passwordHash != ""}
		if err := q.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM passkey WHERE staff_id = $1), (SELECT count(*) FROM recovery_code WHERE staff_id = $1 AND used_at IS NULL)", staffID).
			Scan(&me.Staff.Passkeys, &me.Staff.RecoveryCodesLeft); err != nil {
			return err
		}
		grants, err := grantsOf(ctx, q, staffID, s.ms())
		if err != nil {
			return err
		}
		me.Grants = make([]MeGrant, len(grants))
		schools := map[string]*MySchool{}
		for i, g := range grants {
			me.Grants[i] = MeGrant{ID: g.ID, Role: g.Role, Scope: g.Scope, ScopeID: optional(g.ScopeID), Seats: g.SeatIDs, Until: when(g.Until)}
			if g.SchoolID == "" {
				continue
			}
			if schools[g.SchoolID] == nil {
				sc, err := schoolBy(ctx, q, g.SchoolID)
				if err != nil {
					return err
				}
				schools[g.SchoolID] = &MySchool{ID: sc.ID, Name: sc.Name, Kind: sc.Kind, Zone: sc.Zone}
			}
			me.Grants[i].School = orNull[MySchool]{schools[g.SchoolID]}
		}
		return nil
	})
	return me, err
}

type meOut struct{ Body Me }

func (s *Service) getMe(ctx context.Context, _ *struct{}) (*meOut, error) {
	me, err := s.me(ctx, From(ctx).Staff.ID)
	return &meOut{me}, err
}

type patchMeIn struct {
	Body struct {
		Name   *string `json:"name,omitempty" maxLength:"120"`
		Email  *string `json:"email,omitempty" maxLength:"254" doc:"Asks for a recent proof of identity."`
		Locale *string `json:"locale,omitempty" enum:"fr,en"`
	}
}

func (s *Service) patchMe(ctx context.Context, in *patchMeIn) (*meOut, error) {
	p := From(ctx)
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		m, err := staffWhere(ctx, tx, "id = $1", p.Staff.ID)
		if err != nil {
			return err
		}
		was := m.Email
		if in.Body.Name != nil {
			if m.Name, err = readName(*in.Body.Name, "name"); err != nil {
				return err
			}
		}
		if in.Body.Email != nil {
			if m.Email, err = readEmail(*in.Body.Email, "email"); err != nil {
				return err
			}
		}
		if m.Email != was {
			if err := s.fresh(p); err != nil {
				return err
			}
		}
		if in.Body.Locale != nil {
			m.Locale = i18n.Locale(*in.Body.Locale)
		}
		_, err = tx.ExecContext(ctx, "UPDATE staff SET name = $1, email = $2, locale = $3 WHERE id = $4", m.Name, m.Email, string(m.Locale), m.ID)
		if store.IsUnique(err) {
			return fault.New(fault.Conflict, "identity.email_taken").At("email")
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actorOf(ctx), "staff.change", "", "staff", m.ID, nil)
	})
	if err != nil {
		return nil, err
	}
	return s.getMe(ctx, nil)
}

// fresh asks for a recent proof of identity, for part of a route.
func (s *Service) fresh(p Principal) error { return proven(p, s.ms()) }

type sessionsOut struct {
	Body struct {
		Items []sessionLine `json:"items" nullable:"false"`
	}
}

func (s *Service) getSessions(ctx context.Context, _ *struct{}) (*sessionsOut, error) {
	var out sessionsOut
	var err error
	out.Body.Items, err = s.sessions(ctx, From(ctx).Staff)
	return &out, err
}

type sessionIn struct {
	Session string `path:"session" maxLength:"36"`
}

func (s *Service) deleteMySession(ctx context.Context, in *sessionIn) (*struct{}, error) {
	return nil, s.endSession(ctx, From(ctx).Staff.ID, in.Session)
}

func (s *Service) deleteOtherSessions(ctx context.Context, _ *struct{}) (*struct{}, error) {
	p := From(ctx).Staff
	return nil, s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := endSessions(ctx, tx, p.ID, p.SessionID, s.ms()); err != nil {
			return err
		}
		return s.audit(ctx, tx, actorOf(ctx), "session.end_others", "", "staff", p.ID, nil)
	})
}

type changePasswordIn struct {
	Body struct {
		Current string `json:"current,omitempty" maxLength:"1024" doc:"Needed when the account has a password."`
		Next    string `json:"next" maxLength:"1024"`
	}
}

// postPassword changes the password, ends every other session and the recovery
// codes, and gives this browser a new token.
func (s *Service) postPassword(ctx context.Context, in *changePasswordIn) (*signedIn, error) {
	p := From(ctx)
	m, err := s.FindStaff(ctx, p.Staff.ID)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(in.Body.Next, m.Email, "next"); err != nil {
		return nil, err
	}
	if m.passwordHash == "" {
		if err := s.fresh(p); err != nil {
			return nil, err
		}
	} else if _, err := s.checkSecret(ctx, m.Email, in.Body.Current); err != nil {
		if fault.Is(err, fault.Invalid) {
			return nil, fault.New(fault.Invalid, "identity.wrong_current").At("current")
		}
		return nil, err
	}
	hash, err := s.hasher.hash(ctx, in.Body.Next)
	if err != nil {
		return nil, err
	}
	var keep int
	if err := s.db.Reader().QueryRowContext(ctx, "SELECT keep FROM staff_session WHERE id = $1", p.Staff.SessionID).Scan(&keep); err != nil {
		return nil, err
	}
	return s.welcome(ctx, m, "password_change", keep == 1, func(tx store.Queryer) error {
		if err := s.storePassword(ctx, tx, m.ID, hash, actorOf(ctx)); err != nil {
			return err
		}
		// Whoever changes a password that others know wants no other way in left.
		if _, err := tx.ExecContext(ctx, "DELETE FROM recovery_code WHERE staff_id = $1", m.ID); err != nil {
			return err
		}
		return endSessions(ctx, tx, m.ID, "", s.ms())
	})
}

type codesOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Codes []string `json:"codes" nullable:"false" doc:"Shown once."`
	}
}

func (s *Service) postRecoveryCodes(ctx context.Context, _ *struct{}) (*codesOut, error) {
	out := codesOut{CacheControl: "no-store"}
	var err error
	out.Body.Codes, err = s.replaceRecoveryCodes(ctx, From(ctx).Staff.ID)
	return &out, err
}
