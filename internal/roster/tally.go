package roster

import (
	"container/list"
	"math"
	"time"
)

// tally counts by key up to a most, and forgets: one less every interval. It remembers a
// bounded number of keys and drops the one unused for longest. Not safe for
// concurrent use; its owner holds a lock.
type tally struct {
	every  float64 // ms
	most   float64
	max    int
	counts map[string]*list.Element
	recent *list.List // of *counted, most recently used first
}

type counted struct {
	key string
	n   float64
	at  int64
}

func newTally(every time.Duration, most, max int) *tally {
	return &tally{every: float64(every.Milliseconds()), most: float64(most), max: max, counts: map[string]*list.Element{}, recent: list.New()}
}

// count is what is left of the key's count at now (UTC ms).
func (t *tally) count(key string, now int64) int {
	e, ok := t.counts[key]
	if !ok {
		return 0
	}
	return int(math.Ceil(t.left(e.Value.(*counted), now)))
}

func (t *tally) left(c *counted, now int64) float64 {
	return max(0, c.n-float64(now-c.at)/t.every)
}

// add counts by more (or fewer) for the key.
func (t *tally) add(key string, by float64, now int64) {
	if e, ok := t.counts[key]; ok {
		c := e.Value.(*counted)
		c.n, c.at = min(t.most, max(0, t.left(c, now)+by)), now
		t.recent.MoveToFront(e)
		return
	}
	if by < 0 {
		return
	}
	if t.recent.Len() >= t.max {
		oldest := t.recent.Back()
		delete(t.counts, oldest.Value.(*counted).key)
		t.recent.Remove(oldest)
	}
	t.counts[key] = t.recent.PushFront(&counted{key, by, now})
}
