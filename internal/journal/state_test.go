package journal

import (
	"testing"

	"pgregory.net/rapid"

	"preau/internal/fault"
)

func actors() *rapid.Generator[Actor] {
	return rapid.Custom(func(t *rapid.T) Actor {
		b := rapid.Bool()
		return Actor{Author: b.Draw(t, "author"), Editor: b.Draw(t, "editor"), Head: b.Draw(t, "head"), Board: b.Draw(t, "board")}
	})
}

// A life of a piece, whoever does whatever to it, keeps to the law.
func TestLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		regime := rapid.SampledFrom([]Regime{Adults, Pupils}).Draw(t, "regime")
		s := State{Status: Draft, Grown: rapid.Bool().Draw(t, "grown")}
		for range rapid.IntRange(1, 40).Draw(t, "length") {
			if rapid.IntRange(0, 4).Draw(t, "what") == 0 {
				if after, err := s.edited(); err == nil {
					if (after.Status == Published) != (s.Status == Published) {
						t.Fatalf("an edit leads from %v to %v", s, after)
					}
					s = after
				}
				continue
			}
			who, act := actors().Draw(t, "who"), rapid.SampledFrom(Acts()).Draw(t, "act")
			reason := rapid.SampledFrom([]string{"", "Parce que."}).Draw(t, "reason")
			after, err := next(regime, s, who, act, reason)
			if err != nil {
				if fault.Of(err) == nil || after != s {
					t.Fatalf("%v, then %v: %v", s, after, err)
				}
				continue
			}
			lawful(t, regime, s, after, who, act, reason)
			s = after
		}
	})
}

func lawful(t *rapid.T, regime Regime, before, after State, who Actor, act Act, reason string) {
	comesOut := after.Status == Published && (before.Status != Published || before.Change != "" && after.Change == "")
	switch {
	case comesOut && act != Publish && act != Lift:
		t.Fatalf("%s publishes", act)
	case comesOut && regime == Adults && !who.Editor && !who.Head:
		t.Fatalf("published in école or collège without an adult: %+v", who)
	case comesOut && act == Publish && regime == Pupils && who.Head:
		t.Fatal("the head of a lycée publishes")
	case comesOut && act == Publish && regime == Pupils && !before.Grown && !who.Board:
		t.Fatal("a pupil's piece is published in lycée by somebody else than the board")
	case (act == Refuse || act == Suspend || act == Forbid || act == Lift) && reason == "":
		t.Fatalf("%s without a reason", act)
	case (act == Suspend || act == Forbid || act == Lift) && (regime != Pupils || !who.Head):
		t.Fatalf("%s by %+v under %s", act, who, regime)
	case after.Change != "" && after.Status != Published:
		t.Fatalf("a change of what is not published: %+v", after)
	case before.Status == Forbidden:
		t.Fatal("a forbidden piece moves")
	case before.Status == Published && after.Status != Published && act != Withdraw && act != Suspend && act != Forbid:
		t.Fatalf("%s takes a published piece away", act)
	case after.Grown != before.Grown:
		t.Fatal("authors changed")
	}
}

func TestActsOfEach(t *testing.T) {
	author, editor, head, board := Actor{Author: true}, Actor{Editor: true}, Actor{Head: true}, Actor{Board: true}
	for _, c := range []struct {
		name   string
		regime Regime
		state  State
		who    Actor
		want   []Act
	}{
		{"author of a draft", Adults, State{Status: Draft}, author, []Act{Propose}},
		{"author who waits", Adults, State{Status: Proposed}, author, []Act{Retake}},
		{"author refused", Adults, State{Status: Refused}, author, []Act{Propose, Retake}},
		{"editor in collège", Adults, State{Status: Proposed}, editor, []Act{Discuss, Publish, Refuse}},
		{"head in collège", Adults, State{Status: Discussed}, head, []Act{Publish, Refuse}},
		{"head in lycée, before", Pupils, State{Status: Proposed}, head, []Act{}},
		{"head in lycée, before, of an adult's", Pupils, State{Status: Proposed, Grown: true}, Actor{Head: true, Editor: true}, []Act{}},
		{"head in lycée, after", Pupils, State{Status: Published}, head, []Act{Suspend, Forbid}},
		{"head in lycée, suspended", Pupils, State{Status: Suspended}, head, []Act{Forbid, Lift}},
		{"head in collège, after", Adults, State{Status: Published}, head, []Act{Withdraw}},
		{"board in lycée", Pupils, State{Status: Proposed}, board, []Act{Discuss, Publish, Refuse}},
		{"board in collège", Adults, State{Status: Proposed}, board, []Act{}},
		{"editor in lycée, of a pupil's", Pupils, State{Status: Proposed}, editor, []Act{}},
		{"editor in lycée, of an adult's", Pupils, State{Status: Proposed, Grown: true}, editor, []Act{Discuss, Publish, Refuse}},
		{"editor, a change", Adults, State{Status: Published, Change: Proposed}, editor, []Act{Discuss, Publish, Refuse, Withdraw}},
		{"nobody, forbidden", Pupils, State{Status: Forbidden}, Actor{Author: true, Editor: true, Head: true, Board: true}, []Act{}},
		{"reader", Adults, State{Status: Published}, Actor{}, []Act{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := offered(c.regime, c.state, c.who)
			if len(got) != len(c.want) {
				t.Fatalf("%v, want %v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Fatalf("%v, want %v", got, c.want)
				}
			}
		})
	}
}

func TestWaitingPieceDoesNotMove(t *testing.T) {
	for _, s := range []State{{Status: Proposed}, {Status: Published, Change: Proposed}, {Status: Suspended}, {Status: Forbidden}} {
		if _, err := s.edited(); !fault.Is(err, fault.Conflict) {
			t.Errorf("%+v can be edited: %v", s, err)
		}
	}
}
