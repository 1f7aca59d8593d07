package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

func TestEveryTableIsDeclared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tables, err := db.Tables(t.Context(), db.Reader())
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			if !backup.Declared(table.Name) {
				t.Errorf("table %s is in no archive: declare it in internal/backup/tables.go", table.Name)
			}
		}
	})
}

func TestAnUndeclaredTableIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.Tx(t.Context(), func(tx store.Queryer) error {
			_, err := tx.ExecContext(t.Context(), "CREATE TABLE forgotten (id TEXT)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = backup.Write(t.Context(), db, nil, new(bytes.Buffer), []age.Recipient{newKey(t).Recipient()}, backup.Options{})
		if err == nil || !strings.Contains(err.Error(), "forgotten") {
			t.Errorf("got %v", err)
		}
	})
}

// From one dialect to the other and back: the same, to the byte.
func TestRoundTrip(t *testing.T) {
	key := newKey(t)
	in := open(t, storetest.Options(t, store.SQLite))
	in.fill(t, 40)
	want := in.dump(t)
	if strings.Count(want, "\n") < 500 {
		t.Fatalf("too little to compare:\n%.2000s", want)
	}
	extra := []backup.Extra{{Name: "pepper.key", Content: []byte{1, 2, 3}}}
	way := slices.Concat(storetest.Dialects()[1:], []store.Dialect{store.SQLite})
	for _, d := range way {
		archive := archiveOf(t, in, key, backup.Options{App: "1.2.3", Extra: extra})
		to := target(t, d)
		got := map[string]string{}
		to.Extra = func(name string, content []byte) error { got[name] = string(content); return nil }
		done, err := restoreTo(t, archive, key, to)
		if err != nil {
			t.Fatalf("to %s: %v", d, err)
		}
		if done.App != "1.2.3" || done.Rows() < 500 || done.Manifest.Blobs != 20 || done.Missing != nil || got["pepper.key"] != "\x01\x02\x03" {
			t.Errorf("to %s: %+v, extra %q", d, done, got)
		}
		in = open(t, to.Store)
		if got := in.dump(t); got != want {
			t.Fatalf("to %s: not the same: %s", d, difference(got, want))
		}
		for _, table := range backup.Transient() {
			var n int
			if err := in.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("to %s: table %s holds %d rows, %v", d, table, n, err)
			}
		}
		// The foreign keys are as strict as before.
		if err := in.Tx(t.Context(), func(tx store.Queryer) error {
			_, err := tx.ExecContext(t.Context(), "INSERT INTO seat_group (seat_id, group_id, school_id) VALUES ('no', 'no', 'no')")
			if err == nil {
				t.Errorf("to %s: a dangling reference passed", d)
			}
			return err
		}); err == nil {
			t.Errorf("to %s: committed", d)
		}
	}
}

func difference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\n got %.500s\nwant %.500s", i, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}

func TestLargeRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key := newKey(t)
		ctx := t.Context()
		large := strings.Repeat("très long ", 800_000)
		sealed := make([]byte, 6<<20)
		for i := range sealed {
			sealed[i] = byte(rand.Uint32())
		}
		err := db.Tx(ctx, func(tx store.Queryer) error {
			if err := store.PutSetting(ctx, tx, "large", large); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, "INSERT INTO staff_key (staff_id, recipient, sign_pub, sealed, created_at) VALUES ('s', 'r', $1, $2, 1)", []byte{}, sealed)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := backup.Write(ctx, db, nil, &b, []age.Recipient{key.Recipient()}, backup.Options{}); err != nil {
			t.Fatal(err)
		}
		to := target(t, store.SQLite)
		if _, err := restoreTo(t, b.Bytes(), key, to); err != nil {
			t.Fatal(err)
		}
		in := open(t, to.Store)
		if got, _, err := store.Setting(ctx, in.Reader(), "large"); err != nil || got != large {
			t.Errorf("%d bytes of text, %v", len(got), err)
		}
		var pub, got []byte
		err = in.Reader().QueryRowContext(ctx, "SELECT sign_pub, sealed FROM staff_key").Scan(&pub, &got)
		if err != nil || !bytes.Equal(got, sealed) || len(pub) != 0 {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
}

// An archive shows one moment, though rows come in threes while it is made.
func TestABackupOfABusyServer(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			in := open(t, storetest.Options(t, d))
			ctx, stop := context.WithCancel(t.Context())
			var writers sync.WaitGroup
			wrote := make(chan struct{}, 1<<20)
			for w := range 8 {
				writers.Go(func() {
					for i := 0; ctx.Err() == nil; i++ {
						err := in.Write(ctx, func(tx store.Queryer) error {
							for part := range 3 {
								if err := store.PutSetting(ctx, tx, fmt.Sprintf("%d.%d/%d", w, i, part), "x"); err != nil {
									return err
								}
							}
							return nil
						})
						if err != nil && !errors.Is(err, context.Canceled) {
							t.Error(err)
							return
						}
						select {
						case wrote <- struct{}{}:
						default:
						}
					}
				})
			}
			for range 50 {
				<-wrote
			}
			// As another process opens it.
			beside := in.o
			beside.Mode = store.ReadOnly
			db, err := store.Open(t.Context(), beside)
			if err != nil {
				t.Fatal(err)
			}
			key := newKey(t)
			var b bytes.Buffer
			report, err := backup.Write(t.Context(), db, nil, &b, []age.Recipient{key.Recipient()}, backup.Options{})
			stop()
			writers.Wait()
			if err := errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
			if n := report.Tables["setting"]; n < 150 || n%3 != 0 {
				t.Errorf("%d rows", n)
			}
			to := target(t, store.SQLite)
			if _, err := restoreTo(t, b.Bytes(), key, to); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// The archive of an older schema comes up to the present one.
func TestAnOlderArchiveMigratesUp(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			ctx := t.Context()
			o := target(t, d).Store
			old, err := store.OpenForRestore(ctx, o, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = old.Tx(ctx, func(tx store.Queryer) error { return store.PutSetting(ctx, tx, "old", "yes") })
			if err := errors.Join(err, old.EndRestore(ctx), old.Close()); err != nil {
				t.Fatal(err)
			}
			o.Mode = store.ReadOnly
			if old, err = store.Open(ctx, o); err != nil {
				t.Fatal(err)
			}
			key := newKey(t)
			var b bytes.Buffer
			report, err := backup.Write(ctx, old, nil, &b, []age.Recipient{key.Recipient()}, backup.Options{App: "0.0.1"})
			if err := errors.Join(err, old.Close()); err != nil {
				t.Fatal(err)
			}
			if report.Schema != 1 || report.Tables["setting"] != 1 || len(report.Tables) != 5 {
				t.Errorf("%+v", report)
			}
			for _, to := range storetest.Dialects() {
				place := target(t, to)
				if _, err := restoreTo(t, b.Bytes(), key, place); err != nil {
					t.Fatalf("to %s: %v", to, err)
				}
				in := open(t, place.Store)
				v, err := in.Schema(ctx)
				got, _, err2 := store.Setting(ctx, in.Reader(), "old")
				if err := errors.Join(err, err2); err != nil || v != store.SchemaVersion() || got != "yes" {
					t.Errorf("to %s: schema %d, %q, %v", to, v, got, err)
				}
			}
		})
	}
}
