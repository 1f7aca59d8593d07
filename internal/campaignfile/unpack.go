package campaignfile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
)

// Views are the questions in clear, in order.
func (f *File) Views() ([]View, error) {
	var out []View
	for i, p := range f.Manifest.Parts {
		if p.Role != Question {
			break
		}
		var v View
		if err := json.Unmarshal(f.parts[i], &v); err != nil || v.Public == nil {
			return nil, damaged()
		}
		for _, at := range v.Files {
			if _, _, ok := f.Asset(at); !ok {
				return nil, damaged()
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// Asset is a picture or a sound in clear, by the number of its part.
func (f *File) Asset(part int) (data []byte, kind string, ok bool) {
	if part < 0 || part >= len(f.parts) || f.Manifest.Parts[part].Role != Asset {
		return nil, "", false
	}
	return f.parts[part], f.Manifest.Parts[part].Media, true
}

// Package is the test as a content package of QTI: the same bytes each time.
func (o *Opened) Package() ([]byte, error) {
	f := o.file
	box, err := aead(o.key)
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(nil, nil, f.parts[len(f.parts)-1], sealed(f.Manifest.ID, f.Manifest.Edition))
	if err != nil {
		return nil, damaged()
	}
	index, body, err := readIndex(plain)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	seen := map[string]bool{}
	total := 0
	for _, e := range index {
		folded := strings.ToLower(e.Path)
		if !soundPath(e.Path) || seen[folded] {
			return nil, damaged()
		}
		seen[folded] = true
		var data []byte
		switch {
		case e.Part != nil:
			var ok bool
			if data, _, ok = f.Asset(*e.Part); !ok || e.Size != 0 {
				return nil, damaged()
			}
		case e.Size < 0 || e.Size > len(body):
			return nil, damaged()
		default:
			data, body = body[:e.Size], body[e.Size:]
		}
		// An asset may be named more than once: what comes out is bounded too.
		if total += len(data); total > MaxFile {
			return nil, tooLarge()
		}
		method := zip.Deflate
		if mediaOf(e.Path) != "" {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.Path, Method: method})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	if len(body) > 0 {
		return nil, damaged()
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func readIndex(plain []byte) (index []entry, body []byte, err error) {
	if len(plain) < 4 {
		return nil, nil, damaged()
	}
	size := int(binary.BigEndian.Uint32(plain))
	plain = plain[4:]
	if size > maxManifest || size > len(plain) {
		return nil, nil, damaged()
	}
	if err := strict(plain[:size], &index); err != nil || len(index) > maxParts {
		return nil, nil, damaged()
	}
	return index, plain[size:], nil
}

// soundPath says whether a path stays in the package on any system.
func soundPath(name string) bool {
	return len(name) <= maxLine && fs.ValidPath(name) && name != "." && path.Clean(name) == name && !strings.ContainsAny(name, "\\:\x00")
}
