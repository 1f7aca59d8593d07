package lessonclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const subprotocol = "preau.lesson.v1"

// Options of Dial.
type Options struct {
	URL    string // ws:// or wss://
	Header http.Header
	HTTP   *http.Client // http.DefaultClient when nil
	// Epoch and Last come from an earlier client of the same person; with View
	// they let the server send only what is new.
	Epoch, Last    int64
	View           *View
	Recipient, MAC string
	// OnFrame is called for each frame, in order, from the client's goroutine.
	OnFrame func(Frame)
}

// Frame is a frame from the server.
type Frame struct {
	Type    string          `json:"type"`
	Re      int64           `json:"re"`
	N       int64           `json:"n"`
	At      int64           `json:"at"`
	By      string          `json:"by"`
	Ev      string          `json:"ev"`
	Sig     string          `json:"sig"`
	Reason  string          `json:"reason"`
	Problem *Problem        `json:"problem"`
	Raw     json.RawMessage `json:"-"`
}

// Problem is why a command was refused.
type Problem struct {
	Kind, Key, Detail, Field string
	RetryAfter               float64
}

func (p *Problem) Error() string { return p.Kind + ": " + p.Key }

// Refusal is an answer before the upgrade.
type Refusal struct{ Status int }

func (r *Refusal) Error() string { return fmt.Sprintf("refused with status %d", r.Status) }

// ErrClosed says that the connection ended before an answer came.
var ErrClosed = errors.New("lessonclient: the connection is closed")

// Client is one connection. Its methods are safe for concurrent use.
type Client struct {
	socket *websocket.Conn
	on     func(Frame)
	done   chan struct{}

	sending sync.Mutex // held while a command gets its id and leaves, so that ids grow on the wire

	mu      sync.Mutex // guards all below
	id      int64
	waiting map[int64]chan Frame
	view    *View
	bye     string
	changed chan struct{} // closed and replaced at each frame
}

// Dial connects, says hello and waits for the welcome.
func Dial(ctx context.Context, o Options) (*Client, error) {
	socket, answer, err := websocket.Dial(ctx, o.URL, &websocket.DialOptions{HTTPClient: o.HTTP, HTTPHeader: o.Header, Subprotocols: []string{subprotocol}})
	if err != nil {
		if answer != nil && answer.StatusCode != http.StatusSwitchingProtocols {
			return nil, &Refusal{answer.StatusCode}
		}
		return nil, err
	}
	socket.SetReadLimit(4 << 20)
	if o.View == nil {
		o.View = NewView()
	}
	c := &Client{socket: socket, on: o.OnFrame, done: make(chan struct{}), waiting: map[int64]chan Frame{}, view: o.View, changed: make(chan struct{})}
	hello := map[string]any{"protocol": 1, "epoch": o.Epoch, "last": o.Last}
	if o.Recipient != "" {
		hello["recipient"], hello["mac"] = o.Recipient, o.MAC
	}
	greeting := make(chan Frame, 1)
	c.waiting[0] = greeting // the welcome
	go c.read()
	id, refused, err := c.start(ctx, "hello", hello)
	if err == nil {
		defer c.forget(id)
		select {
		case f := <-greeting:
			if f.Type == "welcome" {
				return c, nil
			}
			err = fmt.Errorf("lessonclient: no welcome but bye: %s", f.Reason)
		case f := <-refused:
			err = f.Problem
		case <-c.done:
			err = ErrClosed
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	c.Close()
	return nil, err
}

// Do sends a command and waits for its answer. A refusal is a *Problem.
func (c *Client) Do(ctx context.Context, do string, members map[string]any) (Frame, error) {
	id, answer, err := c.start(ctx, do, members)
	if err != nil {
		return Frame{}, err
	}
	defer c.forget(id)
	select {
	case f := <-answer:
		return answered(f)
	case <-c.done:
		select {
		case f := <-answer:
			return answered(f)
		default:
			return Frame{}, ErrClosed
		}
	case <-ctx.Done():
		return Frame{}, ctx.Err()
	}
}

func answered(f Frame) (Frame, error) {
	if f.Type == "refused" {
		return f, f.Problem
	}
	return f, nil
}

func (c *Client) start(ctx context.Context, do string, members map[string]any) (int64, chan Frame, error) {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.mu.Lock()
	c.id++
	id := c.id
	answer := make(chan Frame, 1)
	c.waiting[id] = answer
	c.mu.Unlock()
	frame := map[string]any{"id": id, "do": do}
	for k, v := range members {
		frame[k] = v
	}
	raw, err := json.Marshal(frame)
	if err == nil {
		err = c.socket.Write(ctx, websocket.MessageText, raw)
	}
	if err != nil {
		c.forget(id)
		return 0, nil, errors.Join(ErrClosed, err)
	}
	return id, answer, nil
}

func (c *Client) forget(id int64) {
	c.mu.Lock()
	delete(c.waiting, id)
	c.mu.Unlock()
}

// Send writes a frame as it is, for a client that does not keep the rules.
func (c *Client) Send(ctx context.Context, frame []byte) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	return c.socket.Write(ctx, websocket.MessageText, frame)
}

func (c *Client) read() {
	defer close(c.done)
	for {
		_, raw, err := c.socket.Read(context.Background())
		if err != nil {
			return
		}
		f := Frame{Raw: raw}
		if err := json.Unmarshal(raw, &f); err != nil {
			return
		}
		c.mu.Lock()
		c.view.Apply(raw)
		var to chan Frame
		switch f.Type {
		case "welcome":
			to = c.waiting[0]
		case "bye":
			c.bye = f.Reason
			to = c.waiting[0]
		case "done", "refused":
			to = c.waiting[f.Re]
		}
		if to != nil {
			select {
			case to <- f:
			default:
			}
		}
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
		if c.on != nil {
			c.on(f)
		}
	}
}

// Until waits until what the client knows satisfies ok.
func (c *Client) Until(ctx context.Context, ok func(*View) bool) error {
	for {
		c.mu.Lock()
		good, changed := ok(c.view), c.changed
		c.mu.Unlock()
		if good {
			return nil
		}
		select {
		case <-changed:
		case <-c.done:
			if c.Knows(ok) {
				return nil
			}
			return ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Knows says whether what the client knows now satisfies ok.
func (c *Client) Knows(ok func(*View) bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return ok(c.view)
}

// Bye waits for the end and gives the reason that the server gave, "" for none.
func (c *Client) Bye(ctx context.Context) (string, error) {
	select {
	case <-c.done:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bye, nil
}

// Done is closed when the connection has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

// Close breaks the connection off, without a word.
func (c *Client) Close() {
	c.socket.CloseNow()
	select {
	case <-c.done:
	case <-time.After(5 * time.Second):
	}
}

// Again gives the options with which the same person comes back and receives
// only what is new. The client must be closed.
func (c *Client) Again(o Options) Options {
	c.mu.Lock()
	defer c.mu.Unlock()
	o.Epoch, o.Last, o.View = c.view.Epoch, c.view.N, c.view
	return o
}
