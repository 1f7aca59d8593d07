package lesson

import (
	"slices"

	"preau/internal/fault"
)

type sayCommand struct {
	Text string `json:"text"`
	To   string `json:"to"`
	Key  string `json:"key"`
}

func (c *sayCommand) decide(s *State, a *actor) (outcome, error) {
	if len(c.Key) > maxKey {
		return outcome{}, badChoice("key")
	}
	if id, again := s.keys[said{a.ID, c.Key}]; again && c.Key != "" {
		return outcome{done: map[string]any{"message": id}}, nil
	}
	text, err := readText("text", c.Text, maxText)
	if err != nil {
		return outcome{}, err
	}
	if c.To != "all" && c.To != "staff" {
		return outcome{}, badChoice("to")
	}
	e := Said{Text: text, To: c.To, Key: c.Key}
	if a.Kind != KindStaff {
		switch {
		case !s.Attended:
			return outcome{}, fault.New(fault.Forbidden, "lesson.unattended")
		case c.To == "staff" && (a.Kind == KindSeat || s.Chat != ChatClosed):
		case c.To == "staff" || s.Chat == ChatClosed:
			return outcome{}, fault.New(fault.Forbidden, "lesson.chat_closed")
		case s.Chat == ChatStaff:
			return outcome{}, fault.New(fault.Forbidden, "lesson.chat_staff").At("to")
		case !s.rightsOf(a.Person).Chat:
			return outcome{}, fault.New(fault.Forbidden, "lesson.no_right")
		default:
			e.Pending = s.Chat == ChatModerated
		}
	}
	return outcome{events: []Event{e}, done: map[string]any{"message": messageID(s.N + 1)}}, nil
}

type handCommand struct {
	Up bool `json:"up"`
}

func (c *handCommand) decide(s *State, a *actor) (outcome, error) {
	if a.Kind != KindStaff && !s.Attended {
		return outcome{}, fault.New(fault.Forbidden, "lesson.unattended")
	}
	at := slices.Index(s.Hands, a.ID)
	var events []Event
	if c.Up != (at >= 0) {
		events = append(events, HandSet{Who: a.ID, Up: c.Up})
	}
	switch {
	case !c.Up:
		return outcome{events: events, done: map[string]any{"position": 0}}, nil
	case at < 0:
		at = len(s.Hands)
	}
	return outcome{events: events, done: map[string]any{"position": at + 1}}, nil
}

type reactCommand struct {
	Kind string `json:"kind"`
}

func (c *reactCommand) decide(s *State, a *actor) (outcome, error) {
	if !slices.Contains([]string{"like", "clap", "laugh", "wow", "heart", "thanks"}, c.Kind) {
		return outcome{}, badChoice("kind")
	}
	if !s.rightsOf(a.Person).Reactions {
		return outcome{}, fault.New(fault.Forbidden, "lesson.no_right")
	}
	return outcome{signals: []signal{{toAll, map[string]any{"sig": "reaction", "by": a.ID, "kind": c.Kind}}}}, nil
}

type stateCommand struct {
	State string `json:"state"`
}

func (c *stateCommand) decide(s *State, a *actor) (outcome, error) {
	if !slices.Contains([]string{"", "too_fast", "too_slow", "understood", "lost", "away"}, c.State) {
		return outcome{}, badChoice("state")
	}
	if c.State == a.State {
		return outcome{}, nil
	}
	return outcome{events: []Event{StateSet{a.ID, c.State}}}, nil
}

type cameraToCommand struct {
	To string `json:"to"`
}

func (c *cameraToCommand) decide(s *State, a *actor) (outcome, error) {
	if c.To != ToEveryone && c.To != ToStaff {
		return outcome{}, badChoice("to")
	}
	if c.To == a.OwnCamera {
		return outcome{}, nil
	}
	return outcome{events: []Event{CameraTo{a.ID, c.To}}}, nil
}

type reportCommand struct {
	Message string `json:"message"`
	Who     string `json:"who"`
	Text    string `json:"text"`
	Key     string `json:"key"`
}

func (c *reportCommand) decide(s *State, a *actor) (outcome, error) {
	if len(c.Key) > maxKey {
		return outcome{}, badChoice("key")
	}
	if id, again := s.keys[said{a.ID, c.Key}]; again && c.Key != "" {
		return outcome{done: map[string]any{"report": id}}, nil
	}
	e := Reported{Key: c.Key}
	if c.Message != "" {
		m := s.message(c.Message)
		if m == nil || m.By != a.ID && (m.To == "staff" || m.Pending) {
			return outcome{}, fault.New(fault.NotFound, "lesson.no_message").At("message")
		}
		e.Message = m.ID
	}
	if c.Who != "" {
		p, err := s.person("who", c.Who)
		if err != nil {
			return outcome{}, err
		}
		e.Who = p.ID
	}
	if c.Text != "" {
		text, err := readText("text", c.Text, maxReport)
		if err != nil {
			return outcome{}, err
		}
		e.Text = text
	}
	return outcome{events: []Event{e}, done: map[string]any{"report": reportID(s.N + 1)}}, nil
}

type sealAskCommand struct{}

func (c *sealAskCommand) decide(s *State, a *actor) (outcome, error) {
	if s.SealIndex == 0 {
		return outcome{}, fault.New(fault.Conflict, "lesson.not_sealed")
	}
	return outcome{signals: []signal{{s.SealHolder, map[string]any{"sig": "key_of", "who": a.ID}}}}, nil
}

type signalCommand struct {
	Sig   string `json:"sig"`
	To    string `json:"to"`
	Index int    `json:"index"`
	Box   string `json:"box"`
	MAC   string `json:"mac"`
	Value string `json:"value"`
}

func (c *signalCommand) decide(s *State, a *actor) (outcome, error) {
	if a.Kind != KindStaff && !s.Attended {
		return outcome{}, fault.New(fault.Forbidden, "lesson.unattended")
	}
	switch c.Sig {
	case "key":
		if a.Kind != KindStaff {
			return outcome{}, notAllowed()
		}
		to, err := s.person("to", c.To)
		if err != nil {
			return outcome{}, err
		}
		if c.Index < 1 || c.Index > sealIndexes || c.Box == "" || len(c.Box) > maxBox || len(c.MAC) > maxMAC {
			return outcome{}, badChoice("box")
		}
		body := map[string]any{"sig": "key", "from": a.ID, "index": c.Index, "box": c.Box}
		if c.MAC != "" {
			body["mac"] = c.MAC
		}
		return outcome{signals: []signal{{to.ID, body}}}, nil
	case "code_commit", "code_open", "code_key":
		if c.Sig != "code_key" && a.Kind != KindStaff {
			return outcome{}, notAllowed()
		}
		if c.Value == "" || len(c.Value) > maxValue {
			return outcome{}, badChoice("value")
		}
		return outcome{signals: []signal{{toAll, map[string]any{"sig": c.Sig, "by": a.ID, "value": c.Value}}}}, nil
	}
	return outcome{}, badChoice("sig")
}
