package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"preau/internal/media"
)

// Listener is one address that the server answers on.
type Listener struct {
	Address string // host:port
	TLS     *tls.Config
	Relay   func(net.Conn) // where not nil, takes the connections that speak TURN over TLS
	Handler http.Handler
}

// Serve answers on every listener until ctx ends, then stops accepting and
// lets requests in progress finish for as long as grace. ready is called once
// all listeners are bound, with their addresses in order.
func Serve(ctx context.Context, listeners []Listener, grace time.Duration, ready func([]net.Addr)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var bound []net.Listener
	var addresses []net.Addr
	for _, l := range listeners {
		b, err := net.Listen("tcp", l.Address)
		if err != nil {
			for _, b := range bound {
				err = errors.Join(err, b.Close())
			}
			return err
		}
		addresses = append(addresses, b.Addr())
		switch {
		case l.TLS != nil && l.Relay != nil:
			b = media.SplitTLS(b, l.TLS, l.Relay)
		case l.TLS != nil:
			b = tls.NewListener(b, l.TLS)
		}
		bound = append(bound, b)
	}
	var wg sync.WaitGroup
	failed := make(chan error, len(bound))
	servers := make([]*http.Server, len(bound))
	for i, b := range bound {
		servers[i] = &http.Server{
			Handler:           listeners[i].Handler,
			ReadHeaderTimeout: 10 * time.Second,
			ReadTimeout:       2 * time.Minute,
			WriteTimeout:      5 * time.Minute,
			IdleTimeout:       2 * time.Minute,
			MaxHeaderBytes:    64 << 10,
		}
		wg.Go(func() {
			if err := servers[i].Serve(b); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
				cancel()
			}
		})
	}
	ready(addresses)
	<-ctx.Done()
	stop, release := context.WithTimeout(context.Background(), grace)
	defer release()
	for _, s := range servers {
		wg.Go(func() {
			if s.Shutdown(stop) != nil {
				s.Close()
			}
		})
	}
	wg.Wait()
	close(failed)
	var err error
	for one := range failed {
		err = errors.Join(err, one)
	}
	return err
}
