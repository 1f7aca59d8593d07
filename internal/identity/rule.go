package identity

import (
	"slices"
	"time"

	"preau/internal/fault"
)

// scopesOf says over what each role can be given.
func scopesOf(role Role) []Scope {
	switch role {
	case Teacher, CoTeacher, Substitute:
		return []Scope{OverSchool, OverYear, OverGroup}
	case Interpreter:
		return []Scope{OverSchool, OverYear, OverGroup, OverSeats}
	case Assistant:
		return []Scope{OverSeats}
	case Head, Office:
		return []Scope{OverSchool}
	case AssessmentLead, Moderator, Editor, DPO, Administrator:
		return []Scope{Installation, OverTerritory, OverSchool}
	}
	return nil
}

// insideSchool says whether the scope is a school or a part of one.
func (s Scope) insideSchool() bool {
	return s == OverSchool || s == OverYear || s == OverGroup || s == OverSeats
}

const (
	mostSeats    = 60 // pupils of one assistant
	longestGrant = 5 * 366 * 24 * time.Hour
)

// checkShape refuses a grant that means nothing: a role over the wrong scope, a
// substitute without end, seats on what has none. It does not say whether what
// it names exists.
func checkShape(g Grant, starts, now int64) error {
	switch {
	case !slices.Contains(Roles(), g.Role):
		return fault.New(fault.Invalid, "identity.role_unknown").At("role")
	case !slices.Contains(scopesOf(g.Role), g.Scope):
		return fault.New(fault.Invalid, "identity.role_scope").At("scope")
	case g.Scope.insideSchool() != (g.SchoolID != ""):
		return fault.New(fault.Invalid, "identity.scope_unknown").At("scope")
	case (g.Scope == Installation || g.Scope == OverSeats) != (g.ScopeID == ""):
		return fault.New(fault.Invalid, "identity.scope_unknown").At("scopeId")
	case g.Scope == OverSchool && g.ScopeID != g.SchoolID:
		return fault.New(fault.Invalid, "identity.scope_unknown").At("scopeId")
	case (g.Scope == OverSeats) != (len(g.SeatIDs) > 0):
		return fault.New(fault.Invalid, "identity.seats_needed").At("seats")
	case len(g.SeatIDs) > mostSeats:
		return fault.New(fault.Invalid, "identity.seats_many", "count", mostSeats).At("seats")
	case g.Role == Substitute && g.Until == 0:
		return fault.New(fault.Invalid, "identity.until_needed").At("until")
	case g.Until != 0 && (g.Until <= now || g.Until <= starts || g.Until > now+longestGrant.Milliseconds()):
		return fault.New(fault.Invalid, "identity.until_wrong").At("until")
	case starts < 0 || starts > now+longestGrant.Milliseconds():
		return fault.New(fault.Invalid, "identity.until_wrong").At("startsAt")
	case g.Role == Administrator && g.Scope == Installation && starts > now:
		return fault.New(fault.Invalid, "identity.until_wrong").At("startsAt")
	}
	return nil
}

// mayGrant is who may give what. An administrator gives any role within what
// they administer; a head gives the roles of their school, an administrator's
// excepted. Nobody gives a power over others that outlasts their own.
func (p Principal) mayGrant(g Grant) bool {
	if p.Staff == nil {
		return false
	}
	for _, own := range p.Staff.Grants {
		if (g.Role == Administrator || g.Role == Head) && own.Until != 0 && (g.Until == 0 || g.Until > own.Until) {
			continue
		}
		switch own.Role {
		case Administrator:
			if own.contains(g) {
				return true
			}
		case Head:
			if own.Scope == OverSchool && g.Role != Administrator && own.contains(g) {
				return true
			}
		}
	}
	return false
}

// watchesOneself says that the role would have a person watch over their own
// acts: nobody makes themselves the DPO of what they run.
func watchesOneself(role Role, giver, holder string) bool { return role == DPO && giver == holder }

// mayRevoke is who may take what back: whoever may give it for as long, except
// that a head takes no other head away, nor the DPO who watches over the
// school's data; and each person may lay down their own.
func (p Principal) mayRevoke(g Grant, holder string) bool {
	if p.Staff == nil {
		return false
	}
	if p.Staff.ID == holder {
		return true
	}
	for _, own := range p.Staff.Grants {
		if own.Role == Administrator && own.contains(g) ||
			own.Role == Head && own.Scope == OverSchool && g.Role != Administrator && g.Role != Head && g.Role != DPO && own.contains(g) {
			return true
		}
	}
	return false
}

// contains says whether the scope of the other grant lies within this one's.
func (g Grant) contains(other Grant) bool {
	switch g.Scope {
	case Installation:
		return true
	case OverTerritory:
		if other.Scope == OverTerritory {
			return slices.Contains(g.Within, other.ScopeID)
		}
		return other.Scope.insideSchool() && slices.Contains(g.SchoolIDs, other.SchoolID)
	case OverSchool:
		return other.Scope.insideSchool() && other.SchoolID == g.SchoolID
	}
	return false
}
