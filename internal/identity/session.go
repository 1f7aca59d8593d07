package identity

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

const (
	// A session on a device of nobody's own ends with the browser, and after
	// half a day without use.
	idleShared = 12 * time.Hour
	// One that is kept lives a month without use.
	idleKept = 30 * 24 * time.Hour
	// No session outlives this, used or not.
	longestSession = 90 * 24 * time.Hour
	// touchEvery spares a write at each request: last seen is true to this.
	touchEvery = 5 * time.Minute
	// mostSessions is how many one person may have; the oldest gives way.
	mostSessions = 50
)

func idleOf(keep bool) time.Duration {
	if keep {
		return idleKept
	}
	return idleShared
}

// StaffOf gives the staff behind a session cookie, nil when there is none, with
// the grants that hold at this very moment.
func (s *Service) StaffOf(ctx context.Context, token string) (*StaffPrincipal, error) {
	if len(token) != tokenLength {
		return nil, nil
	}
	now := s.ms()
	var p StaffPrincipal
	var keep int
	var created, seen int64
	err := s.db.Reader().QueryRowContext(ctx, `SELECT x.id, x.staff_id, x.keep, x.created_at, x.last_seen_at, x.fresh_at FROM staff_session x JOIN staff s ON s.id = x.staff_id
		WHERE x.token_hash = $1 AND x.revoked_at IS NULL AND x.expires_at > $2 AND s.disabled_at IS NULL`, tokenHash(token), now).
		Scan(&p.SessionID, &p.ID, &keep, &created, &seen, &p.FreshAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if p.Grants, err = grantsOf(ctx, s.db.Reader(), p.ID, now); err != nil {
		return nil, err
	}
	if now-seen >= touchEvery.Milliseconds() {
		expires := min(now+idleOf(keep == 1).Milliseconds(), created+longestSession.Milliseconds())
		err := s.db.Write(ctx, func(tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, "UPDATE staff_session SET last_seen_at = $1, expires_at = $2 WHERE id = $3 AND last_seen_at < $1", now, expires, p.SessionID)
			return err
		})
		if err != nil { // the person works on; the next request tries again
			s.log.Warn("last seen not written", "session", p.SessionID, "error", err)
		}
	}
	return &p, nil
}

// openSession starts a session with a new token, and ends the one that the
// browser held, so that no token survives a proof of identity.
func (s *Service) openSession(ctx context.Context, tx store.Queryer, staffID, way string, keep bool) (token string, err error) {
	from := browserOf(ctx)
	now := s.ms()
	if from.staffToken != "" {
		if _, err := tx.ExecContext(ctx, "UPDATE staff_session SET revoked_at = $1 WHERE token_hash = $2 AND revoked_at IS NULL", now, tokenHash(from.staffToken)); err != nil {
			return "", err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE staff_session SET revoked_at = $1 WHERE staff_id = $2 AND revoked_at IS NULL AND id NOT IN
		(SELECT id FROM staff_session WHERE staff_id = $2 AND revoked_at IS NULL ORDER BY last_seen_at DESC, id DESC LIMIT $3)`, now, staffID, mostSessions-1); err != nil {
		return "", err
	}
	id := store.NewID()
	token, hash := newToken()
	kept := 0
	if keep {
		kept = 1
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO staff_session (id, token_hash, staff_id, keep, device, created_at, last_seen_at, expires_at, fresh_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $6)`, id, hash, staffID, kept, from.device, now, now+idleOf(keep).Milliseconds()); err != nil {
		return "", err
	}
	return token, s.audit(ctx, tx, actor{"staff", staffID}, "session.begin", "", "staff", staffID, map[string]string{"session": id, "way": way})
}

// sessionCookie carries a session's token. Kept ones stay in the browser for
// as long as a session can live.
func (s *Service) sessionCookie(token string, keep bool) http.Cookie {
	if keep {
		return s.api.Cookie(StaffCookie, token, longestSession)
	}
	return s.api.Cookie(StaffCookie, token, 0)
}

// endSessions revokes every session of a person but one.
func endSessions(ctx context.Context, tx store.Queryer, staffID, but string, now int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE staff_session SET revoked_at = $1 WHERE staff_id = $2 AND id <> $3 AND revoked_at IS NULL", now, staffID, but)
	return err
}

// endSession revokes one session of a person.
func (s *Service) endSession(ctx context.Context, staffID, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		done, err := tx.ExecContext(ctx, "UPDATE staff_session SET revoked_at = $1 WHERE id = $2 AND staff_id = $3 AND revoked_at IS NULL", s.ms(), id, staffID)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.NotFound, "identity.no_session"))
		}
		return s.audit(ctx, tx, actorOf(ctx), "session.end", "", "staff", staffID, map[string]string{"session": id})
	})
}

// sessionLine is a session as its owner sees it.
type sessionLine struct {
	ID         string `json:"id"`
	Device     string `json:"device" doc:"Browser and system, empty when unknown."`
	Kept       bool   `json:"kept" doc:"Remembered when the browser closes."`
	Current    bool   `json:"current"`
	CreatedAt  int64  `json:"createdAt"`
	LastSeenAt int64  `json:"lastSeenAt" doc:"True to five minutes."`
	ExpiresAt  int64  `json:"expiresAt" doc:"When it ends if it is not used."`
}

// sessions lists the living sessions of a person, the latest seen first. There
// are never more than mostSessions.
func (s *Service) sessions(ctx context.Context, p *StaffPrincipal) ([]sessionLine, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT id, device, keep, created_at, last_seen_at, expires_at FROM staff_session
		WHERE staff_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC LIMIT $3`, p.ID, s.ms(), mostSessions)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows) (l sessionLine, err error) {
		var keep int
		err = r.Scan(&l.ID, &l.Device, &keep, &l.CreatedAt, &l.LastSeenAt, &l.ExpiresAt)
		l.Kept, l.Current = keep == 1, l.ID == p.SessionID
		return l, err
	})
}
