package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"preau/internal/fault"
	"preau/internal/store"
)

// Extra is a small file of the data folder that belongs to the installation,
// such as its pepper. Name is a plain file name; Content at most 1 MiB.
type Extra struct {
	Name    string
	Content []byte
}

// Options of Write. All may be left out.
type Options struct {
	App      string // version of this program
	Extra    []Extra
	Journal  *Journal // first brought up to date with the database's erasures
	Progress Progress
	Key      ed25519.PrivateKey // signs the archive; nil leaves it unsigned
}

// Report says what an archive holds.
type Report struct {
	Manifest
	// Missing are ids of blobs whose content was gone or damaged. The archive is
	// whole without them; the operator should know.
	Missing []string
}

// Write makes an archive of db as it stands at one moment, while other
// processes go on writing, and encrypts it to the recipients. blobs may be nil
// when the installation keeps no files. db may have an older schema than this
// binary's. When it returns an error, what w received is worth nothing.
func Write(ctx context.Context, db *store.DB, blobs store.Blobs, w io.Writer, recipients []age.Recipient, o Options) (Report, error) {
	if len(recipients) == 0 {
		return Report{}, errors.New("backup: no recipient to encrypt the archive to")
	}
	sealed, err := age.Encrypt(w, recipients...)
	if err != nil {
		return Report{}, fmt.Errorf("backup: encrypt: %w", err)
	}
	packed := gzip.NewWriter(sealed)
	a := &archive{ctx: ctx, db: db, blobs: blobs, o: o, tar: tar.NewWriter(packed), digest: sha256.New()}
	a.end.Tables = map[string]string{}
	var files []store.Blob
	err = db.Snapshot(ctx, func(q store.Queryer) (err error) {
		files, err = a.writeRows(q)
		return err
	})
	if err == nil {
		err = a.writeFiles(files)
	}
	if err == nil {
		err = a.sign()
	}
	if err == nil {
		err = a.small(endName, a.end)
	}
	// Without the last Close the archive lacks its end, and is refused as cut.
	for _, c := range []io.Closer{a.tar, packed, sealed} {
		if err == nil {
			err = c.Close()
		}
	}
	if err != nil {
		return Report{}, fmt.Errorf("backup: %w", err)
	}
	return Report{Manifest: a.manifest, Missing: a.end.Missing}, nil
}

// archive is one being written.
type archive struct {
	ctx      context.Context
	db       *store.DB
	blobs    store.Blobs
	o        Options
	tar      *tar.Writer
	digest   hash.Hash // of all entries so far
	manifest Manifest
	end      End
	done     int64 // rows written
}

func (a *archive) sign() error {
	if a.o.Key == nil {
		return nil
	}
	message, err := endMessage(a.digest, a.end)
	a.end.Signature = ed25519.Sign(a.o.Key, message)
	return err
}

func (a *archive) entry(name string, size int64) error {
	entryDigest(a.digest, name, size)
	return a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: a.manifest.CreatedAt, Format: tar.FormatPAX})
}

func (a *archive) bytes(name string, content []byte) error {
	if err := a.entry(name, int64(len(content))); err != nil {
		return err
	}
	a.digest.Write(content)
	_, err := a.tar.Write(content)
	return err
}

func (a *archive) small(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return a.bytes(name, b)
}

// writeRows writes the manifest, the extras and all tables, and returns the
// blobs of the same moment.
func (a *archive) writeRows(q store.Queryer) ([]store.Blob, error) {
	present, err := a.db.Tables(a.ctx, q)
	if err != nil {
		return nil, err
	}
	schema, err := a.db.SchemaIn(a.ctx, q)
	if err != nil {
		return nil, err
	}
	if a.o.Journal != nil {
		if err := a.o.Journal.Sync(a.ctx, q); err != nil {
			return nil, err
		}
	}
	files, err := allBlobs(a.ctx, q)
	if err != nil {
		return nil, err
	}
	a.manifest = Manifest{Format: Format, App: a.o.App, Schema: schema, Dialect: a.db.Dialect(),
		CreatedAt: time.UnixMilli(a.db.Now()).UTC(), Tables: map[string]int64{}, Blobs: int64(len(files))}
	for _, f := range files {
		a.manifest.BlobBytes += f.Size
	}
	present = slices.DeleteFunc(present, func(t store.Table) bool {
		d, ok := find(t.Name)
		if !ok {
			err = errors.Join(err, fmt.Errorf("table %s is not declared to the backup", t.Name))
		}
		return d.transient
	})
	if err != nil {
		return nil, err
	}
	for _, t := range present {
		var n int64
		if err := q.QueryRowContext(a.ctx, "SELECT count(*) FROM "+quote(t.Name)).Scan(&n); err != nil {
			return nil, err
		}
		a.manifest.Tables[t.Name] = n
	}
	for _, e := range a.o.Extra {
		if err := checkExtra(e.Name, int64(len(e.Content))); err != nil {
			return nil, err
		}
		a.manifest.ExtraNames = append(a.manifest.ExtraNames, e.Name)
	}
	if err := a.small(manifestName, a.manifest); err != nil {
		return nil, err
	}
	for _, e := range a.o.Extra {
		if err := a.bytes(extraFolder+e.Name, e.Content); err != nil {
			return nil, err
		}
	}
	for _, t := range present {
		if err := a.writeTable(q, t); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (a *archive) writeTable(q store.Queryer, t store.Table) error {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quote(c.Name)
	}
	rows, err := q.QueryContext(a.ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+quote(t.Name))
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	defer rows.Close()
	e := newRowEncoder(t)
	head, err := e.header()
	if err != nil {
		return err
	}
	sum := sha256.New()
	part := bytes.NewBuffer(slices.Clone(head))
	number := 1
	flush := func() error {
		err := a.bytes(fmt.Sprintf("%s%s.%04d.jsonl", tableFolder, t.Name, number), part.Bytes())
		number++
		part.Reset()
		part.Write(head)
		a.o.Progress.tell(StepRows, a.done, a.manifest.Rows())
		return err
	}
	for rows.Next() {
		line, err := e.encode(rows)
		if err != nil {
			return err
		}
		if len(line) > rowLimit {
			return fmt.Errorf("table %s: a row of %d bytes is too long for an archive", t.Name, len(line))
		}
		sum.Write(line)
		part.Write(line)
		a.done++
		if part.Len() >= partSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	a.end.Tables[t.Name] = hexOf(sum)
	return flush()
}

// writeFiles writes the contents of blobs. One that is gone or damaged is left
// out and named at the end: it must not keep all else from being saved.
func (a *archive) writeFiles(files []store.Blob) error {
	var done int64
	for _, f := range files {
		written, err := a.writeFile(f)
		if err != nil {
			return fmt.Errorf("file %s: %w", f.ID, err)
		}
		if written {
			a.end.Blobs++
		} else {
			a.end.Missing = append(a.end.Missing, f.ID)
		}
		done += f.Size
		a.o.Progress.tell(StepFiles, done, a.manifest.BlobBytes)
	}
	return nil
}

// writeFile reads the content twice: an entry of the archive states its size
// first, so a content is known to be whole before it is begun.
func (a *archive) writeFile(f store.Blob) (written bool, err error) {
	if a.blobs == nil {
		return false, nil
	}
	whole, err := a.read(f, io.Discard)
	if err != nil || !whole {
		return false, err
	}
	if err := a.entry(blobFolder+f.ID, f.Size); err != nil {
		return false, err
	}
	whole, err = a.read(f, io.MultiWriter(a.tar, a.digest))
	if err == nil && !whole {
		err = errors.New("it changed while it was read")
	}
	return err == nil, err
}

// read copies a content to w; whole is false when it is gone or damaged.
func (a *archive) read(f store.Blob, w io.Writer) (whole bool, err error) {
	r, err := a.blobs.Content(a.ctx, f)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer r.Close()
	_, err = io.Copy(w, ctxReader{a.ctx, r})
	if f := fault.Of(err); f != nil && f.Key == "store.blob_damaged" {
		return false, nil
	}
	return err == nil, err
}

// allBlobs lists every blob of the moment that q sees.
func allBlobs(ctx context.Context, q store.Queryer) ([]store.Blob, error) {
	var all []store.Blob
	for after := ""; ; after = all[len(all)-1].ID {
		page, err := store.BlobPage(ctx, q, after, 500)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			return all, nil
		}
		all = append(all, page...)
	}
}

// checkExtra refuses a name that would leave its folder, and a large content.
func checkExtra(name string, size int64) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\\\x00") || size > extraLimit {
		return fmt.Errorf("extra file %q is not a plain name with at most %d bytes", name, extraLimit)
	}
	return nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func hexOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// ctxReader ends reading with its context.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
