package roster

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/identity"
	"preau/internal/store"
)

// LinkEntry enters by a slip's link.
type LinkEntry struct {
	Auth      string `json:"auth" maxLength:"43" doc:"What derives from the slip's secret for the server."`
	Own       bool   `json:"own,omitempty" doc:"The pupil's own device: remembered. A shared device is not."`
	Recipient string `json:"recipient,omitempty" maxLength:"100" doc:"age recipient made for this session, so that staff can seal first names to it."`
	MAC       string `json:"mac,omitempty" maxLength:"43" doc:"Ties the recipient to the slip's secret."`
}

// CodeEntry enters by a typed code.
type CodeEntry struct {
	Code  string `json:"code" maxLength:"64"`
	Own   bool   `json:"own,omitempty"`
	Proof *Proof `json:"proof,omitempty" doc:"Answer to the challenge of an earlier refusal."`
	Asked string `json:"asked,omitempty" maxLength:"100" doc:"Token of an earlier answer that asked to wait for staff: has anybody answered?"`
}

// DoorState is what a pupil's device knows of where it stands.
type DoorState struct {
	Status     string       `json:"status" enum:"in,waiting,out"`
	Why        string       `json:"why,omitempty" enum:"left,other,moved,taken,refused,replaced,stopped,expired" doc:"Why the device is out, when it was in."`
	Session    string       `json:"session,omitempty"`
	Own        bool         `json:"own,omitempty"`
	Via        string       `json:"via,omitempty" enum:"link,code"`
	Seat       *DoorSeat    `json:"seat,omitempty"`
	Groups     []DoorGroup  `json:"groups,omitempty" nullable:"false"`
	FirstNames []FirstNames `json:"firstNames,omitempty" nullable:"false" doc:"Sealed to this session's recipient by a staff browser."`
}

// DoorSeat is a seat as its own pupil sees it.
type DoorSeat struct {
	ID        string `json:"id"`
	SchoolID  string `json:"schoolId"`
	Pseudonym string `json:"pseudonym"`
	Picture   string `json:"picture"`
}

// DoorGroup is a group as its pupils see it.
type DoorGroup struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind" enum:"class,group"`
}

// FirstNames is a sealed box of first names.
type FirstNames struct {
	GroupID string `json:"groupId"`
	Sealed  string `json:"sealed"`
}

// entry is a device that has shown the right secret of a seat.
type entry struct {
	seat, school  string
	secretVersion int
	via           string
	own           bool
	recipient     *string
	mac           []byte
}

const (
	maxWaiting = 3 // devices that wait for one seat; an older one makes room

	// Entries by one slip: a child who goes in and out, or a lesson on every
	// device of a room, stays far below.
	linkBurst = 60
	linkEvery = 2 * time.Second
)

// enterByLink lets the holder of a slip in: one indexed read, one write.
func (s *Service) enterByLink(ctx context.Context, v *Visitor, in LinkEntry) (*session, error) {
	auth, err := bytesOf("auth", in.Auth, 32, 32)
	if err != nil {
		return nil, err
	}
	e := entry{via: "link", own: in.Own}
	if in.Recipient != "" {
		recipient, err := recipientOf("recipient", in.Recipient)
		if err != nil {
			return nil, err
		}
		if e.mac, err = bytesOf("mac", in.MAC, sha256.Size, sha256.Size); err != nil {
			return nil, err
		}
		e.recipient = &recipient
	}
	hash := sha256.Sum256(auth)
	err = s.db.Reader().QueryRowContext(ctx, `SELECT s.id, s.school_id, s.secret_version FROM seat s JOIN year y ON y.id = s.year_id
		WHERE s.auth_hash = $1 AND s.left_at IS NULL AND s.erased_at IS NULL AND y.closed_at IS NULL`, hash[:]).Scan(&e.seat, &e.school, &e.secretVersion)
	if err != nil {
		return nil, absent(err, fault.New(fault.NotFound, "door.unknown_slip"))
	}
	// Each entry is a row. Only who holds this very slip meets the limit.
	if ok, wait := s.links.Take(e.seat); !ok {
		return nil, fault.New(fault.Limited, "door.too_often").After(wait)
	}
	return s.enter(ctx, v, e)
}

// enterByCode lets a typed code in while its group's door is open.
func (s *Service) enterByCode(ctx context.Context, v *Visitor, in CodeEntry) (*session, error) {
	group, seatCode, ok := ParseCode(in.Code)
	if !ok {
		return nil, fault.New(fault.Invalid, "door.not_a_code").At("code")
	}
	browser := s.guard.browser(v.doorCookie(s))
	var id, school string
	var until *int64
	err := s.db.Reader().QueryRowContext(ctx, `SELECT g.id, g.school_id, g.door_open_until FROM roster_group g JOIN year y ON y.id = g.year_id
		WHERE g.code = $1 AND g.archived_at IS NULL AND y.closed_at IS NULL`, group).Scan(&id, &school, &until)
	if absent(err, nil) != nil {
		return nil, err
	}
	// A code of no group and one of a closed door are guarded alike, under no
	// name, before anything is said; nothing of the seat's part is looked at.
	closed := err == nil && (until == nil || *until <= s.now())
	if closed {
		id = ""
	}
	if in.Asked != "" && id != "" {
		if e, err, ok := s.stillAsking(browser, id, seatCode, in.Asked); ok {
			if err != nil {
				return nil, err
			}
			e.own = in.Own
			return s.enter(ctx, v, *e)
		}
	}
	try, ask, err := s.guard.pass(browser, id, school, httpx.ClientIP(ctx), in.Proof)
	if err != nil {
		v.set(s.doorCookie(browser))
		return nil, err
	}
	e := entry{via: "code", own: in.Own, school: school}
	if id != "" {
		err = s.findCode(ctx, id, s.codeHash(seatCode), &e)
		if err != nil || e.seat != "" && !ask {
			s.guard.right(try)
		}
		if err != nil {
			return nil, err
		}
	}
	if e.seat != "" && !ask {
		return s.enter(ctx, v, e)
	}
	v.set(s.doorCookie(browser))
	switch {
	case ask:
		return nil, s.askStaff(v, browser, id, seatCode, e)
	case closed:
		return nil, fault.New(fault.Forbidden, "door.closed")
	}
	return nil, fault.New(fault.NotFound, "door.wrong_code").At("code")
}

// findCode compares the code with that of every seat of the group, each in
// constant time, and goes through all of them whichever is right.
func (s *Service) findCode(ctx context.Context, group string, hash []byte, e *entry) error {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT s.id, s.secret_version, s.code_hash FROM seat_group m JOIN seat s ON s.id = m.seat_id
		WHERE m.group_id = $1 AND s.left_at IS NULL AND s.erased_at IS NULL AND s.code_hash IS NOT NULL`, group)
	if err != nil {
		return err
	}
	type coded struct {
		seat    string
		version int
		hash    []byte
	}
	seats, err := collect(rows, func(r *sql.Rows, c *coded) error { return r.Scan(&c.seat, &c.version, &c.hash) })
	for _, c := range seats {
		if subtle.ConstantTimeCompare(c.hash, hash) == 1 {
			e.seat, e.secretVersion = c.seat, c.version
		}
	}
	return err
}

// enter opens a session: in when the seat is free, waiting when another device
// that is alive has it. What this browser had before ends.
func (s *Service) enter(ctx context.Context, v *Visitor, e entry) (*session, error) {
	now := s.now()
	token := newToken()
	x := &session{id: store.NewID(), seat: e.seat, school: e.school, own: e.own, status: "in", createdAt: now}
	before := identity.From(ctx).Seat
	if err := s.recall(ctx, e.seat, now); err != nil {
		return nil, err
	}
	if before != nil && before.ID == e.seat {
		s.hold.release(before.ID, before.SessionID)
	}
	if !s.hold.claim(e.seat, x.id, now) {
		x.status = "waiting"
	}
	err := s.db.Write(ctx, func(tx store.Queryer) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO seat_session (id, token_hash, seat_id, school_id, own_device, status, via, recipient, recipient_mac, device, created_at, last_seen_at)
			SELECT $1, $2, s.id, s.school_id, $3, $4, $5, $6, $7, $8, $9, $10 FROM seat s WHERE s.id = $11 AND s.secret_version = $12 AND s.left_at IS NULL`,
			x.id, hashToken(token), bit(e.own), x.status, e.via, e.recipient, e.mac, v.device(), now, now, e.seat, e.secretVersion)
		if err != nil {
			return err
		}
		if n, _ := done.RowsAffected(); n == 0 { // replaced or left since it was read
			return fault.New(fault.NotFound, "door.unknown_slip")
		}
		if before != nil {
			if err := s.endSession(ctx, tx, endOther, before.SessionID); err != nil {
				return err
			}
		}
		if x.status == "waiting" {
			_, err := s.endSessions(ctx, tx, endMoved, `c.status = 'waiting' AND s.id = $1 AND c.id NOT IN
				(SELECT w.id FROM seat_session w WHERE w.seat_id = $1 AND w.status = 'waiting' ORDER BY w.created_at DESC, w.id DESC LIMIT `+strconv.Itoa(maxWaiting)+`)`, e.seat)
			return err
		}
		// Every other session of the seat is silent. One on a shared device may
		// have been left open there; an own device keeps its place in memory.
		_, err = s.endSessions(ctx, tx, endMoved, `c.status = 'in' AND c.own_device = 0 AND c.id <> $1 AND s.id = $2`, x.id, e.seat)
		return err
	})
	if err != nil {
		s.hold.release(e.seat, x.id)
		return nil, err
	}
	if before != nil && before.ID != e.seat {
		s.hold.release(before.ID, before.SessionID)
	}
	cookie := s.api.Cookie(identity.SeatCookie, token, 0)
	if e.own {
		cookie = s.api.Cookie(identity.SeatCookie, token, ownFor)
	}
	known := s.guard.vouch(s.guard.browser(v.doorCookie(s)), e.seat, e.school)
	v.set(cookie)
	v.set(s.doorCookie(known))
	return x, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// leave ends a session by the pupil's own wish.
func (s *Service) leave(ctx context.Context, seat *identity.SeatPrincipal) error {
	err := s.db.Write(ctx, func(tx store.Queryer) error { return s.endSession(ctx, tx, endLeft, seat.SessionID) })
	if err == nil {
		s.hold.release(seat.ID, seat.SessionID)
	}
	return err
}

// state tells a device where it stands.
func (s *Service) state(ctx context.Context, v *Visitor) (DoorState, error) {
	p := identity.From(ctx).Seat
	if p == nil {
		return s.whyOut(ctx, v)
	}
	out := DoorState{Status: "in", Session: p.SessionID, Seat: &DoorSeat{ID: p.ID, SchoolID: p.SchoolID}}
	if p.Waiting {
		out.Status = "waiting"
	}
	q := s.db.Reader()
	rows, err := q.QueryContext(ctx, `SELECT s.pseudonym, s.picture, c.own_device, c.via, g.id, g.name, g.kind FROM seat_session c JOIN seat s ON s.id = c.seat_id
		LEFT JOIN seat_group m ON m.seat_id = s.id LEFT JOIN roster_group g ON g.id = m.group_id AND g.archived_at IS NULL
		WHERE c.id = $1 ORDER BY g.kind, g.name`, p.SessionID)
	if err != nil {
		return out, err
	}
	out.Groups = []DoorGroup{}
	_, err = collect(rows, func(r *sql.Rows, _ *struct{}) error {
		var id, name, kind *string
		err := r.Scan(&out.Seat.Pseudonym, &out.Seat.Picture, &out.Own, &out.Via, &id, &name, &kind)
		if id != nil {
			out.Groups = append(out.Groups, DoorGroup{*id, *name, *kind})
		}
		return err
	})
	if err != nil || p.Waiting {
		return out, err
	}
	out.FirstNames, err = s.firstNames(ctx, p.SessionID)
	return out, err
}

// whyOut tells a device whose session has ended, or that has none.
func (s *Service) whyOut(ctx context.Context, v *Visitor) (DoorState, error) {
	out := DoorState{Status: "out"}
	token := v.seatToken(s)
	if token == "" {
		return out, nil
	}
	var reason *string
	err := s.db.Reader().QueryRowContext(ctx, `SELECT end_reason FROM seat_session WHERE token_hash = $1`, hashToken(token)).Scan(&reason)
	if err != nil {
		return out, absent(err, nil)
	}
	if out.Why = "expired"; reason != nil {
		out.Why = *reason
	}
	return out, nil
}

// Visitor is the device that calls, beside what huma reads: cookies, whose
// names depend on the installation, and the kind of device.
type Visitor struct {
	request *http.Request
	header  func(name, value string) // adds to the answer, a refusal too
}

// Resolve keeps the request of a visitor; huma calls it.
func (v *Visitor) Resolve(c huma.Context) []error {
	v.request, _ = humago.Unwrap(c)
	v.header = c.AppendHeader
	return nil
}

func (v *Visitor) set(c http.Cookie) { v.header("Set-Cookie", c.String()) }

func (v *Visitor) seatToken(s *Service) string  { return v.cookie(s, identity.SeatCookie) }
func (v *Visitor) doorCookie(s *Service) string { return v.cookie(s, doorCookieName) }

func (v *Visitor) cookie(s *Service, name string) string {
	if value := s.api.ReadCookie(v.request, name); len(value) <= 512 {
		return value
	}
	return ""
}

// device is as much as staff are told of a device: phone, tablet or computer.
func (v *Visitor) device() string {
	agent := v.request.UserAgent()
	switch {
	case strings.Contains(agent, "iPad"), strings.Contains(agent, "Tablet"), strings.Contains(agent, "Android") && !strings.Contains(agent, "Mobi"):
		return "tablet"
	case strings.Contains(agent, "Mobi"):
		return "phone"
	}
	return "computer"
}
