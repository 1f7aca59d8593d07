package lesson

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/roster"
	"preau/internal/store"
)

const (
	maxTitle       = 120
	maxMinutes     = 8 * 60
	maxOccurrences = 60
	farthest       = 400 * 24 * time.Hour // of a plan
	maxListed      = 500
	longestWindow  = 62 * 24 * time.Hour
	seatSees       = 8 * 24 * time.Hour // how far ahead a pupil sees
)

// lessonRow is a lesson as its table has it. Times are UTC ms, 0 for none.
type lessonRow struct {
	ID, School, Group, Title, CreatedBy, Series, Preset string
	CreatedAt, StartsAt                                 int64
	Minutes, GuestsVersion                              int
	GuestsOpen                                          bool
	OpenedAt, EndedAt, CancelledAt                      int64
}

const lessonColumns = `l.id, l.school_id, coalesce(l.group_id, ''), l.title, l.created_by, coalesce(l.series_id, ''), l.preset, l.created_at, l.starts_at, l.minutes,
	l.guests_version, CASE WHEN l.guests_hash IS NULL THEN 0 ELSE 1 END, coalesce(l.opened_at, 0), coalesce(l.ended_at, 0), coalesce(l.cancelled_at, 0)`

func scanLesson(row interface{ Scan(...any) error }) (l lessonRow, err error) {
	var open int
	err = row.Scan(&l.ID, &l.School, &l.Group, &l.Title, &l.CreatedBy, &l.Series, &l.Preset, &l.CreatedAt, &l.StartsAt, &l.Minutes,
		&l.GuestsVersion, &open, &l.OpenedAt, &l.EndedAt, &l.CancelledAt)
	l.GuestsOpen = open == 1
	return l, err
}

func (l lessonRow) isOpen() bool { return l.OpenedAt != 0 && l.EndedAt == 0 }

// status is planned, open, ended or cancelled.
func (l lessonRow) status() string {
	switch {
	case l.CancelledAt != 0:
		return "cancelled"
	case l.EndedAt != 0:
		return "ended"
	case l.OpenedAt != 0:
		return "open"
	}
	return "planned"
}

func lessonBy(ctx context.Context, q store.Queryer, school, id string) (lessonRow, error) {
	l, err := scanLesson(q.QueryRowContext(ctx, `SELECT `+lessonColumns+` FROM lesson l WHERE l.id = $1 AND l.school_id = $2`, id, school))
	if errors.Is(err, sql.ErrNoRows) {
		err = noLesson()
	}
	return l, err
}

// Status says whether a lesson is planned, open, ended or cancelled.
func (s *Service) Status(ctx context.Context, school, id string) (string, error) {
	l, err := lessonBy(ctx, s.db.Reader(), school, id)
	return l.status(), err
}

func noLesson() *fault.Error { return fault.New(fault.NotFound, "lesson.no_lesson") }

// listLessons reads lessons under a condition on l.
func listLessons(ctx context.Context, q store.Queryer, where string, args ...any) ([]lessonRow, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+lessonColumns+` FROM lesson l WHERE `+where+` LIMIT `+strconv.Itoa(maxListed), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []lessonRow{}
	for rows.Next() {
		l, err := scanLesson(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

// Plan is what one says to make a lesson.
type Plan struct {
	GroupID  string `json:"groupId,omitempty" maxLength:"40" doc:"Absent for an open lesson, where guests come by a link."`
	Title    string `json:"title" maxLength:"240"`
	Open     bool   `json:"open,omitempty" doc:"Open it now; startsAt and until are then left out."`
	StartsAt int64  `json:"startsAt,omitempty" doc:"UTC ms."`
	Minutes  int    `json:"minutes" minimum:"5" maximum:"480"`
	Until    string `json:"until,omitempty" maxLength:"10" doc:"Last day of a weekly repetition, as 2027-03-19."`
	Preset   string `json:"preset,omitempty" enum:"cours,debat,evaluation,silence" doc:"The school's when absent."`
}

// Make makes the lesson or lessons of a plan for a member of staff, and opens
// the one that is for now. The caller has checked that they may.
func (s *Service) Make(ctx context.Context, school, by string, in Plan) ([]string, error) {
	title, err := readTitle(in.Title)
	if err != nil {
		return nil, err
	}
	if in.Minutes < 5 || in.Minutes > maxMinutes {
		return nil, fault.New(fault.Invalid, "lesson.bad_minutes", "count", maxMinutes).At("minutes")
	}
	if in.Preset == "" {
		set, err := s.Settings(ctx, school)
		if err != nil {
			return nil, err
		}
		in.Preset = set.Preset
	}
	if _, _, ok := preset(in.Preset); !ok {
		return nil, badChoice("preset")
	}
	now := s.now()
	starts := []int64{now}
	if !in.Open {
		if starts, err = s.occurrences(ctx, school, in, now); err != nil {
			return nil, err
		}
	}
	series := ""
	if len(starts) > 1 {
		series = store.NewID()
	}
	ids := make([]string, len(starts))
	for i := range ids {
		ids[i] = store.NewID()
	}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		for i, at := range starts {
			if _, err := tx.ExecContext(ctx, `INSERT INTO lesson (id, school_id, group_id, title, created_by, created_at, starts_at, minutes, series_id, preset, guests_version, epoch, next_n)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 1)`, ids[i], school, null(in.GroupID), title, by, now, at, in.Minutes, null(series), in.Preset); err != nil {
				return err
			}
		}
		if in.Open {
			if err := s.openIn(ctx, tx, lessonRow{ID: ids[0], School: school, Preset: in.Preset}, now); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, school, by, "lesson.plan", "lesson", ids[0], nil)
	})
	return ids, err
}

// occurrences are the starts of a plan: one, or one each week at the same hour
// of the school's clock.
func (s *Service) occurrences(ctx context.Context, school string, in Plan, now int64) ([]int64, error) {
	if in.StartsAt < now-time.Hour.Milliseconds() || in.StartsAt > now+farthest.Milliseconds() {
		return nil, fault.New(fault.Invalid, "lesson.bad_start").At("startsAt")
	}
	if in.Until == "" {
		return []int64{in.StartsAt}, nil
	}
	zone, err := s.zone(ctx, school)
	if err != nil {
		return nil, err
	}
	last, err := time.ParseInLocation(time.DateOnly, in.Until, zone)
	if err != nil {
		return nil, fault.New(fault.Invalid, "lesson.bad_until").At("until")
	}
	first := time.UnixMilli(in.StartsAt).In(zone)
	end := last.AddDate(0, 0, 1)
	var starts []int64
	for week := 0; ; week++ {
		at := first.AddDate(0, 0, 7*week)
		if !at.Before(end) {
			break
		}
		if starts = append(starts, at.UnixMilli()); len(starts) > maxOccurrences {
			return nil, fault.New(fault.Invalid, "lesson.too_many", "count", maxOccurrences).At("until")
		}
	}
	if starts == nil {
		return nil, fault.New(fault.Invalid, "lesson.bad_until").At("until")
	}
	return starts, nil
}

func (s *Service) zone(ctx context.Context, school string) (*time.Location, error) {
	of, err := s.ids.School(ctx, school)
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(of.Zone)
}

func readTitle(title string) (string, error) {
	title = strings.Join(strings.Fields(title), " ")
	switch {
	case title == "":
		return "", fault.New(fault.Invalid, "lesson.text_empty").At("title")
	case utf8.RuneCountInString(title) > maxTitle:
		return "", fault.New(fault.Invalid, "lesson.text_long", "count", maxTitle).At("title")
	case strings.ContainsFunc(title, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", fault.New(fault.Invalid, "lesson.bad_text").At("title")
	}
	return title, nil
}

// Open opens a planned lesson. One that is open stays so.
func (s *Service) Open(ctx context.Context, school, by, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		l, err := lessonBy(ctx, tx, school, id)
		switch {
		case err != nil:
			return err
		case l.CancelledAt != 0:
			return fault.New(fault.Gone, "lesson.cancelled")
		case l.EndedAt != 0:
			return fault.New(fault.Gone, "lesson.ended")
		case l.OpenedAt != 0:
			return nil
		}
		if err := s.openIn(ctx, tx, l, s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, by, "lesson.open", "lesson", id, nil)
	})
}

// openIn writes the beginning of the log.
func (s *Service) openIn(ctx context.Context, tx store.Queryer, l lessonRow, now int64) error {
	log := []Record{{N: 1, At: now, Event: Opened{Preset: l.Preset}}}
	if l.GuestsOpen {
		log = append(log, Record{N: 2, At: now, Event: GuestsSet{Open: true, Version: l.GuestsVersion}})
	}
	if _, err := tx.ExecContext(ctx, `UPDATE lesson SET opened_at = $1, next_n = $2 WHERE id = $3`, now, len(log)+1, l.ID); err != nil {
		return err
	}
	return insertRecords(ctx, tx, l.School, l.ID, 0, log)
}

// End ends an open lesson for everyone.
func (s *Service) End(ctx context.Context, school, by, id string) error {
	l, err := lessonBy(ctx, s.db.Reader(), school, id)
	if err != nil || l.EndedAt != 0 {
		return err
	}
	if !l.isOpen() {
		return fault.New(fault.Conflict, "lesson.not_open")
	}
	return s.durably(ctx, l, func(h *hub) error {
		if h.state.Ended == 0 {
			h.emit(h.byKey["staff:"+by], Ended{}, func(ctx context.Context, tx store.Queryer) error {
				return s.audit(ctx, tx, school, by, "lesson.end", "lesson", id, nil)
			})
		}
		return nil
	})
}

// Change is what may change in a planned lesson; absent stays as it is.
type Change struct {
	Title     *string `json:"title,omitempty" maxLength:"240"`
	StartsAt  *int64  `json:"startsAt,omitempty" doc:"UTC ms."`
	Minutes   *int    `json:"minutes,omitempty" minimum:"5" maximum:"480"`
	Preset    *string `json:"preset,omitempty" enum:"cours,debat,evaluation,silence"`
	Following bool    `json:"following,omitempty" doc:"Also the later ones of its repetition; another start moves each by as many days, to that hour."`
}

// Alter changes a planned lesson, and the later ones of its series when asked.
func (s *Service) Alter(ctx context.Context, school, by, id string, in Change) error {
	zone, err := s.zone(ctx, school)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		first, all, err := s.planned(ctx, tx, school, id, in.Following)
		if err != nil {
			return err
		}
		for _, l := range all {
			next, err := in.applied(l, first, zone, s.now())
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE lesson SET title = $1, starts_at = $2, minutes = $3, preset = $4 WHERE id = $5`, next.Title, next.StartsAt, next.Minutes, next.Preset, l.ID); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, school, by, "lesson.change", "lesson", id, nil)
	})
}

// applied is a lesson after a change that was asked for the first of several.
func (in Change) applied(l, first lessonRow, zone *time.Location, now int64) (lessonRow, error) {
	var err error
	if in.Title != nil {
		if l.Title, err = readTitle(*in.Title); err != nil {
			return l, err
		}
	}
	if in.Minutes != nil {
		if l.Minutes = *in.Minutes; l.Minutes < 5 || l.Minutes > maxMinutes {
			return l, fault.New(fault.Invalid, "lesson.bad_minutes", "count", maxMinutes).At("minutes")
		}
	}
	if in.Preset != nil {
		l.Preset = *in.Preset
		if _, _, ok := preset(l.Preset); !ok {
			return l, badChoice("preset")
		}
	}
	if in.StartsAt != nil {
		if *in.StartsAt < now-time.Hour.Milliseconds() || *in.StartsAt > now+farthest.Milliseconds() {
			return l, fault.New(fault.Invalid, "lesson.bad_start").At("startsAt")
		}
		from, to, own := time.UnixMilli(first.StartsAt).In(zone), time.UnixMilli(*in.StartsAt).In(zone), time.UnixMilli(l.StartsAt).In(zone)
		day := own.AddDate(0, 0, daysBetween(from, to))
		l.StartsAt = time.Date(day.Year(), day.Month(), day.Day(), to.Hour(), to.Minute(), to.Second(), 0, zone).UnixMilli()
	}
	return l, nil
}

// daysBetween counts the days of the calendar from one time to another.
func daysBetween(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

// planned gives a lesson that has not opened, alone or with the later ones of
// its series that have not either.
func (s *Service) planned(ctx context.Context, tx store.Queryer, school, id string, following bool) (lessonRow, []lessonRow, error) {
	first, err := lessonBy(ctx, tx, school, id)
	if err != nil {
		return first, nil, err
	}
	if first.status() != "planned" {
		return first, nil, fault.New(fault.Conflict, "lesson.not_planned")
	}
	if !following || first.Series == "" {
		return first, []lessonRow{first}, nil
	}
	all, err := listLessons(ctx, tx, `l.school_id = $1 AND l.series_id = $2 AND l.starts_at >= $3 AND l.opened_at IS NULL AND l.cancelled_at IS NULL ORDER BY l.starts_at`, school, first.Series, first.StartsAt)
	return first, all, err
}

// Cancel takes a planned lesson back, and the later ones of its series when asked.
func (s *Service) Cancel(ctx context.Context, school, by, id string, following bool) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		_, all, err := s.planned(ctx, tx, school, id, following)
		if err != nil {
			return err
		}
		for _, l := range all {
			if _, err := tx.ExecContext(ctx, `UPDATE lesson SET cancelled_at = $1 WHERE id = $2`, s.now(), l.ID); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, school, by, "lesson.cancel", "lesson", id, nil)
	})
}

// ofStaff lists a school's lessons that start in a window, of the groups inside
// a reach or made by that person.
func (s *Service) ofStaff(ctx context.Context, school, staff string, reach identity.Reach, from, to int64) ([]lessonRow, error) {
	args := []any{school, from, to}
	where := `l.school_id = $1 AND l.cancelled_at IS NULL AND (l.starts_at >= $2 AND l.starts_at < $3 OR l.opened_at IS NOT NULL AND l.ended_at IS NULL)`
	if !reach.All {
		groups, err := s.roster.Groups(ctx, school, "", reach)
		if err != nil {
			return nil, err
		}
		args = append(args, staff)
		own := `l.created_by = $4`
		if len(groups) > 0 {
			own += ` OR l.group_id IN (` + marks(&args, groups, func(g roster.Group) string { return g.ID }) + `)`
		}
		where += ` AND (` + own + `)`
	}
	return listLessons(ctx, s.db.Reader(), where+` ORDER BY l.starts_at, l.id`, args...)
}

// ofSeat lists the open lessons of a seat's groups and those of the coming days.
func (s *Service) ofSeat(ctx context.Context, school, seat string) ([]lessonRow, error) {
	groups, err := s.roster.GroupsOfSeat(ctx, seat)
	if err != nil || len(groups) == 0 {
		return []lessonRow{}, err
	}
	now := s.now()
	args := []any{school, now - 12*time.Hour.Milliseconds(), now + seatSees.Milliseconds()}
	where := `l.school_id = $1 AND l.cancelled_at IS NULL AND l.ended_at IS NULL AND l.starts_at >= $2 AND l.starts_at < $3
		AND l.group_id IN (` + marks(&args, groups, func(g string) string { return g }) + `) ORDER BY l.starts_at, l.id`
	all, err := listLessons(ctx, s.db.Reader(), where, args...)
	return slices.DeleteFunc(all, func(l lessonRow) bool {
		return l.OpenedAt == 0 && l.StartsAt+int64(l.Minutes)*time.Minute.Milliseconds() < now
	}), err
}

// marks adds values to the arguments of a statement and gives their places.
func marks[T any](args *[]any, list []T, value func(T) string) string {
	places := make([]string, len(list))
	for i, v := range list {
		*args = append(*args, value(v))
		places[i] = "$" + strconv.Itoa(len(*args))
	}
	return strings.Join(places, ", ")
}

func (s *Service) audit(ctx context.Context, tx store.Queryer, school, by, act, subjectKind, subject string, detail map[string]string) error {
	kind := "staff"
	if by == "" {
		kind = "system"
	}
	return store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: kind, ActorID: by, Act: act, SubjectKind: subjectKind, SubjectID: subject, Detail: detail})
}
