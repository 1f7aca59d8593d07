package media

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/livekit/livekit-server/pkg/rtc/types"
	"github.com/livekit/livekit-server/pkg/telemetry"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/observability/roomobs"
)

// observer hears what the engine's rooms tell of themselves.
type observer struct {
	telemetry.NullTelemetryService
	engine *LiveKit
}

// RoomProjectReporter may not be absent.
func (o *observer) RoomProjectReporter(context.Context) roomobs.ProjectReporter {
	return roomobs.NewNoopProjectReporter()
}

// ParticipantJoined is called by the goroutine that starts a session, before
// it reads any frame of the client: nothing can be published before it
// returns.
func (o *observer) ParticipantJoined(_ context.Context, room *livekit.Room, p *livekit.ParticipantInfo, _ *livekit.ClientInfo, _ *livekit.AnalyticsClientMeta, event bool, _ *telemetry.ReferenceGuard) {
	if !event { // only its statistics begin
		return
	}
	o.engine.joined(room.Name, p.Identity, livekit.ParticipantID(p.Sid))
}

func (o *observer) ParticipantActive(_ context.Context, room *livekit.Room, p *livekit.ParticipantInfo, _ *livekit.AnalyticsClientMeta, _ bool, _ *telemetry.ReferenceGuard) {
	o.engine.events.put(happened{kind: Connected, room: room.Name, identity: p.Identity, session: livekit.ParticipantID(p.Sid)})
}

func (o *observer) ParticipantLeft(_ context.Context, room *livekit.Room, p *livekit.ParticipantInfo, event bool, _ *telemetry.ReferenceGuard) {
	if !event {
		return
	}
	o.engine.events.put(happened{kind: Left, room: room.Name, identity: p.Identity, session: livekit.ParticipantID(p.Sid)})
}

func (o *observer) TrackPublishRequested(_ context.Context, _ livekit.RoomID, room livekit.RoomName, session livekit.ParticipantID, identity livekit.ParticipantIdentity, t *livekit.TrackInfo, _ bool) {
	o.engine.events.track(asked, room, session, identity, t)
}

func (o *observer) TrackPublished(_ context.Context, _ livekit.RoomID, room livekit.RoomName, session livekit.ParticipantID, identity livekit.ParticipantIdentity, t *livekit.TrackInfo, _ bool) {
	o.engine.events.track(Published, room, session, identity, t)
	if t.Muted {
		o.engine.events.track(Muted, room, session, identity, t)
	}
}

func (o *observer) TrackUnpublished(_ context.Context, _ livekit.RoomID, room livekit.RoomName, session livekit.ParticipantID, identity livekit.ParticipantIdentity, t *livekit.TrackInfo, _ bool) {
	o.engine.events.track(Unpublished, room, session, identity, t)
}

func (o *observer) TrackMuted(_ context.Context, _ livekit.RoomID, room livekit.RoomName, session livekit.ParticipantID, t *livekit.TrackInfo) {
	o.engine.events.track(Muted, room, session, "", t)
}

func (o *observer) TrackUnmuted(_ context.Context, _ livekit.RoomID, room livekit.RoomName, session livekit.ParticipantID, t *livekit.TrackInfo) {
	o.engine.events.track(Unmuted, room, session, "", t)
}

// asked is a track announced, before any of its media.
const asked EventKind = "asked"

// happened is an event as the engine tells it.
type happened struct {
	kind           EventKind
	room, identity string // identity may be empty where session tells it
	session        livekit.ParticipantID
	track          string
	source         Source
	lies           bool // the media are not of the kind that was announced
}

// queue takes events from the engine's goroutines, some of which run within
// our own calls: putting never waits. What can be put is bounded by the rate at
// which clients may send frames.
type queue struct {
	mu   sync.Mutex
	list []happened
	some chan struct{} // holds a token when the list is not empty
}

func (q *queue) put(h happened) {
	q.mu.Lock()
	q.list = append(q.list, h)
	q.mu.Unlock()
	select {
	case q.some <- struct{}{}:
	default:
	}
}

func (q *queue) track(kind EventKind, room livekit.RoomName, session livekit.ParticipantID, identity livekit.ParticipantIdentity, t *livekit.TrackInfo) {
	sound := t.Source == livekit.TrackSource_MICROPHONE || t.Source == livekit.TrackSource_SCREEN_SHARE_AUDIO
	lies := t.MimeType != "" && strings.HasPrefix(strings.ToLower(t.MimeType), "audio/") != sound
	q.put(happened{kind: kind, room: string(room), identity: string(identity), session: session, track: t.Sid, source: sourceOf(t.Source), lies: lies})
}

func (q *queue) take() []happened {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.list
	q.list = nil
	return list
}

// joined makes the engine follow what is granted before the person can publish,
// and takes out one who was removed while connecting.
func (e *LiveKit) joined(room, identity string, session livekit.ParticipantID) {
	e.people.mu.Lock()
	_, p := e.people.find(room, identity)
	if p != nil {
		p.session, p.tracks = session, map[string]Source{}
	}
	e.people.mu.Unlock()
	if p == nil {
		e.expel(room, identity, session)
		return
	}
	if err := e.tell(room, identity); err != nil {
		e.opts.Log.Error("a person's audience could not be set: they are taken out", "error", err)
		e.expel(room, identity, session)
		return
	}
	e.events.put(happened{kind: Joined, room: room, identity: identity, session: session})
}

func (e *LiveKit) expel(room, identity string, session livekit.ParticipantID) {
	if r := e.rooms.GetRoom(context.Background(), livekit.RoomName(room)); r != nil {
		r.RemoveParticipant(livekit.ParticipantIdentity(identity), session, types.ParticipantCloseReasonServiceRequestRemoveParticipant)
	}
}

// qualityEvery is how often the quality of connections is looked at; the
// engine itself measures it every five seconds.
const qualityEvery = 5 * time.Second

// work takes what happened, in order, and closes idle rooms, until ctx ends.
func (e *LiveKit) work(ctx context.Context) {
	idle := time.NewTicker(time.Second)
	defer idle.Stop()
	quality := time.NewTicker(qualityEvery)
	defer quality.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-idle.C:
			e.rooms.CloseIdleRooms()
		case <-quality.C:
			e.measure()
		case <-e.events.some:
			for _, h := range e.events.take() {
				e.follow(h)
			}
		}
	}
}

// follow keeps what is known of people up to date and passes the event on. An
// event of a connection that another has replaced is none.
func (e *LiveKit) follow(h happened) {
	e.people.mu.Lock()
	r := e.people.rooms[h.room]
	if r != nil && h.identity == "" {
		for identity, p := range r.people {
			if p.session == h.session {
				h.identity = identity
			}
		}
	}
	_, p := e.people.find(h.room, h.identity)
	known := p != nil && p.session == h.session
	replaced := p != nil && p.session != h.session
	limited, unwanted := false, false
	if known {
		switch h.kind {
		case asked:
			p.tracks[h.track] = h.source
			limited = !p.open()
		case Published:
			unwanted = h.lies || !p.rights.May(h.source) // asked for before the right was withdrawn
		case Unpublished:
			delete(p.tracks, h.track)
		case Left:
			p.session, p.tracks, p.quality = "", map[string]Source{}, ""
		}
	}
	e.people.mu.Unlock()
	if limited {
		if err := e.tell(h.room, h.identity); err != nil {
			e.opts.Log.Error("a person's audience could not be set", "error", err)
		}
	}
	if unwanted {
		e.withdraw(h.room, h.identity, h.track)
	}
	// One who was removed is no longer known, yet leaves.
	if h.kind == asked || replaced || h.identity == "" || !known && h.kind != Left {
		return
	}
	e.notify(Event{Kind: h.kind, Room: h.room, Identity: h.identity, Source: h.source})
}

func (e *LiveKit) withdraw(room, identity, track string) {
	who := e.connected(room, identity)
	if who == nil {
		return
	}
	for _, t := range who.GetPublishedTracks() {
		if string(t.ID()) == track {
			who.RemovePublishedTrack(t, false)
		}
	}
}

// measure tells whose connection changed.
func (e *LiveKit) measure() {
	e.people.mu.Lock()
	var names []string
	for name := range e.people.rooms {
		names = append(names, name)
	}
	e.people.mu.Unlock()
	for _, name := range names {
		now, err := e.Participants(context.Background(), name)
		if err != nil {
			return
		}
		for _, one := range now {
			e.people.mu.Lock()
			_, p := e.people.find(name, one.Identity)
			changed := p != nil && p.session != "" && p.quality != one.Quality
			if changed {
				p.quality = one.Quality
			}
			e.people.mu.Unlock()
			if changed {
				e.notify(Event{Kind: QualityChanged, Room: name, Identity: one.Identity, Quality: one.Quality})
			}
		}
	}
}

func (e *LiveKit) notify(event Event) {
	if e.opts.Notify != nil {
		e.opts.Notify(event)
	}
}
