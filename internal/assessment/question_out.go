package assessment

import (
	"context"
	"database/sql"
	"errors"
	"io"

	"preau/internal/qti"
	"preau/internal/question"
)

// ExportQuestion is a version of a question as a content package of QTI 3.
func (s *Service) ExportQuestion(ctx context.Context, school, id string, version int) ([]byte, error) {
	d, err := draftOf(ctx, s.db.Reader(), school, id, version)
	if err != nil {
		return nil, err
	}
	files, err := s.draftFiles(ctx, school, &d)
	if err != nil {
		return nil, err
	}
	return question.ItemPackage(id, d, files, func(id string) ([]byte, error) { return s.contentOf(ctx, school, id) })
}

// ExportTest is the package of a test that was put together here, as it was kept.
// One that was brought is its author's to give.
func (s *Service) ExportTest(ctx context.Context, school, id string) ([]byte, error) {
	var blobID string
	err := s.db.Reader().QueryRowContext(ctx, `SELECT p.blob_id FROM test_package p JOIN test_plan m ON m.package_id = p.id WHERE p.id = $1 AND p.school_id = $2`, id, school).Scan(&blobID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noPackage()
	}
	if err != nil {
		return nil, err
	}
	content, _, err := s.blobs.Open(ctx, school, blobID)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return io.ReadAll(io.LimitReader(content, maxUpload))
}

// TriedQuestion is a draft as a pupil would see it, and what an answer to it is
// worth.
type TriedQuestion struct {
	Problems []DraftFinding `json:"problems" nullable:"false"`
	View     *ItemView      `json:"view,omitempty"`
	Score    *float64       `json:"score,omitempty" doc:"Of the answers, when there are any."`
	Said     []*qti.Node    `json:"said,omitempty" doc:"What is told to whoever answered so."`
}

// TryDraft shows a draft by way of the reader, the redaction and the scoring that
// a pupil's question goes through.
func (s *Service) TryDraft(ctx context.Context, school string, d question.Draft, seed uint64, answers map[string]any) (TriedQuestion, error) {
	files, err := s.draftFiles(ctx, school, &d)
	if err != nil {
		return TriedQuestion{}, err
	}
	out := TriedQuestion{Problems: s.problems(ctx, d.Check(files))}
	if len(out.Problems) > 0 {
		return out, nil
	}
	item := qti.ReadItem(qti.Source{Name: "draft.xml"}, d.Item("question", files))
	session, err := item.NewSession(seed)
	if err != nil {
		return out, err
	}
	public, names := session.View()
	out.View = &ItemView{Key: "q1", Public: public, Files: map[string]string{}}
	paths := map[string]string{}
	for _, id := range d.Files() {
		if f, ok := files(id); ok {
			paths[f.Path()] = id
		}
	}
	for name, file := range names.Assets {
		out.View.Files[name] = "/api/v1/schools/" + school + "/question-files/" + paths[file]
	}
	if len(answers) == 0 {
		return out, nil
	}
	translated := names.Translate(answers)
	for name, value := range translated {
		translated[name] = plainNumber(item.Variable(name), value)
	}
	values, _ := item.Responses(translated)
	result, err := session.Attempt(qti.Attempt{Responses: values})
	if err != nil {
		return out, err
	}
	if v, ok := result.Outcome("SCORE"); ok && len(v.List) == 1 {
		out.Score = &v.List[0].X
	}
	after, _ := session.View()
	out.Said = after.Modal
	return out, nil
}
