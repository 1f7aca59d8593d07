package main

import (
	"regexp"
	"strings"
)

var space = regexp.MustCompile(`[\s*#/>;]+`)

// classify names the licences whose words a file holds, as SPDX identifiers in
// a fixed order. Nothing recognised gives nil.
func classify(text string) []string {
	t := strings.ToLower(space.ReplaceAllString(strings.NewReplacer("’", "'", "“", `"`, "”", `"`).Replace(text), " "))
	has := func(s string) bool { return strings.Contains(t, s) }
	head := t[:min(len(t), 600)]
	var found []string
	add := func(ok bool, id string) {
		if ok {
			found = append(found, id)
		}
	}
	add(strings.Contains(head, "gnu affero general public license"), "AGPL-3.0-only")
	add(strings.Contains(head, "gnu general public license") && !strings.Contains(head, "mozilla"), "GPL-3.0-only")
	add(strings.Contains(head, "gnu lesser general public license"), "LGPL-3.0-only")
	add(strings.Contains(head, "european union public licence v. 1.2"), "EUPL-1.2")
	add(has("apache license") && has("version 2.0, january 2004") || has("licensed under the apache license, version 2.0"), "Apache-2.0")
	add(has("mozilla public license version 2.0") || has("mozilla public license, version 2.0"), "MPL-2.0")
	add(has("cc0 1.0 universal"), "CC0-1.0")
	add(has("sil open font license version 1.1"), "OFL-1.1")
	add(has("this is free and unencumbered software released into the public domain"), "Unlicense")
	if has("permission is hereby granted, free of charge") {
		add(has("shall be included in all") || has("permission notice shall be"), "MIT")
		add(!has("shall be included in all") && !has("permission notice shall be"), "MIT-0")
	}
	if has("distribute this software for any purpose with or without fee") {
		add(has("provided that the above copyright notice"), "ISC")
		add(!has("provided that the above copyright notice"), "0BSD")
	}
	if has("redistribution and use in source and binary forms") {
		named := has("neither the name") || has("endorse or promote")
		switch {
		case has("all advertising materials"):
			found = append(found, "BSD-4-Clause")
		case named:
			found = append(found, "BSD-3-Clause")
		default:
			found = append(found, "BSD-2-Clause")
		}
	}
	add(has("this software is provided 'as-is', without any express or implied warranty") && has("altered source versions"), "Zlib")
	return found
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense|copyright)([.-].*)?$`)
var noticeFile = regexp.MustCompile(`(?i)^(notice|patents)([.-].*)?$`)
