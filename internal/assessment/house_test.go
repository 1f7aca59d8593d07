package assessment_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"preau/internal/app"
	"preau/internal/assessment"
	"preau/internal/config"
	"preau/internal/demo"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/roster"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// house is a whole server with the demonstration school and its campaign.
type house struct {
	t      *testing.T
	cfg    *config.Config
	house  *app.House
	server *httptest.Server
	school demo.School
	seats  []roster.Seat
	all    assessment.Campaign
}

func eachStore(t *testing.T, f func(t *testing.T, h *house)) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) { f(t, newHouse(t, d)) })
	}
}

func newHouse(t *testing.T, d store.Dialect) *house {
	t.Helper()
	o := storetest.Options(t, d)
	flags := map[string]string{"data-dir": o.DataDir, "media-udp-port": "0", "media-tcp-port": "0"}
	if o.DSN != "" {
		flags["database"] = o.DSN
	}
	cfg, err := config.Load(config.Input{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, cfg: cfg}
	h.open()
	t.Cleanup(h.close)
	h.school, err = demo.Make(t.Context(), h.house.Identity, h.house.Roster, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Campaign(h.ctx(), h.house.Assess, &h.school, time.Now()); err != nil {
		t.Fatal(err)
	}
	all, err := h.house.Assess.Campaigns(t.Context(), h.school.SchoolID, func(string) bool { return true })
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	h.all = all[0]
	if h.seats, err = h.house.Roster.SeatsOfGroup(t.Context(), h.school.SchoolID, h.school.GroupID); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) open() {
	h.t.Helper()
	dist := fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>x</title><script nonce=\"__NONCE__\"></script>")}}
	var err error
	h.house, err = app.Open(h.t.Context(), app.Options{Config: h.cfg, Log: slog.New(slog.DiscardHandler), Version: "test", Dist: dist})
	if err != nil {
		h.t.Fatal(err)
	}
	h.server = httptest.NewServer(h.house.Handler())
}

func (h *house) close() {
	h.server.Close()
	if err := h.house.Close(); err != nil {
		h.t.Error(err)
	}
}

// restart is a server that stops and starts again on its database.
func (h *house) restart() {
	h.close()
	h.open()
}

// ctx is the head calling.
func (h *house) ctx() context.Context {
	return identity.With(h.t.Context(), identity.Principal{Staff: &identity.StaffPrincipal{ID: h.school.HeadID}})
}

func (h *house) room(sequence int, open bool) {
	h.t.Helper()
	if err := h.house.Assess.SetRoom(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, sequence, open); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) come(seat, sequence int) *device {
	h.t.Helper()
	token, err := h.house.Assess.Come(h.t.Context(), h.school.SchoolID, h.seats[seat].ID, h.all.ID, sequence)
	if err != nil {
		h.t.Fatal(err)
	}
	return &device{h: h, token: token}
}

func (h *house) line(seat, sequence int) assessment.RoomSeat {
	h.t.Helper()
	room, err := h.house.Assess.RoomOf(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, sequence)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, line := range room.Seats {
		if line.Seat == h.seats[seat].ID {
			return line
		}
	}
	h.t.Fatal("the seat is not in the room")
	return assessment.RoomSeat{}
}

func (h *house) act(seat, sequence int, act assessment.Act) error {
	h.t.Helper()
	line := h.line(seat, sequence)
	return h.house.Assess.Do(h.ctx(), assessment.Sitting{ID: line.Sitting, School: h.school.SchoolID, Campaign: h.all.ID, Seat: line.Seat, Sequence: sequence}, act)
}

func (h *house) result(seat int) assessment.SeatResult {
	h.t.Helper()
	results, err := h.house.Assess.ResultsOf(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, false)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range results.Seats {
		if r.Seat == h.seats[seat].ID {
			return r
		}
	}
	h.t.Fatal("no result")
	return assessment.SeatResult{}
}

// device is a browser in a sitting. It knows what the server told it, no more.
type device struct {
	h     *house
	token string
	n     int64
}

func (d *device) call(method, path string, body any, out any) int {
	d.h.t.Helper()
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			d.h.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(d.h.t.Context(), method, d.h.server.URL+"/api/v1"+path, in)
	if err != nil {
		d.h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Sitting "+d.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.h.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		d.h.t.Fatal(err)
	}
	if out != nil && res.StatusCode == http.StatusOK {
		if err := json.Unmarshal(raw, out); err != nil {
			d.h.t.Fatalf("%s: %v", raw, err)
		}
	}
	return res.StatusCode
}

func (d *device) start() assessment.State {
	d.h.t.Helper()
	var state assessment.State
	if code := d.call("POST", "/sitting/start", nil, &state); code != http.StatusOK {
		d.h.t.Fatalf("start: %d", code)
	}
	return state
}

type stage struct {
	View    assessment.StageView           `json:"view"`
	Answers map[string]json.RawMessage     `json:"answers"`
	Turns   map[string]assessment.TurnView `json:"turns"`
}

func (d *device) stage() stage {
	d.h.t.Helper()
	var out stage
	if code := d.call("GET", "/sitting/stage", nil, &out); code != http.StatusOK {
		d.h.t.Fatalf("stage: %d", code)
	}
	return out
}

func (d *device) save(item string, data string) assessment.Acknowledged {
	d.h.t.Helper()
	d.n++
	var out assessment.Acknowledged
	body := map[string]any{"answers": []any{map[string]any{"n": d.n, "item": item, "data": json.RawMessage(data)}}}
	if code := d.call("POST", "/sitting/answers", body, &out); code != http.StatusOK {
		d.h.t.Fatalf("save: %d", code)
	}
	return out
}

func (d *device) end(n int) assessment.State {
	d.h.t.Helper()
	var state assessment.State
	if code := d.call("POST", "/sitting/stage", map[string]any{"stage": n}, &state); code != http.StatusOK {
		d.h.t.Fatalf("end of stage: %d", code)
	}
	return state
}

// A pupil goes through the first sequence: waits for the room, is given a stage,
// saves, goes on by routing, finishes; the server is restarted in the middle.
func TestSequenceFromTheDoorToTheResult(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		d := h.come(0, 0)
		if code := d.call("POST", "/sitting/start", nil, nil); code != http.StatusConflict {
			t.Fatalf("began before the room was open: %d", code)
		}
		if code := d.call("GET", "/sitting/stage", nil, nil); code != http.StatusConflict {
			t.Fatalf("was given questions before the start: %d", code)
		}
		h.room(0, true)
		if state := d.start(); state.Status != assessment.Running || state.EndsAt-state.StartedAt != 30*60_000 {
			t.Fatalf("%+v", state)
		}
		first := d.stage()
		if len(first.View.Items) != 10 || len(first.View.Files) == 0 {
			t.Fatalf("%d questions, %d files", len(first.View.Items), len(first.View.Files))
		}
		file, err := http.Get(h.server.URL + first.View.Files[0].URL)
		if err != nil {
			t.Fatal(err)
		}
		file.Body.Close()
		if file.StatusCode != http.StatusOK || !strings.Contains(file.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Fatalf("a sound: %d, %v", file.StatusCode, file.Header)
		}
		for _, item := range first.View.Items {
			if ack := d.save(item.Key, `{"r1":"c1"}`); ack.Late || len(ack.Acked) != 1 {
				t.Fatalf("%+v", ack)
			}
		}
		h.restart()
		again := d.stage()
		if len(again.Answers) != 10 {
			t.Fatalf("after the restart %d answers are there", len(again.Answers))
		}
		if a, b := encoded(t, first.View), encoded(t, again.View); a != b {
			t.Error("the questions changed with the restart")
		}
		if state := d.end(0); state.Stage != 1 || state.Status != assessment.Running {
			t.Fatalf("%+v", state)
		}
		if state := d.end(0); state.Stage != 1 {
			t.Fatalf("the same end counted twice: %+v", state)
		}
		second := d.stage()
		if len(second.View.Items) != 6 || second.View.Items[0].Key == first.View.Items[0].Key {
			t.Fatalf("%d questions in the second stage", len(second.View.Items))
		}
		if state := d.end(1); state.Status != assessment.Finished {
			t.Fatalf("%+v", state)
		}
		if ack := d.save(second.View.Items[0].Key, `{"r1":"c1"}`); !ack.Late {
			t.Error("an answer after the end counts as if in time")
		}
		r := h.result(0)
		if r.Finished || len(r.Items) != 16 || r.Total.Max != 16 {
			t.Errorf("finished %v, %d questions, %v: the second sequence is not taken", r.Finished, len(r.Items), r.Total)
		}
	})
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// A device dies; another one asks, is let in, and goes on with what was saved.
// What the first still sends is kept, late, and counts only where nothing else does.
func TestAnotherDevice(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.room(0, true)
		one := h.come(1, 0)
		one.start()
		items := one.stage().View.Items
		one.save(items[0].Key, `{"r1":"c1"}`)
		two := h.come(1, 0)
		if code := two.call("GET", "/sitting/stage", nil, nil); code != http.StatusConflict {
			t.Fatalf("a second device was given questions unasked: %d", code)
		}
		if line := h.line(1, 0); line.Need != "device" {
			t.Fatalf("the invigilator is not told: %+v", line)
		}
		if err := h.act(1, 0, assessment.Act{Act: "admit"}); err != nil {
			t.Fatal(err)
		}
		if got := two.stage().Answers; len(got) != 1 {
			t.Fatalf("%d answers on the new device", len(got))
		}
		two.save(items[1].Key, `{"r1":"c2"}`)
		if ack := one.save(items[1].Key, `{"r1":"c3"}`); !ack.Late {
			t.Error("the first device still counts")
		}
		if ack := one.save(items[2].Key, `{"r1":"c3"}`); !ack.Late {
			t.Error("the first device still counts")
		}
		got := two.stage().Answers
		if string(got[items[1].Key]) != `{"r1":"c2"}` || string(got[items[2].Key]) != `{"r1":"c3"}` {
			t.Errorf("merged: %s", encoded(t, got))
		}
		if line := h.line(1, 0); line.Late != 2 || line.Answered != 3 {
			t.Errorf("%+v", line)
		}
	})
}

// Nobody can sign in any more: the tables of sessions are gone. Running sittings
// save all the same.
func TestSavesNeedNoLogin(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.room(0, true)
		d := h.come(2, 0)
		d.start()
		key := d.stage().View.Items[0].Key
		for _, table := range []string{"first_names", "seat_session", "staff_session"} {
			if err := h.house.DB.Tx(t.Context(), func(tx store.Queryer) error {
				_, err := tx.ExecContext(t.Context(), `DROP TABLE `+table)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if ack := d.save(key, `{"r1":"c1"}`); len(ack.Acked) != 1 || ack.Late {
			t.Errorf("%+v", ack)
		}
	})
}

// The same answer sent again is one answer.
func TestResendIsOneAnswer(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.room(0, true)
		d := h.come(3, 0)
		d.start()
		key := d.stage().View.Items[0].Key
		d.save(key, `{"r1":"c1"}`)
		d.n--
		d.save(key, `{"r1":"c9"}`) // the same number: the first stays
		if got := string(d.stage().Answers[key]); got != `{"r1":"c1"}` {
			t.Errorf("%s", got)
		}
	})
}

func TestForeignTokensAreRefused(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.room(0, true)
	d := h.come(0, 0)
	d.start()
	good := d.token
	forged := []byte(good)
	forged[3] ^= 1
	for _, token := range []string{"", "x", string(forged), good + "A", strings.Repeat("A", len(good))} {
		d.token = token
		if code := d.call("GET", "/sitting/stage", nil, nil); code != http.StatusUnauthorized {
			t.Errorf("%q: %d", token, code)
		}
	}
}

// Two pupils sat down with each other's slip: their sittings are exchanged, and
// what each did is scored as theirs, whatever the shuffle was.
func TestExchange(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.room(0, true)
		a, b := h.come(0, 0), h.come(1, 0)
		for _, d := range []*device{a, b} {
			d.start()
			for _, item := range d.stage().View.Items {
				if d == a {
					d.save(item.Key, `{"r1":"c1"}`)
				}
			}
			d.end(0)
			d.end(1)
		}
		before := h.result(0)
		if err := h.house.Assess.Exchange(h.ctx(), h.school.SchoolID, h.all.ID, 0, h.seats[0].ID, h.seats[1].ID); err != nil {
			t.Fatal(err)
		}
		after := h.result(1)
		if before.Total != after.Total || len(after.Answered) != len(before.Answered) || len(h.result(0).Answered) != 0 {
			t.Errorf("%+v became %+v", before.Total, after.Total)
		}
	})
}

func TestInvigilatorActs(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.room(0, true)
	d := h.come(0, 0)
	d.start()
	ends := h.line(0, 0).EndsAt
	for _, act := range []assessment.Act{{Act: "extend", Minutes: 10}, {Act: "pause"}} {
		if err := h.act(0, 0, act); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.line(0, 0); got.EndsAt != ends+10*60_000 || got.Status != "paused" {
		t.Errorf("%+v", got)
	}
	if code := d.call("GET", "/sitting/stage", nil, nil); code != http.StatusConflict {
		t.Errorf("questions in a pause: %d", code)
	}
	if err := h.act(0, 0, assessment.Act{Act: "pause"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("paused twice: %v", err)
	}
	for _, act := range []assessment.Act{{Act: "resume"}, {Act: "note", Note: "Alarme incendie"}, {Act: "finish"}, {Act: "reopen", Minutes: 5}} {
		if err := h.act(0, 0, act); err != nil {
			t.Fatal(act.Act, err)
		}
	}
	report, err := h.house.Assess.ReportOf(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, 0)
	if err != nil || report.Begun != 1 || len(report.Events) < 6 {
		t.Errorf("%+v, %v", report, err)
	}
}

// Cells keyed from paper are results; no answer is not a wrong one.
func TestPaperGrid(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		for question, code := range map[string]string{"fr-lire-1": assessment.Right, "fr-lire-2": assessment.Wrong, "fr-lire-3": assessment.NoAnswer} {
			if err := h.house.Assess.Key(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, 0, h.seats[5].ID, assessment.Keyed{Question: question, Code: code}); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.house.Assess.Key(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, 0, h.seats[5].ID, assessment.Keyed{Question: "ma-cal-1", Code: "1"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a question of another sequence: %v", err)
		}
		r := h.result(5)
		if r.Items["fr-lire-1"].Score != 1 || r.Items["fr-lire-2"].Score != 0 || len(r.Answered) != 2 {
			t.Errorf("%+v, answered %v", r.Items, r.Answered)
		}
	})
}

// Many save at once, one of them to a sitting that has just been erased: the
// others are acknowledged and kept, and each answer once.
func TestSavesTogether(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.room(0, true)
		var devices []*device
		for seat := range 8 {
			d := h.come(seat, 0)
			d.start()
			devices = append(devices, d)
		}
		gone := h.line(7, 0).Sitting
		if err := h.house.DB.Tx(t.Context(), func(tx store.Queryer) error {
			for _, q := range []string{`DELETE FROM sitting_event WHERE sitting_id = $1`, `DELETE FROM sitting WHERE id = $1`} {
				if _, err := tx.ExecContext(t.Context(), q, gone); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		const each = 40
		var wg sync.WaitGroup
		var acked, refused atomic.Int64
		for _, d := range devices {
			for n := range each {
				wg.Go(func() {
					body := map[string]any{"answers": []any{map[string]any{"n": n + 1, "item": fmt.Sprintf("q%d", n%10+1), "data": map[string]any{"r1": "c1"}}}}
					switch d.call("POST", "/sitting/answers", body, nil) {
					case http.StatusOK:
						acked.Add(1)
					case http.StatusGone:
						refused.Add(1)
					}
				})
			}
		}
		wg.Wait()
		var kept int
		if err := h.house.DB.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM sitting_answer`).Scan(&kept); err != nil {
			t.Fatal(err)
		}
		if acked.Load() != 7*each || kept != 7*each || refused.Load() != each {
			t.Errorf("%d acknowledged, %d kept, %d refused; want %d, %d, %d", acked.Load(), kept, refused.Load(), 7*each, 7*each, each)
		}
	})
}
