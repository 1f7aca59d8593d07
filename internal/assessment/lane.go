package assessment

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// lane is the way of answers to the database. Those that come while others are
// being written are gathered, and go together in few statements, so that what a
// statement costs is shared as an fsync is. Nobody else's writes go this way.
type lane struct {
	db      *store.DB
	writers int   // at once
	sizes   []int // rows of a statement, the largest first: a network between costs by statement, SQLite by value

	mu      sync.Mutex // guards what follows
	waiting []*saving
	running int
}

// saving is one save on its way.
type saving struct {
	t    Sitting
	rows []SavedAnswer
	by   int // device
	now  int64
	late int
	done chan error // holds one
}

const (
	laneQueue    = 8192             // saves that wait; beyond, "later"
	laneTogether = 400              // rows of one transaction
	lanePatience = 15 * time.Second // of one transaction
)

func newLane(db *store.DB) *lane {
	l := &lane{db: db, writers: 2, sizes: []int{1}}
	if db.Dialect() == store.Postgres {
		l.writers, l.sizes = 4, []int{128, 32, 8, 1}
	}
	return l
}

// put waits until a save is on disk. When ctx ends first, the save may still be
// kept: whoever sends it again is told so.
func (l *lane) put(ctx context.Context, s *saving) error {
	s.done = make(chan error, 1)
	l.mu.Lock()
	if len(l.waiting) >= laneQueue {
		l.mu.Unlock()
		return fault.New(fault.Unavailable, "store.busy").After(time.Second)
	}
	l.waiting = append(l.waiting, s)
	if l.running < l.writers {
		l.running++
		go l.drain()
	}
	l.mu.Unlock()
	select {
	case err := <-s.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drain writes what waits until nothing does.
func (l *lane) drain() {
	for {
		l.mu.Lock()
		rows, n := 0, 0
		for n < len(l.waiting) && (n == 0 || rows+len(l.waiting[n].rows) <= laneTogether) {
			rows += len(l.waiting[n].rows)
			n++
		}
		batch := l.waiting[:n:n]
		l.waiting = l.waiting[n:]
		if n == 0 {
			l.running--
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		l.write(batch)
	}
}

// write keeps a batch. When it cannot be kept whole, because a sitting in it has
// been erased, each save stands for itself.
func (l *lane) write(batch []*saving) {
	ctx, cancel := context.WithTimeout(context.Background(), lanePatience)
	defer cancel()
	err := l.db.Write(ctx, func(tx store.Queryer) error { return l.insert(ctx, tx, batch) })
	if err == nil || len(batch) == 1 || fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
		for _, s := range batch {
			s.done <- err
		}
		return
	}
	for _, s := range batch {
		s.done <- l.db.Write(ctx, func(tx store.Queryer) error { return l.insert(ctx, tx, []*saving{s}) })
	}
}

// insert writes the rows of a batch in statements of few sizes, which the
// session keeps prepared.
func (l *lane) insert(ctx context.Context, tx store.Queryer, batch []*saving) error {
	var args []any
	for _, s := range batch {
		for _, a := range s.rows {
			args = append(args, s.t.ID, s.by, a.N, s.t.School, a.Item, string(a.Data), s.now, s.late)
		}
	}
	for _, size := range l.sizes {
		for len(args) >= size*answerColumns {
			if _, err := tx.ExecContext(ctx, insertRows(size), args[:size*answerColumns]...); err != nil {
				return err
			}
			args = args[size*answerColumns:]
		}
	}
	return nil
}

const answerColumns = 8

// insertRows is the statement that writes some rows. A row that is there stays.
func insertRows(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO sitting_answer (sitting_id, device, n, school_id, item, data, at, late) VALUES `)
	for row := range n {
		if row > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for column := range answerColumns {
			if column > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(row*answerColumns + column + 1))
		}
		b.WriteByte(')')
	}
	b.WriteString(` ON CONFLICT DO NOTHING`)
	return b.String()
}
