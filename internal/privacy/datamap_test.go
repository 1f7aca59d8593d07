package privacy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/internal/i18n"
)

// incoherences lists what the map says that cannot be: each declaration must
// lead to an end for every row and to an erasure for every person.
func incoherences(m Map) []string {
	var faults []string
	fail := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	rules := map[string]bool{}
	activities := map[ActivityID]bool{}
	for _, a := range m.Activities {
		activities[a.ID] = true
	}
	for _, t := range m.Tables {
		if !activities[t.Activity] {
			fail("%s: no such activity", t.Name)
		}
		cascades := slices.ContainsFunc(t.Parents, func(p Parent) bool { return p.Cascade })
		deletes := slices.ContainsFunc(t.Rules, func(r Rule) bool { return r.Does != BlankColumns })
		if !cascades && !deletes && t.Stays == "" {
			fail("%s: nothing says how long rows stay", t.Name)
		}
		for _, k := range t.Key {
			if t.Column(k) == nil {
				fail("%s: key column %s is not declared", t.Name, k)
			}
		}
		for _, p := range t.Parents {
			if t.Column(p.Column) == nil || m.Table(p.Table) == nil {
				fail("%s: parent %s.%s is not declared", t.Name, p.Table, p.Column)
			} else if len(m.Table(p.Table).Key) != 1 {
				fail("%s: parent %s must have a key of one column", t.Name, p.Table)
			}
		}
		for _, r := range t.Rules {
			if rules[r.ID] {
				fail("rule %s stands twice", r.ID)
			}
			rules[r.ID] = true
			if r.Least < 1 || r.Least > r.Days {
				fail("rule %s: %d days at least, %d by default", r.ID, r.Least, r.Days)
			}
			if t.School == "" && r.Least != r.Days {
				fail("rule %s: no school can shorten what belongs to the installation", r.ID)
			}
			for _, c := range r.From.Columns {
				if t.Column(c) == nil {
					fail("rule %s: counts from %s, which is not declared", r.ID, c)
				}
			}
			for _, b := range r.Blank {
				if c := t.Column(b); c == nil || c.Blank != "NULL" {
					fail("rule %s: %s cannot be emptied", r.ID, b)
				}
			}
		}
		faults = append(faults, t.peopleFaults()...)
	}
	return faults
}

// peopleFaults checks that every column about a person is reached by a way to
// that person, and is then deleted, blanked, or left for a stated reason.
func (t Table) peopleFaults() []string {
	var faults []string
	for _, c := range t.Columns {
		if c.Whose != OfSeat && c.Whose != OfStaff {
			if c.Blank != "" || c.Stays != "" {
				faults = append(faults, fmt.Sprintf("%s.%s is about nobody and has an erasure", t.Name, c.Name))
			}
			continue
		}
		if c.Blank != "" && c.Stays != "" {
			faults = append(faults, fmt.Sprintf("%s.%s is both blanked and left", t.Name, c.Name))
		}
		reached := false
		for _, p := range t.People {
			if p.Whose != c.Whose {
				continue
			}
			reached = true
			if p.Erase == BlankRows && c.Blank == "" && c.Stays == "" {
				faults = append(faults, fmt.Sprintf("%s.%s outlives an erasure without a reason", t.Name, c.Name))
			}
		}
		if !reached {
			faults = append(faults, fmt.Sprintf("%s.%s is about a %s that no way of the table leads to", t.Name, c.Name, c.Whose))
		}
	}
	for _, p := range t.People {
		if p.Erase == KeepRows && p.Why == "" {
			faults = append(faults, fmt.Sprintf("%s: rows about a %s are kept without a reason", t.Name, p.Whose))
		}
	}
	return faults
}

func TestMapIsCoherent(t *testing.T) {
	if faults := incoherences(DataMap()); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}

func TestIncoherenceIsCaught(t *testing.T) {
	m := Map{Activities: activities(), Tables: []Table{
		{Name: "a", Activity: Seats, Key: []string{"id"}, Columns: []Column{about(OfSeat, "id", "x"), about(OfSeat, "answer", "x")}, People: []Person{{Whose: OfSeat, Where: "id = $1", Erase: BlankRows}}},
		{Name: "b", Activity: "nothing", Key: []string{"id"}, Stays: "x", Columns: []Column{plain("id", "x"), about(OfStaff, "by", "x")},
			Rules: []Rule{{ID: "b", From: after("gone"), Days: 1, Least: 2, Does: DeleteRow}, {ID: "b", From: after("id"), Days: 1, Least: 1, Does: DeleteRow}}},
	}}
	want := []string{
		"a: nothing says how long rows stay", "a.id outlives an erasure without a reason", "a.answer outlives an erasure without a reason",
		"b: no such activity", "rule b: 2 days at least, 1 by default", "rule b: no school can shorten what belongs to the installation",
		"rule b: counts from gone, which is not declared", "rule b stands twice", "b.by is about a staff that no way of the table leads to",
	}
	if got := incoherences(m); !slices.Equal(got, want) {
		t.Errorf("got:\n%s", strings.Join(got, "\n"))
	}
}

// Every text that the map names is in the catalogue, in both languages.
func TestMapHasTexts(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range DataMap().textKeys() {
		for _, locale := range i18n.Locales() {
			if !texts.Has(locale, key) {
				t.Errorf("%s: no text in %s", key, locale)
			}
		}
	}
}

// textKeys lists the catalogue keys of the whole map, once each.
func (m Map) textKeys() []string {
	var keys []string
	add := func(list ...string) {
		for _, k := range list {
			if k != "" {
				keys = append(keys, k)
			}
		}
	}
	for _, a := range m.Activities {
		add(a.Text, a.Purpose, a.BasisText, a.Recipients, a.Security)
	}
	for _, t := range m.Tables {
		add(t.Text, t.Stays)
		for _, r := range t.Rules {
			add(r.Text)
		}
		for _, p := range t.People {
			add(p.Why)
		}
		for _, c := range t.Columns {
			add(c.Text, c.Stays)
			for _, f := range c.Fields {
				add(f.Text)
			}
		}
	}
	for _, f := range m.Files {
		add(f.Text)
	}
	for _, l := range m.Logs {
		add(l.Text)
	}
	for _, k := range m.Storage {
		add(k.Text)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
