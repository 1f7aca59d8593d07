package question

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// shelf gives the bytes of a path: what a package is written from, in place of a
// folder. It fails with fs.ErrNotExist.
type shelf func(name string) ([]byte, error)

// Open implements fs.FS.
func (s shelf) Open(name string) (fs.File, error) {
	data, err := s(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &memory{bytes.NewReader(data), path.Base(name), int64(len(data))}, nil
}

// memory is an open file.
type memory struct {
	*bytes.Reader
	name string
	size int64
}

func (m *memory) Stat() (fs.FileInfo, error) { return m, nil }
func (m *memory) Close() error               { return nil }
func (m *memory) Name() string               { return m.name }
func (m *memory) Size() int64                { return m.size }
func (m *memory) Mode() fs.FileMode          { return 0o444 }
func (m *memory) ModTime() time.Time         { return time.Time{} }
func (m *memory) IsDir() bool                { return false }
func (m *memory) Sys() any                   { return nil }
