package lesson

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"preau/internal/fault"
	"preau/internal/media"
)

const (
	// tokenFor is how long the engine lets a token wait to be used.
	tokenFor = 10 * time.Minute
	// engineWithin bounds one call of the engine.
	engineWithin = 5 * time.Second
	// tryAgain is when a call that failed is made again.
	tryAgain = time.Second
)

// place is what a person may do with media.
type place struct {
	rights media.Rights
	camera []string // who may receive the camera; nil for everyone
}

func (p place) same(q place) bool {
	return p.rights == q.rights && (p.camera == nil) == (q.camera == nil) && slices.Equal(p.camera, q.camera)
}

func (p place) audience() media.Audience {
	if p.camera == nil {
		return media.Audience{Everyone: true}
	}
	return media.Audience{Identities: p.camera}
}

// places is every place that the state gives.
func (s *State) places() map[string]place {
	var staff []string
	for _, id := range s.Order {
		if p := s.People[id]; p.Here && p.Kind == KindStaff {
			staff = append(staff, id)
		}
	}
	places := map[string]place{}
	for _, id := range s.Order {
		p := s.People[id]
		if !p.Here || p.Banned {
			continue
		}
		r := s.rightsOf(p)
		one := place{rights: media.Rights{Microphone: r.Microphone, Camera: r.Camera, Screen: r.Screen}}
		if s.cameraOf(p) == ToStaff {
			one.camera = append([]string{}, staff...)
		}
		places[id] = one
	}
	return places
}

// stage makes the engine follow a lesson. Its goroutine alone calls the engine,
// so that a slow call holds back no lesson; the hub only says what is wanted.
type stage struct {
	engine media.Engine
	room   string
	log    *slog.Logger

	mu     sync.Mutex // guards all below
	wanted map[string]place
	asks   []ask
	mutes  []string
	closed bool
	wake   chan struct{}

	granted map[string]place // of the goroutine: what the engine has been told
}

// ask is somebody who wants to connect to the engine.
type ask struct {
	who    string
	answer func(token string, err error)
}

func newStage(engine media.Engine, room string, log *slog.Logger) *stage {
	return &stage{engine: engine, room: room, log: log, wake: make(chan struct{}, 1), granted: map[string]place{}}
}

// say changes what is wanted.
func (g *stage) say(f func()) {
	g.mu.Lock()
	f()
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

func (g *stage) run() {
	retry := time.NewTimer(tryAgain)
	retry.Stop()
	for {
		select {
		case <-g.wake:
		case <-retry.C:
		}
		g.mu.Lock()
		wanted, asks, mutes, closed := g.wanted, g.asks, g.mutes, g.closed
		g.asks, g.mutes = nil, nil
		g.mu.Unlock()
		if closed {
			for _, a := range asks {
				a.answer("", fault.New(fault.Gone, "lesson.ended"))
			}
			if err := g.call(func(ctx context.Context) error { return g.engine.CloseRoom(ctx, g.room) }); err != nil && !fault.Is(err, fault.Unavailable) {
				g.log.Warn("a room was not closed", "id", g.room, "error", err)
			}
			return
		}
		if err := g.follow(wanted); err != nil {
			g.log.Warn("the media engine does not follow yet", "id", g.room, "error", err)
			retry.Reset(tryAgain)
		}
		for _, a := range asks {
			a.answer(g.grant(wanted, a.who))
		}
		for _, who := range mutes {
			err := g.call(func(ctx context.Context) error { return g.engine.Mute(ctx, g.room, who, media.Microphone) })
			if err != nil && !fault.Is(err, fault.NotFound) {
				g.log.Warn("a microphone was not muted", "id", g.room, "error", err)
			}
		}
	}
}

func (g *stage) call(f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), engineWithin)
	defer cancel()
	return f(ctx)
}

// follow tells the engine what has changed for those who were granted a place.
// What fails stays different, and is tried again.
func (g *stage) follow(wanted map[string]place) error {
	var failed error
	for _, who := range slices.Sorted(maps.Keys(g.granted)) {
		had := g.granted[who]
		want, still := wanted[who]
		var err error
		switch {
		case !still:
			err = g.call(func(ctx context.Context) error { return g.engine.Remove(ctx, g.room, who) })
		case had.same(want):
			continue
		default:
			err = g.call(func(ctx context.Context) error {
				// Fewer eyes before more rights.
				if err := g.engine.SetAudience(ctx, g.room, who, media.Camera, want.audience()); err != nil {
					return err
				}
				return g.engine.SetRights(ctx, g.room, who, want.rights)
			})
		}
		switch {
		case fault.Is(err, fault.NotFound), err == nil && !still:
			delete(g.granted, who)
		case err == nil:
			g.granted[who] = want
		default:
			failed = err
		}
	}
	return failed
}

// grant gives somebody what to connect with.
func (g *stage) grant(wanted map[string]place, who string) (token string, err error) {
	want, in := wanted[who]
	if !in {
		return "", notAllowed()
	}
	err = g.call(func(ctx context.Context) error {
		token, err = g.engine.Token(ctx, media.Grant{Room: g.room, Identity: who, Rights: want.rights, Audiences: map[media.Source]media.Audience{media.Camera: want.audience()}})
		return err
	})
	if err == nil {
		g.granted[who] = want
	}
	return token, err
}

// mediaChanged tells the engine what the state gives now.
func (h *hub) mediaChanged(e Event) {
	if h.stage == nil {
		return
	}
	switch e := e.(type) {
	case Joined, Left, Attended, Unattended, PresetSet, RightsSet, RightsOf, CamerasSet, CameraTo, Banned, Unbanned, Ended:
		places := h.state.places()
		h.stage.say(func() { h.stage.wanted = places })
	case Muted:
		h.mediaMute(e)
	}
}

// mediaMute silences microphones now. Their owners may open them again.
func (h *hub) mediaMute(e Muted) {
	var mutes []string
	for _, id := range h.state.Order {
		if p := h.state.People[id]; p.Here && (id == e.Who || e.All && p.Kind != KindStaff) {
			mutes = append(mutes, id)
		}
	}
	h.stage.say(func() { h.stage.mutes = append(h.stage.mutes, mutes...) })
}

// mediaToken answers the command media, from the stage's goroutine.
func (h *hub) mediaToken(c *conn, f frame) {
	if h.stage == nil {
		c.refuse(f.ID, fault.New(fault.Unavailable, "lesson.no_media"))
		return
	}
	until := h.service.now() + tokenFor.Milliseconds()
	h.stage.say(func() {
		h.stage.asks = append(h.stage.asks, ask{who: c.viewer.id, answer: func(token string, err error) {
			if err != nil {
				c.refuse(f.ID, err)
				return
			}
			c.send(encode(map[string]any{"type": "done", "re": f.ID, "url": h.service.origin, "room": h.lesson.ID, "token": token, "until": until}))
		}})
	})
}

// AdmitMedia is asked by the engine at each connection: whoever is not in the
// lesson now is refused, whatever token they hold.
func (s *Service) AdmitMedia(ctx context.Context, room, identity string) error {
	if known, err := s.admitCheck(room); known {
		return err
	}
	refused := fault.New(fault.Forbidden, "lesson.not_allowed")
	s.mu.Lock()
	h := s.hubs[room]
	s.mu.Unlock()
	if h == nil {
		return refused
	}
	in := false
	err := h.ask(ctx, func() {
		p := h.state.People[identity]
		in = p != nil && p.Here && !p.Banned && h.state.Ended == 0
	})
	if isLost(err) || err == nil && !in {
		return refused
	}
	return err
}

// HearMedia is told by the engine what happens in its rooms. It does not wait.
func (s *Service) HearMedia(e media.Event) {
	if e.Kind != media.QualityChanged {
		return
	}
	s.mu.Lock()
	h := s.hubs[e.Room]
	s.mu.Unlock()
	if h == nil {
		return
	}
	level := string(e.Quality)
	if e.Quality == media.Excellent {
		level = string(media.Good)
	}
	select {
	case h.in <- func() {
		h.signal([]signal{{e.Identity, map[string]any{"sig": "weak", "level": level}}})
	}:
	default: // the next measure is five seconds away
	}
}
