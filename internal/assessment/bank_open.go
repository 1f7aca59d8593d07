package assessment

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"

	"preau/internal/fault"
	"preau/internal/qti"
)

// open gives a package of the bank, read once and kept a while.
func (s *Service) open(ctx context.Context, school, id string) (*opened, error) {
	s.packages.mu.Lock()
	l := s.packages.open[id]
	if l == nil {
		l = &loading{}
		s.packages.open[id] = l
	}
	s.packages.ticks++
	l.used = s.packages.ticks
	s.packages.mu.Unlock()
	l.once.Do(func() { l.pkg, l.err = s.read(context.WithoutCancel(ctx), school, id) })
	if l.err != nil {
		s.packages.mu.Lock()
		if s.packages.open[id] == l {
			delete(s.packages.open, id)
		}
		s.packages.mu.Unlock()
		return nil, l.err
	}
	s.forgetOldest()
	return l.pkg, nil
}

// forgetOldest keeps memory bounded. A package in use stays with those who use it.
func (s *Service) forgetOldest() {
	s.packages.mu.Lock()
	defer s.packages.mu.Unlock()
	for len(s.packages.open) > keptOpen {
		oldest := ""
		for id, l := range s.packages.open {
			if oldest == "" || l.used < s.packages.open[oldest].used {
				oldest = id
			}
		}
		delete(s.packages.open, oldest)
	}
}

func (s *Service) read(ctx context.Context, school, id string) (*opened, error) {
	var blobID string
	err := s.db.Reader().QueryRowContext(ctx, `SELECT blob_id FROM test_package WHERE id = $1 AND school_id = $2`, id, school).Scan(&blobID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noPackage()
	}
	if err != nil {
		return nil, err
	}
	content, _, err := s.blobs.Open(ctx, school, blobID)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	data, err := io.ReadAll(io.LimitReader(content, maxUpload+1))
	if err != nil {
		return nil, err
	}
	read := qti.ReadPackage("package.zip", bytes.NewReader(data), int64(len(data)))
	pkg, _ := fit(read)
	if pkg == nil {
		return nil, fault.New(fault.Unavailable, "assessment.package_unreadable")
	}
	pkg.id = id
	for file := range pkg.names {
		pkg.name(s, file)
	}
	return pkg, nil
}
