package roster

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"preau/internal/identity"
	"preau/internal/store"
)

const (
	sharedFor = 12 * time.Hour
	ownFor    = 300 * 24 * time.Hour
)

// Why a session ended, as kept in end_reason and told to its device.
const (
	endLeft     = "left"     // the pupil left
	endOther    = "other"    // the same browser entered another seat
	endMoved    = "moved"    // silent, and the seat entered elsewhere
	endTaken    = "taken"    // staff admitted another device
	endRefused  = "refused"  // staff refused this second device
	endReplaced = "replaced" // the seat has a new secret
	endStopped  = "stopped"  // the seat left the school, or its year closed
)

// session is a row of seat_session that has not ended.
type session struct {
	id, seat, school, status string
	own                      bool
	createdAt                int64
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// newToken is 256 random bits; crypto/rand never fails.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// living finds the session of a token: nil when there is none, when it is too
// old, or when its seat or year has gone.
func (s *Service) living(ctx context.Context, token string) (*session, error) {
	var x session
	err := s.db.Reader().QueryRowContext(ctx, `SELECT c.id, c.seat_id, c.school_id, c.status, c.own_device, c.created_at
		FROM seat_session c JOIN seat s ON s.id = c.seat_id JOIN year y ON y.id = s.year_id
		WHERE c.token_hash = $1 AND c.status <> 'ended' AND s.left_at IS NULL AND s.erased_at IS NULL AND y.closed_at IS NULL`, hashToken(token)).
		Scan(&x.id, &x.seat, &x.school, &x.status, &x.own, &x.createdAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lasts := sharedFor
	if x.own {
		lasts = ownFor
	}
	if s.now()-x.createdAt > lasts.Milliseconds() {
		s.hold.release(x.seat, x.id)
		return nil, nil
	}
	return &x, nil
}

// SeatOf gives the seat behind a session cookie, nil when there is none. It is
// also the session's sign of life: a session that waits gets in here once the
// seat is free, and one that was silent while another took the seat waits.
func (s *Service) SeatOf(ctx context.Context, token string) (*identity.SeatPrincipal, error) {
	if len(token) > 64 {
		return nil, nil
	}
	x, err := s.living(ctx, token)
	if err != nil || x == nil {
		return nil, err
	}
	now := s.now()
	if err := s.recall(ctx, x.seat, now); err != nil {
		return nil, err
	}
	in := s.hold.claim(x.seat, x.id, now)
	switch {
	case in && x.status == "waiting":
		err = s.enterFromWaiting(ctx, x, now)
		if err != nil {
			s.hold.release(x.seat, x.id)
		}
	case !in && x.status == "in":
		err = s.db.Write(ctx, func(tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, `UPDATE seat_session SET status = 'waiting' WHERE id = $1 AND status = 'in'`, x.id)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	return &identity.SeatPrincipal{ID: x.seat, SchoolID: x.school, SessionID: x.id, Waiting: !in}, nil
}

func (s *Service) enterFromWaiting(ctx context.Context, x *session, now int64) error {
	return s.db.Write(ctx, func(tx store.Queryer) error {
		if _, err := s.endSessions(ctx, tx, endMoved, `c.own_device = 0 AND c.status = 'in' AND c.id <> $1 AND s.id = $2`, x.id, x.seat); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE seat_session SET status = 'in', last_seen_at = $1 WHERE id = $2 AND status = 'waiting'`, now, x.id)
		return err
	})
}

// endSessions ends the sessions c of seats s under a condition, deletes the
// first names they held, and gives the ids of their seats.
func (s *Service) endSessions(ctx context.Context, tx store.Queryer, reason, where string, of ...any) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT c.id, c.seat_id FROM seat_session c JOIN seat s ON s.id = c.seat_id WHERE c.status <> 'ended' AND `+where, of...)
	if err != nil {
		return nil, err
	}
	type pair struct{ session, seat string }
	found, err := collect(rows, func(r *sql.Rows, p *pair) error { return r.Scan(&p.session, &p.seat) })
	if err != nil {
		return nil, err
	}
	seats := make([]string, len(found))
	for i, p := range found {
		seats[i] = p.seat
		if err := s.endSession(ctx, tx, reason, p.session); err != nil {
			return nil, err
		}
	}
	return seats, nil
}

// endSession ends one session and forgets the keys and the names of its device.
func (s *Service) endSession(ctx context.Context, tx store.Queryer, reason, id string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE seat_session SET status = 'ended', ended_at = $1, end_reason = $2, recipient = NULL, recipient_mac = NULL
		WHERE id = $3 AND status <> 'ended'`, s.now(), reason, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM first_names WHERE session_id = $1`, id)
	return err
}

// Touch is a sign of life of a session that speaks by another way than requests
// (an open WebSocket). It says false once the session no longer has its seat.
func (s *Service) Touch(seat, session string) bool {
	now := s.now()
	return s.hold.holder(seat, now) == session && s.hold.claim(seat, session, now)
}

// Locate completes a place for the gate: the groups of its seat, the year of
// its group or seat. It answers NotFound when something of it is not of the school.
func (s *Service) Locate(ctx context.Context, place identity.Place) (identity.Place, error) {
	q := s.db.Reader()
	if place.Year != "" {
		var one int
		err := q.QueryRowContext(ctx, `SELECT 1 FROM year WHERE id = $1 AND school_id = $2`, place.Year, place.School).Scan(&one)
		if err != nil {
			return place, absent(err, noYear())
		}
	}
	if place.Group != "" {
		err := q.QueryRowContext(ctx, `SELECT year_id FROM roster_group WHERE id = $1 AND school_id = $2`, place.Group, place.School).Scan(&place.Year)
		if err != nil {
			return place, absent(err, noGroup())
		}
	}
	if place.Seat == "" {
		return place, nil
	}
	year := ""
	if err := q.QueryRowContext(ctx, `SELECT year_id FROM seat WHERE id = $1 AND school_id = $2`, place.Seat, place.School).Scan(&year); err != nil {
		return place, absent(err, noSeat())
	}
	groups, err := s.GroupsOfSeat(ctx, place.Seat)
	if err != nil {
		return place, err
	}
	place.Groups = groups
	if place.Group != "" {
		for _, g := range groups {
			if g == place.Group {
				return place, nil
			}
		}
		return place, noSeat()
	}
	place.Year = year
	return place, nil
}

// absent is what a look-up that found no row means.
func absent(err, meaning error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return meaning
	}
	return err
}

func scanText(r *sql.Rows, text *string) error { return r.Scan(text) }
