package assessment

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"

	"preau/internal/fault"
	"preau/internal/question"
	"preau/internal/store"
)

// MadeTest is a test put together here: what it was made from.
type MadeTest struct {
	Test      Package           `json:"test"`
	Plan      question.TestPlan `json:"plan"`
	Questions []MadeQuestion    `json:"questions" nullable:"false" doc:"Of the plan, in order."`
}

// MadeQuestion is a question of such a test, in the version that it has.
type MadeQuestion struct {
	ID     string  `json:"id"`
	Kind   string  `json:"kind" enum:"choice,several,gap,inline,order,match,short,long,hotspot"`
	Title  string  `json:"title"`
	Skill  string  `json:"skill"`
	Points float64 `json:"points"`
	Newest int     `json:"newest" doc:"The newest version in the bank."`
}

// SavedTest is what became of a plan.
type SavedTest struct {
	Problems []DraftFinding `json:"problems" nullable:"false" doc:"Nothing is saved while there are any."`
	Package  *PackageDetail `json:"package,omitempty"`
}

// Drawn is what a blueprint took from the bank.
type Drawn struct {
	Problems []DraftFinding         `json:"problems" nullable:"false"`
	Seed     string                 `json:"seed" doc:"The same seed over the same bank draws the same."`
	Sections []question.TestSection `json:"sections" nullable:"false" doc:"One a line."`
}

// chosenVersion is a question read for a test. Should it change before the test
// is kept, the test is not.
type chosenVersion struct {
	question.Chosen
	savedAt int64
}

// MakeTest puts a test together from questions of the bank and keeps it there as
// a package like those that are brought. replaces names a test made here that no
// campaign gives, which goes; it may be empty.
func (s *Service) MakeTest(ctx context.Context, school, replaces string, plan question.TestPlan) (SavedTest, error) {
	out := SavedTest{Problems: s.problems(ctx, plan.Check())}
	if len(out.Problems) > 0 {
		return out, nil
	}
	picked, err := s.picked(ctx, school, plan, &out)
	if err != nil || len(out.Problems) > 0 {
		return out, err
	}
	raw, err := json.Marshal(plan)
	if err != nil {
		return out, err
	}
	id := store.NewID()
	data, err := s.testPackage(ctx, school, id, plan, picked)
	if err != nil {
		return out, err
	}
	var old string
	kept, err := s.bring(ctx, school, staffID(ctx), id, data, func(tx store.Queryer, id string) error {
		if replaces != "" {
			if err := s.mayReplace(ctx, tx, school, replaces); err != nil {
				return err
			}
			var err error
			if old, err = s.takeOut(ctx, tx, school, replaces); err != nil {
				return err
			}
		}
		return s.keepPlan(ctx, tx, school, id, string(raw), picked)
	})
	if err != nil {
		return out, err
	}
	if old != "" {
		if err := s.dropBlobs(ctx, school, []string{old}); err != nil {
			return out, err
		}
	}
	if kept.Package == nil {
		// What is written here reads without error; should it not, say what the
		// reader found.
		for _, f := range kept.Findings {
			out.Problems = append(out.Problems, DraftFinding{"sections", f.Message})
		}
		return out, nil
	}
	kept.Package.Made = true
	out.Package = kept.Package
	return out, nil
}

// picked reads the questions of a plan, in its order.
func (s *Service) picked(ctx context.Context, school string, plan question.TestPlan, out *SavedTest) ([]chosenVersion, error) {
	var picked []chosenVersion
	for i, section := range plan.Sections {
		for k, pick := range section.Picks {
			one := chosenVersion{Chosen: question.Chosen{TestPick: pick}}
			var raw string
			err := s.db.Reader().QueryRowContext(ctx, `SELECT draft, saved_at FROM question_version WHERE question_id = $1 AND version = $2 AND school_id = $3`, pick.Question, pick.Version, school).Scan(&raw, &one.savedAt)
			if errors.Is(err, sql.ErrNoRows) {
				found := question.Problem{Field: "sections[" + strconv.Itoa(i) + "].picks[" + strconv.Itoa(k) + "]", Key: "question.none"}
				out.Problems = append(out.Problems, s.problems(ctx, []question.Problem{found})...)
				continue
			}
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal([]byte(raw), &one.Draft); err != nil {
				return nil, err
			}
			picked = append(picked, one)
		}
	}
	return picked, nil
}

func (s *Service) testPackage(ctx context.Context, school, id string, plan question.TestPlan, picked []chosenVersion) ([]byte, error) {
	known := map[string]question.File{}
	var chosen []question.Chosen
	for _, one := range picked {
		files, err := s.draftFiles(ctx, school, &one.Draft)
		if err != nil {
			return nil, err
		}
		for _, file := range one.Draft.Files() {
			if f, ok := files(file); ok {
				known[file] = f
			}
		}
		chosen = append(chosen, one.Chosen)
	}
	files := func(id string) (question.File, bool) { f, ok := known[id]; return f, ok }
	return question.TestPackage(id, plan, chosen, files, func(id string) ([]byte, error) { return s.contentOf(ctx, school, id) })
}

func (s *Service) mayReplace(ctx context.Context, tx store.Queryer, school, id string) error {
	var by string
	err := tx.QueryRowContext(ctx, `SELECT p.created_by FROM test_package p JOIN test_plan m ON m.package_id = p.id WHERE p.id = $1 AND p.school_id = $2`, id, school).Scan(&by)
	if errors.Is(err, sql.ErrNoRows) {
		return noPackage()
	}
	if err == nil && !mayRemove(ctx, school, by) {
		err = fault.New(fault.Forbidden, "http.not_allowed")
	}
	return err
}

// keepPlan writes what a test is made of. From here on these versions never change.
func (s *Service) keepPlan(ctx context.Context, tx store.Queryer, school, id, plan string, picked []chosenVersion) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO test_plan (package_id, school_id, plan) VALUES ($1, $2, $3)`, id, school, plan); err != nil {
		return err
	}
	for _, one := range picked {
		var savedAt int64
		err := tx.QueryRowContext(ctx, `SELECT saved_at FROM question_version WHERE question_id = $1 AND version = $2 AND school_id = $3`, one.Question, one.Version, school).Scan(&savedAt)
		if errors.Is(err, sql.ErrNoRows) || err == nil && savedAt != one.savedAt {
			return fault.New(fault.Conflict, "question.changed")
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO test_question (package_id, question_id, version, school_id) VALUES ($1, $2, $3, $4)`, id, one.Question, one.Version, school); err != nil {
			return err
		}
	}
	return s.audit(ctx, tx, school, "test_package.make", "test_package", id, nil)
}

// MadeTestOf gives a test that was put together here, to be looked at or used to
// make another.
func (s *Service) MadeTestOf(ctx context.Context, school, id string) (MadeTest, error) {
	out := MadeTest{Questions: []MadeQuestion{}}
	q := s.db.Reader()
	var plan string
	p := &out.Test
	err := q.QueryRowContext(ctx, `SELECT `+packageColumns+`, m.plan FROM test_package p JOIN test_plan m ON m.package_id = p.id WHERE p.id = $1 AND p.school_id = $2`, id, school).
		Scan(&p.ID, &p.Title, &p.Items, &p.CreatedAt, &p.Used, &p.Made, &plan)
	if errors.Is(err, sql.ErrNoRows) {
		return out, noPackage()
	}
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal([]byte(plan), &out.Plan); err != nil {
		return out, err
	}
	for _, section := range out.Plan.Sections {
		for _, pick := range section.Picks {
			d, err := draftOf(ctx, q, school, pick.Question, pick.Version)
			if err != nil {
				return out, err
			}
			one := MadeQuestion{ID: pick.Question, Kind: d.Kind, Title: d.Title, Skill: d.Skill, Points: d.Points}
			if err := q.QueryRowContext(ctx, `SELECT version FROM question WHERE id = $1 AND school_id = $2`, pick.Question, school).Scan(&one.Newest); err != nil {
				return out, err
			}
			out.Questions = append(out.Questions, one)
		}
	}
	return out, nil
}

// DrawQuestions takes questions of the bank by a blueprint. Without a seed it draws
// one.
func (s *Service) DrawQuestions(ctx context.Context, school string, lines []question.BlueprintLine, seed string) (Drawn, error) {
	out := Drawn{Seed: seed, Sections: []question.TestSection{}}
	if out.Seed == "" {
		var raw [8]byte
		_, _ = rand.Read(raw[:]) // never fails
		out.Seed = hex.EncodeToString(raw[:])
	}
	all, err := s.Questions(ctx, school)
	if err != nil {
		return out, err
	}
	bank := make([]question.Candidate, len(all))
	for i, q := range all {
		bank[i] = question.Candidate{ID: q.ID, Kind: q.Kind, Skill: q.Skill, Version: q.Version}
	}
	drawn, found := question.Draw(lines, out.Seed, bank)
	if out.Problems = s.problems(ctx, found); len(found) > 0 {
		return out, nil
	}
	for i, list := range drawn {
		section := question.TestSection{Title: lines[i].Skill, Picks: []question.TestPick{}}
		for _, one := range list {
			section.Picks = append(section.Picks, question.TestPick{Question: one.ID, Version: one.Version})
		}
		out.Sections = append(out.Sections, section)
	}
	return out, nil
}
