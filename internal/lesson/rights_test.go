package lesson

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/internal/fault"
)

// roles are every role, with a state in which one of each is here and a seat
// "p7" is given to the assistant.
func stage0(t *testing.T) *State {
	t.Helper()
	s := newState()
	n := int64(0)
	put := func(by string, e Event) {
		n++
		s.apply(Record{N: n, At: time.Now().UnixMilli(), By: by, Event: e})
	}
	put("", Opened{Preset: "cours"})
	for i, one := range []struct {
		kind Kind
		role Role
	}{{KindStaff, Teacher}, {KindStaff, CoTeacher}, {KindStaff, Substitute}, {KindStaff, Assistant}, {KindStaff, Interpreter}, {KindSeat, Pupil}, {KindSeat, Pupil}, {KindGuest, Guest}} {
		put("", Joined{Who: fmt.Sprintf("p%d", i+1), Kind: one.kind, Role: one.role})
	}
	put("", Attended{})
	put("p6", Said{Text: "un", To: "all"})    // m11
	put("p7", Said{Text: "deux", To: "all"})  // m12
	put("p6", HandSet{Who: "p6", Up: true})   // not given to the assistant
	put("p7", HandSet{Who: "p7", Up: true})   // given
	put("", Waiting{"p9"})                    //
	put("p1", Sealed{Index: 1, Holder: "p1"}) //
	put("p1", LockSet{true})                  // so that unlocking is something
	put("p1", GuestsSet{Open: true, Version: 1})
	return s
}

// TestWhoMayCommand is the whole matrix: role by command.
func TestWhoMayCommand(t *testing.T) {
	const (
		all    = "teacher coteacher substitute assistant interpreter pupil guest"
		charge = "teacher coteacher substitute"
		helped = "teacher coteacher substitute assistant"
		staff  = "teacher coteacher substitute assistant interpreter"
		rest   = "pupil guest"
	)
	for _, c := range []struct{ frame, may string }{
		{`"do":"say","text":"bonjour","to":"all"`, all},
		{`"do":"say","text":"bonjour","to":"staff"`, all},
		{`"do":"hand","up":true`, all},
		{`"do":"hand","up":false`, all},
		{`"do":"react","kind":"clap"`, all},
		{`"do":"state","state":"lost"`, all},
		{`"do":"camera_to","to":"staff"`, all},
		{`"do":"report","text":"on se moque de moi"`, rest},
		{`"do":"seal_ask"`, all},
		{`"do":"signal","sig":"code_key","value":"x"`, all},
		{`"do":"signal","sig":"code_commit","value":"x"`, staff},
		{`"do":"signal","sig":"code_open","value":"x"`, staff},
		{`"do":"signal","sig":"key","to":"p6","index":1,"box":"x"`, staff},
		{`"do":"preset","preset":"silence"`, charge},
		{`"do":"rights","rights":{"chat":false}`, charge},
		{`"do":"rights_of","who":"p6","rights":{"chat":false}`, charge},
		{`"do":"rights_of","who":"p7","rights":{"microphone":true}`, charge},
		{`"do":"mute","who":"p6"`, charge},
		{`"do":"mute","who":"p7"`, helped},
		{`"do":"mute_all"`, charge},
		{`"do":"mute_all","sticky":true`, charge},
		{`"do":"cameras","to":"staff"`, charge},
		{`"do":"cameras","to":"staff","who":"p7"`, charge},
		{`"do":"spotlight","who":"p7"`, charge},
		{`"do":"chat","to":"closed"`, charge},
		{`"do":"release","message":"m11"`, charge},
		{`"do":"delete","message":"m11"`, charge},
		{`"do":"delete","message":"m12"`, helped},
		{`"do":"delete","who":"p6"`, charge},
		{`"do":"delete","who":"p7"`, helped},
		{`"do":"lower","who":"p6"`, charge},
		{`"do":"lower","who":"p7"`, helped},
		{`"do":"lower","who":null`, charge},
		{`"do":"lock","to":false`, charge},
		{`"do":"admit","who":null,"yes":true`, charge},
		{`"do":"admit","who":"p9","yes":false`, charge},
		{`"do":"guests","open":false`, charge},
		{`"do":"guests","renew":true`, charge},
		{`"do":"put_out","who":"p6"`, charge},
		{`"do":"put_out","who":"p7"`, helped},
		{`"do":"ban","who":"p7"`, charge},
		{`"do":"seal","index":2`, charge},
		{`"do":"end"`, charge},
	} {
		for i, role := range []Role{Teacher, CoTeacher, Substitute, Assistant, Interpreter, Pupil, Guest} {
			s := stage0(t)
			id := []string{"p1", "p2", "p3", "p4", "p5", "p6", "p8"}[i]
			a := &actor{Person: s.People[id], given: map[string]bool{"p7": true}}
			f, err := readFrame([]byte(`{"id":1,` + c.frame + `}`))
			if err != nil {
				t.Fatal(c.frame, err)
			}
			_, err = s.decide(commands(), f, a)
			want := slices.Contains(strings.Fields(c.may), string(role))
			if got := err == nil; got != want {
				t.Errorf("%s by %s: %v", c.frame, role, err)
			}
			if err != nil && !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s by %s is refused as %v", c.frame, role, err)
			}
		}
	}
}

// What a pupil may do under each preset, attended or not.
func TestRightsOfPresets(t *testing.T) {
	for _, c := range []struct {
		preset                    string
		microphone, camera        bool
		screen, chat, react, draw bool
		sayAll                    bool
	}{
		{"cours", true, true, false, true, true, false, true},
		{"debat", true, true, false, true, true, true, true},
		{"evaluation", false, false, false, false, false, false, false},
		{"silence", false, true, false, false, true, false, false},
	} {
		s := stage0(t)
		s.apply(Record{N: s.N + 1, Event: PresetSet{c.preset}})
		pupil := s.People["p6"]
		want := Rights{c.microphone, c.camera, c.screen, c.chat, c.react, c.draw}
		if got := s.rightsOf(pupil); got != want {
			t.Errorf("%s: %+v, want %+v", c.preset, got, want)
		}
		say := func(to string) error {
			_, err := (&sayCommand{Text: "x", To: to}).decide(s, &actor{Person: pupil})
			return err
		}
		if got := say("all") == nil; got != c.sayAll {
			t.Errorf("%s: speaks to all: %v", c.preset, got)
		}
		if err := say("staff"); err != nil {
			t.Errorf("%s: cannot write to staff: %v", c.preset, err)
		}
		s.apply(Record{N: s.N + 1, Event: Unattended{}})
		if got := s.rightsOf(pupil); got != noRights {
			t.Errorf("%s, nobody in charge: %+v", c.preset, got)
		}
		if say("all") == nil || say("staff") == nil {
			t.Errorf("%s, nobody in charge: a pupil can write", c.preset)
		}
		s.apply(Record{N: s.N + 1, Event: Attended{}})
		if got := s.rightsOf(pupil); got != want {
			t.Errorf("%s does not come back as it was: %+v", c.preset, got)
		}
	}
}

// What staff set for one, for all, and what the pupil chose.
func TestWhoSeesACamera(t *testing.T) {
	for _, c := range []struct{ all, one, own, want string }{
		{ToEveryone, "", ToEveryone, ToEveryone},
		{ToEveryone, "", ToStaff, ToStaff},
		{ToStaff, "", ToEveryone, ToStaff},
		{ToStaff, ToEveryone, ToEveryone, ToEveryone},
		{ToStaff, ToEveryone, ToStaff, ToStaff},
		{ToEveryone, ToStaff, ToEveryone, ToStaff},
	} {
		s := stage0(t)
		put := func(e Event) { s.apply(Record{N: s.N + 1, Event: e}) }
		put(CamerasSet{To: c.all})
		if c.one != "" {
			put(CamerasSet{To: c.one, Who: "p6"})
		}
		put(CameraTo{"p6", c.own})
		if got := s.cameraOf(s.People["p6"]); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
		p := s.places()["p6"]
		if hidden := p.camera != nil; hidden != (c.want == ToStaff) || hidden && len(p.camera) != 5 {
			t.Errorf("%+v: shown to %v", c, p.camera)
		}
	}
}

func TestStickyMuteIsLiftedForOne(t *testing.T) {
	s := stage0(t)
	run := func(c command) {
		t.Helper()
		out, err := c.decide(s, &actor{Person: s.People["p1"]})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out.events {
			s.apply(Record{N: s.N + 1, Event: e})
		}
	}
	yes := true
	run(&rightsOfCommand{"p7", map[string]*bool{"microphone": &yes}})
	run(&muteAllCommand{Sticky: true})
	if s.rightsOf(s.People["p6"]).Microphone || s.rightsOf(s.People["p7"]).Microphone {
		t.Error("a microphone can still be opened")
	}
	run(&rightsOfCommand{"p6", map[string]*bool{"microphone": &yes}})
	if !s.rightsOf(s.People["p6"]).Microphone || s.rightsOf(s.People["p7"]).Microphone {
		t.Error("lifted for another, or not for the one")
	}
	run(&presetCommand{"silence"})
	if s.rightsOf(s.People["p6"]).Microphone {
		t.Error("silence is not for everybody")
	}
}

// What somebody wrote is what is read: no sign turns a text around.
func TestTextsAreReadAsWritten(t *testing.T) {
	for _, c := range []struct{ in, want, key string }{
		{" oui\r\nà tous ", "oui\nà tous", ""},
		{"\u202elivre\u202c \u2067ab\u2069", "livre ab", ""},
		{"\u200fمرحبا", "\u200fمرحبا", ""},
		{"\u202e \u202c", "", "lesson.text_empty"},
		{"a\u0000b", "", "lesson.bad_text"},
		{strings.Repeat("é", 11), "", "lesson.text_long"},
	} {
		got, err := readText("text", c.in, 10)
		var key string
		if f := fault.Of(err); f != nil {
			key = f.Key
		}
		if key != c.key || c.key == "" && got != c.want {
			t.Errorf("%q: %q, %q; want %q, %q", c.in, got, key, c.want, c.key)
		}
	}
}

// In a lesson that others have filled, those in charge still act, and then only
// end it.
func TestFullLesson(t *testing.T) {
	for _, c := range []struct {
		n    int64
		role Role
		full bool
	}{
		{maxRecords - 1, Pupil, false}, {maxRecords, Pupil, true}, {maxRecords, Guest, true}, {maxRecords, Assistant, true},
		{maxRecords, Teacher, false}, {maxRecords + reserved - 1, CoTeacher, false}, {maxRecords + reserved, Teacher, true},
	} {
		s := newState()
		s.N = c.n
		if got := s.full(c.role); got != c.full {
			t.Errorf("%s at %d: full %v", c.role, c.n, got)
		}
	}
}
