package journal_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"preau/internal/fault"
	"preau/internal/journal"
	"preau/internal/store"
)

// hostile closes what it stands in, opens what would run, and turns the line.
const hostile = `"'></title></script></textarea><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}${1}` + "\u202e"

// harmless fails when a page holds a script of ours no longer alone, an attribute
// that runs, or an address that does.
func (h *house) harmless(where, page string) {
	h.t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if err := z.Err(); !errors.Is(err, io.EOF) {
				h.t.Fatal(err)
			}
			return
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		token := z.Token()
		for _, a := range token.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc":
				h.t.Errorf("%s: %s has %s=%q", where, token.Data, a.Key, a.Val)
			case (a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "content") && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "vbscript:")):
				h.t.Errorf("%s: %s leads to %q", where, token.Data, a.Val)
			}
		}
		src := ""
		for _, a := range token.Attr {
			if a.Key == "src" {
				src = a.Val
			}
		}
		if token.Data == "script" && !strings.HasPrefix(src, "/journal-style/") || token.Data == "img" && src == "x" {
			h.t.Errorf("%s: %s", where, token)
		}
	}
}

// well fails when a feed is no whole XML.
func (h *house) well(where, feed string) {
	h.t.Helper()
	d := xml.NewDecoder(strings.NewReader(feed))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			h.t.Fatalf("%s: %v", where, err)
		}
	}
}

// Whoever writes HTML into any field of a piece, an axis, the settings or an
// addition sees it come out as words.
func TestHostileWords(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.settings(func(in *journal.Masthead) {
		in.Title, in.Subtitle, in.Publisher, in.Host, in.Contact, in.HowTo, in.Accessibility, in.Director = "Le <b>Platane</b>", hostile, hostile, hostile, hostile, hostile, hostile, "D. <i>Leroy</i>"
		in.Outside = true
	})
	theme, err := h.j.MakeTheme(h.head(), h.school.SchoolID, journal.Axis{Name: "Thème <script>alert(1)</script>", About: hostile})
	h.must(err)
	club, err := h.j.MakeCollective(h.head(), h.school.SchoolID, journal.Axis{Name: "Club <script>alert(1)</script>", About: hostile, Kind: "club"})
	h.must(err)
	file, err := h.j.AddFile(h.seat(0), h.school.SchoolID, "../../<img src=x onerror=alert(1)>\r\nX: y\x00.png", pixels(t))
	h.must(err)
	words := hostile + "\n\n" + hostile
	h.must(err)
	about := journal.About{
		Audience: journal.ToPublic, Themes: []string{theme}, Collective: club, Tags: []string{"<b>mot</b>", `"><script>`},
		Sources: []journal.Source{{Title: hostile, URL: "https://exemple.example/?a=\"><script>"}, {Title: hostile}},
	}
	body := journal.Document(`{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"<script>alert(1)</script>","marks":[{"type":"link","attrs":{"href":"https://exemple.example/%22%3E"}}]},{"type":"formula","attrs":{"source":"\"<script>\" < 2"}}]},` +
		`{"type":"image","attrs":{"file":"` + file.ID + `","alt":"\"><script>alert(1)</script>","caption":"<script>","credit":"<script>"}},` +
		`{"type":"recording","attrs":{"file":"` + file.ID + `","kind":"sound","name":"\"><script>","words":"<script>alert(1)</script>\n\n</details>","credit":"<script>"}}]}`)
	var slugs []string
	for _, kind := range []string{"article", "brief", "event"} {
		c := journal.Content{Title: hostile, Kicker: hostile, Standfirst: words, PictureID: file.ID, PictureAlt: hostile, Credit: hostile, About: about, Body: body}
		if kind == "brief" {
			c.About.Cited = &journal.Cited{Author: hostile, Title: hostile, Outlet: hostile, Date: "2026-11-01", URL: "https://exemple.example/'\"<script>", Quote: hostile}
		}
		if kind == "event" {
			c.About.Happening = &journal.Happening{StartsAt: time.Now().Add(time.Hour).UnixMilli(), Place: hostile}
		}
		some, err := h.j.Stock(t.Context(), h.school.SchoolID, []journal.Stocked{{
			Kind: kind, Authors: []string{"Coquelicot"}, Content: c, At: time.Now().Add(-time.Minute).UnixMilli(),
			Additions: []journal.StockedAddition{{Name: hostile[:60], Text: words, Link: "https://exemple.example/\"onclick=x", Answer: words, At: 1}},
		}})
		h.must(err)
		slugs = append(slugs, some[0])
	}
	pages := []string{"", "/articles", "/themes", "/collectifs", "/theme/theme-script-alert-1-script", "/collectif/club-script-alert-1-script", "/presse", "/calendrier", "/archives", "/publier", "/contact", "/mentions", "/accessibilite", "/donnees",
		"/recherche?q=" + url.QueryEscape(hostile), "/mot/b-mot-b", "/mot/" + url.PathEscape(`"><script>`), "/article/" + url.PathEscape(hostile), "/suivi/" + url.PathEscape(hostile[:60])}
	for _, slug := range slugs {
		pages = append(pages, "/article/"+slug, "/article/"+slug+"/signaler?complement="+url.QueryEscape(hostile), "/article/"+slug+"/reponse")
	}
	for _, page := range pages {
		_, text := h.fetch("GET", "/journal/le-platane"+page, nil)
		h.harmless(page, text)
		if strings.HasPrefix(page, "/article/"+slugs[0]) && !strings.Contains(text, "&lt;img src=x") {
			t.Errorf("%s does not show what was written", page)
		}
	}
	for _, feed := range []string{"/flux.atom", "/presse/flux.atom", "/theme/theme-script-alert-1-script/flux.atom", "/article/" + slugs[0] + "/flux.atom"} {
		_, text := h.fetch("GET", "/journal/le-platane"+feed, nil)
		h.well(feed, text)
	}
	_, calendar := h.fetch("GET", "/journal/le-platane/calendrier.ics", nil)
	for line := range strings.SplitSeq(strings.TrimSuffix(calendar, "\r\n"), "\r\n") {
		if name, _, ok := strings.Cut(line, ":"); strings.Contains(line, "\n") || !ok && !strings.HasPrefix(line, " ") || strings.HasPrefix(name, "X") && !strings.HasPrefix(name, "X-") {
			t.Errorf("a line of the calendar: %q", line)
		}
	}
}

// Whoever sends a form with HTML, an address that runs or too much in any field
// is told what is wrong, finds what they wrote, and nothing runs.
func TestHostileForms(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.settings(func(in *journal.Masthead) { in.Outside = true })
	some, err := h.j.Stock(t.Context(), h.school.SchoolID, []journal.Stocked{{Kind: "article", Authors: []string{"Coquelicot"}, Content: content("La cour", "Un texte."), At: time.Now().Add(-time.Minute).UnixMilli()}})
	h.must(err)
	article := "/journal/le-platane/article/" + some[0]
	forms := map[string][]string{
		article + "/complement":       {"nom", "message", "lien", "jeton", "travail", "etape"},
		article + "/signaler":         {"motif", "message", "complement", "jeton"},
		article + "/reponse":          {"nom", "contact", "passages", "message", "jeton"},
		"/journal/le-platane/publier": {"nom", "titre", "message", "jeton"},
	}
	for path, fields := range forms {
		for _, field := range fields {
			for _, value := range []string{hostile, "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "https://x@exemple.example\r\nSet-Cookie: a=b", strings.Repeat("é", 70_000), "\xff\xfe", "\x00"} {
				form := url.Values{}
				for _, other := range fields {
					form.Set(other, "Un mot assez long pour passer")
				}
				form.Set(field, value)
				answer, page := h.fetch("POST", path, form)
				if answer.StatusCode >= 500 {
					t.Errorf("%s, %s: %d", path, field, answer.StatusCode)
				}
				if len(answer.Cookies()) > 0 {
					t.Errorf("%s, %s sets a cookie", path, field)
				}
				h.harmless(path+" "+field, page)
			}
		}
	}
}

// Files that are not what they seem are refused, by a message that says which.
func TestHostileFiles(t *testing.T) {
	h := newHouse(t, store.SQLite)
	var small bytes.Buffer
	h.must(png.Encode(&small, image.NewGray(image.Rect(0, 0, 2, 2))))
	huge := bytes.Clone(small.Bytes())
	copy(huge[16:24], []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff}) // says 65535 × 65535
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"svg":             {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "journal.file_kind"},
		"html as png":     {[]byte("<!doctype html><script>alert(1)</script>"), "journal.file_kind"},
		"gif and script":  {[]byte("GIF89a=1;alert(1)//"), "journal.file_damaged"},
		"huge dimensions": {huge, "journal.file_damaged"},
		"a program":       {[]byte("MZ\x90\x00"), "journal.file_unknown"},
		"nothing":         {nil, "journal.file_unknown"},
	} {
		_, err := h.j.AddFile(h.seat(0), h.school.SchoolID, name, bytes.NewReader(c.data))
		if f := fault.Of(err); f == nil || f.Key != c.key && f.Key != "journal.file_pixels" || f.Field != "file" {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	// A picture with a page behind its last byte leaves as pixels alone.
	f, err := h.j.AddFile(h.seat(0), h.school.SchoolID, "x.png", io.MultiReader(pixels(t), strings.NewReader("<script>alert(1)</script>")))
	h.must(err)
	_, err = h.j.Stock(t.Context(), h.school.SchoolID, []journal.Stocked{{Kind: "article", Authors: []string{"Coquelicot"}, At: time.Now().Add(-time.Minute).UnixMilli(), Content: journal.Content{
		Title: "La cour", PictureID: f.ID, PictureAlt: "La cour", Body: content("x", "Un texte.").Body, About: journal.About{Audience: journal.ToPublic},
	}}})
	h.must(err)
	answer, body := h.fetch("GET", "/journal-files/"+f.ID, nil)
	if strings.Contains(body, "<script>") || answer.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(answer.Header.Get("Content-Security-Policy"), "sandbox") || !strings.HasPrefix(answer.Header.Get("Content-Type"), "image/") {
		t.Errorf("%v, %d bytes", answer.Header, len(body))
	}
}

func pixels(t *testing.T) io.Reader {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return &b
}

// fetch asks for a page as a stranger, and follows nothing.
func (h *house) fetch(method, path string, form url.Values) (*http.Response, string) {
	h.t.Helper()
	ask, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+path, strings.NewReader(form.Encode()))
	h.must(err)
	if method == http.MethodPost {
		ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(ask)
	h.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	h.must(err)
	if to := answer.Header.Get("Location"); to != "" && !strings.HasPrefix(to, "/journal/le-platane/") {
		h.t.Errorf("%s leads to %s", path, to)
	}
	return answer, string(body)
}
