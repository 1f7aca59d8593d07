package qti

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// viewer builds a Public part. What it does not know it leaves out: elements and
// attributes are let through by name.
type viewer struct {
	session   *ItemSession // nil for a stimulus
	src       Source
	rng       *rand.Rand
	key       *Key
	assets    map[string]string // file → public name
	choices   map[string]string // choice → public name
	responses map[string]string // response variable → public name
	ids       map[string]string // id of the document → public id
}

func (v *viewer) children(e *Element) []*Node {
	var out []*Node
	for _, c := range e.Children {
		out = append(out, v.node(c)...)
	}
	return out
}

// node gives the public form of an element: none, one, or its children alone.
func (v *viewer) node(e *Element) []*Node {
	switch {
	case e.Name == "":
		return []*Node{{Text: e.Text}}
	case e.Space == namespaceMathML:
		return v.math(e)
	case e.Space == namespaceSVG:
		return v.drawing(e)
	case interactionKind(e.Name) != "":
		return v.interaction(e)
	case isFeedback(e.Name):
		if v.session == nil || !v.session.visible(e, "outcomeidentifier") {
			return nil
		}
		return []*Node{{Tag: "feedback", Children: v.children(e)}}
	case isTemplateBlock(e.Name):
		if v.session == nil || !v.session.visible(e, "templateidentifier") {
			return nil
		}
		return v.children(e)
	}
	switch e.Name {
	case "printedvariable":
		if v.session == nil {
			return nil
		}
		return []*Node{{Text: printed(e, v.session)}}
	case "rubricblock":
		if view, has := e.lookup("view"); has && !slices.Contains(strings.Fields(view), "candidate") {
			return nil
		}
		return []*Node{{Tag: "rubric", Children: v.children(e)}}
	case "cataloginfo", "stylesheet", "apipaccessibility", "script", "style", "iframe", "embed", "templatevariable", "companionmaterialsinfo":
		return nil
	case "contentbody", "include", "infocontrol", "template", "a":
		// A link would leave the page; its words stay.
		return v.children(e)
	case "positionobjectstage":
		return []*Node{{Tag: "positionObjectStage", Children: v.children(e)}}
	}
	if isHTML(e.Name) {
		return []*Node{v.html(e)}
	}
	return v.children(e)
}

func (v *viewer) html(e *Element) *Node {
	n := &Node{Tag: e.Name}
	for _, a := range e.Attrs {
		switch a.Name {
		case "alt", "title", "role", "dir", "width", "height", "type", "colspan", "rowspan", "scope", "span", "start", "reversed",
			"controls", "aria-label", "aria-hidden", "cite", "datetime", "kind", "srclang":
			n.set(a.Name, a.Value)
		case "xml:lang", "lang":
			n.set("lang", a.Value)
		default:
			v.common(n, e, a)
		}
	}
	n.Children = v.children(e)
	return n
}

// common lets through classes of the shared vocabulary, ids under other names,
// and files under other names.
func (v *viewer) common(n *Node, e *Element, a Attr) {
	switch {
	case a.Name == "class":
		n.set("class", sharedClasses(a.Value))
	case a.Name == "id":
		n.set("id", v.id(a.Value))
	case a.Name == "for", a.Name == "headers", a.Name == "aria-labelledby", a.Name == "aria-describedby":
		ids := strings.Fields(a.Value)
		for i := range ids {
			ids[i] = v.id(ids[i])
		}
		n.set(a.Name, strings.Join(ids, " "))
	case assetAttribute(e, a.Name):
		v.asset(n, a.Value)
	}
}

func (n *Node) set(name, value string) {
	if value == "" {
		return
	}
	if n.Attrs == nil {
		n.Attrs = map[string]string{}
	}
	n.Attrs[name] = value
}

// sharedClasses keeps the classes that QTI 3 itself defines.
func sharedClasses(value string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(value), func(c string) bool { return !strings.HasPrefix(c, "qti-") }), " ")
}

func (v *viewer) id(own string) string {
	if v.ids[own] == "" {
		v.ids[own] = "i" + strconv.Itoa(len(v.ids)+1)
	}
	return v.ids[own]
}

// asset puts the public name of a file on a node. An inlined picture or sound
// stays; what is on another machine is left out.
func (v *viewer) asset(n *Node, href string) {
	href = strings.TrimSpace(href)
	if strings.HasPrefix(href, "data:image/") || strings.HasPrefix(href, "data:audio/") {
		n.set("inline", href)
		return
	}
	file, ok := v.src.beside(href)
	if !ok {
		return
	}
	if v.assets[file] == "" {
		name := "a" + strconv.Itoa(len(v.assets)+1)
		v.assets[file] = name
		v.key.Assets[name] = file
	}
	n.set("asset", v.assets[file])
}

// math copies MathML; a template variable marked for it becomes its value.
func (v *viewer) math(e *Element) []*Node {
	if v.session != nil && (e.Name == "mi" || e.Name == "ci") {
		if own := v.session.Item.Variable(strings.TrimSpace(e.content())); own != nil && own.Kind == TemplateKind && own.Math {
			tag := map[string]string{"mi": "mn", "ci": "cn"}[e.Name]
			return []*Node{{Tag: "math:" + tag, Children: []*Node{{Text: v.session.Value(own.Identifier).words()}}}}
		}
	}
	if e.Name == "annotation" || e.Name == "annotation-xml" {
		return nil
	}
	n := &Node{Tag: "math:" + e.Name}
	for _, a := range e.Attrs {
		if slices.Contains([]string{"display", "mathvariant", "stretchy", "fence", "separator", "open", "close", "separators", "linethickness", "columnalign", "rowalign", "accent", "accentunder", "notation", "scriptlevel", "displaystyle", "alttext", "lspace", "rspace", "width", "columnspan", "rowspan"}, a.Name) {
			n.set(a.Name, a.Value)
		}
	}
	n.Children = v.children(e)
	return []*Node{n}
}

// drawing copies SVG without scripts, links and foreign content; its ids and the
// references to them get other names.
func (v *viewer) drawing(e *Element) []*Node {
	switch e.Name {
	case "script", "foreignObject", "a", "style", "animate", "set", "image":
		return nil
	}
	n := &Node{Tag: "svg:" + e.Name}
	for _, a := range e.Attrs {
		value := a.Value
		switch {
		case strings.HasPrefix(a.Name, "on"), a.Name == "class", a.Name == "style", strings.HasPrefix(a.Name, "data-"):
			continue
		case a.Name == "id":
			value = v.id(value)
		case a.Name == "href":
			if !strings.HasPrefix(value, "#") {
				continue
			}
			value = "#" + v.id(value[1:])
		case strings.HasPrefix(value, "url("):
			own, ok := strings.CutPrefix(value, "url(#")
			own, closed := strings.CutSuffix(own, ")")
			if !ok || !closed {
				continue
			}
			value = "url(#" + v.id(own) + ")"
		}
		n.set(a.Tag, value)
	}
	n.Children = v.children(e)
	return []*Node{n}
}
