package qti

import (
	"strings"
)

// rule is a compiled rule of processing.
type rule func(*run)

func execute(r *run, rules []rule) {
	for _, do := range rules {
		if r.stopped() {
			return
		}
		do(r)
	}
}

// rules compiles the rules inside an element, skipping its first n children.
func (c *compiler) rules(parent *Element, skip int) []rule {
	var out []rule
	for i, e := range parent.elements() {
		if i < skip {
			continue
		}
		if do := c.rule(e); do != nil {
			out = append(out, do)
		}
	}
	return out
}

// conditionParts are the names of a condition and its branches in each scope.
func (s scope) conditionParts() (condition, first, other, last string) {
	switch s {
	case inTemplate:
		return "templatecondition", "templateif", "templateelseif", "templateelse"
	case inOutcome:
		return "outcomecondition", "outcomeif", "outcomeelseif", "outcomeelse"
	}
	return "responsecondition", "responseif", "responseelseif", "responseelse"
}

// belongs says whether a rule may stand in that scope.
func (s scope) belongs(name string) bool {
	switch name {
	case "setoutcomevalue", "lookupoutcomevalue":
		return s != inTemplate
	case "setresponsevalue", "exitresponse", "responseprocessingfragment":
		return s == inResponse
	case "settemplatevalue", "setcorrectresponse", "templateconstraint", "exittemplate", "templateprocessingfragment":
		return s == inTemplate
	case "exittest", "outcomeprocessingfragment":
		return s == inOutcome
	}
	return true
}

func (c *compiler) rule(e *Element) rule {
	if condition, _, _, _ := c.scope.conditionParts(); e.Name == condition {
		return c.condition(e)
	}
	if !c.scope.belongs(e.Name) {
		c.fail(e, "qti.rule_misplaced", "element", e.Tag)
		return nil
	}
	switch e.Name {
	case "setoutcomevalue":
		return c.set(e, OutcomeKind)
	case "setresponsevalue":
		return c.set(e, ResponseKind)
	case "settemplatevalue":
		return c.set(e, TemplateKind)
	case "setcorrectresponse":
		return c.setCorrect(e)
	case "setdefaultvalue":
		return c.setDefault(e)
	case "lookupoutcomevalue":
		return c.lookupOutcome(e)
	case "templateconstraint":
		return c.constraint(e)
	case "exitresponse", "exittemplate", "exittest":
		name := e.Name
		return func(r *run) { r.exit, r.exited = true, name }
	case "responseprocessingfragment", "outcomeprocessingfragment", "templateprocessingfragment":
		inner := c.rules(e, 0)
		return func(r *run) { execute(r, inner) }
	case "include":
		return c.include(e)
	}
	c.fail(e, "qti.unknown_rule", "element", e.Tag)
	return nil
}

type branch struct {
	when  eval // nil for the last branch, taken when no other was
	rules []rule
}

func (c *compiler) condition(e *Element) rule {
	_, first, other, last := c.scope.conditionParts()
	var branches []branch
	for i, child := range e.elements() {
		switch child.Name {
		case first, other:
			if (child.Name == first) != (i == 0) {
				c.warn(child, "qti.branch_order", "element", child.Tag)
			}
			children := child.elements()
			if len(children) == 0 {
				c.fail(child, "qti.operand_count", "element", child.Tag, "given", 0, "least", 1)
				continue
			}
			branches = append(branches, branch{when: c.expression(children[0]), rules: c.rules(child, 1)})
		case last:
			if i == 0 {
				c.warn(child, "qti.branch_order", "element", child.Tag)
			}
			branches = append(branches, branch{rules: c.rules(child, 0)})
		default:
			c.fail(child, "qti.unknown_rule", "element", child.Tag)
		}
	}
	return func(r *run) {
		for _, b := range branches {
			if !r.work(e, 1) {
				return
			}
			if b.when == nil || b.when(r).truth() {
				if r.err == nil {
					execute(r, b.rules)
				}
				return
			}
			if r.err != nil {
				return
			}
		}
	}
}

// set compiles a rule that gives a value to a variable. An undeclared outcome
// is made, with the type of the first value given, and a warning.
func (c *compiler) set(e *Element, kind Kind) rule {
	id := strings.TrimSpace(e.attr("identifier"))
	value := c.operands(e, 1, 1)[0]
	i := c.vars.find(id)
	if i < 0 && kind == OutcomeKind && id != "" {
		c.warn(e, "qti.outcome_undeclared", "name", id)
		i = c.vars.add(&Variable{Identifier: id, Kind: OutcomeKind, Line: e.Line})
	}
	if i < 0 {
		c.fail(e, "qti.undeclared", "name", id)
		return nil
	}
	if v := c.vars.list[i]; v.Kind != kind {
		c.fail(e, "qti.wrong_kind", "name", id)
		return nil
	}
	v := c.vars.list[i]
	implicit := v.Type == None && v.Cardinality != Record
	return func(r *run) {
		given := value(r)
		if r.err != nil {
			return
		}
		if implicit {
			r.values[i] = given
			return
		}
		r.assign(e, i, given)
	}
}

func (c *compiler) setCorrect(e *Element) rule {
	i := c.named(e)
	value := c.operands(e, 1, 1)[0]
	if i < 0 {
		return nil
	}
	return func(r *run) {
		if v := value(r); r.err == nil {
			r.corrects[i] = r.fit(e, r.vars[i], v)
		}
	}
}

// setDefault compiles setDefaultValue. In response processing, where the
// standard has none, it puts the default back into the variable (ledger).
func (c *compiler) setDefault(e *Element) rule {
	i := c.named(e)
	if i < 0 {
		return nil
	}
	if c.scope != inTemplate {
		c.warn(e, "qti.not_standard", "element", e.Tag)
		ops := c.operands(e, 0, 1)
		return func(r *run) {
			if len(ops) == 1 {
				v := ops[0](r)
				if r.err != nil {
					return
				}
				r.defaults[i] = r.fit(e, r.vars[i], v)
			}
			r.values[i] = r.defaults[i]
		}
	}
	value := c.operands(e, 1, 1)[0]
	return func(r *run) {
		if v := value(r); r.err == nil {
			r.defaults[i] = r.fit(e, r.vars[i], v)
		}
	}
}

func (c *compiler) lookupOutcome(e *Element) rule {
	i := c.named(e)
	source := c.operands(e, 1, 1)[0]
	if i < 0 {
		return nil
	}
	v := c.vars.list[i]
	if v.Table == nil {
		c.fail(e, "qti.table_absent", "name", v.Identifier)
		return nil
	}
	return func(r *run) {
		if s := source(r); r.err == nil {
			r.assign(e, i, v.Table.look(s))
		}
	}
}

// constraint restarts template processing until its condition holds; see
// ItemSession.prepare.
func (c *compiler) constraint(e *Element) rule {
	holds := c.operands(e, 1, 1)[0]
	return func(r *run) {
		if !holds(r).truth() {
			r.restart = true
		}
	}
}

// include reads rules from another document of the package (XInclude).
func (c *compiler) include(e *Element) rule {
	href := e.attr("href")
	if c.deep >= 4 {
		c.fail(e, "qti.include_refused", "href", href)
		return nil
	}
	root, file := c.other(href)
	if root == nil {
		c.fail(e, "qti.include_refused", "href", href)
		return nil
	}
	outer := c.file
	c.file = file
	c.deep++
	defer func() { c.file = outer; c.deep-- }()
	inner := c.rules(root, 0)
	return func(r *run) { execute(r, inner) }
}

// other reads a document beside this one, when the caller allows it.
func (c *compiler) other(href string) (*Element, string) {
	if c.read == nil || href == "" {
		return nil, ""
	}
	return c.read(href)
}
