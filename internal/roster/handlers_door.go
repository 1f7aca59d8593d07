package roster

import (
	"context"

	"preau/internal/httpx"
	"preau/internal/identity"
)

type postDoor struct {
	InGroup
	Body struct {
		Minutes int `json:"minutes" minimum:"1" maximum:"240"`
	}
}

// OpenUntil is when a door closes by itself, UTC ms.
type OpenUntil struct {
	DoorOpenUntil int64 `json:"doorOpenUntil"`
}

func (s *Service) postDoor(ctx context.Context, in *postDoor) (*answer[OpenUntil], error) {
	until, err := s.OpenDoor(ctx, in.School, in.Group, in.Body.Minutes)
	return give(OpenUntil{until}, err)
}

func (s *Service) deleteDoor(ctx context.Context, in *InGroup) (*nothing, error) {
	return done(s.CloseDoor(ctx, in.School, in.Group))
}

func (s *Service) getPresence(ctx context.Context, in *InGroup) (*answer[Presence], error) {
	reach := reachIn(ctx, in.School, readers)
	if _, err := s.Group(ctx, in.School, in.Group, reach); err != nil {
		return nil, err
	}
	return give(s.Presence(ctx, in.School, in.Group, reach))
}

type postEntry struct {
	InGroup
	Entry string `path:"entry" maxLength:"40"`
	Body  struct {
		Admit bool `json:"admit"`
	}
}

func (s *Service) postEntry(ctx context.Context, in *postEntry) (*nothing, error) {
	return done(s.Answer(ctx, in.School, staffID(ctx), in.Group, in.Entry, in.Body.Admit))
}

type postLink struct {
	Visitor
	Body LinkEntry
}

// Entered is the outcome of an entry that was not refused.
type Entered struct {
	Status  string `json:"status" enum:"in,waiting"`
	Session string `json:"session"`
}

func (s *Service) postLink(ctx context.Context, in *postLink) (*answer[Entered], error) {
	return s.through(ctx, &in.Visitor, func() (*session, error) { return s.enterByLink(ctx, &in.Visitor, in.Body) })
}

type postCode struct {
	Visitor
	Body CodeEntry
}

func (s *Service) postCode(ctx context.Context, in *postCode) (*answer[Entered], error) {
	return s.through(ctx, &in.Visitor, func() (*session, error) { return s.enterByCode(ctx, &in.Visitor, in.Body) })
}

// through lets a device in at its turn: when everybody comes at once, it is
// told its place.
func (s *Service) through(ctx context.Context, v *Visitor, enter func() (*session, error)) (*answer[Entered], error) {
	leave, err := s.turnstile.Enter(ctx, v.request.Header.Get(httpx.Ticket))
	if err != nil {
		return nil, err
	}
	defer leave()
	x, err := enter()
	if err != nil {
		return nil, err
	}
	return give(Entered{x.status, x.id}, nil)
}

type visit struct{ Visitor }

func (s *Service) getDoor(ctx context.Context, in *visit) (*answer[DoorState], error) {
	return give(s.state(ctx, &in.Visitor))
}

func (s *Service) deleteDoorSession(ctx context.Context, in *visit) (*nothing, error) {
	in.set(s.api.Cookie(identity.SeatCookie, "", -1))
	if seat := identity.From(ctx).Seat; seat != nil {
		return done(s.leave(ctx, seat))
	}
	return nil, nil
}
