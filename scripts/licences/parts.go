package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// part is one thing shipped: a Go module, the Go standard library or an npm
// package.
type part struct {
	Name    string
	Version string
	Licence string // SPDX expression; empty when none was recognised
	PURL    string
	Hash    string // SHA-512 in hexadecimal, where the lock file states it
	Texts   []text // licences and notices, in the order of their paths
}

// text is one licence or notice file.
type text struct {
	Path string // inside the part
	Body string
}

// readTexts reads the licence and notice files of a folder.
func readTexts(dir, prefix string) ([]text, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var texts []text
	for _, e := range entries {
		if !e.Type().IsRegular() || filepath.Ext(e.Name()) == ".go" || !licenceFile.MatchString(e.Name()) && !noticeFile.MatchString(e.Name()) {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, text{Path: filepath.ToSlash(filepath.Join(prefix, e.Name())), Body: strings.ToValidUTF8(string(body), "\uFFFD")})
	}
	return texts, nil
}

// licenceOf joins what the licence files of a part say. unknown names the
// licence files in which no licence was recognised.
func licenceOf(texts []text) (expression string, unknown []string) {
	var ids []string
	for _, t := range texts {
		if !licenceFile.MatchString(filepath.Base(t.Path)) {
			continue
		}
		found := classify(t.Body)
		if found == nil {
			unknown = append(unknown, t.Path)
		}
		for _, id := range found {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return strings.Join(ids, " AND "), unknown
}

func sortParts(parts []part) {
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
}
