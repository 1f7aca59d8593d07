package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/google/uuid"

	"preau/internal/fault"
)

// tempFolder holds contents that are being written.
const tempFolder = "tmp"

// Folder keeps blobs in a folder, at <2 hex>/<2 hex>/<id>. A content is written
// under tmp, synced, moved into place and its folder synced, before its
// description is written: a description always has its content, and a crash
// leaves at most a content without description, which Sweep removes.
type Folder struct {
	db   *DB
	root *os.Root
}

// NewFolder opens the folder dir, made with mode 0700 when absent.
func NewFolder(db *DB, dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("store: folder of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("store: folder of files: %w", err)
	}
	return &Folder{db: db, root: root}, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Put keeps all of r; see Blobs.
func (f *Folder) Put(ctx context.Context, meta BlobMeta, r io.Reader) (Blob, error) {
	limit := meta.Limit
	if limit <= 0 {
		limit = DefaultBlobLimit
	}
	b := Blob{ID: NewID(), SchoolID: meta.SchoolID, Kind: meta.Kind, MediaType: meta.MediaType, CreatedAt: f.db.Now()}
	sum := sha256.New()
	size, err := f.write(b.ID, io.TeeReader(io.LimitReader(under(ctx, r), limit+1), sum), func(size int64) error {
		if size > limit {
			return fault.New(fault.TooLarge, "store.blob_too_large", "limit", (limit+1<<20-1)>>20)
		}
		return nil
	})
	if err != nil {
		return Blob{}, err
	}
	b.Size, b.SHA256 = size, hex.EncodeToString(sum.Sum(nil))
	if err := f.db.Write(ctx, func(tx Queryer) error { return insertBlob(ctx, tx, b) }); err != nil {
		return Blob{}, errors.Join(err, f.Drop(ctx, b.ID))
	}
	return b, nil
}

// Open gives the content of a school's blob; see Blobs.
func (f *Folder) Open(ctx context.Context, schoolID, id string) (io.ReadCloser, Blob, error) {
	b, err := FindBlob(ctx, f.db.Reader(), schoolID, id)
	if err != nil {
		return nil, Blob{}, err
	}
	r, err := f.Content(ctx, b)
	return r, b, err
}

// Delete forgets a school's blob; see Blobs.
func (f *Folder) Delete(ctx context.Context, schoolID, id string) error {
	if err := f.db.Write(ctx, func(tx Queryer) error { return deleteBlob(ctx, tx, schoolID, id) }); err != nil {
		return err
	}
	return f.Drop(ctx, id)
}

// Content opens what b describes; see Blobs.
func (f *Folder) Content(_ context.Context, b Blob) (io.ReadCloser, error) {
	name, err := blobPath(b.ID)
	if err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, blobMissing().Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("store: blob: %w", err)
	}
	return &checked{file: file, sum: sha256.New(), want: b}, nil
}

// Place keeps a content that fits b; see Blobs.
func (f *Folder) Place(ctx context.Context, b Blob, r io.Reader) error {
	sum := sha256.New()
	_, err := f.write(b.ID, io.TeeReader(io.LimitReader(under(ctx, r), b.Size+1), sum), func(size int64) error {
		if size != b.Size || hex.EncodeToString(sum.Sum(nil)) != b.SHA256 {
			return fault.New(fault.Invalid, "store.blob_damaged")
		}
		return nil
	})
	return err
}

// Drop removes a content; see Blobs.
func (f *Folder) Drop(_ context.Context, id string) error {
	name, err := blobPath(id)
	if err != nil {
		return err
	}
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: blob: %w", err)
	}
	return nil
}

// write puts r in the place of id if accept agrees with its size.
func (f *Folder) write(id string, r io.Reader, accept func(size int64) error) (size int64, err error) {
	name, err := blobPath(id)
	if err != nil {
		return 0, err
	}
	if err := f.folder(tempFolder); err != nil {
		return 0, err
	}
	temp := path.Join(tempFolder, NewID())
	file, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("store: blob: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), f.root.Remove(temp))
		}
	}()
	if size, err = io.Copy(file, r); err != nil {
		return 0, fmt.Errorf("store: blob: %w", err)
	}
	if err := accept(size); err != nil {
		return 0, err
	}
	if err := file.Sync(); err != nil {
		return 0, fmt.Errorf("store: blob: %w", err)
	}
	outer, inner := path.Dir(path.Dir(name)), path.Dir(name)
	for _, dir := range []string{outer, inner} {
		if err := f.folder(dir); err != nil {
			return 0, err
		}
	}
	if err := f.root.Rename(temp, name); err != nil {
		return 0, fmt.Errorf("store: blob: %w", err)
	}
	// Closing after a sync has nothing left to lose.
	_ = file.Close()
	return size, f.sync(inner)
}

// folder makes dir if needed, and then makes that durable.
func (f *Folder) folder(dir string) error {
	err := f.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: blob: %w", err)
	}
	return f.sync(path.Dir(dir))
}

func (f *Folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return fmt.Errorf("store: blob: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("store: blob: %w", err)
	}
	return nil
}

// Sweep removes contents that have no description and were last written before
// olderThan ago, so that those being put are left alone. It returns how many it
// removed.
func (f *Folder) Sweep(ctx context.Context, olderThan time.Duration) (removed int, err error) {
	before := f.db.clock.Now().Add(-olderThan)
	err = fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || info.ModTime().After(before) {
			return err
		}
		var n int
		if path.Dir(name) != tempFolder {
			err := f.db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM blob WHERE id = $1", path.Base(name)).Scan(&n)
			if err != nil {
				return err
			}
		}
		if n > 0 {
			return nil
		}
		removed++
		return f.root.Remove(name)
	})
	if err != nil {
		return removed, fmt.Errorf("store: sweep: %w", err)
	}
	return removed, nil
}

// blobPath spreads contents over folders by the random end of their ids. Only a
// UUID in its usual form names a content.
func blobPath(id string) (string, error) {
	u, err := uuid.Parse(id)
	if err != nil || u.String() != id {
		return "", blobMissing()
	}
	return path.Join(id[32:34], id[34:36], id), nil
}

// checked compares a content with its description while it is read.
type checked struct {
	file *os.File
	sum  hash.Hash
	read int64
	want Blob
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	c.sum.Write(p[:n])
	c.read += int64(n)
	if errors.Is(err, io.EOF) && (c.read != c.want.Size || hex.EncodeToString(c.sum.Sum(nil)) != c.want.SHA256) {
		err = fault.New(fault.Unavailable, "store.blob_damaged")
	}
	return n, err
}

func (c *checked) Close() error { return c.file.Close() }

// under ends reading with ctx.
func under(ctx context.Context, r io.Reader) io.Reader { return &bound{ctx: ctx, r: r} }

type bound struct {
	ctx context.Context
	r   io.Reader
}

func (b *bound) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.r.Read(p)
}
