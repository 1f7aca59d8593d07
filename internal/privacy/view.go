package privacy

import (
	"context"

	"preau/internal/i18n"
)

// MapView is the data map as people read it.
type MapView struct {
	Tables  []TableView `json:"tables" nullable:"false"`
	Logs    []PlainView `json:"logs" nullable:"false" doc:"What a line of log may hold."`
	Storage []PlainView `json:"storage" nullable:"false" doc:"What the web client may keep in a browser."`
}

// TableView is one table of the map.
type TableView struct {
	Name    string       `json:"name"`
	Text    string       `json:"text"`
	Limits  []string     `json:"limits" nullable:"false"`
	Columns []ColumnView `json:"columns" nullable:"false"`
}

// ColumnView is one column of the map.
type ColumnView struct {
	Name   string `json:"name"`
	Text   string `json:"text"`
	Whose  Whose  `json:"whose" enum:"seat,staff,school,none"`
	Export Out    `json:"export" enum:"shown,secret,sealed,technical"`
	Erased bool   `json:"erased" doc:"An erasure of its person deletes or empties it."`
	Stays  string `json:"stays,omitempty" doc:"Why an erasure leaves it."`
}

// PlainView is a name and what it is.
type PlainView struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func (s *Service) view(ctx context.Context, school string, locale i18n.Locale) (MapView, error) {
	view := MapView{Tables: []TableView{}, Logs: []PlainView{}, Storage: []PlainView{}}
	days, err := daysIn(ctx, s.db.Reader(), school)
	if err != nil {
		return view, err
	}
	t := func(key string) string {
		if key == "" {
			return ""
		}
		return s.texts.T(locale, key, nil)
	}
	for _, table := range s.dataMap.Tables {
		v := TableView{Name: table.Name, Text: t(table.Text), Limits: s.limitsOf(table, days, locale), Columns: []ColumnView{}}
		if v.Limits == nil {
			v.Limits = []string{t("privacy.limit_with")}
		}
		for _, c := range table.Columns {
			person := c.Whose == OfSeat || c.Whose == OfStaff
			v.Columns = append(v.Columns, ColumnView{c.Name, t(c.Text), c.Whose, c.Out, person && c.Stays == "", t(c.Stays)})
		}
		view.Tables = append(view.Tables, v)
	}
	for _, l := range s.dataMap.Logs {
		view.Logs = append(view.Logs, PlainView{l.Name, t(l.Text)})
	}
	for _, k := range s.dataMap.Storage {
		view.Storage = append(view.Storage, PlainView{k.Key, t(k.Text)})
	}
	return view, nil
}
