package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"

	"preau/internal/store"
)

// content receives what an archive holds, in its order. What it receives is
// not to be trusted until read has returned nil. Each may be nil.
type content struct {
	extra func(name string, content []byte) error
	rows  func(table string, columns []string, rows [][]any) error
	blob  func(id string, size int64, r io.Reader) error
}

// Inspect reads the beginning of an archive.
func Inspect(ctx context.Context, r io.Reader, identities []age.Identity) (Manifest, error) {
	a, err := begin(ctx, r, identities)
	if err != nil {
		return Manifest{}, err
	}
	return a.manifest, nil
}

// Verify reads an archive to its end, as a restore does, and keeps nothing.
func Verify(ctx context.Context, r io.Reader, identities []age.Identity, p Progress) (Report, error) {
	a, err := begin(ctx, r, identities)
	if err != nil {
		return Report{}, err
	}
	end, err := a.read(content{}, p)
	return Report{Manifest: a.manifest, Missing: end.Missing}, err
}

// unpack undoes encryption and compression. rest reads the layers to their
// ends, which is where each of them tells a cut archive from a whole one.
func unpack(ctx context.Context, r io.Reader, identities []age.Identity) (t *tar.Reader, rest func() error, err error) {
	if len(identities) == 0 {
		return nil, nil, errors.New("backup: no key to open the archive with")
	}
	open, err := age.Decrypt(ctxReader{ctx, r}, identities...)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		return nil, nil, &KeyError{Cause: err}
	}
	packed, err := gzip.NewReader(open)
	if err != nil {
		return nil, nil, damaged("beginning", err)
	}
	rest = func() error {
		for _, layer := range []io.Reader{packed, open} {
			if n, err := io.Copy(io.Discard, layer); err != nil || n > 0 && layer == open {
				return damaged("end", err)
			}
		}
		return nil
	}
	return tar.NewReader(packed), rest, nil
}

func readManifest(t *tar.Reader, digest hash.Hash) (Manifest, error) {
	var m Manifest
	h, err := t.Next()
	if err != nil || h.Name != manifestName {
		return m, damaged(manifestName, err)
	}
	// Fields of a later format are let pass, to be able to name it.
	raw, err := io.ReadAll(io.LimitReader(t, smallLimit))
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		return m, damaged(manifestName, err)
	}
	entryDigest(digest, h.Name, int64(len(raw)))
	digest.Write(raw)
	if m.Format > Format || m.Schema > store.SchemaVersion() {
		return m, &NewerError{App: m.App, Schema: m.Schema}
	}
	if m.Format < 1 || m.Schema < 1 {
		return m, damaged(manifestName, nil)
	}
	return m, nil
}

// reader checks an archive while it is read.
type reader struct {
	ctx      context.Context
	manifest Manifest
	tar      *tar.Reader
	rest     func() error
	digest   hash.Hash // of all entries so far
	content  io.Reader // of the present entry; what is read of it is in digest

	to       content
	progress Progress
	rows     map[string]int64 // read of each table
	sums     map[string]hash.Hash
	parts    map[string]int
	done     int64 // rows read
	blobs    int64
	bytes    int64
	extras   []string
}

// begin opens an archive and reads its manifest.
func begin(ctx context.Context, r io.Reader, identities []age.Identity) (*reader, error) {
	t, rest, err := unpack(ctx, r, identities)
	if err != nil {
		return nil, err
	}
	digest := sha256.New()
	m, err := readManifest(t, digest)
	if err != nil {
		return nil, err
	}
	return &reader{ctx: ctx, manifest: m, tar: t, rest: rest, digest: digest, content: io.TeeReader(t, digest),
		rows: map[string]int64{}, sums: map[string]hash.Hash{}, parts: map[string]int{}}, nil
}

// read reads the archive to the last byte. Only when it returns nil was the
// archive whole.
func (a *reader) read(to content, p Progress) (end End, err error) {
	a.to, a.progress = to, p
	for {
		h, err := a.tar.Next()
		if a.ctx.Err() != nil {
			return end, a.ctx.Err()
		}
		if err != nil {
			return end, damaged("between files", err)
		}
		if h.Name == endName {
			break
		}
		if err := a.entry(h); err != nil {
			return end, err
		}
	}
	if err := decodeSmall(endName, a.tar, &end); err != nil {
		return end, err
	}
	if _, err := a.tar.Next(); !errors.Is(err, io.EOF) {
		return end, damaged("after "+endName, err)
	}
	if err := a.rest(); err != nil {
		return end, err
	}
	return end, a.compare(end)
}

func (a *reader) entry(h *tar.Header) error {
	entryDigest(a.digest, h.Name, h.Size)
	if h.Typeflag != tar.TypeReg {
		return damaged(h.Name, nil)
	}
	switch {
	case strings.HasPrefix(h.Name, extraFolder):
		return a.extra(strings.TrimPrefix(h.Name, extraFolder), h.Size)
	case strings.HasPrefix(h.Name, tableFolder):
		return a.part(h)
	case strings.HasPrefix(h.Name, blobFolder):
		a.blobs++
		a.bytes += h.Size
		if a.to.blob != nil {
			if err := a.to.blob(strings.TrimPrefix(h.Name, blobFolder), h.Size, a.content); err != nil {
				return err
			}
		}
		if _, err := io.Copy(io.Discard, a.content); err != nil {
			return damaged(h.Name, err)
		}
		a.progress.tell(StepFiles, a.bytes, a.manifest.BlobBytes)
		return nil
	}
	return damaged(h.Name, nil)
}

func (a *reader) extra(name string, size int64) error {
	if err := checkExtra(name, size); err != nil {
		return damaged(extraFolder, err)
	}
	b, err := io.ReadAll(a.content)
	if err != nil {
		return damaged(extraFolder+name, err)
	}
	a.extras = append(a.extras, name)
	if a.to.extra == nil {
		return nil
	}
	return a.to.extra(name, b)
}

// part reads a part of a table.
func (a *reader) part(h *tar.Header) error {
	fields := strings.Split(strings.TrimPrefix(h.Name, tableFolder), ".")
	if len(fields) != 3 || fields[2] != "jsonl" {
		return damaged(h.Name, nil)
	}
	name := fields[0]
	number, err := strconv.Atoi(fields[1])
	if err != nil || number != a.parts[name]+1 {
		return damaged(h.Name, err)
	}
	d, ok := find(name)
	if _, expected := a.manifest.Tables[name]; !ok || d.transient || !expected {
		return damaged(h.Name, nil)
	}
	a.parts[name] = number
	if a.sums[name] == nil {
		a.sums[name] = sha256.New()
	}
	lines := &lineReader{from: bufio.NewReaderSize(a.content, 64<<10)}
	var head header
	first, err := lines.next()
	if err != nil || json.Unmarshal(first, &head) != nil || len(head.Columns) == 0 || len(head.Columns) != len(head.Types) {
		return damaged(h.Name, err)
	}
	batch := &batch{table: name, columns: head.Columns, send: a.to.rows}
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damaged(h.Name, err)
		}
		a.sums[name].Write(line)
		a.rows[name]++
		a.done++
		values, err := decodeRow(line, head.Types)
		if err != nil {
			return damaged(h.Name, err)
		}
		if err := batch.add(values, len(line)); err != nil {
			return err
		}
	}
	a.progress.tell(StepRows, a.done, a.manifest.Rows())
	return batch.flush()
}

// compare holds what was read against the manifest and the end.
func (a *reader) compare(end End) error {
	for name, want := range a.manifest.Tables {
		sum := a.sums[name]
		if sum == nil || a.rows[name] != want || hexOf(sum) != end.Tables[name] {
			return damaged("table "+name, nil)
		}
	}
	if len(end.Tables) != len(a.manifest.Tables) {
		return damaged(endName, nil)
	}
	if a.blobs != end.Blobs || end.Blobs+int64(len(end.Missing)) != a.manifest.Blobs {
		return damaged("files", nil)
	}
	if !slices.Equal(a.extras, a.manifest.ExtraNames) {
		return damaged(extraFolder, nil)
	}
	return nil
}

// batch gathers rows so that one statement inserts many.
type batch struct {
	table   string
	columns []string
	rows    [][]any
	bytes   int
	send    func(table string, columns []string, rows [][]any) error
}

func (b *batch) add(row []any, size int) error {
	b.rows = append(b.rows, row)
	b.bytes += size
	// Both dialects take 32,766 parameters; a few hundred are enough to be quick.
	if (len(b.rows)+1)*len(b.columns) > 600 || b.bytes > 1<<20 {
		return b.flush()
	}
	return nil
}

func (b *batch) flush() error {
	if len(b.rows) == 0 {
		return nil
	}
	rows := b.rows
	b.rows, b.bytes = nil, 0
	if b.send == nil {
		return nil
	}
	if err := b.send(b.table, b.columns, rows); err != nil {
		return fmt.Errorf("backup: table %s: %w", b.table, err)
	}
	return nil
}

// lineReader gives whole lines with their ends, of rowLimit bytes at most. Each
// byte is looked at once.
type lineReader struct {
	from *bufio.Reader
	line []byte
}

func (l *lineReader) next() ([]byte, error) {
	l.line = l.line[:0]
	for {
		piece, err := l.from.ReadSlice('\n')
		l.line = append(l.line, piece...)
		switch {
		case len(l.line) > rowLimit:
			return nil, fmt.Errorf("a line of more than %d bytes", rowLimit)
		case err == nil:
			return l.line, nil
		case errors.Is(err, io.EOF) && len(l.line) > 0:
			return nil, io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// signed says whether the archive, read to its end, bears the signature of an
// installation.
func (a *reader) signed(by ed25519.PublicKey, end End) bool {
	message, err := endMessage(a.digest, end)
	return err == nil && ed25519.Verify(by, message, end.Signature)
}
