package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"preau/internal/fault"
)

const (
	// slotTimeout bounds the wait for SQLite's single writing connection.
	slotTimeout = 30 * time.Second
	// maxTries bounds how often a serialization failure runs a function again.
	maxTries = 12
)

// errReadOnly is a programming error: the command asked for ReadOnly.
var errReadOnly = errors.New("store: opened for reading only")

// Snapshot runs fn in one read transaction: all its queries see one moment.
// Nothing that fn does can write.
func (db *DB) Snapshot(ctx context.Context, fn func(q Queryer) error) error {
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: snapshot: %w", err)
	}
	defer conn.Close()
	opts := &sql.TxOptions{ReadOnly: true}
	if db.dialect == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return within(ctx, conn, opts, func(tx *sql.Tx) error {
		// The first read fixes the moment, on both dialects.
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM setting WHERE key = ''").Scan(&n); err != nil {
			return fmt.Errorf("store: snapshot: %w", err)
		}
		return fn(tx)
	})
}

// Tx runs fn in a serializable write transaction of its own, and commits when
// fn returns nil. fn may run several times (PostgreSQL serialization failures);
// it must not call Tx or Write, which on SQLite would wait for itself.
func (db *DB) Tx(ctx context.Context, fn func(tx Queryer) error) error {
	if db.mode == ReadOnly {
		return errReadOnly
	}
	if db.dialect == SQLite {
		wait, cancel := context.WithTimeout(ctx, slotTimeout)
		s, err := db.writer.take(wait)
		cancel()
		if err != nil {
			return err
		}
		defer db.writer.give(s)
		return db.once(ctx, s.conn, nil, fn)
	}
	for try := 1; ; try++ {
		err := db.onceOfPool(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, fn)
		if !isRetryable(err) || try == maxTries {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// onceOfPool is once on a connection to PostgreSQL.
func (db *DB) onceOfPool(ctx context.Context, opts *sql.TxOptions, fn func(tx Queryer) error) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: no connection: %w", err)
	}
	defer conn.Close()
	return db.once(ctx, conn, opts, fn)
}

func (db *DB) once(ctx context.Context, conn *sql.Conn, opts *sql.TxOptions, fn func(tx Queryer) error) error {
	return within(ctx, conn, opts, func(tx *sql.Tx) error { return fn(timed{tx, db.clock}) })
}

// within runs fn in a transaction. The transaction itself does not know ctx:
// database/sql would roll back from another goroutine when ctx ends, while the
// connection already serves the next. The statements of fn know it, and none is
// committed for a caller who has gone.
func within(ctx context.Context, conn *sql.Conn, opts *sql.TxOptions, fn func(tx *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), opts)
	if err != nil {
		return beginError(err)
	}
	defer tx.Rollback() // does nothing after a commit
	if err := fn(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	return nil
}

// timed is a transaction that knows the store's clock.
type timed struct {
	*sql.Tx
	clock Clock
}

// Now is the store's time in UTC milliseconds.
func (t timed) Now() int64 { return t.clock.Now().UnixMilli() }

// nowOf is the time of the store that gave tx, in UTC milliseconds.
func nowOf(tx Queryer) int64 {
	if t, ok := tx.(interface{ Now() int64 }); ok {
		return t.Now()
	}
	return SystemClock{}.Now().UnixMilli()
}

// beginError tells a database that is held by another process from other trouble.
func beginError(err error) error {
	if isBusy(err) {
		return busy(time.Second).Because(err)
	}
	return fmt.Errorf("store: begin: %w", err)
}

func busy(after time.Duration) *fault.Error {
	return fault.New(fault.Unavailable, "store.busy").After(after)
}

// pause waits before another try, a random time that grows with the tries.
func pause(ctx context.Context, try int) error {
	longest := min(time.Millisecond<<min(try, 8), 250*time.Millisecond)
	t := time.NewTimer(rand.N(longest) + time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
