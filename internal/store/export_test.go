package store

import (
	"context"
	"time"
)

// Seams for tests.

// WithQueue sets the length of the writer's queue.
func WithQueue(n int) func(*Options) { return func(o *Options) { o.queue = n } }

// WithSynchronous breaks, or restores, SQLite's safety.
func WithSynchronous(level string) func(*Options) { return func(o *Options) { o.synchronous = level } }

// WithBeat sets the time between two extensions of a lease.
func (r *Runner) WithBeat(d time.Duration) *Runner { r.beat = d; return r }

// ClaimJob takes a job as a worker does.
func ClaimJob(ctx context.Context, db *DB, kinds ...string) (Job, bool, error) {
	return claimJob(ctx, db, kinds)
}

// Settle ends a job as a worker does.
func (j Job) Settle(ctx context.Context, db *DB, failure error) error {
	return j.settle(ctx, db, failure)
}

// Extend holds on to a job as a worker does.
func (j Job) Extend(ctx context.Context, db *DB) error { return j.extend(ctx, db) }

// Queued is the number of calls that wait for the writer.
func (db *DB) Queued() int { return len(db.writer.queue) }

// Exec changes the database outside every rule.
func (db *DB) Exec(query string) error {
	if db.dialect == SQLite {
		return db.Tx(context.Background(), func(tx Queryer) error {
			_, err := tx.ExecContext(context.Background(), query)
			return err
		})
	}
	_, err := db.write.Exec(query)
	return err
}

// Lanes is the number of transactions that the writer keeps going at once.
func (db *DB) Lanes() int {
	if db.dialect == SQLite {
		return 1
	}
	return pgLanes
}
