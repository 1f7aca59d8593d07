package qti

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits of one XML document. They are far above what an item needs, and low
// enough that reading what a stranger sends costs little.
const (
	MaxDocument  = 16 << 20 // bytes
	maxAttribute = 1 << 20  // bytes of one attribute: a picture may be inlined
	maxDepth     = 200
	maxNodes     = 300_000
)

// readTree reads a document into elements. A nil element comes with an Error
// among the findings.
func readTree(rep *reporter, data []byte) *Element {
	if len(data) > MaxDocument {
		rep.add(Error, 0, "XML", "qti.document_too_large", "limit", MaxDocument>>20)
		return nil
	}
	text, err := decodeBOM(data)
	if err != nil {
		rep.add(Error, 0, "XML", "qti.bad_encoding")
		return nil
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = charsetReader
	var (
		root  *Element
		stack []*Element
		nodes int
	)
	// line counts newlines up to the decoder's offset, forward only.
	line, counted := 1, 0
	lineAt := func(offset int64) int {
		if o := int(offset); o <= len(text) && o > counted {
			line += bytes.Count(text[counted:o], []byte{'\n'})
			counted = o
		}
		return line
	}
	for {
		start := lineAt(d.InputOffset())
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			rep.add(Error, lineAt(d.InputOffset()), "XML", "qti.not_well_formed", "reason", syntaxReason(err))
			return nil
		}
		switch t := token.(type) {
		case xml.StartElement:
			if nodes++; nodes > maxNodes {
				rep.add(Error, start, "XML", "qti.too_many_elements", "limit", maxNodes)
				return nil
			}
			if len(stack) >= maxDepth {
				rep.add(Error, start, "XML", "qti.too_deep", "limit", maxDepth)
				return nil
			}
			e := newElement(rep, t, start)
			if e == nil {
				return nil
			}
			if len(stack) == 0 {
				if root != nil {
					rep.add(Error, start, "XML", "qti.not_well_formed", "reason", "second root element")
					return nil
				}
				root = e
			} else {
				parent := stack[len(stack)-1]
				parent.Children = append(parent.Children, e)
			}
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) == 0 {
				continue
			}
			parent := stack[len(stack)-1]
			if n := len(parent.Children); n > 0 && parent.Children[n-1].Name == "" {
				parent.Children[n-1].Text += string(t)
				continue
			}
			if nodes++; nodes > maxNodes {
				rep.add(Error, start, "XML", "qti.too_many_elements", "limit", maxNodes)
				return nil
			}
			parent.Children = append(parent.Children, &Element{Text: string(t), Line: start})
		case xml.Directive:
			if !harmlessDoctype(string(t)) {
				rep.add(Error, start, "XML", "qti.doctype_refused")
				return nil
			}
			rep.add(Warning, start, "XML", "qti.doctype_ignored")
		}
	}
	if root == nil {
		rep.add(Error, 0, "XML", "qti.empty_document")
		return nil
	}
	return root
}

func newElement(rep *reporter, t xml.StartElement, line int) *Element {
	e := &Element{Tag: t.Name.Local, Space: t.Name.Space, Line: line}
	if foreign(e.Space) {
		e.Name = e.Tag
	} else {
		e.Name = fold(e.Tag)
	}
	if e.Name == "" {
		e.Name = e.Tag
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		if len(a.Value) > maxAttribute {
			rep.add(Error, line, "XML", "qti.attribute_too_large", "name", a.Name.Local, "limit", maxAttribute>>10)
			return nil
		}
		name := foldAttr(a.Name.Space, a.Name.Local)
		if _, twice := e.lookup(name); twice {
			rep.add(Error, line, "XML", "qti.attribute_twice", "name", a.Name.Local)
			return nil
		}
		tag := a.Name.Local
		if strings.HasPrefix(name, "xml:") {
			tag = name
		}
		e.Attrs = append(e.Attrs, Attr{Name: name, Tag: tag, Value: a.Value})
	}
	return e
}

// harmlessDoctype says that a document type declares nothing: no internal
// subset, no entity, no file to fetch.
func harmlessDoctype(directive string) bool {
	words := strings.Fields(directive)
	return len(words) == 2 && strings.EqualFold(words[0], "DOCTYPE") && !strings.ContainsAny(directive, "[<\"'")
}

func syntaxReason(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Msg
	}
	return err.Error()
}

// decodeBOM turns UTF-16 announced by its byte order mark into UTF-8.
func decodeBOM(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}), bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		out, _, err := transform.Bytes(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder(), data)
		return out, err
	}
	return data, nil
}

func charsetReader(label string, input io.Reader) (io.Reader, error) {
	// What began with a mark was decoded already.
	if strings.HasPrefix(strings.ToLower(label), "utf-16") {
		return input, nil
	}
	encoding, err := htmlindex.Get(label)
	if err != nil {
		return nil, err
	}
	return encoding.NewDecoder().Reader(input), nil
}
