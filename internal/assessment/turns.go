package assessment

import (
	"context"
	"database/sql"
	"encoding/json"

	"preau/internal/fault"
	"preau/internal/qti"
	"preau/internal/store"
)

const (
	maxTurns = 50       // of a question
	maxTurn  = 32 << 10 // bytes of what one turn holds
)

// Turn is one line of the log of a question that takes several: what was
// answered, under the public names of the state that the turn before left.
//
// The turns in time of a question are numbered without a gap from 1, whichever
// device sent them. One that is late is no part of that chain: the first late
// turn counts only where the chain is empty.
type Turn struct {
	Item   string
	N      int
	Late   bool
	Device int
	Data   json.RawMessage
	State  turnState
	At     int64
}

// turnState is what a turn left, as it was when it was acknowledged.
type turnState struct {
	Done     bool           `json:"done"`
	Outcomes map[string]any `json:"outcomes,omitempty"`
}

// chains are a sitting's turns that count, by the question's key.
func chains(log []Turn) map[string][]Turn {
	out := map[string][]Turn{}
	for _, t := range log {
		if !t.Late {
			out[t.Item] = append(out[t.Item], t)
		}
	}
	for _, t := range log {
		if t.Late && t.N == 1 && len(out[t.Item]) == 0 {
			out[t.Item] = []Turn{t}
		}
	}
	return out
}

// turnsOf are the turns of a sitting in their order.
func turnsOf(ctx context.Context, q store.Queryer, sitting string) ([]Turn, error) {
	rows, err := q.QueryContext(ctx, `SELECT item, n, late, device, data, state, at FROM sitting_turn WHERE sitting_id = $1 ORDER BY item, n, late LIMIT 200000`, sitting)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, t *Turn) error {
		var data, state string
		var late int
		if err := r.Scan(&t.Item, &t.N, &late, &t.Device, &data, &state, &t.At); err != nil {
			return err
		}
		t.Data, t.Late = json.RawMessage(data), late == 1
		return json.Unmarshal([]byte(state), &t.State)
	})
}

// read turns what a browser sent of a question, under the names of its present
// state, into responses of the item. What cannot be read counts as none.
func read(o *qti.Occurrence, raw json.RawMessage) map[string]qti.Value {
	_, key := o.Session.View()
	var fields map[string]any
	if json.Unmarshal(raw, &fields) != nil {
		return map[string]qti.Value{}
	}
	translated := key.Translate(fields)
	for name, value := range translated {
		translated[name] = plainNumber(o.Ref.Item.Variable(name), value)
	}
	for public, response := range key.Responses {
		if drawn(o.Ref.Item, response) {
			translated[response] = drawnValue(fields[public])
		}
	}
	values, _ := o.Ref.Item.Responses(translated)
	return values
}

// through takes a question through turns, and gives the responses of each. They
// are handed in to the test, when there is one, and else to the question alone.
func through(test *qti.TestSession, o *qti.Occurrence, turns []Turn) ([]map[string]qti.Value, error) {
	var out []map[string]qti.Value
	for _, t := range turns {
		if o.Session.Completed() {
			break
		}
		values := read(o, t.Data)
		var err error
		if test != nil {
			_, err = test.Attempt(o, qti.Attempt{Responses: values})
		} else {
			_, err = o.Session.Attempt(qti.Attempt{Responses: values})
		}
		if err != nil {
			return nil, err
		}
		out = append(out, values)
	}
	return out, nil
}

// TurnView is where a question of several turns stands, as its pupil is shown it.
type TurnView struct {
	Turn int  `json:"turn" doc:"How many turns are behind."`
	Done bool `json:"done" doc:"It takes no more."`
	ItemView
}

// turnView is the public part of a question after its turns.
func (s *Service) turnView(pkg *opened, o *qti.Occurrence, key string, turns int) TurnView {
	return TurnView{turns, o.Session.Completed() || turns >= maxTurns, s.itemView(pkg, o.Session, key)}
}

// TurnTaken acknowledges a turn, once it is on disk.
type TurnTaken struct {
	Item   string    `json:"item"`
	Turn   int       `json:"turn"`
	Late   bool      `json:"late" doc:"Kept, and marked: another device has the sitting, or it is over."`
	Status Status    `json:"status" enum:"waiting,running,paused,finished"`
	EndsAt int64     `json:"endsAt"`
	Now    int64     `json:"now"`
	View   *TurnView `json:"view,omitempty" doc:"What the turn left; absent from one that is late, or whose stage is handed in."`
}

// TurnGiven is a turn as a browser sends it.
type TurnGiven struct {
	Item string          `json:"item" pattern:"^q[1-9][0-9]{0,3}$"`
	Turn int             `json:"turn" minimum:"1" maximum:"50" doc:"Of this question, from 1. The same number twice is one turn, the first."`
	Data json.RawMessage `json:"data" doc:"By response, under the names of the view that it answers."`
}

// TakeTurn processes a turn of a question and keeps it. A turn that is there
// already is answered as it was the first time, whatever is sent now.
func (s *Service) TakeTurn(ctx context.Context, h hold, in TurnGiven) (TurnTaken, error) {
	now, t := s.now(), h.sitting
	out := TurnTaken{Item: in.Item, Turn: in.Turn, Status: t.Status, EndsAt: t.EndsAt, Now: now}
	switch {
	case len(in.Data) > maxTurn || !isObject(in.Data):
		return out, fault.New(fault.Invalid, "assessment.bad_save").At("data")
	case t.Status == Waiting:
		return out, refuse("not_running")
	case h.device > t.Device: // asks, or was refused
		return out, refuse("other_device")
	}
	if ok, wait := s.saves.Take(t.ID); !ok {
		return out, fault.New(fault.Limited, "assessment.limited").After(wait)
	}
	if t.over(now) {
		out.Status = Finished
	}
	log, err := turnsOf(ctx, s.db.Reader(), t.ID)
	if err != nil {
		return out, err
	}
	chain := chainOf(log, in.Item)
	if in.Turn > len(chain)+1 {
		return out, refuse("turn_ahead")
	}
	known := in.Turn <= len(chain)
	out.Late = !known && !t.counts(h.device, now)
	switch {
	case out.Late:
		return out, s.keepLate(ctx, h, in, now)
	case t.Status != Running || h.device != t.Device || t.over(now):
		if !known { // in a pause, which gives its time back
			return out, refuse("turn_paused")
		}
		return out, nil
	}
	return s.turnInTime(ctx, h, in, chain, out)
}

// chainOf are the turns in time of one question.
func chainOf(log []Turn, item string) []Turn {
	var out []Turn
	for _, t := range log {
		if t.Item == item && !t.Late {
			out = append(out, t)
		}
	}
	return out
}

// turnInTime goes on from the turns that are kept, and says what this one left.
func (s *Service) turnInTime(ctx context.Context, h hold, in TurnGiven, chain []Turn, out TurnTaken) (TurnTaken, error) {
	known := in.Turn <= len(chain)
	r, _, err := s.stageOf(ctx, h.sitting)
	if err != nil {
		return out, err
	}
	o := r.item(in.Item)
	switch {
	case o == nil && known:
		return out, nil
	case o == nil:
		return out, refuse("stage_done")
	case !o.Ref.Item.Adaptive:
		return out, fault.New(fault.Invalid, "assessment.no_turns").At("item")
	}
	if _, err := through(nil, o, chain[:in.Turn-1]); err != nil {
		return out, err
	}
	if known {
		if _, err := through(nil, o, chain[in.Turn-1:in.Turn]); err != nil {
			return out, err
		}
		view := s.turnView(r.pkg, o, in.Item, in.Turn)
		out.View = &view
		return out, nil
	}
	if o.Session.Completed() || in.Turn > maxTurns {
		return out, refuse("turns_over")
	}
	result, err := o.Session.Attempt(qti.Attempt{Responses: read(o, in.Data)})
	if err != nil {
		return out, fault.New(fault.Invalid, "assessment.turn_unfit").Because(err)
	}
	view := s.turnView(r.pkg, o, in.Item, in.Turn)
	first, err := s.keepTurn(ctx, h, Turn{Item: in.Item, N: in.Turn, Device: h.device, Data: in.Data, State: turnState{view.Done, qti.OutcomesJSON(result.Outcomes)}, At: out.Now})
	if err != nil {
		return out, err
	}
	if !first { // the same turn came twice at once: what is on disk is answered
		log, err := turnsOf(ctx, s.db.Reader(), h.sitting.ID)
		if err != nil {
			return out, err
		}
		return s.turnInTime(ctx, h, in, chainOf(log, in.Item), out)
	}
	h.live.mu.Lock()
	h.live.answered[in.Item] = true
	h.live.mu.Unlock()
	out.View = &view
	return out, s.alive(ctx, h, out.Now)
}

// keepTurn writes a turn. first is false when that turn is there.
func (s *Service) keepTurn(ctx context.Context, h hold, turn Turn) (first bool, err error) {
	// No act of the invigilator, and no end of a stage, comes between what was read
	// of the sitting and the turn.
	h.live.mu.Lock()
	defer h.live.mu.Unlock()
	late := 0
	if turn.Late {
		late = 1
	}
	err = s.db.Write(ctx, func(tx store.Queryer) error {
		t, err := sittingBy(ctx, tx, h.sitting.ID)
		if err != nil {
			return err
		}
		switch {
		case turn.Late:
		case t.Device != turn.Device:
			return refuse("other_device")
		case t.Stage != h.sitting.Stage:
			return refuse("stage_done")
		case t.Status != Running:
			return refuse("not_running")
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO sitting_turn (sitting_id, item, n, late, school_id, device, data, state, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
			t.ID, turn.Item, turn.N, late, t.School, turn.Device, string(turn.Data), encode(turn.State), turn.At)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		first = n == 1
		return err
	})
	if fault.Is(err, fault.Gone) {
		h.live.gone = true
	}
	return first, err
}

// keepLate keeps a turn that came after the end, or from a device that was
// replaced: only of a question of this test that takes turns.
func (s *Service) keepLate(ctx context.Context, h hold, in TurnGiven, now int64) error {
	c, err := campaignAlone(ctx, s.db.Reader(), h.sitting.School, h.sitting.Campaign)
	if err != nil {
		return err
	}
	pkg, err := s.open(ctx, h.sitting.School, c.Taken)
	if err != nil {
		return err
	}
	session, err := pkg.test.NewSession(h.sitting.Seed)
	if err != nil {
		return err
	}
	for o, key := range publicKeys(session) {
		if key == in.Item && o.Ref.Item.Adaptive {
			_, err := s.keepTurn(ctx, h, Turn{Item: in.Item, N: in.Turn, Late: true, Device: h.device, Data: in.Data, At: now})
			return err
		}
	}
	return fault.New(fault.Invalid, "assessment.no_turns").At("item")
}

// item is the question of the stage that has a public key, or nil.
func (r *run) item(key string) *qti.Occurrence {
	public := publicKeys(r.session)
	for _, o := range r.items {
		if public[o] == key {
			return o
		}
	}
	return nil
}

// turnViews are the questions of a stage that take several turns, as they stand.
func (s *Service) turnViews(ctx context.Context, r *run, sitting string) (map[string]TurnView, error) {
	out := map[string]TurnView{}
	public := publicKeys(r.session)
	var log []Turn
	for _, o := range r.items {
		if !o.Ref.Item.Adaptive {
			continue
		}
		if log == nil {
			var err error
			if log, err = turnsOf(ctx, s.db.Reader(), sitting); err != nil {
				return nil, err
			}
		}
		chain := chainOf(log, public[o])
		if _, err := through(nil, o, chain); err != nil {
			return nil, err
		}
		out[public[o]] = s.turnView(r.pkg, o, public[o], len(chain))
	}
	return out, nil
}
