package lesson

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/i18n"
)

// The subprotocol of a connection.
const subprotocol = "preau.lesson.v1"

// Times and limits of a connection.
const (
	pingEvery   = 2500 * time.Millisecond
	pingWithin  = 5 * time.Second // without an answer for that long, the client is gone
	quietAfter  = 3 * time.Second
	helloWithin = 10 * time.Second
	writeWithin = 5 * time.Second
	checkEvery  = time.Minute // that the session and the role still hold

	maxWaitingFrames = 256
	maxWaitingBytes  = 1 << 20

	burstCommands, everyCommand = 60, 50 * time.Millisecond
	burstMessages, everyMessage = 5, time.Second
	burstGestures, everyGesture = 12, time.Second // hands and states, which the log keeps
	mostSockets                 = 24              // of one person in one lesson: each break of a bad network leaves one for some seconds
	mostBadFrames               = 40              // of one connection
	mostPeople                  = 400
)

// Why the server closes a connection.
const (
	byeReplaced = "replaced"
	byeTooLarge = "too_large"
	byeSlow     = "slow"
	byeProtocol = "protocol"
	byeEnded    = "ended"
	byeRestart  = "restart"
	byeSession  = "session" // the session or the role has ended
	byeRefused  = "refused"
	byeSilent   = "silent"
)

// conn is one WebSocket. viewer, live, recipient and mac belong to the hub's
// goroutine; the rest is set once, or guarded by mu.
type conn struct {
	service *Service
	hub     *hub
	socket  *websocket.Conn
	who     *entrant
	locale  i18n.Locale
	session string             // of a seat, as its door knows it
	alive   func() bool        // cheap, often: the session still has its seat
	check   func() error       // whole, seldom: the session and the role still hold
	cancel  context.CancelFunc // ends the reader

	viewer         viewer
	live           bool
	recipient, mac string

	mu     sync.Mutex // guards all below
	queue  [][]byte
	bytes  int
	last   *lastFrame // once set, nothing is queued any more
	wake   chan struct{}
	sentAt time.Time
}

type lastFrame struct{ frame []byte }

// serve speaks with a client until either end closes.
func (c *conn) serve(ctx context.Context) {
	ctx, c.cancel = context.WithCancel(ctx)
	defer c.cancel()
	written := make(chan struct{})
	go func() { c.write(ctx); close(written) }()
	go c.ping(ctx)
	c.read(ctx)
	c.hub.do(func() { c.hub.connectionEnded(c) })
	c.close(nil)
	<-written
}

// send queues a frame. A client that reads too slowly is cut off.
func (c *conn) send(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil {
		return
	}
	if len(c.queue) >= maxWaitingFrames || c.bytes+len(frame) > maxWaitingBytes {
		c.queue = nil
		c.last = &lastFrame{c.byeFrame(byeSlow, 0)}
	} else {
		c.queue = append(c.queue, frame)
		c.bytes += len(frame)
	}
	c.signalWriter()
}

// bye queues the last frame.
func (c *conn) bye(reason string, speaks int) { c.close(c.byeFrame(reason, speaks)) }

func (c *conn) close(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.last = &lastFrame{frame}
	}
	c.signalWriter()
}

func (c *conn) signalWriter() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *conn) byeFrame(reason string, speaks int) []byte {
	body := map[string]any{"type": "bye", "reason": reason, "detail": c.service.texts.T(c.locale, "lesson.bye_"+reason, nil)}
	if speaks != 0 {
		body["protocols"] = []int{speaks}
	}
	return encode(body)
}

// refuse answers a command that is not carried out.
func (c *conn) refuse(re int64, err error) {
	c.send(encode(map[string]any{"type": "refused", "re": re, "problem": c.service.problem(c.locale, err)}))
}

// keyOf is the signal of this client's public key, nil when it has sent none.
func (c *conn) keyOf() map[string]any {
	if c.recipient == "" {
		return nil
	}
	body := map[string]any{"sig": "key_of", "who": c.viewer.id, "recipient": c.recipient}
	if c.mac != "" {
		body["mac"] = c.mac
	}
	if c.session != "" {
		body["session"] = c.session
	}
	return body
}

// write sends what is queued, in order, then the last frame, and closes.
func (c *conn) write(ctx context.Context) {
	gone := c.hub.gone
	for {
		select {
		case <-c.wake:
		case <-gone: // a hello that came too late was never read
			gone = nil
			c.bye(byeRestart, 0)
			continue
		case <-ctx.Done():
			c.socket.CloseNow()
			return
		}
		c.mu.Lock()
		frames, last := c.queue, c.last
		c.queue, c.bytes = nil, 0
		c.sentAt = time.Now()
		c.mu.Unlock()
		for _, f := range frames {
			if !c.writeOne(ctx, f) {
				c.cancel()
				c.socket.CloseNow()
				return
			}
		}
		if last != nil {
			if last.frame != nil && c.writeOne(ctx, last.frame) {
				c.socket.Close(websocket.StatusNormalClosure, "")
			}
			c.cancel()
			c.socket.CloseNow()
			return
		}
	}
}

func (c *conn) writeOne(ctx context.Context, frame []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	return c.socket.Write(ctx, websocket.MessageText, frame) == nil
}

// ping keeps the connection known to be alive at both ends.
func (c *conn) ping(ctx context.Context) {
	beat := time.NewTicker(pingEvery)
	defer beat.Stop()
	checked := time.Now()
	for {
		var told bool
		var mu sync.Mutex // guards told
		silence := time.AfterFunc(quietAfter, func() {
			mu.Lock()
			told = true
			mu.Unlock()
			c.hub.do(func() { c.hub.quiet(c, true) })
		})
		within, cancel := context.WithTimeout(ctx, pingWithin)
		err := c.socket.Ping(within)
		cancel()
		silence.Stop()
		if err != nil {
			c.close(nil)
			return
		}
		mu.Lock()
		if told {
			c.hub.do(func() { c.hub.quiet(c, false) })
		}
		mu.Unlock()
		if c.alive != nil && !c.alive() {
			c.bye(byeSession, 0)
			return
		}
		if time.Since(checked) > checkEvery {
			checked = time.Now()
			if err := c.check(); fault.Of(err) != nil && !fault.Is(err, fault.Unavailable) {
				c.bye(byeSession, 0)
				return
			}
		}
		select {
		case <-beat.C:
		case <-ctx.Done():
			return
		}
		c.mu.Lock()
		still := time.Since(c.sentAt) > pingEvery
		c.mu.Unlock()
		if still { // scripts in a browser do not see pings
			c.send(encode(map[string]any{"type": "signal", "sig": "beat", "now": c.service.now()}))
		}
	}
}

// read takes the client's frames one by one. It ends with the connection.
func (c *conn) read(ctx context.Context) {
	c.socket.SetReadLimit(-1) // readOne has its own, that lets us say goodbye
	silent := time.AfterFunc(helloWithin, func() { c.bye(byeSilent, 0) })
	defer silent.Stop()
	var before int64
	greeted, bad := false, 0
	buffer := make([]byte, maxFrame+1)
	for {
		raw, err := c.readOne(ctx, buffer)
		if errors.Is(err, errFrameTooLarge) {
			c.bye(byeTooLarge, 0)
			<-ctx.Done()
			return
		}
		if err != nil {
			return
		}
		f, err := readFrame(raw)
		if err == nil && f.ID <= before {
			err = fault.New(fault.Invalid, "lesson.id_order").At("id")
		}
		if err != nil {
			if bad++; bad > mostBadFrames {
				c.bye(byeProtocol, protocolVersion)
				return
			}
		}
		// A frame that says nothing costs as much as one that does.
		if limited := c.allowed(ctx, f); limited != nil {
			err = limited
		}
		before = max(before, f.ID)
		if err == nil && greeted == (f.Do == "hello") {
			err = fault.New(fault.Conflict, "lesson.hello_first").At("do")
		}
		if err != nil {
			c.refuse(f.ID, err)
			continue
		}
		turn := func() { c.hub.command(c, f) }
		if !greeted {
			greeted = true
			silent.Stop()
			turn = func() { c.hub.join(c, f) }
		}
		if !c.hub.do(turn) {
			c.bye(byeRestart, 0)
			return
		}
	}
}

var errFrameTooLarge = errors.New("lesson: frame too large")

// readOne reads a text frame of maxFrame bytes at most.
func (c *conn) readOne(ctx context.Context, buffer []byte) ([]byte, error) {
	kind, r, err := c.socket.Reader(ctx)
	if err != nil {
		return nil, err
	}
	n, err := io.ReadFull(r, buffer)
	switch {
	case err == nil:
		return nil, errFrameTooLarge
	case !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF):
		return nil, err
	case kind != websocket.MessageText:
		return nil, nil // refused as any other bad frame
	}
	return append([]byte(nil), buffer[:n]...), nil
}

// allowed counts a command against its person's limits. One that sends too
// much is also read more slowly: nobody else waits for it.
func (c *conn) allowed(ctx context.Context, f frame) error {
	key := c.hub.lesson.ID + " " + c.who.key()
	ok, wait := c.service.commands.Take(key)
	switch {
	case ok && (f.Do == "say" || f.Do == "report"):
		ok, wait = c.service.messages.Take(key)
	case ok && (f.Do == "hand" || f.Do == "state" || f.Do == "camera_to") && c.who.kind != KindStaff:
		ok, wait = c.service.gestures.Take(key)
	}
	if ok {
		return nil
	}
	select {
	case <-time.After(everyCommand):
	case <-ctx.Done():
	}
	return fault.New(fault.Limited, "lesson.limited").After(wait)
}

// upgrade opens the WebSocket of an entrant and serves it.
func (s *Service) upgrade(w http.ResponseWriter, r *http.Request, h *hub, who *entrant, set func(*conn)) {
	shut, ok := s.socketOf(h.lesson.ID + " " + who.key())
	if !ok {
		s.api.WriteError(w, r, fault.New(fault.Limited, "lesson.limited").After(pingWithin))
		return
	}
	defer shut()
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{subprotocol}, CompressionMode: websocket.CompressionDisabled, OriginPatterns: s.origins,
	})
	if err != nil {
		return // it has answered
	}
	c := &conn{service: s, hub: h, socket: socket, who: who, locale: httpx.Locale(r.Context()), wake: make(chan struct{}, 1), sentAt: time.Now()}
	set(c)
	if socket.Subprotocol() != subprotocol {
		c.bye(byeProtocol, protocolVersion)
	}
	c.serve(context.WithoutCancel(r.Context()))
}

// socketOf counts an open socket of a person in a lesson; ok is false when they
// have too many.
func (s *Service) socketOf(key string) (shut func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sockets[key] >= mostSockets {
		return nil, false
	}
	s.sockets[key]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.sockets[key]--; s.sockets[key] == 0 {
			delete(s.sockets, key)
		}
	}, true
}
