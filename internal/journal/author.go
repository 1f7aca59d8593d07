package journal

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// Author is somebody as readers know them. The server ties a pupil's pen name
// to their seat, and shows the tie to nobody but those who review.
type Author struct {
	ID      string `json:"id"`
	PenName string `json:"penName" doc:"Empty once its person was erased."`
	Of      string `json:"of" enum:"seat,staff,outside"`
	Invited bool   `json:"invited,omitempty" doc:"Of a piece: asked to sign it, and has not said yes."`
}

const authorColumns = "a.id, a.pen_name, CASE WHEN a.seat_id IS NOT NULL OR a.pen_name = '' THEN 'seat' WHEN a.staff_id IS NOT NULL THEN 'staff' ELSE 'outside' END"

func scanAuthor(row interface{ Scan(...any) error }) (Author, error) {
	var a Author
	err := row.Scan(&a.ID, &a.PenName, &a.Of)
	return a, err
}

// person is who calls, inside one school.
type person struct {
	staff, seat string
	author      string // id of their pen name, "" before they chose one
	editor      bool
	head        bool
	moderator   bool
	board       bool
}

// on is what the rules see of a person about a piece.
func (p person) on(authors []string) Actor {
	a := Actor{Editor: p.editor, Head: p.head, Board: p.board}
	for _, id := range authors {
		a.Author = a.Author || id == p.author && id != ""
	}
	return a
}

// reads says whether they see what waits for a review.
func (p person) reads() bool { return p.editor || p.head || p.board }

// by is who they are, for the log.
func (p person) by() (staff, seat *string) { return optional(p.staff), optional(p.seat) }

func (p person) id() string {
	if p.staff != "" {
		return p.staff
	}
	return p.seat
}

// writers are the roles whose holders may write.
func writers() []identity.Role { return identity.Roles() }

// who gives the caller, with their mandates.
func (s *Service) who(ctx context.Context, q store.Queryer, school string) (person, error) {
	p := identity.From(ctx)
	out := person{}
	column := "staff_id"
	switch {
	case p.Staff != nil && p.Within(school) && p.Seat != nil && !p.Seat.Waiting && p.Seat.SchoolID == school:
		// A colleague's account beside a pupil's place: neither signs for the other.
		return out, fault.New(fault.Conflict, "journal.both_in")
	case p.Staff != nil && p.Within(school):
		whole := identity.Place{School: school}
		out.staff = p.Staff.ID
		out.head, out.editor, out.moderator = p.Holds(whole, identity.Head), p.Holds(whole, identity.Editor), p.Holds(whole, identity.Moderator)
	case p.Seat != nil && !p.Seat.Waiting && p.Seat.SchoolID == school:
		out.seat, column = p.Seat.ID, "seat_id"
	default:
		return out, fault.New(fault.Forbidden, "http.not_allowed")
	}
	err := q.QueryRowContext(ctx, "SELECT id FROM journal_author WHERE school_id = $1 AND "+column+" = $2", school, out.id()).Scan(&out.author)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return out, err
	}
	now := s.now()
	rows, err := q.QueryContext(ctx, "SELECT kind FROM journal_mandate WHERE school_id = $1 AND "+column+" = $2 AND starts_at <= $3 AND until > $3 LIMIT 20", school, out.id(), now)
	kinds, err := collect(rows, err, func(r *sql.Rows, kind *string) error { return r.Scan(kind) })
	for _, kind := range kinds {
		out.board = out.board || kind == "board"
		out.moderator = out.moderator || kind == "moderation"
	}
	return out, err
}

// PenName is what one says to be known by.
type PenName struct {
	PenName string `json:"penName" minLength:"2" maxLength:"40"`
}

// penKey is the letters of a pen name alone.
func penKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, fold(name))
}

// penOf tidies a pen name and gives its letters, or refuses what is none.
func penOf(name string) (tidy, key string, err error) {
	if tidy, err = line(name, 40, "penName"); err != nil {
		return "", "", err
	}
	if key = penKey(tidy); len(key) < 2 || identity.MixesScripts(tidy) {
		err = fault.New(fault.Invalid, "journal.pen_form").At("penName")
	}
	return tidy, key, err
}

// rename writes an author's pen name.
func rename(ctx context.Context, tx store.Queryer, school, author, name, key string) error {
	_, err := tx.ExecContext(ctx, "UPDATE journal_author SET pen_name = $2, pen_key = $3 WHERE id = $1 AND school_id = $4", author, name, key, school)
	return penTaken(err)
}

func penTaken(err error) error {
	if store.IsUnique(err) {
		return fault.New(fault.Conflict, "journal.pen_taken").At("penName")
	}
	return err
}

// SetPenName gives the caller the name that readers see. A pupil's tells nothing
// of the pseudonym of their seat, which their class knows.
func (s *Service) SetPenName(ctx context.Context, school string, in PenName) (Author, error) {
	var out Author
	name, key, err := penOf(in.PenName)
	if err != nil {
		return out, err
	}
	who, err := s.who(ctx, s.db.Reader(), school)
	if err != nil {
		return out, err
	}
	if err := s.penIsFree(ctx, school, who.staff, key); err != nil {
		return out, err
	}
	of := "staff"
	if who.seat != "" {
		of = "seat"
		seat, err := s.roster.SeatByID(ctx, school, who.seat)
		if err != nil {
			return out, err
		}
		if pseudonym := penKey(seat.Pseudonym); strings.Contains(key, pseudonym) || len(key) >= 4 && strings.Contains(pseudonym, key) {
			return out, fault.New(fault.Invalid, "journal.pen_pseudonym").At("penName")
		}
	}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		who, err := s.who(ctx, tx, school)
		if err != nil {
			return err
		}
		if out = (Author{ID: who.author, PenName: name, Of: of}); who.author == "" {
			out.ID = uuid.NewString() // tells nobody when the name was chosen
			_, err = tx.ExecContext(ctx, "INSERT INTO journal_author (id, school_id, seat_id, staff_id, pen_name, pen_key, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
				out.ID, school, optional(who.seat), optional(who.staff), name, key, s.now())
			return penTaken(err)
		}
		if err := penStands(ctx, tx, who.author, key); err != nil {
			return err
		}
		return rename(ctx, tx, school, who.author, name, key)
	})
	return out, err
}

// penIsFree refuses the name of somebody who works here, or who directs the
// journal, to anybody else.
func (s *Service) penIsFree(ctx context.Context, school, staff, key string) error {
	colleagues, err := s.ids.Colleagues(ctx, school)
	if err != nil {
		return err
	}
	set, err := s.Settings(ctx, school)
	if err != nil {
		return err
	}
	own := false
	taken := key == penKey(set.Director)
	for _, c := range colleagues {
		if penKey(c.Name) == key {
			own = own || c.ID == staff
			taken = true
		}
	}
	if taken && !own {
		return fault.New(fault.Conflict, "journal.pen_of_somebody").At("penName")
	}
	return nil
}

// penStands refuses to change a name under which readers know somebody, or that
// somebody is reading to decide: it was read with the piece, and another one was
// not. Nor does who is asked to sign such a piece sign with another than was asked.
func penStands(ctx context.Context, tx store.Queryer, author, key string) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM journal_author a JOIN journal_piece_author x ON x.author_id = a.id JOIN journal_piece p ON p.id = x.piece_id
		WHERE a.id = $1 AND a.pen_key <> $2 AND (p.first_at IS NOT NULL OR p.status IN ('proposed', 'discussed'))`, author, key).Scan(&n)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "journal.pen_stands").At("penName")
	}
	return err
}

// Rename gives an author another pen name, as those who answer for the journal
// may: it shows at once.
func (s *Service) Rename(ctx context.Context, school, author string, in PenName) error {
	name, key, err := penOf(in.PenName)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		who, err := s.who(ctx, tx, school)
		if err != nil {
			return err
		}
		var staff *string
		err = tx.QueryRowContext(ctx, "SELECT staff_id FROM journal_author WHERE id = $1 AND school_id = $2 AND pen_name <> ''", author, school).Scan(&staff)
		if isNoRows(err) {
			return fault.New(fault.NotFound, "journal.no_author")
		}
		if err != nil {
			return err
		}
		if err := s.penIsFree(ctx, school, value(staff), key); err != nil {
			return err
		}
		if err := rename(ctx, tx, school, author, name, key); err != nil {
			return err
		}
		return s.logs(ctx, tx, school, who, "author.rename", "author", author, "")
	})
}

// Standing is what the caller is for the journal.
type Standing struct {
	Author    *Author `json:"author,omitempty" doc:"Absent before they chose a pen name."`
	Editor    bool    `json:"editor"`
	Head      bool    `json:"head"`
	Moderator bool    `json:"moderator"`
	Board     bool    `json:"board"`
	Regime    Regime  `json:"regime" enum:"adults,pupils"`
	Slug      string  `json:"slug,omitempty" doc:"Of the journal's pages; absent before it is made."`
	Opened    bool    `json:"opened"`
}

// Me says who the caller is.
func (s *Service) Me(ctx context.Context, school string) (Standing, error) {
	q := s.db.Reader()
	who, err := s.who(ctx, q, school)
	if err != nil {
		return Standing{}, err
	}
	set, err := s.Settings(ctx, school)
	if err != nil {
		return Standing{}, err
	}
	out := Standing{Editor: who.editor, Head: who.head, Moderator: who.moderator, Board: who.board, Regime: set.Regime, Opened: set.Opened}
	if set.Made {
		out.Slug = set.Slug
	}
	if who.author != "" {
		a, err := scanAuthor(q.QueryRowContext(ctx, "SELECT "+authorColumns+" FROM journal_author a WHERE a.id = $1", who.author))
		if err != nil {
			return out, err
		}
		out.Author = &a
	}
	return out, nil
}

// findAuthor finds an author by the exact pen name.
func findAuthor(ctx context.Context, q store.Queryer, school, name string) (Author, error) {
	a, err := scanAuthor(q.QueryRowContext(ctx, "SELECT "+authorColumns+" FROM journal_author a WHERE a.school_id = $1 AND a.pen_key = $2", school, penKey(name)))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "journal.no_author").At("penName")
	}
	return a, err
}

// outsider gives the author of that name from outside the school, made when
// there is none.
func (s *Service) outsider(ctx context.Context, tx store.Queryer, school, name string) (Author, error) {
	a, err := findAuthor(ctx, tx, school, name)
	if err == nil && a.Of != "outside" {
		return a, fault.New(fault.Conflict, "journal.pen_taken").At("penName")
	}
	if !fault.Is(err, fault.NotFound) {
		return a, err
	}
	name, key, err := penOf(name)
	if err != nil {
		return a, err
	}
	a = Author{ID: uuid.NewString(), PenName: name, Of: "outside"}
	_, err = tx.ExecContext(ctx, "INSERT INTO journal_author (id, school_id, seat_id, staff_id, pen_name, pen_key, created_at) VALUES ($1, $2, NULL, NULL, $3, $4, $5)", a.ID, school, name, key, s.now())
	return a, err
}

// Mandate is what somebody holds for a time: a place on a lycée's board, or
// their turn as moderator.
type Mandate struct {
	ID       string  `json:"id"`
	SeatID   *string `json:"seatId,omitempty"`
	StaffID  *string `json:"staffId,omitempty"`
	Who      string  `json:"who" doc:"A colleague's name, or the pseudonym of a seat."`
	Kind     string  `json:"kind" enum:"board,moderation"`
	StartsAt int64   `json:"startsAt"`
	Until    int64   `json:"until"`
}

// NewMandate is what one says to give one.
type NewMandate struct {
	SeatID   string `json:"seatId,omitempty" maxLength:"36"`
	StaffID  string `json:"staffId,omitempty" maxLength:"36"`
	Kind     string `json:"kind" enum:"board,moderation"`
	StartsAt int64  `json:"startsAt"`
	Until    int64  `json:"until"`
}

const (
	mostMandates   = 500
	longestMandate = 400 * dayMs
	dayMs          = int64(24 * 60 * 60 * 1000)
)

// Mandates lists those that are not over.
func (s *Service) Mandates(ctx context.Context, school string) ([]Mandate, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT id, seat_id, staff_id, kind, starts_at, until FROM journal_mandate WHERE school_id = $1 AND until > $2 ORDER BY starts_at, id LIMIT 500", school, s.now())
	list, err := collect(rows, err, func(r *sql.Rows, m *Mandate) error {
		return r.Scan(&m.ID, &m.SeatID, &m.StaffID, &m.Kind, &m.StartsAt, &m.Until)
	})
	if err != nil {
		return nil, err
	}
	return list, s.callMandates(ctx, school, list)
}

// GiveMandate gives one. Pupils hold them in lycée alone.
func (s *Service) GiveMandate(ctx context.Context, school, by string, in NewMandate) (string, error) {
	set, err := s.Settings(ctx, school)
	if err != nil {
		return "", err
	}
	now := s.now()
	switch {
	case (in.SeatID == "") == (in.StaffID == ""):
		return "", missing("seatId")
	case in.Until <= now || in.Until <= in.StartsAt || in.Until > now+longestMandate:
		return "", fault.New(fault.Invalid, "journal.until_wrong").At("until")
	case in.SeatID != "" && set.Regime != Pupils:
		return "", fault.New(fault.Conflict, "journal.lycee_only")
	case in.StaffID != "" && in.Kind == "board":
		return "", fault.New(fault.Invalid, "journal.board_pupils").At("staffId")
	}
	if in.SeatID != "" {
		if _, err := s.roster.SeatByID(ctx, school, in.SeatID); err != nil {
			return "", err
		}
	} else if err := s.isColleague(ctx, school, in.StaffID); err != nil {
		return "", err
	}
	id := store.NewID()
	return id, s.db.Tx(ctx, func(tx store.Queryer) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_mandate WHERE school_id = $1 AND until > $2", school, now).Scan(&n); err != nil {
			return err
		}
		if n >= mostMandates {
			return fault.New(fault.Limited, "journal.mandates_full", "count", mostMandates)
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO journal_mandate (id, school_id, seat_id, staff_id, kind, starts_at, until, given_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			id, school, optional(in.SeatID), optional(in.StaffID), in.Kind, in.StartsAt, in.Until, by, now)
		return err
	})
}

func (s *Service) isColleague(ctx context.Context, school, staff string) error {
	colleagues, err := s.ids.Colleagues(ctx, school)
	if err != nil {
		return err
	}
	for _, c := range colleagues {
		if c.ID == staff {
			return nil
		}
	}
	return fault.New(fault.NotFound, "journal.no_author").At("staffId")
}

// EndMandate takes one back.
func (s *Service) EndMandate(ctx context.Context, school, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		return exec(ctx, tx, fault.New(fault.NotFound, "journal.no_mandate"), "DELETE FROM journal_mandate WHERE id = $1 AND school_id = $2", id, school)
	})
}
