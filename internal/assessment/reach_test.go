package assessment_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"preau/internal/assessment"
	"preau/internal/identity"
	"preau/internal/roster"
	"preau/internal/store"
)

// signedIn is a member of staff over HTTP.
type signedIn struct {
	h      *house
	cookie *http.Cookie
}

func (h *house) signIn(staff string) signedIn {
	h.t.Helper()
	link, err := h.house.Identity.SignInLink(h.t.Context(), staff)
	if err != nil {
		h.t.Fatal(err)
	}
	_, token, _ := strings.Cut(link, "#")
	res, err := http.Post(h.server.URL+"/api/v1/session/link", "application/json", strings.NewReader(`{"token":"`+token+`"}`))
	if err != nil {
		h.t.Fatal(err)
	}
	res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == h.house.API.CookieName(identity.StaffCookie) && c.Value != "" {
			return signedIn{h, c}
		}
	}
	h.t.Fatalf("signing in: %d", res.StatusCode)
	return signedIn{}
}

func (s signedIn) ask(method, path string, body any) int {
	s.h.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.h.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.h.t.Context(), method, s.h.server.URL+"/api/v1/schools/"+s.h.school.SchoolID+path, bytes.NewReader(raw))
	if err != nil {
		s.h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.AddCookie(s.cookie)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.h.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// A teacher reaches their own groups in a campaign, and nothing of another's,
// whatever ids they put together.
func TestTeacherReachesOwnGroups(t *testing.T) {
	h := newHouse(t, store.SQLite)
	years, err := h.house.Roster.Years(t.Context(), h.school.SchoolID)
	if err != nil || len(years) == 0 {
		t.Fatal(err)
	}
	other, err := h.house.Roster.MakeGroup(h.ctx(), h.school.SchoolID, roster.NewGroup{YearID: years[0].ID, Name: "5e Z", Kind: "class"})
	if err != nil {
		t.Fatal(err)
	}
	in := assessment.NewCampaign{PackageID: h.all.Taken, Title: "Ailleurs", Groups: []string{other.ID}, OpensAt: h.all.OpensAt, ClosesAt: h.all.ClosesAt, Policy: assessment.Policy{Sequences: []assessment.Sequence{}, Upward: "nothing"}}
	elsewhere, err := h.house.Assess.MakeCampaign(h.ctx(), h.school.SchoolID, h.school.HeadID, in, identity.Reach{All: true})
	if err != nil {
		t.Fatal(err)
	}
	h.room(0, true)
	h.come(0, 0).start()
	sitting := h.line(0, 0).Sitting
	teacher := h.signIn(h.school.Teacher)
	own := "/campaigns/" + h.all.ID + "/groups/" + h.school.GroupID
	for _, c := range []struct {
		method, path string
		body         any
		want         int
	}{
		{"GET", own + "/rooms/0", nil, 200},
		{"GET", own + "/results", nil, 200},
		{"GET", own + "/export/resultats.ods", nil, 200},
		{"POST", own + "/rooms/0/sittings/" + sitting, assessment.Act{Act: "pause"}, 204},
		{"GET", "/campaigns/" + elsewhere, nil, 404},
		{"GET", "/campaigns/" + elsewhere + "/groups/" + other.ID + "/rooms/0", nil, 403},
		{"GET", "/campaigns/" + elsewhere + "/groups/" + other.ID + "/export/resultats.csv", nil, 403},
		// Their own group, in a campaign that does not reach it, and the reverse.
		{"GET", "/campaigns/" + elsewhere + "/groups/" + h.school.GroupID + "/rooms/0", nil, 404},
		{"GET", "/campaigns/" + elsewhere + "/groups/" + h.school.GroupID + "/results", nil, 404},
		{"POST", "/campaigns/" + elsewhere + "/groups/" + h.school.GroupID + "/rooms/0/sittings/" + sitting, assessment.Act{Act: "finish"}, 404},
		{"POST", own + "/rooms/1/sittings/" + sitting, assessment.Act{Act: "finish"}, 404},
		{"POST", "/campaigns", in, 403},
		{"PUT", "/campaigns/" + elsewhere, in, 403},
		{"DELETE", "/campaigns/" + elsewhere, nil, 403},
		{"POST", "/campaigns/" + h.all.ID + "/rescore", map[string]string{"packageId": h.all.Taken, "why": "x"}, 403},
		{"GET", "/campaigns/" + h.all.ID + "/distribution", nil, 403},
		{"POST", "/tests", nil, 403},
		{"DELETE", "/tests/" + h.all.Taken, nil, 403},
	} {
		if got := teacher.ask(c.method, c.path, c.body); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, got, c.want)
		}
	}
}
