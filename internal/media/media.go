package media

import (
	"context"
	"net/http"
	"slices"
)

// Engine is a media server. Rooms and people are opaque random names that the
// lesson makes (1 to 64 of A-Z a-z 0-9 _ -); a workshop is another room. Calls
// before the engine runs, or after it stopped, are refused with the kind
// unavailable.
type Engine interface {
	// Run starts the engine and stops it when ctx ends. It is called once.
	Run(ctx context.Context) error
	// Ready is closed once the engine answers.
	Ready() <-chan struct{}
	// Handler answers browsers' signalling under /rtc.
	Handler() http.Handler

	// Token grants one person a place in a room and gives what the client
	// connects with, for ten minutes; while it is connected the engine renews
	// it. Granting again replaces rights and audiences.
	Token(ctx context.Context, g Grant) (string, error)
	// SetRights says what a person may publish from now on. What is published
	// without a right any more stops at once.
	SetRights(ctx context.Context, room, identity string, r Rights) error
	// SetAudience says who may receive a person's source, from now on.
	SetAudience(ctx context.Context, room, identity string, s Source, a Audience) error
	// Mute silences a source; only the person can open it again, and only with
	// the right to. Nothing opens somebody else's microphone or camera.
	Mute(ctx context.Context, room, identity string, s Source) error
	// Remove takes a person out; their tokens serve no more until Token grants
	// them a place again.
	Remove(ctx context.Context, room, identity string) error
	// CloseRoom takes everybody out and forgets the room.
	CloseRoom(ctx context.Context, room string) error
	// Participants lists who is connected, in the order of their arrival.
	Participants(ctx context.Context, room string) ([]Participant, error)
}

// Source is what a track shows or lets hear.
type Source string

// The sources. A screen's sound goes with the right to show a screen.
const (
	Microphone  Source = "microphone"
	Camera      Source = "camera"
	Screen      Source = "screen"
	ScreenSound Source = "screen_sound"
)

// Rights are what a person may publish. None of them: only see and hear.
type Rights struct {
	Microphone, Camera, Screen bool
}

// May tells whether a source may be published.
func (r Rights) May(s Source) bool {
	switch s {
	case Microphone:
		return r.Microphone
	case Camera:
		return r.Camera
	case Screen, ScreenSound:
		return r.Screen
	}
	return false
}

// Audience is who may receive a source: everyone in the room, or those named.
// The zero value is nobody.
type Audience struct {
	Everyone   bool
	Identities []string
}

func (a Audience) has(identity string) bool {
	return a.Everyone || slices.Contains(a.Identities, identity)
}

// Grant is one person's place in a room.
type Grant struct {
	Room, Identity string
	Rights         Rights
	// Audiences of the sources; one that is absent is for everyone.
	Audiences map[Source]Audience
}

// Participant is one connected person.
type Participant struct {
	Identity string
	Quality  Quality
	Tracks   []Track
}

// Track is what a person publishes.
type Track struct {
	Source Source
	Muted  bool
}

// Quality is what the network lets through, as the engine measures it.
type Quality string

// The qualities.
const (
	Lost      Quality = "lost"
	Poor      Quality = "poor"
	Good      Quality = "good"
	Excellent Quality = "excellent"
)

// Event is something that happened in a room.
type Event struct {
	Kind           EventKind
	Room, Identity string
	Source         Source  // of Published, Unpublished, Muted and Unmuted
	Quality        Quality // of QualityChanged
}

// EventKind says what happened.
type EventKind string

// The events. Joined comes when signalling stands, Connected when media flow;
// a person who connects again in place of an earlier connection joins again
// without leaving.
const (
	Joined         EventKind = "joined"
	Connected      EventKind = "connected"
	Left           EventKind = "left"
	Published      EventKind = "published"
	Unpublished    EventKind = "unpublished"
	Muted          EventKind = "muted"
	Unmuted        EventKind = "unmuted"
	QualityChanged EventKind = "quality"
)
