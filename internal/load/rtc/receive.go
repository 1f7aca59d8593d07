package rtc

import (
	"encoding/binary"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Received counts what came of one track.
type Received struct {
	Packets, Bytes atomic.Uint64
	Padding        atomic.Uint64 // of the packets, those without media
	first          uint32        // sequence numbers, extended; touched by one goroutine
	highest        atomic.Uint32
	span           atomic.Uint32
	frame          atomic.Int64 // when the first frame was whole, UTC ns; 0 before
}

// FirstFrame is when the first frame was whole, zero before.
func (r *Received) FirstFrame() time.Time {
	if ns := r.frame.Load(); ns != 0 {
		return time.Unix(0, ns)
	}
	return time.Time{}
}

// Lost is how many packets between the first and the last never came.
func (r *Received) Lost() uint64 {
	if span, got := uint64(r.span.Load()), r.Packets.Load(); span > got {
		return span - got
	}
	return 0
}

// Received gives the counts of a track by its id, nil when nothing of it came.
func (c *Client) Received(sid string) *Received {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.received[sid]
}

// ReceivedAll gives the counts of every track.
func (c *Client) ReceivedAll() map[string]*Received {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[string]*Received, len(c.received))
	for sid, r := range c.received {
		all[sid] = r
	}
	return all
}

// count reads a track until it ends. Padding, which the server sends to measure
// or to keep a sender alive, carries no media and counts only as arrived.
func (c *Client) count(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	c.mu.Lock()
	r := c.received[t.ID()]
	if r == nil {
		r = &Received{}
		c.received[t.ID()] = r
	}
	c.mu.Unlock()
	packet := make([]byte, 1500)
	for {
		n, _, err := t.Read(packet)
		if err != nil {
			return
		}
		if n < 4 {
			continue
		}
		seq := binary.BigEndian.Uint16(packet[2:4])
		if r.Packets.Add(1) == 1 {
			r.first = 1<<16 | uint32(seq)
			r.highest.Store(r.first)
		} else if ahead := int16(seq - uint16(r.highest.Load())); ahead > 0 {
			r.highest.Add(uint32(ahead))
		}
		r.span.Store(r.highest.Load() - r.first + 1)
		r.Bytes.Add(uint64(n))
		var header rtp.Header
		start, err := header.Unmarshal(packet[:n])
		switch {
		case err != nil:
		case header.Padding && start+int(packet[n-1]) >= n:
			r.Padding.Add(1)
		case r.frame.Load() == 0 && (header.Marker || t.Kind() == webrtc.RTPCodecTypeAudio):
			r.frame.Store(time.Now().UnixNano())
		}
	}
}
