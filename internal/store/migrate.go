package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// migrationLock is the key of the advisory lock that PostgreSQL holds while one
// process migrates ("preau" in ASCII).
const migrationLock = 0x7072656175

// SchemaError says that the database and this binary do not belong together.
type SchemaError struct {
	Found, Known int64 // schema version of the database, newest of this binary
}

func (e *SchemaError) Error() string {
	if e.Found > e.Known {
		return fmt.Sprintf("the database has schema %d and this Préau knows only up to %d: a newer Préau has used it. "+
			"Install that version again, or restore the backup made before the upgrade", e.Found, e.Known)
	}
	return fmt.Sprintf("the database has schema %d and this Préau expects %d: start `preau serve` of this version once, so that it upgrades", e.Found, e.Known)
}

// SchemaVersion is the newest schema that this binary knows.
func SchemaVersion() int64 {
	var newest int64
	files, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil {
		return 0
	}
	for _, f := range files {
		if v, err := goose.NumericComponent(f); err == nil {
			newest = max(newest, v)
		}
	}
	return newest
}

// Schema is the version of the database's schema; 0 when it is empty.
func (db *DB) Schema(ctx context.Context) (int64, error) { return db.SchemaIn(ctx, db.read) }

// SchemaIn is Schema as the transaction q sees it.
func (db *DB) SchemaIn(ctx context.Context, q Queryer) (int64, error) {
	exists := "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'goose_db_version'"
	if db.dialect == Postgres {
		exists = "SELECT count(*) FROM pg_tables WHERE tablename = 'goose_db_version' AND schemaname = current_schema()"
	}
	var n int
	if err := q.QueryRowContext(ctx, exists).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: schema version: %w", err)
	}
	if n == 0 {
		return 0, nil
	}
	var v int64
	if err := q.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version").Scan(&v); err != nil {
		return 0, fmt.Errorf("store: schema version: %w", err)
	}
	return v, nil
}

// migrate brings the schema up in Serve mode and checks it in the others.
func (db *DB) migrate(ctx context.Context, o Options) error {
	known := SchemaVersion()
	if db.mode != Serve {
		found, err := db.Schema(ctx)
		if err != nil {
			return err
		}
		if found > known || found == 0 || (found < known && db.mode == Beside) {
			return &SchemaError{Found: found, Known: known}
		}
		return nil
	}
	return db.up(ctx, o)
}

// up migrates to the newest schema, after the step that o asks for.
func (db *DB) up(ctx context.Context, o Options) error {
	known := SchemaVersion()
	pool := db.write
	if db.dialect == Postgres {
		// A pool of its own: a migration may outlast the timeouts of db.write.
		p, err := postgresPool(o, nil)
		if err != nil {
			return err
		}
		defer p.Close()
		unlock, err := lockMigration(ctx, p)
		if err != nil {
			return err
		}
		defer unlock()
		pool = p
	}
	found, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	switch {
	case found > known:
		return &SchemaError{Found: found, Known: known}
	case found == known:
		return nil
	case found > 0 && o.BeforeMigrate != nil:
		if err := o.BeforeMigrate(ctx, db, found, known); err != nil {
			return fmt.Errorf("store: nothing was upgraded, since the step before it failed: %w", err)
		}
	}
	start := time.Now()
	if err := migrateUp(ctx, db.dialect, pool, known); err != nil {
		return err
	}
	db.log.Info("schema migrated", "from", found, "to", known, "took", time.Since(start))
	return nil
}

// lockMigration waits until no other process migrates this database. The lock
// belongs to one connection and goes with it.
func lockMigration(ctx context.Context, pool *sql.DB) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: PostgreSQL does not answer: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return nil, errors.Join(fmt.Errorf("store: another process is upgrading this database: %w", err), conn.Close())
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		// When it fails the connection is broken, and the lock with it.
		_, _ = conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", int64(migrationLock))
		_ = conn.Close()
	}, nil
}

func migrateUp(ctx context.Context, d Dialect, pool *sql.DB, to int64) error {
	dir, err := Migrations(d)
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	dialect := goose.DialectSQLite3
	if d == Postgres {
		dialect = goose.DialectPostgres
	}
	// The provider is not closed: that would close the pool.
	p, err := goose.NewProvider(dialect, pool, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	if _, err := p.UpTo(ctx, to); err != nil {
		return fmt.Errorf("store: migration: %w", err)
	}
	return nil
}

// SchemaDigest is a SHA-256, in hexadecimal, of all the migrations.
func SchemaDigest() string {
	h := sha256.New()
	files, err := fs.Glob(migrations, "migrations/*/*.sql")
	if err != nil {
		return ""
	}
	for _, f := range files {
		b, err := migrations.ReadFile(f)
		if err != nil {
			return ""
		}
		fmt.Fprintf(h, "%s %d\n%s", f, len(b), b)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Migrations are the migrations of a dialect, as files.
func Migrations(d Dialect) (fs.FS, error) { return fs.Sub(migrations, "migrations/"+string(d)) }
