package journal_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"preau/internal/demo"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/journal"
	"preau/internal/privacy"
	"preau/internal/store"
)

// signIn sends what opens a session and gives its cookies.
func (h *house) signIn(path string, body any) []*http.Cookie {
	h.t.Helper()
	raw, err := json.Marshal(body)
	h.must(err)
	answer, err := http.Post(h.server.URL+path, "application/json", bytes.NewReader(raw))
	h.must(err)
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		h.t.Fatalf("%s: %d", path, answer.StatusCode)
	}
	return answer.Cookies()
}

// pupil lets the holder of one of the first two seats in, by the slip.
func (h *house) pupil(n int) []*http.Cookie {
	h.t.Helper()
	secret, err := demo.ParseSeatSecret(h.school.Secrets[n])
	h.must(err)
	keys := secret.Keys()
	return h.signIn("/api/v1/door/link", map[string]any{"auth": base64.RawURLEncoding.EncodeToString(keys.Auth[:])})
}

// colleague signs in a teacher of a school.
func (h *house) colleague(school, name string) []*http.Cookie {
	h.t.Helper()
	return h.member(school, name, identity.Teacher)
}

// member signs in somebody who has a role in a school.
func (h *house) member(school, name string, role identity.Role) []*http.Cookie {
	h.t.Helper()
	ctx := h.t.Context()
	person, err := h.house.Identity.CreateStaff(ctx, identity.StaffInput{Name: name, Email: strings.ToLower(name) + "@essai.example"})
	h.must(err)
	_, err = h.house.Identity.GrantRole(ctx, identity.GrantInput{StaffID: person.ID, SchoolID: school, Role: role, Scope: identity.OverSchool, ScopeID: school})
	h.must(err)
	link, err := h.house.Identity.SignInLink(ctx, person.ID)
	h.must(err)
	_, token, _ := strings.Cut(link, "#")
	return h.signIn("/api/v1/session/link", map[string]any{"token": token})
}

// reads asks for a page as somebody.
func (h *house) reads(cookies []*http.Cookie, path string) (int, string) {
	h.t.Helper()
	ask, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.server.URL+path, nil)
	h.must(err)
	for _, c := range cookies {
		ask.AddCookie(c)
	}
	answer, err := http.DefaultClient.Do(ask)
	h.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	h.must(err)
	return answer.StatusCode, string(body)
}

// Each reader sees what is for them, in every list and by its address, with its
// picture, and nothing more.
func TestReadersOfEachAudience(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		territory, err := h.house.Identity.CreateTerritory(ctx, "town", "Ville", "")
		h.must(err)
		h.sql("UPDATE school SET territory_id = $1", territory.ID)
		school := func(name, territory string) string {
			s, err := h.house.Identity.CreateSchool(ctx, identity.SchoolInput{Name: name, Kind: "college", Zone: "Europe/Paris", TerritoryID: territory, ControllerName: "X", ControllerRole: "Y", ControllerContact: "x@essai.example"})
			h.must(err)
			return s.ID
		}
		readers := map[string][]*http.Cookie{
			"anybody":           nil,
			"pupil":             h.pupil(0),
			"colleague":         h.colleague(h.school.SchoolID, "Alix"),
			"secretary":         h.member(h.school.SchoolID, "Charlie", identity.Office),
			"neighbour":         h.colleague(school("Collège d’à côté", territory.ID), "Sacha"),
			"somebody far away": h.colleague(school("Collège de loin", ""), "Camille"),
		}
		h.sql("DELETE FROM seat_group WHERE seat_id = $1", h.seats[1].ID)
		readers["pupil of no group"] = h.pupil(1)
		who := map[journal.Audience][]string{
			journal.ToPublic:  {"anybody", "pupil", "pupil of no group", "colleague", "secretary", "neighbour", "somebody far away"},
			journal.ToNetwork: {"pupil", "pupil of no group", "colleague", "secretary", "neighbour"},
			journal.ToSchool:  {"pupil", "pupil of no group", "colleague", "secretary"},
			journal.ToGroup:   {"pupil", "colleague"},
		}
		for audience, sees := range who {
			picture, err := h.j.AddFile(h.seat(0), h.school.SchoolID, "cour.png", pixels(t))
			h.must(err)
			c := content("Pour "+string(audience), "Motcommun.")
			c.PictureID, c.PictureAlt = picture.ID, "La cour"
			if c.About.Audience = audience; audience == journal.ToGroup {
				c.About.Group = h.school.GroupID
			}
			_, path := h.publish("article", c)
			for name, cookies := range readers {
				want := 404
				for _, one := range sees {
					if one == name {
						want = 200
					}
				}
				for _, address := range []string{path, "/journal-files/" + picture.ID} {
					if got, _ := h.reads(cookies, address); got != want {
						t.Errorf("%s asks for %s of %s: %d, want %d", name, address, audience, got, want)
					}
				}
				for _, list := range []string{"", "/articles", "/recherche?q=motcommun", "/flux.atom"} {
					if _, body := h.reads(cookies, "/journal/le-platane"+list); strings.Contains(body, "Pour "+string(audience)) != (want == 200) {
						t.Errorf("%s looks for %s in %q: %v", name, audience, list, want != 200)
					}
				}
			}
		}
	})
}

// A picture, and the name in a piece, go with the authorisation that they rest
// on: taken back, or at its end. Then only a change that is reviewed brings the
// piece back.
func TestAuthorisationEnds(t *testing.T) {
	for _, how := range []string{"taken back", "over"} {
		t.Run(how, func(t *testing.T) {
			eachStore(t, func(t *testing.T, h *house) {
				ctx, school := t.Context(), h.school.SchoolID
				picture, err := h.j.AddFile(h.seat(0), school, "portrait.png", pixels(t))
				h.must(err)
				c := content("Un portrait", "Nous avons rencontré une championne.")
				c.PictureID, c.PictureAlt = picture.ID, "Une championne"
				_, path := h.publish("article", c)
				named, namedPath := h.publish("article", content("Une élève nommée", "Elle a gagné."))
				record := func(what string) string {
					id, err := h.j.RecordConsent(ctx, school, h.school.HeadID, journal.NewConsent{SeatID: h.seats[2].ID, What: what, Purpose: "Le portrait", Medium: "Le journal", Parental: true, Until: time.Now().Add(time.Hour).UnixMilli()})
					h.must(err)
					return id
				}
				_, err = h.j.RecordConsent(ctx, school, h.school.HeadID, journal.NewConsent{SeatID: h.seats[2].ID, What: "image", Purpose: "Le portrait", Medium: "Le journal", Until: time.Now().Add(time.Hour).UnixMilli()})
				h.refused(err, fault.Invalid)
				image, name := record("image"), record("name")
				h.must(h.j.UseConsent(ctx, school, image, picture.ID))
				h.must(h.j.UseConsent(ctx, school, name, named))
				h.sees(path, picture.ID)
				h.answers("/journal-files/"+picture.ID, 200)
				h.answers(namedPath, 200)

				for _, id := range []string{image, name} {
					if how == "over" {
						h.sql("UPDATE journal_consent SET starts_at = 1, until = 2 WHERE id = $1", id)
						h.refused(h.j.UseConsent(ctx, school, id, picture.ID), fault.Conflict)
					} else {
						h.must(h.j.WithdrawConsent(ctx, school, h.school.HeadID, id))
					}
				}
				h.j.Tidy(ctx)
				h.answers("/journal-files/"+picture.ID, 410)
				for _, page := range []string{path, "/journal/le-platane", "/journal/le-platane/flux.atom", "/journal/le-platane/recherche?q=portrait"} {
					h.misses(page, picture.ID)
				}
				h.sees(path, "Nous avons rencontré une championne.")
				h.answers(namedPath, 423)
				h.misses("/journal/le-platane", "Une élève nommée")
				detail, err := h.j.Piece(h.seat(0), school, named)
				h.must(err)
				_, err = h.j.Save(h.seat(0), school, named, detail.Version, content("Une élève", "Elle a gagné."))
				h.must(err)
				h.must(h.act(h.seat(0), named, journal.Propose, ""))
				h.answers(namedPath, 423)
				h.must(h.act(h.editor(), named, journal.Publish, ""))
				h.sees(namedPath, "<h1>Une élève</h1>")
			})
		})
	}
}

// Erasing a pupil takes down what shows them, as taking an authorisation back does.
func TestErasureTakesDownWhatShows(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		ctx, school := t.Context(), h.school.SchoolID
		picture, err := h.j.AddFile(h.seat(0), school, "portrait.png", pixels(t))
		h.must(err)
		c := content("Un portrait", "Nous avons rencontré une championne.")
		c.PictureID, c.PictureAlt = picture.ID, "Une championne"
		_, path := h.publish("article", c)
		named, namedPath := h.publish("article", content("Une élève nommée", "Elle a gagné."))
		for what, subject := range map[string]string{"image": picture.ID, "name": named} {
			id, err := h.j.RecordConsent(ctx, school, h.school.HeadID, journal.NewConsent{SeatID: h.seats[2].ID, What: what, Purpose: "Le portrait", Medium: "Le journal", Parental: true, Until: time.Now().Add(time.Hour).UnixMilli()})
			h.must(err)
			h.must(h.j.UseConsent(ctx, school, id, subject))
		}
		h.answers("/journal-files/"+picture.ID, 200)
		_, err = h.house.Privacy.Erase(ctx, school, privacy.OfSeat, h.seats[2].ID, "asked", h.school.HeadID)
		h.must(err)
		h.answers("/journal-files/"+picture.ID, 410)
		h.misses(path, picture.ID)
		h.answers(namedPath, 423)
	})
}

// A colleague moderates on their days, and not before or after.
func TestTurnsAtModerating(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		ctx, school := t.Context(), h.school.SchoolID
		now := time.Now()
		queue := func() error {
			_, err := h.j.Contributions(h.teacher(), school, journal.ContributionFilter{Status: "waiting"})
			return err
		}
		h.refused(queue(), fault.Forbidden)
		turn := func(from, until time.Duration) string {
			id, err := h.j.GiveMandate(h.head(), school, h.school.HeadID, journal.NewMandate{StaffID: h.school.Teacher, Kind: "moderation", StartsAt: now.Add(from).UnixMilli(), Until: now.Add(until).UnixMilli()})
			h.must(err)
			return id
		}
		turn(time.Hour, 2*time.Hour)
		h.refused(queue(), fault.Forbidden)
		today := turn(-time.Hour, time.Hour)
		h.must(queue())
		// Moderating is not reviewing.
		id := h.write(h.seat(0), "article", content("À relire", "x"))
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.refused(h.act(h.teacher(), id, journal.Publish, ""), fault.Forbidden)
		h.sql("UPDATE journal_mandate SET until = $2 WHERE id = $1", today, now.UnixMilli())
		h.refused(queue(), fault.Forbidden)
		again := turn(-time.Hour, time.Hour)
		h.must(queue())
		h.must(h.j.EndMandate(ctx, school, again))
		h.refused(queue(), fault.Forbidden)
	})
}

// Authors sign in the order that they chose, which names each of them once.
func TestOrderOfAuthors(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		id := h.write(h.seat(0), "article", content("À deux voix", "Nous écrivons à deux."))
		h.must(h.j.AddAuthor(h.seat(0), school, id, "Merle moqueur"))
		h.must(h.j.Agree(h.seat(1), school, id, true))
		detail, err := h.j.Piece(h.seat(1), school, id)
		h.must(err)
		first, second := detail.Authors[0].ID, detail.Authors[1].ID
		for _, wrong := range [][]string{{first}, {first, first}, {second, first, first}, {first, detail.ID}, nil} {
			h.refused(h.j.OrderAuthors(h.seat(1), school, id, wrong), fault.Conflict)
		}
		h.refused(h.j.OrderAuthors(h.seat(2), school, id, []string{second, first}), fault.Forbidden)
		h.must(h.j.OrderAuthors(h.seat(1), school, id, []string{second, first}))
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.must(h.act(h.editor(), id, journal.Publish, ""))
		if _, body := h.reads(nil, h.path(id)); strings.Index(body, "Merle moqueur") > strings.Index(body, "Coquelicot") {
			t.Error("the former order shows")
		}
	})
}

// Whoever is named as an author reads the piece, and signs once they said yes.
// Nobody is added under a reviewer, or in front of readers.
func TestSigningTogether(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		id := h.write(h.seat(0), "article", content("À plusieurs", "Nous étions trois."))
		h.must(h.j.AddAuthor(h.seat(0), school, id, "Merle moqueur"))
		h.must(h.j.AddAuthor(h.seat(0), school, id, "Craie blanche"))
		detail, err := h.j.Piece(h.seat(1), school, id)
		if h.must(err); !detail.Invited || detail.Mine || detail.Edit || len(detail.Acts) != 0 {
			t.Errorf("%+v", detail)
		}
		_, err = h.j.Save(h.seat(1), school, id, detail.Version, content("Volé", "x"))
		h.refused(err, fault.Forbidden)
		h.refused(h.act(h.seat(1), id, journal.Propose, ""), fault.Forbidden)
		h.refused(h.j.Agree(h.seat(0), school, id, true), fault.Conflict)
		h.must(h.j.Agree(h.seat(1), school, id, true))
		h.refused(h.j.Agree(h.seat(1), school, id, false), fault.Conflict)
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.refused(h.j.AddAuthor(h.seat(0), school, id, "Plume de platane"), fault.Conflict)
		h.refused(h.j.RemoveAuthor(h.seat(1), school, id, detail.Authors[1].ID), fault.Conflict)
		read, err := h.j.Piece(h.editor(), school, id)
		h.must(err)
		h.must(h.j.AddAuthor(h.editor(), school, id, "Plume de platane"))
		h.refused(h.j.Do(h.editor(), school, id, journal.Doing{Act: journal.Publish, Version: read.Version}), fault.Conflict)
		h.must(h.act(h.editor(), id, journal.Publish, ""))
		path := h.path(id)
		h.sees(path, "Coquelicot et Merle moqueur")
		for _, page := range []string{path, "/journal/le-platane", "/journal/le-platane/flux.atom"} {
			h.misses(page, "Craie blanche")
			h.misses(page, "Plume de platane")
		}
		h.refused(h.j.AddAuthor(h.seat(0), school, id, "Craie blanche"), fault.Conflict)
		h.refused(h.j.OrderAuthors(h.seat(0), school, id, []string{detail.Authors[1].ID, detail.Authors[0].ID}), fault.Conflict)
		// An editor may ask somebody later, who still has to agree.
		h.must(h.j.AddAuthor(h.editor(), school, id, "Plume de platane"))
		h.misses(path, "Plume de platane")
		_, err = h.j.SetPenName(h.head(), school, journal.PenName{PenName: "Une injure"}) // and signs with the name that was asked
		h.refused(err, fault.Conflict)
		h.must(h.j.Agree(h.head(), school, id, true))
		h.sees(path, "Plume de platane")
	})
}

// A pen name is read with the piece: afterwards only those who answer for the
// journal change it. Nobody takes the name of somebody who works here.
func TestPenNameStands(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		rename := func(who context.Context, name string) error {
			_, err := h.j.SetPenName(who, school, journal.PenName{PenName: name})
			return err
		}
		var teacher string
		h.one(&teacher, "SELECT name FROM staff WHERE id = $1", h.school.Teacher)
		for _, taken := range []string{teacher, strings.ToUpper(teacher), "Dominique Leroy", "dominique-leroy"} {
			h.refused(rename(h.seat(1), taken), fault.Conflict)
		}
		h.must(rename(h.teacher(), teacher))
		h.must(rename(h.seat(0), "Coqueli\u202ecot\u2066 rouge"))
		id := h.write(h.seat(0), "article", content("Un nom", "Un nom se tient."))
		h.must(rename(h.seat(0), "Coquelicot bleu"))
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.refused(rename(h.seat(0), "Une injure"), fault.Conflict)
		h.must(h.act(h.editor(), id, journal.Publish, ""))
		h.refused(rename(h.seat(0), "Une injure"), fault.Conflict)
		h.must(rename(h.seat(0), "COQUELICOT bleu")) // the same letters
		detail, err := h.j.Piece(h.editor(), school, id)
		h.must(err)
		h.must(h.j.Rename(h.editor(), school, detail.Authors[0].ID, journal.PenName{PenName: "Coquelicot des champs"}))
		h.sees(h.path(id), "Coquelicot des champs")
		h.refused(h.j.Rename(h.editor(), school, detail.Authors[0].ID, journal.PenName{PenName: teacher}), fault.Conflict)
		h.refused(h.j.Rename(h.editor(), school, "0192d3b4-0000-7000-8000-000000000000", journal.PenName{PenName: "Autre"}), fault.NotFound)
	})
}

// A file is seen with what shows it, and by nobody for having named it.
func TestFilesFollowWhatShowsThem(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		file := func(who context.Context) string {
			f, err := h.j.AddFile(who, school, "cour.png", pixels(t))
			h.must(err)
			return f.ID
		}
		with := func(c journal.Content, id string) journal.Content {
			c.PictureID, c.PictureAlt = id, "La cour"
			return c
		}
		first := file(h.seat(0))
		id, path := h.publish("article", with(content("Des images", "x"), first))
		h.answers("/journal-files/"+first, 200)
		save := func(who context.Context, picture string) error {
			detail, err := h.j.Piece(h.seat(0), school, id)
			h.must(err)
			_, err = h.j.Save(who, school, id, detail.Version, with(content("Des images", "x"), picture))
			return err
		}
		// Of a change that nobody has read, readers see nothing, nor do reviewers.
		second := file(h.seat(0))
		h.must(save(h.seat(0), second))
		h.answers("/journal-files/"+second, 404)
		if shown, err := h.j.Piece(h.editor(), school, id); err != nil || shown.Work.PictureID != first {
			t.Errorf("%v %s", err, shown.Work.PictureID)
		}
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		h.must(h.act(h.editor(), id, journal.Publish, ""))
		h.sees(path, second)
		h.answers("/journal-files/"+second, 200)
		h.answers("/journal-files/"+first, 404) // what a change took out
		// Somebody else's file is not had by naming it.
		other := file(h.head())
		h.refused(save(h.seat(0), other), fault.NotFound)
		_, err := h.j.Begin(h.seat(1), school, journal.NewPiece{Kind: "article", Content: with(content("À moi", "x"), first)})
		h.refused(err, fault.NotFound)
		pupil, colleague := h.pupil(0), h.colleague(school, "Alix")
		lone := file(h.seat(0))
		for name, c := range map[string]struct {
			cookies []*http.Cookie
			want    int
		}{"sender": {pupil, 200}, "colleague": {colleague, 404}, "anybody": {nil, 404}} {
			if got, _ := h.reads(c.cookies, "/journal-files/"+lone); got != c.want {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
		}
	})
}

// One person sends one recording at a time, and so many files a day; others do
// not wait for them. A part of a recording may end beyond its end.
func TestSendingFiles(t *testing.T) {
	h := newHouse(t, store.SQLite)
	school := h.school.SchoolID
	sound, err := os.ReadFile("../recording/testdata/s.mp3")
	h.must(err)
	slow, end := io.Pipe()
	begun, sent := make(chan struct{}), make(chan error)
	go func() {
		_, err := h.j.AddFile(h.seat(0), school, "lent.mp3", slow)
		sent <- err
	}()
	go func() {
		_, _ = end.Write(sound[:100])
		close(begun)
		_, _ = end.Write(sound[100:200]) // read once the recording has its place
	}()
	<-begun
	refused := func() error {
		_, err := h.j.AddFile(h.seat(0), school, "autre.mp3", bytes.NewReader(sound))
		return err
	}
	for range 100 { // until the first one is known to be a recording
		if err = refused(); err != nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.refused(err, fault.Limited)
	f, err := h.j.AddFile(h.seat(1), school, "autre.mp3", bytes.NewReader(sound))
	h.must(err)
	h.must(end.CloseWithError(io.ErrUnexpectedEOF))
	h.refused(<-sent, fault.Invalid)
	h.must(refused())

	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.server.URL+"/journal-files/"+f.ID, nil)
	h.must(err)
	ask.Header.Set("Range", "bytes=10-9223372036854775807")
	for _, c := range h.pupil(1) {
		ask.AddCookie(c)
	}
	answer, err := http.DefaultClient.Do(ask)
	h.must(err)
	defer answer.Body.Close()
	if part, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusPartialContent || int64(len(part)) != f.Size-10 {
		t.Errorf("%d, %d bytes of %d, %v", answer.StatusCode, len(part), f.Size, err)
	}

	h.sql("UPDATE journal_file SET name = 'un'")
	for n := range 7 {
		h.sql(`INSERT INTO journal_file (id, school_id, blob_id, kind, media_type, name, width, height, size, by_author, created_at, dropped)
			SELECT id || $1, school_id, NULL, kind, media_type, name, width, height, size, by_author, created_at, 1 FROM journal_file`, fmt.Sprintf("-%d", n))
	}
	h.refused(refused(), fault.Limited)
	h.sql("UPDATE journal_file SET created_at = created_at - 90000000")
	h.must(refused())
}

// What is taken back to one's desk is one's own again.
func TestRetakenIsPrivate(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		school := h.school.SchoolID
		id := h.write(h.seat(0), "article", content("Je reprends", "Un secret."))
		h.must(h.act(h.seat(0), id, journal.Propose, ""))
		_, err := h.j.Piece(h.editor(), school, id)
		h.must(err)
		h.must(h.act(h.seat(0), id, journal.Retake, ""))
		_, err = h.j.Piece(h.editor(), school, id)
		h.refused(err, fault.Forbidden)
		list, err := h.j.Pieces(h.editor(), school, journal.PieceFilter{Limit: 50})
		if h.must(err); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

// A tag and a month show nothing of pieces that their reader may not see.
func TestTagsAndMonthsOfOthers(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		c := content("Pour nous", "x")
		c.About.Audience, c.About.Tags = journal.ToSchool, []string{"Mot secret"}
		id, _ := h.publish("article", c)
		open, _ := h.publish("article", content("Pour tous", "x"))
		h.sql("UPDATE journal_piece SET published_at = 1325376000000 WHERE id = $1", id) // 2012
		// Nor does a feed tell when its author began a piece.
		h.sees("/journal/le-platane/flux.atom", "urn:uuid:")
		h.misses("/journal/le-platane/flux.atom", open)
		h.answers("/journal/le-platane/mot/mot-secret", 404)
		h.answers("/journal/le-platane/mot/mot-secret/flux.atom", 404)
		h.misses("/journal/le-platane/archives", "2012")
		pupil := h.pupil(0)
		for page, want := range map[string]string{"/mot/mot-secret": "Mot secret", "/archives": "2012"} {
			if status, body := h.reads(pupil, "/journal/le-platane"+page); status != 200 || !strings.Contains(body, want) {
				t.Errorf("%s: %d", page, status)
			}
		}
	})
}

// One address neither fills the store nor hides the whole journal.
func TestOneAddressHasAnEnd(t *testing.T) {
	h := newHouse(t, store.SQLite)
	var paths []string
	for range 5 {
		_, path := h.publish("article", content("Un article", "x"))
		paths = append(paths, path)
	}
	limited := 0
	for n := range 100 {
		status, _, _ := h.ask(paths[0]+"/complement", url.Values{"nom": {"Z"}, "etape": {"envoyer"}, "message": {fmt.Sprintf("Un message assez long, numéro %d.", n)}})
		if status == 429 || status == 422 {
			limited++
		}
	}
	var kept int
	if h.one(&kept, "SELECT count(*) FROM journal_contribution"); kept == 0 || kept > 60 || limited < 40 {
		t.Errorf("%d kept, %d refused", kept, limited)
	}
	// What is set aside has an end too: what nobody would read is refused, and told.
	for n := range 11 {
		h.sql(`INSERT INTO journal_contribution (id, piece_id, school_id, status, name, text, link, answer, reason, signs, source, receipt, at)
			SELECT id || $1, piece_id, school_id, 'spam', name, text || $1, link, answer, reason, signs, source, randomblob(16), at FROM journal_contribution WHERE id NOT LIKE '%x%' OR $2 > 0`, fmt.Sprintf("x%d", n), n)
	}
	h.house.Journal.ForgetFloods()
	status, body, _ := h.ask(paths[1]+"/complement", url.Values{"nom": {"Z"}, "etape": {"envoyer"}, "site": {"x"}, "message": {"Encore un message assez long."}})
	var spam int
	if h.one(&spam, "SELECT count(*) FROM journal_contribution WHERE text = 'Encore un message assez long.'"); status != http.StatusTooManyRequests && status != http.StatusUnprocessableEntity || spam != 0 {
		t.Errorf("%d, %d kept: %.300s", status, spam, body)
	}
	var tokens []string
	for _, path := range paths {
		tokens = append(tokens, h.token(path+"/signaler"))
	}
	time.Sleep(4100 * time.Millisecond) // nobody fills a form faster
	hidden := 0
	for n, path := range paths {
		h.ask(path+"/signaler", url.Values{"jeton": {tokens[n]}, "motif": {"image"}, "message": {"Cette page montre mon enfant sans que je l’aie permis."}})
		if status, _, _ := h.ask(path, nil); status == http.StatusLocked {
			hidden++
		}
	}
	reports, err := h.j.Reports(h.head(), h.school.SchoolID, "waiting")
	if h.must(err); hidden != 3 || len(reports) != len(paths) {
		t.Errorf("%d hidden by %d reports", hidden, len(reports))
	}
}
