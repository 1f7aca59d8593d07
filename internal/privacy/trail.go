package privacy

import (
	"context"
	"strings"

	"preau/internal/store"
)

// trailScan bounds how many entries one page of a filtered trail reads.
const trailScan = 5000

// TrailFilter narrows the trail; empty fields let everything through.
type TrailFilter struct {
	Act     string // the start of an act: "seat." or "seat.secret"
	Actor   string // id of staff or seat
	Subject string // id
	Since   int64  // UTC milliseconds
}

func (f TrailFilter) keeps(e store.AuditEntry) bool {
	return strings.HasPrefix(e.Act, f.Act) && (f.Actor == "" || e.ActorID == f.Actor) && (f.Subject == "" || e.SubjectID == f.Subject) && e.At >= f.Since
}

// Trail reads a school's audit trail, newest first, before an entry's id. next is
// empty at the end; a page may be short while there is more.
func (s *Service) Trail(ctx context.Context, school, before string, limit int, f TrailFilter) (page []store.AuditEntry, next string, err error) {
	page = []store.AuditEntry{}
	for read := 0; read < trailScan; {
		some, err := store.AuditPage(ctx, s.db.Reader(), school, before, 500)
		if err != nil || len(some) == 0 {
			return page, "", err
		}
		for _, e := range some {
			if e.At < f.Since {
				return page, "", nil
			}
			before = e.ID
			if !f.keeps(e) {
				continue
			}
			if page = append(page, e); len(page) == limit {
				return page, before, nil
			}
		}
		read += len(some)
	}
	return page, before, nil
}
