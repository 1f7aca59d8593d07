package bring

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preau/internal/fault"
	"preau/internal/journal/text"

	_ "modernc.org/sqlite"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(data []byte) (*Site, error) {
	site, _, err := Read(bytes.NewReader(data), int64(len(data)))
	return site, err
}

func here(Picture) (string, bool) { return "01234567-89ab-cdef-0123-456789abcdef", true }

// parsed gives a body as the journal reads it.
func parsed(t testing.TB, b Body) text.Doc {
	t.Helper()
	raw := b.JSON(Placer{File: here})
	doc, err := text.Parse(raw)
	if err != nil {
		t.Fatalf("the journal refuses %s: %v", raw, err)
	}
	return doc
}

func TestWordPress(t *testing.T) {
	site, err := read(sample(t, "wordpress.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if site.Format != WordPress || site.Name != "Le Tilleul" || len(site.Pieces) != 3 || site.Pending != 1 {
		t.Fatalf("%+v", site)
	}
	p := site.Pieces[0]
	if p.Title != "Le jardin & ses « limaces »" || p.Standfirst != "Des radis dans la cour." || p.At != 1557822600000 || !p.Public || p.Authors[0] != "Mme Leroux" || p.Themes[0] != "La cour" || p.Tags[0] != "radis" {
		t.Errorf("%+v", p)
	}
	page := string(parsed(t, p.Body).HTML())
	for _, want := range []string{"<h2>Au printemps</h2>", "<strong>semé</strong> des <em>radis</em>", `href="https://tilleul.example/2019/06/la-recolte/"`, "<figcaption>Les premiers</figcaption>", "<strong>Semaine</strong> · <strong>Radis</strong>", "<li><p>un</p>\n<ul>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	if got := parsed(t, site.Pieces[1].Body).Plain(); got != "Une ligne.\nUne autre.\nUn second paragraphe ." {
		t.Errorf("the classic editor's lines: %q", got)
	}
	if site.Pieces[2].Public {
		t.Error("a draft is public")
	}
	for _, key := range []string{"movers.left_spam", "movers.left_kind", "movers.left_bin"} {
		if !Notes(site.Left).Has(key) {
			t.Errorf("%s is not told", key)
		}
	}
	if all := string(sample(t, "wordpress.xml")); !strings.Contains(all, "192.0.2.9") {
		t.Fatal("the sample has no address to leave behind")
	}
	for _, c := range p.Comments {
		if strings.Contains(c.Name+c.Text+c.Link, "192.0.2.9") || strings.Contains(c.Name+c.Text+c.Link, "v@x.example") {
			t.Errorf("a reader's address came: %+v", c)
		}
	}
}

func TestAtom(t *testing.T) {
	site, err := read(sample(t, "feed.atom"))
	if err != nil {
		t.Fatal(err)
	}
	if site.Name != "Le Frêne" || len(site.Pieces) != 2 || site.Pieces[0].Body.Pictures()[0].Ref != "https://frene.example/2020/flocon.png" {
		t.Errorf("%+v", site)
	}
	if got := parsed(t, site.Pieces[0].Body).Plain(); got != "Il a neigé.\nBeaucoup.\nUn flocon" {
		t.Errorf("xhtml: %q", got)
	}
	if got := parsed(t, site.Pieces[1].Body).Plain(); got != "Du texte <sans> balise." {
		t.Errorf("text: %q", got)
	}
	if c := site.Pieces[0].Comments; len(c) != 1 || c[0].Text != "Chez nous aussi." || c[0].Link != "https://lectrice.example/" {
		t.Errorf("%+v", c)
	}
}

func TestRSS(t *testing.T) {
	site, err := read([]byte(`<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Fil</title><link>https://a.example/</link>
<item><title>Un</title><link>https://a.example/spip.php?article4</link><guid isPermaLink="true">https://a.example/spip.php?article4</guid><pubDate>Tue, 03 Mar 2009 09:00:00 +0100</pubDate><dc:creator>Lou, Max</dc:creator><description>Résumé</description><content:encoded><![CDATA[<p>Le <i>texte</i>.</p>]]></content:encoded></item></channel></rss>`))
	if err != nil {
		t.Fatal(err)
	}
	p := site.Pieces[0]
	if site.Format != RSS || p.Standfirst != "Résumé" || p.Paths[0] != "?article4" || len(p.Authors) != 2 || p.At != 1236067200000 {
		t.Errorf("%+v", p)
	}
}

func checkSPIP(t *testing.T, site *Site) {
	t.Helper()
	if site.Format != SPIP || len(site.Pieces) != 3 {
		t.Fatalf("%+v", site)
	}
	p := site.Pieces[0]
	if p.Title != "On lit" || p.Kicker != "Au foyer" || p.Standfirst != "Un chapeau court." || p.Authors[0] != "M. Petit" || p.Themes[0] != "Le foyer" || p.Tags[0] != "lecture" || p.Sources[0].URL != "http://source.example/" {
		t.Errorf("%+v", p)
	}
	page := string(parsed(t, p.Body).HTML())
	for _, want := range []string{
		"<strong>gras</strong> et <em>penchés</em>", `<a href="http://exemple.example/~x"`, "spip.php?article13", ">Lire</a>", "une note (1)", "<h2>Un intertitre</h2>", "<li><p>un</p>\n<ul>\n<li><p>un bis</p>",
		"<ol>\n<li><p>premier</p>", `alt="La bibliothèque"`, "<figcaption>Un matin</figcaption>", "<p>a · b</p>", "<blockquote><p>On cite.</p>", "Un vers<br>Un autre", "Le règlement et &lt;b&gt;x&lt;/b&gt;", "(1) Voir <em>la source</em>.", "Un post-scriptum.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	if len(p.Documents) != 1 || p.Documents[0].Ref != "IMG/pdf/reglement.pdf" {
		t.Errorf("%+v", p.Documents)
	}
	if len(p.Comments) != 1 || p.Comments[0].Text != "J'ai aimé ce livre.\n\nMerci." {
		t.Errorf("%+v", p.Comments)
	}
	if b := site.Pieces[2]; b.Kind != "brief" || b.Cited.URL != "http://journal.example/une" {
		t.Errorf("%+v", b)
	}
}

func TestSPIP(t *testing.T) {
	data := sample(t, "spip.xml")
	site, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	checkSPIP(t, site)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(data)
	_ = z.Close()
	if site, err = read(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	checkSPIP(t, site)
}

// sqliteOf makes the SQLite backup that a newer SPIP would of the same site.
func sqliteOf(t testing.TB, page string) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "site.sqlite")
	db, err := sql.Open("sqlite", name)
	if err != nil {
		t.Fatal(err)
	}
	do := func(query string, args ...any) {
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	db.SetMaxOpenConns(1)
	do("PRAGMA page_size = " + page)
	do("PRAGMA synchronous = OFF")
	do("PRAGMA journal_mode = MEMORY")
	do("CREATE TABLE spip_articles (id_article INTEGER NOT NULL, surtitre text NOT NULL DEFAULT '' COLLATE NOCASE, titre text NOT NULL DEFAULT '', soustitre text DEFAULT '', id_rubrique bigint(21) NOT NULL DEFAULT '0', chapo mediumtext DEFAULT '', texte longtext NOT NULL DEFAULT '', ps mediumtext DEFAULT '', date datetime NOT NULL DEFAULT '0000-00-00 00:00:00', statut varchar(10) NOT NULL DEFAULT '0', nom_site text DEFAULT '', url_site text DEFAULT '', PRIMARY KEY (id_article))")
	doc, err := openXML(bytes.NewReader(sample(t, "spip.xml")))
	if err != nil {
		t.Fatal(err)
	}
	for _, create := range []string{
		"CREATE TABLE spip_auteurs (id_auteur INTEGER PRIMARY KEY, nom text, email text, login text, pass text)", "CREATE TABLE spip_rubriques (id_rubrique INTEGER NOT NULL PRIMARY KEY, titre text)",
		"CREATE TABLE spip_mots (id_mot bigint(21) NOT NULL, titre text)", "CREATE TABLE spip_documents (id_document bigint(21), titre text, descriptif text, fichier text)",
		"CREATE TABLE spip_auteurs_liens (id_auteur bigint(21), id_objet bigint(21), objet varchar(25))", "CREATE TABLE spip_mots_liens (id_mot bigint(21), id_objet bigint(21), objet varchar(25))",
		"CREATE TABLE spip_breves (id_breve INTEGER NOT NULL, date_heure datetime, titre text, texte longtext, lien_titre text, lien_url text, statut varchar(6), id_rubrique bigint(21), PRIMARY KEY (id_breve))",
		"CREATE TABLE spip_forum (id_forum INTEGER PRIMARY KEY, id_objet bigint(21), objet varchar(25), date_heure datetime, titre text, texte mediumtext, auteur text, email_auteur text, url_site text, statut varchar(8), ip varchar(40))",
		"CREATE TABLE spip_urls (url varchar(255), type varchar(25), id_objet bigint(21))", "CREATE TABLE spip_meta (nom varchar(255), valeur text)",
		"CREATE VIEW spip_petitions AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c", "CREATE INDEX titres ON spip_articles (titre)",
	} {
		do(create)
	}
	for {
		e, err := doc.next()
		if err != nil {
			break
		}
		var names, marks []string
		var values []any
		table := e.name
		for _, k := range e.kids {
			if k.name == "" {
				continue
			}
			name := k.name
			if strings.HasSuffix(table, "_articles") && table != "spip_articles" || table == "spip_forum" {
				if name == "id_article" {
					name = "id_objet"
				}
			}
			names, marks, values = append(names, name), append(marks, "?"), append(values, k.words())
		}
		if strings.HasSuffix(table, "_articles") && table != "spip_articles" || table == "spip_forum" {
			table = strings.Replace(table, "_articles", "_liens", 1)
			names, marks, values = append(names, "objet"), append(marks, "?"), append(values, "article")
		}
		do("INSERT INTO "+table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", values...)
	}
	// A text that overflows its page, and enough rows for a tree of several levels.
	do("INSERT INTO spip_articles (id_article, titre, texte, date, statut) VALUES (900, 'Long', ?, '2010-01-01 00:00:00', 'refuse')", strings.Repeat("Un long texte. ", 4000))
	for i := range 600 {
		do("INSERT INTO spip_mots (id_mot, titre) VALUES (?, ?)", 1000+i, strings.Repeat("mot", 20))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSQLite(t *testing.T) {
	for _, page := range []string{"512", "4096", "65536"} {
		data := sqliteOf(t, page)
		d := &dump{tables: map[string][]record{}}
		if err := readTables(bytes.NewReader(data), int64(len(data)), d); err != nil {
			t.Fatal(page, err)
		}
		if n := len(d.tables["mots"]); n != 601 {
			t.Errorf("%s: %d words", page, n)
		}
		if got := d.tables["articles"][len(d.tables["articles"])-1]["texte"]; got != strings.Repeat("Un long texte. ", 4000) {
			t.Errorf("%s: %d bytes of the long text", page, len(got))
		}
		site, err := read(data)
		if err != nil {
			t.Fatal(page, err)
		}
		checkSPIP(t, site)
		// Cut anywhere, it is refused and does not run on.
		for cut := 0; cut < len(data); cut += len(data)/40 + 1 {
			if _, err := read(data[:cut]); err == nil {
				continue // what is missing was not of a table that is read
			} else if fault.Of(err) == nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	item := func(inside string) string {
		return `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item>` + inside + `</item></channel></rss>`
	}
	for key, in := range map[string]string{
		"movers.empty": "", "movers.unknown": "GIF89a", "movers.web_page": "<html><head></head></html>", "movers.sql_dump": "INSERT INTO spip_articles VALUES (1)", "movers.no_pieces": item("") + "",
		"movers.unknown_root": "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "movers.doctype": `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><rss/>`,
		"movers.not_well_formed": item("<title>&lol;</title>"), "movers.nested": item(strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300)), "movers.cut_short": `<rss><channel><item><title>x`,
		"movers.encoding": "<\x00r\x00s\x00s\x00", "movers.sqlite_damaged": sqliteMagic + strings.Repeat("\x00", 600),
	} {
		_, err := read([]byte(in))
		if f := fault.Of(err); f == nil || f.Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
	// An element that does not end fills no memory: it stops at its ration.
	long := "<rss><channel><item><title>" + strings.Repeat("x", maxItem+1<<20)
	if _, err := read([]byte(long)); !fault.Is(err, fault.TooLarge) {
		t.Errorf("a title of %d bytes: %v", maxItem, err)
	}
}

func TestBeyondTheLimit(t *testing.T) {
	var in strings.Builder
	in.WriteString("<rss><channel>")
	for range MaxPieces + 3 {
		in.WriteString("<item><title>x</title><guid>g</guid><description>y</description></item>")
	}
	in.WriteString("</channel></rss>")
	site, err := read([]byte(in.String()))
	if err != nil || len(site.Pieces) != MaxPieces || len(site.Left) != 1 || site.Left[0].Count != 3 {
		t.Errorf("%v %d %+v", err, len(site.Pieces), site.Left)
	}
}

func TestOldPath(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/2019/05/le-jardin/": "2019/05/le-jardin", "https://a.example/?p=12": "?p=12", "/spip.php?article12&lang=fr": "?article12", "http://a.example/spip.php?page=article&id_article=3": "?article3",
		"http://a.example/article.php3?id_article=3": "?article3", "/../../etc/passwd": "etc/passwd", "https://a.example/": "", "::": "",
	} {
		if got := Path(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
