package assessment

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"preau/internal/qti"
)

// Examine says of what stages a package is made, and what is wrong with it; it
// can be given unless the findings failed.
func Examine(data []byte) ([]PartLine, qti.Findings) {
	pkg, findings := asked(data)
	if pkg == nil {
		return nil, findings
	}
	return pkg.parts, findings
}

// asked reads a package that is to come in: it fits, and a sitting can ask all of it.
func asked(data []byte) (*opened, qti.Findings) {
	pkg, findings := fit(qti.ReadPackage("package.zip", bytes.NewReader(data), int64(len(data))))
	if pkg != nil {
		if findings = append(findings, unasked(pkg.test)...); findings.Failed() {
			pkg = nil
		}
	}
	return pkg, findings
}

// fit checks that a package can be given to pupils, and describes it; nil when
// it cannot. Its files have no public names yet.
func fit(read *qti.Package) (*opened, qti.Findings) {
	findings := slices.Clone(read.Findings)
	problem := func(severity qti.Severity, file, key string, args map[string]any) {
		findings = append(findings, qti.Finding{Severity: severity, Key: key, Args: args, File: file, Clause: "assessmentTest"})
	}
	for _, it := range read.Items {
		findings = append(findings, it.Findings...)
	}
	if len(read.Tests) != 1 {
		problem(qti.Error, "imsmanifest.xml", "assessment.one_test", map[string]any{"count": len(read.Tests)})
		return nil, findings
	}
	test := read.Tests[0]
	findings = append(findings, test.Findings...)
	pkg := &opened{raw: read, test: test, parts: []PartLine{}, lines: []ItemLine{}, files: map[string]string{}, names: map[string]string{}}
	session, err := test.NewSession(1)
	if err != nil {
		problem(qti.Error, test.File, "assessment.test_unfit", nil)
		return nil, findings
	}
	if len(session.Plan) == 0 || len(test.Items()) > maxItems {
		problem(qti.Error, test.File, "assessment.items_count", map[string]any{"count": maxItems})
		return nil, findings
	}
	for _, p := range test.Parts {
		line := PartLine{ID: p.Identifier, Routed: p.Conditional()}
		if len(p.Sections) > 0 {
			line.Title = clip(p.Sections[0].Title, 120)
		}
		for _, o := range session.Plan {
			if o.Part == p {
				line.Items++
			}
		}
		if p.Linear {
			problem(qti.Note, test.File, "assessment.linear_part", map[string]any{"name": p.Identifier})
		}
		pkg.parts = append(pkg.parts, line)
	}
	for _, ref := range test.Items() {
		it := ref.Item
		if it == nil {
			problem(qti.Error, test.File, "assessment.item_missing", map[string]any{"name": ref.Identifier})
			continue
		}
		line := ItemLine{Key: ref.Identifier, Title: clip(it.Title, 200), Kinds: []string{}, Turns: it.Adaptive, Skills: slices.Clone(ref.Categories)}
		if line.Skills == nil {
			line.Skills = []string{}
		}
		for _, i := range it.Interactions {
			line.Kinds = append(line.Kinds, i.Kind)
		}
		line.Max, _ = it.MaxScore()
		for i := range test.Parts {
			for _, o := range session.Plan {
				if o.Ref == ref && o.Part == test.Parts[i] {
					line.Part = o.Part.Identifier
				}
			}
		}
		pkg.lines = append(pkg.lines, line)
		for _, asset := range it.Assets() {
			pkg.names[path.Join(path.Dir(it.File), asset)] = ""
		}
	}
	if findings.Failed() {
		return nil, findings
	}
	return pkg, findings
}

// name gives a file of the package a public name that tells nothing.
func (p *opened) name(s *Service, file string) {
	m := hmac.New(sha256.New, s.fileKey)
	m.Write([]byte(p.id + "\x00" + file))
	public := base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
	p.names[file], p.files[public] = public, file
}

func (p *opened) title() string {
	if t := strings.TrimSpace(p.test.Title); t != "" {
		return clip(t, 120)
	}
	return clip(p.test.Identifier, 120)
}

func clip(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes])
}
