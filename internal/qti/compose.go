package qti

import (
	"bytes"
)

// Make gives an element of QTI 3, as it is written there: "qti-choice-interaction"
// or, of HTML, "p". attributes alternate a name and its value; one without a value
// is left out.
func Make(tag string, attributes []string, children ...*Element) *Element {
	e := &Element{Name: fold(tag), Tag: tag, Space: namespace3, Children: children}
	for i := 0; i+1 < len(attributes); i += 2 {
		if name, value := attributes[i], attributes[i+1]; value != "" {
			e.Attrs = append(e.Attrs, Attr{Name: foldAttr("", name), Tag: name, Value: value})
		}
	}
	return e
}

// Words is a text to put among the children of Make.
func Words(s string) *Element { return &Element{Text: s} }

// Formula reads a math element, without its namespace, to put among the children
// of Make; nil when it is not one.
func Formula(mathml string) *Element {
	root := readTree(&reporter{}, []byte(mathml))
	if root == nil || root.Name != "math" {
		return nil
	}
	root.walk(func(e *Element) bool {
		e.Space = namespaceMathML
		return true
	})
	return root
}

// Bytes is the file of a document whose root Make gave.
func Bytes(root *Element) []byte {
	var out bytes.Buffer
	_ = writeDocument(&out, root) // a buffer refuses nothing
	return out.Bytes()
}
