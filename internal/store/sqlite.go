package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"modernc.org/sqlite"
)

// SQLiteFile is the database's name in the data folder.
const SQLiteFile = "preau.db"

// LockedError says that another process serves the data folder.
type LockedError struct{ DataDir string }

func (e *LockedError) Error() string {
	return fmt.Sprintf("the data folder %s is in use by another Préau: stop it first, or give this one another folder", e.DataDir)
}

// enterFolder finds SQLite's data folder, and in Serve mode makes and locks it.
func (db *DB) enterFolder(o Options) error {
	if o.DataDir == "" {
		return errors.New("store: no data folder given")
	}
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return fmt.Errorf("store: data folder: %w", err)
	}
	db.file = filepath.Join(dir, SQLiteFile)
	if o.Mode != Serve {
		if _, err := os.Stat(db.file); err != nil {
			return fmt.Errorf("store: no database here: %w", err)
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("store: data folder: %w", err)
	}
	closeFolder(dir, db.file)
	db.lock, err = lockFolder(dir)
	return err
}

// closeFolder takes the right to enter the folder from strangers to its
// account and group, when the folder is Préau's own: empty, or with its
// database. Where this account may not, preau doctor says it.
func closeFolder(dir, file string) {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o007 == 0 {
		return
	}
	inside, err := os.ReadDir(dir)
	if _, known := os.Stat(file); err == nil && (len(inside) == 0 || known == nil) {
		os.Chmod(dir, info.Mode().Perm()&^0o007)
	}
}

func (db *DB) connectSQLite(ctx context.Context, o Options) error {
	// Process-wide, and as durable as fsync: a commit then leaves the file's
	// timestamps alone. Where the system lacks it, fsync stays in use.
	if _, err := sqlite.Fdatasync(true); err != nil && !errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		return fmt.Errorf("store: %w", err)
	}
	synchronous := o.synchronous
	if synchronous == "" {
		synchronous = "FULL"
	}
	if o.Mode != ReadOnly {
		pool, err := sql.Open("sqlite", sqliteDSN(db.file, url.Values{
			"mode":          {"rwc"},
			"_txlock":       {"immediate"},
			"_journal_mode": {"WAL"},
			"_synchronous":  {synchronous},
			"_foreign_keys": {"on"},
			"_dqs":          {"0"},
			"_defensive":    {"1"},
			// The WAL file is cut back to 64 MiB once a long reader let it grow.
			"_pragma": {"journal_size_limit(67108864)", "cache_size(-16000)"},
		}))
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		db.write = pool
		pool.SetMaxOpenConns(1)
		pool.SetMaxIdleConns(1)
		if err := db.checkSQLite(ctx, synchronous); err != nil {
			return err
		}
	}
	pool, err := sql.Open("sqlite", sqliteDSN(db.file, url.Values{
		"mode":        {"ro"},
		"_query_only": {"on"},
		"_dqs":        {"0"},
		"_defensive":  {"1"},
		"_pragma":     {"cache_size(-4000)"},
	}))
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	db.read, db.ready = pool, newPrepared(pool)
	readers := max(8, 4*runtime.GOMAXPROCS(0))
	pool.SetMaxOpenConns(readers)
	pool.SetMaxIdleConns(readers)
	return db.Ping(ctx)
}

// checkSQLite makes sure that the file system gave what was asked: some network
// file systems refuse WAL without an error.
func (db *DB) checkSQLite(ctx context.Context, synchronous string) error {
	var mode string
	if err := db.write.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return fmt.Errorf("store: open: %w", err)
	}
	if mode != "wal" {
		return &UnsafeError{Setting: "journal_mode", Value: mode,
			Mend: "put the data folder on a local disk: SQLite's write-ahead log does not work on this file system"}
	}
	var level int
	if err := db.write.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&level); err != nil {
		return fmt.Errorf("store: open: %w", err)
	}
	if level < 2 && synchronous == "FULL" {
		return &UnsafeError{Setting: "synchronous", Value: fmt.Sprint(level), Mend: "report it: this binary asks for FULL"}
	}
	return nil
}

func sqliteDSN(file string, q url.Values) string {
	q.Set("_busy_timeout", "10000")
	return (&url.URL{Scheme: "file", Path: file, RawQuery: q.Encode()}).String()
}

// lockFolder takes the data folder for this process. The kernel frees the lock
// when the process ends, however it ends.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "preau.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: lock of the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = &LockedError{DataDir: dir}
		}
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
