package journal

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"preau/internal/fault"
	"preau/internal/store"
)

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Contribution is one as moderators see it.
type Contribution struct {
	ID        string   `json:"id"`
	PieceID   string   `json:"pieceId"`
	Slug      string   `json:"slug"`
	Title     string   `json:"title" doc:"Of the piece."`
	Status    string   `json:"status" enum:"waiting,shown,refused,spam"`
	Name      string   `json:"name"`
	Text      string   `json:"text"`
	Link      string   `json:"link,omitempty"`
	Answer    string   `json:"answer,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	Signs     []string `json:"signs" nullable:"false" enum:"trapped,formless,hasty,linked,bursting,unworked,shouting,repeated" doc:"What looks odd about it."`
	Source    string   `json:"source" doc:"The same for what came from one network on one day."`
	Member    bool     `json:"member" doc:"Sent by somebody of the school who was in."`
	At        int64    `json:"at"`
	DecidedAt *int64   `json:"decidedAt,omitempty"`
	HiddenAt  *int64   `json:"hiddenAt,omitempty" doc:"A report hides it until somebody has read it."`
}

// ContributionFilter narrows a queue.
type ContributionFilter struct {
	Status, Source, Piece, After string
	Limit                        int
}

func (s *Service) moderator(ctx context.Context, q store.Queryer, school string) (person, error) {
	who, err := s.who(ctx, q, school)
	if err == nil && !who.moderator && !who.editor && !who.head {
		err = notYou()
	}
	return who, err
}

// Contributions lists a queue, oldest first, a page at a time.
func (s *Service) Contributions(ctx context.Context, school string, f ContributionFilter) ([]Contribution, error) {
	if _, err := s.moderator(ctx, s.db.Reader(), school); err != nil {
		return nil, err
	}
	a := args{school, f.Status, f.After}
	where := ""
	if f.Source != "" {
		where += " AND c.source = " + a.add(f.Source)
	}
	if f.Piece != "" {
		where += " AND c.piece_id = " + a.add(f.Piece)
	}
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT c.id, c.piece_id, coalesce(p.slug, ''), coalesce(r.title, ''), c.status, c.name, c.text, c.link, c.answer, c.reason, c.signs, c.source,
		CASE WHEN c.seat_id IS NULL AND c.staff_id IS NULL THEN 0 ELSE 1 END, c.at, c.decided_at, c.hidden_at
		FROM journal_contribution c JOIN journal_piece p ON p.id = c.piece_id LEFT JOIN journal_revision r ON r.id = p.live_id
		WHERE c.school_id = $1 AND c.status = $2 AND c.id > $3`+where+` ORDER BY c.id LIMIT `+a.add(min(max(f.Limit, 1), 200)), a...)
	return collect(rows, err, func(r *sql.Rows, c *Contribution) error {
		var signs string
		err := r.Scan(&c.ID, &c.PieceID, &c.Slug, &c.Title, &c.Status, &c.Name, &c.Text, &c.Link, &c.Answer, &c.Reason, &signs, &c.Source, &c.Member, &c.At, &c.DecidedAt, &c.HiddenAt)
		c.Signs = strings.Fields(signs)
		return err
	})
}

// Sorting is what a moderator decides about some contributions at once.
type Sorting struct {
	IDs    []string `json:"ids" minItems:"1" maxItems:"200"`
	As     string   `json:"as" enum:"shown,refused,spam,waiting"`
	Answer string   `json:"answer,omitempty" maxLength:"4000" doc:"Shown under each, when they are let through."`
	Reason string   `json:"reason,omitempty" maxLength:"2000" doc:"Needed to refuse; their senders read it."`
}

// Sort decides about contributions, all of them or none.
func (s *Service) Sort(ctx context.Context, school string, in Sorting) error {
	var err error
	if in.Answer, err = block(in.Answer, 4000, "answer"); err != nil {
		return err
	}
	if in.Reason, err = block(in.Reason, 2000, "reason"); err != nil {
		return err
	}
	if in.As == "refused" && in.Reason == "" {
		return fault.New(fault.Invalid, "journal.reason_needed").At("reason")
	}
	slices.Sort(in.IDs)
	in.IDs = slices.Compact(in.IDs)
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		who, err := s.moderator(ctx, tx, school)
		if err != nil {
			return err
		}
		for _, id := range in.IDs {
			if err := s.sortOne(ctx, tx, school, who, id, in); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) sortOne(ctx context.Context, tx store.Queryer, school string, who person, id string, in Sorting) error {
	var piece string
	err := tx.QueryRowContext(ctx, "SELECT piece_id FROM journal_contribution WHERE id = $1 AND school_id = $2", id, school).Scan(&piece)
	if isNoRows(err) {
		return fault.New(fault.NotFound, "journal.no_contribution")
	}
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE journal_contribution SET status = $2, answer = $3, reason = $4, decided_at = $5, decided_by = $6, hidden_at = NULL WHERE id = $1",
		id, in.As, in.Answer, in.Reason, s.now(), who.id()); err != nil {
		return err
	}
	if err := recount(ctx, tx, piece); err != nil {
		return err
	}
	return s.logs(ctx, tx, school, who, "contribution."+in.As, "contribution", id, in.Reason)
}

// recount writes how many contributions of a piece show.
func recount(ctx context.Context, tx store.Queryer, piece string) error {
	_, err := tx.ExecContext(ctx, "UPDATE journal_piece SET additions = (SELECT count(*) FROM journal_contribution WHERE piece_id = $1 AND status = 'shown' AND hidden_at IS NULL) WHERE id = $1", piece)
	return err
}

// LogLine is a line of the moderation log.
type LogLine struct {
	ID        string  `json:"id"`
	At        int64   `json:"at"`
	Act       string  `json:"act" enum:"piece.propose,piece.retake,piece.discuss,piece.publish,piece.refuse,piece.withdraw,piece.suspend,piece.forbid,piece.lift,contribution.shown,contribution.refused,contribution.spam,contribution.waiting,file.remove,file.shown,report.upheld,report.dismissed,reply.inserted,reply.refused,author.rename"`
	Subject   string  `json:"subject"`
	SubjectID string  `json:"subjectId"`
	ByStaff   *string `json:"byStaff,omitempty"`
	BySeat    *string `json:"bySeat,omitempty"`
	Reason    string  `json:"reason,omitempty"`
	Who       string  `json:"who,omitempty" doc:"The pen name of who did it, or a colleague's name; empty once they were erased."`
	Title     string  `json:"title,omitempty" doc:"Of the piece that it is about."`
}

// Log reads the moderation log, the latest first.
func (s *Service) Log(ctx context.Context, school, before string, limit int) ([]LogLine, error) {
	if before == "" {
		before = "g"
	}
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT l.id, l.at, l.act, l.subject, l.subject_id, l.by_staff, l.by_seat, l.reason, coalesce(a.pen_name, ''), coalesce(r.title, '') FROM journal_log l
		LEFT JOIN journal_author a ON a.school_id = l.school_id AND (a.staff_id = l.by_staff OR a.seat_id = l.by_seat)
		LEFT JOIN journal_piece p ON l.subject = 'piece' AND p.id = l.subject_id LEFT JOIN journal_revision r ON r.id = coalesce(p.live_id, p.work_id)
		WHERE l.school_id = $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3`, school, before, min(max(limit, 1), 500))
	list, err := collect(rows, err, func(r *sql.Rows, l *LogLine) error {
		return r.Scan(&l.ID, &l.At, &l.Act, &l.Subject, &l.SubjectID, &l.ByStaff, &l.BySeat, &l.Reason, &l.Who, &l.Title)
	})
	if err != nil {
		return nil, err
	}
	peers, err := s.Peers(ctx, school)
	for i, l := range list {
		for _, p := range peers {
			if l.Who == "" && l.ByStaff != nil && *l.ByStaff == p.ID {
				list[i].Who = p.Name
			}
		}
	}
	return list, err
}
