package assessment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"preau/internal/fault"
	"preau/internal/store"
)

const (
	// AloudSeconds is how long a reading against the clock lasts.
	AloudSeconds = 60
	maxWords     = 800
	maxReadings  = 20 // of a seat in a campaign
	maxSaves     = 50 // of one request
)

// AloudText is what pupils read aloud in a campaign.
type AloudText struct {
	Title string `json:"title" maxLength:"480"`
	Text  string `json:"text" maxLength:"24000"`
}

// Words are the words of a text as they are numbered: what stands between blanks
// and holds a letter or a figure. Signs that stand alone (a dash, French quotation
// marks) go with the word before or after them.
func (a AloudText) Words() []string {
	var out []string
	before := ""
	for _, part := range strings.Fields(a.Text) {
		switch {
		case strings.ContainsFunc(part, isWordSign):
			out = append(out, before+part)
			before = ""
		case opens(part) || len(out) == 0:
			before += part + " "
		default:
			out[len(out)-1] += " " + part
		}
	}
	return out
}

func isWordSign(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// opens says whether a sign begins what follows: a quotation or a speech.
func opens(sign string) bool { return strings.ContainsAny(sign, "«(—–-") }

// check refuses a text that cannot be read aloud.
func (a *AloudText) check() error {
	a.Title, a.Text = strings.TrimSpace(a.Title), strings.TrimSpace(a.Text)
	if a.Title == "" || len([]rune(a.Title)) > 120 {
		return fault.New(fault.Invalid, "assessment.bad_title").At("policy.aloud.title")
	}
	if n := len(a.Words()); n < 2 || n > maxWords || len([]rune(a.Text)) > 6000 {
		return fault.New(fault.Invalid, "assessment.bad_aloud", "count", maxWords).At("policy.aloud.text")
	}
	return nil
}

// ReadingState is a reading aloud as it stands, whole: each tap saves it again.
type ReadingState struct {
	Wrong   []int `json:"wrong" nullable:"false" maxItems:"800" doc:"Numbers of the words read wrong or left out, from 1."`
	Last    int   `json:"last" minimum:"0" maximum:"800" doc:"Number of the last word read; 0 while it is not marked."`
	Seconds int   `json:"seconds" minimum:"0" maximum:"60" doc:"How long the clock ran."`
	Done    bool  `json:"done" doc:"The adult says that it is finished."`
	Void    bool  `json:"void" doc:"It was disturbed: kept, and does not count."`
}

// ReadingSave is one save of a reading.
type ReadingSave struct {
	N    int64        `json:"n" minimum:"1" maximum:"1099511627776"`
	Data ReadingState `json:"data"`
}

// ReadingAcks answers saves, once they are on disk.
type ReadingAcks struct {
	Acked []int64 `json:"acked" nullable:"false"`
}

// Reading is one reading aloud, and what it is worth.
type Reading struct {
	ID      string `json:"id"`
	BegunAt int64  `json:"begunAt"`
	ReadingState
	Correct   int     `json:"correct" doc:"Words read right, up to the last one."`
	PerMinute float64 `json:"perMinute" doc:"Words read right a minute."`
	Counts    bool    `json:"counts" doc:"It is the one that counts: the last that is done."`
}

// Fluency is the words read right and those a minute of a reading.
func (r ReadingState) Fluency() (correct int, perMinute float64) {
	correct = r.Last
	for _, w := range slices.Compact(slices.Sorted(slices.Values(r.Wrong))) {
		if w >= 1 && w <= r.Last {
			correct--
		}
	}
	if r.Seconds > 0 {
		perMinute = float64(correct) * AloudSeconds / float64(r.Seconds)
	}
	return correct, perMinute
}

// AloudSeat is a seat of a group that reads aloud.
type AloudSeat struct {
	Seat     string    `json:"seat"`
	State    string    `json:"state" enum:",absent,exempt,redo"`
	Readings []Reading `json:"readings" nullable:"false" doc:"The earliest first; all are kept."`
}

// Aloud is a group that reads aloud.
type Aloud struct {
	Title string      `json:"title"`
	Words []string    `json:"words" nullable:"false"`
	Seats []AloudSeat `json:"seats" nullable:"false"`
}

func noAloud() *fault.Error { return fault.New(fault.NotFound, "assessment.no_aloud") }

// AloudOf is the text of a campaign, and how each seat of a group read it.
func (s *Service) AloudOf(ctx context.Context, school, campaign, group string) (Aloud, error) {
	out := Aloud{Words: []string{}, Seats: []AloudSeat{}}
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return out, err
	}
	if err := c.has(group, 0); err != nil {
		return out, err
	}
	if c.Policy.Aloud == nil {
		return out, noAloud()
	}
	out.Title, out.Words = c.Policy.Aloud.Title, c.Policy.Aloud.Words()
	states, err := s.aloudStates(ctx, campaign)
	if err != nil {
		return out, err
	}
	readings, err := s.readingsOf(ctx, school, campaign)
	if err != nil {
		return out, err
	}
	seats, err := s.roster.SeatsOfGroup(ctx, school, group)
	if err != nil {
		return out, err
	}
	for _, seat := range seats {
		if seat.LeftAt != nil || seat.ErasedAt != nil {
			continue
		}
		line := AloudSeat{Seat: seat.ID, State: states[seat.ID], Readings: readings[seat.ID]}
		if line.Readings == nil {
			line.Readings = []Reading{}
		}
		out.Seats = append(out.Seats, line)
	}
	return out, nil
}

func (s *Service) aloudStates(ctx context.Context, campaign string) (map[string]string, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT seat_id, state FROM aloud_state WHERE campaign_id = $1 LIMIT 20000`, campaign)
	if err != nil {
		return nil, err
	}
	type line struct{ seat, state string }
	all, err := collect(rows, func(r *sql.Rows, l *line) error { return r.Scan(&l.seat, &l.state) })
	out := map[string]string{}
	for _, l := range all {
		out[l.seat] = l.state
	}
	return out, err
}

// readingsOf gives the readings of a campaign by seat, each as its last save
// left it.
func (s *Service) readingsOf(ctx context.Context, school, campaign string) (map[string][]Reading, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT r.id, r.seat_id, r.begun_at, a.data FROM aloud_reading r JOIN aloud_save a ON a.reading_id = r.id
		WHERE r.campaign_id = $1 AND r.school_id = $2 AND a.n = (SELECT max(b.n) FROM aloud_save b WHERE b.reading_id = r.id) ORDER BY r.begun_at, r.id LIMIT 50000`, campaign, school)
	if err != nil {
		return nil, err
	}
	type line struct {
		seat string
		Reading
	}
	all, err := collect(rows, func(r *sql.Rows, l *line) error {
		var data string
		if err := r.Scan(&l.ID, &l.seat, &l.BegunAt, &data); err != nil {
			return err
		}
		return json.Unmarshal([]byte(data), &l.ReadingState)
	})
	out := map[string][]Reading{}
	for _, l := range all {
		l.Correct, l.PerMinute = l.Fluency()
		out[l.seat] = append(out[l.seat], l.Reading)
	}
	for _, list := range out {
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].Done && !list[i].Void {
				list[i].Counts = true
				break
			}
		}
	}
	return out, err
}

// SetAloudState says that a seat is absent, exempt, or will read another day;
// empty for none of them.
func (s *Service) SetAloudState(ctx context.Context, school, campaign, seat, state string) error {
	if !slices.Contains([]string{"", "absent", "exempt", "redo"}, state) {
		return fault.New(fault.Invalid, "assessment.bad_mark").At("state")
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		c, err := campaignBy(ctx, tx, school, campaign)
		if err != nil {
			return err
		}
		if c.Policy.Aloud == nil {
			return noAloud()
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO aloud_state (campaign_id, seat_id, school_id, state, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (campaign_id, seat_id) DO UPDATE SET state = excluded.state, set_by = excluded.set_by, set_at = excluded.set_at`, campaign, seat, school, state, staffID(ctx), s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "aloud.state", "seat", seat, map[string]string{"campaign": campaign, "mark": state})
	})
}

// SaveReading keeps saves of a reading and acknowledges them once they are on
// disk. The first makes the reading. One that comes twice is one; the order in
// which they come never matters.
func (s *Service) SaveReading(ctx context.Context, school, campaign, seat, id string, saves []ReadingSave) (ReadingAcks, error) {
	out := ReadingAcks{Acked: []int64{}}
	if _, err := uuid.Parse(id); err != nil || len(id) != 36 {
		return out, fault.New(fault.Invalid, "assessment.bad_save").At("reading")
	}
	if len(saves) == 0 || len(saves) > maxSaves {
		return out, fault.New(fault.Invalid, "assessment.bad_save").At("saves")
	}
	err := s.db.Write(ctx, func(tx store.Queryer) error {
		out.Acked = []int64{}
		c, err := campaignBy(ctx, tx, school, campaign)
		if err != nil {
			return err
		}
		if c.Policy.Aloud == nil {
			return noAloud()
		}
		words := len(c.Policy.Aloud.Words())
		for _, a := range saves {
			if a.N < 1 || a.N > 1<<40 || a.Data.Last < 0 || a.Data.Last > words || a.Data.Seconds < 0 || a.Data.Seconds > AloudSeconds || len(a.Data.Wrong) > words ||
				slices.ContainsFunc(a.Data.Wrong, func(w int) bool { return w < 1 || w > words }) || a.Data.Done && (a.Data.Last == 0 || a.Data.Seconds == 0) && !a.Data.Void {
				return fault.New(fault.Invalid, "assessment.bad_save").At("saves")
			}
		}
		var whose, of string
		err = tx.QueryRowContext(ctx, `SELECT campaign_id, seat_id FROM aloud_reading WHERE id = $1`, id).Scan(&of, &whose)
		if errors.Is(err, sql.ErrNoRows) {
			var many int
			if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM aloud_reading WHERE campaign_id = $1 AND seat_id = $2`, campaign, seat).Scan(&many); err != nil {
				return err
			}
			if many >= maxReadings {
				return fault.New(fault.Limited, "assessment.readings_full", "count", maxReadings)
			}
			of, whose = campaign, seat
			_, err = tx.ExecContext(ctx, `INSERT INTO aloud_reading (id, campaign_id, seat_id, school_id, begun_by, begun_at) VALUES ($1, $2, $3, $4, $5, $6)`, id, campaign, seat, school, staffID(ctx), s.now())
		}
		if err != nil {
			return err
		}
		if of != campaign || whose != seat {
			return fault.New(fault.Invalid, "assessment.bad_save").At("reading")
		}
		for _, a := range saves {
			if _, err := tx.ExecContext(ctx, `INSERT INTO aloud_save (reading_id, n, school_id, data, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, id, a.N, school, encode(a.Data), s.now()); err != nil {
				return err
			}
			out.Acked = append(out.Acked, a.N)
		}
		return nil
	})
	return out, err
}
