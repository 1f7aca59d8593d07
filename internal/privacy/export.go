package privacy

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/store"
)

// exportRows bounds the rows of one table in an export; what is beyond is
// counted in ExportTable.LeftOff.
const exportRows = 5000

// Export is all that the map declares exportable about one person (GDPR article
// 15). It holds no name of a pupil: the browser that asked adds it.
type Export struct {
	Kind     Whose         `json:"kind" enum:"seat,staff"`
	ID       string        `json:"id"`
	School   string        `json:"school" doc:"Name of the school; empty for one's own export."`
	MadeAt   int64         `json:"madeAt"`
	Tables   []ExportTable `json:"tables" nullable:"false"`
	Withheld []string      `json:"withheld" nullable:"false" doc:"What is left out, and why."`
}

// ExportTable is the rows of one table that are about the person.
type ExportTable struct {
	Table   string         `json:"table"`
	Text    string         `json:"text" doc:"What a row is."`
	Columns []ExportColumn `json:"columns" nullable:"false"`
	Rows    []ExportRow    `json:"rows" nullable:"false" doc:"In the order of columns."`
	LeftOff int64          `json:"leftOff,omitempty" doc:"Rows beyond the limit of an export."`
}

// ExportRow is one row, in the order of the table's columns.
type ExportRow struct {
	Cells []ExportedCell `json:"cells" nullable:"false"`
}

// ExportColumn is one column of an export.
type ExportColumn struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Time bool   `json:"time,omitempty" doc:"Its values are times in ms."`
}

// ExportedCell is one value: exactly one of its fields is set, none for nothing.
type ExportedCell struct {
	Text   *string `json:"text,omitempty"`
	Number *int64  `json:"number,omitempty"`
}

// ExportOf gathers what is about a person of a school at one moment.
func (s *Service) ExportOf(ctx context.Context, school string, kind Whose, id string, locale i18n.Locale) (*Export, error) {
	of, err := s.school(ctx, school)
	if err != nil {
		return nil, err
	}
	return s.gather(ctx, kind, id, locale, func(q store.Queryer, out *Export) error {
		out.School = of.Name
		return exists(ctx, q, school, kind, id)
	})
}

// ExportOwn gathers what is about the staff who asks.
func (s *Service) ExportOwn(ctx context.Context, id string, locale i18n.Locale) (*Export, error) {
	return s.gather(ctx, OfStaff, id, locale, func(store.Queryer, *Export) error { return nil })
}

func (s *Service) gather(ctx context.Context, kind Whose, id string, locale i18n.Locale, allow func(q store.Queryer, out *Export) error) (*Export, error) {
	out := &Export{Kind: kind, ID: id, MadeAt: s.db.Now(), Tables: []ExportTable{}, Withheld: s.withheld(kind, locale)}
	return out, s.db.Snapshot(ctx, func(q store.Queryer) error {
		if err := allow(q, out); err != nil {
			return err
		}
		for _, t := range s.dataMap.Tables {
			where := t.about(kind)
			if where == "" {
				continue
			}
			table, err := s.exportTable(ctx, q, t, where, id, locale)
			if err != nil {
				return fmt.Errorf("privacy: export of %s: %w", t.Name, err)
			}
			if len(table.Rows) > 0 {
				out.Tables = append(out.Tables, table)
			}
		}
		return nil
	})
}

// exists refuses a person of another school.
func exists(ctx context.Context, q store.Queryer, school string, kind Whose, id string) error {
	query, key := "SELECT count(*) FROM seat WHERE id = $1 AND school_id = $2", "privacy.no_seat"
	if kind == OfStaff {
		query, key = "SELECT count(*) FROM staff_grant WHERE staff_id = $1 AND school_id = $2", "privacy.no_staff"
	}
	var n int
	if err := q.QueryRowContext(ctx, query, id, school).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, key)
	}
	return nil
}

// about is the condition on the rows that the export of a person shows; empty
// for none.
func (t Table) about(kind Whose) string {
	var ways []string
	for _, p := range t.People {
		if p.Whose == kind && !p.Apart {
			ways = append(ways, "("+p.Where+")")
		}
	}
	return strings.Join(ways, " OR ")
}

func (s *Service) exportTable(ctx context.Context, q store.Queryer, t Table, where, id string, locale i18n.Locale) (ExportTable, error) {
	out := ExportTable{Table: t.Name, Text: s.texts.T(locale, t.Text, nil), Rows: []ExportRow{}}
	var names []string
	for _, c := range t.Columns {
		if c.Out == Shown {
			names = append(names, c.Name)
			out.Columns = append(out.Columns, ExportColumn{c.Name, s.texts.T(locale, c.Text, nil), isTime(c.Name)})
		}
	}
	if len(names) == 0 { // rows that only tie others together
		return out, nil
	}
	rows, err := q.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %d", strings.Join(names, ", "), t.Name, where, keyList(t), exportRows), id)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	for rows.Next() {
		values := make([]any, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return out, err
		}
		cells := make([]ExportedCell, len(values))
		for i, v := range values {
			cells[i] = cell(v)
		}
		out.Rows = append(out.Rows, ExportRow{cells})
	}
	if err := rows.Err(); err != nil || len(out.Rows) < exportRows {
		return out, err
	}
	err = q.QueryRowContext(ctx, "SELECT count(*) FROM "+t.Name+" WHERE "+where, id).Scan(&out.LeftOff)
	out.LeftOff -= int64(len(out.Rows))
	return out, err
}

func isTime(column string) bool {
	return strings.HasSuffix(column, "_at") || column == "at" || column == "until" || strings.HasSuffix(column, "_until")
}

// cell writes a value of the database; bytes in base64url without padding.
func cell(v any) ExportedCell {
	switch v := v.(type) {
	case nil:
		return ExportedCell{}
	case int64:
		return ExportedCell{Number: &v}
	case int32:
		n := int64(v)
		return ExportedCell{Number: &n}
	case []byte:
		text := base64.RawURLEncoding.EncodeToString(v)
		return ExportedCell{Text: &text}
	case string:
		return ExportedCell{Text: &v}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		raw = nil
	}
	text := string(raw)
	return ExportedCell{Text: &text}
}

// withheld says, once each, what the export leaves out of the rows that are
// about the person.
func (s *Service) withheld(kind Whose, locale i18n.Locale) []string {
	said := map[string]bool{}
	var list []string
	for _, t := range s.dataMap.Tables {
		if t.about(kind) == "" {
			continue
		}
		for _, c := range t.Columns {
			if c.Out != Secret && c.Out != Sealed || c.Whose != kind || said[c.Text] {
				continue
			}
			said[c.Text] = true
			why := "privacy.withheld_secret"
			if c.Out == Sealed {
				why = "privacy.withheld_sealed"
			}
			list = append(list, s.texts.T(locale, why, map[string]any{"what": s.texts.T(locale, c.Text, nil)}))
		}
	}
	return list
}
