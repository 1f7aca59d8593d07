package media

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/livekit/livekit-server/pkg/rtc/types"
	"github.com/livekit/livekit-server/pkg/service"
	"github.com/livekit/protocol/auth"
	"github.com/livekit/protocol/livekit"

	"preau/internal/fault"
)

// people holds who was granted a place where. It is the authority: tokens only
// name a person, and what the engine knows of rights is set from here.
type people struct {
	mu    sync.Mutex // of the maps; never held while calling the engine
	rooms map[string]*room
}

type room struct {
	name string
	// apply is held while the engine is told of a change, so that changes reach
	// it in the order in which they were made. It is taken before people.mu.
	apply  sync.Mutex
	people map[string]*person
}

type person struct {
	rights    Rights
	audiences map[Source]Audience
	session   livekit.ParticipantID // of the connection, or ""
	tracks    map[string]Source     // asked for or published, by track id
	quality   Quality
}

// maxPeople is how many places a room has.
const maxPeople = 500

var opaque = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Token grants a place.
func (e *LiveKit) Token(_ context.Context, g Grant) (string, error) {
	if !opaque.MatchString(g.Room) || !opaque.MatchString(g.Identity) {
		return "", fmt.Errorf("media: room %q or identity %q is not an opaque name", g.Room, g.Identity)
	}
	if _, err := e.manager(); err != nil {
		return "", err
	}
	e.people.mu.Lock()
	r := e.people.rooms[g.Room]
	if r == nil {
		r = &room{name: g.Room, people: map[string]*person{}}
		e.people.rooms[g.Room] = r
	}
	p := r.people[g.Identity]
	if p == nil {
		if len(r.people) >= maxPeople {
			e.people.mu.Unlock()
			return "", fault.New(fault.Limited, "media.full", "max", maxPeople)
		}
		p = &person{tracks: map[string]Source{}}
		r.people[g.Identity] = p
	}
	p.rights, p.audiences = g.Rights, maps.Clone(g.Audiences)
	if p.audiences == nil {
		p.audiences = map[Source]Audience{}
	}
	e.people.mu.Unlock()
	if err := e.tell(g.Room, g.Identity); err != nil {
		return "", err
	}
	return e.sign(g.Room, g.Identity, Rights{})
}

// SetRights says what a person may publish.
func (e *LiveKit) SetRights(_ context.Context, room, identity string, rights Rights) error {
	if err := e.change(room, identity, func(p *person) { p.rights = rights }); err != nil {
		return err
	}
	return e.tell(room, identity)
}

// SetAudience says who may receive a source.
func (e *LiveKit) SetAudience(_ context.Context, room, identity string, s Source, a Audience) error {
	a.Identities = slices.Clone(a.Identities)
	if err := e.change(room, identity, func(p *person) { p.audiences[s] = a }); err != nil {
		return err
	}
	return e.tell(room, identity)
}

func (e *LiveKit) change(room, identity string, do func(*person)) error {
	e.people.mu.Lock()
	defer e.people.mu.Unlock()
	_, p := e.people.find(room, identity)
	if p == nil {
		return fault.New(fault.NotFound, "media.absent")
	}
	do(p)
	return nil
}

// find is called with mu held.
func (a *people) find(room, identity string) (*room, *person) {
	r := a.rooms[room]
	if r == nil {
		return nil, nil
	}
	return r, r.people[identity]
}

// tell makes the engine follow what is granted to a person, where connected,
// and what each person whose audience is limited shows to them.
func (e *LiveKit) tell(name, identity string) error {
	e.people.mu.Lock()
	r, _ := e.people.find(name, identity)
	e.people.mu.Unlock()
	if r == nil {
		return nil
	}
	r.apply.Lock()
	defer r.apply.Unlock()
	e.people.mu.Lock()
	p := r.people[identity]
	if p == nil {
		e.people.mu.Unlock()
		return nil
	}
	rights := permission(p.rights)
	shown := map[string]*livekit.SubscriptionPermission{identity: r.shows(identity)}
	for other, q := range r.people {
		if other != identity && !q.open() {
			shown[other] = r.shows(other)
		}
	}
	e.people.mu.Unlock()

	if who := e.connected(name, identity); who != nil {
		who.SetPermission(rights)
	}
	var failed error
	for publisher, to := range shown {
		if who := e.connected(name, publisher); who != nil {
			failed = errors.Join(failed, who.HandleUpdateSubscriptionPermission(to))
		}
	}
	return failed
}

// open tells whether everyone may receive whatever the person publishes.
func (p *person) open() bool {
	for _, a := range p.audiences {
		if !a.Everyone {
			return false
		}
	}
	return true
}

// shows says who may receive which track of a person. Once a source has a
// limited audience nothing is shown but what is listed, so that a track is
// hidden until it is known what it shows. Called with people.mu held.
func (r *room) shows(publisher string) *livekit.SubscriptionPermission {
	p := r.people[publisher]
	if p.open() {
		return &livekit.SubscriptionPermission{AllParticipants: true}
	}
	allowed := &livekit.SubscriptionPermission{}
	for other := range r.people {
		var sids []string
		for sid, source := range p.tracks {
			if a, limited := p.audiences[source]; !limited || a.has(other) {
				sids = append(sids, sid)
			}
		}
		if len(sids) > 0 {
			allowed.TrackPermissions = append(allowed.TrackPermissions, &livekit.TrackPermission{ParticipantIdentity: other, TrackSids: sids})
		}
	}
	return allowed
}

// connected gives the engine's view of a person, or nil.
func (e *LiveKit) connected(room, identity string) types.LocalParticipant {
	if e.rooms == nil {
		return nil
	}
	r := e.rooms.GetRoom(context.Background(), livekit.RoomName(room))
	if r == nil {
		return nil
	}
	if p := r.GetParticipant(livekit.ParticipantIdentity(identity)); p != nil {
		return p
	}
	return nil
}

// Mute silences a source.
func (e *LiveKit) Mute(ctx context.Context, room, identity string, s Source) error {
	rooms, err := e.manager()
	if err != nil {
		return err
	}
	who := e.connected(room, identity)
	if who == nil {
		return fault.New(fault.NotFound, "media.absent")
	}
	for _, t := range who.GetPublishedTracks() {
		if sourceOf(t.Source()) == s && !t.IsMuted() {
			_, err := rooms.MutePublishedTrack(ctx, &livekit.MuteRoomTrackRequest{Room: room, Identity: identity, TrackSid: string(t.ID()), Muted: true})
			if err != nil && !gone(err) {
				return err
			}
		}
	}
	return nil
}

// Remove takes a person out.
func (e *LiveKit) Remove(ctx context.Context, room, identity string) error {
	rooms, err := e.manager()
	if err != nil {
		return err
	}
	e.people.mu.Lock()
	if r := e.people.rooms[room]; r != nil {
		delete(r.people, identity)
	}
	e.people.mu.Unlock()
	_, err = rooms.RemoveParticipant(ctx, &livekit.RoomParticipantIdentity{Room: room, Identity: identity})
	if gone(err) {
		return nil
	}
	return err
}

// CloseRoom takes everybody out.
func (e *LiveKit) CloseRoom(ctx context.Context, room string) error {
	rooms, err := e.manager()
	if err != nil {
		return err
	}
	e.people.mu.Lock()
	delete(e.people.rooms, room)
	e.people.mu.Unlock()
	_, err = rooms.DeleteRoom(ctx, &livekit.DeleteRoomRequest{Room: room})
	if gone(err) {
		return nil
	}
	return err
}

func gone(err error) bool {
	return errors.Is(err, service.ErrRoomNotFound) || errors.Is(err, service.ErrParticipantNotFound)
}

// Participants lists who is connected.
func (e *LiveKit) Participants(ctx context.Context, room string) ([]Participant, error) {
	rooms, err := e.manager()
	if err != nil {
		return nil, err
	}
	r := rooms.GetRoom(ctx, livekit.RoomName(room))
	if r == nil {
		return nil, nil
	}
	all := r.GetParticipants()
	slices.SortFunc(all, func(a, b types.LocalParticipant) int { return a.ConnectedAt().Compare(b.ConnectedAt()) })
	list := make([]Participant, 0, len(all))
	for _, p := range all {
		one := Participant{Identity: string(p.Identity()), Quality: qualityOf(p.GetConnectionQuality().GetQuality())}
		for _, t := range p.GetPublishedTracks() {
			one.Tracks = append(one.Tracks, Track{Source: sourceOf(t.Source()), Muted: t.IsMuted()})
		}
		slices.SortFunc(one.Tracks, func(a, b Track) int { return strings.Compare(string(a.Source), string(b.Source)) })
		list = append(list, one)
	}
	return list, nil
}

// tokenLife is how long a token may wait to be used. While connected, the
// engine renews it.
const tokenLife = 10 * time.Minute

// sign makes a token. Those given to clients hold no right: the rights are
// added, as they are then, when the connection is made.
func (e *LiveKit) sign(room, identity string, r Rights) (string, error) {
	allowed := permission(r)
	grant := &auth.VideoGrant{RoomJoin: true, Room: room}
	grant.UpdateFromPermission(allowed)
	return auth.NewAccessToken(e.key, e.secret).SetIdentity(identity).SetVideoGrant(grant).SetValidFor(tokenLife).ToJWT()
}

// verify checks a token's signature and time.
func (e *LiveKit) verify(token string) (*auth.ClaimGrants, time.Time, error) {
	v, err := auth.ParseAPIToken(token)
	if err != nil {
		return nil, time.Time{}, err
	}
	registered, claims, err := v.Verify(e.secret)
	if err != nil {
		return nil, time.Time{}, err
	}
	if claims.Video == nil || !claims.Video.RoomJoin || registered.ExpiresAt == nil {
		return nil, time.Time{}, errors.New("media: a token for something else")
	}
	return claims, registered.ExpiresAt.Time, nil
}

// permission puts rights in LiveKit's words. An empty list of sources would
// mean all of them.
func permission(r Rights) *livekit.ParticipantPermission {
	p := &livekit.ParticipantPermission{CanSubscribe: true}
	for _, s := range []Source{Microphone, Camera, Screen, ScreenSound} {
		if r.May(s) {
			p.CanPublishSources = append(p.CanPublishSources, trackSource(s))
		}
	}
	p.CanPublish = len(p.CanPublishSources) > 0
	return p
}

func trackSource(s Source) livekit.TrackSource {
	switch s {
	case Microphone:
		return livekit.TrackSource_MICROPHONE
	case Camera:
		return livekit.TrackSource_CAMERA
	case Screen:
		return livekit.TrackSource_SCREEN_SHARE
	case ScreenSound:
		return livekit.TrackSource_SCREEN_SHARE_AUDIO
	}
	return livekit.TrackSource_UNKNOWN
}

func sourceOf(s livekit.TrackSource) Source {
	for _, one := range []Source{Microphone, Camera, Screen, ScreenSound} {
		if trackSource(one) == s {
			return one
		}
	}
	return ""
}

func qualityOf(q livekit.ConnectionQuality) Quality {
	switch q {
	case livekit.ConnectionQuality_POOR:
		return Poor
	case livekit.ConnectionQuality_GOOD:
		return Good
	case livekit.ConnectionQuality_EXCELLENT:
		return Excellent
	}
	return Lost
}
