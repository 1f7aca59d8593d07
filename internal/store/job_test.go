package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

func enqueue(t *testing.T, db *store.DB, j store.Job) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx store.Queryer) error { return store.Enqueue(t.Context(), tx, j) }); err != nil {
		t.Fatal(err)
	}
}

// eachClock runs f on both dialects with a clock that f moves.
func eachClock(t *testing.T, f func(t *testing.T, db *store.DB, clock *storetest.Clock)) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			clock := storetest.NewClock(time.UnixMilli(1_795_000_000_000))
			f(t, storetest.Open(t, d, func(o *store.Options) { o.Clock = clock }), clock)
		})
	}
}

func TestAJobIsDoneOnce(t *testing.T) {
	eachClock(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		var seen []string
		r := store.NewRunner(db, map[string]store.JobFunc{"greet": func(_ context.Context, j store.Job) error {
			seen = append(seen, fmt.Sprint(j.SchoolID, string(j.Payload), j.Attempts))
			return nil
		}}, nil)
		enqueue(t, db, store.Job{Kind: "greet", SchoolID: "s", Payload: json.RawMessage(`{"id":7}`)})
		enqueue(t, db, store.Job{Kind: "of another runner"})
		enqueue(t, db, store.Job{Kind: "greet", RunAt: db.Now() + 1000})
		for i, want := range []bool{true, false, false} {
			if ran, err := r.Once(t.Context()); ran != want || err != nil {
				t.Errorf("turn %d: ran %v, %v", i, ran, err)
			}
		}
		clock.Advance(time.Second)
		if ran, err := r.Once(t.Context()); !ran || err != nil {
			t.Errorf("at its time: ran %v, %v", ran, err)
		}
		if got := strings.Join(seen, " "); got != `s{"id":7}1 {}1` {
			t.Errorf("seen %q", got)
		}
	})
}

func TestEnqueueGoesWithItsTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		err := db.Tx(ctx, func(tx store.Queryer) error {
			return errors.Join(store.Enqueue(ctx, tx, store.Job{Kind: "k"}), errors.New("no"))
		})
		if err == nil {
			t.Fatal("passed")
		}
		if _, ok, err := store.ClaimJob(ctx, db, "k"); ok || err != nil {
			t.Errorf("claimed %v, %v", ok, err)
		}
		for _, wrong := range []json.RawMessage{json.RawMessage("{"), json.RawMessage(`"` + strings.Repeat("x", 64<<10) + `"`)} {
			if err := db.Tx(ctx, func(tx store.Queryer) error {
				return store.Enqueue(ctx, tx, store.Job{Kind: "k", Payload: wrong})
			}); err == nil {
				t.Errorf("a payload of %d bytes passed", len(wrong))
			}
		}
		twice := store.Job{ID: store.NewID(), Kind: "k"}
		enqueue(t, db, twice)
		if err := db.Tx(ctx, func(tx store.Queryer) error { return store.Enqueue(ctx, tx, twice) }); !store.IsUnique(err) {
			t.Errorf("the same id twice: %v", err)
		}
	})
}

func TestAFailingJobWaitsLongerEachTimeAndDies(t *testing.T) {
	eachClock(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		runs := 0
		r := store.NewRunner(db, map[string]store.JobFunc{"k": func(context.Context, store.Job) error {
			runs++
			if runs == 3 {
				panic("also a failure")
			}
			return errors.New("not yet")
		}}, nil)
		enqueue(t, db, store.Job{Kind: "k"})
		wait := 10 * time.Second
		for range store.JobAttempts {
			if ran, err := r.Once(t.Context()); !ran || err != nil {
				t.Fatalf("after %d runs: ran %v, %v", runs, ran, err)
			}
			clock.Advance(wait - time.Millisecond)
			if ran, err := r.Once(t.Context()); ran || err != nil {
				t.Errorf("after %d runs: ran too early, %v", runs, err)
			}
			clock.Advance(time.Millisecond)
			wait = min(2*wait, time.Hour)
		}
		clock.Advance(100 * time.Hour)
		if ran, err := r.Once(t.Context()); ran || err != nil || runs != store.JobAttempts {
			t.Errorf("ran %v, %v; %d runs", ran, err, runs)
		}
		var last string
		if err := db.Reader().QueryRowContext(t.Context(), "SELECT last_error FROM job WHERE dead_at IS NOT NULL").Scan(&last); err != nil || last != "not yet" {
			t.Errorf("kept %q, %v", last, err)
		}
	})
}

func TestAPermanentFailureDiesAtOnce(t *testing.T) {
	eachClock(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		r := store.NewRunner(db, map[string]store.JobFunc{"k": func(context.Context, store.Job) error {
			return fmt.Errorf("import: %w", store.Permanent(errors.New("bad\x00 file \xff"+strings.Repeat("é", 1000))))
		}}, nil)
		enqueue(t, db, store.Job{Kind: "k"})
		if ran, err := r.Once(t.Context()); !ran || err != nil {
			t.Fatal(ran, err)
		}
		clock.Advance(100 * time.Hour)
		if ran, err := r.Once(t.Context()); ran || err != nil {
			t.Errorf("ran %v, %v", ran, err)
		}
	})
}

func TestALostLeaseIsFenced(t *testing.T) {
	eachClock(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx := t.Context()
		enqueue(t, db, store.Job{Kind: "k"})
		first, ok, err := store.ClaimJob(ctx, db, "k")
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		clock.Advance(store.JobLease - time.Second)
		if err := first.Extend(ctx, db); err != nil {
			t.Fatal(err)
		}
		clock.Advance(store.JobLease - time.Second)
		if _, ok, err := store.ClaimJob(ctx, db, "k"); ok || err != nil {
			t.Fatalf("claimed in spite of the extension, %v", err)
		}
		clock.Advance(2 * time.Second)
		second, ok, err := store.ClaimJob(ctx, db, "k")
		if !ok || err != nil || second.Attempts != 2 {
			t.Fatalf("%+v, %v, %v", second, ok, err)
		}
		for name, err := range map[string]error{"extend": first.Extend(ctx, db), "settle": first.Settle(ctx, db, nil)} {
			if !errors.Is(err, store.ErrLeaseLost) {
				t.Errorf("%s by the first holder: %v", name, err)
			}
		}
		if err := second.Settle(ctx, db, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestAJobWhoseWorkersVanishDies(t *testing.T) {
	eachClock(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		enqueue(t, db, store.Job{Kind: "k"})
		for n := range store.JobAttempts {
			if _, ok, err := store.ClaimJob(t.Context(), db, "k"); !ok || err != nil {
				t.Fatalf("claim %d: %v, %v", n, ok, err)
			}
			clock.Advance(2 * store.JobLease)
		}
		if _, ok, err := store.ClaimJob(t.Context(), db, "k"); ok || err != nil {
			t.Errorf("claimed once more, %v", err)
		}
		var dead int
		if err := db.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM job WHERE dead_at IS NOT NULL").Scan(&dead); err != nil || dead != 1 {
			t.Errorf("%d dead, %v", dead, err)
		}
	})
}

// A long job keeps its lease by extending it; when it loses it, it is told.
func TestAJobIsToldThatItsLeaseIsLost(t *testing.T) {
	eachClock(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		told := make(chan error, 1)
		r := store.NewRunner(db, map[string]store.JobFunc{"k": func(ctx context.Context, j store.Job) error {
			clock.Advance(2 * store.JobLease) // as if the machine had slept
			<-ctx.Done()
			told <- context.Cause(ctx)
			return ctx.Err()
		}}, nil).WithBeat(time.Millisecond)
		enqueue(t, db, store.Job{Kind: "k"})
		if ran, err := r.Once(t.Context()); !ran || err != nil {
			t.Fatal(ran, err)
		}
		if err := <-told; !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("told %v", err)
		}
	})
}

func TestStoppingGivesJobsBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		enqueue(t, db, store.Job{Kind: "k"})
		ctx, stop := context.WithCancel(t.Context())
		r := store.NewRunner(db, map[string]store.JobFunc{"k": func(ctx context.Context, _ store.Job) error {
			stop()
			<-ctx.Done()
			return ctx.Err()
		}}, nil)
		r.Run(ctx) // returns since the job stopped it
		j, ok, err := store.ClaimJob(t.Context(), db, "k")
		if !ok || err != nil || j.Attempts != 1 {
			t.Errorf("%+v, %v, %v", j, ok, err)
		}
	})
}

func TestManyWorkersShareTheQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const jobs = 60
		for range jobs {
			enqueue(t, db, store.Job{Kind: "k"})
		}
		var mu sync.Mutex
		seen := map[string]int{}
		var all sync.WaitGroup
		for range 6 {
			r := store.NewRunner(db, map[string]store.JobFunc{"k": func(_ context.Context, j store.Job) error {
				mu.Lock()
				defer mu.Unlock()
				seen[j.ID]++
				return nil
			}}, nil)
			all.Go(func() {
				for {
					ran, err := r.Once(t.Context())
					if err != nil {
						t.Error(err)
					}
					if !ran {
						return
					}
				}
			})
		}
		all.Wait()
		for id, n := range seen {
			if n != 1 {
				t.Errorf("job %s ran %d times", id, n)
			}
		}
		if len(seen) != jobs {
			t.Errorf("%d jobs ran of %d", len(seen), jobs)
		}
	})
}

func TestPruneJobs(t *testing.T) {
	eachClock(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx := t.Context()
		r := store.NewRunner(db, map[string]store.JobFunc{
			"good": func(context.Context, store.Job) error { return nil },
			"bad":  func(context.Context, store.Job) error { return store.Permanent(errors.New("x")) },
		}, nil)
		enqueue(t, db, store.Job{Kind: "good"})
		enqueue(t, db, store.Job{Kind: "bad"})
		enqueue(t, db, store.Job{Kind: "waiting"})
		for range 2 {
			if _, err := r.Once(ctx); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct{ done, dead, want int64 }{{0, 0, 0}, {1, 0, 1}, {1, 1, 1}} {
			var n int64
			err := db.Write(ctx, func(tx store.Queryer) (err error) {
				n, err = store.PruneJobs(ctx, tx, db.Now()+c.done, db.Now()+c.dead)
				return err
			})
			if err != nil || n != c.want {
				t.Errorf("%+v: removed %d, %v", c, n, err)
			}
		}
		var left int
		if err := db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM job").Scan(&left); err != nil || left != 1 {
			t.Errorf("%d left, %v", left, err)
		}
	})
}
