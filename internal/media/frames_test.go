package media

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	lkrtc "github.com/livekit/livekit-server/pkg/rtc"
	"github.com/livekit/protocol/livekit"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"
)

// may lists the frames that a client may send, by their name in the protocol.
// All others are dropped, also those that a later protocol adds.
func may() []string {
	return []string{"offer", "answer", "trickle", "add_track", "mute", "subscription", "track_setting", "leave", "sync_state", "ping", "ping_req",
		"update_audio_track", "update_video_track"}
}

func TestEachFrameOfTheProtocol(t *testing.T) {
	fields := (&livekit.SignalRequest{}).ProtoReflect().Descriptor().Oneofs().ByName("message").Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		var m livekit.SignalRequest
		m.ProtoReflect().Set(field, m.ProtoReflect().NewField(field))
		if a := m.GetAddTrack(); a != nil {
			a.Source, a.Type = livekit.TrackSource_CAMERA, livekit.TrackType_VIDEO
		}
		frame, err := proto.Marshal(&m)
		if err != nil {
			t.Fatal(err)
		}
		kept, refused := inwardFrame(frame)
		if want := slices.Contains(may(), string(field.Name())); (kept != nil) != want || (refused == nil) != want {
			t.Errorf("%s: passes %v, answered %v", field.Name(), kept != nil, refused != nil)
		}
	}
}

func TestATrackIsWhatItsSourceSays(t *testing.T) {
	for source := range livekit.TrackSource_name {
		for kind := range livekit.TrackType_name {
			ask := &livekit.AddTrackRequest{Source: livekit.TrackSource(source), Type: livekit.TrackType(kind), Name: "Camille Martin", Stream: "Camille Martin"}
			want := slices.Contains([]string{"MICROPHONE AUDIO", "SCREEN_SHARE_AUDIO AUDIO", "CAMERA VIDEO", "SCREEN_SHARE VIDEO"}, fmt.Sprint(ask.Source, " ", ask.Type))
			if got := plain(ask); got != want || ask.Name != "" || ask.Stream != "" {
				t.Errorf("%s %s: %v", ask.Source, ask.Type, ask)
			}
		}
	}
}

func wrap(t testing.TB, j *livekit.JoinRequest, zip bool) string {
	t.Helper()
	inside, err := proto.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	w := &livekit.WrappedJoinRequest{JoinRequest: inside}
	if zip {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(inside)
		z.Close()
		w.JoinRequest, w.Compression = b.Bytes(), livekit.WrappedJoinRequest_GZIP
	}
	raw, err := proto.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	return base64.URLEncoding.EncodeToString(raw)
}

func unwrap(t testing.TB, wrapped string) *livekit.JoinRequest {
	t.Helper()
	raw, err := base64.URLEncoding.DecodeString(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	var w livekit.WrappedJoinRequest
	var j livekit.JoinRequest
	if err := errors.Join(proto.Unmarshal(raw, &w), proto.Unmarshal(w.JoinRequest, &j)); err != nil {
		t.Fatal(err)
	}
	return &j
}

// A join carries no more than frames may, whichever way it comes.
func TestAJoinIsCleaned(t *testing.T) {
	data := true
	dirty := &livekit.JoinRequest{
		ClientInfo:            &livekit.ClientInfo{Browser: "Firefox", DeviceModel: "SM-A326B", Address: "192.168.1.4", Network: "wifi"},
		ConnectionSettings:    &livekit.ConnectionSettings{AutoSubscribe: true, DisableIceLite: true, AutoSubscribeDataTrack: &data},
		Metadata:              "Camille Martin",
		ParticipantAttributes: map[string]string{"role": "teacher"},
		AddTrackRequests: []*livekit.AddTrackRequest{
			{Cid: "1", Type: livekit.TrackType_VIDEO, Source: livekit.TrackSource_MICROPHONE},
			{Cid: "2", Type: livekit.TrackType_VIDEO, Source: livekit.TrackSource_CAMERA, Name: "Camille Martin"},
		},
		SyncState: &livekit.SyncState{PublishDataTracks: []*livekit.PublishDataTrackResponse{{}}},
	}
	want := &livekit.JoinRequest{
		ClientInfo:         &livekit.ClientInfo{Browser: "Firefox"},
		ConnectionSettings: &livekit.ConnectionSettings{AutoSubscribe: true},
		AddTrackRequests:   []*livekit.AddTrackRequest{{Cid: "2", Type: livekit.TrackType_VIDEO, Source: livekit.TrackSource_CAMERA}},
		SyncState:          &livekit.SyncState{},
	}
	for _, zip := range []bool{false, true} {
		query, err := joinQuery(url.Values{"join_request": {wrap(t, dirty, zip)}, "auto_subscribe": {"1"}, "publish": {"teacher"}, "attributes": {"e30="},
			"access_token": {"secret"}, "disable_ice_lite": {"1"}, "device_model": {"SM-A326B"}, "sid": {strings.Repeat("x", 65)}})
		if err != nil {
			t.Fatal(err)
		}
		if got := unwrap(t, query.Get("join_request")); !proto.Equal(got, want) {
			t.Errorf("goes on: %v", got)
		}
		query.Del("join_request")
		if !reflect.DeepEqual(query, url.Values{"auto_subscribe": {"1"}}) {
			t.Errorf("goes on: %v", query)
		}
	}
	bomb := wrap(t, &livekit.JoinRequest{Metadata: strings.Repeat(" ", maxFrame)}, true)
	for _, bad := range []string{"%", "AAAA", bomb} {
		if _, err := joinQuery(url.Values{"join_request": {bad}}); err == nil {
			t.Errorf("accepted: %.20s", bad)
		}
	}
}

func FuzzInwardFrame(f *testing.F) {
	for _, m := range []*livekit.SignalRequest{
		{Message: &livekit.SignalRequest_AddTrack{AddTrack: &livekit.AddTrackRequest{Source: livekit.TrackSource_CAMERA, Type: livekit.TrackType_VIDEO, Name: "n"}}},
		{Message: &livekit.SignalRequest_SubscriptionPermission{SubscriptionPermission: &livekit.SubscriptionPermission{AllParticipants: true}}},
		{Message: &livekit.SignalRequest_UpdateMetadata{UpdateMetadata: &livekit.UpdateParticipantMetadata{Name: "n", RequestId: 3}}},
		{Message: &livekit.SignalRequest_SyncState{SyncState: &livekit.SyncState{}}},
	} {
		frame, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		kept, refused := inwardFrame(frame)
		if (kept == nil) == (refused == nil) {
			t.Fatal("a frame passes or is answered, and not both")
		}
		if kept == nil {
			return
		}
		var m livekit.SignalRequest
		if err := proto.Unmarshal(kept, &m); err != nil {
			t.Fatal(err)
		}
		which := m.ProtoReflect().WhichOneof(m.ProtoReflect().Descriptor().Oneofs().ByName("message"))
		if which == nil || !slices.Contains(may(), string(which.Name())) || m.GetAddTrack().GetName() != "" {
			t.Fatalf("passes: %v", &m)
		}
	})
}

func FuzzJoinRequest(f *testing.F) {
	f.Add(wrap(f, &livekit.JoinRequest{Metadata: "m"}, false))
	f.Add(wrap(f, &livekit.JoinRequest{AddTrackRequests: []*livekit.AddTrackRequest{{}}}, true))
	f.Fuzz(func(t *testing.T, wrapped string) {
		clean, err := joinRequest(wrapped)
		if err != nil {
			return
		}
		if j := unwrap(t, clean); j.Metadata != "" || len(j.ParticipantAttributes) > 0 {
			t.Fatalf("goes on: %v", j)
		}
	})
}

// What the engine is told of a publisher lets through exactly the sources whose
// audience a person is of.
func TestShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		identities := []string{"a", "b", "c", "d"}
		sources := []Source{Microphone, Camera, Screen, ScreenSound}
		p := &person{audiences: map[Source]Audience{}, tracks: map[string]Source{}}
		for _, s := range sources {
			if rapid.Bool().Draw(t, "limited") {
				p.audiences[s] = Audience{Everyone: rapid.Bool().Draw(t, "everyone"), Identities: rapid.SliceOfDistinct(rapid.SampledFrom(identities), rapid.ID[string]).Draw(t, "of")}
			}
			for i := range rapid.IntRange(0, 2).Draw(t, "tracks") {
				p.tracks[fmt.Sprint(s, i)] = s
			}
		}
		r := &room{people: map[string]*person{"p": p}}
		for _, one := range rapid.SliceOfDistinct(rapid.SampledFrom(identities), rapid.ID[string]).Draw(t, "present") {
			r.people[one] = &person{}
		}
		told := r.shows("p")
		for _, one := range identities {
			for sid, s := range p.tracks {
				a, limited := p.audiences[s]
				_, present := r.people[one]
				want := present && (!limited || a.Everyone || slices.Contains(a.Identities, one))
				got := told.AllParticipants
				for _, allowed := range told.TrackPermissions {
					got = got || allowed.ParticipantIdentity == one && (allowed.AllTracks || slices.Contains(allowed.TrackSids, sid))
				}
				if got && !want && present || want && !got {
					t.Fatalf("%s receives %s: %v, want %v; told %v", one, sid, got, want, told)
				}
			}
		}
	})
}

// The engine asks no server where it is, opens nobody's microphone, and sends
// packets in batches.
func TestConfiguration(t *testing.T) {
	for name, given := range map[string][]netip.Addr{"detected": nil, "given": {netip.MustParseAddr("203.0.113.7")}} {
		t.Run(name, func(t *testing.T) {
			e := New(Options{Log: slog.New(slog.DiscardHandler), Addresses: given})
			conf, err := e.configuration()
			if err != nil {
				t.Fatal(err)
			}
			if conf.Room.EnableRemoteUnmute || conf.RTC.UseExternalIP || conf.EnableParticipantDataBlob || conf.Development ||
				conf.RTC.BatchIO.BatchSize == 0 || conf.RTC.ICEPortRangeStart != 0 || len(conf.WebHook.URLs) != 0 || conf.Redis.IsConfigured() {
				t.Errorf("configuration: %+v", conf)
			}
			own, err := lkrtc.NewWebRTCConfig(conf)
			if err != nil {
				t.Fatal(err)
			}
			defer own.UDPMux.Close()
			defer own.TCPMuxListener.Close()
			if len(own.Configuration.ICEServers) != 0 {
				t.Errorf("the engine asks %v", own.Configuration.ICEServers)
			}
		})
	}
}

func TestRedact(t *testing.T) {
	e := New(Options{})
	token, err := e.sign("room", "someone", Rights{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	var to atomic.Pointer[slog.Logger]
	to.Store(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	log := engineLog(&to)
	log.Errorw("it failed for "+token, errors.New("invalid token: "+token+", from 192.168.1.4 and fd00::2:1:7"), "clientIP", "192.168.1.5", "token", token)
	log.Warnw("it may fail", errors.New(token), "token", token)
	log.Infow("joining", "participantInit", token)
	log.WithValues("token", token).Errorw("again", nil)
	for _, never := range append(strings.Split(token, "."), "192.168", "fd00", "joining", "may fail") {
		if strings.Contains(out.String(), never) {
			t.Errorf("the log holds %q: %s", never, out.String())
		}
	}
	if !strings.Contains(out.String(), "it failed for") || !strings.Contains(out.String(), "invalid token") {
		t.Errorf("nothing is left: %s", out.String())
	}
}
