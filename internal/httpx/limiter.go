package httpx

import (
	"container/list"
	"sync"
	"time"
)

// Limiter is a token bucket for each of the keys the caller chooses (a seat, a
// session, an account, a door): never an address alone. It remembers a bounded
// number of keys and forgets the one unused for longest.
type Limiter struct {
	rate  float64 // tokens a second
	burst float64
	max   int
	now   func() time.Time

	mu      sync.Mutex // guards all below
	buckets map[string]*list.Element
	recent  *list.List // of *bucket, most recently used first
}

type bucket struct {
	key    string
	tokens float64
	at     time.Time
}

// NewLimiter allows, for each key, burst calls at once and then one every
// interval. It remembers at most max keys.
func NewLimiter(burst int, interval time.Duration, max int, now func() time.Time) *Limiter {
	return &Limiter{rate: 1 / interval.Seconds(), burst: float64(burst), max: max, now: now, buckets: map[string]*list.Element{}, recent: list.New()}
}

// Take uses one token of the key. When there is none it answers false and how
// long until there is one.
func (l *Limiter) Take(key string) (ok bool, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	if b.tokens < 1 {
		return false, time.Duration((1 - b.tokens) / l.rate * float64(time.Second))
	}
	b.tokens--
	return true, 0
}

// Reset gives the key all its tokens back.
func (l *Limiter) Reset(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bucket(key).tokens = l.burst
}

func (l *Limiter) bucket(key string) *bucket {
	now := l.now()
	if e, ok := l.buckets[key]; ok {
		l.recent.MoveToFront(e)
		b := e.Value.(*bucket)
		b.tokens = min(l.burst, b.tokens+now.Sub(b.at).Seconds()*l.rate)
		b.at = now
		return b
	}
	if l.recent.Len() >= l.max {
		oldest := l.recent.Back()
		delete(l.buckets, oldest.Value.(*bucket).key)
		l.recent.Remove(oldest)
	}
	b := &bucket{key: key, tokens: l.burst, at: now}
	l.buckets[key] = l.recent.PushFront(b)
	return b
}
