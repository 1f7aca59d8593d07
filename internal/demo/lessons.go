package demo

import (
	"context"
	"time"

	"preau/internal/fault"
	"preau/internal/lesson"
)

// Lessons makes sure that the class has an open lesson and one to come, and
// says whether it made any.
func Lessons(ctx context.Context, lessons *lesson.Service, s *School, now time.Time) (made bool, err error) {
	for _, one := range []struct {
		id     *string
		status string
		plan   lesson.Plan
	}{
		{&s.LessonID, "open", lesson.Plan{Title: "6e B, mathématiques", Minutes: 55, Open: true}},
		{&s.PlannedID, "planned", lesson.Plan{Title: "6e B, sciences", Minutes: 55, StartsAt: now.Add(24 * time.Hour).Truncate(time.Hour).UnixMilli()}},
	} {
		status, err := lessons.Status(ctx, s.SchoolID, *one.id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return made, err
		}
		if status == one.status {
			continue
		}
		one.plan.GroupID = s.GroupID
		ids, err := lessons.Make(ctx, s.SchoolID, s.Teacher, one.plan)
		if err != nil {
			return made, err
		}
		*one.id, made = ids[0], true
	}
	return made, nil
}
