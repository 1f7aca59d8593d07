package lesson

import (
	"slices"

	"preau/internal/fault"
)

// sealIndexes is how many keys the engine's ring holds.
const sealIndexes = 15

type presetCommand struct {
	Preset string `json:"preset"`
}

// decide takes back what was given to one person alone, and keeps what was
// taken from one: "silence" is for everybody.
func (c *presetCommand) decide(s *State, a *actor) (outcome, error) {
	if _, _, ok := preset(c.Preset); !ok {
		return outcome{}, badChoice("preset")
	}
	events := []Event{PresetSet{c.Preset}}
	for _, id := range s.Order {
		if p := s.People[id]; p.Own.granted() {
			events = append(events, RightsOf{id, p.Own.withoutGrants()})
		}
	}
	return outcome{events: events}, nil
}

type rightsCommand struct {
	Rights map[string]*bool `json:"rights"`
}

func (c *rightsCommand) decide(s *State, a *actor) (outcome, error) {
	rights := s.Rights
	for name, on := range c.Rights {
		right := rights.named(name)
		if right == nil || on == nil {
			return outcome{}, badChoice("rights")
		}
		*right = *on
	}
	if rights == s.Rights {
		return outcome{}, nil
	}
	return outcome{events: []Event{RightsSet{rights}}}, nil
}

type rightsOfCommand struct {
	Who    string           `json:"who"`
	Rights map[string]*bool `json:"rights"`
}

func (c *rightsOfCommand) decide(s *State, a *actor) (outcome, error) {
	p, err := s.pupil("who", c.Who)
	if err != nil {
		return outcome{}, err
	}
	own := p.Own
	for name, on := range c.Rights {
		right := own.named(name)
		if right == nil {
			return outcome{}, badChoice("rights")
		}
		*right = on
	}
	return outcome{events: []Event{RightsOf{p.ID, own}}}, nil
}

type muteCommand struct {
	Who string `json:"who"`
}

func (c *muteCommand) decide(s *State, a *actor) (outcome, error) {
	p, err := s.person("who", c.Who)
	switch {
	case err != nil:
		return outcome{}, err
	case !a.helps(p.ID) && p.ID != a.ID:
		return outcome{}, notAllowed()
	}
	return outcome{events: []Event{Muted{Who: p.ID}}}, nil
}

type muteAllCommand struct {
	Sticky bool `json:"sticky"`
}

func (c *muteAllCommand) decide(s *State, a *actor) (outcome, error) {
	events := []Event{Muted{All: true}}
	if !c.Sticky {
		return outcome{events: events}, nil
	}
	if s.Rights.Microphone {
		rights := s.Rights
		rights.Microphone = false
		events = append(events, RightsSet{rights})
	}
	for _, id := range s.Order {
		if p := s.People[id]; p.Own.Microphone != nil {
			own := p.Own
			own.Microphone = nil
			events = append(events, RightsOf{id, own})
		}
	}
	return outcome{events: events}, nil
}

type camerasCommand struct {
	To  string `json:"to"`
	Who string `json:"who"`
}

func (c *camerasCommand) decide(s *State, a *actor) (outcome, error) {
	if c.To != ToEveryone && c.To != ToStaff {
		return outcome{}, badChoice("to")
	}
	if c.Who != "" {
		if _, err := s.pupil("who", c.Who); err != nil {
			return outcome{}, err
		}
	}
	return outcome{events: []Event{CamerasSet{To: c.To, Who: c.Who}}}, nil
}

type spotlightCommand struct {
	Who *string `json:"who"`
}

func (c *spotlightCommand) decide(s *State, a *actor) (outcome, error) {
	e := SpotlightSet{}
	if c.Who != nil {
		p, err := s.person("who", *c.Who)
		if err != nil {
			return outcome{}, err
		}
		if !p.Here {
			return outcome{}, fault.New(fault.Conflict, "lesson.not_here").At("who")
		}
		e.Who = p.ID
	}
	return outcome{events: []Event{e}}, nil
}

type chatCommand struct {
	To string `json:"to"`
}

func (c *chatCommand) decide(s *State, a *actor) (outcome, error) {
	if !slices.Contains([]string{ChatEveryone, ChatStaff, ChatModerated, ChatClosed}, c.To) {
		return outcome{}, badChoice("to")
	}
	return outcome{events: []Event{ChatSet{c.To}}}, nil
}

type releaseCommand struct {
	Message string `json:"message"`
}

func (c *releaseCommand) decide(s *State, a *actor) (outcome, error) {
	m := s.message(c.Message)
	switch {
	case m == nil:
		return outcome{}, fault.New(fault.NotFound, "lesson.no_message").At("message")
	case !m.Pending:
		return outcome{}, nil
	}
	return outcome{events: []Event{Released{m.ID}}}, nil
}

type deleteCommand struct {
	Message string `json:"message"`
	Who     string `json:"who"`
}

func (c *deleteCommand) decide(s *State, a *actor) (outcome, error) {
	if (c.Message == "") == (c.Who == "") {
		return outcome{}, badChoice("message")
	}
	if c.Message != "" {
		m := s.message(c.Message)
		switch {
		case m == nil:
			return outcome{}, fault.New(fault.NotFound, "lesson.no_message").At("message")
		case !a.helps(m.By):
			return outcome{}, notAllowed()
		}
		return outcome{events: []Event{Deleted{ID: m.ID}}}, nil
	}
	p, err := s.person("who", c.Who)
	switch {
	case err != nil:
		return outcome{}, err
	case !a.helps(p.ID):
		return outcome{}, notAllowed()
	}
	return outcome{events: []Event{Deleted{Who: p.ID}}}, nil
}

type lowerCommand struct {
	Who *string `json:"who"`
}

func (c *lowerCommand) decide(s *State, a *actor) (outcome, error) {
	if c.Who == nil {
		if !a.Role.inCharge() {
			return outcome{}, notAllowed()
		}
		if len(s.Hands) == 0 {
			return outcome{}, nil
		}
		return outcome{events: []Event{HandSet{Lowered: true}}}, nil
	}
	p, err := s.person("who", *c.Who)
	switch {
	case err != nil:
		return outcome{}, err
	case !a.helps(p.ID):
		return outcome{}, notAllowed()
	case p.Hand == 0:
		return outcome{}, nil
	}
	return outcome{events: []Event{HandSet{Who: p.ID}}}, nil
}

type sealCommand struct {
	Index int  `json:"index"`
	First bool `json:"first"`
}

func (c *sealCommand) decide(s *State, a *actor) (outcome, error) {
	if c.Index != s.SealIndex%sealIndexes+1 {
		return outcome{}, fault.New(fault.Conflict, "lesson.seal_index").At("index")
	}
	return outcome{events: []Event{Sealed{c.Index, a.ID}}}, nil
}

type endCommand struct{}

func (c *endCommand) decide(s *State, a *actor) (outcome, error) {
	return outcome{events: []Event{Ended{}}}, nil
}
