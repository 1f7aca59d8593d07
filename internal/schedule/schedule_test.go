package schedule

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/config"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestNextIsOnceADay(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "Indian/Reunion", "Pacific/Noumea", "America/Miquelon", "UTC"} {
		for _, clock := range []string{"00:00", "02:30", "03:00", "23:59"} {
			z := zone(t, name)
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, z)
			last := ""
			for range 800 { // two years, clocks changed four times
				next, err := Next(at, clock, z)
				if err != nil {
					t.Fatal(err)
				}
				day := next.Format(time.DateOnly)
				if !next.After(at) || day <= last || next.Sub(at) > 26*time.Hour {
					t.Fatalf("%s %s: from %s to %s", name, clock, at, next)
				}
				at, last = next, day
			}
		}
	}
	if _, err := Next(time.Now(), "2h30", time.UTC); err == nil {
		t.Error("nonsense accepted")
	}
}

// set moves the clock to a time.
func set(c *storetest.Clock, at time.Time) { c.Advance(at.Sub(c.Now())) }

// pending counts the jobs that wait.
func pending(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	c, err := store.CountJobs(t.Context(), db.Reader(), db.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c.Due + c.Later
}

func TestDailyGoesOnWhateverHappens(t *testing.T) {
	clock := storetest.NewClock(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		set(clock, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
		done, failure := 0, error(nil)
		d := Daily{DB: db, Kind: "test.daily", At: "02:30", Zone: zone(t, "Europe/Paris"), Do: func(context.Context) error { done++; return failure }}
		once := func(d Daily) {
			t.Helper()
			if _, err := store.NewRunner(db, d.Jobs(), nil).Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 { // three starts queue one job
			if err := d.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		once(d)
		if done != 0 || pending(t, db) != 1 {
			t.Fatalf("before its time: done %d, pending %d", done, pending(t, db))
		}
		set(clock, time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC))
		once(d)
		if done != 1 || pending(t, db) != 1 {
			t.Fatalf("at its time: done %d, pending %d", done, pending(t, db))
		}
		// Off for three days: done once at the return, then daily again.
		set(clock, time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC))
		if err := d.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		once(d)
		once(d)
		if done != 2 || pending(t, db) != 1 {
			t.Fatalf("after a holiday: done %d, pending %d", done, pending(t, db))
		}
		// A failure does not end the series.
		set(clock, time.Date(2026, 11, 28, 2, 0, 0, 0, time.UTC))
		failure = errors.New("disk full")
		once(d)
		if done != 3 || pending(t, db) != 2 { // the retry and the next day
			t.Fatalf("after a failure: done %d, pending %d", done, pending(t, db))
		}
		// Another setting: what is queued for the former does nothing.
		failure = nil
		later := d
		later.At = "05:00"
		if err := later.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		set(clock, time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC))
		once(later)
		once(later)
		once(later)
		if done != 4 { // the 28th at 05:00, missed
			t.Fatalf("the former setting is still followed, or the new one is not: %d", done)
		}
		set(clock, time.Date(2026, 11, 29, 4, 30, 0, 0, time.UTC))
		once(later)
		if done != 5 {
			t.Fatalf("the new setting is not followed: %d", done)
		}
		never := d
		never.At = ""
		if err := never.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}, func(o *store.Options) { o.Clock = clock })
}

func settings(t *testing.T, lines ...string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "preau.conf")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Input{File: path})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestTheBackupIsMadeOpensAndIsPruned(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	cfg := settings(t, "data-dir = "+t.TempDir(), "backup-keep = 2", "backup-recipients = "+id.Recipient().String())
	clock := storetest.NewClock(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	db, err := store.Open(t.Context(), store.Options{DataDir: cfg.DataDir, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, ok, err := LastBackup(cfg); ok || err != nil {
		t.Errorf("a backup before the first: %v", err)
	}
	var log bytes.Buffer
	d := Backup(cfg, db, nil, func() (backup.Options, error) { return backup.Options{App: "test"}, nil }, slog.New(slog.NewTextHandler(&log, nil)))
	for day := range 4 {
		set(clock, time.Date(2026, 11, 24+day, 12, 0, 0, 0, time.UTC))
		if err := d.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	list, err := backup.List(cfg.BackupDir)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d backups kept: %v", len(list), err)
	}
	if at, ok, err := LastBackup(cfg); err != nil || !ok || at.Day() != 27 {
		t.Errorf("last backup %v %v %v", at, ok, err)
	}
	f, err := os.Open(list[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := backup.Verify(t.Context(), f, []age.Identity{id}, nil); err != nil {
		t.Errorf("the backup does not open: %v", err)
	}
	if !strings.Contains(log.String(), "backup made") {
		t.Error("not logged")
	}
}

func TestNoBackupWithoutARecipient(t *testing.T) {
	cfg := settings(t, "data-dir = "+t.TempDir())
	db, err := store.Open(t.Context(), store.Options{DataDir: cfg.DataDir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	log := slog.New(slog.DiscardHandler)
	d := Backup(cfg, db, nil, func() (backup.Options, error) { return backup.Options{}, nil }, log)
	if err := d.Start(t.Context()); err != nil || pending(t, db) != 0 {
		t.Errorf("queued %d: %v", pending(t, db), err)
	}
	if _, err := BackUp(t.Context(), cfg, db, nil, backup.Options{}, log); err == nil || !strings.Contains(err.Error(), "backup-recipients") {
		t.Errorf("%v", err)
	}
}

func TestFilesWithoutDescriptionAreSweptEachDay(t *testing.T) {
	clock := storetest.NewClock(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	db, err := store.Open(t.Context(), store.Options{DataDir: t.TempDir(), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	dir := t.TempDir()
	files, err := store.NewFolder(db, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	kept, err := files.Put(t.Context(), store.BlobMeta{SchoolID: "s", Kind: "test", MediaType: "text/plain"}, strings.NewReader("kept"))
	if err != nil {
		t.Fatal(err)
	}
	left := func() (names []string) {
		t.Helper()
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				names = append(names, e.Name())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	orphan := filepath.Join(dir, "tmp", "orphan")
	if err := os.WriteFile(orphan, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := clock.Now().Add(-48 * time.Hour)
	for _, path := range []string{orphan, filepath.Join(dir, kept.ID[32:34], kept.ID[34:36], kept.ID)} {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	d := Sweep(db, files, zone(t, "Europe/Paris"), slog.New(slog.DiscardHandler))
	if err := d.Start(t.Context()); err != nil || pending(t, db) != 1 {
		t.Fatalf("queued %d: %v", pending(t, db), err)
	}
	set(clock, time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC))
	if _, err := store.NewRunner(db, d.Jobs(), nil).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if names := left(); len(names) != 1 || names[0] != kept.ID || pending(t, db) != 1 {
		t.Errorf("left %v, pending %d", names, pending(t, db))
	}
}
