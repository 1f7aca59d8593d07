package journal_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/journal"
	"preau/internal/journal/text"
	"preau/internal/privacy"
)

// The whole way of a pupil's article in collège, and what readers see at each step.
func TestFromPupilToReaders(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		id := h.write(h.seat(0), "article", content("La cour fleurie", "Les platanes ont perdu leurs feuilles.\n\nNous avons semé des coquelicots."))
		h.misses("/journal/le-platane", "La cour fleurie")
		_, err := h.j.Piece(h.editor(), school, id)
		h.refused(err, fault.Forbidden)
		h.refused(h.act(h.editor(), id, journal.Publish, ""), fault.Conflict)
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.refused(h.act(h.teacher(), id, journal.Publish, ""), fault.Forbidden)
		h.refused(h.act(h.seat(1), id, journal.Publish, ""), fault.Forbidden)
		h.refused(h.act(h.editor(), id, journal.Refuse, ""), fault.Invalid)
		h.must(h.act(h.editor(), id, journal.Refuse, "Il manque une source."))
		notes, err := h.j.Thread(h.seat(0), school, id)
		if h.must(err); len(notes) != 2 || notes[1].Text != "Il manque une source." {
			t.Errorf("%+v", notes)
		}
		h.must(h.j.Say(h.seat(0), school, id, "La source est le jardinier."))
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.must(h.act(h.editor(), id, journal.Publish, ""))
		path := h.path(id)
		for _, want := range []string{"<h1>La cour fleurie</h1>", "Coquelicot", "<p>Nous avons semé des coquelicots.</p>", "Dominique Leroy", "Un adulte de l’établissement relit", "Qui êtes-vous"} {
			h.sees(path, want)
		}
		h.misses(path, h.seats[0].Pseudonym)
		for _, page := range []string{"", "/flux.atom", "/articles", "/archives?mois=" + time.Now().Format("2006-01"), "/recherche?q=platane", "/recherche?q=COQUELICOT+semer", "/recherche?q=un+chapeau"} {
			h.sees("/journal/le-platane"+page, "La cour fleurie")
		}
		h.misses("/journal/le-platane/recherche?q=coquelicot+tulipe", "La cour fleurie")

		// A change is a revision that is reviewed while the former stays.
		detail, err := h.j.Piece(h.seat(0), school, id)
		h.must(err)
		_, err = h.j.Save(h.seat(0), school, id, detail.Version, content("La cour refleurie", "Des tulipes aussi."))
		h.must(err)
		_, err = h.j.Save(h.seat(0), school, id, detail.Version, content("Autre", "x"))
		h.refused(err, fault.Conflict)
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.sees(path, "<h1>La cour fleurie</h1>")
		h.must(h.act(h.head(), id, journal.Publish, ""))
		h.sees(path, "<h1>La cour refleurie</h1>")
		h.sees("/journal/le-platane/recherche?q=tulipe", "La cour refleurie")
		h.misses("/journal/le-platane/recherche?q=coquelicots", "La cour refleurie")
		h.refused(h.act(h.editor(), id, journal.Suspend, "x"), fault.Conflict)
		h.must(h.act(h.seat(0), id, journal.Withdraw, ""))
		h.answers(path, 410)
		h.misses("/journal/le-platane/recherche?q=tulipe", "La cour refleurie")
		h.misses("/journal/le-platane/flux.atom", "La cour refleurie")
	})
}

// In lycée the board publishes; the head has no button before, and after may
// suspend and forbid with a reason that is kept for the conseil d'administration.
func TestLycee(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		h.lycee()
		id := h.write(h.seat(0), "article", content("Notre cantine", "Elle est chère."))
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.refused(h.act(h.head(), id, journal.Publish, ""), fault.Forbidden)
		h.refused(h.act(h.head(), id, journal.Refuse, "Non"), fault.Forbidden)
		h.refused(h.act(h.editor(), id, journal.Publish, ""), fault.Forbidden)
		_, err := h.j.Piece(h.head(), school, id)
		h.refused(err, fault.Forbidden)
		h.must(h.act(h.seat(1), id, journal.Publish, ""))
		path := h.path(id)
		h.sees(path, "sans contrôle préalable")
		// Nor does the head hide it by upholding a report; the board may.
		h.ask(path+"/signaler", url.Values{"jeton": {h.token(path + "/signaler")}, "motif": {"false"}, "message": {"Ce n’est pas vrai du tout, la cantine est bonne."}})
		reports, err := h.j.Reports(h.head(), school, "waiting")
		if h.must(err); len(reports) != 1 {
			t.Fatalf("%+v", reports)
		}
		h.refused(h.j.Judge(h.head(), school, reports[0].ID, journal.Verdict{Accept: true, Reason: "Oui"}), fault.Forbidden)
		h.sees(path, "Notre cantine")
		h.must(h.j.Judge(h.head(), school, reports[0].ID, journal.Verdict{Reason: "Une opinion n’est pas une erreur."}))
		detail, err := h.j.Piece(h.head(), school, id)
		if h.must(err); !slices.Equal(detail.Acts, []journal.Act{journal.Suspend, journal.Forbid}) {
			t.Errorf("%v", detail.Acts)
		}
		h.refused(h.act(h.head(), id, journal.Suspend, " "), fault.Invalid)
		h.must(h.act(h.head(), id, journal.Suspend, "Une personne y est diffamée."))
		h.answers(path, 410)
		decisions, err := h.j.Decisions(h.head(), school)
		if h.must(err); len(decisions) != 1 || decisions[0].Reason != "Une personne y est diffamée." || decisions[0].ToldAt != nil {
			t.Fatalf("%+v", decisions)
		}
		if desk, err := h.j.Desk(h.head(), school); err != nil || desk.Untold != 1 {
			t.Errorf("%+v %v", desk, err)
		}
		h.must(h.j.Told(h.head(), school, h.school.HeadID, decisions[0].ID))
		h.must(h.act(h.head(), id, journal.Lift, "L’erreur est corrigée."))
		h.sees(path, "Notre cantine")
		h.sees("/journal/le-platane/recherche?q=cantine", "Notre cantine")
		h.must(h.act(h.head(), id, journal.Forbid, "Elle recommence."))
		h.refused(h.act(h.head(), id, journal.Lift, "Non"), fault.Conflict)
	})
}

func TestDatedPublication(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		id := h.write(h.seat(0), "article", content("Demain", "Rien avant demain."))
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		detail, err := h.j.Piece(h.editor(), h.school.SchoolID, id)
		h.must(err)
		h.must(h.j.Do(h.editor(), h.school.SchoolID, id, journal.Doing{Act: journal.Publish, At: time.Now().Add(24 * time.Hour).UnixMilli(), Version: detail.Version}))
		for _, page := range []string{"", "/flux.atom", "/recherche?q=demain", "/articles"} {
			h.misses("/journal/le-platane"+page, "article/demain")
		}
		h.answers(h.path(id), 404)
		h.sql("UPDATE journal_piece SET published_at = published_at - 172800000")
		h.sql("UPDATE journal_word SET published_at = published_at - 172800000")
		h.sees(h.path(id), "Rien avant demain")
		h.sees("/journal/le-platane/recherche?q=demain", "article/demain")
	})
}

// What is seen by whom: the piece's audience, and never wider than the school's.
func TestAudiences(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		for audience, group := range map[journal.Audience]string{journal.ToPublic: "", journal.ToSchool: "", journal.ToGroup: h.school.GroupID, journal.ToNetwork: ""} {
			c := content("Pour "+string(audience), "Motcommun.")
			c.About.Audience, c.About.Group = audience, group
			_, path := h.publish("article", c)
			want := 404
			if audience == journal.ToPublic {
				want = 200
			}
			h.answers(path, want)
		}
		for _, page := range []string{"", "/flux.atom", "/recherche?q=motcommun", "/articles"} {
			h.sees("/journal/le-platane"+page, "Pour public")
			for _, other := range []string{"Pour school", "Pour group", "Pour network"} {
				h.misses("/journal/le-platane"+page, other)
			}
		}
		h.settings(func(in *journal.Masthead) { in.Widest = journal.ToSchool })
		h.answers("/journal/le-platane", 404)
		h.answers("/journal/le-platane/flux.atom", 404)
		_, err := h.j.Begin(h.seat(0), h.school.SchoolID, journal.NewPiece{Kind: "article", Content: content("Trop loin", "x")})
		h.refused(err, fault.Invalid)
	})
}

func TestEveryPage(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		theme, err := h.j.MakeTheme(h.head(), h.school.SchoolID, journal.Axis{Name: "Vie lycéenne"})
		h.must(err)
		club, err := h.j.MakeCollective(h.head(), h.school.SchoolID, journal.Axis{Name: "Club radio", Kind: "club"})
		h.must(err)
		brief := journal.Content{Title: "Une enquête", Body: text.FromPlain("À lire."), About: journal.About{
			Audience: journal.ToPublic, Themes: []string{theme}, Collective: club, Tags: []string{"Données d’élèves"},
			Cited: &journal.Cited{Title: "L’article cité", Outlet: "Le Quotidien", Date: "2018-09", URL: "https://exemple.fr/a"},
		}}
		h.publish("brief", brief)
		event := content("Fête de la cour", "Venez.")
		event.About.Happening = &journal.Happening{StartsAt: time.Now().Add(time.Minute).UnixMilli(), Place: "Sous le préau"}
		_, path := h.publish("event", event)
		for page, want := range map[string]string{
			"/presse": "septembre 2018", "/presse/flux.atom": "Une enquête", "/themes": "Vie lycéenne", "/theme/vie-lyceenne": "Une enquête", "/theme/vie-lyceenne/flux.atom": "Une enquête",
			"/collectifs": "Club radio", "/collectif/club-radio": "Une enquête", "/collectif/club-radio/flux.atom": "Une enquête", "/mot/donnees-d-eleves": "Une enquête", "/mot/donnees-d-eleves/flux.atom": "Une enquête",
			"/calendrier": "Sous le préau", "/calendrier.ics": "SUMMARY:Fête de la cour", "/publier": "nom de plume", "/contact": "journal@platanes.example", "/mentions": "Dominique Leroy", "/accessibilite": "audité",
			"/donnees": "sans témoin de connexion", "/archives": "Archives", "/recherche": "Recherche",
		} {
			h.sees("/journal/le-platane"+page, want)
		}
		h.sees(path+"/flux.atom", "Fête de la cour")
		h.sees("/journal", "Le Platane")
		h.refused(h.j.RemoveTheme(h.head(), h.school.SchoolID, theme), fault.Conflict)
		brief.About.Cited = &journal.Cited{Title: "x", Outlet: "y", Date: "2018", URL: "javascript:alert(1)"}
		_, err = h.j.Begin(h.seat(0), h.school.SchoolID, journal.NewPiece{Kind: "brief", Content: brief})
		h.refused(err, fault.Invalid)
	})
}

// A reader's addition: previewed, sent once, read by somebody, then shown.
func TestAddition(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		_, path := h.publish("article", content("La cour", "Elle est verte."))
		form := url.Values{"nom": {"Une voisine"}, "message": {"Il y avait un <b>puits</b> ici.\n\nMa grand-mère le disait."}, "jeton": {h.token(path)}, "etape": {"relire"}}
		if status, body, _ := h.ask(path+"/complement", form); status != 200 || !hidden.MatchString(body) {
			t.Fatal(status)
		}
		var n int
		if h.one(&n, "SELECT count(*) FROM journal_contribution"); n != 0 {
			t.Error("a preview is kept")
		}
		form.Set("etape", "envoyer")
		status, _, at := h.ask(path+"/complement", form)
		if status != 200 || at == path+"/complement" {
			t.Fatalf("%d at %s", status, at)
		}
		h.sees(at, "attend d’être lu")
		h.misses(path, "puits")
		if status, _, _ := h.ask(path+"/complement", form); status != 422 {
			t.Errorf("a form sent twice: %d", status)
		}
		queue, err := h.j.Contributions(h.head(), school, journal.ContributionFilter{Status: "waiting", Limit: 10})
		if h.must(err); len(queue) != 1 {
			t.Fatalf("%+v", queue)
		}
		_, err = h.j.Contributions(h.teacher(), school, journal.ContributionFilter{Status: "waiting", Limit: 10})
		h.refused(err, fault.Forbidden)
		moderator := h.staff(h.school.Teacher, identity.Moderator)
		h.refused(h.j.Sort(moderator, school, journal.Sorting{IDs: []string{queue[0].ID}, As: "refused"}), fault.Invalid)
		h.must(h.j.Sort(moderator, school, journal.Sorting{IDs: []string{queue[0].ID}, As: "shown", Answer: "Merci."}))
		h.sees(path, "Il y avait un &lt;b&gt;puits&lt;/b&gt; ici.")
		h.sees(path, "Merci.")
		h.sees(at, "Votre message a paru")
		h.sees(path+"/flux.atom", "puits")

		// Whatever fills the trap without a form is set aside, and told nothing of it.
		trapped := url.Values{"nom": {"x"}, "message": {"Achetez ceci, https://a.example https://b.example"}, "site": {"x"}, "etape": {"envoyer"}}
		if status, _, at := h.ask(path+"/complement", trapped); status != 200 {
			t.Errorf("%d %s", status, at)
		}
		if h.one(&n, "SELECT count(*) FROM journal_contribution WHERE status = 'spam'"); n != 1 {
			t.Errorf("%d set aside", n)
		}
		h.misses(path, "Achetez ceci")
		h.misses(path+"/flux.atom", "Achetez ceci")
	})
}

func TestReportAndReply(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		_, path := h.publish("article", content("Un portrait", "Il parle de quelqu’un."))
		reply := url.Values{"jeton": {h.token(path + "/reponse")}, "nom": {"M. Durand"}, "contact": {"durand@exemple.fr"}, "passages": {"Le premier."}, "message": {"Ce n’est pas vrai."}}
		_, _, at := h.ask(path+"/reponse", reply)
		h.sees(at, "trois jours")
		replies, err := h.j.Replies(h.head(), school, "waiting")
		if h.must(err); len(replies) != 1 || replies[0].DueAt-replies[0].At != 3*24*3600*1000 {
			t.Fatalf("%+v", replies)
		}
		h.must(h.j.AnswerReply(h.head(), school, replies[0].ID, journal.Verdict{Accept: true}))
		h.sees(path, "Droit de réponse de M. Durand")
		var contacts int
		if h.one(&contacts, "SELECT count(*) FROM journal_reply WHERE contact IS NOT NULL"); contacts != 0 {
			t.Error("the way to reach somebody is kept after the decision")
		}

		token := h.token(path + "/signaler")
		time.Sleep(4100 * time.Millisecond)
		_, _, at = h.ask(path+"/signaler", url.Values{"jeton": {token}, "motif": {"image"}, "message": {"Cette page montre mon enfant sans que je l’aie permis."}})
		h.sees(at, "Votre signalement est arrivé")
		h.answers(path, 423)
		reports, err := h.j.Reports(h.head(), school, "waiting")
		if h.must(err); len(reports) != 1 || !reports[0].Hidden {
			t.Fatalf("%+v", reports)
		}
		h.must(h.j.Judge(h.head(), school, reports[0].ID, journal.Verdict{Reason: "Personne n’y est montré."}))
		h.sees(path, "Un portrait")
		h.sees(at, "Personne n’y est montré.")
		lines, err := h.j.Log(h.head(), school, "", 50)
		if h.must(err); len(lines) < 4 {
			t.Errorf("the log has %d lines", len(lines))
		}
	})
}

// Erasing a seat takes its signature off, and its drafts; the text stays.
func TestErasedSeat(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		_, path := h.publish("article", content("Il reste", "Le texte reste."))
		h.write(h.seat(0), "article", content("Brouillon secret", "Rien de ceci ne reste."))
		h.sees(path, "Coquelicot")
		_, err := h.house.Privacy.Erase(t.Context(), h.school.SchoolID, privacy.OfSeat, h.seats[0].ID, "asked", h.school.HeadID)
		h.must(err)
		h.misses(path, "Coquelicot")
		h.sees(path, "Le texte reste.")
		h.sees(path, "Sans signature")
		var n int
		if h.one(&n, "SELECT count(*) FROM journal_revision WHERE title = 'Brouillon secret'"); n != 0 {
			t.Error("a draft outlives its author's erasure")
		}
	})
}

// A colleague's account and a pupil's place in one browser: neither signs for the other.
func TestBothInOneBrowser(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		both := identity.From(h.teacher())
		both.Seat = identity.From(h.seat(0)).Seat
		ctx := identity.With(t.Context(), both)
		_, err := h.j.Me(ctx, h.school.SchoolID)
		h.refused(err, fault.Conflict)
		_, err = h.j.Begin(ctx, h.school.SchoolID, journal.NewPiece{Kind: "article", Content: content("À qui", "x")})
		h.refused(err, fault.Conflict)
	})
}

func TestGroupOfAnotherSchool(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		c := content("Pour ma classe", "x")
		c.About.Audience, c.About.Group = journal.ToGroup, "0192d3b4-0000-7000-8000-000000000000"
		_, err := h.j.Begin(h.seat(0), h.school.SchoolID, journal.NewPiece{Kind: "article", Content: c})
		h.refused(err, fault.NotFound)
		c.About.Group = h.school.GroupID
		h.write(h.seat(0), "article", c)
	})
}

func TestWhoHoldsMandates(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.lycee()
		until := time.Now().Add(time.Hour).UnixMilli()
		_, err := h.j.GiveMandate(h.head(), h.school.SchoolID, h.school.HeadID, journal.NewMandate{StaffID: h.school.Teacher, Kind: "moderation", StartsAt: 2, Until: until})
		h.must(err)
		list, err := h.j.Mandates(h.head(), h.school.SchoolID)
		if h.must(err); len(list) != 2 || list[0].Who != h.seats[1].Pseudonym || list[1].Who == "" {
			t.Errorf("%+v", list)
		}
		peers, err := h.j.Peers(h.head(), h.school.SchoolID)
		if h.must(err); len(peers) < 2 || peers[0].Name == "" {
			t.Errorf("%+v", peers)
		}
	})
}

// Pieces of one same moment are each on one page, and on one alone, of every list.
func TestListsOfOneMoment(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		theme, err := h.j.MakeTheme(h.head(), h.school.SchoolID, journal.Axis{Name: "Sciences"})
		h.must(err)
		club, err := h.j.MakeCollective(h.head(), h.school.SchoolID, journal.Axis{Name: "Club", Kind: "club"})
		h.must(err)
		at := time.Now().Add(-time.Minute)
		var all []journal.Stocked
		for range 45 {
			c := content("La cour", "Un texte.")
			c.About.Themes, c.About.Collective, c.About.Tags = []string{theme}, club, []string{"mot"}
			all = append(all, journal.Stocked{Kind: "article", Authors: []string{"Coquelicot"}, Content: c, At: at.UnixMilli()})
		}
		slugs, err := h.j.Stock(t.Context(), h.school.SchoolID, all)
		h.must(err)
		paris, err := time.LoadLocation("Europe/Paris")
		h.must(err)
		next := regexp.MustCompile(`href="([^"]*avant=[^"]*)"`)
		for _, path := range []string{"/articles", "/theme/sciences", "/collectif/club", "/mot/mot", "/archives?mois=" + at.In(paris).Format("2006-01")} {
			seen := map[string]int{}
			pages := 0
			for path = "/journal/le-platane" + path; path != "" && pages < 10; pages++ {
				status, body, _ := h.ask(path, nil)
				if status != 200 {
					t.Fatalf("%s: %d", path, status)
				}
				for _, slug := range slugs {
					if strings.Contains(body, "/article/"+slug+`"`) {
						seen[slug]++
					}
				}
				path = ""
				if found := next.FindStringSubmatch(body); found != nil {
					path = html.UnescapeString(found[1])
				}
			}
			for _, slug := range slugs {
				if seen[slug] != 1 {
					t.Errorf("%s is on %d pages", slug, seen[slug])
				}
			}
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
		}
	})
}
