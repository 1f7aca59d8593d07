package backup_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// childEnv makes the test binary restore, and hang on the way, instead of testing.
const childEnv = "PREAU_BACKUP_CHILD"

type child struct {
	Archive, Key, DSN, DataDir string
	HangAt                     backup.Step
}

func TestMain(m *testing.M) {
	if order := os.Getenv(childEnv); order != "" {
		if err := runChild(order); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func runChild(order string) error {
	var c child
	if err := json.Unmarshal([]byte(order), &c); err != nil {
		return err
	}
	f, err := os.Open(c.Archive)
	if err != nil {
		return err
	}
	key, err := age.ParseX25519Identity(c.Key)
	if err != nil {
		return err
	}
	o := store.Options{DSN: c.DSN, DataDir: c.DataDir}
	journal, err := backup.OpenJournal(filepath.Dir(c.Archive), nil)
	if err != nil {
		return err
	}
	_, err = backup.Restore(context.Background(), f, []age.Identity{key}, backup.Target{
		Store: o, Journal: journal,
		Blobs: func(db *store.DB) (store.Blobs, error) { return store.NewFolder(db, filesOf(o)) },
		Erase: func(*store.DB) (func(context.Context, store.Queryer, store.Erasure) error, error) {
			return func(context.Context, store.Queryer, store.Erasure) error { return nil }, nil
		},
		Progress: func(step backup.Step, done, total int64) {
			if step == c.HangAt {
				fmt.Println("here")
				time.Sleep(time.Hour)
			}
		},
	})
	return errors.Join(errors.New("the restore ended"), err)
}

// A restore that is killed leaves a database that nothing opens but a restore.
func TestAKilledRestore(t *testing.T) {
	archive, key := sample(t, 12)
	file := filepath.Join(t.TempDir(), "archive")
	if err := os.WriteFile(file, archive, 0o600); err != nil {
		t.Fatal(err)
	}
	journal, err := backup.OpenJournal(filepath.Dir(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := journal.Append(t.Context(), store.Erasure{ID: store.NewID(), SubjectKind: "seat", SubjectID: "x", At: 1}); err != nil {
		t.Fatal(err)
	}
	for _, d := range storetest.Dialects() {
		for _, step := range []backup.Step{backup.StepRows, backup.StepFiles, backup.StepErasures} {
			t.Run(string(d)+" "+string(step), func(t *testing.T) {
				to := target(t, d)
				order, err := json.Marshal(child{Archive: file, Key: key.String(), DSN: to.Store.DSN, DataDir: to.Store.DataDir, HangAt: step})
				if err != nil {
					t.Fatal(err)
				}
				cmd := exec.Command(os.Args[0])
				cmd.Env = append(os.Environ(), childEnv+"="+string(order))
				cmd.Stderr = os.Stderr
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "here\n" {
					t.Fatalf("%q, %v", line, err)
				}
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				cmd.Wait()
				for _, mode := range []store.Mode{store.Serve, store.Beside, store.ReadOnly} {
					o := to.Store
					o.Mode = mode
					db, err := store.Open(t.Context(), o)
					if err == nil {
						db.Close()
					}
					if _, ok := errors.AsType[*store.UnfinishedError](err); !ok {
						t.Errorf("mode %d: %v", mode, err)
					}
				}
				if d == store.Postgres {
					waitAlone(t, to.Store.DSN)
				}
				if _, err := restoreTo(t, archive, key, to); err != nil {
					t.Fatalf("the second restore: %v", err)
				}
				in := open(t, to.Store)
				if len(in.dump(t)) < 10_000 {
					t.Error("little came back")
				}
			})
		}
	}
}

// waitAlone waits until PostgreSQL has let go of a killed process's locks.
func waitAlone(t *testing.T, dsn string) {
	t.Helper()
	admin, err := storetest.Connect(dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for others := 1; others > 0; {
		err := admin.QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&others)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestOnlyAnEmptyDatabaseIsRestoredInto(t *testing.T) {
	archive, key := sample(t, 12)
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			o := storetest.Options(t, d)
			in := open(t, o)
			ctx := t.Context()
			to := backup.Target{Store: o, Blobs: func(db *store.DB) (store.Blobs, error) { return store.NewFolder(db, filesOf(o)) }}
			if _, err := restoreTo(t, archive, key, to); err == nil {
				t.Error("restored under a running server")
			}
			// What a server writes before anybody has used it.
			err := in.Tx(ctx, func(tx store.Queryer) error {
				return errors.Join(store.PutSetting(ctx, tx, "k", "v"), store.Enqueue(ctx, tx, store.Job{Kind: "k"}),
					store.Audit(ctx, tx, store.AuditEntry{ActorKind: "system", Act: "start"}))
			})
			if err := errors.Join(err, in.Close()); err != nil {
				t.Fatal(err)
			}
			if _, err := restoreTo(t, archive, key, to); err != nil {
				t.Fatalf("into a served and unused database: %v", err)
			}
			in = open(t, o)
			before := in.dump(t)
			in.Close()
			_, err = restoreTo(t, archive, key, to)
			if _, ok := errors.AsType[*store.NotEmptyError](err); !ok {
				t.Errorf("into a used database: %v", err)
			}
			if in = open(t, o); in.dump(t) != before {
				t.Error("the refusal changed the database")
			}
		})
	}
}

func TestTheDatabaseOfAnotherProgramIsLeftAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not tested with -short")
	}
	archive, key := sample(t, 12)
	to := target(t, store.Postgres)
	other, err := storetest.Connect(to.Store.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Exec("CREATE TABLE setting (key text)"); err != nil {
		t.Fatal(err)
	}
	_, err = restoreTo(t, archive, key, to)
	if e, ok := errors.AsType[*store.NotEmptyError](err); !ok || e.Table != "setting" {
		t.Errorf("got %v", err)
	}
	if _, err := other.Exec("INSERT INTO setting VALUES ('still here')"); err != nil {
		t.Error(err)
	}
}

// Who was erased after the archive was made does not come back.
func TestErasuresAreDoneAgain(t *testing.T) {
	for _, d := range storetest.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			ctx := t.Context()
			key := newKey(t)
			journal, err := backup.OpenJournal(filepath.Join(t.TempDir(), "backups"), nil)
			if err != nil {
				t.Fatal(err)
			}
			in := open(t, storetest.Options(t, d))
			erase := func(ctx context.Context, tx store.Queryer, e store.Erasure) error {
				if e.SubjectKind == "bad" {
					return errors.New("cannot")
				}
				if _, err := tx.ExecContext(ctx, "DELETE FROM setting WHERE key = $1", e.SubjectID); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, "DELETE FROM blob WHERE kind = $1", e.SubjectID)
				return err
			}
			// record erases a person, and says so to the journal unless the
			// process is meant to end before.
			record := func(who string, told bool) {
				t.Helper()
				var e store.Erasure
				err := in.Tx(ctx, func(tx store.Queryer) (err error) {
					if e, err = store.RecordErasure(ctx, tx, store.Erasure{SchoolID: "s", SubjectKind: "seat", SubjectID: who}); err != nil {
						return err
					}
					return erase(ctx, tx, e)
				})
				if err == nil && told {
					err = journal.Append(ctx, e)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			for _, who := range []string{"early", "late", "untold", "kept"} {
				if err := in.Tx(ctx, func(tx store.Queryer) error { return store.PutSetting(ctx, tx, who, who) }); err != nil {
					t.Fatal(err)
				}
				if _, err := in.blobs.Put(ctx, store.BlobMeta{SchoolID: "s", Kind: who, MediaType: "x/y"}, strings.NewReader(who)); err != nil {
					t.Fatal(err)
				}
			}
			record("early", true)
			archive := archiveOf(t, in, key, backup.Options{Journal: journal})
			record("late", true)
			record("untold", false)
			archiveOf(t, in, key, backup.Options{Journal: journal}) // a later backup tells the journal

			to := target(t, d)
			to.Journal = journal
			to.Erase = func(*store.DB) (func(context.Context, store.Queryer, store.Erasure) error, error) { return erase, nil }
			done, err := restoreTo(t, archive, key, to)
			if err != nil || done.Erased != 2 {
				t.Fatalf("%+v, %v", done, err)
			}
			back := open(t, to.Store)
			rows := back.dump(t)
			for who, want := range map[string]bool{"early": false, "late": false, "untold": false, "kept": true} {
				_, ok, err := store.Setting(ctx, back.Reader(), who)
				if err != nil || ok != want {
					t.Errorf("%s: there %v, %v", who, ok, err)
				}
			}
			if n := strings.Count(rows, "content "); n != 1 {
				t.Errorf("%d files described", n)
			}
			if left, _ := filepath.Glob(filepath.Join(filesOf(to.Store), "??", "??", "*")); len(left) != 1 {
				t.Errorf("%d files on disk", len(left))
			}
			list, err := store.Erasures(ctx, back.Reader(), "", 100)
			if err != nil || len(list) != 3 {
				t.Errorf("%d erasures recorded, %v", len(list), err)
			}

			// An erasure that cannot be done leaves nothing restored.
			if err := journal.Append(ctx, store.Erasure{ID: store.NewID(), SubjectKind: "bad", SubjectID: "x", At: 1}); err != nil {
				t.Fatal(err)
			}
			again := target(t, d)
			again.Journal, again.Erase = journal, to.Erase
			if _, err := restoreTo(t, archive, key, again); err == nil {
				t.Error("restored without an erasure")
			}
			mustBeEmpty(t, again)
		})
	}
}

func TestAnEndedContextRestoresNothing(t *testing.T) {
	archive, key := sample(t, 12)
	for _, d := range storetest.Dialects() {
		for _, step := range []backup.Step{backup.StepRows, backup.StepFiles} {
			t.Run(string(d)+" "+string(step), func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				to := target(t, d)
				to.Progress = func(s backup.Step, _, _ int64) {
					if s == step {
						cancel()
					}
				}
				_, err := backup.Restore(ctx, strings.NewReader(string(archive)), []age.Identity{key}, to)
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				mustBeEmpty(t, to)
			})
		}
	}
}
