package lesson_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/livekit/protocol/livekit"

	"preau/internal/lesson/lessonclient"
	"preau/internal/load/rtc"
	"preau/internal/media"
)

// join connects somebody who is in a lesson to the engine.
func (h *house) join(c *lessonclient.Client) (*rtc.Client, string) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	token, _ := do(h.t, c, "media", nil)["token"].(string)
	r, err := rtc.Join(ctx, rtc.Options{Server: h.server.URL, Token: token})
	if err != nil {
		h.t.Fatalf("join media: %v", err)
	}
	h.t.Cleanup(r.Close)
	return r, token
}

func (h *house) publish(c *rtc.Client, s rtc.Stream) string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	p, err := c.Publish(ctx, s)
	if err != nil {
		h.t.Fatalf("publish: %v", err)
	}
	return p.SID
}

// eventually waits for what the engine does by itself.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

func packets(c *rtc.Client, sid string) uint64 {
	if r := c.Received(sid); r != nil {
		return r.Packets.Load()
	}
	return 0
}

// What the lesson decides, the engine enforces: who sees a camera, nothing of
// pupils while nobody has the lesson in charge, nothing of whoever is banned.
func TestEngineFollowsTheLesson(t *testing.T) {
	h := newHouse(t, "sqlite", 2)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.house.Media.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	select {
	case <-h.house.Media.Ready():
	case err := <-ended:
		ended <- err
		t.Fatal(err)
	}
	tracks := func(id, who string) (sources []media.Source) {
		t.Helper()
		people, err := h.house.Media.Participants(t.Context(), id)
		h.must(err)
		for _, p := range people {
			if p.Identity == who {
				for _, track := range p.Tracks {
					sources = append(sources, track.Source)
				}
			}
		}
		return sources
	}

	id := h.openLesson()
	teacher, first, second := h.live(id, h.teacher), h.live(id, h.enter(0)), h.live(id, h.enter(1))
	until(t, first, "attended", attended)
	do(t, first, "camera_to", map[string]any{"to": "staff"})
	adult, _ := h.join(teacher)
	hostile, _ := h.join(second)
	pupil, token := h.join(first)
	voice := h.publish(pupil, rtc.Stream{Source: livekit.TrackSource_MICROPHONE})
	camera := h.publish(pupil, rtc.Stream{Source: livekit.TrackSource_CAMERA, Bits: 200_000, Frames: 10, KeyEvery: time.Second})
	eventually(t, "the teacher sees and hears", func() bool { return packets(adult, camera) > 20 && packets(adult, voice) > 20 })
	eventually(t, "the other pupil hears", func() bool { return packets(hostile, voice) > 20 })
	h.must(hostile.Subscribe(true, camera))
	before := packets(adult, camera)
	eventually(t, "the camera goes on", func() bool { return packets(adult, camera) > before+50 })
	if n := packets(hostile, camera); n != 0 {
		t.Errorf("a camera for staff only gave another pupil %d packets", n)
	}

	// A right that is taken stops what is published.
	do(t, teacher, "rights_of", map[string]any{"who": me(first), "rights": map[string]any{"microphone": false}})
	eventually(t, "the microphone is taken", func() bool { return len(tracks(id, me(first))) == 1 })

	teacher.Close()
	until(t, first, "unattended", func(v *lessonclient.View) bool { return !v.Lesson.Attended })
	eventually(t, "nothing is published", func() bool { return len(tracks(id, me(first))) == 0 })

	teacher = h.live(id, h.teacher)
	do(t, teacher, "ban", map[string]any{"who": me(first)})
	select {
	case <-pupil.Ended():
	case <-time.After(patience):
		t.Fatal("a banned pupil is still connected to the engine")
	}
	_, err := rtc.Join(t.Context(), rtc.Options{Server: h.server.URL, Token: token})
	if refused := new(rtc.Refused); !errors.As(err, &refused) || refused.Status != 403 {
		t.Errorf("the old token: %v, want 403", err)
	}
	do(t, teacher, "end", nil)
	eventually(t, "the room is closed", func() bool { return len(tracks(id, me(second))) == 0 })
}
