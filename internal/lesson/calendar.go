package lesson

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/store"
)

// A feed shows the lessons of the last month and of the year to come.
const (
	feedPast  = 31 * 24 * time.Hour
	feedAhead = 366 * 24 * time.Hour
)

// CalendarLink is the address of one's calendar, which lets its reader in.
type CalendarLink struct {
	URL string `json:"url"`
}

// postCalendar makes a new address; the former one stops working.
func (s *Service) postCalendar(ctx context.Context, in *InSchool) (*answer[CalendarLink], error) {
	token, by := newToken(), staffID(ctx)
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO lesson_calendar (staff_id, school_id, token_hash, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (staff_id, school_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at`, by, in.School, hashOf(token), s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, in.School, by, "lesson.calendar", "staff", by, nil)
	})
	return give(CalendarLink{s.origin + httpx.Prefix + "/calendar/" + token + ".ics"}, err)
}

func (s *Service) deleteCalendar(ctx context.Context, in *InSchool) (*nothing, error) {
	return done(s.db.Tx(ctx, func(tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM lesson_calendar WHERE staff_id = $1 AND school_id = $2`, staffID(ctx), in.School)
		return err
	}))
}

// CalendarState says whether one's calendar has an address. It is shown once,
// when it is made.
type CalendarState struct {
	Since int64 `json:"since,omitempty" doc:"UTC ms; absent when there is none."`
}

func (s *Service) getCalendar(ctx context.Context, in *InSchool) (*answer[CalendarState], error) {
	var out CalendarState
	err := s.db.Reader().QueryRowContext(ctx, `SELECT created_at FROM lesson_calendar WHERE staff_id = $1 AND school_id = $2`, staffID(ctx), in.School).Scan(&out.Since)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return give(out, err)
}

// feed answers the secret address with the person's lessons.
func (s *Service) feed(w http.ResponseWriter, r *http.Request) {
	body, err := s.calendarOf(r.Context(), strings.TrimSuffix(r.PathValue("file"), ".ics"))
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Write(body) // the reader may be gone: nothing to do about it
}

func (s *Service) calendarOf(ctx context.Context, token string) ([]byte, error) {
	missing := fault.New(fault.NotFound, "lesson.no_calendar")
	if len(token) > maxSecret {
		return nil, missing
	}
	var staff, school string
	err := s.db.Reader().QueryRowContext(ctx, `SELECT staff_id, school_id FROM lesson_calendar WHERE token_hash = $1`, hashOf(token)).Scan(&staff, &school)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	p, err := s.ids.PrincipalOf(ctx, staff)
	if err != nil {
		return nil, err
	}
	if !p.Within(school, comers...) {
		return nil, missing
	}
	zone, err := s.zone(ctx, school)
	if err != nil {
		return nil, err
	}
	now := s.now()
	all, err := s.ofStaff(ctx, school, staff, p.ReachIn(school, comers...), now-feedPast.Milliseconds(), now+feedAhead.Milliseconds())
	if err != nil {
		return nil, err
	}
	host, err := hostOf(s.origin)
	if err != nil {
		return nil, err
	}
	return calendar(all, zone, now, host), nil
}

// calendar writes lessons as RFC 5545 wants them, each at its hour in the
// school's zone.
func calendar(lessons []lessonRow, zone *time.Location, now int64, host string) []byte {
	var c icsWriter
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Preau//Lessons//FR")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	if len(lessons) > 0 {
		c.zone(zone, time.UnixMilli(lessons[0].StartsAt), time.UnixMilli(lessons[len(lessons)-1].StartsAt).Add(maxMinutes*time.Minute))
	}
	for _, l := range lessons {
		start := time.UnixMilli(l.StartsAt)
		c.line("BEGIN", "VEVENT")
		c.line("UID", l.ID+"@"+host)
		c.line("DTSTAMP", time.UnixMilli(now).UTC().Format("20060102T150405Z"))
		c.line("DTSTART;TZID="+zone.String(), start.In(zone).Format("20060102T150405"))
		c.line("DTEND;TZID="+zone.String(), start.Add(time.Duration(l.Minutes)*time.Minute).In(zone).Format("20060102T150405"))
		c.line("SUMMARY", icsText(l.Title))
		c.line("END", "VEVENT")
	}
	c.line("END", "VCALENDAR")
	return []byte(c.String())
}

// icsWriter writes content lines (RFC 5545, 3.1).
type icsWriter struct{ strings.Builder }

// line folds after 75 octets, never inside a character.
func (w *icsWriter) line(name, value string) {
	rest := name + ":" + value
	room := 75
	for len(rest) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(rest[cut]) {
			cut--
		}
		w.WriteString(rest[:cut] + "\r\n ")
		rest = rest[cut:]
		room = 74
	}
	w.WriteString(rest + "\r\n")
}

// icsText escapes a TEXT value (RFC 5545, 3.3.11).
func icsText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`, `\`, `\\`, ";", `\;`, ",", `\,`).Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// zone writes the offsets of a zone over a window (RFC 5545, 3.6.5): the one
// that holds at its beginning, and each change.
func (w *icsWriter) zone(zone *time.Location, from, to time.Time) {
	w.line("BEGIN", "VTIMEZONE")
	w.line("TZID", zone.String())
	before := from.In(zone).Add(-time.Second)
	w.observance(before.In(zone), before.In(zone))
	for at := from.In(zone); at.Before(to); {
		_, end := at.ZoneBounds()
		if end.IsZero() || end.After(to) {
			break
		}
		w.observance(end.Add(-time.Second).In(zone), end.In(zone))
		at = end
	}
	w.line("END", "VTIMEZONE")
}

func (w *icsWriter) observance(before, at time.Time) {
	kind := "STANDARD"
	if at.IsDST() {
		kind = "DAYLIGHT"
	}
	_, earlier := before.Zone()
	name, offset := at.Zone()
	w.line("BEGIN", kind)
	// A change is dated in the time that it ends.
	w.line("DTSTART", at.In(time.FixedZone("", earlier)).Format("20060102T150405"))
	w.line("TZOFFSETFROM", icsOffset(earlier))
	w.line("TZOFFSETTO", icsOffset(offset))
	w.line("TZNAME", icsText(name))
	w.line("END", kind)
}

func icsOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}
