package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// Flags is the settings as flags of a kong command: embed it in the command's
// struct, made by NewFlags before kong parses.
//
//	type serve struct {
//		config.Flags
//	}
type Flags struct {
	kong.Plugins
}

// NewFlags makes the flags, none given.
func NewFlags() Flags {
	var list []reflect.StructField
	for _, s := range settings() {
		kind := reflect.TypeFor[*string]()
		if s.kind.Kind() == reflect.Bool {
			kind = reflect.TypeFor[*bool]()
		}
		list = append(list, flagField(s.name, s.group, s.help+flagDefault(s)+" ["+s.env()+"]", kind))
		if s.secret {
			help := "File that holds " + s.name + ", so that it shows in no list of processes. [" + s.env() + "_FILE]"
			list = append(list, flagField(s.name+fileSuffix, s.group, help, kind))
		}
	}
	return Flags{kong.Plugins{reflect.New(reflect.StructOf(list)).Interface()}}
}

func flagField(name, group, help string, kind reflect.Type) reflect.StructField {
	// kong takes ${…} and commas in some tags as its own; none of ours has them.
	tag := fmt.Sprintf(`name:%q help:%q group:%q placeholder:%q`, name, help, group, strings.ToUpper(name[strings.LastIndex(name, "-")+1:]))
	exported := ""
	for part := range strings.SplitSeq(name, "-") {
		exported += strings.ToUpper(part[:1]) + part[1:]
	}
	return reflect.StructField{Name: exported, Type: kind, Tag: reflect.StructTag(tag)}
}

func flagDefault(s setting) string {
	if s.def == "" {
		return ""
	}
	return " Default: " + s.def + "."
}

// Values gives the flags that were given, for Input.
func (f Flags) Values() map[string]string {
	given := map[string]string{}
	for _, plugin := range f.Plugins {
		v := reflect.ValueOf(plugin).Elem()
		for i := range v.NumField() {
			name := v.Type().Field(i).Tag.Get("name")
			switch p := v.Field(i).Interface().(type) {
			case *string:
				if p != nil {
					given[name] = *p
				}
			case *bool:
				if p != nil {
					given[name] = map[bool]string{true: "yes", false: "no"}[*p]
				}
			}
		}
	}
	return given
}

// Groups names the groups of settings, for kong's help.
func Groups() []kong.Group {
	var groups []kong.Group
	for _, g := range groupTitles() {
		groups = append(groups, kong.Group{Key: g.key, Title: g.title})
	}
	return groups
}
