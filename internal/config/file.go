package config

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a settings file, in bytes.
const (
	maxFile = 64 << 10
	maxLine = 4 << 10
)

// entry is one line "key = value" of a file.
type entry struct {
	key, value string
	line       int
}

// lineError is what is wrong with one line of a file.
type lineError struct {
	line int
	key  string // catalogue key
	args map[string]any
}

// parse reads the form of the settings file: lines of key = value, whole-line
// comments after #, blank lines. A value may stand in double quotes. It goes on
// after a wrong line so that all of them are reported.
func parse(raw []byte) ([]entry, []lineError) {
	if len(raw) > maxFile {
		return nil, []lineError{{line: 1, key: "ops.cfg_file_long", args: map[string]any{"max": maxFile >> 10}}}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	var entries []entry
	var wrong []lineError
	first := map[string]int{}
	n := 0
	for text := range strings.SplitSeq(string(raw), "\n") {
		n++
		text = strings.TrimSpace(text)
		refuse := func(key string, args map[string]any) {
			wrong = append(wrong, lineError{line: n, key: key, args: args})
		}
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
			continue
		case len(text) > maxLine:
			refuse("ops.cfg_line_long", map[string]any{"max": maxLine})
			continue
		case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
			refuse("ops.cfg_line_bytes", nil)
			continue
		case strings.HasPrefix(text, "["):
			refuse("ops.cfg_line_section", nil)
			continue
		}
		key, value, ok := strings.Cut(text, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || key == "" {
			refuse("ops.cfg_line_form", nil)
			continue
		}
		if strings.HasPrefix(value, `"`) {
			if len(value) < 2 || !strings.HasSuffix(value, `"`) {
				refuse("ops.cfg_line_quote", nil)
				continue
			}
			value = value[1 : len(value)-1]
		}
		if at, twice := first[key]; twice {
			refuse("ops.cfg_line_twice", map[string]any{"name": key, "line": at})
			continue
		}
		first[key] = n
		entries = append(entries, entry{key: key, value: value, line: n})
	}
	return entries, wrong
}
