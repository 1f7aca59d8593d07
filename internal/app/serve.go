package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"preau/internal/fault"
	"preau/internal/media"
)

// Listener is one address that the server answers on.
type Listener struct {
	Address string // host:port
	Setting string // that gave it
	TLS     *tls.Config
	Relay   func(net.Conn) // where not nil, takes the connections that speak TURN over TLS
	Handler http.Handler
}

// Serve answers on every listener until ctx ends, then stops accepting and
// lets requests in progress finish for as long as grace. ready is called once
// all listeners are bound, with their addresses in order.
func Serve(ctx context.Context, listeners []Listener, grace time.Duration, log *slog.Logger, ready func([]net.Addr)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var bound []net.Listener
	var addresses []net.Addr
	for _, l := range listeners {
		b, err := net.Listen("tcp", l.Address)
		if err != nil {
			for _, b := range bound {
				b.Close() // nothing was accepted on it
			}
			return cannotListen(l, err)
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
	connections := errorLog(log, time.Now)
	servers := make([]*http.Server, len(bound))
	for i, b := range bound {
		servers[i] = &http.Server{
			Handler:           listeners[i].Handler,
			ReadHeaderTimeout: 10 * time.Second,
			ReadTimeout:       2 * time.Minute,
			WriteTimeout:      5 * time.Minute,
			IdleTimeout:       2 * time.Minute,
			MaxHeaderBytes:    64 << 10,
			ErrorLog:          connections,
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

// cannotListen says which setting to change.
func cannotListen(l Listener, err error) error {
	key := "cli.listen_failed"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		key = "cli.listen_in_use"
	case errors.Is(err, syscall.EACCES):
		key = "cli.listen_forbidden"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		key = "cli.listen_not_here"
	}
	return fault.New(fault.Unavailable, key, "address", l.Address, "setting", l.Setting, "error", err.Error()).Because(err)
}
