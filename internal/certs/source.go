package certs

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"

	"preau/internal/config"
	"preau/internal/egress"
	"preau/internal/i18n"
)

// Certificates is what the listeners need.
type Certificates struct {
	// TLS is the configuration of the listeners for pages, nil in the modes off
	// and proxy.
	TLS *tls.Config
	// Plain answers on the plain-HTTP listeners of config.ListenHTTP: a
	// redirection, the ACME challenge or the local authority's page. Nil in the
	// modes off and proxy.
	Plain http.Handler
	// Authority is the local authority, nil in other modes.
	Authority *Authority

	run func(ctx context.Context)
}

// Options of Source. Every field is required.
type Options struct {
	Config    *config.Config
	Catalogue *i18n.Catalogue
	Egress    *egress.Dialer // ACME goes out through it
	Log       *slog.Logger
	Now       func() time.Time
}

// Source prepares the certificates. Its error is config.Problems when the
// operator can mend it in the settings. Nothing is obtained or renewed before
// Run is called.
func Source(o Options) (*Certificates, error) {
	switch o.Config.TLSMode {
	case config.Files:
		return fromFiles(o)
	case config.ACME:
		return fromACME(o)
	case config.Local:
		return fromAuthority(o)
	}
	return &Certificates{run: func(context.Context) {}}, nil
}

// Run keeps the certificates fresh until ctx ends, then returns. Call it once
// the plain-HTTP listener answers.
func (c *Certificates) Run(ctx context.Context) { c.run(ctx) }

// every calls f at each interval until ctx ends.
func every(ctx context.Context, interval time.Duration, f func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f()
		}
	}
}

func serverConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
}

// redirect sends reads to the same path of the origin. What a browser posted
// in clear is refused rather than sent on.
func redirect(origin string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "HTTPS only: "+origin, http.StatusForbidden)
			return
		}
		http.Redirect(w, r, origin+r.URL.EscapedPath()+query(r), http.StatusPermanentRedirect)
	})
}

func query(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return "?" + r.URL.RawQuery
}
