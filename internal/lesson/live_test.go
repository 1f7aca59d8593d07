package lesson_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"preau/internal/identity"
	"preau/internal/lesson/lessonclient"
)

// The shortest way through: a lesson is opened, two come in, one speaks.
func TestAMessageReachesTheOthers(t *testing.T) {
	eachStore(t, 1, func(t *testing.T, h *house) {
		id := h.openLesson()
		teacher := h.live(id, h.teacher)
		pupil := h.live(id, h.enter(0))
		until(t, pupil, "attended", attended)
		if said := do(t, pupil, "say", map[string]any{"text": "Bonjour", "to": "all"}); said["message"] == "" {
			t.Errorf("no message in %v", said)
		}
		until(t, teacher, "the message", hasMessage("Bonjour"))
		until(t, pupil, "the message", hasMessage("Bonjour"))
	})
}

// A message sent again under its key is written once, by whatever connection.
func TestSameKeySameMessage(t *testing.T) {
	eachStore(t, 2, func(t *testing.T, h *house) {
		id := h.openLesson()
		teacher := h.live(id, h.teacher)
		cookie, other := h.enter(0), h.enter(1)
		say := func(c *lessonclient.Client, key string) any {
			t.Helper()
			until(t, c, "attended", attended)
			return do(t, c, "say", map[string]any{"text": "Bonjour", "to": "all", "key": key})["message"]
		}
		first := say(h.live(id, cookie), "k1")
		if again := say(h.live(id, cookie), "k1"); again != first {
			t.Errorf("by another connection: %v, was %v", again, first)
		}
		if theirs := say(h.live(id, other), "k1"); theirs == first {
			t.Error("a key of somebody else is the same message")
		}
		teacher.Close()
		h.restart()
		h.live(id, h.teacher)
		pupil := h.live(id, cookie)
		if again := say(pupil, "k1"); again != first {
			t.Errorf("after a restart: %v, was %v", again, first)
		}
		if another := say(pupil, "k2"); another == first {
			t.Error("another key is the same message")
		}
	})
}

// A guest waits, is let in, and is out with whoever came by the link once it is
// closed or renewed.
func TestLobby(t *testing.T) {
	eachStore(t, 1, func(t *testing.T, h *house) {
		id := h.openLesson()
		teacher := h.live(id, h.teacher)
		pupil := h.live(id, h.enter(0))
		link := do(t, teacher, "guests", map[string]any{"open": true})["link"]
		var told struct{ Title, Status string }
		h.ask("POST", "/api/v1/guest/link", map[string]any{"link": link}, &told)
		if told.Status != "open" || told.Title == "" {
			t.Errorf("the link tells %+v", told)
		}
		knock := func(link any) *http.Cookie {
			t.Helper()
			_, set := h.ask("POST", "/api/v1/guest/knock", map[string]any{"link": link, "label": "Mme Dupont, orthophoniste"}, nil)
			return h.cookie(set, "guest")
		}
		guestLive := func(c *http.Cookie) lessonclient.Options { return h.options("/api/v1/guest/live", c) }
		status := func(c *http.Cookie) string {
			t.Helper()
			var s struct{ Status string }
			h.ask("GET", "/api/v1/guest", nil, &s, c)
			return s.Status
		}
		first := knock(link)
		waiting := func(n int) func(v *lessonclient.View) bool {
			return func(v *lessonclient.View) bool { return len(v.Waiting) == n }
		}
		until(t, teacher, "the guest waits", waiting(1))
		if !teacher.Knows(func(v *lessonclient.View) bool { return v.Waiting[0].Label == "Mme Dupont, orthophoniste" }) {
			t.Error("the label is not shown")
		}
		h.refusedAt(guestLive(first), http.StatusForbidden)
		second := knock(link)
		until(t, teacher, "two wait", waiting(2))
		if status(first) != "waiting" || status(second) != "waiting" {
			t.Error("a guest does not wait")
		}
		do(t, teacher, "admit", map[string]any{"who": nil, "yes": true})
		guest := h.dial(guestLive(first))
		until(t, pupil, "the guest is shown", func(v *lessonclient.View) bool {
			p := v.Person(me(guest))
			return p != nil && p.Here && p.Kind == "guest" && p.Label == "Mme Dupont, orthophoniste"
		})
		if status(first) != "in" {
			t.Error("the guest is not in")
		}
		// A third is refused by name.
		third := knock(link)
		until(t, teacher, "one waits", waiting(1))
		teacher.Knows(func(v *lessonclient.View) bool { link = v.Waiting[0].ID; return true })
		do(t, teacher, "admit", map[string]any{"who": link, "yes": false})
		if status(third) != "out" {
			t.Error("a refused guest is not out")
		}
		h.refusedAt(guestLive(third), http.StatusForbidden)

		renewed := do(t, teacher, "guests", map[string]any{"renew": true})["link"]
		bye(t, guest, "guests_closed")
		for _, c := range []*http.Cookie{first, second} {
			if status(c) != "out" {
				t.Error("the renewed link left a guest in")
			}
			h.refusedAt(guestLive(c), http.StatusForbidden)
		}
		var shown struct{ Link string }
		h.ask("GET", h.lessons()+"/"+id+"/guests", nil, &shown, h.teacher)
		if shown.Link != renewed {
			t.Errorf("staff are shown %q, want %q", shown.Link, renewed)
		}
		do(t, teacher, "guests", map[string]any{"open": false})
		if code, _, _ := h.try("POST", "/api/v1/guest/knock", map[string]any{"link": renewed, "label": "x"}, nil); code != http.StatusNotFound {
			t.Errorf("a closed link answers %d", code)
		}
	})
}

// Whoever is banned comes back by no way; whoever is put out does.
func TestBanHolds(t *testing.T) {
	eachStore(t, 3, func(t *testing.T, h *house) {
		id := h.openLesson()
		teacher := h.live(id, h.teacher)
		cookie := h.enter(0)
		pupil := h.live(id, cookie)
		who := me(pupil)

		do(t, teacher, "put_out", map[string]any{"who": who})
		bye(t, pupil, "put_out")
		until(t, teacher, "put out", isHere(who, false))
		pupil = h.live(id, cookie)
		if me(pupil) != who {
			t.Errorf("comes back as %s, was %s", me(pupil), who)
		}

		do(t, teacher, "ban", map[string]any{"who": who})
		bye(t, pupil, "banned")
		h.refusedAt(h.liveOptions(id, cookie), http.StatusForbidden) // the same browser
		h.ask("DELETE", "/api/v1/door", nil, nil, cookie)
		cookie = h.enter(0)
		h.refusedAt(h.liveOptions(id, cookie), http.StatusForbidden) // another, with the slip
		if err := h.house.Lesson.AdmitMedia(t.Context(), id, who); err == nil {
			t.Error("the old media token still lets in")
		}
		h.restart()
		teacher = h.live(id, h.teacher)
		h.refusedAt(h.liveOptions(id, cookie), http.StatusForbidden)
		do(t, teacher, "ban", map[string]any{"who": who, "lift": true})
		again := h.live(id, cookie)
		if me(again) != who || h.house.Lesson.AdmitMedia(t.Context(), id, who) != nil {
			t.Error("a lifted ban still holds")
		}

		// Locked: nobody new, those who were in come back.
		do(t, teacher, "lock", map[string]any{"to": true})
		again.Close()
		h.refusedAt(h.liveOptions(id, h.enter(1)), http.StatusLocked)
		h.live(id, cookie)
		do(t, teacher, "lock", map[string]any{"to": false})
		h.live(id, h.enter(2))

		refused(t, teacher, "lesson.not_to_staff", "ban", map[string]any{"who": me(teacher)})
	})
}

// When the teacher drops nobody does anything; when they are back all is as it was.
func TestTeacherDrops(t *testing.T) {
	eachStore(t, 2, func(t *testing.T, h *house) {
		id := h.openLesson()
		pupil := h.live(id, h.enter(0))
		alone := func(v *lessonclient.View) bool {
			return !v.Lesson.Attended && len(v.People) == 1 && len(v.Messages) == 0
		}
		until(t, pupil, "alone before anybody", alone)
		refused(t, pupil, "lesson.unattended", "say", map[string]any{"text": "Il y a quelqu’un ?", "to": "all"})
		refused(t, pupil, "lesson.unattended", "say", map[string]any{"text": "Il y a quelqu’un ?", "to": "staff"})
		teacher := h.live(id, h.teacher)
		other := h.live(id, h.enter(1))
		until(t, pupil, "both shown", func(v *lessonclient.View) bool { return attended(v) && len(v.People) == 3 })
		do(t, teacher, "rights_of", map[string]any{"who": me(pupil), "rights": map[string]any{"screen": true}})
		do(t, other, "say", map[string]any{"text": "Bonjour", "to": "all"})
		until(t, pupil, "may show a screen", func(v *lessonclient.View) bool { return v.Person(v.Me).Rights["screen"] })

		teacher.Close()
		until(t, pupil, "unattended", alone)
		until(t, pupil, "no right", func(v *lessonclient.View) bool {
			p := v.Person(v.Me)
			return !p.Rights["screen"] && !p.Rights["microphone"]
		})
		refused(t, pupil, "lesson.unattended", "say", map[string]any{"text": "Alors ?", "to": "all"})
		refused(t, pupil, "lesson.no_right", "react", map[string]any{"kind": "clap"})

		h.live(id, h.coTeacher)
		until(t, pupil, "as it was", func(v *lessonclient.View) bool {
			return attended(v) && v.Person(v.Me).Rights["screen"] && len(v.People) == 4 && hasMessage("Bonjour")(v)
		})
	})
}

// One connection a person; a seat that is no longer at the door is no longer in.
func TestSecondDevice(t *testing.T) {
	eachStore(t, 1, func(t *testing.T, h *house) {
		id := h.openLesson()
		teacher := h.live(id, h.teacher)
		cookie := h.enter(0)
		first := h.live(id, cookie)
		who := me(first)
		second := h.live(id, cookie)
		bye(t, first, "replaced")
		if me(second) != who {
			t.Errorf("the second connection is %s, the first was %s", me(second), who)
		}
		until(t, teacher, "still in", isHere(who, true))

		// Another device with the same slip waits at the door, then takes over.
		waiting := h.enter(0)
		h.refusedAt(h.liveOptions(id, waiting), http.StatusUnauthorized)
		var presence struct{ Entries []struct{ ID string } }
		path := "/api/v1/schools/" + h.school + "/groups/" + h.group
		h.ask("GET", path+"/presence", nil, &presence, h.teacher)
		if len(presence.Entries) != 1 {
			t.Fatalf("entries: %v", presence.Entries)
		}
		h.ask("POST", path+"/entries/"+presence.Entries[0].ID, map[string]any{"admit": true}, nil, h.teacher)
		bye(t, second, "session")
		third := h.live(id, waiting)
		if me(third) != who {
			t.Errorf("the other device is %s, want %s", me(third), who)
		}
		h.ask("DELETE", "/api/v1/door", nil, nil, waiting)
		bye(t, third, "session")
		until(t, teacher, "has left", isHere(who, false))
	})
}

// Roles come from grants: who has nothing to do there stays out, an assistant
// acts for the seats given.
func TestWhoComesIn(t *testing.T) {
	eachStore(t, 2, func(t *testing.T, h *house) {
		id := h.openLesson()
		_, assistant := h.staff("Alix Assistant", identity.GrantInput{Role: identity.Assistant, Scope: identity.OverSeats, SeatIDs: []string{h.seats[0]}})
		_, office := h.staff("Oli Office", identity.GrantInput{Role: identity.Office, Scope: identity.OverSchool, ScopeID: h.school})
		h.refusedAt(h.liveOptions(id, office), http.StatusForbidden)
		h.refusedAt(h.options(h.lessons()+"/nowhere/live", h.teacher), http.StatusNotFound)
		helps := h.live(id, assistant)
		given := h.live(id, h.enter(0))
		if given.Knows(attended) {
			t.Error("an assistant alone has the lesson in charge")
		}
		teacher := h.live(id, h.teacher)
		until(t, given, "attended", attended)
		other := h.live(id, h.enter(1))
		do(t, given, "hand", map[string]any{"up": true})
		if at := do(t, other, "hand", map[string]any{"up": true})["position"]; at != 2.0 {
			t.Errorf("second hand at %v", at)
		}
		refused(t, helps, "lesson.not_allowed", "lower", map[string]any{"who": me(other)})
		do(t, helps, "lower", map[string]any{"who": me(given)})
		until(t, teacher, "one hand", func(v *lessonclient.View) bool { return len(v.Hands) == 1 && v.Hands[0] == me(other) })
		do(t, teacher, "end", nil)
		bye(t, teacher, "ended")
		bye(t, given, "ended")
		h.refusedAt(h.liveOptions(id, h.teacher), http.StatusGone)
	})
}

// A client that lies, whatever it says, is told so and changes nothing.
func TestLyingClient(t *testing.T) {
	h := newHouse(t, "sqlite", 2)
	id := h.openLesson()
	teacher := h.live(id, h.teacher)
	pupil := h.live(id, h.enter(0))
	until(t, pupil, "attended", attended)
	events := func() (n int) {
		h.must(h.house.DB.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM lesson_event WHERE lesson_id = $1", id).Scan(&n))
		return n
	}
	before := events()
	refused(t, pupil, "lesson.not_allowed", "preset", map[string]any{"preset": "debat"})
	refused(t, pupil, "lesson.unknown_command", "sudo", nil)
	refused(t, pupil, "lesson.hello_first", "hello", map[string]any{"protocol": 1})
	refused(t, pupil, "lesson.bad_member", "say", map[string]any{"text": 7, "to": "all"})
	refused(t, pupil, "lesson.bad_choice", "say", map[string]any{"text": "x", "to": "p1"})
	refused(t, pupil, "lesson.text_long", "say", map[string]any{"text": strings.Repeat("é", 2001), "to": "all"})
	refused(t, pupil, "lesson.no_person", "report", map[string]any{"who": "p999"})
	refused(t, teacher, "lesson.bad_choice", "rights", map[string]any{"rights": map[string]any{"sudo": true}})

	seen := make(chan lessonclient.Frame, 100)
	o := h.liveOptions(id, h.enter(1))
	o.OnFrame = func(f lessonclient.Frame) {
		if f.Type == "refused" {
			seen <- f
		}
	}
	liar := h.dial(o)
	joined := events()
	if joined != before+1 {
		t.Fatalf("%d events, want %d: a refusal wrote something", joined, before+1)
	}
	for _, c := range []struct {
		frame, key string
		re         int64
	}{
		{`{"id":1,"do":"hand","up":true}`, "lesson.id_order", 1},
		{`{"id":-4,"do":"hand"}`, "lesson.bad_frame", 0},
		{`{"id":"7","do":"hand"}`, "lesson.bad_frame", 0},
		{`[]`, "lesson.bad_frame", 0},
		{`{"id":9,"do":"say","text":"\u0000","to":"all"}`, "lesson.bad_text", 9},
		{"\xff\xfe", "lesson.bad_frame", 0},
	} {
		if c.frame == "\xff\xfe" {
			break // the WebSocket itself refuses it
		}
		h.must(liar.Send(t.Context(), []byte(c.frame)))
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		select {
		case f := <-seen:
			if f.Problem.Key != c.key || f.Re != c.re {
				t.Errorf("%s: refused %d %s, want %d %s", c.frame, f.Re, f.Problem.Key, c.re, c.key)
			}
		case <-ctx.Done():
			t.Fatalf("%s: no answer", c.frame)
		}
		cancel()
	}
	liar.Send(t.Context(), []byte(fmt.Sprintf(`{"id":99,"do":"say","text":%q}`, strings.Repeat("x", 10<<20)))) // cut off in the middle
	bye(t, liar, "too_large")
	if n := events(); n != joined {
		t.Errorf("%d events, want %d: a lie wrote something", n, joined)
	}
	do(t, pupil, "say", map[string]any{"text": "toujours là", "to": "all"})
}
