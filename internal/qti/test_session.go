package qti

import (
	"fmt"
	"slices"
	"strings"

	"preau/internal/fault"
)

// TestSession is one candidate's work on one test. It belongs to one goroutine.
//
// In a linear part one goes on with Next, which heeds preconditions and branch
// rules; elsewhere any occurrence of Plan may be answered. In a part with
// simultaneous submission answers wait until the part ends.
type TestSession struct {
	Test *Test
	Plan []*Occurrence
	// Durations of parts and sections in seconds, as far as the caller tells them.
	Durations map[string]float64

	r       run
	seed    uint64
	at      int // index in Plan of the current occurrence; -1 before the first
	pending []pendingAttempt
	ended   bool
	entered map[*Section]bool // whose preconditions held
}

type pendingAttempt struct {
	o *Occurrence
	a Attempt
}

// NewSession selects and orders the items. The same seed gives the same session.
func (t *Test) NewSession(seed uint64) (*TestSession, error) {
	if err := t.Findings.firstError(); err != nil {
		return nil, err
	}
	s := &TestSession{Test: t, seed: seed, at: -1, entered: map[*Section]bool{}}
	n := len(t.vars.list)
	s.r = run{vars: t.vars.list, values: make([]Value, n), defaults: make([]Value, n), corrects: make([]Value, n), rng: newRandom(seed), test: s}
	s.reset()
	rng := newRandom(seed ^ 0x9E3779B97F4A7C15)
	times := map[string]int{}
	left := maxReferences
	for _, part := range t.Parts {
		p := &planner{rng: rng, part: part, left: left}
		s.Plan = append(s.Plan, p.all()...)
		if left = p.left; left < 0 {
			return nil, fault.New(fault.Invalid, "qti.plan_too_long", "limit", maxReferences)
		}
	}
	for _, o := range s.Plan {
		times[o.Ref.Identifier]++
		o.Number = times[o.Ref.Identifier]
		o.Key = o.Ref.Identifier
	}
	for _, o := range s.Plan {
		if times[o.Ref.Identifier] > 1 {
			o.Key = fmt.Sprintf("%s.%d", o.Ref.Identifier, o.Number)
		}
	}
	return s, nil
}

// reset puts the test's outcomes back, which happens before each outcome
// processing.
func (s *TestSession) reset() {
	for i, v := range s.r.vars {
		if v.Kind != OutcomeKind || v.BuiltIn && !s.r.values[i].IsNull() {
			continue
		}
		s.r.values[i], s.r.defaults[i] = v.initial(v.Default), v.Default
	}
}

// Begin starts the session of an occurrence before its turn, so that its View
// can be asked. Once begun it does nothing.
func (s *TestSession) Begin(o *Occurrence) error { return s.begin(o) }

// begin starts the session of an item, with the template defaults that the test
// gives it.
func (s *TestSession) begin(o *Occurrence) error {
	if o.begun {
		return nil
	}
	o.begun = true
	templates := map[string]Value{}
	for _, d := range o.Ref.defaults {
		i := o.Ref.Item.vars.find(d.variable)
		if i < 0 {
			continue
		}
		if v := d.value(&s.r); s.r.err == nil {
			templates[d.variable] = s.r.fit(d.element, o.Ref.Item.vars.list[i], v)
		}
	}
	if err := s.takeError(); err != nil {
		return err
	}
	session, err := o.Ref.Item.newSession(s.seed^hashText(o.Key), templates)
	if err != nil {
		return err
	}
	o.Session = session
	return nil
}

func (s *TestSession) takeError() error {
	if s.r.err == nil {
		return nil
	}
	err := s.r.err
	s.r.err = nil
	return err
}

// holds says whether all preconditions of a step are true now.
func (s *TestSession) holds(n *step) bool {
	for _, condition := range n.conditions {
		if !condition(&s.r).truth() {
			return false
		}
	}
	return true
}

// Current is the occurrence that Next gave last, or nil.
func (s *TestSession) Current() *Occurrence {
	if s.at < 0 || s.at >= len(s.Plan) {
		return nil
	}
	return s.Plan[s.at]
}

// Next goes to the following occurrence, or gives nil at the end of the test.
// Preconditions of items and sections, and branch rules, count in linear parts;
// preconditions of parts always.
func (s *TestSession) Next() (*Occurrence, error) {
	if s.ended {
		return nil, nil
	}
	from := s.at
	next := s.at + 1
	if from >= 0 {
		target, err := s.leave(s.Plan[from], next)
		if err != nil {
			return nil, err
		}
		next = target
	}
	for next < len(s.Plan) {
		o := s.Plan[next]
		if from < 0 || s.Plan[from].Part != o.Part {
			if err := s.endPart(from); err != nil {
				return nil, err
			}
			if !s.holds(&o.Part.step) {
				next = s.after(next, func(x *Occurrence) bool { return x.Part == o.Part })
				continue
			}
			if err := s.takeError(); err != nil {
				return nil, err
			}
			if !o.Part.Linear {
				if err := s.beginAll(o.Part); err != nil {
					return nil, err
				}
			}
			from = next
		}
		if o.Part.Linear {
			skip, err := s.skipped(o, next)
			if err != nil {
				return nil, err
			}
			if skip > next {
				next = skip
				continue
			}
		}
		s.at = next
		return o, s.begin(o)
	}
	s.at = len(s.Plan)
	return nil, s.End()
}

// after is the first index from on whose occurrence is not within.
func (s *TestSession) after(from int, within func(*Occurrence) bool) int {
	for from < len(s.Plan) && within(s.Plan[from]) {
		from++
	}
	return from
}

// skipped gives the index to go on from when a precondition does not hold, or i.
// A section's condition is asked once, on its first item.
func (s *TestSession) skipped(o *Occurrence, i int) (int, error) {
	for _, section := range o.Sections {
		if s.entered[section] {
			continue
		}
		if !s.holds(&section.step) {
			if err := s.takeError(); err != nil {
				return i, err
			}
			return s.after(i, func(x *Occurrence) bool { return slices.Contains(x.Sections, section) }), nil
		}
		s.entered[section] = true
	}
	if !s.holds(&o.Ref.step) {
		return i + 1, s.takeError()
	}
	return i, s.takeError()
}

// leave gives the index to go to after an occurrence: the next, or where a branch
// rule of the item, or of a section that ends with it, leads.
func (s *TestSession) leave(o *Occurrence, next int) (int, error) {
	if !o.Part.Linear {
		return next, nil
	}
	rules := slices.Clone(o.Ref.branches)
	target, ok, err := s.branch(rules)
	for i := len(o.Sections) - 1; i >= 0 && !ok && err == nil; i-- {
		section := o.Sections[i]
		if next < len(s.Plan) && slices.Contains(s.Plan[next].Sections, section) {
			break
		}
		target, ok, err = s.branch(section.branches)
	}
	if !ok && err == nil && (next >= len(s.Plan) || s.Plan[next].Part != o.Part) {
		target, ok, err = s.branch(o.Part.branches)
	}
	if err != nil || !ok {
		return next, err
	}
	return s.destination(o, target, next), nil
}

func (s *TestSession) branch(rules []branchRule) (string, bool, error) {
	for _, b := range rules {
		if b.when(&s.r).truth() {
			return b.target, true, s.takeError()
		}
		if err := s.takeError(); err != nil {
			return "", false, err
		}
	}
	return "", false, nil
}

// destination finds a target further on; a target behind is not followed.
func (s *TestSession) destination(o *Occurrence, target string, next int) int {
	switch target {
	case "EXIT_TEST":
		return len(s.Plan)
	case "EXIT_TESTPART":
		return s.after(next, func(x *Occurrence) bool { return x.Part == o.Part })
	case "EXIT_SECTION":
		section := o.Sections[len(o.Sections)-1]
		return s.after(next, func(x *Occurrence) bool { return slices.Contains(x.Sections, section) })
	}
	for i := next; i < len(s.Plan); i++ {
		x := s.Plan[i]
		if x.Ref.Identifier == target || x.Part.Identifier == target && x.Part != o.Part ||
			slices.ContainsFunc(x.Sections, func(sec *Section) bool { return sec.Identifier == target && !slices.Contains(o.Sections, sec) }) {
			return i
		}
	}
	return next
}

func (s *TestSession) beginAll(p *Part) error {
	for _, o := range s.Plan {
		if o.Part == p {
			if err := s.begin(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// Attempt takes answers to an occurrence. With individual submission they are
// scored at once and the outcomes of the test follow; otherwise the result is nil
// until the part ends. An attempt beyond maxAttempts is refused, one beyond the
// time limit is noted and not taken.
func (s *TestSession) Attempt(o *Occurrence, a Attempt) (*Result, error) {
	if s.ended {
		return nil, fault.New(fault.Gone, "qti.test_ended")
	}
	if err := s.begin(o); err != nil {
		return nil, err
	}
	if o.Part.Simultaneous {
		s.pending = slices.DeleteFunc(s.pending, func(p pendingAttempt) bool { return p.o == o })
		s.pending = append(s.pending, pendingAttempt{o, a})
		return nil, nil
	}
	if err := s.take(o, a); err != nil {
		return nil, err
	}
	return o.Last, s.process()
}

func (s *TestSession) take(o *Occurrence, a Attempt) error {
	most := o.Ref.Control.MaxAttempts
	if !o.Ref.Item.Adaptive && most > 0 && o.Session.Attempted >= most {
		return fault.New(fault.Limited, "qti.attempts_used", "name", o.Key, "limit", most)
	}
	if o.Ref.Item.Adaptive && o.Session.Completed() {
		return fault.New(fault.Gone, "qti.item_completed", "name", o.Key)
	}
	if l := o.Ref.Limits; l != nil && l.Maximum > 0 && !l.AllowLate && a.Duration != nil && *a.Duration > l.Maximum {
		o.Late = true
		return nil
	}
	res, err := o.Session.Attempt(a)
	if err != nil {
		return err
	}
	o.Last = res
	return nil
}

// endPart submits what waits in the part of the occurrence at index i.
func (s *TestSession) endPart(i int) error {
	if i < 0 || len(s.pending) == 0 {
		return nil
	}
	waiting := s.pending
	s.pending = nil
	for _, p := range waiting {
		if err := s.take(p.o, p.a); err != nil {
			return err
		}
	}
	return s.process()
}

// End ends the test: what waits is submitted and outcomes are processed a last
// time.
func (s *TestSession) End() error {
	if s.ended {
		return nil
	}
	if err := s.endPart(max(0, min(s.at, len(s.Plan)-1))); err != nil {
		return err
	}
	s.ended = true
	return s.process()
}

// process runs outcome processing.
func (s *TestSession) process() error {
	s.reset()
	s.r.steps, s.r.exit = 0, false
	execute(&s.r, s.Test.outcome)
	s.r.exit = false
	return s.takeError()
}

// Outcomes are the outcomes of the test as they stand.
func (s *TestSession) Outcomes() []Field {
	var out []Field
	for i, v := range s.r.vars {
		if v.Kind == OutcomeKind && !v.BuiltIn {
			out = append(out, Field{Name: v.Identifier, Value: s.r.values[i]})
		}
	}
	return out
}

// Feedback lists the test feedback to show now: "during" while the test or part
// runs, "atEnd" after it.
func (s *TestSession) Feedback() []string {
	out := []string{}
	add := func(list []*Element) {
		for _, e := range list {
			if (e.attr("access") == "atEnd") == s.ended && s.visible(e) {
				out = append(out, strings.TrimSpace(e.attr("identifier")))
			}
		}
	}
	for _, p := range s.Test.Parts {
		add(p.feedback)
	}
	add(s.Test.feedback)
	return out
}

func (s *TestSession) visible(e *Element) bool {
	i := s.Test.vars.find(e.attr("outcomeidentifier"))
	has := i >= 0 && slices.ContainsFunc(s.r.values[i].List, func(x Scalar) bool {
		return x.lexical(s.r.values[i].Type) == strings.TrimSpace(e.attr("identifier"))
	})
	return has != (strings.TrimSpace(e.attr("showhide")) == "hide")
}
