package certs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"preau/internal/config"
)

const leafLookup = time.Hour // how soon a changed address or a near end is seen

// Issue makes a leaf for names that are all within the scope.
func (a *Authority) Issue(names []string, now time.Time) (*tls.Certificate, error) {
	if len(names) == 0 {
		return nil, errors.New("a certificate needs at least one name")
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: names[0]}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, leafDays),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	if template.NotAfter.After(a.issuing.NotAfter) {
		template.NotAfter = a.issuing.NotAfter
	}
	scope := a.Scope()
	for _, name := range names {
		if !scope.Covers(name) {
			return nil, fmt.Errorf("%s is outside what the local authority may vouch for (%s)", name, strings.Join(scope.Strings(), ", "))
		}
		if ip, err := netip.ParseAddr(name); err == nil {
			template.IPAddresses = append(template.IPAddresses, ip.Unmap().AsSlice())
		} else {
			template.DNSNames = append(template.DNSNames, strings.ToLower(name))
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.issuing, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.issuing.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// issuer keeps a leaf of the authority for the names wanted at each moment.
type issuer struct {
	dir       string
	authority *Authority
	want      func() []string
	log       *slog.Logger
	now       func() time.Time
	current   atomic.Pointer[tls.Certificate]
}

func fromAuthority(o Options) (*Certificates, error) {
	cfg := o.Config
	want := func() []string { return localNames(cfg) }
	scope, err := scopeOf(cfg, want())
	if err != nil {
		return nil, err
	}
	dir := AuthorityDir(cfg)
	authority, made, err := OpenAuthority(dir, scope, o.Now())
	if err != nil {
		return nil, err
	}
	o.Log.Info("local authority", "new", made, "folder", dir, "scope", authority.Scope().Strings(), "fingerprint", authority.Fingerprint())
	i := &issuer{dir: dir, authority: authority, want: want, log: o.Log, now: o.Now}
	if !authority.Scope().Covers(cfg.Host()) {
		return nil, config.Problems{problem(cfg, "origin", "ops.crt_beyond_scope", "host", cfg.Host(),
			"scope", strings.Join(authority.Scope().Strings(), ", "), "dir", dir)}
	}
	if err := i.refresh(); err != nil {
		return nil, err
	}
	t := serverConfig()
	t.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return i.current.Load(), nil }
	return &Certificates{TLS: t, Plain: authority.Page(cfg.Origin, o.Catalogue), Authority: authority, run: func(ctx context.Context) {
		every(ctx, leafLookup, func() {
			if err := i.refresh(); err != nil {
				i.log.Error("the certificate could not be renewed", "error", err)
			}
		})
	}}, nil
}

// AuthorityDir is the folder of the local authority.
func AuthorityDir(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "authority") }

// refresh issues a leaf when there is none, when it ends soon or when the
// names have changed. Names outside the scope are left out and said.
func (i *issuer) refresh() error {
	var names, beyond []string
	scope := i.authority.Scope()
	for _, name := range i.want() {
		if scope.Covers(name) {
			names = append(names, name)
		} else {
			beyond = append(beyond, name)
		}
	}
	if i.current.Load() == nil {
		i.current.Store(i.stored())
	}
	if c := i.current.Load(); c != nil && i.now().AddDate(0, 0, renewDays).Before(c.Leaf.NotAfter) && sameNames(c.Leaf, names) {
		return nil
	}
	if len(beyond) > 0 {
		i.log.Warn("names outside the local authority's scope have no certificate", "names", beyond, "scope", scope.Strings())
	}
	c, err := i.authority.Issue(names, i.now())
	if err != nil {
		return err
	}
	if err := writeKey(filepath.Join(i.dir, leafKeyFile), c.PrivateKey.(*ecdsa.PrivateKey)); err != nil {
		return err
	}
	if err := writeCertificates(filepath.Join(i.dir, leafFile), c.Certificate...); err != nil {
		return err
	}
	i.current.Store(c)
	i.log.Info("certificate issued by the local authority", "names", names, "until", c.Leaf.NotAfter.UTC().Format(time.DateOnly))
	return nil
}

// stored is the leaf on disk, nil when there is none that this authority
// issued: whatever is wrong with it, another is issued.
func (i *issuer) stored() *tls.Certificate {
	c, err := tls.LoadX509KeyPair(filepath.Join(i.dir, leafFile), filepath.Join(i.dir, leafKeyFile))
	if err != nil || c.Leaf == nil || c.Leaf.CheckSignatureFrom(i.authority.issuing) != nil {
		return nil
	}
	return &c
}

func sameNames(leaf *x509.Certificate, names []string) bool {
	have := namesOf(leaf)
	want := slices.Clone(names)
	for n := range want {
		want[n] = strings.ToLower(want[n])
	}
	slices.Sort(have)
	slices.Sort(want)
	return slices.Equal(have, slices.Compact(want))
}

// localNames is what the certificate is for: as set, or the origin's host, the
// machine's name and its private addresses.
func localNames(cfg *config.Config) []string {
	names := []string{cfg.Host()}
	if len(cfg.LocalNames) > 0 {
		names = append(names, cfg.LocalNames...)
	} else {
		if host, err := os.Hostname(); err == nil {
			if label, _, _ := strings.Cut(host, "."); label != "" && label != "localhost" {
				names = append(names, label+".local")
			}
		}
		names = append(names, privateAddresses()...)
	}
	for n, name := range names {
		names[n] = strings.ToLower(name)
		if a, err := netip.ParseAddr(name); err == nil {
			names[n] = a.Unmap().String()
		}
	}
	var once []string
	for _, name := range names {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}

// privateAddresses lists those of this machine in RFC 1918 and RFC 4193
// ranges.
func privateAddresses() []string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var list []string
	for _, one := range all {
		if p, err := netip.ParsePrefix(one.String()); err == nil && p.Addr().Unmap().IsPrivate() {
			list = append(list, p.Addr().Unmap().String())
		}
	}
	slices.Sort(list)
	return list
}

// scopeOf is the scope of an authority about to be made: as set, or exactly
// the names.
func scopeOf(cfg *config.Config, names []string) (Scope, error) {
	list := cfg.LocalScope
	if len(list) == 0 {
		list = names
	}
	var s Scope
	for _, one := range list {
		if a, err := netip.ParseAddr(one); err == nil {
			a = a.Unmap()
			s.Ranges = append(s.Ranges, netip.PrefixFrom(a, a.BitLen()))
		} else if p, err := netip.ParsePrefix(one); err == nil {
			s.Ranges = append(s.Ranges, p.Masked())
		} else {
			s.Domains = append(s.Domains, strings.ToLower(strings.TrimPrefix(one, ".")))
		}
	}
	if len(s.Domains) == 0 {
		// A type of name left unmentioned would be unconstrained.
		s.Domains = []string{nobody}
	}
	if !s.Covers(cfg.Host()) {
		return s, config.Problems{problem(cfg, "local-scope", "ops.crt_scope_origin", "host", cfg.Host())}
	}
	return s, nil
}
