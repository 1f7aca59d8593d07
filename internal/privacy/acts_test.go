package privacy

import (
	"go/ast"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// actsIn finds the acts that sources write in the trail.
func actsIn(t *testing.T, files map[string]string) map[string]string {
	form := regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)
	found := map[string]string{}
	note := func(path string, expressions ...ast.Expr) {
		for _, e := range expressions {
			if act, ok := literal(e); ok && form.MatchString(act) {
				found[act] = path
			}
		}
	}
	inspect(t, files, func(path string, n ast.Node) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if slices.Contains([]string{"audit", "audited", "setDoor", "answered"}, lastName(n.Fun)) {
				note(path, n.Args...)
			}
		case *ast.KeyValueExpr:
			if lastName(n.Key) == "Act" {
				note(path, n.Value)
			}
		case *ast.AssignStmt: // act := "one"; if … { act = "other" }
			for i, left := range n.Lhs {
				if lastName(left) == "act" && i < len(n.Rhs) {
					note(path, n.Rhs[i])
				}
			}
		}
	})
	return found
}

// Acts on the installation and on one's own account are in no school's trail.
var notOfSchools = regexp.MustCompile(`^(staff|staff_key|session|territory)\.`)

var actLine = regexp.MustCompile(`(?m)^  "([a-z_.]+)": "did_`)

// The page that shows the trail has words for every act of a school, and for no other.
func TestActsHaveWords(t *testing.T) {
	body, err := os.ReadFile("../../web/src/features/privacy/acts.ts")
	if err != nil {
		t.Fatal(err)
	}
	var worded []string
	for _, m := range actLine.FindAllStringSubmatch(string(body), -1) {
		worded = append(worded, m[1])
	}
	found := actsIn(t, sources(t))
	for act := range found {
		if notOfSchools.MatchString(act) {
			delete(found, act)
		}
	}
	if len(worded) < 20 {
		t.Fatalf("only %d acts found in the client", len(worded))
	}
	if faults := differ("act", found, worded); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}

func TestPlantedActIsCaught(t *testing.T) {
	found := actsIn(t, map[string]string{"x.go": `package x
func f() {
	act := "a.one"
	s.audit(ctx, tx, "a.two", "group", nil)
	_ = store.AuditEntry{Act: "a.three"}
	s.answered(ctx, tx, "a.four")
}`})
	if len(found) != 4 {
		t.Errorf("found %v", found)
	}
}
