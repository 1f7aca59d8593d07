package backup

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"preau/internal/store"
)

// JournalName is the journal's file name, beside the archives.
const JournalName = "erasures.jsonl"

// journalLine is one erasure as the journal keeps it: ids only.
type journalLine struct {
	ID       string `json:"id"`
	SchoolID string `json:"school"`
	Kind     string `json:"kind"`
	Subject  string `json:"subject"`
	At       int64  `json:"at"` // UTC milliseconds
	// Signature of the installation, in base64url; none before it had a key.
	Signature string `json:"signature,omitempty"`
}

// Journal is a file of erasures that is only ever appended to, kept outside the
// database so that a restore of an older archive erases again what was erased
// since. Several processes may use it at once; its methods are safe for
// concurrent use.
type Journal struct {
	path string
	key  ed25519.PrivateKey // signs lines; nil leaves them unsigned

	mu    sync.Mutex
	known map[string]bool // ids in the first read bytes of the file; under mu
	read  int64           // under mu
	last  string          // signature of the last whole line; under mu
}

// OpenJournal names the journal in a folder, which is made if needed. The file
// is made by the first erasure. key signs its lines; nil leaves them unsigned.
func OpenJournal(folder string, key ed25519.PrivateKey) (*Journal, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("backup: journal of erasures: %w", err)
	}
	return &Journal{path: filepath.Join(folder, JournalName), key: key, known: map[string]bool{}}, nil
}

// Append keeps an erasure; when it returns nil the line is on disk. Appending
// one that is there already changes nothing.
func (j *Journal) Append(_ context.Context, e store.Erasure) error {
	if e.ID == "" || e.At == 0 {
		return errors.New("backup: journal of erasures: an erasure without id or time")
	}
	if err := j.append([]store.Erasure{e}); err != nil {
		return fmt.Errorf("backup: journal of erasures: %w", err)
	}
	return nil
}

// Sync appends the database's erasures that the journal lacks, such as one whose
// process ended between the two.
func (j *Journal) Sync(ctx context.Context, q store.Queryer) error {
	for after := ""; ; {
		page, err := store.Erasures(ctx, q, after, 500)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := j.append(page); err != nil {
			return fmt.Errorf("backup: journal of erasures: %w", err)
		}
		after = page[len(page)-1].ID
	}
}

// List reads all erasures, oldest first.
func (j *Journal) List() ([]store.Erasure, error) {
	f, err := os.Open(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("backup: journal of erasures: %w", err)
	}
	defer f.Close()
	lines, _, err := readJournal(f, 0)
	if err != nil {
		return nil, fmt.Errorf("backup: journal of erasures: %w", err)
	}
	list := make([]store.Erasure, len(lines))
	for i, l := range lines {
		list[i] = store.Erasure{ID: l.ID, SchoolID: l.SchoolID, SubjectKind: l.Kind, SubjectID: l.Subject, At: l.At}
	}
	return list, nil
}

// check refuses a journal of which a line was not written by the installation,
// or stands elsewhere than where it was written.
func (j *Journal) check(by ed25519.PublicKey) error {
	f, err := os.Open(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("backup: journal of erasures: %w", err)
	}
	defer f.Close()
	lines, _, err := readJournal(f, 0)
	if err != nil {
		return fmt.Errorf("backup: journal of erasures: %w", err)
	}
	before := ""
	for i, l := range lines {
		signature, err := base64.RawURLEncoding.DecodeString(l.Signature)
		message, errMessage := journalMessage(before, l)
		if err != nil || errMessage != nil || !ed25519.Verify(by, message, signature) {
			return &UnsignedError{What: fmt.Sprintf("line %d of the journal of erasures (%s)", i+1, j.path)}
		}
		before = l.Signature
	}
	return nil
}

// since lists the erasures that the database does not know.
func (j *Journal) since(ctx context.Context, q store.Queryer) ([]store.Erasure, error) {
	all, err := j.List()
	if err != nil {
		return nil, err
	}
	var since []store.Erasure
	for _, e := range all {
		var n int
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM erasure WHERE id = $1", e.ID).Scan(&n); err != nil {
			return nil, fmt.Errorf("backup: erasures: %w", err)
		}
		if n == 0 {
			since = append(since, e)
		}
	}
	return since, nil
}

func (j *Journal) append(list []store.Erasure) (err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err = os.Stat(j.path)
	fresh := errors.Is(err, fs.ErrNotExist)
	f, err := os.OpenFile(j.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < j.read { // another file in its place
		clear(j.known)
		j.read, j.last = 0, ""
	}
	others, end, err := readJournal(f, j.read)
	if err != nil {
		return err
	}
	for _, l := range others {
		j.known[l.ID] = true
		j.last = l.Signature
	}
	before := j.last
	j.read = end
	var lines bytes.Buffer
	if end < info.Size() { // a line cut by a crash, which was never acknowledged
		lines.WriteByte('\n')
	}
	for _, e := range list {
		if j.known[e.ID] {
			continue
		}
		l := journalLine{ID: e.ID, SchoolID: e.SchoolID, Kind: e.SubjectKind, Subject: e.SubjectID, At: e.At}
		if j.key != nil {
			message, err := journalMessage(before, l)
			if err != nil {
				return err
			}
			l.Signature = base64.RawURLEncoding.EncodeToString(ed25519.Sign(j.key, message))
		}
		before = l.Signature
		b, err := json.Marshal(l)
		if err != nil {
			return err
		}
		lines.Write(append(b, '\n'))
	}
	if lines.Len() > 0 {
		if _, err := f.Write(lines.Bytes()); err != nil {
			return err
		}
	}
	// Also for what was there: whoever wrote it may not have lived to sync.
	if err := f.Sync(); err != nil {
		return err
	}
	if fresh {
		return syncFolder(filepath.Dir(j.path))
	}
	return nil
}

// readJournal reads whole lines from an offset, and returns where they end. A
// last line that a crash cut is passed over, whether others follow it or not:
// a cut line is no JSON. A whole line that is wrong is an error.
func readJournal(f io.ReadSeeker, from int64) (list []journalLine, end int64, err error) {
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return nil, 0, err
	}
	r := bufio.NewReader(f)
	for end = from; ; {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return list, end, nil
		}
		if err != nil {
			return nil, 0, err
		}
		end += int64(len(line))
		var l journalLine
		if len(bytes.TrimSpace(line)) == 0 || !json.Valid(line) {
			continue
		}
		if err := json.Unmarshal(line, &l); err != nil || l.ID == "" || l.Kind == "" || l.Subject == "" {
			return nil, 0, fmt.Errorf("the line that ends at byte %d is not an erasure", end)
		}
		list = append(list, l)
	}
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
