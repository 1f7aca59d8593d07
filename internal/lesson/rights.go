package lesson

// Kind says what a person of a lesson is.
type Kind string

// The kinds of person.
const (
	KindStaff Kind = "staff"
	KindSeat  Kind = "seat"
	KindGuest Kind = "guest"
)

// Role is what a person is in the lesson.
type Role string

// The roles. The first three have the lesson in charge.
const (
	Teacher     Role = "teacher"
	CoTeacher   Role = "coteacher"
	Substitute  Role = "substitute"
	Assistant   Role = "assistant"
	Interpreter Role = "interpreter"
	Pupil       Role = "pupil"
	Guest       Role = "guest"
)

// inCharge says whether the role has the commands over the whole lesson.
func (r Role) inCharge() bool { return r == Teacher || r == CoTeacher || r == Substitute }

// Rights are the six things that one may do or not.
type Rights struct {
	Microphone bool `json:"microphone"`
	Camera     bool `json:"camera"`
	Screen     bool `json:"screen"`
	Chat       bool `json:"chat"`
	Reactions  bool `json:"reactions"`
	Drawing    bool `json:"drawing"`
}

// Own are the rights set for one person; nil follows the lesson.
type Own struct {
	Microphone *bool `json:"microphone,omitempty"`
	Camera     *bool `json:"camera,omitempty"`
	Screen     *bool `json:"screen,omitempty"`
	Chat       *bool `json:"chat,omitempty"`
	Reactions  *bool `json:"reactions,omitempty"`
	Drawing    *bool `json:"drawing,omitempty"`
}

var (
	allRights = Rights{true, true, true, true, true, true}
	noRights  = Rights{}
)

// named is the right of that name, nil when there is none.
func (r *Rights) named(name string) *bool {
	return [...]*bool{&r.Microphone, &r.Camera, &r.Screen, &r.Chat, &r.Reactions, &r.Drawing, nil}[rightIndex(name)]
}

func (o *Own) named(name string) **bool {
	return [...]**bool{&o.Microphone, &o.Camera, &o.Screen, &o.Chat, &o.Reactions, &o.Drawing, nil}[rightIndex(name)]
}

// rightNames are the names of the six rights in the protocol.
func rightNames() []string {
	return []string{"microphone", "camera", "screen", "chat", "reactions", "drawing"}
}

func rightIndex(name string) int {
	names := rightNames()
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return len(names)
}

// over gives the lesson's rights with a person's own in their place.
func (o Own) over(lesson Rights) Rights {
	for _, name := range rightNames() {
		if own := *o.named(name); own != nil {
			*lesson.named(name) = *own
		}
	}
	return lesson
}

// granted says whether anything is given to the person beyond the lesson.
func (o Own) granted() bool {
	for _, name := range rightNames() {
		if own := *o.named(name); own != nil && *own {
			return true
		}
	}
	return false
}

// withoutGrants keeps what was taken from the person and drops what was given.
func (o Own) withoutGrants() Own {
	for _, name := range rightNames() {
		if own := o.named(name); *own != nil && **own {
			*own = nil
		}
	}
	return o
}

// Where the chat goes.
const (
	ChatEveryone  = "everyone"
	ChatStaff     = "staff"
	ChatModerated = "moderated"
	ChatClosed    = "closed"
)

// Who sees a camera.
const (
	ToEveryone = "everyone"
	ToStaff    = "staff"
)

// preset gives what a preset sets at once.
func preset(name string) (rights Rights, chat string, ok bool) {
	switch name {
	case "cours":
		return Rights{Microphone: true, Camera: true, Chat: true, Reactions: true}, ChatEveryone, true
	case "debat":
		return Rights{Microphone: true, Camera: true, Chat: true, Reactions: true, Drawing: true}, ChatEveryone, true
	case "evaluation":
		return Rights{}, ChatStaff, true
	case "silence":
		return Rights{Camera: true, Reactions: true}, ChatStaff, true
	}
	return Rights{}, "", false
}

// rightsOf are the rights that a person has now. Staff who are in have them
// all; pupils and guests none while nobody has the lesson in charge.
func (s *State) rightsOf(p *Person) Rights {
	if p.Kind == KindStaff {
		return allRights
	}
	if !s.Attended || p.Banned {
		return noRights
	}
	return p.Own.over(s.Rights)
}

// cameraOf says who may see a person's camera now. A person's own stricter
// choice stays whatever staff set.
func (s *State) cameraOf(p *Person) string {
	set := p.SetCamera
	if set == "" {
		set = s.Cameras
	}
	if p.OwnCamera == ToStaff || p.Kind != KindStaff && set == ToStaff {
		return ToStaff
	}
	return ToEveryone
}
