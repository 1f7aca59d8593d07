package privacy

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

// schema is what a database really holds.
type schema struct {
	columns map[string][]string // by table
	parents map[string][]Parent // by table: its foreign keys
}

func readSchema(t *testing.T, db *store.DB) schema {
	t.Helper()
	out := schema{map[string][]string{}, map[string][]Parent{}}
	columns := `SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`
	parents := `SELECT m.name, f."from", f."table" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f."from"`
	if db.Dialect() == store.Postgres {
		columns = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`
		parents = `SELECT c.relname, a.attname, p.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
			JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f' ORDER BY c.relname, a.attname`
	}
	scan(t, db, columns, 2, func(v []string) { out.columns[v[0]] = append(out.columns[v[0]], v[1]) })
	scan(t, db, parents, 3, func(v []string) {
		out.parents[v[0]] = append(out.parents[v[0]], Parent{Column: v[1], Table: v[2]})
	})
	return out
}

func scan(t *testing.T, db *store.DB, query string, n int, row func([]string)) {
	t.Helper()
	rows, err := db.Reader().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		values := make([]sql.NullString, n)
		into := make([]any, n)
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, n)
		for i, v := range values {
			texts[i] = v.String
		}
		row(texts)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// compare lists how the map and a real schema differ, both ways.
func compare(m Map, real schema) []string {
	var faults []string
	fail := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for table, columns := range real.columns {
		declared := m.Table(table)
		if declared == nil {
			fail("table %s is not declared", table)
			continue
		}
		for _, c := range columns {
			if declared.Column(c) == nil {
				fail("column %s.%s is not declared", table, c)
			}
		}
		for _, c := range declared.Columns {
			if !slices.Contains(columns, c.Name) {
				fail("column %s.%s is declared and does not exist", table, c.Name)
			}
		}
		for _, p := range real.parents[table] {
			if !slices.ContainsFunc(declared.Parents, func(d Parent) bool { return d.Column == p.Column && d.Table == p.Table }) {
				fail("foreign key %s.%s to %s is not declared", table, p.Column, p.Table)
			}
		}
	}
	for _, t := range m.Tables {
		if real.columns[t.Name] == nil {
			fail("table %s is declared and does not exist", t.Name)
		}
	}
	slices.Sort(faults)
	return faults
}

func TestMapIsTheSchema(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if faults := compare(DataMap(), readSchema(t, db)); faults != nil {
			t.Errorf("the data map and the schema differ:\n%s", strings.Join(faults, "\n"))
		}
	})
}

// What is planted in the database without being declared is caught, and so is
// what is declared and gone.
func TestPlantedColumnIsCaught(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, statement := range []string{
			"ALTER TABLE seat ADD COLUMN birth_date TEXT",
			"CREATE TABLE absence (id TEXT PRIMARY KEY, seat_id TEXT REFERENCES seat (id))",
			"ALTER TABLE seat_group ADD COLUMN chosen_by TEXT REFERENCES staff (id)",
			"ALTER TABLE retention_run DROP COLUMN done_at",
		} {
			err := db.Tx(t.Context(), func(tx store.Queryer) error {
				_, err := tx.ExecContext(t.Context(), statement)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		want := []string{
			"column retention_run.done_at is declared and does not exist",
			"column seat.birth_date is not declared",
			"column seat_group.chosen_by is not declared",
			"foreign key seat_group.chosen_by to staff is not declared",
			"table absence is not declared",
		}
		if got := compare(DataMap(), readSchema(t, db)); !slices.Equal(got, want) {
			t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
