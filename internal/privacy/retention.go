package privacy

import (
	"context"
	"fmt"

	"preau/internal/fault"
	"preau/internal/store"
)

// Due is what one rule would do now in one school.
type Due struct {
	Rule  string
	Table string
	Days  int // in force: the map's, or the school's shorter ones
	Rows  int64
	With  []Count // the rows that would go with them
}

// Count is a number of rows of a table.
type Count struct {
	Table string
	Rows  int64
}

// Plan counts, at one moment and without changing anything, what each rule
// would do to a school's rows, or with an empty school to those that belong to
// the installation.
func (s *Service) Plan(ctx context.Context, school string) ([]Due, error) {
	var plan []Due
	err := s.db.Snapshot(ctx, func(q store.Queryer) error {
		plan = nil
		days, err := daysIn(ctx, q, school)
		if err != nil {
			return err
		}
		now := s.db.Now()
		for _, tr := range s.dataMap.rules() {
			if school != "" && tr.table.School == "" {
				continue
			}
			due := Due{Rule: tr.rule.ID, Table: tr.table.Name, Days: tr.days(days)}
			where := s.dataMap.due(tr, due.Days, now)
			if due.Rows, err = count(ctx, q, tr.table.Name, where, school); err != nil {
				return fmt.Errorf("privacy: rule %s: %w", tr.rule.ID, err)
			}
			if tr.rule.Does == DeleteRow && due.Rows > 0 {
				if due.With, err = s.countWith(ctx, q, tr.table, where, school); err != nil {
					return fmt.Errorf("privacy: rule %s: %w", tr.rule.ID, err)
				}
			}
			plan = append(plan, due)
		}
		return nil
	})
	return plan, err
}

func count(ctx context.Context, q store.Queryer, table, where, school string) (n int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT count(*) FROM "+table+" WHERE "+where, school).Scan(&n)
	return n, err
}

// countWith counts the rows that go with those of a condition.
func (s *Service) countWith(ctx context.Context, q store.Queryer, t Table, where, school string) ([]Count, error) {
	var counts []Count
	for _, child := range s.dataMap.Children(t.Name) {
		for _, p := range child.Parents {
			if p.Table != t.Name || !p.Cascade {
				continue
			}
			inner := fmt.Sprintf("%s.%s IN (SELECT %s FROM %s WHERE %s)", child.Name, p.Column, t.Name+"."+t.Key[0], t.Name, where)
			n, err := count(ctx, q, child.Name, inner, school)
			if err != nil {
				return nil, err
			}
			if n == 0 {
				continue
			}
			below, err := s.countWith(ctx, q, child, inner, school)
			if err != nil {
				return nil, err
			}
			counts = append(append(counts, Count{child.Name, n}), below...)
		}
	}
	return counts, nil
}

// KeptAfterCampaign says for how many days at most a school keeps what a
// campaign left, from its closing.
func (s *Service) KeptAfterCampaign(ctx context.Context, school string) (most int, err error) {
	settings, err := daysIn(ctx, s.db.Reader(), school)
	if err != nil {
		return 0, err
	}
	for _, tr := range s.dataMap.rules() {
		if tr.rule.ofCampaign() {
			most = max(most, tr.days(settings))
		}
	}
	return most, nil
}

// days is how long the rule keeps in a school that has these settings.
func (tr tableRule) days(settings map[string]int) int {
	if d, ok := settings[tr.rule.ID]; ok {
		return min(tr.rule.Days, max(d, tr.rule.Least))
	}
	return tr.rule.Days
}

func daysIn(ctx context.Context, q store.Queryer, school string) (map[string]int, error) {
	rows, err := q.QueryContext(ctx, "SELECT rule, days FROM retention_setting WHERE school_id = $1", school)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	settings := map[string]int{}
	for rows.Next() {
		var rule string
		var days int
		if err := rows.Scan(&rule, &days); err != nil {
			return nil, err
		}
		settings[rule] = days
	}
	return settings, rows.Err()
}

// ofCampaign says of a rule that it counts from the closing of a campaign.
func (r Rule) ofCampaign() bool { return r.Text == "datamap.from_campaign_closed" }

// Shorten makes a school keep for fewer days than the map says; days equal to
// the map's takes the setting back. Longer ones are refused.
func (s *Service) Shorten(ctx context.Context, school, rule string, days int, by string) error {
	var found *tableRule
	for _, tr := range s.dataMap.rules() {
		if tr.rule.ID == rule && tr.table.School != "" && tr.rule.Least < tr.rule.Days {
			found = &tr
		}
	}
	if found == nil {
		return fault.New(fault.NotFound, "privacy.no_rule")
	}
	if days < found.rule.Least || days > found.rule.Days {
		return fault.New(fault.Invalid, "privacy.days_out", "least", found.rule.Least, "most", found.rule.Days).At("days")
	}
	if found.rule.ofCampaign() && s.promised != nil {
		most, err := s.promised(ctx, school)
		if err != nil {
			return err
		}
		if most > 0 && days > most {
			return fault.New(fault.Conflict, "privacy.days_promised", "most", most).At("days")
		}
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		var err error
		if days == found.rule.Days {
			_, err = tx.ExecContext(ctx, "DELETE FROM retention_setting WHERE school_id = $1 AND rule = $2", school, rule)
		} else {
			_, err = tx.ExecContext(ctx, `INSERT INTO retention_setting (school_id, rule, days, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (school_id, rule) DO UPDATE SET days = excluded.days, set_by = excluded.set_by, set_at = excluded.set_at`,
				school, rule, days, by, s.db.Now())
		}
		if err != nil {
			return err
		}
		return store.Audit(ctx, tx, store.AuditEntry{
			At: s.db.Now(), SchoolID: school, ActorKind: "staff", ActorID: by, Act: "privacy.shorten", SubjectKind: "school", SubjectID: school,
			Detail: map[string]string{"rule": rule, "days": fmt.Sprint(days)},
		})
	})
}
