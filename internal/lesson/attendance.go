package lesson

import (
	"cmp"
	"context"
	"slices"

	"preau/internal/fault"
	"preau/internal/identity"
)

// Stay is one time that somebody was in, UTC ms; To is absent while they are.
type Stay struct {
	From int64  `json:"from"`
	To   *int64 `json:"to,omitempty"`
}

// Attendee is somebody who came.
type Attendee struct {
	Person    string `json:"person"`
	Kind      Kind   `json:"kind" enum:"staff,seat,guest"`
	Role      Role   `json:"role" enum:"teacher,coteacher,substitute,assistant,interpreter,pupil,guest"`
	Seat      string `json:"seat,omitempty"`
	Pseudonym string `json:"pseudonym,omitempty"`
	Staff     string `json:"staff,omitempty"`
	Name      string `json:"name,omitempty" doc:"Of a member of staff. Names of pupils are added in the browser."`
	Label     string `json:"label,omitempty" doc:"Of a guest; gone a day after the end."`
	Stays     []Stay `json:"stays" nullable:"false"`
	Present   int64  `json:"present" doc:"In all, ms."`
}

// Attendance is who came to a lesson, when, and for how long.
type Attendance struct {
	OpenedAt int64      `json:"openedAt"`
	EndedAt  int64      `json:"endedAt,omitempty"`
	Now      int64      `json:"now" doc:"Until when time present is counted while the lesson is open."`
	People   []Attendee `json:"people" nullable:"false"`
}

// attend folds arrivals and departures up to a moment.
func attend(log []Record, now int64) []Attendee {
	index := map[string]int{}
	var all []Attendee
	leave := func(i int, at int64) {
		if last := len(all[i].Stays) - 1; last >= 0 && all[i].Stays[last].To == nil {
			all[i].Stays[last].To = &at
		}
	}
	for _, r := range log {
		switch e := r.Event.(type) {
		case Joined:
			i, known := index[e.Who]
			if !known {
				i = len(all)
				index[e.Who] = i
				all = append(all, Attendee{Person: e.Who, Kind: e.Kind, Stays: []Stay{}})
			}
			all[i].Role = e.Role
			if last := len(all[i].Stays) - 1; last < 0 || all[i].Stays[last].To != nil {
				all[i].Stays = append(all[i].Stays, Stay{From: r.At})
			}
		case Left:
			if i, known := index[e.Who]; known {
				leave(i, r.At)
			}
		case Ended:
			for i := range all {
				leave(i, r.At)
			}
		}
	}
	for i := range all {
		for _, stay := range all[i].Stays {
			to := now
			if stay.To != nil {
				to = *stay.To
			}
			all[i].Present += max(0, to-stay.From)
		}
	}
	return all
}

// Attendance reads who came to a lesson.
func (s *Service) Attendance(ctx context.Context, l lessonRow) (Attendance, error) {
	out := Attendance{OpenedAt: l.OpenedAt, EndedAt: l.EndedAt, Now: s.now(), People: []Attendee{}}
	people, err := readPeople(ctx, s.db.Reader(), l.ID)
	if err != nil {
		return out, err
	}
	log, err := s.records(ctx, l.ID)
	if err != nil {
		return out, err
	}
	for _, a := range attend(log, out.Now) {
		who := people[a.Person]
		if who == nil {
			continue // erased since
		}
		if err := s.describe(ctx, l.School, who); err != nil {
			return out, err
		}
		a.Seat, a.Pseudonym, a.Staff, a.Name, a.Label = who.seat, who.pseudonym, who.staff, who.name, who.label
		out.People = append(out.People, a)
	}
	slices.SortStableFunc(out.People, func(a, b Attendee) int { return cmp.Compare(a.Kind, b.Kind) })
	return out, nil
}

func (s *Service) records(ctx context.Context, lesson string) (log []Record, err error) {
	err = readLog(ctx, s.db.Reader(), lesson, func(r Record, _ int64) error { log = append(log, r); return nil })
	return log, err
}

func (s *Service) getAttendance(ctx context.Context, in *InLesson) (*answer[Attendance], error) {
	l, err := s.led(ctx, in.School, in.Lesson)
	if err != nil {
		return nil, err
	}
	return give(s.Attendance(ctx, l))
}

// Summary is what remains to be said at the end of a lesson.
type Summary struct {
	Title    string `json:"title"`
	OpenedAt int64  `json:"openedAt"`
	EndedAt  int64  `json:"endedAt,omitempty"`
	Pupils   int    `json:"pupils" doc:"Seats that came."`
	Expected int    `json:"expected" doc:"Seats of the group; 0 for an open lesson."`
	Guests   int    `json:"guests"`
	Staff    int    `json:"staff"`
	Messages int    `json:"messages" doc:"Messages written; those already erased no longer count."`
	Hands    int    `json:"hands" doc:"Hands raised."`
	Reports  int    `json:"reports"`
	// When what was written is erased, for the countdown.
	MessagesUntil int64 `json:"messagesUntil,omitempty" doc:"UTC ms; absent while the lesson is open."`
}

func (s *Service) getSummary(ctx context.Context, in *InLesson) (*answer[Summary], error) {
	l, err := s.led(ctx, in.School, in.Lesson)
	if err != nil {
		return nil, err
	}
	if l.OpenedAt == 0 {
		return nil, fault.New(fault.Conflict, "lesson.not_open")
	}
	out := Summary{Title: l.Title, OpenedAt: l.OpenedAt, EndedAt: l.EndedAt}
	if l.EndedAt != 0 {
		out.MessagesUntil = l.EndedAt + messagesKept*3600*1000
	}
	log, err := s.records(ctx, l.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range attend(log, s.now()) {
		switch a.Kind {
		case KindStaff:
			out.Staff++
		case KindSeat:
			out.Pupils++
		case KindGuest:
			out.Guests++
		}
	}
	for _, r := range log {
		switch e := r.Event.(type) {
		case Said:
			out.Messages++
		case HandSet:
			if e.Up {
				out.Hands++
			}
		case Reported:
			out.Reports++
		}
	}
	if l.Group != "" {
		group, err := s.roster.Group(ctx, l.School, l.Group, identity.Reach{All: true})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		out.Expected = group.Seats
	}
	return give(out, nil)
}
