package qti

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"unicode"
)

// WriteItem writes an item as QTI 3. What it scores is what the item read
// scores, whatever version that was.
func (it *Item) WriteItem(w io.Writer) error { return writeDocument(w, it.root) }

// WriteTest writes a test as QTI 3. References stay as they were.
func (t *Test) WriteTest(w io.Writer) error { return writeDocument(w, t.root) }

// WriteStimulus writes a stimulus as QTI 3.
func (s *Stimulus) WriteStimulus(w io.Writer) error { return writeDocument(w, s.root) }

func writeDocument(w io.Writer, root *Element) error {
	if root == nil {
		return io.ErrUnexpectedEOF
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	p := &printer{out: &b}
	p.element(upgrade(root, root.Space), "")
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// upgrade gives an element in the terms of QTI 3: its names, its wrappers and the
// order its schema wants. An element that is neither of QTI nor in the namespace
// of the root stays as it is.
func upgrade(e *Element, rootSpace string) *Element {
	if e.Name == "" {
		return e
	}
	out := &Element{Name: e.Name, Tag: e.Tag, Space: e.Space, Line: e.Line}
	_, known := versionOf(e.Space)
	ours := known || e.Space == rootSpace || e.Space == ""
	own := ours && !isHTML(e.Name)
	if ours {
		out.Space = namespace3
	}
	if own {
		out.Tag = "qti-" + kebab(strings.TrimPrefix(e.Tag, "qti-"))
	}
	for _, a := range e.Attrs {
		if strings.HasPrefix(a.Name, "xsi:") {
			continue
		}
		if own && !strings.HasPrefix(a.Name, "xml:") && !strings.HasPrefix(a.Name, "data-") && !strings.HasPrefix(a.Name, "aria-") {
			a.Tag = kebab(a.Tag)
		}
		out.Attrs = append(out.Attrs, a)
	}
	for _, c := range e.Children {
		if c.Name == "apipaccessibility" {
			continue
		}
		out.Children = append(out.Children, upgrade(c, rootSpace))
	}
	adjust(out)
	return out
}

// adjust makes the changes between versions that are more than names.
func adjust(e *Element) {
	switch e.Name {
	case "modalfeedback", "feedbackblock", "templateblock", "rubricblock":
		if e.child("contentbody") == nil {
			e.Children = []*Element{{Name: "contentbody", Tag: "qti-content-body", Space: namespace3, Children: e.Children}}
		}
		if e.Name == "rubricblock" {
			e.ensure("use", "instructions")
			e.ensure("view", "candidate")
		}
	case "responseprocessing":
		for i, a := range e.Attrs {
			if a.Name == "template" {
				name := strings.TrimSuffix(a.Value[strings.LastIndexByte(a.Value, '/')+1:], ".xml")
				if _, ok := standardTemplate(name); ok {
					e.Attrs[i].Value = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/" + name + ".xml"
				}
			}
		}
	case "responsedeclaration", "outcomedeclaration", "templatedeclaration":
		e.defaultElement()
	case "mapping":
		e.caseSensitive()
	case "assessmentitem":
		e.ensure("adaptive", "false")
		e.ensure("time-dependent", "false")
		e.ensure("title", e.attr("identifier"))
		e.order(itemRank)
	}
}

// ensure gives an attribute that QTI 3 requires. name is as written there.
func (e *Element) ensure(name, value string) {
	if _, has := e.lookup(fold(name)); !has {
		e.Attrs = append(e.Attrs, Attr{Name: fold(name), Tag: name, Value: value})
	}
}

// defaultElement turns a defaultValue attribute, which is in no schema, into the
// element.
func (e *Element) defaultElement() {
	i := slices.IndexFunc(e.Attrs, func(a Attr) bool { return a.Name == "defaultvalue" })
	if i < 0 {
		return
	}
	value := e.Attrs[i].Value
	e.Attrs = slices.Delete(e.Attrs, i, i+1)
	if e.child("defaultvalue") != nil {
		return
	}
	text := &Element{Text: value}
	inner := &Element{Name: "value", Tag: "qti-value", Space: namespace3, Children: []*Element{text}}
	e.Children = append([]*Element{{Name: "defaultvalue", Tag: "qti-default-value", Space: namespace3, Children: []*Element{inner}}}, e.Children...)
}

// caseSensitive moves the attribute from a mapping, where no schema has it, to
// the entries.
func (e *Element) caseSensitive() {
	i := slices.IndexFunc(e.Attrs, func(a Attr) bool { return a.Name == "casesensitive" })
	if i < 0 {
		return
	}
	value := e.Attrs[i].Value
	e.Attrs = slices.Delete(e.Attrs, i, i+1)
	for _, c := range e.elements() {
		c.ensure("case-sensitive", value)
	}
}

// itemRank is the place of a child in the schema of an item.
func itemRank(name string) int {
	return slices.Index([]string{
		"contextdeclaration", "responsedeclaration", "outcomedeclaration", "templatedeclaration", "templateprocessing",
		"assessmentstimulusref", "companionmaterialsinfo", "stylesheet", "itembody", "cataloginfo", "responseprocessing", "modalfeedback",
	}, name)
}

// order sorts the child elements by rank, without the blank text between them.
func (e *Element) order(rank func(string) int) {
	children := e.elements()
	slices.SortStableFunc(children, func(a, b *Element) int { return rank(a.Name) - rank(b.Name) })
	e.Children = children
}

// kebab turns responseCondition into response-condition; letters that stand
// together, as in durationLT, stay so.
func kebab(camel string) string {
	var b strings.Builder
	previousLower := false
	for _, r := range camel {
		if unicode.IsUpper(r) {
			if previousLower {
				b.WriteByte('-')
			}
			b.WriteRune(unicode.ToLower(r))
			previousLower = false
			continue
		}
		b.WriteRune(r)
		previousLower = r != '-'
	}
	return b.String()
}

func isHTML(name string) bool {
	switch name {
	case "a", "abbr", "acronym", "address", "article", "aside", "audio", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
		"cite", "code", "col", "colgroup", "dd", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer",
		"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "kbd", "label", "li", "main", "nav", "object", "ol", "p",
		"param", "picture", "pre", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "section", "small", "source", "span", "strong",
		"sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "track", "tt", "u", "ul", "var", "video", "wbr":
		return true
	}
	return false
}

// printer writes elements, declaring a namespace where it changes.
type printer struct{ out *bytes.Buffer }

func (p *printer) element(e *Element, space string) {
	if e.Name == "" {
		escape(p.out, e.Text, false)
		return
	}
	p.out.WriteByte('<')
	p.out.WriteString(e.Tag)
	if e.Space != space {
		p.attribute("xmlns", e.Space)
	}
	for _, a := range e.Attrs {
		p.attribute(a.Tag, a.Value)
	}
	if len(e.Children) == 0 {
		p.out.WriteString("/>")
		return
	}
	p.out.WriteByte('>')
	for _, c := range e.Children {
		p.element(c, e.Space)
	}
	p.out.WriteString("</" + e.Tag + ">")
}

func (p *printer) attribute(name, value string) {
	p.out.WriteString(" " + name + `="`)
	escape(p.out, value, true)
	p.out.WriteByte('"')
}

func escape(out *bytes.Buffer, s string, inAttribute bool) {
	for _, r := range s {
		switch {
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '"' && inAttribute:
			out.WriteString("&quot;")
		case r == '\r' || inAttribute && (r == '\n' || r == '\t'):
			out.WriteString("&#x" + map[rune]string{'\r': "D", '\n': "A", '\t': "9"}[r] + ";")
		default:
			out.WriteRune(r)
		}
	}
}
