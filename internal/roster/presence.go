package roster

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// MaxDoorMinutes is how long a door may be opened for at once.
const MaxDoorMinutes = 240

// Presence is what staff see of a group's door.
type Presence struct {
	DoorOpenUntil *int64           `json:"doorOpenUntil,omitempty"`
	Tried         int              `json:"tried" doc:"Wrong codes at this door since it opened."`
	TriedAt       *int64           `json:"triedAt,omitempty"`
	TriedBy       []string         `json:"triedBy" nullable:"false" doc:"Seats that vouch for browsers which have lately typed many wrong codes. Somebody else may have typed them there."`
	Present       []PresentSession `json:"present" nullable:"false"`
	Entries       []WaitingEntry   `json:"entries" nullable:"false" doc:"Devices that wait for an answer: second ones, and those at a door being tried."`
}

// PresentSession is a seat that is in and alive.
type PresentSession struct {
	SessionID  string  `json:"sessionId"`
	SeatID     string  `json:"seatId"`
	Via        string  `json:"via" enum:"link,code"`
	Own        bool    `json:"own"`
	Device     string  `json:"device" enum:"phone,tablet,computer"`
	Since      int64   `json:"since"`
	Recipient  *string `json:"recipient,omitempty" doc:"To seal first names to; absent for a typed code."`
	MAC        *string `json:"mac,omitempty"`
	FirstNames bool    `json:"firstNames" doc:"First names of this group are shared with it."`
}

// WaitingEntry is a device that waits for staff's answer.
type WaitingEntry struct {
	ID     string `json:"id"`
	SeatID string `json:"seatId"`
	Via    string `json:"via" enum:"link,code"`
	Device string `json:"device" enum:"phone,tablet,computer"`
	Since  int64  `json:"since"`
	Tried  bool   `json:"tried,omitempty" doc:"The right code, typed where too many wrong ones have been: admit only a pupil who is there. The seat is not in yet."`
}

// OpenDoor lets typed codes of a group in for some minutes from now.
func (s *Service) OpenDoor(ctx context.Context, school, group string, minutes int) (until int64, err error) {
	if minutes < 1 || minutes > MaxDoorMinutes {
		return 0, fault.New(fault.Invalid, "roster.bad_minutes", "count", MaxDoorMinutes).At("minutes")
	}
	until = s.now() + int64(minutes)*time.Minute.Milliseconds()
	err = s.setDoor(ctx, school, group, &until, "door.open", map[string]string{"minutes": strconv.Itoa(minutes)})
	return until, err
}

// CloseDoor stops typed codes of a group. Those who are in stay in.
func (s *Service) CloseDoor(ctx context.Context, school, group string) error {
	return s.setDoor(ctx, school, group, nil, "door.close", nil)
}

func (s *Service) setDoor(ctx context.Context, school, group string, until *int64, act string, detail map[string]string) error {
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.changeable(ctx, tx, school, group); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `UPDATE roster_group SET door_open_until = $1 WHERE id = $2 AND archived_at IS NULL`, until, group)
		if err != nil {
			return err
		}
		if n, _ := done.RowsAffected(); n == 0 {
			return noGroup()
		}
		return s.audit(ctx, tx, school, act, "group", group, detail)
	})
	if err == nil {
		s.guard.opened(group)
	}
	return err
}

// Presence tells who of a group is in, and who waits, inside the reach.
func (s *Service) Presence(ctx context.Context, school, group string, reach identity.Reach) (Presence, error) {
	out := Presence{TriedBy: []string{}, Present: []PresentSession{}, Entries: []WaitingEntry{}}
	now := s.now()
	q := s.db.Reader()
	if err := q.QueryRowContext(ctx, `SELECT door_open_until FROM roster_group WHERE id = $1 AND school_id = $2`, group, school).Scan(&out.DoorOpenUntil); err != nil {
		return out, absent(err, noGroup())
	}
	if out.DoorOpenUntil != nil && *out.DoorOpenUntil <= now {
		out.DoorOpenUntil = nil
	}
	if t := s.guard.tries(group); t.count > 0 {
		out.Tried, out.TriedAt = t.count, &t.at
	}
	a := args{group, school}
	rows, err := q.QueryContext(ctx, `SELECT c.id, c.seat_id, c.status, c.via, c.own_device, c.device, c.created_at, c.recipient, c.recipient_mac,
		EXISTS (SELECT 1 FROM first_names f WHERE f.session_id = c.id AND f.group_id = $1)
		FROM seat_group m JOIN seat s ON s.id = m.seat_id JOIN seat_session c ON c.seat_id = s.id
		WHERE m.group_id = $1 AND s.school_id = $2 AND c.status IN ('in', 'waiting') AND s.left_at IS NULL AND `+seatsWithin(reach, &a)+` ORDER BY c.created_at, c.id`, a...)
	if err != nil {
		return out, err
	}
	_, err = collect(rows, func(r *sql.Rows, _ *struct{}) error {
		var p PresentSession
		var status string
		var mac []byte
		if err := r.Scan(&p.SessionID, &p.SeatID, &status, &p.Via, &p.Own, &p.Device, &p.Since, &p.Recipient, &mac, &p.FirstNames); err != nil {
			return err
		}
		if _, alive := s.hold.heard(p.SeatID, p.SessionID, now); !alive {
			return nil
		}
		if status == "waiting" {
			out.Entries = append(out.Entries, WaitingEntry{ID: p.SessionID, SeatID: p.SeatID, Via: p.Via, Device: p.Device, Since: p.Since})
			return nil
		}
		p.MAC = optional64(mac)
		out.Present = append(out.Present, p)
		return nil
	})
	if err != nil {
		return out, err
	}
	asked, err := s.askedEntries(ctx, group, reach)
	if err != nil {
		return out, err
	}
	out.Entries = append(out.Entries, asked...)
	slices.SortFunc(out.Entries, func(a, b WaitingEntry) int { return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.ID, b.ID)) })
	if out.Tried >= voucherMost/2 {
		a := args{group}
		rows, err := q.QueryContext(ctx, `SELECT s.id FROM seat s JOIN seat_group m ON m.seat_id = s.id WHERE m.group_id = $1 AND `+seatsWithin(reach, &a)+` ORDER BY s.number`, a...)
		if err != nil {
			return out, err
		}
		seats, err := collect(rows, scanText)
		if err != nil {
			return out, err
		}
		out.TriedBy = s.guard.suspects(seats)
	}
	return out, nil
}

// Answer admits or refuses a device that waits. An admitted device takes over:
// the one that had the seat is ended, and told so.
func (s *Service) Answer(ctx context.Context, school, by, group, entry string, admit bool) error {
	if asked, err := s.answerAsked(ctx, school, group, entry, admit); asked || err != nil {
		return err
	}
	var seat string
	now := s.now()
	gone := fault.New(fault.Gone, "roster.entry_gone")
	find := func(q store.Queryer) error {
		err := q.QueryRowContext(ctx, `SELECT c.seat_id FROM seat_session c JOIN seat_group m ON m.seat_id = c.seat_id
			WHERE c.id = $1 AND c.school_id = $2 AND m.group_id = $3 AND c.status = 'waiting'
			AND (c.own_device = 1 AND c.created_at >= $4 OR c.own_device = 0 AND c.created_at >= $5)`, entry, school, group, now-ownFor.Milliseconds(), now-sharedFor.Milliseconds()).Scan(&seat)
		return absent(err, gone)
	}
	if err := find(s.db.Reader()); err != nil {
		return err
	}
	// A device that has fallen silent may be in other hands when it comes back.
	if _, alive := s.hold.heard(seat, entry, now); !alive {
		return gone
	}
	if !admit {
		err := s.db.Write(ctx, func(tx store.Queryer) error {
			if err := find(tx); err != nil {
				return err
			}
			if err := s.endSession(ctx, tx, endRefused, entry); err != nil {
				return err
			}
			return s.answered(ctx, tx, school, by, entry, seat, "entry.refuse")
		})
		if err == nil {
			s.hold.release(seat, entry)
		}
		return err
	}
	// Memory first: from here on the earlier device cannot claim the seat back
	// between the commit and the hand-over. When the write fails, its next sign
	// of life finds the waiting device silent or asks again.
	before := s.hold.holder(seat, now)
	s.hold.give(seat, entry, now)
	err := s.db.Write(ctx, func(tx store.Queryer) error {
		if err := find(tx); err != nil {
			return err
		}
		if _, err := s.endSessions(ctx, tx, endTaken, `s.id = $1 AND c.id <> $2 AND (c.id = $3 OR c.own_device = 0 AND c.status = 'in')`, seat, entry, before); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE seat_session SET status = 'in', last_seen_at = $1 WHERE id = $2`, now, entry); err != nil {
			return err
		}
		return s.answered(ctx, tx, school, by, entry, seat, "entry.admit")
	})
	if err != nil {
		s.hold.release(seat, entry)
		if before != "" {
			s.hold.claim(seat, before, now)
		}
	}
	return err
}

func (s *Service) answered(ctx context.Context, tx store.Queryer, school, by, entry, seat, act string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE seat_session SET answered_by = $1 WHERE id = $2`, by, entry); err != nil {
		return err
	}
	return s.audit(ctx, tx, school, act, "seat", seat, nil)
}

// GroupsOfSeat lists the ids of a seat's groups.
func (s *Service) GroupsOfSeat(ctx context.Context, seat string) ([]string, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT group_id FROM seat_group WHERE seat_id = $1 ORDER BY group_id`, seat)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanText)
}

// SeatsOfGroup lists the seats of a group that have not left, by number.
func (s *Service) SeatsOfGroup(ctx context.Context, school, group string) (seats []Seat, err error) {
	err = s.db.Snapshot(ctx, func(q store.Queryer) error {
		seats, err = readSeats(ctx, q, `s.school_id = $1 AND s.left_at IS NULL AND EXISTS (SELECT 1 FROM seat_group m WHERE m.seat_id = s.id AND m.group_id = $2) ORDER BY s.number`, args{school, group})
		return err
	})
	return seats, err
}

// PresentSeats lists the ids of the seats of a group that are in and alive.
func (s *Service) PresentSeats(ctx context.Context, school, group string) ([]string, error) {
	p, err := s.Presence(ctx, school, group, identity.Reach{All: true})
	if err != nil {
		return nil, err
	}
	seats := make([]string, len(p.Present))
	for i, one := range p.Present {
		seats[i] = one.SeatID
	}
	return seats, nil
}

// SeatByID gives a seat of the school, left or not.
func (s *Service) SeatByID(ctx context.Context, school, seat string) (Seat, error) {
	return oneSeat(ctx, s.db.Reader(), school, seat)
}
