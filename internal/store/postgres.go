package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Connections to PostgreSQL. Their sum stays well under the server's default of
// 100, with room for commands beside.
const (
	pgReaders = 16
	pgWriters = 16
)

// application is the application_name of a Préau that works on a database.
const application = "preau"

// UnsafeError says that a setting of the database could lose acknowledged data.
type UnsafeError struct {
	Setting, Value string
	Mend           string // what the operator can do
}

func (e *UnsafeError) Error() string {
	return fmt.Sprintf("the database setting %s is %q, and what is acknowledged could be lost: %s", e.Setting, e.Value, e.Mend)
}

func (db *DB) connectPostgres(ctx context.Context, o Options) error {
	// One plan for each question, as SQLite has: planning a list anew each time
	// takes longer than reading it.
	read, err := postgresPool(o, map[string]string{"default_transaction_read_only": "on", "plan_cache_mode": "force_generic_plan"})
	if err != nil {
		return err
	}
	db.read = read
	read.SetMaxOpenConns(pgReaders)
	read.SetMaxIdleConns(pgReaders)
	read.SetConnMaxIdleTime(5 * time.Minute)
	if err := checkPostgres(ctx, read); err != nil {
		return err
	}
	if o.Mode == ReadOnly {
		return nil
	}
	// A statement or a lock that lasts this long is a fault, not work.
	write, err := postgresPool(o, map[string]string{
		"statement_timeout":                   "60s",
		"lock_timeout":                        "10s",
		"idle_in_transaction_session_timeout": "300s",
	})
	if err != nil {
		return err
	}
	db.write = write
	write.SetMaxOpenConns(pgWriters)
	write.SetMaxIdleConns(pgWriters)
	write.SetConnMaxIdleTime(5 * time.Minute)
	return nil
}

// postgresPool makes a pool whose sessions carry these parameters. The address
// may hold a password, so it appears in no error.
func postgresPool(o Options, params map[string]string) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(o.DSN)
	if err != nil {
		return nil, fmt.Errorf("store: the PostgreSQL address cannot be read; it should look like postgres://user:password@host:5432/preau")
	}
	if o.Dial != nil {
		cfg.DialFunc = o.Dial
		// The host keeps its name, by which Dial knows it.
		cfg.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 10 * time.Second
	}
	cfg.RuntimeParams["application_name"] = cmp.Or(o.application, application)
	for k, v := range params {
		cfg.RuntimeParams[k] = v
	}
	return stdlib.OpenDB(*cfg), nil
}

// checkPostgres refuses a server whose settings could lose what was
// acknowledged, or that this binary was never tried on.
func checkPostgres(ctx context.Context, pool *sql.DB) error {
	const alter = "ALTER SYSTEM SET %[1]s = on, then SELECT pg_reload_conf()"
	settings := []struct{ name, bad, mend string }{
		{"fsync", "off", "in PostgreSQL, run " + fmt.Sprintf(alter, "fsync")},
		{"full_page_writes", "off", "in PostgreSQL, run " + fmt.Sprintf(alter, "full_page_writes")},
		{"synchronous_commit", "off", "in PostgreSQL, run " + fmt.Sprintf(alter, "synchronous_commit") +
			", and look for ALTER ROLE or ALTER DATABASE settings that turn it off"},
	}
	for _, s := range settings {
		var value string
		if err := pool.QueryRowContext(ctx, "SELECT current_setting($1)", s.name).Scan(&value); err != nil {
			return fmt.Errorf("store: PostgreSQL does not answer: %w", err)
		}
		if strings.EqualFold(value, s.bad) {
			return &UnsafeError{Setting: s.name, Value: value, Mend: s.mend}
		}
	}
	var version int
	var encoding string
	err := pool.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')").Scan(&version, &encoding)
	if err != nil {
		return fmt.Errorf("store: PostgreSQL does not answer: %w", err)
	}
	if version < 140000 {
		return fmt.Errorf("store: PostgreSQL %d is too old: install version 14 or newer", version/10000)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("store: this PostgreSQL database is encoded in %s: make one with CREATE DATABASE preau ENCODING 'UTF8' TEMPLATE template0", encoding)
	}
	return nil
}
