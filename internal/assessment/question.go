package assessment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/identity"
	"preau/internal/question"
	"preau/internal/store"
)

const (
	maxQuestions = 5000 // of a school
	maxVersions  = 200  // of a question
)

// Question is a question written in the house as lists show it.
type Question struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind" enum:"choice,several,gap,inline,order,match,short,long,hotspot"`
	Title   string  `json:"title"`
	Skill   string  `json:"skill"`
	Points  float64 `json:"points"`
	Version int     `json:"version" doc:"The newest."`
	Tests   int     `json:"tests" doc:"How many tests of the bank have it, in one version or another."`
	SavedAt int64   `json:"savedAt" doc:"UTC ms."`
	Mine    bool    `json:"mine" doc:"The caller may remove it."`

	by string
}

// QuestionDetail is a question to be read or revised.
type QuestionDetail struct {
	Question
	Shown    int               `json:"shown" doc:"The version that draft is."`
	Draft    question.Draft    `json:"draft"`
	Versions []QuestionVersion `json:"versions" nullable:"false" doc:"The newest first."`
}

// QuestionVersion is a version of a question.
type QuestionVersion struct {
	Version int   `json:"version"`
	SavedAt int64 `json:"savedAt" doc:"UTC ms."`
	Used    bool  `json:"used" doc:"A test has it: it never changes."`
}

// DraftFinding is what keeps a draft from being a question, at its field.
type DraftFinding struct {
	Field   string `json:"field"`
	Message string `json:"message" doc:"In the caller's language."`
}

// SavedQuestion is what became of a draft.
type SavedQuestion struct {
	Problems []DraftFinding  `json:"problems" nullable:"false" doc:"Nothing is saved while there are any."`
	Question *QuestionDetail `json:"question,omitempty"`
}

func noQuestion() *fault.Error { return fault.New(fault.NotFound, "question.none") }

func (s *Service) problems(ctx context.Context, found []question.Problem) []DraftFinding {
	locale := httpx.Locale(ctx)
	out := []DraftFinding{}
	for _, p := range found {
		out = append(out, DraftFinding{p.Field, s.texts.T(locale, p.Key, p.Args)})
	}
	return out
}

// checkDraft says what keeps a draft of a school from being a question.
func (s *Service) checkDraft(ctx context.Context, school string, d *question.Draft) ([]DraftFinding, string, error) {
	files, err := s.draftFiles(ctx, school, d)
	if err != nil {
		return nil, "", err
	}
	if found := d.Check(files); len(found) > 0 {
		return s.problems(ctx, found), "", nil
	}
	d.Title = strings.TrimSpace(d.Title)
	d.Skill = strings.Join(strings.Fields(d.Skill), " ")
	raw, err := json.Marshal(d)
	if err == nil && len(raw) > question.MaxDraft {
		err = fault.New(fault.TooLarge, "question.too_large", "limit", question.MaxDraft>>10)
	}
	return []DraftFinding{}, string(raw), err
}

const questionColumns = `q.id, q.kind, q.title, q.skill, q.points, q.version, q.created_by, v.saved_at,
	(SELECT count(*) FROM test_question u WHERE u.question_id = q.id)`

const questionTables = ` FROM question q JOIN question_version v ON v.question_id = q.id AND v.version = q.version`

func scanQuestion(row interface{ Scan(...any) error }, q *Question) error {
	var points int64
	err := row.Scan(&q.ID, &q.Kind, &q.Title, &q.Skill, &points, &q.Version, &q.by, &q.SavedAt, &q.Tests)
	q.Points = float64(points) / 100
	return err
}

// mayRemove says whether the staff calling may remove what somebody wrote: their
// own, and anything for those who lead.
func mayRemove(ctx context.Context, school, by string) bool {
	return by == staffID(ctx) || identity.From(ctx).Within(school, leaders()...)
}

// Questions lists the questions that a school has written, the newest first.
func (s *Service) Questions(ctx context.Context, school string) ([]Question, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT `+questionColumns+questionTables+` WHERE q.school_id = $1 ORDER BY q.id DESC LIMIT `+strconv.Itoa(maxQuestions), school)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, q *Question) error {
		err := scanQuestion(r, q)
		q.Mine = mayRemove(ctx, school, q.by)
		return err
	})
}

// QuestionOf gives a question with one of its versions, the newest when version
// is 0.
func (s *Service) QuestionOf(ctx context.Context, school, id string, version int) (QuestionDetail, error) {
	out := QuestionDetail{Versions: []QuestionVersion{}}
	q := s.db.Reader()
	err := scanQuestion(q.QueryRowContext(ctx, `SELECT `+questionColumns+questionTables+` WHERE q.id = $1 AND q.school_id = $2`, id, school), &out.Question)
	if errors.Is(err, sql.ErrNoRows) {
		return out, noQuestion()
	}
	if err != nil {
		return out, err
	}
	out.Mine = mayRemove(ctx, school, out.by)
	if out.Shown = version; version == 0 {
		out.Shown = out.Version
	}
	if out.Draft, err = draftOf(ctx, q, school, id, out.Shown); err != nil {
		return out, err
	}
	rows, err := q.QueryContext(ctx, `SELECT v.version, v.saved_at, EXISTS (SELECT 1 FROM test_question u WHERE u.question_id = v.question_id AND u.version = v.version)
		FROM question_version v WHERE v.question_id = $1 AND v.school_id = $2 ORDER BY v.version DESC LIMIT `+strconv.Itoa(maxVersions), id, school)
	if err != nil {
		return out, err
	}
	out.Versions, err = collect(rows, func(r *sql.Rows, v *QuestionVersion) error { return r.Scan(&v.Version, &v.SavedAt, &v.Used) })
	return out, err
}

func draftOf(ctx context.Context, q store.Queryer, school, id string, version int) (d question.Draft, err error) {
	var raw string
	err = q.QueryRowContext(ctx, `SELECT draft FROM question_version WHERE question_id = $1 AND version = $2 AND school_id = $3`, id, version, school).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return d, noQuestion()
	}
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(raw), &d)
}

// WriteQuestion puts a new question into a school's bank.
func (s *Service) WriteQuestion(ctx context.Context, school string, d question.Draft) (SavedQuestion, error) {
	problems, raw, err := s.checkDraft(ctx, school, &d)
	if err != nil || len(problems) > 0 {
		return SavedQuestion{Problems: problems}, err
	}
	var count int
	if err := s.db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM question WHERE school_id = $1`, school).Scan(&count); err != nil {
		return SavedQuestion{}, err
	}
	if count >= maxQuestions {
		return SavedQuestion{}, fault.New(fault.Limited, "question.bank_full", "count", maxQuestions)
	}
	id, now := store.NewID(), s.now()
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO question (id, school_id, kind, title, skill, points, version, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)`,
			id, school, d.Kind, d.Title, d.Skill, hundredths(d.Points), staffID(ctx), now); err != nil {
			return err
		}
		if err := s.addVersion(ctx, tx, school, id, 1, raw, &d); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "question.write", "question", id, nil)
	})
	return s.saved(ctx, school, id, err)
}

func (s *Service) saved(ctx context.Context, school, id string, err error) (SavedQuestion, error) {
	out := SavedQuestion{Problems: []DraftFinding{}}
	if err != nil {
		return out, err
	}
	q, err := s.QuestionOf(ctx, school, id, 0)
	out.Question = &q
	return out, err
}

func hundredths(points float64) int64 { return int64(math.Round(points * 100)) }

func (s *Service) addVersion(ctx context.Context, tx store.Queryer, school, id string, version int, raw string, d *question.Draft) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO question_version (question_id, version, school_id, draft, saved_by, saved_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, version, school, raw, staffID(ctx), s.now()); err != nil {
		return err
	}
	return s.shows(ctx, tx, school, id, version, d)
}

// ReviseQuestion changes a question that the caller last saw as savedAt. A version
// that a test has is never changed, whether a campaign gives that test yet or not:
// the revision is then a version of its own, and the test keeps the one it has.
func (s *Service) ReviseQuestion(ctx context.Context, school, id string, savedAt int64, d question.Draft) (SavedQuestion, error) {
	problems, raw, err := s.checkDraft(ctx, school, &d)
	if err != nil || len(problems) > 0 {
		return SavedQuestion{Problems: problems}, err
	}
	var gone []string
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		var version int
		var seen int64
		var used bool
		err := tx.QueryRowContext(ctx, `SELECT q.version, v.saved_at, EXISTS (SELECT 1 FROM test_question u WHERE u.question_id = q.id AND u.version = q.version)`+questionTables+` WHERE q.id = $1 AND q.school_id = $2`, id, school).Scan(&version, &seen, &used)
		if errors.Is(err, sql.ErrNoRows) {
			return noQuestion()
		}
		if err != nil {
			return err
		}
		if seen != savedAt {
			return fault.New(fault.Conflict, "question.changed")
		}
		if used {
			if version++; version > maxVersions {
				return fault.New(fault.Limited, "question.versions_full", "count", maxVersions)
			}
			err = s.addVersion(ctx, tx, school, id, version, raw, &d)
		} else {
			gone, err = s.rewrite(ctx, tx, school, id, version, raw, &d)
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE question SET kind = $1, title = $2, skill = $3, points = $4, version = $5 WHERE id = $6 AND school_id = $7`,
			d.Kind, d.Title, d.Skill, hundredths(d.Points), version, id, school); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "question.revise", "question", id, map[string]string{"version": strconv.Itoa(version)})
	})
	if err == nil {
		err = s.dropBlobs(ctx, school, gone)
	}
	return s.saved(ctx, school, id, err)
}

// rewrite changes a version that no test has. It gives the blobs that nothing
// shows any more.
func (s *Service) rewrite(ctx context.Context, tx store.Queryer, school, id string, version int, raw string, d *question.Draft) ([]string, error) {
	before, err := shownBy(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE question_version SET draft = $1, saved_by = $2, saved_at = $3 WHERE question_id = $4 AND version = $5 AND school_id = $6`,
		raw, staffID(ctx), s.now(), id, version, school); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM question_shows WHERE question_id = $1 AND version = $2 AND school_id = $3`, id, version, school); err != nil {
		return nil, err
	}
	if err := s.shows(ctx, tx, school, id, version, d); err != nil {
		return nil, err
	}
	return forgetFiles(ctx, tx, school, before)
}

// RemoveQuestion removes a question that no test has.
func (s *Service) RemoveQuestion(ctx context.Context, school, id string) error {
	var gone []string
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		var by string
		var used bool
		err := tx.QueryRowContext(ctx, `SELECT q.created_by, EXISTS (SELECT 1 FROM test_question u WHERE u.question_id = q.id) FROM question q WHERE q.id = $1 AND q.school_id = $2`, id, school).Scan(&by, &used)
		if errors.Is(err, sql.ErrNoRows) {
			return noQuestion()
		}
		if err != nil {
			return err
		}
		if !mayRemove(ctx, school, by) {
			return fault.New(fault.Forbidden, "http.not_allowed")
		}
		if used {
			return fault.New(fault.Conflict, "question.used")
		}
		shown, err := shownBy(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, table := range []string{"question_shows", "question_version"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE question_id = $1 AND school_id = $2`, id, school); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM question WHERE id = $1 AND school_id = $2`, id, school); err != nil {
			return err
		}
		if gone, err = forgetFiles(ctx, tx, school, shown); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "question.remove", "question", id, nil)
	})
	if err != nil {
		return err
	}
	return s.dropBlobs(ctx, school, gone)
}
