package rtc

import (
	"sync/atomic"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
)

// sent counts the packets that the client's tracks sent, repeats on request
// apart: it stands outside the interceptor that answers those.
type sent struct {
	interceptor.NoOp
	packets atomic.Uint64
}

// NewInterceptor gives both peer connections the one counter.
func (s *sent) NewInterceptor(string) (interceptor.Interceptor, error) { return s, nil }

// BindLocalStream counts one track's packets.
func (s *sent) BindLocalStream(_ *interceptor.StreamInfo, next interceptor.RTPWriter) interceptor.RTPWriter {
	return interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, attributes interceptor.Attributes) (int, error) {
		s.packets.Add(1)
		return next.Write(header, payload, attributes)
	})
}

// Sent is how many packets of media the client has sent.
func (c *Client) Sent() uint64 { return c.sent.packets.Load() }
