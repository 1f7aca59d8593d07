package journal_test

import (
	"archive/zip"
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/journal"
	"preau/internal/store"
)

// photo is a small JPEG that says where it was taken.
func photo(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		img.Set(x, x*3/4, color.NRGBA{uint8(6 * x), 90, 60, 255})
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("\xff\xe1\x00\x20Exif\x00\x00"), []byte("GPS 48.85 2.35 rue du Pre")[:24]...)
	return append(append([]byte("\xff\xd8"), exif...), out.Bytes()[2:]...)
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, data := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func export(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("bring/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// jobs does what the journal has queued.
func (h *house) jobs() {
	h.t.Helper()
	runner := store.NewRunner(h.house.DB, h.j.Jobs(), h.house.Log)
	for {
		ran, err := runner.Once(h.t.Context())
		h.must(err)
		if !ran {
			return
		}
	}
}

// sends sends an export and asks that it be read.
func (h *house) sends(who context.Context, data, pictures []byte) journal.Move {
	h.t.Helper()
	id, err := h.j.SendMove(who, h.school.SchoolID, bytes.NewReader(data))
	h.must(err)
	if pictures != nil {
		h.must(h.j.SendMovePictures(who, h.school.SchoolID, id, bytes.NewReader(pictures)))
	}
	h.must(h.j.ReadMove(who, h.school.SchoolID, id))
	h.jobs()
	m, err := h.j.MoveOf(who, h.school.SchoolID, id, "fr")
	h.must(err)
	return m
}

// brings writes a move that was read.
func (h *house) brings(who context.Context, m journal.Move, choice journal.MoveChoice) journal.Move {
	h.t.Helper()
	h.must(h.j.WriteMove(who, h.school.SchoolID, m.ID, choice))
	h.jobs()
	m, err := h.j.MoveOf(who, h.school.SchoolID, m.ID, "fr")
	h.must(err)
	return m
}

func (h *house) count(table string) (n int) {
	h.t.Helper()
	h.one(&n, "SELECT count(*) FROM "+table)
	return n
}

func pictures(t *testing.T, names ...string) []byte {
	files := map[string][]byte{}
	for _, name := range names {
		files[name] = photo(t)
	}
	return zipped(t, files)
}

// An old site comes in: read, told, then published as was chosen; twice is once;
// nobody sees a picture before somebody has looked at it.
func TestMoveIn(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		zip := pictures(t, "uploads/2019/05/radis.jpg", "uploads/2019/05/semis.jpg")
		m := h.sends(h.head(), export(t, "wordpress.xml"), zip)
		if m.State != "read" || m.Problem != "" || !m.Publish || m.Report == nil {
			t.Fatalf("%+v", m)
		}
		if r := m.Report; r.Pieces != 3 || r.Public != 2 || r.Comments != 2 || r.Pending != 1 || r.Pictures != 2 || r.Missing != 0 || r.Undescribed != 1 || r.Authors[0] != (journal.MoveAuthor{Name: "Mme Leroux", Pieces: 3}) {
			t.Errorf("%+v", r)
		}
		told := ""
		for _, n := range m.Report.Lines[0].Notes {
			told += n.Text + "\n"
		}
		for _, want := range []string{"1 tableau remplacé par du texte", "films.example", "onerror", "javascript:alert(3)", "sans texte de remplacement (semis.jpg)"} {
			if !strings.Contains(told, want) {
				t.Errorf("no %q in %s", want, told)
			}
		}
		if n := h.count("journal_piece") + h.count("journal_file") + h.count("journal_contribution"); n != 0 {
			t.Fatalf("%d rows written by reading", n)
		}
		h.refused(h.j.WriteMove(h.head(), school, m.ID, journal.MoveChoice{Audience: "group"}), fault.Invalid)
		m = h.brings(h.head(), m, journal.MoveChoice{Published: true, Audience: journal.ToPublic, Names: []journal.MoveRename{{From: "Mme Leroux", To: "Le jardin"}}})
		if m.State != "done" || *m.Report.Made != (journal.MoveMade{Published: 1, Drafts: 2, Comments: 2, Files: 2}) {
			t.Fatalf("%+v %+v", m, m.Report.Made)
		}
		if n := h.count("blob WHERE kind = 'journal_move'"); n != 0 {
			t.Errorf("%d exports are kept", n)
		}
		// The harvest is public, with its date; the garden waits for words.
		h.sees("/journal/le-platane/articles", "La récolte")
		h.sees("/journal/le-platane/archives?mois=2019-06", "La récolte")
		h.misses("/journal/le-platane/articles", "Le jardin &amp; ses")
		status, page, at := h.ask("/journal/le-platane/ancien/2019/06/la-recolte/", nil)
		if status != 200 || !strings.Contains(at, "/article/la-recolte-") || !strings.Contains(page, "Repris de l’ancien site") || !strings.Contains(page, "Le jardin") || !strings.Contains(page, "jeudi 20 juin 2019") {
			t.Errorf("%d %s", status, at)
		}
		h.answers("/journal/le-platane/ancien/?p=20", 200)
		h.answers("/journal/le-platane/ancien/2019/05/le-jardin/", 404)
		h.answers("/journal/le-platane/ancien/nulle-part", 404)
		// An editor finds the draft, gives the picture its words, publishes it.
		drafts, err := h.j.Pieces(h.editor(), school, journal.PieceFilter{State: "moved", Limit: 50})
		if h.must(err); len(drafts) != 2 {
			t.Fatalf("%+v", drafts)
		}
		_, err = h.j.Piece(h.teacher(), school, drafts[0].ID)
		h.refused(err, fault.Forbidden)
		var garden string
		for _, d := range drafts {
			if strings.HasPrefix(d.Title, "Le jardin") {
				garden = d.ID
			}
		}
		h.refused(h.act(h.editor(), garden, journal.Publish, ""), fault.Invalid)
		detail, err := h.j.Piece(h.editor(), school, garden)
		if h.must(err); !detail.Edit || detail.Mine || detail.Work.PictureAlt != "[à décrire]" {
			t.Errorf("%+v", detail)
		}
		c := detail.Work
		c.PictureAlt = "Des semis de radis"
		_, err = h.j.Save(h.editor(), school, garden, detail.Version, c)
		h.must(err)
		h.must(h.act(h.editor(), garden, journal.Publish, ""))
		garden = h.path(garden)
		h.sees(garden, "mardi 14 mai 2019")
		h.sees(garden, "/ancien/2019/06/la-recolte/")
		h.misses(garden, "<img")
		h.misses(garden, "onerror")
		h.misses("/journal/le-platane", "/journal-files/")
		held, err := h.j.Held(h.editor(), school, 10)
		if h.must(err); len(held) != 2 {
			t.Fatalf("%+v", held)
		}
		h.answers("/journal-files/"+held[0].ID, 404)
		h.must(h.j.ShowFiles(h.editor(), school, []string{held[0].ID, held[1].ID}))
		h.sees(garden, `alt="Trois radis"`)
		h.answers("/journal-files/"+held[0].ID, 200)
		if _, body, _ := h.ask("/journal-files/"+held[0].ID, nil); strings.Contains(body, "GPS") || strings.Contains(body, "Exif") {
			t.Error("the picture still says where it was taken")
		}
		// What the old site had let through waits for a moderator here.
		waiting, err := h.j.Contributions(h.editor(), school, journal.ContributionFilter{Status: "waiting", Limit: 10})
		if h.must(err); len(waiting) != 2 || waiting[0].Name != "Un voisin" || waiting[0].Text != "Bravo pour ces radis." {
			t.Errorf("%+v", waiting)
		}
		// The same export again doubles nothing.
		before := h.count("journal_piece") + h.count("journal_file") + h.count("journal_contribution") + h.count("journal_theme") + h.count("journal_author")
		again := h.sends(h.head(), export(t, "wordpress.xml"), zip)
		if again.Report.Already != 3 {
			t.Errorf("%+v", again.Report)
		}
		again = h.brings(h.head(), again, journal.MoveChoice{Published: true, Audience: journal.ToPublic})
		if *again.Report.Made != (journal.MoveMade{Already: 3}) {
			t.Errorf("%+v", again.Report.Made)
		}
		if after := h.count("journal_piece") + h.count("journal_file") + h.count("journal_contribution") + h.count("journal_theme") + h.count("journal_author"); after != before {
			t.Errorf("%d rows, then %d", before, after)
		}
	})
}

// SPIP's backup comes in, as XML and in a zip with its pictures.
func TestMoveInSPIP(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		data := zipped(t, map[string][]byte{"dump/site.xml": export(t, "spip.xml"), "IMG/jpg/biblio.jpg": photo(t), "IMG/pdf/reglement.pdf": []byte("%PDF-1.4 essai")})
		m := h.sends(h.editor(), data, nil)
		if m.State != "read" || m.Report.Pieces != 3 || m.Report.Missing != 0 {
			t.Fatalf("%+v %+v", m, m.Report)
		}
		m = h.brings(h.editor(), m, journal.MoveChoice{Published: true, Audience: journal.ToPublic, Comments: "shown"})
		if *m.Report.Made != (journal.MoveMade{Published: 2, Drafts: 1, Comments: 1, Files: 2}) {
			t.Fatalf("%+v", m.Report.Made)
		}
		for _, old := range []string{"spip.php?article12", "article12.html", "On-lit", "spip.php?page=article&id_article=12", "?article12"} {
			status, page, _ := h.ask("/journal/le-platane/ancien/"+old, nil)
			if status != 200 || !strings.Contains(page, "<h2>Un intertitre</h2>") || !strings.Contains(page, "J&#39;ai aimé ce livre.") || strings.Contains(page, "Entre nous") || strings.Contains(page, "<script>alert") {
				t.Errorf("%s: %d", old, status)
			}
		}
		h.sees("/journal/le-platane/presse", "Un journal parle de nous")
	})
}

// In lycée a head brings drafts and publishes nothing; an editor who is not may.
func TestMoveInLycee(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.lycee()
	m := h.sends(h.head(), export(t, "feed.atom"), nil)
	if m.Publish {
		t.Error("the head of a lycée may publish")
	}
	h.refused(h.j.WriteMove(h.head(), h.school.SchoolID, m.ID, journal.MoveChoice{Published: true}), fault.Forbidden)
	m = h.brings(h.head(), m, journal.MoveChoice{})
	if m.Report.Made.Published != 0 || m.Report.Made.Drafts != 2 {
		t.Errorf("%+v", m.Report.Made)
	}
	drafts, err := h.j.Pieces(h.editor(), h.school.SchoolID, journal.PieceFilter{State: "moved", Limit: 9})
	if h.must(err); len(drafts) != 2 {
		t.Fatalf("%+v", drafts)
	}
	id := drafts[0].ID
	h.refused(h.act(h.head(), id, journal.Publish, ""), fault.Forbidden)
	h.refused(h.act(h.seat(0), id, journal.Publish, ""), fault.Forbidden)
	h.must(h.act(h.seat(1), id, journal.Publish, ""))
	h.must(h.j.Discard(h.editor(), h.school.SchoolID, drafts[1].ID))
	h.refused(h.j.Discard(h.editor(), h.school.SchoolID, drafts[1].ID), fault.NotFound)
}

// What is no export, or an attack, is refused with its reason; nothing is left.
func TestMoveRefused(t *testing.T) {
	h := newHouse(t, store.SQLite)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"doctype": {[]byte(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>`), "DOCTYPE"},
		"sql":     {[]byte("-- phpMyAdmin SQL Dump\nCREATE TABLE spip_articles (x int);"), ".sqlite"},
		"page":    {[]byte("<!doctype html><html><body>x</body></html>"), "page web"},
		"path":    {zipped(t, map[string][]byte{"../../evil.xml": []byte("<rss/>")}), "../../evil.xml"},
		"text":    {[]byte("bonjour"), "export connu"},
		"nothing": {[]byte(`<rss><channel><title>x</title></channel></rss>`), "aucun article"},
	} {
		m := h.sends(h.head(), c.data, nil)
		if m.State != "failed" || !strings.Contains(m.Problem, c.want) {
			t.Errorf("%s: %s %q", name, m.State, m.Problem)
		}
		h.must(h.j.DropMove(h.head(), h.school.SchoolID, m.ID))
	}
	if n := h.count("journal_move") + h.count("blob"); n != 0 {
		t.Errorf("%d rows left", n)
	}
	if _, err := h.j.MoveOf(h.head(), "another", "x", "fr"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// Withdrawing an authorisation takes a picture out of both copies.
func TestCopyAfterWithdrawal(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		f, err := h.j.AddFile(h.seat(0), school, "visage.jpg", bytes.NewReader(photo(t)))
		h.must(err)
		c := content("Le portrait", "Un visage.")
		c.PictureID, c.PictureAlt = f.ID, "Un portrait"
		h.publish("article", c)
		named := content("Qui est-ce", "Un prénom.")
		id, _ := h.publish("article", named)
		has := func(what journal.Copying, want string) bool {
			for name, data := range h.copied(what) {
				if strings.Contains(name, want) || strings.Contains(string(data), want) {
					return true
				}
			}
			return false
		}
		both := []journal.Copying{{Format: "site"}, {Format: "markdown"}}
		for _, what := range both {
			if !has(what, f.ID) || !has(what, "Un prénom") {
				t.Fatalf("%s: the picture and the piece are not there", what.Format)
			}
		}
		until := time.Now().Add(48 * time.Hour).UnixMilli()
		for subject, kind := range map[string]string{f.ID: "image", id: "name"} {
			consent, err := h.j.RecordConsent(h.head(), school, h.school.HeadID, journal.NewConsent{SeatID: h.seats[0].ID, What: kind, Purpose: "Article", Medium: "Journal", Parental: true, Until: until})
			h.must(err)
			h.must(h.j.UseConsent(h.head(), school, consent, subject))
			h.must(h.j.WithdrawConsent(h.head(), school, h.school.HeadID, consent))
		}
		for _, what := range both {
			if has(what, f.ID) || has(what, "Un portrait\"") {
				t.Errorf("%s: the picture is still there", what.Format)
			}
			if has(what, "Un prénom") {
				t.Errorf("%s: the piece that names is still there", what.Format)
			}
			if !has(what, "Un visage") {
				t.Errorf("%s: the other piece is gone", what.Format)
			}
		}
	})
}

// copied gives the files of a copy.
func (h *house) copied(what journal.Copying) map[string][]byte {
	h.t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	h.must(h.j.Copy(h.t.Context(), h.school.SchoolID, what, journal.ZipSink(z, time.Unix(0, 0)), func(int, int) error { return nil }))
	h.must(z.Close())
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	h.must(err)
	files := map[string][]byte{}
	for _, f := range r.File {
		if f.Name != path.Clean(f.Name) || files[f.Name] != nil {
			h.t.Errorf("file %s is there twice, or leads out", f.Name)
		}
		in, err := f.Open()
		h.must(err)
		var data bytes.Buffer
		_, err = data.ReadFrom(in)
		h.must(err)
		files[f.Name] = append([]byte{}, data.Bytes()...)
	}
	return files
}

// A file that is not what its name says is refused, and the report says why.
func TestMoveRefusesFiles(t *testing.T) {
	h := newHouse(t, store.SQLite)
	bomb := bytes.Replace(photo(t), []byte("\x08\x00\x1e\x00\x28"), []byte("\x08\xff\xf0\xff\xf0"), 1)
	for want, picture := range map[string][]byte{
		"Un fichier svg n’est pas accepté": []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "Un fichier html": []byte("<html><script>alert(1)</script>"), "Un fichier zip": zipped(t, map[string][]byte{"x": nil}),
		"trop grande": bomb, "abîmée": []byte("GIF89a\x01\x00\x01\x00<script>alert(1)</script>"), "ni une image": []byte("MZ\x90"),
	} {
		data := zipped(t, map[string][]byte{"site.xml": export(t, "spip.xml"), "IMG/jpg/biblio.jpg": picture})
		m := h.brings(h.editor(), h.sends(h.editor(), data, nil), journal.MoveChoice{})
		told := ""
		for _, n := range m.Report.Lines[0].Notes {
			told += n.Text + "\n"
		}
		if m.Report.Made.Files != 0 || !strings.Contains(told, "biblio.jpg : ") || !strings.Contains(told, want) {
			t.Errorf("%s: %+v %s", want, m.Report.Made, told)
		}
		for _, table := range []string{"journal_old", "journal_old_path"} {
			h.sql("DELETE FROM " + table)
		}
	}
	if n := h.count("journal_file") + h.count("blob"); n != 0 {
		t.Errorf("%d files", n)
	}
}

// A polyglot keeps its pixels and nothing of what hides in it.
func TestMovePolyglot(t *testing.T) {
	h := newHouse(t, store.SQLite)
	both := append(photo(t), []byte("<script>alert(1)</script>%PDF-1.4 PK\x03\x04")...)
	data := zipped(t, map[string][]byte{"site.xml": export(t, "spip.xml"), "IMG/jpg/biblio.jpg": both})
	h.brings(h.editor(), h.sends(h.editor(), data, nil), journal.MoveChoice{Published: true, Audience: journal.ToPublic})
	held, err := h.j.Held(h.editor(), h.school.SchoolID, 9)
	if h.must(err); len(held) != 1 {
		t.Fatalf("%+v", held)
	}
	h.must(h.j.ShowFiles(h.editor(), h.school.SchoolID, []string{held[0].ID}))
	status, body, _ := h.ask("/journal-files/"+held[0].ID, nil)
	if status != 200 || strings.Contains(body, "script") || strings.Contains(body, "%PDF") || strings.Contains(body, "GPS") {
		t.Errorf("%d, %d bytes", status, len(body))
	}
}
