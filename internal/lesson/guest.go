package lesson

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/store"
)

const (
	guestCookie = "guest"
	maxLabel    = 60
	mostWaiting = 60 // guests of one lesson at once
	maxSecret   = 64

	// Guests who knock at one lesson: a meeting of parents at once, also from one
	// network, then one by one.
	burstKnocks, everyKnock = 90, 2 * time.Second
)

// guestRow is an entry of a guest.
type guestRow struct {
	id, lesson, school, label, status, person string
}

// guestBy finds the guest of a cookie, nil when there is none.
func (s *Service) guestBy(ctx context.Context, token string) (*guestRow, error) {
	if token == "" || len(token) > maxSecret {
		return nil, nil
	}
	var g guestRow
	err := s.db.Reader().QueryRowContext(ctx, `SELECT g.id, g.lesson_id, g.school_id, g.label, g.status, p.id FROM lesson_guest g
		JOIN lesson_person p ON p.lesson_id = g.lesson_id AND p.guest_id = g.id WHERE g.token_hash = $1`, hashOf(token)).
		Scan(&g.id, &g.lesson, &g.school, &g.label, &g.status, &g.person)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &g, err
}

// invited finds the lesson that a guests' link leads to.
func (s *Service) invited(ctx context.Context, link string) (lessonRow, error) {
	if len(link) > maxSecret {
		return lessonRow{}, fault.New(fault.NotFound, "lesson.guest_gone")
	}
	l, err := scanLesson(s.db.Reader().QueryRowContext(ctx, `SELECT `+lessonColumns+` FROM lesson l WHERE l.guests_hash = $1 AND l.cancelled_at IS NULL`, hashOf(link)))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "lesson.guest_gone")
	}
	return l, err
}

// knock makes a guest wait in the lobby. It runs in the hub's goroutine.
func (h *hub) knock(id, label string, hash []byte) error {
	switch {
	case h.state.Ended != 0:
		return fault.New(fault.Gone, "lesson.ended")
	case !h.state.GuestsOpen:
		return fault.New(fault.NotFound, "lesson.guest_gone")
	case h.state.Locked:
		return fault.New(fault.Locked, "lesson.locked")
	case h.state.full(Guest):
		return fault.New(fault.Limited, "lesson.full")
	case len(h.state.Waiting) >= mostWaiting:
		return fault.New(fault.Limited, "lesson.lobby_full").After(waitsFor)
	}
	person, changes := h.personOf(&entrant{identityOf: identityOf{kind: KindGuest, guest: id, label: label}, role: Guest})
	lesson, now := h.lesson, h.service.now()
	made := func(ctx context.Context, tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO lesson_guest (id, lesson_id, school_id, token_hash, label, status, created_at) VALUES ($1, $2, $3, $4, $5, 'waiting', $6)`,
			id, lesson.ID, lesson.School, hash, label, now)
		return err
	}
	h.emit("", Waiting{person}, append([]change{made}, changes...)...)
	return nil
}

// Visitor is the browser that calls, beside what huma reads: the guest's
// cookie, whose name depends on the installation.
type Visitor struct {
	request *http.Request
	header  func(name, value string)
}

// Resolve keeps the request; huma calls it.
func (v *Visitor) Resolve(c huma.Context) []error {
	v.request, _ = humago.Unwrap(c)
	v.header = c.AppendHeader
	return nil
}

func (v *Visitor) set(c http.Cookie) { v.header("Set-Cookie", c.String()) }

// GuestLink is what a guests' link holds after #.
type GuestLink struct {
	Link string `json:"link" maxLength:"64"`
}

// Invitation is what a guests' link leads to.
type Invitation struct {
	Title    string `json:"title"`
	School   string `json:"school" doc:"Its name."`
	Status   string `json:"status" enum:"planned,open,ended"`
	StartsAt int64  `json:"startsAt"`
}

type postGuestLinkIn struct{ Body GuestLink }

func (s *Service) postGuestLink(ctx context.Context, in *postGuestLinkIn) (*answer[Invitation], error) {
	l, err := s.invited(ctx, in.Body.Link)
	if err != nil {
		return nil, err
	}
	school, err := s.ids.School(ctx, l.School)
	return give(Invitation{l.Title, school.Name, l.status(), l.StartsAt}, err)
}

// GuestState is where a guest stands.
type GuestState struct {
	Status string `json:"status" enum:"waiting,in,out,none"`
	Lesson string `json:"lesson,omitempty"`
	Title  string `json:"title,omitempty"`
	Label  string `json:"label,omitempty"`
	Open   bool   `json:"open" doc:"The lesson is open."`
}

type postKnockIn struct {
	Visitor
	Body struct {
		Link  string `json:"link" maxLength:"64"`
		Label string `json:"label" maxLength:"240" doc:"What the guest writes of themselves."`
	}
}

func (s *Service) postKnock(ctx context.Context, in *postKnockIn) (*answer[GuestState], error) {
	label, err := readText("label", strings.Join(strings.Fields(in.Body.Label), " "), maxLabel)
	if err != nil {
		return nil, err
	}
	l, err := s.invited(ctx, in.Body.Link)
	if err != nil {
		return nil, err
	}
	if !l.isOpen() {
		return nil, fault.New(fault.Conflict, "lesson.not_open")
	}
	before, err := s.guestBy(ctx, s.api.ReadCookie(in.request, guestCookie))
	if err != nil {
		return nil, err
	}
	if before != nil && before.lesson == l.ID && before.status != "out" {
		return give(GuestState{before.status, l.ID, l.Title, before.label, true}, nil)
	}
	for _, key := range []string{l.ID, l.ID + " " + networkOf(httpx.ClientIP(ctx))} {
		if ok, wait := s.knocks.Take(key); !ok {
			return nil, fault.New(fault.Limited, "lesson.lobby_full").After(wait)
		}
	}
	token := newToken()
	if err := s.durably(ctx, l, func(h *hub) error {
		if before != nil && before.lesson == l.ID && h.state.barred(before.person) {
			return fault.New(fault.Forbidden, "lesson.banned")
		}
		return h.knock(store.NewID(), label, hashOf(token))
	}); err != nil {
		return nil, err
	}
	in.set(s.api.Cookie(guestCookie, token, 0))
	return give(GuestState{"waiting", l.ID, l.Title, label, true}, nil)
}

// networkOf is the network of an address: a house, or an operator's share.
func networkOf(ip netip.Addr) string {
	length := 24
	if ip.Is6() {
		length = 56
	}
	network, err := ip.Prefix(length)
	if err != nil {
		return ""
	}
	return network.String()
}

// newToken is 256 random bits; crypto/rand never fails.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

type visit struct{ Visitor }

// getGuest is also the sign of life of a guest who waits.
func (s *Service) getGuest(ctx context.Context, in *visit) (*answer[GuestState], error) {
	g, err := s.guestBy(ctx, s.api.ReadCookie(in.request, guestCookie))
	if err != nil || g == nil {
		return give(GuestState{Status: "none"}, err)
	}
	l, err := lessonBy(ctx, s.db.Reader(), g.school, g.lesson)
	if err != nil {
		return nil, err
	}
	out := GuestState{g.status, l.ID, l.Title, g.label, l.isOpen()}
	if g.status == "waiting" && l.isOpen() {
		err = s.in(ctx, l, func(h *hub) {
			if _, waits := h.lobby[g.person]; waits {
				h.lobby[g.person] = h.service.now()
			}
		})
	}
	return give(out, err)
}

// deleteGuest leaves, the lobby or the lesson.
func (s *Service) deleteGuest(ctx context.Context, in *visit) (*nothing, error) {
	g, err := s.guestBy(ctx, s.api.ReadCookie(in.request, guestCookie))
	in.set(s.api.Cookie(guestCookie, "", -1))
	if err != nil || g == nil {
		return nil, err
	}
	l, err := lessonBy(ctx, s.db.Reader(), g.school, g.lesson)
	if err != nil || !l.isOpen() {
		return nil, err
	}
	return done(s.durably(ctx, l, func(h *hub) error {
		if h.state.waits(g.person) {
			h.emit("", Answered{g.person, false})
		}
		if p := h.state.People[g.person]; p != nil && p.Here {
			h.emit(g.person, Left{g.person, whyLeft})
		}
		return nil
	}))
}

// guestLive opens the WebSocket of a guest who was let in.
func (s *Service) guestLive(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	token := s.api.ReadCookie(r, guestCookie)
	g, err := s.guestIn(ctx, token)
	var l lessonRow
	if err == nil {
		l, err = lessonBy(ctx, s.db.Reader(), g.school, g.lesson)
	}
	if err == nil {
		who := &entrant{identityOf: identityOf{kind: KindGuest, guest: g.id, label: g.label}, role: Guest}
		err = s.atDoor(ctx, l, who, func(h *hub) {
			s.upgrade(w, r, h, who, func(c *conn) {
				c.check = func() error {
					ctx, cancel := context.WithTimeout(context.Background(), writeWithin)
					defer cancel()
					_, err := s.guestIn(ctx, token)
					return err
				}
			})
		})
	}
	if err != nil {
		s.api.WriteError(w, r, err)
	}
}

// guestIn is the guest of a cookie, who must have been let in.
func (s *Service) guestIn(ctx context.Context, token string) (*guestRow, error) {
	g, err := s.guestBy(ctx, token)
	switch {
	case err != nil:
		return nil, err
	case g == nil:
		return nil, fault.New(fault.Unauthenticated, "http.enter_first")
	case g.status != "in":
		return nil, fault.New(fault.Forbidden, "lesson.not_admitted")
	}
	return g, nil
}

// LinkState is the guests' link of a lesson.
type LinkState struct {
	Open bool   `json:"open"`
	Link string `json:"link,omitempty" doc:"What stands after # in the address."`
}

func (s *Service) linkOf(l lessonRow) LinkState {
	if !l.GuestsOpen {
		return LinkState{}
	}
	return LinkState{true, s.guestSecret(l.ID, l.GuestsVersion)}
}

func (s *Service) getLink(ctx context.Context, in *InLesson) (*answer[LinkState], error) {
	l, err := s.led(ctx, in.School, in.Lesson)
	return give(s.linkOf(l), err)
}

// postLink opens the link, or makes another in its place.
func (s *Service) postLink(ctx context.Context, in *InLesson) (*answer[LinkState], error) {
	return s.setLink(ctx, in, guestsCommand{Renew: true})
}

func (s *Service) deleteLink(ctx context.Context, in *InLesson) (*answer[LinkState], error) {
	return s.setLink(ctx, in, guestsCommand{})
}

func (s *Service) setLink(ctx context.Context, in *InLesson, c guestsCommand) (*answer[LinkState], error) {
	l, err := s.led(ctx, in.School, in.Lesson)
	if err != nil {
		return nil, err
	}
	if c.Renew {
		if err := s.guestsAllowed(ctx, l.School); err != nil {
			return nil, err
		}
	}
	by := staffID(ctx)
	noted := func(ctx context.Context, tx store.Queryer) error {
		return s.audit(ctx, tx, l.School, by, "lesson.guests", "lesson", l.ID, nil)
	}
	switch l.status() {
	case "open":
		err = s.durably(ctx, l, func(h *hub) error {
			out, err := c.decide(h.state, nil)
			for i, e := range out.events {
				if i == 0 {
					h.emit(h.byKey["staff:"+by], e, noted)
				} else {
					h.emit(h.byKey["staff:"+by], e)
				}
			}
			return err
		})
	case "planned":
		err = s.db.Tx(ctx, func(tx store.Queryer) error {
			var hash []byte
			version := l.GuestsVersion + 1
			if c.Renew {
				hash = hashOf(s.guestSecret(l.ID, version))
			}
			if _, err := tx.ExecContext(ctx, `UPDATE lesson SET guests_hash = $1, guests_version = $2 WHERE id = $3 AND opened_at IS NULL`, hash, version, l.ID); err != nil {
				return err
			}
			return noted(ctx, tx)
		})
	default:
		err = fault.New(fault.Gone, "lesson.ended")
	}
	if err != nil {
		return nil, err
	}
	l, err = lessonBy(ctx, s.db.Reader(), in.School, in.Lesson)
	return give(s.linkOf(l), err)
}

func (s *Service) guestsAllowed(ctx context.Context, school string) error {
	set, err := s.Settings(ctx, school)
	if err == nil && !set.Guests {
		err = fault.New(fault.Forbidden, "lesson.guests_off")
	}
	return err
}
