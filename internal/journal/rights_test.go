package journal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/internal/demo"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/journal"
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
	ctx := h.t.Context()
	person, err := h.house.Identity.CreateStaff(ctx, identity.StaffInput{Name: name, Email: strings.ToLower(name) + "@essai.example"})
	h.must(err)
	_, err = h.house.Identity.GrantRole(ctx, identity.GrantInput{StaffID: person.ID, SchoolID: school, Role: identity.Teacher, Scope: identity.OverSchool, ScopeID: school})
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
			"neighbour":         h.colleague(school("Collège d’à côté", territory.ID), "Sacha"),
			"somebody far away": h.colleague(school("Collège de loin", ""), "Camille"),
		}
		h.sql("DELETE FROM seat_group WHERE seat_id = $1", h.seats[1].ID)
		readers["pupil of no group"] = h.pupil(1)
		who := map[journal.Audience][]string{
			journal.ToPublic:  {"anybody", "pupil", "pupil of no group", "colleague", "neighbour", "somebody far away"},
			journal.ToNetwork: {"pupil", "pupil of no group", "colleague", "neighbour"},
			journal.ToSchool:  {"pupil", "pupil of no group", "colleague"},
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
