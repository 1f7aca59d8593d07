package media

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"
	"google.golang.org/protobuf/proto"

	"github.com/livekit/protocol/livekit"

	"preau/internal/fault"
)

// Limits on one client's signalling. A frame is at most an SDP that describes
// hundreds of tracks; a client that sends frames faster, or that does not take
// what it is sent, is cut off.
const (
	maxFrame      = 512 << 10
	maxJoin       = 1 << 20
	framesASecond = 100
	framesAtOnce  = 500
	slowReader    = 10 * time.Second
	enginePatient = 15 * time.Second // for the engine to answer a join
)

// Paths lists what Handler answers.
func Paths() []string { return []string{"/rtc", "/rtc/v1", "/rtc/validate", "/rtc/v1/validate"} }

// Handler answers signalling, and nothing else of the engine.
func (e *LiveKit) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, path := range Paths() {
		if strings.HasSuffix(path, "/validate") {
			mux.HandleFunc("GET "+path, e.validate)
		} else {
			mux.HandleFunc("GET "+path, e.signal)
		}
	}
	return mux
}

// refusal is an answer that the client library understands.
type refusal struct {
	status int
	text   string
}

func (r refusal) Error() string { return r.text }

// admit says who asks, what of their request goes on to the engine, and with
// which rights.
func (e *LiveKit) admit(r *http.Request) (url.Values, http.Header, error) {
	if _, err := e.manager(); err != nil {
		return nil, nil, refusal{http.StatusServiceUnavailable, "the media engine is starting"}
	}
	token := bearer(r)
	claims, _, err := e.verify(token)
	if token == "" || err != nil {
		return nil, nil, refusal{http.StatusUnauthorized, "token refused"}
	}
	room, identity := claims.Video.Room, claims.Identity
	e.people.mu.Lock()
	_, p := e.people.find(room, identity)
	var rights Rights
	if p != nil {
		rights = p.rights
	}
	e.people.mu.Unlock()
	if p == nil {
		return nil, nil, refusal{http.StatusForbidden, "no place in this room"}
	}
	if e.opts.Admit != nil {
		if err := e.opts.Admit(r.Context(), room, identity); err != nil {
			var known *fault.Error
			if !errors.As(err, &known) {
				e.opts.Log.Error("admission failed", "error", err)
				return nil, nil, refusal{http.StatusServiceUnavailable, "admission cannot be decided now"}
			}
			return nil, nil, refusal{http.StatusForbidden, "no place in this room"}
		}
	}
	query, err := joinQuery(r.URL.Query())
	if err != nil {
		return nil, nil, refusal{http.StatusBadRequest, err.Error()}
	}
	inner, err := e.sign(room, identity, rights)
	if err != nil {
		return nil, nil, err
	}
	return query, http.Header{"Authorization": {"Bearer " + inner}}, nil
}

// bearer is the token of a request: the header's, or the query's.
func bearer(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	return r.URL.Query().Get("access_token")
}

func (e *LiveKit) refuse(w http.ResponseWriter, err error) {
	var known refusal
	if !errors.As(err, &known) {
		e.opts.Log.Error("signalling failed", "error", redact(err.Error()))
		known = refusal{http.StatusBadGateway, "the media engine does not answer"}
	}
	http.Error(w, known.text, known.status)
}

// validate tells a client why its connection fails.
func (e *LiveKit) validate(w http.ResponseWriter, r *http.Request) {
	query, header, err := e.admit(r)
	if err != nil {
		e.refuse(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), enginePatient)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine"+r.URL.Path+"?"+query.Encode(), nil)
	if err != nil {
		e.refuse(w, err)
		return
	}
	ask.Header = header
	answer, err := e.dial.Do(ask)
	if err != nil {
		e.refuse(w, err)
		return
	}
	defer answer.Body.Close()
	w.WriteHeader(answer.StatusCode)
	io.Copy(w, io.LimitReader(answer.Body, 1<<10))
}

// signal joins a client's WebSocket to the engine's, frame by frame.
func (e *LiveKit) signal(w http.ResponseWriter, r *http.Request) {
	query, header, err := e.admit(r)
	if err != nil {
		e.refuse(w, err)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	patient, enough := context.WithTimeout(ctx, enginePatient)
	defer enough()
	engine, answer, err := websocket.Dial(patient, "ws://engine"+r.URL.Path+"?"+query.Encode(), &websocket.DialOptions{HTTPClient: e.dial, HTTPHeader: header})
	if err != nil {
		if answer != nil && answer.StatusCode >= 400 && answer.StatusCode < 500 {
			err = refusal{answer.StatusCode, "the media engine refuses this connection"}
		}
		e.refuse(w, err)
		return
	}
	defer engine.CloseNow()
	engine.SetReadLimit(-1) // it is ours
	client, err := websocket.Accept(w, r, &websocket.AcceptOptions{OriginPatterns: e.pages()})
	if err != nil {
		return
	}
	defer client.CloseNow()
	client.SetReadLimit(maxFrame)
	go func() {
		defer cancel()
		e.outward(ctx, engine, client)
	}()
	e.inward(ctx, client, engine)
}

// pages is the host whose pages may connect, beside the host they ask.
func (e *LiveKit) pages() []string {
	if u, err := url.Parse(e.opts.Origin); err == nil && u.Host != "" {
		return []string{u.Host}
	}
	return nil
}

// inward carries what a client may send to the engine, until either ends.
func (e *LiveKit) inward(ctx context.Context, client, engine *websocket.Conn) {
	pace := rate.NewLimiter(framesASecond, framesAtOnce)
	for {
		kind, frame, err := client.Read(ctx)
		if err != nil {
			// The engine waits for the client to come back unless told otherwise.
			engine.Close(websocket.StatusNormalClosure, "")
			return
		}
		if kind != websocket.MessageBinary || !pace.Allow() {
			client.Close(websocket.StatusPolicyViolation, "too many frames, or not binary")
			return
		}
		kept, refused := inwardFrame(frame)
		if refused != nil {
			if send(ctx, client, refused) != nil {
				return
			}
		}
		if kept != nil && send(ctx, engine, kept) != nil {
			return
		}
	}
}

// outward carries what the engine sends to the client.
func (e *LiveKit) outward(ctx context.Context, engine, client *websocket.Conn) {
	for {
		_, frame, err := engine.Read(ctx)
		if err != nil {
			client.Close(websocket.StatusNormalClosure, "")
			return
		}
		frame, err = outwardFrame(frame, e.ours)
		if err != nil {
			e.opts.Log.Error("a frame of the engine cannot be read", "error", err)
			client.Close(websocket.StatusInternalError, "")
			return
		}
		if send(ctx, client, frame) != nil {
			client.Close(websocket.StatusPolicyViolation, "too slow")
			return
		}
	}
}

func send(ctx context.Context, to *websocket.Conn, frame []byte) error {
	ctx, cancel := context.WithTimeout(ctx, slowReader)
	defer cancel()
	return to.Write(ctx, websocket.MessageBinary, frame)
}

// outwardFrame gives a client our own relay and nobody else's servers.
func outwardFrame(frame []byte, ours func([]*livekit.ICEServer) []*livekit.ICEServer) ([]byte, error) {
	if number := firstField(frame); number != joinField && number != reconnectField {
		return frame, nil
	}
	var m livekit.SignalResponse
	if err := proto.Unmarshal(frame, &m); err != nil {
		return nil, err
	}
	if j := m.GetJoin(); j != nil {
		j.IceServers = ours(j.IceServers)
	}
	if j := m.GetReconnect(); j != nil {
		j.IceServers = ours(j.IceServers)
	}
	return proto.Marshal(&m)
}
