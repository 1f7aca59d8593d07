package roster

import (
	"math/bits"
	"net/netip"
	"sync"
	"time"

	"preau/internal/httpx"
)

// The arithmetic of guessing.
//
// Links carry 128 bits and are not guessed. A typed code has 28⁴ = 614,656
// group parts and 28⁵ = 17,210,368 seat parts, and opens nothing but a group
// whose door is open. Somebody who knows the group part (it is on every slip of
// the class) and faces 30 seats is right with a chance of p = 30 / 28⁵, once in
// 573,679 tries. Right codes are never counted: what follows counts wrong ones.
//
//   - A browser that has entered this school before (its door cookie says so,
//     signed, with the seat that vouches for it) is known: five tries freely,
//     then 1 to 8 puzzles. A seat vouches for 20 browsers, then one an hour. All
//     the browsers that one seat vouches for share 30 wrong codes, and one more
//     every two minutes: 30 + 120 = 150 while a door is open for its longest,
//     240 minutes. Beyond, they are as new as any other.
//   - A new browser tries three times freely while its network has typed fewer
//     than 60 wrong codes at this door since it opened. From then on every try
//     costs eight puzzles of 2¹⁴ hashes, and twice as much each time the
//     network's wrong codes double: 2¹⁹ from 1,920 on, 4.2 million hashes,
//     sixteen seconds of a slow telephone and a tenth of a second of a machine
//     made for it.
//   - Work does not stop a fast machine. After 3,000 wrong codes of one network
//     or 4,500 of all of them at a door since it opened, a new browser's try is
//     not answered any more, right or wrong: it waits for staff, who see the
//     right ones (asking.go).
//
// Whoever guesses from one network, with a seat of their own, is thus told
// "right" or "wrong" 3,000 + 150 times at most: 3,150 p = 0.55 %. All networks
// together: 4,500 p = 0.78 %, and 0.03 % for each seat that joins them. Staff
// who open the door again begin the count again.
//
// No count of anybody's wrong codes ever refuses a right one: it makes it cost
// work, or an adult's look. A slip meets none of this. A try counts as wrong
// until it has proved right, so that many at once learn no more than one after
// the other.
const (
	knownFree   = 5  // wrong codes of a known browser before it works
	newFree     = 3  // of a new one, where its network is calm
	calmBelow   = 60 // wrong codes of new browsers of one network at one door
	networkMost = 3000
	doorMost    = 4500 // of all networks
	voucherMost = 30   // of all browsers that one seat vouches for
	vouchBurst  = 20
	vouchEvery  = time.Hour
	mostPuzzles = 8
	puzzleBits  = 14 // of a puzzle where it is calm
	mostSteps   = 5  // by which the bits grow

	browserForgets = 3 * time.Minute // for each wrong code
	voucherForgets = 2 * time.Minute
	maxRemembered  = 100_000
	maxNetworks    = 10_000 // at one door; the others of it share one count
	watchFor       = MaxDoorMinutes * time.Minute
)

// guard remembers, in memory, who tried wrong codes where.
type guard struct {
	key    []byte
	now    func() time.Time
	vouchs *httpx.Limiter // by seat: how many browsers it vouches for
	bits   int            // puzzleBits; tests ask for less

	mu       sync.Mutex // guards all below
	browsers *tally     // by browser
	vouchers *tally     // by the mark of the seat that vouches
	doors    map[string]*watch
	used     map[string]int64 // challenges answered, and when they would have expired (UTC ms)
}

// watch counts the wrong codes at one door since it opened.
type watch struct {
	since     int64 // UTC ms
	wrong     int   // of everybody, as staff see it
	at        int64 // UTC ms of the last
	strangers int   // of new browsers
	networks  map[string]int
}

// tried is what staff see of wrong codes at a door.
type tried struct {
	count int
	at    int64 // UTC ms of the last
}

// try is a code typed at a door, as the guard counts it.
type try struct {
	browser browser
	door    string // the group's id; empty when no open door has that code
	network string
	known   bool // counted against the seat that vouches, not the network
}

func newGuard(key []byte, now func() time.Time) *guard {
	return &guard{
		key: key, now: now, bits: puzzleBits,
		vouchs:   httpx.NewLimiter(vouchBurst, vouchEvery, maxRemembered, now),
		browsers: newTally(browserForgets, 12, maxRemembered), vouchers: newTally(voucherForgets, voucherMost, maxRemembered),
		doors: map[string]*watch{}, used: map[string]int64{},
	}
}

// pass lets a try at a door through, or says what it costs. What passes counts
// as wrong until right takes it back. ask says that nothing may be told of the
// code to the one who typed it: staff answer.
func (g *guard) pass(b browser, door, school string, ip netip.Addr, proof *Proof) (t try, ask bool, err error) {
	now := g.now().UnixMilli()
	g.mu.Lock()
	defer g.mu.Unlock()
	w := g.watch(door, now)
	t = try{browser: b, door: door, network: w.network(ip)}
	t.known = school != "" && b.school == school && g.vouchers.count(b.voucher, now) < voucherMost
	puzzles, steps := cost(t.known, w.networks[t.network], g.browsers.count(b.id, now))
	if puzzles > 0 {
		if err := g.checkProof(b, door, puzzles, g.bits+steps, proof, now); err != nil {
			return t, false, err
		}
	}
	ask = door != "" && !t.known && (w.networks[t.network] >= networkMost || w.strangers >= doorMost)
	g.count(t, 1, now)
	w.at = now
	return t, ask, nil
}

// right takes back a try that was not wrong.
func (g *guard) right(t try) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count(t, -1, g.now().UnixMilli())
}

// count adds to all that a try counts against. The caller holds g.mu.
func (g *guard) count(t try, by int, now int64) {
	g.browsers.add(t.browser.id, float64(by), now)
	w := g.watch(t.door, now)
	w.wrong = max(0, w.wrong+by)
	if t.known {
		g.vouchers.add(t.browser.voucher, float64(by), now)
		return
	}
	w.strangers = max(0, w.strangers+by)
	w.networks[t.network] = max(0, w.networks[t.network]+by)
}

// watch gives the counts of a door. Those of no door begin again after as long
// as a door may stay open. The caller holds g.mu.
func (g *guard) watch(door string, now int64) *watch {
	w := g.doors[door]
	if w == nil || door == "" && now-w.since > watchFor.Milliseconds() {
		w = &watch{since: now, networks: map[string]int{}}
		g.doors[door] = w
	}
	return w
}

// network names the network of an address at this door: the part of the
// address that one subscriber has, never a reason to refuse by itself.
func (w *watch) network(ip netip.Addr) string {
	n := network(ip)
	if _, counted := w.networks[n]; !counted && len(w.networks) >= maxNetworks {
		return "others"
	}
	return n
}

func network(ip netip.Addr) string {
	bits := 24
	if ip.Is6() {
		bits = 48
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// cost is what a try costs: a number of puzzles, and the bits that each has
// above the least. here counts the wrong codes of its network at this door, own
// those of the browser.
func cost(known bool, here, own int) (puzzles, steps int) {
	free := newFree
	switch {
	case known:
		free = knownFree
	case here >= calmBelow:
		return mostPuzzles, min(mostSteps, bits.Len(uint(here/calmBelow))-1)
	}
	if own < free {
		return 0, 0
	}
	return min(mostPuzzles, 1<<(own-free)), 0
}

// opened forgets what was tried at a door when staff open or close it.
func (g *guard) opened(door string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.doors, door)
}

// tries is what staff see of wrong codes at a door since it opened.
func (g *guard) tries(door string) tried {
	g.mu.Lock()
	defer g.mu.Unlock()
	if w := g.doors[door]; w != nil {
		return tried{w.wrong, w.at}
	}
	return tried{}
}

// suspects says which of the seats vouch for browsers that have typed, lately,
// half of the wrong codes that known browsers may.
func (g *guard) suspects(seats []string) []string {
	now := g.now().UnixMilli()
	g.mu.Lock()
	defer g.mu.Unlock()
	out := []string{}
	for _, seat := range seats {
		if g.vouchers.count(g.mark(seat), now) >= voucherMost/2 {
			out = append(out, seat)
		}
	}
	return out
}
