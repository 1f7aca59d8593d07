package identity

import "context"

// StaffPrincipal is a member of staff with a living session.
type StaffPrincipal struct {
	ID        string
	SessionID string
	Grants    []Grant
	FreshAt   int64 // UTC ms of the last proof of identity, for acts that ask it again
}

// SeatPrincipal is a seat with a living session.
type SeatPrincipal struct {
	ID        string
	SchoolID  string
	SessionID string
	Waiting   bool // a second device that staff have not answered yet
}

// Principal is who calls. Both fields are nil for a visitor; both may be set
// on a browser where a teacher and a pupil are in at once.
type Principal struct {
	Staff *StaffPrincipal
	Seat  *SeatPrincipal
}

type principalKey struct{}

// From gives who calls, as the gate established it.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(principalKey{}).(Principal)
	return p
}

// With returns a context in which p calls; for the gate and for tests of handlers.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// Holds says whether the staff calling holds one of the roles over the whole
// of the place.
func (p Principal) Holds(place Place, roles ...Role) bool {
	if p.Staff == nil {
		return false
	}
	for _, g := range p.Staff.Grants {
		if hasRole(roles, g.Role) && g.covers(place) {
			return true
		}
	}
	return false
}

// Within says whether the staff calling holds one of the roles over anything
// inside the school.
func (p Principal) Within(school string, roles ...Role) bool {
	if p.Staff == nil {
		return false
	}
	for _, g := range p.Staff.Grants {
		if hasRole(roles, g.Role) && g.inSchool(school) {
			return true
		}
	}
	return false
}

// Reach is what a person may see inside one school: everything, or the named
// years, groups and seats.
type Reach struct {
	All    bool
	Years  []string
	Groups []string
	Seats  []string
}

// ReachIn gathers what the grants with one of the roles (any role when none is
// given) let the staff see in the school.
func (p Principal) ReachIn(school string, roles ...Role) Reach {
	var reach Reach
	if p.Staff == nil {
		return reach
	}
	for _, g := range p.Staff.Grants {
		if !g.inSchool(school) || !hasRole(roles, g.Role) {
			continue
		}
		switch g.Scope {
		case Installation, OverTerritory, OverSchool:
			reach.All = true
		case OverYear:
			reach.Years = append(reach.Years, g.ScopeID)
		case OverGroup:
			reach.Groups = append(reach.Groups, g.ScopeID)
		case OverSeats:
			reach.Seats = append(reach.Seats, g.SeatIDs...)
		}
	}
	return reach
}

func hasRole(roles []Role, role Role) bool {
	if len(roles) == 0 {
		return true
	}
	for _, r := range roles {
		if r == role {
			return true
		}
	}
	return false
}

// PrincipalOf gives a member of staff without a session, with the grants that
// hold now, for what they left to be done in their name. One whose account is
// closed holds nothing.
func (s *Service) PrincipalOf(ctx context.Context, staffID string) (Principal, error) {
	person, err := s.FindStaff(ctx, staffID)
	if err != nil || person.DisabledAt != 0 {
		return Principal{}, err
	}
	grants, err := grantsOf(ctx, s.db.Reader(), staffID, s.ms())
	return Principal{Staff: &StaffPrincipal{ID: staffID, Grants: grants}}, err
}
