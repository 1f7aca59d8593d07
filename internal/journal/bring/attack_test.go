package bring

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"preau/internal/fault"
	"preau/internal/journal/text"
)

// payloads are what people try in each field of a site.
var payloads = []string{
	`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<svg onload=alert(1)><script>alert(1)</script></svg>`, `<a href="javascript:alert(1)">x</a>`, `<a href=" java&#10;script:alert(1)">x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `"><script>alert(1)</script>`, `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<style>@import 'https://evil.example/x.css'</style>`, `<link rel=stylesheet href=https://evil.example>`, `<base href=https://evil.example/>`, `<meta http-equiv=refresh content="0;url=https://evil.example">`,
	`<form action=https://evil.example><input name=x></form>`, `<object data=https://evil.example/x.swf></object>`, `<img src="data:image/svg+xml;base64,PHN2Zy8+" alt=x>`, `<img src="//evil.example/x.png" alt=x>`, `<img src="../../../etc/passwd" alt=x>`,
	"<p>\x00\x1b[31m\u202egnp.exe\u2066</p>", `<!--><script>alert(1)</script>-->`, `<a href="vbscript:x">x</a>`, `<a href="https://user:pass@evil.example/">x</a>`, `{{{<script>alert(1)</script>}}}`, `[x->javascript:alert(1)]`, `[<img src=x onerror=alert(1)>->http://a.example/"onclick="alert(1)]`,
	`<code><script>alert(1)</script></code>`, `<html><script>alert(1)</script></html>`, `<multi>[fr]<script>alert(1)</script></multi>`, "\ue0000\ue001", `<doc1|"onclick="alert(1)>`, strings.Repeat("<div>", 3000), strings.Repeat("<ul><li>", 400), strings.Repeat("{{", 5000), strings.Repeat("[", 5000) + strings.Repeat("->x]", 5000), strings.Repeat("<table><tr><td>", 100),
}

// harmless refuses a page in which something could run or be fetched.
func harmless(t testing.TB, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, name := range strings.Fields("html head body p h2 h3 h4 ul ol li blockquote figure figcaption img small a strong em br hr") {
		known[name] = true
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !known[n.Data] {
			t.Fatalf("<%s> in %s", n.Data, page)
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "alt", "rel", "class", "start", "loading":
			case "src":
				if !strings.HasPrefix(a.Val, text.FilePath) {
					t.Fatalf("src %q", a.Val)
				}
			case "href":
				if !strings.HasPrefix(a.Val, "http://") && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Fatalf("href %q", a.Val)
				}
			default:
				t.Fatalf("attribute %s in %s", a.Key, page)
			}
		}
	}
}

// sound holds for whatever site was read: its texts are the journal's, nothing
// in them runs, and its lines are lines.
func sound(t testing.TB, site *Site) {
	t.Helper()
	if len(site.Pieces) > MaxPieces {
		t.Fatalf("%d pieces", len(site.Pieces))
	}
	for _, p := range site.Pieces {
		harmless(t, string(parsed(t, p.Body).HTML()))
		all := append([]string{p.Title, p.Kicker, p.Kind, p.Origin}, p.Authors...)
		all = append(append(all, p.Themes...), append(p.Tags, p.Paths...)...)
		for _, n := range p.Notes {
			all = append(all, n.What)
		}
		for _, c := range p.Comments {
			all = append(all, c.Name, c.Link)
			if strings.ContainsAny(c.Text, "\x00\x1b\u202e") || len([]rune(c.Text)) > 10_000 {
				t.Fatalf("comment %q", c.Text)
			}
		}
		for _, one := range all {
			if strings.ContainsAny(one, "\x00\x1b\n\r\u202e") || len([]rune(one)) > 600 {
				t.Fatalf("line %q", one)
			}
		}
		if len([]rune(p.Title)) > 160 || len([]rune(p.Standfirst)) > 800 || len(p.Notes) > maxNotes {
			t.Fatalf("%+v", p)
		}
	}
}

// HTML and shorthand in every field of every format: nothing runs, and what was
// taken out is told.
func TestEveryField(t *testing.T) {
	for _, attack := range payloads {
		raw := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\x00", "", "\x1b", "").Replace(attack)
		fields := func(names ...string) string {
			var out strings.Builder
			for _, name := range names {
				fmt.Fprintf(&out, "<%s>%s</%s>", name, raw, name)
			}
			return out.String()
		}
		for _, in := range []string{
			`<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>` + fields("title", "link", "wp:base_blog_url") +
				"<item>" + fields("title", "link", "guid", "dc:creator", "content:encoded", "excerpt:encoded", "wp:post_id", "category") + "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status><wp:comment><wp:comment_approved>1</wp:comment_approved>" + fields("wp:comment_author", "wp:comment_content", "wp:comment_author_url", "wp:comment_date") + "</wp:comment></item></channel></rss>",
			`<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item>` + fields("title", "link", "guid", "dc:creator", "description", "category", "pubDate") + "</item></channel></rss>",
			`<feed xmlns="http://www.w3.org/2005/Atom"><entry>` + fields("id", "title", "summary", "published") + `<content type="html">` + raw + `</content><author>` + fields("name", "uri") + `</author></entry></feed>`,
			`<SPIP><spip_articles><id_article>1</id_article><statut>publie</statut>` + fields("surtitre", "titre", "soustitre", "chapo", "texte", "ps", "nom_site", "url_site", "date", "id_rubrique") + `</spip_articles><spip_documents><id_document>1</id_document>` + fields("titre", "descriptif", "fichier") +
				`</spip_documents><spip_forum><id_article>1</id_article><statut>publie</statut>` + fields("titre", "texte", "auteur", "url_site") + `</spip_forum></SPIP>`,
		} {
			site, err := read([]byte(in))
			if fault.Of(err) == nil && err != nil {
				t.Fatalf("%q: %v", attack, err)
			}
			if err == nil {
				sound(t, site)
			}
		}
	}
}

func TestTold(t *testing.T) {
	for in, key := range map[string]string{
		`<p onclick="x()">a</p>`: "movers.refused_handler", `<a href="javascript:x">a</a>`: "movers.refused_address", `<svg><path/></svg>`: "movers.lost_drawing", `<script>x</script>`: "movers.lost_script", `<iframe src="https://a.example/">`: "movers.lost_film",
		`<form><input></form>`: "movers.lost_form", `<table><tr><td>x</td></tr></table>`: "movers.lost_table", `<img src="data:image/png;base64,x">`: "movers.refused_address", strings.Repeat("<p>mot mot</p>", 9000): "movers.lost_long",
	} {
		var notes Notes
		fromHTML(in, source{}, &notes)
		if !notes.Has(key) {
			t.Errorf("%.60s: %+v", in, notes)
		}
	}
}

func packed(t testing.TB, make func(z *zip.Writer)) ([]byte, error) {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	make(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := OpenPack(bytes.NewReader(out.Bytes()), int64(out.Len()))
	return out.Bytes(), err
}

func TestZips(t *testing.T) {
	file := func(name string, mode uint32, data []byte) func(*zip.Writer) {
		return func(z *zip.Writer) {
			h := &zip.FileHeader{Name: name, Method: zip.Deflate}
			if mode != 0 {
				h.CreatorVersion, h.ExternalAttrs = 3<<8, mode<<16
			}
			w, err := z.CreateHeader(h)
			if err == nil {
				_, err = w.Write(data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		make func(*zip.Writer)
		key  string
	}{
		"parent": {file("../x.jpg", 0, nil), "movers.zip_path"}, "root": {file("/etc/passwd", 0, nil), "movers.zip_path"}, "drive": {file(`C:\x.jpg`, 0, nil), "movers.zip_path"}, "line": {file("a\r\nSet-Cookie: x.jpg", 0, nil), "movers.zip_path"},
		"null": {file("a\x00.jpg", 0, nil), "movers.zip_path"}, "turned": {file("a\u202egpj.exe", 0, nil), "movers.zip_path"}, "link": {file("x.jpg", 0o120777, []byte("/etc/passwd")), "movers.zip_special"}, "bomb": {file("x.jpg", 0, make([]byte, 64<<20)), "movers.zip_bomb"},
		"twice": {func(z *zip.Writer) { file("A.jpg", 0, nil)(z); file("a.JPG", 0, nil)(z) }, "movers.zip_twice"},
	} {
		_, err := packed(t, c.make)
		f := fault.Of(err)
		if f == nil || f.Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	data, err := packed(t, func(z *zip.Writer) {
		for _, name := range []string{"wp-content/uploads/2019/05/radis.jpg", "wp-content/uploads/2020/05/radis.jpg", "IMG/jpg/seul.jpg", "__MACOSX/x"} {
			file(name, 0, []byte(name))(z)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := OpenPack(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{
		"https://a.example/wp-content/uploads/2020/05/radis-300x200.jpg": "wp-content/uploads/2020/05/radis.jpg", "https://a.example/site/wp-content/uploads/2019/05/Radis.JPG?x=1": "wp-content/uploads/2019/05/radis.jpg", "https://a.example/ailleurs/seul.jpg": "IMG/jpg/seul.jpg",
		"https://a.example/radis.jpg": "", "../../IMG/jpg/seul.jpg": "IMG/jpg/seul.jpg", "https://a.example/": "", "%zz": "",
	} {
		got := ""
		if _, in, err := p.Open(ref); err == nil {
			raw, _ := io.ReadAll(in)
			got = string(raw)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", ref, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"wordpress.xml", "feed.atom", "spip.xml"} {
		f.Add(sample(f, name))
	}
	f.Add([]byte(`<rss><channel><item><guid>g</guid><description>&lt;p&gt;x</description></item></channel></rss>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		site, err := read(data)
		if err == nil {
			sound(t, site)
		}
	})
}

func FuzzSQLite(f *testing.F) {
	f.Add(sqliteOf(f, "512"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 16 {
			copy(data, sqliteMagic)
		}
		site, err := read(data)
		if err == nil {
			sound(t, site)
		} else if fault.Of(err) == nil {
			t.Fatal(err)
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, p := range payloads {
		f.Add(p, true)
		f.Add(p, false)
	}
	f.Fuzz(func(t *testing.T, in string, breaks bool) {
		var notes Notes
		harmless(t, string(parsed(t, fromHTML(in, source{breaks: breaks}, &notes)).HTML()))
	})
}

func FuzzShorthand(f *testing.F) {
	for _, p := range payloads {
		f.Add(p)
	}
	f.Add("{{{Titre}}}\n\n-* un\n-** deux\n-# trois\n\n| a | b |\n[[note {{x}}]] [->art1] <doc1|left> <poesie>a\nb</poesie>")
	f.Fuzz(func(t *testing.T, in string) {
		var notes Notes
		sh := &shorthand{docs: map[string]spipFile{"1": {"IMG/x.jpg", `T"<b>`, "d", "", "jpg"}, "2": {"IMG/x.pdf", "P", "", "", "pdf"}}, titles: map[string]string{"article1": "<b>"}, notes: &notes}
		harmless(t, string(parsed(t, fromHTML(sh.html(in), source{}, &notes)).HTML()))
	})
}

func FuzzZip(f *testing.F) {
	data, err := packed(f, func(z *zip.Writer) {
		w, err := z.Create("IMG/a.jpg")
		if err == nil {
			_, err = w.Write([]byte("x"))
		}
		if err != nil {
			f.Fatal(err)
		}
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, "IMG/a.jpg")
	f.Fuzz(func(t *testing.T, data []byte, ref string) {
		p, err := OpenPack(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for name := range p.files {
			if strings.Contains("/"+name+"/", "/../") || strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\x00\n\r\\") {
				t.Fatalf("%q", name)
			}
		}
		if _, in, err := p.Open(ref); err == nil {
			_, _ = io.Copy(io.Discard, in)
		}
	})
}

// The notes of a piece go through JSON and back.
func TestNotesKept(t *testing.T) {
	var n Notes
	n.Add("movers.lost_table", "")
	n.Add("movers.lost_table", "")
	raw, err := json.Marshal(n)
	if err != nil || string(raw) != `[{"key":"movers.lost_table","count":2}]` {
		t.Errorf("%s %v", raw, err)
	}
}
