package lesson_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"preau/internal/lesson/lessonclient"
)

// speaker comes back whenever the server has gone, and sends again under the
// same key what was not answered.
type speaker struct {
	h      *house
	lesson string
	guest  bool
	cookie *http.Cookie
	view   *lessonclient.View
	client atomic.Pointer[lessonclient.Client]
	acked  map[string]string // text to id
}

func (s *speaker) connect(ctx context.Context) error {
	for {
		o := s.h.liveOptions(s.lesson, s.cookie)
		if s.guest {
			o = s.h.options("/api/v1/guest/live", s.cookie)
		}
		o.View, o.Epoch, o.Last = s.view, s.view.Epoch, s.view.N
		c, err := lessonclient.Dial(ctx, o)
		if err == nil {
			s.client.Store(c)
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

func (s *speaker) say(ctx context.Context, text string) error {
	for {
		f, err := s.client.Load().Do(ctx, "say", map[string]any{"text": text, "to": "all", "key": text})
		var p *lessonclient.Problem
		switch {
		case err == nil:
			var said struct{ Message string }
			if err := json.Unmarshal(f.Raw, &said); err != nil {
				return err
			}
			s.acked[text] = said.Message
			return nil
		case errors.As(err, &p) && (p.Kind == "limited" || p.Key == "lesson.unattended"):
			select {
			case <-time.After(200 * time.Millisecond):
			case <-ctx.Done():
				return ctx.Err()
			}
		case errors.Is(err, lessonclient.ErrClosed):
			if err := s.connect(ctx); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// sayAndVanish sends a message and breaks off before the answer: whether it
// was written, the speaker does not know.
func (s *speaker) sayAndVanish(ctx context.Context, text string) {
	frame, err := json.Marshal(map[string]any{"id": 1_000_000, "do": "say", "text": text, "to": "all", "key": text})
	if err == nil {
		s.client.Load().Send(ctx, frame)
	}
	s.client.Load().Close()
}

// TestRestartLosesNothing restarts the server three times while five people
// write: each message stands in the log once, and everybody knows all of them
// in the same order.
func TestRestartLosesNothing(t *testing.T) {
	const each, restarts = 12, 3
	eachStore(t, 3, func(t *testing.T, h *house) {
		id := h.openLesson()
		teacher := h.live(id, h.teacher)
		link := do(t, teacher, "guests", map[string]any{"open": true})["link"]
		_, set := h.ask("POST", "/api/v1/guest/knock", map[string]any{"link": link, "label": "Invité"}, nil)
		do(t, teacher, "admit", map[string]any{"who": nil, "yes": true})
		teacher.Close()

		ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
		defer cancel()
		speakers := []*speaker{{cookie: h.teacher}, {cookie: h.enter(0)}, {cookie: h.enter(1)}, {cookie: h.enter(2)}, {cookie: h.cookie(set, "guest")}}
		for i, s := range speakers {
			s.h, s.lesson, s.view, s.acked = h, id, lessonclient.NewView(), map[string]string{}
			s.guest = i == 4
		}
		said := atomic.Int64{}
		var wg sync.WaitGroup
		for i, s := range speakers {
			h.must(s.connect(ctx))
			wg.Go(func() {
				for n := range each {
					if n%4 == 1 {
						s.sayAndVanish(ctx, fmt.Sprintf("%d-%d", i, n))
					}
					if err := s.say(ctx, fmt.Sprintf("%d-%d", i, n)); err != nil {
						t.Errorf("speaker %d, message %d: %v", i, n, err)
						return
					}
					said.Add(1)
				}
			})
		}
		for r := range restarts {
			for said.Load() < int64((r+1)*len(speakers)*each/(restarts+2)) && ctx.Err() == nil {
				time.Sleep(10 * time.Millisecond)
			}
			h.restart()
		}
		wg.Wait()

		var texts []string
		rows, err := h.house.DB.Reader().QueryContext(ctx, "SELECT n, data FROM lesson_event WHERE lesson_id = $1 AND kind = 'message' ORDER BY n", id)
		h.must(err)
		defer rows.Close()
		for rows.Next() {
			var n int64
			var raw string
			var e struct{ Text string }
			h.must(rows.Scan(&n, &raw))
			h.must(json.Unmarshal([]byte(raw), &e))
			texts = append(texts, e.Text)
			var by int
			fmt.Sscanf(e.Text, "%d-", &by)
			if got := speakers[by].acked[e.Text]; got != fmt.Sprintf("m%d", n) {
				t.Errorf("%q was acknowledged as %s and is m%d", e.Text, got, n)
			}
		}
		h.must(rows.Err())
		if sorted := slices.Sorted(slices.Values(texts)); len(slices.Compact(sorted)) != len(texts) || len(texts) != each*len(speakers) {
			t.Errorf("%d messages in the log, want %d, each once", len(texts), each*len(speakers))
		}
		for i, s := range speakers {
			var known []string
			all := func(v *lessonclient.View) bool {
				known = nil
				for _, m := range v.Messages {
					known = append(known, m.Text)
				}
				return len(known) >= len(texts)
			}
			err := s.client.Load().Until(ctx, all)
			if errors.Is(err, lessonclient.ErrClosed) { // it had said everything before the last restart
				h.must(s.connect(ctx))
				err = s.client.Load().Until(ctx, all)
			}
			if err != nil {
				t.Errorf("speaker %d knows %d messages: %v", i, len(known), err)
			}
			if !slices.Equal(known, texts) {
				t.Errorf("speaker %d knows %v, the log says %v", i, known, texts)
			}
			s.client.Load().Close()
		}
	})
}

// A client that floods is refused, and the others are answered all the while.
func TestFloodSlowsNobodyElse(t *testing.T) {
	h := newHouse(t, "sqlite", 2)
	id := h.openLesson()
	h.live(id, h.teacher)
	pupil := h.live(id, h.enter(0))
	until(t, pupil, "attended", attended)
	var limited atomic.Int64
	o := h.liveOptions(id, h.enter(1))
	o.OnFrame = func(f lessonclient.Frame) {
		if f.Type == "refused" && f.Problem.Key == "lesson.limited" {
			limited.Add(1)
		}
	}
	flooder := h.dial(o)
	stop := make(chan struct{})
	flooded := make(chan int)
	go func() {
		n := 0
		for id := 10; ; id++ {
			select {
			case <-stop:
				flooded <- n
				return
			default:
			}
			if flooder.Send(context.Background(), []byte(fmt.Sprintf(`{"id":%d,"do":"state","state":"lost"}`, id))) != nil {
				<-stop
				flooded <- n
				return
			}
			n++
		}
	}()
	for i := range 30 {
		do(t, pupil, "react", map[string]any{"kind": []string{"like", "clap"}[i%2]})
	}
	for i := range 4 {
		do(t, pupil, "say", map[string]any{"text": text(i), "to": "all"})
	}
	for limited.Load() == 0 {
		select {
		case <-flooder.Done():
			t.Fatal("the flooder was never told")
		case <-time.After(10 * time.Millisecond):
		}
	}
	close(stop)
	flooder.Close()
	t.Logf("%d frames of the flooder were taken by the network, %d refused", <-flooded, limited.Load())
}

// A client that does not read is cut off; nobody waits for it.
func TestSlowReaderIsCutOff(t *testing.T) {
	h := newHouse(t, "sqlite", 1)
	id := h.openLesson()
	cookie := h.enter(0)
	o := h.liveOptions(id, cookie)
	slow, _, err := websocket.Dial(t.Context(), o.URL, &websocket.DialOptions{HTTPHeader: o.Header, Subprotocols: []string{"preau.lesson.v1"}})
	h.must(err)
	defer slow.CloseNow()
	h.must(slow.Write(t.Context(), websocket.MessageText, []byte(`{"id":1,"do":"hello","protocol":1}`)))
	teacher := h.live(id, h.teacher)
	var who string
	until(t, teacher, "the pupil is in", func(v *lessonclient.View) bool {
		for _, p := range v.People {
			if p.Kind == "seat" && p.Here {
				who = p.ID
			}
		}
		return who != ""
	})
	until(t, teacher, "the pupil is gone", isHere(who, false))
	again := h.live(id, cookie)
	until(t, again, "back", attended)
}
