package journal

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// Copying says what a copy of the journal holds.
type Copying struct {
	Format  string `json:"format" enum:"markdown,site"`
	Scope   string `json:"scope" enum:"public,school" doc:"What everybody reads, or what the whole school reads: what is for a group is in neither."`
	Licence string `json:"licence,omitempty" maxLength:"200" doc:"Written in each file."`
}

// CopyPlan is how much a copy would hold.
type CopyPlan struct {
	Pieces    int   `json:"pieces"`
	Additions int   `json:"additions"`
	Files     int   `json:"files"`
	Bytes     int64 `json:"bytes" doc:"Of its pictures and documents."`
	Held      int   `json:"held" doc:"Files left out: nobody has looked at them yet."`
	Removed   int   `json:"removed" doc:"Files left out: taken down."`
}

// Sink gives where a file of a copy is written, by its path.
type Sink func(name string) (io.Writer, error)

// copied is a reading of the journal for a copy.
type copied struct {
	viewer  viewer
	licence string
}

type copyKey struct{}

func copyOf(ctx context.Context) *copied {
	c, _ := ctx.Value(copyKey{}).(*copied)
	return c
}

// mostCopied bounds the pieces and the pages of a copy.
const mostCopied = 100_000

// viewerFor is what a copy of a scope may show.
func viewerFor(scope string) viewer {
	if scope == "school" {
		return viewer{most: ToSchool}
	}
	return viewer{most: ToPublic}
}

func (c *Copying) check() error {
	if c.Format != "markdown" && c.Format != "site" {
		return missing("format")
	}
	if c.Scope == "" {
		c.Scope = "public"
	}
	var err error
	c.Licence, err = line(c.Licence, 200, "licence")
	return err
}

// copying finds the journal and what a copy of it may show.
func (s *Service) copying(ctx context.Context, school string, c *Copying) (journal, viewer, error) {
	if err := c.check(); err != nil {
		return journal{}, viewer{}, err
	}
	j, err := s.journalOf(ctx, s.db.Reader(), school)
	if err != nil {
		return j, viewer{}, err
	}
	v := viewerFor(c.Scope).capped(j.Widest)
	if v.shut || c.Scope == "public" && !j.Opened {
		return j, v, fault.New(fault.Conflict, "movers.nothing_public")
	}
	return j, v, nil
}

// PlanCopy says how much a copy would hold.
func (s *Service) PlanCopy(ctx context.Context, school string, c Copying) (CopyPlan, error) {
	var out CopyPlan
	_, v, err := s.copying(ctx, school, &c)
	if err != nil {
		return out, err
	}
	err = s.db.Snapshot(ctx, func(q store.Queryer) error {
		a := args{school, s.now()}
		seen := "p.school_id = $1 AND " + shown + " AND p.published_at <= $2 AND " + v.where(&a)
		if err := q.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(p.additions), 0) FROM journal_piece p WHERE "+seen, a...).Scan(&out.Pieces, &out.Additions); err != nil {
			return err
		}
		const stands = "f.removed_at IS NULL AND f.held = 0"
		return q.QueryRowContext(ctx, "SELECT coalesce(sum(CASE WHEN "+stands+" THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN "+stands+" THEN f.size ELSE 0 END), 0), coalesce(sum(f.held), 0), coalesce(sum(CASE WHEN f.removed_at IS NOT NULL THEN 1 ELSE 0 END), 0) "+
			"FROM journal_file f WHERE f.id IN (SELECT u.file_id FROM journal_use u JOIN journal_piece p ON p.id = u.piece_id WHERE "+seen+")", a...).Scan(&out.Files, &out.Bytes, &out.Held, &out.Removed)
	})
	return out, err
}

// Copy writes the journal into files, and tells how far it has come. What was
// withdrawn, hidden or never looked at is not in it.
func (s *Service) Copy(ctx context.Context, school string, c Copying, sink Sink, tell func(step, total int) error) error {
	j, v, err := s.copying(ctx, school, &c)
	if err != nil {
		return err
	}
	plan, err := s.PlanCopy(ctx, school, c)
	if err != nil {
		return err
	}
	ctx = context.WithValue(ctx, copyKey{}, &copied{v, c.Licence})
	step := 0
	one := func() error {
		step++
		return tell(min(step, plan.Pieces), plan.Pieces)
	}
	if c.Format == "markdown" {
		return s.copyMarkdown(ctx, j, v, c, sink, one)
	}
	return s.copySite(ctx, j, v, sink, one)
}

// AuditCopy writes that somebody takes a copy.
func (s *Service) AuditCopy(ctx context.Context, school, staff string, c Copying) error {
	kind := "staff"
	if staff == "" {
		kind = "system"
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		return store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: kind, ActorID: staff, Act: "journal.export", SubjectKind: "journal", SubjectID: school, Detail: map[string]string{"scope": c.Scope}})
	})
}

// ZipSink writes the files of a copy into a zip.
func ZipSink(z *zip.Writer, at time.Time) Sink {
	return func(name string) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
	}
}

// copyFile writes a file of the journal, or says that it does not stand any more.
func (s *Service) copyFile(ctx context.Context, school, id string, sink Sink, name func(File) string) (string, bool, error) {
	f, err := fileBy(ctx, s.db.Reader(), school, id)
	if fault.Is(err, fault.NotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	if f.RemovedAt != nil || f.Held || f.blob == nil {
		return "", false, nil
	}
	in, _, err := s.blobs.Open(ctx, school, *f.blob)
	if fault.Is(err, fault.NotFound) { // taken down since
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	at := name(f)
	out, err := sink(at)
	if err == nil {
		_, err = io.Copy(out, in)
	}
	return at, true, errors.Join(err, in.Close())
}

// fileName is a file's path in a copy: its id, and what it is.
func fileName(f File) string {
	switch f.MediaType {
	case "image/jpeg":
		return "images/" + f.ID + ".jpg"
	case "image/png":
		return "images/" + f.ID + ".png"
	}
	return "documents/" + f.ID + ".pdf"
}
