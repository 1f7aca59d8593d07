package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

func reopen(t *testing.T, o store.Options) (*store.DB, error) {
	t.Helper()
	db, err := store.Open(t.Context(), o)
	if err == nil {
		t.Cleanup(func() { db.Close() })
	}
	return db, err
}

func TestANewerSchemaIsRefused(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			o := storetest.Options(t, d)
			db, err := store.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			newer := store.SchemaVersion() + 7
			yes := map[store.Dialect]string{store.SQLite: "1", store.Postgres: "true"}[d]
			if err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (" + itoa(newer) + ", " + yes + ")"); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			for _, mode := range []store.Mode{store.Serve, store.Beside, store.ReadOnly} {
				o.Mode = mode
				_, err = reopen(t, o)
				if e, ok := errors.AsType[*store.SchemaError](err); !ok || e.Found != newer || !strings.Contains(err.Error(), "backup") {
					t.Errorf("mode %d: got %v", mode, err)
				}
			}
		})
	}
}

func TestBeforeMigrate(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			o := store.Options{DataDir: t.TempDir()}
			if d == store.Postgres {
				o.DSN = storetest.EmptyPostgres(t)
			}
			called := 0
			refuse := errors.New("no room for the backup")
			o.BeforeMigrate = func(ctx context.Context, db *store.DB, from, to int64) error {
				called++
				if from != 0 && to == store.SchemaVersion() && from < to && has(t, db.Reader(), "a")[0] {
					return refuse
				}
				return errors.New("called at the wrong moment")
			}
			db, err := store.Open(t.Context(), o)
			if err != nil || called != 0 {
				t.Fatalf("an empty database: %v, called %d times", err, called)
			}
			if err := db.Write(t.Context(), func(tx store.Queryer) error { return put(t.Context(), tx, "a", "1") }); err != nil {
				t.Fatal(err)
			}
			db.Close()
			if db, err = reopen(t, o); err != nil || called != 0 {
				t.Fatalf("nothing pending: %v, called %d times", err, called)
			}
			if store.SchemaVersion() < 2 {
				return
			}
			// As if the last migration were new.
			if err := db.Exec("DELETE FROM goose_db_version WHERE version_id = " + itoa(store.SchemaVersion())); err != nil {
				t.Fatal(err)
			}
			db.Close()
			if _, err = reopen(t, o); !errors.Is(err, refuse) || called != 1 {
				t.Errorf("pending: got %v, called %d times", err, called)
			}
			// Nothing was changed: the older schema is still readable as such.
			o.Mode = store.ReadOnly
			ro, err := reopen(t, o)
			if err != nil {
				t.Fatal(err)
			}
			if v, err := ro.Schema(t.Context()); err != nil || v >= store.SchemaVersion() {
				t.Errorf("schema %d, %v", v, err)
			}
			o.Mode = store.Beside
			if _, err := reopen(t, o); err == nil {
				t.Error("Beside opened an older schema")
			}
		})
	}
}

func TestOneServerInAFolder(t *testing.T) {
	o := store.Options{DataDir: t.TempDir()}
	db, err := reopen(t, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reopen(t, o); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second server: %v", err)
	}
	o.Mode = store.Beside
	beside, err := reopen(t, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for i, w := range []*store.DB{beside, db, beside, db} {
		if err := w.Write(ctx, func(tx store.Queryer) error { return put(ctx, tx, itoa(int64(i)), "1") }); err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	o.Mode = store.Serve
	if _, err := reopen(t, o); err != nil {
		t.Errorf("after Close: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			o := storetest.Options(t, d)
			db, err := reopen(t, o)
			if err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			if err := db.Tx(ctx, func(tx store.Queryer) error { return put(ctx, tx, "a", "1") }); err != nil {
				t.Fatal(err)
			}
			check := func(when string) {
				t.Helper()
				ro := o
				ro.Mode = store.ReadOnly
				r, err := reopen(t, ro)
				if err != nil {
					t.Fatalf("%s: %v", when, err)
				}
				if !has(t, r.Reader(), "a")[0] {
					t.Errorf("%s: nothing to read", when)
				}
				if err := r.Write(ctx, func(tx store.Queryer) error { return nil }); err == nil {
					t.Errorf("%s: Write passed", when)
				}
				if err := r.Tx(ctx, func(tx store.Queryer) error { return nil }); err == nil {
					t.Errorf("%s: Tx passed", when)
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
			check("beside a server")
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			check("with no server")
		})
	}
}

func TestNothingIsMadeWhereNothingIs(t *testing.T) {
	for _, mode := range []store.Mode{store.Beside, store.ReadOnly} {
		dir := t.TempDir()
		if _, err := reopen(t, store.Options{DataDir: dir, Mode: mode}); err == nil {
			t.Errorf("mode %d opened an empty folder", mode)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("mode %d left %v", mode, left)
		}
	}
}

func TestFolderNamesThatNeedEscaping(t *testing.T) {
	for _, name := range []string{"a b", "c?d#e", "100%", "f&g=h", "élève"} {
		dir := filepath.Join(t.TempDir(), name)
		db, err := reopen(t, store.Options{DataDir: dir})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		db.Close()
		if _, err := os.Stat(filepath.Join(dir, "preau.db")); err != nil {
			t.Error(err)
		}
	}
}

func TestSQLiteIsSetAsPromised(t *testing.T) {
	db := storetest.Open(t, store.SQLite)
	ctx := t.Context()
	check := func(where string, q store.Queryer, want map[string]string) {
		for pragma, want := range want {
			var got string
			if err := q.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s is %q, %v; want %q", where, pragma, got, err, want)
			}
		}
	}
	err := db.Tx(ctx, func(tx store.Queryer) error {
		check("writer", tx, map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	check("reader", db.Reader(), map[string]string{"query_only": "1", "busy_timeout": "10000"})
	rows, err := db.Reader().QueryContext(ctx, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, ddl string
		if err := rows.Scan(&name, &ddl); err != nil {
			t.Fatal(err)
		}
		if name != "goose_db_version" && !strings.HasPrefix(name, "sqlite_") && !strings.HasSuffix(ddl, "STRICT") {
			t.Errorf("table %s is not STRICT", name)
		}
	}
}

func TestUnsafePostgresIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not tested with -short")
	}
	t.Run("in the session", func(t *testing.T) {
		o := storetest.Options(t, store.Postgres)
		o.DSN += "&synchronous_commit=off"
		wantUnsafe(t, o, "synchronous_commit")
	})
	// These are set for a whole server, and the tests share one: a function in
	// front of the server's own answers for them.
	for _, setting := range []string{"fsync", "full_page_writes"} {
		t.Run(setting, func(t *testing.T) {
			o := storetest.Options(t, store.Postgres)
			db, err := reopen(t, o)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Exec(`CREATE FUNCTION public.current_setting(name text) RETURNS text LANGUAGE sql AS
				$$ SELECT CASE name WHEN '` + setting + `' THEN 'off' ELSE pg_catalog.current_setting(name) END $$`); err != nil {
				t.Fatal(err)
			}
			o.DSN += "&search_path=public,pg_catalog"
			wantUnsafe(t, o, setting)
		})
	}
}

func wantUnsafe(t *testing.T, o store.Options, setting string) {
	t.Helper()
	_, err := reopen(t, o)
	e, ok := errors.AsType[*store.UnsafeError](err)
	if !ok || e.Setting != setting || !strings.Contains(err.Error(), "ALTER SYSTEM SET "+setting+" = on") {
		t.Errorf("got %v", err)
	}
}

func TestAnAddressIsNotRepeated(t *testing.T) {
	for _, dsn := range []string{"postgres://u:s3cret@%zz/preau", "postgres://u:s3cret@127.0.0.1:1/preau?connect_timeout=1", "nonsense s3cret"} {
		_, err := reopen(t, store.Options{DSN: dsn, DataDir: t.TempDir()})
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v", err)
		}
	}
}
