package privacy

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/internal/store"
)

// batch is how many rows of a rule one transaction takes, with what hangs
// from them.
const batch = 200

// The kinds of job of this package.
const (
	RetentionJob = "retention" // one school, or the installation
	NightJob     = "night"     // queues the retention of every school, and the next night
)

// Jobs are the kinds of job that the runner gets from here.
func (s *Service) Jobs() map[string]store.JobFunc {
	return map[string]store.JobFunc{RetentionJob: s.retain, NightJob: s.night}
}

// Schedule queues the coming night's run, unless it is queued already.
func (s *Service) Schedule(ctx context.Context) error {
	return s.scheduleNight(ctx, time.UnixMilli(s.db.Now()).UTC())
}

// scheduleNight queues the first half past one (UTC) after a moment.
func (s *Service) scheduleNight(ctx context.Context, after time.Time) error {
	at := time.Date(after.Year(), after.Month(), after.Day(), 1, 30, 0, 0, time.UTC)
	if !at.After(after) {
		at = at.AddDate(0, 0, 1)
	}
	return ignoreTwice(s.db.Tx(ctx, func(tx store.Queryer) error {
		return store.Enqueue(ctx, tx, store.Job{ID: NightJob + ":" + at.Format(time.DateOnly), Kind: NightJob, RunAt: at.UnixMilli()})
	}))
}

// ignoreTwice accepts that the same job was queued before.
func ignoreTwice(err error) error {
	if store.IsUnique(err) {
		return nil
	}
	return err
}

// night does its job: each school's retention, the installation's, the journal
// of erasures, and the next night.
func (s *Service) night(ctx context.Context, job store.Job) error {
	if err := s.scheduleNight(ctx, time.UnixMilli(max(job.RunAt, s.db.Now())).UTC()); err != nil {
		return err
	}
	if err := s.journalAll(ctx); err != nil {
		return err
	}
	date := time.UnixMilli(job.RunAt).UTC().Format(time.DateOnly)
	if err := s.queueRun(ctx, RetentionJob+":"+date, "", ""); err != nil {
		return err
	}
	for last := ""; ; {
		schools, err := s.schools(ctx, last, 500)
		if err != nil || len(schools) == 0 {
			return err
		}
		for _, school := range schools {
			if err := s.queueRun(ctx, RetentionJob+":"+date+":"+school.ID, school.ID, ""); err != nil {
				return err
			}
			last = school.ID
		}
	}
}

// RequestRun queues a school's retention now and gives the id of the run.
func (s *Service) RequestRun(ctx context.Context, school, by string) (string, error) {
	id := store.NewID()
	return id, s.queueRun(ctx, id, school, by)
}

func (s *Service) queueRun(ctx context.Context, id, school, by string) error {
	return ignoreTwice(s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO retention_run (id, school_id, requested_by, created_at, counts) VALUES ($1, $2, $3, $4, '{}')",
			id, null(school), null(by), s.db.Now()); err != nil {
			return err
		}
		return store.Enqueue(ctx, tx, store.Job{ID: id, Kind: RetentionJob, SchoolID: school})
	}))
}

func null(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// retain does one run. Each batch is a transaction that also writes the counts
// so far, so that a run taken up again goes on counting.
func (s *Service) retain(ctx context.Context, job store.Job) error {
	var done sql.NullInt64
	var raw string
	err := s.db.Reader().QueryRowContext(ctx, "SELECT done_at, counts FROM retention_run WHERE id = $1", job.ID).Scan(&done, &raw)
	if errors.Is(err, sql.ErrNoRows) || done.Valid {
		return nil
	}
	counts := map[string]int64{}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &counts)
	}
	if err != nil {
		return err
	}
	settings, err := daysIn(ctx, s.db.Reader(), job.SchoolID)
	if err != nil {
		return err
	}
	now := s.db.Now()
	for _, tr := range s.ordered {
		if job.SchoolID != "" && tr.table.School == "" {
			continue
		}
		where := s.dataMap.due(tr, tr.days(settings), now)
		for more := true; more; {
			if more, err = s.retainBatch(ctx, job, tr, where, now, counts); err != nil {
				return fmt.Errorf("privacy: rule %s: %w", tr.rule.ID, err)
			}
		}
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, "UPDATE retention_run SET done_at = $1 WHERE id = $2", s.db.Now(), job.ID); err != nil {
			return err
		}
		detail := map[string]string{"run": job.ID}
		for _, rule := range slices.Sorted(maps.Keys(counts)) {
			detail[rule] = strconv.FormatInt(counts[rule], 10)
		}
		return store.Audit(ctx, tx, store.AuditEntry{At: s.db.Now(), SchoolID: job.SchoolID, ActorKind: "system", Act: "privacy.retention", Detail: detail})
	})
}

// retainBatch applies a rule to its next rows and says whether there may be more.
func (s *Service) retainBatch(ctx context.Context, job store.Job, tr tableRule, where string, now int64, counts map[string]int64) (more bool, err error) {
	var n int64
	var erased []store.Erasure
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		n, erased = 0, nil
		keys, err := selectKeys(ctx, tx, tr.table, where, job.SchoolID)
		if err != nil || len(keys) == 0 {
			return err
		}
		switch tr.rule.Does {
		case DeleteRow:
			err = s.deleteRows(ctx, tx, tr.table, keys)
		case BlankColumns:
			err = blankRows(ctx, tx, tr.table, tr.rule.Blank, keys, now)
		case ErasePerson:
			erased, err = s.erasePeople(ctx, tx, tr.table, keys, now)
		}
		if err != nil {
			return err
		}
		n = int64(len(keys))
		sum := maps.Clone(counts)
		sum[tr.rule.ID] += n
		raw, err := json.Marshal(sum)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE retention_run SET counts = $1 WHERE id = $2", string(raw), job.ID)
		return err
	})
	if err != nil || n == 0 {
		return false, err
	}
	counts[tr.rule.ID] += n
	for _, e := range erased {
		if err := s.keepOutside(ctx, e); err != nil {
			return false, err
		}
	}
	return n == batch, nil
}

func selectKeys(ctx context.Context, q store.Queryer, t Table, where, school string) ([][]any, error) {
	rows, err := q.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s LIMIT %d", keyList(t), t.Name, where, batch), school)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys [][]any
	for rows.Next() {
		key := make([]any, len(t.Key))
		into := make([]any, len(t.Key))
		for i := range key {
			into[i] = &key[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

// deleteRows deletes rows by their keys, and first those that go with them.
func (s *Service) deleteRows(ctx context.Context, tx store.Queryer, t Table, keys [][]any) error {
	condition, args := keysIn(t, keys)
	if len(t.Key) == 1 {
		if err := s.deleteBelow(ctx, tx, t, fmt.Sprintf("SELECT %s FROM %s WHERE %s", t.Key[0], t.Name, condition), args); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM "+t.Name+" WHERE "+condition, args...)
	return err
}

func (s *Service) deleteBelow(ctx context.Context, tx store.Queryer, t Table, parents string, args []any) error {
	for _, child := range s.dataMap.Children(t.Name) {
		for _, p := range child.Parents {
			if p.Table != t.Name || !p.Cascade {
				continue
			}
			where := fmt.Sprintf("%s IN (%s)", p.Column, parents)
			if len(child.Key) == 1 {
				if err := s.deleteBelow(ctx, tx, child, fmt.Sprintf("SELECT %s FROM %s WHERE %s", child.Key[0], child.Name, where), args); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+child.Name+" WHERE "+where, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// blankRows empties columns of rows.
func blankRows(ctx context.Context, tx store.Queryer, t Table, columns []string, keys [][]any, now int64) error {
	set := make([]string, len(columns))
	for i, name := range columns {
		set[i] = name + " = " + withNow(t.Column(name).Blank, now)
	}
	condition, args := keysIn(t, keys)
	_, err := tx.ExecContext(ctx, "UPDATE "+t.Name+" SET "+strings.Join(set, ", ")+" WHERE "+condition, args...)
	return err
}
