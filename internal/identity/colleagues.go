package identity

import (
	"context"
	"database/sql"
)

// Colleague is a member of staff as other domains know them.
type Colleague struct{ ID, Name string }

// Colleagues lists the staff with an open account and a role that reaches the
// school now, at most 5,000.
func (s *Service) Colleagues(ctx context.Context, school string) ([]Colleague, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT s.id, s.name FROM staff s WHERE s.disabled_at IS NULL AND EXISTS (
		SELECT 1 FROM staff_grant g WHERE g.staff_id = s.id AND (g.starts_at IS NULL OR g.starts_at <= $2) AND `+overSchool+`)
		ORDER BY s.id LIMIT 5000`, school, s.ms())
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows) (c Colleague, err error) {
		err = r.Scan(&c.ID, &c.Name)
		return c, err
	})
}
