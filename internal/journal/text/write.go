package text

import (
	"encoding/base64"
	"html/template"
	"strconv"
	"strings"
)

// FilePath is where the journal's pages give a file by its id.
const FilePath = "/journal-files/"

// HTML is the text for a page. Nothing in it runs.
func (d Doc) HTML() template.HTML {
	var out strings.Builder
	for _, n := range d.blocks {
		n.html(&out)
	}
	return template.HTML(out.String())
}

func esc(s string) string { return template.HTMLEscapeString(s) }

func (n node) html(out *strings.Builder) {
	inside := func(open, shut string) {
		out.WriteString(open)
		for _, c := range n.inside {
			c.html(out)
		}
		out.WriteString(shut)
	}
	switch n.kind {
	case "paragraph":
		if len(n.inside) == 1 && n.inside[0].kind == "formula" {
			out.WriteString(`<p class="formula">` + n.inside[0].formula.MathML(true) + "</p>\n")
		} else if len(n.inside) > 0 {
			inside("<p>", "</p>\n")
		}
	case "heading":
		level := strconv.Itoa(n.level)
		inside("<h"+level+">", "</h"+level+">\n")
	case "bulletList":
		inside("<ul>\n", "</ul>\n")
	case "orderedList":
		open := "<ol>\n"
		if n.start != 1 {
			open = `<ol start="` + strconv.Itoa(n.start) + "\">\n"
		}
		inside(open, "</ol>\n")
	case "listItem":
		inside("<li>", "</li>\n")
	case "blockquote":
		inside("<blockquote>", "</blockquote>\n")
	case "horizontalRule":
		out.WriteString("<hr>\n")
	case "hardBreak":
		out.WriteString("<br>")
	case "image":
		out.WriteString(`<figure><img src="` + FilePath + esc(n.file) + `" alt="` + esc(n.alt) + `" loading="lazy">`)
		if n.caption != "" || n.credit != "" {
			out.WriteString("<figcaption>" + esc(n.caption))
			if n.credit != "" {
				out.WriteString(` <small class="credit">` + esc(n.credit) + "</small>")
			}
			out.WriteString("</figcaption>")
		}
		out.WriteString("</figure>\n")
	case "recording":
		n.player(out)
	case "formula":
		out.WriteString(n.formula.MathML(false))
	case "text":
		n.inline(out)
	}
}

// player is a sound or a film with its words. On paper, where nothing plays, the
// words stand in its place.
func (n node) player(out *strings.Builder) {
	tag := map[string]string{"sound": "audio", "film": "video"}[n.text]
	var words strings.Builder
	for block := range strings.SplitSeq(n.words, "\n\n") {
		if block = strings.Trim(block, "\n"); block != "" {
			words.WriteString("<p>" + strings.ReplaceAll(esc(block), "\n", "<br>") + "</p>\n")
		}
	}
	name := esc(n.caption)
	out.WriteString(`<figure class="recording"><` + tag + ` src="` + FilePath + esc(n.file) + `" controls preload="none" aria-label="` + name + `">` + n.track() + "</" + tag + "><figcaption>" + name)
	if n.credit != "" {
		out.WriteString(` <small class="credit">` + esc(n.credit) + "</small>")
	}
	out.WriteString("</figcaption><details><summary>Transcription<span class=\"heard\"> : " + name + "</span></summary>\n" + words.String() + "</details><div class=\"on-paper\">" + words.String() + "</div></figure>\n")
}

// track holds the captions in the page itself: they go where it goes.
func (n node) track() string {
	if n.timed == "" {
		return ""
	}
	return `<track kind="captions" srclang="fr" label="Sous-titres" default src="data:text/vtt;base64,` + base64.StdEncoding.EncodeToString([]byte(n.timed)) + `">`
}

func (n node) inline(out *strings.Builder) {
	var shut string
	tag := func(on bool, open, end string) {
		if on {
			out.WriteString(open)
			shut = end + shut
		}
	}
	tag(n.href != "", `<a href="`+esc(n.href)+`" rel="nofollow noreferrer ugc">`, "</a>")
	tag(n.bold, "<strong>", "</strong>")
	tag(n.italic, "<em>", "</em>")
	out.WriteString(esc(n.text))
	out.WriteString(shut)
}

// Without is the text without some pictures and recordings, which were taken down.
func (d Doc) Without(files map[string]bool) Doc {
	if len(files) == 0 {
		return d
	}
	var keep []node
	for _, n := range d.blocks {
		if n.kind != "image" && n.kind != "recording" || !files[n.file] {
			keep = append(keep, n)
		}
	}
	return Doc{keep, d.files}
}

// Plain is the text alone, a paragraph a line.
func (d Doc) Plain() string {
	var out strings.Builder
	for _, n := range d.blocks {
		n.plain(&out)
	}
	return strings.TrimSpace(out.String())
}

func (n node) plain(out *strings.Builder) {
	switch n.kind {
	case "text":
		out.WriteString(n.text)
	case "hardBreak":
		out.WriteByte('\n')
	case "image":
		out.WriteString(n.alt + "\n" + n.caption + "\n")
	case "recording":
		out.WriteString(n.caption + "\n" + n.words + "\n")
	case "formula":
		out.WriteString(n.formula.Source())
	}
	for _, c := range n.inside {
		c.plain(out)
	}
	if n.kind == "paragraph" || n.kind == "heading" {
		out.WriteByte('\n')
	}
}
