package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"os"

	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/journal/bring"
	"preau/internal/store"
)

// Move is an old site on its way in.
type Move struct {
	ID        string      `json:"id"`
	State     string      `json:"state" enum:"sent,reading,read,writing,done,failed"`
	Pictures  bool        `json:"pictures" doc:"A zip of pictures came with it."`
	Step      int         `json:"step"`
	Total     int         `json:"total"`
	Report    *MoveReport `json:"report,omitempty" doc:"Once it is read."`
	Problem   string      `json:"problem,omitempty" doc:"Why it was refused, in words."`
	Publish   bool        `json:"publish" doc:"The caller may choose to publish what comes."`
	CreatedAt int64       `json:"createdAt"`
}

const (
	// MoveJob is the kind of job that reads an export, and that writes it.
	MoveJob   = "journal_move"
	mostMoves = 5 // of a school, on their way
	keepMove  = 7 * dayMs
)

// moving is a row of journal_move.
type moving struct {
	id, school, state   string
	export, pictures    *string
	step, total         int
	report, choice, why string
	by                  string
	createdAt           int64
}

const movingColumns = "m.id, m.school_id, m.state, m.export_id, m.pictures_id, m.steps, m.total, m.report, m.choice, m.problem, m.by_staff, m.created_at"

func scanMoving(row interface{ Scan(...any) error }) (moving, error) {
	var m moving
	err := row.Scan(&m.id, &m.school, &m.state, &m.export, &m.pictures, &m.step, &m.total, &m.report, &m.choice, &m.why, &m.by, &m.createdAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "movers.no_move")
	}
	return m, err
}

func movingBy(ctx context.Context, q store.Queryer, school, id string) (moving, error) {
	return scanMoving(q.QueryRowContext(ctx, "SELECT "+movingColumns+" FROM journal_move m WHERE m.id = $1 AND m.school_id = $2", id, school))
}

// problem is a refusal as it is kept.
type problem struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

func (s *Service) told(m moving, locale i18n.Locale) (Move, error) {
	out := Move{ID: m.id, State: m.state, Pictures: m.pictures != nil, Step: m.step, Total: m.total, CreatedAt: m.createdAt}
	if m.why != "" {
		var p problem
		if err := json.Unmarshal([]byte(m.why), &p); err != nil {
			return out, err
		}
		out.Problem = s.texts.T(locale, p.Key, p.Args)
	}
	if m.report == "" {
		return out, nil
	}
	out.Report = &MoveReport{}
	if err := json.Unmarshal([]byte(m.report), out.Report); err != nil {
		return out, err
	}
	out.Report.word(s.texts, locale)
	return out, nil
}

// mayPublish says whether the caller may let come out what an old site
// published: those who review what no pupil signs.
func (s *Service) mayPublish(ctx context.Context, q store.Queryer, school string) (bool, error) {
	who, err := s.who(ctx, q, school)
	if err != nil {
		return false, err
	}
	regime, err := s.regimeOf(ctx, school)
	return who.on(nil).reviews(regime, State{Status: Draft, Grown: true, Moved: true}), err
}

// Moves lists what is on its way, and what came last, without their reports.
func (s *Service) Moves(ctx context.Context, school string, locale i18n.Locale) ([]Move, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT "+movingColumns+" FROM journal_move m WHERE m.school_id = $1 ORDER BY m.id DESC LIMIT 20", school)
	list, err := collect(rows, err, func(r *sql.Rows, m *moving) (err error) { *m, err = scanMoving(r); return err })
	if err != nil {
		return nil, err
	}
	out := make([]Move, len(list))
	for i, m := range list {
		m.report = ""
		if out[i], err = s.told(m, locale); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// MoveOf gives one with its report.
func (s *Service) MoveOf(ctx context.Context, school, id string, locale i18n.Locale) (Move, error) {
	m, err := movingBy(ctx, s.db.Reader(), school, id)
	if err != nil {
		return Move{}, err
	}
	out, err := s.told(m, locale)
	if err != nil {
		return out, err
	}
	out.Publish, err = s.mayPublish(ctx, s.db.Reader(), school)
	return out, err
}

// SendMove keeps an export until it was read and brought in.
func (s *Service) SendMove(ctx context.Context, school string, data io.Reader) (string, error) {
	if _, err := s.journalOf(ctx, s.db.Reader(), school); err != nil {
		return "", err
	}
	var n int
	if err := s.db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM journal_move WHERE school_id = $1 AND export_id IS NOT NULL", school).Scan(&n); err != nil {
		return "", err
	}
	if n >= mostMoves {
		return "", fault.New(fault.Limited, "movers.moves_full", "count", mostMoves)
	}
	blob, err := s.blobs.Put(ctx, store.BlobMeta{SchoolID: school, Kind: "journal_move", MediaType: "application/octet-stream", Limit: bring.MaxZip}, data)
	if err != nil {
		return "", err
	}
	id := store.NewID()
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO journal_move (id, school_id, state, export_id, steps, total, report, choice, problem, by_staff, created_at, changed_at) VALUES ($1, $2, 'sent', $3, 0, 0, '', '', '', $4, $5, $5)",
			id, school, blob.ID, identity.From(ctx).Staff.ID, s.now())
		return err
	})
	if err != nil {
		return "", errors.Join(err, s.blobs.Delete(ctx, school, blob.ID))
	}
	return id, nil
}

// SendMovePictures keeps the zip of pictures that goes with an export.
func (s *Service) SendMovePictures(ctx context.Context, school, id string, data io.Reader) error {
	m, err := movingBy(ctx, s.db.Reader(), school, id)
	if err != nil {
		return err
	}
	if m.state != "sent" {
		return fault.New(fault.Conflict, "movers.not_now")
	}
	blob, err := s.blobs.Put(ctx, store.BlobMeta{SchoolID: school, Kind: "journal_move", MediaType: "application/octet-stream", Limit: bring.MaxZip}, data)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		return exec(ctx, tx, fault.New(fault.Conflict, "movers.not_now"), "UPDATE journal_move SET pictures_id = $3, changed_at = $4 WHERE id = $1 AND school_id = $2 AND state = 'sent' AND pictures_id IS NULL", id, school, blob.ID, s.now())
	})
	if err != nil {
		return errors.Join(err, s.blobs.Delete(ctx, school, blob.ID))
	}
	return nil
}

// ReadMove asks that an export be read; its report comes when it is.
func (s *Service) ReadMove(ctx context.Context, school, id string) error {
	return s.advance(ctx, school, id, "sent", "reading", "")
}

// WriteMove asks that it be brought in, as was chosen after reading the report.
func (s *Service) WriteMove(ctx context.Context, school, id string, choice MoveChoice) error {
	j, err := s.journalOf(ctx, s.db.Reader(), school)
	if err != nil {
		return err
	}
	if err := choice.check(j); err != nil {
		return err
	}
	if may, err := s.mayPublish(ctx, s.db.Reader(), school); err != nil || choice.Published && !may {
		return errors.Join(err, refusedUnless(may))
	}
	raw, err := json.Marshal(choice)
	if err != nil {
		return err
	}
	return s.advance(ctx, school, id, "read", "writing", string(raw))
}

func refusedUnless(may bool) error {
	if may {
		return nil
	}
	return fault.New(fault.Forbidden, "movers.board_decides")
}

func (s *Service) advance(ctx context.Context, school, id, from, to, choice string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := movingBy(ctx, tx, school, id); err != nil {
			return err
		}
		if err := exec(ctx, tx, fault.New(fault.Conflict, "movers.not_now"), "UPDATE journal_move SET state = $4, steps = 0, choice = $5, changed_at = $6 WHERE id = $1 AND school_id = $2 AND state = $3", id, school, from, to, choice, s.now()); err != nil {
			return err
		}
		if to == "writing" {
			if err := store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: "staff", ActorID: staffID(ctx), Act: "journal.move", SubjectKind: "journal_move", SubjectID: id}); err != nil {
				return err
			}
		}
		named, err := json.Marshal(payload{id})
		if err != nil {
			return err
		}
		return store.Enqueue(ctx, tx, store.Job{Kind: MoveJob, SchoolID: school, Payload: named})
	})
}

// DropMove sets an export aside, and what was kept of it.
func (s *Service) DropMove(ctx context.Context, school, id string) error {
	m, err := movingBy(ctx, s.db.Reader(), school, id)
	if err != nil {
		return err
	}
	if m.state == "writing" {
		return fault.New(fault.Conflict, "movers.not_now")
	}
	if err := s.forgetFiles(ctx, m); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		return exec(ctx, tx, fault.New(fault.Conflict, "movers.not_now"), "DELETE FROM journal_move WHERE id = $1 AND school_id = $2 AND state <> 'writing'", id, school)
	})
}

// forgetFiles deletes what was sent.
func (s *Service) forgetFiles(ctx context.Context, m moving) error {
	for _, blob := range []*string{m.export, m.pictures} {
		if blob == nil {
			continue
		}
		if err := s.blobs.Delete(ctx, m.school, *blob); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, "UPDATE journal_move SET export_id = NULL, pictures_id = NULL WHERE id = $1", m.id)
		return err
	})
}

// forgetMoves deletes what was sent and never brought in: an export holds
// addresses of readers, and names.
func (s *Service) forgetMoves(ctx context.Context) error {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT "+movingColumns+" FROM journal_move m WHERE m.export_id IS NOT NULL AND m.state <> 'writing' AND m.changed_at < $1 ORDER BY m.id LIMIT 20", s.now()-keepMove)
	old, err := collect(rows, err, func(r *sql.Rows, m *moving) (err error) { *m, err = scanMoving(r); return err })
	for _, m := range old {
		err = errors.Join(err, s.forgetFiles(ctx, m), s.settle(ctx, m.id, "failed", nil, fault.New(fault.Gone, "movers.too_late")))
	}
	return err
}

// settle keeps how a step ended.
func (s *Service) settle(ctx context.Context, id, state string, report *MoveReport, refusal *fault.Error) error {
	var kept, why []byte
	var err error
	if report != nil {
		if kept, err = json.Marshal(report); err != nil {
			return err
		}
	}
	if refusal != nil {
		if why, err = json.Marshal(problem{refusal.Key, refusal.Args}); err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, "UPDATE journal_move SET state = $2, report = CASE WHEN $3 = '' THEN report ELSE $3 END, problem = $4, changed_at = $5 WHERE id = $1", id, state, string(kept), string(why), s.now())
		return err
	})
}

// payload names the move of a job.
type payload struct {
	Move string `json:"move"`
}

// Jobs are the kinds of job that the runner gets from here.
func (s *Service) Jobs() map[string]store.JobFunc {
	return map[string]store.JobFunc{MoveJob: s.move}
}

// move does a step of a move. It may be done again from the beginning.
func (s *Service) move(ctx context.Context, job store.Job) error {
	var in payload
	if err := json.Unmarshal(job.Payload, &in); err != nil {
		return store.Permanent(err)
	}
	m, err := movingBy(ctx, s.db.Reader(), job.SchoolID, in.Move)
	if fault.Is(err, fault.NotFound) {
		return nil // it was set aside
	}
	if err != nil {
		return err
	}
	switch m.state {
	case "reading", "writing":
		err = s.step(ctx, m)
	default:
		return nil // an earlier attempt has done it
	}
	if refusal := fault.Of(err); refusal != nil && ctx.Err() == nil {
		return s.settle(ctx, m.id, "failed", nil, refusal)
	}
	return err
}

func (s *Service) step(ctx context.Context, m moving) error {
	site, packs, done, err := s.unpack(ctx, m)
	if err != nil {
		return err
	}
	defer done()
	if err := s.Localise(ctx, m.school, site); err != nil {
		return err
	}
	report, err := s.LookAt(ctx, m.school, site, packs)
	if err != nil {
		return err
	}
	if m.state == "reading" {
		return s.settle(ctx, m.id, "read", &report, nil)
	}
	var choice MoveChoice
	if err := json.Unmarshal([]byte(m.choice), &choice); err != nil {
		return store.Permanent(err)
	}
	made, err := s.Bring(ctx, m.school, site, packs, choice, &report, func(step, total int) error {
		if step%10 != 0 && step != total {
			return nil
		}
		return s.db.Tx(ctx, func(tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, "UPDATE journal_move SET steps = $2, total = $3 WHERE id = $1", m.id, step, total)
			return err
		})
	})
	if err != nil {
		return err
	}
	report.Made = &made
	if err := s.settle(ctx, m.id, "done", &report, nil); err != nil {
		return err
	}
	return s.forgetFiles(ctx, m)
}

// unpack reads what was sent. A zip is read here and there, which a blob cannot
// be: its content is put beside for the time of the work.
func (s *Service) unpack(ctx context.Context, m moving) (site *bring.Site, packs []*bring.Pack, done func(), err error) {
	dir, err := os.MkdirTemp("", "preau-move-")
	if err != nil {
		return nil, nil, nil, err
	}
	var open []*os.File
	tidy := func() {
		for _, f := range open {
			_ = f.Close() // it was only read
		}
		_ = os.RemoveAll(dir) // the system empties its own folder
	}
	defer func() {
		if err != nil {
			tidy()
		}
	}()
	local := func(blob *string) (*os.File, int64, error) {
		if blob == nil {
			return nil, 0, fault.New(fault.Gone, "movers.too_late")
		}
		in, _, err := s.blobs.Open(ctx, m.school, *blob)
		if err != nil {
			return nil, 0, err
		}
		defer in.Close()
		f, err := os.CreateTemp(dir, "")
		if err != nil {
			return nil, 0, err
		}
		open = append(open, f)
		n, err := io.Copy(f, in)
		return f, n, err
	}
	f, size, err := local(m.export)
	if err != nil {
		return nil, nil, nil, err
	}
	site, inside, err := bring.Read(f, size)
	if err != nil {
		return nil, nil, nil, err
	}
	if m.pictures != nil {
		f, size, err := local(m.pictures)
		if err != nil {
			return nil, nil, nil, err
		}
		pack, err := bring.OpenPack(f, size)
		if err != nil {
			return nil, nil, nil, err
		}
		packs = append(packs, pack)
	}
	if inside != nil {
		packs = append(packs, inside)
	}
	return site, packs, tidy, nil
}

// Localise reads the hours of an export where they have no zone, in the
// school's.
func (s *Service) Localise(ctx context.Context, school string, site *bring.Site) error {
	of, err := s.ids.School(ctx, school)
	if err == nil {
		site.In(s.zoneOf(of.Zone))
	}
	return err
}

// SchoolNamed finds a school by the address of its journal, or by its id.
func (s *Service) SchoolNamed(ctx context.Context, name string) (string, error) {
	var id string
	err := s.db.Reader().QueryRowContext(ctx, "SELECT school_id FROM journal WHERE slug = $1 OR school_id = $1", name).Scan(&id)
	if isNoRows(err) {
		err = fault.New(fault.NotFound, "movers.cli_no_school", "name", name)
	}
	return id, err
}

// BringBeside is Bring for the operator, who stands for no editor: in lycée,
// nothing is published so.
func (s *Service) BringBeside(ctx context.Context, school string, site *bring.Site, packs []*bring.Pack, choice MoveChoice, report *MoveReport, tell func(step, total int) error) (MoveMade, error) {
	regime, err := s.regimeOf(ctx, school)
	if err != nil {
		return MoveMade{}, err
	}
	if choice.Published && regime == Pupils {
		return MoveMade{}, fault.New(fault.Forbidden, "movers.board_decides")
	}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		return store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: "system", Act: "journal.move", SubjectKind: "journal", SubjectID: school})
	})
	if err != nil {
		return MoveMade{}, err
	}
	return s.Bring(ctx, school, site, packs, choice, report, tell)
}
