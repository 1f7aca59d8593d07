package roster

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// Challenge is work to do before another try. For each puzzle i from 0, find a
// number n so that SHA-256(token + "." + i + "." + n), with numbers in decimal
// and no padding, begins with that many zero bits.
type Challenge struct {
	Token     string `json:"token"`
	Puzzles   int    `json:"puzzles"`
	Bits      int    `json:"bits"`
	ExpiresAt int64  `json:"expiresAt"`
}

// Proof is the answer to a challenge: one number for each puzzle.
type Proof struct {
	Token   string  `json:"token" maxLength:"200"`
	Answers []int64 `json:"answers" maxItems:"8"`
}

const challengeFor = 2 * time.Minute

// challenge makes work for one browser at one door. A token is
// puzzles.bits.expiry.nonce.mac; browser and door are under the mac only.
func (g *guard) challenge(b browser, door string, puzzles, zeros int, now int64) Challenge {
	until := now + challengeFor.Milliseconds()
	text := strconv.Itoa(puzzles) + "." + strconv.Itoa(zeros) + "." + strconv.FormatInt(until, 10) + "." + store.NewID()
	return Challenge{Token: text + "." + g.sign("challenge\n"+b.id+"\n"+door, text), Puzzles: puzzles, Bits: zeros, ExpiresAt: until}
}

// checkProof asks for as much work as this try costs, and accepts an answer
// once. What a try costs may double twice while a device is at work: a quarter
// of the present cost is enough for a challenge of these two minutes. The
// caller holds g.mu.
func (g *guard) checkProof(b browser, door string, puzzles, zeros int, proof *Proof, now int64) error {
	ask := func() error {
		return fault.New(fault.Limited, "door.work_first").With("challenge", g.challenge(b, door, puzzles, zeros, now))
	}
	if proof == nil {
		return ask()
	}
	text, mac, ok := cutLast(proof.Token, ".")
	part := strings.Split(text, ".")
	if !ok || len(part) != 4 || mac != g.sign("challenge\n"+b.id+"\n"+door, text) {
		return ask()
	}
	given, err1 := strconv.Atoi(part[0])
	of, err2 := strconv.Atoi(part[1])
	until, err3 := strconv.ParseInt(part[2], 10, 64)
	if err1 != nil || err2 != nil || err3 != nil || until < now || len(proof.Answers) != given || given<<of*4 < puzzles<<zeros {
		return ask()
	}
	for i, n := range proof.Answers {
		if !solves(proof.Token, i, of, n) {
			return ask()
		}
	}
	if _, again := g.used[part[3]]; again {
		return ask()
	}
	// Each entry cost its sender the work, so the map is bounded by work; what
	// has expired leaves whenever it has doubled.
	if n := len(g.used); n >= 1024 && n&(n-1) == 0 {
		for nonce, expiry := range g.used {
			if expiry < now {
				delete(g.used, nonce)
			}
		}
	}
	g.used[part[3]] = until
	return nil
}

func solves(token string, puzzle, zeros int, n int64) bool {
	sum := sha256.Sum256([]byte(token + "." + strconv.Itoa(puzzle) + "." + strconv.FormatInt(n, 10)))
	return bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:4])) >= zeros
}
