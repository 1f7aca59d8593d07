package assessment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// gapAfter is how long without a sign of life is written down as a gap.
const gapAfter = 60 * time.Second

// Offer is a sequence that a seat may come to.
type Offer struct {
	Campaign string `json:"campaign"`
	Title    string `json:"title"`
	Sequence int    `json:"sequence" doc:"From 0."`
	Name     string `json:"name"`
	Minutes  int    `json:"minutes"`
	Open     bool   `json:"open" doc:"The invigilator has opened the room."`
	Status   string `json:"status" enum:"none,waiting,running,paused,finished"`
}

// State is where a sitting stands, as its browser is told. Times are the
// server's, UTC ms.
type State struct {
	Title      string `json:"title"`
	Name       string `json:"name"`
	Status     Status `json:"status" enum:"waiting,running,paused,finished"`
	Open       bool   `json:"open"`
	AskEach    bool   `json:"askEach" doc:"The invigilator starts each pupil."`
	Device     string `json:"device" enum:"this,asking,other" doc:"Whether this device has the sitting, waits for a yes, or was replaced or refused."`
	Stage      int    `json:"stage"`
	Minutes    int    `json:"minutes"`
	StartedAt  int64  `json:"startedAt,omitempty"`
	EndsAt     int64  `json:"endsAt,omitempty"`
	PausedAt   int64  `json:"pausedAt,omitempty"`
	Now        int64  `json:"now"`
	Calculator bool   `json:"calculator"`
	Answered   int    `json:"answered"`
}

// offers lists what a seat may come to now, in its groups.
func (s *Service) offers(ctx context.Context, school, seat string) ([]Offer, error) {
	groups, err := s.roster.GroupsOfSeat(ctx, seat)
	if err != nil {
		return nil, err
	}
	now := s.now()
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT `+campaignColumns+` FROM campaign c WHERE c.school_id = $1 AND c.opens_at <= $2 AND c.closes_at > $2 ORDER BY c.opens_at, c.id LIMIT 200`, school, now)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(r *sql.Rows, c *Campaign) (err error) { *c, err = scanCampaign(r); return err })
	if err != nil {
		return nil, err
	}
	out := []Offer{}
	for _, c := range all {
		given, err := groupsOf(ctx, s.db.Reader(), c.ID)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(given, func(g string) bool { return slices.Contains(groups, g) }) {
			continue
		}
		aid, err := aidOf(ctx, s.db.Reader(), c.ID, seat)
		if err != nil {
			return nil, err
		}
		if aid.Mark == "exempt" || aid.Mark == "optout" {
			continue
		}
		rooms, err := roomsOf(ctx, s.db.Reader(), c.ID, groups)
		if err != nil {
			return nil, err
		}
		held, err := sittingsOf(ctx, s.db.Reader(), c.ID, seat)
		if err != nil {
			return nil, err
		}
		for i, q := range c.Policy.Sequences {
			o := Offer{Campaign: c.ID, Title: c.Title, Sequence: i, Name: q.Title, Minutes: lengthOf(q, aid.Extra), Open: rooms[i], Status: "none"}
			if t, ok := held[i]; ok {
				o.Status = string(t.Status)
				if t.over(now) {
					o.Status = string(Finished)
				}
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// lengthOf is a sequence's minutes with a seat's extra time, in per cent,
// rounded up.
func lengthOf(q Sequence, extra int) int { return q.Minutes + (q.Minutes*extra+99)/100 }

// roomsOf says which sequences of a campaign are open for any of the groups.
func roomsOf(ctx context.Context, q store.Queryer, campaign string, groups []string) (map[int]bool, error) {
	out := map[int]bool{}
	for _, group := range groups {
		rows, err := q.QueryContext(ctx, `SELECT sequence FROM campaign_room WHERE campaign_id = $1 AND group_id = $2 AND status = 'open' LIMIT 100`, campaign, group)
		if err != nil {
			return nil, err
		}
		open, err := collect(rows, func(r *sql.Rows, sequence *int) error { return r.Scan(sequence) })
		if err != nil {
			return nil, err
		}
		for _, sequence := range open {
			out[sequence] = true
		}
	}
	return out, nil
}

func sittingsOf(ctx context.Context, q store.Queryer, campaign, seat string) (map[int]Sitting, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+sittingColumns+` FROM sitting t WHERE t.campaign_id = $1 AND t.seat_id = $2 LIMIT 100`, campaign, seat)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(r *sql.Rows, t *Sitting) (err error) { *t, err = scanSitting(r); return err })
	out := map[int]Sitting{}
	for _, t := range all {
		out[t.Sequence] = t
	}
	return out, err
}

// Come gives a seat its place in a sequence, and the token of this device. A
// further device asks when the sitting has begun.
func (s *Service) Come(ctx context.Context, school, seat, campaign string, sequence int) (token string, err error) {
	if err := s.mayCome(ctx, school, seat, campaign, sequence); err != nil {
		return "", err
	}
	id, made, err := s.place(ctx, school, seat, campaign, sequence)
	if err != nil {
		return "", err
	}
	if made {
		return s.tokenOf(id, 1)
	}
	device := 0
	_, err = s.change(ctx, id, "device", "", nil, func(t *Sitting, now int64) error {
		if t.Status == Waiting { // nothing is at stake yet
			t.Device++
			t.Asking = 0
			device = t.Device
			return nil
		}
		if t.Status == Finished || t.over(now) {
			return refuse("finished")
		}
		device = t.Ask()
		return nil
	}, nil)
	if err != nil {
		return "", err
	}
	return s.tokenOf(id, device)
}

// mayCome refuses a sequence that offers would not list.
func (s *Service) mayCome(ctx context.Context, school, seat, campaign string, sequence int) error {
	c, err := campaignAlone(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return err
	}
	if now := s.now(); now < c.OpensAt || now >= c.ClosesAt || sequence < 0 || sequence >= len(c.Policy.Sequences) {
		return noCampaign()
	}
	groups, err := s.roster.GroupsOfSeat(ctx, seat)
	if err != nil {
		return err
	}
	given := false
	for i := 0; i < len(groups) && !given; i++ {
		var n int
		if err := s.db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM campaign_group WHERE campaign_id = $1 AND group_id = $2`, campaign, groups[i]).Scan(&n); err != nil {
			return err
		}
		given = n > 0
	}
	if !given {
		return noCampaign()
	}
	aid, err := aidOf(ctx, s.db.Reader(), campaign, seat)
	if err == nil && (aid.Mark == "exempt" || aid.Mark == "optout") {
		return noCampaign()
	}
	return err
}

// place gives the sitting of a seat, made when there is none. It shares its
// transaction with whoever else comes at the same moment: a whole country does.
func (s *Service) place(ctx context.Context, school, seat, campaign string, sequence int) (id string, made bool, err error) {
	find := func() error {
		return s.db.Reader().QueryRowContext(ctx, `SELECT id FROM sitting WHERE campaign_id = $1 AND seat_id = $2 AND sequence = $3`, campaign, seat, sequence).Scan(&id)
	}
	if err = find(); !errors.Is(err, sql.ErrNoRows) {
		return id, false, err
	}
	id = store.NewID()
	err = s.db.Write(ctx, func(tx store.Queryer) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO sitting (id, school_id, campaign_id, seat_id, sequence, seed, status, device, asking, stage, started_at, ends_at, paused_at, finished_at)
			VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 1, 0, 0, 0, 0, 0, 0) ON CONFLICT (campaign_id, seat_id, sequence) DO NOTHING`, id, school, campaign, seat, sequence, strconv.FormatUint(s.seedOf(campaign, seat), 10))
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		made = n == 1
		return err
	})
	if err == nil && !made { // another device of the seat came first
		err = find()
	}
	return id, made, err
}

// hold is a request of a sitting's browser.
type hold struct {
	live    *live
	sitting Sitting
	device  int
}

// holdOf finds the sitting behind a token.
func (s *Service) holdOf(ctx context.Context, token string) (hold, error) {
	id, device, ok := s.readToken(token)
	if !ok {
		return hold{}, fault.New(fault.Unauthenticated, "assessment.no_token")
	}
	l, err := s.liveOf(ctx, id)
	if err != nil {
		return hold{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return hold{l, l.sitting, device}, nil
}

// theirs refuses a device that has not, or no longer, the sitting.
func (h hold) theirs() error {
	if h.device != h.sitting.Device {
		return refuse("other_device")
	}
	return nil
}

// stateOf says where a sitting stands. It is also the sign of life.
func (s *Service) stateOf(ctx context.Context, h hold) (State, error) {
	c, err := campaignAlone(ctx, s.db.Reader(), h.sitting.School, h.sitting.Campaign)
	if err != nil {
		return State{}, err
	}
	groups, err := s.roster.GroupsOfSeat(ctx, h.sitting.Seat)
	if err != nil {
		return State{}, err
	}
	rooms, err := roomsOf(ctx, s.db.Reader(), c.ID, groups)
	if err != nil {
		return State{}, err
	}
	now := s.now()
	if err := s.alive(ctx, h, now); err != nil {
		return State{}, err
	}
	t := h.sitting
	q := c.Policy.Sequences[t.Sequence]
	st := State{
		Title: c.Title, Name: q.Title, Status: t.Status, Open: rooms[t.Sequence], AskEach: c.Policy.AskEach, Device: "other", Stage: t.Stage, Minutes: q.Minutes,
		StartedAt: t.StartedAt, EndsAt: t.EndsAt, PausedAt: t.PausedAt, Now: now, Calculator: c.Policy.Calculator,
	}
	switch h.device {
	case t.Device:
		st.Device = "this"
	case t.Asking:
		st.Device = "asking"
	}
	if t.over(now) {
		st.Status = Finished
	}
	h.live.mu.Lock()
	st.Answered = len(h.live.answered)
	h.live.mu.Unlock()
	return st, nil
}

// alive notes a sign of life, and a gap when the last is long ago.
func (s *Service) alive(ctx context.Context, h hold, now int64) error {
	if h.device != h.sitting.Device {
		return nil
	}
	h.live.mu.Lock()
	before := h.live.seen
	h.live.seen = now
	h.live.mu.Unlock()
	if before == 0 || h.sitting.Status != Running || now-before < gapAfter.Milliseconds() || h.sitting.StartedAt > before {
		return nil
	}
	return s.db.Write(ctx, func(tx store.Queryer) error {
		return event(ctx, tx, h.sitting, now, "gap", "", map[string]string{"seconds": strconv.FormatInt((now-before)/1000, 10)})
	})
}

// start gives a waiting sitting its first question. by is the member of staff
// who starts it, empty for the pupil.
func (s *Service) start(ctx context.Context, t Sitting, by string) (Sitting, error) {
	c, err := campaignAlone(ctx, s.db.Reader(), t.School, t.Campaign)
	if err != nil {
		return t, err
	}
	if now := s.now(); now < c.OpensAt || now >= c.ClosesAt {
		return t, refuse("out_of_window")
	}
	if by == "" {
		groups, err := s.roster.GroupsOfSeat(ctx, t.Seat)
		if err != nil {
			return t, err
		}
		rooms, err := roomsOf(ctx, s.db.Reader(), c.ID, groups)
		if err != nil {
			return t, err
		}
		if !rooms[t.Sequence] || c.Policy.AskEach {
			return t, refuse("not_open")
		}
	}
	aid, err := aidOf(ctx, s.db.Reader(), c.ID, t.Seat)
	if err != nil {
		return t, err
	}
	length := time.Duration(lengthOf(c.Policy.Sequences[t.Sequence], aid.Extra)) * time.Minute
	return s.change(ctx, t.ID, "start", by, nil, func(t *Sitting, now int64) error { return t.Start(now, length) }, nil)
}

// stageOf finds the stage that a sitting has come to, and its own answers by
// public key; the stage is empty at the end of the sequence.
func (s *Service) stageOf(ctx context.Context, t Sitting) (*run, map[string]json.RawMessage, error) {
	c, err := campaignAlone(ctx, s.db.Reader(), t.School, t.Campaign)
	if err != nil {
		return nil, nil, err
	}
	pkg, err := s.open(ctx, t.School, c.Taken)
	if err != nil {
		return nil, nil, err
	}
	logs, err := logsOf(ctx, s.db.Reader(), t.Campaign, t.Seat)
	if err != nil {
		return nil, nil, err
	}
	responses := given{}
	var own map[string]json.RawMessage
	for _, l := range logs {
		if l.sitting.Sequence > t.Sequence {
			continue
		}
		if err := resolve(pkg, l, responses); err != nil {
			return nil, nil, err
		}
		if l.sitting.ID == t.ID {
			own = l.answers
		}
	}
	r, err := replay(pkg, t.Seed, responses, doneIn(c.Policy.Sequences, t))
	if err != nil {
		return nil, nil, err
	}
	if r.stage != "" && !slices.Contains(c.Policy.Sequences[t.Sequence].Parts, r.stage) {
		r.stage, r.items = "", nil
	}
	return r, own, nil
}

// doneIn says which parts a sitting has behind it: those of the sequences
// before, and as many of its own that it met as its count of stages.
func doneIn(sequences []Sequence, t Sitting) func(part string) bool {
	met := map[string]bool{}
	return func(part string) bool {
		for i, q := range sequences {
			if !slices.Contains(q.Parts, part) {
				continue
			}
			if i != t.Sequence {
				return i < t.Sequence
			}
			if met[part] {
				return true
			}
			if len(met) < t.Stage {
				met[part] = true
				return true
			}
			return false
		}
		return false
	}
}

// endStage goes on to the next stage, or finishes the sequence. stage is the
// one that the browser ends: a repetition changes nothing.
func (s *Service) endStage(ctx context.Context, h hold, stage int) (Sitting, error) {
	if h.sitting.Stage != stage {
		return h.sitting, nil
	}
	after := h.sitting
	after.Stage++
	r, _, err := s.stageOf(ctx, after)
	if err != nil {
		return h.sitting, err
	}
	kind := "stage"
	if r.stage == "" {
		kind = "finish"
	}
	return s.change(ctx, h.sitting.ID, kind, "", nil, func(t *Sitting, now int64) error {
		if t.Stage != stage {
			return refuse("stage_done")
		}
		if t.Status != Running || t.over(now) {
			return refuse("not_running")
		}
		t.Stage++
		if r.stage == "" {
			return t.Finish(now)
		}
		return nil
	}, nil)
}

// Begin gives a seat its place in a sequence that is open, and its first
// question: the two presses of a pupil in one.
func (s *Service) Begin(ctx context.Context, school, seat, campaign string, sequence int) (token string, err error) {
	if token, err = s.Come(ctx, school, seat, campaign, sequence); err != nil {
		return "", err
	}
	h, err := s.holdOf(ctx, token)
	if err != nil {
		return "", err
	}
	_, err = s.start(ctx, h.sitting, "")
	return token, err
}
