package media_test

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/livekit/protocol/livekit"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"

	"preau/internal/fault"
	"preau/internal/load/rtc"
	"preau/internal/media"
)

func manual(o *rtc.Options) { o.Manual = true }

// told gathers what the server says to a client.
type told struct {
	mu      sync.Mutex
	signals []*livekit.SignalResponse
}

func (s *told) hear(m *livekit.SignalResponse) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signals = append(s.signals, m)
}

func (s *told) any(is func(*livekit.SignalResponse) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.signals, is)
}

// Clients are told of no server but our own relay, neither at first nor when
// they come back.
func TestClientsAskNoForeignServer(t *testing.T) {
	for name, c := range map[string]struct {
		turn media.TURN
		want string
	}{
		"no relay":  {},
		"own relay": {media.TURN{Host: "preau.example.fr", Port: 8443}, "turns:preau.example.fr:8443?transport=tcp"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(o *media.Options) { o.TURN = c.turn })
			token := h.token(media.Grant{Identity: "pupil"})
			pupil := h.join(token)
			back := readFirst(t, h.client, token, "&reconnect=1&sid="+pupil.Joined.Participant.Sid)
			if back.GetReconnect() == nil {
				t.Fatalf("coming back is answered by %T", back.Message)
			}
			for _, servers := range [][]*livekit.ICEServer{pupil.Joined.IceServers, back.GetReconnect().IceServers} {
				var urls []string
				for _, s := range servers {
					urls = append(urls, s.Urls...)
				}
				if strings.Join(urls, " ") != c.want {
					t.Errorf("the client is told to ask %q, want %q", urls, c.want)
				}
			}
		})
	}
}

var candidate = regexp.MustCompile(`candidate:\S+ \d (?:udp|tcp) \d+ (\S+) \d+ typ (\S+)`)

// Media are at the addresses that the operator gave, or at those of this
// machine; none was learnt from elsewhere.
func TestMediaAreWhereTheOperatorSays(t *testing.T) {
	here := map[string]bool{}
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		here[a.(*net.IPNet).IP.String()] = true
	}
	given := []netip.Addr{netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("2001:db8::7")}
	for name, c := range map[string]struct {
		given []netip.Addr
		want  map[string]bool
	}{"detected": {nil, here}, "given": {given, map[string]bool{"203.0.113.7": true, "2001:db8::7": true}}} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(o *media.Options) { o.Addresses = c.given })
			var said told
			h.enter(media.Grant{Identity: "pupil"}, func(o *rtc.Options) { o.Heard = said.hear })
			var found [][]string
			h.until("candidates", func() bool {
				said.mu.Lock()
				defer said.mu.Unlock()
				for _, m := range said.signals {
					found = append(found, candidate.FindAllStringSubmatch(m.GetTrickle().GetCandidateInit()+m.GetOffer().GetSdp(), -1)...)
				}
				return len(found) > 0
			})
			for _, one := range found {
				if !c.want[one[1]] || one[2] != "host" {
					t.Errorf("candidate %v", one)
				}
			}
		})
	}
}

// A token only says who asks: one who was removed, or whom the lesson no longer
// admits, does not come back with it, nor with the one the engine renewed.
func TestOneWhoWasRemovedDoesNotComeBack(t *testing.T) {
	var mu sync.Mutex
	banned := map[string]bool{}
	h := open(t, func(o *media.Options) {
		o.Admit = func(_ context.Context, room, identity string) error {
			mu.Lock()
			defer mu.Unlock()
			if room != lesson || banned[identity] {
				return fault.New(fault.Forbidden, "media.absent")
			}
			return nil
		}
	})
	var said told
	token := h.token(media.Grant{Identity: "pupil", Rights: everything})
	pupil := h.join(token, func(o *rtc.Options) { o.Heard = said.hear })
	renewed := ""
	h.until("a renewed token", func() bool {
		return said.any(func(m *livekit.SignalResponse) bool { renewed = m.GetRefreshToken(); return renewed != "" })
	})
	refused := func(why, token string, status int) {
		t.Helper()
		_, err := rtc.Join(limited(t), rtc.Options{Server: server, HTTP: h.client, Token: token})
		if no, ok := err.(*rtc.Refused); !ok || no.Status != status {
			t.Errorf("%s: %v, want %d", why, err, status)
		}
		answer, err := h.client.Get(server + "/rtc/validate?access_token=" + token)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != status {
			t.Errorf("%s: validate answers %d, want %d", why, answer.StatusCode, status)
		}
	}
	if err := h.engine.Remove(t.Context(), lesson, "pupil"); err != nil {
		t.Fatal(err)
	}
	<-pupil.Ended()
	refused("removed", token, http.StatusForbidden)
	refused("removed, renewed token", renewed, http.StatusForbidden)
	refused("no token", "", http.StatusUnauthorized)
	refused("bad signature", token[:len(token)-2]+"AA", http.StatusUnauthorized)

	again := h.token(media.Grant{Identity: "pupil"})
	mu.Lock()
	banned["pupil"] = true
	mu.Unlock()
	refused("not admitted", again, http.StatusForbidden)
	mu.Lock()
	delete(banned, "pupil")
	mu.Unlock()
	h.join(again)
	if err := h.engine.CloseRoom(t.Context(), lesson); err != nil {
		t.Fatal(err)
	}
	refused("room closed", again, http.StatusForbidden)
}

// A camera for staff alone is never received by others: not by one who asks for
// it by itself, nor when its owner's client says that everyone may, and that
// from the first frame. The microphone of the same person is.
func TestACameraForStaffAlone(t *testing.T) {
	h := open(t)
	teacher := h.enter(media.Grant{Identity: "teacher"})
	hostile := h.enter(media.Grant{Identity: "hostile"}, manual)
	staff := media.Audience{Identities: []string{"teacher"}}
	pupil := h.enter(media.Grant{Identity: "pupil", Rights: everything, Audiences: map[media.Source]media.Audience{media.Camera: staff}})
	open := &livekit.SignalRequest{Message: &livekit.SignalRequest_SubscriptionPermission{SubscriptionPermission: &livekit.SubscriptionPermission{AllParticipants: true}}}
	send(t, pupil, open)
	voice, picture := h.publish(pupil, livekit.TrackSource_MICROPHONE), h.publish(pupil, livekit.TrackSource_CAMERA)
	subscribe(t, hostile, picture.SID, voice.SID)
	send(t, pupil, open)
	late := h.enter(media.Grant{Identity: "late"})
	for range 3 {
		subscribe(t, hostile, picture.SID)
		h.receives(teacher, picture.SID)
		h.receives(hostile, voice.SID)
		h.receives(late, voice.SID)
	}
	if hostile.Received(picture.SID) != nil || late.Received(picture.SID) != nil {
		t.Errorf("the camera reached %d packets", packets(hostile, picture.SID)+packets(late, picture.SID))
	}

	if err := h.engine.SetAudience(t.Context(), lesson, "pupil", media.Camera, media.Audience{Everyone: true}); err != nil {
		t.Fatal(err)
	}
	h.receives(hostile, picture.SID)
	h.receives(late, picture.SID)
	if err := h.engine.SetAudience(t.Context(), lesson, "pupil", media.Camera, staff); err != nil {
		t.Fatal(err)
	}
	h.receives(teacher, picture.SID)
	before := packets(hostile, picture.SID)
	h.receives(teacher, picture.SID)
	h.receives(hostile, voice.SID)
	if got := packets(hostile, picture.SID); got > before+5 { // what was on its way
		t.Errorf("%d packets came after the camera was closed", got-before)
	}
}

// A camera for staff alone is hidden before the engine's events are looked at:
// here they wait, while the camera sends and other sound flows.
func TestACameraIsHiddenBeforeItIsKnown(t *testing.T) {
	held, free := make(chan struct{}), make(chan struct{})
	h := open(t, func(o *media.Options) {
		o.Notify = func(e media.Event) {
			if e.Kind == media.Joined && e.Identity == "pupil" {
				close(held)
				<-free
			}
		}
	})
	teacher := h.enter(media.Grant{Identity: "teacher", Rights: everything})
	hostile := h.enter(media.Grant{Identity: "hostile"})
	voice := h.publish(teacher, livekit.TrackSource_MICROPHONE)
	pupil := h.enter(media.Grant{Identity: "pupil", Rights: everything, Audiences: map[media.Source]media.Audience{media.Camera: {Identities: []string{"teacher"}}}})
	<-held
	picture := h.publish(pupil, livekit.TrackSource_CAMERA)
	for range 5 {
		subscribe(t, hostile, picture.SID)
		h.receives(hostile, voice.SID)
	}
	if hostile.Received(picture.SID) != nil {
		t.Errorf("%d packets came", packets(hostile, picture.SID))
	}
	close(free)
	h.receives(teacher, picture.SID)
	h.receives(hostile, voice.SID)
	if hostile.Received(picture.SID) != nil {
		t.Errorf("%d packets came", packets(hostile, picture.SID))
	}
}

// Who may publish what is the lesson's to say, and to change.
func TestRightsFollowTheLesson(t *testing.T) {
	h := open(t)
	teacher := h.enter(media.Grant{Identity: "teacher"})
	var said told
	pupil := h.enter(media.Grant{Identity: "pupil", Rights: media.Rights{Microphone: true}}, func(o *rtc.Options) { o.Heard = said.hear })
	if p := pupil.Joined.Participant.Permission; p.CanPublishData || p.CanUpdateMetadata || p.Hidden {
		t.Errorf("permission: %v", p)
	}
	no := func(why string, ask *livekit.AddTrackRequest) {
		t.Helper()
		send(t, pupil, &livekit.SignalRequest{Message: &livekit.SignalRequest_AddTrack{AddTrack: ask}})
		h.until(why, func() bool {
			return said.any(func(m *livekit.SignalResponse) bool {
				r := m.GetRequestResponse()
				return r.GetReason() == livekit.RequestResponse_NOT_ALLOWED && r.GetAddTrack().GetCid() == ask.Cid
			})
		})
	}
	no("a camera refused", &livekit.AddTrackRequest{Cid: "1", Type: livekit.TrackType_VIDEO, Source: livekit.TrackSource_CAMERA})
	no("a picture as a microphone refused", &livekit.AddTrackRequest{Cid: "2", Type: livekit.TrackType_VIDEO, Source: livekit.TrackSource_MICROPHONE})
	no("a track of no source refused", &livekit.AddTrackRequest{Cid: "3", Type: livekit.TrackType_AUDIO})
	voice := h.publish(pupil, livekit.TrackSource_MICROPHONE)
	h.receives(teacher, voice.SID)

	// Muted by an adult, it stays so although the client goes on sending; the
	// pupil may open it again, with the right to.
	if err := h.engine.Mute(t.Context(), lesson, "pupil", media.Microphone); err != nil {
		t.Fatal(err)
	}
	h.until("the pupil told", func() bool {
		return said.any(func(m *livekit.SignalResponse) bool { return m.GetMute().GetMuted() })
	})
	other := h.enter(media.Grant{Identity: "other", Rights: everything})
	noise := h.publish(other, livekit.TrackSource_MICROPHONE)
	h.receives(teacher, noise.SID)
	h.until("silence", func() bool { // after some silent frames of the engine's own
		before := packets(teacher, voice.SID)
		h.receives(teacher, noise.SID)
		return packets(teacher, voice.SID) == before
	})
	if err := voice.Mute(false); err != nil {
		t.Fatal(err)
	}
	h.receives(teacher, voice.SID)

	// Without the right, it is gone.
	if err := h.engine.SetRights(t.Context(), lesson, "pupil", media.Rights{Camera: true}); err != nil {
		t.Fatal(err)
	}
	h.until("the microphone withdrawn", func() bool { return h.happened(media.Unpublished, "pupil") })
	no("a microphone refused", &livekit.AddTrackRequest{Cid: "4", Type: livekit.TrackType_AUDIO, Source: livekit.TrackSource_MICROPHONE})
	h.receives(teacher, h.publish(pupil, livekit.TrackSource_CAMERA).SID)
}

// A picture sent under the name of a microphone is withdrawn.
func TestAPictureIsNotAVoice(t *testing.T) {
	h := open(t)
	liar := h.enter(media.Grant{Identity: "liar", Rights: media.Rights{Microphone: true}})
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, "lie", "stream")
	if err != nil {
		t.Fatal(err)
	}
	send(t, liar, &livekit.SignalRequest{Message: &livekit.SignalRequest_AddTrack{AddTrack: &livekit.AddTrackRequest{Cid: "lie", Type: livekit.TrackType_AUDIO, Source: livekit.TrackSource_MICROPHONE}}})
	if _, err := liar.AddTrack(limited(t), track); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go rtc.Pictures(ctx, track)
	h.until("the picture withdrawn", func() bool { return h.happened(media.Unpublished, "liar") })
	if all, err := h.engine.Participants(t.Context(), lesson); err != nil || len(all) != 1 || len(all[0].Tracks) != 0 {
		t.Errorf("participants: %+v, %v", all, err)
	}
}

// No line of the log holds a token or an address of a client.
func TestLogsHoldNoToken(t *testing.T) {
	h := open(t)
	token := h.token(media.Grant{Identity: "pupil", Rights: everything})
	pupil := h.join(token)
	h.publish(pupil, livekit.TrackSource_MICROPHONE)
	for _, bad := range []string{token[:len(token)-4] + "AAAA", "nothing", token + "x"} {
		if _, err := rtc.Join(limited(t), rtc.Options{Server: server, HTTP: h.client, Token: bad}); err == nil {
			t.Fatalf("%s lets in", bad)
		}
	}
	pupil.Leave()
	h.until("departure", func() bool { return h.happened(media.Left, "pupil") })
	for _, part := range strings.Split(token, ".") {
		if strings.Contains(h.log.String(), part) {
			t.Errorf("the log holds a token:\n%s", h.log)
		}
	}
	if strings.Contains(h.log.String(), "127.0.0.1") {
		t.Errorf("the log holds an address:\n%s", h.log)
	}
}

// The engine listens on nothing but the ports of media, and its handler
// answers four paths.
func TestNothingElseIsReachable(t *testing.T) {
	before := listening(t)
	free, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	chosen := free.Addr().(*net.TCPAddr).Port
	free.Close()
	h := open(t, func(o *media.Options) { o.TCPPort = chosen })
	for port := range listening(t) {
		if !before[port] && port != strconv.Itoa(chosen) {
			t.Errorf("TCP port %s is open", port)
		}
	}
	for _, path := range []string{"/", "/twirp/livekit.RoomService/ListRooms", "/agent", "/whip/v1", "/rtc/v2", "/rtc/", "/metrics"} {
		answer, err := h.client.Get(server + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, answer.StatusCode)
		}
	}
	if err := media.New(media.Options{}).Run(t.Context()); err == nil {
		t.Error("two engines run in one process")
	}
}

// listening gives the TCP ports that this process listens on.
func listening(t *testing.T) map[string]bool {
	t.Helper()
	ports := map[string]bool{}
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n")[1:] {
			f := strings.Fields(line)
			if len(f) > 9 && f[3] == "0A" && owned(t, f[9]) {
				_, port, _ := strings.Cut(f[1], ":")
				n, err := strconv.ParseUint(port, 16, 16)
				if err != nil {
					t.Fatal(err)
				}
				ports[strconv.FormatUint(n, 10)] = true
			}
		}
	}
	return ports
}

// owned tells whether a socket is one of this process.
func owned(t *testing.T, inode string) bool {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(f os.DirEntry) bool {
		to, err := os.Readlink("/proc/self/fd/" + f.Name())
		return err == nil && to == "socket:["+inode+"]"
	})
}

// readFirst connects and gives the server's first signal.
func readFirst(t *testing.T, client *http.Client, token, more string) *livekit.SignalResponse {
	t.Helper()
	conn, _, err := websocket.Dial(limited(t), "ws"+strings.TrimPrefix(server, "http")+"/rtc?protocol=15&access_token="+token+more, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	_, frame, err := conn.Read(limited(t))
	if err != nil {
		t.Fatal(err)
	}
	var m livekit.SignalResponse
	if err := proto.Unmarshal(frame, &m); err != nil {
		t.Fatal(err)
	}
	return &m
}

func send(t *testing.T, c *rtc.Client, m *livekit.SignalRequest) {
	t.Helper()
	if err := c.Send(m); err != nil {
		t.Fatal(err)
	}
}

func subscribe(t *testing.T, c *rtc.Client, sids ...string) {
	t.Helper()
	if err := c.Subscribe(true, sids...); err != nil {
		t.Fatal(err)
	}
}
