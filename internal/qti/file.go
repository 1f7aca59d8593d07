package qti

import (
	"io"
	"io/fs"
	"net/url"
)

// readLimited reads a document that is not above MaxDocument.
func readLimited(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadDocument(f)
}

// ReadDocument reads at most MaxDocument bytes and one more, by which the
// readers know that the document is too large.
func ReadDocument(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxDocument+1))
	if err != nil {
		return nil, err
	}
	return data, nil
}

func unescapePath(href string) string {
	if plain, err := url.PathUnescape(href); err == nil {
		return plain
	}
	return href
}
