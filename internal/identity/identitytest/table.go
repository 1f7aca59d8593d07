package identitytest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/internal/httpx"
	"preau/internal/identity"
)

// House is a fully wired server, and what it holds for the routes to be about.
type House struct {
	Gate    *identity.Gate
	Handler http.Handler
	// Own is a seat that exists, with its group, year and school.
	Own identity.Place
	// Other is the id of another school that exists.
	Other string
	// Staff is the session token of somebody with every role in Other and none
	// in Own.School; Seat is that of a seat of Other. Either may be empty when
	// the house has no such session.
	Staff, Seat string
	// Now is the time in UTC ms, for proofs of identity.
	Now int64
}

// Table compares what the gate decides to the golden file, one line a route, so
// that a new route or a change of access needs a line that somebody reads. It
// also asks over HTTP that no route answers those whom the table refuses. With
// UPDATE_GOLDEN=1 in the environment it writes the file.
func Table(t *testing.T, h House, golden string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		var none findings
		if err := os.WriteFile(golden, []byte(heading+"\n"+strings.Join(h.lines(&none), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(golden)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for _, problem := range Problems(h, string(raw)) {
		t.Error(problem)
	}
}

// Problems is what Table finds, against the text of the golden file.
func Problems(h House, golden string) []string {
	var found findings
	lines := h.lines(&found)
	compare(&found, golden, lines)
	for _, e := range h.Gate.Entries() {
		h.overHTTP(&found, e)
	}
	h.inTable(&found)
	return found
}

// findings gathers what is wrong.
type findings []string

func (f *findings) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// lines is the table as it is, sorted by path.
func (h House) lines(found *findings) []string {
	entries := h.Gate.Entries()
	slices.SortFunc(entries, func(a, b identity.Entry) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	width := 0
	for _, e := range entries {
		width = max(width, len(e.Path))
	}
	var lines []string
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%-6s %-*s  %s", e.Method, width, e.Path, h.who(found, e)))
	}
	return lines
}

const heading = `# Who may call each route. A role is named with the narrowest scope that
# suffices; every wider one that holds the same place suffices too, and none of
# another school ever does. "part" is a grant over anything inside the school:
# the handler then shows that part alone. "recent proof" asks who one is again.
`

// compare ignores the width of columns.
func compare(found *findings, golden string, lines []string) {
	tidy := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	var want []string
	for line := range strings.Lines(golden) {
		if line = tidy(line); line != "" && !strings.HasPrefix(line, "#") {
			want = append(want, line)
		}
	}
	var got []string
	for _, line := range lines {
		got = append(got, tidy(line))
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			found.add("not in the table of access; read it and add it:\n\t%s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			found.add("in the table of access, and no longer true:\n\t%s", line)
		}
	}
}

// reach is one way to hold a role, from the narrowest.
type reach struct {
	name  string
	grant identity.Grant
}

func (h House) reaches() []reach {
	school := h.Own.School
	return []reach{
		{"part", identity.Grant{Scope: identity.OverSeats, SchoolID: school, SeatIDs: []string{"another-seat"}}},
		{"seats", identity.Grant{Scope: identity.OverSeats, SchoolID: school, SeatIDs: []string{h.Own.Seat}}},
		{"group", identity.Grant{Scope: identity.OverGroup, ScopeID: h.Own.Group, SchoolID: school}},
		{"year", identity.Grant{Scope: identity.OverYear, ScopeID: h.Own.Year, SchoolID: school}},
		{"school", identity.Grant{Scope: identity.OverSchool, ScopeID: school, SchoolID: school}},
		{"territory", identity.Grant{Scope: identity.OverTerritory, ScopeID: "t", SchoolIDs: []string{school}}},
		{"installation", identity.Grant{Scope: identity.Installation}},
	}
}

// strangers hold a role over something that never holds the place.
func (h House) strangers() []reach {
	return []reach{
		{"another school", identity.Grant{Scope: identity.OverSchool, ScopeID: h.Other, SchoolID: h.Other}},
		{"another territory", identity.Grant{Scope: identity.OverTerritory, ScopeID: "u", SchoolIDs: []string{h.Other}}},
		{"the same ids in another school", identity.Grant{Scope: identity.OverGroup, ScopeID: h.Own.Group, SchoolID: h.Other}},
		{"the same seat in another school", identity.Grant{Scope: identity.OverSeats, SeatIDs: []string{h.Own.Seat}, SchoolID: h.Other}},
	}
}

func (h House) staff(role identity.Role, g identity.Grant, fresh bool) identity.Principal {
	g.ID, g.Role = "grant", role
	p := &identity.StaffPrincipal{ID: "staff", SessionID: "session", Grants: []identity.Grant{g}}
	if fresh {
		p.FreshAt = h.Now
	}
	return identity.Principal{Staff: p}
}

// who says in words who may call a route.
func (h House) who(found *findings, e identity.Entry) string {
	place := identity.Place{}
	for name, at := range map[string]struct{ to, from *string }{
		"{school}": {&place.School, &h.Own.School}, "{year}": {&place.Year, &h.Own.Year},
		"{group}": {&place.Group, &h.Own.Group}, "{seat}": {&place.Seat, &h.Own.Seat},
	} {
		if strings.Contains(e.Path, name) {
			*at.to = *at.from
		}
	}
	may := func(p identity.Principal) bool { return h.Gate.Decide(context.Background(), e, p, place) == nil }
	if may(identity.Principal{}) {
		return "everybody"
	}
	var who []string
	seat := identity.SeatPrincipal{ID: h.Own.Seat, SchoolID: h.Own.School, SessionID: "session"}
	if may(identity.Principal{Seat: &seat}) {
		waiting, elsewhere, another := seat, seat, seat
		waiting.Waiting, elsewhere.SchoolID, another.ID = true, h.Other, "another-seat"
		switch {
		case place.School != "" && may(identity.Principal{Seat: &elsewhere}):
			found.add("%s %s lets a seat of another school in", e.Method, e.Path)
		case place.Seat != "" && may(identity.Principal{Seat: &another}):
			found.add("%s %s lets another seat in", e.Method, e.Path)
		case may(identity.Principal{Seat: &waiting}):
			who = append(who, "seats, even waiting")
		default:
			who = append(who, "seats")
		}
	}
	proof := ""
	if bare := h.staff("", identity.Grant{}, true); may(bare) {
		if !may(h.staff("", identity.Grant{}, false)) {
			proof = ", recent proof"
		}
		return strings.Join(append(who, "staff"+proof), "; ")
	}
	roles := map[string][]string{}
	for _, role := range identity.Roles() {
		narrowest := ""
		for _, r := range h.reaches() {
			switch ok := may(h.staff(role, r.grant, true)); {
			case ok && narrowest == "":
				narrowest = r.name
				if !may(h.staff(role, r.grant, false)) {
					proof = ", recent proof"
				}
			case !ok && narrowest != "":
				found.add("%s %s: %s over a %s may call, over a %s may not", e.Method, e.Path, role, narrowest, r.name)
			}
		}
		for _, r := range h.strangers() {
			if may(h.staff(role, r.grant, true)) {
				found.add("%s %s: %s over %s may call", e.Method, e.Path, role, r.name)
			}
		}
		if narrowest != "" {
			roles[narrowest] = append(roles[narrowest], string(role))
		}
	}
	for _, r := range h.reaches() {
		if list := roles[r.name]; len(list) == len(identity.Roles()) {
			who = append(who, r.name+": every role"+proof)
		} else if len(list) > 0 {
			who = append(who, r.name+": "+strings.Join(list, " ")+proof)
		}
	}
	if len(who) == 0 {
		return "nobody"
	}
	return strings.Join(who, "; ")
}

var parameter = regexp.MustCompile(`\{([a-z]*)[^}]*\}`)

// address fills the parameters of a route's path.
func (h House) address(path string) string {
	return parameter.ReplaceAllStringFunc(path, func(p string) string {
		switch name := parameter.FindStringSubmatch(p)[1]; name {
		case "school":
			return h.Own.School
		case "year":
			return h.Own.Year
		case "group":
			return h.Own.Group
		case "seat":
			return h.Own.Seat
		case "":
			return ""
		}
		return "x"
	})
}

// overHTTP asks a route that is not everybody's as those whom it refuses:
// nothing happens but the refusal.
func (h House) overHTTP(found *findings, e identity.Entry) {
	var ignored findings
	if h.who(&ignored, e) == "everybody" {
		return
	}
	if status := h.ask(e, "", ""); status != http.StatusUnauthorized {
		found.add("%s %s answers %d to nobody", e.Method, e.Path, status)
	}
	if !strings.Contains(e.Path, "{school}") {
		return
	}
	if status := h.ask(e, identity.StaffCookie, h.Staff); h.Staff != "" && status != http.StatusForbidden {
		found.add("%s %s answers %d to staff of another school", e.Method, e.Path, status)
	}
	if status := h.ask(e, identity.SeatCookie, h.Seat); h.Seat != "" && status != http.StatusUnauthorized && status != http.StatusForbidden {
		found.add("%s %s answers %d to a seat of another school", e.Method, e.Path, status)
	}
}

func (h House) ask(e identity.Entry, cookie, token string) int {
	method := e.Method
	if method == "" {
		method = http.MethodGet
	}
	r := httptest.NewRequest(method, h.address(e.Path), nil)
	if token != "" {
		r.AddCookie(&http.Cookie{Name: h.Gate.API().CookieName(cookie), Value: token})
	}
	w := httptest.NewRecorder()
	h.Handler.ServeHTTP(w, r)
	return w.Code
}

// inTable asks that every operation of the OpenAPI document came through the gate.
func (h House) inTable(found *findings) {
	entries := h.Gate.Entries()
	for path, item := range h.Gate.API().Huma.OpenAPI().Paths {
		for method, op := range map[string]bool{
			"GET": item.Get != nil, "POST": item.Post != nil, "PUT": item.Put != nil, "PATCH": item.Patch != nil, "DELETE": item.Delete != nil, "HEAD": item.Head != nil, "OPTIONS": item.Options != nil,
		} {
			if op && !slices.ContainsFunc(entries, func(e identity.Entry) bool { return e.Method == method && e.Path == httpx.Prefix+path }) {
				found.add("%s %s is served beside the gate", method, path)
			}
		}
	}
}
