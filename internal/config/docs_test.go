package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReferenceIsInTheGuide keeps the table of docs/operations.md equal to the
// settings. PREAU_WRITE_DOCS=1 rewrites it.
func TestReferenceIsInTheGuide(t *testing.T) {
	const opening, closing = "<!-- settings: made by config.Reference -->\n", "<!-- /settings -->"
	path := filepath.Join("..", "..", "docs", "operations.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), opening)
	if !ok {
		t.Fatalf("%s has no %q", path, opening)
	}
	table, after, ok := strings.Cut(rest, closing)
	if !ok {
		t.Fatalf("%s has no %q", path, closing)
	}
	want := "\n" + Reference() + "\n"
	if table == want {
		return
	}
	if os.Getenv("PREAU_WRITE_DOCS") == "" {
		t.Fatal("the table of settings is stale: run PREAU_WRITE_DOCS=1 go test ./internal/config")
	}
	if err := os.WriteFile(path, []byte(before+opening+want+closing+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The file of the package loads as it is, shows every setting but those whose
// default nobody changes, and with all its examples has no unknown key.
func TestThePackagedFile(t *testing.T) {
	path := filepath.Join("..", "..", "packaging", "preau.conf")
	if _, err := Load(Input{File: path}); err != nil {
		t.Errorf("as shipped: %v", err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile(`(?m)^#([a-z-]+) = `)
	known := names(settings())
	shown := map[string]bool{"data-dir": true, "tls-mode": true}
	for _, m := range example.FindAllStringSubmatch(string(raw), -1) {
		if !contains(known, m[1]) {
			t.Errorf("%s is no setting", m[1])
		}
		shown[strings.TrimSuffix(m[1], fileSuffix)] = true
	}
	for _, s := range settings() {
		if !shown[s.name] {
			t.Errorf("%s is not shown", s.name)
		}
	}
	if _, wrong := parse(example.ReplaceAll(raw, []byte("$1 = "))); wrong != nil {
		t.Errorf("with its examples: %+v", wrong)
	}
}

// The French guide, whose table is written by hand, has each setting with its
// default, and no other.
func TestFrenchGuideHasEachSetting(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "exploitation.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| (`[a-z-]+`(?:, `[a-z-]+-file`)?) \\| (`[^`|]*`|) \\| ")
	defaults := func(text string) map[string]string {
		found := map[string]string{}
		for _, m := range row.FindAllStringSubmatch(text, -1) {
			found[m[1]] = m[2]
		}
		return found
	}
	_, table, _ := strings.Cut(string(raw), "\n## 12.")
	french, want := defaults(table), defaults(Reference())
	if len(want) < 20 {
		t.Fatalf("only %d settings found in the reference", len(want))
	}
	for name, value := range want {
		if got, ok := french[name]; !ok || got != value {
			t.Errorf("%s: %q in French, want %q (%v)", name, got, value, ok)
		}
		delete(french, name)
	}
	for name := range french {
		t.Errorf("%s is no setting", name)
	}
}
