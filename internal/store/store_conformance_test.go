package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// put writes a setting, the plainest row there is.
func put(ctx context.Context, tx store.Queryer, key, value string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO setting (key, value) VALUES ($1, $2)", key, value)
	return err
}

// has says which of the settings are there.
func has(t *testing.T, q store.Queryer, keys ...string) []bool {
	t.Helper()
	found := make([]bool, len(keys))
	for i, k := range keys {
		_, ok, err := store.Setting(t.Context(), q, k)
		if err != nil {
			t.Fatal(err)
		}
		found[i] = ok
	}
	return found
}

// each way to write, under its name.
func writers(db *store.DB) map[string]func(context.Context, func(store.Queryer) error) error {
	return map[string]func(context.Context, func(store.Queryer) error) error{"Tx": db.Tx, "Write": db.Write}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for name, write := range writers(db) {
			if err := write(ctx, func(tx store.Queryer) error { return put(ctx, tx, name, "été «ß» 🎒") }); err != nil {
				t.Fatal(err)
			}
			got, ok, err := store.Setting(ctx, db.Reader(), name)
			if err != nil || !ok || got != "été «ß» 🎒" {
				t.Errorf("%s: got %q, %v, %v", name, got, ok, err)
			}
		}
	})
}

func TestAnErrorUndoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		mine := errors.New("mine")
		for name, write := range writers(db) {
			err := write(ctx, func(tx store.Queryer) error {
				if err := put(ctx, tx, name, "x"); err != nil {
					return err
				}
				return mine
			})
			if !errors.Is(err, mine) {
				t.Errorf("%s: got %v", name, err)
			}
			if has(t, db.Reader(), name)[0] {
				t.Errorf("%s: the row is there", name)
			}
		}
	})
}

func TestUniqueIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for name, write := range writers(db) {
			err := write(ctx, func(tx store.Queryer) error {
				return errors.Join(put(ctx, tx, name, "1"), put(ctx, tx, name, "2"))
			})
			if !store.IsUnique(err) {
				t.Errorf("%s: got %v, want a unique violation", name, err)
			}
			if err := write(ctx, func(tx store.Queryer) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO setting (key, value) VALUES ($1, NULL)", "n")
				return err
			}); err == nil || store.IsUnique(err) {
				t.Errorf("%s: a missing value gave %v", name, err)
			}
		}
	})
}

func TestReaderAndSnapshotCannotWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		if err := put(ctx, db.Reader(), "a", "1"); err == nil {
			t.Error("Reader wrote")
		}
		if err := db.Snapshot(ctx, func(q store.Queryer) error { return put(ctx, q, "b", "1") }); err == nil {
			t.Error("Snapshot wrote")
		}
	})
}

func TestSnapshotStandsStill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		err := db.Snapshot(ctx, func(q store.Queryer) error {
			for name, write := range writers(db) {
				if err := write(ctx, func(tx store.Queryer) error { return put(ctx, tx, name, "1") }); err != nil {
					return err
				}
			}
			if got := has(t, q, "Tx", "Write"); got[0] || got[1] {
				t.Errorf("the snapshot moved: %v", got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := has(t, db.Reader(), "Tx", "Write"); !got[0] || !got[1] {
			t.Errorf("written beside a snapshot: %v", got)
		}
	})
}

// Two transactions read what the other is about to write. Serializable means
// that one of them sees the other's work.
func TestChecksHold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for name, write := range writers(db) {
			const n = 8
			errs := make(chan error, n)
			for i := range n {
				go func() {
					errs <- write(ctx, func(tx store.Queryer) error {
						var count int
						if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM setting WHERE key LIKE $1", name+"%").Scan(&count); err != nil {
							return err
						}
						if count > 0 {
							return fault.New(fault.Conflict, "store.busy")
						}
						return put(ctx, tx, fmt.Sprint(name, i), "1")
					})
				}()
			}
			won := 0
			for range n {
				if err := <-errs; err == nil {
					won++
				} else if !fault.Is(err, fault.Conflict) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if won != 1 {
				t.Errorf("%s: %d of %d passed a check that one may pass", name, won, n)
			}
		}
	})
}

func TestBytesTimesAndBooleans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		kind := map[store.Dialect]string{store.SQLite: "BLOB", store.Postgres: "BYTEA"}[db.Dialect()]
		strict := map[store.Dialect]string{store.SQLite: " STRICT"}[db.Dialect()]
		long := map[store.Dialect]string{store.SQLite: "INTEGER", store.Postgres: "BIGINT"}[db.Dialect()]
		if err := db.Exec("CREATE TABLE plain (b " + kind + ", t " + long + ", f INTEGER, n TEXT)" + strict); err != nil {
			t.Fatal(err)
		}
		want := []byte{0, 1, 255, '\'', 0}
		now := db.Now()
		for name, write := range writers(db) {
			err := write(ctx, func(tx store.Queryer) error {
				if _, err := tx.ExecContext(ctx, "INSERT INTO plain (n, f, t, b) VALUES ($4, $3, $2, $1)", want, now, 1, sql.NullString{}); err != nil {
					return err
				}
				var b []byte
				var at int64
				var f bool
				var n sql.NullString
				if err := tx.QueryRowContext(ctx, "SELECT b, t, f, n FROM plain").Scan(&b, &at, &f, &n); err != nil {
					return err
				}
				if string(b) != string(want) || at != now || !f || n.Valid {
					t.Errorf("%s: got %v %d %v %v", name, b, at, f, n)
				}
				_, err := tx.ExecContext(ctx, "DELETE FROM plain")
				return err
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}

func TestClosedStoreRefuses(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			ctx := t.Context()
			db, err := store.Open(ctx, storetest.Options(t, d))
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(db.Close(), db.Close()); err != nil {
				t.Fatal(err)
			}
			err = db.Write(ctx, func(store.Queryer) error { return nil })
			if !fault.Is(err, fault.Unavailable) {
				t.Errorf("Write gave %v", err)
			}
			if err := db.Tx(ctx, func(store.Queryer) error { return nil }); err == nil {
				t.Error("Tx passed")
			}
		})
	}
}

func TestNowIsTheClocks(t *testing.T) {
	at := time.UnixMilli(1_795_000_000_123)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if got := db.Now(); got != at.UnixMilli() {
			t.Errorf("got %d", got)
		}
		for name, write := range writers(db) {
			err := write(t.Context(), func(tx store.Queryer) error {
				return store.Audit(t.Context(), tx, store.AuditEntry{ActorKind: "system", Act: "test." + name})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		page, err := store.AuditPage(t.Context(), db.Reader(), "", "", 10)
		if err != nil || len(page) != 2 || page[0].At != at.UnixMilli() || page[1].At != at.UnixMilli() {
			t.Errorf("got %+v, %v", page, err)
		}
	}, func(o *store.Options) { o.Clock = storetest.NewClock(at) })
}

// A caller who leaves in the midst of a statement leaves a store that works.
func TestAnInterruptedTxHarmsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for i := range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			err := db.Tx(ctx, func(tx store.Queryer) error {
				if err := put(ctx, tx, "harm", "1"); err != nil {
					return err
				}
				time.AfterFunc(time.Duration(i)*time.Millisecond, cancel)
				_, err := tx.ExecContext(ctx, `INSERT INTO setting (key, value) WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000000)
					SELECT 'harm' || CAST(n AS TEXT), 'x' FROM c`)
				return err
			})
			cancel()
			if err == nil {
				t.Error("an interrupted transaction passed")
			}
			ctx, cancel = context.WithCancel(t.Context())
			err = db.Snapshot(ctx, func(q store.Queryer) error {
				time.AfterFunc(time.Duration(i)*time.Millisecond, cancel)
				var n int
				return q.QueryRowContext(ctx, `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 9000000)
					SELECT count(*) FROM c`).Scan(&n)
			})
			cancel()
			if err == nil {
				t.Error("an interrupted snapshot passed")
			}
			for range 40 { // more than there are readers
				if err := db.Snapshot(t.Context(), func(q store.Queryer) error { has(t, q, "harm"); return nil }); err != nil {
					t.Fatalf("a snapshot afterwards: %v", err)
				}
			}
			for name, write := range writers(db) {
				if err := write(t.Context(), func(tx store.Queryer) error { return put(t.Context(), tx, fmt.Sprint(name, i), "1") }); err != nil {
					t.Errorf("%s afterwards: %v", name, err)
				}
			}
			if got := has(t, db.Reader(), "harm", fmt.Sprint("Tx", i), fmt.Sprint("Write", i)); got[0] || !got[1] || !got[2] {
				t.Errorf("got %v", got)
			}
		}
	})
}

// A panic reaches the caller of Tx as it would without it, and keeps nothing.
func TestAPanicInTx(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		func() {
			defer func() {
				if v := recover(); v != "oh" {
					t.Errorf("recovered %v", v)
				}
			}()
			_ = db.Tx(ctx, func(tx store.Queryer) error {
				if err := put(ctx, tx, "harm", "1"); err != nil {
					t.Error(err)
				}
				panic("oh")
			})
		}()
		if err := db.Tx(ctx, func(tx store.Queryer) error { return put(ctx, tx, "fine", "1") }); err != nil {
			t.Fatal(err)
		}
		if got := has(t, db.Reader(), "harm", "fine"); got[0] || !got[1] {
			t.Errorf("got %v", got)
		}
	})
}
