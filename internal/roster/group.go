package roster

import (
	"context"
	"database/sql"
	"errors"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// Group is a class or any other group of seats.
type Group struct {
	ID            string  `json:"id"`
	YearID        string  `json:"yearId"`
	Name          string  `json:"name"`
	Kind          string  `json:"kind" enum:"class,group"`
	Level         *string `json:"level,omitempty"`
	Code          string  `json:"code" doc:"First part of the typed codes of its seats."`
	DoorOpenUntil *int64  `json:"doorOpenUntil,omitempty" doc:"Absent while the door is closed."`
	CreatedAt     int64   `json:"createdAt"`
	ArchivedAt    *int64  `json:"archivedAt,omitempty"`
	Seats         int     `json:"seats" doc:"Seats that have not left, of those the caller may see."`
}

// NewGroup is what makes a group.
type NewGroup struct {
	YearID string `json:"yearId"`
	Name   string `json:"name" maxLength:"60"`
	Kind   string `json:"kind" enum:"class,group"`
	Level  string `json:"level,omitempty" maxLength:"20"`
}

// GroupChange is what may change in a group; absent stays as it is.
type GroupChange struct {
	Name     *string `json:"name,omitempty" maxLength:"60"`
	Level    *string `json:"level,omitempty" maxLength:"20" doc:"Empty removes it."`
	Archived *bool   `json:"archived,omitempty"`
}

const groupColumns = `g.id, g.year_id, g.name, g.kind, g.level, g.code, g.door_open_until, g.created_at, g.archived_at`

// Groups lists the groups of a year, or of every open year when year is empty,
// that the reach holds.
func (s *Service) Groups(ctx context.Context, school, year string, reach identity.Reach) ([]Group, error) {
	var a args
	which := "y.closed_at IS NULL"
	if year != "" {
		which = "g.year_id = " + a.add(year)
	}
	of := a.add(school)
	query := `SELECT ` + groupColumns + `, (SELECT count(*) FROM seat_group m JOIN seat s ON s.id = m.seat_id
		WHERE m.group_id = g.id AND s.left_at IS NULL AND ` + seatsWithin(reach, &a) + `)
		FROM roster_group g JOIN year y ON y.id = g.year_id
		WHERE g.school_id = ` + of + ` AND ` + which + ` AND ` + groupsWithin(reach, &a) + ` ORDER BY g.kind, g.name, g.id LIMIT 2000`
	rows, err := s.db.Reader().QueryContext(ctx, query, a...)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, g *Group) error { return s.scanGroup(r, g) })
}

type scanner interface{ Scan(dest ...any) error }

func (s *Service) scanGroup(r scanner, g *Group) error {
	err := r.Scan(&g.ID, &g.YearID, &g.Name, &g.Kind, &g.Level, &g.Code, &g.DoorOpenUntil, &g.CreatedAt, &g.ArchivedAt, &g.Seats)
	if g.DoorOpenUntil != nil && *g.DoorOpenUntil <= s.now() {
		g.DoorOpenUntil = nil
	}
	return err
}

// Group gives a group that the reach holds.
func (s *Service) Group(ctx context.Context, school, group string, reach identity.Reach) (Group, error) {
	var a args
	query := `SELECT ` + groupColumns + `, (SELECT count(*) FROM seat_group m JOIN seat s ON s.id = m.seat_id
		WHERE m.group_id = g.id AND s.left_at IS NULL AND ` + seatsWithin(reach, &a) + `)
		FROM roster_group g WHERE g.id = ` + a.add(group) + ` AND g.school_id = ` + a.add(school) + ` AND ` + groupsWithin(reach, &a)
	var g Group
	err := s.scanGroup(s.db.Reader().QueryRowContext(ctx, query, a...), &g)
	if errors.Is(err, sql.ErrNoRows) {
		return g, noGroup()
	}
	return g, err
}

// MakeGroup makes a group of an open year.
func (s *Service) MakeGroup(ctx context.Context, school string, in NewGroup) (Group, error) {
	g, err := s.newGroup(in, "")
	if err != nil {
		return g, err
	}
	g.ID = store.NewID()
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := openYear(ctx, tx, school, in.YearID); err != nil {
			return err
		}
		one := []Group{g}
		if err := s.insertGroups(ctx, tx, school, one); err != nil {
			return err
		}
		g = one[0]
		return s.audit(ctx, tx, school, "group.make", "group", g.ID, nil)
	})
	return g, err
}

// newGroup checks what makes a group; prefix names the item it comes from.
func (s *Service) newGroup(in NewGroup, prefix string) (Group, error) {
	name, err := label(prefix+"name", in.Name, 60)
	if err != nil {
		return Group{}, err
	}
	level, err := optionalLabel(prefix+"level", in.Level, 20)
	if err != nil {
		return Group{}, err
	}
	if in.Kind != "class" && in.Kind != "group" {
		return Group{}, fault.New(fault.Invalid, "roster.bad_kind").At(prefix + "kind")
	}
	return Group{YearID: in.YearID, Name: name, Kind: in.Kind, Level: level, Code: newGroupCode(), CreatedAt: s.now()}, nil
}

// insertGroups writes groups, drawing another code for one that is taken.
func (s *Service) insertGroups(ctx context.Context, tx store.Queryer, school string, groups []Group) error {
	for i := range groups {
		g := &groups[i]
		for try := 0; ; try++ {
			done, err := tx.ExecContext(ctx, `INSERT INTO roster_group (id, school_id, year_id, name, kind, level, code, created_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING`, g.ID, school, g.YearID, g.Name, g.Kind, g.Level, g.Code, g.CreatedAt)
			if err != nil {
				return err
			}
			if n, _ := done.RowsAffected(); n == 1 {
				break
			}
			// 614,656 codes: even half full, 40 draws all fail once in 10¹².
			if try == 40 {
				return fault.New(fault.Unavailable, "roster.no_code_left")
			}
			g.Code = newGroupCode()
		}
	}
	return nil
}

// ChangeGroup renames, re-levels, archives or brings back a group.
func (s *Service) ChangeGroup(ctx context.Context, school, group string, in GroupChange) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.changeable(ctx, tx, school, group); err != nil {
			return err
		}
		if in.Name != nil {
			name, err := label("name", *in.Name, 60)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE roster_group SET name = $1 WHERE id = $2`, name, group); err != nil {
				return err
			}
		}
		if in.Level != nil {
			level, err := optionalLabel("level", *in.Level, 20)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE roster_group SET level = $1 WHERE id = $2`, level, group); err != nil {
				return err
			}
		}
		if in.Archived != nil {
			var at *int64
			if now := s.now(); *in.Archived {
				at = &now
			}
			if _, err := tx.ExecContext(ctx, `UPDATE roster_group SET archived_at = $1, door_open_until = NULL WHERE id = $2`, at, group); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, school, "group.change", "group", group, nil)
	})
}

// RemoveGroup deletes a group that has never held a seat; any other is archived.
func (s *Service) RemoveGroup(ctx context.Context, school, group string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.changeable(ctx, tx, school, group); err != nil {
			return err
		}
		var held bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM seat_group WHERE group_id = $1)`, group).Scan(&held); err != nil {
			return err
		}
		if held {
			return fault.New(fault.Conflict, "roster.group_not_empty")
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM roster_group WHERE id = $1`, group); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "group.remove", "group", group, nil)
	})
}

// changeable refuses a group that is not of the school or whose year is closed.
func (s *Service) changeable(ctx context.Context, q store.Queryer, school, group string) error {
	var year string
	err := q.QueryRowContext(ctx, `SELECT year_id FROM roster_group WHERE id = $1 AND school_id = $2`, group, school).Scan(&year)
	if errors.Is(err, sql.ErrNoRows) {
		return noGroup()
	}
	if err != nil {
		return err
	}
	return openYear(ctx, q, school, year)
}
