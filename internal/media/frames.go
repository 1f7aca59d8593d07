package media

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"net/url"

	"github.com/livekit/protocol/livekit"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// Fields of livekit.SignalResponse that name servers to ask.
const (
	joinField      = 1
	reconnectField = 19
)

// firstField is the number of the only field that a signal message has.
func firstField(frame []byte) protowire.Number {
	number, _, n := protowire.ConsumeTag(frame)
	if n < 0 {
		return 0
	}
	return number
}

// inwardFrame reads a frame of a client and gives what goes on to the engine,
// or what the client is answered.
func inwardFrame(frame []byte) (kept, refused []byte) {
	var m livekit.SignalRequest
	if proto.Unmarshal(frame, &m) != nil || !allowed(&m) {
		return nil, refusedAnswer(&m)
	}
	kept, err := proto.Marshal(&m)
	if err != nil {
		return nil, refusedAnswer(&m)
	}
	return kept, nil
}

// allowed tells whether a client may send a frame, and takes out of it what it
// may not say. Who sees what it publishes, its name and its attributes are the
// lesson's to decide; data do not pass here; and simulated failures are for
// those who test an engine.
func allowed(m *livekit.SignalRequest) bool {
	switch q := m.Message.(type) {
	case *livekit.SignalRequest_Offer, *livekit.SignalRequest_Answer, *livekit.SignalRequest_Trickle,
		*livekit.SignalRequest_Mute, *livekit.SignalRequest_Subscription, *livekit.SignalRequest_TrackSetting,
		*livekit.SignalRequest_Leave, *livekit.SignalRequest_Ping, *livekit.SignalRequest_PingReq,
		*livekit.SignalRequest_UpdateAudioTrack, *livekit.SignalRequest_UpdateVideoTrack:
		return true
	case *livekit.SignalRequest_AddTrack:
		return plain(q.AddTrack)
	case *livekit.SignalRequest_SyncState:
		plainState(q.SyncState)
		return true
	}
	return false
}

// plain tells whether a track is what its source says, and takes out the free
// text that would be shown to others.
func plain(t *livekit.AddTrackRequest) bool {
	if t == nil {
		return false
	}
	t.Name, t.Stream = "", ""
	switch t.Source {
	case livekit.TrackSource_MICROPHONE, livekit.TrackSource_SCREEN_SHARE_AUDIO:
		return t.Type == livekit.TrackType_AUDIO
	case livekit.TrackSource_CAMERA, livekit.TrackSource_SCREEN_SHARE:
		return t.Type == livekit.TrackType_VIDEO
	}
	return false
}

func plainState(s *livekit.SyncState) {
	if s != nil {
		s.PublishDataTracks = nil
	}
}

// refusedAnswer says no to a frame, in the engine's words.
func refusedAnswer(m *livekit.SignalRequest) []byte {
	no := &livekit.RequestResponse{Reason: livekit.RequestResponse_NOT_ALLOWED}
	switch q := m.Message.(type) {
	case *livekit.SignalRequest_AddTrack:
		no.Request = &livekit.RequestResponse_AddTrack{AddTrack: q.AddTrack}
	case *livekit.SignalRequest_UpdateMetadata:
		no.RequestId = q.UpdateMetadata.GetRequestId()
	}
	answer, err := proto.Marshal(&livekit.SignalResponse{Message: &livekit.SignalResponse_RequestResponse{RequestResponse: no}})
	if err != nil {
		return nil
	}
	return answer
}

// joinQuery is what of a client's query goes on to the engine. The rest could
// name another identity (publish), set attributes, or tell of the device more
// than its browser.
func joinQuery(from url.Values) (url.Values, error) {
	to := url.Values{}
	if wrapped := from.Get("join_request"); wrapped != "" {
		clean, err := joinRequest(wrapped)
		if err != nil {
			return nil, err
		}
		to.Set("join_request", clean)
	}
	for _, name := range []string{"auto_subscribe", "adaptive_stream", "protocol", "client_protocol", "sdk", "version", "browser", "browser_version", "os",
		"reconnect", "reconnect_reason", "sid", "subscriber_allow_pause"} {
		if value := from.Get(name); value != "" && len(value) <= 64 {
			to.Set(name, value)
		}
	}
	return to, nil
}

// joinRequest cleans the message that /rtc/v1 takes in its query: it can carry
// everything that frames can, and more.
func joinRequest(wrapped string) (string, error) {
	refused := errors.New("join_request cannot be read")
	raw, err := base64.URLEncoding.DecodeString(wrapped)
	if err != nil {
		return "", refused
	}
	var w livekit.WrappedJoinRequest
	if proto.Unmarshal(raw, &w) != nil {
		return "", refused
	}
	inside := w.JoinRequest
	if w.Compression == livekit.WrappedJoinRequest_GZIP {
		z, err := gzip.NewReader(bytes.NewReader(inside))
		if err != nil {
			return "", refused
		}
		inside, err = io.ReadAll(io.LimitReader(z, maxFrame+1))
		if err != nil {
			return "", refused
		}
	}
	var j livekit.JoinRequest
	if len(inside) > maxFrame || proto.Unmarshal(inside, &j) != nil {
		return "", refused
	}
	j.Metadata, j.ParticipantAttributes = "", nil
	if c := j.ClientInfo; c != nil {
		j.ClientInfo = &livekit.ClientInfo{Sdk: c.Sdk, Version: c.Version, Protocol: c.Protocol, ClientProtocol: c.ClientProtocol,
			Os: c.Os, Browser: c.Browser, BrowserVersion: c.BrowserVersion, Capabilities: c.Capabilities}
	}
	if s := j.ConnectionSettings; s != nil {
		s.DisableIceLite, s.AutoSubscribeDataTrack = false, nil
	}
	var tracks []*livekit.AddTrackRequest
	for _, t := range j.AddTrackRequests {
		if plain(t) {
			tracks = append(tracks, t)
		}
	}
	j.AddTrackRequests = tracks
	plainState(j.SyncState)
	inside, err = proto.Marshal(&j)
	if err != nil {
		return "", refused
	}
	// As the engine's address is not read by people, it need not be short.
	out, err := proto.Marshal(&livekit.WrappedJoinRequest{JoinRequest: inside})
	if err != nil {
		return "", refused
	}
	return base64.URLEncoding.EncodeToString(out), nil
}
