package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Limits of a job's life.
const (
	// JobLease is how long a claimed job stays with a worker that gives no sign.
	JobLease = time.Minute
	// JobAttempts is how often a job is started before it is dead.
	JobAttempts = 10
	// jobPayloadLimit in bytes: a job names its work, it does not carry it.
	jobPayloadLimit = 64 << 10
	jobErrorLimit   = 500
)

// Job is a piece of background work.
type Job struct {
	ID       string // made by Enqueue when empty; the same id twice is refused (IsUnique)
	Kind     string
	SchoolID string          // "" for the installation
	Payload  json.RawMessage // ids and settings, at most 64 KiB; nil is {}
	RunAt    int64           // UTC milliseconds, not before then; 0 is now
	Attempts int             // this one included, when running

	lease string // fences what its holder writes about the job
}

// JobFunc does a job. It may run more than once for the same job, so its effects
// must bear that. Its error is kept with the job: it holds ids, never names.
// When ctx ends the lease is lost or the process stops: nothing more may be done.
type JobFunc func(ctx context.Context, job Job) error

// ErrLeaseLost is the cause of a job's ctx when another worker has taken it.
var ErrLeaseLost = errors.New("store: the job's lease was lost")

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks a job's error as not worth another attempt.
func Permanent(err error) error { return permanent{err} }

// Enqueue adds a job; it exists if tx commits.
func Enqueue(ctx context.Context, tx Queryer, j Job) error {
	if j.ID == "" {
		j.ID = NewID()
	}
	if j.Payload == nil {
		j.Payload = json.RawMessage("{}")
	}
	if len(j.Payload) > jobPayloadLimit || !json.Valid(j.Payload) {
		return fmt.Errorf("store: job %s: the payload must be JSON of at most %d bytes", j.Kind, jobPayloadLimit)
	}
	now := nowOf(tx)
	if j.RunAt == 0 {
		j.RunAt = now
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO job (id, kind, school_id, payload, run_at, attempts, created_at)
		VALUES ($1, $2, $3, $4, $5, 0, $6)`, j.ID, j.Kind, null(j.SchoolID), string(j.Payload), j.RunAt, now)
	if err != nil {
		return fmt.Errorf("store: job: %w", err)
	}
	return nil
}

// claimJob takes the job of these kinds that has waited longest; ok is false
// when none is due. Jobs whose workers were lost too often are buried on the way.
func claimJob(ctx context.Context, db *DB, kinds []string) (j Job, ok bool, err error) {
	lock := ""
	if db.dialect == Postgres {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	args := []any{db.Now(), db.Now() + JobLease.Milliseconds(), NewID(), JobAttempts}
	in := make([]string, len(kinds))
	for i, k := range kinds {
		args = append(args, k)
		in[i] = fmt.Sprintf("$%d", len(args))
	}
	claim := `UPDATE job SET lease_until = $2, lease_owner = $3, attempts = attempts + 1 WHERE id = (
		SELECT id FROM job WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= $1 AND attempts < $4
		AND (lease_until IS NULL OR lease_until <= $1) AND kind IN (` + strings.Join(in, ", ") + `)
		ORDER BY run_at, id LIMIT 1` + lock + `)
		RETURNING id, kind, school_id, payload, run_at, attempts, lease_owner`
	err = db.Write(ctx, func(tx Queryer) error {
		j, ok = Job{}, false
		if _, err := tx.ExecContext(ctx, `UPDATE job SET dead_at = $1, lease_until = NULL, lease_owner = NULL, last_error = $2
			WHERE done_at IS NULL AND dead_at IS NULL AND attempts >= $3 AND lease_until <= $1`,
			args[0], "its worker was lost each time", JobAttempts); err != nil {
			return err
		}
		var school sql.NullString
		var payload string
		err := tx.QueryRowContext(ctx, claim, args...).Scan(&j.ID, &j.Kind, &school, &payload, &j.RunAt, &j.Attempts, &j.lease)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		j.SchoolID, j.Payload, ok = school.String, json.RawMessage(payload), err == nil
		return err
	})
	if err != nil {
		return Job{}, false, fmt.Errorf("store: claim a job: %w", err)
	}
	return j, ok, nil
}

// change updates a job that is still held, or gives ErrLeaseLost. set may use
// $1 (the time, in ms) and $4 onwards.
func (j Job) change(ctx context.Context, db *DB, set string, args ...any) error {
	all := append([]any{db.Now(), j.ID, j.lease}, args...)
	return db.Write(ctx, func(tx Queryer) error {
		res, err := tx.ExecContext(ctx, "UPDATE job SET "+set+" WHERE id = $2 AND lease_owner = $3 AND lease_until > $1", all...)
		if err != nil {
			return fmt.Errorf("store: job: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrLeaseLost, err)
		}
		return nil
	})
}

func (j Job) extend(ctx context.Context, db *DB) error {
	return j.change(ctx, db, "lease_until = $1 + $4", JobLease.Milliseconds())
}

// release gives a job back untouched, since the process stops.
func (j Job) release(ctx context.Context, db *DB) error {
	return j.change(ctx, db, "lease_until = NULL, lease_owner = NULL, attempts = attempts - 1")
}

// settle keeps how the job ended: done, dead, or due again after a while.
func (j Job) settle(ctx context.Context, db *DB, failure error) error {
	if failure == nil {
		return j.change(ctx, db, "done_at = $1, lease_until = NULL, lease_owner = NULL, last_error = NULL")
	}
	text := []rune(strings.ToValidUTF8(strings.ReplaceAll(failure.Error(), "\x00", ""), ""))
	text = text[:min(len(text), jobErrorLimit)]
	var p permanent
	if errors.As(failure, &p) || j.Attempts >= JobAttempts {
		return j.change(ctx, db, "dead_at = $1, lease_until = NULL, lease_owner = NULL, last_error = $4", string(text))
	}
	return j.change(ctx, db, "run_at = $1 + $5, lease_until = NULL, lease_owner = NULL, last_error = $4",
		string(text), backoff(j.Attempts).Milliseconds())
}

// backoff is the wait after the nth attempt: 10 s, 20 s, 40 s… one hour at most.
func backoff(n int) time.Duration {
	return min(10*time.Second<<min(n-1, 20), time.Hour)
}

// PruneJobs removes jobs done before doneBefore and jobs dead before deadBefore,
// in UTC milliseconds.
func PruneJobs(ctx context.Context, tx Queryer, doneBefore, deadBefore int64) (removed int64, err error) {
	res, err := tx.ExecContext(ctx, "DELETE FROM job WHERE done_at < $1 OR dead_at < $2", doneBefore, deadBefore)
	if err != nil {
		return 0, fmt.Errorf("store: prune jobs: %w", err)
	}
	return res.RowsAffected()
}
