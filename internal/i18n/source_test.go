package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A key written in Go exists: the key of each fault.New, and any literal that
// has the form of a key of a known domain.
func TestKeysInGoExist(t *testing.T) {
	c := catalogue(t)
	root := filepath.Join("..", "..")
	var files []string
	for _, dir := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				files = append(files, path)
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if len(files) < 10 {
		t.Fatalf("only %d Go files found", len(files))
	}
	for _, path := range files {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range absentKeys(t, c, path, string(source)) {
			t.Errorf("%s: no text for %q", path, key)
		}
	}
}

func TestAbsentKeyIsCaught(t *testing.T) {
	source := `package x
import "preau/internal/fault"
var a = fault.New(fault.Invalid, "nowhere.to_be_found", "n", 1)
var b = c.T(l, "http.no_such_text", nil)
var d = fault.New(fault.Invalid, "http.internal")
var e = "preau.db"
var f = store.AuditEntry{Act: "http.act"}
const keySetting = "http.key"
func g() { s.audit(ctx, tx, "http.another_act") }`
	got := absentKeys(t, catalogue(t), "x.go", source)
	if want := []string{"http.no_such_text", "nowhere.to_be_found"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

var keyForm = regexp.MustCompile(`^([a-z]+)\.[a-z0-9_]*[a-z0-9]$`)

// absentKeys lists, in order and once, the keys of a Go source without text. A literal
// that ends in an underscore or a point is the start of a key, not a key.
func absentKeys(t *testing.T, c *Catalogue, name, source string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	domains := map[string]bool{}
	for _, key := range c.Keys(French) {
		domain, _, _ := strings.Cut(key, ".")
		domains[domain] = true
	}
	var absent []string
	check := func(e ast.Expr, known bool) {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return
		}
		key, err := strconv.Unquote(lit.Value)
		if err != nil {
			return
		}
		m := keyForm.FindStringSubmatch(key)
		if m == nil || known && !domains[m[1]] || isFileName(key) {
			return
		}
		if !c.Has(French, key) {
			absent = append(absent, key)
		}
	}
	others := otherWords(file)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if !others[n] {
				check(n, true)
			}
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "New" && len(n.Args) >= 2 {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "fault" {
					check(n.Args[1], false)
				}
			}
		}
		return true
	})
	slices.Sort(absent)
	return slices.Compact(absent)
}

// otherWords are the literals of a file that have the form of a key and are
// not: the acts of the audit trail and the names of settings.
func otherWords(file *ast.File) map[*ast.BasicLit]bool {
	others := map[*ast.BasicLit]bool{}
	note := func(expressions ...ast.Expr) {
		for _, e := range expressions {
			if lit, ok := e.(*ast.BasicLit); ok {
				others[lit] = true
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if slices.Contains([]string{"audit", "audited", "setDoor"}, nameOf(n.Fun)) {
				note(n.Args...)
			}
		case *ast.KeyValueExpr:
			if slices.Contains([]string{"Act", "Of"}, nameOf(n.Key)) {
				note(n.Value)
			}
		case *ast.ValueSpec:
			if strings.HasSuffix(strings.ToLower(n.Names[0].Name), "setting") {
				note(n.Values...)
			}
		}
		return true
	})
	return others
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// isFileName tells "roster.csv" from a key.
func isFileName(s string) bool {
	return slices.Contains([]string{".csv", ".ods", ".db", ".json", ".md", ".go", ".sql", ".lock", ".html", ".tar", ".age", ".sock", ".pem"}, filepath.Ext(s))
}
