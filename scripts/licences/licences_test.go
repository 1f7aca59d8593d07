package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	mitWords = "Permission is hereby granted, free of charge, to any person … The above copyright notice and this permission notice shall be included in all\ncopies"
	bsdWords = "Redistribution and use in source and binary forms, with or without modification, are permitted"
	iscWords = "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted"
)

func TestClassify(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"mit":            {mitWords, []string{"MIT"}},
		"isc":            {iscWords + ", provided that the above copyright notice", []string{"ISC"}},
		"0bsd":           {iscWords + ".", []string{"0BSD"}},
		"bsd-2":          {bsdWords, []string{"BSD-2-Clause"}},
		"bsd-3":          {bsdWords + " Neither the name of", []string{"BSD-3-Clause"}},
		"bsd-4":          {bsdWords + " All advertising materials", []string{"BSD-4-Clause"}},
		"apache":         {"Apache License\n   Version 2.0, January 2004", []string{"Apache-2.0"}},
		"apache notice":  {"Licensed under the Apache License, Version 2.0 (the \"License\");", []string{"Apache-2.0"}},
		"agpl":           {"GNU AFFERO GENERAL PUBLIC LICENSE Version 3", []string{"AGPL-3.0-only"}},
		"two in one":     {bsdWords + " neither the name … " + mitWords, []string{"MIT", "BSD-3-Clause"}},
		"commented":      {"# Permission is hereby granted,\n# free of charge … shall be included in all", []string{"MIT"}},
		"nothing to see": {"All rights reserved.", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := classify(c.text); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for expression, ok := range map[string]bool{
		"MIT": true, "MIT AND Apache-2.0": true, "GPL-3.0-only OR MIT": true,
		"AGPL-3.0-only": false, "MIT AND GPL-3.0-only": false, "": false, "SEE LICENSE IN x": false, "(MIT AND ISC)": true, "(MIT) AND (ISC)": false, "(MIT AND GPL-3.0-only)": false,
	} {
		if got := refused(expression) == nil; got != ok {
			t.Errorf("%q: allowed is %v, want %v", expression, got, ok)
		}
	}
}

// A production package under a refused licence, or whose files say otherwise
// than its manifest, does not pass; a development one is not looked at.
func TestNpmParts(t *testing.T) {
	web := t.TempDir()
	put(t, web, "package-lock.json", `{"packages":{"":{},
		"node_modules/good":{"version":"1.0.0","license":"MIT","integrity":"sha512-AAEC"},
		"node_modules/@a/liar":{"version":"2.0.0","license":"MIT"},
		"node_modules/tool":{"version":"3.0.0","license":"AGPL-3.0-only","dev":true}}}`)
	put(t, web, "node_modules/good/LICENSE", mitWords)
	put(t, web, "node_modules/@a/liar/LICENSE.md", "GNU AFFERO GENERAL PUBLIC LICENSE")
	parts, problems, err := npmParts(web)
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) != 2 || parts[0].PURL != "pkg:npm/%40a/liar@2.0.0" || parts[1].Hash != "000102" {
		t.Errorf("parts: %+v", parts)
	}
	if len(problems) != 1 || !strings.Contains(problems[0], "@a/liar") {
		t.Errorf("problems: %v", problems)
	}
}

func TestNoticeAndBill(t *testing.T) {
	parts := []part{
		{Name: "a", Version: "1", Licence: "MIT", PURL: "pkg:npm/a@1", Texts: []text{{"LICENSE", "words"}}},
		{Name: "b", Version: "2", Licence: "MIT AND ISC", PURL: "pkg:npm/b@2", Texts: []text{{"LICENSE", "words\n"}}},
	}
	n := notice(nil, parts)
	if strings.Count(n, "\nwords\n") != 1 || !strings.Contains(n, "a\nb\n\nwords") {
		t.Errorf("a shared text must stand once under both its parts:\n%s", n)
	}
	if missing := missingFrom(n, append(parts, part{Name: "c", Version: "3", Licence: "MIT"})); !slices.Equal(missing, []string{"c 3"}) {
		t.Errorf("missing: %v", missing)
	}
	one, err := sbom("0.1.0", parts)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := sbom("0.1.0", parts)
	if string(one) != string(two) {
		t.Error("the bill of the same parts differs")
	}
	var doc bom
	if err := json.Unmarshal(one, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Components[0].Licenses[0].License.ID != "MIT" || doc.Components[1].Licenses[0].Expression != "MIT AND ISC" || len(doc.Dependencies[0].DependsOn) != 2 {
		t.Errorf("bill: %s", one)
	}
}

// Our own licence must be the full EUPL text.
func TestOwnLicence(t *testing.T) {
	body, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if got := classify(string(body)); !slices.Equal(got, []string{"EUPL-1.2"}) || !strings.Contains(string(body), "15.Applicable Law") {
		t.Errorf("LICENSE is %v", got)
	}
}

func put(t *testing.T, dir, name, body string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}
