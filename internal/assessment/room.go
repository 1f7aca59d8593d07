package assessment

import (
	"cmp"
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

// Aid is what a campaign decides for one seat. Why somebody has more time or
// help is written nowhere.
type Aid struct {
	Extra  int    `json:"extra" minimum:"0" maximum:"200" doc:"More time, in per cent."`
	Helped bool   `json:"helped" doc:"A person helps."`
	Mark   string `json:"mark" enum:",absent,exempt,redo,optout"`
}

// Room is a group taking a sequence, as its invigilator sees it.
type Room struct {
	Title    string     `json:"title"`
	Name     string     `json:"name"`
	Minutes  int        `json:"minutes"`
	Open     bool       `json:"open"`
	AskEach  bool       `json:"askEach"`
	Stages   int        `json:"stages" doc:"Parts of the sequence, those that routing may leave out included."`
	Now      int64      `json:"now"`
	Seats    []RoomSeat `json:"seats" nullable:"false" doc:"Those who need somebody first."`
	Begun    bool       `json:"begun"`
	Group    string     `json:"groupId"`
	Sequence int        `json:"sequence"`
}

// RoomSeat is one seat of a room.
type RoomSeat struct {
	Seat      string `json:"seat"`
	Number    int    `json:"number"`
	Pseudonym string `json:"pseudonym"`
	Picture   string `json:"picture"`
	Sitting   string `json:"sitting,omitempty"`
	Status    string `json:"status" enum:"none,waiting,running,paused,finished"`
	Need      string `json:"need,omitempty" enum:"device,start,silent,over" doc:"Why somebody should look: another device asks, the pupil waits to begin, nothing has come for a minute, the time is over."`
	Stage     int    `json:"stage"`
	Answered  int    `json:"answered"`
	SeenAt    int64  `json:"seenAt,omitempty"`
	EndsAt    int64  `json:"endsAt,omitempty"`
	Late      int    `json:"late" doc:"Answers that came late, kept apart."`
	Aid
}

func aidOf(ctx context.Context, q store.Queryer, campaign, seat string) (Aid, error) {
	var a Aid
	var helped int
	err := q.QueryRowContext(ctx, `SELECT extra, helped, mark FROM campaign_seat WHERE campaign_id = $1 AND seat_id = $2`, campaign, seat).Scan(&a.Extra, &helped, &a.Mark)
	if errors.Is(err, sql.ErrNoRows) {
		return Aid{}, nil
	}
	a.Helped = helped == 1
	return a, err
}

// SetAid decides for one seat.
func (s *Service) SetAid(ctx context.Context, school, campaign, seat string, a Aid) error {
	if a.Extra < 0 || a.Extra > 200 {
		return fault.New(fault.Invalid, "assessment.bad_extra").At("extra")
	}
	if !slices.Contains([]string{"", "absent", "exempt", "redo", "optout"}, a.Mark) {
		return fault.New(fault.Invalid, "assessment.bad_mark").At("mark")
	}
	helped := 0
	if a.Helped {
		helped = 1
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := campaignBy(ctx, tx, school, campaign); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO campaign_seat (campaign_id, seat_id, school_id, extra, helped, mark, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (campaign_id, seat_id) DO UPDATE SET extra = excluded.extra, helped = excluded.helped, mark = excluded.mark, set_by = excluded.set_by, set_at = excluded.set_at`,
			campaign, seat, school, a.Extra, helped, a.Mark, staffID(ctx), s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign.seat", "seat", seat, map[string]string{"campaign": campaign, "mark": a.Mark, "extra": strconv.Itoa(a.Extra)})
	})
}

// SetRoom opens or closes a sequence for a group. Closing it leaves running
// sittings alone: no other begins.
func (s *Service) SetRoom(ctx context.Context, school, campaign, group string, sequence int, open bool) error {
	status := "closed"
	if open {
		status = "open"
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		c, err := campaignBy(ctx, tx, school, campaign)
		if err != nil {
			return err
		}
		if err := c.has(group, sequence); err != nil {
			return err
		}
		if now := s.now(); open && (now < c.OpensAt || now >= c.ClosesAt) {
			return refuse("out_of_window")
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO campaign_room (campaign_id, group_id, sequence, school_id, status, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (campaign_id, group_id, sequence) DO UPDATE SET status = excluded.status, set_by = excluded.set_by, set_at = excluded.set_at`,
			campaign, group, sequence, school, status, staffID(ctx), s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign.room", "group", group, map[string]string{"campaign": campaign, "sequence": strconv.Itoa(sequence), "status": status})
	})
}

// has refuses a group or a sequence that the campaign has not.
func (c Campaign) has(group string, sequence int) error {
	if !slices.Contains(c.Groups, group) || sequence < 0 || sequence >= len(c.Policy.Sequences) {
		return noCampaign()
	}
	return nil
}

// RoomOf is what the invigilator of a group sees.
func (s *Service) RoomOf(ctx context.Context, school, campaign, group string, sequence int) (Room, error) {
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return Room{}, err
	}
	if err := c.has(group, sequence); err != nil {
		return Room{}, err
	}
	rooms, err := roomsOf(ctx, s.db.Reader(), campaign, []string{group})
	if err != nil {
		return Room{}, err
	}
	seats, err := s.roster.SeatsOfGroup(ctx, school, group)
	if err != nil {
		return Room{}, err
	}
	q := c.Policy.Sequences[sequence]
	out := Room{
		Title: c.Title, Name: q.Title, Minutes: q.Minutes, Open: rooms[sequence], AskEach: c.Policy.AskEach, Stages: len(q.Parts), Now: s.now(), Seats: []RoomSeat{}, Group: group, Sequence: sequence,
	}
	held, err := s.heldIn(ctx, school, campaign, sequence)
	if err != nil {
		return Room{}, err
	}
	aids, err := aidsOf(ctx, s.db.Reader(), campaign)
	if err != nil {
		return Room{}, err
	}
	for _, seat := range seats {
		if seat.LeftAt != nil || seat.ErasedAt != nil {
			continue
		}
		line := RoomSeat{Seat: seat.ID, Number: seat.Number, Pseudonym: seat.Pseudonym, Picture: seat.Picture, Status: "none", Aid: aids[seat.ID]}
		if t, ok := held[seat.ID]; ok {
			out.Begun = out.Begun || t.sitting.Status != Waiting
			s.fill(&line, t, out.Now, out.AskEach)
		}
		out.Seats = append(out.Seats, line)
	}
	slices.SortStableFunc(out.Seats, func(a, b RoomSeat) int {
		return cmp.Or(cmp.Compare(urgency(a), urgency(b)), cmp.Compare(a.Number, b.Number))
	})
	return out, nil
}

// heldSitting is a sitting with what its log says of it.
type heldSitting struct {
	sitting  Sitting
	answered int
	late     int
	last     int64
}

func (s *Service) heldIn(ctx context.Context, school, campaign string, sequence int) (map[string]heldSitting, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT `+sittingColumns+`,
			(SELECT count(DISTINCT a.item) FROM sitting_answer a WHERE a.sitting_id = t.id) + (SELECT count(DISTINCT u.item) FROM sitting_turn u WHERE u.sitting_id = t.id),
			(SELECT count(*) FROM sitting_answer a WHERE a.sitting_id = t.id AND a.late = 1) + (SELECT count(*) FROM sitting_turn u WHERE u.sitting_id = t.id AND u.late = 1),
			(SELECT coalesce(max(a.at), 0) FROM sitting_answer a WHERE a.sitting_id = t.id), (SELECT coalesce(max(u.at), 0) FROM sitting_turn u WHERE u.sitting_id = t.id)
		FROM sitting t WHERE t.campaign_id = $1 AND t.sequence = $2 AND t.school_id = $3 LIMIT 5000`, campaign, sequence, school)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(r *sql.Rows, h *heldSitting) (err error) {
		var turned int64
		h.sitting, err = scanSitting(withMore{r, []any{&h.answered, &h.late, &h.last, &turned}})
		h.last = max(h.last, turned)
		return err
	})
	out := map[string]heldSitting{}
	for _, h := range all {
		out[h.sitting.Seat] = h
	}
	return out, err
}

// withMore scans columns that follow those of a shared list.
type withMore struct {
	rows *sql.Rows
	more []any
}

func (w withMore) Scan(dest ...any) error { return w.rows.Scan(append(dest, w.more...)...) }

func (s *Service) fill(line *RoomSeat, h heldSitting, now int64, askEach bool) {
	t := h.sitting
	line.Sitting, line.Status, line.Stage, line.Answered, line.Late, line.SeenAt = t.ID, string(t.Status), t.Stage, h.answered, h.late, h.last
	if t.Status == Running || t.Status == Paused {
		line.EndsAt = t.EndsAt
	}
	if seen := s.seen(t.ID); seen > line.SeenAt {
		line.SeenAt = seen
	}
	switch {
	case t.Asking != 0:
		line.Need = "device"
	case t.Status == Waiting && askEach:
		line.Need = "start"
	case t.Status == Running && now > t.EndsAt:
		line.Need = "over"
	case t.Status == Running && line.SeenAt > 0 && now-line.SeenAt > gapAfter.Milliseconds():
		line.Need = "silent"
	}
}

// seen is the last sign of life of a sitting that is in memory.
func (s *Service) seen(id string) int64 {
	l := s.live.find(id)
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen
}

func urgency(r RoomSeat) int {
	switch r.Need {
	case "device":
		return 0
	case "start":
		return 1
	case "silent":
		return 2
	case "over":
		return 3
	}
	switch {
	case r.Mark == "exempt" || r.Mark == "optout" || r.Mark == "absent":
		return 9
	case r.Status == "none":
		return 4
	case r.Status == "finished":
		return 8
	}
	return 5
}

func aidsOf(ctx context.Context, q store.Queryer, campaign string) (map[string]Aid, error) {
	rows, err := q.QueryContext(ctx, `SELECT seat_id, extra, helped, mark FROM campaign_seat WHERE campaign_id = $1 LIMIT 20000`, campaign)
	if err != nil {
		return nil, err
	}
	type line struct {
		seat string
		aid  Aid
	}
	all, err := collect(rows, func(r *sql.Rows, l *line) error {
		var helped int
		err := r.Scan(&l.seat, &l.aid.Extra, &helped, &l.aid.Mark)
		l.aid.Helped = helped == 1
		return err
	})
	out := map[string]Aid{}
	for _, l := range all {
		out[l.seat] = l.aid
	}
	return out, err
}

// Act is what an invigilator does to a sitting.
type Act struct {
	Act     string `json:"act" enum:"start,pause,resume,extend,reopen,finish,admit,refuse,note"`
	Minutes int    `json:"minutes,omitempty" doc:"Of extend and reopen."`
	Note    string `json:"note,omitempty" maxLength:"500" doc:"Of note: an incident, without a name."`
}

// Do is an act of an invigilator on a sitting of a seat that they see.
func (s *Service) Do(ctx context.Context, t Sitting, in Act) error {
	by := staffID(ctx)
	step := func(act func(t *Sitting, now int64) error, data map[string]string) error {
		_, err := s.change(ctx, t.ID, in.Act, by, data, act, func(tx store.Queryer, t Sitting) error {
			return s.audit(ctx, tx, t.School, "sitting.act", "seat", t.Seat, map[string]string{"act": in.Act, "campaign": t.Campaign, "sequence": strconv.Itoa(t.Sequence)})
		})
		return err
	}
	minutes := map[string]string{"minutes": strconv.Itoa(in.Minutes)}
	switch in.Act {
	case "start":
		_, err := s.start(ctx, t, by)
		return err
	case "pause":
		return step((*Sitting).Pause, nil)
	case "resume":
		return step((*Sitting).Resume, nil)
	case "finish":
		return step((*Sitting).Finish, nil)
	case "extend":
		return step(func(t *Sitting, now int64) error { return t.Extend(now, in.Minutes) }, minutes)
	case "reopen":
		return step(func(t *Sitting, now int64) error {
			if t.over(now) {
				return t.Extend(now, in.Minutes)
			}
			return t.Reopen(now, in.Minutes)
		}, minutes)
	case "admit":
		return step(func(t *Sitting, _ int64) error { return t.Admit() }, nil)
	case "refuse":
		return step(func(t *Sitting, _ int64) error { return t.Refuse() }, nil)
	case "note":
		note := strings.TrimSpace(in.Note)
		if note == "" || utf8.RuneCountInString(note) > 500 {
			return fault.New(fault.Invalid, "assessment.note_needed").At("note")
		}
		return step(func(*Sitting, int64) error { return nil }, map[string]string{"note": note})
	}
	return fault.New(fault.Invalid, "assessment.bad_act").At("act")
}

// Exchange gives two seats each other's sitting of a sequence: the pupils had
// sat down with each other's slip.
func (s *Service) Exchange(ctx context.Context, school, campaign string, sequence int, a, b string) error {
	if a == b {
		return fault.New(fault.Invalid, "assessment.same_seat").At("b")
	}
	var ids []string
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		ids = nil
		var held []Sitting
		for _, seat := range []string{a, b} {
			t, err := scanSitting(tx.QueryRowContext(ctx, `SELECT `+sittingColumns+` FROM sitting t WHERE t.campaign_id = $1 AND t.seat_id = $2 AND t.sequence = $3 AND t.school_id = $4`, campaign, seat, sequence, school))
			if errors.Is(err, sql.ErrNoRows) {
				return refuse("no_sitting_there")
			}
			if err != nil {
				return err
			}
			held, ids = append(held, t), append(ids, t.ID)
		}
		// Through a third name, because two seats cannot hold the same sequence at once.
		for _, step := range [][2]string{{held[0].ID, "exchange:" + held[0].ID}, {held[1].ID, a}, {held[0].ID, b}} {
			if _, err := tx.ExecContext(ctx, `UPDATE sitting SET seat_id = $1 WHERE id = $2`, step[1], step[0]); err != nil {
				return err
			}
		}
		now := s.now()
		for _, t := range held {
			if err := event(ctx, tx, t, now, "exchange", staffID(ctx), nil); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, school, "sitting.exchange", "seat", a, map[string]string{"with": b, "campaign": campaign, "sequence": strconv.Itoa(sequence)})
	})
	if err == nil {
		for _, id := range ids {
			s.live.drop(id)
		}
	}
	return err
}

// RoomReport is what is left to say of a room: who took it, and what happened.
type RoomReport struct {
	Finished int           `json:"finished"`
	Absent   int           `json:"absent"`
	Exempt   int           `json:"exempt"`
	ToRedo   int           `json:"toRedo"`
	Begun    int           `json:"begun" doc:"Begun and not finished."`
	Events   []ReportEvent `json:"events" nullable:"false"`
}

// ReportEvent is one thing that happened.
type ReportEvent struct {
	At   int64             `json:"at"`
	Seat string            `json:"seat"`
	Kind string            `json:"kind" enum:"start,stage,finish,pause,resume,extend,reopen,admit,refuse,note,gap,exchange,device"`
	Data map[string]string `json:"data,omitempty"`
}

// ReportOf gathers the report of a room.
func (s *Service) ReportOf(ctx context.Context, school, campaign, group string, sequence int) (RoomReport, error) {
	out := RoomReport{Events: []ReportEvent{}}
	room, err := s.RoomOf(ctx, school, campaign, group, sequence)
	if err != nil {
		return out, err
	}
	seats := map[string]bool{}
	for _, seat := range room.Seats {
		seats[seat.Seat] = true
		switch {
		case seat.Mark == "absent":
			out.Absent++
		case seat.Mark == "exempt" || seat.Mark == "optout":
			out.Exempt++
		case seat.Mark == "redo":
			out.ToRedo++
		case seat.Status == "finished" || seat.Need == "over":
			out.Finished++
		case seat.Status == "running" || seat.Status == "paused":
			out.Begun++
		}
	}
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT e.at, t.seat_id, e.kind, e.data FROM sitting_event e JOIN sitting t ON t.id = e.sitting_id
		WHERE t.campaign_id = $1 AND t.sequence = $2 AND e.school_id = $3 ORDER BY e.at, e.id LIMIT 5000`, campaign, sequence, school)
	if err != nil {
		return out, err
	}
	all, err := collect(rows, func(r *sql.Rows, e *ReportEvent) error {
		var data string
		if err := r.Scan(&e.At, &e.Seat, &e.Kind, &data); err != nil {
			return err
		}
		return json.Unmarshal([]byte(data), &e.Data)
	})
	for _, e := range all {
		if seats[e.Seat] {
			out.Events = append(out.Events, e)
		}
	}
	return out, err
}
