package config

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// DefaultFile is read when no other file is named and it exists.
const DefaultFile = "/etc/preau/preau.conf"

const maxSecret = 16 << 10 // bytes of a secret's file

// Input is what Load reads from.
type Input struct {
	Flags map[string]string // by name of setting, those given alone; see Flags.Values
	Env   []string          // as os.Environ gives it
	File  string            // the settings file; "" means PREAU_CONFIG, then DefaultFile if it exists
}

// Load reads, merges and checks the settings. Its error is Problems: all that
// is wrong at once.
func Load(in Input) (*Config, error) {
	l := loader{all: settings(), known: map[string]setting{}, values: map[string]value{}}
	for _, s := range l.all {
		l.known[s.name] = s
	}
	env := environment(in.Env)
	c := &Config{sources: map[string]Source{}}
	c.File = l.file(in.File, env["PREAU_CONFIG"])
	l.environment(env)
	for _, name := range slices.Sorted(maps.Keys(in.Flags)) {
		l.take(name, in.Flags[name], Source{From: "flag", Name: "--" + name})
	}
	l.fill(c)
	if len(l.problems) > 0 {
		return nil, l.problems // a check on half-read settings would only add noise
	}
	if p := c.check(); len(p) > 0 {
		return nil, p
	}
	return c, nil
}

type value struct {
	text  string
	from  Source
	name  string // as written: the setting's, or that with -file
	layer string // Source.From of what wrote it
}

// loader gathers the written values, the later call winning over the earlier.
type loader struct {
	all      []setting
	known    map[string]setting
	values   map[string]value // by setting, with name-file settings already read
	problems Problems
}

func (l *loader) refuse(name string, from Source, key string, args map[string]any) {
	l.problems = append(l.problems, Problem{Setting: name, Source: from, Key: key, Args: args})
}

// file reads the settings file and answers its path, "" when there is none.
func (l *loader) file(given, fromEnv string) string {
	path, must := given, true
	if path == "" {
		path = fromEnv
	}
	if path == "" {
		path, must = DefaultFile, false
	}
	from := Source{From: "file", Name: path}
	raw, err := readLimited(path, maxFile+1)
	switch {
	case err != nil && !must && errors.Is(err, fs.ErrNotExist):
		return ""
	case err != nil:
		l.refuse("", from, "ops.cfg_unreadable", map[string]any{"path": path, "error": cause(err)})
		return path
	}
	entries, wrong := parse(raw)
	for _, w := range wrong {
		l.refuse("", Source{From: "file", Name: path, Line: w.line}, w.key, w.args)
	}
	for _, e := range entries {
		l.take(e.key, e.value, Source{From: "file", Name: path, Line: e.line})
	}
	return path
}

func (l *loader) environment(env map[string]string) {
	var all []string
	for _, name := range names(l.all) {
		variable := envPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		all = append(all, variable)
		if v, ok := env[variable]; ok {
			l.take(name, v, Source{From: "env", Name: variable})
		}
	}
	// Other programs may use the prefix: only what looks like a slip is refused.
	for _, variable := range slices.Sorted(maps.Keys(env)) {
		if !strings.HasPrefix(variable, envPrefix) || variable == "PREAU_CONFIG" || contains(all, variable) {
			continue
		}
		for _, known := range all {
			if edits(variable, known) <= 2 {
				l.refuse("", Source{From: "env", Name: variable}, "ops.cfg_unknown_near", map[string]any{"name": variable, "near": known})
				break
			}
		}
	}
}

// take records one written value. A secret and its -file form in the same
// place exclude each other; from one place to the next either wins.
func (l *loader) take(name, text string, from Source) {
	s, ok := l.known[name]
	if base, isFile := strings.CutSuffix(name, fileSuffix); !ok && isFile {
		s, ok = l.known[base]
		ok = ok && s.secret
	}
	if !ok {
		if near := nearest(name, names(l.all)); near != "" {
			l.refuse("", from, "ops.cfg_unknown_near", map[string]any{"name": name, "near": near})
		} else {
			l.refuse("", from, "ops.cfg_unknown", map[string]any{"name": name})
		}
		return
	}
	if prior, ok := l.values[s.name]; ok && prior.layer == from.From && prior.name != name {
		l.refuse(s.name, from, "ops.cfg_secret_twice", map[string]any{"name": s.name, "file": s.name + fileSuffix})
		return
	}
	v := value{text: text, from: from, name: name, layer: from.From}
	if name != s.name {
		raw, err := readLimited(text, maxSecret+1)
		if err == nil && len(raw) > maxSecret {
			err = errors.New("file too large")
		}
		if err != nil {
			l.refuse(name, from, "ops.cfg_unreadable", map[string]any{"path": text, "error": cause(err)})
			return
		}
		v.text, v.from = strings.TrimRight(string(raw), "\r\n"), Source{From: "secret", Name: text}
	}
	l.values[s.name] = v
}

func (l *loader) fill(c *Config) {
	for _, s := range l.all {
		v, ok := l.values[s.name]
		if !ok {
			v = value{text: s.def, from: Source{From: "default"}}
			if s.def == "" {
				continue
			}
		} else {
			c.sources[s.name] = v.from
		}
		if key, args := c.set(s, v.text); key != "" {
			l.refuse(s.name, v.from, key, args)
		}
	}
}

func environment(list []string) map[string]string {
	env := map[string]string{}
	for _, one := range list {
		if name, v, ok := strings.Cut(one, "="); ok {
			env[name] = v
		}
	}
	return env
}

func readLimited(path string, max int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max))
}

// cause is the system's reason without the path, which the message shows.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
