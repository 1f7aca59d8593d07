package bring

import (
	"encoding/json"
)

// Picture is a picture or a document of the old site, by the address that its
// text gives it.
type Picture struct {
	Ref, Alt, Caption string
}

// Undescribed is what stands for the words of a picture that came without. A
// piece that holds it is not published.
const Undescribed = "[à décrire]"

// Body is a text translated into the journal's own nodes.
type Body struct{ blocks []*node }

type node struct {
	kind    string
	level   int
	start   int
	text    string
	bold    bool
	italic  bool
	href    string
	picture *Picture
	inside  []*node
}

// Placer says where what a text refers to is now.
type Placer struct {
	File func(p Picture) (id string, ok bool) // nil or not ok: the picture is left out
	Link func(href string) string             // nil: as it is; "": no link
}

// Pictures lists what the text shows.
func (b Body) Pictures() []Picture {
	var out []Picture
	for _, n := range b.blocks {
		if n.picture != nil {
			out = append(out, *n.picture)
		}
	}
	return out
}

type (
	outNode struct {
		Type    string     `json:"type"`
		Attrs   *outAttrs  `json:"attrs,omitempty"`
		Content []*outNode `json:"content,omitempty"`
		Marks   []outMark  `json:"marks,omitempty"`
		Text    string     `json:"text,omitempty"`
	}
	outAttrs struct {
		Level   int    `json:"level,omitempty"`
		Start   int    `json:"start,omitempty"`
		File    string `json:"file,omitempty"`
		Alt     string `json:"alt,omitempty"`
		Credit  string `json:"credit,omitempty"`
		Caption string `json:"caption,omitempty"`
		Href    string `json:"href,omitempty"`
	}
	outMark struct {
		Type  string    `json:"type"`
		Attrs *outAttrs `json:"attrs,omitempty"`
	}
)

// JSON is the text as the editor has it.
func (b Body) JSON(place Placer) []byte {
	out := outNode{Type: "doc", Content: []*outNode{}}
	for _, n := range b.blocks {
		if made := n.out(place); made != nil {
			out.Content = append(out.Content, made)
		}
	}
	raw, _ := json.Marshal(out) // strings and slices alone: it cannot fail
	if len(out.Content) == 0 {
		return []byte(`{"type":"doc","content":[]}`)
	}
	return raw
}

func (n *node) out(place Placer) *outNode {
	o := &outNode{Type: n.kind}
	switch n.kind {
	case "text":
		if n.text == "" {
			return nil
		}
		o.Text = n.text
		if n.bold {
			o.Marks = append(o.Marks, outMark{Type: "bold"})
		}
		if n.italic {
			o.Marks = append(o.Marks, outMark{Type: "italic"})
		}
		if href := n.href; href != "" {
			if place.Link != nil {
				href = place.Link(href)
			}
			if href != "" {
				o.Marks = append(o.Marks, outMark{"link", &outAttrs{Href: href}})
			}
		}
	case "heading":
		o.Attrs = &outAttrs{Level: n.level}
	case "orderedList":
		if n.start > 1 {
			o.Attrs = &outAttrs{Start: n.start}
		}
	case "image":
		if place.File == nil {
			return nil
		}
		id, ok := place.File(*n.picture)
		if !ok {
			return nil
		}
		alt := n.picture.Alt
		if alt == "" {
			alt = Undescribed
		}
		o.Attrs = &outAttrs{File: id, Alt: alt, Caption: n.picture.Caption}
	}
	for _, k := range n.inside {
		if made := k.out(place); made != nil {
			o.Content = append(o.Content, made)
		}
	}
	return o
}
