package assessment_test

import (
	"bytes"
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"preau/internal/assessment"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/qti"
	"preau/internal/store"
)

// as is another member of staff calling.
func (h *house) as(staff string) context.Context {
	return identity.With(h.t.Context(), identity.Principal{Staff: &identity.StaffPrincipal{ID: staff}})
}

func (h *house) key(seat, sequence int, question, code string) {
	h.t.Helper()
	if err := h.house.Assess.Key(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, sequence, h.seats[seat].ID, assessment.Keyed{Question: question, Code: code}); err != nil {
		h.t.Fatal(err)
	}
}

// A booklet holds each question of a sequence once, numbered as the grid is, and
// nothing that tells a key.
func TestBooklet(t *testing.T) {
	h := newHouse(t, store.SQLite)
	b, err := h.house.Assess.BookletOf(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, 0)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	for _, stage := range b.Stages {
		for _, q := range stage.Questions {
			numbers = append(numbers, q.Number)
			if q.View.Public == nil || len(q.View.Public.Body) == 0 {
				t.Errorf("question %d is empty", q.Number)
			}
		}
	}
	if len(numbers) != 22 || numbers[0] != 1 || numbers[21] != 22 || !slices.IsSorted(numbers) {
		t.Errorf("numbers %v", numbers)
	}
	if b.Stages[0].Routed || !b.Stages[1].Routed {
		t.Error("a part to which a rule leads is not told from the others")
	}
	raw := encoded(t, b)
	for _, telling := range []string{"correct", "RESPONSE", "fr-lire-1", "mapped"} {
		if strings.Contains(raw, telling) {
			t.Errorf("the booklet holds %q", telling)
		}
	}
	again, err := h.house.Assess.BookletOf(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, 0)
	if err != nil || encoded(t, again) != raw {
		t.Error("two pupils have two papers")
	}
	if _, err := h.house.Assess.BookletOf(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, 7); !fault.Is(err, fault.NotFound) {
		t.Errorf("a sequence that is not there: %v", err)
	}
}

// A part that an adult gave on paper counts, whatever rule would lead to it; a
// part of which nothing was keyed was not given.
func TestPaperOfARoutedPart(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.key(4, 0, "fr-lire-1", assessment.Wrong)
	h.key(4, 0, "fr-b-1", assessment.Right) // a rule leads to it from 6 points
	r := h.result(4)
	if r.Items["fr-b-1"].Score != 1 || !slices.Contains(r.Answered, "fr-b-1") {
		t.Errorf("%+v", r.Items)
	}
	if _, given := r.Items["fr-a-1"]; given {
		t.Error("a part that nobody gave counts")
	}
	if _, known := r.Items["fr-lire-2"]; known || r.Finished {
		t.Error("what was not keyed counts as no answer")
	}
	for _, sequence := range []int{0, 1} {
		b, err := h.house.Assess.Package(t.Context(), h.school.SchoolID, h.all.Taken)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range b.Lines {
			if line.Part == h.all.Policy.Sequences[sequence].Parts[0] {
				h.key(6, sequence, line.Key, assessment.NoAnswer)
			}
		}
	}
	if r := h.result(6); !r.Finished || r.Total != (assessment.Score{Max: 20}) || len(r.Answered) != 0 {
		t.Errorf("a whole paper without an answer: %+v", r)
	}
}

// The draw depends on the seed and the seats alone, and takes the share.
func TestDraw(t *testing.T) {
	seats := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}
	other := slices.Clone(seats)
	slices.Reverse(other)
	if a, b := assessment.Draw("s", seats, 20), assessment.Draw("s", other, 20); len(a) != 3 || !slices.Equal(a, b) {
		t.Errorf("%v, then %v", a, b)
	}
	if len(assessment.Draw("s", seats, 1)) != 1 || len(assessment.Draw("s", seats, 100)) != 11 {
		t.Error("not at least one, or not all")
	}
	counts := map[string]int{}
	for n := range 2000 {
		for _, seat := range assessment.Draw(strings.Repeat("x", n%7)+string(rune('a'+n%26))+encoded(t, n), seats, 20) {
			counts[seat]++
		}
	}
	for seat, n := range counts { // 545 expected, 20 the standard deviation
		if n < 445 || n > 645 {
			t.Errorf("%s was drawn %d times of 2000", seat, n)
		}
	}
}

// A sample is keyed again blind; where the two differ an adult decides, and the
// grid follows, while the figure of agreement stays.
func TestDoubleEntry(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		assess, school, campaign, group := h.house.Assess, h.school.SchoolID, h.all.ID, h.school.GroupID
		if err := assess.DrawCheck(h.ctx(), school, campaign, group, 0, 50); !fault.Is(err, fault.Conflict) {
			t.Errorf("drawn from nothing: %v", err)
		}
		for seat := range 4 {
			h.key(seat, 0, "fr-lire-1", assessment.Right)
			h.key(seat, 0, "fr-lire-2", assessment.Wrong)
		}
		if err := assess.DrawCheck(h.ctx(), school, campaign, group, 0, 50); err != nil {
			t.Fatal(err)
		}
		if err := assess.DrawCheck(h.ctx(), school, campaign, group, 0, 100); !fault.Is(err, fault.Conflict) {
			t.Errorf("drawn twice: %v", err)
		}
		check, err := assess.CheckOf(h.ctx(), school, campaign, group, 0)
		if err != nil || len(check.Seats) != 2 || check.Compared != 0 {
			t.Fatalf("%+v, %v", check, err)
		}
		var keyed, drawn []string
		for seat := range 4 {
			keyed = append(keyed, h.seats[seat].ID)
		}
		for _, s := range check.Seats {
			drawn = append(drawn, s.Seat)
		}
		want := assessment.Draw(check.Seed, keyed, check.Share)
		slices.Sort(want)
		slices.Sort(drawn)
		if !slices.Equal(want, drawn) {
			t.Error("the draw cannot be done again from its seed")
		}
		second := func(seat, question, code string) error {
			return assess.KeySecond(h.as(h.school.Teacher), school, campaign, group, 0, seat, assessment.Keyed{Question: question, Code: code})
		}
		for _, seat := range keyed {
			if !slices.Contains(drawn, seat) {
				if err := second(seat, "fr-lire-1", "1"); !fault.Is(err, fault.Conflict) {
					t.Errorf("a seat that was not drawn: %v", err)
				}
			}
		}
		if err := second(drawn[0], "fr-lire-1", "0"); err != nil {
			t.Fatal(err)
		}
		if check, _ = assess.CheckOf(h.ctx(), school, campaign, group, 0); check.Compared != 0 || len(check.Differ) != 0 {
			t.Errorf("told before it was whole: %+v", check)
		}
		if err := second(drawn[0], "fr-lire-2", "0"); err != nil {
			t.Fatal(err)
		}
		if err := second(drawn[0], "fr-lire-1", "1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("changed after it was compared: %v", err)
		}
		check, _ = assess.CheckOf(h.ctx(), school, campaign, group, 0)
		if check.Compared != 2 || check.Agreed != 1 || len(check.Differ) != 1 || check.Differ[0] != (assessment.PaperCheckCell{Seat: drawn[0], Question: "fr-lire-1", First: "1", Second: "0"}) {
			t.Fatalf("%+v", check)
		}
		if err := assess.Decide(h.ctx(), school, campaign, group, 0, drawn[0], assessment.Keyed{Question: "fr-lire-2", Code: "1"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided where nothing differs: %v", err)
		}
		if err := assess.Decide(h.ctx(), school, campaign, group, 0, drawn[0], assessment.Keyed{Question: "fr-lire-1", Code: "0"}); err != nil {
			t.Fatal(err)
		}
		check, _ = assess.CheckOf(h.ctx(), school, campaign, group, 0)
		if check.Compared != 2 || check.Agreed != 1 || check.Differ[0].Decided != "0" {
			t.Errorf("%+v", check)
		}
		seat := slices.IndexFunc(keyed, func(id string) bool { return id == drawn[0] })
		if r := h.result(seat); r.Items["fr-lire-1"].Score != 0 {
			t.Errorf("the decision is not in the results: %+v", r.Items)
		}
	})
}

func TestWordsOfAText(t *testing.T) {
	text := assessment.AloudText{Text: "— Bonjour , dit-il .\nElle répond : « L’été\u00a0! » Puis 3 chats ."}
	want := []string{"— Bonjour ,", "dit-il .", "Elle", "répond :", "« L’été ! »", "Puis", "3", "chats ."}
	if got := text.Words(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestFluency(t *testing.T) {
	for _, c := range []struct {
		of      assessment.ReadingState
		correct int
		minute  float64
	}{
		{assessment.ReadingState{Last: 80, Wrong: []int{3, 3, 17, 81}, Seconds: 60}, 78, 78},
		{assessment.ReadingState{Last: 80, Seconds: 40}, 80, 120}, // the end of the text before the minute
		{assessment.ReadingState{Last: 1, Wrong: []int{1}, Seconds: 60}, 0, 0},
		{assessment.ReadingState{}, 0, 0},
	} {
		if correct, minute := c.of.Fluency(); correct != c.correct || math.Abs(minute-c.minute) > 1e-9 {
			t.Errorf("%+v: %d, %v", c.of, correct, minute)
		}
	}
}

// withAloud gives the campaign a text to read.
func (h *house) withAloud() {
	h.t.Helper()
	in := assessment.NewCampaign{PackageID: h.all.Taken, Title: h.all.Title, OpensAt: h.all.OpensAt, ClosesAt: h.all.ClosesAt, Groups: h.all.Groups, Policy: h.all.Policy}
	in.Policy.Aloud = &assessment.AloudText{Title: "Le moulin", Text: "Le vieux moulin tourne encore quand le vent vient de la mer."}
	if err := h.house.Assess.ChangeCampaign(h.ctx(), h.school.SchoolID, h.all.ID, in, identity.Reach{All: true}); err != nil {
		h.t.Fatal(err)
	}
}

// Readings are saved whole at each tap; what comes twice, late or in another
// order gives the same; an earlier reading stays when it is done again.
func TestAloud(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		assess, school, campaign, seat := h.house.Assess, h.school.SchoolID, h.all.ID, h.seats[0].ID
		one, two := uuid.NewString(), uuid.NewString()
		save := func(id, seat string, saves ...assessment.ReadingSave) error {
			_, err := assess.SaveReading(h.ctx(), school, campaign, seat, id, saves)
			return err
		}
		bare := assessment.NewCampaign{PackageID: h.all.Taken, Title: "x", OpensAt: h.all.OpensAt, ClosesAt: h.all.ClosesAt, Groups: h.all.Groups, Policy: h.all.Policy}
		bare.Policy.Aloud = nil
		if err := assess.ChangeCampaign(h.ctx(), school, campaign, bare, identity.Reach{All: true}); err != nil {
			t.Fatal(err)
		}
		if err := save(one, seat, assessment.ReadingSave{N: 1}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a campaign without a text: %v", err)
		}
		h.withAloud()
		state := func(last, seconds int, done bool, wrong ...int) assessment.ReadingState {
			return assessment.ReadingState{Last: last, Seconds: seconds, Done: done, Wrong: append([]int{}, wrong...)}
		}
		last := assessment.ReadingSave{N: 3, Data: state(10, 60, true, 4)}
		for _, batch := range [][]assessment.ReadingSave{{{N: 2, Data: state(0, 20, false, 4)}, last}, {{N: 1, Data: state(0, 3, false)}}, {last}} {
			if err := save(one, seat, batch...); err != nil {
				t.Fatal(err)
			}
		}
		for _, bad := range []assessment.ReadingState{state(13, 60, true), state(5, 61, true), state(5, 60, true, 13), state(5, 60, true, 0), state(0, 60, true)} {
			if err := save(uuid.NewString(), seat, assessment.ReadingSave{N: 1, Data: bad}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if err := save(one, h.seats[1].ID, assessment.ReadingSave{N: 9, Data: state(5, 60, true)}); !fault.Is(err, fault.Invalid) {
			t.Errorf("another's reading: %v", err)
		}
		of := func() assessment.AloudSeat {
			aloud, err := assess.AloudOf(h.ctx(), school, campaign, h.school.GroupID)
			if err != nil || len(aloud.Words) != 12 {
				t.Fatal(len(aloud.Words), err)
			}
			i := slices.IndexFunc(aloud.Seats, func(s assessment.AloudSeat) bool { return s.Seat == seat })
			return aloud.Seats[i]
		}
		if got := of(); len(got.Readings) != 1 || !got.Readings[0].Counts || got.Readings[0].Correct != 9 || got.Readings[0].PerMinute != 9 {
			t.Fatalf("%+v", got)
		}
		if err := save(two, seat, assessment.ReadingSave{N: 4, Data: state(12, 30, true)}); err != nil {
			t.Fatal(err)
		}
		if got := of(); len(got.Readings) != 2 || got.Readings[0].Counts || !got.Readings[1].Counts || got.Readings[1].PerMinute != 24 {
			t.Fatalf("%+v", got)
		}
		if r := h.result(0); r.Reading == nil || r.Reading.PerMinute != 24 {
			t.Errorf("%+v", r.Reading)
		}
		disturbed := state(12, 30, true)
		disturbed.Void = true
		if err := save(two, seat, assessment.ReadingSave{N: 5, Data: disturbed}); err != nil {
			t.Fatal(err)
		}
		if got := of(); !got.Readings[0].Counts || got.Readings[1].Counts {
			t.Errorf("%+v", got)
		}
		if err := assess.SetAloudState(h.ctx(), school, campaign, h.seats[1].ID, "redo"); err != nil {
			t.Fatal(err)
		}
		if err := assess.SetAloudState(h.ctx(), school, campaign, seat, "asleep"); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		// Somebody has read: the text stays.
		in := assessment.NewCampaign{PackageID: h.all.Taken, Title: "x", OpensAt: h.all.OpensAt, ClosesAt: h.all.ClosesAt, Groups: h.all.Groups, Policy: h.all.Policy}
		in.Policy.Aloud = &assessment.AloudText{Title: "Autre", Text: "Un autre texte."}
		if err := assess.ChangeCampaign(h.ctx(), school, campaign, in, identity.Reach{All: true}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the text changed under those who read it: %v", err)
		}
	})
}

// Pairs of a published kind: the weighted kappa of a table worked by hand.
func TestAgree(t *testing.T) {
	pairs := [][2]int{{0, 0}, {0, 1}, {1, 1}, {1, 1}, {2, 1}, {2, 2}, {2, 0}, {0, 0}}
	// Sum of squares seen: 1+1+4 = 6. Margins 3,2,3 and 3,4,1: by chance
	// (3·4 + 3·1·4 + 2·3 + 2·1 + 3·3·4 + 3·4)/8 = 80/8 = 10. Kappa 1 − 6/10.
	got := assessment.Agree(pairs, 3)
	if got.Count != 8 || got.Exact != 5.0/8 || got.Adjacent != 7.0/8 || got.Kappa == nil || math.Abs(*got.Kappa-0.4) > 1e-12 {
		t.Errorf("%+v", got)
	}
	if same := assessment.Agree([][2]int{{1, 1}, {1, 1}}, 3); same.Kappa != nil || same.Exact != 1 {
		t.Errorf("%+v", same)
	}
}

// longTest is a test of one long answer and one choice.
func longTest(t *testing.T) []byte {
	t.Helper()
	folder := fstest.MapFS{
		"long.xml": {Data: []byte(`<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="long" title="Raconter" xml:lang="fr" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="string"/>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="4"/>
  <qti-item-body><qti-rubric-block view="proctor"><qti-content-body><p>Lisez la consigne deux fois.</p></qti-content-body></qti-rubric-block><qti-extended-text-interaction response-identifier="RESPONSE" expected-lines="6"><qti-prompt>Raconte une matinée.</qti-prompt></qti-extended-text-interaction></qti-item-body>
</qti-assessment-item>`)},
		"test.xml": {Data: []byte(`<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="ecrire" title="Écrire">
  <qti-test-part identifier="ecrire-1" navigation-mode="nonlinear" submission-mode="individual"><qti-assessment-section identifier="s" title="Écrire" visible="true"><qti-assessment-item-ref identifier="long" href="long.xml" category="ecrire"/></qti-assessment-section></qti-test-part>
</qti-assessment-test>`)},
	}
	var files []qti.PackageFile
	for _, name := range []string{"long.xml", "test.xml"} {
		document := qti.ReadAny(qti.Source{FS: folder, Name: name}, folder[name].Data)
		if document.Findings.Failed() {
			t.Fatal(name, document.Findings)
		}
		files = append(files, qti.PackageFile{Name: name, Document: document})
	}
	var out bytes.Buffer
	if err := qti.WritePackage(&out, "ecrire", files, folder); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A long answer is marked by two adults, blind of each other; where they differ
// a third decides; the points are in the results then, and not before.
func TestLongAnswersAreMarkedTwice(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		assess, school, group := h.house.Assess, h.school.SchoolID, h.school.GroupID
		imported, err := assess.ImportPackage(h.ctx(), school, h.school.HeadID, longTest(t))
		if err != nil || imported.Package == nil {
			t.Fatal(err, imported.Findings)
		}
		id, err := assess.MakeCampaign(h.ctx(), school, h.school.HeadID, assessment.NewCampaign{PackageID: imported.Package.ID, Title: "Écrire", Groups: []string{group}, OpensAt: h.all.OpensAt, ClosesAt: h.all.ClosesAt, Policy: assessment.Policy{Sequences: []assessment.Sequence{}, ShowResults: true}}, identity.Reach{All: true})
		if err != nil {
			t.Fatal(err)
		}
		h.all.ID = id
		booklet, err := assess.BookletOf(h.ctx(), school, id, group, 0)
		if err != nil || !strings.Contains(encoded(t, booklet.Stages[0].Questions[0].Said), "Lisez la consigne deux fois") || strings.Contains(encoded(t, booklet.Stages[0].Questions[0].View), "Lisez la consigne") {
			t.Errorf("what the adult says: %s, %v", encoded(t, booklet), err)
		}
		rubric := assessment.Rubric{Question: "long", Twice: true, Criteria: []assessment.Criterion{
			{Name: "Sens", Levels: []assessment.RubricLevel{{Text: "Absent", Points: 0}, {Text: "Partiel", Points: 1}, {Text: "Clair", Points: 3}}},
			{Name: "Langue", Levels: []assessment.RubricLevel{{Text: "Fragile", Points: 0}, {Text: "Correcte", Points: 1}}},
		}}
		bad := rubric
		bad.Criteria = []assessment.Criterion{{Name: "Sens", Levels: []assessment.RubricLevel{{Text: "a", Points: 2}, {Text: "b", Points: 1}}}}
		if err := assess.SetRubric(h.ctx(), school, id, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("points that fall: %v", err)
		}
		if err := assess.SetRubric(h.ctx(), school, id, rubric); err != nil {
			t.Fatal(err)
		}
		h.room(0, true)
		for seat := range 2 {
			d := h.come(seat, 0)
			d.start()
			d.save(d.stage().View.Items[0].Key, `{"r1":"Il fait beau."}`)
			d.end(0)
		}
		a, b, c := h.school.HeadID, h.school.Teacher, h.school.DPOID
		mark := func(who string, seat int, levels ...int) error {
			return assess.MarkSeat(h.as(who), school, id, group, h.seats[seat].ID, "long", who, levels)
		}
		seen := func(who string, seat int) assessment.MarkedSeat {
			t.Helper()
			list, err := assess.MarkingsOf(h.as(who), school, id, group, who)
			if err != nil || len(list) != 1 || len(list[0].Seats) != 2 {
				t.Fatal(len(list), err)
			}
			return list[0].Seats[slices.IndexFunc(list[0].Seats, func(m assessment.MarkedSeat) bool { return m.Seat == h.seats[seat].ID })]
		}
		if r := h.result(0); len(r.Unmarked) != 1 || r.Total.Max != 0 {
			t.Errorf("an answer that nobody marked counts: %+v", r)
		}
		if got := seen(a, 0); got.Text != "Il fait beau." || got.Turn != 1 {
			t.Errorf("%+v", got)
		}
		for _, wrong := range [][]int{{1}, {3, 0}, {-1, 0}} {
			if err := mark(a, 0, wrong...); !fault.Is(err, fault.Invalid) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		if err := mark(a, 0, 1, 1); err != nil {
			t.Fatal(err)
		}
		if got := seen(b, 0); got.State != "waiting" || got.First != nil || got.Mine != nil || got.Turn != 2 {
			t.Errorf("the second sees the first: %+v", got)
		}
		if err := mark(a, 0, 2, 1); err != nil { // mends theirs
			t.Fatal(err)
		}
		if err := assess.SetRubric(h.ctx(), school, id, rubric); !fault.Is(err, fault.Conflict) {
			t.Errorf("the rubric changed under a marking: %v", err)
		}
		if err := mark(b, 0, 1, 1); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{a, b} {
			if err := mark(who, 0, 1, 1); !fault.Is(err, fault.Conflict) {
				t.Errorf("one of the two decides: %v", err)
			}
		}
		if r := h.result(0); len(r.Unmarked) != 1 {
			t.Error("counts while two differ")
		}
		if got := seen(c, 0); got.State != "differ" || got.Turn != 3 || !slices.Equal(got.First, []int{2, 1}) {
			t.Errorf("%+v", got)
		}
		if err := mark(c, 0, 2, 0); err != nil {
			t.Fatal(err)
		}
		if r := h.result(0); r.Items["long"] != (assessment.Score{Score: 3, Max: 4}) || r.Skills["ecrire"].Score != 3 || len(r.Unmarked) != 0 {
			t.Errorf("%+v", r)
		}
		for _, who := range []string{b, a} {
			if err := mark(who, 1, 2, 1); err != nil {
				t.Fatal(err)
			}
		}
		if r := h.result(1); r.Total.Score != 4 {
			t.Errorf("two who agree: %+v", r.Total)
		}
		list, err := assess.MarkingsOf(h.ctx(), school, id, group, a)
		if err != nil || list[0].Agreement == nil || list[0].Agreement.Count != 2 || list[0].Agreement.Exact != 0.5 || list[0].ByCriteria[1].Exact != 1 {
			t.Errorf("%+v, %v", list[0].Agreement, err)
		}
	})
}

// The routes of paper, of reading aloud and of marking take who runs the group,
// and nobody else's group.
func TestPaperOverHTTP(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.withAloud()
	h.key(0, 0, "fr-lire-1", "1")
	teacher, dpo := h.signIn(h.school.Teacher), h.signIn(h.school.DPOID)
	own := "/campaigns/" + h.all.ID + "/groups/" + h.school.GroupID
	other := "/campaigns/" + h.all.ID + "/groups/01890000-0000-7000-8000-000000000000"
	reading := "/aloud/" + h.seats[0].ID + "/readings/" + uuid.NewString()
	saves := map[string]any{"saves": []any{map[string]any{"n": 1, "data": assessment.ReadingState{Wrong: []int{}, Last: 3, Seconds: 60, Done: true}}}}
	for _, c := range []struct {
		method, path string
		body         any
		want         int
	}{
		{"GET", "/rooms/0/booklet", nil, http.StatusOK},
		{"POST", "/rooms/0/check", map[string]int{"share": 10}, http.StatusNoContent},
		{"GET", "/rooms/0/check", nil, http.StatusOK},
		{"GET", "/rooms/0/second", nil, http.StatusOK},
		{"PUT", "/rooms/0/second/" + h.seats[0].ID, assessment.Keyed{Question: "fr-lire-1", Code: "0"}, http.StatusNoContent},
		{"PUT", "/rooms/0/check/" + h.seats[0].ID, assessment.Keyed{Question: "fr-lire-1", Code: "0"}, http.StatusNoContent},
		{"GET", "/aloud", nil, http.StatusOK},
		{"PUT", "/aloud/" + h.seats[0].ID, map[string]string{"state": "absent"}, http.StatusNoContent},
		{"POST", reading, saves, http.StatusOK},
		{"GET", "/markings", nil, http.StatusOK},
	} {
		if got := teacher.ask(c.method, own+c.path, c.body); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, got, c.want)
		}
		if got := teacher.ask(c.method, other+c.path, c.body); got != http.StatusForbidden && got != http.StatusNotFound {
			t.Errorf("%s %s of another group: %d", c.method, c.path, got)
		}
		if got := dpo.ask(c.method, own+c.path, c.body); got != http.StatusForbidden {
			t.Errorf("%s %s by one who does not run it: %d", c.method, c.path, got)
		}
	}
	if got := teacher.ask("PUT", "/campaigns/"+h.all.ID+"/rubrics/fr-lire-1", map[string]any{"twice": false, "criteria": []any{}}); got != http.StatusForbidden {
		t.Errorf("a teacher sets a rubric: %d", got)
	}
}
