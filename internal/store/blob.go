package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"preau/internal/fault"
)

// DefaultBlobLimit is the largest file, in bytes, when BlobMeta names no limit.
const DefaultBlobLimit = 256 << 20

// BlobMeta describes a file about to be kept.
type BlobMeta struct {
	SchoolID  string
	Kind      string // a word of the code: "slide", "recording"
	MediaType string // as found by the caller, never as claimed by a client
	Limit     int64  // largest size in bytes; 0 is DefaultBlobLimit
}

// Blob is a file that is kept. Its content never changes.
type Blob struct {
	ID        string
	SchoolID  string
	Kind      string
	MediaType string
	Size      int64  // bytes
	SHA256    string // of the content, hexadecimal
	CreatedAt int64  // UTC milliseconds
}

// Blobs keeps files: the content in a place of its own, the description in
// table blob. It is a seam: a folder today.
type Blobs interface {
	// Put keeps all of r. When it returns nil, content and description are on
	// disk. A content above the limit gives a fault TooLarge and keeps nothing.
	Put(ctx context.Context, meta BlobMeta, r io.Reader) (Blob, error)
	// Open gives the content of a school's blob, or a fault NotFound, also when
	// the blob is another school's. The reader ends with an error in place of
	// io.EOF when the content is not what was put.
	Open(ctx context.Context, schoolID, id string) (io.ReadCloser, Blob, error)
	// Delete forgets a school's blob, description first. Deleting what is not
	// there gives a fault NotFound.
	Delete(ctx context.Context, schoolID, id string) error

	// Content is Open for a description at hand, as a backup has it.
	Content(ctx context.Context, b Blob) (io.ReadCloser, error)
	// Place keeps the content of a description that is written by other means,
	// as a restore does. It refuses a content that does not fit b, and replaces
	// what is there.
	Place(ctx context.Context, b Blob, r io.Reader) error
	// Drop removes a content without its description; nil when there is none.
	Drop(ctx context.Context, id string) error
}

// blobColumns are in the order of scanBlob.
const blobColumns = "id, school_id, kind, media_type, size, sha256, created_at"

func scanBlob(scan func(...any) error) (Blob, error) {
	var b Blob
	err := scan(&b.ID, &b.SchoolID, &b.Kind, &b.MediaType, &b.Size, &b.SHA256, &b.CreatedAt)
	return b, err
}

// FindBlob reads a school's blob's description, or gives a fault NotFound.
func FindBlob(ctx context.Context, q Queryer, schoolID, id string) (Blob, error) {
	b, err := scanBlob(q.QueryRowContext(ctx, "SELECT "+blobColumns+" FROM blob WHERE id = $1 AND school_id = $2", id, schoolID).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Blob{}, blobMissing()
	}
	if err != nil {
		return Blob{}, fmt.Errorf("store: blob: %w", err)
	}
	return b, nil
}

// BlobByID reads the description of a blob of whichever school, or gives a fault
// NotFound. It is for work on the whole installation, never for a request.
func BlobByID(ctx context.Context, q Queryer, id string) (Blob, error) {
	b, err := scanBlob(q.QueryRowContext(ctx, "SELECT "+blobColumns+" FROM blob WHERE id = $1", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Blob{}, blobMissing()
	}
	if err != nil {
		return Blob{}, fmt.Errorf("store: blob: %w", err)
	}
	return b, nil
}

// BlobPage lists at most limit (1 to 500) blobs of the whole installation after
// the id after, in the order of their ids.
func BlobPage(ctx context.Context, q Queryer, after string, limit int) ([]Blob, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+blobColumns+" FROM blob WHERE id > $1 ORDER BY id LIMIT $2", after, min(max(limit, 1), 500))
	if err != nil {
		return nil, fmt.Errorf("store: blobs: %w", err)
	}
	defer rows.Close()
	var page []Blob
	for rows.Next() {
		b, err := scanBlob(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("store: blobs: %w", err)
		}
		page = append(page, b)
	}
	return page, rows.Err()
}

func insertBlob(ctx context.Context, tx Queryer, b Blob) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO blob ("+blobColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7)",
		b.ID, b.SchoolID, b.Kind, b.MediaType, b.Size, b.SHA256, b.CreatedAt)
	if err != nil {
		return fmt.Errorf("store: blob: %w", err)
	}
	return nil
}

func deleteBlob(ctx context.Context, tx Queryer, schoolID, id string) error {
	res, err := tx.ExecContext(ctx, "DELETE FROM blob WHERE id = $1 AND school_id = $2", id, schoolID)
	if err != nil {
		return fmt.Errorf("store: blob: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return blobMissing().Because(err)
	}
	return nil
}

func blobMissing() *fault.Error { return fault.New(fault.NotFound, "store.blob_missing") }
