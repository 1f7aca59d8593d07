package lessonclient

import (
	"encoding/json"
	"slices"
	"sort"
)

// View is what a client knows of the lesson: the fold of what it received. It
// says exactly what a snapshot would.
type View struct {
	N     int64
	Epoch int64
	Me    string
	// Seen lists the numbers of the events received, in order.
	Seen []int64
	// Snapshots counts how often the whole state came.
	Snapshots int

	Lesson   Lesson
	People   []*Person
	Hands    []string
	Messages []Message
	Waiting  []Lobby
}

// The parts of a view, as the protocol names them.
type (
	Lesson struct {
		ID         string          `json:"id"`
		Title      string          `json:"title"`
		OpenedAt   int64           `json:"openedAt"`
		EndedAt    int64           `json:"-"`
		Attended   bool            `json:"attended"`
		Locked     bool            `json:"locked"`
		Preset     string          `json:"preset"`
		Rights     map[string]bool `json:"rights"`
		Chat       string          `json:"chat"`
		Cameras    string          `json:"cameras"`
		Spotlight  *string         `json:"spotlight"`
		Sealed     bool            `json:"sealed"`
		SealIndex  int             `json:"sealIndex"`
		SealHolder string          `json:"sealHolder"`
		Guests     bool            `json:"guests"`
		UntilHours int             `json:"messagesUntilHours"`
	}
	Person struct {
		ID        string           `json:"id"`
		Kind      string           `json:"kind"`
		Seat      string           `json:"seat"`
		Pseudonym string           `json:"pseudonym"`
		Picture   string           `json:"picture"`
		Staff     string           `json:"staff"`
		Name      string           `json:"name"`
		Label     string           `json:"label"`
		Role      string           `json:"role"`
		Here      bool             `json:"here"`
		JoinedAt  int64            `json:"joinedAt"`
		Hand      int64            `json:"hand"`
		State     string           `json:"state"`
		Verified  bool             `json:"verified"`
		Banned    bool             `json:"banned"`
		Given     []string         `json:"given"`
		Own       map[string]*bool `json:"own"`
		Rights    map[string]bool  `json:"rights"`
		Camera    string           `json:"camera"`
		OwnCamera string           `json:"ownCamera"`
		SetCamera string           `json:"setCamera"`
	}
	Message struct {
		ID      string `json:"id"`
		N       int64  `json:"n"`
		At      int64  `json:"at"`
		By      string `json:"by"`
		Text    string `json:"text"`
		To      string `json:"to"`
		Pending bool   `json:"pending"`
	}
	Lobby struct {
		ID    string `json:"id"`
		Label string `json:"label"`
		Since int64  `json:"since"`
	}
)

// NewView knows nothing yet.
func NewView() *View { return &View{} }

// Person finds somebody, nil when the view does not have them.
func (v *View) Person(id string) *Person {
	for _, p := range v.People {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Apply takes one frame of the server.
func (v *View) Apply(raw []byte) {
	var f struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(raw, &f) != nil {
		return
	}
	switch f.Type {
	case "welcome":
		v.welcome(raw)
	case "snapshot":
		v.snapshot(raw)
	case "event":
		v.event(raw)
	}
}

func (v *View) welcome(raw []byte) {
	var f struct {
		Me    string            `json:"me"`
		N     int64             `json:"n"`
		Epoch int64             `json:"epoch"`
		Since []json.RawMessage `json:"since"`
	}
	if json.Unmarshal(raw, &f) != nil {
		return
	}
	if f.Since == nil {
		v.snapshot(raw)
		return
	}
	for _, one := range f.Since {
		v.event(one)
	}
	v.Me, v.Epoch, v.N = f.Me, f.Epoch, f.N
}

func (v *View) snapshot(raw []byte) {
	var s struct {
		N        int64     `json:"n"`
		Epoch    int64     `json:"epoch"`
		Me       string    `json:"me"`
		Lesson   Lesson    `json:"lesson"`
		People   []*Person `json:"people"`
		Hands    []string  `json:"hands"`
		Messages []Message `json:"messages"`
		Waiting  []Lobby   `json:"waiting"`
	}
	if json.Unmarshal(raw, &s) != nil {
		return
	}
	v.Snapshots++
	v.N, v.Epoch, v.Me, v.Lesson, v.People, v.Hands, v.Messages, v.Waiting = s.N, s.Epoch, s.Me, s.Lesson, s.People, s.Hands, s.Messages, s.Waiting
}

// event has the members of all events; each uses some.
type event struct {
	N  int64  `json:"n"`
	At int64  `json:"at"`
	By string `json:"by"`
	Ev string `json:"ev"`

	Person  *Person          `json:"person"`
	Who     *string          `json:"who"`
	Why     string           `json:"why"`
	Preset  string           `json:"preset"`
	Rights  map[string]bool  `json:"rights"`
	Own     map[string]*bool `json:"own"`
	Chat    string           `json:"chat"`
	To      json.RawMessage  `json:"to"`
	ID      string           `json:"id"`
	Text    string           `json:"text"`
	Pending bool             `json:"pending"`
	Message json.RawMessage  `json:"message"`
	Up      bool             `json:"up"`
	Lowered bool             `json:"lowered"`
	State   string           `json:"state"`
	Open    bool             `json:"open"`
	Label   string           `json:"label"`
	Since   int64            `json:"since"`
	Index   int              `json:"index"`
	Holder  string           `json:"holder"`
}

func (v *View) event(raw []byte) {
	var e event
	if json.Unmarshal(raw, &e) != nil {
		return
	}
	v.N = e.N
	v.Seen = append(v.Seen, e.N)
	who := ""
	if e.Who != nil {
		who = *e.Who
	}
	p := v.Person(who)
	switch e.Ev {
	case "ended":
		v.Lesson.EndedAt, v.Lesson.Attended = e.At, false
	case "attended":
		v.Lesson.Attended = true
	case "unattended":
		v.Lesson.Attended = false
	case "joined":
		v.joined(e.Person)
	case "left":
		v.left(who)
	case "preset":
		v.Lesson.Preset, v.Lesson.Rights, v.Lesson.Chat = e.Preset, e.Rights, e.Chat
	case "rights":
		v.Lesson.Rights = e.Rights
	case "rights_of":
		if p != nil {
			p.Own = e.Own
		}
	case "chat":
		json.Unmarshal(e.To, &v.Lesson.Chat)
	case "lock":
		json.Unmarshal(e.To, &v.Lesson.Locked)
	case "cameras":
		v.cameras(e, p)
	case "camera_to":
		if p != nil {
			json.Unmarshal(e.To, &p.OwnCamera)
		}
	case "spotlight":
		v.Lesson.Spotlight = e.Who
	case "guests":
		v.Lesson.Guests = e.Open
	case "message":
		m := Message{ID: e.ID, N: e.N, At: e.At, By: e.By, Text: e.Text, Pending: e.Pending}
		json.Unmarshal(e.To, &m.To)
		v.said(m)
	case "released":
		v.released(e)
	case "deleted":
		v.Messages = slices.DeleteFunc(v.Messages, func(m Message) bool { return e.ID != "" && m.ID == e.ID || who != "" && m.By == who })
	case "hand":
		v.hand(e, who)
	case "state":
		if p != nil {
			p.State = e.State
		}
	case "waiting":
		v.Waiting = append(v.Waiting, Lobby{who, e.Label, e.Since})
	case "answered":
		v.Waiting = slices.DeleteFunc(v.Waiting, func(l Lobby) bool { return l.ID == who })
	case "banned", "unbanned":
		if p != nil {
			p.Banned = e.Ev == "banned"
		}
	case "sealed":
		v.Lesson.Sealed, v.Lesson.SealIndex, v.Lesson.SealHolder = true, e.Index, e.Holder
	}
	v.derive()
}

func (v *View) joined(p *Person) {
	if p == nil {
		return
	}
	for i := range v.People {
		if v.People[i].ID == p.ID {
			v.People[i] = p
			return
		}
	}
	v.People = append(v.People, p)
}

func (v *View) left(who string) {
	if p := v.Person(who); p != nil {
		p.Here, p.State = false, ""
	}
	v.lower(who)
	if v.Lesson.Spotlight != nil && *v.Lesson.Spotlight == who {
		v.Lesson.Spotlight = nil
	}
}

func (v *View) lower(who string) {
	if p := v.Person(who); p != nil {
		p.Hand = 0
	}
	v.Hands = slices.DeleteFunc(v.Hands, func(h string) bool { return h == who })
}

func (v *View) hand(e event, who string) {
	switch {
	case e.Lowered:
		for _, h := range slices.Clone(v.Hands) {
			v.lower(h)
		}
	case e.Up:
		v.Hands = append(v.Hands, who)
		if p := v.Person(who); p != nil {
			p.Hand = e.N
		}
	default:
		v.lower(who)
	}
}

func (v *View) cameras(e event, p *Person) {
	var to string
	json.Unmarshal(e.To, &to)
	if e.Who != nil {
		if p != nil {
			p.SetCamera = to
		}
		return
	}
	v.Lesson.Cameras = to
	for _, p := range v.People {
		p.SetCamera = ""
	}
}

const keptMessages = 500

func (v *View) said(m Message) {
	at := sort.Search(len(v.Messages), func(i int) bool { return v.Messages[i].N >= m.N })
	if v.Messages = slices.Insert(v.Messages, at, m); len(v.Messages) > keptMessages {
		v.Messages = v.Messages[1:]
	}
}

func (v *View) released(e event) {
	for i := range v.Messages {
		if v.Messages[i].ID == e.ID {
			v.Messages[i].Pending = false
			return
		}
	}
	var m Message
	if len(e.Message) > 0 && json.Unmarshal(e.Message, &m) == nil {
		v.said(m)
	}
}

// derive computes what follows from the rest: the rights that hold, and who
// sees each camera, of those of whom the view is told.
func (v *View) derive() {
	for _, p := range v.People {
		if p.Rights == nil || p.Kind == "staff" && p.ID != "" {
			if p.Rights != nil {
				p.Camera = p.OwnCamera
			}
			continue
		}
		set := p.SetCamera
		if set == "" {
			set = v.Lesson.Cameras
		}
		p.Camera = "everyone"
		if p.OwnCamera == "staff" || set == "staff" {
			p.Camera = "staff"
		}
		rights := map[string]bool{}
		for name, on := range v.Lesson.Rights {
			if own := p.Own[name]; own != nil {
				on = *own
			}
			rights[name] = on && v.Lesson.Attended && !p.Banned
		}
		p.Rights = rights
	}
}
