package qti

import "slices"

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
	step
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
	step

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
	step

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

// step is what parts, sections and items have in common.
type step struct {
	Control Control
	Limits  *TimeLimits

	conditions []eval
	branches   []branchRule
}

// Conditional says that it is given only when its preconditions hold.
func (n *step) Conditional() bool { return len(n.conditions) > 0 }

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

// Tuned says that some item is given other template defaults by the test, which
// may hang on the outcomes so far.
func (t *Test) Tuned() bool {
	return slices.ContainsFunc(t.Items(), func(ref *ItemRef) bool { return len(ref.defaults) > 0 })
}

// Items are the references of all parts, in the order written.
func (t *Test) Items() []*ItemRef {
	var out []*ItemRef
	for _, p := range t.Parts {
		out = append(out, p.Items()...)
	}
	return out
}

// Items are the references of a part, in the order written.
func (p *Part) Items() []*ItemRef {
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
	for _, s := range p.Sections {
		visit(s.Children)
	}
	return out
}
