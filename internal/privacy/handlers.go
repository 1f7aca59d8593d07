package privacy

import (
	"context"
	"net/http"
	"strconv"

	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/sheet"
	"preau/internal/store"
)

type answer[T any] struct{ Body T }

// OfSchoolPath names a school in a route. It is exported, like the two below,
// because huma binds nothing in an embedded type that is not.
type OfSchoolPath struct {
	School string `path:"school" maxLength:"64"`
}

// OfSeatPath names a seat of a school.
type OfSeatPath struct {
	School string `path:"school" maxLength:"64"`
	Seat   string `path:"seat" maxLength:"64"`
}

// OfStaffPath names a member of staff of a school.
type OfStaffPath struct {
	School string `path:"school" maxLength:"64"`
	Staff  string `path:"staff" maxLength:"64"`
}

func caller(ctx context.Context) string { return identity.From(ctx).Staff.ID }

type listNotices struct {
	After string `query:"after" maxLength:"64"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type noticeItem struct {
	School string `json:"school" doc:"Id, for getNotice."`
	Name   string `json:"name"`
}

type noticePage struct {
	Items []noticeItem `json:"items" nullable:"false"`
	Next  string       `json:"next,omitempty"`
}

func (s *Service) getNotices(ctx context.Context, in *listNotices) (*answer[noticePage], error) {
	schools, err := s.schools(ctx, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	page := noticePage{Items: []noticeItem{}}
	for _, school := range schools {
		page.Items = append(page.Items, noticeItem{school.ID, school.Name})
	}
	if len(schools) == in.Limit {
		page.Next = schools[len(schools)-1].ID
	}
	return &answer[noticePage]{page}, nil
}

func (s *Service) getNotice(ctx context.Context, in *OfSchoolPath) (*answer[*Notice], error) {
	n, err := s.NoticeOf(ctx, in.School, httpx.Locale(ctx))
	return &answer[*Notice]{n}, err
}

func (s *Service) getMap(ctx context.Context, in *OfSchoolPath) (*answer[MapView], error) {
	v, err := s.view(ctx, in.School, httpx.Locale(ctx))
	return &answer[MapView]{v}, err
}

func (s *Service) getRegister(ctx context.Context, in *OfSchoolPath) (*answer[*Register], error) {
	r, err := s.RegisterOf(ctx, in.School, httpx.Locale(ctx))
	return &answer[*Register]{r}, err
}

func (s *Service) registerCSV(g *identity.Gate) http.HandlerFunc {
	return s.registerFile(g, "csv", "text/csv; charset=utf-8", func(rows [][]string, _ i18n.Locale) ([]byte, error) { return sheet.CSV(rows) })
}

func (s *Service) registerODS(g *identity.Gate) http.HandlerFunc {
	return s.registerFile(g, "ods", sheet.ODSType, func(rows [][]string, locale i18n.Locale) ([]byte, error) {
		return sheet.ODS(s.texts.T(locale, "privacy.r_sheet", nil), rows)
	})
}

func (s *Service) registerFile(g *identity.Gate, extension, mediaType string, write func([][]string, i18n.Locale) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		locale := httpx.Locale(r.Context())
		register, err := s.RegisterOf(r.Context(), r.PathValue("school"), locale)
		var body []byte
		if err == nil {
			body, err = write(s.sheet(register, locale), locale)
		}
		if err != nil {
			g.API().WriteError(w, r, err)
			return
		}
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Content-Disposition", `attachment; filename="registre-preau.`+extension+`"`)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body) // the client may be gone: nothing to do about it
	}
}

type trailQuery struct {
	OfSchoolPath
	After   string `query:"after" maxLength:"64" doc:"Id of the last entry of the page before."`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Act     string `query:"act" maxLength:"64" doc:"Start of an act."`
	Actor   string `query:"actor" maxLength:"64"`
	Subject string `query:"subject" maxLength:"64"`
	Since   int64  `query:"since" minimum:"0"`
}

type trailItem struct {
	ID          string            `json:"id"`
	At          int64             `json:"at"`
	ActorKind   string            `json:"actorKind" enum:"staff,seat,system"`
	ActorID     string            `json:"actorId,omitempty"`
	Act         string            `json:"act"`
	SubjectKind string            `json:"subjectKind,omitempty"`
	SubjectID   string            `json:"subjectId,omitempty"`
	Detail      map[string]string `json:"detail"`
}

type trailPage struct {
	Items []trailItem `json:"items" nullable:"false"`
	Next  string      `json:"next,omitempty"`
}

func (s *Service) getTrail(ctx context.Context, in *trailQuery) (*answer[trailPage], error) {
	entries, next, err := s.Trail(ctx, in.School, in.After, in.Limit, TrailFilter{Act: in.Act, Actor: in.Actor, Subject: in.Subject, Since: in.Since})
	if err != nil {
		return nil, err
	}
	page := trailPage{Items: []trailItem{}, Next: next}
	for _, e := range entries {
		page.Items = append(page.Items, trailItem{e.ID, e.At, e.ActorKind, e.ActorID, e.Act, e.SubjectKind, e.SubjectID, e.Detail})
	}
	return &answer[trailPage]{page}, nil
}

// export gathers, and writes in the trail that somebody did.
func (s *Service) export(ctx context.Context, school string, kind Whose, id string) (*answer[*Export], error) {
	out, err := s.ExportOf(ctx, school, kind, id, httpx.Locale(ctx))
	if err != nil {
		return nil, err
	}
	return &answer[*Export]{out}, s.noteExport(ctx, school, kind, id)
}

func (s *Service) noteExport(ctx context.Context, school string, kind Whose, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		return store.Audit(ctx, tx, store.AuditEntry{
			SchoolID: school, ActorKind: "staff", ActorID: caller(ctx), Act: "privacy.export", SubjectKind: string(kind), SubjectID: id,
		})
	})
}

func (s *Service) exportSeat(ctx context.Context, in *OfSeatPath) (*answer[*Export], error) {
	return s.export(ctx, in.School, OfSeat, in.Seat)
}

func (s *Service) exportStaff(ctx context.Context, in *OfStaffPath) (*answer[*Export], error) {
	return s.export(ctx, in.School, OfStaff, in.Staff)
}

func (s *Service) exportMe(ctx context.Context, _ *struct{}) (*answer[*Export], error) {
	out, err := s.ExportOwn(ctx, caller(ctx), httpx.Locale(ctx))
	if err != nil {
		return nil, err
	}
	return &answer[*Export]{out}, s.noteExport(ctx, "", OfStaff, caller(ctx))
}

type eraseBody struct {
	Reason string `json:"reason" enum:"asked,objection,left,mistake"`
}

type eraseSeat struct {
	OfSeatPath
	Body eraseBody
}

type eraseStaff struct {
	OfStaffPath
	Body eraseBody
}

type erasedAnswer struct {
	ID string `json:"id" doc:"Of the erasure, for the person who asked."`
	At int64  `json:"at"`
}

func (s *Service) eraseSeat(ctx context.Context, in *eraseSeat) (*answer[erasedAnswer], error) {
	return s.eraseFor(ctx, in.School, OfSeat, in.Seat, in.Body.Reason)
}

func (s *Service) eraseStaff(ctx context.Context, in *eraseStaff) (*answer[erasedAnswer], error) {
	return s.eraseFor(ctx, in.School, OfStaff, in.Staff, in.Body.Reason)
}

func (s *Service) eraseFor(ctx context.Context, school string, kind Whose, id, reason string) (*answer[erasedAnswer], error) {
	e, err := s.Erase(ctx, school, kind, id, reason, caller(ctx))
	return &answer[erasedAnswer]{erasedAnswer{e.ID, e.At}}, err
}

type formerStaff struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	EndedAt int64  `json:"endedAt" doc:"When the last role ended."`
}

type formerStaffPage struct {
	Items []formerStaff `json:"items" nullable:"false"`
	Next  string        `json:"next,omitempty"`
}

type listFormerStaff struct {
	OfSchoolPath
	After string `query:"after" maxLength:"64"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"500"`
}

// getFormerStaff lists those who can be erased: they had a role here and have
// none anywhere.
func (s *Service) getFormerStaff(ctx context.Context, in *listFormerStaff) (*answer[formerStaffPage], error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT s.id, s.name, s.email, max(coalesce(g.revoked_at, g.until)) FROM staff s JOIN staff_grant g ON g.staff_id = s.id
		WHERE s.id > $1 AND s.email NOT LIKE 'erased:%' AND EXISTS (SELECT 1 FROM staff_grant h WHERE h.staff_id = s.id AND h.school_id = $2)
		GROUP BY s.id, s.name, s.email HAVING max(CASE WHEN g.revoked_at IS NULL AND (g.until IS NULL OR g.until > $3) THEN 1 ELSE 0 END) = 0
		ORDER BY s.id LIMIT $4`, in.After, in.School, s.db.Now(), in.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	page := formerStaffPage{Items: []formerStaff{}}
	for rows.Next() {
		var f formerStaff
		if err := rows.Scan(&f.ID, &f.Name, &f.Email, &f.EndedAt); err != nil {
			return nil, err
		}
		page.Items = append(page.Items, f)
	}
	if len(page.Items) == in.Limit {
		page.Next = page.Items[in.Limit-1].ID
	}
	return &answer[formerStaffPage]{page}, rows.Err()
}
