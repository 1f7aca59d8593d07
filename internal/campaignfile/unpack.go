package campaignfile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"path"
	"strings"

	"preau/internal/qti"
)

// Views are the questions in clear, in order.
func (f *File) Views() ([]View, error) {
	var out []View
	for i, p := range f.Manifest.Parts {
		if p.Role != Question {
			break
		}
		v, err := f.Manifest.ReadView(f.parts[i])
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// ReadView reads a question in clear. What it shows is an asset of the file.
func (m *Manifest) ReadView(data []byte) (v View, err error) {
	if err := strict(data, &v); err != nil || v.Public == nil {
		return v, damaged()
	}
	left := maxNodes
	if !soundNodes(v.Public.Body, 0, &left) || !soundNodes(v.Public.Modal, 0, &left) {
		return v, damaged()
	}
	for _, at := range v.Files {
		if at < 0 || at >= len(m.Parts) || m.Parts[at].Role != Asset {
			return v, damaged()
		}
	}
	return v, nil
}

// Limits of what a question shows: its publisher may not be known yet. The
// tool that reads QTI makes nothing deeper.
const (
	maxNodes  = 50_000
	maxNested = 256
)

func soundNodes(nodes []*qti.Node, depth int, left *int) bool {
	if *left -= len(nodes); *left < 0 || depth > maxNested {
		return false
	}
	for _, n := range nodes {
		if n == nil || !soundNodes(n.Children, depth+1, left) {
			return false
		}
	}
	return true
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
