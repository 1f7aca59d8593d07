package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/internal/assessment"
	"preau/internal/campaignfile"
	"preau/internal/demo"
	"preau/internal/identity"
	"preau/internal/roster"
)

// published is the demonstration's campaign as a publisher sends it.
func published(t *testing.T) (file []byte, opening string) {
	t.Helper()
	test, err := demo.TestPackage()
	if err != nil {
		t.Fatal(err)
	}
	parts, findings := assessment.Examine(test)
	if findings.Failed() {
		t.Fatal(findings)
	}
	now := time.Now()
	d := campaignfile.Draft{
		Edition: 1, Publisher: "Service des évaluations", Title: "Évaluation d’entrée en sixième", OpensAt: now.Add(-time.Hour), ClosesAt: now.Add(20 * 24 * time.Hour),
		Controller: "Rectorat", Basis: "Mission d’intérêt public", Notice: "Votre enfant répond à des questions.", KeptDays: 365, Objection: "Écrivez à la direction.", Upward: campaignfile.Nothing,
	}
	for _, q := range assessment.DefaultSequences(parts) {
		d.Sequences = append(d.Sequences, campaignfile.Sequence{Title: q.Title, Stages: q.Parts, Minutes: q.Minutes})
	}
	key, err := campaignfile.NewPublisher()
	if err != nil {
		t.Fatal(err)
	}
	file, secret, err := campaignfile.Pack(d, test, key, now)
	if err != nil {
		t.Fatal(err)
	}
	if opening, err = secret.Open(key); err != nil {
		t.Fatal(err)
	}
	return file, opening
}

// call asks the server for something, as a member of staff or as a sitting.
func (h *house) call(method, path string, header http.Header, body []byte, out any) int {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header = header.Clone()
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if out != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(raw, out); err != nil {
			h.t.Fatalf("%s %s: %s", method, path, raw)
		}
	}
	return res.StatusCode
}

func (h *house) head() http.Header {
	h.t.Helper()
	link, err := h.house.Identity.SignInLink(h.t.Context(), h.school.HeadID)
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
			return http.Header{"Cookie": {c.Name + "=" + c.Value}}
		}
	}
	h.t.Fatalf("signing in: %d", res.StatusCode)
	return nil
}

func body(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The demonstration's campaign goes as one file to another school, which accepts
// it, cannot begin before the opening, opens it, and gives a sequence to a pupil.
func TestCampaignTravels(t *testing.T) {
	file, opening := published(t)
	h := newHouse(t)
	head := h.head()
	school := "/schools/" + h.school.SchoolID
	var p assessment.PublishedCampaign
	if code := h.call("POST", school+"/campaign-files", head, file, &p); code != http.StatusOK {
		t.Fatalf("the file: %d", code)
	}
	if p.State != "brought" || p.Signer != "new" || p.Questions != 44 || p.Upward != "nothing" || p.KeptHere != 365 {
		t.Errorf("%+v", p)
	}
	one := school + "/campaign-files/" + p.ID
	open := body(t, assessment.Opening{Opening: opening, Groups: []string{h.school.GroupID}, ShowResults: true})
	if code := h.call("POST", one+"/open", head, open, nil); code != http.StatusConflict {
		t.Errorf("opened before it was accepted: %d", code)
	}
	if code := h.call("POST", one+"/accept", head, body(t, map[string]string{"fingerprint": p.Fingerprint}), nil); code != http.StatusNoContent {
		t.Fatalf("accepting: %d", code)
	}
	room := school + "/campaigns/" + p.ID + "/groups/" + h.school.GroupID + "/rooms/0"
	if code := h.call("PUT", room, head, []byte(`{"open":true}`), nil); code != http.StatusConflict {
		t.Errorf("a room before the opening: %d", code)
	}
	seats, err := h.house.Roster.SeatsOfGroup(t.Context(), h.school.SchoolID, h.school.GroupID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.house.Assess.Come(t.Context(), h.school.SchoolID, seats[0].ID, p.ID, 0); err == nil {
		t.Error("a sitting before the opening")
	}
	var bank struct{ Items []assessment.Package }
	if code := h.call("GET", school+"/tests", head, nil, &bank); code != http.StatusOK || len(bank.Items) != 0 {
		t.Errorf("the bank before the opening: %d, %d", code, len(bank.Items))
	}

	if code := h.call("POST", one+"/open", head, open, nil); code != http.StatusNoContent {
		t.Fatalf("opening: %d", code)
	}
	if code := h.call("PUT", room, head, []byte(`{"open":true}`), nil); code != http.StatusNoContent {
		t.Fatalf("the room: %d", code)
	}
	h.sit(p.ID, seats)
	var results assessment.Results
	if code := h.call("GET", school+"/campaigns/"+p.ID+"/groups/"+h.school.GroupID+"/results", head, nil, &results); code != http.StatusOK {
		t.Fatalf("results: %d", code)
	}
	for _, r := range results.Seats {
		if r.Seat == seats[0].ID && len(r.Answered) == 0 {
			t.Errorf("nothing was answered: %+v", r)
		}
	}
	var campaign assessment.Campaign
	if code := h.call("GET", school+"/campaigns/"+p.ID, head, nil, &campaign); code != http.StatusOK || !campaign.FromFile || campaign.Policy.Controller != "Rectorat" {
		t.Errorf("%d, %+v", code, campaign)
	}
}

// sit takes the first sequence to its end, as the first seat.
func (h *house) sit(campaign string, seats []roster.Seat) {
	h.t.Helper()
	token, err := h.house.Assess.Come(context.WithoutCancel(h.t.Context()), h.school.SchoolID, seats[0].ID, campaign, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	as := http.Header{"Authorization": {"Sitting " + token}}
	if code := h.call("POST", "/sitting/start", as, nil, nil); code != http.StatusOK {
		h.t.Fatalf("start: %d", code)
	}
	n := 0
	for stage := range 2 {
		var shown struct{ View assessment.StageView }
		if code := h.call("GET", "/sitting/stage", as, nil, &shown); code != http.StatusOK || len(shown.View.Items) == 0 {
			h.t.Fatalf("stage %d: %d, %+v", stage, code, shown)
		}
		for _, f := range shown.View.Files {
			if code := h.call("GET", strings.TrimPrefix(f.URL, "/api/v1"), as, nil, nil); code != http.StatusOK {
				h.t.Errorf("%s: %d", f.URL, code)
			}
		}
		for _, item := range shown.View.Items {
			n++
			save := map[string]any{"answers": []any{map[string]any{"n": n, "item": item.Key, "data": map[string]any{"r1": "c1"}}}}
			if code := h.call("POST", "/sitting/answers", as, body(h.t, save), nil); code != http.StatusOK {
				h.t.Fatalf("save: %d", code)
			}
		}
		if code := h.call("POST", "/sitting/stage", as, body(h.t, map[string]int{"stage": stage}), nil); code != http.StatusOK {
			h.t.Fatalf("end of stage %d: %d", stage, code)
		}
	}
}
