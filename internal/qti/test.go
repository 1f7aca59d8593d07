package qti

import (
	"strconv"
	"strings"
)

// Test is an assessmentTest with the items it refers to. It is read-only.
type Test struct {
	Identifier string
	Title      string
	Version    string
	File       string
	Parts      []*Part
	Limits     *TimeLimits
	Findings   Findings // of the test and of its items

	root     *Element
	vars     *variables
	refs     map[string]*ItemRef
	outcome  []rule
	feedback []*Element
}

// Part is a testPart.
type Part struct {
	Identifier   string
	Linear       bool // navigationMode; otherwise one moves freely
	Simultaneous bool // submissionMode; otherwise each item is submitted by itself
	Sections     []*Section
	node
	feedback []*Element
}

// Section is an assessmentSection. Of its children the selection and ordering are
// made anew in each session.
type Section struct {
	Identifier   string
	Title        string
	Visible      bool
	Required     bool
	Fixed        bool
	KeepTogether bool
	Select       int // how many children; -1 is all
	Replacement  bool
	Shuffle      bool
	Children     []Child
	node

	element *Element
}

// Child of a section is either a section or an item.
type Child struct {
	Section *Section
	Item    *ItemRef
}

func (c Child) fixed() bool {
	if c.Section != nil {
		return c.Section.Fixed
	}
	return c.Item.Fixed
}

func (c Child) required() bool {
	if c.Section != nil {
		return c.Section.Required
	}
	return c.Item.Required
}

// ItemRef is an assessmentItemRef.
type ItemRef struct {
	Identifier string
	Href       string
	Required   bool
	Fixed      bool
	Categories []string
	Weights    map[string]float64
	Item       *Item // nil when it could not be read
	node

	mappings map[string]string // the test's name of a variable → the item's
	element  *Element
	defaults []templateDefault
}

type templateDefault struct {
	variable string
	value    eval
	element  *Element
}

// weight is 1 when the item has none of that name.
func (ref *ItemRef) weight(name string) float64 {
	if w, ok := ref.Weights[name]; ok {
		return w
	}
	return 1
}

// variable gives the item's name of a variable that the test calls name.
func (ref *ItemRef) variable(name string) string {
	if own, ok := ref.mappings[name]; ok {
		return own
	}
	return name
}

// node is what parts, sections and items have in common.
type node struct {
	Control Control
	Limits  *TimeLimits

	conditions []eval
	branches   []branchRule
}

type branchRule struct {
	target string
	when   eval
}

// Control is an itemSessionControl; what is not said is inherited.
type Control struct {
	MaxAttempts       int // 0 is no limit
	ShowFeedback      bool
	AllowReview       bool
	ShowSolution      bool
	AllowComment      bool
	AllowSkipping     bool
	ValidateResponses bool
}

// TimeLimits in seconds; 0 is none.
type TimeLimits struct {
	Minimum, Maximum float64
	AllowLate        bool
}

// ReadTest reads a test and the items it refers to, from src.FS.
func ReadTest(src Source, data []byte) *Test {
	rep := &reporter{file: src.Name}
	root := readTree(rep, data)
	return testOf(src, rep, root)
}

func testOf(src Source, rep *reporter, root *Element) *Test {
	t := &Test{File: src.Name, root: root, refs: map[string]*ItemRef{}, vars: newVariables()}
	defer func() { t.Findings = append(rep.list, t.Findings...) }()
	if root == nil {
		return t
	}
	t.Version = documentVersion(rep, root)
	if root.Name != "assessmenttest" {
		rep.fail(root, "qti.not_a_test", "element", root.Tag)
		return t
	}
	t.Identifier, t.Title = strings.TrimSpace(root.attr("identifier")), root.attr("title")
	b := &testReader{test: t, rep: rep, src: src, items: map[string]*Item{}, seen: map[string]bool{}}
	b.read()
	return t
}

// testReader builds a Test: first the structure, then the rules, which may name
// any item.
type testReader struct {
	test  *Test
	rep   *reporter
	src   Source
	items map[string]*Item // by file
	seen  map[string]bool  // identifiers of parts, sections and items
	count int
	// rules to compile once the structure is known
	later []func(*compiler)
}

// maxReferences bounds the items of a test.
const maxReferences = 5_000

func (b *testReader) read() {
	t, root := b.test, b.test.root
	var processing *Element
	for _, e := range root.elements() {
		switch e.Name {
		case "outcomedeclaration":
			t.vars.declare(b.rep, e, OutcomeKind)
		case "contextdeclaration":
			t.vars.declare(b.rep, e, ContextKind)
		case "timelimits":
			t.Limits = b.limits(e)
		case "testpart":
			t.Parts = append(t.Parts, b.part(e))
		case "outcomeprocessing":
			if processing != nil {
				b.rep.fail(e, "qti.element_twice", "element", e.Tag)
				continue
			}
			processing = e
		case "testfeedback":
			t.feedback = append(t.feedback, e)
		case "stylesheet", "rubricblock", "metadata":
		case "assessmentsection":
			// A test of QTI 3 may have a single part left out.
			b.rep.warn(e, "qti.part_absent")
			p := &Part{Identifier: "part", node: node{Control: defaultControl()}}
			p.Sections = []*Section{b.section(e, p.Control, b.src)}
			t.Parts = append(t.Parts, p)
		default:
			b.rep.warn(e, "qti.unknown_element", "element", e.Tag)
		}
	}
	if len(t.Parts) == 0 {
		b.rep.fail(root, "qti.test_empty")
	}
	c := &compiler{reporter: b.rep, vars: t.vars, scope: inOutcome, refs: t.refs, timed: b.seen, read: b.src.reader(b.rep)}
	for _, compile := range b.later {
		compile(c)
	}
	if processing != nil {
		t.outcome = c.outcomeProcessing(processing)
	}
	b.checkFeedback()
}

// outcomeProcessing compiles the rules of a test. A template may be named by
// location only: the standard fixes none.
func (c *compiler) outcomeProcessing(e *Element) []rule {
	if location := e.attr("templatelocation"); location != "" && len(e.elements()) == 0 {
		if root, _ := c.other(location); root != nil {
			return c.rules(root, 0)
		}
		c.fail(e, "qti.template_unknown", "uri", location)
	}
	return c.rules(e, 0)
}

func defaultControl() Control {
	return Control{MaxAttempts: 1, AllowReview: true, AllowSkipping: true}
}

func (b *testReader) control(e *Element, from Control) Control {
	from.ShowFeedback = e.flag("showfeedback", from.ShowFeedback)
	from.AllowReview = e.flag("allowreview", from.AllowReview)
	from.ShowSolution = e.flag("showsolution", from.ShowSolution)
	from.AllowComment = e.flag("allowcomment", from.AllowComment)
	from.AllowSkipping = e.flag("allowskipping", from.AllowSkipping)
	from.ValidateResponses = e.flag("validateresponses", from.ValidateResponses)
	if s, has := e.lookup("maxattempts"); has {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 0 {
			b.rep.fail(e, "qti.bad_value", "name", "maxAttempts", "value", s)
			return from
		}
		from.MaxAttempts = n
	}
	return from
}

func (b *testReader) limits(e *Element) *TimeLimits {
	l := &TimeLimits{Minimum: b.rep.number(e, "mintime", 0), Maximum: b.rep.number(e, "maxtime", 0), AllowLate: e.flag("allowlatesubmission", false)}
	if l.Maximum > 0 && l.Minimum > l.Maximum {
		b.rep.warn(e, "qti.bounds_crossed")
	}
	return l
}

// name reads and registers the identifier of a part, section or item.
func (b *testReader) name(e *Element) string {
	id := strings.TrimSpace(e.attr("identifier"))
	switch {
	case id == "":
		b.rep.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "identifier")
	case b.seen[id]:
		b.rep.fail(e, "qti.declared_twice", "name", id)
	}
	b.seen[id] = true
	return id
}

// common reads what parts, sections and items share. It says whether e was of
// that sort.
func (b *testReader) common(n *node, e *Element) bool {
	switch e.Name {
	case "itemsessioncontrol":
		n.Control = b.control(e, n.Control)
	case "timelimits":
		n.Limits = b.limits(e)
	case "precondition":
		b.later = append(b.later, func(c *compiler) { n.conditions = append(n.conditions, c.operands(e, 1, 1)[0]) })
	case "branchrule":
		b.later = append(b.later, func(c *compiler) {
			target := strings.TrimSpace(e.attr("target"))
			if !b.seen[target] && !strings.HasPrefix(target, "EXIT_") {
				b.rep.fail(e, "qti.undeclared", "name", target)
			}
			n.branches = append(n.branches, branchRule{target: target, when: c.operands(e, 1, 1)[0]})
		})
	default:
		return false
	}
	return true
}

func (b *testReader) part(e *Element) *Part {
	p := &Part{Identifier: b.name(e), node: node{Control: defaultControl()}}
	switch mode := strings.TrimSpace(e.attr("navigationmode")); mode {
	case "linear":
		p.Linear = true
	case "nonlinear":
	default:
		b.rep.warn(e, "qti.bad_value", "name", "navigationMode", "value", mode)
	}
	switch mode := strings.TrimSpace(e.attr("submissionmode")); mode {
	case "simultaneous":
		p.Simultaneous = true
	case "individual":
	default:
		b.rep.warn(e, "qti.bad_value", "name", "submissionMode", "value", mode)
	}
	b.controlFirst(&p.node, e)
	for _, c := range e.elements() {
		switch {
		case b.common(&p.node, c):
		case c.Name == "assessmentsection":
			p.Sections = append(p.Sections, b.section(c, p.Control, b.src))
		case c.Name == "assessmentsectionref":
			if s := b.sectionRef(c, p.Control, b.src); s != nil {
				p.Sections = append(p.Sections, s)
			}
		case c.Name == "testfeedback":
			p.feedback = append(p.feedback, c)
		case c.Name == "rubricblock":
		default:
			b.rep.warn(c, "qti.unknown_element", "element", c.Tag)
		}
	}
	return p
}

// controlFirst reads the session control before the children that inherit it,
// wherever it stands.
func (b *testReader) controlFirst(n *node, e *Element) {
	if c := e.child("itemsessioncontrol"); c != nil {
		n.Control = b.control(c, n.Control)
	}
}

func (b *testReader) section(e *Element, control Control, src Source) *Section {
	s := &Section{
		Identifier: b.name(e), Title: e.attr("title"), Visible: e.flag("visible", true), Required: e.flag("required", false),
		Fixed: e.flag("fixed", false), KeepTogether: e.flag("keeptogether", true), Select: -1, node: node{Control: control}, element: e,
	}
	b.controlFirst(&s.node, e)
	for _, c := range e.elements() {
		switch {
		case b.common(&s.node, c):
		case c.Name == "selection":
			s.Select, s.Replacement = int(b.rep.number(c, "select", 0)), c.flag("withreplacement", false)
		case c.Name == "ordering":
			s.Shuffle = c.flag("shuffle", false)
		case c.Name == "rubricblock":
		case c.Name == "assessmentsection":
			s.Children = append(s.Children, Child{Section: b.section(c, s.Control, src)})
		case c.Name == "assessmentsectionref":
			if inner := b.sectionRef(c, s.Control, src); inner != nil {
				s.Children = append(s.Children, Child{Section: inner})
			}
		case c.Name == "assessmentitemref":
			if ref := b.itemRef(c, s.Control, src); ref != nil {
				s.Children = append(s.Children, Child{Item: ref})
			}
		default:
			b.rep.warn(c, "qti.unknown_element", "element", c.Tag)
		}
	}
	if s.Select > len(s.Children) && !s.Replacement {
		b.rep.warn(e, "qti.select_too_many", "given", s.Select, "have", len(s.Children))
		s.Select = len(s.Children)
	}
	required := 0
	for _, c := range s.Children {
		if c.required() {
			required++
		}
	}
	if s.Select >= 0 && s.Select < required {
		b.rep.fail(e, "qti.select_too_few", "given", s.Select, "required", required)
	}
	return s
}

// sectionRef reads a section from a document of its own.
func (b *testReader) sectionRef(e *Element, control Control, src Source) *Section {
	name, ok := src.beside(e.attr("href"))
	b.count++
	if !ok || src.FS == nil || b.count > maxReferences || b.seen["file "+name] {
		b.rep.fail(e, "qti.reference_unreadable", "href", e.attr("href"))
		return nil
	}
	b.seen["file "+name] = true
	data, err := readLimited(src.FS, name)
	if err != nil {
		b.rep.fail(e, "qti.reference_unreadable", "href", e.attr("href"))
		return nil
	}
	outer := b.rep.file
	b.rep.file = name
	defer func() { b.rep.file = outer }()
	root := readTree(b.rep, data)
	if root == nil || root.Name != "assessmentsection" {
		b.rep.fail(e, "qti.reference_unreadable", "href", e.attr("href"))
		return nil
	}
	return b.section(root, control, Source{FS: src.FS, Name: name})
}

func (b *testReader) itemRef(e *Element, control Control, src Source) *ItemRef {
	ref := &ItemRef{
		Identifier: b.name(e), Href: e.attr("href"), Required: e.flag("required", false), Fixed: e.flag("fixed", false),
		Categories: strings.Fields(e.attr("category")), Weights: map[string]float64{}, mappings: map[string]string{},
		node: node{Control: control}, element: e,
	}
	b.controlFirst(&ref.node, e)
	b.test.refs[ref.Identifier] = ref
	for _, c := range e.elements() {
		switch {
		case b.common(&ref.node, c):
		case c.Name == "weight":
			ref.Weights[strings.TrimSpace(c.attr("identifier"))] = b.rep.number(c, "value", 1)
		case c.Name == "variablemapping":
			ref.mappings[strings.TrimSpace(c.attr("targetidentifier"))] = strings.TrimSpace(c.attr("sourceidentifier"))
		case c.Name == "templatedefault":
			b.later = append(b.later, func(comp *compiler) {
				ref.defaults = append(ref.defaults, templateDefault{strings.TrimSpace(c.attr("templateidentifier")), comp.operands(c, 1, 1)[0], c})
			})
		default:
			b.rep.warn(c, "qti.unknown_element", "element", c.Tag)
		}
	}
	ref.Item = b.item(e, src)
	return ref
}

// item reads the item of a reference, once for all that share it.
func (b *testReader) item(e *Element, src Source) *Item {
	name, ok := src.beside(e.attr("href"))
	b.count++
	if !ok || src.FS == nil || b.count > maxReferences {
		b.rep.fail(e, "qti.reference_unreadable", "href", e.attr("href"))
		return nil
	}
	if it, ok := b.items[name]; ok {
		return it
	}
	data, err := readLimited(src.FS, name)
	if err != nil {
		b.rep.fail(e, "qti.reference_unreadable", "href", e.attr("href"))
		return nil
	}
	it := ReadItem(Source{FS: src.FS, Name: name}, data)
	b.items[name] = it
	b.test.Findings = append(b.test.Findings, it.Findings...)
	return it
}

func (b *testReader) checkFeedback() {
	check := func(list []*Element) {
		for _, e := range list {
			if b.test.vars.find(e.attr("outcomeidentifier")) < 0 {
				b.rep.warn(e, "qti.undeclared", "name", e.attr("outcomeidentifier"))
			}
			if a := e.attr("access"); a != "atEnd" && a != "during" {
				b.rep.warn(e, "qti.bad_value", "name", "access", "value", a)
			}
		}
	}
	check(b.test.feedback)
	for _, p := range b.test.Parts {
		check(p.feedback)
	}
}

// Items are the references of the test, in the order written.
func (t *Test) Items() []*ItemRef {
	var out []*ItemRef
	var visit func(children []Child)
	visit = func(children []Child) {
		for _, c := range children {
			if c.Item != nil {
				out = append(out, c.Item)
				continue
			}
			visit(c.Section.Children)
		}
	}
	for _, p := range t.Parts {
		for _, s := range p.Sections {
			visit(s.Children)
		}
	}
	return out
}
