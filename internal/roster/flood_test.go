package roster

import (
	"fmt"
	"math"
	"testing"
	"time"

	"preau/internal/identity"
)

// The chance of entering some seat of a class of thirty with n wrong codes.
func guessed(n int) float64 { return 1 - math.Pow(1-30/math.Pow(28, 5), float64(n)) }

// actor is one browser, or one thread of a machine that guesses. It computes
// rate hashes a second, and follows the rules of web/src/features/door/work.ts:
// it does the work that is asked, waits as long as it is told, and tries the
// same code again.
type actor struct {
	*device
	rate  float64
	next  time.Time
	code  string
	proof map[string]any
	asked string
	done  time.Time
}

const reach = 20 * time.Millisecond // of one request and its answer

// step does the one request that is due and says what was answered.
func (a *actor) step(h *house) reply {
	body := map[string]any{"code": a.code}
	if a.proof != nil {
		body["proof"] = a.proof
	}
	if a.asked != "" {
		body["asked"] = a.asked
	}
	r := a.do("POST", "/door/code", body)
	a.proof = nil
	wait := reach
	if c, work := r.body["challenge"].(map[string]any); work {
		a.asked, a.proof = "", solve(c)
		// The house asks for fewer bits than it would, to spare the test the
		// work; its time is that of the whole.
		hashes := c["puzzles"].(float64) * math.Exp2(c["bits"].(float64)+puzzleBits-float64(h.guard.bits))
		wait += time.Duration(hashes / a.rate * float64(time.Second))
	} else if extra, ok := r.body["extra"].(map[string]any); ok && r.status == 429 {
		a.asked = extra["asked"].(string)
		wait += time.Duration(r.body["retryAfter"].(float64)) * time.Second
	}
	a.next = h.clock.Now().Add(wait)
	return r
}

// flood is a machine that types wrong codes as fast as it can, each from a
// browser that the door has not seen, and waits for no staff.
type flood struct {
	threads []*actor
	typed   int
	told    int // wrong codes that it was told are wrong
}

func (h *house) flood(threads int, rate float64) *flood {
	f := &flood{}
	for range threads {
		f.threads = append(f.threads, &actor{rate: rate / float64(threads), next: h.clock.Now()})
	}
	return f
}

func (f *flood) step(h *house, a *actor, c class) {
	if a.device == nil {
		f.typed++
		a.device, a.code = h.device(), c.code+"-"+wrongCode(c, f.typed)
	}
	r := a.step(h)
	switch {
	case r.status == 404:
		f.told++
	case r.status == 200:
		h.t.Fatal("a wrong code opens: " + a.code)
	case a.asked == "":
		return
	}
	a.device, a.asked, a.next = nil, "", h.clock.Now().Add(reach)
}

// run lets everybody act in the order of time, until all devices are in or the
// time is over. staff is called every five seconds, as a group's page is.
func (h *house) run(f *flood, c class, devices []*actor, until time.Time, staff func()) {
	watch := h.clock.Now()
	for {
		next, left := (*actor)(nil), 0
		for _, a := range append(devices, f.threads...) {
			if a.done.IsZero() && (next == nil || a.next.Before(next.next)) {
				next = a
			}
		}
		for _, a := range devices {
			if a.done.IsZero() {
				left++
			}
		}
		if devices != nil && left == 0 || next.next.After(until) {
			return
		}
		if watch.Before(next.next) {
			h.clock.Advance(watch.Sub(h.clock.Now()))
			staff()
			watch = watch.Add(5 * time.Second)
			continue
		}
		h.clock.Advance(max(0, next.next.Sub(h.clock.Now())))
		if next.code == "" || next.device == nil || !isDevice(devices, next) {
			f.step(h, next, c)
		} else if r := next.step(h); r.status == 200 {
			next.done = h.clock.Now()
		}
	}
}

func isDevice(devices []*actor, a *actor) bool {
	for _, d := range devices {
		if d == a {
			return true
		}
	}
	return false
}

// typedBefore stands for wrong codes that the flood's network typed at the door
// before: typing each would take the test minutes.
func (h *house) typedBefore(c class, n int) {
	h.guard.doors[c.group] = &watch{since: h.now(), wrong: n, at: h.now(), strangers: n, networks: map[string]int{network(addr("192.0.2.1")): n}}
}

// tablets are thirty browsers that never entered, behind the flood's own
// address: ten of them slow.
func (h *house) tablets(c class) []*actor {
	var list []*actor
	for i := range 30 {
		rate := 1e6
		if i%3 == 0 {
			rate = 260e3
		}
		list = append(list, &actor{device: h.device(), rate: rate, code: c.typed(i), next: h.clock.Now().Add(time.Duration(i) * 100 * time.Millisecond)})
	}
	return list
}

func wantIn(t *testing.T, devices []*actor, since time.Time) {
	t.Helper()
	slowest := time.Duration(0)
	for i, d := range devices {
		if d.done.IsZero() {
			t.Errorf("tablet %d is not in after half a minute", i)
			continue
		}
		slowest = max(slowest, d.done.Sub(since))
	}
	t.Logf("all in after %v", slowest)
}

// Thirty new tablets behind one address get in within half a minute while a
// fast computer on the same network floods the door: by themselves at first;
// once there have been as many wrong codes as one network may type, by an adult
// who says yes to each. Over the longest door the flood learns too little to
// enter a seat with a chance of one in a hundred.
func TestFloodAndThirtyTablets(t *testing.T) {
	h := build(t, sqlite(t))
	h.guard.bits = 1
	c := h.class(30)
	group := "/schools/" + school + "/groups/" + c.group
	teacher := h.signIn("teacher", overGroup(identity.Teacher, c.group))
	h.openDoor(c, MaxDoorMinutes)
	opened := h.clock.Now()
	f := h.flood(4, 12e6) // the page's own work on four threads of a laptop
	h.typedBefore(c, 1920)
	watched := func() {
		if n := len(teacher.want(200, "GET", group+"/presence", nil).list("entries")); n != 0 {
			t.Fatalf("staff are asked about %d devices", n)
		}
	}
	h.run(f, c, nil, opened.Add(20*time.Second), watched)
	if f.told < 20 {
		t.Fatalf("no flood: %d wrong codes", f.told)
	}
	first := h.tablets(c)
	arrived := h.clock.Now()
	h.run(f, c, first, arrived.Add(30*time.Second), watched)
	wantIn(t, first, arrived)

	// A machine made for it, until its network has typed all it may.
	for _, d := range first {
		d.want(204, "DELETE", "/door", nil)
	}
	for _, a := range f.threads {
		a.rate *= 10
	}
	const before = networkMost - 50
	h.typedBefore(c, before)
	told := f.told
	h.run(f, c, nil, h.clock.Now().Add(5*time.Second), watched)
	all := before + f.told - told
	told = f.told
	if all < networkMost {
		t.Fatalf("no flood: %d wrong codes", all)
	}
	second := h.tablets(c)
	arrived = h.clock.Now()
	answered := 0
	h.run(f, c, second, arrived.Add(30*time.Second), func() {
		for _, e := range teacher.want(200, "GET", group+"/presence", nil).list("entries") {
			if e["tried"] != true {
				t.Fatalf("not as at a door being tried: %v", e)
			}
			teacher.want(204, "POST", group+"/entries/"+e["id"].(string), map[string]any{"admit": true})
			answered++
		}
	})
	wantIn(t, second, arrived)
	if answered != 30 {
		t.Errorf("staff answered %d times, want 30", answered)
	}
	if f.told != told || f.typed < told+100 {
		t.Errorf("after the ceiling %d of %d more codes were told wrong", f.told-told, f.typed-told)
	}
	// What the flood was told, and as many as a seat of its own vouches for.
	if most := all + voucherMost + MaxDoorMinutes/2; all > networkMost+len(f.threads) || guessed(most) >= 0.01 {
		t.Errorf("%d wrong codes: a chance of %.4f", most, guessed(most))
	}
	if p := guessed(doorMost + voucherMost + MaxDoorMinutes/2); p >= 0.01 {
		t.Errorf("all networks together: a chance of %.4f", p)
	}
	t.Logf("%d wrong codes told so: a chance of %.4f", all, guessed(all))
}

// The browsers that one slip made known share what known browsers may type
// wrong, over the longest door; beyond, they are as new as any other, and new
// browsers pay nothing for them before.
func TestKnownBrowsersHaveACeiling(t *testing.T) {
	h := build(t, sqlite(t))
	h.guard.bits = 1
	c := h.class(30)
	h.openDoor(c, MaxDoorMinutes)
	var known []*device
	for range 3 {
		d := h.device()
		d.link(200, c.slips[0], false)
		d.want(204, "DELETE", "/door", nil)
		known = append(known, d)
	}
	typed, spent := 0, 0
	for range MaxDoorMinutes - 1 {
		for _, d := range known {
			typed++
			d.code(c.code + "-" + wrongCode(c, typed))
		}
		h.clock.Advance(time.Minute)
	}
	w := h.guard.doors[c.group]
	if spent = typed - w.strangers; spent > voucherMost+MaxDoorMinutes/2+1 {
		t.Fatalf("%d wrong codes of known browsers were not counted as those of new ones", spent)
	}
	if guessed(spent) >= 0.001 {
		t.Fatalf("%d wrong codes: a chance of %.4f", spent, guessed(spent))
	}
	teacher := h.signIn("teacher", overGroup(identity.Teacher, c.group))
	r := teacher.want(200, "GET", "/schools/"+school+"/groups/"+c.group+"/presence", nil)
	if by := fmt.Sprint(r.body["triedBy"]); by != "["+c.slips[0].id+"]" {
		t.Fatalf("staff are told of %s, want the seat that vouches", by)
	}
	// A known browser of another seat types freely all the while.
	other := h.device()
	other.link(200, c.slips[1], false)
	other.want(204, "DELETE", "/door", nil)
	if r, puzzles := other.code(c.typed(2)); r.status != 200 || puzzles != 0 {
		t.Fatalf("another known browser: %d puzzles, %s", puzzles, r.raw)
	}
}

// Where only staff answer, a right code and a wrong one are told the same, down
// to the refusal; only a yes tells them apart.
func TestAskingTellsNothing(t *testing.T) {
	each(t, func(h *house) {
		h.guard.bits = 1
		c := h.class(3)
		h.openDoor(c, 60)
		group := "/schools/" + school + "/groups/" + c.group
		teacher := h.signIn("teacher", overGroup(identity.Teacher, c.group))
		stranger := h.signIn("stranger", overGroup(identity.Teacher, "another"))
		h.guard.doors[c.group] = &watch{since: h.now(), networks: map[string]int{network(addr("192.0.2.1")): networkMost}}
		again := func(d *device, code string, r reply) reply {
			return d.do("POST", "/door/code", map[string]any{"code": code, "asked": r.body["extra"].(map[string]any)["asked"]})
		}
		shape := func(r reply) string {
			extra, _ := r.body["extra"].(map[string]any)
			asked, _ := extra["asked"].(string)
			return fmt.Sprint(r.status, r.text("detail"), r.body["retryAfter"], r.body["challenge"], len(asked), len(extra), len(r.body))
		}
		right, wrong := h.device(), h.device()
		wrongly := c.code + "-" + wrongCode(c, 1)
		a, puzzles := right.code(c.typed(0))
		b, same := wrong.code(wrongly)
		if a.status != 429 || puzzles != mostPuzzles || same != puzzles || shape(a) != shape(b) {
			h.t.Fatalf("right: %s\nwrong: %s", a.raw, b.raw)
		}
		entries := teacher.want(200, "GET", group+"/presence", nil).list("entries")
		if len(entries) != 1 || entries[0]["seatId"] != c.slips[0].id || entries[0]["tried"] != true {
			h.t.Fatalf("staff see %v", entries)
		}
		path := group + "/entries/" + entries[0]["id"].(string)
		stranger.want(403, "POST", path, map[string]any{"admit": true})
		teacher.want(204, "POST", path, map[string]any{"admit": false})
		teacher.want(410, "POST", path, map[string]any{"admit": true})
		if a, b = again(right, c.typed(0), a), again(wrong, wrongly, b); shape(a) != shape(b) {
			h.t.Fatalf("after a refusal, right: %s\nwrong: %s", a.raw, b.raw)
		}
		// The token is for that code, in that browser, for its time.
		for name, r := range map[string]reply{"another code": again(right, c.typed(1), a), "another browser": again(h.device(), c.typed(0), a)} {
			if _, work := r.body["challenge"]; !work {
				h.t.Errorf("%s: %s", name, r.raw)
			}
		}
		h.clock.Advance(askedFor + time.Second)
		if r := again(right, c.typed(0), a); r.body["challenge"] == nil {
			h.t.Fatal("a token lasts too long: " + r.raw)
		}
		// Yes.
		r, _ := right.code(c.typed(0))
		id := teacher.want(200, "GET", group+"/presence", nil).list("entries")[0]["id"].(string)
		teacher.want(204, "POST", group+"/entries/"+id, map[string]any{"admit": true})
		if r = again(right, c.typed(0), r); r.status != 200 || r.text("status") != "in" {
			h.t.Fatal(r.raw)
		}
		if n := h.count(`SELECT count(*) FROM audit WHERE act IN ('entry.admit', 'entry.refuse') AND actor_id = 'teacher'`); n != 2 {
			h.t.Fatalf("%d answers in the audit trail, want 2", n)
		}
		// A device that stops asking is not shown for long.
		silent := h.device()
		silent.code(c.typed(1))
		h.clock.Advance(askedAlive)
		if n := len(teacher.want(200, "GET", group+"/presence", nil).list("entries")); n != 0 {
			h.t.Fatalf("staff see %d devices that are gone", n)
		}
		// Four devices with the right code of one seat: three are kept.
		for range maxAsked + 1 {
			h.device().code(c.typed(2))
			h.clock.Advance(time.Millisecond)
		}
		if n := len(teacher.want(200, "GET", group+"/presence", nil).list("entries")); n != maxAsked {
			h.t.Fatalf("%d devices ask for one seat, want %d", n, maxAsked)
		}
	})
}

// A closed door and a group that does not exist cost the same work to find.
func TestGroupCodesAreNotListed(t *testing.T) {
	h := build(t, sqlite(t))
	h.guard.bits = 1
	c := h.class(2)
	work := 0
	for i := range 100 {
		code := fmt.Sprintf("%s-%s", wrongCode(c, i)[:GroupCodeLength], "00000")
		status := 404
		if i%2 == 0 {
			code, status = c.typed(0), 403
		}
		r, puzzles := h.device().code(code)
		if r.status != status {
			t.Fatalf("%s: %s", code, r.raw)
		}
		if puzzles > 0 {
			work++
		}
	}
	if work != 100-calmBelow {
		t.Fatalf("%d of 100 tries cost work, want those after the first %d", work, calmBelow)
	}
	h.openDoor(c, 5)
	if r, puzzles := h.device().code(c.typed(0)); r.status != 200 || puzzles != 0 {
		t.Fatalf("tries at no door made an open one cost %d puzzles: %s", puzzles, r.raw)
	}
}

// One slip makes a bounded number of rows.
func TestEntriesBySlipAreLimited(t *testing.T) {
	h := build(t, sqlite(t))
	c := h.class(2)
	for range linkBurst {
		h.device().link(200, c.slips[0], false)
	}
	h.device().link(429, c.slips[0], false)
	h.device().link(200, c.slips[1], false)
	h.clock.Advance(linkEvery)
	h.device().link(200, c.slips[0], false)
}
