package journal

import (
	"context"
	"database/sql"
	"errors"

	"preau/internal/fault"
	"preau/internal/store"
)

// Theme is what pieces are about.
type Theme struct {
	ID    string `json:"id"`
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	About string `json:"about"`
	Rank  int    `json:"rank"`
}

// Collective is a local group that pieces come from.
type Collective struct {
	Theme
	Kind string `json:"kind" enum:"club,class,union,association,parents,other"`
}

// Axis is what one says to make or change a theme or a collective.
type Axis struct {
	Name  string `json:"name" minLength:"1" maxLength:"60"`
	About string `json:"about,omitempty" maxLength:"600"`
	Rank  int    `json:"rank,omitempty" minimum:"0" maximum:"999"`
	Kind  string `json:"kind,omitempty" enum:"club,class,union,association,parents,other" doc:"Of a collective."`
}

const mostAxes = 100

// axisTable names the table of a kind of axis, for statements.
type axisTable string

const (
	themes      axisTable = "journal_theme"
	collectives axisTable = "journal_collective"
)

func (t axisTable) kind() string {
	if t == collectives {
		return "kind"
	}
	return "''"
}

func (s *Service) axes(ctx context.Context, t axisTable, school string) ([]Collective, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT id, slug, name, about, rank, "+t.kind()+" FROM "+string(t)+" WHERE school_id = $1 ORDER BY rank, name LIMIT 200", school)
	return collect(rows, err, func(r *sql.Rows, c *Collective) error {
		return r.Scan(&c.ID, &c.Slug, &c.Name, &c.About, &c.Rank, &c.Kind)
	})
}

// bothAxes lists a school's themes and collectives by one question.
func (s *Service) bothAxes(ctx context.Context, school string) (of, by []Collective, err error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT 0 AS by, id, slug, name, about, rank, '' AS kind FROM journal_theme WHERE school_id = $1
		UNION ALL SELECT 1 AS by, id, slug, name, about, rank, kind FROM journal_collective WHERE school_id = $1 ORDER BY by, rank, name LIMIT 400`, school)
	type line struct {
		by bool
		Collective
	}
	all, err := collect(rows, err, func(r *sql.Rows, l *line) error {
		return r.Scan(&l.by, &l.ID, &l.Slug, &l.Name, &l.About, &l.Rank, &l.Kind)
	})
	for _, l := range all {
		if l.by {
			by = append(by, l.Collective)
		} else {
			of = append(of, l.Collective)
		}
	}
	return of, by, err
}

// Themes lists a school's themes.
func (s *Service) Themes(ctx context.Context, school string) ([]Theme, error) {
	all, err := s.axes(ctx, themes, school)
	out := make([]Theme, len(all))
	for i, c := range all {
		out[i] = c.Theme
	}
	return out, err
}

// Collectives lists a school's collectives.
func (s *Service) Collectives(ctx context.Context, school string) ([]Collective, error) {
	return s.axes(ctx, collectives, school)
}

func (in *Axis) check(t axisTable) error {
	var err error
	if in.Name, err = line(in.Name, 60, "name"); err != nil {
		return err
	}
	if in.About, err = block(in.About, 600, "about"); err != nil {
		return err
	}
	if slugOf(in.Name, 40) == "" {
		return missing("name")
	}
	if t == collectives && in.Kind == "" {
		in.Kind = "other"
	}
	return nil
}

// MakeTheme and its three likes keep the two axes that pieces are filed under.
func (s *Service) MakeTheme(ctx context.Context, school string, in Axis) (string, error) {
	return s.makeAxis(ctx, themes, school, in)
}

// MakeCollective makes a collective.
func (s *Service) MakeCollective(ctx context.Context, school string, in Axis) (string, error) {
	return s.makeAxis(ctx, collectives, school, in)
}

func (s *Service) makeAxis(ctx context.Context, t axisTable, school string, in Axis) (string, error) {
	if err := in.check(t); err != nil {
		return "", err
	}
	id := store.NewID()
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+string(t)+" WHERE school_id = $1", school).Scan(&n); err != nil {
			return err
		}
		if n >= mostAxes {
			return fault.New(fault.Limited, "journal.axes_full", "count", mostAxes)
		}
		columns, marks, values := "id, school_id, slug, name, about, rank, created_at", "$1, $2, $3, $4, $5, $6, $7", []any{id, school, slugOf(in.Name, 40), in.Name, in.About, in.Rank, s.now()}
		if t == collectives {
			columns, marks, values = columns+", kind", marks+", $8", append(values, in.Kind)
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO "+string(t)+" ("+columns+") VALUES ("+marks+")", values...)
		if store.IsUnique(err) {
			return fault.New(fault.Conflict, "journal.axis_taken").At("name")
		}
		return err
	})
	return id, err
}

// changeAxis renames; the address stays.
func (s *Service) changeAxis(ctx context.Context, t axisTable, school, id string, in Axis) error {
	if err := in.check(t); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if t == collectives {
			return exec(ctx, tx, noAxis(), "UPDATE journal_collective SET name = $3, about = $4, rank = $5, kind = $6 WHERE id = $1 AND school_id = $2", id, school, in.Name, in.About, in.Rank, in.Kind)
		}
		return exec(ctx, tx, noAxis(), "UPDATE journal_theme SET name = $3, about = $4, rank = $5 WHERE id = $1 AND school_id = $2", id, school, in.Name, in.About, in.Rank)
	})
}

// RemoveTheme removes a theme that no piece is filed under.
func (s *Service) RemoveTheme(ctx context.Context, school, id string) error {
	return s.removeAxis(ctx, themes, school, id)
}

// removeAxis removes what no piece is filed under.
func (s *Service) removeAxis(ctx context.Context, t axisTable, school, id string) error {
	used := "SELECT count(*) FROM journal_piece_theme WHERE theme_id = $1"
	if t == collectives {
		used = "SELECT count(*) FROM journal_piece WHERE collective_id = $1"
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		var n int
		if err := tx.QueryRowContext(ctx, used, id).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return fault.New(fault.Conflict, "journal.axis_used", "count", n)
		}
		return exec(ctx, tx, noAxis(), "DELETE FROM "+string(t)+" WHERE id = $1 AND school_id = $2", id, school)
	})
}

func noAxis() error { return fault.New(fault.NotFound, "journal.no_axis") }

// axisAt finds an axis by its address.
func (s *Service) axisAt(ctx context.Context, t axisTable, school, slug string) (Collective, error) {
	var c Collective
	err := s.db.Reader().QueryRowContext(ctx, "SELECT id, slug, name, about, rank, "+t.kind()+" FROM "+string(t)+" WHERE school_id = $1 AND slug = $2", school, slug).
		Scan(&c.ID, &c.Slug, &c.Name, &c.About, &c.Rank, &c.Kind)
	if errors.Is(err, sql.ErrNoRows) {
		err = noAxis()
	}
	return c, err
}
