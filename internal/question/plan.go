package question

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"preau/internal/qti"
)

// Limits of a test.
const (
	maxSections = 12
	MaxPicks    = 200 // questions of a test
	maxLines    = 24
)

// TestPlan is a test as a teacher puts it together.
type TestPlan struct {
	Title    string        `json:"title" maxLength:"240"`
	Sections []TestSection `json:"sections" nullable:"false" maxItems:"12" doc:"Each is handed in before the next."`
	// How its questions were drawn, when they were.
	Blueprint []BlueprintLine `json:"blueprint,omitempty" nullable:"false" maxItems:"24"`
	Seed      string          `json:"seed,omitempty" maxLength:"64"`
}

// TestSection is a part of a test.
type TestSection struct {
	Title   string     `json:"title" maxLength:"240"`
	Shuffle bool       `json:"shuffle,omitempty" doc:"Each pupil gets its questions in another order."`
	Picks   []TestPick `json:"picks" nullable:"false" maxItems:"200"`
}

// TestPick is a question of the bank in a test.
type TestPick struct {
	Question string  `json:"question" maxLength:"40"`
	Version  int     `json:"version" minimum:"1"`
	Points   float64 `json:"points,omitempty" minimum:"0" maximum:"100" doc:"In this test; those of the question when absent."`
}

// BlueprintLine asks for a number of questions of a sort.
type BlueprintLine struct {
	Count int    `json:"count" minimum:"1" maximum:"200"`
	Skill string `json:"skill,omitempty" maxLength:"80" doc:"Any when absent."`
	Kind  string `json:"kind,omitempty" maxLength:"20" doc:"Any when absent."`
}

// Candidate is a question that a draw may take.
type Candidate struct {
	ID, Kind, Skill string
	Version         int
}

// Check says what keeps a plan from being a test.
func (p *TestPlan) Check() []Problem {
	c := &checker{}
	c.text("title", p.Title, maxTitle, true)
	if len(p.Sections) < 1 || len(p.Sections) > maxSections {
		c.add("sections", "question.sections_count", "count", maxSections)
		return c.found
	}
	seen, total := map[string]bool{}, 0
	for i, s := range p.Sections {
		at := "sections[" + strconv.Itoa(i) + "]"
		c.text(at+".title", s.Title, maxTitle, true)
		if len(s.Picks) == 0 {
			c.add(at+".picks", "question.section_empty")
		}
		total += len(s.Picks)
		for k, pick := range s.Picks {
			field := at + ".picks[" + strconv.Itoa(k) + "]"
			if seen[pick.Question] {
				c.add(field, "question.picked_twice")
			}
			seen[pick.Question] = true
			if pick.Points != 0 && (!finite(pick.Points) || pick.Points < 0 || pick.Points > maxPoints || pick.Points*4 != float64(int(pick.Points*4))) {
				c.add(field+".points", "question.points", "count", maxPoints)
			}
		}
	}
	if total > MaxPicks {
		c.add("sections", "question.picks_count", "count", MaxPicks)
	}
	return c.found
}

// Draw takes questions by a blueprint: for each line, among those that no earlier
// line took, the ones whose SHA-256 of seed, line and id are the smallest. Who has
// the seed and the bank can do it again. A line for which the bank has not enough
// is a Problem.
func Draw(lines []BlueprintLine, seed string, bank []Candidate) ([][]Candidate, []Problem) {
	c := &checker{}
	if len(lines) < 1 || len(lines) > maxLines {
		c.add("lines", "question.lines_count", "count", maxLines)
		return nil, c.found
	}
	taken := map[string]bool{}
	var out [][]Candidate
	for i, line := range lines {
		skill := Skill(line.Skill)
		var fit []Candidate
		for _, one := range bank {
			if !taken[one.ID] && (skill == "" || Skill(one.Skill) == skill) && (line.Kind == "" || one.Kind == line.Kind) {
				fit = append(fit, one)
			}
		}
		if line.Count < 1 || line.Count > MaxPicks || len(fit) < line.Count {
			c.add("lines["+strconv.Itoa(i)+"].count", "question.too_few", "count", len(fit))
			continue
		}
		rank := func(one Candidate) string {
			sum := sha256.Sum256([]byte(seed + "\x00" + strconv.Itoa(i) + "\x00" + one.ID))
			return hex.EncodeToString(sum[:])
		}
		slices.SortFunc(fit, func(a, b Candidate) int { return strings.Compare(rank(a), rank(b)) })
		fit = fit[:line.Count]
		for _, one := range fit {
			taken[one.ID] = true
		}
		out = append(out, fit)
	}
	return out, c.found
}

// Chosen is a question of a test with what it is made of.
type Chosen struct {
	TestPick
	Draft Draft
}

// ItemKey is the name of a question in every test that has it, whatever its
// version: results of one version are scored by another under it.
func ItemKey(id string) string { return "q-" + strings.ReplaceAll(id, "-", "") }

func itemPath(id string) string { return "items/" + ItemKey(id) + ".xml" }

// Contents gives the bytes of a file of the bank.
type Contents func(id string) ([]byte, error)

// ItemPackage is a content package with one question.
func ItemPackage(id string, d Draft, files Files, contents Contents) ([]byte, error) {
	return pack(ItemKey(id), "", nil, []Chosen{{TestPick{Question: id}, d}}, files, contents)
}

// TestPackage is a content package with a test and its questions. Each section is
// a testPart of its own; chosen are its questions, in the order of the plan.
func TestPackage(id string, p TestPlan, chosen []Chosen, files Files, contents Contents) ([]byte, error) {
	next := 0
	var parts []*qti.Element
	for i, s := range p.Sections {
		var children []*qti.Element
		if s.Shuffle {
			children = append(children, qti.Make("qti-ordering", []string{"shuffle", "true"}))
		}
		for range s.Picks {
			one := chosen[next]
			next++
			children = append(children, qti.Make("qti-assessment-item-ref", []string{"identifier", ItemKey(one.Question), "href", itemPath(one.Question), "category", Skill(one.Draft.Skill)}))
		}
		section := qti.Make("qti-assessment-section", []string{"identifier", "section-" + strconv.Itoa(i+1), "title", strings.TrimSpace(s.Title), "visible", "true"}, children...)
		parts = append(parts, qti.Make("qti-test-part", []string{"identifier", "partie-" + strconv.Itoa(i+1), "navigation-mode", "nonlinear", "submission-mode", "individual"}, section))
	}
	score := qti.Make("qti-outcome-declaration", []string{"identifier", "SCORE", "cardinality", "single", "base-type", "float"}, defaultValue("0"))
	sum := qti.Make("qti-outcome-processing", nil, set("SCORE", qti.Make("qti-sum", nil, qti.Make("qti-test-variables", []string{"variable-identifier", "SCORE"}))))
	children := append(append([]*qti.Element{score}, parts...), sum)
	name := "t-" + strings.ReplaceAll(id, "-", "")
	root := qti.Make("qti-assessment-test", []string{"identifier", name, "title", strings.TrimSpace(p.Title)}, children...)
	return pack(name, "test.xml", qti.Bytes(root), chosen, files, contents)
}

// pack writes a package. What the documents show is written beside the items, from
// where they refer to it.
func pack(identifier, testName string, test []byte, chosen []Chosen, files Files, contents Contents) ([]byte, error) {
	shown := map[string]string{} // path → id
	sources := map[string][]byte{}
	var listed []qti.PackageFile
	for _, one := range chosen {
		d := one.Draft
		if one.Points > 0 {
			d.Points = one.Points
		}
		for _, id := range d.Files() {
			if f, ok := files(id); ok {
				shown["items/"+f.Path()] = id
			}
		}
		at := itemPath(one.Question)
		sources[at] = d.Item(ItemKey(one.Question), files)
		listed = append(listed, qti.PackageFile{Name: at, Document: qti.ReadAny(qti.Source{Name: at}, sources[at])})
	}
	if testName != "" {
		read := qti.ReadAny(qti.Source{Name: testName, FS: shelf(func(name string) ([]byte, error) {
			if data, ok := sources[name]; ok {
				return data, nil
			}
			return nil, fs.ErrNotExist
		})}, test)
		listed = append([]qti.PackageFile{{Name: testName, Document: read}}, listed...)
	}
	var out bytes.Buffer
	err := qti.WritePackage(&out, identifier, listed, shelf(func(name string) ([]byte, error) {
		if id, ok := shown[name]; ok {
			return contents(id)
		}
		return nil, fs.ErrNotExist
	}))
	return out.Bytes(), err
}
