package httpx

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"sync"
	"time"

	"preau/internal/fault"
)

// Turnstile bounds how many of those who begin something are served at once, so
// that a whole country that arrives leaves room for those who are already in.
//
// Who finds a short line waits in it. Who finds a longer one is told their place
// and when to come again, with a ticket: tickets are called in their order, as
// quickly as people go through, and nobody without one passes before them.
// A nil one lets everybody through at once.
type Turnstile struct {
	slots    int
	patience time.Duration
	now      func() time.Time
	key      []byte // of tickets; of this process, as the places are

	mu     sync.Mutex // guards all below
	busy   int
	inside []chan struct{} // have passed, and go on: before those at the door
	door   []chan struct{}
	rate   float64 // through the door, a second
	passed int     // since mark
	mark   time.Time
	last   int64 // ticket given
	called int64 // ticket that may come: all up to it may
	credit float64
	at     time.Time // of the last call of tickets
}

// Ticket is the header by which somebody who was given a place comes again.
const Ticket = "Preau-Place"

const (
	firstRate   = 100 // before anything was seen
	longestWait = 30 * time.Second
	mostInside  = 4096
	rateWindow  = 500 * time.Millisecond
	probing     = 1.25
)

// NewTurnstile lets slots people be served at once. A line of up to patience is
// waited in; beyond, places are given.
func NewTurnstile(slots int, patience time.Duration, now func() time.Time) *Turnstile {
	key := make([]byte, 32)
	rand.Read(key)
	return &Turnstile{slots: slots, patience: patience, now: now, key: key, rate: firstRate, mark: now(), at: now()}
}

// Enter waits for one's turn at the door. The caller calls leave once served.
// Where the line is long, it gives a fault Limited "http.queue" with RetryAfter
// and the members place (from 1) and ticket.
func (t *Turnstile) Enter(ctx context.Context, ticket string) (leave func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	t.mu.Lock()
	t.call()
	number := t.read(ticket)
	if number == 0 && (t.last > t.called || t.busy >= t.slots && t.wait(len(t.door)+1) > t.patience) {
		t.last++
		number = t.last
	}
	if number > t.called {
		defer t.mu.Unlock()
		place := number - t.called
		again := min(max(t.wait(int(place)), time.Second), longestWait)
		return nil, fault.New(fault.Limited, "http.queue", "place", place, "seconds", int(again/time.Second)).After(again).With("place", place).With("ticket", t.write(number))
	}
	return t.line(ctx, &t.door, func() { t.pass() })
}

// Again waits for a turn of somebody who has passed the door, before all who
// have not.
func (t *Turnstile) Again(ctx context.Context) (leave func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	t.mu.Lock()
	if len(t.inside) >= mostInside {
		t.mu.Unlock()
		return nil, fault.New(fault.Unavailable, "store.busy").After(time.Second)
	}
	return t.line(ctx, &t.inside, func() {})
}

// line takes a slot, or waits in a line for one. It is called with mu held, and
// gives it back.
func (t *Turnstile) line(ctx context.Context, line *[]chan struct{}, served func()) (func(), error) {
	done := func() {
		t.mu.Lock()
		served()
		t.release()
		t.mu.Unlock()
	}
	if t.busy < t.slots {
		t.busy++
		t.mu.Unlock()
		return done, nil
	}
	turn := make(chan struct{}, 1)
	*line = append(*line, turn)
	t.mu.Unlock()
	select {
	case <-turn:
		return done, nil
	case <-ctx.Done():
		t.mu.Lock()
		defer t.mu.Unlock()
		for i, other := range *line {
			if other == turn {
				*line = append((*line)[:i], (*line)[i+1:]...)
				return nil, ctx.Err()
			}
		}
		t.release() // the turn came at the same moment
		return nil, ctx.Err()
	}
}

// release gives a slot to the next in line. Called with mu held.
func (t *Turnstile) release() {
	for _, line := range []*[]chan struct{}{&t.inside, &t.door} {
		if len(*line) > 0 {
			(*line)[0] <- struct{}{}
			*line = (*line)[1:]
			return
		}
	}
	t.busy--
}

// pass counts somebody who went through, to know how quickly the line goes.
// Called with mu held.
func (t *Turnstile) pass() {
	t.passed++
	span := t.now().Sub(t.mark)
	if span < rateWindow {
		return
	}
	seen := float64(t.passed) / span.Seconds()
	switch {
	case len(t.door) > 0: // as quickly as they are served
		t.rate = max(1, 0.5*t.rate+0.5*seen)
	case t.last > t.called: // nobody at the door while some are told to wait: more can come
		t.rate = max(t.rate, seen) * probing
	case seen > t.rate:
		t.rate = seen
	}
	t.passed, t.mark = 0, t.now()
}

// wait is how long a line of n takes. Called with mu held.
func (t *Turnstile) wait(n int) time.Duration {
	return time.Duration(float64(n) / t.rate * float64(time.Second))
}

// call lets further tickets come, as quickly as the line goes while it is
// short. Called with mu held.
func (t *Turnstile) call() {
	now := t.now()
	elapsed := now.Sub(t.at).Seconds()
	t.at = now
	if t.last == t.called || t.wait(len(t.door)) > t.patience/2 {
		t.credit = 0
		return
	}
	t.credit = min(t.credit+elapsed*t.rate, t.rate)
	n := int64(t.credit)
	t.credit -= float64(n)
	t.called = min(t.last, t.called+n)
}

func (t *Turnstile) write(number int64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(number))
	m := hmac.New(sha256.New, t.key)
	m.Write(b[:])
	return base64.RawURLEncoding.EncodeToString(append(b[:], m.Sum(nil)[:12]...))
}

// read gives the number of a ticket that this turnstile has given, or 0.
func (t *Turnstile) read(ticket string) int64 {
	b, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil || len(b) != 20 {
		return 0
	}
	m := hmac.New(sha256.New, t.key)
	m.Write(b[:8])
	if !hmac.Equal(m.Sum(nil)[:12], b[8:]) {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b[:8]))
}
