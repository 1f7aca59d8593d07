package bring

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"preau/internal/fault"
)

// What follows reads rows of ordinary tables out of a SQLite file, as its format
// is documented (sqlite.org/fileformat2.html). It does not run SQL: a stranger's
// file may hold a schema that does.

const (
	sqliteMagic = "SQLite format 3\x00"
	maxColumns  = 200
	maxCell     = 8 << 20 // bytes of one row
	maxRows     = 2_000_000
)

type sqliteFile struct {
	r         io.ReaderAt
	size      int64
	page      int
	usable    int
	pages     uint32
	seen      map[uint32]bool
	rows      int
	travelled int
}

var errSQLite = errors.New("bring: not a sound SQLite file")

func readSQLite(r io.ReaderAt, size int64) (*Site, error) {
	if size > MaxSQLite {
		return nil, fault.New(fault.TooLarge, "movers.large", "limit", MaxSQLite>>20).At("file")
	}
	d := &dump{tables: map[string][]record{}}
	if err := readTables(r, size, d); err != nil {
		if fault.Of(err) == nil {
			err = refused("movers.sqlite_damaged")
		}
		return nil, err
	}
	return d.site()
}

func readTables(r io.ReaderAt, size int64, d *dump) error {
	head := make([]byte, 100)
	if _, err := r.ReadAt(head, 0); err != nil {
		return errSQLite
	}
	page := int(binary.BigEndian.Uint16(head[16:]))
	if page == 1 {
		page = 65536
	}
	if page < 512 || page > 65536 || page&(page-1) != 0 || string(head[:16]) != sqliteMagic {
		return errSQLite
	}
	if coding := binary.BigEndian.Uint32(head[56:]); coding > 1 {
		return refused("movers.encoding", "name", "UTF-16")
	}
	f := &sqliteFile{r: r, size: size, page: page, usable: page - int(head[20]), pages: uint32(size / int64(page))}
	if f.usable < 480 {
		return errSQLite
	}
	type table struct {
		name    string
		root    uint32
		columns []string
		key     int
	}
	var wanted []table
	err := f.walk(1, func(_ int64, v []any) error {
		if len(v) < 5 || v[0] != "table" {
			return nil
		}
		name, _ := v[1].(string)
		root, _ := v[3].(int64)
		create, _ := v[4].(string)
		short := tableName(name)
		if short == "" || root < 2 || root > int64(f.pages) || len(wanted) > 100 {
			return nil
		}
		columns, key := columnsOf(create)
		wanted = append(wanted, table{short, uint32(root), columns, key})
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range wanted {
		err := f.walk(t.root, func(id int64, v []any) error {
			row := record{}
			for i, name := range t.columns {
				switch {
				case i == t.key && (i >= len(v) || v[i] == nil):
					row[name] = strconv.FormatInt(id, 10)
				case i < len(v):
					row[name] = words64(v[i])
				}
			}
			return d.add(t.name, row)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func words64(v any) string {
	switch x := v.(type) {
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case string:
		return strings.ToValidUTF8(x, "\ufffd")
	}
	return ""
}

var (
	columnForm = regexp.MustCompile("^\\s*[\"`\\[]?([A-Za-z_][A-Za-z0-9_]*)[\"`\\]]?(?:\\s+([A-Za-z]+))?")
	keyForm    = regexp.MustCompile("(?i)^\\s*PRIMARY\\s+KEY\\s*\\(\\s*[\"`\\[]?([A-Za-z_][A-Za-z0-9_]*)[\"`\\]]?\\s*\\)")
)

// columnsOf reads the names of columns in a CREATE TABLE, and which of them is
// another name of the row's number; -1 when none is.
func columnsOf(create string) (names []string, key int) {
	key = -1
	open := strings.IndexByte(create, '(')
	if open < 0 {
		return nil, key
	}
	var kinds, parts []string
	depth, from, quoted := 0, open+1, byte(0)
	for i := open; i < len(create) && len(parts) < maxColumns; i++ {
		switch c := create[i]; {
		case quoted != 0:
			if c == quoted {
				quoted = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quoted = c
		case c == '(':
			depth++
		case c == ')' && depth == 1:
			parts, i = append(parts, create[from:i]), len(create)
		case c == ')':
			depth--
		case c == ',' && depth == 1:
			parts, from = append(parts, create[from:i]), i+1
		}
	}
	for _, part := range parts {
		if m := keyForm.FindStringSubmatch(part); m != nil {
			for i, name := range names {
				if name == strings.ToLower(m[1]) && kinds[i] == "INTEGER" {
					key = i
				}
			}
			continue
		}
		m := columnForm.FindStringSubmatch(part)
		if m == nil {
			continue
		}
		switch strings.ToUpper(m[1]) {
		case "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT", "KEY":
			continue
		}
		names, kinds = append(names, strings.ToLower(m[1])), append(kinds, strings.ToUpper(m[2]))
		if kinds[len(kinds)-1] == "INTEGER" && strings.Contains(strings.ToUpper(part), "PRIMARY KEY") {
			key = len(names) - 1
		}
	}
	return names, key
}

// walk visits the rows of a table's tree. No page is visited twice, so that a
// file whose pages lead in a circle has an end.
func (f *sqliteFile) walk(root uint32, visit func(id int64, values []any) error) error {
	f.seen = map[uint32]bool{}
	return f.tree(root, 0, visit)
}

func (f *sqliteFile) read(n uint32) ([]byte, error) {
	if f.travelled++; n < 1 || n > f.pages || f.travelled > 8_000_000 {
		return nil, errSQLite
	}
	b := make([]byte, f.page)
	if _, err := f.r.ReadAt(b, int64(n-1)*int64(f.page)); err != nil {
		return nil, errSQLite
	}
	return b, nil
}

func (f *sqliteFile) tree(n uint32, depth int, visit func(int64, []any) error) error {
	if f.seen[n] || depth > 20 {
		return errSQLite
	}
	f.seen[n] = true
	b, err := f.read(n)
	if err != nil {
		return err
	}
	at := 0
	if n == 1 {
		at = 100
	}
	kind, cells := b[at], int(binary.BigEndian.Uint16(b[at+3:]))
	pointers := at + 8
	if kind == 5 {
		pointers = at + 12
	} else if kind != 13 {
		return errSQLite // an index: a table without row numbers, which SPIP has not
	}
	if pointers+2*cells > len(b) {
		return errSQLite
	}
	for i := range cells {
		cell := int(binary.BigEndian.Uint16(b[pointers+2*i:]))
		if cell+4 > len(b) {
			return errSQLite
		}
		if kind == 5 {
			if err := f.tree(binary.BigEndian.Uint32(b[cell:]), depth+1, visit); err != nil {
				return err
			}
			continue
		}
		if err := f.leaf(b, cell, visit); err != nil {
			return err
		}
	}
	if kind == 5 {
		return f.tree(binary.BigEndian.Uint32(b[at+8:]), depth+1, visit)
	}
	return nil
}

// leaf reads one row, with what overflows its page.
func (f *sqliteFile) leaf(b []byte, cell int, visit func(int64, []any) error) error {
	if f.rows++; f.rows > maxRows {
		return errSQLite
	}
	length, n := varint(b[cell:])
	id, m := varint(b[min(cell+n, len(b)):])
	start := cell + n + m
	if n == 0 || m == 0 || length > maxCell || start > len(b) {
		return errSQLite
	}
	size, local := int(length), int(length)
	if size > f.usable-35 {
		least := (f.usable-12)*32/255 - 23
		local = least + (size-least)%(f.usable-4)
		if local > f.usable-35 {
			local = least
		}
	}
	if start+local > len(b) {
		return errSQLite
	}
	payload := append(make([]byte, 0, size), b[start:start+local]...)
	if size > local {
		if start+local+4 > len(b) {
			return errSQLite
		}
		for next := binary.BigEndian.Uint32(b[start+local:]); len(payload) < size; {
			page, err := f.read(next)
			if err != nil {
				return err
			}
			next = binary.BigEndian.Uint32(page)
			payload = append(payload, page[4:4+min(size-len(payload), f.usable-4)]...)
		}
	}
	values, err := columns(payload)
	if err != nil {
		return err
	}
	return visit(int64(id), values)
}

// varint reads SQLite's variable integers; n is 0 when there is none.
func varint(b []byte) (v uint64, n int) {
	for i := 0; i < 9 && i < len(b); i++ {
		if i == 8 {
			return v<<8 | uint64(b[i]), 9
		}
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i]&0x80 == 0 {
			return v, i + 1
		}
	}
	return 0, 0
}

// columns reads a row.
func columns(b []byte) ([]any, error) {
	head, n := varint(b)
	if n == 0 || head > uint64(len(b)) || int(head) < n {
		return nil, errSQLite
	}
	kinds, body := b[n:head], b[head:]
	var out []any
	for len(kinds) > 0 {
		kind, n := varint(kinds)
		if n == 0 || len(out) > maxColumns {
			return nil, errSQLite
		}
		kinds = kinds[n:]
		size, value := 0, any(nil)
		switch {
		case kind == 8 || kind == 9:
			value = int64(kind - 8)
		case kind >= 1 && kind <= 4:
			size = int(kind)
		case kind == 5:
			size = 6
		case kind == 6 || kind == 7:
			size = 8
		case kind >= 12:
			if kind > 2*maxCell+13 {
				return nil, errSQLite
			}
			size = int(kind-12) / 2
		}
		if size > len(body) {
			return nil, errSQLite
		}
		switch raw := body[:size]; {
		case kind >= 1 && kind <= 6:
			v := int64(int8(raw[0]))
			for _, c := range raw[1:] {
				v = v<<8 | int64(c)
			}
			value = v
		case kind == 7:
			value = math.Float64frombits(binary.BigEndian.Uint64(raw))
		case kind >= 12:
			value = string(raw) // SPIP keeps some texts as blobs
		}
		body = body[size:]
		out = append(out, value)
	}
	return out, nil
}
