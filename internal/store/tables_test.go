package store_test

import (
	"fmt"
	"strings"
	"testing"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

// The migrations of both dialects make the same tables, columns and indexes.
func TestBothDialectsHaveTheSameSchema(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not tested with -short")
	}
	described := map[store.Dialect]string{}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		tables, err := db.Tables(ctx, db.Reader())
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, table := range tables {
			for _, c := range table.Columns {
				fmt.Fprintf(&all, "%s.%s %s null=%v\n", table.Name, c.Name, c.Type, c.Null)
			}
		}
		indexes := "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
		if db.Dialect() == store.Postgres {
			indexes = `SELECT indexname FROM pg_indexes i WHERE schemaname = current_schema() AND tablename <> 'goose_db_version'
				AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = i.indexname) ORDER BY indexname COLLATE "C"`
		}
		rows, err := db.Reader().QueryContext(ctx, indexes)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&all, "index", name)
		}
		var keys int
		count := "SELECT count(*) FROM sqlite_schema t, pragma_foreign_key_list(t.name) WHERE t.type = 'table'"
		if db.Dialect() == store.Postgres {
			count = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
		}
		if err := db.Reader().QueryRowContext(ctx, count).Scan(&keys); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all, keys, "foreign keys")
		described[db.Dialect()] = all.String()
	})
	a, b := strings.Split(described[store.SQLite], "\n"), strings.Split(described[store.Postgres], "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Fatalf("line %d differs:\nsqlite   %v\npostgres %v", i, a[min(i, len(a)-1)], b[min(i, len(b)-1)])
		}
	}
	if len(a) < 50 {
		t.Errorf("only %d lines to compare", len(a))
	}
}
