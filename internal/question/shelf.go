package question

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// shelf is the files of the bank under the paths of a package.
type shelf struct {
	files    Files
	contents Contents
	paths    map[string]string // path → id
}

// Open implements fs.FS.
func (s *shelf) Open(name string) (fs.File, error) {
	id, ok := s.paths[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	data, err := s.contents(id)
	if err != nil {
		return nil, err
	}
	return newMemory(name, data), nil
}

// documents is a file system of documents in memory.
type documents map[string][]byte

// Open implements fs.FS.
func (d documents) Open(name string) (fs.File, error) {
	data, ok := d[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return newMemory(name, data), nil
}

// memory is an open file.
type memory struct {
	*bytes.Reader
	name string
	size int64
}

func newMemory(name string, data []byte) *memory {
	return &memory{bytes.NewReader(data), path.Base(name), int64(len(data))}
}

func (m *memory) Stat() (fs.FileInfo, error) { return m, nil }
func (m *memory) Close() error               { return nil }
func (m *memory) Name() string               { return m.name }
func (m *memory) Size() int64                { return m.size }
func (m *memory) Mode() fs.FileMode          { return 0o444 }
func (m *memory) ModTime() time.Time         { return time.Time{} }
func (m *memory) IsDir() bool                { return false }
func (m *memory) Sys() any                   { return nil }
