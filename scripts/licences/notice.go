package main

import (
	"fmt"
	"strings"
)

// notice writes every part with its licence, then each distinct licence text
// once, under the parts that carry it.
func notice(goParts, npmParts []part) string {
	var b strings.Builder
	b.WriteString("Préau is under EUPL-1.2 (see LICENSE). It ships with the parts below, each under its own licence.\nThis file is made by `make notice`.\n")
	for _, group := range []struct {
		title string
		parts []part
	}{{"In the binary (Go)", goParts}, {"In the web client (npm)", npmParts}} {
		fmt.Fprintf(&b, "\n%s\n\n", group.title)
		for _, p := range group.parts {
			fmt.Fprintf(&b, "  %s %s: %s\n", p.Name, p.Version, p.Licence)
		}
	}
	var order []string
	carriers := map[string][]string{}
	for _, parts := range [][]part{goParts, npmParts} {
		for _, p := range parts {
			for _, t := range p.Texts {
				body := strings.TrimSpace(strings.ReplaceAll(t.Body, "\r\n", "\n"))
				if carriers[body] == nil {
					order = append(order, body)
				}
				label := p.Name
				if t.Path != "LICENSE" {
					label += " (" + t.Path + ")"
				}
				carriers[body] = append(carriers[body], label)
			}
		}
	}
	for _, body := range order {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("-", 78), strings.Join(carriers[body], "\n"), body)
	}
	return b.String()
}

// missingFrom lists the parts that a NOTICE file does not name at their
// version and licence. The standard library follows each machine's toolchain
// and is not compared.
func missingFrom(notice string, parts []part) []string {
	var missing []string
	for _, p := range parts {
		if p.Name != standard && !strings.Contains(notice, fmt.Sprintf("\n  %s %s: %s\n", p.Name, p.Version, p.Licence)) {
			missing = append(missing, p.Name+" "+p.Version)
		}
	}
	return missing
}
