package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	rootYears = 10
	leafDays  = 90 // browsers accept 397 at most
	renewDays = 30 // left when a leaf is renewed
	skew      = 24 * time.Hour
)

// Authority is a school's own certificate authority. Its root is what devices
// install. The root's key signs one issuing certificate and is then thrown
// away; the issuing key, kept in a file of mode 0600, signs the leaves. Both
// certificates are constrained (RFC 5280 4.2.1.10) to the scope, so that even
// a client that does not apply constraints to a root applies them to the
// issuing certificate: whoever steals the key can vouch for nothing else.
type Authority struct {
	Root    *x509.Certificate
	issuing *x509.Certificate
	key     crypto.Signer
}

// Scope is what an authority may ever vouch for: domains, each with its
// subdomains, and ranges of addresses.
type Scope struct {
	Domains []string
	Ranges  []netip.Prefix
}

// nobody is a name that can never exist (RFC 6761 6.4): permitting it alone
// permits none of its type.
const nobody = "preau.invalid"

// Files of an authority, in its folder.
const (
	rootFile    = "root.crt"
	issuingFile = "issuing.crt"
	keyFile     = "issuing.key"
	leafFile    = "leaf.crt"
	leafKeyFile = "leaf.key"
)

// OpenAuthority reads the authority of a folder, or makes it with that scope
// when the folder holds none. made tells which.
func OpenAuthority(dir string, scope Scope, now time.Time) (a *Authority, made bool, err error) {
	a, err = readAuthority(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return a, false, err
	}
	a, err = makeAuthority(dir, scope, now)
	return a, err == nil, err
}

func readAuthority(dir string) (*Authority, error) {
	root, err := readCertificate(filepath.Join(dir, rootFile))
	if err != nil {
		return nil, err
	}
	damaged := func(err error) error {
		return fmt.Errorf("the local authority in %s is damaged (%w): put it back from a backup, or move the folder away for a new one, that every device must then install", dir, err)
	}
	issuing, err := readCertificate(filepath.Join(dir, issuingFile))
	if err != nil {
		return nil, damaged(err)
	}
	key, err := readKey(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, damaged(err)
	}
	if err := issuing.CheckSignatureFrom(root); err != nil {
		return nil, damaged(err)
	}
	if public, ok := issuing.PublicKey.(*ecdsa.PublicKey); !ok || !public.Equal(key.Public()) {
		return nil, damaged(errors.New("the key is not that of the certificate"))
	}
	return &Authority{Root: root, issuing: issuing, key: key}, nil
}

func makeAuthority(dir string, scope Scope, now time.Time) (*Authority, error) {
	if len(scope.Domains) == 0 {
		return nil, errors.New("a local authority needs at least one domain")
	}
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	name := pkix.Name{Organization: []string{"Préau"}, CommonName: "Préau · " + scope.Domains[0] + " · " + now.Format("2006")}
	template := func(name pkix.Name, below int) *x509.Certificate {
		c := &x509.Certificate{
			SerialNumber: serial(), Subject: name, NotBefore: now.Add(-skew), NotAfter: now.AddDate(rootYears, 0, 0),
			IsCA: true, BasicConstraintsValid: true, MaxPathLen: below, MaxPathLenZero: below == 0,
			KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		scope.constrain(c)
		return c
	}
	rootTemplate := template(name, 1)
	rootDER, err := x509.CreateCertificate(rand.Reader, rootTemplate, rootTemplate, rootKey.Public(), rootKey)
	if err != nil {
		return nil, err
	}
	root, err := x509.ParseCertificate(rootDER)
	if err != nil {
		return nil, err
	}
	name.CommonName += " · émission"
	issuingDER, err := x509.CreateCertificate(rand.Reader, template(name, 0), root, key.Public(), rootKey)
	if err != nil {
		return nil, err
	}
	issuing, err := x509.ParseCertificate(issuingDER)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	// The root goes last: an authority without it was never complete.
	for _, f := range []func() error{
		func() error { return writeKey(filepath.Join(dir, keyFile), key) },
		func() error { return writeCertificates(filepath.Join(dir, issuingFile), issuingDER) },
		func() error { return writeCertificates(filepath.Join(dir, rootFile), rootDER) },
	} {
		if err := f(); err != nil {
			return nil, err
		}
	}
	return &Authority{Root: root, issuing: issuing, key: key}, nil
}

// constrain writes the scope into a certificate. A type of name that a scope
// does not mention would be unconstrained, so all of them are mentioned.
func (s Scope) constrain(c *x509.Certificate) {
	c.PermittedDNSDomainsCritical = true // this field makes the whole extension critical
	c.PermittedDNSDomains = s.Domains
	for _, p := range s.Ranges {
		c.PermittedIPRanges = append(c.PermittedIPRanges, &net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())})
	}
	if len(s.Ranges) == 0 {
		c.ExcludedIPRanges = []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}, {IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)}}
	}
	c.PermittedEmailAddresses = []string{nobody}
	c.PermittedURIDomains = []string{nobody}
}

// Scope is what this authority may vouch for.
func (a *Authority) Scope() Scope {
	s := Scope{Domains: a.issuing.PermittedDNSDomains}
	for _, n := range a.issuing.PermittedIPRanges {
		ip, _ := netip.AddrFromSlice(n.IP)
		bits, _ := n.Mask.Size()
		s.Ranges = append(s.Ranges, netip.PrefixFrom(ip, bits))
	}
	return s
}

// Covers says whether the scope holds a host name or an address.
func (s Scope) Covers(name string) bool {
	if a, err := netip.ParseAddr(name); err == nil {
		for _, p := range s.Ranges {
			if p.Contains(a.Unmap()) {
				return true
			}
		}
		return false
	}
	for _, d := range s.Domains {
		d = strings.TrimPrefix(d, ".")
		if strings.EqualFold(name, d) || strings.HasSuffix(strings.ToLower(name), "."+strings.ToLower(d)) {
			return true
		}
	}
	return false
}

// Strings lists the scope for people.
func (s Scope) Strings() []string {
	var list []string
	for _, d := range s.Domains {
		if d != nobody {
			list = append(list, d)
		}
	}
	for _, p := range s.Ranges {
		if p.IsSingleIP() {
			list = append(list, p.Addr().String())
		} else {
			list = append(list, p.String())
		}
	}
	return list
}

// Fingerprint is the SHA-256 of the root, in capitals by pairs, as systems
// show it.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.Root.Raw)
	return strings.ToUpper(strings.ReplaceAll(fmt.Sprintf("% x", sum), " ", ":"))
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return n.Add(n, big.NewInt(1))
}

func readCertificate(path string) (*x509.Certificate, error) {
	raw, err := readFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("%s holds no certificate", filepath.Base(path))
	}
	return x509.ParseCertificate(block.Bytes)
}

func readKey(path string) (*ecdsa.PrivateKey, error) {
	raw, err := readFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("%s holds no key", filepath.Base(path))
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s is not an ECDSA key", filepath.Base(path))
	}
	return key, nil
}

func writeCertificates(path string, chain ...[]byte) error {
	var out []byte
	for _, der := range chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return writeFile(path, out, 0o644)
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return writeFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

// writeFile replaces a file whole: written beside, synced, renamed.
func writeFile(path string, raw []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
