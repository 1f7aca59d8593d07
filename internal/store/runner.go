package store

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

const (
	jobWorkers = 2
	// jobPoll is how soon a new job is seen.
	jobPoll = time.Second
	// Jobs are kept this long once done, or once dead.
	jobKeepDone = 7 * 24 * time.Hour
	jobKeepDead = 90 * 24 * time.Hour
)

// Runner does the jobs of the kinds it knows. Several processes may run one.
type Runner struct {
	db    *DB
	kinds map[string]JobFunc
	log   *slog.Logger
	beat  time.Duration // between two extensions of a lease
}

// NewRunner makes a Runner. A nil log discards.
func NewRunner(db *DB, kinds map[string]JobFunc, log *slog.Logger) *Runner {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Runner{db: db, kinds: maps.Clone(kinds), log: log, beat: JobLease / 4}
}

// Run does jobs until ctx ends, and returns when those that run have stopped.
// A job that was stopped so is given back, and does not count as an attempt.
func (r *Runner) Run(ctx context.Context) {
	var workers sync.WaitGroup
	for range jobWorkers {
		workers.Go(func() { r.work(ctx) })
	}
	r.prune(ctx)
	workers.Wait()
}

func (r *Runner) work(ctx context.Context) {
	tick := time.NewTicker(jobPoll)
	defer tick.Stop()
	for {
		ran, err := r.Once(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			r.log.Error("job queue", "error", err)
		}
		if ran && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once does one due job, if there is any, and says whether there was. The error
// is the queue's, not the job's, which is kept with the job.
func (r *Runner) Once(ctx context.Context) (ran bool, err error) {
	if len(r.kinds) == 0 {
		return false, nil
	}
	j, ok, err := claimJob(ctx, r.db, slices.Sorted(maps.Keys(r.kinds)))
	if err != nil || !ok {
		return false, err
	}
	failure, lost := r.hold(ctx, j)
	if lost {
		r.log.Warn("job lost its lease", "job", j.ID, "kind", j.Kind)
		return true, nil
	}
	// The outcome is kept even while the process stops.
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if failure != nil && ctx.Err() != nil {
		return true, j.release(end, r.db)
	}
	if failure != nil {
		r.log.Warn("job failed", "job", j.ID, "kind", j.Kind, "attempt", j.Attempts, "error", failure)
	}
	err = j.settle(end, r.db, failure)
	if errors.Is(err, ErrLeaseLost) {
		r.log.Warn("job ended after its lease", "job", j.ID, "kind", j.Kind)
		return true, nil
	}
	return true, err
}

// hold runs a job's function while it extends the lease.
func (r *Runner) hold(ctx context.Context, j Job) (failure error, lost bool) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- &PanicError{Value: v, Stack: debug.Stack()}
			}
		}()
		done <- r.kinds[j.Kind](ctx, j)
	}()
	beat := time.NewTicker(r.beat)
	defer beat.Stop()
	for {
		select {
		case failure := <-done:
			return failure, errors.Is(context.Cause(ctx), ErrLeaseLost)
		case <-beat.C:
			if err := j.extend(ctx, r.db); errors.Is(err, ErrLeaseLost) {
				cancel(ErrLeaseLost)
			}
		}
	}
}

func (r *Runner) prune(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		now := r.db.Now()
		err := r.db.Write(ctx, func(tx Queryer) error {
			_, err := PruneJobs(ctx, tx, now-jobKeepDone.Milliseconds(), now-jobKeepDead.Milliseconds())
			return err
		})
		if err != nil && ctx.Err() == nil {
			r.log.Error("prune jobs", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
