package assessment

import (
	"context"
	"encoding/json"

	"preau/internal/identity"
)

// Held is a request of a sitting's browser.
type Held struct {
	Token string `header:"Authorization" maxLength:"200" doc:"Sitting, a space, and the token of this device."`
}

func (s *Service) getOffers(ctx context.Context, _ *struct{}) (*answer[items[Offer]], error) {
	p := identity.From(ctx)
	list, err := s.offers(ctx, p.Seat.SchoolID, p.Seat.ID)
	return give(items[Offer]{list}, err)
}

type comeIn struct {
	Body struct {
		Campaign string `json:"campaign" maxLength:"40"`
		Sequence int    `json:"sequence" minimum:"0" maximum:"11"`
	}
}

type come struct {
	Token string `json:"token" doc:"Of this device, for this sitting alone."`
}

func (s *Service) postCome(ctx context.Context, in *comeIn) (*answer[come], error) {
	leave, err := s.turnstile.Again(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	p := identity.From(ctx)
	token, err := s.Come(ctx, p.Seat.SchoolID, p.Seat.ID, in.Body.Campaign, in.Body.Sequence)
	return give(come{token}, err)
}

func (s *Service) getState(ctx context.Context, in *Held) (*answer[State], error) {
	h, err := s.holdOf(ctx, bearer(in.Token))
	if err != nil {
		return nil, err
	}
	return give(s.stateOf(ctx, h))
}

func (s *Service) postStart(ctx context.Context, in *Held) (*answer[State], error) {
	leave, err := s.turnstile.Again(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	h, err := s.holdOf(ctx, bearer(in.Token))
	if err != nil {
		return nil, err
	}
	if err := h.theirs(); err != nil {
		return nil, err
	}
	if h.sitting, err = s.start(ctx, h.sitting, ""); err != nil {
		return nil, err
	}
	return give(s.stateOf(ctx, h))
}

// stageOut is a stage with the answers that the server has of it, for a device
// that comes new to it.
type stageOut struct {
	View    json.RawMessage            `json:"view" doc:"A StageView."`
	Answers map[string]json.RawMessage `json:"answers" nullable:"false" doc:"By question."`
	Turns   map[string]TurnView        `json:"turns" nullable:"false" doc:"Where the questions stand that take several turns, by question."`
}

func (s *Service) getStage(ctx context.Context, in *Held) (*answer[stageOut], error) {
	leave, err := s.turnstile.Again(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	h, err := s.holdOf(ctx, bearer(in.Token))
	if err != nil {
		return nil, err
	}
	if err := h.theirs(); err != nil {
		return nil, err
	}
	if h.sitting.Status != Running {
		return nil, refuse("not_running")
	}
	r, own, err := s.stageOf(ctx, h.sitting)
	if err != nil {
		return nil, err
	}
	if r.stage == "" {
		return nil, refuse("finished")
	}
	view, err := s.viewOf(r, h.sitting.Seed, h.sitting.Stage)
	if err != nil {
		return nil, err
	}
	out := stageOut{View: view, Answers: map[string]json.RawMessage{}}
	public := publicKeys(r.session)
	for _, o := range r.items {
		if a, ok := own[public[o]]; ok {
			out.Answers[public[o]] = a
		}
	}
	out.Turns, err = s.turnViews(ctx, r, h.sitting.ID)
	return give(out, err)
}

type turnIn struct {
	Held
	Body TurnGiven
}

func (s *Service) postTurn(ctx context.Context, in *turnIn) (*answer[TurnTaken], error) {
	h, err := s.holdOf(ctx, bearer(in.Token))
	if err != nil {
		return nil, err
	}
	return give(s.TakeTurn(ctx, h, in.Body))
}

type stageIn struct {
	Held
	Body struct {
		Stage int `json:"stage" minimum:"0" maximum:"24" doc:"Which one ends: the same twice is once."`
	}
}

func (s *Service) postStage(ctx context.Context, in *stageIn) (*answer[State], error) {
	h, err := s.holdOf(ctx, bearer(in.Token))
	if err != nil {
		return nil, err
	}
	if err := h.theirs(); err != nil {
		return nil, err
	}
	if h.sitting, err = s.endStage(ctx, h, in.Body.Stage); err != nil {
		return nil, err
	}
	return give(s.stateOf(ctx, h))
}
