package assessment

import (
	"context"
	"database/sql"
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"preau/internal/fault"
	"preau/internal/qti"
	"preau/internal/store"
)

// Answer is one line of a sitting's log.
type Answer struct {
	Device int
	N      int64
	Item   string
	Data   json.RawMessage
	At     int64
	Late   bool
}

// Merge gives the answer that counts for each question, by the question's key.
//
// The rule: the answers of the newest device that has one for that question;
// among those of a device, the highest number. An answer marked late,
// from a device that had been replaced or after the end, counts only where no
// other answers that question. The order in which answers arrived never matters.
func Merge(log []Answer) map[string]json.RawMessage {
	best := map[string]Answer{}
	for _, a := range log {
		if b, ok := best[a.Item]; !ok || a.before(b) {
			best[a.Item] = a
		}
	}
	out := make(map[string]json.RawMessage, len(best))
	for item, a := range best {
		out[item] = a.Data
	}
	return out
}

// before says that a counts rather than b.
func (a Answer) before(b Answer) bool {
	if a.Late != b.Late {
		return b.Late
	}
	if a.Device != b.Device {
		return a.Device > b.Device
	}
	return a.N > b.N
}

// given are the responses of a seat, by the test's key of the question: one
// attempt, or one a turn.
type given map[string][]map[string]qti.Value

// resolve turns a sitting's answers, under public names that its own seed made,
// into those of the test. into holds those of the sequences before.
func resolve(pkg *opened, l seatLog, into given) error {
	if len(l.answers)+len(l.turns) == 0 {
		return nil
	}
	session, err := pkg.test.NewSession(l.sitting.Seed)
	if err != nil {
		return err
	}
	public := publicKeys(session)
	if pkg.test.Tuned() {
		// What a question shows hangs on what was answered before: the way is taken again.
		for {
			o, err := session.Next()
			if err != nil {
				return err
			}
			if o == nil {
				break
			}
			turned := o.Ref.Item.Adaptive && len(l.turns[public[o]]) > 0
			if err := l.resolveOne(session, o, public[o], into); err != nil {
				return err
			}
			if !turned { // or else its turns were handed in as they were read
				if err := attempt(session, o, into[o.Key]); err != nil {
					return err
				}
			}
			delete(public, o)
		}
	}
	for o, key := range public {
		if l.answers[key] == nil && len(l.turns[key]) == 0 {
			continue
		}
		if err := session.Begin(o); err != nil {
			return err
		}
		if err := l.resolveOne(nil, o, key, into); err != nil {
			return err
		}
	}
	return nil
}

// resolveOne reads what was given to one question, which has begun. Turns are
// handed in to the test, when there is one.
func (l seatLog) resolveOne(test *qti.TestSession, o *qti.Occurrence, public string, into given) (err error) {
	raw, answered := l.answers[public]
	turns := l.turns[public]
	switch {
	case o.Ref.Item.Adaptive && len(turns) > 0:
		into[o.Key], err = through(test, o, turns)
	case !o.Ref.Item.Adaptive && answered && isObject(raw):
		into[o.Key] = []map[string]qti.Value{read(o, raw)}
	}
	return err
}

// plainNumber reads a number as it is written in French: a comma, and spaces
// between thousands.
func plainNumber(v *qti.Variable, value any) any {
	text, isText := value.(string)
	if v == nil || !isText || v.Type != qti.Float && v.Type != qti.Integer {
		return value
	}
	return strings.NewReplacer(",", ".", " ", "", "\u00a0", "", "\u202f", "", "−", "-").Replace(text)
}

// run is a test session with a seat's answers put in, up to the first stage
// that is not done.
type run struct {
	pkg     *opened
	session *qti.TestSession
	// stage is the part to take now, empty at the end.
	stage string
	items []*qti.Occurrence // of that part
}

// replay takes the seat's way through the test: the stages in done were taken,
// with the responses given. A stage that routing leaves out is not met.
func replay(pkg *opened, seed uint64, responses given, done func(part string) bool) (*run, error) {
	session, err := pkg.test.NewSession(seed)
	if err != nil {
		return nil, err
	}
	r := &run{pkg: pkg, session: session}
	for {
		o, err := session.Next()
		if err != nil {
			return nil, err
		}
		if o == nil {
			return r, nil
		}
		if !done(o.Part.Identifier) {
			r.stage = o.Part.Identifier
			for _, x := range session.Plan {
				if x.Part != o.Part {
					continue
				}
				// Also of a part in one direction all is given at once.
				if err := session.Begin(x); err != nil {
					return nil, err
				}
				r.items = append(r.items, x)
			}
			return r, nil
		}
		if err := attempt(session, o, responses[o.Key]); err != nil {
			return nil, err
		}
	}
}

// attempt hands in what was given to a question. An attempt too many is not
// taken: by a corrected version a question may end some turns earlier.
func attempt(session *qti.TestSession, o *qti.Occurrence, attempts []map[string]qti.Value) error {
	for _, values := range attempts {
		_, err := session.Attempt(o, qti.Attempt{Responses: values})
		if fault.Is(err, fault.Limited) || fault.Is(err, fault.Gone) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// publicKeys name the questions of a session by their place, which tells nothing.
func publicKeys(session *qti.TestSession) map[*qti.Occurrence]string {
	names := make(map[*qti.Occurrence]string, len(session.Plan))
	for i, o := range session.Plan {
		names[o] = "q" + strconv.Itoa(i+1)
	}
	return names
}

// StageView is what a browser is given of a stage.
type StageView struct {
	Stage int         `json:"stage" doc:"How many stages were taken before."`
	Title string      `json:"title"`
	Items []ItemView  `json:"items" nullable:"false"`
	Files []StageFile `json:"files" nullable:"false" doc:"To be fetched before the first question."`
}

// ItemView is a question as a browser is given it: public names only.
type ItemView struct {
	Key    string            `json:"key"`
	Public *qti.Public       `json:"public"`
	Files  map[string]string `json:"files,omitempty" doc:"Addresses of a1, a2…"`
}

// StageFile is a picture or a sound of a stage.
type StageFile struct {
	URL string `json:"url"`
}

type viewKey struct {
	pkg   string
	seed  uint64
	stage string
}

// stageView is the stage of a seat, made once.
type stageView struct {
	raw []byte // JSON
}

// views are the stages lately given, because a class reloads.
type views struct {
	mu sync.Mutex
	of map[viewKey]*stageView
}

const keptViews = 4096

// viewOf gives the public part of the stage that a run has come to, as JSON.
func (s *Service) viewOf(r *run, seed uint64, number int) ([]byte, error) {
	key := viewKey{r.pkg.id, seed, r.stage}
	s.shown.mu.Lock()
	kept := s.shown.of[key]
	s.shown.mu.Unlock()
	if kept != nil {
		return kept.raw, nil
	}
	public := publicKeys(r.session)
	out := StageView{Stage: number, Items: []ItemView{}, Files: []StageFile{}}
	seen := map[string]bool{}
	for _, o := range r.items {
		if out.Title == "" && len(o.Sections) > 0 {
			out.Title = o.Sections[0].Title
		}
		item := s.itemView(r.pkg, o.Session, public[o])
		for _, url := range item.Files {
			if !seen[url] {
				seen[url] = true
				out.Files = append(out.Files, StageFile{url})
			}
		}
		out.Items = append(out.Items, item)
	}
	slices.SortFunc(out.Files, func(a, b StageFile) int { return strings.Compare(a.URL, b.URL) })
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	s.shown.mu.Lock()
	if len(s.shown.of) >= keptViews {
		clear(s.shown.of)
	}
	s.shown.of[key] = &stageView{raw}
	s.shown.mu.Unlock()
	return raw, nil
}

func (s *Service) itemView(pkg *opened, session *qti.ItemSession, key string) ItemView {
	public, names := session.View()
	view := ItemView{Key: key, Public: public}
	for name, file := range names.Assets {
		at := path.Join(path.Dir(session.Item.File), file)
		if hidden := pkg.names[at]; hidden != "" {
			if view.Files == nil {
				view.Files = map[string]string{}
			}
			view.Files[name] = "/api/v1/test-files/" + pkg.id + "/" + hidden
		}
	}
	return view
}

// seatLog is what a seat did in a campaign: its sittings with their answers.
type seatLog struct {
	sitting Sitting
	answers map[string]json.RawMessage // that count, by public key
	turns   map[string][]Turn          // that count, by public key
	keyed   map[string]string          // what staff keyed from paper, by the test's key
}

// logsOf reads the sittings and the answers of a seat in a campaign.
func logsOf(ctx context.Context, q store.Queryer, campaign, seat string) ([]seatLog, error) {
	held, err := sittingsOf(ctx, q, campaign, seat)
	if err != nil {
		return nil, err
	}
	var out []seatLog
	for _, t := range held {
		rows, err := q.QueryContext(ctx, `SELECT device, n, item, data, at, late FROM sitting_answer WHERE sitting_id = $1 ORDER BY device, n LIMIT 200000`, t.ID)
		if err != nil {
			return nil, err
		}
		log, err := collect(rows, scanAnswer)
		if err != nil {
			return nil, err
		}
		one := seatLog{sitting: t, keyed: map[string]string{}}
		log = slices.DeleteFunc(log, func(a Answer) bool {
			if a.Device == paper {
				one.keyed[a.Item] = codeOf(a.Data)
			}
			return a.Device == paper
		})
		one.answers = Merge(log)
		turns, err := turnsOf(ctx, q, t.ID)
		if err != nil {
			return nil, err
		}
		one.turns = chains(turns)
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b seatLog) int { return a.sitting.Sequence - b.sitting.Sequence })
	return out, nil
}

func scanAnswer(r *sql.Rows, a *Answer) error {
	var data string
	var late int
	err := r.Scan(&a.Device, &a.N, &a.Item, &data, &a.At, &late)
	a.Data, a.Late = json.RawMessage(data), late == 1
	return err
}
