package httpx

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"preau/internal/fault"
	"preau/internal/i18n"
)

// Prefix is where the typed API stands.
const Prefix = "/api/v1"

// Options of New. Every field without a stated default is required.
type Options struct {
	Version        string
	Log            *slog.Logger
	Catalogue      *i18n.Catalogue
	Secure         bool           // pages are reached over HTTPS: cookies are Secure, HSTS is sent
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; none by default
	// Observe, when set, is told of each answer: the pattern of the route, never
	// the path, "" when there was none.
	Observe func(method, route string, status int, took time.Duration)
}

// API is the router of the whole server. Register routes through
// identity.Gate, which adds the authorisation that each one declares.
type API struct {
	Huma huma.API
	Mux  *http.ServeMux
	opts Options
}

// New makes the router with no route but /openapi.json.
func New(opts Options) *API {
	installProblems(opts.Catalogue, opts.Log)
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Préau", opts.Version)
	config.OpenAPIPath = "/openapi"
	config.DocsPath = "" // its page loads scripts from a foreign host
	config.SchemasPath = ""
	config.CreateHooks = nil // no $schema links in bodies
	config.Servers = []*huma.Server{{URL: Prefix}}
	config.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	config.DefaultFormat = "application/json"
	inner := http.NewServeMux()
	api := humago.New(inner, config)
	a := &API{Huma: api, Mux: mux, opts: opts}
	inner.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		a.WriteError(w, r, fault.New(fault.NotFound, "http.no_route"))
	})
	mux.Handle(Prefix+"/", http.StripPrefix(Prefix, inner))
	mux.Handle("GET /openapi.json", inner)
	return a
}

// Handler is the whole server: every route behind the common protections.
func (a *API) Handler() http.Handler {
	protect := http.NewCrossOriginProtection()
	protect.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.WriteError(w, r, crossOrigin())
	}))
	return a.identified(a.recovered(a.secured(protect.Handler(a.Mux))))
}

// Secure says whether pages are reached over HTTPS.
func (a *API) Secure() bool { return a.opts.Secure }

type contextKey int

const (
	localeKey contextKey = iota
	clientKey
	requestKey
	nonceKey
	routeKey
)

// Locale is the language of the request.
func Locale(ctx context.Context) i18n.Locale {
	if l, ok := ctx.Value(localeKey).(i18n.Locale); ok {
		return l
	}
	return i18n.French
}

// ClientIP is the address of the client, seen through trusted proxies. A whole
// school shares one: never the only key of a limit, a ban or a count, and
// never stored.
func ClientIP(ctx context.Context) netip.Addr {
	ip, _ := ctx.Value(clientKey).(netip.Addr)
	return ip
}

// RequestID names the request in logs and in the problem shown to the person.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey).(string)
	return id
}

// Nonce is the content-security-policy nonce of the page being served.
func Nonce(ctx context.Context) string {
	n, _ := ctx.Value(nonceKey).(string)
	return n
}

func (a *API) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		locale := i18n.Choose(r.Header.Get("Accept-Language"))
		if c, err := r.Cookie(localeCookie); err == nil && (c.Value == string(i18n.French) || c.Value == string(i18n.English)) {
			locale = i18n.Locale(c.Value)
		}
		ctx := context.WithValue(r.Context(), localeKey, locale)
		ctx = context.WithValue(ctx, clientKey, clientIP(r, a.opts.TrustedProxies))
		ctx = context.WithValue(ctx, requestKey, token(5))
		ctx = context.WithValue(ctx, nonceKey, token(16))
		if a.opts.Observe == nil {
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		route := new(string)
		ctx = context.WithValue(ctx, routeKey, route)
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		began := time.Now()
		next.ServeHTTP(seen, r.WithContext(ctx))
		a.opts.Observe(r.Method, *route, seen.status, time.Since(began))
	})
}

// Matched records which route answers the request, for Options.Observe.
func Matched(ctx context.Context, pattern string) {
	if route, ok := ctx.Value(routeKey).(*string); ok {
		*route = pattern
	}
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach deadlines and hijacking.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (a *API) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				id := RequestID(r.Context())
				a.opts.Log.Error("panic in a handler", "id", id, "route", r.Pattern, "panic", v, "stack", string(debug.Stack()))
				writeProblem(w, internalProblem(a.opts.Catalogue, Locale(r.Context()), id))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// token gives n random bytes in hexadecimal.
func token(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}

const localeCookie = "preau_lang"

// Cookie makes a cookie for this installation: HttpOnly, SameSite=Lax, Secure
// and __Host- prefixed wherever pages are reached over HTTPS. A maxAge of zero
// makes a cookie that ends with the browser session; a negative one removes it.
func (a *API) Cookie(name, value string, maxAge time.Duration) http.Cookie {
	c := http.Cookie{Name: a.CookieName(name), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: a.opts.Secure}
	switch {
	case maxAge > 0:
		c.MaxAge = int(maxAge / time.Second)
	case maxAge < 0:
		c.MaxAge = -1
	}
	return c
}

// CookieName is the name under which Cookie sets a cookie.
func (a *API) CookieName(name string) string {
	if a.opts.Secure {
		return "__Host-preau_" + name
	}
	return "preau_" + name
}

// ReadCookie gives the value of a cookie set by Cookie, or "".
func (a *API) ReadCookie(r *http.Request, name string) string {
	c, err := r.Cookie(a.CookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}
