package media_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/livekit/protocol/livekit"

	"preau/internal/load/rtc"
	"preau/internal/media"
)

// house is a running engine behind its handler.
type house struct {
	t      *testing.T
	engine *media.LiveKit
	server *http.Server
	client *http.Client // reaches the server, at any host
	log    *safeBuffer

	mu     sync.Mutex
	events []media.Event
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const (
	lesson = "lesson-1"
	server = "http://preau.example"
)

// open starts an engine that stops with the test.
func open(t *testing.T, change ...func(*media.Options)) *house {
	t.Helper()
	h := &house{t: t, log: &safeBuffer{}}
	o := media.Options{
		Log:      slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Loopback: true,
		Notify: func(e media.Event) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.events = append(h.events, e)
		},
	}
	for _, c := range change {
		c(&o)
	}
	h.engine = media.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.engine.Run(ctx) }()
	select {
	case <-h.engine.Ready():
	case err := <-done:
		t.Fatal(err)
	}
	var l net.Listener
	l, h.client = media.InProcess()
	h.server = &http.Server{Handler: h.engine.Handler()}
	go h.server.Serve(l)
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		h.server.Close()
	})
	return h
}

// everything is each right.
var everything = media.Rights{Microphone: true, Camera: true, Screen: true}

func (h *house) token(g media.Grant) string {
	h.t.Helper()
	if g.Room == "" {
		g.Room = lesson
	}
	token, err := h.engine.Token(context.Background(), g)
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

// enter grants a place and connects.
func (h *house) enter(g media.Grant, change ...func(*rtc.Options)) *rtc.Client {
	h.t.Helper()
	return h.join(h.token(g), change...)
}

func (h *house) join(token string, change ...func(*rtc.Options)) *rtc.Client {
	h.t.Helper()
	o := rtc.Options{Server: server, HTTP: h.client, Token: token}
	for _, c := range change {
		c(&o)
	}
	c, err := rtc.Join(limited(h.t), o)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(c.Close)
	return c
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func (h *house) publish(c *rtc.Client, source livekit.TrackSource) *rtc.Publication {
	h.t.Helper()
	s := rtc.Stream{Source: source, Bits: 40_000}
	if source == livekit.TrackSource_CAMERA || source == livekit.TrackSource_SCREEN_SHARE {
		s.Bits, s.Frames, s.KeyEvery = 200_000, 15, time.Second
	}
	p, err := c.Publish(limited(h.t), s)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// until waits for something that must come; the time it takes decides nothing.
func (h *house) until(what string, is func() bool) {
	h.t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("never: %s\n%s", what, h.log)
		}
	}
}

func packets(c *rtc.Client, sid string) uint64 {
	if r := c.Received(sid); r != nil {
		return r.Packets.Load()
	}
	return 0
}

// receives waits until more of a track comes than had.
func (h *house) receives(c *rtc.Client, sid string) {
	h.t.Helper()
	before := packets(c, sid)
	h.until("packets of "+sid, func() bool { return packets(c, sid) > before+20 })
}

func (h *house) happened(kind media.EventKind, identity string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.ContainsFunc(h.events, func(e media.Event) bool { return e.Kind == kind && e.Identity == identity })
}

func TestTwoPeopleSeeAndHearEachOther(t *testing.T) {
	h := open(t)
	teacher := h.enter(media.Grant{Identity: "teacher", Rights: everything})
	pupil := h.enter(media.Grant{Identity: "pupil", Rights: everything})
	voice, picture := h.publish(teacher, livekit.TrackSource_MICROPHONE), h.publish(teacher, livekit.TrackSource_CAMERA)
	answer := h.publish(pupil, livekit.TrackSource_MICROPHONE)
	h.receives(pupil, voice.SID)
	h.receives(pupil, picture.SID)
	h.receives(teacher, answer.SID)

	all, err := h.engine.Participants(t.Context(), lesson)
	if err != nil || len(all) != 2 || all[0].Identity != "teacher" || len(all[0].Tracks) != 2 || all[0].Tracks[1] != (media.Track{Source: media.Microphone}) {
		t.Errorf("participants: %+v, %v", all, err)
	}
	pupil.Leave()
	h.until("pupil's departure", func() bool { return h.happened(media.Left, "pupil") })
	for _, kind := range []media.EventKind{media.Joined, media.Connected, media.Published} {
		if !h.happened(kind, "pupil") {
			t.Errorf("no event %s of the pupil: %v", kind, h.events)
		}
	}
}
