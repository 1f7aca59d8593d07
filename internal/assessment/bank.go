package assessment

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"sync"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/qti"
	"preau/internal/store"
)

const (
	maxUpload   = 64 << 20 // bytes of a package that a school brings
	maxPackages = 500      // of a school
	keptOpen    = 256      // packages in memory: one for each school of a town on its Monday morning
	maxItems    = 2000
	maxFindings = 200
)

// Package is a test of the bank as lists show it. Its content never changes.
type Package struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Items     int    `json:"items"`
	CreatedAt int64  `json:"createdAt"`
	Used      bool   `json:"used" doc:"A campaign gives it."`
	Made      bool   `json:"made" doc:"Put together here, from questions of the bank."`

	test string // identifier of its assessmentTest
}

// PackageDetail is what a test is made of.
type PackageDetail struct {
	Package
	Parts []PartLine `json:"parts" nullable:"false"`
	Lines []ItemLine `json:"questions" nullable:"false"`
}

// PartLine is a testPart: a stage.
type PartLine struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Items  int    `json:"items"`
	Routed bool   `json:"routed" doc:"Given only to those whom a rule sends there."`
}

// ItemLine is a question of a test.
type ItemLine struct {
	Key    string   `json:"key"`
	Part   string   `json:"part"`
	Title  string   `json:"title"`
	Kinds  []string `json:"kinds" nullable:"false" doc:"Classes of its interactions."`
	Skills []string `json:"skills" nullable:"false"`
	Turns  bool     `json:"turns" doc:"It takes several turns."`
	Max    float64  `json:"max"`
}

// Imported is the report of an import.
type Imported struct {
	Package  *PackageDetail `json:"package,omitempty" doc:"Absent when something forbids the import."`
	Findings []Finding      `json:"findings" nullable:"false"`
	More     int            `json:"more" doc:"Findings that are not listed."`
}

// Finding is one thing that is wrong or unusual in a package.
type Finding struct {
	File     string `json:"file"`
	Line     int    `json:"line,omitempty"`
	Severity string `json:"severity" enum:"error,warning,note"`
	Clause   string `json:"clause"`
	Message  string `json:"message" doc:"In the caller's language."`
}

// opened is a package in memory: read-only.
type opened struct {
	id    string
	raw   *qti.Package
	test  *qti.Test
	lines []ItemLine
	parts []PartLine
	files map[string]string // public name → path in the package
	names map[string]string // path → public name
}

// packages are those lately used, by id.
type packages struct {
	mu    sync.Mutex
	open  map[string]*loading
	ticks int64
}

// ImportPackage reads a package into a school's bank. When something makes it
// unfit to be given, nothing is kept and the findings say what.
func (s *Service) ImportPackage(ctx context.Context, school, by string, data []byte) (Imported, error) {
	return s.bring(ctx, school, by, store.NewID(), data, func(tx store.Queryer, id string) error {
		return s.audit(ctx, tx, school, "test_package.import", "test_package", id, nil)
	})
}

// bring keeps a package that is fit to be given, under the id; with does the rest
// in the same transaction.
func (s *Service) bring(ctx context.Context, school, by, id string, data []byte, with func(tx store.Queryer, id string) error) (Imported, error) {
	out, blob, err := s.prepare(ctx, school, data)
	if err != nil || out.Package == nil {
		return out, err
	}
	out.Package.ID = id
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.keepPackage(ctx, tx, school, by, out.Package, blob); err != nil {
			return err
		}
		return with(tx, id)
	})
	if err != nil {
		return Imported{Findings: out.Findings, More: out.More}, errors.Join(err, s.blobs.Delete(ctx, school, blob.ID))
	}
	return out, nil
}

// prepare reads a package and keeps its content; insertPackage then puts it into
// the bank, or the caller deletes the content.
func (s *Service) prepare(ctx context.Context, school string, data []byte) (out Imported, blob store.Blob, err error) {
	out = Imported{Findings: []Finding{}}
	locale := httpx.Locale(ctx)
	if len(data) > maxUpload {
		return out, blob, fault.New(fault.TooLarge, "assessment.package_large", "limit", maxUpload>>20)
	}
	pkg, findings := asked(data)
	for _, f := range findings {
		if len(out.Findings) == maxFindings {
			out.More = len(findings) - maxFindings
			break
		}
		out.Findings = append(out.Findings, Finding{f.File, f.Line, string(f.Severity), f.Clause, s.texts.T(locale, f.Key, f.Args)})
	}
	if pkg == nil {
		return out, blob, nil
	}
	var count int
	if err := s.db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM test_package WHERE school_id = $1`, school).Scan(&count); err != nil {
		return out, blob, err
	}
	if count >= maxPackages {
		return out, blob, fault.New(fault.Limited, "assessment.bank_full", "count", maxPackages)
	}
	if blob, err = s.blobs.Put(ctx, store.BlobMeta{SchoolID: school, Kind: "test_package", MediaType: "application/zip", Limit: maxUpload}, bytes.NewReader(data)); err != nil {
		return out, blob, err
	}
	line := Package{ID: store.NewID(), Title: pkg.title(), Items: len(pkg.lines), CreatedAt: s.now(), test: pkg.test.Identifier}
	out.Package = &PackageDetail{Package: line, Parts: pkg.parts, Lines: pkg.lines}
	return out, blob, nil
}

func (s *Service) insertPackage(ctx context.Context, tx store.Queryer, school, by string, p *PackageDetail, blob store.Blob) error {
	if err := s.keepPackage(ctx, tx, school, by, p, blob); err != nil {
		return err
	}
	return s.audit(ctx, tx, school, "test_package.import", "test_package", p.ID, nil)
}

func (s *Service) keepPackage(ctx context.Context, tx store.Queryer, school, by string, p *PackageDetail, blob store.Blob) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO test_package (id, school_id, blob_id, sha256, title, test, items, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.ID, school, blob.ID, blob.SHA256, p.Title, p.test, p.Items, by, p.CreatedAt)
	return err
}

const packageColumns = `p.id, p.title, p.items, p.created_at, EXISTS (SELECT 1 FROM campaign c WHERE c.package_id = p.id OR c.taken_id = p.id), EXISTS (SELECT 1 FROM test_plan m WHERE m.package_id = p.id)`

// Packages lists a school's bank, the newest first.
func (s *Service) Packages(ctx context.Context, school string) ([]Package, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT `+packageColumns+`
		FROM test_package p WHERE p.school_id = $1 ORDER BY p.id DESC LIMIT 500`, school)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, p *Package) error {
		return r.Scan(&p.ID, &p.Title, &p.Items, &p.CreatedAt, &p.Used, &p.Made)
	})
}

// Package describes a test of the bank.
func (s *Service) Package(ctx context.Context, school, id string) (PackageDetail, error) {
	var out PackageDetail
	err := s.db.Reader().QueryRowContext(ctx, `SELECT `+packageColumns+`
		FROM test_package p WHERE p.id = $1 AND p.school_id = $2`, id, school).Scan(&out.ID, &out.Title, &out.Items, &out.CreatedAt, &out.Used, &out.Made)
	if errors.Is(err, sql.ErrNoRows) {
		return out, noPackage()
	}
	if err != nil {
		return out, err
	}
	pkg, err := s.open(ctx, school, id)
	if err != nil {
		return out, err
	}
	out.Parts, out.Lines = pkg.parts, pkg.lines
	return out, nil
}

// RemovePackage takes a test that no campaign gives out of the bank.
func (s *Service) RemovePackage(ctx context.Context, school, id string) error {
	var blobID string
	err := s.db.Tx(ctx, func(tx store.Queryer) (err error) {
		blobID, err = s.takeOut(ctx, tx, school, id)
		return err
	})
	if err != nil {
		return err
	}
	return s.blobs.Delete(ctx, school, blobID)
}

// takeOut removes a test that no campaign gives, and gives its blob, to be dropped
// once the transaction is through. Versions of questions that only it had may
// change again: no pupil was given them by it.
func (s *Service) takeOut(ctx context.Context, tx store.Queryer, school, id string) (string, error) {
	var blobID string
	var used bool
	err := tx.QueryRowContext(ctx, `SELECT p.blob_id, EXISTS (SELECT 1 FROM campaign c WHERE c.package_id = p.id OR c.taken_id = p.id) FROM test_package p WHERE p.id = $1 AND p.school_id = $2`, id, school).Scan(&blobID, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return "", noPackage()
	}
	if err != nil {
		return "", err
	}
	if used {
		return "", refuse("package_used")
	}
	for _, table := range []string{"test_question", "test_plan"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE package_id = $1 AND school_id = $2`, id, school); err != nil {
			return "", err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM test_package WHERE id = $1 AND school_id = $2`, id, school); err != nil {
		return "", err
	}
	return blobID, s.audit(ctx, tx, school, "test_package.remove", "test_package", id, nil)
}

// collect reads all rows, which the caller's statement has limited.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows, *T) error) ([]T, error) {
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		var one T
		if err := scan(rows, &one); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}
