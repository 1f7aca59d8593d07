package assessment_test

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"preau/internal/assessment"
	"preau/internal/campaignfile"
	"preau/internal/demo"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// publisher makes files, as somebody outside the school does.
type publisher struct {
	h    *house
	test []byte
	key  ed25519.PrivateKey
}

func (h *house) publisher() publisher {
	h.t.Helper()
	test, err := demo.TestPackage()
	if err != nil {
		h.t.Fatal(err)
	}
	key, err := campaignfile.NewPublisher()
	if err != nil {
		h.t.Fatal(err)
	}
	return publisher{h, test, key}
}

func (p publisher) draft(id string, edition int) campaignfile.Draft {
	now := time.Now()
	d := campaignfile.Draft{
		ID: strings.Repeat(id, 16), Edition: edition, Publisher: "Service des évaluations", Title: "Rentrée", OpensAt: now.Add(-time.Hour), ClosesAt: now.Add(240 * time.Hour),
		Controller: "Rectorat", Basis: "Mission d’intérêt public", Notice: "Votre enfant répond à des questions.", KeptDays: 365, Objection: "Écrivez.", Upward: campaignfile.Nothing,
	}
	for _, q := range p.h.all.Policy.Sequences {
		d.Sequences = append(d.Sequences, campaignfile.Sequence{Title: q.Title, Stages: q.Parts, Minutes: q.Minutes})
	}
	return d
}

func (p publisher) pack(d campaignfile.Draft) (file []byte, opening string) {
	p.h.t.Helper()
	file, secret, err := campaignfile.Pack(d, p.test, p.key, time.Now())
	if err != nil {
		p.h.t.Fatal(err)
	}
	if opening, err = secret.Open(p.key); err != nil {
		p.h.t.Fatal(err)
	}
	return file, opening
}

func (h *house) bring(file []byte) (assessment.PublishedCampaign, error) {
	return h.house.Assess.BringFile(h.ctx(), h.school.SchoolID, h.school.HeadID, file)
}

func (h *house) brought(file []byte) assessment.PublishedCampaign {
	h.t.Helper()
	p, err := h.bring(file)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *house) accept(p assessment.PublishedCampaign) error {
	return h.house.Assess.AcceptFile(h.ctx(), h.school.SchoolID, p.ID, p.Fingerprint)
}

func (h *house) openFile(id, opening string, groups ...string) error {
	return h.house.Assess.OpenFile(h.ctx(), h.school.SchoolID, id, assessment.Opening{Opening: opening, Groups: groups}, identity.Reach{All: true})
}

func (h *house) refused(err error, key string) {
	h.t.Helper()
	if f := fault.Of(err); f == nil || f.Key != "campaignfile."+key {
		h.t.Errorf("%v, want %s", err, key)
	}
}

func (h *house) count(sql string) (n int) {
	h.t.Helper()
	if err := h.house.DB.Reader().QueryRowContext(h.t.Context(), sql).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// held is what an import or an opening could leave half-written.
func (h *house) held() [4]int {
	return [4]int{h.count(`SELECT count(*) FROM test_package`), h.count(`SELECT count(*) FROM campaign`), h.count(`SELECT count(*) FROM campaign_group`), h.count(`SELECT count(*) FROM blob`)}
}

// What is refused leaves nothing behind, whatever it was refused for.
func TestOpeningIsAllOrNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		p := h.publisher()
		file, opening := p.pack(p.draft("ab", 1))
		_, other := p.pack(p.draft("cd", 1))
		one := h.brought(file)
		before := h.held()
		h.refused(h.openFile(one.ID, opening, h.school.GroupID), "not_accepted")
		one.Fingerprint = "0000 0000 0000 0000 0000 0000 0000 0000"
		h.refused(h.accept(one), "not_compared")
		one = h.brought(file)
		if err := h.accept(one); err != nil {
			t.Fatal(err)
		}
		if err := h.accept(one); err != nil {
			t.Errorf("accepted twice: %v", err)
		}
		h.refused(h.openFile(one.ID, other, h.school.GroupID), "other_campaign")
		h.refused(h.openFile(one.ID, "", h.school.GroupID), "no_opening")
		if err := h.openFile(one.ID, opening, "no-such-group"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a group that is none: %v", err)
		}
		if err := h.openFile(one.ID, opening); !fault.Is(err, fault.Invalid) {
			t.Errorf("no group: %v", err)
		}
		_, err := h.house.Assess.RoomOf(h.ctx(), h.school.SchoolID, one.ID, h.school.GroupID, 0)
		h.refused(err, "sealed")
		if after := h.held(); after != before {
			t.Errorf("%v became %v", before, after)
		}
		if err := h.openFile(one.ID, opening, h.school.GroupID); err != nil {
			t.Fatal(err)
		}
		h.refused(h.openFile(one.ID, opening, h.school.GroupID), "opened")
		h.refused(h.house.Assess.RemoveFile(h.ctx(), h.school.SchoolID, one.ID), "opened")
		if again := h.brought(file); again.ID != one.ID || again.State != "opened" {
			t.Errorf("the same file again: %+v", again.CampaignFile)
		}
		// Taken back before anybody began, it waits again and can be opened again.
		if err := h.house.Assess.RemoveCampaign(h.ctx(), h.school.SchoolID, one.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.openFile(one.ID, opening, h.school.GroupID); err != nil {
			t.Errorf("opened again: %v", err)
		}
	})
}

func TestBroughtAgain(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		p := h.publisher()
		file, opening := p.pack(p.draft("ab", 1))
		one := h.brought(file)
		before := h.held()
		if again := h.brought(file); again.ID != one.ID || h.held() != before {
			t.Errorf("the same file again is another: %s, %s", one.ID, again.ID)
		}
		same, _ := p.pack(p.draft("ab", 1))
		_, err := h.bring(same)
		h.refused(err, "edition_held")
		if err := h.accept(one); err != nil {
			t.Fatal(err)
		}
		later, laterOpening := p.pack(p.draft("ab", 2))
		two := h.brought(later)
		if len(two.Others) != 1 || two.Others[0].Edition != 1 || two.Others[0].State != "accepted" || two.Signer != "accepted" {
			t.Errorf("a later edition does not say so: %+v", two)
		}
		if err := h.accept(two); err != nil {
			t.Fatal(err)
		}
		h.refused(h.openFile(one.ID, opening, h.school.GroupID), "replaced")
		h.refused(h.openFile(two.ID, opening, h.school.GroupID), "other_edition")
		if err := h.openFile(two.ID, laterOpening, h.school.GroupID); err != nil {
			t.Error(err)
		}
		if err := h.house.Assess.RemoveFile(h.ctx(), h.school.SchoolID, one.ID); err != nil {
			t.Error(err)
		}
		list, err := h.house.Assess.CampaignFiles(h.ctx(), h.school.SchoolID)
		if err != nil || len(list) != 1 || list[0].State != "opened" {
			t.Errorf("%+v, %v", list, err)
		}
		if n := h.count(`SELECT count(*) FROM blob WHERE kind = 'campaign_file'`); n != 1 {
			t.Errorf("%d files are kept", n)
		}
	})
}

// A publisher's key is the one that was accepted, until the head withdraws it.
func TestPublisherIsPinned(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		first, second := h.publisher(), h.publisher()
		file, opening := first.pack(first.draft("ab", 1))
		one := h.brought(file)
		if err := h.accept(one); err != nil {
			t.Fatal(err)
		}
		before := h.held()
		forged := second.draft("cd", 1)
		forged.Publisher = "SERVICE des évaluations"
		bad, _ := second.pack(forged)
		_, err := h.bring(bad)
		h.refused(err, "other_key")
		if f := fault.Of(err); f != nil && f.Args["accepted"] != one.Fingerprint {
			t.Errorf("%+v", f.Args)
		}
		stolen := second.draft("ab", 2)
		stolen.Publisher = "Un autre service"
		bad, _ = second.pack(stolen)
		_, err = h.bring(bad)
		h.refused(err, "of_another")
		if h.held() != before {
			t.Error("a refused file was kept")
		}

		list, err := h.house.Assess.Publishers(h.ctx(), h.school.SchoolID)
		if err != nil || len(list) != 1 || list[0].Fingerprint != one.Fingerprint {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := h.house.Assess.EndPublisher(h.ctx(), h.school.SchoolID, list[0].ID, " "); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if err := h.house.Assess.EndPublisher(h.ctx(), "another-school", list[0].ID, "x"); !fault.Is(err, fault.NotFound) {
			t.Errorf("by another school: %v", err)
		}
		if err := h.house.Assess.EndPublisher(h.ctx(), h.school.SchoolID, list[0].ID, "Clé perdue, appelé le service"); err != nil {
			t.Fatal(err)
		}
		h.refused(h.openFile(one.ID, opening, h.school.GroupID), "key_ended")
		good, goodOpening := second.pack(second.draft("ab", 2))
		two := h.brought(good)
		if two.Signer != "new" || len(two.Former) != 1 || two.Former[0].Fingerprint != one.Fingerprint {
			t.Errorf("%+v", two)
		}
		if err := h.accept(two); err != nil {
			t.Fatal(err)
		}
		if err := h.openFile(two.ID, goodOpening, h.school.GroupID); err != nil {
			t.Error(err)
		}
		if n := h.count(`SELECT count(*) FROM audit WHERE act LIKE 'campaign_publisher.%'`); n != 3 {
			t.Errorf("%d acts on keys in the trail", n)
		}
	})
}

// What was promised to families binds the school: how long it keeps, and what
// the publisher declared.
func TestPromisesHold(t *testing.T) {
	h := newHouse(t, store.SQLite)
	p := h.publisher()
	short := p.draft("ab", 1)
	short.KeptDays = 60
	file, _ := p.pack(short)
	one := h.brought(file)
	if one.KeptDays != 60 || one.KeptHere != 365 {
		t.Errorf("%d, %d", one.KeptDays, one.KeptHere)
	}
	h.refused(h.accept(one), "kept_longer")
	due, err := h.house.Privacy.Plan(t.Context(), h.school.SchoolID)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range due {
		if err := h.house.Privacy.Shorten(t.Context(), h.school.SchoolID, d.Rule, 60, h.school.DPOID); err != nil && d.Days == 365 {
			t.Logf("%s stays: %v", d.Rule, err)
		}
	}
	if one = h.brought(file); one.KeptHere != 60 {
		t.Errorf("shortened, it keeps %d days", one.KeptHere)
	}
	if err := h.accept(one); err != nil {
		t.Fatal(err)
	}
	// From then on the school cannot keep for longer.
	if err := h.house.Privacy.Shorten(t.Context(), h.school.SchoolID, "sitting", 61, h.school.DPOID); !fault.Is(err, fault.Conflict) {
		t.Errorf("lengthened: %v", err)
	}
	if err := h.house.Privacy.Shorten(t.Context(), h.school.SchoolID, "sitting", 45, h.school.DPOID); err != nil {
		t.Error(err)
	}

	file, opening := p.pack(p.draft("cd", 1))
	two := h.brought(file)
	if err := h.accept(two); err != nil {
		t.Fatal(err)
	}
	if err := h.openFile(two.ID, opening, h.school.GroupID); err != nil {
		t.Fatal(err)
	}
	all, err := h.house.Assess.Campaigns(h.ctx(), h.school.SchoolID, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.FromFile != (c.ID == two.ID) {
			t.Errorf("%s: from a file %v", c.Title, c.FromFile)
		}
		if c.ID != two.ID {
			continue
		}
		in := assessment.NewCampaign{PackageID: c.Taken, Title: c.Title, Groups: c.Groups, OpensAt: c.OpensAt, ClosesAt: c.ClosesAt, Policy: c.Policy}
		in.Policy.AskEach, in.ClosesAt = true, in.ClosesAt-1000
		if err := h.house.Assess.ChangeCampaign(h.ctx(), h.school.SchoolID, c.ID, in, identity.Reach{All: true}); err != nil {
			t.Errorf("what is the school's: %v", err)
		}
		for name, change := range map[string]func(*assessment.NewCampaign){
			"controller": func(in *assessment.NewCampaign) { in.Policy.Controller = "Moi" },
			"notice":     func(in *assessment.NewCampaign) { in.Policy.Notice = "Rien" },
			"test":       func(in *assessment.NewCampaign) { in.PackageID = h.all.Taken },
			"longer":     func(in *assessment.NewCampaign) { in.ClosesAt = c.ClosesAt + 1000 },
			"minutes": func(in *assessment.NewCampaign) {
				in.Policy.Sequences = append([]assessment.Sequence{}, in.Policy.Sequences...)
				in.Policy.Sequences[0].Minutes = 5
			},
		} {
			changed := in
			change(&changed)
			t.Log(name)
			h.refused(h.house.Assess.ChangeCampaign(h.ctx(), h.school.SchoolID, c.ID, changed, identity.Reach{All: true}), "promised")
		}
	}
}

// Questions and pictures that stand in clear can be looked at before anything is
// accepted; the private part is none of them.
func TestQuestionsInClear(t *testing.T) {
	h := newHouse(t, store.SQLite)
	p := h.publisher()
	file, _ := p.pack(p.draft("ab", 1))
	one := h.brought(file)
	head := h.signIn(h.school.HeadID)
	files := 0
	for number := 1; number <= one.Questions; number++ {
		view, err := h.house.Assess.FileQuestion(h.ctx(), h.school.SchoolID, one.ID, number)
		if err != nil || len(view.Public.Body) == 0 {
			t.Fatalf("question %d: %v", number, err)
		}
		for _, telling := range []string{"RESPONSE", "media/", "correct", "SCORE"} {
			if strings.Contains(encoded(t, view), telling) {
				t.Errorf("question %d tells %s", number, telling)
			}
		}
		for _, url := range view.Files {
			files++
			if code := head.ask("GET", strings.TrimPrefix(url, "/api/v1/schools/"+h.school.SchoolID), nil); code != 200 {
				t.Errorf("%s: %d", url, code)
			}
		}
	}
	if files == 0 {
		t.Error("no question shows a file")
	}
	for _, path := range []string{"/questions/45", "/assets/0", "/assets/9999", "/assets/x", "/assets/-1"} {
		if code := head.ask("GET", "/campaign-files/"+one.ID+path, nil); code != 404 {
			t.Errorf("%s: %d", path, code)
		}
	}
	if code := h.signIn(h.school.Teacher).ask("GET", "/campaign-files/"+one.ID+"/questions/1", nil); code != 403 {
		t.Errorf("a teacher: %d", code)
	}
}

// A file is its school's: another finds nothing, and a teacher may not ask.
func TestFilesStayInTheirSchool(t *testing.T) {
	h := newHouse(t, store.SQLite)
	p := h.publisher()
	file, opening := p.pack(p.draft("ab", 1))
	one := h.brought(file)
	for name, err := range map[string]error{
		"read":   func() error { _, err := h.house.Assess.PublishedOf(h.ctx(), "other", one.ID); return err }(),
		"open":   h.house.Assess.OpenFile(h.ctx(), "other", one.ID, assessment.Opening{Opening: opening}, identity.Reach{All: true}),
		"accept": h.house.Assess.AcceptFile(h.ctx(), "other", one.ID, one.Fingerprint),
		"remove": h.house.Assess.RemoveFile(h.ctx(), "other", one.ID),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	teacher := h.signIn(h.school.Teacher)
	for _, c := range [][2]string{
		{"GET", "/campaign-files"}, {"POST", "/campaign-files"}, {"GET", "/campaign-files/" + one.ID}, {"POST", "/campaign-files/" + one.ID + "/accept"}, {"POST", "/campaign-files/" + one.ID + "/open"},
		{"DELETE", "/campaign-files/" + one.ID}, {"GET", "/campaign-publishers"}, {"POST", "/campaign-publishers/x/end"},
	} {
		if got := teacher.ask(c[0], c[1], map[string]any{"fingerprint": "", "opening": "", "groups": []string{}, "askEach": false, "showResults": false, "why": "x"}); got != 403 {
			t.Errorf("%s %s: %d", c[0], c[1], got)
		}
	}
}

// What the format allows, a campaign accepts: a limit that moves apart would
// refuse a file on the day of its opening.
func TestLimitsOfTheFormat(t *testing.T) {
	h := newHouse(t, store.SQLite)
	p := h.publisher()
	d := p.draft("ab", 1)
	long := func(n int) string { return strings.Repeat("é", n) }
	d.Publisher, d.Title, d.Controller, d.Basis, d.Notice, d.Objection = long(120), long(120), long(240), long(480), long(4000), long(480)
	d.OpensAt, d.ClosesAt = d.OpensAt.Truncate(time.Millisecond), d.OpensAt.Truncate(time.Millisecond).Add(400*24*time.Hour)
	d.Sequences[0].Title, d.Sequences[0].Minutes = long(120), 240
	d.Aloud = &campaignfile.Aloud{Title: long(120), Text: strings.TrimSpace(strings.Repeat("mots ", 800))}
	file, opening := p.pack(d)
	one := h.brought(file)
	if err := h.accept(one); err != nil {
		t.Fatal(err)
	}
	if err := h.openFile(one.ID, opening, h.school.GroupID); err != nil {
		t.Error(err)
	}
	d = p.draft("cd", 1)
	d.Aloud = &campaignfile.Aloud{Title: "x", Text: "seul"}
	file, _ = p.pack(d)
	if _, err := h.bring(file); !fault.Is(err, fault.Invalid) {
		t.Errorf("a text of one word: %v", err)
	}
}
