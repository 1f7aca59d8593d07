package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// AuditEntry is one act, as the audit trail keeps it. It holds ids and words of
// the code, never a name, a code or a secret.
type AuditEntry struct {
	ID          string // given by AuditPage; Audit makes it
	At          int64  // UTC milliseconds; Audit takes the present when 0
	SchoolID    string // "" for an act on the installation
	ActorKind   string // "staff", "seat" or "system"
	ActorID     string // "" for system
	Act         string // "seat.erase"
	SubjectKind string
	SubjectID   string
	Detail      map[string]string
}

// Audit writes one entry with the transaction that does the act.
func Audit(ctx context.Context, tx Queryer, e AuditEntry) error {
	switch e.ActorKind {
	case "staff", "seat", "system":
	default:
		return fmt.Errorf("store: audit: no such kind of actor: %q", e.ActorKind)
	}
	if e.At == 0 {
		e.At = nowOf(tx)
	}
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("store: audit: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO audit (id, school_id, at, actor_kind, actor_id, act, subject_kind, subject_id, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		NewID(), null(e.SchoolID), e.At, e.ActorKind, null(e.ActorID), e.Act, null(e.SubjectKind), null(e.SubjectID), string(detail))
	if err != nil {
		return fmt.Errorf("store: audit: %w", err)
	}
	return nil
}

// AuditPage lists a school's entries, newest first, at most limit (1 to 500) of
// them, older than the entry whose id is before ("" for the newest). With an
// empty schoolID it lists the acts on the installation.
func AuditPage(ctx context.Context, q Queryer, schoolID, before string, limit int) ([]AuditEntry, error) {
	limit = min(max(limit, 1), 500)
	// Ids are UUIDv7, so their order is that of time.
	if before == "" {
		before = "g" // after every hexadecimal digit
	}
	rows, err := q.QueryContext(ctx, `SELECT id, school_id, at, actor_kind, actor_id, act, subject_kind, subject_id, detail
		FROM audit WHERE coalesce(school_id, '') = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, schoolID, before, limit)
	if err != nil {
		return nil, fmt.Errorf("store: audit: %w", err)
	}
	defer rows.Close()
	var page []AuditEntry
	for rows.Next() {
		var e AuditEntry
		var school, actor, kind, subject sql.NullString
		var detail string
		if err := rows.Scan(&e.ID, &school, &e.At, &e.ActorKind, &actor, &e.Act, &kind, &subject, &detail); err != nil {
			return nil, fmt.Errorf("store: audit: %w", err)
		}
		e.SchoolID, e.ActorID, e.SubjectKind, e.SubjectID = school.String, actor.String, kind.String, subject.String
		if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
			return nil, fmt.Errorf("store: audit: detail of %s: %w", e.ID, err)
		}
		page = append(page, e)
	}
	return page, rows.Err()
}

// null stores an empty text as NULL.
func null(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
