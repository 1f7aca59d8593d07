package store

import (
	"context"
	"fmt"
)

// Waiting gives how many writes are queued for the group commit, and how many
// the queue holds.
func (db *DB) Waiting() (queued, room int) {
	if db.writer == nil {
		return 0, 0
	}
	return len(db.writer.queue), cap(db.writer.queue)
}

// JobCounts are the jobs not done, by where they stand.
type JobCounts struct {
	Due     int64 // to be run now
	Running int64 // under a lease
	Later   int64 // at a later time
	Dead    int64 // given up
}

// CountJobs counts the jobs not done.
func CountJobs(ctx context.Context, q Queryer, now int64) (c JobCounts, err error) {
	err = q.QueryRowContext(ctx, `SELECT
		COALESCE(SUM(CASE WHEN dead_at IS NULL AND COALESCE(lease_until, 0) <= $1 AND run_at <= $1 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN dead_at IS NULL AND lease_until > $1 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN dead_at IS NULL AND COALESCE(lease_until, 0) <= $1 AND run_at > $1 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN dead_at IS NOT NULL THEN 1 ELSE 0 END), 0)
		FROM job WHERE done_at IS NULL`, now).Scan(&c.Due, &c.Running, &c.Later, &c.Dead)
	if err != nil {
		return c, fmt.Errorf("store: count jobs: %w", err)
	}
	return c, nil
}
