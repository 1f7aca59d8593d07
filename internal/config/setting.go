package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// setting is one field of Config with its tags.
type setting struct {
	name, group, def, help string
	secret                 bool
	index                  int
	kind                   reflect.Type
}

func (s setting) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

const (
	envPrefix  = "PREAU_"
	fileSuffix = "-file"
)

// settings lists the settings in the order of Config.
func settings() []setting {
	t := reflect.TypeFor[Config]()
	var all []setting
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := f.Tag.Lookup("name")
		if !ok {
			continue
		}
		all = append(all, setting{name: name, group: f.Tag.Get("group"), def: f.Tag.Get("default"), help: f.Tag.Get("help"),
			secret: f.Tag.Get("secret") != "", index: i, kind: f.Type})
	}
	return all
}

// names lists every key a file may hold.
func names(all []setting) []string {
	var list []string
	for _, s := range all {
		list = append(list, s.name)
		if s.secret {
			list = append(list, s.name+fileSuffix)
		}
	}
	return list
}

// set puts a value as written by the operator into its field. The answer is
// the catalogue key of what is wrong, or "".
func (c *Config) set(s setting, value string) (key string, args map[string]any) {
	field := reflect.ValueOf(c).Elem().Field(s.index)
	args = map[string]any{"value": value}
	switch p := field.Addr().Interface().(type) {
	case *string:
		*p = value
	case *Secret:
		*p = Secret(value)
	case *bool:
		switch strings.ToLower(value) {
		case "yes", "true", "oui", "1":
			*p = true
		case "no", "false", "non", "0", "":
			*p = false
		default:
			return "ops.cfg_bool", args
		}
	case *int:
		n, err := strconv.Atoi(value)
		if err != nil {
			return "ops.cfg_number", args
		}
		*p = n
	case *time.Duration:
		d, err := time.ParseDuration(value)
		if err != nil {
			return "ops.cfg_duration", args
		}
		*p = d
	case *[]string:
		*p = fields(value)
	case *[]netip.Prefix:
		*p = nil
		for _, one := range fields(value) {
			prefix, err := parsePrefix(one)
			if err != nil {
				return "ops.cfg_prefix", map[string]any{"value": one}
			}
			*p = append(*p, prefix)
		}
	default:
		panic(fmt.Sprintf("config: setting %s has a type that set does not know", s.name))
	}
	return "", nil
}

// fields splits a list at commas and spaces.
func fields(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' })
}

// parsePrefix reads a range, or a single address as the range of itself.
func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}
