package certs

import (
	"crypto/x509"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"preau/internal/config"
)

// Stored is the certificate that the settings lead to, read from disk, for a
// command beside the running server. It is nil without an error when there is
// none yet, and in the modes off and proxy.
func Stored(cfg *config.Config) (*x509.Certificate, error) {
	var path string
	switch cfg.TLSMode {
	case config.Files:
		cert, key, problems := readPair(cfg)
		if len(problems) == 0 {
			c, wrong := parsePair(cfg, cert, key)
			if len(wrong) == 0 {
				return c.Leaf, nil
			}
			problems = wrong
		}
		return nil, problems
	case config.Local:
		path = filepath.Join(AuthorityDir(cfg), leafFile)
	case config.ACME:
		found, err := filepath.Glob(filepath.Join(acmeDir(cfg), "certificates", "*", cfg.ACMENames[0], cfg.ACMENames[0]+".crt"))
		if err != nil || len(found) == 0 {
			return nil, err
		}
		path = found[0]
	default:
		return nil, nil
	}
	leaf, err := readCertificate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return leaf, err
}

// Expiry is when the certificate that the settings lead to ends; ok is false
// when there is none.
func Expiry(cfg *config.Config) (at time.Time, ok bool) {
	leaf, err := Stored(cfg)
	if err != nil || leaf == nil {
		return time.Time{}, false
	}
	return leaf.NotAfter, true
}

// StoredAuthority is the local authority on disk, nil without an error when it
// was not made yet.
func StoredAuthority(cfg *config.Config) (*Authority, error) {
	a, err := readAuthority(AuthorityDir(cfg))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return a, err
}

// PlannedScope is what a local authority made now would be made for.
func PlannedScope(cfg *config.Config) (Scope, error) { return scopeOf(cfg, localNames(cfg)) }
