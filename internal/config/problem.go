package config

import (
	"strings"

	"preau/internal/i18n"
)

// Problem is one thing wrong with the settings.
type Problem struct {
	Setting string         // its name, "" when the whole file is at fault
	Source  Source         // where the value came from
	Key     string         // catalogue key of what is wrong and how to mend it
	Args    map[string]any // arguments of that text
}

// Text is the problem in one line.
func (p Problem) Text(c *i18n.Catalogue, locale i18n.Locale) string {
	what := c.T(locale, p.Key, p.Args)
	where := sourceText(c, locale, p.Source)
	if p.Setting == "" {
		return where + c.T(locale, "ops.cfg_colon", nil) + what
	}
	return c.T(locale, "ops.cfg_problem", map[string]any{"setting": p.Setting, "where": where, "what": what})
}

func sourceText(c *i18n.Catalogue, locale i18n.Locale, s Source) string {
	args := map[string]any{"name": s.Name, "line": s.Line}
	switch {
	case s.From == "flag":
		return c.T(locale, "ops.cfg_from_flag", args)
	case s.From == "env":
		return c.T(locale, "ops.cfg_from_env", args)
	case s.From == "file" && s.Line > 0:
		return c.T(locale, "ops.cfg_from_line", args)
	case s.From == "file" || s.From == "secret":
		return c.T(locale, "ops.cfg_from_file", args)
	}
	return c.T(locale, "ops.cfg_from_default", nil)
}

// Problems is every problem found, and the error of Load.
type Problems []Problem

// Text gives a line for each problem.
func (p Problems) Text(c *i18n.Catalogue, locale i18n.Locale) string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Text(c, locale)
	}
	return strings.Join(lines, "\n")
}

// Error is the text in English.
func (p Problems) Error() string {
	c, err := i18n.Load()
	if err != nil {
		return err.Error()
	}
	return p.Text(c, i18n.English)
}
