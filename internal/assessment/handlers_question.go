package assessment

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"

	"preau/internal/fault"
	"preau/internal/question"
)

type InQuestion struct {
	InSchool
	Question string `path:"question" maxLength:"40"`
}

func (s *Service) getQuestions(ctx context.Context, in *InSchool) (*answer[items[Question]], error) {
	list, err := s.Questions(ctx, in.School)
	return give(items[Question]{list}, err)
}

type getQuestionIn struct {
	InQuestion
	Version int `query:"version" minimum:"0" doc:"The newest when absent."`
}

func (s *Service) getQuestion(ctx context.Context, in *getQuestionIn) (*answer[QuestionDetail], error) {
	return give(s.QuestionOf(ctx, in.School, in.Question, in.Version))
}

type postQuestionIn struct {
	InSchool
	Body question.Draft
}

func (s *Service) postQuestion(ctx context.Context, in *postQuestionIn) (*answer[SavedQuestion], error) {
	return give(s.WriteQuestion(ctx, in.School, in.Body))
}

type putQuestionIn struct {
	InQuestion
	Body struct {
		SavedAt int64          `json:"savedAt" doc:"Of the version that was revised, so that nobody's work is written over."`
		Draft   question.Draft `json:"draft"`
	}
}

func (s *Service) putQuestion(ctx context.Context, in *putQuestionIn) (*answer[SavedQuestion], error) {
	return give(s.ReviseQuestion(ctx, in.School, in.Question, in.Body.SavedAt, in.Body.Draft))
}

func (s *Service) deleteQuestion(ctx context.Context, in *InQuestion) (*nothing, error) {
	return done(s.RemoveQuestion(ctx, in.School, in.Question))
}

type tryQuestionIn struct {
	InSchool
	Body struct {
		Draft   question.Draft `json:"draft"`
		Seed    uint64         `json:"seed,omitempty" doc:"Another shuffle."`
		Answers map[string]any `json:"answers,omitempty"`
	}
}

func (s *Service) postTry(ctx context.Context, in *tryQuestionIn) (*answer[TriedQuestion], error) {
	return give(s.TryDraft(ctx, in.School, in.Body.Draft, in.Body.Seed, in.Body.Answers))
}

type drawQuestionsIn struct {
	InSchool
	Body struct {
		Lines []question.BlueprintLine `json:"lines" nullable:"false" maxItems:"24"`
		Seed  string                   `json:"seed,omitempty" maxLength:"64" doc:"Drawn when absent."`
	}
}

func (s *Service) postQuestionDraw(ctx context.Context, in *drawQuestionsIn) (*answer[Drawn], error) {
	return give(s.DrawQuestions(ctx, in.School, in.Body.Lines, in.Body.Seed))
}

type makeTestIn struct {
	InSchool
	Body struct {
		Plan     question.TestPlan `json:"plan"`
		Replaces string            `json:"replaces,omitempty" maxLength:"40" doc:"A test made here, which no campaign gives: it goes."`
	}
}

func (s *Service) postMadeTest(ctx context.Context, in *makeTestIn) (*answer[SavedTest], error) {
	return give(s.MakeTest(ctx, in.School, in.Body.Replaces, in.Body.Plan))
}

func (s *Service) getMadeTest(ctx context.Context, in *InTest) (*answer[MadeTest], error) {
	return give(s.MadeTestOf(ctx, in.School, in.Test))
}

// postQuestionFile takes a picture or a sound as the body of the request.
func (s *Service) postQuestionFile(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuestionSound))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		err = fault.New(fault.TooLarge, "question.file_large", "limit", maxQuestionSound>>20).At("file")
	}
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	out, err := s.AddQuestionFile(r.Context(), r.PathValue("school"), data)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	writeJSON(w, out)
}

// getQuestionFile gives a picture or a sound of the bank to those who write there.
// It runs nothing.
func (s *Service) getQuestionFile(w http.ResponseWriter, r *http.Request) {
	school, id := r.PathValue("school"), r.PathValue("file")
	f, err := questionFile(r.Context(), s.db.Reader(), school, id)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	data, err := s.contentOf(r.Context(), school, id)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	writeFile(w, f.MediaType, data)
}

func (s *Service) exportQuestion(w http.ResponseWriter, r *http.Request) {
	version, _ := strconv.Atoi(r.PathValue("version"))
	data, err := s.ExportQuestion(r.Context(), r.PathValue("school"), r.PathValue("question"), version)
	s.giveZip(w, r, "preau-question.zip", data, err)
}

func (s *Service) exportTest(w http.ResponseWriter, r *http.Request) {
	data, err := s.ExportTest(r.Context(), r.PathValue("school"), r.PathValue("test"))
	s.giveZip(w, r, "preau-evaluation.zip", data, err)
}

// giveZip hands a package over as a file.
func (s *Service) giveZip(w http.ResponseWriter, r *http.Request, name string, data []byte, err error) {
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(data) // the client may be gone: nothing to do about it
}
