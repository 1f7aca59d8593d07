package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed catalogue
var files embed.FS

// Locale is a language of the interface.
type Locale string

// The languages, the first being the default.
const (
	French  Locale = "fr"
	English Locale = "en"
)

// Locales lists every language of the interface, the default first.
func Locales() []Locale { return []Locale{French, English} }

// text is one entry: one form, or one for each plural category.
type text struct {
	other string
	one   string // empty when the text has a single form
}

func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &t.other)
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(b, &forms); err != nil {
		return err
	}
	if forms.One == "" || forms.Other == "" {
		return fmt.Errorf("a plural needs both «one» and «other»")
	}
	t.one, t.other = forms.One, forms.Other
	return nil
}

// Catalogue holds every text of every language. It is read-only once loaded.
type Catalogue struct {
	texts map[Locale]map[string]text
}

// Load reads the embedded catalogue. An error means that a file is malformed.
func Load() (*Catalogue, error) { return load(files) }

func load(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[Locale]map[string]text{}}
	for _, locale := range Locales() {
		all := map[string]text{}
		names, err := fs.Glob(fsys, path.Join("catalogue", string(locale), "*.json"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			raw, err := fs.ReadFile(fsys, name)
			if err != nil {
				return nil, err
			}
			var one map[string]text
			if err := json.Unmarshal(raw, &one); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			domain := strings.TrimSuffix(path.Base(name), ".json")
			for key, t := range one {
				all[domain+"."+key] = t
			}
		}
		c.texts[locale] = all
	}
	return c, nil
}

// Has says whether the key has a text in that language.
func (c *Catalogue) Has(locale Locale, key string) bool {
	_, ok := c.texts[locale][key]
	return ok
}

// Keys lists the keys of a language, unordered.
func (c *Catalogue) Keys(locale Locale) []string {
	keys := make([]string, 0, len(c.texts[locale]))
	for k := range c.texts[locale] {
		keys = append(keys, k)
	}
	return keys
}

// T gives the text of a key with its {arguments} filled in. A plural is chosen
// by the argument "count". An unknown key gives the key itself, which the
// catalogue's tests make impossible for keys written in the code.
func (c *Catalogue) T(locale Locale, key string, args map[string]any) string {
	t, ok := c.texts[locale][key]
	if !ok {
		if t, ok = c.texts[French][key]; !ok {
			return key
		}
	}
	form := t.other
	if t.one != "" && isOne(locale, args["count"]) {
		form = t.one
	}
	for name, value := range args {
		form = strings.ReplaceAll(form, "{"+name+"}", fmt.Sprint(value))
	}
	return form
}

// isOne follows CLDR's cardinal rules for whole numbers: French counts 0 and 1
// as singular, English 1 alone.
func isOne(locale Locale, count any) bool {
	n, ok := asInt(count)
	return ok && (n == 1 || n == 0 && locale == French)
}

func asInt(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case int32:
		return int64(n), true
	case float64:
		return int64(n), n == float64(int64(n))
	}
	return 0, false
}

// Choose picks the language for an Accept-Language header (RFC 9110 12.5.4),
// weights aside: the first listed language that the interface has.
func Choose(acceptLanguage string) Locale {
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		for _, l := range Locales() {
			if base == string(l) {
				return l
			}
		}
	}
	return French
}
