package backup_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// An archive is taken only with the signature of the installation that was
// named: not one that somebody else made or altered, though they close it to
// the right recipient.
func TestSignedArchives(t *testing.T) {
	public, ours, _ := ed25519.GenerateKey(nil)
	_, theirs, _ := ed25519.GenerateKey(nil)
	key := newKey(t)
	in := open(t, storetest.Options(t, store.SQLite))
	in.fill(t, 5)
	signed := archiveOf(t, in, key, backup.Options{Key: ours})
	entries := unpack(t, signed, key)
	altered := func(change func(i int, e *entry)) []byte {
		list := append([]entry(nil), entries...)
		for i := range list {
			change(i, &list[i])
		}
		return pack(t, list, key)
	}
	cases := map[string]struct {
		archive []byte
		takes   bool
	}{
		"ours":         {signed, true},
		"packed again": {altered(func(int, *entry) {}), true},
		"theirs":       {archiveOf(t, in, key, backup.Options{Key: theirs}), false},
		"unsigned":     {archiveOf(t, in, key, backup.Options{}), false},
		"a header": {altered(func(_ int, e *entry) {
			e.content = bytes.Replace(e.content, []byte(`{"columns":`), []byte(`{ "columns":`), 1)
		}), false},
		"the manifest": {altered(func(_ int, e *entry) { e.content = bytes.Replace(e.content, []byte(`"app":"`), []byte(`"app":"x`), 1) }), false},
		"the signature": {altered(func(_ int, e *entry) {
			e.content = bytes.Replace(e.content, []byte(`"signature":"`), []byte(`"signature":"AAAA`), 1)
		}), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			to := target(t, store.SQLite)
			to.Installation = public
			told := 0
			to.Before = func(_ context.Context, tx store.Queryer, r backup.Report) error { told++; return nil }
			_, err := restoreTo(t, c.archive, key, to)
			var unsigned *backup.UnsignedError
			if c.takes != (err == nil) || !c.takes && !errors.As(err, &unsigned) || told > 0 != c.takes {
				t.Fatalf("%v, told %d times", err, told)
			}
			if !c.takes {
				mustBeEmpty(t, to)
			}
		})
	}
	// What is told before can still stop it.
	to := target(t, store.SQLite)
	stop := errors.New("not that one")
	to.Before = func(context.Context, store.Queryer, backup.Report) error { return stop }
	if _, err := restoreTo(t, signed, key, to); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	mustBeEmpty(t, to)
}

// One line that the installation did not write, or that stands elsewhere than
// it wrote it, and nothing is restored.
func TestSignedJournal(t *testing.T) {
	public, ours, _ := ed25519.GenerateKey(nil)
	archive, key := sample(t, 3)
	dir := t.TempDir()
	for range 2 { // two processes, in turn
		j, err := backup.OpenJournal(dir, ours)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := j.Append(t.Context(), store.Erasure{ID: store.NewID(), SubjectKind: "seat", SubjectID: "x", At: 1}); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(dir, backup.JournalName)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(good), "\n"), "\n")
	lines[3] += "\n"
	forged := `{"id":"f","school":"","kind":"staff","subject":"the last administrator","at":1}` + "\n"
	for name, c := range map[string]struct {
		text  string
		takes bool
	}{
		"whole":        {string(good), true},
		"cut by crash": {string(good) + `{"id":"x`, true},
		"a line more":  {string(good) + forged, false},
		"first":        {forged + string(good), false},
		"one less":     {lines[0] + lines[2] + lines[3], false},
		"exchanged":    {lines[0] + lines[2] + lines[1] + lines[3], false},
		"altered":      {strings.Replace(string(good), `"subject":"x"`, `"subject":"y"`, 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			to := target(t, store.SQLite)
			if to.Journal, err = backup.OpenJournal(dir, nil); err != nil {
				t.Fatal(err)
			}
			to.Erase = func(*store.DB) (func(context.Context, store.Queryer, store.Erasure) error, error) {
				return func(context.Context, store.Queryer, store.Erasure) error { return nil }, nil
			}
			to.Installation = public
			_, err := restoreTo(t, archive, key, to)
			var unsigned *backup.UnsignedError
			if !errors.As(err, &unsigned) {
				t.Fatal(err)
			}
			if journal := strings.Contains(unsigned.What, "journal"); journal == c.takes { // the sample archive itself is unsigned
				t.Fatal(err)
			}
			mustBeEmpty(t, to)
		})
	}
}

// A row without end is refused after a bounded time and a bounded memory.
func TestLongRow(t *testing.T) {
	archive, key := sample(t, 3)
	entries := unpack(t, archive, key)
	for i := range entries {
		if strings.HasPrefix(entries[i].name, "tables/school.") {
			entries[i].content = append(entries[i].content, bytes.Repeat([]byte("a"), 64<<20)...)
		}
	}
	began := time.Now()
	_, err := backup.Verify(t.Context(), bytes.NewReader(pack(t, entries, key)), []age.Identity{key}, nil)
	if err == nil || !strings.Contains(err.Error(), "a line of more than") {
		t.Fatal(err)
	}
	t.Log("refused after", time.Since(began))
}
