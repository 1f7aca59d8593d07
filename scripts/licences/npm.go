package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// npmParts lists the packages that web/package-lock.json marks neither as
// development nor as optional development ones. The licence is the one that the
// package states, and its files' words must not say another.
func npmParts(web string) (parts []part, problems []string, err error) {
	raw, err := os.ReadFile(filepath.Join(web, "package-lock.json"))
	if err != nil {
		return nil, nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version, License, Integrity string
			Dev, DevOptional, Link      bool
		}
	}
	if err := json.Unmarshal(raw, &lock); err != nil {
		return nil, nil, err
	}
	for path, p := range lock.Packages {
		if path == "" || p.Dev || p.DevOptional || p.Link {
			continue
		}
		name := path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
		one := part{Name: name, Version: p.Version, Licence: p.License, PURL: "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version}
		if digest, ok := strings.CutPrefix(p.Integrity, "sha512-"); ok {
			if sum, err := base64.StdEncoding.DecodeString(digest); err == nil {
				one.Hash = hex.EncodeToString(sum)
			}
		}
		dir := filepath.Join(web, filepath.FromSlash(path))
		if one.Texts, err = readTexts(dir, "."); err != nil {
			return nil, nil, fmt.Errorf("run `npm ci` in web first: %w", err)
		}
		if said, _ := licenceOf(one.Texts); said != "" && said != p.License {
			for _, id := range refused(said) {
				problems = append(problems, fmt.Sprintf("%s: states %s, but its files hold %s", name, p.License, id))
			}
		}
		parts = append(parts, one)
	}
	sortParts(parts)
	return parts, problems, nil
}
