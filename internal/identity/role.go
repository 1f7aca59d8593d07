package identity

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// Role is what a person may do, over the scope of a grant.
type Role string

// The roles of staff. Pupils' editorial mandates are held by seats and are not
// roles of staff.
const (
	Teacher        Role = "teacher"
	CoTeacher      Role = "co_teacher"
	Substitute     Role = "substitute" // until a date
	Assistant      Role = "assistant"  // given seats only
	Interpreter    Role = "interpreter"
	AssessmentLead Role = "assessment_lead"
	Head           Role = "head"
	Office         Role = "office"
	Moderator      Role = "moderator"
	Editor         Role = "editor"
	DPO            Role = "dpo"
	Administrator  Role = "administrator"
)

// Roles lists every role of staff.
func Roles() []Role {
	return []Role{Teacher, CoTeacher, Substitute, Assistant, Interpreter, AssessmentLead, Head, Office, Moderator, Editor, DPO, Administrator}
}

// Schema lists the roles in the OpenAPI document.
func (Role) Schema(huma.Registry) *huma.Schema { return words(Roles()) }

// Scope is how far a grant reaches.
type Scope string

// The scopes, from the widest.
const (
	Installation  Scope = "installation"
	OverTerritory Scope = "territory"
	OverSchool    Scope = "school"
	OverYear      Scope = "year"
	OverGroup     Scope = "group"
	OverSeats     Scope = "seats"
)

// Scopes lists every scope, from the widest.
func Scopes() []Scope {
	return []Scope{Installation, OverTerritory, OverSchool, OverYear, OverGroup, OverSeats}
}

// Schema lists the scopes in the OpenAPI document.
func (Scope) Schema(huma.Registry) *huma.Schema { return words(Scopes()) }

// words is the schema of a text among a few.
func words[W ~string](list []W) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, w := range list {
		s.Enum = append(s.Enum, string(w))
	}
	s.PrecomputeMessages()
	return s
}

// Grant is one role of one person over one scope. A revoked, expired or not yet started grant
// never reaches a Principal.
type Grant struct {
	ID        string
	Role      Role
	Scope     Scope
	ScopeID   string   // territory, school, year or group; empty for the installation and for seats
	SchoolID  string   // for scopes inside a school
	SchoolIDs []string // for a territory: the schools it holds, at any depth
	Within    []string // for a territory: itself and those it holds, at any depth
	SeatIDs   []string // for seats
	Until     int64    // UTC ms, 0 without end
}

// inSchool says whether the grant gives anything inside that school.
func (g Grant) inSchool(school string) bool {
	switch g.Scope {
	case Installation:
		return true
	case OverTerritory:
		return slices.Contains(g.SchoolIDs, school)
	default:
		return g.SchoolID == school
	}
}

// Place is what a request is about, from its path. Empty fields are not named
// by the path; Groups holds the groups of Seat, Year the year of Group or Seat.
type Place struct {
	School, Year, Group, Seat string
	Groups                    []string
}

// covers says whether the grant reaches the whole of the place.
func (g Grant) covers(p Place) bool {
	if p.School == "" {
		return g.Scope == Installation
	}
	if !g.inSchool(p.School) {
		return false
	}
	switch g.Scope {
	case Installation, OverTerritory, OverSchool:
		return true
	case OverYear:
		return p.Year != "" && p.Year == g.ScopeID
	case OverGroup:
		if p.Group != "" {
			return p.Group == g.ScopeID
		}
		return p.Seat != "" && slices.Contains(p.Groups, g.ScopeID)
	case OverSeats:
		return p.Seat != "" && slices.Contains(g.SeatIDs, p.Seat)
	}
	return false
}
