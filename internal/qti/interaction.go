package qti

import (
	"slices"
	"strconv"
	"strings"
)

// Interaction is one place of an item where a candidate answers.
type Interaction struct {
	Kind        string // the class of the model, as "choiceInteraction"
	Response    string // identifier of the response variable
	Shuffle     bool
	MaxChoices  int // 0 is no limit; what the class calls it varies
	MinChoices  int
	Choices     []Choice
	Targets     []Choice // second set of a match, gaps, places to associate with
	Lower       float64  // of a slider
	Upper       float64
	Step        float64
	Placeholder string
	Pattern     string
	Expected    int // expectedLength
	Lines       int // expectedLines
	Format      string
	// Sized says that the picture in whose pixels it is answered tells its size;
	// true where there is none.
	Sized bool
	Line  int

	element *Element
}

// Choice is one thing to choose, order, place or associate.
type Choice struct {
	Identifier string
	Fixed      bool
	MatchMax   int
	MatchMin   int
	Group      string
	Line       int
}

// interactionKind gives the class of an interaction element, or "".
func interactionKind(name string) string {
	switch name {
	case "choiceinteraction":
		return "choiceInteraction"
	case "orderinteraction":
		return "orderInteraction"
	case "associateinteraction":
		return "associateInteraction"
	case "matchinteraction":
		return "matchInteraction"
	case "gapmatchinteraction":
		return "gapMatchInteraction"
	case "inlinechoiceinteraction":
		return "inlineChoiceInteraction"
	case "textentryinteraction":
		return "textEntryInteraction"
	case "extendedtextinteraction":
		return "extendedTextInteraction"
	case "hottextinteraction":
		return "hottextInteraction"
	case "hotspotinteraction":
		return "hotspotInteraction"
	case "selectpointinteraction":
		return "selectPointInteraction"
	case "graphicorderinteraction":
		return "graphicOrderInteraction"
	case "graphicassociateinteraction":
		return "graphicAssociateInteraction"
	case "graphicgapmatchinteraction":
		return "graphicGapMatchInteraction"
	case "positionobjectinteraction":
		return "positionObjectInteraction"
	case "sliderinteraction":
		return "sliderInteraction"
	case "mediainteraction":
		return "mediaInteraction"
	case "drawinginteraction":
		return "drawingInteraction"
	case "uploadinteraction":
		return "uploadInteraction"
	case "endattemptinteraction":
		return "endAttemptInteraction"
	case "custominteraction":
		return "customInteraction"
	case "portablecustominteraction":
		return "portableCustomInteraction"
	}
	return ""
}

// bindings gives the cardinalities and base types that a class of interaction
// may be bound to; a nil list means any.
func bindings(kind string) (cardinalities []Cardinality, types []BaseType) {
	switch kind {
	case "choiceInteraction", "hottextInteraction", "hotspotInteraction":
		return []Cardinality{Single, Multiple}, []BaseType{Identifier}
	case "orderInteraction", "graphicOrderInteraction":
		return []Cardinality{Ordered}, []BaseType{Identifier}
	case "associateInteraction", "graphicAssociateInteraction":
		return []Cardinality{Single, Multiple}, []BaseType{Pair}
	case "matchInteraction", "gapMatchInteraction", "graphicGapMatchInteraction":
		return []Cardinality{Single, Multiple}, []BaseType{DirectedPair}
	case "inlineChoiceInteraction":
		return []Cardinality{Single}, []BaseType{Identifier}
	case "textEntryInteraction":
		return []Cardinality{Single, Record}, []BaseType{None, String, Integer, Float}
	case "extendedTextInteraction":
		return nil, []BaseType{None, String, Integer, Float}
	case "selectPointInteraction", "positionObjectInteraction":
		return []Cardinality{Single, Multiple}, []BaseType{Point}
	case "sliderInteraction":
		return []Cardinality{Single}, []BaseType{Integer, Float}
	case "mediaInteraction":
		return []Cardinality{Single}, []BaseType{Integer}
	case "drawingInteraction", "uploadInteraction":
		return []Cardinality{Single}, []BaseType{File}
	case "endAttemptInteraction":
		return []Cardinality{Single}, []BaseType{Boolean}
	}
	return nil, nil
}

func readInteractions(rep *reporter, vars *variables, body *Element) []*Interaction {
	var out []*Interaction
	stages := map[*Element]*Element{} // interaction → its stage
	body.walk(func(e *Element) bool {
		if e.Name == "positionobjectstage" {
			e.walk(func(c *Element) bool {
				stages[c] = e
				return true
			})
		}
		kind := interactionKind(e.Name)
		if kind == "" {
			if strings.HasSuffix(e.Name, "interaction") && !foreign(e.Space) {
				rep.fail(e, "qti.unknown_interaction", "element", e.Tag)
			}
			return true
		}
		in := readInteraction(rep, kind, e)
		stage := stages[e]
		in.Sized = true
		switch kind {
		case "positionObjectInteraction":
			in.Sized = stage != nil && sized(stage)
		case "hotspotInteraction", "selectPointInteraction", "graphicOrderInteraction", "graphicAssociateInteraction", "graphicGapMatchInteraction", "drawingInteraction":
			in.Sized = sized(e)
		}
		out = append(out, in)
		return true
	})
	return out
}

// sized says whether the first picture right inside an element tells its size.
func sized(e *Element) bool {
	for _, c := range e.elements() {
		if c.Name == "object" || c.Name == "img" {
			return atoi(c.attr("width")) > 0 && atoi(c.attr("height")) > 0
		}
	}
	return false
}

func readInteraction(rep *reporter, kind string, e *Element) *Interaction {
	in := &Interaction{
		Kind: kind, Response: strings.TrimSpace(e.attr("responseidentifier")), Shuffle: e.flag("shuffle", false),
		Placeholder: e.attr("placeholdertext"), Pattern: e.attr("patternmask"), Format: e.attr("format"), Line: e.Line, element: e,
	}
	count := func(names ...string) int {
		for _, name := range names {
			if s, has := e.lookup(name); has {
				n, err := strconv.Atoi(strings.TrimSpace(s))
				if err != nil || n < 0 {
					rep.warn(e, "qti.bad_value", "name", name, "value", s)
					return 0
				}
				return n
			}
		}
		return -1
	}
	in.MaxChoices = count("maxchoices", "maxassociations", "maxplays", "maxstrings")
	if in.MaxChoices < 0 {
		in.MaxChoices = defaultMaximum(kind)
	}
	in.MinChoices = max(0, count("minchoices", "minassociations", "minplays", "minstrings"))
	in.Expected, in.Lines = max(0, count("expectedlength")), max(0, count("expectedlines"))
	if kind == "sliderInteraction" {
		in.Lower, in.Upper = rep.number(e, "lowerbound", 0), rep.number(e, "upperbound", 0)
		in.Step = rep.number(e, "step", 0)
		if in.Upper <= in.Lower {
			rep.warn(e, "qti.bounds_crossed")
		}
	}
	in.readChoices(rep)
	return in
}

// defaultMaximum is the schema's default of maxChoices or maxAssociations.
func defaultMaximum(kind string) int {
	switch kind {
	case "choiceInteraction", "hottextInteraction", "hotspotInteraction", "selectPointInteraction",
		"matchInteraction", "associateInteraction", "graphicAssociateInteraction":
		return 1
	}
	return 0
}

func (in *Interaction) readChoices(rep *reporter) {
	sets := 0
	seen := map[string]bool{}
	add := func(to *[]Choice, e *Element) {
		c := Choice{
			Identifier: strings.TrimSpace(e.attr("identifier")), Fixed: e.flag("fixed", false),
			MatchMax: atoi(e.attr("matchmax")), MatchMin: atoi(e.attr("matchmin")), Group: e.attr("matchgroup"), Line: e.Line,
		}
		switch {
		case c.Identifier == "":
			rep.fail(e, "qti.attribute_absent", "element", e.Tag, "name", "identifier")
		case seen[c.Identifier]:
			rep.fail(e, "qti.declared_twice", "name", c.Identifier)
		}
		seen[c.Identifier] = true
		*to = append(*to, c)
	}
	for _, child := range in.element.Children {
		child.walk(func(e *Element) bool {
			switch e.Name {
			case "simplematchset":
				sets++
			case "simplechoice", "hottext", "inlinechoice", "gaptext", "gapimg", "hotspotchoice":
				add(&in.Choices, e)
			case "simpleassociablechoice":
				if sets == 2 {
					add(&in.Targets, e)
				} else {
					add(&in.Choices, e)
				}
			case "gap", "associablehotspot":
				if in.Kind == "graphicAssociateInteraction" {
					add(&in.Choices, e)
				} else {
					add(&in.Targets, e)
				}
			}
			return interactionKind(e.Name) == ""
		})
	}
	if in.Kind == "matchInteraction" && sets != 2 {
		rep.fail(in.element, "qti.match_sets", "given", sets)
	}
}

func atoi(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 0
	}
	return n
}

// checkInteractions holds interactions against the variables they are bound to.
func (it *Item) checkInteractions(rep *reporter) {
	bound := map[string]bool{}
	for _, in := range it.Interactions {
		v := it.Variable(in.Response)
		switch {
		case in.Response == "":
			rep.fail(in.element, "qti.attribute_absent", "element", in.element.Tag, "name", "responseIdentifier")
			continue
		case v == nil || v.Kind != ResponseKind:
			rep.fail(in.element, "qti.undeclared", "name", in.Response)
			continue
		case bound[in.Response]:
			rep.warn(in.element, "qti.bound_twice", "name", in.Response)
		}
		bound[in.Response] = true
		cardinalities, types := bindings(in.Kind)
		if cardinalities != nil && !slices.Contains(cardinalities, v.Cardinality) {
			rep.warn(in.element, "qti.bound_cardinality", "name", in.Response, "given", v.Cardinality.String())
		}
		if types != nil && !slices.Contains(types, v.Type) {
			rep.warn(in.element, "qti.bound_type", "name", in.Response, "given", v.Type.String())
		}
		if v.Cardinality == Single && in.MaxChoices != 1 && in.Kind == "choiceInteraction" {
			rep.note(in.element, "qti.single_of_many", "name", in.Response)
		}
		it.checkKey(rep, in, v)
	}
}

// checkKey says when a correct response or a mapped key names no choice.
func (it *Item) checkKey(rep *reporter, in *Interaction, v *Variable) {
	if len(in.Choices)+len(in.Targets) == 0 {
		return
	}
	known := map[string]bool{}
	for _, c := range in.Choices {
		known[c.Identifier] = true
	}
	for _, c := range in.Targets {
		known[c.Identifier] = true
	}
	check := func(s Scalar) {
		for _, id := range []string{s.Text, s.Second} {
			if id != "" && !known[id] {
				rep.add(Warning, v.Line, "responseDeclaration", "qti.key_names_no_choice", "name", v.Identifier, "value", id)
			}
		}
	}
	if v.Type != Identifier && v.Type != Pair && v.Type != DirectedPair {
		return
	}
	for _, s := range v.Correct.List {
		check(s)
	}
	if v.Mapping != nil {
		for _, entry := range v.Mapping.Entries {
			check(entry.Key)
		}
	}
}
