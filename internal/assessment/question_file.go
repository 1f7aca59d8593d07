package assessment

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/picture"
	"preau/internal/question"
	"preau/internal/recording"
	"preau/internal/store"
)

const (
	maxQuestionFiles   = 10_000 // of a school
	maxQuestionPicture = 12 << 20
	maxQuestionSound   = 20 << 20
	// unsavedFile is how long a file waits for the question that is being written
	// with it.
	unsavedFile = 30 * 24 * time.Hour
)

// QuestionFile is a picture or a sound to show in a question.
type QuestionFile struct {
	ID        string `json:"id"`
	Kind      string `json:"kind" enum:"picture,sound"`
	MediaType string `json:"mediaType"`
	Width     int    `json:"width" doc:"Pixels, of a picture."`
	Height    int    `json:"height"`

	blob string
}

func (f QuestionFile) forQuestion() question.File {
	return question.File{ID: f.ID, MediaType: f.MediaType, Width: f.Width, Height: f.Height}
}

func questionFile(ctx context.Context, q store.Queryer, school, id string) (QuestionFile, error) {
	f := QuestionFile{ID: id, Kind: "sound"}
	err := q.QueryRowContext(ctx, `SELECT blob_id, media_type, width, height FROM question_file WHERE id = $1 AND school_id = $2`, id, school).Scan(&f.blob, &f.MediaType, &f.Width, &f.Height)
	if errors.Is(err, sql.ErrNoRows) {
		return f, fault.New(fault.NotFound, "question.no_file")
	}
	if f.Width > 0 {
		f.Kind = "picture"
	}
	return f, err
}

// draftFiles finds what a draft shows, of its school alone.
func (s *Service) draftFiles(ctx context.Context, school string, d *question.Draft) (question.Files, error) {
	found := map[string]question.File{}
	for i, id := range d.Files() {
		if i >= 64 { // more than a draft may show: Check refuses it
			break
		}
		f, err := questionFile(ctx, s.db.Reader(), school, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found[id] = f.forQuestion()
	}
	return func(id string) (question.File, bool) { f, ok := found[id]; return f, ok }, nil
}

// contentOf reads a file of a school.
func (s *Service) contentOf(ctx context.Context, school, id string) ([]byte, error) {
	f, err := questionFile(ctx, s.db.Reader(), school, id)
	if err != nil {
		return nil, err
	}
	content, _, err := s.blobs.Open(ctx, school, f.blob)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return io.ReadAll(io.LimitReader(content, maxQuestionSound))
}

// AddQuestionFile keeps a picture or a sound, once it is known and made harmless.
func (s *Service) AddQuestionFile(ctx context.Context, school string, data []byte) (QuestionFile, error) {
	f := QuestionFile{ID: store.NewID(), Kind: "sound"}
	var count int
	if err := s.db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM question_file WHERE school_id = $1`, school).Scan(&count); err != nil {
		return f, err
	}
	if count >= maxQuestionFiles {
		return f, fault.New(fault.Limited, "question.files_full", "count", maxQuestionFiles)
	}
	clean, err := s.clean(ctx, data)
	if err != nil {
		return f, err
	}
	f.MediaType, f.Width, f.Height = clean.MediaType, clean.Width, clean.Height
	if f.Width > 0 {
		f.Kind = "picture"
	}
	blob, err := s.blobs.Put(ctx, store.BlobMeta{SchoolID: school, Kind: "question", MediaType: f.MediaType, Limit: maxQuestionSound}, bytes.NewReader(clean.Data))
	if err != nil {
		return f, err
	}
	var gone []string
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO question_file (id, school_id, blob_id, media_type, width, height, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			f.ID, school, blob.ID, f.MediaType, f.Width, f.Height, staffID(ctx), s.now()); err != nil {
			return err
		}
		gone, err = s.forgetUnsaved(ctx, tx, school)
		return err
	})
	if err != nil {
		return f, errors.Join(err, s.blobs.Delete(ctx, school, blob.ID))
	}
	return f, s.dropBlobs(ctx, school, gone)
}

// clean makes what is sent harmless. A picture takes much memory while it is read:
// one at a time.
func (s *Service) clean(ctx context.Context, data []byte) (picture.Cleaned, error) {
	if recording.Known(data) {
		out, err := recording.Clean(data)
		if err == nil && !strings.HasPrefix(out.MediaType, "audio/") {
			err = fault.New(fault.Invalid, "question.file_kind").At("file")
		}
		return picture.Cleaned{MediaType: out.MediaType, Data: out.Data}, err
	}
	select {
	case s.cleaning <- struct{}{}:
	case <-ctx.Done():
		return picture.Cleaned{}, ctx.Err()
	}
	defer func() { <-s.cleaning }()
	out, err := picture.Clean(bytes.NewReader(data), picture.Limits{Bytes: maxQuestionPicture, Side: 1600})
	if err == nil && out.Kind != "picture" {
		err = fault.New(fault.Invalid, "question.file_kind").At("file")
	}
	return out, err
}

// shows writes what a version shows.
func (s *Service) shows(ctx context.Context, tx store.Queryer, school, id string, version int, d *question.Draft) error {
	for _, file := range d.Files() {
		// The file may have gone since the draft was checked.
		if _, err := questionFile(ctx, tx, school, file); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO question_shows (question_id, version, file_id, school_id) VALUES ($1, $2, $3, $4)`, id, version, file, school); err != nil {
			return err
		}
	}
	return nil
}

func shownBy(ctx context.Context, tx store.Queryer, id string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT file_id FROM question_shows WHERE question_id = $1 LIMIT 20000`, id)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, id *string) error { return r.Scan(id) })
}

// forgetUnsaved removes files whose question was never saved, some at a time.
func (s *Service) forgetUnsaved(ctx context.Context, tx store.Queryer, school string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT f.id FROM question_file f WHERE f.school_id = $1 AND f.created_at < $2 AND NOT EXISTS (SELECT 1 FROM question_shows w WHERE w.file_id = f.id) ORDER BY f.id LIMIT 20`,
		school, s.now()-unsavedFile.Milliseconds())
	if err != nil {
		return nil, err
	}
	old, err := collect(rows, func(r *sql.Rows, id *string) error { return r.Scan(id) })
	if err != nil {
		return nil, err
	}
	return forgetFiles(ctx, tx, school, old)
}

// forgetFiles removes those among files that no version shows, and gives their
// blobs, to be dropped once the transaction is through. A test keeps its own copy.
func forgetFiles(ctx context.Context, tx store.Queryer, school string, files []string) ([]string, error) {
	var blobs []string
	for _, id := range files {
		f, err := questionFile(ctx, tx, school, id)
		if err != nil {
			return nil, err
		}
		done, err := tx.ExecContext(ctx, `DELETE FROM question_file WHERE id = $1 AND school_id = $2 AND NOT EXISTS (SELECT 1 FROM question_shows w WHERE w.file_id = question_file.id)`, id, school)
		if err != nil {
			return nil, err
		}
		if n, err := done.RowsAffected(); err == nil && n > 0 {
			blobs = append(blobs, f.blob)
		}
	}
	return blobs, nil
}

func (s *Service) dropBlobs(ctx context.Context, school string, blobs []string) error {
	for _, id := range blobs {
		if err := s.blobs.Delete(ctx, school, id); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
