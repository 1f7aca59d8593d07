package identity

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// browser is what the browser that calls brings with it.
type browser struct {
	staffToken string // its session, living or not
	known      string // the value of KnownCookie
	device     string // its label
	address    string // its network, for limits held in memory, never stored
}

type browserKey struct{}

func browserOf(ctx context.Context) browser {
	b, _ := ctx.Value(browserKey{}).(browser)
	return b
}

// KnownCookie is the cookie that remembers which accounts have signed in on a
// browser, so that somebody else's wrong passwords do not slow its people.
const KnownCookie = "known"

const (
	knownFor  = 400 * 24 * time.Hour // the longest that browsers keep a cookie
	mostKnown = 12                   // accounts of a computer in the staff room
)

// known reads the cookie: a random name of the browser, then one signature for
// each account. It gives the browser's name when the account is among them.
func (s *Service) known(cookie, email string) (name string, ok bool) {
	parts := strings.Split(cookie, ".")
	if len(parts) < 2 || len(parts) > mostKnown+1 || len(parts[0]) != 22 {
		return "", false
	}
	want := s.knownTag(parts[0], email)
	for _, tag := range parts[1:] {
		if hmac.Equal([]byte(tag), []byte(want)) {
			return parts[0], true
		}
	}
	return "", false
}

func (s *Service) knownTag(name, email string) string {
	return base64.RawURLEncoding.EncodeToString(s.seal.mac("identity/known", name, email)[:16])
}

// remember adds the account to the browser's cookie, the latest first.
func (s *Service) remember(ctx context.Context, email string) http.Cookie {
	parts := strings.Split(browserOf(ctx).known, ".")
	name := parts[0]
	if raw, err := base64.RawURLEncoding.DecodeString(name); err != nil || len(raw) != 16 {
		name, parts = base64.RawURLEncoding.EncodeToString(randomBytes(16)), []string{""}
	}
	tag := s.knownTag(name, email)
	tags := []string{tag}
	for _, old := range parts[1:] {
		if len(old) == 22 && !slices.Contains(tags, old) && len(tags) < mostKnown {
			tags = append(tags, old)
		}
	}
	return s.api.Cookie(KnownCookie, name+"."+strings.Join(tags, "."), knownFor)
}

// network is the part of an address that one household or school shares.
func network(ip netip.Addr) string {
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// deviceLabel names the browser and system of a User-Agent, as far as it says.
func deviceLabel(agent string) string {
	first := func(names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	program := first([2]string{"Edg/", "Edge"}, [2]string{"EdgA/", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"SamsungBrowser/", "Samsung Internet"},
		[2]string{"Firefox/", "Firefox"}, [2]string{"FxiOS/", "Firefox"}, [2]string{"CriOS/", "Chrome"}, [2]string{"Chromium/", "Chromium"},
		[2]string{"Chrome/", "Chrome"}, [2]string{"Version/", "Safari"})
	machine := first([2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Android", "Android"}, [2]string{"CrOS", "ChromeOS"},
		[2]string{"Windows", "Windows"}, [2]string{"Macintosh", "macOS"}, [2]string{"Linux", "Linux"})
	if program != "" && machine != "" {
		return program + ", " + machine
	}
	return program + machine
}
