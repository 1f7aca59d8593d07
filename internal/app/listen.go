package app

import (
	"context"
	"time"

	"preau/internal/certs"
)

// Listeners gives every address to answer on: the pages, and plain HTTP beside
// them where the certificates need it.
func (h *House) Listeners() ([]Listener, error) {
	var err error
	h.certificates, err = certs.Source(certs.Options{Config: h.Config, Catalogue: h.Catalogue, Egress: h.out, Log: h.Log, Now: time.Now})
	if err != nil {
		return nil, err
	}
	var all []Listener
	for _, address := range h.Config.Listen {
		pages := Listener{Address: address, Setting: "listen", TLS: h.certificates.TLS, Handler: h.Handler()}
		if h.Config.MediaRelay {
			pages.Relay = h.Media.Relay
		}
		all = append(all, pages)
	}
	if h.certificates.Plain != nil {
		for _, address := range h.Config.ListenHTTP {
			all = append(all, Listener{Address: address, Setting: "listen-http", Handler: h.certificates.Plain})
		}
	}
	if h.Config.MetricsListen != "" {
		all = append(all, Listener{Address: h.Config.MetricsListen, Setting: "metrics-listen", Handler: h.Metrics.Handler()})
	}
	return all, nil
}

// renew keeps the certificates fresh until ctx ends.
func (h *House) renew(ctx context.Context) {
	if h.certificates != nil {
		h.certificates.Run(ctx)
	}
}
