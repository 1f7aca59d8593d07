package assessment

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"preau/internal/campaignfile"
	"preau/internal/fault"
	"preau/internal/identity"
)

// InCampaignFile names a campaign that came as a file.
type InCampaignFile struct {
	InSchool
	File string `path:"file" maxLength:"40"`
}

func (s *Service) getFiles(ctx context.Context, in *InSchool) (*answer[items[CampaignFile]], error) {
	list, err := s.CampaignFiles(ctx, in.School)
	return give(items[CampaignFile]{list}, err)
}

// postFile takes a file as the body of the request.
func (s *Service) postFile(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, campaignfile.MaxFile))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		err = fault.New(fault.TooLarge, "campaignfile.too_large", "limit", campaignfile.MaxFile>>20)
	}
	var out PublishedCampaign
	if err == nil {
		out, err = s.BringFile(r.Context(), r.PathValue("school"), staffID(r.Context()), data)
	}
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

func (s *Service) getFile(ctx context.Context, in *InCampaignFile) (*answer[PublishedCampaign], error) {
	return give(s.PublishedOf(ctx, in.School, in.File))
}

type fileQuestionIn struct {
	InCampaignFile
	Question int `path:"question" minimum:"1" maximum:"2000" doc:"From 1."`
}

func (s *Service) getFileQuestion(ctx context.Context, in *fileQuestionIn) (*answer[ItemView], error) {
	return give(s.FileQuestion(ctx, in.School, in.File, in.Question))
}

// fileAsset gives a picture or a sound that a question in clear shows.
func (s *Service) fileAsset(w http.ResponseWriter, r *http.Request) {
	part, err := strconv.Atoi(r.PathValue("part"))
	if err != nil {
		s.api.WriteError(w, r, fault.New(fault.NotFound, "campaignfile.no_part"))
		return
	}
	data, kind, err := s.fileAssetOf(r.Context(), r.PathValue("school"), r.PathValue("file"), part)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	writeFile(w, kind, data)
}

type acceptFileIn struct {
	InCampaignFile
	Body struct {
		Fingerprint string `json:"fingerprint" maxLength:"80" doc:"As it was shown."`
	}
}

func (s *Service) postAcceptFile(ctx context.Context, in *acceptFileIn) (*nothing, error) {
	return done(s.AcceptFile(ctx, in.School, in.File, in.Body.Fingerprint))
}

type openFileIn struct {
	InCampaignFile
	Body Opening
}

func (s *Service) postOpenFile(ctx context.Context, in *openFileIn) (*nothing, error) {
	if err := s.allMine(ctx, in.School, in.Body.Groups); err != nil {
		return nil, err
	}
	return done(s.OpenFile(ctx, in.School, in.File, in.Body, identity.Reach{All: true}))
}

func (s *Service) deleteFile(ctx context.Context, in *InCampaignFile) (*nothing, error) {
	return done(s.RemoveFile(ctx, in.School, in.File))
}

func (s *Service) getPublishers(ctx context.Context, in *InSchool) (*answer[items[CampaignPublisher]], error) {
	list, err := s.Publishers(ctx, in.School)
	return give(items[CampaignPublisher]{list}, err)
}

type endPublisherIn struct {
	InSchool
	Publisher string `path:"publisher" maxLength:"40"`
	Body      struct {
		Why string `json:"why" maxLength:"1000"`
	}
}

func (s *Service) postEndPublisher(ctx context.Context, in *endPublisherIn) (*nothing, error) {
	return done(s.EndPublisher(ctx, in.School, in.Publisher, in.Body.Why))
}
