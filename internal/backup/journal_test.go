package backup_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

func erasureOf(n int) store.Erasure {
	return store.Erasure{ID: fmt.Sprintf("id-%04d", n), SchoolID: "s", SubjectKind: "seat", SubjectID: fmt.Sprint(n), At: int64(n) + 1}
}

func TestTheJournalKeepsEachErasureOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	var all sync.WaitGroup
	for range 4 { // as other processes would
		j, err := backup.OpenJournal(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		for g := range 2 {
			all.Go(func() {
				for n := range 40 {
					if err := j.Append(t.Context(), erasureOf(n*(g+1)%40)); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	j, err := backup.OpenJournal(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	list, err := j.List()
	if err != nil || len(list) != 40 {
		t.Fatalf("%d erasures, %v", len(list), err)
	}
	seen := map[store.Erasure]bool{}
	for _, e := range list {
		seen[e] = true
	}
	for n := range 40 {
		if !seen[erasureOf(n)] {
			t.Errorf("erasure %d is not there as it was", n)
		}
	}
}

// A line that a crash cut is passed over, and the next one stands by itself.
func TestAJournalCutByACrash(t *testing.T) {
	for cut := range 40 {
		dir := t.TempDir()
		path := filepath.Join(dir, backup.JournalName)
		j, err := backup.OpenJournal(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 2 {
			if err := j.Append(t.Context(), erasureOf(n)); err != nil {
				t.Fatal(err)
			}
		}
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, whole[:len(whole)-1-cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if list, err := j.List(); err != nil || len(list) != 1 {
			t.Errorf("cut by %d: %d erasures, %v", cut, len(list), err)
		}
		j, err = backup.OpenJournal(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 2} {
			if err := j.Append(t.Context(), erasureOf(n)); err != nil {
				t.Fatal(err)
			}
		}
		list, err := j.List()
		if cut == 0 && len(list) == 4 { // the cut line lacked its end alone, and is whole again
			list = append(list[:1], list[2:]...)
		}
		if err != nil || len(list) != 3 || list[1] != erasureOf(1) || list[2] != erasureOf(2) {
			t.Errorf("cut by %d: %v, %v", cut, list, err)
		}
	}
}

func TestAWrongJournalIsNotPassedOver(t *testing.T) {
	dir := t.TempDir()
	j, err := backup.OpenJournal(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, backup.JournalName), []byte("{\"id\":\"x\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := j.List(); err == nil {
		t.Error("listed")
	}
	if err := j.Append(t.Context(), erasureOf(1)); err == nil {
		t.Error("appended")
	}
	if err := j.Append(t.Context(), store.Erasure{}); err == nil {
		t.Error("appended an erasure of nothing")
	}
}

func TestArchivesInAFolder(t *testing.T) {
	ctx := t.Context()
	start := time.Date(2026, 11, 23, 2, 30, 0, 0, time.UTC)
	clock := storetest.NewClock(start)
	db := storetest.Open(t, store.SQLite, func(o *store.Options) { o.Clock = clock })
	dir := filepath.Join(t.TempDir(), "backups")
	if list, err := backup.List(dir); err != nil || list != nil {
		t.Errorf("no folder: %v, %v", list, err)
	}
	to := []age.Recipient{newKey(t).Recipient()}
	for i := range 6 {
		path, report, err := backup.Create(ctx, db, nil, dir, to, backup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 && filepath.Base(path) != fmt.Sprintf("preau-20261123T023000Z-s%d.tar.gz.age", report.Schema) {
			t.Errorf("named %s", path)
		}
		if i > 0 { // the first two share a second
			clock.Advance(24 * time.Hour)
		}
	}
	failing := filepath.Join(dir, "preau-x.part")
	notOurs := filepath.Join(dir, "photo.jpg")
	for _, path := range []string{failing, notOurs} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, start, start); err != nil { // by the test's clock, not today's
			t.Fatal(err)
		}
	}
	list, err := backup.List(dir)
	if err != nil || len(list) != 6 {
		t.Fatalf("%v, %v", list, err)
	}
	for i := range 5 {
		if list[i].At.Before(list[i+1].At) || list[i].Size == 0 || list[i].Schema != store.SchemaVersion() {
			t.Errorf("%d: %+v", i, list[i])
		}
	}
	prune := func(k backup.Keep, now time.Time, removed, left int) {
		t.Helper()
		gone, err := backup.Prune(dir, k, now)
		if err != nil || len(gone) != removed {
			t.Errorf("%+v: removed %v, %v", k, gone, err)
		}
		list, err := backup.List(dir)
		if err != nil || len(list) != left {
			t.Errorf("%+v: %d left, %v", k, len(list), err)
		}
	}
	now := clock.Now()
	prune(backup.Keep{}, now, 1, 6) // the interrupted backup alone
	prune(backup.Keep{Count: 5}, now, 1, 5)
	prune(backup.Keep{Count: 5, Age: 3 * 24 * time.Hour}, now, 2, 3)
	prune(backup.Keep{Age: time.Hour}, now.Add(1000*time.Hour), 2, 1) // the newest, and never the last
	if _, err := os.Stat(failing); err == nil {
		t.Error("what an interrupted backup left is still there")
	}
	if _, err := os.Stat(notOurs); err != nil {
		t.Error("a stranger's file was removed")
	}
	if _, _, err := backup.Create(ctx, db, nil, dir, nil, backup.Options{}); err == nil {
		t.Error("created for nobody")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.part")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
