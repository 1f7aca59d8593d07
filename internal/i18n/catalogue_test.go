package i18n

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// catalogue loads what is embedded, the way the server does.
func catalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryKeyInEveryLanguage(t *testing.T) {
	if missing := missingKeys(catalogue(t)); missing != nil {
		t.Errorf("missing:\n%s", strings.Join(missing, "\n"))
	}
}

func TestArgumentsAgree(t *testing.T) {
	if wrong := disagreeing(catalogue(t)); wrong != nil {
		t.Errorf("not the same {arguments}:\n%s", strings.Join(wrong, "\n"))
	}
}

func TestTypography(t *testing.T) {
	c := catalogue(t)
	for _, locale := range Locales() {
		for _, key := range slices.Sorted(maps.Keys(c.texts[locale])) {
			entry := c.texts[locale][key]
			for _, form := range []string{entry.one, entry.other} {
				for _, fault := range misprints(locale, form) {
					t.Errorf("%s %s: %s: %q", locale, key, fault, form)
				}
			}
		}
	}
}

// The rules themselves must be able to fail.
func TestRulesCatch(t *testing.T) {
	for name, c := range map[string]struct {
		locale Locale
		text   string
		faults int
	}{
		"plain space before a colon":     {French, "Salle : 12", 1},
		"no space before a question":     {French, "Qui?", 1},
		"straight apostrophe":            {French, "l'élève", 1},
		"plain spaces in quotes":         {French, "« oui »", 2},
		"three dots":                     {French, "Lecture...", 1},
		"exclamation":                    {French, "Bravo\u00A0!", 1},
		"exclamation in English":         {English, "Well done!", 1},
		"oups":                           {French, "Oups, une erreur.", 1},
		"straight quotes":                {French, `le "code"`, 1},
		"good":                           {French, "«\u00A0Salle\u00A0» de l’école\u202F: {name}\u00A0?", 0},
		"address and hour are no colons": {French, "https://{host}/p à 10:30", 0},
		"tag of a plural":                {English, "It's fine", 1},
		"good English":                   {English, "It’s fine: go on", 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := misprints(c.locale, c.text); len(got) != c.faults {
				t.Errorf("%q: %v, want %d", c.text, got, c.faults)
			}
		})
	}
	planted := &Catalogue{texts: map[Locale]map[string]text{
		French:  {"a.both": {other: "{n}"}, "a.french": {other: "x"}},
		English: {"a.both": {other: "{m}"}, "a.english": {other: "x"}},
	}}
	if got := missingKeys(planted); len(got) != 2 {
		t.Errorf("missing keys: %v", got)
	}
	if got := disagreeing(planted); len(got) != 1 {
		t.Errorf("arguments: %v", got)
	}
}

func missingKeys(c *Catalogue) []string {
	var missing []string
	for _, in := range Locales() {
		for _, other := range Locales() {
			for _, key := range slices.Sorted(maps.Keys(c.texts[in])) {
				if !c.Has(other, key) {
					missing = append(missing, key+" has no text in "+string(other))
				}
			}
		}
	}
	return missing
}

var argument = regexp.MustCompile(`\{(\w+)\}`)

// disagreeing lists the keys whose languages do not take the same arguments.
// A singular may leave its count out: it says "a pupil".
func disagreeing(c *Catalogue) []string {
	var wrong []string
	for _, key := range slices.Sorted(maps.Keys(c.texts[French])) {
		fr, en := c.texts[French][key], c.texts[English][key]
		if en.other == "" {
			continue
		}
		same := slices.Equal(arguments(fr.other), arguments(en.other))
		for _, t := range []text{fr, en} {
			if t.one != "" && !slices.Equal(without(arguments(t.one), "count"), without(arguments(t.other), "count")) {
				same = false
			}
		}
		if !same {
			wrong = append(wrong, key)
		}
	}
	return wrong
}

func arguments(form string) []string {
	var names []string
	for _, m := range argument.FindAllStringSubmatch(form, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
}

const wide = "\u00A0\u202F" // the two no-break spaces

type misprint struct {
	what    string
	pattern *regexp.Regexp
}

var everywhere = []misprint{
	{"straight apostrophe", regexp.MustCompile(`'`)},
	{"straight quotes", regexp.MustCompile(`"`)},
	{"three dots for an ellipsis", regexp.MustCompile(`\.\.\.`)},
	{"exclamation mark", regexp.MustCompile(`!`)},
	{"two spaces", regexp.MustCompile(`  `)},
}

var french = []misprint{
	{"no-break space wanted before ? ; »", regexp.MustCompile(`[^` + wide + `][?;»]`)},
	{"no-break space wanted before a colon", regexp.MustCompile(`[^` + wide + `\d]:(?:[^/\d]|$)`)},
	{"no-break space wanted after «", regexp.MustCompile(`«[^` + wide + `]`)},
	{"oups", regexp.MustCompile(`(?i)\boups`)},
}

func misprints(locale Locale, form string) []string {
	rules := everywhere
	if locale == French {
		rules = slices.Concat(everywhere, french)
	}
	var found []string
	for _, r := range rules {
		if r.pattern.MatchString(form) {
			found = append(found, r.what)
		}
	}
	return found
}
