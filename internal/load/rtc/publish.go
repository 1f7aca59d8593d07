package rtc

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/livekit/protocol/livekit"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
)

// Stream says what to publish. Pictures are VP8 when Frames is above zero;
// otherwise it is Opus, twenty milliseconds a packet.
type Stream struct {
	Source   livekit.TrackSource
	Bits     int           // a second
	Frames   int           // a second
	KeyEvery time.Duration // and whenever a receiver asks
}

// Publication is one track that is being sent.
type Publication struct {
	SID    string
	sender *webrtc.RTPSender
	client *Client
	stop   context.CancelFunc
}

// Publish announces a track, negotiates it and sends it until Stop or Close.
func (c *Client) Publish(ctx context.Context, s Stream) (*Publication, error) {
	all, err := c.PublishTogether(ctx, s)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// PublishTogether is Publish for several tracks in one offer: the engine's own
// goroutines still read the tracks of one offer when it takes the next.
func (c *Client) PublishTogether(ctx context.Context, streams ...Stream) ([]*Publication, error) {
	all := make([]*Publication, len(streams))
	tracks := make([]*webrtc.TrackLocalStaticSample, len(streams))
	for i, s := range streams {
		cid := uuid.NewString()
		ask := &livekit.AddTrackRequest{Cid: cid, Source: s.Source, Type: livekit.TrackType_AUDIO}
		codec := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
		if s.Frames > 0 {
			ask.Type, ask.Width, ask.Height = livekit.TrackType_VIDEO, width, height
			ask.Layers = []*livekit.VideoLayer{{Quality: livekit.VideoQuality_HIGH, Width: width, Height: height, Bitrate: uint32(s.Bits)}}
			codec = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}
		}
		info, err := c.announce(ctx, ask)
		if err != nil {
			return nil, err
		}
		if tracks[i], err = webrtc.NewTrackLocalStaticSample(codec, cid, "stream"); err != nil {
			return nil, err
		}
		all[i] = &Publication{SID: info.Sid, client: c}
		if all[i].sender, err = c.publisher.AddTrack(tracks[i]); err != nil {
			return nil, err
		}
	}
	if err := c.offer(ctx); err != nil {
		return nil, err
	}
	for i, p := range all {
		p.send(tracks[i], streams[i])
	}
	return all, nil
}

// send sends a track until Stop or Close.
func (p *Publication) send(track *webrtc.TrackLocalStaticSample, s Stream) {
	sending, stop := context.WithCancel(p.client.ctx)
	p.stop = stop
	key := make(chan struct{}, 1)
	go p.listen(key)
	if s.Frames > 0 {
		go pictures(sending, track, s, key)
	} else {
		go sound(sending, track, s)
	}
}

// announce waits for the server to give the track its id.
func (c *Client) announce(ctx context.Context, ask *livekit.AddTrackRequest) (*livekit.TrackInfo, error) {
	waiting := make(chan *livekit.TrackInfo, 1)
	c.mu.Lock()
	c.published[ask.Cid] = waiting
	c.mu.Unlock()
	if err := c.Send(&livekit.SignalRequest{Message: &livekit.SignalRequest_AddTrack{AddTrack: ask}}); err != nil {
		return nil, err
	}
	select {
	case info := <-waiting:
		return info, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.ended:
		return nil, errors.New("rtc: the connection ended")
	}
}

// AddTrack negotiates a track that was announced, or not, under its own id.
func (c *Client) AddTrack(ctx context.Context, track webrtc.TrackLocal) (*webrtc.RTPSender, error) {
	sender, err := c.publisher.AddTrack(track)
	if err != nil {
		return nil, err
	}
	return sender, c.offer(ctx)
}

func (c *Client) offer(ctx context.Context) error {
	c.negotiate.Lock()
	defer c.negotiate.Unlock()
	offer, err := c.publisher.CreateOffer(nil)
	if err == nil {
		err = c.publisher.SetLocalDescription(offer)
	}
	if err == nil {
		err = c.Send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Offer{Offer: &livekit.SessionDescription{Type: "offer", Sdp: offer.SDP}}})
	}
	if err != nil {
		return err
	}
	select {
	case <-c.answered:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.ended:
		return errors.New("rtc: the connection ended")
	}
}

// Mute says that the track is silent, or no longer. It goes on sending.
func (p *Publication) Mute(muted bool) error {
	return p.client.Send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Mute{Mute: &livekit.MuteTrackRequest{Sid: p.SID, Muted: muted}}})
}

// Stop ends the track.
func (p *Publication) Stop(ctx context.Context) error {
	p.stop()
	if err := p.client.publisher.RemoveTrack(p.sender); err != nil {
		return err
	}
	return p.client.offer(ctx)
}

// listen hears receivers ask for a key frame.
func (p *Publication) listen(key chan<- struct{}) {
	for {
		packets, _, err := p.sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				select {
				case key <- struct{}{}:
				default:
				}
			}
		}
	}
}

// Pictures sends 200 kbit/s of pictures on a track until ctx ends.
func Pictures(ctx context.Context, track *webrtc.TrackLocalStaticSample) {
	pictures(ctx, track, Stream{Bits: 200_000, Frames: 15, KeyEvery: time.Second}, nil)
}

func pictures(ctx context.Context, track *webrtc.TrackLocalStaticSample, s Stream, key <-chan struct{}) {
	every := time.Second / time.Duration(s.Frames)
	tick := time.NewTicker(every)
	defer tick.Stop()
	var lastKey time.Time
	size := s.Bits / 8 / s.Frames
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			wanted := lastKey.IsZero() || s.KeyEvery > 0 && now.Sub(lastKey) >= s.KeyEvery
			select {
			case <-key:
				wanted = true
			default:
			}
			frame := interFrame
			if wanted {
				frame, lastKey = keyFrame, now
			}
			track.WriteSample(media.Sample{Data: padded(frame, size), Duration: every})
		}
	}
}

func sound(ctx context.Context, track *webrtc.TrackLocalStaticSample, s Stream) {
	const every = 20 * time.Millisecond
	tick := time.NewTicker(every)
	defer tick.Stop()
	packet := padded(silence, s.Bits/8/50)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			track.WriteSample(media.Sample{Data: packet, Duration: every})
		}
	}
}
