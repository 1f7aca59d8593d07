package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// release, when set, keeps the present schema and rows of every table as those
// of that release, under testdata:
//
//	go test ./internal/backup -run TestReleases -release 0.2.0
var release = flag.String("release", "", "keep the present schema as that of this release")

// A release is kept as two files: <version>.tar.gz, an archive without its
// encryption, and <version>.sha256, the digests of the migrations it shipped.

func keepRelease(t *testing.T, version string) {
	t.Helper()
	key := newKey(t)
	in := open(t, storetest.Options(t, store.SQLite))
	in.fill(t, 9)
	var b bytes.Buffer
	packed := gzip.NewWriter(&b)
	w := tar.NewWriter(packed)
	for _, e := range unpack(t, archiveOf(t, in, key, backup.Options{App: version}), key) {
		if err := w.WriteHeader(&tar.Header{Name: e.name, Size: int64(len(e.content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.content); err != nil {
			t.Fatal(err)
		}
	}
	err := errors.Join(w.Close(), packed.Close(),
		os.WriteFile(filepath.Join("testdata", version+".tar.gz"), b.Bytes(), 0o644),
		os.WriteFile(filepath.Join("testdata", version+".sha256"), []byte(digests(t)), 0o644))
	if err != nil {
		t.Fatal(err)
	}
}

// digests are a line for each migration of both dialects.
func digests(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, d := range []store.Dialect{store.SQLite, store.Postgres} {
		files, err := store.Migrations(d)
		if err != nil {
			t.Fatal(err)
		}
		names, err := fs.Glob(files, "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&all, "%x  %s/%s\n", sha256.Sum256(b), d, name)
		}
	}
	return all.String()
}

func readRelease(t *testing.T, file string) (entries []entry, m backup.Manifest) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	packed, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(packed); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, entry{h.Name, b})
	}
	if err := json.Unmarshal(entries[0].content, &m); err != nil {
		t.Fatal(err)
	}
	return entries, m
}

// Every released schema comes up to the present one, both as a database that
// this binary opens and as an archive that it restores.
func TestReleases(t *testing.T) {
	if *release != "" {
		keepRelease(t, *release)
	}
	files, err := filepath.Glob("testdata/*.tar.gz")
	if err != nil || len(files) == 0 {
		t.Fatalf("no release to test, %v", err)
	}
	present := digests(t)
	for _, file := range files {
		version := strings.TrimSuffix(filepath.Base(file), ".tar.gz")
		shipped, err := os.ReadFile(strings.TrimSuffix(file, ".tar.gz") + ".sha256")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(shipped)) {
			if !strings.Contains(present, line) {
				_, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
				t.Fatalf("migration %s is not what release %s shipped. Add a migration instead of changing one; "+
					"if %[2]s is not out yet, run: go test ./internal/backup -run TestReleases -release %[2]s", name, version)
			}
		}
		entries, m := readRelease(t, file)
		for _, d := range storetest.Dialects() {
			t.Run(version+" opened on "+string(d), func(t *testing.T) {
				o := target(t, d).Store
				install(t, o, m, entries)
				key := newKey(t)
				var saved bytes.Buffer
				o.BeforeMigrate = func(ctx context.Context, db *store.DB, from, to int64) error {
					if from != m.Schema || to != store.SchemaVersion() {
						t.Errorf("from %d to %d", from, to)
					}
					_, err := backup.Write(ctx, db, nil, &saved, []age.Recipient{key.Recipient()}, backup.Options{})
					return err
				}
				in := open(t, o)
				if (saved.Len() > 0) != (m.Schema < store.SchemaVersion()) {
					t.Errorf("%d bytes saved before the upgrade", saved.Len())
				}
				mustHold(t, in, m)
			})
			t.Run(version+" restored on "+string(d), func(t *testing.T) {
				key := newKey(t)
				to := target(t, d)
				if _, err := restoreTo(t, pack(t, entries, key), key, to); err != nil {
					t.Fatal(err)
				}
				mustHold(t, open(t, to.Store), m)
			})
		}
	}
}

// install makes a database as the release left it.
func install(t *testing.T, o store.Options, m backup.Manifest, entries []entry) {
	t.Helper()
	ctx := t.Context()
	db, err := store.OpenForRestore(ctx, o, m.Schema, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Load(ctx, func(tx store.Queryer) error {
		for _, e := range entries {
			table, ok := strings.CutPrefix(e.name, "tables/")
			if !ok {
				continue
			}
			table, _, _ = strings.Cut(table, ".")
			var head struct{ Columns, Types []string }
			for line := range strings.Lines(string(e.content)) {
				if head.Columns == nil {
					if err := json.Unmarshal([]byte(line), &head); err != nil {
						return err
					}
					continue
				}
				var row []any
				decoder := json.NewDecoder(strings.NewReader(line))
				decoder.UseNumber()
				if err := decoder.Decode(&row); err != nil {
					return err
				}
				places := make([]string, len(row))
				for i, v := range row {
					places[i] = fmt.Sprintf("$%d", i+1)
					if n, ok := v.(json.Number); ok {
						row[i], err = n.Int64()
					} else if s, ok := v.(string); ok && head.Types[i] == string(store.Bytes) {
						row[i], err = base64.StdEncoding.DecodeString(s)
					}
					if err != nil {
						return err
					}
				}
				_, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table,
					strings.Join(head.Columns, ", "), strings.Join(places, ", ")), row...)
				if err != nil {
					return fmt.Errorf("%s: %w", table, err)
				}
			}
		}
		return nil
	})
	if err := errors.Join(err, db.EndRestore(ctx), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// mustHold fails unless every table that is still there has its rows.
func mustHold(t *testing.T, in *installation, m backup.Manifest) {
	t.Helper()
	tables, err := in.Tables(t.Context(), in.Reader())
	if err != nil {
		t.Fatal(err)
	}
	rows := int64(0)
	for _, table := range tables {
		want, ok := m.Tables[table.Name]
		if !ok {
			continue
		}
		var n int64
		if err := in.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM "+table.Name).Scan(&n); err != nil || n != want {
			t.Errorf("table %s holds %d rows, want %d, %v", table.Name, n, want, err)
		}
		rows += n
	}
	if rows == 0 {
		t.Error("nothing is there")
	}
	if v, err := in.Schema(t.Context()); err != nil || v != store.SchemaVersion() {
		t.Errorf("schema %d, %v", v, err)
	}
}
