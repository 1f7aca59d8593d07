package main

import (
	"slices"
	"strings"
)

// allowed are the licences under which a part may be shipped within a work
// under EUPL-1.2: permissive ones, and MPL-2.0, which stays with its own files.
// OFL-1.1 is for fonts, CC0-1.0 and Unlicense for what was given to all.
func allowed() []string {
	return []string{"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EUPL-1.2", "ISC", "MIT", "MIT-0", "MPL-2.0", "OFL-1.1", "Unlicense", "Zlib"}
}

// read lists files that only a person can understand, and that one has read: by
// module, those beside a recognised licence that ask nothing more than it does.
func read() map[string][]string {
	return map[string][]string{
		"github.com/miekg/dns": {"COPYRIGHT"},      // names the authors and points to LICENSE
		"modernc.org/memory":   {"LICENSE-LOGO"},   // of a picture that is not part of the code
		"modernc.org/sqlite":   {"LICENSE-SQLITE"}, // dedicates SQLite itself to the public domain
	}
}

// refused lists the licences of an SPDX expression that are not allowed. Every
// operand of AND must be; of OR, one is enough. Parentheses are read around the
// whole only: any other such expression is refused as a whole.
func refused(expression string) []string {
	if expression == "" {
		return []string{"none stated"}
	}
	if inner, ok := strings.CutPrefix(expression, "("); ok {
		expression = strings.TrimSuffix(inner, ")")
	}
	if strings.ContainsAny(expression, "()") {
		return []string{expression}
	}
	var bad []string
	for all := range strings.SplitSeq(expression, " AND ") {
		if !slices.ContainsFunc(strings.Split(all, " OR "), func(one string) bool { return slices.Contains(allowed(), strings.TrimSpace(one)) }) {
			bad = append(bad, all)
		}
	}
	return bad
}
