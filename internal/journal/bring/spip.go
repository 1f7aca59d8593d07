package bring

import (
	"errors"
	"html"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// record is a row of a table, by column.
type record map[string]string

// dump is what is taken of a backup of SPIP.
type dump struct {
	tables  map[string][]record
	letters int
	over    Notes
}

// spipTables are the tables that are read, with their most rows.
var spipTables = map[string]int{
	"articles": MaxPieces * 2, "breves": MaxPieces, "rubriques": 5000, "auteurs": 20_000, "auteurs_articles": 50_000, "auteurs_liens": 50_000, "mots": 20_000, "mots_articles": 100_000, "mots_liens": 100_000,
	"forum": MaxComments * 2, "documents": 50_000, "documents_articles": 50_000, "documents_liens": 100_000, "urls": 50_000, "meta": 2000,
}

// tableName is a table without the prefix of its site: spip_articles; archives
// of before 1.3 name an element after the thing, in the singular.
func tableName(name string) string {
	name = strings.ToLower(name)
	for bare := name; ; {
		if _, ok := spipTables[bare]; ok {
			return bare
		}
		if _, ok := spipTables[bare+"s"]; ok && bare == name {
			return bare + "s"
		}
		_, after, more := strings.Cut(bare, "_")
		if !more {
			return ""
		}
		bare = after
	}
}

func (d *dump) add(table string, r record) error {
	most, ok := spipTables[table]
	if !ok {
		return nil
	}
	for _, v := range r {
		d.letters += len(v)
	}
	if d.letters > maxLetters {
		return refused("movers.large", "limit", maxLetters>>20)
	}
	if len(d.tables[table]) >= most {
		d.over.Add("movers.left_beyond", table)
		return nil
	}
	d.tables[table] = append(d.tables[table], r)
	return nil
}

// readDump reads the XML that SPIP made until its version 2.
func readDump(doc *document) (*Site, error) {
	d := &dump{tables: map[string][]record{}}
	for {
		e, err := doc.next()
		if errors.Is(err, io.EOF) {
			return d.site()
		}
		if err != nil {
			return nil, err
		}
		table := tableName(e.name)
		if table == "" {
			continue
		}
		r := record{}
		for _, k := range e.kids {
			if k.name != "" && len(r) < 80 {
				r[strings.ToLower(k.name)] = k.words()
			}
		}
		if err := d.add(table, r); err != nil {
			return nil, err
		}
	}
}

// nowhere stands for the address of a site that does not say it, so that its own
// links are known again.
const nowhere = "http://ancien-site.invalid/"

// links gives, by the number of an object, the numbers tied to it: SPIP 3 keeps
// ties of all objects in one table, earlier ones a table for articles alone.
func (d *dump) links(table, of, object string) map[string][]string {
	out := map[string][]string{}
	for _, r := range d.tables[table+"_liens"] {
		if r["objet"] == object {
			out[r["id_objet"]] = append(out[r["id_objet"]], r[of])
		}
	}
	if object == "article" {
		for _, r := range d.tables[table+"_articles"] {
			out[r["id_article"]] = append(out[r["id_article"]], r[of])
		}
	}
	return out
}

var numbered = regexp.MustCompile(`^\s*\d{1,4}\.\s+`)

// called is a title without the number that SPIP sorts it by.
func called(s string) string { return line(multiOne(numbered.ReplaceAllString(s, "")), 160) }

func multiOne(s string) string {
	return multi.ReplaceAllStringFunc(s, func(all string) string { return french(multi.FindStringSubmatch(all)[1]) })
}

// site makes pieces of the rows.
func (d *dump) site() (*Site, error) {
	s := &Site{Format: SPIP, Left: d.over}
	for _, r := range d.tables["meta"] {
		switch r["nom"] {
		case "nom_site":
			s.Name = line(multiOne(r["valeur"]), 120)
		case "adresse_site":
			s.URL = clip(r["valeur"], 300)
		}
	}
	m := &spipMaker{d: d, s: s, docs: map[string]spipFile{}, titles: map[string]string{}}
	m.gather()
	for _, r := range d.tables["articles"] {
		m.article(r)
	}
	for _, r := range d.tables["breves"] {
		m.brief(r)
	}
	if len(s.Pieces) == 0 {
		return nil, refused("movers.no_pieces")
	}
	return s, nil
}

type spipMaker struct {
	d       *dump
	s       *Site
	base    *url.URL
	docs    map[string]spipFile
	titles  map[string]string
	rubrics map[string]string
	people  map[string]string
	words   map[string]string
	urls    map[string][]string
	forum   map[string][]record
	authors map[string][]string
	tags    map[string][]string
	files   map[string][]string
}

func (m *spipMaker) gather() {
	names := func(table, id, column string) map[string]string {
		out := map[string]string{}
		for _, r := range m.d.tables[table] {
			out[r[id]] = called(r[column])
		}
		return out
	}
	m.rubrics, m.people, m.words = names("rubriques", "id_rubrique", "titre"), names("auteurs", "id_auteur", "nom"), names("mots", "id_mot", "titre")
	for _, r := range m.d.tables["articles"] {
		m.titles["article"+r["id_article"]] = called(r["titre"])
	}
	for _, r := range m.d.tables["documents"] {
		at := r["fichier"]
		if !strings.Contains(at, "://") && !strings.HasPrefix(strings.ToLower(at), "img/") {
			at = "IMG/" + at
		}
		kind := strings.ToLower(strings.TrimPrefix(path.Ext(at), "."))
		m.docs[r["id_document"]] = spipFile{at, line(multiOne(r["titre"]), 200), line(multiOne(r["descriptif"]), 300), line(multiOne(r["alt"]), mostAlt), kind}
	}
	m.urls, m.forum = map[string][]string{}, map[string][]record{}
	for _, r := range m.d.tables["urls"] {
		m.urls[r["type"]+r["id_objet"]] = append(m.urls[r["type"]+r["id_objet"]], r["url"])
	}
	for _, r := range m.d.tables["forum"] {
		of := r["objet"] + r["id_objet"]
		if r["objet"] == "" && r["id_article"] != "" && r["id_article"] != "0" {
			of = "article" + r["id_article"]
		}
		m.forum[of] = append(m.forum[of], r)
	}
	m.authors, m.tags, m.files = m.d.links("auteurs", "id_auteur", "article"), m.d.links("mots", "id_mot", "article"), m.d.links("documents", "id_document", "article")
	address := m.s.URL
	if address == "" {
		address = nowhere
	}
	m.base, _ = url.Parse(strings.TrimSuffix(address, "/") + "/") // nil when it is none: relative addresses stay
}

// text translates shorthand; what it gives beside goes to the piece.
func (m *spipMaker) text(src string, p *Piece) Body {
	sh := &shorthand{base: m.base, docs: m.docs, titles: m.titles, notes: &p.Notes}
	body := fromHTML(sh.html(src), source{base: m.base}, &p.Notes)
	p.Documents = append(p.Documents, sh.files...)
	return body
}

// flat is shorthand without its marks.
func (m *spipMaker) flat(src string, p *Piece) string { return plainOf(m.text(src, p).blocks) }

// stands says whether a status is taken, and whether it was public.
func (m *spipMaker) stands(status string) (taken, public bool) {
	switch status {
	case "publie":
		return true, true
	case "prop", "prepa":
		return true, false
	}
	m.s.left("movers.left_bin", "")
	return false, false
}

func (m *spipMaker) article(r record) {
	taken, public := m.stands(r["statut"])
	if !taken {
		return
	}
	id := r["id_article"]
	p := Piece{Title: called(r["titre"]), Public: public, At: moment(r["date"]), Origin: "spip:" + clip(m.s.URL, 200) + "#article" + clip(id, 20)}
	p.Kicker = m.flat(r["surtitre"], &p)
	src := r["texte"]
	for _, lead := range []string{r["soustitre"], r["chapo"]} {
		var alone Piece
		switch flat := m.flat(lead, &alone); {
		case flat == "" || strings.HasPrefix(lead, "="):
		case p.Standfirst == "" && len([]rune(flat)) <= 800:
			p.Standfirst = flat
			for _, n := range alone.Notes {
				p.Notes.AddMany(n.Key, n.What, n.Count)
			}
			p.Documents = append(p.Documents, alone.Documents...)
		default:
			src = lead + "\n\n" + src
		}
	}
	if ps := strings.TrimSpace(r["ps"]); ps != "" {
		src += "\n\n----\n\n" + ps
	}
	p.Body = m.text(src, &p)
	if at := strings.TrimSpace(r["url_site"]); at != "" {
		p.Sources = append(p.Sources, Link{line(r["nom_site"], 200), at})
	}
	for _, who := range m.authors[id] {
		p.Authors = append(p.Authors, m.people[who])
	}
	for _, mot := range m.tags[id] {
		p.Tags = append(p.Tags, m.words[mot])
	}
	p.Themes = []string{m.rubrics[r["id_rubrique"]]}
	for _, doc := range m.files[id] {
		if f, ok := m.docs[doc]; ok && !f.picture() {
			p.Documents = append(p.Documents, Picture{Ref: f.path, Caption: f.title})
		}
	}
	m.paths("article", id, &p)
	m.comments("article"+id, &p)
	m.s.add(p)
}

func (m *spipMaker) paths(kind, id string, p *Piece) {
	p.Paths = []string{"?" + kind + clip(id, 20), kind + clip(id, 20), kind + clip(id, 20) + ".html"}
	for _, at := range m.urls[kind+id] {
		p.Paths = append(p.Paths, OldPath(at, ""), OldPath(at+".html", ""))
	}
}

func (m *spipMaker) comments(of string, p *Piece) {
	for _, r := range m.forum[of] {
		switch r["statut"] {
		case "publie", "prop":
			src := r["texte"]
			if t := strings.TrimSpace(r["titre"]); t != "" && !strings.EqualFold(t, p.Title) {
				src = html.EscapeString(line(t, 160)) + "\n\n" + src
			}
			said := paragraphsOf(m.text(src, &Piece{}).blocks)
			m.s.comment(p, Comment{Name: r["auteur"], Text: html.EscapeString(said), Link: r["url_site"], At: moment(r["date_heure"]), Shown: r["statut"] == "publie"})
		case "spam", "off":
			m.s.left("movers.left_spam", "")
		}
	}
}

func (m *spipMaker) brief(r record) {
	taken, public := m.stands(r["statut"])
	if !taken {
		return
	}
	id := r["id_breve"]
	p := Piece{Title: called(r["titre"]), Public: public, At: moment(r["date_heure"]), Origin: "spip:" + clip(m.s.URL, 200) + "#breve" + clip(id, 20)}
	p.Body = m.text(r["texte"], &p)
	p.Themes = []string{m.rubrics[r["id_rubrique"]]}
	if at := strings.TrimSpace(r["lien_url"]); strings.Contains(at, "://") && hostOf(at) != "" {
		p.Kind, p.Cited = "brief", &Link{line(r["lien_titre"], 200), at}
		if p.Cited.Title == "" {
			p.Cited.Title = p.Title
		}
	}
	m.paths("breve", id, &p)
	m.s.add(p)
}
