package text

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Markdown is the text for those who take it elsewhere (CommonMark). place says
// where a file is, by its id.
func (d Doc) Markdown(place func(file string) string) string {
	var parts []string
	for _, n := range d.blocks {
		if p := n.markdown("", place); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "\n\n") + "\n"
}

var (
	mdEscape = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "`", "\\`", "#", `\#`, "~", `\~`, "|", `\|`)
	// What would begin a list or a line at the beginning of one, and what would be
	// read as one letter.
	mdStart  = regexp.MustCompile(`(?m)^(\s*)([-+=]|\d{1,9}[.)])`)
	mdEntity = regexp.MustCompile(`&(#?[0-9A-Za-z]+;)`)
	mdLink   = strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", `\`, "%5C")
)

func mdText(s string) string { return mdEntity.ReplaceAllString(mdEscape.Replace(s), `\&$1`) }

// mdLines escapes what lines may not begin with.
func mdLines(s string) string {
	return mdStart.ReplaceAllStringFunc(s, func(m string) string {
		last := len(m) - 1
		return m[:last] + `\` + m[last:]
	})
}

func (n node) markdown(indent string, place func(string) string) string {
	line := func() string {
		var out strings.Builder
		for _, c := range n.inside {
			out.WriteString(c.markdown(indent, place))
		}
		return out.String()
	}
	switch n.kind {
	case "paragraph":
		return mdLines(line())
	case "heading":
		return strings.Repeat("#", n.level) + " " + strings.ReplaceAll(line(), "  \n"+indent, " ")
	case "horizontalRule":
		return "---"
	case "hardBreak":
		return "  \n" + indent
	case "image":
		out := "![" + mdText(n.alt) + "](" + mdLink.Replace(place(n.file)) + ")"
		if note := strings.TrimSpace(n.caption + " " + n.credit); note != "" {
			out += "  \n" + indent + "*" + mdText(note) + "*"
		}
		return out
	case "recording":
		return "[" + mdText(n.caption) + "](" + mdLink.Replace(place(n.file)) + ")\n\n" + indent + "> " + strings.ReplaceAll(mdLines(mdText(n.words)), "\n", "\n"+indent+"> ")
	case "formula":
		return "`" + strings.ReplaceAll(n.formula.Source(), "`", "'") + "`"
	case "blockquote":
		var parts []string
		for _, c := range n.inside {
			parts = append(parts, "> "+strings.ReplaceAll(c.markdown(indent, place), "\n", "\n> "))
		}
		return strings.Join(parts, "\n>\n")
	case "bulletList", "orderedList":
		return n.list(indent, place)
	case "text":
		return n.marked()
	}
	return ""
}

func (n node) list(indent string, place func(string) string) string {
	var lines []string
	for i, item := range n.inside {
		mark := "- "
		if n.kind == "orderedList" {
			mark = strconv.Itoa(n.start+i) + ". "
		}
		deeper := indent + strings.Repeat(" ", len(mark))
		var out strings.Builder
		for j, c := range item.inside {
			switch {
			case j > 0 && c.kind == "paragraph":
				out.WriteString("\n\n" + deeper)
			case j > 0:
				out.WriteString("\n" + deeper)
			}
			out.WriteString(c.markdown(deeper, place))
		}
		lines = append(lines, mark+out.String())
	}
	return strings.Join(lines, "\n"+indent)
}

// marked writes marks close to the words, as CommonMark wants them.
func (n node) marked() string {
	words := strings.TrimFunc(n.text, unicode.IsSpace)
	if words == "" {
		return n.text
	}
	before, after, _ := strings.Cut(n.text, words)
	out := mdText(words)
	if n.bold {
		out = "**" + out + "**"
	}
	if n.italic {
		out = "*" + out + "*"
	}
	if n.href != "" {
		out = "[" + out + "](" + mdLink.Replace(n.href) + ")"
	}
	return before + out + after
}
