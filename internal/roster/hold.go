package roster

import (
	"context"
	"slices"
	"sync"
	"time"

	"preau/internal/store"
)

const (
	// aliveFor is how long a session that says nothing still counts as present.
	// The pupil's page speaks every 30 s.
	aliveFor = 90 * time.Second
	// flushEvery is how often last_seen_at is written; it is that coarse.
	flushEvery = 5 * time.Minute
	// forgetAfter is when a silent session leaves memory.
	forgetAfter = 15 * time.Minute
)

// hold knows which session has each seat, and when the sessions were last
// heard. It alone decides between two devices, under one lock; the database
// follows. It lives in one process: several nodes would need a lease instead.
// Times are UTC ms.
type hold struct {
	started int64

	mu    sync.Mutex // guards all below
	seats map[string]*held
	waits map[string]int64 // last heard, by session that waits
}

type held struct {
	session string
	seen    int64
	written int64 // last_seen_at in the database, as far as this process wrote it
}

func newHold(now int64) *hold {
	return &hold{started: now, seats: map[string]*held{}, waits: map[string]int64{}}
}

func (h *held) alive(now int64) bool { return now-h.seen < aliveFor.Milliseconds() }

// claim gives the seat to the session, unless another that is alive has it.
// For the one that has it already, it is a sign of life.
func (h *hold) claim(seat, session string, now int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.seats[seat]
	if at != nil && at.session == session {
		at.seen = now
		return true
	}
	if at != nil && at.alive(now) {
		h.waits[session] = now
		return false
	}
	h.seats[seat] = &held{session: session, seen: now}
	delete(h.waits, session)
	return true
}

// give makes the session the seat's, whoever had it.
func (h *hold) give(seat, session string, now int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seats[seat] = &held{session: session, seen: now}
	delete(h.waits, session)
}

// holder is the session that has the seat and is alive, or "".
func (h *hold) holder(seat string, now int64) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at := h.seats[seat]; at != nil && at.alive(now) {
		return at.session
	}
	return ""
}

// assume believes what the database says about a seat of which this process
// has not heard yet.
func (h *hold) assume(seat, session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seats[seat] == nil {
		h.seats[seat] = &held{session: session, seen: h.started}
	}
}

// release gives the seat back if the session has it.
func (h *hold) release(seat, session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at := h.seats[seat]; at != nil && at.session == session {
		delete(h.seats, seat)
	}
	delete(h.waits, session)
}

// drop forgets the seats, whose sessions have all ended.
func (h *hold) drop(seats ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, seat := range seats {
		delete(h.seats, seat)
	}
}

// heard says when a session that has its seat or waits for it was last heard,
// and whether it is alive.
func (h *hold) heard(seat, session string, now int64) (at int64, alive bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if held := h.seats[seat]; held != nil && held.session == session {
		return held.seen, held.alive(now)
	}
	at, waits := h.waits[session]
	return at, waits && now-at < aliveFor.Milliseconds()
}

// unwritten lists the sessions heard since they were last written, and forgets
// those long silent.
func (h *hold) unwritten(now int64) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var sessions []string
	for seat, at := range h.seats {
		if at.seen > at.written {
			sessions = append(sessions, at.session)
			at.written = at.seen
		}
		if now-at.seen > forgetAfter.Milliseconds() {
			delete(h.seats, seat)
		}
	}
	for session, at := range h.waits {
		if now-at > forgetAfter.Milliseconds() {
			delete(h.waits, session)
		}
	}
	return sessions
}

// Flush writes when the seats that are in were last seen, all with the same
// time: it is coarse on purpose. Run calls it.
func (s *Service) Flush(ctx context.Context) error {
	now := s.now()
	for chunk := range slices.Chunk(s.hold.unwritten(now), maxPage) {
		err := s.db.Write(ctx, func(tx store.Queryer) error {
			var a args
			_, err := tx.ExecContext(ctx, `UPDATE seat_session SET last_seen_at = `+a.add(now)+` WHERE id IN (`+a.list(chunk)+`) AND status = 'in'`, a...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recall asks the database who had a seat, in the first moments of a process
// that has not heard from everybody yet.
func (s *Service) recall(ctx context.Context, seat string, now int64) error {
	if now-s.hold.started > aliveFor.Milliseconds() {
		return nil
	}
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT id FROM seat_session WHERE seat_id = $1 AND status = 'in' AND last_seen_at > $2 ORDER BY last_seen_at DESC, id DESC LIMIT 1`,
		seat, s.hold.started-(flushEvery+aliveFor).Milliseconds())
	if err != nil {
		return err
	}
	ids, err := collect(rows, scanText)
	for _, id := range ids {
		s.hold.assume(seat, id)
	}
	return err
}
