package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strconv"

	"github.com/caddyserver/certmagic"
	"github.com/mholt/acmez/v3/acme"
	"go.uber.org/zap"

	"preau/internal/config"
)

// fromACME asks certificates of the one authority that the operator named.
// certmagic's own defaults name others: each is set here, and every request
// passes the egress list.
func fromACME(o Options) (*Certificates, error) {
	cfg := o.Config
	if cfg.ACME == "" || len(cfg.ACMENames) == 0 {
		return nil, errors.New("certs: ACME without a directory or a name") // config.Load refuses it
	}
	roots, err := acmeRoots(cfg)
	if err != nil {
		return nil, err
	}
	logger := zap.New(&bridge{log: o.Log})
	var magic *certmagic.Config
	cache := certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return magic, nil },
		Logger:           logger,
	})
	magic = certmagic.New(cache, certmagic.Config{
		Storage:           &certmagic.FileStorage{Path: acmeDir(cfg)},
		OCSP:              certmagic.OCSPConfig{DisableStapling: true}, // it would ask a responder that nobody listed
		KeySource:         certmagic.StandardKeyGenerator{KeyType: certmagic.P256},
		DefaultServerName: cfg.ACMENames[0],
		Logger:            logger,
	})
	template := certmagic.ACMEIssuer{
		CA: cfg.ACME, TestCA: "", Email: cfg.ACMEEmail, Agreed: cfg.ACMETerms, TrustedRoots: roots, HTTPProxy: o.Egress.Proxy, Logger: logger,
		// Ours alone answer challenges; these ports only tell certmagic where.
		AltHTTPPort: portOf(cfg.ListenHTTP), AltTLSALPNPort: portOf(cfg.Listen),
		DisableHTTPChallenge: len(cfg.ListenHTTP) == 0, DisableDistributedSolvers: true,
	}
	if cfg.ACMEKeyID != "" {
		template.ExternalAccount = &acme.EAB{KeyID: cfg.ACMEKeyID, MACKey: cfg.ACMEMAC.Reveal()}
	}
	issuer := certmagic.NewACMEIssuer(magic, template)
	magic.Issuers = []certmagic.Issuer{issuer}
	t := magic.TLSConfig()
	t.MinVersion = tls.VersionTLS12
	t.NextProtos = append([]string{"h2", "http/1.1"}, t.NextProtos...)
	return &Certificates{TLS: t, Plain: issuer.HTTPChallengeHandler(http.Handler(redirect(cfg.Origin))), run: func(ctx context.Context) {
		if err := magic.ManageAsync(ctx, cfg.ACMENames); err != nil {
			o.Log.Error("ACME", "error", err)
		}
		<-ctx.Done()
		cache.Stop()
	}}, nil
}

func acmeDir(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "acme") }

func acmeRoots(cfg *config.Config) (*x509.CertPool, error) {
	if cfg.ACMERoots == "" {
		return nil, nil
	}
	raw, err := readFile(cfg.ACMERoots)
	if err != nil {
		return nil, fmt.Errorf("acme-roots: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(raw) {
		return nil, config.Problems{problem(cfg, "acme-roots", "ops.crt_not_cert", "path", cfg.ACMERoots)}
	}
	return pool, nil
}

func portOf(addresses []string) int {
	if len(addresses) == 0 {
		return 0
	}
	_, port, err := net.SplitHostPort(addresses[0])
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(port) // config.Load accepted it
	return n
}
