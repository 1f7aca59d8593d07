package config

import (
	"fmt"
	"strings"
)

type groupTitle struct{ key, title string }

// groupTitles is the order of the groups wherever settings are listed.
func groupTitles() []groupTitle {
	return []groupTitle{
		{"general", "General"}, {"tls", "Certificates and addresses"}, {"database", "Database"}, {"media", "Sound and pictures"}, {"metrics", "Metrics"}, {"backup", "Backups"},
		{"mail", "Mail"}, {"journal", "Journal"}, {"log", "Log"}, {"egress", "Outgoing connections"},
	}
}

// Reference is the Markdown of every setting, for docs/operations.md.
func Reference() string {
	var b strings.Builder
	for i, g := range groupTitles() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "### %s\n\n| setting | default | meaning |\n|---|---|---|\n", g.title)
		for _, s := range settings() {
			if s.group != g.key {
				continue
			}
			def := ""
			if s.def != "" {
				def = "`" + s.def + "`"
			}
			name := "`" + s.name + "`"
			if s.secret {
				name += ", `" + s.name + fileSuffix + "`"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", name, def, s.help)
		}
	}
	return b.String()
}
