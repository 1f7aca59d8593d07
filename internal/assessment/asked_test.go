package assessment_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/internal/assessment"
	"preau/internal/identity"
	"preau/internal/qti"
	"preau/internal/store"
)

// packed is a folder of questions and a test as a package; change may mend a file.
func packed(t *testing.T, dir string, change func(name, text string) string) []byte {
	t.Helper()
	folder := os.DirFS(dir)
	names, err := fs.Glob(folder, "*.xml")
	if err != nil {
		t.Fatal(err)
	}
	var files []qti.PackageFile
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		if change != nil {
			data = []byte(change(name, string(data)))
		}
		files = append(files, qti.PackageFile{Name: name, Document: qti.ReadAny(qti.Source{FS: folder, Name: name}, data)})
	}
	var out bytes.Buffer
	if err := qti.WritePackage(&out, "tours", files, folder); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// give makes the test of turns the house's campaign, and opens its room.
func (h *house) give(data []byte) string {
	h.t.Helper()
	got, err := h.house.Assess.ImportPackage(h.ctx(), h.school.SchoolID, h.school.HeadID, data)
	if err != nil || got.Package == nil {
		h.t.Fatal(err, got.Findings)
	}
	h.again(got.Package.ID)
	return got.Package.ID
}

// again gives a test of the bank in a campaign of its own.
func (h *house) again(pkg string) {
	h.t.Helper()
	in := assessment.NewCampaign{PackageID: pkg, Title: "Tours", OpensAt: time.Now().Add(-time.Hour).UnixMilli(), ClosesAt: time.Now().Add(time.Hour).UnixMilli(), Groups: []string{h.school.GroupID}, Policy: h.all.Policy}
	in.Policy.Sequences, in.Policy.ShowResults, in.Policy.Aloud = nil, true, nil
	id, err := h.house.Assess.MakeCampaign(h.ctx(), h.school.SchoolID, h.school.HeadID, in, identity.Reach{All: true})
	if err != nil {
		h.t.Fatal(err)
	}
	h.all.ID = id
	h.room(0, true)
}

// nodes are the elements of a view, at any depth.
func nodes(list []*qti.Node, tag string) []*qti.Node {
	var out []*qti.Node
	for _, n := range list {
		if n.Tag == tag {
			out = append(out, n)
		}
		out = append(out, nodes(n.Children, tag)...)
	}
	return out
}

func wordsOf(list []*qti.Node) string {
	var b strings.Builder
	for _, n := range list {
		b.WriteString(n.Text)
		b.WriteString(wordsOf(n.Children))
	}
	return b.String()
}

// says is an answer to the choice of a view, by its word.
func says(t interface{ Fatal(...any) }, v *qti.Public, word string) string {
	for _, in := range nodes(v.Body, "choiceInteraction") {
		for _, c := range nodes(in.Children, "choice") {
			if wordsOf(c.Children) == word {
				return fmt.Sprintf(`{%q:[%q]}`, in.Attrs["response"], c.Attrs["id"])
			}
		}
	}
	t.Fatal("no choice", word)
	return ""
}

func field(t interface{ Fatal(...any) }, v *qti.Public, tag, value string) string {
	found := nodes(v.Body, tag)
	if len(found) == 0 {
		t.Fatal("no", tag)
	}
	return fmt.Sprintf(`{%q:%q}`, found[0].Attrs["response"], value)
}

// keyOf is the public name of the question that shows a word.
func keyOf(t *testing.T, v assessment.StageView, word string) (key string, public *qti.Public) {
	t.Helper()
	for _, item := range v.Items {
		if strings.Contains(wordsOf(item.Public.Body), word) {
			return item.Key, item.Public
		}
	}
	t.Fatal("no question says", word)
	return "", nil
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The draw of a template is made on the server: what a pupil is shown is what
// their answer is held against, through a restart, and the position of a picture
// is scored by its area.
func TestDrawnAndPlacedQuestions(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", nil))
	for seat := range 3 {
		d := h.come(seat, 0)
		d.start()
		stage := d.stage().View
		q, sum := keyOf(t, stage, " = ")
		var a, b int
		if _, err := fmt.Sscanf(strings.TrimSpace(wordsOf(sum.Body)), "%d + %d =", &a, &b); err != nil {
			t.Fatal(wordsOf(sum.Body), err)
		}
		d.save(q, field(t, sum, "textEntryInteraction", strconv.Itoa(a+b)))
		q, place := keyOf(t, stage, "barque")
		in := nodes(place.Body, "positionObjectInteraction")
		if len(in) != 1 || len(nodes(place.Body, "positionObjectStage")) != 1 {
			t.Fatal(encoded(t, place))
		}
		at := [][]string{{"210 130"}, {"20 20"}, {}}[seat]
		d.save(q, encoded(t, map[string]any{in[0].Attrs["response"]: at}))
		h.restart()
		r := h.result(seat)
		want := 0.0
		if seat == 0 {
			want = 1
		}
		if r.Items["calculer"].Score != 1 || r.Items["placer"].Score != want {
			t.Errorf("%v: %+v", at, r.Items)
		}
	}
}

// The test gives a drawn question what hangs on the part before: what is shown,
// and what an answer means, follow it also after a restart.
func TestDrawnFromThePartBefore(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", func(name, text string) string {
		switch name {
		case "calculer.xml":
			return `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="calculer" title="x" xml:lang="fr" adaptive="false" time-dependent="false">
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>c</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="1"/>
<qti-template-declaration identifier="LEVEL" cardinality="single" base-type="identifier"><qti-default-value><qti-value>hard</qti-value></qti-default-value></qti-template-declaration>
<qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="1"><qti-simple-choice identifier="a" template-identifier="LEVEL">facile</qti-simple-choice><qti-simple-choice identifier="easy" template-identifier="LEVEL" show-hide="show">aide</qti-simple-choice><qti-simple-choice identifier="b">non</qti-simple-choice><qti-simple-choice identifier="c">oui</qti-simple-choice></qti-choice-interaction></qti-item-body>
<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/></qti-assessment-item>`
		case "test.xml":
			return `<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="tours" title="Tours">
<qti-outcome-declaration identifier="LEVEL" cardinality="single" base-type="identifier"><qti-default-value><qti-value>hard</qti-value></qti-default-value></qti-outcome-declaration>
<qti-test-part identifier="one" navigation-mode="nonlinear" submission-mode="individual"><qti-assessment-section identifier="s1" title="Un" visible="true"><qti-assessment-item-ref identifier="deviner" href="deviner.xml"/></qti-assessment-section></qti-test-part>
<qti-test-part identifier="two" navigation-mode="nonlinear" submission-mode="individual"><qti-assessment-section identifier="s2" title="Deux" visible="true"><qti-assessment-item-ref identifier="calculer" href="calculer.xml"><qti-template-default template-identifier="LEVEL"><qti-variable identifier="LEVEL"/></qti-template-default></qti-assessment-item-ref></qti-assessment-section></qti-test-part>
<qti-outcome-processing><qti-outcome-condition><qti-outcome-if><qti-gte><qti-variable identifier="deviner.SCORE"/><qti-base-value base-type="float">2</qti-base-value></qti-gte><qti-set-outcome-value identifier="LEVEL"><qti-base-value base-type="identifier">easy</qti-base-value></qti-set-outcome-value></qti-outcome-if></qti-outcome-condition></qti-outcome-processing></qti-assessment-test>`
		}
		return text
	}))
	for seat, word := range []string{"huit", "sept"} {
		d := h.come(seat, 0)
		d.start()
		q, first := keyOf(t, d.stage().View, "sur un mur")
		if _, code := d.turn(q, 1, says(t, first, word)); code != http.StatusOK {
			t.Fatal(code)
		}
		d.end(0)
		h.room(1, true)
		d = h.come(seat, 1)
		d.start()
		q, second := keyOf(t, d.stage().View, "oui")
		if helped := strings.Contains(wordsOf(second.Body), "aide"); helped != (seat == 0) {
			t.Errorf("%s: %s", word, wordsOf(second.Body))
		}
		d.save(q, says(t, second, "oui"))
		h.restart()
		d.end(0)
		if r := h.result(seat); r.Items["calculer"].Score != 1 || !r.Finished {
			t.Errorf("%s: %+v", word, r.Items)
		}
	}
}

// What a sitting cannot ask is said at import, and keeps the package out.
func TestUnaskedQuestions(t *testing.T) {
	h := newHouse(t, store.SQLite)
	swap := func(file, from, to string) func(name, text string) string {
		return func(name, text string) string {
			if name == file && !strings.Contains(text, from) {
				t.Fatal("nothing to change in", file)
			}
			if name == file {
				text = strings.Replace(text, from, to, 1)
			}
			return text
		}
	}
	for clause, change := range map[string]func(name, text string) string{
		"drawingInteraction":        swap("dessiner.xml", `adaptive="false"`, `adaptive="true"`),
		"uploadInteraction":         swap("calculer.xml", `<qti-text-entry-interaction response-identifier="RESPONSE" expected-length="3"/>`, `<qti-upload-interaction response-identifier="RESPONSE"/>`),
		"positionObjectInteraction": swap("placer.xml", `width="300" height="200"`, ``),
		"testPart":                  swap("test.xml", `submission-mode="individual"`, `submission-mode="simultaneous"`),
		"endAttemptInteraction":     swap("deviner.xml", `adaptive="true"`, `adaptive="false"`),
		"customInteraction":         swap("calculer.xml", `<qti-text-entry-interaction response-identifier="RESPONSE" expected-length="3"/>`, `<qti-custom-interaction response-identifier="RESPONSE"/>`),
		"portableCustomInteraction": swap("calculer.xml", `<qti-text-entry-interaction response-identifier="RESPONSE" expected-length="3"/>`, `<qti-portable-custom-interaction response-identifier="RESPONSE"/>`),
	} {
		got, err := h.house.Assess.ImportPackage(h.ctx(), h.school.SchoolID, h.school.HeadID, packed(t, "testdata/turns", change))
		if err != nil || got.Package != nil {
			t.Errorf("%s: taken, or %v", clause, err)
		}
		if !slices.ContainsFunc(got.Findings, func(f assessment.Finding) bool {
			return f.Severity == "error" && f.Clause == clause && strings.Contains(f.Message, "«")
		}) {
			t.Errorf("%s is not said: %+v", clause, got.Findings)
		}
	}
}

// A drawing is strokes and words, kept as answers are. It is marked by an adult,
// who is given nothing but numbers within the picture; until then it counts in no total.
func TestDrawings(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.give(packed(t, "testdata/turns", nil))
		assess, school, group := h.house.Assess, h.school.SchoolID, h.school.GroupID
		rubric := assessment.Rubric{Question: "dessiner", Criteria: []assessment.Criterion{{Name: "Chemin", Levels: []assessment.RubricLevel{{Text: "Absent"}, {Text: "Tracé", Points: 2}}}}}
		if err := assess.SetRubric(h.ctx(), school, h.all.ID, rubric); err != nil {
			t.Fatal(err)
		}
		answers := []string{`["0 1 60,70 120,100 9999,-5","9 9 1,1","<svg onload=x>","2 0 1,1","0 0 x,y","0 0","#Un chemin droit"]`, `["#Je ne vois pas l’image"]`, `["9 0 1,1"]`}
		for seat, answer := range answers {
			d := h.come(seat, 0)
			d.start()
			q, view := keyOf(t, d.stage().View, "Trace un chemin")
			in := nodes(view.Body, "drawingInteraction")
			d.save(q, fmt.Sprintf(`{%q:%s}`, in[0].Attrs["response"], answer))
		}
		marked, err := assess.MarkingsOf(h.ctx(), school, h.all.ID, group, h.school.HeadID)
		if err != nil || len(marked) != 1 {
			t.Fatal(marked, err)
		}
		got := map[string][]assessment.Drawing{}
		for _, seat := range marked[0].Seats {
			if got[seat.Seat] = seat.Drawings; seat.Text != "" {
				t.Errorf("a text: %q", seat.Text)
			}
		}
		first := got[h.seats[0].ID]
		if len(first) != 1 || first[0].Picture == "" || !strings.HasPrefix(first[0].Alt, "Un pré") || first[0].Words != "Un chemin droit" || first[0].Width != 300 || first[0].Height != 200 {
			t.Fatalf("%+v", first)
		}
		if want := []assessment.Stroke{{Pen: 0, Wide: true, Points: []int{60, 70, 120, 100, 299, 0}}, {Pen: 2, Points: []int{1, 1}}}; encoded(t, first[0].Strokes) != encoded(t, want) {
			t.Errorf("%+v", first[0].Strokes)
		}
		if words := got[h.seats[1].ID]; len(words) != 1 || len(words[0].Strokes) != 0 || words[0].Words != "Je ne vois pas l’image" {
			t.Errorf("%+v", words)
		}
		if nothing := got[h.seats[2].ID]; len(nothing) != 0 {
			t.Errorf("%+v", nothing)
		}
		if r := h.result(0); len(r.Unmarked) != 1 {
			t.Errorf("counts before it is marked: %+v", r)
		}
		if err := assess.MarkSeat(h.ctx(), school, h.all.ID, group, h.seats[0].ID, "dessiner", h.school.HeadID, []int{1}); err != nil {
			t.Fatal(err)
		}
		if r := h.result(0); len(r.Unmarked) != 0 || r.Items["dessiner"].Score != 2 {
			t.Errorf("%+v", r)
		}
	})
}

// A part in one direction is given whole, turns included.
func TestPartInOneDirection(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", func(_, text string) string {
		return strings.Replace(text, `navigation-mode="nonlinear"`, `navigation-mode="linear"`, 1)
	}))
	d := h.come(0, 0)
	d.start()
	view := d.stage().View
	if len(view.Items) != 4 {
		t.Fatalf("%d questions", len(view.Items))
	}
	q, public := keyOf(t, view, "sur un mur")
	if got, code := d.turn(q, 1, says(t, public, "huit")); code != http.StatusOK || got.View.Turn != 1 {
		t.Errorf("%d, %+v", code, got)
	}
}
