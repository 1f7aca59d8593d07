package assessment

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"

	"preau/internal/fault"
)

const (
	maxSaveBody = 512 << 10 // bytes of one save
	maxAnswer   = 128 << 10 // bytes of one answer
	maxBatch    = 200       // answers of one save
)

// Save is what a browser sends: answers not acknowledged yet, each under the
// device's own number.
type Save struct {
	Answers []SavedAnswer `json:"answers"`
}

// SavedAnswer is one answer: what the interactions of a question hold, whole.
type SavedAnswer struct {
	N    int64           `json:"n"`
	Item string          `json:"item"`
	Data json.RawMessage `json:"data"`
}

// Acknowledged answers a save, once all of it is on disk.
type Acknowledged struct {
	Acked  []int64 `json:"acked"`
	Late   bool    `json:"late"` // kept, and marked: another device has the sitting, or it is over
	Status Status  `json:"status"`
	EndsAt int64   `json:"endsAt"`
	Now    int64   `json:"now"`
}

var questionKey = regexp.MustCompile(`^q[1-9][0-9]{0,3}$`)

// readSave reads and checks a save; what is wrong with it is the browser's fault.
func readSave(r io.Reader) (Save, error) {
	var in Save
	data, err := io.ReadAll(io.LimitReader(r, maxSaveBody+1))
	if err != nil {
		return in, fault.New(fault.Invalid, "assessment.bad_save").Because(err)
	}
	if len(data) > maxSaveBody {
		return in, fault.New(fault.TooLarge, "assessment.save_large")
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return in, fault.New(fault.Invalid, "assessment.bad_save").Because(err)
	}
	if len(in.Answers) == 0 || len(in.Answers) > maxBatch {
		return in, fault.New(fault.Invalid, "assessment.bad_save").At("answers")
	}
	for _, a := range in.Answers {
		if a.N < 1 || a.N > 1<<40 || !questionKey.MatchString(a.Item) || len(a.Data) > maxAnswer || !isObject(a.Data) {
			return in, fault.New(fault.Invalid, "assessment.bad_save").At("answers")
		}
	}
	return in, nil
}

func isObject(raw json.RawMessage) bool {
	for _, c := range raw {
		switch c {
		case ' ', '\n', '\r', '\t':
		default:
			return c == '{'
		}
	}
	return false
}

// save keeps answers and acknowledges them. It asks nothing of whoever signs
// people in: a running sitting goes on when nobody can enter.
func (s *Service) save(w http.ResponseWriter, r *http.Request) {
	h, err := s.holdOf(r.Context(), bearer(r.Header.Get("Authorization")))
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	in, err := readSave(r.Body)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	out, err := s.keep(r.Context(), h, in)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(out) // who went away asks again
}

func (s *Service) keep(ctx context.Context, h hold, in Save) (Acknowledged, error) {
	now := s.now()
	t := h.sitting
	if t.Status == Waiting {
		return Acknowledged{}, refuse("not_running")
	}
	if h.device == t.Asking {
		return Acknowledged{}, refuse("other_device")
	}
	if ok, wait := s.saves.Take(t.ID); !ok {
		return Acknowledged{}, fault.New(fault.Limited, "assessment.limited").After(wait)
	}
	late := !t.counts(h.device, now)
	flag := 0
	if late {
		flag = 1
	}
	err := s.lane.put(ctx, &saving{t: t, rows: in.Answers, by: h.device, now: now, late: flag})
	if err != nil {
		// The sitting may have been erased since it was read.
		h.live.mu.Lock()
		h.live.gone = true
		h.live.mu.Unlock()
		if _, gone := sittingBy(ctx, s.db.Reader(), t.ID); fault.Is(gone, fault.Gone) {
			err = gone
		}
		return Acknowledged{}, err
	}
	out := Acknowledged{Late: late, Status: t.Status, EndsAt: t.EndsAt, Now: now, Acked: make([]int64, len(in.Answers))}
	h.live.mu.Lock()
	for i, a := range in.Answers {
		out.Acked[i] = a.N
		h.live.answered[a.Item] = true
	}
	h.live.mu.Unlock()
	if t.over(now) {
		out.Status = Finished
	}
	return out, s.alive(ctx, h, now)
}
