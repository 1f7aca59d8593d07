package assessment

import (
	"context"
	"slices"
	"strings"

	"preau/internal/qti"
)

const longKind = "extendedTextInteraction"

// marked says that a question is marked by adults: a long answer, or a drawing.
func (l ItemLine) marked() bool {
	return slices.Contains(l.Kinds, longKind) || slices.Contains(l.Kinds, drawnKind)
}

// handed is what a seat handed in to such a question.
type handed struct {
	text     string
	drawings []Drawing
}

// longOf is what a seat wrote and drew, by question: one for each question of
// the sequences that it took, empty when there is none.
func (s *Service) longOf(ctx context.Context, pkg *opened, c Campaign, seat string) (map[string]handed, error) {
	logs, err := logsOf(ctx, s.db.Reader(), c.ID, seat)
	if err != nil {
		return nil, err
	}
	out := map[string]handed{}
	for _, l := range logs {
		if l.sitting.Status == Waiting {
			continue
		}
		responses := given{}
		if err := resolve(pkg, l, responses); err != nil {
			return nil, err
		}
		session, err := pkg.test.NewSession(l.sitting.Seed)
		if err != nil {
			return nil, err
		}
		for _, line := range pkg.linesOf(c.Policy.Sequences[l.sitting.Sequence].Parts) {
			if !line.marked() {
				continue
			}
			one := handed{text: lastText(responses[line.Key]), drawings: []Drawing{}}
			for o, public := range publicKeys(session) {
				if o.Key != line.Key || !slices.Contains(line.Kinds, drawnKind) || l.answers[public] == nil {
					continue
				}
				if err := session.Begin(o); err != nil {
					return nil, err
				}
				one.drawings = s.drawingsOf(pkg, o, l.answers[public])
			}
			out[line.Key] = one
		}
	}
	return out, nil
}

// lastText are the words of the last attempt.
func lastText(attempts []map[string]qti.Value) string {
	if len(attempts) == 0 {
		return ""
	}
	out := ""
	for _, v := range attempts[len(attempts)-1] {
		for _, text := range v.List {
			if v.Type != qti.File {
				out = strings.TrimSpace(out + "\n" + text.Text)
			}
		}
	}
	return out
}
