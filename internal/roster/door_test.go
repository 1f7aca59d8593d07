package roster

import (
	"strings"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
)

func (d *device) link(status int, s slip, own bool) reply {
	d.h.t.Helper()
	return d.want(status, "POST", "/door/link", map[string]any{"auth": s.auth, "own": own})
}

// code types a code, doing the work that is asked for, and says how many
// puzzles that was.
func (d *device) code(typed string) (r reply, puzzles int) {
	d.h.t.Helper()
	body := map[string]any{"code": typed}
	r = d.do("POST", "/door/code", body)
	if c, asked := r.body["challenge"].(map[string]any); asked {
		puzzles = int(c["puzzles"].(float64))
		body["proof"] = solve(c)
		r = d.do("POST", "/door/code", body)
	}
	return r, puzzles
}

// solve does the work of a challenge as a browser would.
func solve(c map[string]any) map[string]any {
	p := proofOf(Challenge{Token: c["token"].(string), Puzzles: int(c["puzzles"].(float64)), Bits: int(c["bits"].(float64))})
	return map[string]any{"token": p.Token, "answers": p.Answers}
}

func (d *device) status() (status, why string) {
	d.h.t.Helper()
	r := d.want(200, "GET", "/door", nil)
	return r.text("status"), r.text("why")
}

func (d *device) wantStatus(status, why string) {
	d.h.t.Helper()
	if s, w := d.status(); s != status || w != why {
		d.h.t.Fatalf("the device is %s (%s), want %s (%s)", s, w, status, why)
	}
}

func TestEnterByLink(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(2)
		d := h.device()
		if r := d.link(200, c.slips[0], false); r.text("status") != "in" {
			h.t.Fatal(r.raw)
		}
		r := d.want(200, "GET", "/door", nil)
		seat := r.body["seat"].(map[string]any)
		if seat["id"] != c.slips[0].id || seat["pseudonym"] != word(1) || len(r.list("groups")) != 1 || r.text("via") != "link" {
			h.t.Fatal(r.raw)
		}
		d.want(204, "DELETE", "/door", nil)
		d.wantStatus("out", "")
		if h.hold.holder(c.slips[0].id, h.now()) != "" {
			h.t.Fatal("the seat is still held after leaving")
		}
		unknown := newSlip(9)
		d.link(404, unknown, false)
		d.want(422, "POST", "/door/link", map[string]any{"auth": "short"})
	})
}

func TestEnterByCode(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(3)
		d := h.device()
		if r, _ := d.code(c.typed(0)); r.status != 403 {
			h.t.Fatalf("closed door: %s", r.raw)
		}
		h.openDoor(c, 15)
		typed := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(c.typed(0), "0", "o"), "1", "l"))
		if r, _ := d.code(" " + typed + " "); r.status != 200 {
			h.t.Fatal(r.raw)
		}
		d.wantStatus("in", "")
		if r, _ := h.device().code("nothing"); r.status != 422 {
			h.t.Fatal(r.raw)
		}
		h.clock.Advance(15 * time.Minute)
		if r, _ := h.device().code(c.typed(1)); r.status != 403 {
			h.t.Fatalf("after the door has closed: %s", r.raw)
		}
		d.wantStatus("in", "") // those who are in stay in
	})
}

// A seat that left, whose year closed, or whose secret was replaced is refused
// by link and by code, at once, and what it had open ends.
func TestRefusedAtOnce(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		c := h.class(4)
		h.openDoor(c, 60)
		var in []*device
		for i := range c.slips {
			d := h.device()
			d.link(200, c.slips[i], true)
			in = append(in, d)
		}
		yes := true
		if err := h.ChangeSeat(ctx, school, c.slips[0].id, SeatChange{Left: &yes}); err != nil {
			h.t.Fatal(err)
		}
		fresh := newSlip(0)
		if _, err := h.ReplaceSecret(ctx, school, "head", c.slips[1].id, NewSecret{AuthHash: fresh.authHash, SeatCode: fresh.seatCode}); err != nil {
			h.t.Fatal(err)
		}
		in[0].wantStatus("out", "stopped")
		in[1].wantStatus("out", "replaced")
		in[2].wantStatus("in", "")
		for i := range 2 {
			h.device().link(404, c.slips[i], false)
			if r, _ := h.device().code(c.typed(i)); r.status != 404 {
				h.t.Fatal(r.raw)
			}
		}
		h.device().link(200, fresh, false)
		if err := h.CloseYear(ctx, school, c.year); err != nil {
			h.t.Fatal(err)
		}
		in[2].wantStatus("out", "stopped")
		h.device().link(404, c.slips[2], false)
		if r, _ := h.device().code(c.typed(2)); r.status == 200 {
			h.t.Fatal("a closed year lets a code in")
		}
	})
}

func TestSwap(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(2)
		a, b := c.slips[0], c.slips[1]
		d := h.device()
		d.link(200, a, false)
		head := h.signIn("head", overSchool(identity.Head))
		head.want(204, "POST", "/schools/"+school+"/seats/swap", map[string]any{"a": a.id, "b": b.id})
		d.wantStatus("out", "replaced")
		d.link(200, a, false)
		if r := d.want(200, "GET", "/door", nil); r.body["seat"].(map[string]any)["id"] != b.id {
			h.t.Fatal("the first slip does not open the second seat: " + r.raw)
		}
		h.openDoor(c, 5)
		e := h.device()
		if r, _ := e.code(c.typed(1)); r.status != 200 {
			h.t.Fatal(r.raw)
		}
		if r := e.want(200, "GET", "/door", nil); r.body["seat"].(map[string]any)["id"] != a.id {
			h.t.Fatal(r.raw)
		}
	})
}

// Thirty seats in turn on one browser: each ends the one before, and nothing of
// the last remains after leaving.
func TestSharedDevice(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(30)
		d := h.device()
		for i, s := range c.slips {
			before := copyOf(d)
			d.link(200, s, false)
			if i > 0 {
				before.wantStatus("out", "other")
			}
			d.wantStatus("in", "")
		}
		d.want(204, "DELETE", "/door", nil)
		if _, left := d.cookies["preau_seat"]; left {
			h.t.Fatal("a seat's cookie remains")
		}
		if n := h.count(`SELECT count(*) FROM seat_session WHERE status <> 'ended'`); n != 0 {
			h.t.Fatalf("%d sessions remain", n)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(2)
		shared, own := h.device(), h.device()
		shared.link(200, c.slips[0], false)
		own.link(200, c.slips[1], true)
		h.clock.Advance(sharedFor + time.Minute)
		shared.wantStatus("out", "expired")
		own.wantStatus("in", "")
		h.clock.Advance(ownFor)
		own.wantStatus("out", "expired")
	})
}

func TestSecondDeviceWaits(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(2)
		group := "/schools/" + school + "/groups/" + c.group
		teacher := h.signIn("teacher", overGroup(identity.Teacher, c.group))
		first, second := h.device(), h.device()
		second.agent = "Mozilla/5.0 (Linux; Android 14) Mobile"
		first.link(200, c.slips[0], false)
		if r := second.link(200, c.slips[0], false); r.text("status") != "waiting" {
			h.t.Fatal(r.raw)
		}
		// Admitted: it takes over, and the first is told.
		r := teacher.want(200, "GET", group+"/presence", nil)
		entries := r.list("entries")
		if len(entries) != 1 || entries[0]["device"] != "phone" || len(r.list("present")) != 1 {
			h.t.Fatal(r.raw)
		}
		teacher.want(204, "POST", group+"/entries/"+entries[0]["id"].(string), map[string]any{"admit": true})
		second.wantStatus("in", "")
		first.wantStatus("out", "taken")
		teacher.want(410, "POST", group+"/entries/"+entries[0]["id"].(string), map[string]any{"admit": true})

		// Refused: the one that was in stays.
		r = first.link(200, c.slips[0], false)
		if r.text("status") != "waiting" {
			h.t.Fatal(r.raw)
		}
		teacher.want(204, "POST", group+"/entries/"+r.text("session"), map[string]any{"admit": false})
		first.wantStatus("out", "refused")
		second.wantStatus("in", "")

		// By itself once the other has left, or has fallen silent.
		first.link(200, c.slips[0], false)
		first.wantStatus("waiting", "")
		second.want(204, "DELETE", "/door", nil)
		first.wantStatus("in", "")
		second.link(200, c.slips[0], false)
		h.clock.Advance(aliveFor - time.Second)
		second.wantStatus("waiting", "")
		h.clock.Advance(time.Second)
		second.wantStatus("in", "")
		first.wantStatus("out", "moved")
	})
}

// An own device that was silent while the seat entered elsewhere keeps its
// place, and waits while the other is there.
func TestOwnDeviceComesBack(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(1)
		home, class := h.device(), h.device()
		home.link(200, c.slips[0], true)
		h.clock.Advance(12 * time.Hour)
		if r := class.link(200, c.slips[0], false); r.text("status") != "in" {
			h.t.Fatal("a silent device at home keeps the pupil out: " + r.raw)
		}
		home.wantStatus("waiting", "")
		class.wantStatus("in", "")
		class.want(204, "DELETE", "/door", nil)
		home.wantStatus("in", "")
	})
}

// A server that has just started does not take the seat from a device that it
// has not heard yet.
func TestRestart(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(1)
		first, second := h.device(), h.device()
		first.link(200, c.slips[0], false)
		for range 8 { // four minutes of signs of life, not yet written
			h.clock.Advance(30 * time.Second)
			first.wantStatus("in", "")
		}
		texts, err := i18n.Load()
		if err != nil {
			h.t.Fatal(err)
		}
		h.open(h.db, texts)
		if r := second.link(200, c.slips[0], false); r.text("status") != "waiting" {
			h.t.Fatal("a restart gives the seat away: " + r.raw)
		}
		first.wantStatus("in", "")
	})
}

// One write for many heartbeats, and none for each.
func TestHeartbeatsAreNotWritten(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(3)
		for _, s := range c.slips {
			d := h.device()
			d.link(200, s, true)
			h.clock.Advance(time.Minute)
			d.wantStatus("in", "")
		}
		seen := `SELECT count(*) FROM seat_session WHERE last_seen_at > created_at`
		if n := h.count(seen); n != 0 {
			h.t.Fatalf("%d heartbeats were written", n)
		}
		if err := h.Flush(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		if n := h.count(seen); n != 3 {
			h.t.Fatalf("%d sessions written after a flush, want 3", n)
		}
		if again := h.hold.unwritten(h.now()); len(again) != 0 {
			h.t.Fatalf("written twice: %v", again)
		}
	})
}

// When everybody comes at once, a device is told its place, comes again with its
// ticket, and is let in at its turn; one without a ticket does not pass it.
func TestDoorLine(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(3)
		h.turnstile = httpx.NewTurnstile(1, 0, h.clock.Now)
		leave, err := h.turnstile.Enter(h.t.Context(), "") // somebody who is being served
		if err != nil {
			h.t.Fatal(err)
		}
		d := h.device()
		r := d.want(429, "POST", "/door/link", map[string]any{"auth": c.slips[0].auth})
		extra, ok := r.body["extra"].(map[string]any)
		if !ok || extra["place"] != 1.0 || r.body["retryAfter"] != 1.0 {
			h.t.Fatal(r.raw)
		}
		d.ticket = extra["ticket"].(string)
		other := h.device()
		r = other.want(429, "POST", "/door/code", map[string]any{"code": "AAAA-AAAAA"})
		if r.body["extra"].(map[string]any)["place"] != 2.0 {
			h.t.Fatal(r.raw)
		}
		leave()
		late := h.device()
		if r := late.want(429, "POST", "/door/link", map[string]any{"auth": c.slips[2].auth}); r.body["extra"].(map[string]any)["place"] != 3.0 {
			h.t.Fatalf("a device without a ticket passed those with: %s", r.raw)
		}
		h.clock.Advance(time.Second)
		d.link(200, c.slips[0], false)
		late.link(200, c.slips[2], false)
	})
}

// A spare slip opens nothing before it is attached to a seat; then it opens that
// seat, the lost slip nothing, and no second seat can have it.
func TestSpareSlip(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		c := h.class(2)
		spare := newSlip(0)
		h.device().link(404, spare, false)
		in := NewSecret{AuthHash: spare.authHash, SeatCode: spare.seatCode, Spare: true}
		if _, err := h.ReplaceSecret(ctx, school, "head", c.slips[0].id, in); err != nil {
			h.t.Fatal(err)
		}
		h.device().link(200, spare, false)
		h.device().link(404, c.slips[0], false)
		if _, err := h.ReplaceSecret(ctx, school, "head", c.slips[1].id, in); !fault.Is(err, fault.Conflict) {
			h.t.Fatalf("one spare for two seats: %v", err)
		}
		h.device().link(200, c.slips[1], false)
		var acts int
		if err := h.db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM audit WHERE act = 'seat.spare' AND subject_id = $1`, c.slips[0].id).Scan(&acts); err != nil || acts != 1 {
			h.t.Fatalf("%d acts in the trail, %v", acts, err)
		}
	})
}
