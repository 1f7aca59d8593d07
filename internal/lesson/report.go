package lesson

import (
	"bytes"
	"context"
	"encoding/base64"

	"preau/internal/fault"
	"preau/internal/store"
)

const maxSealed = 64 << 10 // bytes of a sealed excerpt

// ageHeader begins every age file (age-encryption.org/v1).
const ageHeader = "age-encryption.org/v1\n"

// Frozen is an excerpt that an adult's browser sealed to the head.
type Frozen struct {
	Sealed string `json:"sealed" maxLength:"87382" doc:"An age file, b64u: 64 KiB at most."`
}

// Report is a frozen excerpt as the head's list has it.
type Report struct {
	ID        string `json:"id"`
	LessonID  string `json:"lessonId"`
	Title     string `json:"title" doc:"Of the lesson."`
	Sealed    string `json:"sealed"`
	CreatedBy string `json:"createdBy" doc:"The adult who froze it."`
	CreatedAt int64  `json:"createdAt"`
}

type postReportIn struct {
	InLesson
	Body Frozen
}

// ReportMade is the id of a frozen excerpt.
type ReportMade struct {
	ID string `json:"id"`
}

func (s *Service) postReport(ctx context.Context, in *postReportIn) (*answer[ReportMade], error) {
	l, err := lessonBy(ctx, s.db.Reader(), in.School, in.Lesson)
	if err != nil {
		return nil, err
	}
	if _, err := s.entrantOf(ctx, l, "staff"); err != nil {
		return nil, err
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(in.Body.Sealed)
	if err != nil || len(sealed) > maxSealed || !bytes.HasPrefix(sealed, []byte(ageHeader)) {
		return nil, fault.New(fault.Invalid, "lesson.not_age").At("sealed")
	}
	id, by := store.NewID(), staffID(ctx)
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO lesson_report (id, school_id, lesson_id, title, sealed, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, l.School, l.ID, l.Title, sealed, by, s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, l.School, by, "lesson.freeze", "lesson", l.ID, nil)
	})
	return give(ReportMade{id}, err)
}

type listReportsIn struct {
	InSchool
	After string `query:"after" maxLength:"40" doc:"Last id of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"50"`
}

func (s *Service) getReports(ctx context.Context, in *listReportsIn) (*answer[items[Report]], error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT id, lesson_id, title, sealed, created_by, created_at FROM lesson_report WHERE school_id = $1 AND id > $2 ORDER BY id LIMIT $3`, in.School, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := items[Report]{Items: []Report{}}
	for rows.Next() {
		var r Report
		var sealed []byte
		if err := rows.Scan(&r.ID, &r.LessonID, &r.Title, &sealed, &r.CreatedBy, &r.CreatedAt); err != nil {
			return nil, err
		}
		r.Sealed = base64.RawURLEncoding.EncodeToString(sealed)
		out.Items = append(out.Items, r)
	}
	return give(out, rows.Err())
}
