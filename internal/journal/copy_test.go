package journal_test

import (
	"bytes"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/html"

	"preau/internal/fault"
	"preau/internal/journal"
)

// fill publishes a bit of everything, some of it only for the school.
func (h *house) fill() (picture string) {
	h.t.Helper()
	school := h.school.SchoolID
	theme, err := h.j.MakeTheme(h.head(), school, journal.Axis{Name: "La vie du collège"})
	h.must(err)
	club, err := h.j.MakeCollective(h.head(), school, journal.Axis{Name: "Club radio", Kind: "club"})
	h.must(err)
	f, err := h.j.AddFile(h.seat(0), school, "cour.jpg", bytes.NewReader(photo(h.t)))
	h.must(err)
	c := content("La cour : « \"fleurie\" » & <grise>", "- Un tiret d’abord.\n\n1. Un nombre.\n\n# Un dièse, une * étoile *, un [crochet](x) & une &eacute;.")
	c.Kicker, c.PictureID, c.PictureAlt, c.Credit = "Dehors: dedans", f.ID, "La cour\"}}", "6e B"
	c.About.Themes, c.About.Collective, c.About.Tags = []string{theme}, club, []string{"cour", "--- !!python/object"}
	c.About.Sources = []journal.Source{{Title: "Le jardinier", URL: "https://jardin.example/"}}
	c.Body = journal.Document(`{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"- Un tiret, un [crochet](x), une &eacute; et "},{"type":"text","text":"du gras ","marks":[{"type":"bold"}]},{"type":"text","text":"et un lien","marks":[{"type":"link","attrs":{"href":"https://exemple.example/a_(b)"}}]}]},{"type":"image","attrs":{"file":"` + f.ID + `","alt":"La cour","caption":"Au printemps"}},{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"un"}]},{"type":"paragraph","content":[{"type":"text","text":"un encore"}]}]}]}]}`)
	_, at := h.publish("article", c)
	h.ask(at+"/complement", url.Values{"jeton": {h.token(at)}, "nom": {"Une \"lectrice\""}, "message": {"Très bien vu:\n\n- merci <b>beaucoup</b>"}, "etape": {"envoyer"}})
	waiting, err := h.j.Contributions(h.editor(), school, journal.ContributionFilter{Status: "waiting", Limit: 9})
	if h.must(err); len(waiting) == 1 {
		h.must(h.j.Sort(h.editor(), school, journal.Sorting{IDs: []string{waiting[0].ID}, As: "shown", Answer: "Merci."}))
	} else {
		spam, err := h.j.Contributions(h.editor(), school, journal.ContributionFilter{Status: "spam", Limit: 9})
		h.must(err)
		h.must(h.j.Sort(h.editor(), school, journal.Sorting{IDs: []string{spam[0].ID}, As: "shown", Answer: "Merci."}))
	}
	brief := content("On parle de nous", "Un mot.")
	brief.About.Cited = &journal.Cited{Title: "Une école", Outlet: "Le Quotidien", Date: "2026-03", URL: "https://quotidien.example/"}
	h.publish("brief", brief)
	event := content("La fête", "Venez.")
	event.About.Happening = &journal.Happening{StartsAt: time.Now().Add(72 * time.Hour).UnixMilli(), Place: "Au préau"}
	h.publish("event", event)
	inside := content("Pour nous seulement", "Secretdecole.")
	inside.About.Audience = journal.ToSchool
	h.publish("article", inside)
	group := content("Pour la classe", "Secretdeclasse.")
	group.About.Audience, group.About.Group = journal.ToGroup, h.school.GroupID
	h.publish("article", group)
	for range 25 {
		h.publish("article", content("Un de plus", "Du texte."))
	}
	return f.ID
}

// The copy opens from a disk: it fetches nothing from elsewhere, runs nothing,
// sends nothing, and each of its links leads to one of its files.
func TestSiteStandsAlone(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.fill()
		files := h.copied(journal.Copying{Format: "site", Licence: "CC <BY> 4.0"})
		local := func(page, raw string) {
			u, err := url.Parse(raw)
			if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(raw, "/") {
				t.Errorf("%s: %q leads elsewhere", page, raw)
				return
			}
			at := page
			if u.Path != "" {
				at = path.Join(path.Dir(page), u.Path)
			}
			body, there := files[at]
			if !there {
				t.Errorf("%s: %q is dead", page, raw)
			}
			if u.Fragment != "" && !strings.Contains(string(body), `id="`+u.Fragment+`"`) {
				t.Errorf("%s: %q leads to no place in %s", page, raw, at)
			}
		}
		pages := 0
		for name, body := range files {
			switch path.Ext(name) {
			case ".css":
				for _, m := range regexp.MustCompile(`url\("?([^")]*)"?\)|@import`).FindAllStringSubmatch(string(body), -1) {
					local(name, m[1])
				}
			case ".atom":
				for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(string(body), -1) {
					local(name, html.UnescapeString(m[1]))
				}
				if strings.Contains(string(body), "localhost") || !strings.Contains(string(body), "<id>urn:uuid:") {
					t.Errorf("%s: %s", name, body)
				}
			case ".html":
				pages++
				root, err := html.Parse(bytes.NewReader(body))
				h.must(err)
				for n := range root.Descendants() {
					if n.Type != html.ElementNode {
						continue
					}
					if n.Data == "script" || n.Data == "form" || n.Data == "iframe" || n.Data == "base" {
						t.Errorf("%s: <%s>", name, n.Data)
					}
					for _, a := range n.Attr {
						switch {
						case strings.HasPrefix(a.Key, "on") || a.Key == "srcset" || a.Key == "action":
							t.Errorf("%s: %s", name, a.Key)
						case a.Key == "src" || a.Key == "href" && n.Data == "link":
							local(name, a.Val)
						case a.Key == "href":
							if a.Val != "https://jardin.example/" && a.Val != "https://exemple.example/a_(b)" && a.Val != "https://quotidien.example/" {
								local(name, a.Val)
							}
						}
					}
				}
			}
			for _, secret := range []string{"Secretdecole", "Secretdeclasse", "Pour nous seulement", "Pour la classe", h.seats[0].Pseudonym, "/api/", h.server.URL} {
				if strings.Contains(string(body), secret) {
					t.Errorf("%s holds %q", name, secret)
				}
			}
		}
		front := string(files["index.html"])
		for _, want := range []string{"Le Platane", "Copie du journal faite le", "CC &lt;BY&gt; 4.0"} {
			if !strings.Contains(front, want) {
				t.Errorf("no %q in the front", want)
			}
		}
		if _, court, _ := strings.Cut(string(files["theme/la-vie-du-college.html"]), "../images/"); court == "" {
			t.Error("no picture on the page of its theme")
		}
		if pages < 45 || files["flux.atom"] == nil || files["calendrier.ics"] == nil || bytes.Contains(files["calendrier.ics"], []byte("URL:")) || !bytes.Contains(files["calendrier.html"], []byte("La fête")) {
			t.Errorf("%d pages", pages)
		}
		var visits int
		if h.one(&visits, "SELECT coalesce(sum(visits), 0) FROM journal_piece"); visits > 0 {
			t.Errorf("a copy counted %d visits", visits)
		}
		whole := h.copied(journal.Copying{Format: "site", Scope: "school"})
		all := ""
		for _, body := range whole {
			all += string(body)
		}
		if !strings.Contains(all, "Secretdecole") || strings.Contains(all, "Secretdeclasse") {
			t.Error("the copy of what the school reads")
		}
		h.settings(func(in *journal.Masthead) { in.Opened = false })
		_, err := h.j.PlanCopy(h.t.Context(), h.school.SchoolID, journal.Copying{Format: "site"})
		h.refused(err, fault.Conflict)
	})
}

var mark = regexp.MustCompile(`\\([\\*_\[\]<>` + "`" + `#~|&.)+=-])`)

// The Markdown copy holds as many pieces as readers see, with their words, and
// its front matter is read as what was written, whatever that was.
func TestMarkdownKeepsAll(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		picture := h.fill()
		files := h.copied(journal.Copying{Format: "markdown", Licence: "CC: BY \"4.0\""})
		plan, err := h.j.PlanCopy(h.t.Context(), h.school.SchoolID, journal.Copying{Format: "markdown"})
		h.must(err)
		pieces := 0
		var court map[string]any
		var body string
		for name, raw := range files {
			if path.Ext(name) != ".md" {
				continue
			}
			parts := strings.SplitN(string(raw), "---\n", 3)
			if len(parts) != 3 || parts[0] != "" {
				t.Fatalf("%s: %s", name, raw)
			}
			var front map[string]any
			if err := yaml.Unmarshal([]byte(parts[1]), &front); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, parts[1])
			}
			if strings.HasPrefix(name, "articles/") {
				pieces++
			}
			if title, _ := front["title"].(string); strings.HasPrefix(title, "La cour") {
				court, body = front, parts[2]
			}
		}
		if pieces != plan.Pieces || pieces != 28 || plan.Files != 1 || plan.Additions != 1 {
			t.Errorf("%d pieces, %+v", pieces, plan)
		}
		for key, want := range map[string]string{"title": "La cour : « \"fleurie\" » & <grise>", "kicker": "Dehors: dedans", "standfirst": "Un chapeau.", "licence": "CC: BY \"4.0\"", "collective": "Club radio", "kind": "article", "audience": "public"} {
			if court[key] != want {
				t.Errorf("%s: %v", key, court[key])
			}
		}
		if tags := court["tags"].([]any); len(tags) != 2 || tags[1] != "--- !!python/object" {
			t.Errorf("%v", tags)
		}
		added := court["contributions"].([]any)[0].(map[string]any)
		if added["name"] != "Une \"lectrice\"" || added["text"] != "Très bien vu:\n\n- merci <b>beaucoup</b>" || added["answer"] != "Merci." {
			t.Errorf("%v", added)
		}
		if at := court["picture"].([]any)[0].(map[string]any); at["file"] != "../images/"+picture+".jpg" || at["alt"] != "La cour\"}}" || files["images/"+picture+".jpg"] == nil {
			t.Errorf("%v", at)
		}
		want := "\\- Un tiret, un \\[crochet\\](x), une \\&eacute; et **du gras** [et un lien](https://exemple.example/a_%28b%29)\n\n![La cour](../images/" + picture + ".jpg)  \n*Au printemps*\n\n- un\n\n  un encore\n"
		if strings.TrimSpace(body) != strings.TrimSpace(want) {
			t.Errorf("%s", body)
		}
		if plain := mark.ReplaceAllString(body, "$1"); !strings.Contains(plain, "- Un tiret, un [crochet](x), une &eacute; et ") {
			t.Errorf("%s", plain)
		}
	})
}
