package media

import (
	"net"
	"net/http"
)

// InProcess is a listener and the client that reaches it. Unlike the kernel's
// sockets, it lets the race detector see that an answer comes after what it
// answers: inside the engine a track that was announced is changed by the offer
// that follows, with nothing but the client's own patience in between.
func InProcess() (net.Listener, *http.Client) {
	p := newPipe()
	return p, &http.Client{Transport: &http.Transport{DialContext: p.dial, DisableKeepAlives: true}}
}
