package assessment

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"preau/internal/qti"
)

const (
	drawnKind  = "drawingInteraction"
	maxStrokes = 2_000
	maxPoints  = 30_000 // of one drawing
	maxInstead = 20_000 // bytes, of what a pupil says in place of drawing
	pens       = 4      // colours
)

// Drawing is what a pupil drew on a picture: strokes in the picture's pixels,
// and nothing that a browser or a server would have to open.
type Drawing struct {
	Picture string   `json:"picture,omitempty" doc:"Address of what it is drawn on."`
	Alt     string   `json:"alt,omitempty"`
	Width   int      `json:"width"`
	Height  int      `json:"height"`
	Strokes []Stroke `json:"strokes" nullable:"false"`
	Words   string   `json:"words,omitempty" doc:"What the pupil wrote in place of drawing, or beside it."`
}

// Stroke is a line drawn in one go.
type Stroke struct {
	Pen    int   `json:"pen" doc:"Which colour, from 0."`
	Wide   bool  `json:"wide"`
	Points []int `json:"points" nullable:"false" doc:"x and y in turn."`
}

// readDrawing reads the answer to a drawing: a list of strokes, each
// "pen wide x,y x,y…", and of words after a sharp. What is no such thing is left
// out; what lies off the picture is brought to its edge.
func readDrawing(raw any, width, height int) Drawing {
	out := Drawing{Width: width, Height: height, Strokes: []Stroke{}}
	list, isList := raw.([]any)
	if text, ok := raw.(string); ok {
		list, isList = []any{text}, true
	}
	if !isList {
		return out
	}
	points := 0
	for _, one := range list {
		text, ok := one.(string)
		if !ok {
			continue
		}
		if words, ok := strings.CutPrefix(text, "#"); ok {
			out.Words = strings.TrimSpace(words[:min(len(words), maxInstead)])
			continue
		}
		stroke, ok := readStroke(text, width, height)
		if points += len(stroke.Points) / 2; !ok || len(out.Strokes) == maxStrokes || points > maxPoints {
			continue
		}
		out.Strokes = append(out.Strokes, stroke)
	}
	out.Words = strings.ToValidUTF8(out.Words, "")
	return out
}

func readStroke(text string, width, height int) (Stroke, bool) {
	parts := strings.Fields(text)
	if len(parts) < 3 {
		return Stroke{}, false
	}
	pen, err := strconv.Atoi(parts[0])
	if err != nil || pen < 0 || pen >= pens || parts[1] != "0" && parts[1] != "1" {
		return Stroke{}, false
	}
	out := Stroke{Pen: pen, Wide: parts[1] == "1", Points: make([]int, 0, 2*len(parts)-4)}
	for _, p := range parts[2:] {
		a, b, ok := strings.Cut(p, ",")
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if !ok || errX != nil || errY != nil {
			return Stroke{}, false
		}
		out.Points = append(out.Points, min(max(x, 0), max(0, width-1)), min(max(y, 0), max(0, height-1)))
	}
	return out, true
}

func (d Drawing) empty() bool { return len(d.Strokes) == 0 && d.Words == "" }

// drawn says whether a response of an item is a drawing.
func drawn(it *qti.Item, response string) bool {
	return slices.ContainsFunc(it.Interactions, func(i *qti.Interaction) bool { return i.Kind == drawnKind && i.Response == response })
}

// drawnValue is what the item's own rules know of a drawing: that there is one.
func drawnValue(raw any) any {
	if readDrawing(raw, 1, 1).empty() {
		return nil
	}
	return map[string]any{"name": "dessin"}
}

// drawingsOf are the drawings in the answer to a question.
func (s *Service) drawingsOf(pkg *opened, o *qti.Occurrence, raw json.RawMessage) []Drawing {
	var fields map[string]any
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	view := s.itemView(pkg, o.Session, "")
	var out []Drawing
	var visit func(list []*qti.Node)
	visit = func(list []*qti.Node) {
		for _, n := range list {
			if n.Tag != drawnKind {
				visit(n.Children)
				continue
			}
			d := Drawing{}
			for _, c := range n.Children {
				if c.Tag == "object" || c.Tag == "img" {
					d.Picture, d.Alt = view.Files[c.Attrs["asset"]], c.Attrs["alt"]
					for _, words := range c.Children { // an object says it inside
						d.Alt = strings.TrimSpace(d.Alt + words.Text)
					}
					d.Width, _ = strconv.Atoi(c.Attrs["width"])
					d.Height, _ = strconv.Atoi(c.Attrs["height"])
				}
			}
			got := readDrawing(fields[n.Attrs["response"]], d.Width, d.Height)
			if !got.empty() {
				got.Picture, got.Alt = d.Picture, d.Alt
				out = append(out, got)
			}
		}
	}
	visit(view.Public.Body)
	return out
}
