package store_test

import (
	"bufio"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

// start runs the test binary as a child and returns what it says, line by line.
// The channel is closed when the child has ended and all was read.
func start(t *testing.T, c child) (*exec.Cmd, <-chan string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), c.env())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1024)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return cmd, lines
}

// A child that writes as fast as it can is killed at a random moment, several
// times on the same database. Nothing acknowledged is missing, and no row is
// there without the two others of its transaction.
func TestKilledUnderLoad(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			o := storetest.Options(t, d)
			acked := map[string]bool{}
			first := int64(0)
			for round := range 6 {
				cmd, lines := start(t, child{Do: "load", DSN: o.DSN, DataDir: o.DataDir, First: first})
				wait := 1 + rand.N(1500)
				for line := range lines {
					acked[line] = true
					if wait--; wait == 0 {
						if err := cmd.Process.Kill(); err != nil {
							t.Fatal(err)
						}
					}
				}
				if err := cmd.Wait(); err == nil || wait > 0 {
					t.Fatalf("round %d: the child ended by itself (%v)", round, err)
				}
				first = int64(round+1) * 1_000_000
				checkAfterKill(t, o, acked)
			}
			t.Logf("%d acknowledged", len(acked))
		})
	}
}

func checkAfterKill(t *testing.T, o store.Options, acked map[string]bool) {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, o)
	if err != nil {
		t.Fatalf("open after a kill: %v", err)
	}
	defer db.Close()
	if db.Dialect() == store.SQLite {
		var verdict string
		if err := db.Reader().QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
			t.Fatalf("integrity: %s, %v", verdict, err)
		}
	} else {
		waitAlone(t, db)
	}
	rows, err := db.Reader().QueryContext(ctx, "SELECT key FROM setting")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	parts := map[string]int{}
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			t.Fatal(err)
		}
		id, _, _ := strings.Cut(key, "/")
		parts[id]++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for id, n := range parts {
		if n != 3 {
			t.Errorf("row %s is there %d times of 3", id, n)
		}
	}
	for id := range acked {
		if parts[id] == 0 {
			t.Errorf("row %s was acknowledged and is missing", id)
		}
	}
}

// waitAlone waits until PostgreSQL has noticed that the killed child is gone: a
// COMMIT that it had sent may still be on its way.
func waitAlone(t *testing.T, db *store.DB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for others := 1; others > 0; {
		err := db.Tx(ctx, func(tx store.Queryer) error {
			return tx.QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
				AND state <> 'idle' AND pid <> pg_backend_pid()`).Scan(&others)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAKilledWorkersJobIsTakenOver(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			o := storetest.Options(t, d)
			ctx := t.Context()
			db, err := store.Open(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			err = db.Write(ctx, func(tx store.Queryer) error { return store.Enqueue(ctx, tx, store.Job{Kind: "hang"}) })
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			cmd, lines := start(t, child{Do: "job", DSN: o.DSN, DataDir: o.DataDir})
			id := <-lines
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			for range lines {
			}
			cmd.Wait()
			clock := storetest.NewClock(time.Now())
			o.Clock = clock
			if db, err = store.Open(ctx, o); err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if j, ok, err := store.ClaimJob(ctx, db, "hang"); ok || err != nil {
				t.Errorf("claimed %v before the lease ended, %v", j.ID, err)
			}
			clock.Advance(store.JobLease + time.Second)
			j, ok, err := store.ClaimJob(ctx, db, "hang")
			if !ok || err != nil || j.ID != id || j.Attempts != 2 {
				t.Errorf("got %+v, %v, %v; want %s", j, ok, err, id)
			}
		})
	}
}
