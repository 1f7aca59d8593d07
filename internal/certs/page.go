package certs

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"preau/internal/i18n"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS []byte

//go:embed apple.mobileconfig
var appleProfile string

// system is the way to install the certificate on one kind of device.
type system struct {
	Name, File string
	Steps      []string
	Open       bool // the visitor's own kind
	agents     []string
}

// Page explains, in the visitor's language and without a script, why a plain
// address is not enough and how to trust the authority, and gives its
// certificate. It answers on the plain-HTTP listeners.
func (a *Authority) Page(origin string, catalogue *i18n.Catalogue) http.Handler {
	// Texts and addresses are data; both templates are of this package.
	page := template.Must(template.New("page").Parse(pageHTML))
	mux := http.NewServeMux()
	file := func(name, media string, body []byte) {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			w.Header().Set("Cache-Control", "no-store")
			w.Write(body)
		})
	}
	file("preau.crt", "application/x-x509-ca-cert", a.Root.Raw)
	file("preau.pem", "application/x-pem-file", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw}))
	file("preau.mobileconfig", "application/x-apple-aspen-config", a.profile())
	file("preau.css", "text/css; charset=utf-8", pageCSS)
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		locale := i18n.Choose(r.Header.Get("Accept-Language"))
		if l := i18n.Locale(r.URL.Query().Get("lang")); l == i18n.French || l == i18n.English {
			locale = l
		}
		t := func(key string, args ...any) string {
			named := map[string]any{}
			for i := 0; i < len(args); i += 2 {
				named[args[i].(string)] = args[i+1]
			}
			return catalogue.T(locale, key, named)
		}
		var body bytes.Buffer
		err := page.Execute(&body, a.content(t, locale, origin, r.UserAgent()))
		if err != nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", "Accept-Language, User-Agent")
		w.Write(body.Bytes())
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		mux.ServeHTTP(w, r)
	})
}

// content is what page.html shows.
func (a *Authority) content(t func(string, ...any) string, locale i18n.Locale, origin, agent string) map[string]any {
	other, otherName := "en", "English"
	if locale == i18n.English {
		other, otherName = "fr", "Français"
	}
	return map[string]any{
		"Lang": string(locale), "Other": other, "OtherName": otherName, "Origin": origin,
		"Title": t("ops.local_title"), "Why": t("ops.local_why", "origin", origin), "Done": t("ops.local_done"), "Open": t("ops.local_open"),
		"CheckTitle": t("ops.local_check_title"), "Check": t("ops.local_check"), "Here": t("ops.local_here"), "Fingerprint": a.Fingerprint(),
		"InstallTitle": t("ops.local_install_title"), "Download": t("ops.local_download"), "Systems": systems(t, agent),
		"AfterTitle": t("ops.local_after_title"), "After": t("ops.local_after"),
		"MeaningTitle": t("ops.local_meaning_title"), "Meaning": t("ops.local_meaning"), "Scope": a.Scope().Strings(), "Limits": t("ops.local_limits"),
		"Until": t("ops.local_until", "year", a.Root.NotAfter.Year()),
	}
}

func systems(t func(string, ...any) string, agent string) []system {
	list := []system{
		{Name: t("ops.local_android"), File: "preau.crt", agents: []string{"Android"},
			Steps: []string{t("ops.local_android_1"), t("ops.local_android_2"), t("ops.local_android_3"), t("ops.local_android_4")}},
		{Name: t("ops.local_ios"), File: "preau.mobileconfig", agents: []string{"iPhone", "iPad"},
			Steps: []string{t("ops.local_ios_1"), t("ops.local_ios_2"), t("ops.local_ios_3"), t("ops.local_ios_4")}},
		{Name: t("ops.local_windows"), File: "preau.crt", agents: []string{"Windows"},
			Steps: []string{t("ops.local_windows_1"), t("ops.local_windows_2"), t("ops.local_windows_3"), t("ops.local_windows_4")}},
		{Name: t("ops.local_mac"), File: "preau.crt", agents: []string{"Macintosh"},
			Steps: []string{t("ops.local_mac_1"), t("ops.local_mac_2"), t("ops.local_mac_3")}},
		{Name: t("ops.local_linux"), File: "preau.pem", agents: []string{"X11", "Linux x86", "CrOS"},
			Steps: []string{t("ops.local_linux_1"), t("ops.local_linux_2"), t("ops.local_linux_3")}},
	}
	for i := range list {
		for _, word := range list[i].agents {
			if strings.Contains(agent, word) {
				list[i].Open = true
				return list
			}
		}
	}
	return list
}

// profile is the certificate as an Apple configuration profile. Its
// identifiers derive from the certificate, so that a second download replaces
// the first.
func (a *Authority) profile() []byte {
	sum := sha256.Sum256(a.Root.Raw)
	uuid := func(b []byte) string { return fmt.Sprintf("%X-%X-%X-%X-%X", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]) }
	return []byte(strings.NewReplacer(
		"{{name}}", template.HTMLEscapeString(a.Root.Subject.CommonName),
		"{{certificate}}", base64.StdEncoding.EncodeToString(a.Root.Raw),
		"{{id}}", fmt.Sprintf("%x", sum[:8]),
		"{{uuid1}}", uuid(sum[:16]), "{{uuid2}}", uuid(sum[16:]),
	).Replace(appleProfile))
}
