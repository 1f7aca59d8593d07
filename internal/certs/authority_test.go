package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/internal/i18n"
)

func newExchange(method, target string) (*httptest.ResponseRecorder, *http.Request) {
	return httptest.NewRecorder(), httptest.NewRequest(method, target, nil)
}

func localOptions(t *testing.T, more ...string) Options {
	return options(t, append([]string{"tls-mode = local", "origin = https://preau.local", "data-dir = " + t.TempDir()}, more...)...)
}

func TestLocalAuthorityServesItsNames(t *testing.T) {
	o := localOptions(t, "local-names = preau.lan, 127.0.0.1, 192.168.20.5")
	c, err := Source(o)
	if err != nil {
		t.Fatal(err)
	}
	port := serveTLS(t, c.TLS)
	for _, name := range []string{"preau.local", "preau.lan", "127.0.0.1", "192.168.20.5"} {
		if _, err := visit(c.Authority.Root, name, port); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"example.org", "preau.local.example.org", "192.168.20.6"} {
		if _, err := visit(c.Authority.Root, name, port); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	leaf, err := Stored(o.Config)
	if err != nil || leaf == nil {
		t.Fatalf("%v %v", leaf, err)
	}
	if at, ok := Expiry(o.Config); !ok || !at.Equal(leaf.NotAfter) {
		t.Errorf("expiry %s, want %s", at, leaf.NotAfter)
	}
	if d := leaf.NotAfter.Sub(leaf.NotBefore); d > 397*24*time.Hour {
		t.Errorf("a leaf of %s", d)
	}
	if years := c.Authority.Root.NotAfter.Year() - time.Now().Year(); years != 10 {
		t.Errorf("a root of %d years", years)
	}
	// The same authority and leaf after a restart.
	again, err := Source(o)
	if err != nil || !again.Authority.Root.Equal(c.Authority.Root) {
		t.Fatalf("another authority: %v", err)
	}
	if second, err := Stored(o.Config); err != nil || !second.Equal(leaf) {
		t.Errorf("another leaf: %v", err)
	}
	for file, mode := range map[string]os.FileMode{keyFile: 0o600, leafKeyFile: 0o600, ".": 0o700} {
		info, err := os.Stat(filepath.Join(AuthorityDir(o.Config), file))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", file, info.Mode(), err)
		}
	}
}

// A thief of the issuing key signs what they like: clients refuse it.
func TestAStolenKeyVouchesForNothingElse(t *testing.T) {
	o := localOptions(t, "local-names = 192.168.20.5")
	a, _, err := OpenAuthority(AuthorityDir(o.Config), Scope{Domains: []string{"preau.local"}, Ranges: []netip.Prefix{netip.MustParsePrefix("192.168.20.5/32")}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		template x509.Certificate
	}{
		{"example.org", x509.Certificate{DNSNames: []string{"example.org"}}},
		{"192.168.20.6", x509.Certificate{IPAddresses: ips("192.168.20.6")}},
		{"8.8.8.8", x509.Certificate{IPAddresses: ips("8.8.8.8")}},
		{"2001:db8::1", x509.Certificate{IPAddresses: ips("2001:db8::1")}},
		{"preau.local", x509.Certificate{DNSNames: []string{"preau.local", "example.org"}}},
		{"preau.local", x509.Certificate{DNSNames: []string{"preau.local"}, EmailAddresses: []string{"a@example.org"}}},
	} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c.template.SerialNumber, c.template.NotBefore, c.template.NotAfter = serial(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
		der, err := x509.CreateCertificate(rand.Reader, &c.template, a.issuing, key.Public(), a.key)
		if err != nil {
			t.Fatal(err)
		}
		for which, chain := range map[string][][]byte{"with its issuer": {der, a.issuing.Raw}, "alone": {der}} {
			port := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{{Certificate: chain, PrivateKey: key}}})
			if _, err := visit(a.Root, c.name, port); err == nil {
				t.Errorf("%s (%v %v), %s: accepted", c.name, c.template.DNSNames, c.template.IPAddresses, which)
			}
		}
	}
	// A client that forgets the root's own constraints, as some systems do,
	// still meets those of the issuing certificate.
	bare := *a.Root
	bare.PermittedDNSDomains, bare.PermittedIPRanges = nil, nil
	forged, err := x509.ParseCertificate(forge(t, a, "example.org"))
	if err != nil {
		t.Fatal(err)
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(&bare)
	between.AddCert(a.issuing)
	if _, err := forged.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between}); err == nil {
		t.Error("without the root's constraints, the forged certificate is accepted")
	}
	if _, err := a.Issue([]string{"preau.local", "example.org"}, time.Now()); err == nil || !strings.Contains(err.Error(), "example.org") {
		t.Errorf("issued beyond the scope: %v", err)
	}
}

func forge(t *testing.T, a *Authority, name string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: serial(), DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}, a.issuing, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func ips(list ...string) (all []net.IP) {
	for _, s := range list {
		all = append(all, netip.MustParseAddr(s).AsSlice())
	}
	return all
}

func TestScopeWithoutAddressesHasNone(t *testing.T) {
	a, _, err := OpenAuthority(t.TempDir(), Scope{Domains: []string{"preau.local"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: serial(), IPAddresses: ips("10.0.0.1"),
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}, a.issuing, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	port := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der, a.issuing.Raw}, PrivateKey: key}}})
	if _, err := visit(a.Root, "10.0.0.1", port); err == nil {
		t.Error("an address is accepted")
	}
}

func TestLeafIsRenewedAndFollowsNames(t *testing.T) {
	now := time.Now()
	dir := t.TempDir()
	a, _, err := OpenAuthority(dir, Scope{Domains: []string{"preau.local"}, Ranges: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}, now)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"preau.local", "10.1.0.5"}
	i := &issuer{dir: dir, authority: a, want: func() []string { return names }, log: localOptions(t).Log, now: func() time.Time { return now }}
	leaf := func() *x509.Certificate {
		t.Helper()
		if err := i.refresh(); err != nil {
			t.Fatal(err)
		}
		return i.current.Load().Leaf
	}
	first := leaf()
	now = now.AddDate(0, 0, leafDays-renewDays-1)
	if !leaf().Equal(first) {
		t.Error("renewed too soon")
	}
	now = now.AddDate(0, 0, 2)
	second := leaf()
	if second.Equal(first) {
		t.Error("not renewed")
	}
	names = []string{"preau.local", "10.1.0.9", "172.16.0.1"} // the last is outside the scope
	third := leaf()
	if third.VerifyHostname("10.1.0.9") != nil || third.VerifyHostname("172.16.0.1") == nil || third.VerifyHostname("10.1.0.5") == nil {
		t.Errorf("names %v", namesOf(third))
	}
	if !leaf().Equal(third) {
		t.Error("a name outside the scope renews the leaf each time")
	}
	// Near the authority's own end a leaf does not outlive it.
	now = a.Root.NotAfter.AddDate(0, 0, -40)
	if last := leaf(); last.NotAfter.After(a.Root.NotAfter) {
		t.Errorf("the leaf ends %s, the root %s", last.NotAfter, a.Root.NotAfter)
	}
}

func TestDamagedAuthorityIsNotReplaced(t *testing.T) {
	o := localOptions(t)
	if _, err := Source(o); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(AuthorityDir(o.Config), keyFile), "nothing")
	if _, err := Source(o); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v", err)
	}
}

func TestOriginOutsideTheScopeIsSaid(t *testing.T) {
	o := localOptions(t)
	if _, err := Source(o); err != nil {
		t.Fatal(err)
	}
	moved := options(t, "tls-mode = local", "origin = https://other.local", "data-dir = "+o.Config.DataDir)
	if _, err := Source(moved); err == nil || !strings.Contains(err.Error(), "other.local") || !strings.Contains(err.Error(), AuthorityDir(o.Config)) {
		t.Errorf("%v", err)
	}
	if _, err := Source(localOptions(t, "local-scope = other.lan, 10.0.0.0/8")); err == nil || !strings.Contains(err.Error(), "local-scope") {
		t.Errorf("%v", err)
	}
}

func TestThePageAndItsFiles(t *testing.T) {
	c, err := Source(localOptions(t, "local-names = 192.168.20.5"))
	if err != nil {
		t.Fatal(err)
	}
	get := func(path, language, agent string) (*http.Response, []byte) {
		t.Helper()
		w, r := newExchange("GET", path)
		r.Header.Set("Accept-Language", language)
		r.Header.Set("User-Agent", agent)
		c.Plain.ServeHTTP(w, r)
		body, err := io.ReadAll(w.Result().Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.Result(), body
	}
	for _, locale := range i18n.Locales() {
		res, body := get("/anything", string(locale), "Mozilla/5.0 (iPhone; CPU iPhone OS 19)")
		for _, want := range []string{`<html lang="` + string(locale) + `"`, c.Authority.Fingerprint(), `href="https://preau.local/"`, "192.168.20.5", "preau.mobileconfig"} {
			if !contains(body, want) {
				t.Errorf("%s: no %q", locale, want)
			}
		}
		if res.StatusCode != 200 || contains(body, "<script") || contains(body, "ops.local") || contains(body, "{") || strings.Count(string(body), "<details open>") != 1 {
			t.Errorf("%s: %d\n%s", locale, res.StatusCode, body)
		}
		if !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Error("no policy")
		}
	}
	if _, body := get("/?lang=en", "fr", ""); !contains(body, `<html lang="en"`) {
		t.Error("the chosen language is not followed")
	}
	if _, body := get("/preau.crt", "", ""); string(body) != string(c.Authority.Root.Raw) {
		t.Error("preau.crt is not the root")
	}
	pool := x509.NewCertPool()
	if _, body := get("/preau.pem", "", ""); !pool.AppendCertsFromPEM(body) {
		t.Error("preau.pem is no certificate")
	}
	res, body := get("/preau.mobileconfig", "", "")
	var plist struct {
		Data string `xml:"dict>array>dict>data"`
	}
	if err := xml.Unmarshal(body, &plist); err != nil {
		t.Fatal(err)
	}
	der, err := base64.StdEncoding.DecodeString(plist.Data)
	if err != nil || string(der) != string(c.Authority.Root.Raw) || res.Header.Get("Content-Type") != "application/x-apple-aspen-config" {
		t.Errorf("profile: %v %s", err, res.Header.Get("Content-Type"))
	}
	w, r := newExchange("POST", "/")
	c.Plain.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}
