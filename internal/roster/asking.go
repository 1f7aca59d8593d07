package roster

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"sync"
	"time"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

const (
	// askedFor is how long one typed code waits for staff; after it the device
	// does the work again.
	askedFor = 3 * time.Minute
	// askAgain is how often the device asks whether staff have answered, and
	// askedAlive how long one that no longer does is still shown to them.
	askAgain   = 5 * time.Second
	askedAlive = 20 * time.Second
	// maxAsked devices ask for one seat; an older one makes room.
	maxAsked = 3
)

// asking holds the right codes typed at a door where only staff answer any
// more (guard.go). Every device there gets a token and is told to wait, whether
// its code is right or wrong, and staff who refuse change nothing of what it is
// told: only their yes tells a right code from a wrong one.
type asking struct {
	mu  sync.Mutex // guards all below
	all map[string]*asked
}

// asked is one right code that waits. Times are UTC ms.
type asked struct {
	id, group, device string
	entry             entry
	since, heard      int64
	admitted          bool
}

func newAsking() *asking { return &asking{all: map[string]*asked{}} }

// add keeps a right code for staff to see.
func (k *asking) add(a *asked) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var oldest *asked
	n := 0
	for id, other := range k.all {
		switch {
		case a.since-other.since > askedFor.Milliseconds():
			delete(k.all, id)
		case other.entry.seat == a.entry.seat:
			n++
			if oldest == nil || other.since < oldest.since {
				oldest = other
			}
		}
	}
	if n >= maxAsked {
		delete(k.all, oldest.id)
	}
	k.all[a.id] = a
}

// hear notes that a device still waits, and gives its entry once staff have
// said yes.
func (k *asking) hear(id string, now int64) (e entry, admitted bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a := k.all[id]
	if a == nil {
		return e, false
	}
	a.heard = now
	if a.admitted {
		delete(k.all, id)
	}
	return a.entry, a.admitted
}

// of lists the codes that wait at a group's door.
func (k *asking) of(group string, now int64) []asked {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []asked
	for _, a := range k.all {
		if a.group == group && a.waits(now) {
			list = append(list, *a)
		}
	}
	return list
}

func (a *asked) waits(now int64) bool {
	return !a.admitted && now-a.heard < askedAlive.Milliseconds() && now-a.since < (askedFor-askedAlive).Milliseconds()
}

// find gives a code that waits, for staff's answer.
func (k *asking) find(id, group string, now int64) (asked, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a := k.all[id]
	if a == nil || a.group != group || !a.waits(now) {
		return asked{}, false
	}
	return *a, true
}

func (k *asking) answer(id string, admit bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a := k.all[id]; a != nil && admit {
		a.admitted = true
	} else {
		delete(k.all, id)
	}
}

// askStaff tells a device to wait for an answer. It tells a right code and a
// wrong one the same.
func (s *Service) askStaff(v *Visitor, b browser, group, seatCode string, e entry) error {
	now := s.now()
	id := store.NewID()
	if e.seat != "" {
		s.asking.add(&asked{id: id, group: group, device: v.device(), entry: e, since: now, heard: now})
	}
	text := id + "." + strconv.FormatInt(now+askedFor.Milliseconds(), 10)
	return waitForStaff(text + "." + s.guard.sign(s.askedUse(b, group, seatCode), text))
}

func waitForStaff(token string) error {
	return fault.New(fault.Limited, "door.ask_staff").After(askAgain).With("asked", token)
}

// askedUse ties a token to one browser, one door and one code.
func (s *Service) askedUse(b browser, group, seatCode string) string {
	return "asked\n" + b.id + "\n" + group + "\n" + base64.RawURLEncoding.EncodeToString(s.codeHash(seatCode))
}

// stillAsking answers a device that waits with a good token: with its entry
// when staff have said yes, with another wait when not. It says false for any
// other token, whose try counts as a new one.
func (s *Service) stillAsking(b browser, group, seatCode, token string) (e *entry, err error, ok bool) {
	text, mac, cut := cutLast(token, ".")
	id, until, parts := strings.Cut(text, ".")
	if !cut || !parts || mac != s.guard.sign(s.askedUse(b, group, seatCode), text) {
		return nil, nil, false
	}
	now := s.now()
	if at, err := strconv.ParseInt(until, 10, 64); err != nil || at < now {
		return nil, nil, false
	}
	if e, admitted := s.asking.hear(id, now); admitted {
		return &e, nil, true
	}
	return nil, waitForStaff(token), true
}

// askedEntries lists the codes that wait for staff at a group's door, of seats
// inside the reach.
func (s *Service) askedEntries(ctx context.Context, group string, reach identity.Reach) ([]WaitingEntry, error) {
	waiting := s.asking.of(group, s.now())
	if len(waiting) == 0 {
		return nil, nil
	}
	seats := make([]string, len(waiting))
	for i, w := range waiting {
		seats[i] = w.entry.seat
	}
	var a args
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT s.id FROM seat s WHERE s.id IN (`+a.list(seats)+`) AND s.left_at IS NULL AND `+seatsWithin(reach, &a), a...)
	if err != nil {
		return nil, err
	}
	visible, err := collect(rows, scanText)
	if err != nil {
		return nil, err
	}
	within := map[string]bool{}
	for _, seat := range visible {
		within[seat] = true
	}
	var out []WaitingEntry
	for _, w := range waiting {
		if within[w.entry.seat] {
			out = append(out, WaitingEntry{ID: w.id, SeatID: w.entry.seat, Via: "code", Device: w.device, Since: w.since, Tried: true})
		}
	}
	return out, nil
}

// answerAsked answers a code that waits at a door being tried, and says whether
// there was one.
func (s *Service) answerAsked(ctx context.Context, school, group, id string, admit bool) (found bool, err error) {
	a, found := s.asking.find(id, group, s.now())
	if !found || a.entry.school != school {
		return false, nil
	}
	act := "entry.refuse"
	if admit {
		act = "entry.admit"
	}
	err = s.db.Write(ctx, func(tx store.Queryer) error { return s.audit(ctx, tx, school, act, "seat", a.entry.seat, nil) })
	if err == nil {
		s.asking.answer(id, admit)
	}
	return true, err
}
