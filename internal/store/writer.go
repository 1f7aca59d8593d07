package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"preau/internal/fault"
)

const (
	defaultQueue = 8192
	// batchLimit and batchTime bound one transaction, so that the first of its
	// callers does not wait long for the last.
	batchLimit = 512
	batchTime  = 50 * time.Millisecond
	// pgLanes is the number of transactions that the writer keeps going at once
	// on PostgreSQL. SQLite has one.
	pgLanes = 4
)

// call is one function waiting for its turn. err belongs to the lane that
// claimed the call, until it is sent on done.
type call struct {
	ctx     context.Context
	fn      func(tx Queryer) error
	claimed atomic.Bool // by a lane, or by the caller who leaves
	err     error
	done    chan error // holds one
}

// writer gathers calls into transactions: the group commit.
type writer struct {
	db    *DB
	queue chan *call
	lanes sync.WaitGroup

	mu     sync.RWMutex // held for reading while a call is queued
	closed bool         // under mu

	// slot holds one token on SQLite: whoever has it owns sole, the only
	// writing connection. Nil on PostgreSQL.
	slot chan struct{}
	sole *session
}

// Write runs fn in a transaction shared with other callers, inside a savepoint
// of its own, and returns nil once that transaction is on disk. When fn fails,
// panics or its ctx ends, only its own changes are undone. fn may run several
// times, does nothing but SQL on tx, and must not call Tx or Write.
// A full queue gives a fault Unavailable "store.busy" with RetryAfter.
// When ctx ends before fn has started, Write returns its error at once;
// afterwards it waits for the outcome, so that the answer is never a guess.
func (db *DB) Write(ctx context.Context, fn func(tx Queryer) error) error {
	if db.mode == ReadOnly {
		return errReadOnly
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &call{ctx: ctx, fn: fn, done: make(chan error, 1)}
	if err := db.writer.enqueue(c); err != nil {
		return err
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		if c.claimed.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return <-c.done
	}
}

func newWriter(db *DB, queue int) *writer {
	if queue == 0 {
		queue = defaultQueue
	}
	w := &writer{db: db, queue: make(chan *call, queue)}
	lanes := pgLanes
	if db.dialect == SQLite {
		lanes = 1
		w.slot = make(chan struct{}, 1)
		w.slot <- struct{}{}
	}
	for range lanes {
		w.startLane(nil)
	}
	return w
}

func (w *writer) enqueue(c *call) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return fault.New(fault.Unavailable, "store.closing").After(5 * time.Second)
	}
	select {
	case w.queue <- c:
		return nil
	default:
		return busy(time.Second)
	}
}

// close takes no more calls and waits until the queued ones are answered.
// Once closed it does nothing.
func (w *writer) close() {
	w.mu.Lock()
	already := w.closed
	w.closed = true
	w.mu.Unlock()
	if already {
		return
	}
	close(w.queue)
	w.lanes.Wait()
	if w.slot == nil {
		return
	}
	select {
	case <-w.slot: // once the last Tx has ended
		if w.sole != nil {
			w.sole.close()
			w.sole = nil
		}
		w.slot <- struct{}{}
	case <-time.After(slotTimeout):
	}
}

// startLane starts a goroutine that settles work, then what is queued, until
// the queue is closed. A function that ends the goroutine (runtime.Goexit)
// loses its own call only: another lane takes over the rest.
func (w *writer) startLane(work []*call) {
	w.lanes.Add(1)
	go func() {
		l := &lane{w: w, work: work}
		finished := false
		defer func() {
			if !finished {
				w.startLane(l.wreck())
			}
			w.lanes.Done()
		}()
		l.settleAll()
		for c := range w.queue {
			l.gather(c)
			l.settleAll()
		}
		finished = true
	}()
}

// lane turns calls into transactions, one at a time. Owned by its goroutine.
type lane struct {
	w       *writer
	s       *session // while settling
	work    []*call  // claimed and not yet answered, in order
	running *call    // whose function runs now
}

// gather makes a batch of first and of what else is waiting.
func (l *lane) gather(first *call) {
	l.work = l.work[:0]
	l.claim(first)
	for len(l.work) < batchLimit {
		select {
		case c, ok := <-l.w.queue:
			if !ok {
				return
			}
			l.claim(c)
		default:
			return
		}
	}
}

func (l *lane) claim(c *call) {
	if c.claimed.CompareAndSwap(false, true) {
		l.work = append(l.work, c)
	}
}

// settleAll answers all the work.
func (l *lane) settleAll() {
	if len(l.work) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), slotTimeout)
	s, err := l.w.take(ctx)
	cancel()
	if err != nil {
		l.answer(len(l.work), err)
		return
	}
	l.s = s
	for len(l.work) > 0 && l.s != nil {
		l.settle(len(l.work))
	}
	if len(l.work) > 0 { // no session could be had again
		l.answer(len(l.work), busy(time.Second))
	}
	if l.s != nil {
		l.w.give(l.s)
	}
	l.s = nil
}

// settle runs the first n calls in one transaction, or in smaller ones when
// that fails, and answers them. What does not fit in batchTime is left.
func (l *lane) settle(n int) {
	for try := 1; ; try++ {
		ran, err := l.attempt(l.work[:n])
		switch {
		case err == nil:
			l.answer(ran, nil)
			return
		case !isRetryable(err) && !errors.Is(err, errSpoiled):
			l.answer(ran, err)
			return
		case ran > 1: // one of them cannot be had with the others
			l.settle(ran / 2)
			return
		case isRetryable(err) && try < maxTries:
			n = 1
			_ = pause(context.Background(), try)
		default:
			if own := l.work[0].err; own != nil {
				err = own
			}
			l.answer(1, err)
			return
		}
	}
}

// attempt runs a transaction of calls, as many as fit in batchTime, and returns
// their number. When it fails, nothing of them is kept.
func (l *lane) attempt(calls []*call) (ran int, err error) {
	if err := l.begin(); err != nil {
		return len(calls), beginError(err)
	}
	start := time.Now()
	for _, c := range calls {
		ran++
		if err := l.run(c); err != nil {
			l.s.rollback()
			return ran, err
		}
		if time.Since(start) > batchTime {
			break
		}
	}
	if err := l.s.control("COMMIT"); err != nil {
		l.s.rollback()
		return ran, fmt.Errorf("store: commit: %w", err)
	}
	return ran, nil
}

// begin begins a transaction. A connection to PostgreSQL that is broken, since
// the server was restarted or a call broke it, is first replaced by another.
func (l *lane) begin() error {
	if !l.s.broken {
		err := l.s.begin()
		if err == nil || l.s.dialect == SQLite || pgCode(err) != "" {
			return err
		}
		l.s.broken = true
	}
	l.w.give(l.s)
	l.s = nil
	ctx, cancel := context.WithTimeout(context.Background(), slotTimeout)
	defer cancel()
	s, err := l.w.take(ctx)
	if err != nil {
		return err
	}
	l.s = s
	return l.s.begin()
}

// run gives one call its savepoint. What it returns is the transaction's error;
// the call's own is c.err.
func (l *lane) run(c *call) error {
	if c.err = c.ctx.Err(); c.err != nil {
		return nil
	}
	if err := l.s.control("SAVEPOINT one"); err != nil {
		return spoiled(err)
	}
	l.running = c
	c.err = l.s.contain(c.fn)
	l.running = nil
	if c.err == nil {
		c.err = c.ctx.Err()
	}
	if isRetryable(c.err) {
		return c.err
	}
	if c.err != nil {
		if err := l.s.control("ROLLBACK TO one"); err != nil {
			return spoiled(err)
		}
	}
	if err := l.s.control("RELEASE one"); err != nil {
		return spoiled(err)
	}
	return nil
}

// answer tells the first n calls their own error, or err when there is one.
func (l *lane) answer(n int, err error) {
	for _, c := range l.work[:n] {
		if f, ok := err.(*fault.Error); ok {
			own := *f // callers may add to theirs
			c.err = &own
		} else if err != nil {
			c.err = err
		}
		c.done <- c.err
	}
	l.work = l.work[n:]
}

// wreck undoes the open transaction, answers the call whose function ended the
// goroutine, and returns the others.
func (l *lane) wreck() []*call {
	rest := l.work[:0:0]
	for _, c := range l.work {
		if c == l.running {
			c.done <- errors.New("store: a write function ended its goroutine")
		} else {
			rest = append(rest, c)
		}
	}
	if l.s != nil {
		l.s.rollback()
		l.w.give(l.s)
	}
	return rest
}
