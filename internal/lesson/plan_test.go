package lesson_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"preau/internal/identity"
	"preau/internal/lesson"
	"preau/internal/lesson/lessonclient"
	"preau/internal/store"
)

type list struct {
	Items []lesson.Lesson
}

func (h *house) listed(cookie *http.Cookie, query string) []lesson.Lesson {
	h.t.Helper()
	var out list
	h.ask("GET", h.lessons()+query, nil, &out, cookie)
	return out.Items
}

// A lesson is planned each week until a date, moved, cancelled and opened; its
// pupils see it, others do not.
func TestPlan(t *testing.T) {
	eachStore(t, 1, func(t *testing.T, h *house) {
		pupil := h.enter(0)
		paris, err := time.LoadLocation("Europe/Paris")
		h.must(err)
		start := time.Now().In(paris).Add(26 * time.Hour).Truncate(time.Minute)
		plan := func(more map[string]any) map[string]any {
			body := map[string]any{"groupId": h.group, "title": "  6e B,\tgéométrie ", "minutes": 55, "startsAt": start.UnixMilli()}
			for k, v := range more {
				body[k] = v
			}
			return body
		}
		for field, body := range map[string]map[string]any{
			"startsAt": plan(map[string]any{"startsAt": start.AddDate(0, 0, -9).UnixMilli()}),
			"until":    plan(map[string]any{"until": start.AddDate(2, 0, 0).Format(time.DateOnly)}),
			"title":    plan(map[string]any{"title": " "}),
			"minutes":  plan(map[string]any{"minutes": 4}),
		} {
			if code, _, text := h.try("POST", h.lessons(), body, nil, h.teacher); code != http.StatusUnprocessableEntity || !strings.Contains(text, `"`+field+`"`) {
				t.Errorf("%s: %d %s", field, code, text)
			}
		}
		var made lesson.Made
		h.ask("POST", h.lessons(), plan(map[string]any{"until": start.AddDate(0, 0, 22).Format(time.DateOnly)}), &made, h.teacher)
		if len(made.Lessons) != 4 {
			t.Fatalf("%d repetitions, want 4", len(made.Lessons))
		}
		if seen := h.listed(pupil, ""); len(seen) != 1 || seen[0].Title != "6e B, géométrie" || seen[0].Status != "planned" || seen[0].Role != lesson.Pupil {
			t.Errorf("the pupil sees %+v", seen)
		}
		_, stranger := h.staff("Autre Prof", identity.GrantInput{Role: identity.Teacher, Scope: identity.OverGroup, ScopeID: h.anotherGroup()})
		month := "?from=" + itoa(start.UnixMilli()) + "&to=" + itoa(start.AddDate(0, 0, 40).UnixMilli())
		if seen := h.listed(stranger, month); len(seen) != 0 {
			t.Errorf("a stranger sees %+v", seen)
		}
		for method, path := range map[string]string{"PATCH": "", "DELETE": "", "POST": "/open", "GET": "/attendance"} {
			if code, _, _ := h.try(method, h.lessons()+"/"+made.Lessons[0]+path, map[string]any{}, nil, stranger); code != http.StatusForbidden {
				t.Errorf("a stranger: %s %s answers %d", method, path, code)
			}
		}
		// From the second on, two days later and an hour earlier.
		second := h.lessons() + "/" + made.Lessons[1]
		moved := start.AddDate(0, 0, 9).Add(-time.Hour)
		h.ask("PATCH", second, map[string]any{"startsAt": moved.UnixMilli(), "title": "Contrôle", "following": true}, nil, h.teacher)
		seen := h.listed(h.coTeacher, month)
		if len(seen) != 4 || seen[0].StartsAt != start.UnixMilli() || seen[1].StartsAt != moved.UnixMilli() || seen[2].StartsAt != moved.AddDate(0, 0, 7).UnixMilli() || seen[3].Title != "Contrôle" {
			t.Errorf("after the move: %+v", seen)
		}
		h.ask("DELETE", h.lessons()+"/"+made.Lessons[2]+"?following=true", nil, nil, h.teacher)
		if seen := h.listed(h.teacher, month); len(seen) != 2 {
			t.Errorf("after the cancelling: %+v", seen)
		}
		h.refusedAt(h.liveOptions(made.Lessons[0], h.teacher), http.StatusConflict)
		h.refusedAt(h.liveOptions(made.Lessons[2], h.teacher), http.StatusGone)

		// A link made before the lesson opens is good when it does.
		var link lesson.LinkState
		h.ask("POST", h.lessons()+"/"+made.Lessons[0]+"/guests", nil, &link, h.teacher)
		h.ask("POST", h.lessons()+"/"+made.Lessons[0]+"/open", nil, nil, h.teacher)
		h.ask("POST", h.lessons()+"/"+made.Lessons[0]+"/open", nil, nil, h.coTeacher)
		teacher := h.live(made.Lessons[0], h.teacher)
		if !teacher.Knows(func(v *lessonclient.View) bool { return v.Lesson.Guests }) {
			t.Error("the guests' link is not open")
		}
		h.ask("POST", "/api/v1/guest/knock", map[string]any{"link": link.Link, "label": "Invité"}, nil)
		until(t, teacher, "the guest waits", func(v *lessonclient.View) bool { return len(v.Waiting) == 1 })
		if code, _, _ := h.try("PATCH", h.lessons()+"/"+made.Lessons[0], map[string]any{"title": "x"}, nil, h.teacher); code != http.StatusConflict {
			t.Errorf("an open lesson is changed: %d", code)
		}
	})
}

// Who came, when; the summary; the end.
func TestAttendance(t *testing.T) {
	eachStore(t, 2, func(t *testing.T, h *house) {
		id := h.openLesson()
		path := h.lessons() + "/" + id
		teacher := h.live(id, h.teacher)
		cookie := h.enter(0)
		pupil := h.live(id, cookie)
		until(t, pupil, "attended", attended)
		do(t, pupil, "say", map[string]any{"text": "Bonjour", "to": "all"})
		do(t, pupil, "hand", map[string]any{"up": true})
		if _, err := pupil.Do(t.Context(), "leave", nil); err == nil {
			t.Error("leave is answered by done") // bye is the answer
		}
		bye(t, pupil, "left")
		until(t, teacher, "left", isHere(me(pupil), false))
		h.live(id, cookie)
		h.ask("POST", path+"/end", nil, nil, h.coTeacher)
		bye(t, teacher, "ended")

		var a lesson.Attendance
		h.ask("GET", path+"/attendance", nil, &a, h.teacher)
		if len(a.People) != 2 || a.EndedAt == 0 {
			t.Fatalf("attendance: %+v", a)
		}
		for _, p := range a.People {
			for _, stay := range p.Stays {
				if stay.To == nil || *stay.To < stay.From || stay.From < a.OpenedAt || *stay.To > a.EndedAt {
					t.Errorf("%s stayed %+v", p.Person, stay)
				}
			}
			if p.Kind == "seat" && (len(p.Stays) != 2 || p.Seat != h.seats[0] || p.Present > a.EndedAt-a.OpenedAt) || p.Kind == "staff" && (p.Name != "Camille Martin" || len(p.Stays) != 1) {
				t.Errorf("attendance of %+v", p)
			}
		}
		var s lesson.Summary
		h.ask("GET", path+"/summary", nil, &s, h.teacher)
		if s.Pupils != 1 || s.Expected != 2 || s.Staff != 1 || s.Messages != 1 || s.Hands != 1 || s.MessagesUntil != s.EndedAt+24*3600*1000 {
			t.Errorf("summary: %+v", s)
		}
		if code, _, _ := h.try("GET", path+"/attendance", nil, nil, cookie); code != http.StatusUnauthorized {
			t.Errorf("a pupil reads the attendance: %d", code)
		}
	})
}

// A pupil reports; only staff hear of it; what an adult keeps is ciphertext,
// and only the head reads the list.
func TestReport(t *testing.T) {
	eachStore(t, 2, func(t *testing.T, h *house) {
		id := h.openLesson()
		heard := make(chan lessonclient.Frame, 10)
		o := h.liveOptions(id, h.teacher)
		o.OnFrame = func(f lessonclient.Frame) {
			if f.Ev == "reported" {
				heard <- f
			}
		}
		h.dial(o)
		victim, bully := h.live(id, h.enter(0)), h.live(id, h.enter(1))
		until(t, victim, "attended", attended)
		said := do(t, bully, "say", map[string]any{"text": "méchanceté", "to": "all"})["message"]
		until(t, victim, "the message", hasMessage("méchanceté"))
		report := do(t, victim, "report", map[string]any{"message": said, "text": "stop", "key": "k"})["report"]
		if again := do(t, victim, "report", map[string]any{"message": said, "text": "stop", "key": "k"})["report"]; again != report {
			t.Errorf("reported twice: %v and %v", report, again)
		}
		if f := <-heard; !strings.Contains(string(f.Raw), "stop") || f.By != me(victim) {
			t.Errorf("staff hear %s", f.Raw)
		}
		head, err := age.GenerateX25519Identity()
		h.must(err)
		var sealed bytes.Buffer
		w, err := age.Encrypt(&sealed, head.Recipient())
		h.must(err)
		_, err = w.Write([]byte("extrait"))
		h.must(err)
		h.must(w.Close())
		path := h.lessons() + "/" + id + "/reports"
		if code, _, _ := h.try("POST", path, map[string]any{"sealed": base64.RawURLEncoding.EncodeToString([]byte("en clair"))}, nil, h.teacher); code != http.StatusUnprocessableEntity {
			t.Errorf("an excerpt in clear is kept: %d", code)
		}
		h.ask("POST", path, map[string]any{"sealed": base64.RawURLEncoding.EncodeToString(sealed.Bytes())}, nil, h.teacher)
		reports := "/api/v1/schools/" + h.school + "/lesson-reports"
		if code, _, _ := h.try("GET", reports, nil, nil, h.teacher); code != http.StatusForbidden {
			t.Errorf("a teacher reads the list: %d", code)
		}
		_, boss := h.staff("Dominique Leroy", identity.GrantInput{Role: identity.Head, Scope: identity.OverSchool, ScopeID: h.school})
		var kept struct{ Items []lesson.Report }
		h.ask("GET", reports, nil, &kept, boss)
		if len(kept.Items) != 1 || kept.Items[0].LessonID != id || kept.Items[0].CreatedBy != h.teacherID {
			t.Errorf("kept: %+v", kept)
		}
	})
}

// The secret address gives one's lessons, until another is made.
func TestCalendarAddress(t *testing.T) {
	h := newHouse(t, "sqlite", 1)
	h.openLesson()
	path := "/api/v1/schools/" + h.school + "/lesson-calendar"
	address := func() string {
		t.Helper()
		var link lesson.CalendarLink
		h.ask("POST", path, nil, &link, h.teacher)
		_, at, _ := strings.Cut(link.URL, "/api/")
		return "/api/" + at
	}
	first := address()
	if _, _, text := h.try("GET", first, nil, nil); !strings.Contains(text, "SUMMARY:6e B\\, mathématiques\r\n") {
		t.Errorf("the feed is %s", text)
	}
	second := address()
	if code, _, _ := h.try("GET", first, nil, nil); code != http.StatusNotFound {
		t.Errorf("the former address answers %d", code)
	}
	h.ask("DELETE", path, nil, nil, h.teacher)
	if code, _, _ := h.try("GET", second, nil, nil); code != http.StatusNotFound {
		t.Errorf("a removed address answers %d", code)
	}
}

// A school that wants no guests makes no link for them.
func TestSettings(t *testing.T) {
	h := newHouse(t, "sqlite", 1)
	_, head := h.staff("Dominique Leroy", identity.GrantInput{Role: identity.Head, Scope: identity.OverSchool, ScopeID: h.school})
	path := "/api/v1/schools/" + h.school + "/lesson-settings"
	if code, _, _ := h.try("PUT", path, map[string]any{"preset": "silence", "guests": false}, nil, h.teacher); code != http.StatusForbidden {
		t.Errorf("a teacher decides for the school: %d", code)
	}
	h.ask("PUT", path, map[string]any{"preset": "silence", "guests": false}, nil, head)
	id := h.openLesson()
	teacher := h.live(id, h.teacher)
	if !teacher.Knows(func(v *lessonclient.View) bool { return v.Lesson.Preset == "silence" && v.Lesson.Chat == "staff" }) {
		t.Error("the lesson did not open as the school decided")
	}
	refused(t, teacher, "lesson.guests_off", "guests", map[string]any{"open": true})
	if code, _, _ := h.try("POST", h.lessons()+"/"+id+"/guests", nil, nil, h.teacher); code != http.StatusForbidden {
		t.Errorf("a link is made: %d", code)
	}
}

// A day after the end what was written is gone, and who came is not.
func TestWordsAreForgotten(t *testing.T) {
	eachStore(t, 1, func(t *testing.T, h *house) {
		count := func(id, kind string) (n int) {
			h.must(h.house.DB.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM lesson_event WHERE lesson_id = $1 AND kind = $2", id, kind).Scan(&n))
			return n
		}
		ids := []string{h.openLesson(), h.openLesson()}
		for _, id := range ids {
			do(t, h.live(id, h.teacher), "say", map[string]any{"text": "Bonjour", "to": "all"})
			h.ask("POST", h.lessons()+"/"+id+"/end", nil, nil, h.teacher)
		}
		h.must(h.house.DB.Tx(t.Context(), func(tx store.Queryer) error {
			_, err := tx.ExecContext(t.Context(), "UPDATE lesson SET ended_at = ended_at - 86400000 WHERE id = $1", ids[0])
			return err
		}))
		h.restart()
		eventually(t, "the message is erased", func() bool { return count(ids[0], "message") == 0 })
		if count(ids[0], "joined") != 1 || count(ids[1], "message") != 1 {
			t.Error("too much was erased")
		}
	})
}
