package rtc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/livekit/protocol/livekit"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"
)

// Options of Join.
type Options struct {
	Server string // where /rtc is, as http://host:port or https://host:port
	Token  string
	HTTP   *http.Client // nil for the default one
	Manual bool         // subscribe to nothing by itself; see Subscribe
	Relay  bool         // reach media through TURN alone
	TCP    bool         // reach media over TCP alone
	Local  bool         // reach media over UDP on this machine's own address alone, and look for no other
	// Heard is called with each signal of the server, from one goroutine.
	Heard func(*livekit.SignalResponse)
}

// Client is one person in a room. Its methods may be called from any
// goroutine.
type Client struct {
	Joined *livekit.JoinResponse

	opts   Options
	conn   *websocket.Conn
	ctx    context.Context
	cancel context.CancelFunc
	ended  chan struct{} // closed when signalling ends
	out    chan []byte   // frames for write: the goroutine that reads never waits for the server to read

	publisher, subscriber *webrtc.PeerConnection

	mu        sync.Mutex
	published map[string]chan *livekit.TrackInfo // by the id that we gave a track
	answered  chan struct{}
	negotiate sync.Mutex // one offer at a time
	early     map[livekit.SignalTarget][]webrtc.ICECandidateInit
	received  map[string]*Received

	sent sent
}

// protocol is the version of signalling that the client speaks: two peer
// connections, the server offering what is received.
const protocol = 15

// Join connects and waits until the server has answered.
func Join(ctx context.Context, o Options) (*Client, error) {
	query := url.Values{"access_token": {o.Token}, "protocol": {fmt.Sprint(protocol)}, "sdk": {"go"}, "auto_subscribe": {"1"}}
	if o.Manual {
		query.Set("auto_subscribe", "0")
	}
	address := "ws" + strings.TrimPrefix(o.Server, "http") + "/rtc?" + query.Encode()
	conn, answer, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: o.HTTP})
	if err != nil {
		if answer != nil {
			return nil, &Refused{Status: answer.StatusCode}
		}
		return nil, err
	}
	conn.SetReadLimit(-1)
	c := &Client{opts: o, conn: conn, ended: make(chan struct{}), out: make(chan []byte, 256), published: map[string]chan *livekit.TrackInfo{}, answered: make(chan struct{}, 1),
		early: map[livekit.SignalTarget][]webrtc.ICECandidateInit{}, received: map[string]*Received{}}
	first, err := c.read(ctx)
	if err == nil && first.GetJoin() == nil {
		err = fmt.Errorf("rtc: the server answers %T to a join", first.Message)
	}
	if err != nil {
		conn.CloseNow()
		return nil, err
	}
	c.Joined = first.GetJoin()
	c.ctx, c.cancel = context.WithCancel(context.Background())
	if err := c.connect(); err != nil {
		c.Close()
		return nil, err
	}
	go c.listen()
	go c.write()
	go c.ping()
	return c, nil
}

// Refused is an answer other than a WebSocket.
type Refused struct{ Status int }

func (r *Refused) Error() string { return fmt.Sprintf("rtc: the server answers %d", r.Status) }

func (c *Client) connect() error {
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		return err
	}
	registry := &interceptor.Registry{}
	if err := errors.Join(webrtc.ConfigureNack(engine, registry), webrtc.ConfigureRTCPReports(registry)); err != nil {
		return err
	}
	registry.Add(&c.sent)
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	if c.opts.TCP {
		settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	}
	if c.opts.Local {
		settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
		settings.SetIPFilter(net.IP.IsLoopback)
		settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))
	conf := webrtc.Configuration{}
	for _, s := range c.Joined.IceServers {
		conf.ICEServers = append(conf.ICEServers, webrtc.ICEServer{URLs: s.Urls, Username: s.Username, Credential: s.Credential})
	}
	if c.opts.Relay {
		conf.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	var err error
	for target, pc := range map[livekit.SignalTarget]**webrtc.PeerConnection{livekit.SignalTarget_PUBLISHER: &c.publisher, livekit.SignalTarget_SUBSCRIBER: &c.subscriber} {
		if *pc, err = api.NewPeerConnection(conf); err != nil {
			return err
		}
		(*pc).OnICECandidate(func(candidate *webrtc.ICECandidate) {
			if candidate == nil {
				return
			}
			init, err := json.Marshal(candidate.ToJSON())
			if err == nil {
				c.Send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Trickle{Trickle: &livekit.TrickleRequest{CandidateInit: string(init), Target: target}}})
			}
		})
	}
	c.subscriber.OnTrack(c.count)
	return nil
}

// Send puts one signal on its way, whatever it says.
func (c *Client) Send(m *livekit.SignalRequest) error {
	frame, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	select {
	case c.out <- frame:
		return nil
	case <-c.ended:
	case <-c.ctx.Done():
	}
	return errors.New("rtc: the connection ended")
}

func (c *Client) write() {
	for {
		select {
		case frame := <-c.out:
			if c.conn.Write(c.ctx, websocket.MessageBinary, frame) != nil {
				c.cancel()
				return
			}
		case <-c.ctx.Done():
			return
		}
	}
}

func (c *Client) read(ctx context.Context) (*livekit.SignalResponse, error) {
	_, frame, err := c.conn.Read(ctx)
	if err != nil {
		return nil, err
	}
	var m livekit.SignalResponse
	return &m, proto.Unmarshal(frame, &m)
}

// listen follows the server until the connection ends.
func (c *Client) listen() {
	defer close(c.ended)
	for {
		m, err := c.read(c.ctx)
		if err != nil {
			return
		}
		if err := c.follow(m); err != nil {
			return
		}
		if c.opts.Heard != nil {
			c.opts.Heard(m)
		}
	}
}

func (c *Client) follow(m *livekit.SignalResponse) error {
	switch s := m.Message.(type) {
	case *livekit.SignalResponse_Offer:
		if err := c.remote(c.subscriber, livekit.SignalTarget_SUBSCRIBER, webrtc.SDPTypeOffer, s.Offer.Sdp); err != nil {
			return err
		}
		answer, err := c.subscriber.CreateAnswer(nil)
		if err == nil {
			err = c.subscriber.SetLocalDescription(answer)
		}
		if err != nil {
			return err
		}
		return c.Send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Answer{Answer: &livekit.SessionDescription{Type: "answer", Sdp: answer.SDP, Id: s.Offer.Id}}})
	case *livekit.SignalResponse_Answer:
		err := c.remote(c.publisher, livekit.SignalTarget_PUBLISHER, webrtc.SDPTypeAnswer, s.Answer.Sdp)
		select {
		case c.answered <- struct{}{}:
		default:
		}
		return err
	case *livekit.SignalResponse_Trickle:
		return c.trickle(s.Trickle)
	case *livekit.SignalResponse_TrackPublished:
		c.mu.Lock()
		waiting := c.published[s.TrackPublished.Cid]
		delete(c.published, s.TrackPublished.Cid)
		c.mu.Unlock()
		if waiting != nil {
			waiting <- s.TrackPublished.Track
		}
	}
	return nil
}

func (c *Client) remote(pc *webrtc.PeerConnection, target livekit.SignalTarget, kind webrtc.SDPType, sdp string) error {
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: kind, SDP: sdp}); err != nil {
		return err
	}
	c.mu.Lock()
	early := c.early[target]
	delete(c.early, target)
	c.mu.Unlock()
	for _, candidate := range early {
		if err := pc.AddICECandidate(candidate); err != nil {
			return err
		}
	}
	return nil
}

// trickle adds a candidate, or keeps it until the description is there.
func (c *Client) trickle(t *livekit.TrickleRequest) error {
	var candidate webrtc.ICECandidateInit
	if err := json.Unmarshal([]byte(t.CandidateInit), &candidate); err != nil {
		return err
	}
	pc := c.subscriber
	if t.Target == livekit.SignalTarget_PUBLISHER {
		pc = c.publisher
	}
	if pc.RemoteDescription() == nil {
		c.mu.Lock()
		c.early[t.Target] = append(c.early[t.Target], candidate)
		c.mu.Unlock()
		return nil
	}
	return pc.AddICECandidate(candidate)
}

// Subscribe asks for tracks, or no longer.
func (c *Client) Subscribe(yes bool, sids ...string) error {
	return c.Send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Subscription{Subscription: &livekit.UpdateSubscription{TrackSids: sids, Subscribe: yes}}})
}

// Ended is closed when the server ends the connection.
func (c *Client) Ended() <-chan struct{} { return c.ended }

func (c *Client) ping() {
	every := time.Duration(max(c.Joined.PingInterval, 1)) * time.Second
	for {
		select {
		case <-time.After(every):
			c.Send(&livekit.SignalRequest{Message: &livekit.SignalRequest_PingReq{PingReq: &livekit.Ping{Timestamp: time.Now().UnixMilli()}}})
		case <-c.ctx.Done():
			return
		}
	}
}

// Leave says so to the server, then closes.
func (c *Client) Leave() {
	c.Send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Leave{Leave: &livekit.LeaveRequest{}}})
	select {
	case <-c.ended: // the server closes in answer
	case <-time.After(5 * time.Second):
	}
	c.Close()
}

// Close drops everything at once, as a machine that loses power would.
func (c *Client) Close() {
	c.cancel()
	c.conn.CloseNow()
	for _, pc := range []*webrtc.PeerConnection{c.publisher, c.subscriber} {
		if pc != nil {
			pc.Close()
		}
	}
}
