package qti

import "strings"

// isFeedback says whether an element shows depending on a variable.
func isFeedback(name string) bool {
	switch name {
	case "modalfeedback", "feedbackinline", "feedbackblock":
		return true
	}
	return false
}

func isTemplateBlock(name string) bool { return name == "templateinline" || name == "templateblock" }

// visible says whether an element with showHide is shown: with "show" when the
// variable has, or holds, the identifier; with "hide" when it does not.
func (s *ItemSession) visible(e *Element, variable string) bool {
	v := s.Value(e.attr(variable))
	has := false
	for _, scalar := range v.List {
		if scalar.lexical(v.Type) == strings.TrimSpace(e.attr("identifier")) {
			has = true
		}
	}
	if strings.TrimSpace(e.attr("showhide")) == "hide" {
		return !has
	}
	return has
}

// shown lists the identifiers of the feedback to show, in the order of the
// document, the modal ones last.
func (s *ItemSession) shown() []string {
	out := []string{}
	add := func(e *Element) {
		if id := strings.TrimSpace(e.attr("identifier")); s.visible(e, "outcomeidentifier") {
			for _, have := range out {
				if have == id {
					return
				}
			}
			out = append(out, id)
		}
	}
	if s.Item.body != nil && s.Item.bodyFeedback {
		s.Item.body.walk(func(e *Element) bool {
			if isFeedback(e.Name) {
				add(e)
			}
			return true
		})
	}
	for _, e := range s.Item.feedback {
		add(e)
	}
	return out
}

// checkFeedback reports feedback and template blocks that hang on nothing.
func (it *Item) checkFeedback(rep *reporter) {
	check := func(e *Element, attribute, written string, kind Kind) {
		id := e.attr(attribute)
		v := it.Variable(id)
		switch {
		case id == "":
			rep.fail(e, "qti.attribute_absent", "element", e.Tag, "name", written)
		case v == nil || v.Kind != kind:
			rep.warn(e, "qti.undeclared", "name", id)
		}
		if mode := strings.TrimSpace(e.attr("showhide")); mode != "show" && mode != "hide" {
			rep.warn(e, "qti.bad_value", "name", "showHide", "value", mode)
		}
	}
	visit := func(e *Element) bool {
		switch {
		case isFeedback(e.Name):
			check(e, "outcomeidentifier", "outcomeIdentifier", OutcomeKind)
			it.bodyFeedback = it.bodyFeedback || e.Name != "modalfeedback"
		case isTemplateBlock(e.Name):
			check(e, "templateidentifier", "templateIdentifier", TemplateKind)
		case e.Name == "printedvariable":
			if it.Variable(e.attr("identifier")) == nil {
				rep.warn(e, "qti.undeclared", "name", e.attr("identifier"))
			}
		}
		return true
	}
	if it.body != nil {
		it.body.walk(visit)
	}
	for _, e := range it.feedback {
		e.walk(visit)
	}
}
