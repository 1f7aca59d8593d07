package journal

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/journal/bring"
)

// InMove names a move.
type InMove struct {
	InSchool
	Move string `path:"move" maxLength:"40"`
}

func (s *Service) getMoves(ctx context.Context, in *InSchool) (*answer[items[Move]], error) {
	return listed(s.Moves(ctx, in.School, httpx.Locale(ctx)))
}

func (s *Service) getMove(ctx context.Context, in *InMove) (*answer[Move], error) {
	return give(s.MoveOf(ctx, in.School, in.Move, httpx.Locale(ctx)))
}

// postMove takes an export as the body of the request.
func (s *Service) postMove(w http.ResponseWriter, r *http.Request) {
	id, err := s.SendMove(r.Context(), r.PathValue("school"), http.MaxBytesReader(w, r.Body, bring.MaxZip+1))
	s.answerSent(w, r, id, err)
}

// postMovePictures takes the zip that goes with it.
func (s *Service) postMovePictures(w http.ResponseWriter, r *http.Request) {
	err := s.SendMovePictures(r.Context(), r.PathValue("school"), r.PathValue("move"), http.MaxBytesReader(w, r.Body, bring.MaxZip+1))
	s.answerSent(w, r, r.PathValue("move"), err)
}

func (s *Service) answerSent(w http.ResponseWriter, r *http.Request, id string, err error) {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) || fault.Is(err, fault.TooLarge) {
		err = fault.New(fault.TooLarge, "movers.large", "limit", bring.MaxZip>>20).At("file")
	}
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(madeOne{id}) // the client may be gone: nothing to do about it
}

func (s *Service) postMoveRead(ctx context.Context, in *InMove) (*nothing, error) {
	return done(s.ReadMove(ctx, in.School, in.Move))
}

type moveWriteIn struct {
	InMove
	Body MoveChoice
}

func (s *Service) postMoveWrite(ctx context.Context, in *moveWriteIn) (*nothing, error) {
	return done(s.WriteMove(ctx, in.School, in.Move, in.Body))
}

func (s *Service) deleteMove(ctx context.Context, in *InMove) (*nothing, error) {
	return done(s.DropMove(ctx, in.School, in.Move))
}

type heldIn struct {
	InSchool
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"60"`
}

func (s *Service) getHeld(ctx context.Context, in *heldIn) (*answer[items[HeldFile]], error) {
	return listed(s.Held(ctx, in.School, in.Limit))
}

// ShownFiles names files that readers may see.
type ShownFiles struct {
	IDs []string `json:"ids" minItems:"1" maxItems:"200"`
}

type shownIn struct {
	InSchool
	Body ShownFiles
}

func (s *Service) postShown(ctx context.Context, in *shownIn) (*nothing, error) {
	return done(s.ShowFiles(ctx, in.School, in.Body.IDs))
}
