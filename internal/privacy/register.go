package privacy

import (
	"context"
	"slices"
	"strings"

	"preau/internal/i18n"
	"preau/internal/identity"
)

// Register is the record of processing activities of one school (GDPR article
// 30(1)); the comments of its fields name the points of that article.
type Register struct {
	School     identity.School `json:"school" doc:"Controller, processor and data protection officer: point a."`
	MadeAt     int64           `json:"madeAt"`
	Activities []RegisterLine  `json:"activities" nullable:"false"`
}

// RegisterLine is one processing activity.
type RegisterLine struct {
	ID         ActivityID `json:"id"`
	Name       string     `json:"name"`
	Controller string     `json:"controller" doc:"Point a."`
	Purpose    string     `json:"purpose" doc:"Point b."`
	Basis      string     `json:"basis" doc:"Legal basis, article 6(1)."`
	People     []string   `json:"people" nullable:"false" doc:"Categories of people, point c."`
	Data       []string   `json:"data" nullable:"false" doc:"Categories of data, point c."`
	Recipients string     `json:"recipients" doc:"Point d."`
	Transfers  string     `json:"transfers" doc:"Point e."`
	Limits     []string   `json:"limits" nullable:"false" doc:"Time limits of erasure, point f."`
	Security   string     `json:"security" doc:"Point g."`
}

// RegisterOf derives a school's register from the data map and its settings.
func (s *Service) RegisterOf(ctx context.Context, school string, locale i18n.Locale) (*Register, error) {
	of, err := s.school(ctx, school)
	if err != nil {
		return nil, err
	}
	days, err := daysIn(ctx, s.db.Reader(), school)
	if err != nil {
		return nil, err
	}
	out := &Register{School: of, MadeAt: s.db.Now()}
	for _, a := range s.dataMap.Activities {
		out.Activities = append(out.Activities, s.line(a, of, days, locale))
	}
	return out, nil
}

func (s *Service) line(a Activity, school identity.School, days map[string]int, locale i18n.Locale) RegisterLine {
	t := func(key string) string { return s.texts.T(locale, key, nil) }
	line := RegisterLine{
		ID: a.ID, Name: t(a.Text), Controller: controller(school), Purpose: t(a.Purpose), Basis: t(a.BasisText),
		Recipients: t(a.Recipients), Transfers: t("privacy.transfers"), Security: t(a.Security),
	}
	people := map[Whose]bool{}
	for _, table := range s.dataMap.Tables {
		if table.Activity != a.ID {
			continue
		}
		for _, p := range table.People {
			if !p.Apart {
				people[p.Whose] = true
			}
		}
		for _, w := range table.Concerns {
			people[w] = true
		}
		line.Data = append(line.Data, s.dataOf(table, locale)...)
		line.Limits = append(line.Limits, s.limitsOf(table, days, locale)...)
	}
	for _, w := range []struct {
		whose Whose
		key   string
	}{{OfSeat, "privacy.people_seat"}, {OfStaff, "privacy.people_staff"}} {
		if people[w.whose] {
			line.People = append(line.People, t(w.key))
		}
	}
	if line.People == nil {
		line.People = []string{t("privacy.people_none")}
	}
	line.Data, line.Limits = unique(line.Data), unique(line.Limits)
	return line
}

func controller(school identity.School) string {
	return strings.Join([]string{school.ControllerName, school.ControllerRole, school.ControllerContact}, ", ")
}

// dataOf names what the table holds about people or the school.
func (s *Service) dataOf(t Table, locale i18n.Locale) []string {
	var list []string
	for _, c := range t.Columns {
		if c.Out == Sealed || c.Whose != OfNobody && c.Out != Technical {
			list = append(list, s.texts.T(locale, c.Text, nil))
		}
	}
	return list
}

// limitsOf words how long the table's rows are kept in a school.
func (s *Service) limitsOf(t Table, days map[string]int, locale i18n.Locale) []string {
	what := s.texts.T(locale, t.Text, nil)
	var list []string
	for _, r := range t.Rules {
		key := "privacy.limit_delete"
		if r.Does == BlankColumns {
			key = "privacy.limit_blank"
		}
		list = append(list, s.texts.T(locale, key, map[string]any{
			"what": what, "count": tableRule{t, r}.days(days), "from": s.texts.T(locale, r.Text, nil),
		}))
	}
	if t.Stays != "" {
		list = append(list, s.texts.T(locale, "privacy.limit_stays", map[string]any{"what": what, "why": s.texts.T(locale, t.Stays, nil)}))
	}
	return list
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// sheet is the register as rows of a spreadsheet, the first being its headings.
func (s *Service) sheet(r *Register, locale i18n.Locale) [][]string {
	t := func(key string) string { return s.texts.T(locale, key, nil) }
	rows := [][]string{
		{t("privacy.r_school"), r.School.Name},
		{t("privacy.r_controller"), controller(r.School)},
		{t("privacy.r_processor"), orNone(r.School.Processor, t("privacy.none_named"))},
		{t("privacy.r_dpo"), orNone(r.School.DPOContact, t("privacy.none_named"))},
		{},
		{
			t("privacy.r_activity"), t("privacy.r_controller"), t("privacy.r_purpose"), t("privacy.r_basis"), t("privacy.r_people"), t("privacy.r_data"),
			t("privacy.r_recipients"), t("privacy.r_transfers"), t("privacy.r_limits"), t("privacy.r_security"),
		},
	}
	for _, a := range r.Activities {
		rows = append(rows, []string{
			a.Name, a.Controller, a.Purpose, a.Basis, strings.Join(a.People, "\n"), strings.Join(a.Data, "\n"),
			a.Recipients, a.Transfers, strings.Join(a.Limits, "\n"), a.Security,
		})
	}
	return rows
}

func orNone(value *string, none string) string {
	if value == nil || *value == "" {
		return none
	}
	return *value
}
