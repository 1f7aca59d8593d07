package assessment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"preau/internal/fault"
	"preau/internal/store"
)

// paper is the device number of what staff key from paper or by ear. Its rows
// bear the test's key of the question, and a code.
const paper = 0

// The codes that staff key. No answer is not the same as absent, which is a mark
// on the seat.
const (
	Right    = "1"
	Wrong    = "0"
	NoAnswer = "9"
)

// Keyed is one cell of the grid.
type Keyed struct {
	Question string `json:"question" maxLength:"200" doc:"The test's key."`
	Code     string `json:"code" enum:"0,1,9" doc:"Wrong, right, no answer."`
}

func codeOf(raw json.RawMessage) string {
	var cell struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(raw, &cell) // written by Key
	return cell.Code
}

// Key writes one cell for a seat, in place of what was there; each is kept in
// the log. The first cell makes the sitting, finished.
func (s *Service) Key(ctx context.Context, school, campaign, group string, sequence int, seat string, in Keyed) error {
	if !slices.Contains([]string{Right, Wrong, NoAnswer}, in.Code) {
		return fault.New(fault.Invalid, "assessment.bad_code").At("code")
	}
	if err := s.asked(ctx, school, campaign, group, sequence, in.Question); err != nil {
		return err
	}
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return err
	}
	parts := c.Policy.Sequences[sequence].Parts
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		now := s.now()
		var id string
		err := tx.QueryRowContext(ctx, `SELECT id FROM sitting WHERE campaign_id = $1 AND seat_id = $2 AND sequence = $3`, campaign, seat, sequence).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			id = store.NewID()
			_, err = tx.ExecContext(ctx, `INSERT INTO sitting (id, school_id, campaign_id, seat_id, sequence, seed, status, device, asking, stage, started_at, ends_at, paused_at, finished_at)
				VALUES ($1, $2, $3, $4, $5, $6, 'finished', 1, 0, $7, $8, $8, 0, $8)`, id, school, campaign, seat, sequence, strconv.FormatUint(s.seedOf(campaign, seat), 10), len(parts), now)
		}
		if err != nil {
			return err
		}
		var n int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) + 1 FROM sitting_answer WHERE sitting_id = $1 AND device = $2`, id, paper).Scan(&n); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO sitting_answer (sitting_id, device, n, school_id, item, data, at, late) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
			id, paper, n, school, in.Question, encode(map[string]string{"code": in.Code}), now)
		return err
	})
}

// asked refuses a question that a sequence of a campaign does not ask.
func (s *Service) asked(ctx context.Context, school, campaign, group string, sequence int, question string) error {
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return err
	}
	if err := c.has(group, sequence); err != nil {
		return err
	}
	pkg, err := s.open(ctx, school, c.Taken)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(pkg.linesOf(c.Policy.Sequences[sequence].Parts), func(l ItemLine) bool { return l.Key == question }) {
		return fault.New(fault.Invalid, "assessment.no_question").At("question")
	}
	return nil
}

// Grid is what was keyed of a sequence, by seat and question.
func (s *Service) Grid(ctx context.Context, school, campaign string, sequence int) (map[string]map[string]string, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT t.seat_id, a.item, a.data FROM sitting_answer a JOIN sitting t ON t.id = a.sitting_id
		WHERE t.campaign_id = $1 AND t.sequence = $2 AND t.school_id = $3 AND a.device = $4 ORDER BY a.n LIMIT 200000`, campaign, sequence, school, paper)
	if err != nil {
		return nil, err
	}
	type cell struct{ seat, item, data string }
	all, err := collect(rows, func(r *sql.Rows, c *cell) error { return r.Scan(&c.seat, &c.item, &c.data) })
	out := map[string]map[string]string{}
	for _, c := range all {
		if out[c.seat] == nil {
			out[c.seat] = map[string]string{}
		}
		out[c.seat][c.item] = codeOf(json.RawMessage(c.data))
	}
	return out, err
}

// encode writes what cannot fail to be written.
func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}
