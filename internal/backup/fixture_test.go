package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// installation is a database with its files and the keys of its archives.
type installation struct {
	*store.DB
	o     store.Options
	blobs *store.Folder
}

// open opens an installation in its place.
func open(t testing.TB, o store.Options) *installation {
	t.Helper()
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	blobs, err := store.NewFolder(db, filesOf(o))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	return &installation{DB: db, o: o, blobs: blobs}
}

func filesOf(o store.Options) string { return filepath.Join(o.DataDir, "files") }

// target is an empty place of a dialect.
func target(t testing.TB, d store.Dialect) backup.Target {
	o := store.Options{DataDir: filepath.Join(t.TempDir(), "data")}
	if d == store.Postgres {
		o.DSN = storetest.EmptyPostgres(t)
	}
	return backup.Target{Store: o, Blobs: func(db *store.DB) (store.Blobs, error) { return store.NewFolder(db, filesOf(o)) }}
}

func newKey(t testing.TB) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func archiveOf(t testing.TB, in *installation, key *age.X25519Identity, o backup.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := backup.Write(t.Context(), in.DB, in.blobs, &b, []age.Recipient{key.Recipient()}, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func restoreTo(t testing.TB, archive []byte, key *age.X25519Identity, to backup.Target) (backup.Restored, error) {
	t.Helper()
	return backup.Restore(t.Context(), bytes.NewReader(archive), []age.Identity{key}, to)
}

// rowsOf makes n rows of every table, from what SQLite says of the schema: as
// many different values as there are rows, references to the row of the same
// number, one of the words that a CHECK allows, and now and then a NULL.
func rowsOf(t testing.TB, n int) map[string][]map[string]any {
	t.Helper()
	db := storetest.Open(t, store.SQLite)
	ctx := t.Context()
	tables, err := db.Tables(ctx, db.Reader())
	if err != nil {
		t.Fatal(err)
	}
	allowed := regexp.MustCompile(`CHECK \((\w+) IN \(([^)]*)\)\)`)
	all := map[string][]map[string]any{}
	for _, table := range tables {
		if table.Name == "blob" { // comes with its content
			continue
		}
		var ddl string
		if err := db.Reader().QueryRowContext(ctx, "SELECT sql FROM sqlite_schema WHERE name = $1", table.Name).Scan(&ddl); err != nil {
			t.Fatal(err)
		}
		words := map[string][]string{}
		for _, m := range allowed.FindAllStringSubmatch(ddl, -1) {
			words[m[1]] = strings.Split(m[2], ", ")
		}
		references := map[string]string{}
		rows, err := db.Reader().QueryContext(ctx, `SELECT "from", "table" FROM pragma_foreign_key_list($1)`, table.Name)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var from, to string
			if err := rows.Scan(&from, &to); err != nil {
				t.Fatal(err)
			}
			references[from] = to
		}
		rows.Close()
		for i := range n {
			row := map[string]any{}
			for k, c := range table.Columns {
				row[c.Name] = value(table.Name, c, i)
				if w := words[c.Name]; w != nil {
					word := strings.Trim(w[i%len(w)], "'")
					row[c.Name] = word
					if c.Type == store.Int {
						row[c.Name] = int64(word[0] - '0')
					}
				}
				if to := references[c.Name]; to != "" {
					row[c.Name] = value(to, store.Column{Name: "id", Type: store.Text}, i)
				}
				if c.Null && (i+k)%4 == 3 {
					row[c.Name] = nil
				}
			}
			all[table.Name] = append(all[table.Name], row)
		}
	}
	return all
}

// value is what row i of a table holds in a column, unlike any other row's.
func value(table string, c store.Column, i int) any {
	switch c.Type {
	case store.Int:
		if strings.HasSuffix(c.Name, "at") || strings.HasSuffix(c.Name, "until") {
			return int64(1_795_000_000_000 + i)
		}
		return int64(1000 + i) // PostgreSQL holds 32 bits where that is plenty
	case store.Real:
		return float64(i) / 3
	case store.Bytes:
		if i == 0 {
			return []byte{}
		}
		return []byte(fmt.Sprintf("%s.%s %d \x00\xff", table, c.Name, i))
	}
	if c.Name == "detail" || c.Name == "counts" || c.Name == "payload" {
		return fmt.Sprintf(`{"n": "%d"}`, i)
	}
	if i%7 == 5 {
		return fmt.Sprintf("%s.%s %d %s", table, c.Name, i, strings.Repeat("long ", 3000))
	}
	return fmt.Sprintf("%s.%s %d élève « 🎒 » '\"\\\u2028\n\t<&>\x7f", table, c.Name, i)
}

// fill puts n rows into every table, and files.
func (in *installation) fill(t testing.TB, n int) {
	t.Helper()
	ctx := t.Context()
	err := in.Load(ctx, func(tx store.Queryer) error {
		for table, rows := range rowsOf(t, n) {
			for _, row := range rows {
				var columns, places []string
				var args []any
				for column, v := range row {
					columns, args = append(columns, `"`+column+`"`), append(args, v)
					places = append(places, fmt.Sprintf("$%d", len(args)))
				}
				_, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(columns, ", "), strings.Join(places, ", ")), args...)
				if err != nil {
					return fmt.Errorf("%s: %w", table, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range min(n, 20) {
		content := bytes.Repeat([]byte{byte(i), 0, 'x'}, i*i*500)
		if _, err := in.blobs.Put(ctx, store.BlobMeta{SchoolID: "s", Kind: "k", MediaType: "a/b"}, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
}

// dump is everything an installation holds, in an order of its own, apart from
// the tables that archives leave out.
func (in *installation) dump(t testing.TB) string {
	t.Helper()
	ctx := t.Context()
	var all strings.Builder
	err := in.Snapshot(ctx, func(q store.Queryer) error {
		tables, err := in.Tables(ctx, q)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if slices.Contains(backup.Transient(), table.Name) {
				continue
			}
			rows, err := q.QueryContext(ctx, "SELECT * FROM "+table.Name)
			if err != nil {
				return err
			}
			var lines []string
			for rows.Next() {
				cells := make([]any, len(table.Columns))
				for i := range cells {
					cells[i] = new(any)
				}
				if err := rows.Scan(cells...); err != nil {
					return err
				}
				line := ""
				for i, c := range cells {
					v := *c.(*any)
					if v == nil {
						continue
					}
					if table.Columns[i].Type == store.Bytes {
						v = fmt.Sprintf("%x", v)
					}
					line += fmt.Sprintf(" %s=%T %v", table.Columns[i].Name, v, v)
				}
				lines = append(lines, line)
			}
			if err := rows.Err(); err != nil {
				return err
			}
			slices.Sort(lines)
			fmt.Fprintln(&all, table.Name, len(lines))
			for _, l := range lines {
				fmt.Fprintln(&all, l)
			}
		}
		blobs, err := store.BlobPage(ctx, q, "", 500)
		for _, b := range blobs {
			r, err := in.blobs.Content(ctx, b)
			if err != nil {
				return err
			}
			content, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			r.Close()
			fmt.Fprintln(&all, "content", b.ID, len(content))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// entry is one file of an archive.
type entry struct {
	name    string
	content []byte
}

// unpack opens an archive with nothing but age, gzip and tar.
func unpack(t testing.TB, archive []byte, key *age.X25519Identity) (entries []entry) {
	t.Helper()
	plain, err := age.Decrypt(bytes.NewReader(archive), key)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := gzip.NewReader(plain)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(packed); ; {
		h, err := r.Next()
		if err == io.EOF {
			return entries
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
}

// pack is the contrary of unpack: whoever holds a recipient can make archives,
// so their content is not trusted for being encrypted.
func pack(t testing.TB, entries []entry, key *age.X25519Identity) []byte {
	t.Helper()
	var b bytes.Buffer
	sealed, err := age.Encrypt(&b, key.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	packed := gzip.NewWriter(sealed)
	w := tar.NewWriter(packed)
	for _, e := range entries {
		if err := w.WriteHeader(&tar.Header{Name: e.name, Size: int64(len(e.content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.content); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []io.Closer{w, packed, sealed} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// mustBeEmpty looks at a place from outside: no row in any table, and no file.
// Opening it would make its tables anew, which takes longer than all the rest.
func mustBeEmpty(t *testing.T, to backup.Target) {
	t.Helper()
	for _, table := range tablesIn(t, to.Store) {
		t.Errorf("table %s is there", table)
	}
	if left, _ := filepath.Glob(filepath.Join(filesOf(to.Store), "*", "*", "*")); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

// tablesIn names the tables of a database that nobody has open.
func tablesIn(t *testing.T, o store.Options) (names []string) {
	t.Helper()
	query, file := "SELECT name FROM sqlite_schema WHERE type = 'table'", filepath.Join(o.DataDir, store.SQLiteFile)
	if _, err := os.Stat(file); o.DSN == "" && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := sql.Open("sqlite", file)
	if o.DSN != "" {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
		db, err = storetest.Connect(o.DSN)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}
