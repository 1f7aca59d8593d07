package bring

import (
	"archive/zip"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"preau/internal/fault"
)

// Limits of a zip.
const (
	maxEntries  = 50_000
	maxUnpacked = 4 << 30 // bytes of all files together
	maxRatio    = 200     // unpacked to packed, beyond the first 16 MiB
	maxPicture  = 12 << 20
)

// Pack is a zip whose entries were looked at before anything was unpacked.
type Pack struct {
	files map[string]*zip.File // by path in small letters
	bases map[string][]*zip.File
	order []*zip.File
}

// OpenPack refuses a zip that leads out of itself, lies or explodes.
func OpenPack(r io.ReaderAt, size int64) (*Pack, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, refused("movers.zip_unreadable")
	}
	if len(z.File) > maxEntries {
		return nil, fault.New(fault.TooLarge, "movers.zip_entries", "count", maxEntries).At("file")
	}
	p := &Pack{files: map[string]*zip.File{}, bases: map[string][]*zip.File{}}
	var total uint64
	for _, f := range z.File {
		name := strings.TrimSuffix(f.Name, "/")
		lower := strings.ToLower(name)
		total += f.UncompressedSize64
		switch {
		case !fs.ValidPath(name) || strings.ContainsAny(name, "\\:") || oneLine(name) != name || len(name) > 400:
			return nil, refused("movers.zip_path", "name", clip(f.Name, maxWhat))
		case f.Mode()&^(fs.ModePerm|fs.ModeDir) != 0:
			return nil, refused("movers.zip_special", "name", clip(f.Name, maxWhat))
		case f.Flags&1 != 0:
			return nil, refused("movers.zip_locked", "name", clip(f.Name, maxWhat))
		case p.files[lower] != nil:
			return nil, refused("movers.zip_twice", "name", clip(f.Name, maxWhat))
		case total > maxUnpacked || f.UncompressedSize64 > maxUnpacked:
			return nil, fault.New(fault.TooLarge, "movers.zip_large", "limit", maxUnpacked>>30).At("file")
		}
		if f.FileInfo().IsDir() {
			continue
		}
		if strings.HasPrefix(lower, "__macosx/") {
			continue
		}
		p.files[lower] = f
		p.order = append(p.order, f)
		base := path.Base(lower)
		p.bases[base] = append(p.bases[base], f)
	}
	if total > 16<<20 && total > maxRatio*uint64(max(size, 1)) {
		return nil, refused("movers.zip_bomb", "count", maxRatio)
	}
	return p, nil
}

// Count is how many files it has.
func (p *Pack) Count() int {
	if p == nil {
		return 0
	}
	return len(p.files)
}

// export is the first file that may be an export.
func (p *Pack) export() *zip.File {
	var best *zip.File
	for _, f := range p.order {
		lower := strings.ToLower(f.Name)
		for _, end := range []string{".xml", ".xml.gz", ".atom", ".rss", ".sqlite", ".sqlite3", ".db"} {
			if strings.HasSuffix(lower, end) && (best == nil || f.UncompressedSize64 > best.UncompressedSize64) {
				best = f
			}
		}
	}
	return best
}

// small is the size that WordPress adds to the name of a picture's smaller copy.
var small = regexp.MustCompile(`-\d{1,5}x\d{1,5}(\.[a-z]{3,4})$`)

// find looks for the file that an address meant: by the end of its path, the
// longer the better, and by its name alone when there is but one.
func (p *Pack) find(ref string) *zip.File {
	if p == nil {
		return nil
	}
	u, err := url.Parse(ref)
	if err != nil {
		return nil
	}
	at := strings.Trim(strings.ToLower(path.Clean("/"+u.Path)), "/")
	for _, name := range []string{small.ReplaceAllString(at, "$1"), at} {
		for rest := name; rest != ""; {
			if f := p.files[rest]; f != nil {
				return f
			}
			_, after, more := strings.Cut(rest, "/")
			if !more {
				break
			}
			rest = after
		}
		if found := p.bases[path.Base(name)]; len(found) == 1 {
			return found[0]
		}
	}
	return nil
}

// Has says whether the file that an address means is there.
func (p *Pack) Has(ref string) bool { return p.find(ref) != nil }

// Open gives that file with its name. It ends where a file of the journal must.
func (p *Pack) Open(ref string) (name string, content io.ReadCloser, err error) {
	f := p.find(ref)
	if f == nil {
		return "", nil, fs.ErrNotExist
	}
	r, err := f.Open()
	if err != nil {
		return "", nil, refused("movers.zip_damaged", "name", clip(f.Name, maxWhat))
	}
	return path.Base(f.Name), struct {
		io.Reader
		io.Closer
	}{io.LimitReader(r, maxPicture+1), r}, nil
}

// whole reads an entry that is not longer than a limit.
func whole(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, refused("movers.zip_damaged", "name", clip(f.Name, maxWhat))
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, refused("movers.zip_damaged", "name", clip(f.Name, maxWhat))
	}
	if int64(len(data)) > limit {
		return nil, fault.New(fault.TooLarge, "movers.large", "limit", limit>>20).At("file")
	}
	return data, nil
}
