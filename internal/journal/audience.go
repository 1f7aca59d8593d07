package journal

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"preau/internal/identity"
)

// Audience is how far a piece is seen.
type Audience string

// The audiences, from the narrowest. The network is the schools of the same
// territory.
const (
	ToGroup   Audience = "group"
	ToSchool  Audience = "school"
	ToNetwork Audience = "network"
	ToPublic  Audience = "public"
)

func audiences() []Audience { return []Audience{ToGroup, ToSchool, ToNetwork, ToPublic} }

// within says that an audience is no wider than another.
func (a Audience) within(widest Audience) bool {
	i, j := slices.Index(audiences(), a), slices.Index(audiences(), widest)
	return i >= 0 && i <= j
}

// viewer is what somebody may read in one journal.
type viewer struct {
	most   Audience // of the pieces that are not for a group
	shut   bool     // nothing but what is for their groups
	all    bool     // groups too, whichever
	groups []string
	staff  string // who they are, when they are of the school
	seat   string
}

// inGroups are the roles of those who work with a group's pupils, and read what is
// for the group.
func inGroups() []identity.Role {
	return []identity.Role{identity.Teacher, identity.CoTeacher, identity.Substitute, identity.Assistant, identity.Interpreter}
}

// viewerOf says what the caller may read in a school's journal.
func (s *Service) viewerOf(ctx context.Context, school identity.School) (viewer, error) {
	p := identity.From(ctx)
	v := viewer{most: ToPublic}
	if p.Staff != nil && p.Within(school.ID) {
		v.most, v.staff = ToSchool, p.Staff.ID
		v.all = p.Holds(identity.Place{School: school.ID}, identity.Head, identity.Editor, identity.Moderator)
		if !v.all {
			groups, err := s.roster.Groups(ctx, school.ID, "", p.ReachIn(school.ID, inGroups()...))
			if err != nil {
				return v, err
			}
			for _, g := range groups {
				v.groups = append(v.groups, g.ID)
			}
		}
	}
	if p.Seat != nil && !p.Seat.Waiting && p.Seat.SchoolID == school.ID {
		v.most, v.seat = ToSchool, p.Seat.ID
		groups, err := s.roster.GroupsOfSeat(ctx, p.Seat.ID)
		if err != nil {
			return v, err
		}
		v.groups = append(v.groups, groups...)
	}
	if v.most == ToPublic && school.TerritoryID != nil {
		near, err := s.isNeighbour(ctx, p, *school.TerritoryID)
		if err != nil {
			return v, err
		}
		if near {
			v.most = ToNetwork
		}
	}
	return v, nil
}

// mostSchools bounds the look-up of a visitor's own schools.
const mostSchools = 20

// isNeighbour says whether the caller is of a school of the territory.
func (s *Service) isNeighbour(ctx context.Context, p identity.Principal, territory string) (bool, error) {
	var schools []string
	if p.Seat != nil && !p.Seat.Waiting {
		schools = append(schools, p.Seat.SchoolID)
	}
	if p.Staff != nil {
		for _, g := range p.Staff.Grants {
			if g.SchoolID != "" && len(schools) < mostSchools && !slices.Contains(schools, g.SchoolID) {
				schools = append(schools, g.SchoolID)
			}
		}
	}
	for _, id := range schools {
		school, err := s.ids.School(ctx, id)
		if err != nil {
			return false, err
		}
		if school.TerritoryID != nil && *school.TerritoryID == territory {
			return true, nil
		}
	}
	return false, nil
}

// capped keeps to what the school allows: where it allows groups alone, or the
// school alone, others read nothing, whatever a piece says of itself.
func (v viewer) capped(widest Audience) viewer {
	v.shut = !v.most.within(widest)
	return v
}

// nothing says that there is nothing to read, not even for a group.
func (v viewer) nothing() bool { return v.shut && !v.all && len(v.groups) == 0 }

// sees says whether a piece for that audience and group may be read.
func (v viewer) sees(a Audience, group string) bool {
	if a == ToGroup {
		return v.all || slices.Contains(v.groups, group)
	}
	return !v.shut && v.most.within(a)
}

// where is sees as a condition on the piece p; it adds its arguments.
func (v viewer) where(a *args) string {
	var open []string
	for _, audience := range audiences()[1:] {
		if v.sees(audience, "") {
			open = append(open, "'"+string(audience)+"'")
		}
	}
	parts := []string{"1 = 0"}
	if len(open) > 0 {
		parts = []string{"p.audience IN (" + strings.Join(open, ", ") + ")"}
	}
	switch {
	case v.all:
		parts = append(parts, "p.audience = 'group'")
	case len(v.groups) > 0:
		marks := make([]string, len(v.groups))
		for i, g := range v.groups {
			marks[i] = a.add(g)
		}
		parts = append(parts, "p.audience = 'group' AND p.group_id IN ("+strings.Join(marks, ", ")+")")
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// args collects the arguments of a statement whose text grows.
type args []any

func (a *args) add(v any) string {
	*a = append(*a, v)
	return "$" + strconv.Itoa(len(*a))
}
