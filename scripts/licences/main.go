package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] != "check" && os.Args[1] != "notice" {
		fmt.Fprintln(os.Stderr, "usage: go run ./scripts/licences check|notice")
		os.Exit(2)
	}
	if err := act(".", os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func act(root, command string) error {
	golang, problems, err := goParts(root)
	if err != nil {
		return err
	}
	npm, more, err := npmParts(filepath.Join(root, "web"))
	if err != nil {
		return err
	}
	problems = append(problems, more...)
	all := slices.Concat(golang, npm)
	for _, p := range all {
		if bad := refused(p.Licence); bad != nil {
			problems = append(problems, fmt.Sprintf("%s %s: licence not on the allow-list: %s", p.Name, p.Version, strings.Join(bad, ", ")))
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return fmt.Errorf("%s\nThe allow-list is in scripts/licences/allow.go", strings.Join(problems, "\n"))
	}
	if command == "notice" {
		return write(root, golang, npm)
	}
	current, err := os.ReadFile(filepath.Join(root, "NOTICE"))
	if err != nil {
		return err
	}
	if missing := missingFrom(string(current), all); missing != nil {
		return fmt.Errorf("NOTICE lacks %s: run `make notice`", strings.Join(missing, ", "))
	}
	fmt.Printf("%d parts, every licence on the allow-list\n", len(all))
	return nil
}

func write(root string, golang, npm []part) error {
	version, err := os.ReadFile(filepath.Join(root, "VERSION"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, "NOTICE"), []byte(notice(golang, npm)), 0o644); err != nil {
		return err
	}
	doc, err := sbom(strings.TrimSpace(string(version)), slices.Concat(golang, npm))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(root, "build"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "build", "sbom.cdx.json"), doc, 0o644)
}
