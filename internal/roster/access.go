package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// Who may do what, over the scope of their grants.
var (
	managers = []identity.Role{identity.Office, identity.Head, identity.Administrator}
	// keepers decide who opens the names.
	keepers  = []identity.Role{identity.Head, identity.Administrator}
	teachers = append(slices.Clone(managers), identity.Teacher, identity.CoTeacher, identity.Substitute)
	// readers see groups and seats, without names.
	readers = append(slices.Clone(teachers), identity.Assistant, identity.Interpreter, identity.AssessmentLead, identity.DPO)
	// groupReaders also choose a group among others: what a piece of the journal is for.
	groupReaders = append(slices.Clone(readers), identity.Editor, identity.Moderator)
	// nameReaders may be given name records, when they have been let in.
	nameReaders = append(slices.Clone(teachers), identity.Assistant, identity.AssessmentLead)
	// nameWatchers also see who has been let in.
	nameWatchers = append(slices.Clone(nameReaders), identity.DPO)
)

// args collects the arguments of a statement whose text grows.
type args []any

func (a *args) add(v any) string {
	*a = append(*a, v)
	return fmt.Sprintf("$%d", len(*a))
}

func (a *args) list(values []string) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = a.add(v)
	}
	return strings.Join(marks, ", ")
}

// seatsWithin is a condition on the seat s that keeps those inside the reach.
func seatsWithin(r identity.Reach, a *args) string {
	if r.All {
		return "1 = 1"
	}
	parts := []string{"1 = 0"}
	if len(r.Years) > 0 {
		parts = append(parts, "s.year_id IN ("+a.list(r.Years)+")")
	}
	if len(r.Seats) > 0 {
		parts = append(parts, "s.id IN ("+a.list(r.Seats)+")")
	}
	if len(r.Groups) > 0 {
		parts = append(parts, "EXISTS (SELECT 1 FROM seat_group w WHERE w.seat_id = s.id AND w.group_id IN ("+a.list(r.Groups)+"))")
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// groupsWithin is a condition on the group g that keeps those inside the reach,
// or that hold a seat inside it.
func groupsWithin(r identity.Reach, a *args) string {
	if r.All {
		return "1 = 1"
	}
	parts := []string{"1 = 0"}
	if len(r.Years) > 0 {
		parts = append(parts, "g.year_id IN ("+a.list(r.Years)+")")
	}
	if len(r.Groups) > 0 {
		parts = append(parts, "g.id IN ("+a.list(r.Groups)+")")
	}
	if len(r.Seats) > 0 {
		parts = append(parts, "EXISTS (SELECT 1 FROM seat_group w WHERE w.group_id = g.id AND w.seat_id IN ("+a.list(r.Seats)+"))")
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// staffID is who calls; the gate has let only staff come here.
func staffID(ctx context.Context) string {
	if p := identity.From(ctx); p.Staff != nil {
		return p.Staff.ID
	}
	return ""
}

func (s *Service) audit(ctx context.Context, tx store.Queryer, school, act, subjectKind, subject string, detail map[string]string) error {
	kind, id := "staff", staffID(ctx)
	if id == "" {
		kind = "system"
	}
	return store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: kind, ActorID: id, Act: act, SubjectKind: subjectKind, SubjectID: subject, Detail: detail})
}

func noYear() *fault.Error  { return fault.New(fault.NotFound, "roster.no_year") }
func noGroup() *fault.Error { return fault.New(fault.NotFound, "roster.no_group") }
func noSeat() *fault.Error  { return fault.New(fault.NotFound, "roster.no_seat") }
