package qti

import (
	"strings"
)

// Element is one node of a document. Text is a node with an empty Name.
type Element struct {
	Name     string // as compared: lower case, without "qti-" and hyphens for QTI elements
	Tag      string // the local name as it was written
	Space    string // namespace
	Attrs    []Attr
	Children []*Element
	Text     string
	Line     int
}

// Attr is an attribute; Name is folded like an element's.
type Attr struct {
	Name, Tag, Value string
}

// attr gives an attribute by its folded name, or "".
func (e *Element) attr(name string) string {
	v, _ := e.lookup(name)
	return v
}

func (e *Element) lookup(name string) (string, bool) {
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			return e.Attrs[i].Value, true
		}
	}
	return "", false
}

// flag reads a boolean attribute, with what the schema says when it is absent.
func (e *Element) flag(name string, absent bool) bool {
	v, ok := e.lookup(name)
	if !ok {
		return absent
	}
	b, ok := parseBoolean(v)
	if !ok {
		return absent
	}
	return b
}

// elements are the children that are not text.
func (e *Element) elements() []*Element {
	var out []*Element
	for _, c := range e.Children {
		if c.Name != "" {
			out = append(out, c)
		}
	}
	return out
}

// child is the first child element of that name, or nil.
func (e *Element) child(name string) *Element {
	for _, c := range e.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// content is the text of an element and of all within.
func (e *Element) content() string {
	if len(e.Children) == 1 && e.Children[0].Name == "" {
		return e.Children[0].Text
	}
	var b strings.Builder
	e.walk(func(n *Element) bool {
		b.WriteString(n.Text)
		return true
	})
	return b.String()
}

// walk visits e and what is within, in document order, until visit says not to
// go deeper.
func (e *Element) walk(visit func(*Element) bool) {
	if !visit(e) {
		return
	}
	for _, c := range e.Children {
		c.walk(visit)
	}
}

// The namespaces of QTI by version. Others occur in the wild and are read with a
// warning.
func versionOf(space string) (string, bool) {
	switch space {
	case "http://www.imsglobal.org/xsd/imsqti_v2p0", "http://www.imsglobal.org/xsd/imsqti_item_v2p0":
		return "2.0", true
	case "http://www.imsglobal.org/xsd/imsqti_v2p1":
		return "2.1", true
	case "http://www.imsglobal.org/xsd/imsqti_v2p2":
		return "2.2", true
	case namespace3:
		return "3.0", true
	}
	return "", false
}

const (
	namespace3      = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
	namespaceMathML = "http://www.w3.org/1998/Math/MathML"
	namespaceSVG    = "http://www.w3.org/2000/svg"
	namespaceXML    = "http://www.w3.org/XML/1998/namespace"
	namespaceXSI    = "http://www.w3.org/2001/XMLSchema-instance"
	namespaceXI     = "http://www.w3.org/2001/XInclude"
)

// foreign says that an element of that namespace keeps its own name.
func foreign(space string) bool {
	switch space {
	case namespaceMathML, namespaceSVG, namespaceXI, "http://www.w3.org/2001/10/synthesis", "http://www.w3.org/2010/10/synthesis":
		return true
	}
	return false
}

// fold gives the name under which an element or attribute is compared.
func fold(local string) string {
	local = strings.TrimPrefix(local, "qti-")
	return strings.ToLower(strings.ReplaceAll(local, "-", ""))
}

func foldAttr(space, local string) string {
	switch {
	case space == namespaceXML || space == "xml":
		return "xml:" + local
	case space == namespaceXSI:
		return "xsi:" + local
	case strings.HasPrefix(local, "data-") || strings.HasPrefix(local, "aria-"):
		return strings.ToLower(local)
	}
	return fold(local)
}
