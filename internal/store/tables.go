package store

import (
	"context"
	"fmt"
	"strings"
)

// ColumnType is what a column holds, alike in both dialects.
type ColumnType string

// The column types that a migration may use.
const (
	Text  ColumnType = "text"
	Int   ColumnType = "int" // 64 bits
	Real  ColumnType = "real"
	Bytes ColumnType = "bytes"
)

// Column is one column of a table.
type Column struct {
	Name string
	Type ColumnType
	Null bool // may hold NULL
}

// Table is one table as the database describes it.
type Table struct {
	Name    string
	Columns []Column // in their order
}

// Tables describes the application's tables, in the order of their names: all
// but the migrations' own. A column of a type that the other dialect could not
// hold is an error.
func (db *DB) Tables(ctx context.Context, q Queryer) ([]Table, error) {
	query := `SELECT t.name, c.name, upper(c.type), c."notnull" = 0 AND c.pk = 0
		FROM sqlite_schema t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND t.name <> 'goose_db_version'
		ORDER BY t.name, c.cid`
	if db.dialect == Postgres {
		query = `SELECT c.table_name, c.column_name, upper(c.data_type), CASE c.is_nullable WHEN 'YES' THEN 1 ELSE 0 END
			FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
			WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name <> 'goose_db_version'
			ORDER BY c.table_name COLLATE "C", c.ordinal_position`
	}
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("store: tables: %w", err)
	}
	defer rows.Close()
	var tables []Table
	for rows.Next() {
		var table, declared string
		var c Column
		if err := rows.Scan(&table, &c.Name, &declared, &c.Null); err != nil {
			return nil, fmt.Errorf("store: tables: %w", err)
		}
		switch declared {
		case "TEXT":
			c.Type = Text
		case "INTEGER", "INT", "BIGINT", "SMALLINT":
			c.Type = Int
		case "REAL", "DOUBLE PRECISION":
			c.Type = Real
		case "BLOB", "BYTEA":
			c.Type = Bytes
		default:
			return nil, fmt.Errorf("store: column %s.%s has type %s, which not both dialects know", table, c.Name, strings.ToLower(declared))
		}
		if len(tables) == 0 || tables[len(tables)-1].Name != table {
			tables = append(tables, Table{Name: table})
		}
		t := &tables[len(tables)-1]
		t.Columns = append(t.Columns, c)
	}
	return tables, rows.Err()
}
