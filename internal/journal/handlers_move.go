package journal

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

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
	s.patient(w)
	id, err := s.SendMove(r.Context(), r.PathValue("school"), http.MaxBytesReader(w, r.Body, bring.MaxZip+1))
	s.answerSent(w, r, id, err)
}

// postMovePictures takes the zip that goes with it.
func (s *Service) postMovePictures(w http.ResponseWriter, r *http.Request) {
	s.patient(w)
	err := s.SendMovePictures(r.Context(), r.PathValue("school"), r.PathValue("move"), http.MaxBytesReader(w, r.Body, bring.MaxZip+1))
	s.answerSent(w, r, r.PathValue("move"), err)
}

// patient lets a gigabyte come over a school's line.
func (s *Service) patient(w http.ResponseWriter) {
	steady, until := http.NewResponseController(w), s.clock().Add(time.Hour)
	_, _ = steady.SetReadDeadline(until), steady.SetWriteDeadline(until) // where there is none to move, it holds anyway
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

type copyIn struct {
	InSchool
	Scope string `query:"scope" enum:"public,school" default:"public"`
}

func (s *Service) getCopyPlan(ctx context.Context, in *copyIn) (*answer[CopyPlan], error) {
	if err := s.mayCopy(ctx, in.School, in.Scope); err != nil {
		return nil, err
	}
	return give(s.PlanCopy(ctx, in.School, Copying{Format: "site", Scope: in.Scope}))
}

// mayCopy keeps what the school alone reads to its head.
func (s *Service) mayCopy(ctx context.Context, school, scope string) error {
	who, err := s.who(ctx, s.db.Reader(), school)
	if err == nil && scope == "school" && !who.head {
		err = notYou()
	}
	return err
}

// getCopy sends a copy as a zip while it is made: nothing of it is kept.
func (s *Service) getCopy(w http.ResponseWriter, r *http.Request) {
	ctx, school, query := r.Context(), r.PathValue("school"), r.URL.Query()
	c := Copying{Format: query.Get("format"), Scope: query.Get("scope"), Licence: query.Get("licence")}
	_, _, err := s.copying(ctx, school, &c)
	if err == nil {
		err = s.mayCopy(ctx, school, c.Scope)
	}
	if err == nil {
		select {
		case s.carrying <- struct{}{}:
			defer func() { <-s.carrying }()
			err = s.AuditCopy(ctx, school, staffID(ctx), c)
		default:
			err = fault.New(fault.Limited, "movers.copies_full").After(time.Minute)
		}
	}
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="journal-`+c.Format+`-`+s.clock().UTC().Format(time.DateOnly)+`.zip"`)
	h.Set("Cache-Control", "no-store")
	z := zip.NewWriter(w)
	steady := http.NewResponseController(w)
	err = s.Copy(ctx, school, c, ZipSink(z, s.clock()), func(int, int) error {
		_ = steady.SetWriteDeadline(s.clock().Add(time.Minute)) // where there is none to move, it holds anyway
		return nil
	})
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		if ctx.Err() == nil {
			s.log.Error("a copy of the journal was not finished", "error", err)
		}
		panic(http.ErrAbortHandler) // the client sees that it is cut short
	}
}
