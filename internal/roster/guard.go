package roster

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/store"
)

// The arithmetic of guessing.
//
// Links carry 128 bits and are not guessed. A typed code has 28⁴ = 614,656
// group parts and 28⁵ = 17,210,368 seat parts, and opens nothing but a group
// whose door is open. Somebody who knows the group part (it is on every slip of
// the class) and faces 30 seats is right once in 573,679 tries. Against that:
//
//   - A browser that has entered this school before (its door cookie says so,
//     signed) tries five times freely; a seat vouches for 20 browsers, then one
//     an hour, so such cookies cannot be farmed: at most 44 × 5 = 220 free
//     tries in a day, 0.04 %.
//   - Any other browser tries three times freely while the door is calm (fewer
//     than 60 wrong codes lately). Then each try costs work: 1 to 8 puzzles of
//     2¹⁴ hashes each, at most a second in all on a slow phone. The challenge
//     is signed, for that browser and that door, for two minutes, once.
//   - Work alone does not stop a fast machine (8 × 2¹⁴ hashes are a
//     hundredth of a second of one core). So once the door is not calm, browsers
//     that never entered this school also share, by network they come from, 60
//     tries and then one every two seconds. A whole class on new devices passes
//     in the first burst; in the 15 minutes of an open door one network gets
//     60 + 60 + 450 = 570 tries, 0.1 %. It is not a limit by address alone:
//     slips, browsers that have entered before and calm doors never meet it.
//   - Many networks together meet the fuse: after 5,000 wrong codes in one
//     opening (0.87 %), browsers that never entered this school are asked to use
//     their slip until staff open the door again. Staff see the count long
//     before; ten networks must keep at it for the whole quarter of an hour.
//
// What somebody types wrong never counts against another browser that has
// entered before, and never against a slip. A try counts as wrong until it has
// proved right, so that many at once learn no more than one after the other.
const (
	knownFree   = 5    // wrong codes of a browser that has entered the school
	newFree     = 3    // of any other, at a calm door
	calmBelow   = 60   // wrong codes at a door lately
	fuse        = 5000 // wrong codes at a door in one opening
	netBurst    = 60
	netEvery    = 2 * time.Second
	vouchBurst  = 20
	vouchEvery  = time.Hour
	mostPuzzles = 8
	puzzleBits  = 14

	browserForgets = 3 * time.Minute  // for each wrong code
	doorForgets    = 20 * time.Second // so that a door is calm 40 minutes after the worst
	doorCookieName = "door"
	doorCookieFor  = 90 * 24 * time.Hour
	maxRemembered  = 100_000
)

// guard remembers, in memory and for minutes, who tried wrong codes where.
type guard struct {
	key  []byte
	now  func() time.Time
	nets *httpx.Limiter // by door and network, for browsers new to a door that is not calm
	seat *httpx.Limiter // by seat: how many browsers it vouches for

	mu       sync.Mutex // guards all below
	browsers *tally
	doors    *tally
	total    map[string]tried // by group, since its door opened
	used     map[string]int64 // challenges answered, and when they would have expired (UTC ms)
}

// tried is what staff see of wrong codes at a door.
type tried struct {
	count int
	at    int64 // UTC ms of the last
}

func newGuard(key []byte, now func() time.Time) *guard {
	return &guard{
		key: key, now: now,
		nets:     httpx.NewLimiter(netBurst, netEvery, maxRemembered, now),
		seat:     httpx.NewLimiter(vouchBurst, vouchEvery, maxRemembered, now),
		browsers: newTally(browserForgets, 12, maxRemembered), doors: newTally(doorForgets, 2*calmBelow, maxRemembered),
		total: map[string]tried{}, used: map[string]int64{},
	}
}

// browser is a browser as its door cookie tells: a random id, and the school it
// has entered before. The cookie holds nothing of a seat.
type browser struct{ id, school string }

// browser reads a door cookie; without a good one the browser is new.
func (g *guard) browser(cookie string) browser {
	text, mac, ok := cutLast(cookie, ".")
	if ok && hmac.Equal([]byte(mac), []byte(g.sign("cookie", text))) {
		if part := strings.Split(text, "."); len(part) == 3 {
			made, err := strconv.ParseInt(part[2], 10, 64)
			if err == nil && g.now().UnixMilli()-made < doorCookieFor.Milliseconds() {
				return browser{part[0], part[1]}
			}
		}
	}
	return browser{id: store.NewID()}
}

func cutLast(text, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return "", "", false
	}
	return text[:i], text[i+len(sep):], true
}

func (g *guard) sign(use, text string) string {
	m := hmac.New(sha256.New, g.key)
	m.Write([]byte(use + "\n" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

func (s *Service) doorCookie(b browser) http.Cookie {
	text := b.id + "." + b.school + "." + strconv.FormatInt(s.now(), 10)
	return s.api.Cookie(doorCookieName, text+"."+s.guard.sign("cookie", text), doorCookieFor)
}

// vouch is called when a browser has entered a seat: it is known in that school
// from now on, unless the seat has vouched for too many.
func (g *guard) vouch(b browser, seat, school string) browser {
	if b.school == school {
		return b
	}
	if ok, _ := g.seat.Take(seat); ok {
		b.school = school
	}
	return b
}

// pass lets a try at a door through, or says what it costs. A try that passes
// counts as wrong until right takes it back. door is the group's id, empty when
// no group has that code.
func (g *guard) pass(b browser, door, school string, ip netip.Addr, proof *Proof) error {
	now := g.now().UnixMilli()
	g.mu.Lock()
	defer g.mu.Unlock()
	own := g.browsers.count(b.id, now)
	calm := g.doors.count(door, now) < calmBelow
	known := school != "" && b.school == school
	if !known && door != "" && g.total[door].count >= fuse {
		return fault.New(fault.Limited, "door.use_slip")
	}
	puzzles := cost(known, calm, own)
	if puzzles > 0 {
		if err := g.checkProof(b, door, puzzles, proof, now); err != nil {
			return err
		}
	}
	if !known && !calm {
		if ok, wait := g.nets.Take(door + " " + network(ip)); !ok {
			return fault.New(fault.Limited, "door.busy").After(wait).With("challenge", g.challenge(b, door, puzzles, now))
		}
	}
	g.browsers.add(b.id, 1, now)
	g.doors.add(door, 1, now)
	if door != "" {
		g.total[door] = tried{g.total[door].count + 1, now}
	}
	return nil
}

// cost is the number of puzzles that a try costs.
func cost(known, calm bool, own int) int {
	free := newFree
	switch {
	case known:
		free = knownFree
	case !calm:
		return mostPuzzles
	}
	if own < free {
		return 0
	}
	return min(mostPuzzles, 1<<(own-free))
}

// right takes back a try that was not wrong.
func (g *guard) right(b browser, door string) {
	now := g.now().UnixMilli()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.browsers.add(b.id, -1, now)
	g.doors.add(door, -1, now)
	if t := g.total[door]; t.count > 0 {
		t.count--
		g.total[door] = t
	}
}

// network is the part of an address that one subscriber has: never a limit by
// itself.
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

// opened forgets what was tried at a door when staff open or close it.
func (g *guard) opened(door string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.total, door)
}

// tries is what staff see of wrong codes at a door since it opened.
func (g *guard) tries(door string) tried {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.total[door]
}
