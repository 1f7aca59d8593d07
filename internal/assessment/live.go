package assessment

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"strconv"
	"strings"
	"sync"

	"github.com/google/uuid"

	"preau/internal/fault"
	"preau/internal/store"
)

// A sitting's token says which sitting and which device, and carries a MAC: no
// look-up is needed to believe it. It is given to a seat that is in, or to a
// device that staff have admitted, and is worth nothing but this sitting.
const (
	tokenBody = 16 + 4
	tokenMAC  = 16
)

func (s *Service) tokenOf(sitting string, device int) (string, error) {
	id, err := uuid.Parse(sitting)
	if err != nil {
		return "", err
	}
	var b [tokenBody + tokenMAC]byte
	copy(b[:], id[:])
	binary.BigEndian.PutUint32(b[16:], uint32(device))
	m := hmac.New(sha256.New, s.tokenKey)
	m.Write(b[:tokenBody])
	copy(b[tokenBody:], m.Sum(nil)[:tokenMAC])
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// readToken gives the sitting and the device of a token that this installation made.
func (s *Service) readToken(token string) (sitting string, device int, ok bool) {
	var b [tokenBody + tokenMAC]byte
	if base64.RawURLEncoding.DecodedLen(len(token)) != len(b) {
		return "", 0, false
	}
	if _, err := base64.RawURLEncoding.Decode(b[:], []byte(token)); err != nil {
		return "", 0, false
	}
	m := hmac.New(sha256.New, s.tokenKey)
	m.Write(b[:tokenBody])
	if !hmac.Equal(m.Sum(nil)[:tokenMAC], b[tokenBody:]) {
		return "", 0, false
	}
	return uuid.UUID(b[:16]).String(), int(binary.BigEndian.Uint32(b[16:20])), true
}

// live is a sitting in memory. The database is the truth; this is what spares a
// save the reading of it.
type live struct {
	mu       sync.Mutex
	sitting  Sitting
	seen     int64           // last sign of life, UTC ms
	answered map[string]bool // questions with an answer, since loaded
	loaded   bool
	gone     bool // erased: to be read again
}

const shards = 64

// keptLive bounds the sittings in memory, by shard. One that is pushed out is
// read again when it is asked for.
const keptLive = 6000

type registry struct {
	seed   maphash.Seed
	once   sync.Once
	shards [shards]struct {
		mu   sync.Mutex
		open map[string]*live
	}
}

// liveOf gives the sitting of an id, read once.
func (s *Service) liveOf(ctx context.Context, id string) (*live, error) {
	s.live.once.Do(func() { s.live.seed = maphash.MakeSeed() })
	shard := &s.live.shards[maphash.String(s.live.seed, id)%shards]
	shard.mu.Lock()
	l := shard.open[id]
	if l == nil {
		if len(shard.open) >= keptLive {
			for other := range shard.open { // any: they come back when needed
				delete(shard.open, other)
				break
			}
		}
		l = &live{}
		shard.open[id] = l
	}
	shard.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.loaded && !l.gone {
		return l, nil
	}
	sitting, err := sittingBy(ctx, s.db.Reader(), id)
	if err != nil {
		shard.mu.Lock()
		if shard.open[id] == l {
			delete(shard.open, id)
		}
		shard.mu.Unlock()
		return nil, err
	}
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT item FROM sitting_answer WHERE sitting_id = $1 UNION SELECT item FROM sitting_turn WHERE sitting_id = $1 LIMIT 5000`, id)
	if err != nil {
		return nil, err
	}
	items, err := collect(rows, func(r *sql.Rows, item *string) error { return r.Scan(item) })
	if err != nil {
		return nil, err
	}
	l.sitting, l.answered, l.loaded, l.gone = sitting, map[string]bool{}, true, false
	for _, item := range items {
		l.answered[item] = true
	}
	return l, nil
}

const sittingColumns = `t.id, t.school_id, t.campaign_id, t.seat_id, t.sequence, t.seed, t.status, t.device, t.asking, t.stage, t.started_at, t.ends_at, t.paused_at, t.finished_at`

func scanSitting(row interface{ Scan(...any) error }) (t Sitting, err error) {
	var seed string
	if err = row.Scan(&t.ID, &t.School, &t.Campaign, &t.Seat, &t.Sequence, &seed, &t.Status, &t.Device, &t.Asking, &t.Stage, &t.StartedAt, &t.EndsAt, &t.PausedAt, &t.FinishedAt); err != nil {
		return t, err
	}
	t.Seed, err = strconv.ParseUint(seed, 10, 64)
	return t, err
}

func sittingBy(ctx context.Context, q store.Queryer, id string) (Sitting, error) {
	t, err := scanSitting(q.QueryRowContext(ctx, `SELECT `+sittingColumns+` FROM sitting t WHERE t.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.Gone, "assessment.no_sitting")
	}
	return t, err
}

// change applies an act to a sitting, on disk before it counts in memory. An
// event tells it; more is what else belongs to the same transaction.
func (s *Service) change(ctx context.Context, id, kind, by string, data map[string]string, act func(t *Sitting, now int64) error, more func(tx store.Queryer, t Sitting) error) (Sitting, error) {
	l, err := s.liveOf(ctx, id)
	if err != nil {
		return Sitting{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var next Sitting
	err = s.db.Write(ctx, func(tx store.Queryer) error {
		now := s.now()
		// The row is read anew: another node, or an erasure, may have changed it.
		var err error
		if next, err = sittingBy(ctx, tx, id); err != nil {
			return err
		}
		if err := act(&next, now); err != nil {
			return err
		}
		if err := writeSitting(ctx, tx, next); err != nil {
			return err
		}
		if kind != "" {
			if err := event(ctx, tx, next, now, kind, by, data); err != nil {
				return err
			}
		}
		if more != nil {
			return more(tx, next)
		}
		return nil
	})
	if err != nil {
		return l.sitting, err
	}
	l.sitting = next
	return next, nil
}

func writeSitting(ctx context.Context, tx store.Queryer, t Sitting) error {
	_, err := tx.ExecContext(ctx, `UPDATE sitting SET status = $1, device = $2, asking = $3, stage = $4, started_at = $5, ends_at = $6, paused_at = $7, finished_at = $8 WHERE id = $9`,
		string(t.Status), t.Device, t.Asking, t.Stage, t.StartedAt, t.EndsAt, t.PausedAt, t.FinishedAt, t.ID)
	return err
}

func event(ctx context.Context, tx store.Queryer, t Sitting, now int64, kind, by string, data map[string]string) error {
	text := "{}"
	if len(data) > 0 {
		text = encode(data)
	}
	var staff any
	if by != "" {
		staff = by
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO sitting_event (id, sitting_id, school_id, at, kind, by_staff, data) VALUES ($1, $2, $3, $4, $5, $6, $7)`, store.NewID(), t.ID, t.School, now, kind, staff, text)
	return err
}

// bearer is the token that a request shows.
func bearer(header string) string {
	token, ok := strings.CutPrefix(header, "Sitting ")
	if !ok {
		return ""
	}
	return token
}

// find gives a sitting that is in memory, or nil.
func (r *registry) find(id string) *live {
	r.once.Do(func() { r.seed = maphash.MakeSeed() })
	shard := &r.shards[maphash.String(r.seed, id)%shards]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	return shard.open[id]
}

// drop has a sitting read again from the database.
func (r *registry) drop(id string) {
	if l := r.find(id); l != nil {
		l.mu.Lock()
		l.gone = true
		l.mu.Unlock()
	}
}
