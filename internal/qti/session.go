package qti

import (
	"slices"
	"strings"

	"preau/internal/fault"
)

// maxConstraint is how often template processing starts again before it is left
// with the defaults (templateConstraint asks for 100 at least).
const maxConstraint = 100

// ItemSession is one candidate's work on one item: the values of its variables
// between attempts. It belongs to one goroutine.
type ItemSession struct {
	Item *Item
	r    run
	seed uint64
	// Attempted counts the attempts.
	Attempted int
}

// Attempt is what a candidate hands in.
type Attempt struct {
	Responses map[string]Value
	Duration  *float64 // seconds since the session began, when known
}

// Result is what scoring gives.
type Result struct {
	Outcomes []Field
	Feedback []string
	Warnings []*fault.Error
}

// Outcome gives an outcome by its identifier.
func (res *Result) Outcome(identifier string) (Value, bool) {
	for _, f := range res.Outcomes {
		if f.Name == identifier {
			return f.Value, true
		}
	}
	return Value{}, false
}

// NewSession begins a session: the variables take their first values and template
// processing is run. The same seed gives the same session.
func (it *Item) NewSession(seed uint64) (*ItemSession, error) {
	return it.newSession(seed, nil)
}

// newSession lets a test give template variables other defaults.
func (it *Item) newSession(seed uint64, templates map[string]Value) (*ItemSession, error) {
	if err := it.Findings.firstError(); err != nil {
		return nil, err
	}
	n := len(it.vars.list)
	s := &ItemSession{Item: it, seed: seed}
	memory := make([]Value, 3*n)
	s.r = run{vars: it.vars.list, values: memory[:n:n], defaults: memory[n : 2*n : 2*n], corrects: memory[2*n:]}
	for i, v := range it.vars.list {
		s.r.defaults[i], s.r.corrects[i] = v.Default, v.Correct
		if given, ok := templates[v.Identifier]; ok && v.Kind == TemplateKind {
			s.r.defaults[i] = given
		}
		s.r.values[i] = s.r.defaults[i]
	}
	if err := s.prepare(seed); err != nil {
		return nil, err
	}
	return s, nil
}

// prepare runs template processing and gives the other variables their first
// values.
func (s *ItemSession) prepare(seed uint64) error {
	r := &s.r
	r.rng = newRandom(seed)
	if s.Item.template != nil {
		if err := s.draw(); err != nil {
			return err
		}
	}
	// Responses and outcomes start from defaults that templates may have changed.
	for i, v := range r.vars {
		if v.Kind == ResponseKind || v.Kind == OutcomeKind {
			r.values[i] = v.initial(r.defaults[i])
		}
	}
	return nil
}

// draw runs template processing until its constraints hold, a hundred times at
// most; then the defaults stay.
func (s *ItemSession) draw() error {
	r := &s.r
	defaults, corrects := slices.Clone(r.defaults), slices.Clone(r.corrects)
	for range 1 + maxConstraint {
		r.restart, r.exit = false, false
		execute(r, s.Item.template)
		if r.err != nil {
			return r.err
		}
		if !r.restart {
			break
		}
		s.resetTemplate(defaults, corrects)
	}
	r.restart, r.exit = false, false
	return nil
}

// resetTemplate puts template variables, defaults and correct responses back to
// what was declared.
func (s *ItemSession) resetTemplate(defaults, corrects []Value) {
	r := &s.r
	copy(r.defaults, defaults)
	copy(r.corrects, corrects)
	for i, v := range r.vars {
		if v.Kind == TemplateKind {
			r.values[i] = r.defaults[i]
		}
	}
}

// Attempt takes what the candidate answered and scores it. A response that is
// not given keeps its value: its default at first, and in an adaptive item what
// it was. The outcomes of an item that is not adaptive start anew each time.
func (s *ItemSession) Attempt(a Attempt) (*Result, error) {
	r := &s.r
	s.Attempted++
	res := &Result{}
	for i, v := range r.vars {
		switch {
		case v.Identifier == numAttempts:
			r.values[i] = number(Integer, float64(s.Attempted))
		case v.Identifier == durationName && a.Duration != nil:
			r.values[i] = number(Duration, *a.Duration)
		case v.Identifier == completionStatus:
			if s.Attempted == 1 {
				r.values[i] = text(Identifier, "unknown")
			}
		case (v.Kind == OutcomeKind || v.Kind == ResponseKind) && !s.Item.Adaptive:
			r.values[i] = v.initial(r.defaults[i])
		}
	}
	for _, i := range s.Item.ends { // true is the one that ended this attempt, and no other
		r.values[i] = boolean(false)
	}
	for id, v := range a.Responses {
		i := s.Item.vars.find(id)
		if i < 0 || r.vars[i].Kind != ResponseKind && r.vars[i].Kind != ContextKind {
			res.Warnings = append(res.Warnings, fault.New(fault.Invalid, "qti.response_undeclared", "name", id))
			continue
		}
		r.values[i] = v
	}
	r.steps, r.exit = 0, false
	execute(r, s.Item.response)
	if r.err != nil {
		err := r.err
		r.err = nil
		return nil, err
	}
	res.Outcomes = s.Outcomes()
	res.Feedback = s.shown()
	return res, nil
}

// Outcomes are the outcome variables as they stand, in the order declared, the
// completion status last.
func (s *ItemSession) Outcomes() []Field {
	out := make([]Field, 0, len(s.r.vars))
	for i, v := range s.r.vars {
		if v.Kind == OutcomeKind && !v.BuiltIn {
			out = append(out, Field{Name: v.Identifier, Value: s.r.values[i]})
		}
	}
	return append(out, Field{Name: completionStatus, Value: s.Value(completionStatus)})
}

// Value of any variable of the session; NULL when there is none of that name.
func (s *ItemSession) Value(identifier string) Value {
	if i := s.Item.vars.find(identifier); i >= 0 {
		return s.r.values[i]
	}
	return Value{}
}

// Correct is the correct response of a variable in this session.
func (s *ItemSession) Correct(identifier string) Value {
	if i := s.Item.vars.find(identifier); i >= 0 {
		return s.r.corrects[i]
	}
	return Value{}
}

// Completed says that an adaptive item has come to its end.
func (s *ItemSession) Completed() bool {
	v := s.Value(completionStatus)
	return !v.IsNull() && strings.EqualFold(v.List[0].Text, "completed")
}

// Score is a whole session in one step: the attempts one after the other. It
// gives the last result.
func (it *Item) Score(seed uint64, attempts ...Attempt) (*Result, error) {
	s, err := it.NewSession(seed)
	if err != nil {
		return nil, err
	}
	var last *Result
	for _, a := range attempts {
		if last, err = s.Attempt(a); err != nil {
			return nil, err
		}
		// An adaptive item takes no attempt after its end.
		if it.Adaptive && s.Completed() {
			break
		}
	}
	if last == nil {
		return &Result{Outcomes: s.Outcomes(), Feedback: s.shown()}, nil
	}
	return last, nil
}
