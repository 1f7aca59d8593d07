package text

import (
	"encoding/json"
	"html/template"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const whole = `{"type":"doc","content":[
 {"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"La <cour> & nous"}]},
 {"type":"paragraph","content":[{"type":"text","text":"Un "},{"type":"text","text":"lien","marks":[{"type":"bold"},{"type":"link","attrs":{"href":"https://exemple.fr/a?b=1&c=2","target":"_blank","rel":"x"}}]},{"type":"hardBreak"},{"type":"text","text":"fin","marks":[{"type":"italic"}]}]},
 {"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"un"}]}]}]},
 {"type":"orderedList","attrs":{"start":3},"content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"trois"}]}]}]},
 {"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"cité"}]}]},
 {"type":"image","attrs":{"file":"01234567-89ab-cdef-0123-456789abcdef","alt":"Un \"platane\"","credit":"6e B","caption":"La cour"}},
 {"type":"horizontalRule"}]}`

func TestWritten(t *testing.T) {
	doc, err := Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	page := string(doc.HTML())
	for _, want := range []string{
		"<h2>La &lt;cour&gt; &amp; nous</h2>", `<a href="https://exemple.fr/a?b=1&amp;c=2" rel="nofollow noreferrer ugc"><strong>lien</strong></a><br><em>fin</em>`,
		"<ul>\n<li><p>un</p>", `<ol start="3">`, "<blockquote><p>cité</p>", `src="/journal-files/01234567-89ab-cdef-0123-456789abcdef" alt="Un &#34;platane&#34;"`, `<small class="credit">6e B</small>`, "<hr>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	if got := doc.Plain(); !strings.Contains(got, "La <cour> & nous\nUn lien\nfin\nun\ntrois\ncité") {
		t.Errorf("%q", got)
	}
	if got := doc.Markdown(func(file string) string { return file }); !strings.Contains(got, "## La \\<cour\\> & nous\n\nUn [**lien**](https://exemple.fr/a?b=1&c=2)  \n*fin*\n\n- un\n\n3. trois\n\n> cité") {
		t.Errorf("%q", got)
	}
	if files := doc.Files(); len(files) != 1 {
		t.Errorf("%v", files)
	}
}

func TestRefused(t *testing.T) {
	para := func(inside string) string {
		return `{"type":"doc","content":[{"type":"paragraph","content":[` + inside + `]}]}`
	}
	link := func(href string) string {
		return para(`{"type":"text","text":"x","marks":[{"type":"link","attrs":{"href":` + string(must(json.Marshal(href))) + `}}]}`)
	}
	for name, in := range map[string]string{
		"no JSON": "<p>x</p>", "nothing": "", "a list": "[]", "another top": `{"type":"paragraph"}`, "two": `{"type":"doc"}{"type":"doc"}`, "unknown node": `{"type":"doc","content":[{"type":"iframe"}]}`,
		"unknown field": `{"type":"doc","html":"<script>"}`, "script link": link("javascript:alert(1)"), "capital script": link(" JaVaScRiPt:alert(1)"), "data link": link("data:text/html,x"),
		"no host": link("https:///x"), "password": link("https://a:b@c.fr/"), "tab": link("java\tscript:alert(1)"), "relative": link("//x"), "unknown mark": para(`{"type":"text","text":"x","marks":[{"type":"onclick"}]}`),
		"first heading": `{"type":"doc","content":[{"type":"heading","attrs":{"level":1}}]}`, "text at the top": `{"type":"doc","content":[{"type":"text","text":"x"}]}`,
		"foreign picture": `{"type":"doc","content":[{"type":"image","attrs":{"file":"https://x","alt":"x"}}]}`, "picture without words": `{"type":"doc","content":[{"type":"image","attrs":{"file":"01234567-89ab-cdef-0123-456789abcdef","alt":" "}}]}`,
		"attribute": `{"type":"doc","content":[{"type":"paragraph","attrs":{"onclick":"x"}}]}`, "deep": strings.Repeat(`{"type":"doc","content":[`, 200), "large": `{"type":"doc","content":[]}` + strings.Repeat(" ", MaxBytes),
	} {
		if _, err := Parse([]byte(in)); err == nil {
			t.Errorf("%s is let through", name)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestFromPlain(t *testing.T) {
	doc, err := Parse(FromPlain("Un <b>\r\ndeux\r\n\r\n\r\n  \n\ntrois"))
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.HTML(); got != "<p>Un &lt;b&gt;<br>deux</p>\n<p>trois</p>\n" {
		t.Errorf("%s", got)
	}
}

var harmless = words("html head body p h2 h3 h4 ul ol li blockquote figure figcaption img small a strong em br hr")

// Whatever comes, what Parse lets through writes only known elements, with no
// attribute that could run.
func FuzzHTML(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"\"><script>alert(1)</script>"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Parse(data)
		if err != nil {
			return
		}
		checkHTML(t, doc.HTML())
		_, _ = doc.Plain(), doc.Markdown(func(file string) string { return file })
	})
}

func checkHTML(t *testing.T, page template.HTML) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if !harmless[n.Data] {
				t.Fatalf("<%s> in %s", n.Data, page)
			}
			for _, a := range n.Attr {
				switch a.Key {
				case "alt", "rel", "class", "start", "loading":
				case "src":
					if !strings.HasPrefix(a.Val, FilePath) {
						t.Fatalf("src %q", a.Val)
					}
				case "href":
					if v := strings.ToLower(a.Val); !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") && !strings.HasPrefix(v, "mailto:") {
						t.Fatalf("href %q", a.Val)
					}
				default:
					t.Fatalf("attribute %s in %s", a.Key, page)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
}
