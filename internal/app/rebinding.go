package app

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"preau/internal/fault"
)

// hosted refuses a request that names another host than the origin's. Over
// plain HTTP a page of anybody whose own name resolves to this machine would
// otherwise be of the same origin as ours (DNS rebinding); over HTTPS the
// certificate prevents it. An address is never such a name.
func (h *House) hosted(next http.Handler) http.Handler {
	if h.Config.Secure() {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" && r.URL.Path != "/readyz" && !h.ours(r.Host) {
			h.API.WriteError(w, r, fault.New(fault.Forbidden, "http.other_host", "origin", h.Config.Origin))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h *House) ours(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost" || host == strings.ToLower(h.Config.Host())
}
