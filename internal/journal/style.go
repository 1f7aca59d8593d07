package journal

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
)

//go:embed journal.css
var pageCSS []byte

//go:embed work.js
var workJS []byte

// asset is a file of the pages, under a name that changes with its content.
type asset struct {
	path, kind string
	body       []byte
}

const stylePath = "/journal-style/"

func newAsset(name, ext, kind string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{stylePath + name + "-" + hex.EncodeToString(sum[:6]) + ext, kind, body}
}

// styleSheet is the tokens of the interface, its font where the client was
// built, and the pages' own rules.
func styleSheet(tokens []byte, dist fs.FS) asset {
	var all bytes.Buffer
	all.Write(tokens)
	if dist != nil {
		names, err := fs.Glob(dist, "assets/atkinson-hyperlegible-next-latin*-wght-*.woff2")
		if err == nil {
			for _, name := range names {
				all.WriteString(fontFace(name))
			}
		}
	}
	all.Write(pageCSS)
	return newAsset("journal", ".css", "text/css; charset=utf-8", all.Bytes())
}

// fontFace declares one file of the shipped font, as its name says what it is.
func fontFace(name string) string {
	style, ranges := "normal", "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD"
	if strings.Contains(name, "-italic") {
		style = "italic"
	}
	if strings.Contains(name, "latin-ext") {
		ranges = "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113"
	}
	return "@font-face { font-family: \"Atkinson Hyperlegible Next Variable\"; font-style: " + style + "; font-display: swap; font-weight: 200 800; src: url(\"/" + name + "\") format(\"woff2\"); unicode-range: " + ranges + "; }\n"
}

func workScript() asset { return newAsset("work", ".js", "text/javascript; charset=utf-8", workJS) }

// styleFile gives the style sheet or the script.
func (s *Service) styleFile(w http.ResponseWriter, r *http.Request) {
	for _, a := range []asset{s.style, s.work} {
		if r.URL.Path == a.path {
			h := w.Header()
			h.Set("Content-Type", a.kind)
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
			h.Set("Content-Length", strconv.Itoa(len(a.body)))
			if r.Method != http.MethodHead {
				_, _ = w.Write(a.body)
			}
			return
		}
	}
	http.NotFound(w, r)
}
