package qti

import (
	"slices"
	"strconv"
	"strings"
)

// interaction gives the public form of an interaction: its class, how it works,
// and its choices, named and ordered anew.
func (v *viewer) interaction(e *Element) []*Node {
	if v.session == nil {
		return nil
	}
	kind := interactionKind(e.Name)
	n := &Node{Tag: kind}
	v.settings(n, e)
	id := strings.TrimSpace(e.attr("responseidentifier"))
	n.set("response", v.response(id))
	if declared := v.session.Item.Variable(id); kind == "positionObjectInteraction" && declared != nil {
		n.set("maxChoices", positions(declared, e))
	}
	if kind == "customInteraction" || kind == "portableCustomInteraction" {
		// Its markup belongs to a script that the page does not run, and may hold
		// the key.
		v.key.Unrendered = append(v.key.Unrendered, v.responses[id])
		return []*Node{n}
	}
	outer := v.current
	v.current = id
	if v.session.Item.Adaptive {
		// What a turn shows or hides elsewhere leaves these choices in their order.
		v.rng = newRandom(v.session.seed ^ hashText(id))
	}
	n.Children = v.inside(e, v.arranged(kind, e))
	v.current = outer
	v.initial(n, id)
	return []*Node{n}
}

// positions is how often a picture may be put on its stage, 0 for no limit. The
// attribute's default changed from version to version; the variable decides.
func positions(to *Variable, e *Element) string {
	most, said := e.lookup("maxchoices")
	switch {
	case to.Cardinality == Single:
		return "1"
	case said:
		return strconv.Itoa(max(0, atoi(most)))
	}
	return "0"
}

func (v *viewer) response(id string) string {
	if v.responses[id] == "" {
		name := "r" + strconv.Itoa(len(v.responses)+1)
		v.responses[id] = name
		v.key.Responses[name] = id
	}
	return v.responses[id]
}

// workings are the attributes that say how an interaction or a choice works, as
// the browser gets them.
func workings() []string {
	return []string{
		"maxChoices", "minChoices", "maxAssociations", "minAssociations", "maxPlays", "minPlays", "maxStrings", "minStrings",
		"orientation", "lowerBound", "upperBound", "step", "stepLabel", "reverse", "expectedLines", "format", "placeholderText",
		"matchMax", "matchMin", "shape", "coords", "hotspotLabel", "objectLabel", "autostart", "loop", "type", "centerPoint",
		"required", "base", "title", "aria-label",
	}
}

// settings copies those attributes.
func (v *viewer) settings(n *Node, e *Element) {
	for _, a := range e.Attrs {
		switch a.Name {
		case "expectedlength":
			n.set("expectedLength", roundedLength(a.Value))
		case "class":
			n.set("class", sharedClasses(a.Value))
		default:
			for _, name := range workings() {
				if strings.EqualFold(name, a.Name) {
					n.set(name, a.Value)
				}
			}
		}
	}
}

// inside gives the children of an interaction or of a set of choices.
func (v *viewer) inside(e *Element, children []*Element) []*Node {
	var out []*Node
	for _, c := range children {
		switch c.Name {
		case "prompt":
			out = append(out, &Node{Tag: "prompt", Children: v.children(c)})
		case "simplematchset":
			out = append(out, &Node{Tag: "matchSet", Children: v.inside(c, v.shuffled(c, e.flag("shuffle", false) || v.telling(e)))})
		case "simplechoice", "simpleassociablechoice", "inlinechoice", "gaptext", "gapimg", "hotspotchoice", "associablehotspot", "hottext", "gap":
			out = append(out, v.choice(c)...)
		case "":
			// White space between choices says nothing.
			if strings.TrimSpace(c.Text) != "" {
				out = append(out, &Node{Text: c.Text})
			}
		default:
			out = append(out, v.flow(c)...)
		}
	}
	return out
}

// flow is content in which gaps and hot texts stand among words.
func (v *viewer) flow(e *Element) []*Node {
	within := func() []*Node {
		var out []*Node
		for _, c := range e.Children {
			out = append(out, v.flow(c)...)
		}
		return out
	}
	switch {
	case e.Name == "":
		return []*Node{{Text: spaced(e.Text)}}
	case foreign(e.Space):
		return v.node(e)
	case e.Name == "gap" || e.Name == "hottext":
		return v.choice(e)
	case e.Name == "contentbody":
		return within()
	case isFeedback(e.Name) && v.session.visible(e, "outcomeidentifier"), isTemplateBlock(e.Name) && v.session.visible(e, "templateidentifier"):
		return within()
	case isHTML(e.Name) && e.Name != "a":
		n := v.html(&Element{Name: e.Name, Tag: e.Tag, Space: e.Space, Attrs: e.Attrs})
		n.Children = within()
		return []*Node{n}
	}
	return v.node(e)
}

// choice gives a choice under its public name, or nothing when a template
// variable hides it.
func (v *viewer) choice(e *Element) []*Node {
	if v.hidden(e) {
		return nil
	}
	tag := map[string]string{
		"simplechoice": "choice", "simpleassociablechoice": "choice", "inlinechoice": "choice", "gaptext": "choice", "gapimg": "choice",
		"hotspotchoice": "hotspot", "associablehotspot": "hotspot", "hottext": "hottext", "gap": "gap",
	}[e.Name]
	n := &Node{Tag: tag}
	v.settings(n, e)
	name := own{v.current, strings.TrimSpace(e.attr("identifier"))}
	if v.choices[name] == "" {
		v.choices[name] = "c" + strconv.Itoa(len(v.choices)+1)
		v.key.Choices[v.choices[name]] = name.choice
	}
	n.set("id", v.choices[name])
	n.Children = v.children(e)
	return []*Node{n}
}

// arranged gives the children of an interaction in the order of this session.
func (v *viewer) arranged(kind string, e *Element) []*Element {
	switch kind {
	case "choiceInteraction", "orderInteraction", "associateInteraction", "inlineChoiceInteraction", "gapMatchInteraction":
		return v.shuffled(e, e.flag("shuffle", false) || v.telling(e))
	}
	return e.Children
}

// shuffled shuffles the choices among the children of e; what is fixed, and what
// is no choice, keeps its place.
func (v *viewer) shuffled(e *Element, shuffle bool) []*Element {
	children := slices.Clone(e.Children)
	if !shuffle {
		return children
	}
	shuffleFree(v.rng, children, func(c *Element) bool {
		switch c.Name {
		case "simplechoice", "simpleassociablechoice", "inlinechoice", "gaptext", "gapimg":
			return v.hidden(c) || c.flag("fixed", false)
		}
		return true
	})
	return children
}

// hidden says whether a choice hangs on a template variable that hides it.
func (v *viewer) hidden(c *Element) bool {
	return c.attr("templateidentifier") != "" && !v.session.visible(c, "templateidentifier")
}

// initial puts the value a candidate finds, unless it is the key.
func (v *viewer) initial(n *Node, id string) {
	value := v.session.Value(id)
	correct := v.session.Correct(id)
	if value.IsNull() || !correct.IsNull() && sameValue(value, correct) && v.session.Attempted == 0 {
		return
	}
	declared := v.session.Item.Variable(id)
	if declared == nil || v.session.Attempted == 0 && declared.Mapping != nil && declared.Mapping.apply(value) > 0 {
		return
	}
	if s, ok := v.publicValue(id, value); ok {
		n.set("value", s)
	}
}

// telling says that an interaction that is not to be shuffled stands in the order
// of its key: it is then shuffled all the same (ledger, "order that tells").
func (v *viewer) telling(e *Element) bool {
	correct := v.session.Correct(strings.TrimSpace(e.attr("responseidentifier")))
	if correct.IsNull() || len(correct.List) < 2 {
		return false
	}
	place := map[string]int{}
	e.walk(func(c *Element) bool {
		if id := c.attr("identifier"); id != "" {
			place[strings.TrimSpace(id)] = len(place)
		}
		return true
	})
	rising := true
	switch interactionKind(e.Name) {
	case "orderInteraction":
		for i := 1; i < len(correct.List); i++ {
			rising = rising && place[correct.List[i-1].Text] < place[correct.List[i].Text]
		}
	case "matchInteraction", "gapMatchInteraction":
		pairs := slices.Clone(correct.List)
		slices.SortStableFunc(pairs, func(a, b Scalar) int { return place[a.Text] - place[b.Text] })
		for i := 1; i < len(pairs); i++ {
			rising = rising && place[pairs[i-1].Second] < place[pairs[i].Second]
		}
	case "associateInteraction":
		for _, s := range correct.List {
			d := place[s.Text] - place[s.Second]
			rising = rising && (d == 1 || d == -1)
		}
	default:
		return false
	}
	return rising
}
