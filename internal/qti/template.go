package qti

import (
	"path"
	"strings"
)

// responseProcessing compiles the rules of an item, its own or those of the
// standard template it names.
func (c *compiler) responseProcessing(e *Element) []rule {
	c.scope = inResponse
	if rules := c.rules(e, 0); len(rules) > 0 || len(e.elements()) > 0 {
		return rules
	}
	uri := strings.TrimSpace(e.attr("template"))
	location := strings.TrimSpace(e.attr("templatelocation"))
	if uri == "" && location == "" {
		return nil
	}
	name := strings.TrimSuffix(path.Base(uri), ".xml")
	if source, ok := standardTemplate(name); ok && strings.TrimSpace(uri) != "" {
		if !knownTemplateURI(uri) {
			c.warn(e, "qti.template_uri", "uri", uri)
		}
		return c.standard(e, name, source)
	}
	for _, href := range []string{location, uri} {
		if root, file := c.other(href); root != nil {
			outer := c.file
			c.file = file
			defer func() { c.file = outer }()
			return c.rules(root, 0)
		}
	}
	c.fail(e, "qti.template_unknown", "uri", uri+location)
	return nil
}

// standard compiles a standard template at the place of e. SCORE may be left
// undeclared, as many items do; the feedback outcomes of the Common Cartridge
// are set only where they are declared.
func (c *compiler) standard(e *Element, name, source string) []rule {
	inner := &reporter{file: c.file}
	root := readTree(inner, []byte(source))
	if root == nil {
		c.fail(e, "qti.template_unknown", "uri", name)
		return nil
	}
	root.walk(func(n *Element) bool { n.Line = e.Line; return true })
	if c.vars.find("SCORE") < 0 {
		c.warn(e, "qti.outcome_undeclared", "name", "SCORE")
		c.vars.add(&Variable{Identifier: "SCORE", Kind: OutcomeKind, Type: Float, Line: e.Line})
	}
	root.drop(func(n *Element) bool {
		return n.Name == "setoutcomevalue" && strings.HasPrefix(n.attr("identifier"), "FEEDBACK") && c.vars.find(n.attr("identifier")) < 0
	})
	return c.rules(root, 0)
}

// drop removes the elements within e for which out is true.
func (e *Element) drop(out func(*Element) bool) {
	kept := e.Children[:0]
	for _, child := range e.Children {
		if child.Name != "" && out(child) {
			continue
		}
		child.drop(out)
		kept = append(kept, child)
	}
	e.Children = kept
}

// knownTemplateURI says whether a version of the standard or a widespread
// package gives templates that address.
func knownTemplateURI(uri string) bool {
	for _, prefix := range []string{
		"http://www.imsglobal.org/question/qti_v2p0/rptemplates/", "http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
		"http://www.imsglobal.org/question/qti_v2p2/rptemplates/", "http://www.imsglobal.org/question/qtiv2p1/rptemplates/",
		"http://www.imsglobal.org/question/qtiv2p2/rptemplates/", "http://www.imsglobal.org/question/qti_v3p0/rptemplates/",
		"http://purl.imsglobal.org/spec/qti/v3p0/rptemplates/", "http://www.imsglobal.org/spec/qti/v3p0/rptemplates/",
		"http://imsglobal.org/question/qti_v2p1/rptemplates/", "http://imsglobal.org/question/qti_v2p2/rptemplates/",
	} {
		if strings.HasPrefix(strings.Replace(uri, "https://", "http://", 1), prefix) {
			return true
		}
	}
	return false
}

// standardTemplate gives the rules of the templates that the standard fixes
// (responseProcessing, "standard response processing templates") and of the
// Common Cartridge 2 profile, written out here in the names of QTI 2.
func standardTemplate(name string) (string, bool) {
	const (
		response = `<variable identifier="RESPONSE"/>`
		matches  = `<match>` + response + `<correct identifier="RESPONSE"/></match>`
	)
	score := func(expression string) string {
		return `<setOutcomeValue identifier="SCORE">` + expression + `</setOutcomeValue>`
	}
	value := func(t, v string) string { return `<baseValue baseType="` + t + `">` + v + `</baseValue>` }
	choose := func(when, then, otherwise string) string {
		out := `<responseCondition><responseIf>` + when + then + `</responseIf>`
		if otherwise != "" {
			out += `<responseElse>` + otherwise + `</responseElse>`
		}
		return out + `</responseCondition>`
	}
	feedback := func(outcome, v string) string {
		return `<setOutcomeValue identifier="` + outcome + `">` + v + `</setOutcomeValue>`
	}
	mapped := func(operator string) string {
		return choose(`<isNull>`+response+`</isNull>`, score(value("float", "0")), score(`<`+operator+` identifier="RESPONSE"/>`))
	}
	var body string
	switch name {
	case "match_correct":
		body = choose(matches, score(value("float", "1")), score(value("float", "0")))
	case "map_response":
		body = mapped("mapResponse")
	case "map_response_point":
		body = mapped("mapResponsePoint")
	case "CC2_match_basic":
		body = choose(matches, score(`<variable identifier="MAXSCORE"/>`)+feedback("FEEDBACKBASIC", value("identifier", "correct")),
			feedback("FEEDBACKBASIC", value("identifier", "incorrect")))
	case "CC2_match":
		body = feedback("FEEDBACK", response) + choose(matches, score(value("float", "1")), score(value("float", "0")))
	case "CC2_map_response":
		verdict := func(v string) string {
			return feedback("FEEDBACKBASIC", value("identifier", v)) + feedback("FEEDBACK", value("identifier", v))
		}
		body = mapped("mapResponse") + choose(`<equal toleranceMode="exact"><variable identifier="MAXSCORE"/><variable identifier="SCORE"/></equal>`,
			verdict("correct"), verdict("incorrect"))
	default:
		return "", false
	}
	return `<responseProcessing>` + body + `</responseProcessing>`, true
}
