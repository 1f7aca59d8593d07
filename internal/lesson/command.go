package lesson

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"preau/internal/fault"
)

// Limits of what a client sends.
const (
	maxFrame   = 16 << 10
	maxText    = 2000 // characters of a message
	maxReport  = 500  // characters of a report
	maxKey     = 64   // of a client's own name for a message
	maxBox     = 4096 // a sealed key
	maxValue   = 512  // a step of the security code
	maxPerson  = 16   // a person's id
	maxMAC     = 128
	maxRecords = 200_000 // events of one lesson
	reserved   = 20_000  // beyond, for those who have it in charge
)

// who may give a command, before what it is about is looked at.
type who int

const (
	everyone  who = iota
	notStaff      // seats and guests
	anyStaff      // whatever their role
	helpers       // those in charge, and an assistant for the seats given
	thoseOver     // those who have the lesson in charge
)

func (w who) allows(r Role) bool {
	staff := r != Pupil && r != Guest
	switch w {
	case everyone:
		return true
	case notStaff:
		return !staff
	case anyStaff:
		return staff
	case helpers:
		return r.inCharge() || r == Assistant
	}
	return r.inCharge()
}

// command is a request of one person that may change the lesson.
type command interface {
	// decide gives what happens, or a refusal. It changes nothing.
	decide(s *State, a *actor) (outcome, error)
}

// actor is who gives a command.
type actor struct {
	*Person
	given map[string]bool // for an assistant: the persons of the seats given
	now   int64           // UTC ms
}

// helps says whether the actor may act on that person.
func (a *actor) helps(id string) bool { return a.Role.inCharge() || a.Role == Assistant && a.given[id] }

// outcome is what a command does.
type outcome struct {
	events  []Event
	done    map[string]any // members of the answer, beside its type and re
	signals []signal
}

// signal is of the moment: it is sent on and kept nowhere.
type signal struct {
	to   string // a person, toAll or toStaff
	body map[string]any
}

const (
	toAll   = "*"
	toStaff = "staff"
)

// spec is a command's line in the table of who may give it. The commands that
// the hub answers itself have no make.
type spec struct {
	who  who
	make func() command
}

// commands is the whole table.
func commands() map[string]spec {
	return map[string]spec{
		"hello":     {everyone, nil},
		"media":     {everyone, nil},
		"leave":     {everyone, nil},
		"say":       {everyone, func() command { return new(sayCommand) }},
		"hand":      {everyone, func() command { return new(handCommand) }},
		"react":     {everyone, func() command { return new(reactCommand) }},
		"state":     {everyone, func() command { return new(stateCommand) }},
		"camera_to": {everyone, func() command { return new(cameraToCommand) }},
		"report":    {notStaff, func() command { return new(reportCommand) }},
		"seal_ask":  {everyone, func() command { return new(sealAskCommand) }},
		"signal":    {everyone, func() command { return new(signalCommand) }},
		"preset":    {thoseOver, func() command { return new(presetCommand) }},
		"rights":    {thoseOver, func() command { return new(rightsCommand) }},
		"rights_of": {thoseOver, func() command { return new(rightsOfCommand) }},
		"mute":      {helpers, func() command { return new(muteCommand) }},
		"mute_all":  {thoseOver, func() command { return new(muteAllCommand) }},
		"cameras":   {thoseOver, func() command { return new(camerasCommand) }},
		"spotlight": {thoseOver, func() command { return new(spotlightCommand) }},
		"chat":      {thoseOver, func() command { return new(chatCommand) }},
		"release":   {thoseOver, func() command { return new(releaseCommand) }},
		"delete":    {helpers, func() command { return new(deleteCommand) }},
		"lower":     {helpers, func() command { return new(lowerCommand) }},
		"lock":      {thoseOver, func() command { return new(lockCommand) }},
		"admit":     {thoseOver, func() command { return new(admitCommand) }},
		"guests":    {thoseOver, func() command { return new(guestsCommand) }},
		"put_out":   {helpers, func() command { return new(putOutCommand) }},
		"ban":       {thoseOver, func() command { return new(banCommand) }},
		"seal":      {thoseOver, func() command { return new(sealCommand) }},
		"end":       {thoseOver, func() command { return new(endCommand) }},
	}
}

// frame is a command as it came.
type frame struct {
	ID  int64  `json:"id"`
	Do  string `json:"do"`
	raw []byte
}

// readFrame reads what every frame of a client has.
func readFrame(raw []byte) (frame, error) {
	f := frame{raw: raw}
	if !utf8.Valid(raw) || json.Unmarshal(raw, &f) != nil || f.ID <= 0 || f.ID > 1<<53 {
		f.ID = max(f.ID, 0)
		return f, fault.New(fault.Invalid, "lesson.bad_frame")
	}
	return f, nil
}

// decide reads a frame's command and decides it for a person, by the table.
func (s *State) decide(table map[string]spec, f frame, a *actor) (outcome, error) {
	spec, ok := table[f.Do]
	if !ok || spec.make == nil {
		return outcome{}, fault.New(fault.Invalid, "lesson.unknown_command").At("do")
	}
	switch {
	case !spec.who.allows(a.Role):
		return outcome{}, notAllowed()
	case s.Ended != 0:
		return outcome{}, fault.New(fault.Gone, "lesson.ended")
	case a.Banned || !a.Here:
		return outcome{}, notAllowed()
	case s.full(a.Role) && f.Do != "end":
		return outcome{}, fault.New(fault.Limited, "lesson.full")
	}
	c := spec.make()
	if err := json.Unmarshal(f.raw, c); err != nil {
		return outcome{}, badMember(err)
	}
	return c.decide(s, a)
}

// full says whether a role writes no more events: those who have the lesson in
// charge can still act in one that others have filled.
func (s *State) full(r Role) bool {
	return s.N >= maxRecords && !r.inCharge() || s.N >= maxRecords+reserved
}

// badMember names the member that has not the form expected.
func badMember(err error) error {
	f := fault.New(fault.Invalid, "lesson.bad_member")
	if t, ok := err.(*json.UnmarshalTypeError); ok {
		f.Field, _, _ = strings.Cut(t.Field, ".")
	}
	return f
}

func notAllowed() *fault.Error { return fault.New(fault.Forbidden, "lesson.not_allowed") }

func badChoice(field string) *fault.Error {
	return fault.New(fault.Invalid, "lesson.bad_choice").At(field)
}

// turning are the marks that turn the direction of what follows, by which a
// message can show what it does not say (UAX 9, 2.1 to 2.4). The marks of one
// sign's own direction, which Arabic and Hebrew use, are not among them.
var turning = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x202a, Hi: 0x202e, Stride: 1}, {Lo: 0x2066, Hi: 0x2069, Stride: 1}}}

// readText checks what a person wrote: some signs that show, no control ones
// but line ends. Marks that turn the text are left out.
func readText(field, text string, longest int) (string, error) {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(turning, r) {
			return -1
		}
		return r
	}, text)
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if utf8.RuneCountInString(text) > longest {
		return "", fault.New(fault.Invalid, "lesson.text_long", "count", longest).At(field)
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", fault.New(fault.Invalid, "lesson.bad_text").At(field)
		}
	}
	if !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '\u2800' && !unicode.Is(unicode.Mn, r)
	}) {
		return "", fault.New(fault.Invalid, "lesson.text_empty").At(field)
	}
	return text, nil
}

// person finds somebody who has been in.
func (s *State) person(field, id string) (*Person, error) {
	if p := s.People[id]; p != nil {
		return p, nil
	}
	return nil, fault.New(fault.NotFound, "lesson.no_person").At(field)
}

// pupil finds a pupil or guest: what is done to them is not done to staff.
func (s *State) pupil(field, id string) (*Person, error) {
	p, err := s.person(field, id)
	if err == nil && p.Kind == KindStaff {
		err = fault.New(fault.Forbidden, "lesson.not_to_staff").At(field)
	}
	return p, err
}
