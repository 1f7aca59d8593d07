package egress

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// RefusedError says that a destination is not on the list.
type RefusedError struct{ Destination string }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s is not a destination that the operator allowed; if it should be, add it to egress-allow", e.Destination)
}

// Dialer opens connections to the listed destinations alone. It is safe for
// use by several goroutines.
type Dialer struct {
	allowed map[string]bool // host:port, the host in lower case or an address in its shortest form
	net     net.Dialer
	log     *slog.Logger
}

// New makes a Dialer for a list of host:port, as config.Config.Outgoing gives.
func New(allow []string, log *slog.Logger) (*Dialer, error) {
	d := &Dialer{allowed: map[string]bool{}, log: log}
	for _, one := range allow {
		key, err := normal(one)
		if err != nil {
			return nil, fmt.Errorf("egress: %q is not host:port", one)
		}
		d.allowed[key] = true
	}
	d.net = net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, ControlContext: d.control}
	return d, nil
}

// Allow answers nil for a listed host:port, and otherwise logs it and gives a
// RefusedError.
func (d *Dialer) Allow(destination string) error {
	key, err := normal(destination)
	if err == nil && d.allowed[key] {
		return nil
	}
	d.log.Warn("outgoing connection refused", "destination", destination)
	return &RefusedError{Destination: destination}
}

// admitted marks the context of a dial whose destination was found on the list.
type admitted struct{}

// DialContext opens a TCP connection to a listed host:port. A Unix socket, which
// does not leave the machine, needs no listing. It has the form that database
// drivers and http.Transport want.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if network == "unix" {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	if err := d.Allow(address); err != nil {
		return nil, err
	}
	return d.net.DialContext(context.WithValue(ctx, admitted{}, true), network, address)
}

// control stands before each connect(2): a socket that did not come through
// DialContext's check, or that is not TCP, is refused.
func (d *Dialer) control(ctx context.Context, network, address string, _ syscall.RawConn) error {
	if ctx.Value(admitted{}) == nil || !strings.HasPrefix(network, "tcp") {
		d.log.Warn("outgoing connection refused", "destination", address, "network", network)
		return &RefusedError{Destination: address}
	}
	return nil
}

// Transport is an HTTP transport that goes out through the Dialer.
func (d *Dialer) Transport() *http.Transport {
	return &http.Transport{
		Proxy: nil, DialContext: d.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 2,
	}
}

// Proxy has the form of http.Transport.Proxy. It never names a proxy and fails
// for a request to an unlisted destination: for libraries that keep their own
// dialer and let only this be set.
func (d *Dialer) Proxy(r *http.Request) (*url.URL, error) {
	port := r.URL.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[r.URL.Scheme]
	}
	return nil, d.Allow(net.JoinHostPort(r.URL.Hostname(), port))
}

// IsRefused says whether an error comes from a destination not on the list.
func IsRefused(err error) bool {
	var refused *RefusedError
	return errors.As(err, &refused)
}

func normal(destination string) (string, error) {
	host, port, err := net.SplitHostPort(destination)
	if err != nil || host == "" || port == "" {
		return "", errors.New("not host:port")
	}
	if a, err := netip.ParseAddr(host); err == nil {
		host = a.Unmap().String()
	}
	return net.JoinHostPort(strings.ToLower(strings.TrimSuffix(host, ".")), port), nil
}
