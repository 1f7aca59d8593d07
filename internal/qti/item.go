package qti

import (
	"io/fs"
	"path"
	"strings"
)

// Item is an assessmentItem, read and compiled. It is read-only.
type Item struct {
	Identifier    string
	Title         string
	Language      string
	Version       string // of QTI: 2.0, 2.1, 2.2 or 3.0
	Adaptive      bool
	TimeDependent bool
	File          string
	Interactions  []*Interaction
	Stimuli       []StimulusRef
	Findings      Findings

	root     *Element
	body     *Element // itemBody; nil when there is none
	feedback []*Element
	vars     *variables
	template []rule
	response []rule
	// processed says that there is response processing; without it outcomes keep
	// their initial values.
	processed bool
	// bodyFeedback says that there is feedback inside the body.
	bodyFeedback bool
	// ends are the variables of endAttemptInteractions.
	ends []int
}

// StimulusRef names a shared text of an item.
type StimulusRef struct {
	Identifier, Href string
}

// Source is where a document is read from. FS may be nil: then nothing beside the
// document is read.
type Source struct {
	FS   fs.FS
	Name string // path of the document within FS, and its name in findings
}

// ReadItem reads an item. What is wrong is among its Findings; the item is never
// nil, and with an Error among them it cannot be scored.
func ReadItem(src Source, data []byte) *Item {
	rep := &reporter{file: src.Name}
	root := readTree(rep, data)
	return itemOf(src, rep, root)
}

func itemOf(src Source, rep *reporter, root *Element) *Item {
	it := &Item{File: src.Name, vars: newVariables(), root: root}
	defer func() { it.Findings = rep.list }()
	if root == nil {
		return it
	}
	it.Version = documentVersion(rep, root)
	if root.Name != "assessmentitem" {
		rep.fail(root, "qti.not_an_item", "element", root.Tag)
		return it
	}
	it.Identifier, it.Title = strings.TrimSpace(root.attr("identifier")), root.attr("title")
	it.Language = root.attr("xml:lang")
	it.Adaptive, it.TimeDependent = root.flag("adaptive", false), root.flag("timedependent", false)
	if it.Identifier == "" {
		rep.warn(root, "qti.attribute_absent", "element", root.Tag, "name", "identifier")
	}
	c := &compiler{reporter: rep, vars: it.vars, read: src.reader(rep)}
	it.declare(c)
	for _, e := range root.elements() {
		it.part(c, e)
	}
	// A response processing that sets undeclared outcomes adds variables, so it
	// comes before the checks of what is shown.
	it.checkInteractions(rep)
	it.checkCorrect(rep)
	it.checkFeedback(rep)
	return it
}

// declare reads the declarations first: rules may come before them.
func (it *Item) declare(c *compiler) {
	for _, e := range it.root.elements() {
		switch e.Name {
		case "responsedeclaration":
			it.vars.declare(c.reporter, e, ResponseKind)
		case "outcomedeclaration":
			it.vars.declare(c.reporter, e, OutcomeKind)
		case "templatedeclaration":
			it.vars.declare(c.reporter, e, TemplateKind)
		case "contextdeclaration":
			it.vars.declare(c.reporter, e, ContextKind)
		}
	}
}

func (it *Item) part(c *compiler, e *Element) {
	switch e.Name {
	case "responsedeclaration", "outcomedeclaration", "templatedeclaration", "contextdeclaration":
	case "templateprocessing":
		if it.template != nil {
			c.fail(e, "qti.element_twice", "element", e.Tag)
			return
		}
		c.scope = inTemplate
		it.template = c.rules(e, 0)
	case "responseprocessing":
		if it.processed {
			c.fail(e, "qti.element_twice", "element", e.Tag)
			return
		}
		it.processed = true
		it.response = c.responseProcessing(e)
	case "itembody":
		if it.body != nil {
			c.fail(e, "qti.element_twice", "element", e.Tag)
			return
		}
		it.body = e
		it.Interactions = readInteractions(c.reporter, it.vars, e)
		for _, in := range it.Interactions {
			if i := it.vars.find(in.Response); in.Kind == "endAttemptInteraction" && i >= 0 {
				it.ends = append(it.ends, i)
			}
		}
	case "modalfeedback":
		it.feedback = append(it.feedback, e)
	case "assessmentstimulusref":
		it.Stimuli = append(it.Stimuli, StimulusRef{Identifier: e.attr("identifier"), Href: e.attr("href")})
	case "stylesheet", "companionmaterialsinfo", "cataloginfo", "apipaccessibility", "itemfileinfo", "metadata":
	default:
		c.warn(e, "qti.unknown_element", "element", e.Tag)
	}
}

// reader gives the compiler the documents beside this one, by relative path
// within the same file system.
func (s Source) reader(rep *reporter) func(string) (*Element, string) {
	if s.FS == nil {
		return nil
	}
	return func(href string) (*Element, string) {
		name, ok := s.beside(href)
		if !ok {
			return nil, ""
		}
		data, err := readLimited(s.FS, name)
		if err != nil {
			return nil, ""
		}
		inner := &reporter{file: name}
		root := readTree(inner, data)
		rep.list = append(rep.list, inner.list...)
		return root, name
	}
}

// beside resolves a relative reference of the document; ok is false for what
// leads out of the file system or to another machine.
func (s Source) beside(href string) (name string, ok bool) {
	href, _, _ = strings.Cut(strings.TrimSpace(href), "#")
	if href == "" || strings.Contains(href, ":") || strings.HasPrefix(href, "/") || strings.Contains(href, "\\") {
		return "", false
	}
	name = path.Join(path.Dir(s.Name), unescapePath(href))
	return name, fs.ValidPath(name)
}

// documentVersion tells the version by the namespace, or by the names when the
// namespace is absent or unknown.
func documentVersion(rep *reporter, root *Element) string {
	if v, ok := versionOf(root.Space); ok {
		if (v == "3.0") != strings.HasPrefix(root.Tag, "qti-") {
			rep.warn(root, "qti.names_of_other_version", "version", v)
		}
		return v
	}
	if root.Space == "" {
		rep.warn(root, "qti.namespace_absent")
	} else {
		rep.warn(root, "qti.namespace_unknown", "value", root.Space)
	}
	if strings.HasPrefix(root.Tag, "qti-") {
		return "3.0"
	}
	return "2.1"
}

// Variable gives a declaration of the item, or nil.
func (it *Item) Variable(identifier string) *Variable {
	if i := it.vars.find(identifier); i >= 0 {
		return it.vars.list[i]
	}
	return nil
}

// Variables are the declarations of one kind, in the order declared, without the
// built-in ones.
func (it *Item) Variables(kind Kind) []*Variable {
	var out []*Variable
	for _, v := range it.vars.list {
		if v.Kind == kind && !v.BuiltIn {
			out = append(out, v)
		}
	}
	return out
}

// MaxScore is the most that SCORE can be, where the item lets one know it: its
// MAXSCORE, the normalMaximum of SCORE, or what its standard template can give.
func (it *Item) MaxScore() (float64, bool) {
	if v := it.Variable("MAXSCORE"); v != nil && v.Kind == OutcomeKind && !v.Default.IsNull() && v.Type.numeric() {
		return v.Default.List[0].X, true
	}
	if v := it.Variable("SCORE"); v != nil && v.Maximum != nil {
		return *v.Maximum, true
	}
	response := it.Variable("RESPONSE")
	if it.root == nil || response == nil {
		return 0, false
	}
	processing := it.root.child("responseprocessing")
	if processing == nil || len(processing.elements()) > 0 {
		return 0, false
	}
	switch uri := processing.attr("template"); strings.TrimSuffix(uri[strings.LastIndexByte(uri, '/')+1:], ".xml") {
	case "match_correct", "CC2_match":
		return 1, true
	case "map_response", "CC2_map_response":
		return response.Mapping.most(response.Cardinality)
	}
	return 0, false
}

// most is the highest sum a mapping can give, as if every entry could be chosen.
func (m *Mapping) most(c Cardinality) (float64, bool) {
	if m == nil {
		return 0, false
	}
	sum, highest := 0.0, m.Default
	for _, entry := range m.Entries {
		sum += max(0, entry.Value)
		highest = max(highest, entry.Value)
	}
	if c == Single {
		sum = highest
	}
	return clamp(sum, m.Lower, m.Upper), true
}
