package media

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// SplitTLS shares a listener between pages and the relay: it ends TLS, looks
// at the first byte, gives what speaks STUN (RFC 8489: the two highest bits are
// zero) to relay, and the rest to whoever accepts.
func SplitTLS(l net.Listener, conf *tls.Config, relay func(net.Conn)) net.Listener {
	s := &split{Listener: l, pages: newPipe(), conf: conf, relay: relay}
	go s.run()
	return s
}

type split struct {
	net.Listener
	pages *pipe
	conf  *tls.Config
	relay func(net.Conn)
}

// firstByte is how long a client may take to shake hands and say something.
const firstByte = 10 * time.Second

func (s *split) run() {
	for {
		c, err := s.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			s.pages.Close()
			return
		}
		if err != nil { // such as too many open files: it passes
			time.Sleep(50 * time.Millisecond)
			continue
		}
		go s.sort(tls.Server(c, s.conf))
	}
}

func (s *split) sort(c *tls.Conn) {
	c.SetDeadline(time.Now().Add(firstByte))
	if c.Handshake() != nil {
		c.Close()
		return
	}
	if c.ConnectionState().NegotiatedProtocol == "h2" { // net/http wants a *tls.Conn to speak HTTP/2, and a relay's client never asks for it
		c.SetDeadline(time.Time{})
		s.pages.give(c)
		return
	}
	r := bufio.NewReader(c)
	first, err := r.Peek(1)
	if err != nil {
		c.Close()
		return
	}
	c.SetDeadline(time.Time{})
	peeked := &peekedConn{Conn: c, r: r}
	if first[0]&0xC0 == 0 {
		s.relay(peeked)
		return
	}
	s.pages.give(peeked)
}

func (s *split) Accept() (net.Conn, error) { return s.pages.Accept() }

func (s *split) Close() error {
	s.pages.Close()
	return s.Listener.Close()
}

// peekedConn gives back what was read to look at it.
type peekedConn struct {
	net.Conn
	r *bufio.Reader
}

func (c *peekedConn) Read(b []byte) (int, error) { return c.r.Read(b) }
