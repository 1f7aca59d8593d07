package bring

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// shorthand turns SPIP's typographic shorthand into HTML, which it is mixed with.
type shorthand struct {
	base   *url.URL
	docs   map[string]spipFile // by number
	titles map[string]string   // "article12" → its title
	notes  *Notes
	files  []Picture // documents that are no pictures, to be given beside
	kept   []string  // what the rules of lines must not touch
	foot   []string  // notes at the foot
}

// spipFile is a row of spip_documents.
type spipFile struct{ path, title, about, alt, kind string }

func (f spipFile) picture() bool {
	switch f.kind {
	case "jpg", "jpeg", "png", "gif", "webp", "svg", "bmp", "tif", "tiff":
		return true
	}
	return false
}

const (
	mostFeet  = 300      // notes at the foot of a text; more stay where they are
	keepOpen  = '\ue000' // of the private use area: taken out of what comes
	keepClose = '\ue001'
)

var (
	verbatim  = regexp.MustCompile(`(?is)<(code|cadre|html|math|script|style)\b[^>]*>(.*?)</(?:code|cadre|html|math|script|style)>`)
	multi     = regexp.MustCompile(`(?is)<multi>(.*?)</multi>`)
	language  = regexp.MustCompile(`\[([a-z_]{2,12})\]`)
	poetry    = regexp.MustCompile(`(?is)<(?:poesie|poetry)>(.*?)</(?:poesie|poetry)>`)
	quotation = regexp.MustCompile(`(?i)<(/?)quote>`)
	model     = regexp.MustCompile(`(?i)<([a-z_]{2,30})(\d{1,9})((?:\|[^<>]*)?)\s*/?>`)
	footnote  = regexp.MustCompile(`(?s)\[\[(.*?)\]\]`)
	footname  = regexp.MustCompile(`^\s*<[^<>]{0,20}>`)
	arrow     = regexp.MustCompile(`\[([^\[\]]*)->>?([^\]\s][^\]]*|)\]`)
	glossary  = regexp.MustCompile(`\[\?([^\[\]|]*)(?:\|[^\[\]]*)?\]`)
	anchor    = regexp.MustCompile(`\[([^\[\]]*)<-\]`)
	title     = regexp.MustCompile(`(?s)\{\{\{[*#]{0,5}(.*?)\}\}\}`)
	strong    = regexp.MustCompile(`\{\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\}`)
	italic    = regexp.MustCompile(`\{([^{}]*)\}`)
	rule      = regexp.MustCompile(`^\s*(?:-{4,}|_{4,})\s*$`)
	item      = regexp.MustCompile(`^-([*#]{1,9})\s*(.*)$`)
	row       = regexp.MustCompile(`^\s*\|(.*)\|\s*$`)
	tilde     = regexp.MustCompile(`->[^\]]*\]|https?://\S+|<[^<>]*>|~`)
	target    = regexp.MustCompile(`^(?i:(art|article|rub|rubrique|br|breve|brève|doc|document|im|img|image|aut|auteur|mot|site)?\s*)(\d{1,9})(#.*)?$`)
	mailbox   = regexp.MustCompile(`^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$`)
)

func (s *shorthand) keep(markup string) string {
	s.kept = append(s.kept, markup)
	return string(keepOpen) + strconv.Itoa(len(s.kept)-1) + string(keepClose)
}

// html gives a text with its notes at the foot.
func (s *shorthand) html(src string) string {
	if len(src) > maxHTML {
		src = strings.ToValidUTF8(src[:maxHTML], "")
		s.notes.Add("movers.lost_long", "")
	}
	src = strings.Map(func(r rune) rune {
		if r == keepOpen || r == keepClose {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n"))
	src = multi.ReplaceAllStringFunc(src, func(all string) string { return french(multi.FindStringSubmatch(all)[1]) })
	src = verbatim.ReplaceAllStringFunc(src, func(all string) string {
		m := verbatim.FindStringSubmatch(all)
		switch strings.ToLower(m[1]) {
		case "code", "cadre":
			if !strings.Contains(m[2], "\n") {
				return s.keep(html.EscapeString(m[2]))
			}
			return s.keep("<pre>" + html.EscapeString(strings.Trim(m[2], "\n")) + "</pre>")
		case "html":
			return s.keep(m[2])
		}
		s.notes.Add("movers.lost_script", m[1])
		return ""
	})
	src = footnote.ReplaceAllStringFunc(src, func(all string) string {
		words := footname.ReplaceAllString(footnote.FindStringSubmatch(all)[1], "")
		if len(s.foot) >= mostFeet {
			return " (" + words + ")"
		}
		s.foot = append(s.foot, words)
		return " (" + strconv.Itoa(len(s.foot)) + ")"
	})
	out := s.blocks(s.inline(src))
	if len(s.foot) > 0 {
		out += "<hr>"
		for i, words := range s.foot {
			out += s.blocks(s.inline("(" + strconv.Itoa(i+1) + ") " + words))
		}
	}
	return s.restore(out)
}

// restore puts back what was kept, which may hold what was kept before it.
func (s *shorthand) restore(src string) string {
	var out strings.Builder
	s.put(&out, src, len(s.kept))
	return out.String()
}

func (s *shorthand) put(out *strings.Builder, src string, before int) {
	for out.Len() < 4*maxHTML {
		plain, rest, found := strings.Cut(src, string(keepOpen))
		out.WriteString(plain)
		if !found {
			return
		}
		number, after, _ := strings.Cut(rest, string(keepClose))
		if i, err := strconv.Atoi(number); err == nil && i < before {
			s.put(out, s.kept[i], i)
		}
		src = after
	}
}

// french takes one language of a text in several.
func french(all string) string {
	at := language.FindAllStringSubmatchIndex(all, -1)
	best := all
	for i, m := range at {
		end := len(all)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		if i == 0 || all[m[2]:m[3]] == "fr" {
			best = all[m[1]:end]
		}
		if all[m[2]:m[3]] == "fr" {
			break
		}
	}
	return best
}

// inline does what stands inside lines, but for bold and italic.
func (s *shorthand) inline(src string) string {
	src = tilde.ReplaceAllStringFunc(src, func(m string) string {
		if m == "~" {
			return "\u00a0"
		}
		return m
	})
	src = model.ReplaceAllStringFunc(src, s.model)
	src = poetry.ReplaceAllStringFunc(src, func(all string) string {
		var out strings.Builder
		out.WriteString("<blockquote>")
		for stanza := range strings.SplitSeq(poetry.FindStringSubmatch(all)[1], "\n\n") {
			if stanza = strings.Trim(stanza, "\n"); stanza != "" {
				out.WriteString("<p>" + strings.ReplaceAll(stanza, "\n", "<br>") + "</p>")
			}
		}
		return "\n\n" + out.String() + "</blockquote>\n\n"
	})
	src = quotation.ReplaceAllString(src, "\n\n<${1}blockquote>\n\n")
	src = glossary.ReplaceAllString(src, "$1")
	src = anchor.ReplaceAllString(src, "$1")
	src = arrow.ReplaceAllStringFunc(src, s.link)
	return title.ReplaceAllStringFunc(src, func(all string) string {
		words := strings.Join(strings.Fields(title.FindStringSubmatch(all)[1]), " ")
		return "\n\n<h2>" + words + "</h2>\n\n"
	})
}

// model gives what <img12|center> and its likes stand for.
func (s *shorthand) model(all string) string {
	m := model.FindStringSubmatch(all)
	switch name := strings.ToLower(m[1]); name {
	case "h":
		return all
	case "img", "image", "doc", "document", "emb", "media":
		f, ok := s.docs[m[2]]
		switch {
		case !ok:
			s.notes.Add("movers.picture_missing", name+m[2])
			return ""
		case f.picture():
			legend := strings.TrimSpace(f.title + " " + f.about)
			alt := f.alt
			if alt == "" {
				alt, legend = f.title, f.about
			}
			return "\n\n" + s.keep(`<figure><img src="`+html.EscapeString(f.path)+`" alt="`+html.EscapeString(alt)+`"><figcaption>`+html.EscapeString(legend)+`</figcaption></figure>`) + "\n\n"
		}
		s.files = append(s.files, Picture{Ref: f.path, Caption: f.title})
		return html.EscapeString(f.title)
	default:
		if len(name) == 2 && name[0] == 'h' {
			return all
		}
		s.notes.Add("movers.lost_model", all)
		return ""
	}
}

// link gives [words->target] as a link, by what the target is.
func (s *shorthand) link(all string) string {
	m := arrow.FindStringSubmatch(all)
	words, to := m[1], strings.TrimSpace(m[2])
	words, _, _ = strings.Cut(words, "|")
	if t := target.FindStringSubmatch(to); t != nil {
		kind := "article"
		switch strings.ToLower(t[1]) {
		case "rub", "rubrique":
			kind = "rubrique"
		case "br", "breve", "brève":
			kind = "breve"
		case "doc", "document", "im", "img", "image":
			if f, ok := s.docs[t[2]]; ok && !f.picture() {
				s.files = append(s.files, Picture{Ref: f.path, Caption: f.title})
			}
			return words
		case "aut", "auteur", "mot", "site":
			return words
		}
		to = "spip.php?" + kind + t[2]
		if words == "" {
			words = html.EscapeString(s.titles[kind+t[2]])
		}
		if words == "" {
			words = kind + " " + t[2]
		}
	}
	switch {
	case to == "" || strings.HasPrefix(to, "#") || strings.HasPrefix(to, "?"):
		return words
	case mailbox.MatchString(to):
		to = "mailto:" + to
	}
	if words == "" {
		words = html.EscapeString(clip(to, 60))
	}
	return s.keep(`<a href="`+html.EscapeString(to)+`">`) + words + s.keep("</a>")
}

// blocks does what lines begin with.
func (s *shorthand) blocks(src string) string {
	var out strings.Builder
	var para []string
	var open []byte // the lists that are open, by their mark
	var rows [][]string
	emphasis := func(t string) string {
		return italic.ReplaceAllString(strong.ReplaceAllString(t, "<strong>$1</strong>"), "<em>$1</em>")
	}
	tag := func(mark byte) string {
		if mark == '#' {
			return "ol"
		}
		return "ul"
	}
	shut := func(to int) {
		for len(open) > to {
			fmt.Fprintf(&out, "</li></%s>", tag(open[len(open)-1]))
			open = open[:len(open)-1]
		}
	}
	flush := func() {
		if t := strings.TrimSpace(strings.Join(para, "\n")); t != "" {
			if strings.HasPrefix(t, "<") && !strings.HasPrefix(t, "<br>") {
				out.WriteString(emphasis(t))
			} else {
				out.WriteString("<p>" + emphasis(t) + "</p>")
			}
		}
		para = nil
		if rows != nil {
			out.WriteString("<table>")
			for _, cells := range rows {
				out.WriteString("<tr>")
				for _, cell := range cells {
					out.WriteString("<td>" + emphasis(strings.TrimSpace(cell)) + "</td>")
				}
				out.WriteString("</tr>")
			}
			out.WriteString("</table>")
			rows = nil
		}
	}
	for l := range strings.SplitSeq(src, "\n") {
		if m := item.FindStringSubmatch(l); m != nil {
			flush()
			marks := m[1][:min(len(m[1]), mostLists)]
			same := 0
			for same < len(open) && same < len(marks) && (open[same] == marks[same] || same < len(marks)-1) {
				same++
			}
			shut(same)
			if same == len(marks) {
				out.WriteString("</li>")
			}
			for _, mark := range []byte(marks[same:]) {
				out.WriteString("<" + tag(mark) + ">")
				open = append(open, mark)
				if len(open) < len(marks) {
					out.WriteString("<li>")
				}
			}
			out.WriteString("<li>" + emphasis(m[2]))
			continue
		}
		if m := row.FindStringSubmatch(l); m != nil {
			if rows == nil {
				flush()
				shut(0)
			}
			rows = append(rows, strings.Split(strings.Trim(m[1], "|"), "|"))
			continue
		}
		switch {
		case blank(l):
			flush()
			shut(0)
		case rule.MatchString(l):
			flush()
			shut(0)
			out.WriteString("<hr>")
		case len(open) > 0:
			out.WriteString(" " + emphasis(l))
		case strings.HasPrefix(l, "- "):
			if len(para) > 0 {
				l = "<br>– " + l[2:]
			} else {
				l = "– " + l[2:]
			}
			para = append(para, l)
		case strings.HasPrefix(l, "_ "):
			para = append(para, "<br>"+l[2:])
		default:
			if rows != nil {
				flush()
			}
			para = append(para, l)
		}
	}
	flush()
	shut(0)
	return out.String()
}
