package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"preau/internal/store"
)

// Each runs f as one subtest per dialect, on a fresh and migrated database that
// is closed afterwards. mods change the options that the database is opened with.
func Each(t *testing.T, f func(t *testing.T, db *store.DB), mods ...func(*store.Options)) {
	t.Helper()
	for _, d := range Dialects() {
		t.Run(string(d), func(t *testing.T) { f(t, Open(t, d, mods...)) })
	}
}

// Dialects are those that this run tests.
func Dialects() []store.Dialect {
	if testing.Short() {
		return []store.Dialect{store.SQLite}
	}
	return []store.Dialect{store.SQLite, store.Postgres}
}

// Open opens a fresh and migrated database, closed when the test ends.
func Open(t testing.TB, d store.Dialect, mods ...func(*store.Options)) *store.DB {
	t.Helper()
	o := Options(t, d)
	for _, m := range mods {
		m(&o)
	}
	if d == store.SQLite {
		fromTemplate(t, o.DataDir)
	}
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open %s: %v", d, err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close %s: %v", d, err)
		}
	})
	return db
}

// migrated makes, once for this process, the SQLite database that others are
// copied from: its migrations take longer than most tests.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "preau-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(context.Background(), store.Options{DataDir: dir})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.SQLiteFile))
})

// fromTemplate puts a migrated database into a folder that has none.
func fromTemplate(t testing.TB, dir string) {
	t.Helper()
	path := filepath.Join(dir, store.SQLiteFile)
	if _, err := os.Stat(path); err == nil {
		return
	}
	data, err := migrated()
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		t.Fatalf("the template of SQLite: %v", err)
	}
}

// Options name a fresh database: an empty folder for SQLite, and for PostgreSQL
// a migrated database too. The test opens and closes it, as often as it likes.
func Options(t testing.TB, d store.Dialect) store.Options {
	t.Helper()
	o := store.Options{DataDir: t.TempDir()}
	if d == store.Postgres {
		o.DSN = postgres(t, true)
	}
	return o
}

// EmptyPostgres is the address of a fresh database without any table.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	return postgres(t, false)
}

// Clock is a clock that a test sets. Its zero value stands at the Unix epoch.
type Clock struct {
	mu sync.Mutex
	at time.Time // under mu
}

// NewClock makes a Clock that stands at a time.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is the time that was set.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// template makes, once for each set of migrations, the database that others are
// copied from.
func (s *server) template(ctx context.Context) (string, error) {
	name := "preau_template_" + store.SchemaDigest()[:16]
	return name, s.locked(ctx, func(admin store.Queryer) error {
		var n int
		if err := admin.QueryRowContext(ctx, "SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&n); err != nil || n == 1 {
			return err
		}
		// Migrated under another name, so that a template is always complete.
		making := name + "_making"
		for _, q := range []string{"DROP DATABASE IF EXISTS " + making, create(making, "template0")} {
			if _, err := admin.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		db, err := store.Open(ctx, store.Options{DSN: s.dsn(making)})
		if err != nil {
			return fmt.Errorf("migrate the template: %w", err)
		}
		if err := db.Close(); err != nil {
			return err
		}
		_, err = admin.ExecContext(ctx, fmt.Sprintf("ALTER DATABASE %s RENAME TO %s", making, name))
		return err
	})
}

func create(name, from string) string {
	return fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s ENCODING 'UTF8'", name, from)
}
