package app

import (
	"context"
	"net/netip"

	"preau/internal/config"
	"preau/internal/identity"
	"preau/internal/media"
)

// engine makes the media engine, which Work starts once pages are served. It
// asks the lesson about each connection.
func (h *House) engine() *media.LiveKit {
	o := media.Options{
		Admit: func(ctx context.Context, room, identity string) error {
			return h.Lesson.AdmitMedia(ctx, room, identity)
		},
		Notify: func(e media.Event) { h.Lesson.HearMedia(e) },
		Log:    h.Log, Origin: h.Config.Origin, UDPPort: h.Config.MediaUDPPort, TCPPort: h.Config.MediaTCPPort,
		Loopback: h.Config.TLSMode == config.Off,
	}
	for _, one := range h.Config.MediaAddresses {
		if a, err := netip.ParseAddr(one); err == nil { // Load refused the others
			o.Addresses = append(o.Addresses, a)
		}
	}
	if h.Config.MediaRelay {
		o.TURN = media.TURN{Host: h.Config.Host(), Port: h.Config.RelayPort()}
	}
	return media.New(o)
}

// mediaRoutes are the engine's: a token stands for the session there, and the
// engine checks it.
func (h *House) mediaRoutes() {
	for _, path := range media.Paths() {
		h.Gate.Handle("GET "+path, identity.Public(), h.Media.Handler())
	}
}

// runMedia runs the engine until ctx ends. Without it pages go on, and lessons
// say that sound and pictures are missing.
func (h *House) runMedia(ctx context.Context) {
	if err := h.Media.Run(ctx); err != nil {
		h.Log.Error("sound and pictures cannot start: see media-udp-port, media-tcp-port and media-addresses", "error", err)
	}
}
