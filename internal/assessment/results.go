package assessment

import (
	"context"
	"database/sql"
	"math"
	"slices"

	"preau/internal/qti"
)

// Floor is the fewest pupils that a figure of a school stands on.
const Floor = 10

// Score is what a question or a group of questions gave.
type Score struct {
	Score float64 `json:"score"`
	Max   float64 `json:"max"`
}

// SeatResult is what one seat's answers are worth.
type SeatResult struct {
	Seat     string            `json:"seat"`
	Finished bool              `json:"finished" doc:"Every sequence is."`
	Total    Score             `json:"total"`
	Skills   map[string]Score  `json:"skills" nullable:"false"`
	Items    map[string]Score  `json:"questions" nullable:"false" doc:"By the test's key. Absent when it was not given; a score of 0 without answered is no answer."`
	Answered []string          `json:"answered" nullable:"false"`
	Mark     string            `json:"mark,omitempty"`
	Levels   map[string]string `json:"levels,omitempty" doc:"Outcomes of the test that are words."`
	Unmarked []string          `json:"unmarked" nullable:"false" doc:"Long answers that wait for a marking: in no total yet."`
	Reading  *Reading          `json:"reading,omitempty" doc:"The reading aloud that counts."`
}

// ItemResult is what a group did on a question.
type ItemResult struct {
	ItemLine
	Given    int     `json:"given" doc:"How many pupils had it."`
	Answered int     `json:"answered"`
	Full     int     `json:"full" doc:"With the most points."`
	Mean     float64 `json:"mean" doc:"Part of the points, 0 to 1."`
	Low      float64 `json:"low" doc:"95 % interval of full, Wilson."`
	High     float64 `json:"high"`
}

// SkillResult is what a group did on a skill.
type SkillResult struct {
	Skill string  `json:"skill"`
	Given int     `json:"given" doc:"How many pupils had a question of it."`
	Mean  float64 `json:"mean"`
	Low   float64 `json:"low" doc:"95 % interval of the mean over pupils."`
	High  float64 `json:"high"`
}

// Results of a group in a campaign.
type Results struct {
	Title  string        `json:"title"`
	Seats  []SeatResult  `json:"seats" nullable:"false"`
	Items  []ItemResult  `json:"questions" nullable:"false"`
	Skills []SkillResult `json:"skills" nullable:"false"`
	// Corrected are the corrections of keys since.
	Corrected []Correction `json:"corrected" nullable:"false"`
}

// Correction is one correction of a key: by whom, why, when.
type Correction struct {
	At  int64  `json:"at"`
	By  string `json:"by"`
	Why string `json:"why"`
}

// seatResult scores a seat. Its questions are those that it was given: of the
// stages it came to.
func (s *Service) seatResult(ctx context.Context, c Campaign, taken, scored *opened, book markbook, seat string) (SeatResult, error) {
	out := SeatResult{Seat: seat, Skills: map[string]Score{}, Items: map[string]Score{}, Answered: []string{}, Unmarked: []string{}}
	logs, err := logsOf(ctx, s.db.Reader(), c.ID, seat)
	if err != nil || len(logs) == 0 {
		return out, err
	}
	responses := given{}
	keyed := map[string]string{}
	now := s.now()
	finished := map[int]bool{}
	stages := map[int]Sitting{}
	for _, l := range logs {
		if err := resolve(taken, l, responses); err != nil {
			return out, err
		}
		for key, code := range l.keyed {
			keyed[key] = code
		}
		stages[l.sitting.Sequence] = l.sitting
		finished[l.sitting.Sequence] = l.sitting.Status == Finished || l.sitting.over(now)
	}
	onPaper := paperParts(c, taken, logs)
	for sequence, q := range c.Policy.Sequences {
		finished[sequence] = finished[sequence] && wholePaper(taken, q, onPaper, keyed, book)
	}
	out.Finished = true
	for i := range c.Policy.Sequences {
		out.Finished = out.Finished && finished[i]
	}
	// The whole way is replayed, each stage that was come to counting as done.
	session, err := scored.test.NewSession(logs[0].sitting.Seed)
	if err != nil {
		return out, err
	}
	came := cameTo(c.Policy.Sequences, stages)
	for {
		o, err := session.Next()
		if err != nil {
			return out, err
		}
		if o == nil {
			break
		}
		if !came(o.Part.Identifier) {
			continue
		}
		// What was not keyed from paper is not known: no answer has a code of its own.
		keyedHere, paper := onPaper[o.Part.Identifier]
		_, isKeyed := keyed[o.Key]
		_, marked := book.rubrics[o.Key]
		if paper && !isKeyed && !(marked && keyedHere) {
			continue
		}
		attempts, answered := responses[o.Key]
		if answered {
			if err := attempt(session, o, attempts); err != nil {
				return out, err
			}
			out.Answered = append(out.Answered, o.Key)
		}
		one := scoreOf(o)
		if code, ok := keyed[o.Key]; ok {
			one.Score = 0
			if code == Right {
				one.Score = one.Max
			}
			if code != NoAnswer && !answered {
				out.Answered = append(out.Answered, o.Key)
			}
		}
		out.add(o.Key, o.Ref.Categories, one, book, answered || paper && !isKeyed || isKeyed && keyed[o.Key] != NoAnswer)
	}
	// On paper an adult may have given a part that no rule leads to here.
	for _, line := range scored.lines {
		code, ok := keyed[line.Key]
		if _, had := out.Items[line.Key]; !ok || had || slices.Contains(out.Unmarked, line.Key) {
			continue
		}
		one := Score{Max: line.Max}
		if one.Max == 0 {
			one.Max = 1
		}
		if code == Right {
			one.Score = one.Max
		}
		if code != NoAnswer {
			out.Answered = append(out.Answered, line.Key)
		}
		out.add(line.Key, line.Skills, one, book, code != NoAnswer)
	}
	for _, f := range session.Outcomes() {
		if f.Value.Type == qti.Identifier && len(f.Value.List) == 1 {
			if out.Levels == nil {
				out.Levels = map[string]string{}
			}
			out.Levels[f.Name] = f.Value.List[0].Text
		}
	}
	return out, nil
}

// add counts a question. A long answer with a rubric is worth what adults
// marked; until they have, it is in no total.
func (r *SeatResult) add(key string, skills []string, one Score, book markbook, answered bool) {
	if _, marked := book.rubrics[key]; marked {
		score, known := book.score(key, r.Seat)
		if !known && answered {
			r.Unmarked = append(r.Unmarked, key)
			return
		}
		one = score
		if known && !slices.Contains(r.Answered, key) {
			r.Answered = append(r.Answered, key)
		}
	}
	r.Items[key] = one
	r.Total = r.Total.plus(one)
	for _, skill := range skills {
		r.Skills[skill] = r.Skills[skill].plus(one)
	}
}

// paperParts are the parts of the sequences that a seat took on paper alone, and
// whether something of each was keyed: a part of which nothing was, was not given.
func paperParts(c Campaign, taken *opened, logs []seatLog) map[string]bool {
	out := map[string]bool{}
	for _, l := range logs {
		if len(l.keyed) == 0 || len(l.answers)+len(l.turns) > 0 {
			continue
		}
		parts := c.Policy.Sequences[l.sitting.Sequence].Parts
		for _, part := range parts {
			out[part] = false
		}
		for _, line := range taken.linesOf(parts) {
			if _, ok := l.keyed[line.Key]; ok {
				out[line.Part] = true
			}
		}
	}
	return out
}

// wholePaper says whether each question of the parts that a seat was given on
// paper is keyed, those that adults mark by a rubric apart.
func wholePaper(taken *opened, q Sequence, onPaper map[string]bool, keyed map[string]string, book markbook) bool {
	for _, line := range taken.linesOf(q.Parts) {
		_, isKeyed := keyed[line.Key]
		_, marked := book.rubrics[line.Key]
		if onPaper[line.Part] && !isKeyed && !marked {
			return false
		}
	}
	return true
}

// cameTo says which parts a seat was given something of: in each sequence the
// stages it ended and the next, if routing gives one.
func cameTo(sequences []Sequence, stages map[int]Sitting) func(part string) bool {
	met := map[int]map[string]bool{}
	return func(part string) bool {
		for i, q := range sequences {
			if !slices.Contains(q.Parts, part) {
				continue
			}
			t, sat := stages[i]
			if !sat || t.Status == Waiting {
				return false
			}
			if met[i] == nil {
				met[i] = map[string]bool{}
			}
			if !met[i][part] && len(met[i]) <= t.Stage {
				met[i][part] = true
			}
			return met[i][part]
		}
		return false
	}
}

func (a Score) plus(b Score) Score { return Score{a.Score + b.Score, a.Max + b.Max} }

func scoreOf(o *qti.Occurrence) Score {
	most, known := o.Ref.Item.MaxScore()
	if !known {
		most = 1
	}
	out := Score{Max: most}
	if o.Last != nil {
		if v, ok := o.Last.Outcome("SCORE"); ok && len(v.List) == 1 {
			out.Score = v.List[0].X
		}
	}
	return out
}

// ResultsOf scores the seats of a group, now, from their answers and the version
// of the test by which the campaign is scored; with first, by the version that
// pupils were given, as before any correction.
func (s *Service) ResultsOf(ctx context.Context, school, campaign, group string, first bool) (Results, error) {
	out := Results{Seats: []SeatResult{}, Items: []ItemResult{}, Skills: []SkillResult{}, Corrected: []Correction{}}
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return out, err
	}
	if err := c.has(group, 0); err != nil {
		return out, err
	}
	if !c.Policy.ShowResults && s.now() < c.ClosesAt {
		return out, refuse("results_later")
	}
	out.Title = c.Title
	seats, err := s.roster.SeatsOfGroup(ctx, school, group)
	if err != nil {
		return out, err
	}
	taken, err := s.open(ctx, school, c.Taken)
	if err != nil {
		return out, err
	}
	version := c.Package
	if first {
		version = c.Taken
	}
	scored, err := s.open(ctx, school, version)
	if err != nil {
		return out, err
	}
	aids, err := aidsOf(ctx, s.db.Reader(), campaign)
	if err != nil {
		return out, err
	}
	book, err := s.markbookOf(ctx, s.db.Reader(), campaign)
	if err != nil {
		return out, err
	}
	readings, err := s.readingsOf(ctx, school, campaign)
	if err != nil {
		return out, err
	}
	for _, seat := range seats {
		if seat.ErasedAt != nil {
			continue
		}
		one, err := s.seatResult(ctx, c, taken, scored, book, seat.ID)
		if err != nil {
			return out, err
		}
		one.Mark = aids[seat.ID].Mark
		for _, r := range readings[seat.ID] {
			if r.Counts {
				one.Reading = &r
			}
		}
		out.Seats = append(out.Seats, one)
	}
	out.Items, out.Skills = summary(scored.lines, out.Seats)
	out.Corrected, err = s.corrections(ctx, campaign)
	return out, err
}

// summary draws a group together. Only pupils who finished count.
func summary(lines []ItemLine, seats []SeatResult) ([]ItemResult, []SkillResult) {
	items := make([]ItemResult, 0, len(lines))
	for _, line := range lines {
		one := ItemResult{ItemLine: line}
		var sum float64
		for _, seat := range seats {
			score, had := seat.Items[line.Key]
			if !had || !seat.Finished || seat.Mark != "" {
				continue
			}
			one.Given++
			if slices.Contains(seat.Answered, line.Key) {
				one.Answered++
			}
			if score.Max > 0 {
				sum += score.Score / score.Max
				if score.Score >= score.Max {
					one.Full++
				}
			}
		}
		if one.Given > 0 {
			one.Mean = sum / float64(one.Given)
			one.Low, one.High = Wilson(one.Full, one.Given)
		}
		items = append(items, one)
	}
	return items, skillsOf(seats)
}

func skillsOf(seats []SeatResult) []SkillResult {
	shares := map[string][]float64{}
	for _, seat := range seats {
		if !seat.Finished || seat.Mark != "" {
			continue
		}
		for skill, score := range seat.Skills {
			if score.Max > 0 {
				shares[skill] = append(shares[skill], score.Score/score.Max)
			}
		}
	}
	out := make([]SkillResult, 0, len(shares))
	for skill, list := range shares {
		mean, half := MeanInterval(list)
		out = append(out, SkillResult{skill, len(list), mean, max(0, mean-half), min(1, mean+half)})
	}
	slices.SortFunc(out, func(a, b SkillResult) int {
		if a.Skill < b.Skill {
			return -1
		}
		return 1
	})
	return out
}

// Wilson is the 95 % interval of a proportion (Wilson 1927), from k of n.
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, centre-half), min(1, centre+half)
}

// MeanInterval is the mean of shares and half of its 95 % interval by the normal
// approximation; half is 1 with fewer than two values, when nothing is known.
func MeanInterval(list []float64) (mean, half float64) {
	if len(list) == 0 {
		return 0, 1
	}
	for _, x := range list {
		mean += x
	}
	n := float64(len(list))
	mean /= n
	if len(list) < 2 {
		return mean, 1
	}
	var square float64
	for _, x := range list {
		square += (x - mean) * (x - mean)
	}
	return mean, 1.959963984540054 * math.Sqrt(square/(n-1)/n)
}

// Distribution is a school's, in bands of a fifth of the points.
type Distribution struct {
	Pupils int    `json:"pupils" doc:"Who finished; 0 when fewer than the floor did."`
	Floor  int    `json:"floor"`
	Bands  []Band `json:"bands" nullable:"false"`
}

// Band is a part of the pupils. Count is absent when it is hidden.
type Band struct {
	From  int  `json:"from" doc:"Per cent of the points."`
	To    int  `json:"to"`
	Count *int `json:"count,omitempty"`
}

// Protect hides the bands that hold fewer than floor pupils, 0 included when
// something is hidden beside it, and hides more until no hidden band can be had
// by taking the others from the whole: at least two are hidden, and together
// they hold at least floor pupils.
func Protect(counts []int, floor int) []*int {
	total := 0
	for _, n := range counts {
		total += n
	}
	hidden := make([]bool, len(counts))
	if total < floor {
		return make([]*int, len(counts))
	}
	together, many := 0, 0
	hide := func(i int) { hidden[i] = true; together += counts[i]; many++ }
	for i, n := range counts {
		if n > 0 && n < floor {
			hide(i)
		}
	}
	for many > 0 && (many < 2 || together < floor) {
		next := -1
		for i, n := range counts {
			if !hidden[i] && (next < 0 || n < counts[next]) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		hide(next)
	}
	out := make([]*int, len(counts))
	for i, n := range counts {
		if !hidden[i] {
			out[i] = &n
		}
	}
	return out
}

// DistributionOf is how the school's pupils did, over all groups together.
func (s *Service) DistributionOf(ctx context.Context, school, campaign string) (Distribution, error) {
	out := Distribution{Floor: Floor, Bands: []Band{}}
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return out, err
	}
	counts := make([]int, 5)
	seen := map[string]bool{}
	for _, group := range c.Groups {
		results, err := s.ResultsOf(ctx, school, campaign, group, false)
		if err != nil {
			return out, err
		}
		for _, seat := range results.Seats {
			if seen[seat.Seat] || !seat.Finished || seat.Mark != "" || seat.Total.Max <= 0 {
				continue
			}
			seen[seat.Seat] = true
			counts[min(4, max(0, int(seat.Total.Score/seat.Total.Max*5)))]++
		}
	}
	if len(seen) >= Floor {
		out.Pupils = len(seen)
	}
	for i, n := range Protect(counts, Floor) {
		out.Bands = append(out.Bands, Band{From: i * 20, To: (i + 1) * 20, Count: n})
	}
	return out, nil
}

func (s *Service) corrections(ctx context.Context, campaign string) ([]Correction, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT set_at, set_by, why FROM campaign_rescore WHERE campaign_id = $1 ORDER BY id LIMIT 200`, campaign)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, c *Correction) error { return r.Scan(&c.At, &c.By, &c.Why) })
}
