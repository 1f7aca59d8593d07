package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// restoringKey is the setting that stands in a database while a backup is put
// into it.
const restoringKey = "restore.unfinished"

// NotEmptyError says that a backup would meet other data.
type NotEmptyError struct{ Table string }

func (e *NotEmptyError) Error() string {
	return fmt.Sprintf("the database already holds data (table %s), and a restore never mixes: "+
		"restore into an empty data folder, or an empty PostgreSQL database", e.Table)
}

// UnfinishedError says that a restore into this database did not end.
type UnfinishedError struct{}

func (*UnfinishedError) Error() string {
	return "a restore into this database was interrupted, and what is in it is not whole: run `preau restore` again"
}

// OpenForRestore opens an empty database with the schema of version at, which
// may be older than this binary's. Empty means no table; or Préau's tables with
// rows only where disposable names them; or what an interrupted restore left.
// All that is removed first. Until FinishRestore the database can be opened by
// OpenForRestore only.
func OpenForRestore(ctx context.Context, o Options, at int64, disposable []string) (*DB, error) {
	if at < 1 || at > SchemaVersion() {
		return nil, &SchemaError{Found: at, Known: SchemaVersion()}
	}
	o.Mode, o.application = Serve, "preau restore"
	db := newDB(o)
	err := db.connect(ctx, o)
	if err == nil {
		err = db.mustBeAlone(ctx)
	}
	if err == nil {
		err = db.mustBeEmpty(ctx, disposable)
	}
	if err == nil {
		err = db.clear(ctx, o)
	}
	if err == nil {
		err = migrateUp(ctx, db.dialect, db.write, at)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.writer = newWriter(db, o.queue)
	if err := db.Tx(ctx, func(tx Queryer) error { return PutSetting(ctx, tx, restoringKey, "1") }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Load runs fn in one transaction that checks foreign keys at its end only, so
// that rows may come in any order. fn runs once.
func (db *DB) Load(ctx context.Context, fn func(tx Queryer) error) error {
	if db.dialect == SQLite {
		return db.Tx(ctx, func(tx Queryer) error {
			if _, err := tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = ON"); err != nil {
				return fmt.Errorf("store: load: %w", err)
			}
			return fn(tx)
		})
	}
	return db.onceOfPool(ctx, nil, func(tx Queryer) error {
		keys, err := foreignKeys(ctx, tx)
		if err != nil {
			return err
		}
		alter := func(how string) error {
			for _, k := range keys {
				if _, err := tx.ExecContext(ctx, k+how); err != nil {
					return fmt.Errorf("store: load: %w", err)
				}
			}
			return nil
		}
		if err := alter(" DEFERRABLE INITIALLY DEFERRED"); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
			return fmt.Errorf("store: load: %w", err)
		}
		return alter(" NOT DEFERRABLE")
	})
}

// foreignKeys are the beginnings of the statements that alter each foreign key
// of PostgreSQL that is not deferrable.
func foreignKeys(ctx context.Context, q Queryer) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I', conrelid::regclass, conname)
		FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable AND connamespace = current_schema()::regnamespace`)
	if err != nil {
		return nil, fmt.Errorf("store: load: %w", err)
	}
	return texts(rows)
}

// FinishRestore migrates to this binary's schema.
func (db *DB) FinishRestore(ctx context.Context, o Options) error {
	// Nobody writes meanwhile: the writer's only connection to SQLite is lent.
	w := db.writer
	if w.slot != nil {
		s, err := w.take(ctx)
		if err != nil {
			return err
		}
		s.broken = true // so that the migration can have the connection
		s.close()
		w.sole = nil
		defer func() { w.slot <- struct{}{} }()
	}
	o.BeforeMigrate = nil
	return db.up(ctx, o)
}

// EndRestore takes the mark away: the database is whole, and may be opened.
func (db *DB) EndRestore(ctx context.Context) error {
	return db.Tx(ctx, func(tx Queryer) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM setting WHERE key = $1", restoringKey)
		return err
	})
}

// AbandonRestore removes all that OpenForRestore and Load made, and closes db.
func (db *DB) AbandonRestore(ctx context.Context) error {
	db.writer.close()
	err := db.drop(ctx)
	return errors.Join(err, db.Close())
}

// mustBeAlone refuses a database of PostgreSQL that a Préau works on. On SQLite
// the folder's lock does.
func (db *DB) mustBeAlone(ctx context.Context) error {
	if db.dialect == SQLite {
		return nil
	}
	// One that has just stopped takes a moment to be gone.
	wait, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for try := 1; ; try++ {
		var n int
		err := db.read.QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = $1`, application).Scan(&n)
		if err != nil {
			return fmt.Errorf("store: restore: %w", err)
		}
		if n == 0 {
			return nil
		}
		if pause(wait, try) != nil {
			return errors.New("a Préau works on this database: stop it before restoring")
		}
	}
}

// mustBeEmpty says which table holds data that a restore would meet.
func (db *DB) mustBeEmpty(ctx context.Context, disposable []string) error {
	unfinished, err := db.unfinished(ctx)
	if err != nil || unfinished {
		return err
	}
	tables, err := db.tableNames(ctx)
	if err != nil {
		return err
	}
	ours := slices.Contains(tables, "goose_db_version")
	for _, t := range tables {
		if !ours {
			return &NotEmptyError{Table: t}
		}
		if t == "goose_db_version" || slices.Contains(disposable, t) {
			continue
		}
		var n int
		if err := db.read.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM "+quote(t)+" LIMIT 1) AS first").Scan(&n); err != nil {
			return fmt.Errorf("store: restore: %w", err)
		}
		if n > 0 {
			return &NotEmptyError{Table: t}
		}
	}
	return nil
}

// unfinished says whether a restore was begun here and not ended.
func (db *DB) unfinished(ctx context.Context) (bool, error) {
	tables, err := db.tableNames(ctx)
	if err != nil || !slices.Contains(tables, "setting") || !slices.Contains(tables, "goose_db_version") {
		return false, err
	}
	_, ok, err := Setting(ctx, db.read, restoringKey)
	return ok, err
}

// tableNames are those of every table, the migrations' own included.
func (db *DB) tableNames(ctx context.Context) ([]string, error) {
	query := `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`
	if db.dialect == Postgres {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	rows, err := db.read.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("store: tables: %w", err)
	}
	return texts(rows)
}

// clear makes the database as new. SQLite's files are replaced, so that nothing
// of the old remains in them.
func (db *DB) clear(ctx context.Context, o Options) error {
	if err := db.drop(ctx); err != nil || db.dialect == Postgres {
		return err
	}
	return db.connectSQLite(ctx, o)
}

// drop removes every table. On SQLite it closes the connections too.
func (db *DB) drop(ctx context.Context) error {
	if db.dialect == SQLite {
		errs := []error{db.read.Close(), db.write.Close()}
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(db.file + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
				errs = append(errs, fmt.Errorf("store: restore: %w", err))
			}
		}
		return errors.Join(errs...)
	}
	tables, err := db.tableNames(ctx)
	if err != nil || len(tables) == 0 {
		return err
	}
	for i, t := range tables {
		tables[i] = quote(t)
	}
	if _, err := db.write.ExecContext(ctx, "DROP TABLE "+strings.Join(tables, ", ")+" CASCADE"); err != nil {
		return fmt.Errorf("store: restore: %w", err)
	}
	return nil
}

// quote makes a name of the database safe in a statement.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// texts reads rows of one text each, and closes them.
func texts(rows *sql.Rows) ([]string, error) {
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
