package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type goPackage struct {
	ImportPath string
	Dir        string
	Standard   bool
	Module     *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// goParts lists the modules whose packages are linked into the binary, with
// the licence files found from each linked package up to its module's root.
func goParts(root string) (parts []part, problems []string, err error) {
	packages, err := goList(root, "-deps", "-json=ImportPath,Dir,Standard,Module", "./cmd/preau")
	if err != nil {
		return nil, nil, err
	}
	byModule := map[string]*part{}
	seen := map[string]bool{}
	for _, p := range packages {
		if p.Standard || p.Module == nil || p.Module.Main {
			continue
		}
		m := byModule[p.Module.Path]
		if m == nil {
			m = &part{Name: p.Module.Path, Version: p.Module.Version, PURL: "pkg:golang/" + p.Module.Path + "@" + p.Module.Version}
			byModule[p.Module.Path] = m
		}
		for dir := p.Dir; strings.HasPrefix(dir, p.Module.Dir) && !seen[dir]; dir = filepath.Dir(dir) {
			seen[dir] = true
			prefix, err := filepath.Rel(p.Module.Dir, dir)
			if err != nil {
				return nil, nil, err
			}
			texts, err := readTexts(dir, prefix)
			if err != nil {
				return nil, nil, err
			}
			m.Texts = append(m.Texts, texts...)
		}
	}
	for _, m := range byModule {
		slices.SortFunc(m.Texts, func(a, b text) int { return strings.Compare(a.Path, b.Path) })
		var unknown []string
		m.Licence, unknown = licenceOf(m.Texts)
		unknown = slices.DeleteFunc(unknown, func(file string) bool { return slices.Contains(read()[m.Name], file) })
		if len(unknown) > 0 {
			problems = append(problems, fmt.Sprintf("%s: no licence recognised in %s", m.Name, strings.Join(unknown, ", ")))
		}
		parts = append(parts, *m)
	}
	std, err := standardLibrary(root)
	if err != nil {
		return nil, nil, err
	}
	parts = append(parts, std)
	sortParts(parts)
	return parts, problems, nil
}

const standard = "std"

// standardLibrary is linked too, under the toolchain's own licence.
func standardLibrary(root string) (part, error) {
	out, err := run(root, "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return part{}, err
	}
	lines := strings.Fields(string(out))
	if len(lines) != 2 {
		return part{}, errors.New("go env: unexpected answer")
	}
	version := strings.TrimPrefix(lines[1], "go")
	texts, err := readTexts(lines[0], ".")
	if err != nil {
		return part{}, err
	}
	p := part{Name: standard, Version: version, PURL: "pkg:golang/" + standard + "@" + version, Texts: texts}
	p.Licence, _ = licenceOf(texts)
	if p.Licence == "" {
		p.Licence = "BSD-3-Clause" // some distributions keep the file elsewhere
	}
	return p, nil
}

func goList(root string, args ...string) ([]goPackage, error) {
	out, err := run(root, "go", append([]string{"list"}, args...)...)
	if err != nil {
		return nil, err
	}
	var packages []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); err == io.EOF {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

func run(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(string(exit.Stderr)))
	}
	return out, err
}
