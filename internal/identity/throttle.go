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

// begin counts an attempt against every trial, or, when one of them still has
// to wait, counts nothing and says how long.
func (t *throttle) begin(trials ...trial) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	for _, tr := range trials {
		wait = max(wait, t.at(tr, now).next.Sub(now))
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
		oldest := t.recent.Back()
		delete(t.tries, oldest.Value.(*tried).key)
		t.recent.Remove(oldest)
	}
	entry := &tried{key: tr.key, last: now, next: now}
	t.tries[tr.key] = t.recent.PushFront(entry)
	return entry
}
