package backup

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"preau/internal/store"
)

// Format is the version of the archive's layout that this binary writes. It
// reads it and every older one.
const Format = 2

const (
	manifestName = "manifest.json"
	endName      = "end.json"
	extraFolder  = "extra/"
	tableFolder  = "tables/"
	blobFolder   = "blobs/"

	// partSize is when a table goes on in another part, in bytes.
	partSize = 4 << 20
	// rowLimit is the longest line of a part, and smallLimit the longest of the
	// other entries that are read into memory, in bytes.
	rowLimit   = 16 << 20
	smallLimit = 64 << 20
	extraLimit = 1 << 20
)

// Manifest begins an archive.
type Manifest struct {
	Format     int              `json:"format"`
	App        string           `json:"app"`    // version of the program that made it
	Schema     int64            `json:"schema"` // version of the database's schema
	Dialect    store.Dialect    `json:"dialect"`
	CreatedAt  time.Time        `json:"createdAt"`
	Tables     map[string]int64 `json:"tables"` // rows of each table
	Blobs      int64            `json:"blobs"`
	BlobBytes  int64            `json:"blobBytes"`
	ExtraNames []string         `json:"extra,omitempty"`
}

// Rows is the number of rows of all tables.
func (m Manifest) Rows() (n int64) {
	for _, rows := range m.Tables {
		n += rows
	}
	return n
}

// End closes an archive.
type End struct {
	// Tables has the SHA-256 of each table's lines, without the part headers.
	Tables map[string]string `json:"tables"`
	Blobs  int64             `json:"blobs"` // contents that are in the archive
	// Missing are blobs whose content could not be had: removed or damaged
	// while or before the archive was made.
	Missing []string `json:"missing,omitempty"`
	// Signature is the installation's, absent before format 2.
	Signature []byte `json:"signature,omitempty"`
}

// header is the first line of a part.
type header struct {
	Columns []string           `json:"columns"`
	Types   []store.ColumnType `json:"types"`
}

// Progress is told how far the work has come: done of total, in rows and then
// in bytes of files. Nil tells nobody.
type Progress func(step Step, done, total int64)

// Step is a part of the work.
type Step string

// The steps of a backup and of a restore.
const (
	StepRows     Step = "rows"
	StepFiles    Step = "files"
	StepErasures Step = "erasures"
)

func (p Progress) tell(step Step, done, total int64) {
	if p != nil {
		p(step, done, total)
	}
}

// NewerError says that an archive comes from a newer Préau.
type NewerError struct {
	App    string
	Schema int64
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("this archive was made by a newer Préau (%s, schema %d): install that version, or a later one, to restore it", e.App, e.Schema)
}

// DamagedError says that an archive is not what was written.
type DamagedError struct {
	Where string
	Cause error
}

func (e *DamagedError) Error() string {
	text := "the archive is damaged or cut short (" + e.Where + "); nothing was restored"
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

func (e *DamagedError) Unwrap() error { return e.Cause }

func damaged(where string, cause error) error { return &DamagedError{Where: where, Cause: cause} }

// KeyError says that none of the keys given opens the archive.
type KeyError struct{ Cause error }

func (e *KeyError) Error() string {
	return "none of the given keys opens this archive: it was encrypted to others, or it is not an archive of Préau"
}

func (e *KeyError) Unwrap() error { return e.Cause }

// decodeSmall reads a JSON entry of at most smallLimit bytes.
func decodeSmall(name string, r io.Reader, into any) error {
	d := json.NewDecoder(io.LimitReader(r, smallLimit))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return damaged(name, err)
	}
	return nil
}
