package identity

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"preau/internal/fault"
)

func TestCovers(t *testing.T) {
	whole := Place{School: "s"}
	year := Place{School: "s", Year: "y"}
	group := Place{School: "s", Year: "y", Group: "g"}
	seat := Place{School: "s", Year: "y", Seat: "p", Groups: []string{"g", "h"}}
	all := map[string]Place{"nothing": {}, "school": whole, "year": year, "group": group, "seat": seat,
		"other school": {School: "t"}, "other year": {School: "s", Year: "z"}, "other group": {School: "s", Year: "z", Group: "k"},
		"other seat": {School: "s", Year: "z", Seat: "q", Groups: []string{"k"}}, "same ids elsewhere": {School: "t", Year: "y", Group: "g", Seat: "p", Groups: []string{"g"}}}
	ours := []string{"school", "year", "group", "seat", "other year", "other group", "other seat"}
	for name, c := range map[string]struct {
		grant Grant
		want  []string
	}{
		"installation":     {Grant{Scope: Installation}, append([]string{"nothing", "other school", "same ids elsewhere"}, ours...)},
		"territory":        {Grant{Scope: OverTerritory, ScopeID: "t", SchoolIDs: []string{"r", "s"}}, ours},
		"empty territory":  {Grant{Scope: OverTerritory, ScopeID: "t"}, nil},
		"school":           {Grant{Scope: OverSchool, ScopeID: "s", SchoolID: "s"}, ours},
		"year":             {Grant{Scope: OverYear, ScopeID: "y", SchoolID: "s"}, []string{"year", "group", "seat"}},
		"group":            {Grant{Scope: OverGroup, ScopeID: "g", SchoolID: "s"}, []string{"group", "seat"}},
		"seat's 2nd group": {Grant{Scope: OverGroup, ScopeID: "h", SchoolID: "s"}, []string{"seat"}},
		"seats":            {Grant{Scope: OverSeats, SchoolID: "s", SeatIDs: []string{"o", "p"}}, []string{"seat"}},
		"no seats":         {Grant{Scope: OverSeats, SchoolID: "s"}, nil},
		"year of no name":  {Grant{Scope: OverYear, SchoolID: "s"}, nil},
		"group of no name": {Grant{Scope: OverGroup, SchoolID: "s"}, nil},
		"unknown scope":    {Grant{Scope: "galaxy", SchoolID: "s"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for place, p := range all {
				if got, want := c.grant.covers(p), slices.Contains(c.want, place); got != want {
					t.Errorf("covers %s: %v, want %v", place, got, want)
				}
			}
		})
	}
}

// TestRule is the whole rule of the table: access × caller × place.
func TestRule(t *testing.T) {
	now := start.UnixMilli()
	g := NewGate(nil, nil, Roster{Locate: locate}, nil)
	g.now = func() time.Time { return start }
	staff := func(grants ...Grant) Principal {
		return Principal{Staff: &StaffPrincipal{ID: "x", Grants: grants, FreshAt: now}}
	}
	late := staff(Grant{Role: Head, Scope: OverSchool, ScopeID: "s", SchoolID: "s"})
	late.Staff.FreshAt = now - freshFor.Milliseconds() - 1
	seat := Principal{Seat: &SeatPrincipal{ID: "seat1", SchoolID: "s"}}
	waiting := Principal{Seat: &SeatPrincipal{ID: "seat1", SchoolID: "s", Waiting: true}}
	teacherA := staff(Grant{Role: Teacher, Scope: OverGroup, ScopeID: "groupA", SchoolID: "s"})
	head := staff(Grant{Role: Head, Scope: OverSchool, ScopeID: "s", SchoolID: "s"})
	assistant := staff(Grant{Role: Assistant, Scope: OverSeats, SchoolID: "s", SeatIDs: []string{"seat1"}})
	admin := staff(Grant{Role: Administrator, Scope: Installation})
	both := teacherA
	both.Seat = seat.Seat
	school, groupA, groupB := Place{School: "s"}, Place{School: "s", Group: "groupA"}, Place{School: "s", Group: "groupB"}
	seat1, seat3 := Place{School: "s", Seat: "seat1"}, Place{School: "s", Seat: "seat3"}
	const yes = fault.Kind("")
	for _, c := range []struct {
		name   string
		access Access
		who    Principal
		place  Place
		want   fault.Kind
	}{
		{"default is no", Access{}, admin, school, fault.Forbidden},
		{"default is no to seats", Access{}, seat, school, fault.Unauthenticated},
		{"public", Public(), Principal{}, school, yes},
		{"nobody on a staff route", Staff(), Principal{}, Place{}, fault.Unauthenticated},
		{"seat on a staff route", Staff(), seat, Place{}, fault.Unauthenticated},
		{"staff on a staff route", Staff(), staff(), Place{}, yes},
		{"staff on a seat route", Seat(), admin, Place{}, fault.Forbidden},
		{"nobody on a seat route", Seat(), Principal{}, Place{}, fault.Unauthenticated},
		{"seat", Seat(), seat, Place{}, yes},
		{"waiting seat", Seat(), waiting, Place{}, fault.Unauthenticated},
		{"waiting seat at the door", AtDoor(), waiting, Place{}, yes},
		{"seat in its school", Seat(), seat, school, yes},
		{"seat in another school", Seat(), seat, Place{School: "t"}, fault.Unauthenticated},
		{"seat in its group", Seat(), seat, groupA, yes},
		{"seat in another group", Seat(), seat, groupB, fault.Forbidden},
		{"seat about itself", Seat(), seat, seat1, yes},
		{"seat about another", Seat(), seat, seat3, fault.Forbidden},
		{"seat of another year", Seat(), seat, Place{School: "s", Year: "year2"}, fault.Forbidden},
		{"no role", Only(Teacher), staff(), groupA, fault.Forbidden},
		{"another role", Only(Head), teacherA, groupA, fault.Forbidden},
		{"teacher of the group", Only(Teacher), teacherA, groupA, yes},
		{"teacher of another group", Only(Teacher), teacherA, groupB, fault.Forbidden},
		{"teacher of a seat's group", Only(Teacher), teacherA, seat1, yes},
		{"teacher of another seat", Only(Teacher), teacherA, seat3, fault.Forbidden},
		{"teacher of a group over the school", Only(Teacher), teacherA, school, fault.Forbidden},
		{"teacher of a group, part of the school", Only(Teacher).Part(), teacherA, school, yes},
		{"part with another role", Only(Head).Part(), teacherA, school, fault.Forbidden},
		{"part of another school", Only(Teacher).Part(), teacherA, Place{School: "t"}, fault.Forbidden},
		{"part of no school", Only(Teacher).Part(), teacherA, Place{}, fault.Forbidden},
		{"assistant of the seat", Only(Assistant), assistant, seat1, yes},
		{"assistant of another seat", Only(Assistant), assistant, seat3, fault.Forbidden},
		{"assistant over the group", Only(Assistant), assistant, groupA, fault.Forbidden},
		{"head of the school", Only(Head), head, seat3, yes},
		{"head, a group that does not exist", Only(Head), head, Place{School: "s", Group: "none"}, fault.NotFound},
		{"head of another school, a group that does not exist", Only(Head), head, Place{School: "t", Group: "none"}, fault.Forbidden},
		{"head, no school", Only(Head), head, Place{}, fault.Forbidden},
		{"administrator, no school", Only(Administrator), admin, Place{}, yes},
		{"administrator where another role is asked", Only(Head), admin, school, fault.Forbidden},
		{"proved of late", Only(Head).Fresh(), head, school, yes},
		{"proved long ago", Only(Head).Fresh(), late, school, fault.Unauthenticated},
		{"proved long ago, own", Staff().Fresh(), late, Place{}, fault.Unauthenticated},
		{"no right, proved long ago", Only(DPO).Fresh(), late, school, fault.Forbidden},
		{"role or seat: seat", Only(Teacher).OrSeat(), seat, groupA, yes},
		{"role or seat: another seat's group", Only(Teacher).OrSeat(), seat, groupB, fault.Forbidden},
		{"role or seat: teacher", Only(Teacher).OrSeat(), teacherA, groupA, yes},
		{"both in one browser: as seat", Seat(), both, groupA, yes},
		{"both in one browser: as neither", Only(Teacher).OrSeat(), both, groupB, fault.Forbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := g.allow(context.Background(), c.who, c.access, c.place)
			if c.want == yes && err != nil || c.want != yes && !fault.Is(err, c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	// A trouble of the look-up is neither yes nor a refusal.
	broken := errors.New("disk")
	g.roster.Locate = func(context.Context, Place) (Place, error) { return Place{}, broken }
	if err := g.allow(context.Background(), head, Only(Head), groupA); !errors.Is(err, broken) {
		t.Error(err)
	}
	if err := g.allow(context.Background(), seat, Seat(), groupA); !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestReach(t *testing.T) {
	p := Principal{Staff: &StaffPrincipal{Grants: []Grant{
		{Role: Teacher, Scope: OverGroup, ScopeID: "g", SchoolID: "s"},
		{Role: Assistant, Scope: OverSeats, SeatIDs: []string{"p", "q"}, SchoolID: "s"},
		{Role: Interpreter, Scope: OverYear, ScopeID: "y", SchoolID: "s"},
		{Role: Head, Scope: OverSchool, ScopeID: "t", SchoolID: "t"},
	}}}
	got := p.ReachIn("s")
	if got.All || !slices.Equal(got.Groups, []string{"g"}) || !slices.Equal(got.Seats, []string{"p", "q"}) || !slices.Equal(got.Years, []string{"y"}) {
		t.Errorf("%+v", got)
	}
	if got := p.ReachIn("s", Teacher); got.Seats != nil || len(got.Groups) != 1 {
		t.Errorf("%+v", got)
	}
	if got := p.ReachIn("t"); !got.All || got.Groups != nil {
		t.Errorf("%+v", got)
	}
	if got := (Principal{}).ReachIn("s"); got.All || got.Groups != nil {
		t.Errorf("%+v", got)
	}
}
