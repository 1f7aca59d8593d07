package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver

	"preau/internal/store"
)

// server is a PostgreSQL that this process may make databases on.
type server struct {
	address  *url.URL
	admin    *sql.DB
	migrated string   // name of the template database
	users    *os.File // keeps the shared cluster running while it is open
}

// started starts or finds the server once for this process.
var started = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	address := os.Getenv("PREAU_TEST_POSTGRES")
	var users *os.File
	if address == "" {
		var err error
		if address, users, err = startCluster(ctx); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("PREAU_TEST_POSTGRES is not an address")
	}
	s := &server{address: u, users: users}
	if s.admin, err = sql.Open("pgx", address); err != nil {
		return nil, err
	}
	s.admin.SetMaxOpenConns(2)
	if s.migrated, err = s.template(ctx); err != nil {
		return nil, fmt.Errorf("template database: %w", err)
	}
	return s, nil
})

// dsn is the address of another database on the server.
func (s *server) dsn(database string) string {
	u := *s.address
	u.Path = "/" + database
	return u.String()
}

// locked runs f while no other test process does.
func (s *server) locked(ctx context.Context, f func(admin store.Queryer) error) error {
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(7251)"); err != nil {
		return err
	}
	defer conn.ExecContext(ctx, "SELECT pg_advisory_unlock(7251)")
	return f(conn)
}

// postgres makes a database for one test and returns its address.
func postgres(t testing.TB, migrated bool) string {
	t.Helper()
	s, err := started()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	from := "template0"
	if migrated {
		from = s.migrated
	}
	name := "preau_test_" + strings.ReplaceAll(store.NewID(), "-", "")
	if _, err := s.admin.ExecContext(t.Context(), create(name, from)); err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := s.admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return s.dsn(name)
}

// Connect opens a plain connection to a database that Options or EmptyPostgres
// named, to look at it from outside.
func Connect(dsn string) (*sql.DB, error) { return sql.Open("pgx", dsn) }
