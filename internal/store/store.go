package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// Dialect names the database behind a DB.
type Dialect string

// The two dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Mode says how a process opens the database.
type Mode int

const (
	// Serve is for the one process that serves: it migrates, and on SQLite it
	// holds the folder's lock until Close.
	Serve Mode = iota
	// Beside is for a command that works beside a running server. It takes no
	// lock and never migrates: the schema must be exactly this binary's.
	Beside
	// ReadOnly is Beside without writing; Tx and Write are refused. The schema
	// may be older than this binary's, never newer.
	ReadOnly
)

// Queryer is what *sql.DB, *sql.Tx and *sql.Conn have in common.
type Queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Options are what Open needs.
type Options struct {
	// DSN is empty for SQLite in DataDir/preau.db, or a postgres:// address.
	DSN string
	// DataDir is the data folder; made with mode 0700 when absent. Required for SQLite.
	DataDir string
	// Mode is Serve unless said otherwise.
	Mode Mode
	// Log receives ids, versions and durations only. Nil discards.
	Log *slog.Logger
	// Clock is SystemClock unless said otherwise.
	Clock Clock
	// Dial opens the connections to PostgreSQL, when set: egress.Dialer's, so that
	// they too pass the operator's list.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// BeforeMigrate is called before a database that holds a schema is migrated
	// from one version to another. An error stops Open with nothing changed.
	// During the call db can be read (Reader, Snapshot), not written.
	BeforeMigrate func(ctx context.Context, db *DB, from, to int64) error

	// synchronous replaces FULL on SQLite, so that a test can see what breaks.
	synchronous string
	// queue is the length of the writer's queue; 0 is defaultQueue.
	queue int
	// application is how sessions present themselves to PostgreSQL; "" is the
	// constant application.
	application string
}

// DB is an open database. All its methods are safe for concurrent use.
type DB struct {
	dialect Dialect
	mode    Mode
	log     *slog.Logger
	clock   Clock

	read   *sql.DB   // read-only connections
	ready  *prepared // over read, on SQLite
	write  *sql.DB   // nil when ReadOnly
	writer *writer   // nil when ReadOnly
	lock   *os.File  // the SQLite folder's lock, in Serve mode
	file   string    // absolute path of SQLite's database

	closeOnce sync.Once
	closeErr  error
}

// Open opens the database, refuses unsafe settings, another server in the same
// folder and a schema newer than this binary, and in Serve mode migrates.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := newDB(o)
	err := db.connect(ctx, o)
	if err == nil {
		err = db.mustBeWhole(ctx)
	}
	if err == nil {
		err = db.migrate(ctx, o)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if db.mode != ReadOnly {
		db.writer = newWriter(db, o.queue)
	}
	return db, nil
}

func newDB(o Options) *DB {
	db := &DB{dialect: SQLite, mode: o.Mode, log: o.Log, clock: o.Clock}
	if o.DSN != "" {
		db.dialect = Postgres
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.clock == nil {
		db.clock = SystemClock{}
	}
	return db
}

// connect opens the pools.
func (db *DB) connect(ctx context.Context, o Options) error {
	if db.dialect == Postgres {
		return db.connectPostgres(ctx, o)
	}
	if err := db.enterFolder(o); err != nil {
		return err
	}
	return db.connectSQLite(ctx, o)
}

// mustBeWhole refuses what an interrupted restore left.
func (db *DB) mustBeWhole(ctx context.Context) error {
	unfinished, err := db.unfinished(ctx)
	if err == nil && unfinished {
		err = &UnfinishedError{}
	}
	return err
}

// Close lets the queued writes finish, then closes every connection and frees
// the folder. Later calls do nothing and return the same error.
func (db *DB) Close() error {
	db.closeOnce.Do(func() {
		var errs []error
		if db.writer != nil {
			db.writer.close()
		}
		// Readers first: the last connection to SQLite checkpoints the WAL.
		for _, pool := range []*sql.DB{db.read, db.write} {
			if pool != nil {
				errs = append(errs, pool.Close())
			}
		}
		if db.lock != nil {
			errs = append(errs, db.lock.Close())
		}
		db.closeErr = errors.Join(errs...)
	})
	return db.closeErr
}

// Dialect says which database this is.
func (db *DB) Dialect() Dialect { return db.dialect }

// Now is the clock's time in UTC milliseconds.
func (db *DB) Now() int64 { return db.clock.Now().UnixMilli() }

// Reader is a pool of read-only connections, for single queries. Two queries
// may see two moments; use Snapshot where they must agree.
func (db *DB) Reader() Queryer {
	if db.ready != nil {
		return db.ready
	}
	return db.read
}

// Ping checks that the database answers.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var one int
	if err := db.read.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("store: ping: %w", err)
	}
	return nil
}
