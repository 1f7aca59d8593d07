package lesson

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/internal/i18n"
	"preau/internal/lesson/lessonclient"
	"preau/internal/store/storetest"
)

// world is a hub driven by hand: its goroutine and its disk are the test.
type world struct {
	t     *rapid.T
	h     *hub
	clock *storetest.Clock
	log   []Record
	who   []*entrant
	conns []*conn
	views []*lessonclient.View
	ids   []int64 // last command of each
}

func newWorld(t *rapid.T, texts *i18n.Catalogue) *world {
	clock := storetest.NewClock(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	s := &Service{clock: clock.Now, texts: texts, log: slog.New(slog.DiscardHandler), linkKey: []byte("key")}
	h := &hub{
		service: s, log: s.log, lease: &lease{epoch: 3}, lesson: lessonRow{ID: "lesson", Title: "6e B"}, guests: true, table: commands(), state: newState(),
		sight: sight{lesson: "lesson", title: "6e B", epoch: 3, people: map[string]*identityOf{}}, nextID: 1,
		byKey: map[string]string{}, conns: map[string]*conn{}, lingered: map[string]int64{}, lobby: map[string]int64{},
	}
	w := &world{t: t, h: h, clock: clock}
	h.emit("", Opened{Preset: "cours"})
	h.emit("", GuestsSet{Open: true, Version: 1})
	for i, role := range []Role{Teacher, CoTeacher, Assistant, Interpreter} {
		who := &entrant{identityOf: identityOf{kind: KindStaff, staff: fmt.Sprintf("staff-%d", i), name: fmt.Sprintf("Nom %d", i)}, role: role}
		if role == Assistant {
			who.given = map[string]bool{"seat-0": true}
		}
		w.who = append(w.who, who)
	}
	for i := range 3 {
		w.who = append(w.who, &entrant{identityOf: identityOf{kind: KindSeat, seat: fmt.Sprintf("seat-%d", i), pseudonym: fmt.Sprintf("Loutre %d", i), picture: "otter"}, role: Pupil})
	}
	for i := range 2 {
		w.who = append(w.who, &entrant{identityOf: identityOf{kind: KindGuest, guest: fmt.Sprintf("guest-%d", i), label: fmt.Sprintf("LABEL %d", i)}, role: Guest})
	}
	w.conns, w.views, w.ids = make([]*conn, len(w.who)), make([]*lessonclient.View, len(w.who)), make([]int64, len(w.who))
	for i := range w.views {
		w.views[i] = lessonclient.NewView()
	}
	return w
}

func (w *world) person(i int) string { return w.h.byKey[w.who[i].key()] }

// flush is the disk: what was gathered is written, and what waited leaves.
func (w *world) flush() {
	h := w.h
	w.log = append(w.log, h.batch.records...)
	h.deliver(h.batch.parcels)
	h.batch = batch{}
	for i, c := range w.conns {
		if c == nil {
			continue
		}
		for _, frame := range c.queue {
			w.check(i, frame)
			w.views[i].Apply(frame)
		}
		c.queue, c.bytes = nil, 0
		if c.last != nil {
			w.conns[i] = nil
			h.connectionEnded(c)
		}
	}
}

// check holds a frame against what its receiver may see, by other rules than
// the server's: from the log alone.
func (w *world) check(i int, frame []byte) {
	if w.who[i].kind == KindStaff {
		return
	}
	me := w.person(i)
	text := string(frame)
	for j := range w.who {
		if id := w.person(j); id != "" && id != me && strings.Contains(text, "TO-STAFF-BY-"+id+".") {
			w.t.Fatalf("%s receives what %s wrote to staff: %s", me, id, text)
		}
	}
	for _, word := range []string{"REPORT-", `"waiting"`, `"reported"`, `"ev":"banned"`, `"ev":"answered"`} {
		if strings.Contains(text, word) {
			w.t.Fatalf("%s receives %s: %s", me, word, text)
		}
	}
	var f struct {
		Type   string `json:"type"`
		N      int64  `json:"n"`
		People []struct {
			ID  string           `json:"id"`
			Own *json.RawMessage `json:"own"`
		} `json:"people"`
		Since []json.RawMessage `json:"since"`
	}
	if err := json.Unmarshal(frame, &f); err != nil {
		w.t.Fatalf("%v in %s", err, frame)
	}
	for _, p := range f.People {
		if p.ID != me && p.Own != nil {
			w.t.Fatalf("%s sees what was set for %s", me, p.ID)
		}
	}
	for _, one := range f.Since {
		w.check(i, one)
	}
	if f.Type == "event" && !w.maySee(me, f.N) {
		w.t.Fatalf("%s receives event %d: %s", me, f.N, frame)
	}
}

// maySee says whether a pupil or guest may see that event.
func (w *world) maySee(me string, n int64) bool {
	r := w.log[n-1]
	state := Fold(w.log[:n])
	own := r.By == me
	raw := encode(r.Event)
	var about struct {
		Who string `json:"who"`
	}
	json.Unmarshal(raw, &about)
	switch e := r.Event.(type) {
	case Waiting, Answered, Banned, Unbanned, Reported:
		return false
	case RightsOf, CameraTo:
		return about.Who == me
	case Said:
		if own {
			return true
		}
		return state.Attended && e.To == "all" && !e.Pending
	case CamerasSet:
		if e.Who != "" {
			return e.Who == me
		}
		return true
	case Joined, Left, StateSet, HandSet, Muted, SpotlightSet, Released, Deleted:
		return state.Attended || about.Who == me || own
	}
	return true // of the lesson itself
}

// compare holds a client's view against a new snapshot.
func (w *world) compare() {
	for i, c := range w.conns {
		if c == nil || !c.live {
			continue
		}
		fresh := lessonclient.NewView()
		fresh.Apply(merge([]byte(`{"type":"snapshot"}`), encode(w.h.sight.snapshot(w.h.state, c.viewer))))
		got, want := *w.views[i], *fresh
		got.Seen, got.Snapshots, want.Seen, want.Snapshots = nil, 0, nil, 0
		got.N = want.N // numbers skip what one may not see
		a, b := encode(normal(got)), encode(normal(want))
		if string(a) != string(b) {
			w.t.Fatalf("%s (%s) knows\n%s\nand a snapshot says\n%s", c.viewer.id, w.who[i].role, a, b)
		}
		if n := w.views[i].Seen; !slices.IsSorted(n) || len(slices.Compact(slices.Clone(n))) != len(n) {
			w.t.Fatalf("%s saw events in the order %v", c.viewer.id, n)
		}
	}
}

// normal makes nothing and an empty list the same.
func normal(v lessonclient.View) lessonclient.View {
	v.Hands, v.Messages, v.Waiting = append([]string{}, v.Hands...), append([]lessonclient.Message{}, v.Messages...), append([]lessonclient.Lobby{}, v.Waiting...)
	return v
}

func (w *world) connect(i int, anew bool) {
	who := w.who[i]
	if w.h.mayEnter(who) != nil || w.h.state.Ended != 0 {
		return
	}
	if who.kind == KindGuest && !w.admitted(i) {
		return
	}
	c := &conn{service: w.h.service, hub: w.h, who: who, locale: i18n.French, wake: make(chan struct{}, 1)}
	v := w.views[i]
	if anew {
		v = lessonclient.NewView()
		w.views[i] = v
	}
	if old := w.conns[i]; old != nil {
		old.queue = nil // the old page is gone
	}
	w.conns[i], w.ids[i] = c, 1
	f, _ := readFrame(encode(map[string]any{"id": 1, "do": "hello", "protocol": 1, "epoch": v.Epoch, "last": v.N, "recipient": "age1x", "mac": "m"}))
	w.h.join(c, f)
}

// admitted says whether the last answer to a guest was yes, and the link that
// they came by still stands.
func (w *world) admitted(i int) bool {
	id, yes := w.person(i), false
	for _, r := range append(slices.Clone(w.log), w.h.batch.records...) {
		switch e := r.Event.(type) {
		case Answered:
			if e.Who == id {
				yes = e.Yes
			}
		case Left:
			if e.Who == id && e.Why == whyGuestsClosed {
				yes = false
			}
		}
	}
	return id != "" && yes
}

func (w *world) command(i int) {
	c := w.conns[i]
	if c == nil {
		return
	}
	t := w.t
	someone := func() string {
		ids := slices.Sorted(maps.Keys(w.h.sight.people))
		if len(ids) == 0 {
			return "p1"
		}
		return rapid.SampledFrom(ids).Draw(t, "who")
	}
	message := func() string {
		if len(w.h.state.Messages) == 0 {
			return "m1"
		}
		return rapid.SampledFrom(w.h.state.Messages).Draw(t, "message").ID
	}
	bit := func() bool { return rapid.Bool().Draw(t, "bit") }
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "of") }
	do := pick("say", "say", "say", "hand", "hand", "react", "state", "camera_to", "report", "leave", "preset", "rights", "rights_of", "mute", "mute_all",
		"cameras", "spotlight", "chat", "release", "release", "delete", "lower", "lock", "admit", "guests", "put_out", "ban", "seal", "signal")
	m := map[string]any{"do": do}
	switch do {
	case "say":
		to := pick("all", "all", "staff")
		m["to"], m["text"] = to, fmt.Sprintf("TO-%s-BY-%s.", strings.ToUpper(to), c.viewer.id)
		m["key"] = pick("", "a", "b")
	case "hand":
		m["up"] = bit()
	case "react":
		m["kind"] = "clap"
	case "state":
		m["state"] = pick("", "lost", "away")
	case "camera_to":
		m["to"] = pick("everyone", "staff")
	case "report":
		m["text"] = "REPORT-" + c.viewer.id
	case "preset":
		m["preset"] = pick("cours", "debat", "evaluation", "silence")
	case "rights":
		m["rights"] = map[string]any{pick(rightNames()...): bit()}
	case "rights_of":
		m["who"], m["rights"] = someone(), map[string]any{pick(rightNames()...): rapid.SampledFrom([]any{true, false, nil}).Draw(t, "right")}
	case "mute", "put_out":
		m["who"] = someone()
	case "mute_all":
		m["sticky"] = bit()
	case "cameras":
		m["to"] = pick("everyone", "staff")
		if bit() {
			m["who"] = someone()
		}
	case "spotlight", "lower":
		m["who"] = nil
		if bit() {
			m["who"] = someone()
		}
	case "chat":
		m["to"] = pick("everyone", "staff", "moderated", "moderated", "closed")
	case "release":
		m["message"] = message()
	case "delete":
		if bit() {
			m["who"] = someone()
		} else {
			m["message"] = message()
		}
	case "lock":
		m["to"] = bit()
	case "admit":
		m["who"], m["yes"] = nil, rapid.SampledFrom([]bool{true, true, false}).Draw(t, "yes")
	case "guests":
		m["open"] = bit()
	case "ban":
		m["who"], m["lift"] = someone(), bit()
	case "seal":
		m["index"] = w.h.state.SealIndex%sealIndexes + 1
	case "signal":
		m["sig"], m["value"] = "code_key", "x"
	}
	w.ids[i]++
	m["id"] = w.ids[i]
	f, err := readFrame(encode(m))
	if err != nil {
		t.Fatal(err)
	}
	w.h.command(c, f)
}

// TestEveryoneKnowsTheSame drives a lesson with anything that may happen to it:
// what each client made of the events it received is what a snapshot would say,
// and nobody receives what they may not see.
func TestEveryoneKnowsTheSame(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, texts)
		steps := rapid.IntRange(1, 60).Draw(t, "steps")
		for range steps {
			i := rapid.IntRange(0, len(w.who)-1).Draw(t, "person")
			switch rapid.IntRange(0, 11).Draw(t, "step") {
			case 0, 1:
				w.connect(i, rapid.Bool().Draw(t, "anew"))
			case 2:
				if c := w.conns[i]; c != nil {
					w.conns[i] = nil
					w.h.connectionEnded(c)
				}
			case 3:
				w.clock.Advance(rapid.SampledFrom([]time.Duration{time.Second, 4 * time.Second}).Draw(t, "pass"))
				for who := range w.h.lobby {
					w.h.lobby[who] = w.h.service.now()
				}
				w.h.tick()
			case 4:
				if w.who[i].kind == KindGuest && !w.h.state.waits(w.person(i)) && !w.admitted(i) {
					w.knock(i)
				}
			case 5:
				w.flush()
			default:
				w.command(i)
			}
		}
		w.flush()
		w.flush() // those who were told goodbye
		w.compare()
		again := Fold(reread(t, w.log))
		again.N = w.h.state.N
		if !reflect.DeepEqual(again, w.h.state) {
			t.Fatalf("the log folds to\n%s\nand the state is\n%s", encode(again), encode(w.h.state))
		}
	})
}

// knock is a guest's, whose entry is always the same here.
func (w *world) knock(i int) {
	id := w.person(i)
	if id == "" {
		if w.h.knock(w.who[i].guest, w.who[i].label, nil) != nil {
			return
		}
		return
	}
	if w.h.state.GuestsOpen && !w.h.state.Locked && !(w.h.state.People[id] != nil && w.h.state.People[id].Banned) {
		w.h.emit("", Waiting{id})
	}
}

// reread writes the log as the database keeps it, and reads it back.
func reread(t *rapid.T, log []Record) []Record {
	out := make([]Record, len(log))
	for i, r := range log {
		e, err := decodeEvent(r.Event.kind(), encodeEvent(r.Event))
		if err != nil {
			t.Fatal(err)
		}
		out[i] = Record{r.N, r.At, r.By, e}
	}
	return out
}
