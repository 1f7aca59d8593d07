package identity

import (
	"context"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"preau/internal/fault"
)

// Lengths of a password, in characters.
const (
	shortestPassword = 12
	longestPassword  = 256
)

//go:embed common_passwords.txt
var commonPasswords string

// checkPassword refuses a password that is too short, too long or among the
// first that anybody would try. It asks for no kind of character.
func checkPassword(password, email, field string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || n > longestPassword:
		return fault.New(fault.Invalid, "identity.password_long", "count", longestPassword).At(field)
	case n < shortestPassword:
		return fault.New(fault.Invalid, "identity.password_short", "count", shortestPassword).At(field)
	case isCommon(password, email):
		return fault.New(fault.Invalid, "identity.password_common").At(field)
	}
	return nil
}

func isCommon(password, email string) bool {
	folded := strings.ToLower(norm.NFKC.String(password))
	if folded == email || repeats(folded) {
		return true
	}
	for line := range strings.Lines(commonPasswords) {
		if strings.TrimSpace(line) == folded {
			return true
		}
	}
	return false
}

// repeats says whether s is a piece of at most four characters over and over,
// the last time perhaps cut short.
func repeats(s string) bool {
	r := []rune(s)
	for size := 1; size <= 4; size++ {
		same := true
		for i := size; i < len(r) && same; i++ {
			same = r[i] == r[i-size]
		}
		if same {
			return true
		}
	}
	return false
}

// cost is what one argon2id computation takes.
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

// present is the cost of a new password: the second choice of RFC 9106, 4,
// scaled to a machine of two cores that serves a school (OWASP's minimum).
var present = cost{memory: 19 * 1024, time: 2, threads: 1}

const (
	saltLength = 16
	keyLength  = 32
	// mostWaiting bounds the passwords that wait for a computation: at some
	// 40 ms each on one core, the last of them waits about ten seconds.
	mostWaiting = 256
	// mostFromNetwork of them, of browsers that the account does not know, come
	// from one network: its last waits about a second.
	mostFromNetwork = 32
	longestWait     = 20 * time.Second
)

// hasher computes argon2id for a few people at once, so that a Monday morning
// cannot take the memory of the machine: each computation holds cost.memory.
// Browsers that never signed in to the account they name share all slots but
// one, so that a flood of them does not keep the others waiting.
type hasher struct {
	slots     chan struct{}
	strangers lane
	familiar  lane
	dummy     string // verified in the place of an account that does not exist
}

// lane is one queue for the slots. through bounds how many of its people hold
// a slot at once.
type lane struct {
	through chan struct{}

	mu      sync.Mutex // guards all below
	waiting int
	from    map[string]int // by network
}

// join takes a place in the queue, unless it is full or has enough from there.
func (l *lane) join(network string, most int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting >= mostWaiting || l.from[network] >= most {
		return false
	}
	l.waiting++
	l.from[network]++
	return true
}

func (l *lane) quit(network string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting--
	if l.from[network]--; l.from[network] == 0 {
		delete(l.from, network)
	}
}

func (l *lane) length() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting
}

func newHasher() (*hasher, error) {
	h := sized(max(1, min(4, runtime.NumCPU())))
	var err error
	h.dummy, err = h.hash(context.Background(), base64.RawURLEncoding.EncodeToString(randomBytes(16)))
	return h, err
}

func sized(slots int) *hasher {
	return &hasher{slots: make(chan struct{}, slots),
		strangers: lane{through: make(chan struct{}, max(1, slots-1)), from: map[string]int{}}, familiar: lane{through: make(chan struct{}, slots), from: map[string]int{}}}
}

// turn waits for a slot. The caller gives it back by calling done.
func (h *hasher) turn(ctx context.Context, familiar bool) (done func(), err error) {
	l, most, network := &h.strangers, mostFromNetwork, browserOf(ctx).address
	if familiar {
		l, most = &h.familiar, mostWaiting
	}
	busy := fault.New(fault.Unavailable, "identity.busy").After(10 * time.Second)
	if !l.join(network, most) {
		return nil, busy
	}
	defer l.quit(network)
	t := time.NewTimer(longestWait)
	defer t.Stop()
	var held []chan struct{}
	done = func() {
		for _, c := range held {
			<-c
		}
	}
	for _, c := range []chan struct{}{l.through, h.slots} {
		select {
		case c <- struct{}{}:
			held = append(held, c)
		case <-t.C:
			done()
			return nil, busy
		case <-ctx.Done():
			done()
			return nil, ctx.Err()
		}
	}
	return done, nil
}

// hash gives the PHC string of a password. Whoever chooses one has proved who
// they are or holds a link.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx, true)
	if err != nil {
		return "", err
	}
	defer done()
	salt := randomBytes(saltLength)
	key := derive(password, salt, present, keyLength)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, present.memory, present.time, present.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// verify says whether the password is the stored one, and whether it was
// stored at another cost than the present one. An empty stored takes as long
// and is never the one. familiar is for a browser that the account knows.
func (h *hasher) verify(ctx context.Context, stored, password string, familiar bool) (ok, stale bool, err error) {
	nobody := stored == ""
	if nobody {
		stored = h.dummy
	}
	c, salt, want, err := readPHC(stored)
	if err != nil {
		return false, false, err
	}
	done, err := h.turn(ctx, familiar)
	if err != nil {
		return false, false, err
	}
	defer done()
	got := derive(password, salt, c, uint32(len(want)))
	ok = subtle.ConstantTimeCompare(got, want) == 1 && !nobody
	return ok, c != present, nil
}

// derive folds compatibility forms first, so that a password typed on another
// keyboard stays the same (NIST SP 800-63B, 3.1.1.2).
func derive(password string, salt []byte, c cost, length uint32) []byte {
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), salt, c.time, c.memory, c.threads, length)
}

var errPHC = errors.New("identity: a stored password is damaged")

// readPHC reads $argon2id$v=19$m=…,t=…,p=…$salt$key, within bounds that keep a
// damaged row from taking the machine.
func readPHC(s string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil ||
		parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", c.memory, c.time, c.threads) {
		return c, nil, nil, errPHC
	}
	if c.memory < 8*uint32(c.threads) || c.memory > 256*1024 || c.time < 1 || c.time > 16 || c.threads < 1 || c.threads > 16 {
		return c, nil, nil, errPHC
	}
	b64 := base64.RawStdEncoding.Strict()
	salt, errSalt := b64.DecodeString(parts[4])
	key, errKey := b64.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(salt) < 8 || len(salt) > 64 || len(key) < 16 || len(key) > 64 {
		return c, nil, nil, errPHC
	}
	return c, salt, key, nil
}
