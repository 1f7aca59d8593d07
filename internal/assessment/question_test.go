package assessment_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/internal/assessment"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/qti"
	"preau/internal/question"
	"preau/internal/store"
)

func somme(title string) question.Draft {
	return question.Draft{Kind: question.Choice, Title: title, Skill: "Calcul", Points: 2, Stem: []question.Block{}, Ask: "Combien font 2 + 2 ?", Answers: []question.Answer{{Text: "3"}, {Text: "4", Right: true}}}
}

func (h *house) write(d question.Draft) assessment.QuestionDetail {
	h.t.Helper()
	out, err := h.house.Assess.WriteQuestion(h.ctx(), h.school.SchoolID, d)
	if err != nil || out.Question == nil {
		h.t.Fatal(out.Problems, err)
	}
	return *out.Question
}

func (h *house) make(replaces string, picks ...question.TestPick) assessment.SavedTest {
	h.t.Helper()
	out, err := h.house.Assess.MakeTest(h.ctx(), h.school.SchoolID, replaces, question.TestPlan{Title: "Un test", Sections: []question.TestSection{{Title: "Calcul", Picks: picks}}})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

func picture(t *testing.T) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A version that a test has never changes; one that none has does.
func TestVersionsOnceUsed(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		a, school := h.house.Assess, h.school.SchoolID
		file, err := a.AddQuestionFile(h.ctx(), school, picture(t))
		if err != nil {
			t.Fatal(err)
		}
		d := somme("Somme")
		d.Stem = []question.Block{{Kind: "picture", File: file.ID, Alt: "Deux billes et deux billes"}}
		q := h.write(d)
		d.Ask = "Et 2 + 2 ?"
		revise := func(savedAt int64) assessment.QuestionDetail {
			t.Helper()
			time.Sleep(2 * time.Millisecond)
			out, err := a.ReviseQuestion(h.ctx(), school, q.ID, savedAt, d)
			if err != nil || out.Question == nil {
				t.Fatal(out.Problems, err)
			}
			return *out.Question
		}
		second := revise(q.SavedAt)
		if second.Version != 1 || len(second.Versions) != 1 || second.Draft.Ask != d.Ask {
			t.Fatalf("a version that no test has: %+v", second)
		}
		if _, err := a.ReviseQuestion(h.ctx(), school, q.ID, q.SavedAt, d); !fault.Is(err, fault.Conflict) {
			t.Error("written over what somebody else saved:", err)
		}
		made := h.make("", question.TestPick{Question: q.ID, Version: 1, Points: 3})
		if made.Package == nil || !made.Package.Made || made.Package.Lines[0].Max != 3 || made.Package.Lines[0].Skills[0] != "calcul" {
			t.Fatalf("%+v", made)
		}
		d.Answers[1].Text, d.Stem = "quatre", []question.Block{}
		third := revise(second.SavedAt)
		if third.Version != 2 || len(third.Versions) != 2 || !third.Versions[1].Used || third.Versions[0].Used {
			t.Fatalf("%+v", third)
		}
		if first, err := a.QuestionOf(h.ctx(), school, q.ID, 1); err != nil || first.Draft.Answers[1].Text != "4" || len(first.Draft.Stem) != 1 {
			t.Errorf("the first version changed: %+v %v", first.Draft, err)
		}
		if err := a.RemoveQuestion(h.ctx(), school, q.ID); !fault.Is(err, fault.Conflict) {
			t.Error("a question that a test has was removed:", err)
		}
		again := h.make(made.Package.ID, question.TestPick{Question: q.ID, Version: 2})
		if again.Package == nil || again.Package.Lines[0].Key != made.Package.Lines[0].Key {
			t.Fatalf("%+v", again)
		}
		if _, err := a.Package(h.ctx(), school, made.Package.ID); !fault.Is(err, fault.NotFound) {
			t.Error("the test that was replaced is still there:", err)
		}
		if plan, err := a.MadeTestOf(h.ctx(), school, again.Package.ID); err != nil || len(plan.Questions) != 1 || plan.Questions[0].Newest != 2 {
			t.Errorf("%+v %v", plan, err)
		}
		if err := a.RemovePackage(h.ctx(), school, again.Package.ID); err != nil {
			t.Fatal(err)
		}
		if err := a.RemoveQuestion(h.ctx(), school, q.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := a.AddQuestionFile(h.ctx(), school, []byte("%PDF-1.4")); !fault.Is(err, fault.Invalid) {
			t.Error("a document was taken:", err)
		}
		var files int
		if err := h.house.DB.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM question_file`).Scan(&files); err != nil || files != 0 {
			t.Error(files, "files are left", err)
		}
	})
}

// A test made here is given, taken and scored as one that was brought; what leaves
// reads again.
func TestMadeTestIsGiven(t *testing.T) {
	h := newHouse(t, store.SQLite)
	a, school := h.house.Assess, h.school.SchoolID
	d := somme("Somme")
	file, err := a.AddQuestionFile(h.ctx(), school, picture(t))
	if err != nil {
		t.Fatal(err)
	}
	d.Answers[0].Picture = &question.Picture{File: file.ID, Alt: "Trois billes"}
	q := h.write(d)
	d = question.Draft{Kind: question.Short, Title: "Produit", Skill: "calcul", Points: 1, Stem: []question.Block{}, Ask: "7 × 8", Accepted: []string{"56"}, Number: true}
	short := h.write(d)
	made := h.make("", question.TestPick{Question: q.ID, Version: 1}, question.TestPick{Question: short.ID, Version: 1, Points: 4})
	if made.Package == nil {
		t.Fatal(made.Problems)
	}
	in := assessment.NewCampaign{PackageID: made.Package.ID, Title: "Contrôle", Groups: []string{h.school.GroupID}, OpensAt: h.all.OpensAt, ClosesAt: h.all.ClosesAt, Policy: assessment.Policy{Sequences: []assessment.Sequence{}, Upward: "nothing", ShowResults: true}}
	campaign, err := a.MakeCampaign(h.ctx(), school, h.school.HeadID, in, identity.Reach{All: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.RemovePackage(h.ctx(), school, made.Package.ID); !fault.Is(err, fault.Conflict) {
		t.Error("a test that a campaign gives was removed:", err)
	}
	h.all.ID = campaign
	h.room(0, true)
	pupil := h.come(0, 0)
	pupil.start()
	stage := pupil.stage()
	if len(stage.View.Items) != 2 || len(stage.View.Files) != 1 {
		t.Fatalf("%+v", stage.View)
	}
	pupil.save(stage.View.Items[1].Key, `{"r1":"56"}`)
	pupil.end(0)
	if r := h.result(0); r.Total != (assessment.Score{Score: 4, Max: 6}) || r.Skills["calcul"].Max != 6 {
		t.Errorf("%+v", r)
	}

	data, err := a.ExportTest(h.ctx(), school, made.Package.ID)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := a.ImportPackage(h.ctx(), school, h.school.HeadID, data); err != nil || back.Package == nil || len(back.Findings) > 0 || back.Package.Made {
		t.Errorf("%+v %v", back, err)
	}
	if _, err := a.ExportTest(h.ctx(), school, h.all.Taken); !fault.Is(err, fault.NotFound) {
		t.Error("a test that was brought went out:", err)
	}
	one, err := a.ExportQuestion(h.ctx(), school, q.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if read := qti.ReadPackage("q.zip", bytes.NewReader(one), int64(len(one))); len(read.Items) != 1 || len(read.Findings) > 0 {
		t.Error(read.Findings)
	}
}

// A draft is shown as pupils get it: its key is not among what is given, and it is
// scored as they answer.
func TestTryDraft(t *testing.T) {
	h := newHouse(t, store.SQLite)
	a, school := h.house.Assess, h.school.SchoolID
	d := question.Draft{Kind: question.Short, Title: "Produit", Points: 3, Stem: []question.Block{}, Ask: "7 × 8", Accepted: []string{"56,5"}, Number: true, WhenRight: "Bravo, c’est cela."}
	out, err := a.TryDraft(h.ctx(), school, d, 1, map[string]any{"r1": "56,5"})
	if err != nil || out.Score == nil || *out.Score != 3 || len(out.Said) != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	if shown := encoded(t, out.View); strings.Contains(shown, "56") || strings.Contains(shown, "Bravo") {
		t.Error(shown)
	}
	d.Ask = ""
	if out, err = a.TryDraft(h.ctx(), school, d, 1, nil); err != nil || out.View != nil || len(out.Problems) != 1 || out.Problems[0].Field != "ask" || out.Problems[0].Message == "" {
		t.Errorf("%+v %v", out, err)
	}
}

func TestDrawFromTheBank(t *testing.T) {
	h := newHouse(t, store.SQLite)
	for _, title := range []string{"A", "B", "C", "D"} {
		h.write(somme(title))
	}
	lines := []question.BlueprintLine{{Count: 2, Skill: "calcul"}}
	first, err := h.house.Assess.DrawQuestions(h.ctx(), h.school.SchoolID, lines, "")
	if err != nil || len(first.Sections) != 1 || len(first.Sections[0].Picks) != 2 || len(first.Seed) != 16 {
		t.Fatalf("%+v %v", first, err)
	}
	again, err := h.house.Assess.DrawQuestions(h.ctx(), h.school.SchoolID, lines, first.Seed)
	if err != nil || encoded(t, again) != encoded(t, first) {
		t.Error("the same seed drew others", err)
	}
	if none, err := h.house.Assess.DrawQuestions(h.ctx(), h.school.SchoolID, []question.BlueprintLine{{Count: 5}}, "x"); err != nil || len(none.Problems) != 1 {
		t.Errorf("%+v %v", none, err)
	}
}

// Teachers write, revise and make tests; what is not theirs they do not remove.
func TestTeachersWriteQuestions(t *testing.T) {
	h := newHouse(t, store.SQLite)
	head := h.write(somme("De la direction"))
	made := h.make("", question.TestPick{Question: head.ID, Version: 1})
	other := h.write(somme("Autre"))
	teacher := h.signIn(h.school.Teacher)
	stranger := h.signIn(h.school.DPOID)
	plan := map[string]any{"plan": question.TestPlan{Title: "T", Sections: []question.TestSection{{Title: "P", Picks: []question.TestPick{{Question: head.ID, Version: 1}}}}}}
	replacing := map[string]any{"plan": plan["plan"], "replaces": made.Package.ID}
	for _, c := range []struct {
		who          signedIn
		method, path string
		body         any
		want         int
	}{
		{teacher, "GET", "/questions", nil, 200},
		{teacher, "POST", "/questions", somme("À moi"), 200},
		{teacher, "GET", "/questions/" + head.ID, nil, 200},
		{teacher, "GET", "/questions/" + head.ID + "/versions/1/export", nil, 200},
		{teacher, "GET", "/questions/" + head.ID + "/versions/2/export", nil, 404},
		{teacher, "DELETE", "/questions/" + other.ID, nil, 403},
		{teacher, "POST", "/made-tests", plan, 200},
		{teacher, "POST", "/made-tests", replacing, 403},
		{teacher, "GET", "/tests/" + made.Package.ID + "/export", nil, 200},
		{teacher, "GET", "/tests/" + h.all.Taken + "/export", nil, 404},
		{teacher, "GET", "/question-files/none", nil, 404},
		{stranger, "GET", "/questions", nil, 403},
		{stranger, "POST", "/questions", somme("x"), 403},
		{stranger, "GET", "/questions/" + head.ID, nil, 403},
		{stranger, "GET", "/tests/" + made.Package.ID + "/export", nil, 403},
		{stranger, "POST", "/question-files", nil, 403},
	} {
		if got := c.who.ask(c.method, c.path, c.body); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, got, c.want)
		}
	}
	if res, err := http.Get(h.server.URL + "/api/v1/schools/" + h.school.SchoolID + "/questions"); err != nil || res.StatusCode != http.StatusUnauthorized {
		t.Error(res.StatusCode, err)
	}
}
