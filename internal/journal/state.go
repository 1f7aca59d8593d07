package journal

import (
	"slices"

	"preau/internal/fault"
)

// Regime is the law under which a school's pupils publish.
type Regime string

const (
	// Adults: école and collège, where an adult of the school reads before
	// publication.
	Adults Regime = "adults"
	// Pupils: lycée, where pupils publish under their own board without prior
	// control (circulars 91-051 and 02-026); the head may only suspend or forbid
	// (code de l'éducation, R511-8).
	Pupils Regime = "pupils"
)

// RegimeOf is the regime of a kind of school.
func RegimeOf(kind string) Regime {
	if kind == "lycee" {
		return Pupils
	}
	return Adults
}

// Status is where a piece stands.
type Status string

// The statuses of a piece. A suspended one may come back, a forbidden one may not.
const (
	Draft     Status = "draft"
	Proposed  Status = "proposed"
	Discussed Status = "discussed"
	Published Status = "published"
	Refused   Status = "refused"
	Withdrawn Status = "withdrawn"
	Suspended Status = "suspended"
	Forbidden Status = "forbidden"
)

// Act is what somebody does to a piece.
type Act string

// The acts. On a published piece, propose, retake, discuss, publish and refuse
// are about its next revision, and the live one stays.
const (
	Propose  Act = "propose"
	Retake   Act = "retake" // back to one's desk
	Discuss  Act = "discuss"
	Publish  Act = "publish"
	Refuse   Act = "refuse"
	Withdraw Act = "withdraw"
	Suspend  Act = "suspend"
	Forbid   Act = "forbid"
	Lift     Act = "lift"
)

// Acts lists every act.
func Acts() []Act {
	return []Act{Propose, Retake, Discuss, Publish, Refuse, Withdraw, Suspend, Forbid, Lift}
}

// State is all that the rules look at in a piece. Change is where the revision
// that follows the live one stands, "" when there is none; it is empty unless
// the piece is published.
type State struct {
	Status Status
	Change Status
	Grown  bool // every author is an adult
	Moved  bool // it comes from an old site, and nobody of the school signs it
}

// Actor is what the rules look at in a person.
type Actor struct {
	Author bool // of this piece
	Editor bool // staff who review: editors, and in the regime of adults the head
	Head   bool
	Board  bool // a pupil with a living mandate of the editorial board
}

// reviews says who discusses, publishes and refuses. In lycée it is the pupils'
// board for whatever a pupil wrote, and the head is never among them.
func (a Actor) reviews(regime Regime, s State) bool {
	if regime == Pupils {
		return !a.Head && (a.Board || a.Editor && s.Grown)
	}
	return a.Editor || a.Head
}

// needsReason says which acts are given with their reason in writing.
func needsReason(act Act, author bool) bool {
	switch act {
	case Refuse, Suspend, Forbid, Lift:
		return true
	case Withdraw:
		return !author
	}
	return false
}

func notNow() error { return fault.New(fault.Conflict, "journal.not_now") }
func notYou() error { return fault.New(fault.Forbidden, "journal.not_you") }

// next is where an act leads, or why it cannot be done. It is the whole rule.
func next(regime Regime, s State, who Actor, act Act, reason string) (State, error) {
	if err := mayAct(regime, s, who, act); err != nil {
		return s, err
	}
	after, err := s.after(act)
	if err != nil {
		return s, err
	}
	if needsReason(act, who.Author) && reason == "" {
		return s, fault.New(fault.Invalid, "journal.reason_needed").At("reason")
	}
	return after, nil
}

func mayAct(regime Regime, s State, who Actor, act Act) error {
	ok := false
	switch act {
	case Propose, Retake:
		ok = who.Author || s.Moved && who.reviews(regime, s)
	case Discuss, Publish, Refuse:
		ok = who.reviews(regime, s)
	case Withdraw:
		ok = who.Author || who.reviews(regime, s)
	case Suspend, Forbid, Lift:
		if regime != Pupils {
			return fault.New(fault.Conflict, "journal.lycee_only")
		}
		ok = who.Head
	}
	if !ok {
		return notYou()
	}
	return nil
}

// after is the transition alone.
func (s State) after(act Act) (State, error) {
	from := func(all ...Status) bool { return slices.Contains(all, s.Status) }
	to := func(status Status) (State, error) { s.Status, s.Change = status, ""; return s, nil }
	if s.Status == Published {
		return s.afterPublished(act)
	}
	switch {
	case act == Propose && from(Draft, Refused, Withdrawn):
		return to(Proposed)
	case act == Retake && from(Proposed, Discussed, Refused):
		return to(Draft)
	case act == Discuss && from(Proposed):
		return to(Discussed)
	case act == Publish && (from(Proposed, Discussed) || s.Moved && from(Draft)):
		return to(Published)
	case act == Refuse && from(Proposed, Discussed):
		return to(Refused)
	case act == Lift && from(Suspended):
		return to(Published)
	case act == Forbid && from(Suspended):
		return to(Forbidden)
	}
	return s, notNow()
}

func (s State) afterPublished(act Act) (State, error) {
	from := func(all ...Status) bool { return slices.Contains(all, s.Change) }
	to := func(status Status) (State, error) { s.Status, s.Change = status, ""; return s, nil }
	change := func(status Status) (State, error) { s.Change = status; return s, nil }
	switch {
	case act == Withdraw:
		return to(Withdrawn)
	case act == Suspend:
		return to(Suspended)
	case act == Forbid:
		return to(Forbidden)
	case act == Propose && from(Draft, Refused):
		return change(Proposed)
	case act == Retake && from(Proposed, Discussed, Refused):
		return change(Draft)
	case act == Discuss && from(Proposed):
		return change(Discussed)
	case act == Publish && from(Proposed, Discussed):
		return change("")
	case act == Refuse && from(Proposed, Discussed):
		return change(Refused)
	}
	return s, notNow()
}

// edited is where an author's change leads: a published piece gets a revision
// to come; one that waits is taken back first, so that what is reviewed does
// not move under its reader.
func (s State) edited() (State, error) {
	switch {
	case s.Status == Published && (s.Change == "" || s.Change == Draft || s.Change == Refused || s.Change == Discussed):
		if s.Change != Discussed {
			s.Change = Draft
		}
		return s, nil
	case s.Status == Draft || s.Status == Refused || s.Status == Withdrawn || s.Status == Discussed:
		if s.Status != Discussed {
			s.Status = Draft
		}
		return s, nil
	}
	return s, fault.New(fault.Conflict, "journal.retake_first")
}

// offered lists the acts that somebody may do now.
func offered(regime Regime, s State, who Actor) []Act {
	out := []Act{}
	for _, act := range Acts() {
		if _, err := next(regime, s, who, act, "x"); err == nil {
			out = append(out, act)
		}
	}
	return out
}
