package roster

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// Year is a school year. Days are written 2026-09-01; times are UTC ms.
type Year struct {
	ID        string `json:"id"`
	Label     string `json:"label"`
	StartsOn  string `json:"startsOn" format:"date"`
	EndsOn    string `json:"endsOn" format:"date"`
	ClosedAt  *int64 `json:"closedAt,omitempty"`
	CreatedAt int64  `json:"createdAt"`
	Seats     int    `json:"seats" doc:"Seats that have not left."`
}

// NewYear is what makes a year.
type NewYear struct {
	Label    string `json:"label" maxLength:"40"`
	StartsOn string `json:"startsOn" format:"date"`
	EndsOn   string `json:"endsOn" format:"date"`
}

// Years lists a school's years, the latest first.
func (s *Service) Years(ctx context.Context, school string) ([]Year, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT y.id, y.label, y.starts_on, y.ends_on, y.closed_at, y.created_at,
		(SELECT count(*) FROM seat s WHERE s.year_id = y.id AND s.left_at IS NULL)
		FROM year y WHERE y.school_id = $1 ORDER BY y.starts_on DESC, y.id DESC LIMIT 200`, school)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, y *Year) error {
		return r.Scan(&y.ID, &y.Label, &y.StartsOn, &y.EndsOn, &y.ClosedAt, &y.CreatedAt, &y.Seats)
	})
}

// OpenYear makes a year of a school.
func (s *Service) OpenYear(ctx context.Context, school string, in NewYear) (Year, error) {
	name, err := label("label", in.Label, 40)
	if err != nil {
		return Year{}, err
	}
	from, err1 := time.Parse(time.DateOnly, in.StartsOn)
	to, err2 := time.Parse(time.DateOnly, in.EndsOn)
	if err1 != nil || err2 != nil || !to.After(from) || to.Sub(from) > 2*366*24*time.Hour {
		return Year{}, fault.New(fault.Invalid, "roster.bad_days").At("endsOn")
	}
	y := Year{ID: store.NewID(), Label: name, StartsOn: in.StartsOn, EndsOn: in.EndsOn, CreatedAt: s.now()}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO year (id, school_id, label, starts_on, ends_on, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			y.ID, school, y.Label, y.StartsOn, y.EndsOn, y.CreatedAt); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "year.open", "year", y.ID, nil)
	})
	return y, err
}

// CloseYear ends a year: its doors close, its seats' sessions end, and nothing
// of it is changed any more. What was made in it stays readable to staff.
func (s *Service) CloseYear(ctx context.Context, school, year string) error {
	var seats []string
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		done, err := tx.ExecContext(ctx, `UPDATE year SET closed_at = $1 WHERE id = $2 AND school_id = $3 AND closed_at IS NULL`, s.now(), year, school)
		if err != nil {
			return err
		}
		if n, _ := done.RowsAffected(); n == 0 {
			return openYear(ctx, tx, school, year)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE roster_group SET door_open_until = NULL WHERE year_id = $1`, year); err != nil {
			return err
		}
		if seats, err = s.endSessions(ctx, tx, endStopped, `s.year_id = $1`, year); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "year.close", "year", year, map[string]string{"sessions": strconv.Itoa(len(seats))})
	})
	if err == nil {
		s.hold.drop(seats...)
	}
	return err
}

// openYear refuses a year that is not of the school, or is closed.
func openYear(ctx context.Context, q store.Queryer, school, year string) error {
	var closed *int64
	err := q.QueryRowContext(ctx, `SELECT closed_at FROM year WHERE id = $1 AND school_id = $2`, year, school).Scan(&closed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return noYear()
	case err != nil:
		return err
	case closed != nil:
		return fault.New(fault.Gone, "roster.year_closed")
	}
	return nil
}

// collect reads every row into a list that is never nil.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows, *T) error) ([]T, error) {
	defer rows.Close()
	items := []T{}
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	return items, rows.Err()
}
