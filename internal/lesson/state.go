package lesson

import "slices"

// keptMessages is how many messages the state keeps; older ones stay in the log.
const keptMessages = 500

// keptReports is the same for reports.
const keptReports = 100

// State is a lesson as its log tells it. It is a plain value of one goroutine.
type State struct {
	N        int64 // of the last event
	Opened   int64 // UTC ms
	Ended    int64 // UTC ms, 0 while it is open
	Attended bool  // somebody in charge is in
	// Reset is the number of the last event at which what pupils and guests may
	// see changed as a whole: whoever was away since needs a snapshot.
	Reset     int64
	Preset    string
	Rights    Rights
	Chat      string
	Cameras   string
	Spotlight string
	Locked    bool

	GuestsOpen    bool
	GuestsVersion int

	SealIndex  int // 0 while media are not sealed
	SealHolder string

	People   map[string]*Person
	Order    []string // ids of People, as they first came
	Hands    []string
	Messages []Message
	Waiting  []Lobby

	keys map[said]string // ids of what was said or reported with a key
	// Reports are those of readers, oldest first, for staff who come or come back.
	Reports []Record
	// admitted are the guests who were let in and not shut out since.
	admitted map[string]bool
}

// said names a message by what its sender called it.
type said struct{ by, key string }

// Person is somebody who has been in.
type Person struct {
	ID       string
	Kind     Kind
	Role     Role
	Verified bool // presented a public key under the seat's secret
	Here     bool
	Banned   bool
	JoinedAt int64 // UTC ms, the first time
	Own      Own
	// OwnCamera is the person's own choice; SetCamera what staff set for that
	// person alone, empty to follow the lesson.
	OwnCamera, SetCamera string
	Hand                 int64 // number of the event that raised it, 0 when down
	State                string
}

// Message is one line of the chat.
type Message struct {
	ID      string
	N       int64
	At      int64
	By      string
	Text    string
	To      string // "all" or "staff"
	Pending bool
}

// Lobby is a guest who waits for an answer.
type Lobby struct {
	Who   string
	Since int64
}

func newState() *State {
	return &State{People: map[string]*Person{}, keys: map[said]string{}, admitted: map[string]bool{}, Chat: ChatEveryone, Cameras: ToEveryone}
}

// Fold gives the state that a log leads to.
func Fold(log []Record) *State {
	s := newState()
	for _, r := range log {
		s.apply(r)
	}
	return s
}

// apply folds one event. An event about somebody unknown changes nothing: an
// erasure may have taken those that made them known.
func (s *State) apply(r Record) {
	s.N = r.N
	switch e := r.Event.(type) {
	case Opened:
		s.Opened = r.At
		s.usePreset(e.Preset)
	case Ended:
		s.Ended = r.At
		s.Attended = false
		s.Reset = r.N
	case Joined:
		s.join(r, e)
	case Left:
		s.leave(e.Who)
	case Attended:
		s.Attended, s.Reset = true, r.N
	case Unattended:
		s.Attended, s.Reset = false, r.N
	case PresetSet:
		s.usePreset(e.Preset)
	case RightsSet:
		s.Rights = e.Rights
	case RightsOf:
		if p := s.People[e.Who]; p != nil {
			p.Own = e.Own
		}
	case CamerasSet:
		s.setCameras(e)
	case CameraTo:
		if p := s.People[e.Who]; p != nil {
			p.OwnCamera = e.To
		}
	case SpotlightSet:
		s.Spotlight = e.Who
	case ChatSet:
		s.Chat = e.To
	case Said:
		s.say(r, e)
	case Released:
		for i := range s.Messages {
			if s.Messages[i].ID == e.ID {
				s.Messages[i].Pending = false
			}
		}
	case Deleted:
		s.Messages = slices.DeleteFunc(s.Messages, func(m Message) bool { return e.ID != "" && m.ID == e.ID || e.Who != "" && m.By == e.Who })
	case HandSet:
		s.setHand(r.N, e)
	case StateSet:
		if p := s.People[e.Who]; p != nil {
			p.State = e.State
		}
	case LockSet:
		s.Locked = e.To
	case GuestsSet:
		s.GuestsOpen, s.GuestsVersion = e.Open, e.Version
		clear(s.admitted)
	case Waiting:
		s.Waiting = append(s.Waiting, Lobby{e.Who, r.At})
	case Answered:
		s.Waiting = slices.DeleteFunc(s.Waiting, func(l Lobby) bool { return l.Who == e.Who })
		if e.Yes {
			s.admitted[e.Who] = true
		} else {
			delete(s.admitted, e.Who)
		}
	case Banned:
		delete(s.admitted, e.Who)
		if p := s.People[e.Who]; p != nil {
			p.Banned = true
		}
	case Unbanned:
		if p := s.People[e.Who]; p != nil {
			p.Banned = false
		}
	case Reported:
		if s.Reports = append(s.Reports, r); len(s.Reports) > keptReports {
			s.Reports = s.Reports[1:]
		}
		if e.Key != "" {
			s.keys[said{r.By, e.Key}] = reportID(r.N)
		}
	case Sealed:
		s.SealIndex, s.SealHolder = e.Index, e.Holder
	}
}

func (s *State) usePreset(name string) {
	if rights, chat, ok := preset(name); ok {
		s.Preset, s.Rights, s.Chat = name, rights, chat
	}
}

func (s *State) join(r Record, e Joined) {
	p := s.People[e.Who]
	if p == nil {
		p = &Person{ID: e.Who, JoinedAt: r.At, OwnCamera: ToEveryone}
		s.People[e.Who] = p
		s.Order = append(s.Order, e.Who)
	}
	p.Kind, p.Role, p.Verified, p.Here = e.Kind, e.Role, e.Verified, true
}

// leave also lowers the hand, forgets the state and takes from the stage.
func (s *State) leave(who string) {
	p := s.People[who]
	if p == nil {
		return
	}
	p.Here, p.State = false, ""
	s.lower(who)
	if s.Spotlight == who {
		s.Spotlight = ""
	}
}

func (s *State) setCameras(e CamerasSet) {
	if e.Who != "" {
		if p := s.People[e.Who]; p != nil {
			p.SetCamera = e.To
		}
		return
	}
	s.Cameras = e.To
	for _, p := range s.People {
		p.SetCamera = ""
	}
}

func (s *State) say(r Record, e Said) {
	s.Messages = append(s.Messages, Message{messageID(r.N), r.N, r.At, r.By, e.Text, e.To, e.Pending})
	if len(s.Messages) > keptMessages {
		s.Messages = s.Messages[1:]
	}
	if e.Key != "" {
		s.keys[said{r.By, e.Key}] = messageID(r.N)
	}
}

func (s *State) setHand(n int64, e HandSet) {
	switch p := s.People[e.Who]; {
	case e.Lowered:
		for _, who := range slices.Clone(s.Hands) {
			s.lower(who)
		}
	case p == nil:
	case e.Up:
		p.Hand = n
		s.Hands = append(s.Hands, e.Who)
	default:
		s.lower(e.Who)
	}
}

func (s *State) lower(who string) {
	if p := s.People[who]; p != nil {
		p.Hand = 0
	}
	s.Hands = slices.DeleteFunc(s.Hands, func(h string) bool { return h == who })
}

// inCharge says whether anybody who has the lesson in charge is here.
func (s *State) inCharge() bool {
	for _, p := range s.People {
		if p.Here && p.Role.inCharge() {
			return true
		}
	}
	return false
}

// message finds a message that is still kept.
func (s *State) message(id string) *Message {
	for i := range s.Messages {
		if s.Messages[i].ID == id {
			return &s.Messages[i]
		}
	}
	return nil
}
