package lesson

import (
	"encoding/json"
	"slices"
)

// messagesKept is how many hours the words of a lesson stay after its end.
const messagesKept = 24

// identityOf is who stands behind a person's id. The log does not hold it.
type identityOf struct {
	kind      Kind
	seat      string
	pseudonym string
	picture   string
	staff     string
	name      string
	guest     string
	label     string          // what a guest wrote of themselves
	given     map[string]bool // for an assistant: the ids of the seats given
}

// viewer is somebody who receives the lesson.
type viewer struct {
	id    string
	staff bool
}

// personView is a person as one viewer sees them. What only staff and the
// person may read is absent for the others.
type personView struct {
	ID        string   `json:"id"`
	Kind      Kind     `json:"kind"`
	Seat      string   `json:"seat,omitempty"`
	Pseudonym string   `json:"pseudonym,omitempty"`
	Picture   string   `json:"picture,omitempty"`
	Staff     string   `json:"staff,omitempty"`
	Name      string   `json:"name,omitempty"`
	Label     string   `json:"label,omitempty"`
	Role      Role     `json:"role"`
	Here      bool     `json:"here"`
	JoinedAt  int64    `json:"joinedAt"`
	Hand      int64    `json:"hand"`
	State     string   `json:"state"`
	Verified  bool     `json:"verified"`
	Banned    bool     `json:"banned,omitempty"`
	Given     []string `json:"given,omitempty"`

	Own       *Own    `json:"own,omitempty"`
	Rights    *Rights `json:"rights,omitempty"`
	Camera    string  `json:"camera,omitempty"`
	OwnCamera string  `json:"ownCamera,omitempty"`
	SetCamera string  `json:"setCamera,omitempty"`
}

type messageView struct {
	ID      string `json:"id"`
	N       int64  `json:"n"`
	At      int64  `json:"at"`
	By      string `json:"by"`
	Text    string `json:"text"`
	To      string `json:"to"`
	Pending bool   `json:"pending"`
}

type lobbyView struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Since int64  `json:"since"`
}

type lessonView struct {
	ID         string  `json:"id"`
	Title      string  `json:"title"`
	OpenedAt   int64   `json:"openedAt"`
	Attended   bool    `json:"attended"`
	Locked     bool    `json:"locked"`
	Preset     string  `json:"preset"`
	Rights     Rights  `json:"rights"`
	Chat       string  `json:"chat"`
	Cameras    string  `json:"cameras"`
	Spotlight  *string `json:"spotlight"`
	Sealed     bool    `json:"sealed"`
	SealIndex  int     `json:"sealIndex,omitempty"`
	SealHolder string  `json:"sealHolder,omitempty"`
	Guests     bool    `json:"guests"`
	UntilHours int     `json:"messagesUntilHours"`
}

type snapshot struct {
	N        int64         `json:"n"`
	Epoch    int64         `json:"epoch"`
	Lesson   lessonView    `json:"lesson"`
	Me       string        `json:"me"`
	People   []personView  `json:"people"`
	Hands    []string      `json:"hands"`
	Messages []messageView `json:"messages"`
	Waiting  []lobbyView   `json:"waiting,omitempty"`
	Reports  []reportView  `json:"reports,omitempty"`
}

type reportView struct {
	Report  string `json:"report"`
	At      int64  `json:"at"`
	By      string `json:"by"`
	Message string `json:"message,omitempty"`
	Who     string `json:"who,omitempty"`
	Text    string `json:"text,omitempty"`
}

// sight turns a state into what may be seen of it.
type sight struct {
	lesson string
	title  string
	epoch  int64
	people map[string]*identityOf
}

func (v *sight) who(id string) *identityOf {
	if who := v.people[id]; who != nil {
		return who
	}
	return &identityOf{}
}

// person shows a person; whole adds what only staff and the person may read.
func (v *sight) person(s *State, p *Person, whole, staff bool) personView {
	who := v.who(p.ID)
	out := personView{
		ID: p.ID, Kind: p.Kind, Seat: who.seat, Pseudonym: who.pseudonym, Picture: who.picture, Staff: who.staff, Name: who.name, Label: who.label,
		Role: p.Role, Here: p.Here, JoinedAt: p.JoinedAt, Hand: p.Hand, State: p.State, Verified: p.Verified,
	}
	if !whole {
		return out
	}
	own, rights := p.Own, s.rightsOf(p)
	out.Own, out.Rights, out.Camera, out.OwnCamera, out.SetCamera = &own, &rights, s.cameraOf(p), p.OwnCamera, p.SetCamera
	if staff {
		out.Banned = p.Banned
		for seat := range who.given {
			out.Given = append(out.Given, seat)
		}
		slices.Sort(out.Given)
	}
	return out
}

func (v *sight) lessonView(s *State) lessonView {
	out := lessonView{
		ID: v.lesson, Title: v.title, OpenedAt: s.Opened, Attended: s.Attended, Locked: s.Locked, Preset: s.Preset, Rights: s.Rights, Chat: s.Chat,
		Cameras: s.Cameras, Sealed: s.SealIndex != 0, SealIndex: s.SealIndex, SealHolder: s.SealHolder, Guests: s.GuestsOpen, UntilHours: messagesKept,
	}
	if s.Spotlight != "" {
		who := s.Spotlight
		out.Spotlight = &who
	}
	return out
}

// snapshot is the whole state as one viewer may see it. While nobody has the
// lesson in charge, pupils and guests see the lesson and themselves.
func (v *sight) snapshot(s *State, to viewer) snapshot {
	out := snapshot{N: s.N, Epoch: v.epoch, Lesson: v.lessonView(s), Me: to.id, People: []personView{}, Hands: []string{}, Messages: []messageView{}}
	alone := !to.staff && !s.Attended
	if alone {
		out.Lesson.Spotlight = nil
	}
	for _, id := range s.Order {
		if id == to.id || !alone {
			out.People = append(out.People, v.person(s, s.People[id], to.staff || id == to.id, to.staff))
		}
	}
	if alone {
		return out
	}
	out.Hands = append(out.Hands, s.Hands...)
	for _, m := range s.Messages {
		if to.staff || m.By == to.id || m.To == "all" && !m.Pending {
			out.Messages = append(out.Messages, messageView(m))
		}
	}
	if to.staff {
		for _, l := range s.Waiting {
			out.Waiting = append(out.Waiting, lobbyView{l.Who, v.who(l.Who).label, l.Since})
		}
		for _, r := range s.Reports {
			if e, ok := r.Event.(Reported); ok {
				out.Reports = append(out.Reports, reportView{reportID(r.N), r.At, r.By, e.Message, e.Who, e.Text})
			}
		}
	}
	return out
}

// news is an event ready to be sent: one encoding for those who may read all
// of it, another for the rest, made once however many receive it.
type news struct {
	n     int64
	whole []byte
	part  []byte // nil when the rest receive nothing
	who   string // reads the whole beside staff
	plain bool   // of the lesson itself: pupils and guests receive it even alone
	alone bool   // pupils and guests receive the lesson and themselves only
	said  string // id of the message whose words it holds
	by    string // who wrote it
}

// seenBy is what a viewer receives of it, nil for nothing.
func (e *news) seenBy(to viewer) []byte {
	switch {
	case to.staff || to.id == e.who:
		return e.whole
	case e.alone && !e.plain:
		return nil
	}
	return e.part
}

// head is what every event has on the wire.
type head struct {
	Type string `json:"type"`
	N    int64  `json:"n"`
	At   int64  `json:"at"`
	By   string `json:"by,omitempty"`
	Ev   string `json:"ev"`
}

// news encodes a record that has just been applied to s.
func (v *sight) news(s *State, r Record) news {
	out := news{n: r.N, alone: !s.Attended}
	h := head{"event", r.N, r.At, r.By, r.Event.kind()}
	both := func(body any) { out.whole = join(h, body); out.part = out.whole }
	staffAnd := func(who string, body any) { out.whole, out.who = join(h, body), who }
	switch e := r.Event.(type) {
	case Opened, Ended, Attended, Unattended, LockSet, ChatSet:
		both(e)
		out.plain = true
	case PresetSet:
		both(map[string]any{"preset": e.Preset, "rights": s.Rights, "chat": s.Chat})
		out.plain = true
	case RightsSet:
		both(e)
		out.plain = true
	case CamerasSet:
		if e.Who != "" {
			staffAnd(e.Who, e)
			break
		}
		both(e)
		out.plain = true
	case GuestsSet:
		both(map[string]any{"open": e.Open})
		out.plain = true
	case Sealed:
		both(e)
		out.plain = true
	case Joined:
		if p := s.People[e.Who]; p != nil {
			staffAnd(e.Who, map[string]any{"person": v.person(s, p, true, true)})
			out.part = join(h, map[string]any{"person": v.person(s, p, false, false)})
		}
	case Left:
		both(e)
		out.who = e.Who
	case RightsOf:
		if p := s.People[e.Who]; p != nil {
			staffAnd(e.Who, map[string]any{"who": e.Who, "own": e.Own, "rights": s.rightsOf(p)})
		}
	case CameraTo:
		staffAnd(e.Who, e)
	case Muted:
		both(e)
		out.who = e.Who
	case SpotlightSet:
		var who *string
		if e.Who != "" {
			who = &e.Who
		}
		both(map[string]any{"who": who})
	case Said:
		out.said, out.by = messageID(r.N), r.By
		staffAnd(r.By, map[string]any{"id": messageID(r.N), "text": e.Text, "to": e.To, "pending": e.Pending})
		if e.To == "all" && !e.Pending {
			out.part = out.whole
		}
	case Released:
		v.released(s, h, e, &out)
	case Deleted:
		both(e)
	case HandSet:
		both(handView(e))
		out.who = e.Who
	case StateSet:
		both(e)
		out.who = e.Who
	case Waiting:
		staffAnd("", map[string]any{"who": e.Who, "label": v.who(e.Who).label, "since": r.At})
	case Answered, Banned, Unbanned:
		staffAnd("", e)
	case Reported:
		body := map[string]any{"report": reportID(r.N)}
		for name, value := range map[string]string{"message": e.Message, "who": e.Who, "text": e.Text} {
			if value != "" {
				body[name] = value
			}
		}
		staffAnd("", body)
	}
	return out
}

// released gives the message whole to those who did not have it.
func (v *sight) released(s *State, h head, e Released, out *news) {
	out.whole = join(h, e)
	if m := s.message(e.ID); m != nil {
		out.who, out.said, out.by = m.By, e.ID, m.By
		out.part = join(h, map[string]any{"id": e.ID, "message": messageView(*m)})
	}
}

func handView(e HandSet) any {
	if e.Lowered {
		return map[string]any{"lowered": true}
	}
	return map[string]any{"who": e.Who, "up": e.Up}
}

// join writes an object with the members of both.
func join(h head, body any) []byte {
	return merge(encode(h), encode(body))
}

func merge(a, b json.RawMessage) []byte {
	if string(b) == "{}" || string(b) == "null" {
		return a
	}
	out := make([]byte, 0, len(a)+len(b))
	out = append(out, a[:len(a)-1]...)
	out = append(out, ',')
	return append(out, b[1:]...)
}
