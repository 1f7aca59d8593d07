package qti

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Public is what a browser may be given of an item: its text and interactions as
// they stand in a session, under names that tell nothing. Keys, mappings, rules,
// feedback that is not due, the author's identifiers and file names are not in it.
type Public struct {
	Language string  `json:"language,omitempty"`
	Body     []*Node `json:"body"`
	Modal    []*Node `json:"modal,omitempty"` // modal feedback that is due
}

// Node is an element of the public part, or a text when Tag is empty.
type Node struct {
	Tag      string            `json:"tag,omitempty"`
	Attrs    map[string]string `json:"attrs,omitempty"`
	Children []*Node           `json:"children,omitempty"`
	Text     string            `json:"text,omitempty"`
}

// Key is the private side of a Public part: what its names stand for. It stays on
// the server.
type Key struct {
	Responses map[string]string // "r1" → response variable
	Choices   map[string]string // "c1" → choice
	Assets    map[string]string // "a1" → file beside the item
	// Unrendered interactions, which the browser cannot be given.
	Unrendered []string

	item *Item
}

// View gives the public part of the item as the session stands, and its key. The
// shuffle depends on the session's seed alone, which must be drawn at random and
// stay on the server: who knows it can undo the shuffle.
func (s *ItemSession) View() (*Public, *Key) {
	v := &viewer{
		session: s, rng: newRandom(s.seed ^ 0xD1B54A32D192ED03), assets: map[string]string{}, choices: map[string]string{}, responses: map[string]string{}, ids: map[string]string{},
		key: &Key{Responses: map[string]string{}, Choices: map[string]string{}, Assets: map[string]string{}, item: s.Item}, src: Source{Name: s.Item.File},
	}
	p := &Public{Language: s.Item.Language, Body: []*Node{}}
	if s.Item.body != nil {
		p.Body = append(p.Body, v.children(s.Item.body)...)
	}
	for _, e := range s.Item.feedback {
		if s.visible(e, "outcomeidentifier") {
			p.Modal = append(p.Modal, &Node{Tag: "feedback", Children: v.children(e)})
		}
	}
	return p, v.key
}

// View is the public part of a stimulus.
func (st *Stimulus) View() (*Public, *Key) {
	v := &viewer{
		rng: newRandom(0), assets: map[string]string{}, choices: map[string]string{}, responses: map[string]string{}, ids: map[string]string{},
		key: &Key{Responses: map[string]string{}, Choices: map[string]string{}, Assets: map[string]string{}}, src: Source{Name: st.File},
	}
	p := &Public{Language: st.Language, Body: []*Node{}}
	if st.body != nil {
		p.Body = append(p.Body, v.children(st.body)...)
	}
	return p, v.key
}

// Translate turns a browser's answers, under public names, into those of the
// item, to be read by Item.Responses. A name that the key has not is left out.
func (k *Key) Translate(raw map[string]any) map[string]any {
	out := map[string]any{}
	for public, answer := range raw {
		id, ok := k.Responses[public]
		if !ok {
			continue
		}
		v := k.item.Variable(id)
		if v == nil {
			continue
		}
		switch v.Type {
		case Identifier, Pair, DirectedPair:
			out[id] = k.private(answer)
		default:
			out[id] = answer
		}
	}
	return out
}

func (k *Key) private(answer any) any {
	switch x := answer.(type) {
	case string:
		words := strings.Fields(x)
		for i, w := range words {
			own, ok := k.Choices[w]
			if !ok {
				return nil
			}
			words[i] = own
		}
		return strings.Join(words, " ")
	case []any:
		out := make([]any, 0, len(x))
		for _, one := range x {
			if p := k.private(one); p != nil {
				out = append(out, p)
			}
		}
		return out
	}
	return nil
}

// publicValue writes a value under the public names, or gives false when it is
// not to be shown.
func (v *viewer) publicValue(value Value) (string, bool) {
	out := make([]string, 0, len(value.List))
	for _, s := range value.List {
		switch value.Type {
		case Identifier, Pair, DirectedPair:
			parts := []string{v.choices[s.Text]}
			if value.Type != Identifier {
				parts = append(parts, v.choices[s.Second])
			}
			for _, p := range parts {
				if p == "" {
					return "", false
				}
			}
			out = append(out, strings.Join(parts, " "))
		default:
			out = append(out, s.lexical(value.Type))
		}
	}
	if len(out) == 1 && value.Cardinality == Single {
		return out[0], true
	}
	list, err := json.Marshal(out)
	return string(list), err == nil && len(out) > 0
}

// roundedLength keeps expectedLength from telling how long the key is.
func roundedLength(s string) string {
	n := atoi(s)
	for _, step := range []int{5, 10, 20, 40, 80, 160, 320} {
		if n <= step {
			return strconv.Itoa(step)
		}
	}
	return "640"
}
