package httpx

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"preau/internal/i18n"
)

// Client serves the built web client: its page, with the request's style nonce
// and language, and its files, compressed ahead of time by the build.
type Client struct {
	files         fs.FS
	before, after []byte // the page around the nonce
	missing       bool   // the client was never built
}

const noncePlaceholder = "__NONCE__"

// NewClient reads the built client. A folder without index.html is accepted,
// and the page then says how to build it.
func NewClient(files fs.FS) (*Client, error) {
	page, err := fs.ReadFile(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return &Client{files: files, missing: true}, nil
	}
	if err != nil {
		return nil, err
	}
	before, after, ok := bytes.Cut(page, []byte(noncePlaceholder))
	if !ok || bytes.Contains(after, []byte(noncePlaceholder)) {
		return nil, fmt.Errorf("index.html must hold %s exactly once", noncePlaceholder)
	}
	return &Client{files: files, before: before, after: after}, nil
}

// Page serves the client's page with that status.
func (c *Client) Page(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store") // it carries a nonce
		w.Header().Set("Vary", "Accept-Language, Cookie")
		if c.missing {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, "<!doctype html><title>Préau</title><p>The web client was not built: run <code>make build</code>.")
			return
		}
		before := c.before
		if l := Locale(r.Context()); l != i18n.French {
			before = bytes.Replace(before, []byte(`<html lang="fr"`), []byte(`<html lang="`+string(l)+`"`), 1)
		}
		w.WriteHeader(status)
		if r.Method == http.MethodHead {
			return
		}
		w.Write(before)
		w.Write([]byte(Nonce(r.Context())))
		w.Write(c.after)
	})
}

// Files serves the client's files. Those under assets/ carry a hash of their
// content in their name and are kept for a year.
func (c *Client) Files() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if name == "index.html" || strings.HasPrefix(name, ".") || !fs.ValidPath(name) {
			http.NotFound(w, r)
			return
		}
		body, encoding, err := c.read(name, r.Header.Get("Accept-Encoding"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", mediaType(name))
		h.Set("Vary", "Accept-Encoding")
		if encoding != "" {
			h.Set("Content-Encoding", encoding)
		}
		if strings.HasPrefix(name, "assets/") {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			h.Set("Cache-Control", "public, max-age=3600")
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method != http.MethodHead {
			w.Write(body)
		}
	})
}

// read gives the file in the best encoding that the client accepts. Browsers
// send plain names without weights, so weights are not weighed.
func (c *Client) read(name, accept string) (body []byte, encoding string, err error) {
	for _, e := range []struct{ token, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if accepts(accept, e.token) {
			if body, err = fs.ReadFile(c.files, name+e.suffix); err == nil {
				return body, e.token, nil
			}
		}
	}
	body, err = fs.ReadFile(c.files, name)
	return body, "", err
}

func accepts(header, token string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(name, token) {
			return strings.TrimSpace(weight) != "q=0"
		}
	}
	return false
}

// mediaType knows the few kinds that the client's build makes, whatever the
// machine's own table says.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".mp3":
		return "audio/mpeg"
	case ".wasm":
		return "application/wasm"
	case ".json", ".webmanifest":
		return "application/json"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}
