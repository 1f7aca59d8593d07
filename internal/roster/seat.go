package roster

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// Seat is one pupil of a school for a year, without a name.
type Seat struct {
	ID            string   `json:"id"`
	YearID        string   `json:"yearId"`
	Number        int      `json:"number"`
	Pseudonym     string   `json:"pseudonym"`
	Picture       string   `json:"picture"`
	Level         *string  `json:"level,omitempty"`
	Groups        []string `json:"groups" doc:"Ids of its groups."`
	SecretVersion int      `json:"secretVersion"`
	CreatedAt     int64    `json:"createdAt"`
	LeftAt        *int64   `json:"leftAt,omitempty"`
	ErasedAt      *int64   `json:"erasedAt,omitempty"`
}

// SeatFilter narrows a list of seats. The zero value is every seat of the open
// years that has not left.
type SeatFilter struct {
	Year  string
	Group string
	Left  bool // those that have left, instead
	After string
	Limit int // 500 at most, and when zero
}

// SeatChange is what may change in a seat; absent stays as it is.
type SeatChange struct {
	Level   *string   `json:"level,omitempty" maxLength:"20" doc:"Empty removes it."`
	Groups  *[]string `json:"groups,omitempty" maxItems:"40" doc:"All its groups from now on."`
	Left    *bool     `json:"left,omitempty"`
	Picture *string   `json:"picture,omitempty" maxLength:"40"`
}

const maxPage = 500

// Seats lists the seats inside the reach, by id. next is the After of the
// following page, empty at the end.
func (s *Service) Seats(ctx context.Context, school string, f SeatFilter, reach identity.Reach) (seats []Seat, next string, err error) {
	if f.Limit <= 0 || f.Limit > maxPage {
		f.Limit = maxPage
	}
	var a args
	where := "s.school_id = " + a.add(school) + " AND s.id > " + a.add(f.After) + " AND " + seatsWithin(reach, &a)
	if f.Left {
		where += " AND s.left_at IS NOT NULL"
	} else {
		where += " AND s.left_at IS NULL"
	}
	switch {
	case f.Group != "":
		where += " AND EXISTS (SELECT 1 FROM seat_group m WHERE m.seat_id = s.id AND m.group_id = " + a.add(f.Group) + ")"
	case f.Year != "":
		where += " AND s.year_id = " + a.add(f.Year)
	default:
		where += " AND y.closed_at IS NULL"
	}
	err = s.db.Snapshot(ctx, func(q store.Queryer) error {
		seats, err = readSeats(ctx, q, where+" ORDER BY s.id LIMIT "+strconv.Itoa(f.Limit), a)
		return err
	})
	if len(seats) == f.Limit {
		next = seats[len(seats)-1].ID
	}
	return seats, next, err
}

// readSeats reads the seats s of a year y under a condition, with their groups.
func readSeats(ctx context.Context, q store.Queryer, where string, a args) ([]Seat, error) {
	rows, err := q.QueryContext(ctx, `SELECT s.id, s.year_id, s.number, s.pseudonym, s.picture, s.level, s.secret_version, s.created_at, s.left_at, s.erased_at
		FROM seat s JOIN year y ON y.id = s.year_id WHERE `+where, a...)
	if err != nil {
		return nil, err
	}
	seats, err := collect(rows, func(r *sql.Rows, s *Seat) error {
		s.Groups = []string{}
		return r.Scan(&s.ID, &s.YearID, &s.Number, &s.Pseudonym, &s.Picture, &s.Level, &s.SecretVersion, &s.CreatedAt, &s.LeftAt, &s.ErasedAt)
	})
	if err != nil || len(seats) == 0 {
		return seats, err
	}
	index := make(map[string]int, len(seats))
	ids := make([]string, len(seats))
	for i, seat := range seats {
		index[seat.ID], ids[i] = i, seat.ID
	}
	for chunk := range slices.Chunk(ids, maxPage) {
		var in args
		rows, err := q.QueryContext(ctx, `SELECT seat_id, group_id FROM seat_group WHERE seat_id IN (`+in.list(chunk)+`) ORDER BY group_id`, in...)
		if err != nil {
			return nil, err
		}
		pairs, err := collect(rows, func(r *sql.Rows, p *[2]string) error { return r.Scan(&p[0], &p[1]) })
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			seat := &seats[index[p[0]]]
			seat.Groups = append(seat.Groups, p[1])
		}
	}
	return seats, nil
}

// oneSeat reads a seat of the school, left or not.
func oneSeat(ctx context.Context, q store.Queryer, school, seat string) (Seat, error) {
	found, err := readSeats(ctx, q, `s.id = $1 AND s.school_id = $2`, args{seat, school})
	if err != nil {
		return Seat{}, err
	}
	if len(found) == 0 {
		return Seat{}, noSeat()
	}
	return found[0], nil
}

// livingSeat is oneSeat for a change: refused once erased or in a closed year.
func livingSeat(ctx context.Context, q store.Queryer, school, seat string) (Seat, error) {
	found, err := oneSeat(ctx, q, school, seat)
	if err != nil {
		return found, err
	}
	if found.ErasedAt != nil {
		return found, fault.New(fault.Gone, "roster.seat_erased")
	}
	return found, openYear(ctx, q, school, found.YearID)
}

// ChangeSeat changes a seat's level, picture and groups, lets it leave or come
// back. A seat that leaves is refused at the door at once and its sessions end.
func (s *Service) ChangeSeat(ctx context.Context, school, seat string, in SeatChange) error {
	left := false
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		left = false
		found, err := livingSeat(ctx, tx, school, seat)
		if err != nil {
			return err
		}
		if in.Level != nil {
			level, err := optionalLabel("level", *in.Level, 20)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE seat SET level = $1 WHERE id = $2`, level, seat); err != nil {
				return err
			}
		}
		if in.Picture != nil {
			if !pictureName.MatchString(*in.Picture) {
				return fault.New(fault.Invalid, "roster.bad_picture").At("picture")
			}
			if _, err := tx.ExecContext(ctx, `UPDATE seat SET picture = $1 WHERE id = $2`, *in.Picture, seat); err != nil {
				return err
			}
		}
		if in.Groups != nil {
			if err := s.moveSeat(ctx, tx, school, found, *in.Groups); err != nil {
				return err
			}
		}
		if in.Left != nil && *in.Left != (found.LeftAt != nil) {
			var at *int64
			act := "seat.return"
			if now := s.now(); *in.Left {
				at, act, left = &now, "seat.leave", true
				if _, err := s.endSessions(ctx, tx, endStopped, `s.id = $1`, seat); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, `UPDATE seat SET left_at = $1 WHERE id = $2`, at, seat); err != nil {
				return err
			}
			return s.audit(ctx, tx, school, act, "seat", seat, nil)
		}
		return s.audit(ctx, tx, school, "seat.change", "seat", seat, nil)
	})
	if err == nil && left {
		s.hold.drop(seat)
	}
	return err
}

// moveSeat gives a seat exactly these groups, all of its own year. First names
// that were shared with it in a group it leaves are deleted.
func (s *Service) moveSeat(ctx context.Context, tx store.Queryer, school string, seat Seat, groups []string) error {
	slices.Sort(groups)
	groups = slices.Compact(groups)
	known, err := groupsOfYear(ctx, tx, school, seat.YearID)
	if err != nil {
		return err
	}
	for i, g := range groups {
		if !known[g] && !slices.Contains(seat.Groups, g) {
			return noGroup().At(item("groups", i, ""))
		}
	}
	for _, g := range seat.Groups {
		if slices.Contains(groups, g) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM seat_group WHERE seat_id = $1 AND group_id = $2`, seat.ID, g); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM first_names WHERE group_id = $1 AND session_id IN (SELECT id FROM seat_session WHERE seat_id = $2)`, g, seat.ID); err != nil {
			return err
		}
	}
	for _, g := range groups {
		if slices.Contains(seat.Groups, g) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO seat_group (seat_id, group_id, school_id) VALUES ($1, $2, $3)`, seat.ID, g, school); err != nil {
			return err
		}
	}
	return nil
}

// groupsOfYear gives the ids of the groups of a year that are not archived.
func groupsOfYear(ctx context.Context, q store.Queryer, school, year string) (map[string]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM roster_group WHERE school_id = $1 AND year_id = $2 AND archived_at IS NULL`, school, year)
	if err != nil {
		return nil, err
	}
	ids, err := collect(rows, func(r *sql.Rows, id *string) error { return r.Scan(id) })
	known := make(map[string]bool, len(ids))
	for _, id := range ids {
		known[id] = true
	}
	return known, err
}
