package question

// The kinds of question.
const (
	Choice  = "choice"  // one answer is right
	Several = "several" // several may be
	Gap     = "gap"     // words of a list to put into the gaps of a text
	Inline  = "inline"  // in each gap of a text, one of a few words
	Order   = "order"   // things to put in order
	Match   = "match"   // things that go together
	Short   = "short"   // a word or a number to write
	Long    = "long"    // a text to write, which adults mark
	Hotspot = "hotspot" // parts of a picture to point at
)

// Kinds lists them as they are offered.
func Kinds() []string {
	return []string{Choice, Several, Short, Gap, Inline, Order, Match, Hotspot, Long}
}

// Limits of a draft.
const (
	MaxDraft    = 64 << 10 // bytes of JSON
	maxTitle    = 120      // runes
	maxText     = 4000
	maxLine     = 300
	maxAlt      = 400
	maxSaid     = 8000 // of what is heard
	maxBlocks   = 12
	maxAnswers  = 12
	maxGaps     = 12
	maxOthers   = 6
	maxExtra    = 8
	maxAccepted = 20
	maxAreas    = 20
	maxPoints   = 100
	maxSkill    = 40
)

// Draft is a question as a teacher writes it. Texts are plain; a formula stands in
// them between back quotes, as « `3/4` », and in Text a gap is « [1] ».
type Draft struct {
	Kind     string  `json:"kind" enum:"choice,several,gap,inline,order,match,short,long,hotspot"`
	Title    string  `json:"title" maxLength:"240" doc:"What lists call it. Pupils do not see it."`
	Language string  `json:"language,omitempty" maxLength:"3" doc:"That the question is written in, so that a voice reads it well; fr when absent."`
	Skill    string  `json:"skill" maxLength:"80" doc:"What it asks for, as \"calcul\"."`
	Points   float64 `json:"points" minimum:"0" maximum:"100"`
	Partial  bool    `json:"partial,omitempty" doc:"A part of the points for a part of the answer, in place of all or nothing."`

	Stem []Block `json:"stem" nullable:"false" maxItems:"12" doc:"What comes before the question itself."`
	Ask  string  `json:"ask" maxLength:"8000" doc:"The question itself."`

	Shuffle  bool     `json:"shuffle,omitempty" doc:"Each pupil gets the answers in another order. What is to be ordered or matched is always shuffled."`
	Answers  []Answer `json:"answers,omitempty" nullable:"false" maxItems:"12" doc:"Of choice and several; of order, as they should stand."`
	Text     string   `json:"text,omitempty" maxLength:"8000" doc:"Of gap and inline, with its gaps as [1], [2]…"`
	Gaps     []Hole   `json:"gaps,omitempty" nullable:"false" maxItems:"12"`
	Pairs    []Pair   `json:"pairs,omitempty" nullable:"false" maxItems:"12"`
	Extra    []string `json:"extra,omitempty" nullable:"false" maxItems:"8" doc:"Words that fit no gap, or things that go with nothing."`
	Before   string   `json:"before,omitempty" maxLength:"600" doc:"Of short, the words before the field."`
	After    string   `json:"after,omitempty" maxLength:"600"`
	Accepted []string `json:"accepted,omitempty" nullable:"false" maxItems:"20" doc:"Of short, what counts as right."`
	Number   bool     `json:"number,omitempty" doc:"Of short, the answer is a number."`
	Margin   float64  `json:"margin,omitempty" minimum:"0" doc:"By how much a number may differ."`
	Exact    bool     `json:"exact,omitempty" doc:"Capitals count."`
	Lines    int      `json:"lines,omitempty" minimum:"0" maximum:"40" doc:"Of long, the height of the field."`
	Guide    string   `json:"guide,omitempty" maxLength:"8000" doc:"Of long, what those who mark look for. Pupils do not see it."`
	Picture  *Picture `json:"picture,omitempty" doc:"Of hotspot."`
	Areas    []Area   `json:"areas,omitempty" nullable:"false" maxItems:"20"`

	WhenRight string `json:"whenRight,omitempty" maxLength:"2000" doc:"Said once the answer is right, where the test shows it."`
	WhenWrong string `json:"whenWrong,omitempty" maxLength:"2000"`
}

// Block is a paragraph, a picture or a sound.
type Block struct {
	Kind  string `json:"kind" enum:"text,picture,sound"`
	Text  string `json:"text,omitempty" maxLength:"8000"`
	File  string `json:"file,omitempty" maxLength:"40"`
	Alt   string `json:"alt,omitempty" maxLength:"800" doc:"What a picture shows, for those who do not see it."`
	Said  string `json:"said,omitempty" maxLength:"16000" doc:"What is heard in a sound."`
	Shown bool   `json:"shown,omitempty" doc:"What is heard can be read under the sound. Otherwise it is kept with the question."`
}

// Picture is one of the bank.
type Picture struct {
	File string `json:"file" maxLength:"40"`
	Alt  string `json:"alt" maxLength:"800"`
}

// Answer is a thing to choose or to put in order: words, a picture, or both.
type Answer struct {
	Text    string   `json:"text" maxLength:"600"`
	Picture *Picture `json:"picture,omitempty"`
	Right   bool     `json:"right,omitempty"`
}

// Hole is one place of a text.
type Hole struct {
	Right  string   `json:"right" maxLength:"600"`
	Others []string `json:"others,omitempty" nullable:"false" maxItems:"6" doc:"Of inline, the wrong words that are offered."`
}

// Pair is two things that go together.
type Pair struct {
	Left  string `json:"left" maxLength:"600"`
	Right string `json:"right" maxLength:"600"`
}

// Area is a part of a picture, in hundredths of its width and of its height from
// the top left corner. A circle has its width for diameter; High is not read.
type Area struct {
	Label string  `json:"label" maxLength:"240" doc:"What it is called, for those who do not see it. It must not tell the answer."`
	Round bool    `json:"round,omitempty"`
	Left  float64 `json:"left" minimum:"0" maximum:"100"`
	Top   float64 `json:"top" minimum:"0" maximum:"100"`
	Wide  float64 `json:"wide" minimum:"0" maximum:"100"`
	High  float64 `json:"high" minimum:"0" maximum:"100"`
	Right bool    `json:"right,omitempty"`
}

// File is what a draft shows, as the bank keeps it.
type File struct {
	ID            string
	MediaType     string
	Width, Height int // pixels, of a picture
}

// Files finds one by its id.
type Files func(id string) (File, bool)

// Picture says whether it is a picture; otherwise it is a sound.
func (f File) Picture() bool { return f.Width > 0 && f.Height > 0 }

// Path is where a package holds it.
func (f File) Path() string {
	kinds := map[string]string{
		"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif",
		"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/ogg": ".ogg", "audio/wav": ".wav", "audio/webm": ".weba",
	}
	return "media/" + f.ID + kinds[f.MediaType]
}

// Files are the ids of what a draft shows, each once.
func (d *Draft) Files() []string {
	var out []string
	seen := map[string]bool{}
	add := func(id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	for _, b := range d.Stem {
		add(b.File)
	}
	for _, a := range d.Answers {
		if a.Picture != nil {
			add(a.Picture.File)
		}
	}
	if d.Picture != nil {
		add(d.Picture.File)
	}
	return out
}

// Problem is what keeps a draft from being a question: a field, and a text of the
// catalogue.
type Problem struct {
	Field string // as in the JSON: answers[2].text
	Key   string
	Args  map[string]any
}
