package lesson

import (
	"slices"

	"preau/internal/fault"
)

// Why somebody left.
const (
	whyLeft         = "left"
	whyLost         = "lost"
	whyPutOut       = "put_out"
	whyBanned       = "banned"
	whyGuestsClosed = "guests_closed"
)

type lockCommand struct {
	To bool `json:"to"`
}

func (c *lockCommand) decide(s *State, a *actor) (outcome, error) {
	if c.To == s.Locked {
		return outcome{}, nil
	}
	return outcome{events: []Event{LockSet{c.To}}}, nil
}

type admitCommand struct {
	Who *string `json:"who"`
	Yes bool    `json:"yes"`
}

func (c *admitCommand) decide(s *State, a *actor) (outcome, error) {
	var events []Event
	for _, l := range s.Waiting {
		if c.Who == nil || *c.Who == l.Who {
			events = append(events, Answered{l.Who, c.Yes})
		}
	}
	if c.Who != nil && events == nil {
		return outcome{}, fault.New(fault.Gone, "lesson.not_waiting").At("who")
	}
	return outcome{events: events}, nil
}

type guestsCommand struct {
	Open  bool `json:"open"`
	Renew bool `json:"renew"`
}

func (c *guestsCommand) decide(s *State, a *actor) (outcome, error) {
	open := c.Open || c.Renew
	if open == s.GuestsOpen && !c.Renew {
		return outcome{}, nil
	}
	version := s.GuestsVersion
	if open {
		version++
	}
	return outcome{events: append(s.shutOut(), GuestsSet{open, version})}, nil
}

// shutOut puts out everybody who came, or waits to come, by the guests' link.
func (s *State) shutOut() []Event {
	var events []Event
	for _, l := range s.Waiting {
		events = append(events, Answered{l.Who, false})
	}
	for _, id := range s.Order {
		if p := s.People[id]; p.Kind == KindGuest && p.Here {
			events = append(events, Left{id, whyGuestsClosed})
		}
	}
	return events
}

type putOutCommand struct {
	Who string `json:"who"`
}

func (c *putOutCommand) decide(s *State, a *actor) (outcome, error) {
	p, err := s.pupil("who", c.Who)
	switch {
	case err != nil:
		return outcome{}, err
	case !a.helps(p.ID):
		return outcome{}, notAllowed()
	case !p.Here:
		return outcome{}, nil
	}
	return outcome{events: []Event{Left{p.ID, whyPutOut}}}, nil
}

type banCommand struct {
	Who  string `json:"who"`
	Lift bool   `json:"lift"`
}

func (c *banCommand) decide(s *State, a *actor) (outcome, error) {
	p, err := s.pupil("who", c.Who)
	if err != nil {
		return outcome{}, err
	}
	switch {
	case c.Lift == !p.Banned:
		return outcome{}, nil
	case c.Lift:
		return outcome{events: []Event{Unbanned{p.ID}}}, nil
	case p.Here:
		return outcome{events: []Event{Banned{p.ID}, Left{p.ID, whyBanned}}}, nil
	}
	return outcome{events: []Event{Banned{p.ID}}}, nil
}

// mayJoin says why somebody may not come in now, nil when they may. id is the
// lesson's own for them, empty for somebody new.
func (s *State) mayJoin(id string, kind Kind) error {
	known := s.People[id]
	switch {
	case s.Ended != 0:
		return fault.New(fault.Gone, "lesson.ended")
	case known != nil && known.Banned:
		return fault.New(fault.Forbidden, "lesson.banned")
	case known == nil && kind == KindSeat && s.Locked:
		return fault.New(fault.Locked, "lesson.locked")
	case kind == KindGuest && !s.admitted[id]:
		return fault.New(fault.Forbidden, "lesson.not_admitted")
	}
	return nil
}

// barred says whether somebody was banned.
func (s *State) barred(id string) bool {
	p := s.People[id]
	return p != nil && p.Banned
}

// waits says whether that guest waits for an answer.
func (s *State) waits(id string) bool {
	return slices.ContainsFunc(s.Waiting, func(l Lobby) bool { return l.Who == id })
}
