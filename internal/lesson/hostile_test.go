package lesson_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"preau/internal/lesson/lessonclient"
)

// silent opens a socket that has not said hello.
func (h *house) silent(o lessonclient.Options) (*websocket.Conn, int) {
	h.t.Helper()
	c, answer, err := websocket.Dial(h.t.Context(), o.URL, &websocket.DialOptions{HTTPHeader: o.Header, Subprotocols: []string{"preau.lesson.v1"}})
	if err != nil && answer == nil {
		h.t.Fatal(err)
	}
	return c, answer.StatusCode
}

// first reads the frames of a socket until the server closes it.
func (h *house) untilClosed(c *websocket.Conn) string {
	h.t.Helper()
	var all []string
	for {
		_, frame, err := c.Read(h.t.Context())
		if err != nil {
			return strings.Join(all, "\n")
		}
		all = append(all, string(frame))
	}
}

// A socket that was opened before the guests' link was closed lets nobody in.
func TestSpareSocketOfAGuest(t *testing.T) {
	h := newHouse(t, "sqlite", 1)
	id := h.openLesson()
	teacher := h.live(id, h.teacher)
	link := do(t, teacher, "guests", map[string]any{"open": true})["link"]
	_, set := h.ask("POST", "/api/v1/guest/knock", map[string]any{"link": link, "label": "Mme Dupont"}, nil)
	cookie := h.cookie(set, "guest")
	until(t, teacher, "the guest waits", func(v *lessonclient.View) bool { return len(v.Waiting) == 1 })
	do(t, teacher, "admit", map[string]any{"who": nil, "yes": true})
	guest := h.dial(h.options("/api/v1/guest/live", cookie))
	spare, _ := h.silent(h.options("/api/v1/guest/live", cookie))
	do(t, teacher, "guests", map[string]any{"open": false})
	bye(t, guest, "guests_closed")
	h.must(spare.Write(t.Context(), websocket.MessageText, []byte(`{"id":1,"do":"hello","protocol":1}`)))
	if said := h.untilClosed(spare); !strings.Contains(said, "lesson.not_admitted") || strings.Contains(said, "welcome") {
		t.Errorf("the spare socket: %s", said)
	}
}

// A hello that is refused ends its socket, and one person holds a few at most.
func TestSocketsOfOnePerson(t *testing.T) {
	h := newHouse(t, "sqlite", 1)
	id := h.openLesson()
	h.live(id, h.teacher)
	o := h.liveOptions(id, h.enter(0))
	for _, hello := range []string{`{"id":1,"do":"hello","protocol":1,"recipient":"` + strings.Repeat("x", 129) + `"}`, `{"id":1,"do":"hello","protocol":"one"}`} {
		c, _ := h.silent(o)
		h.must(c.Write(t.Context(), websocket.MessageText, []byte(hello)))
		if said := h.untilClosed(c); !strings.Contains(said, `"reason":"refused"`) {
			t.Errorf("%s: %s", hello[:40], said)
		}
	}
	open := 0
	for range 72 {
		c, code := h.silent(o)
		if code != http.StatusSwitchingProtocols {
			if code != http.StatusTooManyRequests {
				t.Errorf("refused with %d", code)
			}
			continue
		}
		open++
		defer c.CloseNow()
	}
	if open > 24 {
		t.Errorf("%d sockets of one person", open)
	}
}

// Frames that say nothing end their connection.
func TestBadFramesHaveAnEnd(t *testing.T) {
	h := newHouse(t, "sqlite", 1)
	id := h.openLesson()
	h.live(id, h.teacher)
	c, _ := h.silent(h.liveOptions(id, h.enter(0)))
	for range 40 + 2 {
		if c.Write(t.Context(), websocket.MessageText, []byte("["+strings.Repeat("[", 9000))) != nil {
			break
		}
	}
	if said := h.untilClosed(c); !strings.Contains(said, `"reason":"protocol"`) {
		t.Errorf("%.300s", said)
	}
}

// The words of a deleted message are given to nobody, whatever they say they
// have seen.
func TestDeletedIsGone(t *testing.T) {
	eachStore(t, 2, func(t *testing.T, h *house) {
		id := h.openLesson()
		teacher := h.live(id, h.teacher)
		pupil := h.live(id, h.enter(0))
		until(t, pupil, "attended", attended)
		message := do(t, pupil, "say", map[string]any{"text": "un secret bien gardé", "to": "all"})["message"]
		until(t, teacher, "the message", hasMessage("un secret bien gardé"))
		do(t, teacher, "delete", map[string]any{"message": message})
		other := h.enter(1)
		for _, restarted := range []bool{false, true} {
			if restarted {
				h.restart()
				h.live(id, h.teacher)
			}
			c, _ := h.silent(h.liveOptions(id, other))
			h.must(c.Write(t.Context(), websocket.MessageText, []byte(`{"id":1,"do":"hello","protocol":1,"epoch":1,"last":3}`)))
			_, frame, err := c.Read(t.Context())
			h.must(err)
			if !strings.Contains(string(frame), "welcome") || strings.Contains(string(frame), "secret") {
				t.Errorf("%s", frame)
			}
			c.CloseNow()
		}
	})
}

// A guest who was banned does not wait again; a lobby is not filled by one who
// goes in and out.
func TestKnocking(t *testing.T) {
	h := newHouse(t, "sqlite", 1)
	id := h.openLesson()
	teacher := h.live(id, h.teacher)
	link := do(t, teacher, "guests", map[string]any{"open": true})["link"]
	_, set := h.ask("POST", "/api/v1/guest/knock", map[string]any{"link": link, "label": "Mme\n Dupont"}, nil)
	cookie := h.cookie(set, "guest")
	until(t, teacher, "the guest waits", func(v *lessonclient.View) bool { return len(v.Waiting) == 1 && v.Waiting[0].Label == "Mme Dupont" })
	do(t, teacher, "admit", map[string]any{"who": nil, "yes": true})
	guest := h.dial(h.options("/api/v1/guest/live", cookie))
	do(t, teacher, "ban", map[string]any{"who": me(guest)})
	bye(t, guest, "banned")
	if code, _, body := h.try("POST", "/api/v1/guest/knock", map[string]any{"link": link, "label": "Mme Durand"}, nil, cookie); code != http.StatusForbidden {
		t.Errorf("a banned guest knocks: %d %s", code, body)
	}
	var codes []int
	for range 90 + 10 {
		code, set, _ := h.try("POST", "/api/v1/guest/knock", map[string]any{"link": link, "label": "x"}, nil)
		codes = append(codes, code)
		if code == http.StatusOK {
			h.try("DELETE", "/api/v1/guest", nil, nil, h.cookie(set, "guest"))
		}
	}
	if !slices.Contains(codes, http.StatusTooManyRequests) {
		t.Error("knocking has no pace")
	}
}
