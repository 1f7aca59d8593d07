package certs

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"preau/internal/config"
)

const (
	maxPEM     = 1 << 20 // bytes of a certificate or key file
	soon       = 21 * 24 * time.Hour
	fileLookup = time.Minute // how soon a changed file is seen
)

// pair is a certificate and key read from two files, exchanged whole when they
// change.
type pair struct {
	cfg     *config.Config
	log     *slog.Logger
	now     func() time.Time
	current atomic.Pointer[tls.Certificate]
	read    [2][]byte // the files' contents as last read; of the goroutine of Run
}

func fromFiles(o Options) (*Certificates, error) {
	p := &pair{cfg: o.Config, log: o.Log, now: o.Now}
	if err := p.refresh(); err != nil {
		return nil, err
	}
	t := serverConfig()
	t.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.current.Load(), nil }
	return &Certificates{TLS: t, Plain: redirect(o.Config.Origin), run: func(ctx context.Context) {
		every(ctx, fileLookup, func() {
			if err := p.refresh(); err != nil {
				p.log.Error("the new certificate is not used, the former stays", "error", err)
			}
		})
	}}, nil
}

// refresh takes the files when they have changed and are good.
func (p *pair) refresh() error {
	cert, key, problems := readPair(p.cfg)
	if len(problems) > 0 {
		return problems
	}
	if bytes.Equal(cert, p.read[0]) && bytes.Equal(key, p.read[1]) {
		return nil
	}
	c, problems := parsePair(p.cfg, cert, key)
	if len(problems) > 0 {
		return problems
	}
	p.read = [2][]byte{cert, key}
	p.current.Store(c)
	p.log.Info("certificate read", "names", c.Leaf.DNSNames, "until", c.Leaf.NotAfter.UTC().Format(time.DateOnly))
	for _, w := range Check(p.cfg, c.Leaf, p.now()) {
		p.log.Warn("certificate", "problem", config.Problems{w}.Error())
	}
	return nil
}

func readPair(cfg *config.Config) (cert, key []byte, problems config.Problems) {
	read := func(name, path string) []byte {
		raw, err := readFile(path)
		if err != nil {
			problems = append(problems, problem(cfg, name, "ops.cfg_unreadable", "path", path, "error", reason(err)))
		}
		return raw
	}
	return read("tls-cert", cfg.TLSCert), read("tls-key", cfg.TLSKey), problems
}

// parsePair says which of the two files is at fault.
func parsePair(cfg *config.Config, cert, key []byte) (*tls.Certificate, config.Problems) {
	refuse := func(name, text string, args ...any) (*tls.Certificate, config.Problems) {
		return nil, config.Problems{problem(cfg, name, text, args...)}
	}
	c, err := tls.X509KeyPair(cert, key)
	switch {
	case err == nil:
	case !bytes.Contains(cert, []byte("-----BEGIN CERTIFICATE-----")):
		return refuse("tls-cert", "ops.crt_not_cert", "path", cfg.TLSCert)
	case bytes.Contains(key, []byte("ENCRYPTED")):
		return refuse("tls-key", "ops.crt_key_encrypted", "path", cfg.TLSKey)
	case !bytes.Contains(key, []byte("PRIVATE KEY-----")):
		return refuse("tls-key", "ops.crt_not_key", "path", cfg.TLSKey)
	case strings.Contains(err.Error(), "does not match"):
		return refuse("tls-key", "ops.crt_no_match", "path", cfg.TLSKey, "cert", cfg.TLSCert)
	default:
		return refuse("tls-cert", "ops.crt_damaged", "path", cfg.TLSCert, "error", err.Error())
	}
	if c.Leaf == nil {
		if c.Leaf, err = x509.ParseCertificate(c.Certificate[0]); err != nil {
			return refuse("tls-cert", "ops.crt_damaged", "path", cfg.TLSCert, "error", err.Error())
		}
	}
	return &c, nil
}

// Check lists what is wrong, or soon will be, with a certificate that can be
// served: its dates and its names.
func Check(cfg *config.Config, leaf *x509.Certificate, now time.Time) config.Problems {
	var found config.Problems
	add := func(key string, args ...any) { found = append(found, problem(cfg, "tls-cert", key, args...)) }
	switch left := leaf.NotAfter.Sub(now); {
	case now.Before(leaf.NotBefore):
		add("ops.crt_not_yet", "date", leaf.NotBefore.Format(time.DateOnly))
	case left <= 0:
		add("ops.crt_expired", "date", leaf.NotAfter.Format(time.DateOnly))
	case left < soon && leaf.NotAfter.Sub(leaf.NotBefore) > 2*soon:
		add("ops.crt_soon", "date", leaf.NotAfter.Format(time.DateOnly), "count", int(left/(24*time.Hour)))
	}
	if host := cfg.Host(); leaf.VerifyHostname(host) != nil {
		add("ops.crt_other_host", "host", host, "names", strings.Join(namesOf(leaf), ", "))
	}
	return found
}

func namesOf(c *x509.Certificate) []string {
	list := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	return list
}

func problem(cfg *config.Config, setting, key string, args ...any) config.Problem {
	p := config.Problem{Setting: setting, Source: cfg.Source(setting), Key: key, Args: map[string]any{}}
	for i := 0; i < len(args); i += 2 {
		p.Args[args[i].(string)] = args[i+1]
	}
	return p
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxPEM+1))
	if err == nil && len(raw) > maxPEM {
		err = errors.New("file too large")
	}
	return raw, err
}

func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
