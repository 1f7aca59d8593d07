package backup

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"preau/internal/store"
)

// rowEncoder turns rows of a table into lines.
type rowEncoder struct {
	table store.Table
	cells []any // what Scan writes to
	line  bytes.Buffer
}

func newRowEncoder(t store.Table) *rowEncoder {
	e := &rowEncoder{table: t, cells: make([]any, len(t.Columns))}
	for i, c := range t.Columns {
		switch c.Type {
		case store.Int:
			e.cells[i] = new(sql.NullInt64)
		case store.Real:
			e.cells[i] = new(sql.NullFloat64)
		case store.Text:
			e.cells[i] = new(sql.NullString)
		case store.Bytes:
			e.cells[i] = new(bytesCell)
		}
	}
	return e
}

// header is the first line of each part of the table.
func (e *rowEncoder) header() ([]byte, error) {
	var h header
	for _, c := range e.table.Columns {
		h.Columns, h.Types = append(h.Columns, c.Name), append(h.Types, c.Type)
	}
	b, err := json.Marshal(h)
	return append(b, '\n'), err
}

// encode reads the row that rows stand on. The line is valid until the next.
func (e *rowEncoder) encode(rows *sql.Rows) ([]byte, error) {
	if err := rows.Scan(e.cells...); err != nil {
		return nil, fmt.Errorf("backup: table %s: %w", e.table.Name, err)
	}
	e.line.Reset()
	b := e.line.AvailableBuffer()
	for i, cell := range e.cells {
		if i == 0 {
			b = append(b, '[')
		} else {
			b = append(b, ',')
		}
		var err error
		if b, err = appendCell(b, cell); err != nil {
			return nil, fmt.Errorf("backup: table %s, column %s: %w", e.table.Name, e.table.Columns[i].Name, err)
		}
	}
	e.line.Write(append(b, "]\n"...))
	return e.line.Bytes(), nil
}

func appendCell(b []byte, cell any) ([]byte, error) {
	switch c := cell.(type) {
	case *sql.NullInt64:
		if c.Valid {
			return strconv.AppendInt(b, c.Int64, 10), nil
		}
	case *sql.NullFloat64:
		if c.Valid {
			if math.IsNaN(c.Float64) || math.IsInf(c.Float64, 0) {
				return nil, fmt.Errorf("a number that JSON cannot hold")
			}
			return strconv.AppendFloat(b, c.Float64, 'g', -1, 64), nil
		}
	case *sql.NullString:
		if c.Valid {
			if !utf8.ValidString(c.String) {
				return nil, fmt.Errorf("a text that is not UTF-8")
			}
			text, err := json.Marshal(c.String)
			return append(b, text...), err
		}
	case *bytesCell:
		if c.valid {
			b = append(b, '"')
			b = base64.StdEncoding.AppendEncode(b, c.bytes)
			return append(b, '"'), nil
		}
	}
	return append(b, "null"...), nil
}

// bytesCell tells an empty value from NULL, which []byte does not. Its bytes are
// the driver's, until the next row.
type bytesCell struct {
	bytes []byte
	valid bool
}

// Scan takes a value from database/sql.
func (c *bytesCell) Scan(v any) error {
	c.bytes, c.valid = nil, v != nil
	if v == nil {
		return nil
	}
	b, ok := v.([]byte)
	if !ok {
		return fmt.Errorf("bytes expected, %T found", v)
	}
	c.bytes = b
	return nil
}

// decodeRow reads a line into values for a statement.
func decodeRow(line []byte, types []store.ColumnType) ([]any, error) {
	var cells []json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil {
		return nil, err
	}
	if len(cells) != len(types) {
		return nil, fmt.Errorf("%d values for %d columns", len(cells), len(types))
	}
	values := make([]any, len(cells))
	for i, cell := range cells {
		if string(cell) == "null" {
			continue
		}
		var err error
		switch types[i] {
		case store.Int:
			values[i], err = strconv.ParseInt(string(cell), 10, 64)
		case store.Real:
			values[i], err = strconv.ParseFloat(string(cell), 64)
		case store.Text:
			var s string
			err = json.Unmarshal(cell, &s)
			values[i] = s
		case store.Bytes:
			b := []byte{} // an empty value is not NULL
			err = json.Unmarshal(cell, &b)
			values[i] = b
		default:
			err = fmt.Errorf("unknown type %q", types[i])
		}
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}
