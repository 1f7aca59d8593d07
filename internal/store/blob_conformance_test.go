package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// blobsUnderTest is an implementation of the seam and what a test does to it
// from outside.
type blobsUnderTest struct {
	store.Blobs
	db     *store.DB
	damage func(id string, change func([]byte) []byte)
	stored func() int // contents, described or not, finished or not
}

func folderUnderTest(t *testing.T, db *store.DB) blobsUnderTest {
	dir := filepath.Join(t.TempDir(), "files")
	f, err := store.NewFolder(db, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return blobsUnderTest{
		Blobs: f,
		db:    db,
		damage: func(id string, change func([]byte) []byte) {
			path := filepath.Join(dir, id[32:34], id[34:36], id)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, change(b), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		stored: func() (n int) {
			filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					n++
				}
				return err
			})
			return n
		},
	}
}

func eachBlobs(t *testing.T, f func(t *testing.T, b blobsUnderTest)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, folderUnderTest(t, db)) })
}

func meta(school string) store.BlobMeta {
	return store.BlobMeta{SchoolID: school, Kind: "slide", MediaType: "application/pdf"}
}

func TestBlobRoundTrip(t *testing.T) {
	eachBlobs(t, func(t *testing.T, b blobsUnderTest) {
		ctx := t.Context()
		for _, content := range [][]byte{nil, {0}, []byte("été"), bytes.Repeat([]byte{1, 2, 3}, 1<<20)} {
			blob, err := b.Put(ctx, meta("s"), iotest.HalfReader(bytes.NewReader(content)))
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(content)
			if blob.Size != int64(len(content)) || blob.SHA256 != hex.EncodeToString(sum[:]) || blob.SchoolID != "s" ||
				blob.Kind != "slide" || blob.MediaType != "application/pdf" || blob.CreatedAt == 0 {
				t.Errorf("described as %+v", blob)
			}
			r, found, err := b.Open(ctx, "s", blob.ID)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, content) || found != blob {
				t.Errorf("%d bytes read of %d, %v, %+v", len(got), len(content), err, found)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestBlobsOfAnotherSchoolAreNotFound(t *testing.T) {
	eachBlobs(t, func(t *testing.T, b blobsUnderTest) {
		ctx := t.Context()
		blob, err := b.Put(ctx, meta("s"), strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ school, id string }{
			{"other", blob.ID}, {"", blob.ID}, {"s", store.NewID()}, {"s", ""}, {"s", "../../preau.db"}, {"s", strings.ToUpper(blob.ID)},
		} {
			if _, _, err := b.Open(ctx, c.school, c.id); !fault.Is(err, fault.NotFound) {
				t.Errorf("open %q of %q: %v", c.id, c.school, err)
			}
			if err := b.Delete(ctx, c.school, c.id); !fault.Is(err, fault.NotFound) {
				t.Errorf("delete %q of %q: %v", c.id, c.school, err)
			}
		}
		if err := b.Delete(ctx, "s", blob.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.Open(ctx, "s", blob.ID); !fault.Is(err, fault.NotFound) || b.stored() != 0 {
			t.Errorf("after Delete: %v, %d contents", err, b.stored())
		}
	})
}

func TestBlobLimits(t *testing.T) {
	eachBlobs(t, func(t *testing.T, b blobsUnderTest) {
		ctx := t.Context()
		m := meta("s")
		m.Limit = 10
		if _, err := b.Put(ctx, m, strings.NewReader("0123456789")); err != nil {
			t.Error(err)
		}
		if _, err := b.Put(ctx, m, strings.NewReader("0123456789a")); !fault.Is(err, fault.TooLarge) {
			t.Errorf("above the limit: %v", err)
		}
		broken := errors.New("the client left")
		if _, err := b.Put(ctx, m, io.MultiReader(strings.NewReader("01"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
			t.Errorf("a reader that fails: %v", err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := b.Put(ended, m, strings.NewReader("01")); !errors.Is(err, context.Canceled) {
			t.Errorf("an ended context: %v", err)
		}
		page, err := store.BlobPage(ctx, b.db.Reader(), "", 10)
		if err != nil || len(page) != 1 || b.stored() != 1 {
			t.Errorf("%d described, %d contents, %v; want the first alone", len(page), b.stored(), err)
		}
	})
}

func TestDamagedBlobsAreSeen(t *testing.T) {
	eachBlobs(t, func(t *testing.T, b blobsUnderTest) {
		ctx := t.Context()
		for name, change := range map[string]func([]byte) []byte{
			"a bit":     func(c []byte) []byte { c[len(c)/2] ^= 1; return c },
			"shortened": func(c []byte) []byte { return c[:len(c)-1] },
			"longer":    func(c []byte) []byte { return append(c, 0) },
			"empty":     func([]byte) []byte { return nil },
		} {
			blob, err := b.Put(ctx, meta("s"), strings.NewReader(strings.Repeat("content ", 10_000)))
			if err != nil {
				t.Fatal(err)
			}
			b.damage(blob.ID, change)
			r, _, err := b.Open(ctx, "s", blob.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, r); fault.Of(err) == nil || fault.Of(err).Key != "store.blob_damaged" {
				t.Errorf("%s: read with %v", name, err)
			}
			r.Close()
		}
	})
}

func TestPlaceAndDrop(t *testing.T) {
	eachBlobs(t, func(t *testing.T, b blobsUnderTest) {
		ctx := t.Context()
		sum := sha256.Sum256([]byte("content"))
		blob := store.Blob{ID: store.NewID(), SchoolID: "s", Size: 7, SHA256: hex.EncodeToString(sum[:])}
		for _, wrong := range []string{"conten", "content!", "Content", ""} {
			if err := b.Place(ctx, blob, strings.NewReader(wrong)); err == nil {
				t.Errorf("placed %q", wrong)
			}
		}
		if b.stored() != 0 {
			t.Errorf("%d contents left", b.stored())
		}
		for range 2 {
			if err := b.Place(ctx, blob, strings.NewReader("content")); err != nil {
				t.Fatal(err)
			}
		}
		r, err := b.Content(ctx, blob)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); string(got) != "content" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
		r.Close()
		for range 2 {
			if err := b.Drop(ctx, blob.ID); err != nil {
				t.Fatal(err)
			}
		}
		if b.stored() != 0 {
			t.Errorf("%d contents left", b.stored())
		}
	})
}

func TestSweepRemovesWhatIsNotDescribed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		b := folderUnderTest(t, db)
		kept, err := b.Put(ctx, meta("s"), strings.NewReader("kept"))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte("orphan"))
		orphan := store.Blob{ID: store.NewID(), Size: 6, SHA256: hex.EncodeToString(sum[:])}
		if err := b.Place(ctx, orphan, strings.NewReader("orphan")); err != nil {
			t.Fatal(err)
		}
		folder := b.Blobs.(*store.Folder)
		if n, err := folder.Sweep(ctx, time.Hour); n != 0 || err != nil || b.stored() != 2 {
			t.Errorf("young contents: removed %d, %v", n, err)
		}
		if n, err := folder.Sweep(ctx, -time.Hour); n != 1 || err != nil || b.stored() != 1 {
			t.Errorf("removed %d, %v; %d left", n, err, b.stored())
		}
		if _, _, err := b.Open(ctx, "s", kept.ID); err != nil {
			t.Error(err)
		}
	})
}
