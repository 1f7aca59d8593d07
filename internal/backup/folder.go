package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"filippo.io/age"

	"preau/internal/store"
)

// stamp is how an archive's name tells its time, in UTC.
const stamp = "20060102T150405Z"

var (
	archiveName = regexp.MustCompile(`^preau-(\d{8}T\d{6}Z)-s(\d+)(?:-\d+)?\.tar\.gz\.age$`)
	partName    = regexp.MustCompile(`^preau-.*\.part$`)
)

// Archive is a finished archive in a folder.
type Archive struct {
	Path   string
	At     time.Time // when it was begun
	Schema int64
	Size   int64 // bytes
}

// Create makes an archive in a folder, which is made if needed. It has its name
// only once it is whole and on disk.
func Create(ctx context.Context, db *store.DB, blobs store.Blobs, folder string, recipients []age.Recipient, o Options) (path string, report Report, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", Report{}, fmt.Errorf("backup: folder: %w", err)
	}
	f, err := os.CreateTemp(folder, "preau-*.part")
	if err != nil {
		return "", Report{}, fmt.Errorf("backup: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	report, err = Write(ctx, db, blobs, f, recipients, o)
	if err != nil {
		return "", Report{}, err
	}
	if err := f.Sync(); err != nil {
		return "", Report{}, fmt.Errorf("backup: %w", err)
	}
	base := fmt.Sprintf("preau-%s-s%d", report.CreatedAt.Format(stamp), report.Schema)
	// The name is taken with an empty file, which List passes over, so that two
	// backups at once do not replace each other.
	for n := 1; ; n++ {
		path = filepath.Join(folder, base+".tar.gz.age")
		if n > 1 {
			path = filepath.Join(folder, base+"-"+strconv.Itoa(n)+".tar.gz.age")
		}
		var place *os.File
		if place, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			err = place.Close()
			break
		}
		if !errors.Is(err, os.ErrExist) {
			break
		}
	}
	if err == nil {
		err = errors.Join(f.Close(), os.Rename(f.Name(), path), syncFolder(folder))
	}
	if err != nil {
		return "", Report{}, fmt.Errorf("backup: %w", err)
	}
	return path, report, nil
}

// List lists the archives of a folder, newest first; none when there is no
// folder.
func List(folder string) ([]Archive, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	var list []Archive
	for _, e := range entries {
		m := archiveName.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		at, err := time.Parse(stamp, m[1])
		if err != nil {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("backup: %w", err)
		}
		schema, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil || info.Size() == 0 {
			continue
		}
		list = append(list, Archive{Path: filepath.Join(folder, e.Name()), At: at, Schema: schema, Size: info.Size()})
	}
	slices.SortFunc(list, func(a, b Archive) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		if a.Path > b.Path {
			return -1
		}
		return 1
	})
	return list, nil
}

// Keep says which archives stay. A zero means no limit.
type Keep struct {
	Count int           // so many of the newest
	Age   time.Duration // none that is older
}

// Prune removes the archives of a folder that Keep does not keep, and what
// interrupted backups left more than a day ago. The newest archive always stays.
// It returns the paths that it removed.
func Prune(folder string, keep Keep, now time.Time) (removed []string, err error) {
	list, err := List(folder)
	if err != nil {
		return nil, err
	}
	for i, a := range list {
		if i > 0 && (keep.Count > 0 && i >= keep.Count || keep.Age > 0 && now.Sub(a.At) > keep.Age) {
			removed = append(removed, a.Path)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("backup: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && partName.MatchString(e.Name()) && now.Sub(info.ModTime()) > 24*time.Hour {
			removed = append(removed, filepath.Join(folder, e.Name()))
		}
	}
	for i, path := range removed {
		if err := os.Remove(path); err != nil {
			return removed[:i], fmt.Errorf("backup: %w", err)
		}
	}
	return removed, nil
}
