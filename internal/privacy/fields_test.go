package privacy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/webauthn"
)

// sources gives the Go files of the program by their path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, dir := range []string{"cmd", "internal"} {
		root := filepath.Join("..", "..", dir)
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			body, err := os.ReadFile(path)
			files[path] = string(body)
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if len(files) < 50 {
		t.Fatalf("only %d sources found", len(files))
	}
	return files
}

// inspect calls f for each node of each source, the lines of parents first.
func inspect(t *testing.T, files map[string]string, f func(path string, n ast.Node)) {
	t.Helper()
	for path, body := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, body, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				f(path, n)
			}
			return true
		})
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// lastName is the last identifier of an expression: log in s.log.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		return lastName(e.Fun)
	}
	return ""
}

// differ lists what stands in only one of two lists.
func differ(what string, found map[string]string, declared []string) []string {
	var faults []string
	for name, where := range found {
		if !slices.Contains(declared, name) {
			faults = append(faults, fmt.Sprintf("%s %q is not declared (%s)", what, name, where))
		}
	}
	for _, name := range declared {
		if _, ok := found[name]; !ok {
			faults = append(faults, fmt.Sprintf("%s %q is declared and never written", what, name))
		}
	}
	slices.Sort(faults)
	return faults
}

// logged finds the attributes of every line of log: the second, fourth… arguments
// of Debug, Info, Warn, Error and With on something called log or logger.
func logged(t *testing.T, files map[string]string) map[string]string {
	levels := map[string]int{"Debug": 1, "Info": 1, "Warn": 1, "Error": 1, "DebugContext": 2, "InfoContext": 2, "WarnContext": 2, "ErrorContext": 2, "With": 0}
	logger := regexp.MustCompile(`(?i)^(log|logger|slog|.*Log)$`)
	attr := regexp.MustCompile(`^(String|Int|Int64|Uint64|Bool|Time|Duration|Any|Float64|Group)$`)
	found := map[string]string{}
	inspect(t, files, func(path string, n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == "slog" && attr.MatchString(sel.Sel.Name) && len(call.Args) > 0 {
			if name, ok := literal(call.Args[0]); ok {
				found[name] = path
			}
			return
		}
		first, ok := levels[sel.Sel.Name]
		if !ok || !logger.MatchString(lastName(sel.X)) {
			return
		}
		for i := first; i < len(call.Args); i += 2 {
			if name, ok := literal(call.Args[i]); ok {
				found[name] = path
			} else if inner, ok := call.Args[i].(*ast.CallExpr); ok && lastName(inner) != "" {
				i-- // a slog.Attr takes one place, and is found by itself
			} else {
				found["(not a literal)"] = path
			}
		}
	})
	return found
}

func TestLogFields(t *testing.T) {
	var declared []string
	for _, l := range DataMap().Logs {
		declared = append(declared, l.Name)
	}
	if faults := differ("log field", logged(t, sources(t)), declared); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}

// audited finds the keys of details of audit entries: those of map literals in a
// field Detail or in a call named audit, and of assignments to detail.
func audited(t *testing.T, files map[string]string) map[string]string {
	found := map[string]string{}
	note := func(path string, key ast.Expr) {
		name, ok := literal(key)
		if !ok {
			name = "*"
		}
		found[name] = path
	}
	details := func(path string, e ast.Expr) {
		lit, ok := e.(*ast.CompositeLit)
		if !ok {
			return
		}
		if _, ok := lit.Type.(*ast.MapType); !ok {
			return
		}
		for _, el := range lit.Elts {
			note(path, el.(*ast.KeyValueExpr).Key)
		}
	}
	inspect(t, files, func(path string, n ast.Node) {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if lastName(n.Key) == "Detail" {
				details(path, n.Value)
			}
		case *ast.CallExpr:
			if slices.Contains([]string{"audit", "audited", "setDoor"}, lastName(n.Fun)) {
				for _, a := range n.Args {
					details(path, a)
				}
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if lastName(left) == "detail" && i < len(n.Rhs) {
					details(path, n.Rhs[i])
				}
				if index, ok := left.(*ast.IndexExpr); ok && lastName(index.X) == "detail" {
					note(path, index.Index)
				}
			}
		}
	})
	return found
}

func fieldNames(column *Column) []string {
	var names []string
	for _, f := range column.Fields {
		names = append(names, f.Name)
	}
	return names
}

func TestAuditFields(t *testing.T) {
	if faults := differ("audit detail", audited(t, sources(t)), fieldNames(DataMap().Table("audit").Column("detail"))); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}

// Every text map of strings that reaches a helper with another name would slip
// by: the only functions that take a detail are known.
func TestDetailTakers(t *testing.T) {
	var takers []string
	inspect(t, sources(t), func(path string, n ast.Node) {
		f, ok := n.(*ast.FuncDecl)
		if !ok {
			return
		}
		for _, p := range f.Type.Params.List {
			if m, ok := p.Type.(*ast.MapType); ok && lastName(m.Key) == "string" && lastName(m.Value) == "string" {
				for _, name := range p.Names {
					if name.Name == "detail" {
						takers = append(takers, f.Name.Name)
					}
				}
			}
		}
	})
	slices.Sort(takers)
	if got := slices.Compact(takers); !slices.Equal(got, []string{"audit", "setDoor"}) {
		t.Errorf("functions that take an audit detail: %v; audited must know each", got)
	}
}

// payloads finds the fields of what jobs carry: those of the type called payload
// of each package that gives a job something.
func payloads(t *testing.T, files map[string]string) map[string]string {
	found := map[string]string{}
	fields := map[string][]string{}
	carriers := map[string]bool{}
	inspect(t, files, func(path string, n ast.Node) {
		switch n := n.(type) {
		case *ast.CompositeLit:
			for _, el := range n.Elts {
				if kv, ok := el.(*ast.KeyValueExpr); ok && lastName(n.Type) == "Job" && lastName(kv.Key) == "Payload" {
					carriers[filepath.Dir(path)] = true
				}
			}
		case *ast.TypeSpec:
			of, ok := n.Type.(*ast.StructType)
			if !ok || n.Name.Name != "payload" {
				return
			}
			for _, f := range of.Fields.List {
				name := "(no name in JSON)"
				if f.Tag != nil {
					tag, _ := strconv.Unquote(f.Tag.Value)
					name, _, _ = strings.Cut(reflect.StructTag(tag).Get("json"), ",")
				}
				fields[filepath.Dir(path)] = append(fields[filepath.Dir(path)], name)
			}
		}
	})
	for dir := range carriers {
		if fields[dir] == nil {
			found["(no type called payload)"] = dir
		}
		for _, name := range fields[dir] {
			found[name] = dir
		}
	}
	return found
}

func TestJobFields(t *testing.T) {
	if faults := differ("job payload", payloads(t, sources(t)), fieldNames(DataMap().Table("job").Column("payload"))); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}

// fileKindsOf finds the kinds of file that are put in the blob store.
func fileKindsOf(t *testing.T, files map[string]string) map[string]string {
	found := map[string]string{}
	inspect(t, files, func(path string, n ast.Node) {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || lastName(lit.Type) != "BlobMeta" {
			return
		}
		kind := "(none)"
		for _, el := range lit.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok && lastName(kv.Key) == "Kind" {
				if kind, ok = literal(kv.Value); !ok {
					kind = "(not a literal)"
				}
			}
		}
		found[kind] = path
	})
	return found
}

func TestFileKinds(t *testing.T) {
	var declared []string
	for _, k := range DataMap().Files {
		declared = append(declared, k.Kind)
	}
	if faults := differ("kind of file", fileKindsOf(t, sources(t)), declared); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}

// jsonFields are the names under which a type is written in JSON.
func jsonFields(of reflect.Type) map[string]string {
	found := map[string]string{}
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		if name == "" {
			name = of.Field(i).Name
		}
		found[name] = of.Name()
	}
	return found
}

func TestCredentialFields(t *testing.T) {
	found := jsonFields(reflect.TypeFor[webauthn.Credential]())
	if faults := differ("credential field", found, fieldNames(DataMap().Table("passkey").Column("data"))); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}

var storageName = regexp.MustCompile(`\bkey<.*>\("\w+", "([^"]+)"\)`)

func storageIn(keysFile string) map[string]string {
	found := map[string]string{}
	for _, m := range storageName.FindAllStringSubmatch(keysFile, -1) {
		found[m[1]] = "web/src/storage/keys.ts"
	}
	return found
}

// cookies finds the names of the cookies that the server sets, without what
// HTTPS puts before them.
func cookies(t *testing.T, files map[string]string) map[string]string {
	constants := map[string]string{}
	inspect(t, files, func(_ string, n ast.Node) {
		if v, ok := n.(*ast.ValueSpec); ok {
			for i, name := range v.Names {
				if i < len(v.Values) {
					if text, ok := literal(v.Values[i]); ok {
						constants[name.Name] = text
					}
				}
			}
		}
	})
	found := map[string]string{}
	inspect(t, files, func(path string, n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 3 || lastName(call.Fun) != "Cookie" {
			return
		}
		name, ok := literal(call.Args[0])
		if !ok {
			if name, ok = constants[lastName(call.Args[0])]; !ok {
				name = "(not a constant)"
			}
		}
		found["preau_"+name] = path
	})
	return found
}

func TestStorageKeys(t *testing.T) {
	body, err := os.ReadFile("../../web/src/storage/keys.ts")
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, k := range DataMap().Storage {
		declared = append(declared, k.Key)
	}
	found := storageIn(string(body))
	maps.Copy(found, cookies(t, sources(t)))
	if faults := differ("storage key", found, declared); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}

// storageUse is any way to a browser's storage; cookies set by a script too.
var storageUse = regexp.MustCompile(`\b(localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open|navigator\.storage)\b|from "idb"`)

// Only web/src/storage touches a browser's storage.
func TestStorageIsOnePlace(t *testing.T) {
	root := filepath.Join("..", "..", "web", "src")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".ts") && !strings.HasSuffix(path, ".tsx") || strings.Contains(path, ".test.") {
			return err
		}
		if rel, _ := filepath.Rel(root, path); strings.HasPrefix(rel, "storage"+string(filepath.Separator)) {
			return nil
		}
		body, err := os.ReadFile(path)
		for _, line := range storageLines(string(body)) {
			t.Errorf("%s touches a browser's storage: %s", path, line)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func storageLines(body string) []string {
	var lines []string
	for line := range strings.SplitSeq(body, "\n") {
		code := strings.TrimSpace(line)
		if storageUse.MatchString(code) && !strings.HasPrefix(code, "//") && !strings.HasPrefix(code, "*") && !strings.HasPrefix(code, "/*") {
			lines = append(lines, code)
		}
	}
	return lines
}

// Each of the readers above sees what is planted.
func TestPlantedFieldIsCaught(t *testing.T) {
	source := map[string]string{"x.go": `package x
const tracker = "tracker"
type payload struct { Tongue string "json:\"mother_tongue\"" }
func f() {
	s.log.Info("seat entered", "pseudonym", p)
	slog.LogAttrs(ctx, 0, "x", slog.String("surname", n))
	log.Warn("x", key, v)
	s.audit(ctx, tx, "a", map[string]string{"first_name": n})
	detail := map[string]string{"birth": b}
	detail["mother"] = m
	e := store.AuditEntry{Detail: map[string]string{"address": a}}
	store.Enqueue(ctx, tx, store.Job{Kind: "mail", Payload: raw})
	blobs.Put(ctx, store.BlobMeta{Kind: "photo"}, r)
	s.api.Cookie(tracker, "x", 0)
}`}
	for what, found := range map[string]map[string]string{
		"log pseudonym": logged(t, source), "log surname": logged(t, source), "log (not a literal)": logged(t, source),
		"audit first_name": audited(t, source), "audit birth": audited(t, source), "audit mother": audited(t, source), "audit address": audited(t, source),
		"job mother_tongue": payloads(t, source), "file photo": fileKindsOf(t, source),
		"storage preau-diary":  storageIn("  diary: key<Record<string, { a: 1 }>>(\"local\", \"preau-diary\"),"),
		"cookie preau_tracker": cookies(t, source),
	} {
		_, name, _ := strings.Cut(what, " ")
		if _, ok := found[name]; !ok {
			t.Errorf("%s was not seen: %v", what, found)
		}
		if len(differ("x", found, nil)) != len(found) {
			t.Errorf("%s was not reported", what)
		}
	}
	if got := storageLines("// localStorage\nconst x = localStorage.getItem(k);\nimport { openDB } from \"idb\";"); len(got) != 2 {
		t.Errorf("storage use: %v", got)
	}
}
