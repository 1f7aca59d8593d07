package lesson

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"preau/internal/store"
)

// errLease says that somebody else owns the lesson, or that it has ended.
var errLease = errors.New("lesson: the lease is gone")

// lease is the right to append to a lesson's log: whoever takes it next makes
// this one void.
type lease struct {
	db     *store.DB
	lesson string
	school string
	epoch  int64
}

// takeLease makes the caller the owner of an open lesson.
func takeLease(ctx context.Context, db *store.DB, school, lesson string) (*lease, error) {
	l := &lease{db: db, lesson: lesson, school: school}
	err := db.Tx(ctx, func(tx store.Queryer) error {
		err := tx.QueryRowContext(ctx, `UPDATE lesson SET epoch = epoch + 1 WHERE id = $1 AND school_id = $2 AND opened_at IS NOT NULL AND ended_at IS NULL RETURNING epoch`, lesson, school).Scan(&l.epoch)
		if errors.Is(err, sql.ErrNoRows) {
			return errLease
		}
		return err
	})
	return l, err
}

// change is what an append writes beside the log, in the same transaction.
type change func(ctx context.Context, tx store.Queryer) error

// append writes records that follow each other, all or none, on disk when it
// returns nil.
func (l *lease) append(ctx context.Context, records []Record, changes []change) error {
	first, next := records[0].N, records[len(records)-1].N+1
	return l.db.Write(ctx, func(tx store.Queryer) error {
		done, err := tx.ExecContext(ctx, `UPDATE lesson SET next_n = $1 WHERE id = $2 AND epoch = $3 AND next_n = $4 AND ended_at IS NULL`, next, l.lesson, l.epoch, first)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errLease)
		}
		for _, c := range changes {
			if err := c(ctx, tx); err != nil {
				return err
			}
		}
		return insertRecords(ctx, tx, l.school, l.lesson, l.epoch, records)
	})
}

// rowsPerInsert keeps a statement under the number of parameters of both dialects.
const rowsPerInsert = 100

func insertRecords(ctx context.Context, tx store.Queryer, school, lesson string, epoch int64, records []Record) error {
	for len(records) > 0 {
		some := records[:min(len(records), rowsPerInsert)]
		records = records[len(some):]
		var q strings.Builder
		q.WriteString(`INSERT INTO lesson_event (lesson_id, n, school_id, epoch, at, kind, by_person, data) VALUES `)
		args := make([]any, 0, 8*len(some))
		for i, r := range some {
			if i > 0 {
				q.WriteString(", ")
			}
			at := len(args)
			fmt.Fprintf(&q, "($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d)", at+1, at+2, at+3, at+4, at+5, at+6, at+7, at+8)
			args = append(args, lesson, r.N, school, epoch, r.At, r.Event.kind(), null(r.By), string(encodeEvent(r.Event)))
		}
		if _, err := tx.ExecContext(ctx, q.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

func null(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// readLog reads a lesson's log in its order, with the epoch of each record.
func readLog(ctx context.Context, q store.Queryer, lesson string, each func(r Record, epoch int64) error) error {
	rows, err := q.QueryContext(ctx, `SELECT n, epoch, at, kind, by_person, data FROM lesson_event WHERE lesson_id = $1 ORDER BY n`, lesson)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r Record
		var epoch int64
		var kind, data string
		var by sql.NullString
		if err := rows.Scan(&r.N, &epoch, &r.At, &kind, &by, &data); err != nil {
			return err
		}
		if r.Event, err = decodeEvent(kind, []byte(data)); err != nil {
			return fmt.Errorf("lesson: event %d: %w", r.N, err)
		}
		r.By = by.String
		if err := each(r, epoch); err != nil {
			return err
		}
	}
	return rows.Err()
}
