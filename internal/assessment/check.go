package assessment

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"strconv"

	"preau/internal/fault"
	"preau/internal/store"
)

// PaperCheck is a sample of a group's papers that is keyed a second time.
type PaperCheck struct {
	Drawn   bool             `json:"drawn"`
	Share   int              `json:"share,omitempty" doc:"Per cent of the seats."`
	Seed    string           `json:"seed,omitempty" doc:"The draw can be done again from it: the seats with the smallest SHA-256 of seed and id."`
	DrawnAt int64            `json:"drawnAt,omitempty"`
	Seats   []PaperCheckSeat `json:"seats" nullable:"false"`
	// Compared counts cells of seats that are whole.
	Compared int              `json:"compared"`
	Agreed   int              `json:"agreed"`
	Low      float64          `json:"low" doc:"95 % interval of agreed of compared, Wilson."`
	High     float64          `json:"high"`
	Differ   []PaperCheckCell `json:"differ" nullable:"false" doc:"Cells keyed otherwise the second time, of seats whose second keying is whole."`
}

// PaperCheckSeat is a seat of the sample.
type PaperCheckSeat struct {
	Seat  string `json:"seat"`
	Keyed int    `json:"keyed" doc:"Cells keyed the second time."`
	Of    int    `json:"of" doc:"Cells keyed the first time."`
	Whole bool   `json:"whole" doc:"Each cell of the first keying has its second: both are compared, and no more keyed."`
}

// PaperCheckCell is a cell on which two keyings differ.
type PaperCheckCell struct {
	Seat     string `json:"seat"`
	Question string `json:"question"`
	First    string `json:"first"`
	Second   string `json:"second"`
	Decided  string `json:"decided,omitempty"`
}

// Draw chooses the seats of a sample: those with the smallest digest of the seed
// and their id. At least one.
func Draw(seed string, seats []string, share int) []string {
	type ticket struct{ seat, digest string }
	tickets := make([]ticket, 0, len(seats))
	for _, seat := range seats {
		sum := sha256.Sum256([]byte(seed + "\x00" + seat))
		tickets = append(tickets, ticket{seat, hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(tickets, func(a, b ticket) int { return cmp.Compare(a.digest, b.digest) })
	n := min(len(seats), max(1, int(math.Ceil(float64(len(seats)*share)/100))))
	out := make([]string, 0, n)
	for _, t := range tickets[:n] {
		out = append(out, t.seat)
	}
	return out
}

// DrawCheck draws the sample of a group and a sequence, once: among the seats
// that have something keyed.
func (s *Service) DrawCheck(ctx context.Context, school, campaign, group string, sequence, share int) error {
	if share < 1 || share > 100 {
		return fault.New(fault.Invalid, "assessment.bad_share").At("share")
	}
	first, err := s.gridOf(ctx, school, campaign, group, sequence)
	if err != nil {
		return err
	}
	keyed := make([]string, 0, len(first))
	for seat := range first {
		keyed = append(keyed, seat)
	}
	if len(keyed) == 0 {
		return refuse("nothing_keyed")
	}
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	seed := hex.EncodeToString(raw[:])
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO paper_check (campaign_id, group_id, sequence, school_id, seed, share, drawn_by, drawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			campaign, group, sequence, school, seed, share, staffID(ctx), s.now())
		if store.IsUnique(err) {
			return refuse("drawn_already")
		}
		if err != nil {
			return err
		}
		for _, seat := range Draw(seed, keyed, share) {
			if _, err := tx.ExecContext(ctx, `INSERT INTO paper_drawn (campaign_id, group_id, sequence, seat_id, school_id) VALUES ($1, $2, $3, $4, $5)`, campaign, group, sequence, seat, school); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, school, "paper.draw", "group", group, map[string]string{"campaign": campaign, "sequence": strconv.Itoa(sequence), "share": strconv.Itoa(share)})
	})
}

// gridOf is the grid of a group's seats.
func (s *Service) gridOf(ctx context.Context, school, campaign, group string, sequence int) (map[string]map[string]string, error) {
	cells, err := s.Grid(ctx, school, campaign, sequence)
	if err != nil {
		return nil, err
	}
	seats, err := s.roster.SeatsOfGroup(ctx, school, group)
	out := map[string]map[string]string{}
	for _, seat := range seats {
		if row, ok := cells[seat.ID]; ok {
			out[seat.ID] = row
		}
	}
	return out, err
}

type secondCell struct {
	seat, question, code, first, decided string
}

func (s *Service) secondOf(ctx context.Context, q store.Queryer, campaign string, sequence int) ([]secondCell, error) {
	rows, err := q.QueryContext(ctx, `SELECT seat_id, question, code, first_code, decided FROM paper_second WHERE campaign_id = $1 AND sequence = $2 ORDER BY seat_id, question LIMIT 200000`, campaign, sequence)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, c *secondCell) error {
		return r.Scan(&c.seat, &c.question, &c.code, &c.first, &c.decided)
	})
}

// CheckOf is how the second keying stands. Nothing of the first keying is told
// of a seat before its second is whole.
func (s *Service) CheckOf(ctx context.Context, school, campaign, group string, sequence int) (PaperCheck, error) {
	out := PaperCheck{Seats: []PaperCheckSeat{}, Differ: []PaperCheckCell{}}
	err := s.db.Reader().QueryRowContext(ctx, `SELECT seed, share, drawn_at FROM paper_check WHERE campaign_id = $1 AND group_id = $2 AND sequence = $3 AND school_id = $4`, campaign, group, sequence, school).Scan(&out.Seed, &out.Share, &out.DrawnAt)
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Drawn = true
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT seat_id FROM paper_drawn WHERE campaign_id = $1 AND group_id = $2 AND sequence = $3 ORDER BY seat_id LIMIT 2000`, campaign, group, sequence)
	if err != nil {
		return out, err
	}
	drawn, err := collect(rows, func(r *sql.Rows, seat *string) error { return r.Scan(seat) })
	if err != nil {
		return out, err
	}
	first, err := s.gridOf(ctx, school, campaign, group, sequence)
	if err != nil {
		return out, err
	}
	second, err := s.secondOf(ctx, s.db.Reader(), campaign, sequence)
	if err != nil {
		return out, err
	}
	for _, seat := range drawn {
		line := PaperCheckSeat{Seat: seat, Of: len(first[seat])}
		var cells []secondCell
		for _, c := range second {
			if _, keyed := first[seat][c.question]; c.seat == seat && keyed {
				cells = append(cells, c)
			}
		}
		line.Keyed = len(cells)
		line.Whole = line.Of > 0 && line.Keyed == line.Of
		out.Seats = append(out.Seats, line)
		if !line.Whole {
			continue
		}
		for _, c := range cells {
			was := c.first
			if was == "" {
				was = first[seat][c.question]
			}
			out.Compared++
			if was == c.code {
				out.Agreed++
				continue
			}
			out.Differ = append(out.Differ, PaperCheckCell{seat, c.question, was, c.code, c.decided})
		}
	}
	out.Low, out.High = Wilson(out.Agreed, out.Compared)
	return out, nil
}

// Second is the second keying of a sample, and nothing of the first.
func (s *Service) Second(ctx context.Context, school, campaign, group string, sequence int) (map[string]map[string]string, error) {
	check, err := s.CheckOf(ctx, school, campaign, group, sequence)
	if err != nil {
		return nil, err
	}
	second, err := s.secondOf(ctx, s.db.Reader(), campaign, sequence)
	out := map[string]map[string]string{}
	for _, seat := range check.Seats {
		out[seat.Seat] = map[string]string{}
	}
	for _, c := range second {
		if row, ok := out[c.seat]; ok {
			row[c.question] = c.code
		}
	}
	return out, err
}

// KeySecond writes one cell of the second keying of a seat that was drawn. What
// the grid holds then is kept beside it: a grid that is mended later does not
// change how the two agreed.
func (s *Service) KeySecond(ctx context.Context, school, campaign, group string, sequence int, seat string, in Keyed) error {
	if !slices.Contains([]string{Right, Wrong, NoAnswer}, in.Code) {
		return fault.New(fault.Invalid, "assessment.bad_code").At("code")
	}
	if err := s.asked(ctx, school, campaign, group, sequence, in.Question); err != nil {
		return err
	}
	check, err := s.CheckOf(ctx, school, campaign, group, sequence)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(check.Seats, func(c PaperCheckSeat) bool { return c.Seat == seat })
	if i < 0 {
		return refuse("not_drawn")
	}
	if check.Seats[i].Whole {
		return refuse("compared")
	}
	first, err := s.gridOf(ctx, school, campaign, group, sequence)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO paper_second (campaign_id, sequence, seat_id, question, school_id, code, keyed_by, keyed_at, first_code, decided) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')
			ON CONFLICT (campaign_id, sequence, seat_id, question) DO UPDATE SET code = excluded.code, keyed_by = excluded.keyed_by, keyed_at = excluded.keyed_at, first_code = excluded.first_code`,
			campaign, sequence, seat, in.Question, school, in.Code, staffID(ctx), s.now(), first[seat][in.Question])
		return err
	})
}

// Decide settles a cell on which two keyings differ: the code goes into the
// grid, and both keyings stay on record.
func (s *Service) Decide(ctx context.Context, school, campaign, group string, sequence int, seat string, in Keyed) error {
	check, err := s.CheckOf(ctx, school, campaign, group, sequence)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(check.Differ, func(c PaperCheckCell) bool { return c.Seat == seat && c.Question == in.Question }) {
		return refuse("nothing_differs")
	}
	if err := s.Key(ctx, school, campaign, group, sequence, seat, in); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `UPDATE paper_second SET decided = $1, decided_by = $2, decided_at = $3 WHERE campaign_id = $4 AND sequence = $5 AND seat_id = $6 AND question = $7 AND school_id = $8`,
			in.Code, staffID(ctx), s.now(), campaign, sequence, seat, in.Question, school); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "paper.decide", "seat", seat, map[string]string{"campaign": campaign, "sequence": strconv.Itoa(sequence), "question": in.Question})
	})
}
