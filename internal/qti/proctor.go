package qti

import (
	"slices"
	"strings"
)

// Said is what the item's author wrote for the adult in the room: its rubric
// blocks with the view "proctor", in order. They are no part of View.
func (s *ItemSession) Said() []*Node {
	v := &viewer{
		session: s, rng: newRandom(0), assets: map[string]string{}, choices: map[own]string{}, responses: map[string]string{}, ids: map[string]string{},
		key: &Key{Responses: map[string]string{}, Choices: map[string]string{}, Assets: map[string]string{}, item: s.Item}, src: Source{Name: s.Item.File},
	}
	out := []*Node{}
	var look func(e *Element)
	look = func(e *Element) {
		for _, c := range e.Children {
			if view, _ := c.lookup("view"); c.Name == "rubricblock" && slices.Contains(strings.Fields(view), "proctor") {
				out = append(out, v.children(c)...)
				continue
			}
			look(c)
		}
	}
	if s.Item.body != nil {
		look(s.Item.body)
	}
	return out
}
