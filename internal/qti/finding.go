package qti

import (
	"slices"

	"preau/internal/fault"
)

// Severity says what a finding costs.
type Severity string

// The severities. With an Error the content cannot be relied on; a Warning was
// worked around as the ledger says; a Note is only worth knowing.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is one thing that is wrong or unusual in a document: a text of the
// catalogue, a place, and the class of the information model it goes against.
type Finding struct {
	Severity Severity
	Key      string // "qti.…" in the catalogue
	Args     map[string]any
	File     string
	Line     int // 0 when the whole file is meant
	Clause   string
}

// Findings of one or several documents, in the order met.
type Findings []Finding

// Failed says whether one of them is an Error.
func (f Findings) Failed() bool {
	return slices.ContainsFunc(f, func(one Finding) bool { return one.Severity == Error })
}

// firstError is the first Error as a refusal for a person, or nil.
func (f Findings) firstError() error {
	for _, one := range f {
		if one.Severity == Error {
			return one.fault()
		}
	}
	return nil
}

func (f Finding) fault() *fault.Error {
	return &fault.Error{Kind: fault.Invalid, Key: f.Key, Args: f.Args}
}

// maxFindings of one document; what comes after says nothing new.
const maxFindings = 1000

// reporter gathers the findings of one document.
type reporter struct {
	file string
	list Findings
}

func (r *reporter) add(s Severity, line int, clause, key string, args ...any) {
	if len(r.list) >= maxFindings {
		return
	}
	f := Finding{Severity: s, Key: key, File: r.file, Line: line, Clause: clause}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = make(map[string]any, len(args)/2)
		}
		f.Args[args[i].(string)] = clip(args[i+1])
	}
	r.list = append(r.list, f)
}

func (r *reporter) fail(e *Element, key string, args ...any) {
	r.add(Error, e.Line, e.Tag, key, args...)
}

func (r *reporter) warn(e *Element, key string, args ...any) {
	r.add(Warning, e.Line, e.Tag, key, args...)
}

func (r *reporter) note(e *Element, key string, args ...any) {
	r.add(Note, e.Line, e.Tag, key, args...)
}

// clip shortens what a finding quotes of a document.
func clip(arg any) any {
	const longest = 80
	s, ok := arg.(string)
	if !ok {
		return arg
	}
	letters := 0
	for i := range s {
		if letters++; letters > longest {
			return s[:i] + "…"
		}
	}
	return s
}
