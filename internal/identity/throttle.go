package identity

import (
	"container/list"
	"sync"
	"time"
)

// pace says how wrong answers slow the next ones: free of them cost nothing,
// then the wait doubles from first to longest. A key is forgotten after
// forget without an attempt.
type pace struct {
	free           int
	first, longest time.Duration
	forget         time.Duration
}

// after is the wait that follows the n-th wrong answer, n counting from 1.
func (p pace) after(n int) time.Duration {
	wait := p.first
	for i := p.free + 1; i < n && wait < p.longest; i++ {
		wait *= 2
	}
	if n <= p.free {
		return 0
	}
	return min(wait, p.longest)
}

// trial is one key that an attempt counts against.
type trial struct {
	key  string
	pace pace
}

// throttle makes wrong answers wait longer and longer, per key. An attempt
// counts as wrong from its start until succeeded says otherwise, so that
// attempts side by side gain nothing. It remembers a bounded number of keys,
// in memory alone, and forgets the one unused for longest.
type throttle struct {
	now func() time.Time
	max int
	// holds keeps every key that still has to wait, whatever max says. Its owner
	// sees to it that they are few.
	holds bool

	mu     sync.Mutex // guards all below
	tries  map[string]*list.Element
	recent *list.List // of *tried, most recent first
}

type tried struct {
	key   string
	wrong int
	last  time.Time
	next  time.Time // no attempt before
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, max: 50_000, tries: map[string]*list.Element{}, recent: list.New()}
}

// attempts slows wrong answers of one kind. What is tried on accounts and what
// is tried on addresses that have none is remembered apart, so that no number
// of invented addresses makes it forget an account. An account adds 50 keys to
// accounts, then one in five minutes: they never have to go before their time.
type attempts struct{ accounts, nobody *throttle }

func newAttempts(now func() time.Time) attempts {
	a := attempts{accounts: newThrottle(now), nobody: newThrottle(now)}
	a.accounts.holds = true
	a.nobody.max = 100_000
	return a
}

// of gives where attempts on an account, by its id, are remembered.
func (a attempts) of(account string) *throttle {
	if account == "" {
		return a.nobody
	}
	return a.accounts
}

// begin counts an attempt against every trial, or, when one of them still has
// to wait, counts nothing and says how long.
func (t *throttle) begin(trials ...trial) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	for _, tr := range trials {
		// Nothing is remembered of an attempt that must wait.
		if e, ok := t.tries[tr.key]; ok {
			t.recent.MoveToFront(e)
			wait = max(wait, e.Value.(*tried).next.Sub(now))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, tr := range trials {
		e := t.at(tr, now)
		e.wrong++
		e.last, e.next = now, now.Add(tr.pace.after(e.wrong))
	}
	return 0
}

// succeeded forgets the wrong answers of a key.
func (t *throttle) succeeded(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.tries[key]; ok {
		t.recent.Remove(e)
		delete(t.tries, key)
	}
}

// giveBack takes back one attempt, for a key that others' wrong answers share.
func (t *throttle) giveBack(tr trial) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.tries[tr.key]; ok {
		e := e.Value.(*tried)
		e.wrong = max(0, e.wrong-1)
		e.next = e.last.Add(tr.pace.after(e.wrong))
	}
}

func (t *throttle) at(tr trial, now time.Time) *tried {
	if e, ok := t.tries[tr.key]; ok {
		t.recent.MoveToFront(e)
		entry := e.Value.(*tried)
		if now.Sub(entry.last) > tr.pace.forget {
			*entry = tried{key: tr.key, last: now, next: now}
		}
		return entry
	}
	if t.recent.Len() >= t.max {
		t.drop(now)
	}
	entry := &tried{key: tr.key, last: now, next: now}
	t.tries[tr.key] = t.recent.PushFront(entry)
	return entry
}

// drop forgets the key unused for longest, among the last few one that has no
// wait to keep. The caller holds t.mu.
func (t *throttle) drop(now time.Time) {
	oldest := t.recent.Back()
	for e, n := oldest, 0; e != nil && n < 64; e, n = e.Prev(), n+1 {
		if !e.Value.(*tried).next.After(now) {
			delete(t.tries, e.Value.(*tried).key)
			t.recent.Remove(e)
			return
		}
	}
	if !t.holds {
		delete(t.tries, oldest.Value.(*tried).key)
		t.recent.Remove(oldest)
	}
}
