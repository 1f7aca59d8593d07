package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// cachedStatements bounds the prepared statements of a session.
const cachedStatements = 128

// errSpoiled says that the database itself undid a transaction.
var errSpoiled = errors.New("store: the database rolled the transaction back")

func spoiled(err error) error {
	if isRetryable(err) {
		return err
	}
	return fmt.Errorf("%w: %w", errSpoiled, err)
}

// PanicError is what Write returns when its function panicked.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string {
	if err, ok := e.Value.(error); ok {
		return fmt.Sprintf("store: panic in a write: %v\n%s", err, e.Stack)
	}
	// Any other value may hold anything, and this text is logged.
	return fmt.Sprintf("store: panic of type %T in a write\n%s", e.Value, e.Stack)
}

// session is one connection that writes batches. Owned by whoever took it.
type session struct {
	conn    *sql.Conn
	dialect Dialect
	db      *DB
	broken  bool // not to be used again
	// stmts are prepared statements by their SQL. SQLite only: pgx keeps its own.
	stmts map[string]*sql.Stmt
	// rows and row are the running function's last reading.
	rows *sql.Rows
	row  *sql.Row
}

// take waits for a session, on SQLite the only one.
func (w *writer) take(ctx context.Context) (*session, error) {
	if w.slot != nil {
		select {
		case <-w.slot:
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return nil, busy(time.Second).Because(ctx.Err())
			}
			return nil, ctx.Err()
		}
		if w.sole != nil {
			return w.sole, nil
		}
	}
	conn, err := w.db.write.Conn(ctx)
	if err != nil {
		if w.slot != nil {
			w.slot <- struct{}{}
		}
		return nil, fmt.Errorf("store: no connection: %w", err)
	}
	s := &session{conn: conn, dialect: w.db.dialect, db: w.db}
	if s.dialect == SQLite {
		s.stmts = map[string]*sql.Stmt{}
		w.sole = s
	}
	return s, nil
}

// give returns a session after use.
func (w *writer) give(s *session) {
	if w.slot == nil {
		s.close()
		return
	}
	if s.broken {
		s.close()
		w.sole = nil
	}
	w.slot <- struct{}{}
}

func (s *session) close() {
	for _, st := range s.stmts {
		st.Close()
	}
	if s.broken {
		// Tells the pool not to keep the connection.
		_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	_ = s.conn.Close()
}

func (s *session) begin() error {
	if s.dialect == Postgres {
		return s.control("BEGIN ISOLATION LEVEL SERIALIZABLE")
	}
	return s.control("BEGIN IMMEDIATE")
}

// rollback ends a transaction that failed, and drops the connection if even
// that fails. SQLite may have rolled back already: that is not a failure.
func (s *session) rollback() {
	if err := s.control("ROLLBACK"); err != nil && s.dialect == Postgres {
		s.broken = true
	}
}

// control runs a statement of transaction control, which has no arguments.
func (s *session) control(sql string) error {
	_, err := s.exec(context.Background(), sql, nil)
	return err
}

func (s *session) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	if st := s.prepared(ctx, query); st != nil {
		return st.ExecContext(ctx, args...)
	}
	return s.conn.ExecContext(ctx, query, args...)
}

// prepared returns the session's statement for query, or nil on PostgreSQL and
// when query is wrong.
func (s *session) prepared(ctx context.Context, query string) *sql.Stmt {
	if s.stmts == nil {
		return nil
	}
	if st, ok := s.stmts[query]; ok {
		return st
	}
	st, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil // the plain way gives the caller its error
	}
	if len(s.stmts) >= cachedStatements {
		for other, st := range s.stmts {
			st.Close()
			delete(s.stmts, other)
			break
		}
	}
	s.stmts[query] = st
	return st
}

// contain calls fn, turns a panic into an error, and closes what fn left open.
func (s *session) contain(fn func(tx Queryer) error) (err error) {
	g := &guarded{s: s, db: s.db}
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		g.s = nil
		s.endReading()
	}()
	return fn(g)
}

// endReading closes what was read last.
func (s *session) endReading() {
	if s.rows != nil {
		_ = s.rows.Close()
	}
	if s.row != nil {
		_ = s.row.Scan() // closes a row that was never scanned
	}
	s.rows, s.row = nil, nil
}

// ready says whether a statement may start: none may while rows are open, since
// a connection to PostgreSQL holds one result at a time.
func (s *session) ready() error {
	if s.rows != nil {
		if _, err := s.rows.Columns(); err == nil {
			return errRowsOpen
		}
	}
	s.endReading()
	return nil
}

// Programming errors.
var (
	errEnded    = errors.New("store: used after the write function returned")
	errRowsOpen = errors.New("store: close the rows before the next statement")
)

// guarded is the tx of a function inside a batch. A statement that runs is
// never interrupted by the end of the caller's context: SQLite would roll back,
// and pgx would cut, the transaction that others share. A context that has
// ended lets no further statement start.
type guarded struct {
	s  *session // nil once the function has returned
	db *DB
}

// Now is the store's time in UTC milliseconds.
func (g *guarded) Now() int64 { return g.db.Now() }

func (g *guarded) ready(ctx context.Context) error {
	if g.s == nil {
		return errEnded
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return g.s.ready()
}

func (g *guarded) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := g.ready(ctx); err != nil {
		return nil, err
	}
	return g.s.exec(context.WithoutCancel(ctx), query, args)
}

func (g *guarded) QueryContext(ctx context.Context, query string, args ...any) (rows *sql.Rows, err error) {
	if err := g.ready(ctx); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if st := g.s.prepared(ctx, query); st != nil {
		rows, err = st.QueryContext(ctx, args...)
	} else {
		rows, err = g.s.conn.QueryContext(ctx, query, args...)
	}
	g.s.rows = rows
	return rows, err
}

func (g *guarded) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := g.ready(ctx); err != nil {
		// Only database/sql can make a Row: of an ended context the pool makes
		// one that holds its error, without touching a connection.
		return g.db.read.QueryRowContext(ended{ctx, err}, query)
	}
	ctx = context.WithoutCancel(ctx)
	if st := g.s.prepared(ctx, query); st != nil {
		g.s.row = st.QueryRowContext(ctx, args...)
	} else {
		g.s.row = g.s.conn.QueryRowContext(ctx, query, args...)
	}
	return g.s.row
}

// ended is a context that has ended with err.
type ended struct {
	context.Context
	err error
}

func (e ended) Err() error { return e.err }

func (e ended) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}
