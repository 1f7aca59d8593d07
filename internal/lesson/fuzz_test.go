package lesson

import (
	"encoding/json"
	"log/slog"
	"testing"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/i18n"
)

// FuzzFrame gives any frame to a lesson as a pupil, an assistant and a teacher:
// it is refused with a fault, or what it does can be written, read back and
// folded.
func FuzzFrame(f *testing.F) {
	for do := range commands() {
		f.Add([]byte(`{"id":1,"do":"` + do + `","who":"p7","to":"all","text":"x","message":"m11","rights":{"chat":null},"preset":"cours","index":2,"kind":"clap","sig":"key","box":"x","value":"y","yes":true,"open":true}`))
	}
	for _, raw := range []string{`{"id":1}`, `[]`, `{"id":1e99,"do":"say"}`, `{"id":1,"do":"say","text":["x"]}`, `{"id":1,"do":"rights_of","who":"p6","rights":{"":true}}`, "\xff", `{"id":1,"do":"hello","protocol":1,"last":-5,"epoch":9}`} {
		f.Add([]byte(raw))
	}
	texts, err := i18n.Load()
	if err != nil {
		f.Fatal(err)
	}
	s := &Service{texts: texts, log: slog.New(slog.DiscardHandler)}
	f.Fuzz(func(t *testing.T, raw []byte) {
		frame, err := readFrame(raw)
		if err != nil {
			return
		}
		for _, id := range []string{"p1", "p4", "p6"} {
			state := stage0(t)
			before := encode(state)
			out, err := state.decide(commands(), frame, &actor{Person: state.People[id], given: map[string]bool{"p7": true}})
			if string(encode(state)) != string(before) {
				t.Fatalf("%s: deciding changed the state", raw)
			}
			if err != nil {
				if fault.Of(err) == nil {
					t.Fatalf("%s: %v is for nobody to read", raw, err)
				}
				if problem := s.problem(i18n.French, err); problem["detail"] == problem["key"] {
					t.Fatalf("%s: %v has no text", raw, problem)
				}
				continue
			}
			v := &sight{people: map[string]*identityOf{}}
			for _, e := range out.events {
				again, err := decodeEvent(e.kind(), encodeEvent(e))
				if err != nil || string(encodeEvent(again)) != string(encodeEvent(e)) {
					t.Fatalf("%s: %s is read back as %s (%v)", raw, encodeEvent(e), encodeEvent(again), err)
				}
				r := Record{N: state.N + 1, By: id, Event: e}
				state.apply(r)
				n := v.news(state, r)
				if len(n.whole) == 0 || !json.Valid(n.whole) || n.part != nil && !json.Valid(n.part) || !utf8.Valid(n.whole) {
					t.Fatalf("%s is sent as %s and %s", raw, n.whole, n.part)
				}
			}
			for _, sig := range out.signals {
				if len(encode(sig.body)) > maxFrame {
					t.Fatalf("%s makes a signal of %d bytes", raw, len(encode(sig.body)))
				}
			}
		}
	})
}

// A connection whose client takes nothing keeps no more than its share.
func TestQueueIsBounded(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{10, 100_000} {
		c := &conn{service: &Service{texts: texts}, wake: make(chan struct{}, 1)}
		sent := 0
		for ; c.last == nil && sent < 1000; sent++ {
			c.send(make([]byte, size))
		}
		if c.last == nil || sent > maxWaitingFrames+1 || (sent-1)*size > maxWaitingBytes || len(c.queue) != 0 {
			t.Errorf("frames of %d bytes: cut off after %d", size, sent)
		}
		c.send([]byte("x"))
		if len(c.queue) != 0 {
			t.Error("something is queued after the end")
		}
	}
}
