package privacy

import (
	"fmt"
	"strconv"
	"strings"
)

const dayMs = 24 * 60 * 60 * 1000

// rules lists every rule of the map with its table.
func (m Map) rules() []tableRule {
	var all []tableRule
	for _, t := range m.Tables {
		for _, r := range t.Rules {
			all = append(all, tableRule{t, r})
		}
	}
	return all
}

type tableRule struct {
	table Table
	rule  Rule
}

// sql is the expression of the moment from which the rule counts: NULL while
// it has not come.
func (s Start) sql(table string) string {
	switch {
	case s.SQL != "":
		return "(" + s.SQL + ")"
	case s.Year == "year_id":
		return fmt.Sprintf("(SELECT y.closed_at FROM year y WHERE y.id = %s.year_id)", table)
	case s.Year == "seat_id":
		return fmt.Sprintf("(SELECT y.closed_at FROM year y JOIN seat s ON s.year_id = y.id WHERE s.id = %s.seat_id)", table)
	case s.Year == "group_id":
		return fmt.Sprintf("(SELECT y.closed_at FROM year y JOIN roster_group g ON g.year_id = y.id WHERE g.id = %s.group_id)", table)
	}
	columns := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		columns[i] = table + "." + c
	}
	if len(columns) == 1 {
		return columns[0]
	}
	return "coalesce(" + strings.Join(columns, ", ") + ")"
}

// inSchool is the condition that keeps to the rows of $1, an id, or with an
// empty $1 to the rows that belong to no school.
func inSchool(t Table) string {
	if t.School == "" {
		return "$1 = ''"
	}
	return fmt.Sprintf("coalesce(%s.%s, '') = $1", t.Name, t.School)
}

// due is the condition on the rows of a school ($1) whose time has come. A row
// that others hang from without going with it waits for them.
func (m Map) due(tr tableRule, days int, now int64) string {
	parts := []string{
		inSchool(tr.table),
		fmt.Sprintf("%s <= %d", tr.rule.From.sql(tr.table.Name), now-int64(days)*dayMs),
	}
	switch tr.rule.Does {
	case BlankColumns:
		var filled []string
		for _, name := range tr.rule.Blank {
			filled = append(filled, tr.table.Name+"."+name+" IS NOT NULL")
		}
		parts = append(parts, "("+strings.Join(filled, " OR ")+")")
	case DeleteRow:
		for _, child := range m.Children(tr.table.Name) {
			for _, p := range child.Parents {
				if p.Table == tr.table.Name && !p.Cascade {
					parts = append(parts, fmt.Sprintf("NOT EXISTS (SELECT 1 FROM %s child WHERE child.%s = %s.%s)", child.Name, p.Column, tr.table.Name, tr.table.Key[0]))
				}
			}
		}
	}
	return strings.Join(parts, " AND ")
}

// keyList names the columns of a primary key.
func keyList(t Table) string {
	columns := make([]string, len(t.Key))
	for i, k := range t.Key {
		columns[i] = t.Name + "." + k
	}
	return strings.Join(columns, ", ")
}

// keysIn is the condition that a row has one of the keys, which are the
// parameters from $1 on. The two ways of writing it give both dialects the types
// of the parameters.
func keysIn(t Table, keys [][]any) (condition string, args []any) {
	any := make([]string, len(keys))
	for i, key := range keys {
		all := make([]string, len(key))
		for k, value := range key {
			args = append(args, value)
			all[k] = "$" + strconv.Itoa(len(args))
			if len(key) > 1 {
				all[k] = t.Key[k] + " = " + all[k]
			}
		}
		any[i] = strings.Join(all, " AND ")
	}
	if len(t.Key) == 1 {
		return t.Key[0] + " IN (" + strings.Join(any, ", ") + ")", args
	}
	return "(" + strings.Join(any, ") OR (") + ")", args
}

// withNow writes the present time into an expression of the map.
func withNow(expr string, now int64) string {
	return strings.ReplaceAll(expr, "{now}", strconv.FormatInt(now, 10))
}
