package privacy

import (
	"context"
	"database/sql"
	"encoding/json"

	"preau/internal/httpx"
	"preau/internal/i18n"
)

type ruleView struct {
	Rule     string      `json:"rule"`
	What     string      `json:"what"`
	From     string      `json:"from" doc:"From which moment the days count."`
	Does     Act         `json:"does" enum:"delete,blank,erase"`
	Days     int         `json:"days" doc:"In force."`
	MapDays  int         `json:"mapDays" doc:"Of the data map: the longest."`
	Least    int         `json:"least" doc:"The shortest that a school may choose."`
	Rows     int64       `json:"rows" doc:"What a run would take now."`
	With     []countView `json:"with" nullable:"false" doc:"What would go with them."`
	Activity string      `json:"activity"`
}

type countView struct {
	What string `json:"what"`
	Rows int64  `json:"rows"`
}

type runView struct {
	ID        string `json:"id"`
	By        string `json:"by,omitempty" doc:"Id of the staff who asked; absent for the nightly run."`
	CreatedAt int64  `json:"createdAt"`
	DoneAt    *int64 `json:"doneAt"`
	Rows      int64  `json:"rows"`
}

type retentionView struct {
	Rules []ruleView `json:"rules" nullable:"false"`
	Runs  []runView  `json:"runs" nullable:"false" doc:"The last ten, newest first."`
}

func (s *Service) getRetention(ctx context.Context, in *OfSchoolPath) (*answer[retentionView], error) {
	plan, err := s.Plan(ctx, in.School)
	if err != nil {
		return nil, err
	}
	locale := httpx.Locale(ctx)
	view := retentionView{Rules: []ruleView{}}
	for _, due := range plan {
		view.Rules = append(view.Rules, s.ruleView(due, locale))
	}
	view.Runs, err = s.runs(ctx, in.School)
	return &answer[retentionView]{view}, err
}

func (s *Service) ruleView(due Due, locale i18n.Locale) ruleView {
	t := s.dataMap.Table(due.Table)
	v := ruleView{Rule: due.Rule, What: s.texts.T(locale, t.Text, nil), Days: due.Days, Rows: due.Rows, With: []countView{}}
	for _, r := range t.Rules {
		if r.ID == due.Rule {
			v.From, v.Does, v.MapDays, v.Least = s.texts.T(locale, r.Text, nil), r.Does, r.Days, r.Least
		}
	}
	for _, a := range s.dataMap.Activities {
		if a.ID == t.Activity {
			v.Activity = s.texts.T(locale, a.Text, nil)
		}
	}
	for _, c := range due.With {
		v.With = append(v.With, countView{s.texts.T(locale, s.dataMap.Table(c.Table).Text, nil), c.Rows})
	}
	return v
}

func (s *Service) runs(ctx context.Context, school string) ([]runView, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT id, requested_by, created_at, done_at, counts FROM retention_run
		WHERE school_id = $1 ORDER BY created_at DESC, id DESC LIMIT 10`, school)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []runView{}
	for rows.Next() {
		var v runView
		var by sql.NullString
		var raw string
		if err := rows.Scan(&v.ID, &by, &v.CreatedAt, &v.DoneAt, &raw); err != nil {
			return nil, err
		}
		counts := map[string]int64{}
		if err := json.Unmarshal([]byte(raw), &counts); err != nil {
			return nil, err
		}
		for _, n := range counts {
			v.Rows += n
		}
		v.By = by.String
		list = append(list, v)
	}
	return list, rows.Err()
}

type runAnswer struct {
	ID string `json:"id" doc:"Of the run; planRetention lists it."`
}

func (s *Service) postRetention(ctx context.Context, in *OfSchoolPath) (*answer[runAnswer], error) {
	id, err := s.RequestRun(ctx, in.School, caller(ctx))
	return &answer[runAnswer]{runAnswer{id}}, err
}

type putRetention struct {
	OfSchoolPath
	Rule string `path:"rule" maxLength:"64"`
	Body struct {
		Days int `json:"days" minimum:"1" maximum:"36500"`
	}
}

func (s *Service) putRetention(ctx context.Context, in *putRetention) (*struct{}, error) {
	return nil, s.Shorten(ctx, in.School, in.Rule, in.Body.Days, caller(ctx))
}
