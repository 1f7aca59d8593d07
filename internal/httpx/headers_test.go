package httpx

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

// FuzzASpoofedHopChangesNothing looks for a header by which a client chooses its own address.
func FuzzASpoofedHopChangesNothing(f *testing.F) {
	for _, seed := range []struct{ remote, forwarded, spoof string }{
		{"10.0.0.1:40", "203.0.113.9", "8.8.8.8"},
		{"203.0.113.9:40", "10.0.0.1", "8.8.8.8"},
		{"10.0.0.1:40", "203.0.113.9, 10.2.3.4", "10.9.9.9, 1.1.1.1"},
		{"[::ffff:10.0.0.1]:40", "::ffff:203.0.113.9", ","},
		{"10.0.0.1:40", "fe80::1%eth0", "unknown"},
		{"10.0.0.1:40", "203.0.113.9:1234", "\"[2001:db8::1]\""},
		{"nonsense", "203.0.113.9", ""},
		{"10.0.0.1:40", ",,,", " , "},
	} {
		f.Add(seed.remote, seed.forwarded, seed.spoof)
	}
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, remote, forwarded, spoof string) {
		ask := func(values ...string) netip.Addr {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = remote
			r.Header["X-Forwarded-For"] = values
			return clientIP(r, trusted)
		}
		got := ask(forwarded)
		at, err := netip.ParseAddrPort(remote)
		switch {
		case err != nil:
			if got.IsValid() {
				t.Errorf("an address, %s, from nowhere", got)
			}
			return
		case got.Is4In6():
			t.Errorf("%s is not in its plain form", got)
		case !contains(trusted, at.Addr().Unmap()) && got != at.Addr().Unmap():
			t.Errorf("an untrusted client, %s, passed for %s", at, got)
		}
		// What stands to the left of the hop that was believed was written by
		// somebody unknown: it changes nothing.
		if got.IsValid() && !contains(trusted, got) {
			for _, values := range [][]string{{spoof + "," + forwarded}, {spoof, forwarded}} {
				if again := ask(values...); again != got {
					t.Errorf("%q before %q turned %s into %s", spoof, forwarded, got, again)
				}
			}
		}
	})
}
