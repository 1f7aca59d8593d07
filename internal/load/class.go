package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/livekit/protocol/livekit"

	"preau/internal/load/rtc"
)

// entry brings somebody as far as the engine's door and gives their token. The
// teacher is person 0 of each lesson and enters first.
type entry func(ctx context.Context, lesson, person int) (token string, err error)

// class is a lesson as the engine has it: a teacher who is heard, perhaps seen,
// and pupils who receive.
type class struct {
	teacher *rtc.Client
	pupils  []*rtc.Client
	joins   []time.Duration // of each pupil: from the first request to the first whole picture, or sound without video
}

const (
	videoBits, videoFrames = 1_000_000, 25
	voiceBits              = 32_000
	// between two pupils of one class who arrive.
	between = 100 * time.Millisecond
)

// openClass brings a whole class in. What was opened is in the class even when
// it fails.
func openClass(ctx context.Context, origin string, enter entry, lesson, pupils int, video bool) (*class, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := &class{pupils: make([]*rtc.Client, pupils), joins: make([]time.Duration, pupils)}
	token, err := enter(ctx, lesson, 0)
	if err == nil {
		c.teacher, err = rtc.Join(ctx, rtc.Options{Server: origin, Token: token, Local: true})
	}
	if err != nil {
		return c, fmt.Errorf("the teacher of lesson %d: %w", lesson+1, err)
	}
	streams := []rtc.Stream{{Source: livekit.TrackSource_MICROPHONE, Bits: voiceBits}}
	if video {
		streams = append(streams, rtc.Stream{Source: livekit.TrackSource_CAMERA, Bits: videoBits, Frames: videoFrames, KeyEvery: time.Second})
	}
	published, err := c.teacher.PublishTogether(ctx, streams...)
	if err != nil {
		return c, fmt.Errorf("the teacher of lesson %d publishes: %w", lesson+1, err)
	}
	awaited := published[len(published)-1].SID // the track whose first frame ends a join
	var wg sync.WaitGroup
	failed := make([]error, pupils)
	for i := range pupils {
		wg.Go(func() {
			if failed[i] = pause(ctx, time.Duration(i)*between); failed[i] == nil {
				c.pupils[i], c.joins[i], failed[i] = join(ctx, origin, enter, lesson, i+1, awaited)
			}
		})
	}
	wg.Wait()
	return c, errors.Join(failed...)
}

// join measures from the first request of a pupil to the first frame of a track.
func join(ctx context.Context, origin string, enter entry, lesson, person int, track string) (*rtc.Client, time.Duration, error) {
	began := time.Now()
	token, err := enter(ctx, lesson, person)
	if err != nil {
		return nil, 0, fmt.Errorf("pupil %d of lesson %d: %w", person, lesson+1, err)
	}
	pupil, err := rtc.Join(ctx, rtc.Options{Server: origin, Token: token, Local: true})
	if err != nil {
		return nil, 0, fmt.Errorf("pupil %d of lesson %d: %w", person, lesson+1, err)
	}
	for {
		if r := pupil.Received(track); r != nil {
			if at := r.FirstFrame(); !at.IsZero() {
				return pupil, at.Sub(began), nil
			}
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return pupil, 0, fmt.Errorf("pupil %d of lesson %d receives no frame: %w", person, lesson+1, err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close ends every connection at once.
func (c *class) close() {
	var wg sync.WaitGroup
	for _, one := range append([]*rtc.Client{c.teacher}, c.pupils...) {
		if one != nil {
			wg.Go(one.Close)
		}
	}
	wg.Wait()
}

// traffic counts packets of media since the beginning.
type traffic struct {
	due      uint64 // what teachers sent, times the pupils who should have it
	received uint64
	missing  uint64 // gaps in the numbers of what was received
}

func (c *class) traffic() (t traffic) {
	t.due = c.teacher.Sent() * uint64(len(c.pupils))
	for _, p := range c.pupils {
		for _, r := range p.ReceivedAll() {
			t.received += r.Packets.Load() - r.Padding.Load()
			t.missing += r.Lost()
		}
	}
	return t
}

func trafficOf(classes []*class) (all traffic) {
	for _, c := range classes {
		one := c.traffic()
		all.due, all.received, all.missing = all.due+one.due, all.received+one.received, all.missing+one.missing
	}
	return all
}

// since is the difference; gaps that were mended since make missing smaller.
func (t traffic) since(before traffic) traffic {
	return traffic{t.due - before.due, t.received - before.received, max(t.missing, before.missing) - before.missing}
}

// loss is the part that never came: by what was sent or by the gaps, whichever
// tells more.
func (t traffic) loss() float64 {
	return max(0, 1-ratio(t.received, t.due), t.gaps())
}

// gaps is the part that the receivers' numbers say is missing.
func (t traffic) gaps() float64 { return ratio(t.missing, t.received+t.missing) }

// forwarded is what the server sent.
func (t traffic) forwarded() uint64 { return t.received + t.missing }

func ratio(a, b uint64) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
