package store

import (
	"context"
	"fmt"
)

// Erasure says that a person's data were erased. It outlives them so that a
// restored backup can be erased again; it holds ids only.
type Erasure struct {
	ID          string
	SchoolID    string
	SubjectKind string // "seat", "staff"
	SubjectID   string
	At          int64 // UTC milliseconds; RecordErasure takes the present when 0
}

// RecordErasure writes e with the transaction that erases, and returns it with
// its id. Recording the same id again changes nothing.
func RecordErasure(ctx context.Context, tx Queryer, e Erasure) (Erasure, error) {
	if e.ID == "" {
		e.ID = NewID()
	}
	if e.At == 0 {
		e.At = nowOf(tx)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO erasure (id, school_id, subject_kind, subject_id, at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`, e.ID, e.SchoolID, e.SubjectKind, e.SubjectID, e.At)
	if err != nil {
		return Erasure{}, fmt.Errorf("store: erasure: %w", err)
	}
	return e, nil
}

// Erasures lists at most limit (1 to 500) erasures of the whole installation
// after the id after, oldest first.
func Erasures(ctx context.Context, q Queryer, after string, limit int) ([]Erasure, error) {
	limit = min(max(limit, 1), 500)
	rows, err := q.QueryContext(ctx, `SELECT id, school_id, subject_kind, subject_id, at FROM erasure
		WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("store: erasures: %w", err)
	}
	defer rows.Close()
	var list []Erasure
	for rows.Next() {
		var e Erasure
		if err := rows.Scan(&e.ID, &e.SchoolID, &e.SubjectKind, &e.SubjectID, &e.At); err != nil {
			return nil, fmt.Errorf("store: erasures: %w", err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}
