package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// stall keeps the writer busy, so that the calls which follow share a batch.
// free lets it go on.
func stall(t *testing.T, db *store.DB) (free func()) {
	t.Helper()
	gate := make(chan struct{})
	var stalled sync.WaitGroup
	for range db.Lanes() {
		started := make(chan struct{})
		stalled.Go(func() {
			err := db.Write(context.Background(), func(store.Queryer) error {
				close(started)
				<-gate
				return nil
			})
			if err != nil {
				t.Errorf("stalled call: %v", err)
			}
		})
		<-started
	}
	return func() { close(gate); stalled.Wait() }
}

// queued calls Write in a goroutine of its own and returns once the call waits.
func queued(db *store.DB, ctx context.Context, fn func(tx store.Queryer) error) <-chan error {
	before := db.Queued()
	got := make(chan error, 1)
	go func() { got <- db.Write(ctx, fn) }()
	for db.Queued() == before {
		runtime.Gosched()
	}
	return got
}

// In one batch, calls that do harm in every way stand between calls that do not.
func TestOneCallSpoilsNoOther(t *testing.T) {
	mine := errors.New("mine")
	harms := map[string]func(ctx context.Context, cancel func(), tx store.Queryer) error{
		"returns an error": func(ctx context.Context, _ func(), tx store.Queryer) error {
			return errors.Join(put(ctx, tx, "harm", "1"), mine)
		},
		"breaks a constraint": func(ctx context.Context, _ func(), tx store.Queryer) error {
			return errors.Join(put(ctx, tx, "harm", "1"), put(ctx, tx, "harm", "1"))
		},
		"writes wrong SQL": func(ctx context.Context, _ func(), tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO nowhere VALUES (1)")
			return errors.Join(put(ctx, tx, "harm", "1"), err)
		},
		"panics": func(ctx context.Context, _ func(), tx store.Queryer) error {
			if err := put(ctx, tx, "harm", "1"); err != nil {
				return err
			}
			panic("harm")
		},
		"ends its goroutine": func(ctx context.Context, _ func(), tx store.Queryer) error {
			if err := put(ctx, tx, "harm", "1"); err != nil {
				return err
			}
			runtime.Goexit()
			return nil
		},
		"loses its caller midway": func(ctx context.Context, cancel func(), tx store.Queryer) error {
			err := put(ctx, tx, "harm", "1")
			cancel()
			return err
		},
		"goes on after its caller has gone": func(ctx context.Context, cancel func(), tx store.Queryer) error {
			cancel()
			return put(ctx, tx, "harm", "1")
		},
		"reads after its caller has gone": func(ctx context.Context, cancel func(), tx store.Queryer) error {
			err := put(ctx, tx, "harm", "1")
			cancel()
			var s string
			return errors.Join(err, tx.QueryRowContext(ctx, "SELECT key FROM setting").Scan(&s))
		},
		"ends the transaction": func(ctx context.Context, _ func(), tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, "ROLLBACK")
			return err
		},
		"is left by its caller in the midst of a statement": func(ctx context.Context, cancel func(), tx store.Queryer) error {
			if err := put(ctx, tx, "harm", "1"); err != nil {
				return err
			}
			time.AfterFunc(5*time.Millisecond, cancel)
			_, err := tx.ExecContext(ctx, `INSERT INTO setting (key, value) WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60000)
				SELECT 'harm' || CAST(n AS TEXT), 'x' FROM c`)
			return err
		},
		"loses the connection": func(ctx context.Context, _ func(), tx store.Queryer) error {
			if err := put(ctx, tx, "harm", "1"); err != nil {
				return err
			}
			// SQLite, which has none to lose, does not know the function.
			_, err := tx.ExecContext(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			return err
		},
		"leaves rows open and fails": func(ctx context.Context, _ func(), tx store.Queryer) error {
			_, err := tx.QueryContext(ctx, "SELECT key FROM setting")
			tx.QueryRowContext(ctx, "SELECT key FROM setting")
			return errors.Join(err, mine)
		},
	}
	for harm, do := range harms {
		t.Run(harm, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				bg := context.Background()
				free := stall(t, db)
				var good []<-chan error
				var bad []<-chan error
				var runs atomic.Int64
				for i := range 9 {
					if i%3 == 1 {
						ctx, cancel := context.WithCancel(bg)
						defer cancel()
						bad = append(bad, queued(db, ctx, func(tx store.Queryer) error { return do(ctx, cancel, tx) }))
						continue
					}
					good = append(good, queued(db, bg, func(tx store.Queryer) error {
						runs.Add(1)
						return put(bg, tx, fmt.Sprint("good", i), "1")
					}))
				}
				free()
				for i, g := range good {
					if err := <-g; err != nil {
						t.Errorf("good call %d: %v", i, err)
					}
				}
				for _, b := range bad {
					if err := <-b; err == nil {
						t.Error("the harmful call passed")
					}
				}
				for i, ok := range has(t, db.Reader(), "good0", "good2", "good3", "good5", "good6", "good8") {
					if !ok {
						t.Errorf("good row %d is missing", i)
					}
				}
				// A caller who leaves does not even make the others start again.
				if n := runs.Load(); strings.Contains(harm, "caller") && n != int64(len(good)) {
					t.Errorf("%d good calls ran %d times", len(good), n)
				}
				if has(t, db.Reader(), "harm")[0] {
					t.Error("the harmful call left a row")
				}
			})
		})
	}
}

func TestRowsLeftOpenHarmNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for i := range 20 {
			err := db.Write(ctx, func(tx store.Queryer) error {
				if err := put(ctx, tx, fmt.Sprint(i), "1"); err != nil {
					return err
				}
				rows, err := tx.QueryContext(ctx, "SELECT key FROM setting")
				if err == nil {
					rows.Next()
				}
				return err // which leaves them open
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if !has(t, db.Reader(), "19")[0] {
			t.Error("the last row is missing")
		}
	})
}

// What PostgreSQL cannot do is refused on SQLite too.
func TestReadsDoNotNest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		err := db.Write(ctx, func(tx store.Queryer) error {
			if err := put(ctx, tx, "a", "1"); err != nil {
				return err
			}
			rows, err := tx.QueryContext(ctx, "SELECT key FROM setting")
			if err != nil || !rows.Next() {
				t.Fatal(err)
			}
			var s string
			if err := put(ctx, tx, "b", "1"); err == nil {
				t.Error("wrote while rows were open")
			}
			if err := tx.QueryRowContext(ctx, "SELECT key FROM setting").Scan(&s); err == nil || !strings.Contains(err.Error(), "close the rows") {
				t.Errorf("read while rows were open: %v", err)
			}
			if err := errors.Join(rows.Close(), put(ctx, tx, "c", "1")); err != nil {
				t.Errorf("after closing the rows: %v", err)
			}
			tx.QueryRowContext(ctx, "SELECT key FROM setting") // never scanned
			return put(ctx, tx, "d", "1")
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(has(t, db.Reader(), "a", "b", "c", "d")); got != "[true false true true]" {
			t.Errorf("got %s", got)
		}
	})
}

func TestAPanicIsToldToItsCaller(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.Write(t.Context(), func(store.Queryer) error { panic("Camille Durand") })
		p, ok := errors.AsType[*store.PanicError](err)
		if !ok || p.Value != "Camille Durand" || len(p.Stack) == 0 {
			t.Fatalf("got %v", err)
		}
		if got := err.Error(); len(got) < 40 || strings.Contains(got, "Camille") {
			t.Errorf("the text is %q", got)
		}
	})
}

func TestACallerMayLeaveTheQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		free := stall(t, db)
		ctx, cancel := context.WithCancel(context.Background())
		got := queued(db, ctx, func(tx store.Queryer) error { return put(context.Background(), tx, "left", "1") })
		cancel()
		if err := <-got; !errors.Is(err, context.Canceled) { // while the writer is stalled
			t.Errorf("got %v", err)
		}
		free()
		if err := db.Write(context.Background(), func(tx store.Queryer) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if has(t, db.Reader(), "left")[0] {
			t.Error("written for a caller who had left")
		}
	})
}

func TestAFullQueueSaysLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		bg := context.Background()
		free := stall(t, db)
		var waiting []<-chan error
		for i := range 4 {
			waiting = append(waiting, queued(db, bg, func(tx store.Queryer) error { return put(bg, tx, fmt.Sprint(i), "1") }))
		}
		err := db.Write(bg, func(store.Queryer) error { return nil })
		f := fault.Of(err)
		if f == nil || f.Kind != fault.Unavailable || f.Key != "store.busy" || f.RetryAfter <= 0 {
			t.Errorf("got %v", err)
		}
		free()
		for _, w := range waiting {
			if err := <-w; err != nil {
				t.Error(err)
			}
		}
	}, store.WithQueue(4))
}

func TestCloseAnswersWhatIsQueued(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			bg := context.Background()
			o := storetest.Options(t, d)
			db, err := store.Open(bg, o)
			if err != nil {
				t.Fatal(err)
			}
			free := stall(t, db)
			var waiting []<-chan error
			var keys []string
			for i := range 50 {
				keys = append(keys, fmt.Sprint("k", i))
				waiting = append(waiting, queued(db, bg, func(tx store.Queryer) error { return put(bg, tx, keys[i], "1") }))
			}
			closed := make(chan error, 1)
			go func() { closed <- db.Close() }()
			free()
			for _, w := range waiting {
				if err := <-w; err != nil {
					t.Error(err)
				}
			}
			if err := <-closed; err != nil {
				t.Fatal(err)
			}
			again, err := reopen(t, o)
			if err != nil {
				t.Fatal(err)
			}
			for i, ok := range has(t, again.Reader(), keys...) {
				if !ok {
					t.Errorf("%s is missing", keys[i])
				}
			}
		})
	}
}

func TestManyAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		var all sync.WaitGroup
		const callers, each = 64, 20
		for c := range callers {
			all.Go(func() {
				for i := range each {
					err := db.Write(ctx, func(tx store.Queryer) error { return put(ctx, tx, fmt.Sprint(c, ".", i), "1") })
					if err != nil {
						t.Errorf("write: %v", err)
					}
				}
			})
			if c%16 == 0 {
				all.Go(func() {
					if err := db.Tx(ctx, func(tx store.Queryer) error { return put(ctx, tx, fmt.Sprint("tx", c), "1") }); err != nil {
						t.Errorf("tx: %v", err)
					}
				})
			}
		}
		all.Wait()
		var n int
		if err := db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM setting").Scan(&n); err != nil || n != callers*each+callers/16 {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}
