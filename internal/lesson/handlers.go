package lesson

import (
	"context"
	"net/http"
	"time"

	"preau/internal/fault"
	"preau/internal/identity"
)

// Parts that the inputs and outputs of routes share.
type (
	InSchool struct {
		School string `path:"school" maxLength:"40"`
	}
	InLesson struct {
		School string `path:"school" maxLength:"40"`
		Lesson string `path:"lesson" maxLength:"40"`
	}
	nothing       struct{}
	answer[T any] struct{ Body T }
	items[T any]  struct {
		Items []T `json:"items" nullable:"false"`
	}
)

func give[T any](body T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{body}, nil
}

func done(err error) (*nothing, error) { return nil, err }

// Lesson is a lesson as those who may come to it see it, before they are in.
type Lesson struct {
	ID       string `json:"id"`
	GroupID  string `json:"groupId,omitempty" doc:"Absent for an open lesson."`
	Title    string `json:"title"`
	Status   string `json:"status" enum:"planned,open,ended,cancelled"`
	StartsAt int64  `json:"startsAt"`
	Minutes  int    `json:"minutes"`
	SeriesID string `json:"seriesId,omitempty" doc:"The same for the repetitions of one plan."`
	Preset   string `json:"preset" enum:"cours,debat,evaluation,silence"`
	OpenedAt int64  `json:"openedAt,omitempty"`
	EndedAt  int64  `json:"endedAt,omitempty"`
	Guests   bool   `json:"guests" doc:"There is a link for guests."`
	Role     Role   `json:"role" enum:"teacher,coteacher,substitute,assistant,interpreter,pupil" doc:"What the caller is in it."`
}

func (l lessonRow) shown(role Role) Lesson {
	return Lesson{l.ID, l.Group, l.Title, l.status(), l.StartsAt, l.Minutes, l.Series, l.Preset, l.OpenedAt, l.EndedAt, l.GuestsOpen, role}
}

type listLessonsIn struct {
	InSchool
	From int64  `query:"from" doc:"UTC ms; the last twelve hours when absent."`
	To   int64  `query:"to" doc:"UTC ms; a day and a half after from when absent, 62 days at most."`
	As   string `query:"as" enum:"staff,seat" doc:"Which of the two, on a browser where both are in; staff when absent."`
}

func (s *Service) getLessons(ctx context.Context, in *listLessonsIn) (*answer[items[Lesson]], error) {
	p := identity.From(ctx)
	out := []Lesson{}
	if seat := asSeat(p, in.School, in.As); seat != nil {
		all, err := s.ofSeat(ctx, in.School, seat.ID)
		for _, l := range all {
			out = append(out, l.shown(Pupil))
		}
		return give(items[Lesson]{out}, err)
	}
	if in.From == 0 {
		in.From = s.now() - 12*time.Hour.Milliseconds()
	}
	if in.To == 0 {
		in.To = in.From + 36*time.Hour.Milliseconds()
	}
	if in.To < in.From || in.To-in.From > longestWindow.Milliseconds() {
		return nil, fault.New(fault.Invalid, "lesson.bad_window").At("to")
	}
	all, err := s.ofStaff(ctx, in.School, p.Staff.ID, p.ReachIn(in.School, comers...), in.From, in.To)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		role, _, err := s.roleOf(ctx, p, l)
		if err != nil {
			return nil, err
		}
		if role != "" {
			out = append(out, l.shown(role))
		}
	}
	return give(items[Lesson]{out}, nil)
}

// asSeat says whether a request counts as the seat's, where both may be in.
func asSeat(p identity.Principal, school, as string) *identity.SeatPrincipal {
	if p.Seat != nil && !p.Seat.Waiting && p.Seat.SchoolID == school && (as == "seat" || p.Staff == nil || !p.Within(school, comers...)) {
		return p.Seat
	}
	return nil
}

// entrantOf is who calls, at the door of a lesson.
func (s *Service) entrantOf(ctx context.Context, l lessonRow, as string) (*entrant, error) {
	p := identity.From(ctx)
	if seat := asSeat(p, l.School, as); seat != nil {
		return s.seatEntrant(ctx, seat, l)
	}
	if p.Staff == nil {
		return nil, fault.New(fault.Forbidden, "lesson.not_yours")
	}
	return s.staffEntrant(ctx, p, l)
}

type getLessonIn struct {
	InLesson
	As string `query:"as" enum:"staff,seat"`
}

func (s *Service) getLesson(ctx context.Context, in *getLessonIn) (*answer[Lesson], error) {
	l, err := lessonBy(ctx, s.db.Reader(), in.School, in.Lesson)
	if err != nil {
		return nil, err
	}
	who, err := s.entrantOf(ctx, l, in.As)
	if err != nil {
		return nil, err
	}
	return give(l.shown(who.role), nil)
}

// led is a lesson that the staff calling may lead.
func (s *Service) led(ctx context.Context, school, id string) (lessonRow, error) {
	l, err := lessonBy(ctx, s.db.Reader(), school, id)
	if err != nil {
		return l, err
	}
	role, _, err := s.roleOf(ctx, identity.From(ctx), l)
	if err == nil && !role.inCharge() {
		err = fault.New(fault.Forbidden, "lesson.not_yours")
	}
	return l, err
}

func staffID(ctx context.Context) string {
	if p := identity.From(ctx); p.Staff != nil {
		return p.Staff.ID
	}
	return ""
}

type postLessonIn struct {
	InSchool
	Body Plan
}

// Made is what a plan made: one lesson, or one for each repetition.
type Made struct {
	Lessons []string `json:"lessons" nullable:"false"`
}

func (s *Service) postLesson(ctx context.Context, in *postLessonIn) (*answer[Made], error) {
	p := identity.From(ctx)
	if in.Body.GroupID != "" {
		if _, err := s.roster.Locate(ctx, identity.Place{School: in.School, Group: in.Body.GroupID}); err != nil {
			return nil, err
		}
	}
	role, _, err := s.roleOf(ctx, p, lessonRow{School: in.School, Group: in.Body.GroupID, CreatedBy: p.Staff.ID})
	if err != nil {
		return nil, err
	}
	if !role.inCharge() {
		return nil, fault.New(fault.Forbidden, "lesson.not_your_group").At("groupId")
	}
	ids, err := s.Make(ctx, in.School, p.Staff.ID, in.Body)
	return give(Made{ids}, err)
}

type patchLessonIn struct {
	InLesson
	Body Change
}

func (s *Service) patchLesson(ctx context.Context, in *patchLessonIn) (*nothing, error) {
	if _, err := s.led(ctx, in.School, in.Lesson); err != nil {
		return nil, err
	}
	return done(s.Alter(ctx, in.School, staffID(ctx), in.Lesson, in.Body))
}

type deleteLessonIn struct {
	InLesson
	Following bool `query:"following" doc:"Also the later ones of its repetition."`
}

func (s *Service) deleteLesson(ctx context.Context, in *deleteLessonIn) (*nothing, error) {
	if _, err := s.led(ctx, in.School, in.Lesson); err != nil {
		return nil, err
	}
	return done(s.Cancel(ctx, in.School, staffID(ctx), in.Lesson, in.Following))
}

func (s *Service) postOpen(ctx context.Context, in *InLesson) (*nothing, error) {
	if _, err := s.led(ctx, in.School, in.Lesson); err != nil {
		return nil, err
	}
	return done(s.Open(ctx, in.School, staffID(ctx), in.Lesson))
}

func (s *Service) postEnd(ctx context.Context, in *InLesson) (*nothing, error) {
	if _, err := s.led(ctx, in.School, in.Lesson); err != nil {
		return nil, err
	}
	return done(s.End(ctx, in.School, staffID(ctx), in.Lesson))
}

// live opens the WebSocket of a member of staff or a seat.
func (s *Service) live(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	l, err := lessonBy(ctx, s.db.Reader(), r.PathValue("school"), r.PathValue("lesson"))
	var who *entrant
	if err == nil {
		who, err = s.entrantOf(ctx, l, r.URL.Query().Get("as"))
	}
	if err == nil {
		err = s.atDoor(ctx, l, who, func(h *hub) { s.upgrade(w, r, h, who, s.watch(r, l, who)) })
	}
	if err != nil {
		s.api.WriteError(w, r, err)
	}
}

// atDoor opens the door of a lesson to somebody, or says why not.
func (s *Service) atDoor(ctx context.Context, l lessonRow, who *entrant, enter func(h *hub)) error {
	switch l.status() {
	case "planned":
		return fault.New(fault.Conflict, "lesson.not_open")
	case "cancelled":
		return fault.New(fault.Gone, "lesson.cancelled")
	case "ended":
		return fault.New(fault.Gone, "lesson.ended")
	}
	var at *hub
	var refused error
	if err := s.in(ctx, l, func(h *hub) { at, refused = h, h.mayEnter(who) }); err != nil {
		return err
	}
	if refused == nil {
		enter(at)
	}
	return refused
}

// watch tells a connection how to know that its session and role still hold.
func (s *Service) watch(r *http.Request, l lessonRow, who *entrant) func(*conn) {
	p := identity.From(r.Context())
	return func(c *conn) {
		if who.kind == KindSeat {
			token := s.api.ReadCookie(r, identity.SeatCookie)
			c.session = p.Seat.SessionID
			c.alive = func() bool { return s.roster.Touch(p.Seat.ID, p.Seat.SessionID) }
			c.check = func() error {
				ctx, cancel := context.WithTimeout(context.Background(), writeWithin)
				defer cancel()
				seat, err := s.roster.SeatOf(ctx, token)
				if err == nil && (seat == nil || seat.Waiting) {
					err = fault.New(fault.Forbidden, "lesson.not_yours")
				}
				if err == nil {
					_, err = s.seatEntrant(ctx, seat, l)
				}
				return err
			}
			return
		}
		token := s.api.ReadCookie(r, identity.StaffCookie)
		c.check = func() error {
			ctx, cancel := context.WithTimeout(context.Background(), writeWithin)
			defer cancel()
			staff, err := s.ids.StaffOf(ctx, token)
			if err == nil && staff == nil {
				err = fault.New(fault.Forbidden, "lesson.not_yours")
			}
			if err != nil {
				return err
			}
			role, _, err := s.roleOf(ctx, identity.Principal{Staff: staff}, l)
			if err == nil && role != who.role {
				err = fault.New(fault.Forbidden, "lesson.not_yours")
			}
			return err
		}
	}
}
