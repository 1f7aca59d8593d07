package roster

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"preau/internal/store"
)

const (
	doorCookieName = "door"
	doorCookieFor  = 90 * 24 * time.Hour
)

// browser is a browser as its door cookie tells: a random id, the school that
// it has entered before, and the mark of the seat by which it did. The mark
// names a seat to nobody but the guard, which makes it.
type browser struct{ id, school, voucher string }

// browser reads a door cookie; without a good one the browser is new.
func (g *guard) browser(cookie string) browser {
	text, mac, ok := cutLast(cookie, ".")
	if ok && hmac.Equal([]byte(mac), []byte(g.sign("cookie", text))) {
		if part := strings.Split(text, "."); len(part) == 4 {
			made, err := strconv.ParseInt(part[3], 10, 64)
			if err == nil && g.now().UnixMilli()-made < doorCookieFor.Milliseconds() {
				return browser{part[0], part[1], part[2]}
			}
		}
	}
	return browser{id: store.NewID()}
}

func cutLast(text, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return "", "", false
	}
	return text[:i], text[i+len(sep):], true
}

func (g *guard) sign(use, text string) string {
	m := hmac.New(sha256.New, g.key)
	m.Write([]byte(use + "\n" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

// mark is what a door cookie holds of the seat that vouches for its browser.
func (g *guard) mark(seat string) string { return g.sign("seat", seat) }

func (s *Service) doorCookie(b browser) http.Cookie {
	text := b.id + "." + b.school + "." + b.voucher + "." + strconv.FormatInt(s.now(), 10)
	return s.api.Cookie(doorCookieName, text+"."+s.guard.sign("cookie", text), doorCookieFor)
}

// vouch is called when a browser has entered a seat: it is known in that school
// from now on, unless the seat has vouched for too many.
func (g *guard) vouch(b browser, seat, school string) browser {
	if b.school == school {
		return b
	}
	if ok, _ := g.vouchs.Take(seat); ok {
		b.school, b.voucher = school, g.mark(seat)
	}
	return b
}
