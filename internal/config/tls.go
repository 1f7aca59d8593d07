package config

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// only lists the settings that mean something in one mode alone.
func only() map[string]string {
	return map[string]string{
		"tls-cert": Files, "tls-key": Files,
		"acme-directory": ACME, "acme-names": ACME, "acme-email": ACME, "acme-accept-terms": ACME, "acme-roots": ACME, "acme-eab-id": ACME, "acme-eab-key": ACME,
		"local-names": Local, "local-scope": Local,
		"trusted-proxies": Proxy,
	}
}

func (k *checker) tls() {
	modes := []string{Off, Files, ACME, Local, Proxy}
	if !slices.Contains(modes, k.TLSMode) {
		k.oneOf("tls-mode", k.TLSMode, modes...)
		return
	}
	for _, s := range settings() {
		mode, limited := only()[s.name]
		if _, given := k.sources[s.name]; given && limited && mode != k.TLSMode {
			k.refuse(s.name, "ops.cfg_other_mode", "mode", mode, "now", k.TLSMode)
		}
	}
	k.listeners()
	k.origin()
	switch k.TLSMode {
	case Files:
		for _, one := range []struct{ name, path string }{{"tls-cert", k.TLSCert}, {"tls-key", k.TLSKey}} {
			if one.path == "" {
				k.refuse(one.name, "ops.cfg_required_mode", "mode", Files)
			} else {
				k.readable(one.name, one.path)
			}
		}
	case ACME:
		k.acme()
	case Local:
		for _, name := range k.LocalNames {
			if !validHost(name) {
				k.refuse("local-names", "ops.cfg_host", "value", name)
			}
		}
		for _, one := range k.LocalScope {
			if _, err := parsePrefix(one); err != nil && !validHost(strings.TrimPrefix(one, ".")) {
				k.refuse("local-scope", "ops.cfg_scope", "value", one)
			}
		}
	case Proxy:
		if len(k.TrustProxies) == 0 {
			k.refuse("trusted-proxies", "ops.cfg_required_mode", "mode", Proxy)
		}
		for _, p := range k.TrustProxies {
			if p.Bits() == 0 {
				k.refuse("trusted-proxies", "ops.cfg_all_proxies", "value", p)
			}
		}
	}
}

func (k *checker) listeners() {
	ownTLS := k.ownTLS()
	if len(k.Listen) == 0 {
		k.Listen = []string{"localhost:8080"}
		if ownTLS {
			k.Listen = []string{":443"}
		}
	}
	for _, one := range k.Listen {
		if k.listener("listen", one) && k.TLSMode == Off && !loopback(one) {
			k.refuse("listen", "ops.cfg_off_loopback", "value", one)
		}
	}
	switch {
	case slices.Equal(k.ListenHTTP, []string{None}):
		k.ListenHTTP = nil
	case len(k.ListenHTTP) > 0 && !ownTLS:
		k.refuse("listen-http", "ops.cfg_http_beside")
	case len(k.ListenHTTP) == 0 && ownTLS:
		k.ListenHTTP = []string{":80"}
	}
	for _, one := range k.ListenHTTP {
		k.listener("listen-http", one)
	}
}

func (k *checker) origin() {
	if k.Origin == "" {
		if k.TLSMode != Off {
			k.refuse("origin", "ops.cfg_required_mode", "mode", k.TLSMode)
			return
		}
		if _, port, err := net.SplitHostPort(k.Listen[0]); err == nil {
			k.Origin = "http://" + net.JoinHostPort("localhost", port)
		}
		return
	}
	u, err := url.Parse(k.Origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !validHost(u.Hostname()) || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
		k.refuse("origin", "ops.cfg_origin", "value", k.Origin)
		return
	}
	if k.TLSMode == Off {
		if u.Scheme != "http" || !loopback(net.JoinHostPort(u.Hostname(), "0")) {
			k.refuse("origin", "ops.cfg_origin_off", "value", k.Origin)
		}
	} else if u.Scheme != "https" {
		k.refuse("origin", "ops.cfg_origin_https", "value", k.Origin)
	}
	host := strings.ToLower(u.Host)
	if u.Port() == map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	k.Origin = u.Scheme + "://" + host
}

func (k *checker) acme() {
	u, err := url.Parse(k.ACME)
	switch {
	case k.ACME == "":
		k.refuse("acme-directory", "ops.cfg_acme_directory")
	case err != nil || u.Scheme != "https" || !validHost(u.Hostname()):
		k.refuse("acme-directory", "ops.cfg_acme_url", "value", k.ACME)
	}
	if !k.ACMETerms {
		k.refuse("acme-accept-terms", "ops.cfg_acme_terms")
	}
	if len(k.ACMENames) == 0 && k.Origin != "" {
		k.ACMENames = []string{k.Host()}
	}
	for _, name := range k.ACMENames {
		if _, err := netip.ParseAddr(name); err == nil || !validHost(name) || !strings.Contains(name, ".") {
			k.refuse("acme-names", "ops.cfg_acme_name", "value", name)
		}
	}
	if k.ACMERoots != "" {
		k.readable("acme-roots", k.ACMERoots)
	}
	if (k.ACMEKeyID == "") != (k.ACMEMAC == "") {
		k.refuse("acme-eab-key", "ops.cfg_pair", "one", "acme-eab-id", "other", "acme-eab-key")
	}
}
