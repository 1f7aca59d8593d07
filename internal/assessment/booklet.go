package assessment

import (
	"context"
	"slices"
	"strconv"

	"preau/internal/qti"
)

// Booklet is a sequence as it is printed: public parts only. Everybody has the
// same paper, so that a group is keyed in one go; its shuffle is the campaign's.
type Booklet struct {
	Title   string         `json:"title"`
	Name    string         `json:"name"`
	Minutes int            `json:"minutes"`
	Stages  []BookletStage `json:"stages" nullable:"false"`
}

// BookletStage is a part of the test on paper.
type BookletStage struct {
	Part      string            `json:"part"`
	Title     string            `json:"title"`
	Routed    bool              `json:"routed" doc:"Given only to those whom a rule sends there: on paper, an adult decides."`
	Questions []BookletQuestion `json:"questions" nullable:"false"`
}

// BookletQuestion is a question on paper, and what the adult reads aloud for it.
type BookletQuestion struct {
	Number int         `json:"number" doc:"The same as in the grid."`
	Title  string      `json:"title"`
	Kinds  []string    `json:"kinds" nullable:"false"`
	Turns  bool        `json:"turns" doc:"It takes several turns: paper has one."`
	View   ItemView    `json:"view"`
	Said   []*qti.Node `json:"said" nullable:"false" doc:"What the author wrote for the adult in the room."`
}

// BookletOf is a sequence of a campaign to be printed.
func (s *Service) BookletOf(ctx context.Context, school, campaign, group string, sequence int) (Booklet, error) {
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return Booklet{}, err
	}
	if err := c.has(group, sequence); err != nil {
		return Booklet{}, err
	}
	pkg, err := s.open(ctx, school, c.Taken)
	if err != nil {
		return Booklet{}, err
	}
	session, err := pkg.test.NewSession(s.seedOf(campaign, "paper"))
	if err != nil {
		return Booklet{}, err
	}
	q := c.Policy.Sequences[sequence]
	out := Booklet{Title: c.Title, Name: q.Title, Minutes: q.Minutes, Stages: []BookletStage{}}
	lines := pkg.linesOf(q.Parts)
	for _, part := range pkg.parts {
		if !slices.Contains(q.Parts, part.ID) {
			continue
		}
		stage := BookletStage{Part: part.ID, Title: part.Title, Routed: part.Routed, Questions: []BookletQuestion{}}
		for i, line := range lines {
			for _, o := range session.Plan {
				if o.Part.Identifier != part.ID || o.Ref.Identifier != line.Key {
					continue
				}
				if err := session.Begin(o); err != nil {
					return Booklet{}, err
				}
				stage.Questions = append(stage.Questions, BookletQuestion{
					Number: i + 1, Title: line.Title, Kinds: line.Kinds, Turns: line.Turns, View: s.itemView(pkg, o.Session, "q"+strconv.Itoa(i+1)), Said: o.Session.Said(),
				})
				break
			}
		}
		out.Stages = append(out.Stages, stage)
	}
	return out, nil
}

// linesOf are the questions of parts, as the grid numbers them.
func (p *opened) linesOf(parts []string) []ItemLine {
	return slices.DeleteFunc(slices.Clone(p.lines), func(l ItemLine) bool { return !slices.Contains(parts, l.Part) })
}
