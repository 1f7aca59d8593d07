package httpx

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preau/internal/fault"
)

// clockwork is a clock that a test moves.
type clockwork struct {
	mu sync.Mutex
	at time.Time
}

func (c *clockwork) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clockwork) add(d time.Duration) {
	c.mu.Lock()
	c.at = c.at.Add(d)
	c.mu.Unlock()
}

func ticketOf(t *testing.T, err error) (ticket string, place int64) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Limited || f.Key != "http.queue" || f.RetryAfter < time.Second {
		t.Fatalf("no place was given: %v", err)
	}
	return f.Extra["ticket"].(string), f.Extra["place"].(int64)
}

// A short line is waited in, a long one gives places; a place only comes nearer,
// and nobody passes before those who have one.
func TestTurnstile(t *testing.T) {
	clock := &clockwork{at: time.UnixMilli(0)}
	turnstile := NewTurnstile(2, time.Second, clock.now)
	ctx := t.Context()
	var leaves []func()
	for range 2 {
		leave, err := turnstile.Enter(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leave)
	}
	var waiting sync.WaitGroup
	var through atomic.Int64
	for range firstRate { // a second's worth
		waiting.Go(func() {
			leave, err := turnstile.Enter(ctx, "")
			if err != nil {
				t.Errorf("a short line: %v", err)
				return
			}
			through.Add(1)
			leave()
		})
	}
	for turnstile.inLine() < firstRate {
		time.Sleep(time.Millisecond)
	}
	var tickets []string
	for i := range 50 {
		_, err := turnstile.Enter(ctx, "")
		ticket, place := ticketOf(t, err)
		if place != int64(i+1) {
			t.Fatalf("place %d, want %d", place, i+1)
		}
		tickets = append(tickets, ticket)
	}
	// Somebody inside goes before the line.
	inside := make(chan func(), 1)
	go func() {
		leave, err := turnstile.Again(ctx)
		if err != nil {
			t.Error(err)
		}
		inside <- leave
	}()
	for turnstile.goingOn() < 1 {
		time.Sleep(time.Millisecond)
	}
	leaves[0]()
	leave := <-inside
	if n := through.Load(); n != 0 {
		t.Errorf("%d of the line passed before somebody inside", n)
	}
	leave()
	leaves[1]()
	waiting.Wait()
	if _, err := turnstile.Enter(ctx, ""); err == nil {
		t.Error("somebody without a ticket passed before those who have one")
	}
	nearest := int64(51)
	for len(tickets) > 0 {
		clock.add(50 * time.Millisecond)
		leave, err := turnstile.Enter(ctx, tickets[len(tickets)-1])
		if err == nil {
			leave()
			break
		}
		_, place := ticketOf(t, err)
		if place > nearest {
			t.Fatalf("place %d after %d", place, nearest)
		}
		nearest = place
	}
	if nearest > 45 {
		t.Errorf("the last was called from place %d", nearest)
	}
	clock.add(10 * time.Second)
	for _, ticket := range tickets {
		leave, err := turnstile.Enter(ctx, ticket)
		if err != nil {
			t.Fatalf("called and refused: %v", err)
		}
		leave()
	}
	if leave, err := turnstile.Enter(ctx, ""); err != nil {
		t.Errorf("nobody has a place any more: %v", err)
	} else {
		leave()
	}
}

// Whoever leaves the line takes no slot along, and no ticket is believed that
// was not given.
func TestTurnstileLosesNoSlot(t *testing.T) {
	turnstile := NewTurnstile(3, time.Minute, time.Now)
	var all sync.WaitGroup
	var most, now atomic.Int64
	for range 400 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), rand.N(8*time.Millisecond))
			defer cancel()
			enter := func() (func(), error) { return turnstile.Enter(ctx, "AAAAAAAAAAEAAAAAAAAAAAAAAAA") }
			if rand.N(2) == 0 {
				enter = func() (func(), error) { return turnstile.Again(ctx) }
			}
			leave, err := enter()
			if err != nil {
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
				return
			}
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(rand.N(time.Millisecond))
			now.Add(-1)
			leave()
		})
	}
	all.Wait()
	if most.Load() > 3 {
		t.Errorf("%d at once", most.Load())
	}
	turnstile.mu.Lock()
	defer turnstile.mu.Unlock()
	if turnstile.busy != 0 || len(turnstile.door) != 0 || len(turnstile.inside) != 0 {
		t.Errorf("%d slots are lost, %d and %d in line", turnstile.busy, len(turnstile.inside), len(turnstile.door))
	}
}

func (t *Turnstile) inLine() int  { t.mu.Lock(); defer t.mu.Unlock(); return len(t.door) }
func (t *Turnstile) goingOn() int { t.mu.Lock(); defer t.mu.Unlock(); return len(t.inside) }
