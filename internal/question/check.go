package question

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/formula"
)

// checker gathers what is wrong with a draft.
type checker struct {
	draft *Draft
	files Files
	found []Problem
}

// Check says what keeps a draft from being a question; nothing when it is one.
func (d *Draft) Check(files Files) []Problem {
	c := &checker{draft: d, files: files}
	c.text("title", d.Title, maxTitle, true)
	if !slices.Contains(Kinds(), d.Kind) {
		c.add("kind", "question.kind")
		return c.found
	}
	if d.Language != "" && !language.MatchString(d.Language) {
		c.add("language", "question.language")
	}
	if d.Skill != "" && Skill(d.Skill) == "" || utf8.RuneCountInString(d.Skill) > maxSkill {
		c.add("skill", "question.skill", "count", maxSkill)
	}
	if !finite(d.Points) || d.Points <= 0 || d.Points > maxPoints || math.Round(d.Points*4) != d.Points*4 {
		c.add("points", "question.points", "count", maxPoints)
	}
	c.stem()
	c.prose("ask", d.Ask, maxText, true)
	c.prose("whenRight", d.WhenRight, maxText/4, false)
	c.prose("whenWrong", d.WhenWrong, maxText/4, false)
	switch d.Kind {
	case Choice, Several, Order:
		c.answers()
	case Gap, Inline:
		c.gaps()
	case Match:
		c.pairs()
	case Short:
		c.short()
	case Long:
		if d.Lines < 0 || d.Lines > 40 {
			c.add("lines", "question.lines", "count", 40)
		}
		c.prose("guide", d.Guide, maxText, false)
	case Hotspot:
		c.hotspot()
	}
	return c.found
}

var language = regexp.MustCompile(`^[a-z]{2,3}$`)

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func (c *checker) add(field, key string, args ...any) {
	p := Problem{Field: field, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]any{}
		}
		p.Args[args[i].(string)] = args[i+1]
	}
	c.found = append(c.found, p)
}

// text checks words without formulas. It says whether they are there and fit.
func (c *checker) text(field, s string, most int, required bool) bool {
	switch {
	case strings.TrimSpace(s) == "":
		if required {
			c.add(field, "question.empty")
		}
		return !required
	case utf8.RuneCountInString(s) > most:
		c.add(field, "question.long", "count", most)
	case unreadable(s) || !utf8.ValidString(s):
		c.add(field, "question.unreadable")
	default:
		return true
	}
	return false
}

// prose checks words with formulas.
func (c *checker) prose(field, s string, most int, required bool) bool {
	if !c.text(field, s, most, required) {
		return false
	}
	for _, p := range paragraphs(s) {
		parts := strings.Split(p, "`")
		if len(parts)%2 == 0 {
			c.add(field, "question.formula_open")
			return false
		}
		for i := 1; i < len(parts); i += 2 {
			if _, err := formula.Parse(parts[i]); err != nil {
				p := Problem{Field: field, Key: "question.formula_bad"}
				if f := fault.Of(err); f != nil {
					p.Key, p.Args = f.Key, f.Args
				}
				c.found = append(c.found, p)
				return false
			}
		}
	}
	return true
}

func (c *checker) picture(field string, p *Picture) {
	f, ok := c.files(p.File)
	if !ok || !f.Picture() {
		c.add(field+".file", "question.picture_missing")
	}
	c.text(field+".alt", p.Alt, maxAlt, true)
}

func (c *checker) stem() {
	if len(c.draft.Stem) > maxBlocks {
		c.add("stem", "question.many", "count", maxBlocks)
		return
	}
	for i, b := range c.draft.Stem {
		at := "stem[" + strconv.Itoa(i) + "]"
		switch b.Kind {
		case "text":
			c.prose(at+".text", b.Text, maxText, true)
		case "picture":
			c.picture(at, &Picture{b.File, b.Alt})
		case "sound":
			if f, ok := c.files(b.File); !ok || f.Picture() {
				c.add(at+".file", "question.sound_missing")
			}
			c.text(at+".said", b.Said, maxSaid, true)
		default:
			c.add(at+".kind", "question.kind")
		}
	}
}

func (c *checker) answers() {
	list := c.draft.Answers
	if len(list) < 2 || len(list) > maxAnswers {
		c.add("answers", "question.count", "least", 2, "most", maxAnswers)
		return
	}
	right := 0
	seen := map[string]bool{}
	for i, a := range list {
		at := "answers[" + strconv.Itoa(i) + "]"
		if c.prose(at+".text", a.Text, maxLine, a.Picture == nil) {
			c.once(seen, at+".text", a.Text)
		}
		if a.Picture != nil {
			c.picture(at+".picture", a.Picture)
		}
		if a.Right {
			right++
		}
	}
	switch {
	case c.draft.Kind == Choice && right != 1:
		c.add("right", "question.one_right")
	case c.draft.Kind == Several && right == 0:
		c.add("right", "question.some_right")
	}
}

// once refuses a thing that is there twice.
func (c *checker) once(seen map[string]bool, field, s string) {
	s = fold(s)
	if s == "" {
		return
	}
	if seen[s] {
		c.add(field, "question.twice")
	}
	seen[s] = true
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

func (c *checker) gaps() {
	d := c.draft
	if len(d.Gaps) < 1 || len(d.Gaps) > maxGaps {
		c.add("gaps", "question.gaps_count", "count", maxGaps)
		return
	}
	if c.prose("text", d.Text, maxText, true) {
		c.holes()
	}
	all := map[string]bool{}
	for i, g := range d.Gaps {
		at := "gaps[" + strconv.Itoa(i) + "]"
		c.prose(at+".right", g.Right, maxLine, true)
		all[fold(g.Right)] = true
		if d.Kind == Gap {
			continue
		}
		if len(g.Others) < 1 || len(g.Others) > maxOthers {
			c.add(at+".others", "question.others_count", "count", maxOthers)
			continue
		}
		seen := map[string]bool{fold(g.Right): true}
		// A list within a sentence shows plain words only.
		c.plain(at+".right", g.Right)
		for k, o := range g.Others {
			field := at + ".others[" + strconv.Itoa(k) + "]"
			if c.prose(field, o, maxLine, true) {
				c.once(seen, field, o)
				c.plain(field, o)
			}
		}
	}
	if d.Kind == Gap {
		for i, g := range d.Gaps {
			c.plain("gaps["+strconv.Itoa(i)+"].right", g.Right)
		}
		c.extra(all)
	}
}

func (c *checker) plain(field, s string) {
	if strings.Contains(s, "`") {
		c.add(field, "question.no_formula")
	}
}

// holes holds the numbers in the text against the gaps.
func (c *checker) holes() {
	met := map[int]int{}
	for _, n := range holes(c.draft.Text) {
		met[n]++
		if n < 1 || n > len(c.draft.Gaps) {
			c.add("text", "question.hole_unknown", "number", n)
			return
		}
		if met[n] > 1 {
			c.add("text", "question.hole_twice", "number", n)
			return
		}
	}
	for i := range c.draft.Gaps {
		if met[i+1] == 0 {
			c.add("text", "question.hole_missing", "number", i+1)
			return
		}
	}
}

func (c *checker) extra(seen map[string]bool) {
	if len(c.draft.Extra) > maxExtra {
		c.add("extra", "question.many", "count", maxExtra)
		return
	}
	for i, s := range c.draft.Extra {
		field := "extra[" + strconv.Itoa(i) + "]"
		if c.text(field, s, maxLine, true) {
			c.once(seen, field, s)
			c.plain(field, s)
		}
	}
}

func (c *checker) pairs() {
	d := c.draft
	if len(d.Pairs) < 2 || len(d.Pairs) > maxAnswers {
		c.add("pairs", "question.count", "least", 2, "most", maxAnswers)
		return
	}
	left, right := map[string]bool{}, map[string]bool{}
	for i, p := range d.Pairs {
		at := "pairs[" + strconv.Itoa(i) + "]"
		if c.prose(at+".left", p.Left, maxLine, true) {
			c.once(left, at+".left", p.Left)
		}
		// Things on the right are offered in a list, which shows plain words only.
		if c.prose(at+".right", p.Right, maxLine, true) {
			c.plain(at+".right", p.Right)
			right[fold(p.Right)] = true
		}
	}
	if len(right) == 1 && len(d.Extra) == 0 {
		c.add("extra", "question.one_side")
	}
	c.extra(right)
}

func (c *checker) short() {
	d := c.draft
	c.prose("before", d.Before, maxLine, false)
	c.prose("after", d.After, maxLine, false)
	if len(d.Accepted) < 1 || len(d.Accepted) > maxAccepted {
		c.add("accepted", "question.accepted_count", "count", maxAccepted)
		return
	}
	seen := map[string]bool{}
	for i, s := range d.Accepted {
		field := "accepted[" + strconv.Itoa(i) + "]"
		if !c.text(field, s, maxLine, true) {
			continue
		}
		c.plain(field, s)
		if d.Number {
			if _, ok := decimal(s); !ok {
				c.add(field, "question.not_a_number")
			}
		}
		if d.Exact {
			continue
		}
		c.once(seen, field, s)
	}
	if d.Number && len(d.Accepted) > 1 {
		c.add("accepted", "question.one_number")
	}
	if !finite(d.Margin) || d.Margin < 0 || d.Margin > 1e9 {
		c.add("margin", "question.margin")
	}
}

// decimal reads a number as it is written in French or not.
func decimal(s string) (float64, bool) {
	s = strings.NewReplacer(",", ".", " ", "", "\u00a0", "", "\u202f", "", "−", "-").Replace(strings.TrimSpace(s))
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && finite(x) && math.Abs(x) <= 1e12 && !strings.ContainsAny(s, "xXpP_")
}

func (c *checker) hotspot() {
	d := c.draft
	if d.Picture == nil {
		c.add("picture", "question.picture_missing")
		return
	}
	c.picture("picture", d.Picture)
	if len(d.Areas) < 2 || len(d.Areas) > maxAreas {
		c.add("areas", "question.areas_count", "least", 2, "most", maxAreas)
		return
	}
	right := 0
	seen := map[string]bool{}
	for i, a := range d.Areas {
		at := "areas[" + strconv.Itoa(i) + "]"
		if c.text(at+".label", a.Label, maxTitle, true) {
			c.once(seen, at+".label", a.Label)
		}
		high := a.High
		if a.Round {
			high = 1
		}
		for _, x := range []float64{a.Left, a.Top, a.Wide, high} {
			if !finite(x) || x < 0 || x > 100 {
				c.add(at+".place", "question.area_outside")
				return
			}
		}
		if a.Wide < 1 || high < 1 || a.Left+a.Wide > 100.5 || !a.Round && a.Top+a.High > 100.5 {
			c.add(at+".place", "question.area_outside")
		}
		if a.Right {
			right++
		}
	}
	if right == 0 {
		c.add("right", "question.some_right")
	}
}

// Skill is a tag as the standard wants a category: lower case, letters, digits and
// hyphens, beginning with a letter. "" when nothing of it is left.
func Skill(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(s)) {
		switch {
		case isLetter(r), b.Len() > 0 && r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// isLetter knows the letters that both French and the standard's identifiers have.
func isLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'à' && r <= 'ö' || r >= 'ø' && r <= 'ÿ' || r == 'œ'
}
