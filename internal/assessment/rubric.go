package assessment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/store"
)

const (
	maxCriteria = 8
	maxLevels   = 6
)

// Rubric is how the long answers to a question are marked.
type Rubric struct {
	Question string      `json:"question"`
	Twice    bool        `json:"twice" doc:"Two adults mark, each blind of the other; a third decides where they differ."`
	Criteria []Criterion `json:"criteria" nullable:"false" maxItems:"8"`
}

// Criterion is one thing that is looked at, with its levels from the least.
type Criterion struct {
	Name   string        `json:"name" maxLength:"480"`
	Levels []RubricLevel `json:"levels" nullable:"false" maxItems:"6"`
}

// RubricLevel is a level of a criterion and what it is worth.
type RubricLevel struct {
	Text   string  `json:"text" maxLength:"1200"`
	Points float64 `json:"points" minimum:"0" maximum:"100"`
}

// Max is the most points that a rubric gives.
func (r Rubric) Max() float64 {
	var sum float64
	for _, c := range r.Criteria {
		most := 0.0
		for _, l := range c.Levels {
			most = max(most, l.Points)
		}
		sum += most
	}
	return sum
}

// Points are those of levels, one a criterion.
func (r Rubric) Points(levels []int) float64 {
	var sum float64
	for i, l := range levels {
		sum += r.Criteria[i].Levels[l].Points
	}
	return sum
}

// fits says whether levels are one a criterion, each there.
func (r Rubric) fits(levels []int) bool {
	if len(levels) != len(r.Criteria) {
		return false
	}
	for i, l := range levels {
		if l < 0 || l >= len(r.Criteria[i].Levels) {
			return false
		}
	}
	return true
}

func (r *Rubric) check() error {
	bad := func(at string) error { return fault.New(fault.Invalid, "assessment.bad_rubric").At(at) }
	if len(r.Criteria) < 1 || len(r.Criteria) > maxCriteria {
		return bad("criteria")
	}
	for i := range r.Criteria {
		c, at := &r.Criteria[i], "criteria["+strconv.Itoa(i)+"]"
		c.Name = strings.TrimSpace(c.Name)
		if c.Name == "" || utf8.RuneCountInString(c.Name) > 120 {
			return bad(at + ".name")
		}
		if len(c.Levels) < 2 || len(c.Levels) > maxLevels {
			return bad(at + ".levels")
		}
		for k := range c.Levels {
			l := &c.Levels[k]
			l.Text = strings.TrimSpace(l.Text)
			if l.Text == "" || utf8.RuneCountInString(l.Text) > 300 || l.Points < 0 || l.Points > 100 || k > 0 && l.Points < c.Levels[k-1].Points {
				return bad(at + ".levels[" + strconv.Itoa(k) + "]")
			}
		}
	}
	if r.Max() <= 0 {
		return bad("criteria")
	}
	return nil
}

// The turns of a marking. The third decides where the first two differ.
const (
	firstTurn  = 1
	secondTurn = 2
	thirdTurn  = 3
)

// marking is the last word of a turn on one seat's answer.
type marking struct {
	question, seat, by string
	turn               int
	levels             []int
}

// markbook is a campaign's rubrics and markings.
type markbook struct {
	rubrics map[string]Rubric
	marks   map[[2]string]map[int]marking // by question and seat, then by turn
}

func (s *Service) markbookOf(ctx context.Context, q store.Queryer, campaign string) (markbook, error) {
	out := markbook{rubrics: map[string]Rubric{}, marks: map[[2]string]map[int]marking{}}
	rows, err := q.QueryContext(ctx, `SELECT question, criteria, twice FROM rubric WHERE campaign_id = $1 LIMIT 500`, campaign)
	if err != nil {
		return out, err
	}
	rubrics, err := collect(rows, func(r *sql.Rows, one *Rubric) error {
		var criteria string
		var twice int
		if err := r.Scan(&one.Question, &criteria, &twice); err != nil {
			return err
		}
		one.Twice = twice == 1
		return json.Unmarshal([]byte(criteria), &one.Criteria)
	})
	if err != nil {
		return out, err
	}
	for _, r := range rubrics {
		out.rubrics[r.Question] = r
	}
	if len(rubrics) == 0 {
		return out, nil
	}
	rows, err = q.QueryContext(ctx, `SELECT question, seat_id, turn, levels, marked_by FROM marking WHERE campaign_id = $1 ORDER BY n LIMIT 100000`, campaign)
	if err != nil {
		return out, err
	}
	marks, err := collect(rows, func(r *sql.Rows, m *marking) error {
		var levels string
		if err := r.Scan(&m.question, &m.seat, &m.turn, &levels, &m.by); err != nil {
			return err
		}
		return json.Unmarshal([]byte(levels), &m.levels)
	})
	for _, m := range marks {
		key := [2]string{m.question, m.seat}
		if out.marks[key] == nil {
			out.marks[key] = map[int]marking{}
		}
		out.marks[key][m.turn] = m
	}
	return out, err
}

// settled are the levels that count for a seat's answer; nil while they are not
// known.
func (b markbook) settled(question, seat string) []int {
	r, turns := b.rubrics[question], b.marks[[2]string{question, seat}]
	first, one := turns[firstTurn]
	second, two := turns[secondTurn]
	third, three := turns[thirdTurn]
	switch {
	case three:
		return third.levels
	case !one, r.Twice && !two:
		return nil
	case !r.Twice, slices.Equal(first.levels, second.levels):
		return first.levels
	}
	return nil
}

// score is what a seat's answer is worth; not known until it is settled.
func (b markbook) score(question, seat string) (Score, bool) {
	r := b.rubrics[question]
	levels := b.settled(question, seat)
	if levels == nil {
		return Score{Max: r.Max()}, false
	}
	return Score{r.Points(levels), r.Max()}, true
}

// Marked is a question with a rubric, as one who marks a group sees it.
type Marked struct {
	Rubric
	Title string       `json:"title"`
	Seats []MarkedSeat `json:"seats" nullable:"false" doc:"Those who took the sequence."`
	// Agreement is over the whole campaign's answers that two adults marked: of the points, then of each criterion.
	Agreement  *Agreement  `json:"agreement,omitempty" doc:"Of the total points."`
	ByCriteria []Agreement `json:"byCriteria" nullable:"false"`
}

// MarkedSeat is one seat's answer and how its marking stands. What another adult
// marked shows only once both have.
type MarkedSeat struct {
	Seat     string    `json:"seat"`
	Text     string    `json:"text" doc:"The answer; empty when it was given on paper or not at all."`
	Drawings []Drawing `json:"drawings" nullable:"false"`
	State    string    `json:"state" enum:"none,waiting,settled,differ" doc:"Nobody has marked; another adult's marking is awaited; settled; two differ, and a third decides."`
	Mine     []int     `json:"mine,omitempty" doc:"The caller's own levels."`
	First    []int     `json:"first,omitempty"`
	Second   []int     `json:"second,omitempty"`
	Final    []int     `json:"final,omitempty"`
	Points   float64   `json:"points"`
	Turn     int       `json:"turn" doc:"Which turn the caller may take: 1, 2, 3, or 0 for none."`
}

// SetRubric gives a question of a campaign a rubric. It stays once somebody has
// marked by it.
func (s *Service) SetRubric(ctx context.Context, school, campaign string, in Rubric) error {
	if err := in.check(); err != nil {
		return err
	}
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return err
	}
	if err := s.isLong(ctx, school, c, in.Question); err != nil {
		return err
	}
	twice := 0
	if in.Twice {
		twice = 1
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		var marked bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM marking WHERE campaign_id = $1 AND question = $2)`, campaign, in.Question).Scan(&marked); err != nil {
			return err
		}
		if marked {
			return refuse("marked_already")
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO rubric (campaign_id, question, school_id, criteria, twice, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (campaign_id, question) DO UPDATE SET criteria = excluded.criteria, twice = excluded.twice, set_by = excluded.set_by, set_at = excluded.set_at`,
			campaign, in.Question, school, encode(in.Criteria), twice, staffID(ctx), s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "rubric.set", "campaign", campaign, map[string]string{"question": in.Question})
	})
}

// isLong refuses a question that asks for no long answer.
func (s *Service) isLong(ctx context.Context, school string, c Campaign, question string) error {
	pkg, err := s.open(ctx, school, c.Taken)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(pkg.lines, func(l ItemLine) bool { return l.Key == question && l.marked() }) {
		return fault.New(fault.Invalid, "assessment.no_long").At("question")
	}
	return nil
}

// MarkingsOf is the questions of a campaign that have a rubric, for a group, as
// one adult sees them.
func (s *Service) MarkingsOf(ctx context.Context, school, campaign, group, by string) ([]Marked, error) {
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return nil, err
	}
	if err := c.has(group, 0); err != nil {
		return nil, err
	}
	pkg, err := s.open(ctx, school, c.Taken)
	if err != nil {
		return nil, err
	}
	book, err := s.markbookOf(ctx, s.db.Reader(), campaign)
	if err != nil {
		return nil, err
	}
	seats, err := s.roster.SeatsOfGroup(ctx, school, group)
	if err != nil {
		return nil, err
	}
	out := []Marked{}
	texts := map[string]map[string]handed{} // by seat that took the sequence, then by question
	for _, seat := range seats {
		if seat.ErasedAt != nil || len(book.rubrics) == 0 {
			continue
		}
		if texts[seat.ID], err = s.longOf(ctx, pkg, c, seat.ID); err != nil {
			return nil, err
		}
	}
	for _, line := range pkg.lines {
		rubric, ok := book.rubrics[line.Key]
		if !ok {
			continue
		}
		one := Marked{Rubric: rubric, Title: line.Title, Seats: []MarkedSeat{}, ByCriteria: []Agreement{}}
		for _, seat := range seats {
			if given, took := texts[seat.ID][line.Key]; took {
				m := book.seen(rubric, seat.ID, by)
				m.Text, m.Drawings = given.text, given.drawings
				one.Seats = append(one.Seats, m)
			}
		}
		one.Agreement, one.ByCriteria = book.agreement(rubric)
		out = append(out, one)
	}
	return out, nil
}

// seen is how the marking of a seat's answer stands, as one adult may see it.
func (b markbook) seen(r Rubric, seat, by string) MarkedSeat {
	turns := b.marks[[2]string{r.Question, seat}]
	first, one := turns[firstTurn]
	second, two := turns[secondTurn]
	third, three := turns[thirdTurn]
	out := MarkedSeat{Seat: seat, State: "none", Final: b.settled(r.Question, seat)}
	for _, m := range turns {
		if m.by == by {
			out.Mine = m.levels
		}
	}
	both := one && two
	if both {
		out.First, out.Second = first.levels, second.levels
	}
	switch {
	case out.Final != nil:
		out.State, out.Points = "settled", r.Points(out.Final)
	case both:
		out.State = "differ"
	case one:
		out.State = "waiting"
	}
	switch {
	case !one, !two && first.by == by: // also to mend it, while nobody compares
		out.Turn = firstTurn
	case r.Twice && !two:
		out.Turn = secondTurn
	case both && !slices.Equal(first.levels, second.levels) && first.by != by && second.by != by && (!three || third.by == by):
		out.Turn = thirdTurn
	}
	return out
}

// agreement is how first and second markings agree, of the points in all and of
// each criterion. Points are compared as levels: the steps of all the sums that
// the rubric can give.
func (b markbook) agreement(r Rubric) (*Agreement, []Agreement) {
	sums := []float64{0}
	for _, c := range r.Criteria {
		var next []float64
		for _, s := range sums {
			for _, l := range c.Levels {
				next = append(next, s+l.Points)
			}
		}
		slices.Sort(next)
		sums = slices.Compact(next)
	}
	place := func(levels []int) int {
		i, _ := slices.BinarySearch(sums, r.Points(levels))
		return min(i, len(sums)-1)
	}
	var total [][2]int
	each := make([][][2]int, len(r.Criteria))
	for key, turns := range b.marks {
		first, one := turns[firstTurn]
		second, two := turns[secondTurn]
		if key[0] != r.Question || !one || !two {
			continue
		}
		total = append(total, [2]int{place(first.levels), place(second.levels)})
		for i := range r.Criteria {
			each[i] = append(each[i], [2]int{first.levels[i], second.levels[i]})
		}
	}
	by := []Agreement{}
	if len(total) == 0 {
		return nil, by
	}
	for i, c := range r.Criteria {
		by = append(by, Agree(each[i], len(c.Levels)))
	}
	all := Agree(total, len(sums))
	return &all, by
}

// MarkSeat is an adult's marking of one seat's long answer, in the turn that is
// theirs. Each marking stays in the log; the last of a turn counts.
func (s *Service) MarkSeat(ctx context.Context, school, campaign, group, seat, question, by string, levels []int) error {
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return err
	}
	pkg, err := s.open(ctx, school, c.Taken)
	if err != nil {
		return err
	}
	texts, err := s.longOf(ctx, pkg, c, seat)
	if err != nil {
		return err
	}
	if _, took := texts[question]; !took {
		return refuse("no_sitting_there")
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		book, err := s.markbookOf(ctx, tx, campaign)
		if err != nil {
			return err
		}
		rubric, ok := book.rubrics[question]
		if !ok {
			return fault.New(fault.NotFound, "assessment.no_rubric")
		}
		if !rubric.fits(levels) {
			return fault.New(fault.Invalid, "assessment.bad_levels").At("levels")
		}
		turn := book.seen(rubric, seat, by).Turn
		if turn == 0 {
			return refuse("not_your_turn")
		}
		var n int
		err = tx.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) + 1 FROM marking WHERE campaign_id = $1 AND question = $2 AND seat_id = $3 AND turn = $4`, campaign, question, seat, turn).Scan(&n)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO marking (id, campaign_id, question, seat_id, school_id, turn, n, levels, marked_by, marked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			store.NewID(), campaign, question, seat, school, turn, n, encode(levels), by, s.now()); err != nil {
			if store.IsUnique(err) {
				return refuse("not_your_turn")
			}
			return err
		}
		return s.audit(ctx, tx, school, "answer.mark", "seat", seat, map[string]string{"campaign": campaign, "question": question})
	})
}
