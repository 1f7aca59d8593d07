package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"preau/internal/certs"
	"preau/internal/config"
)

func (e *examination) checkListeners(ctx context.Context) {
	for _, address := range e.Config.Listen {
		e.checkListener(ctx, "port.pages", address, e.ownTLS())
	}
	for _, address := range e.Config.ListenHTTP {
		e.checkListener(ctx, "port.plain", address, false)
	}
	if e.Config.MetricsListen != "" {
		e.checkListener(ctx, "port.metrics", e.Config.MetricsListen, false)
	}
}

// checkListener finds a port free, or already answered by Préau.
func (e *examination) checkListener(ctx context.Context, check, address string, secure bool) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err == nil {
		l.Close()
	}
	e.bound(check, address, err, "ops.doc_port_taken_mend", func() bool { return answersAsPreau(ctx, check, address, secure) })
}

// checkMedia finds the ports of sound and pictures free, or held by the engine
// of a Préau that runs: it holds both or does not run.
func (e *examination) checkMedia(ctx context.Context) {
	ours := func() bool {
		for _, address := range e.Config.Listen {
			if answersAsPreau(ctx, "port.media", address, e.ownTLS()) {
				return true
			}
		}
		return false
	}
	for _, one := range []struct {
		network string
		port    int
	}{{"udp", e.Config.MediaUDPPort}, {"tcp", e.Config.MediaTCPPort}} {
		check := "port.media." + one.network
		if one.port == 0 {
			e.warn(check, "ops.doc_media_any", "ops.doc_media_any_mend", "setting", "media-"+one.network+"-port")
			continue
		}
		address := fmt.Sprintf(":%d", one.port)
		var l io.Closer
		var err error
		if one.network == "udp" {
			l, err = (&net.ListenConfig{}).ListenPacket(ctx, "udp", address)
		} else {
			l, err = (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		}
		if err == nil {
			l.Close()
		}
		e.bound(check, strings.ToUpper(one.network)+" "+address, err, "ops.doc_media_taken_mend", ours)
	}
}

// bound reports how listening on an address went.
func (e *examination) bound(check, address string, err error, takenMend string, ours func() bool) {
	switch {
	case err == nil:
		e.ok(check, "ops.doc_port_free", "address", address)
	case errors.Is(err, syscall.EADDRINUSE) && ours():
		e.ok(check, "ops.doc_port_ours", "address", address)
	case errors.Is(err, syscall.EADDRINUSE):
		e.fail(check, "ops.doc_port_taken", takenMend, "address", address)
	case errors.Is(err, fs.ErrPermission):
		e.warn(check, "ops.doc_port_denied", "ops.doc_port_denied_mend", "address", address)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		e.fail(check, "ops.doc_port_elsewhere", "ops.doc_port_elsewhere_mend", "address", address)
	default:
		e.fail(check, "ops.doc_port_other", takenMend, "address", address, "error", err)
	}
}

// ownTLS says whether Préau itself ends TLS on its pages.
func (e *examination) ownTLS() bool {
	return e.Config.TLSMode != config.Off && e.Config.TLSMode != config.Proxy
}

// answersAsPreau asks this machine's own port, whoever certifies it.
func answersAsPreau(ctx context.Context, check, address string, secure bool) bool {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	scheme, path, want := "http", "/healthz", "alive"
	if secure {
		scheme = "https"
	}
	switch check {
	case "port.metrics":
		path, want = "/metrics", "preau_build_info"
	case "port.plain":
		path, want = "/", "" // a redirection or the authority's page
	case "port.media":
		path = "/rtc/validate" // an engine that runs refuses who brings no token
	}
	client := http.Client{
		Timeout: 5 * time.Second,
		// The question is who listens on this machine, not whether to trust it.
		Transport:     &http.Transport{Proxy: nil, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+path, nil)
	if err != nil {
		return false
	}
	res, err := client.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if check == "port.plain" {
		return err == nil && (strings.Contains(string(body), "Préau") || res.StatusCode == http.StatusPermanentRedirect)
	}
	if check == "port.media" {
		return res.StatusCode == http.StatusUnauthorized
	}
	return err == nil && strings.Contains(string(body), want)
}

func (e *examination) checkCertificate(context.Context) {
	cfg := e.Config
	switch cfg.TLSMode {
	case config.Off:
		e.ok("certificate", "ops.doc_no_tls", "origin", cfg.Origin)
		return
	case config.Proxy:
		e.ok("certificate", "ops.doc_tls_proxy", "origin", cfg.Origin)
		return
	}
	leaf, err := certs.Stored(cfg)
	var problems config.Problems
	switch {
	case errors.As(err, &problems):
		e.problems("certificate", Fail, problems)
		return
	case err != nil:
		e.fail("certificate", "ops.doc_cert_unreadable", "ops.doc_cert_unreadable_mend", "error", reason(err))
		return
	case leaf == nil:
		e.warn("certificate", "ops.doc_cert_none", "ops.doc_cert_none_mend")
		if cfg.TLSMode == config.Local {
			e.checkAuthority()
		}
		return
	}
	found := certs.Check(cfg, leaf, e.now)
	for _, p := range found {
		status := Fail
		if p.Key == "ops.crt_soon" {
			status = Warn
		}
		e.problems("certificate", status, config.Problems{p})
	}
	if len(found) == 0 {
		e.ok("certificate", "ops.doc_cert", "host", cfg.Host(), "date", leaf.NotAfter.Format(time.DateOnly))
	}
	if cfg.TLSMode == config.Local {
		e.checkAuthority()
	}
}

func (e *examination) checkAuthority() {
	a, err := certs.StoredAuthority(e.Config)
	if err == nil && a == nil {
		// What the first start fixes for ten years.
		if planned, err := certs.PlannedScope(e.Config); err == nil {
			e.warn("authority", "ops.doc_authority_planned", "ops.doc_authority_planned_mend", "scope", strings.Join(planned.Strings(), ", "))
		}
		return
	}
	switch {
	case err != nil:
		e.fail("authority", "ops.doc_cert_unreadable", "ops.doc_cert_unreadable_mend", "error", err)
	case a != nil && a.Root.NotAfter.Before(e.now.AddDate(1, 0, 0)):
		e.warn("authority", "ops.doc_authority", "ops.doc_authority_old_mend", "print", a.Fingerprint(), "scope", strings.Join(a.Scope().Strings(), ", "), "date", a.Root.NotAfter.Format(time.DateOnly))
	case a != nil:
		e.ok("authority", "ops.doc_authority", "print", a.Fingerprint(), "scope", strings.Join(a.Scope().Strings(), ", "), "date", a.Root.NotAfter.Format(time.DateOnly))
	}
}

// problems puts those of other packages, which say what and how in one text,
// into the report.
func (e *examination) problems(check string, s Status, list config.Problems) {
	for _, p := range list {
		e.report.Results = append(e.report.Results, Result{Check: check, Status: s, Seen: p.Text(e.Catalogue, e.Locale)})
		if s == Fail || e.report.Status == OK {
			e.report.Status = s
		}
	}
}
