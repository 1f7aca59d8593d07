package qti

import (
	"math/rand/v2"
	"slices"
)

// Occurrence is one item of a session at its place in the order. An item that
// selection took several times occurs several times.
type Occurrence struct {
	Key      string // "Q1", or "Q1.2" for the second occurrence
	Number   int    // from 1
	Ref      *ItemRef
	Part     *Part
	Sections []*Section // from the outermost
	Session  *ItemSession
	Last     *Result // of the last attempt
	Late     bool    // an attempt came after its time limit and was not taken

	begun bool
}

// plan makes the order of a part: selection, then ordering, section by section.
func (p *Part) plan(rng *rand.Rand) []*Occurrence {
	var out []*Occurrence
	for _, s := range p.Sections {
		out = append(out, s.plan(rng, p, nil)...)
	}
	return out
}

// group is what ordering moves: an item, or a section that stays together.
type group struct {
	list  []*Occurrence
	fixed bool
}

func (s *Section) plan(rng *rand.Rand, part *Part, above []*Section) []*Occurrence {
	path := append(slices.Clone(above), s)
	var groups []group
	for _, c := range s.choose(rng) {
		if c.Item != nil {
			groups = append(groups, group{[]*Occurrence{{Ref: c.Item, Part: part, Sections: path}}, c.fixed()})
			continue
		}
		inner := c.Section.plan(rng, part, path)
		// A section that is invisible and not kept together is mixed in with its
		// parent's items when those are shuffled.
		if !c.Section.Visible && !c.Section.KeepTogether && s.Shuffle {
			for _, o := range inner {
				groups = append(groups, group{[]*Occurrence{o}, c.fixed() || o.Ref.Fixed})
			}
			continue
		}
		groups = append(groups, group{inner, c.fixed()})
	}
	if s.Shuffle {
		shuffleFree(rng, groups, func(g group) bool { return g.fixed })
	}
	var out []*Occurrence
	for _, g := range groups {
		out = append(out, g.list...)
	}
	return out
}

// choose makes the selection. Required children are always in; without
// replacement each child is in at most once. The order stays that of the test.
func (s *Section) choose(rng *rand.Rand) []Child {
	if s.Select < 0 {
		return s.Children
	}
	times := make([]int, len(s.Children))
	left := s.Select
	var free []int
	for i, c := range s.Children {
		if c.required() {
			times[i]++
			left--
		}
		if !c.required() || s.Replacement {
			free = append(free, i)
		}
	}
	for left = min(left, maxReferences); left > 0 && len(free) > 0; left-- {
		at := rng.IntN(len(free))
		times[free[at]]++
		if !s.Replacement {
			free = slices.Delete(free, at, at+1)
		}
	}
	var out []Child
	for i, n := range times {
		for range n {
			out = append(out, s.Children[i])
		}
	}
	return out
}

// shuffleFree shuffles what is not fixed among its own places.
func shuffleFree[T any](rng *rand.Rand, list []T, fixed func(T) bool) {
	var places []int
	for i, x := range list {
		if !fixed(x) {
			places = append(places, i)
		}
	}
	rng.Shuffle(len(places), func(i, j int) {
		list[places[i]], list[places[j]] = list[places[j]], list[places[i]]
	})
}
