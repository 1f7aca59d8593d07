package roster

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"preau/internal/identity"
)

// A whole school, one address, five minutes, new browsers: everybody gets in.
func TestThousandFromOneAddress(t *testing.T) {
	each(t, func(h *house) {
		const classes, size = 34, 30
		for i := range classes {
			c := h.class(size)
			h.openDoor(c, 30)
			var wg sync.WaitGroup
			for j := range size {
				wg.Go(func() {
					d := h.device()
					if (i+j)%3 == 0 { // a typo first, as people do
						d.code(c.code + "-" + c.slips[j].seatCode[1:] + c.slips[j].seatCode[:1])
					}
					if r, _ := d.code(c.typed(j)); r.status != 200 {
						h.t.Errorf("seat %d of class %d: %s", j, i, r.raw)
					}
				})
			}
			wg.Wait()
			h.clock.Advance(8 * time.Second)
		}
		if n := h.count(`SELECT count(*) FROM seat_session WHERE status = 'in'`); n != classes*size {
			h.t.Fatalf("%d are in, want %d", n, classes*size)
		}
	})
}

// One child's wrong codes cost that child more and more, and nobody else
// anything but a little work.
func TestWrongCodesLockNobodyOut(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(30)
		h.openDoor(c, 60)
		known := h.device()
		known.link(200, c.slips[0], false)
		known.want(204, "DELETE", "/door", nil)

		culprit := h.device()
		most := 0
		for i := range 40 {
			r, puzzles := culprit.code(fmt.Sprintf("%s-%s", c.code, wrongCode(c, i)))
			if r.status != 404 {
				h.t.Fatalf("try %d: %s", i, r.raw)
			}
			most = max(most, puzzles)
		}
		if most != mostPuzzles {
			h.t.Fatalf("the culprit never did more than %d puzzles", most)
		}
		if r, puzzles := h.device().code(c.typed(1)); r.status != 200 || puzzles != 0 {
			h.t.Fatalf("a new browser at a door that is calm: %d puzzles, %s", puzzles, r.raw)
		}
		for i := range 40 { // from new browsers: the door is not calm any more
			h.device().code(fmt.Sprintf("%s-%s", c.code, wrongCode(c, 100+i)))
		}
		if r, puzzles := known.code(c.typed(0)); r.status != 200 || puzzles != 0 {
			h.t.Fatalf("a browser that had entered before: %d puzzles, %s", puzzles, r.raw)
		}
		if r, puzzles := h.device().code(c.typed(2)); r.status != 200 || puzzles != mostPuzzles {
			h.t.Fatalf("a new browser at a door being tried: %d puzzles, %s", puzzles, r.raw)
		}
		if r, puzzles := culprit.code(c.typed(3)); r.status != 200 || puzzles != mostPuzzles {
			h.t.Fatalf("the culprit with the right code: %d puzzles, %s", puzzles, r.raw)
		}
		h.device().link(200, c.slips[4], false)

		teacher := h.signIn("teacher", overGroup(identity.Teacher, c.group))
		r := teacher.want(200, "GET", "/schools/"+school+"/groups/"+c.group+"/presence", nil)
		if r.body["tried"] != float64(80) {
			h.t.Fatalf("staff see %v tries, want 80", r.body["tried"])
		}
	})
}

// wrongCode is a seat's part that no slip of the class has.
func wrongCode(c class, i int) string {
	code := make([]byte, SeatCodeLength)
	for j := range code {
		code[j] = Alphabet[i%28]
		i /= 28
	}
	for _, s := range c.slips {
		if s.seatCode == string(code) {
			return wrongCode(c, i*28+9999)
		}
	}
	return string(code)
}

func TestChallenge(t *testing.T) {
	h := build(t, sqlite(t))
	g, now := h.guard, h.now()
	b := browser{id: "browser"}
	good := h.proofFor(b, "door")
	few := g.challenge(b, "door", 1, puzzleBits, now)
	weak := proofOf(g.challenge(b, "door", mostPuzzles, puzzleBits-3, now))
	earlier := proofOf(g.challenge(b, "door", mostPuzzles, puzzleBits-2, now))
	cases := map[string]struct {
		b     browser
		door  string
		proof *Proof
	}{
		"none":            {b, "door", nil},
		"another browser": {browser{id: "other"}, "door", good},
		"another door":    {b, "elsewhere", good},
		"forged":          {b, "door", &Proof{Token: "8.14.99999999999999.x.AAAA", Answers: good.Answers}},
		"too little work": {b, "door", &Proof{Token: few.Token, Answers: good.Answers[:1]}},
		"an eighth":       {b, "door", weak},
		"wrong answers":   {b, "door", &Proof{Token: good.Token, Answers: make([]int64, mostPuzzles)}},
		"short":           {b, "door", &Proof{Token: good.Token, Answers: good.Answers[:7]}},
		"empty":           {b, "door", &Proof{}},
	}
	for name, c := range cases {
		if g.checkProof(c.b, c.door, mostPuzzles, puzzleBits, c.proof, now) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := g.checkProof(b, "door", mostPuzzles, puzzleBits, good, now); err != nil {
		t.Fatal("the right answer is refused:", err)
	}
	if g.checkProof(b, "door", mostPuzzles, puzzleBits, good, now) == nil {
		t.Fatal("accepted twice")
	}
	if err := g.checkProof(b, "door", mostPuzzles, puzzleBits, earlier, now); err != nil {
		t.Fatal("what a try cost a moment ago is refused:", err)
	}
	late := h.proofFor(b, "door")
	if g.checkProof(b, "door", mostPuzzles, puzzleBits, late, now+challengeFor.Milliseconds()+1) == nil {
		t.Fatal("accepted after its time")
	}
}

// A seat vouches for a bounded number of browsers.
func TestVouching(t *testing.T) {
	h := build(t, sqlite(t))
	known := 0
	for range 50 {
		b := h.guard.browser("")
		if h.guard.vouch(b, "seat", school).school == school {
			known++
		}
	}
	if known != vouchBurst {
		t.Fatalf("one seat vouched for %d browsers, want %d", known, vouchBurst)
	}
	cookie := h.doorCookie(browser{"id", school, "mark"})
	if got := h.guard.browser(cookie.Value); got != (browser{"id", school, "mark"}) {
		t.Fatalf("the door cookie reads %v", got)
	}
	if got := h.guard.browser("id." + otherSchool + cookie.Value[len("id."+school):]); got.school != "" {
		t.Fatal("a forged door cookie is believed")
	}
	h.clock.Advance(doorCookieFor)
	if got := h.guard.browser(cookie.Value); got.school != "" {
		t.Fatal("an old door cookie is believed")
	}
}
