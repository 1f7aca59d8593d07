package journal

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"preau/internal/fault"
	"preau/internal/picture"
	"preau/internal/recording"
	"preau/internal/store"
)

// File is a picture or a document of the journal.
type File struct {
	ID        string `json:"id"`
	Kind      string `json:"kind" enum:"picture,document,sound,film"`
	MediaType string `json:"mediaType"`
	Name      string `json:"name"`
	Width     int    `json:"width,omitempty"`
	Height    int    `json:"height,omitempty"`
	Size      int64  `json:"size"`
	RemovedAt *int64 `json:"removedAt,omitempty"`
	Held      bool   `json:"held,omitempty" doc:"Brought from an old site, and nobody has said yet who is on it: readers do not see it."`
	blob      *string
	school    string
}

const (
	maxFile      = 12 << 20
	maxRecording = 60 << 20
	mostFiles    = 5000 // of a school
	// mostFilesADay is what one person sends at most in 24 hours.
	mostFilesADay = 100
	mostReceived  = 4 // recordings that come in at once
)

const fileColumns = "f.id, f.kind, f.media_type, f.name, f.width, f.height, f.size, f.removed_at, f.held, f.blob_id, f.school_id"

func scanFile(row interface{ Scan(...any) error }) (File, error) {
	var f File
	err := row.Scan(&f.ID, &f.Kind, &f.MediaType, &f.Name, &f.Width, &f.Height, &f.Size, &f.RemovedAt, &f.Held, &f.blob, &f.school)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "journal.no_file")
	}
	return f, err
}

func fileBy(ctx context.Context, q store.Queryer, school, id string) (File, error) {
	return scanFile(q.QueryRowContext(ctx, "SELECT "+fileColumns+" FROM journal_file f WHERE f.id = $1 AND f.school_id = $2", id, school))
}

// attached reads files by their ids, in that order; those that are gone are left out.
func attached(ctx context.Context, q store.Queryer, school string, ids []string) ([]File, error) {
	list := []File{}
	for _, id := range ids {
		f, err := fileBy(ctx, q, school, id)
		switch {
		case fault.Is(err, fault.NotFound):
		case err != nil:
			return nil, err
		case f.RemovedAt == nil:
			list = append(list, f)
		}
	}
	return list, nil
}

// AddFile keeps what somebody sends, once it is known and made harmless.
func (s *Service) AddFile(ctx context.Context, school, name string, data io.Reader) (File, error) {
	who, err := s.who(ctx, s.db.Reader(), school)
	if err != nil {
		return File{}, err
	}
	if who.author == "" {
		return File{}, fault.New(fault.Conflict, "journal.pen_first")
	}
	var n int
	if err := s.db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM journal_file WHERE school_id = $1 AND dropped = 0", school).Scan(&n); err != nil {
		return File{}, err
	}
	if n >= mostFiles {
		return File{}, fault.New(fault.Limited, "journal.files_full", "count", mostFiles)
	}
	if err := s.db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM journal_file WHERE school_id = $1 AND by_author = $2 AND created_at > $3", school, who.author, s.now()-dayMs).Scan(&n); err != nil {
		return File{}, err
	}
	if n >= mostFilesADay {
		return File{}, fault.New(fault.Limited, "journal.files_today", "count", mostFilesADay)
	}
	whole, done, err := s.receive(who.id(), data)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fault.New(fault.Invalid, "journal.file_cut").At("file")
	}
	if err != nil {
		return File{}, err
	}
	defer done()
	// A picture of forty million points takes hundreds of megabytes while it is
	// read: one at a time.
	select {
	case s.reading <- struct{}{}:
	case <-ctx.Done():
		return File{}, ctx.Err()
	}
	clean, err := harmless(whole)
	<-s.reading
	if err != nil {
		return File{}, err
	}
	f := File{ID: uuid.NewString(), Kind: clean.Kind, MediaType: clean.MediaType, Width: clean.Width, Height: clean.Height, Size: int64(len(clean.Data)), school: school}
	if f.Name, err = line(path.Base(strings.ReplaceAll(name, `\`, "/")), 120, "name"); err != nil {
		return f, err
	}
	blob, err := s.blobs.Put(ctx, store.BlobMeta{SchoolID: school, Kind: "journal", MediaType: f.MediaType, Limit: maxRecording}, bytes.NewReader(clean.Data))
	if err != nil {
		return f, err
	}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO journal_file (id, school_id, blob_id, kind, media_type, name, width, height, size, by_author, created_at, dropped) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
			f.ID, school, blob.ID, f.Kind, f.MediaType, f.Name, f.Width, f.Height, f.Size, who.author, s.now())
		return err
	})
	if err != nil {
		return f, errors.Join(err, s.blobs.Delete(ctx, school, blob.ID))
	}
	return f, nil
}

// receive takes in all of what somebody sends, within the limit of what it looks
// like. Of recordings, few at once, and one of each person: each fills memory.
// done lets the next one come.
func (s *Service) receive(person string, data io.Reader) (whole []byte, done func(), err error) {
	head := make([]byte, 64)
	n, err := io.ReadFull(data, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	limit, done := int64(maxFile), func() {}
	if recording.Known(head[:n]) {
		many := fault.New(fault.Limited, "journal.recordings_many").After(10 * time.Second)
		if _, sending := s.senders.LoadOrStore(person, true); sending {
			return nil, nil, many
		}
		select {
		case s.receiving <- struct{}{}:
		default:
			s.senders.Delete(person)
			return nil, nil, many
		}
		limit, done = maxRecording, func() { <-s.receiving; s.senders.Delete(person) }
	}
	whole, err = io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(head[:n]), data), limit+1))
	if err == nil && int64(len(whole)) > limit {
		err = fault.New(fault.TooLarge, "journal.file_large", "limit", limit>>20).At("file")
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return whole, done, nil
}

// harmless reads a picture, a document, a sound or a film, or says what it refuses.
func harmless(whole []byte) (picture.Cleaned, error) {
	if !recording.Known(whole) {
		return picture.Clean(bytes.NewReader(whole), picture.Limits{Bytes: maxFile})
	}
	out, err := recording.Clean(whole)
	return picture.Cleaned{Kind: out.Kind, MediaType: out.MediaType, Data: out.Data}, err
}

// RemoveFile takes a file down everywhere. Whoever sent it may, and those who
// review.
func (s *Service) RemoveFile(ctx context.Context, school, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		who, err := s.who(ctx, tx, school)
		if err != nil {
			return err
		}
		var by string
		err = tx.QueryRowContext(ctx, "SELECT by_author FROM journal_file WHERE id = $1 AND school_id = $2", id, school).Scan(&by)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "journal.no_file")
		}
		if err != nil {
			return err
		}
		if by != who.author && !who.editor && !who.head && !who.board {
			return notYou()
		}
		if _, err := tx.ExecContext(ctx, "UPDATE journal_file SET removed_at = coalesce(removed_at, $2) WHERE id = $1", id, s.now()); err != nil {
			return err
		}
		return s.logs(ctx, tx, school, who, "file.remove", "file", id, "")
	})
}

// filesStand refuses to bring out a piece whose files were taken down.
func (s *Service) filesStand(ctx context.Context, tx store.Queryer, school string, c Content) error {
	for _, id := range c.files() {
		f, err := fileBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if f.RemovedAt != nil {
			return fault.New(fault.Gone, "journal.file_removed")
		}
	}
	return nil
}

// dropFiles deletes the content of files that were taken down, some at a time.
func (s *Service) dropFiles(ctx context.Context) error {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT "+fileColumns+" FROM journal_file f WHERE f.removed_at IS NOT NULL AND f.dropped = 0 ORDER BY f.id LIMIT 100")
	gone, err := collect(rows, err, func(r *sql.Rows, f *File) (err error) { *f, err = scanFile(r); return err })
	if err != nil {
		return err
	}
	for _, f := range gone {
		if f.blob != nil {
			if err := s.blobs.Delete(ctx, f.school, *f.blob); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
		err := s.db.Tx(ctx, func(tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, "UPDATE journal_file SET dropped = 1, blob_id = NULL, name = '' WHERE id = $1", f.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// file gives a file to those who may see a piece that shows it, to its authors
// and to those who review. It runs nothing.
func (s *Service) file(w http.ResponseWriter, r *http.Request) {
	f, public, err := s.fileFor(r.Context(), r.PathValue("file"))
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	content, blob, err := s.blobs.Open(r.Context(), f.school, *f.blob)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	if f.Kind == "document" {
		h.Set("Content-Disposition", `attachment; filename="`+slugOf(strings.TrimSuffix(f.Name, path.Ext(f.Name)), 60)+`.pdf"`)
	}
	// A picture that is taken down is asked for again within minutes.
	h.Set("Cache-Control", "private, max-age=300")
	if public {
		h.Set("Cache-Control", "public, max-age=300")
	}
	from, to, part := rangeOf(r, f.Kind, blob.Size)
	if part {
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, blob.Size))
	}
	if f.Kind == "sound" || f.Kind == "film" {
		h.Set("Accept-Ranges", "bytes")
	}
	h.Set("Content-Length", strconv.FormatInt(to-from, 10))
	if part {
		w.WriteHeader(http.StatusPartialContent)
	}
	if r.Method == http.MethodHead {
		return
	}
	if _, err := io.CopyN(io.Discard, content, from); err == nil {
		_, _ = io.CopyN(w, content, to-from) // the client may be gone: nothing to do about it
	}
}

// rangeOf is the part of a recording that a player asks for (RFC 9110, section
// 14.2): one range of bytes. Any other question gets the whole.
func rangeOf(r *http.Request, kind string, size int64) (from, to int64, part bool) {
	spec, asked := strings.CutPrefix(r.Header.Get("Range"), "bytes=")
	first, last, paired := strings.Cut(spec, "-")
	if !asked || !paired || kind != "sound" && kind != "film" {
		return 0, size, false
	}
	from, err := strconv.ParseInt(first, 10, 64)
	if err != nil || from < 0 || from >= size {
		return 0, size, false
	}
	to = size
	if last != "" {
		end, err := strconv.ParseInt(last, 10, 64)
		if err != nil || end < from {
			return 0, size, false
		}
		to = min(end, size-1) + 1
	}
	return from, to, true
}

// fileFor finds a file for the caller. public says that everybody may see it.
func (s *Service) fileFor(ctx context.Context, id string) (f File, public bool, err error) {
	q := s.db.Reader()
	f, err = scanFile(q.QueryRowContext(ctx, "SELECT "+fileColumns+" FROM journal_file f WHERE f.id = $1", id))
	if err != nil {
		return f, false, err
	}
	if f.RemovedAt != nil || f.blob == nil {
		return f, false, fault.New(fault.Gone, "journal.file_removed")
	}
	j, err := s.journalOf(ctx, q, f.school)
	if err != nil {
		return f, false, err
	}
	v, err := s.viewerOf(ctx, j.School)
	if err != nil {
		return f, false, err
	}
	shown := func(v viewer) (bool, error) {
		a := args{id, s.now()}
		rows, err := q.QueryContext(ctx, "SELECT "+revisionColumns+` FROM journal_use u JOIN journal_piece p ON p.id = u.piece_id JOIN journal_revision r ON r.id = p.live_id
			WHERE u.file_id = $1 AND p.status = 'published' AND p.hidden_at IS NULL AND p.published_at <= $2 AND `+v.where(&a)+" LIMIT 50", a...)
		live, err := collect(rows, err, func(r *sql.Rows, v *revision) (err error) { *v, err = scanRevision(r); return err })
		// A piece also uses files in revisions that readers do not see.
		return slices.ContainsFunc(live, func(r revision) bool { return slices.Contains(r.files(), id) }), err
	}
	if j.Opened && !f.Held {
		if public, err = shown((viewer{most: ToPublic}).capped(j.Widest)); err != nil || public {
			return f, public, err
		}
		if ok, err := shown(v.capped(j.Widest)); err != nil || ok {
			return f, false, err
		}
	}
	who, err := s.who(ctx, q, f.school)
	if err != nil {
		return f, false, fault.New(fault.NotFound, "journal.no_file")
	}
	var sender string
	if err := q.QueryRowContext(ctx, "SELECT by_author FROM journal_file WHERE id = $1", id).Scan(&sender); err != nil || sender == who.author && sender != "" {
		return f, false, err
	}
	rows, err := q.QueryContext(ctx, "SELECT piece_id FROM journal_use WHERE file_id = $1 LIMIT 50", id)
	users, err := collect(rows, err, func(r *sql.Rows, id *string) error { return r.Scan(id) })
	if err != nil {
		return f, false, err
	}
	for _, user := range users {
		p, err := pieceBy(ctx, q, f.school, user)
		if err != nil {
			return f, false, err
		}
		if p.workFor(j.Regime, who) {
			return f, false, nil
		}
	}
	return f, false, fault.New(fault.NotFound, "journal.no_file")
}
