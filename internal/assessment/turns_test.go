package assessment_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

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

type taken struct {
	assessment.TurnTaken
	raw string // the view, as it came
}

// turn sends a turn of a question.
func (d *device) turn(item string, n int, data string) (taken, int) {
	d.h.t.Helper()
	var out struct {
		assessment.TurnTaken
		View json.RawMessage `json:"view"`
	}
	code := d.call("POST", "/sitting/turns", map[string]any{"item": item, "turn": n, "data": json.RawMessage(data)}, &out)
	got := taken{out.TurnTaken, string(out.View)}
	if len(out.View) > 0 {
		got.View = &assessment.TurnView{}
		if err := json.Unmarshal(out.View, got.View); err != nil {
			d.h.t.Fatal(err)
		}
	}
	return got, code
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

// A pupil takes an adaptive question by turns: help, a wrong choice, the right
// one, what follows from it. Each is answered with what the next shows, and the
// result is that of the whole way.
func TestTurns(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.give(packed(t, "testdata/turns", nil))
		d := h.come(0, 0)
		d.start()
		q, now := keyOf(t, d.stage().View, "sur un mur")
		if _, ok := d.stage().Turns[q]; !ok || len(d.stage().Turns) != 1 {
			t.Fatal("the stage does not say which question takes turns")
		}
		for n, step := range []struct {
			data        func() string
			shows, done string
		}{
			{func() string { return says(t, now, "sept") }, "Pas encore", ""},
			{func() string { return field(t, now, "endAttemptInteraction", "true") }, "deux parts égales", ""},
			{func() string { return says(t, now, "huit") }, "Et son double", ""},
			{func() string { return field(t, now, "textEntryInteraction", "16") }, "dont le double est seize", "done"},
		} {
			got, code := d.turn(q, n+1, step.data())
			if code != http.StatusOK || got.Late || got.View == nil || got.View.Turn != n+1 || got.View.Done != (step.done != "") {
				t.Fatalf("turn %d: %d, %+v", n+1, code, got)
			}
			if !strings.Contains(got.raw, step.shows) {
				t.Errorf("turn %d does not show %q: %s", n+1, step.shows, got.raw)
			}
			now = got.View.Public
		}
		if _, code := d.turn(q, 5, `{}`); code != http.StatusConflict {
			t.Errorf("a turn after the end of the question: %d", code)
		}
		h.restart()
		stand := d.stage().Turns[q]
		if stand.Turn != 4 || !stand.Done || encoded(t, stand.Public) != encoded(t, now) {
			t.Errorf("after a restart: %+v", stand)
		}
		r := h.result(0)
		if got := r.Items["deviner"]; got != (assessment.Score{Score: 2, Max: 3}) || !slices.Contains(r.Answered, "deviner") {
			t.Errorf("%+v, answered %v", got, r.Answered)
		}
		if line := h.line(0, 0); line.Answered != 1 || line.Late != 0 {
			t.Errorf("%+v", line)
		}
	})
}

// What is refused is not kept, and says why; what is late is kept, and counts
// only where nothing else does.
func TestTurnsRefusedAndLate(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.give(packed(t, "testdata/turns", nil))
		d := h.come(0, 0)
		if _, code := d.turn("q1", 1, `{}`); code != http.StatusConflict {
			t.Errorf("before the start: %d", code)
		}
		d.start()
		view := d.stage().View
		q, first := keyOf(t, view, "sur un mur")
		other, _ := keyOf(t, view, "barque")
		right := says(t, first, "huit")
		for name, c := range map[string]struct {
			item string
			n    int
			data string
			code int
		}{
			"a question without turns": {other, 1, `{"r1":["1 1"]}`, http.StatusBadRequest},
			"no such question":         {"q99", 1, right, http.StatusConflict},
			"a bad name":               {"deviner", 1, right, http.StatusBadRequest},
			"a turn ahead":             {q, 2, right, http.StatusConflict},
			"a turn too far":           {q, 51, right, http.StatusBadRequest},
			"no turn":                  {q, 0, right, http.StatusBadRequest},
			"a list":                   {q, 1, `["r1"]`, http.StatusBadRequest},
			"too much":                 {q, 1, `{"r1":"` + strings.Repeat("x", 40_000) + `"}`, http.StatusBadRequest},
		} {
			if _, code := d.turn(c.item, c.n, c.data); code != c.code && (c.code != http.StatusBadRequest || code != http.StatusUnprocessableEntity) {
				t.Errorf("%s: %d, not %d", name, code, c.code)
			}
		}
		if err := h.act(0, 0, assessment.Act{Act: "pause"}); err != nil {
			t.Fatal(err)
		}
		if _, code := d.turn(q, 1, right); code != http.StatusConflict {
			t.Errorf("in a pause: %d", code)
		}
		if err := h.act(0, 0, assessment.Act{Act: "resume"}); err != nil {
			t.Fatal(err)
		}
		if got := d.stage().Turns[q]; got.Turn != 0 {
			t.Fatalf("something refused was kept: %+v", got)
		}
		if err := h.act(0, 0, assessment.Act{Act: "finish"}); err != nil {
			t.Fatal(err)
		}
		got, code := d.turn(q, 1, right)
		if code != http.StatusOK || !got.Late || got.View != nil {
			t.Fatalf("after the end: %d, %+v", code, got)
		}
		if r := h.result(0); r.Items["deviner"].Score != 2 || h.line(0, 0).Late != 1 {
			t.Errorf("a late turn that is the only one: %+v", r.Items["deviner"])
		}
		if err := h.act(0, 0, assessment.Act{Act: "reopen", Minutes: 5}); err != nil {
			t.Fatal(err)
		}
		if got, code := d.turn(q, 1, says(t, first, "neuf")); code != http.StatusOK || got.Late || got.View.Turn != 1 {
			t.Fatalf("once it is opened again: %d, %+v", code, got)
		}
		if r := h.result(0); r.Items["deviner"].Score != 0 {
			t.Errorf("the late turn counts beside one in time: %+v", r.Items["deviner"])
		}
	})
}

// A device that takes the sitting over goes on from the turns that were taken;
// the one it replaces can add none.
func TestTurnsOnAnotherDevice(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.give(packed(t, "testdata/turns", nil))
		one := h.come(1, 0)
		one.start()
		q, first := keyOf(t, one.stage().View, "sur un mur")
		shown, _ := one.turn(q, 1, field(t, first, "endAttemptInteraction", "true"))
		two := h.come(1, 0)
		if _, code := two.turn(q, 2, `{}`); code != http.StatusConflict {
			t.Errorf("a device that asks: %d", code)
		}
		if _, code := two.turn(q, 1, `{}`); code != http.StatusConflict {
			t.Errorf("a device that asks was shown a turn: %d", code)
		}
		if err := h.act(1, 0, assessment.Act{Act: "admit"}); err != nil {
			t.Fatal(err)
		}
		if got := two.stage().Turns[q]; got.Turn != 1 || encoded(t, got.Public) != encoded(t, shown.View.Public) {
			t.Fatalf("%+v", got)
		}
		if got, code := one.turn(q, 2, says(t, shown.View.Public, "sept")); code != http.StatusOK || !got.Late || got.View != nil {
			t.Errorf("the first device: %d, %+v", code, got)
		}
		if got, code := two.turn(q, 2, says(t, shown.View.Public, "huit")); code != http.StatusOK || got.Late || got.View.Turn != 2 {
			t.Errorf("the second device: %d, %+v", code, got)
		}
		if r := h.result(1); r.Items["deviner"].Score != 1 {
			t.Errorf("%+v", r.Items["deviner"])
		}
	})
}

// Two pupils sat down with each other's slip: their turns go with their sittings,
// and go on there.
func TestTurnsExchanged(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", nil))
	a, b := h.come(0, 0), h.come(1, 0)
	a.start()
	b.start()
	q, first := keyOf(t, a.stage().View, "sur un mur")
	left, code := a.turn(q, 1, says(t, first, "huit"))
	if code != http.StatusOK {
		t.Fatal(code)
	}
	if err := h.house.Assess.Exchange(h.ctx(), h.school.SchoolID, h.all.ID, 0, h.seats[0].ID, h.seats[1].ID); err != nil {
		t.Fatal(err)
	}
	if r := h.result(1); r.Items["deviner"].Score != 2 || len(h.result(0).Answered) != 0 {
		t.Errorf("%+v", r.Items)
	}
	h.restart()
	if got := a.stage().Turns[q]; got.Turn != 1 || encoded(t, got) != encoded(t, *left.View) {
		t.Errorf("%+v", got)
	}
	if got, code := a.turn(q, 2, field(t, left.View.Public, "textEntryInteraction", "16")); code != http.StatusOK || !got.View.Done {
		t.Errorf("%d, %+v", code, got)
	}
	if r := h.result(1); r.Items["deviner"].Score != 3 {
		t.Errorf("%+v", r.Items)
	}
}

// A corrected version scores the same turns anew, also where by it the question
// would have ended sooner.
func TestTurnsRescored(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", nil))
	d := h.come(0, 0)
	d.start()
	q, now := keyOf(t, d.stage().View, "sur un mur")
	for n := range 3 {
		got, code := d.turn(q, n+1, says(t, now, "neuf"))
		if code != http.StatusOK || got.View.Done != (n == 2) {
			t.Fatalf("%d: %d, %+v", n, code, got)
		}
		now = got.View.Public
	}
	mended, err := h.house.Assess.ImportPackage(h.ctx(), h.school.SchoolID, h.school.HeadID, packed(t, "testdata/turns", func(name, text string) string {
		text = strings.Replace(text, "<qti-value>nombre-huit</qti-value>", "<qti-value>nombre-neuf</qti-value>", 1)
		return text
	}))
	if err != nil || mended.Package == nil {
		t.Fatal(err, mended.Findings)
	}
	if err := h.house.Assess.Rescore(h.ctx(), h.school.SchoolID, h.all.ID, mended.Package.ID, "Neuf était la clé."); err != nil {
		t.Fatal(err)
	}
	if r := h.result(0); r.Items["deviner"].Score != 2 {
		t.Errorf("%+v", r.Items["deviner"])
	}
	before, err := h.house.Assess.ResultsOf(h.ctx(), h.school.SchoolID, h.all.ID, h.school.GroupID, true)
	if err != nil || before.Seats[0].Items["deviner"].Score != 0 {
		t.Errorf("%+v, %v", before.Seats[0].Items["deviner"], err)
	}
}

// No answer to a turn holds the key, what a later turn shows, or an author's name.
func TestTurnsTellNoKey(t *testing.T) {
	h := newHouse(t, store.SQLite)
	h.give(packed(t, "testdata/turns", nil))
	for seat, way := range [][]string{{"sept", "neuf", "sept"}, {"indice", "neuf", "huit", "=9"}} {
		d := h.come(seat, 0)
		d.start()
		stage := d.stage()
		q, now := keyOf(t, stage.View, "sur un mur")
		shown := []string{encoded(t, stage)}
		for n, word := range way {
			data := ""
			switch {
			case word == "indice":
				data = field(t, now, "endAttemptInteraction", "true")
			case word[0] == '=':
				data = field(t, now, "textEntryInteraction", word[1:])
			default:
				data = says(t, now, word)
			}
			got, code := d.turn(q, n+1, data)
			if code != http.StatusOK {
				t.Fatal(n, code)
			}
			shown = append(shown, got.raw)
			now = got.View.Public
		}
		for n, text := range shown {
			for _, telling := range []string{"nombre-", "correct", "NOMBRE", "DOUBLE", "INDICE", "ETAPE", "SCORE", "ESSAIS", "outcome", "normal-maximum", "completed"} {
				if strings.Contains(text, telling) {
					t.Errorf("%v, turn %d tells %q", way, n, telling)
				}
			}
			over := n == len(way)
			for later, from := range map[string]bool{"dont le double est seize": over, "deux parts égales": seat == 1 && n > 0, "Et son double": seat == 1 && n == 3} {
				if strings.Contains(text, later) != from {
					t.Errorf("%v, turn %d: %q shown, or not", way, n, later)
				}
			}
		}
	}
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
		if len(first) != 1 || first[0].Picture == "" || first[0].Words != "Un chemin droit" || first[0].Width != 300 || first[0].Height != 200 {
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

// Turns come again, twice at once, too soon, with another content, and the
// server stops in between. Whatever the order: the same turn has the same answer,
// nothing acknowledged is lost, and the score is that of the first of each.
func TestTurnsInAnyOrder(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		pkg := h.give(packed(t, "testdata/turns", nil))
		item := qti.ReadItem(qti.Source{Name: "deviner.xml"}, []byte(read(t, "testdata/turns/deviner.xml")))
		rounds := 0
		rapid.Check(t, func(r *rapid.T) {
			if rounds++; rounds > 25 {
				return // a campaign each
			}
			h.again(pkg)
			d := h.come(0, 0)
			d.start()
			q, now := keyOf(t, d.stage().View, "sur un mur")
			var answers []string // first answer to each turn
			shown := ""
			var kept []qti.Attempt
			done := false
			for range rapid.IntRange(1, 14).Draw(r, "steps") {
				data, attempt := drawn(r, now)
				switch act := rapid.SampledFrom([]string{"turn", "turn", "turn", "again", "twice", "ahead", "restart", "reload"}).Draw(r, "act"); act {
				case "restart":
					h.restart()
				case "reload":
					if got := d.stage().Turns[q]; got.Turn != len(answers) || len(answers) > 0 && encoded(t, got) != shown {
						r.Fatalf("a reload shows turn %d of %d", got.Turn, len(answers))
					}
				case "again":
					if len(answers) == 0 {
						continue
					}
					n := rapid.IntRange(1, len(answers)).Draw(r, "which")
					if got, code := d.turn(q, n, data); code != http.StatusOK || got.raw != answers[n-1] {
						r.Fatalf("turn %d again: %d, %s\nthen %s", n, code, got.raw, answers[n-1])
					}
				case "ahead":
					if _, code := d.turn(q, len(answers)+2, data); code != http.StatusConflict {
						r.Fatalf("turn %d after %d: %d", len(answers)+2, len(answers), code)
					}
				default:
					n := len(answers) + 1
					got, code := taken{}, 0
					if act == "twice" {
						var wg sync.WaitGroup
						var all [3]taken
						var codes [3]int
						for i := range all {
							wg.Go(func() { all[i], codes[i] = d.turn(q, n, data) })
						}
						wg.Wait()
						if all[0].raw != all[1].raw || all[1].raw != all[2].raw || codes[0] != codes[1] || codes[1] != codes[2] {
							r.Fatalf("turn %d three times at once: %v, %v", n, codes, all)
						}
						got, code = all[0], codes[0]
					} else {
						got, code = d.turn(q, n, data)
					}
					if done {
						if code != http.StatusConflict {
							r.Fatalf("a turn after the end: %d", code)
						}
						continue
					}
					if code != http.StatusOK || got.View == nil || got.View.Turn != n {
						r.Fatalf("turn %d: %d, %+v", n, code, got)
					}
					answers, shown = append(answers, got.raw), encoded(t, *got.View)
					kept = append(kept, attempt)
					now, done = got.View.Public, got.View.Done
				}
			}
			want, err := item.Score(1, kept...)
			if err != nil {
				r.Fatal(err)
			}
			score, _ := want.Outcome("SCORE")
			got := h.result(0)
			if got.Items["deviner"].Score != score.List[0].X || slices.Contains(got.Answered, "deviner") != (len(kept) > 0) {
				r.Fatalf("%+v after %d turns, not %v", got.Items["deviner"], len(kept), score.JSON())
			}
		})
	})
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// drawn is something that the question's present state lets one answer, as the
// browser says it and as the author's item does.
func drawn(r *rapid.T, now *qti.Public) (string, qti.Attempt) {
	attempt := func(name string, raw any, v *qti.Variable) qti.Attempt {
		value, _ := qti.ResponseFrom(v, raw)
		return qti.Attempt{Responses: map[string]qti.Value{name: value}}
	}
	ways := map[string]func() (string, qti.Attempt){}
	for _, word := range []string{"sept", "huit", "neuf"} {
		ways[word] = func() (string, qti.Attempt) {
			return says(r, now, word), attempt("NOMBRE", "nombre-"+word, &qti.Variable{Type: qti.Identifier})
		}
	}
	if len(nodes(now.Body, "endAttemptInteraction")) > 0 {
		ways["help"] = func() (string, qti.Attempt) {
			return field(r, now, "endAttemptInteraction", "true"), attempt("INDICE", "true", &qti.Variable{Type: qti.Boolean})
		}
	}
	if len(nodes(now.Body, "textEntryInteraction")) > 0 {
		for _, n := range []string{"16", "15"} {
			ways[n] = func() (string, qti.Attempt) {
				return field(r, now, "textEntryInteraction", n), attempt("DOUBLE", n, &qti.Variable{Type: qti.Integer})
			}
		}
	}
	return ways[rapid.SampledFrom(slices.Sorted(maps.Keys(ways))).Draw(r, "answer")]()
}
