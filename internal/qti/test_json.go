package qti

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"preau/internal/fault"
)

// TestResult is what running a test gives.
type TestResult struct {
	Outcomes []Field
	Feedback []string
	Items    []*Occurrence // those that were presented, in order
	Warnings []*fault.Error
}

// RunLine runs a whole test on one line of input. The answers go by item:
// {"Q1":{"RESPONSE":"A"}}, or by the standard's names: {"Q1.RESPONSE":"A"}. An
// item's object may hold "responses" with "duration", or "turns". The path is
// that of a candidate who goes forward and answers what is there.
func (t *Test) RunLine(line Line) (*TestResult, error) {
	seed, err := SeedFrom(line.Seed)
	if err != nil {
		return nil, err
	}
	s, err := t.NewSession(seed)
	if err != nil {
		return nil, err
	}
	res := &TestResult{}
	answers := t.answersOf(line.Responses, res)
	used := map[string]bool{}
	for {
		o, err := s.Next()
		if err != nil {
			return nil, err
		}
		if o == nil {
			break
		}
		res.Items = append(res.Items, o)
		given, ok := answers[o.Key]
		key := o.Key
		if !ok && o.Number == 1 {
			given, ok = answers[o.Ref.Identifier]
			key = o.Ref.Identifier
		}
		if !ok {
			continue
		}
		used[key] = true
		if err := s.answer(o, given, res); err != nil {
			return nil, err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(answers)) {
		if !used[key] {
			res.Warnings = append(res.Warnings, fault.New(fault.Invalid, "qti.answer_unused", "name", key))
		}
	}
	res.Outcomes, res.Feedback = s.Outcomes(), s.Feedback()
	return res, nil
}

// answersOf sorts the answers of a line by item.
func (t *Test) answersOf(raw map[string]any, res *TestResult) map[string]map[string]any {
	out := map[string]map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		inner, isObject := raw[key].(map[string]any)
		id, _, _ := strings.Cut(key, ".")
		if t.refs[id] == nil {
			res.Warnings = append(res.Warnings, fault.New(fault.Invalid, "qti.answer_unused", "name", key))
			continue
		}
		dot := strings.LastIndex(key, ".")
		if isObject && (dot < 0 || isNumber(key[dot+1:])) {
			merge(out, key, inner)
			continue
		}
		if dot < 0 {
			res.Warnings = append(res.Warnings, fault.New(fault.Invalid, "qti.answer_unused", "name", key))
			continue
		}
		merge(out, key[:dot], map[string]any{key[dot+1:]: raw[key]})
	}
	return out
}

func isNumber(s string) bool { return atoi(s) > 0 }

func merge(into map[string]map[string]any, key string, more map[string]any) {
	if into[key] == nil {
		into[key] = map[string]any{}
	}
	maps.Copy(into[key], more)
}

func (s *TestSession) answer(o *Occurrence, given map[string]any, res *TestResult) error {
	line := Line{Responses: given}
	if turns, ok := given["turns"].([]any); ok && o.Ref.Item.Variable("turns") == nil {
		line = Line{Turns: []map[string]any{}}
		for _, turn := range turns {
			if m, ok := turn.(map[string]any); ok {
				line.Turns = append(line.Turns, m)
			}
		}
	}
	if n, ok := given["duration"].(json.Number); ok {
		if x, err := n.Float64(); err == nil {
			line.Duration = &x
		}
		if line.Turns == nil {
			given = maps.Clone(given)
			delete(given, "duration")
			line.Responses = given
		}
	}
	attempts, warnings := o.Ref.Item.attempts(line)
	res.Warnings = append(res.Warnings, warnings...)
	for _, a := range attempts {
		if a.Duration == nil {
			a.Duration = line.Duration
		}
		if _, err := s.Attempt(o, a); err != nil {
			return err
		}
	}
	return nil
}
