package journal

import (
	"context"
	"database/sql"
	"net/http"

	"preau/internal/fault"
	"preau/internal/journal/bring"
	"preau/internal/store"
)

// pageOld answers an address of the old site with the piece that was there.
func (s *Service) pageOld(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	ctx := r.Context()
	found, err := s.pieceWas(ctx, p.Journal.School.ID, bring.OldPath(r.PathValue("path"), r.URL.RawQuery))
	if err == nil && !p.viewer.sees(found.Audience, value(found.Group)) {
		err = noPiece()
	}
	if err == nil && !found.shows(s.now()) {
		err = noPiece()
	}
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	http.Redirect(w, r, p.To("article", value(found.Slug)), http.StatusMovedPermanently)
}

func (s *Service) pieceWas(ctx context.Context, school, at string) (piece, error) {
	if at == "" {
		return piece{}, noPiece()
	}
	return pieceWhere(ctx, s.db.Reader(), "p.school_id = $1 AND p.id = (SELECT o.piece_id FROM journal_old_path o WHERE o.school_id = $1 AND o.path = $2)", school, at)
}

// HeldFile is a file of the old site that nobody has looked at yet.
type HeldFile struct {
	File
	PieceID string `json:"pieceId,omitempty"`
	Title   string `json:"title,omitempty" doc:"Of a piece that shows it."`
	Alt     string `json:"alt,omitempty" doc:"What that piece says of the picture."`
}

// Held lists files that wait for somebody to say who is on them.
func (s *Service) Held(ctx context.Context, school string, limit int) ([]HeldFile, error) {
	q := s.db.Reader()
	rows, err := q.QueryContext(ctx, "SELECT "+fileColumns+`, coalesce(p.id, ''), coalesce(r.id, ''), coalesce(r.title, '') FROM journal_file f
		LEFT JOIN journal_piece p ON p.id = (SELECT min(u.piece_id) FROM journal_use u WHERE u.file_id = f.id)
		LEFT JOIN journal_revision r ON r.id = p.work_id
		WHERE f.school_id = $1 AND f.held = 1 AND f.removed_at IS NULL ORDER BY f.created_at, f.id LIMIT $2`, school, min(max(limit, 1), 200))
	type line struct {
		HeldFile
		revision string
	}
	all, err := collect(rows, err, func(r *sql.Rows, f *line) error {
		return r.Scan(&f.ID, &f.Kind, &f.MediaType, &f.Name, &f.Width, &f.Height, &f.Size, &f.RemovedAt, &f.Held, &f.blob, &f.school, &f.PieceID, &f.revision, &f.Title)
	})
	if err != nil {
		return nil, err
	}
	out := make([]HeldFile, len(all))
	for i, f := range all {
		if out[i] = f.HeldFile; f.Kind != "picture" || f.revision == "" {
			continue
		}
		r, err := revisionBy(ctx, q, f.PieceID, f.revision)
		if err != nil {
			return nil, err
		}
		if out[i].Alt, err = r.altOf(f.ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ShowFiles says of held files that nobody can be recognised on them, or that
// all who can have agreed: readers see them from now on.
func (s *Service) ShowFiles(ctx context.Context, school string, ids []string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		who, err := s.who(ctx, tx, school)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := exec(ctx, tx, fault.New(fault.NotFound, "journal.no_file"), "UPDATE journal_file SET held = 0 WHERE id = $1 AND school_id = $2 AND removed_at IS NULL", id, school); err != nil {
				return err
			}
			if err := s.logs(ctx, tx, school, who, "file.shown", "file", id, ""); err != nil {
				return err
			}
		}
		return nil
	})
}
