package lesson

import (
	"context"
	"database/sql"
	"net/url"
	"slices"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// Who may do what with lessons, over the scope of their grants.
var (
	// holders plan, open and lead lessons.
	holders = []identity.Role{identity.Teacher, identity.CoTeacher, identity.Substitute, identity.Head}
	// comers also come in.
	comers = append(slices.Clone(holders), identity.Assistant, identity.Interpreter)
)

// roleOf says what a member of staff is in a lesson, and for an assistant which
// seats are theirs; the role is empty for those who have nothing to do there.
func (s *Service) roleOf(ctx context.Context, p identity.Principal, l lessonRow) (Role, map[string]bool, error) {
	place := identity.Place{School: l.School}
	if l.Group != "" {
		var err error
		place.Group = l.Group
		if place, err = s.roster.Locate(ctx, place); fault.Is(err, fault.NotFound) {
			place = identity.Place{School: l.School} // the group is gone
		} else if err != nil {
			return "", nil, err
		}
	}
	for _, one := range []struct {
		role Role
		held []identity.Role
	}{
		{Teacher, []identity.Role{identity.Teacher, identity.Head}},
		{CoTeacher, []identity.Role{identity.CoTeacher}},
		{Substitute, []identity.Role{identity.Substitute}},
	} {
		if p.Holds(place, one.held...) {
			return one.role, nil, nil
		}
	}
	if p.Staff != nil && p.Staff.ID == l.CreatedBy && l.Group == "" && p.Within(l.School, holders...) {
		return Teacher, nil, nil
	}
	if l.Group == "" {
		return "", nil, nil
	}
	given, err := s.given(ctx, p, l, identity.Assistant)
	if err != nil || len(given) > 0 {
		return Assistant, given, err
	}
	if p.Holds(place, identity.Interpreter) {
		return Interpreter, nil, nil
	}
	if given, err = s.given(ctx, p, l, identity.Interpreter); err != nil || len(given) > 0 {
		return Interpreter, nil, err
	}
	return "", nil, nil
}

// given are the seats of the lesson's group over which a role is held one by one.
func (s *Service) given(ctx context.Context, p identity.Principal, l lessonRow, role identity.Role) (map[string]bool, error) {
	reach := p.ReachIn(l.School, role)
	if len(reach.Seats) == 0 {
		return nil, nil
	}
	seats, err := s.roster.SeatsOfGroup(ctx, l.School, l.Group)
	given := map[string]bool{}
	for _, seat := range seats {
		if slices.Contains(reach.Seats, seat.ID) {
			given[seat.ID] = true
		}
	}
	return given, err
}

// staffEntrant is the staff calling at the door of a lesson.
func (s *Service) staffEntrant(ctx context.Context, p identity.Principal, l lessonRow) (*entrant, error) {
	role, given, err := s.roleOf(ctx, p, l)
	if err != nil {
		return nil, err
	}
	if role == "" {
		return nil, fault.New(fault.Forbidden, "lesson.not_yours")
	}
	who := &entrant{identityOf: identityOf{kind: KindStaff, staff: p.Staff.ID, given: given}, role: role}
	return who, s.describe(ctx, l.School, &who.identityOf)
}

// seatEntrant is the pupil calling at the door of a lesson.
func (s *Service) seatEntrant(ctx context.Context, seat *identity.SeatPrincipal, l lessonRow) (*entrant, error) {
	groups, err := s.roster.GroupsOfSeat(ctx, seat.ID)
	if err != nil {
		return nil, err
	}
	if l.Group == "" || !slices.Contains(groups, l.Group) {
		return nil, fault.New(fault.Forbidden, "lesson.not_yours")
	}
	who := &entrant{identityOf: identityOf{kind: KindSeat, seat: seat.ID}, role: Pupil}
	return who, s.describe(ctx, l.School, &who.identityOf)
}

// describe finds how a person shows. An erased one shows as nothing.
func (s *Service) describe(ctx context.Context, school string, who *identityOf) error {
	switch who.kind {
	case KindStaff:
		person, err := s.ids.FindStaff(ctx, who.staff)
		who.name = person.Name
		return unless(fault.NotFound, err)
	case KindSeat:
		seat, err := s.roster.SeatByID(ctx, school, who.seat)
		who.pseudonym, who.picture = seat.Pseudonym, seat.Picture
		return unless(fault.NotFound, err)
	}
	return nil // a guest's label came with the row
}

func unless(kind fault.Kind, err error) error {
	if fault.Is(err, kind) {
		return nil
	}
	return err
}

// readPeople reads who stands behind the ids of a lesson, not described yet.
func readPeople(ctx context.Context, q store.Queryer, lesson string) (map[string]*identityOf, error) {
	rows, err := q.QueryContext(ctx, `SELECT p.id, p.kind, p.seat_id, p.staff_id, p.guest_id, g.label FROM lesson_person p LEFT JOIN lesson_guest g ON g.id = p.guest_id WHERE p.lesson_id = $1`, lesson)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	people := map[string]*identityOf{}
	for rows.Next() {
		var id string
		var seat, staff, guest, label sql.NullString
		var who identityOf
		if err := rows.Scan(&id, &who.kind, &seat, &staff, &guest, &label); err != nil {
			return nil, err
		}
		who.seat, who.staff, who.guest, who.label = seat.String, staff.String, guest.String, label.String
		people[id] = &who
	}
	return people, rows.Err()
}

func hostOf(origin string) (string, error) {
	at, err := url.Parse(origin)
	if err != nil {
		return "", err
	}
	return at.Host, nil
}
