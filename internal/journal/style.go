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
		names, err := fs.Glob(dist, "assets/atkinson-*.woff2")
		if err == nil {
			for _, name := range names {
				all.WriteString(fontFace(name))
			}
		}
	}
	all.Write(pageCSS)
	return newAsset("journal", ".css", "text/css; charset=utf-8", all.Bytes())
}

// fontFace declares one file of the shipped font for the letters that the
// client's own style sheet declares it for.
func fontFace(name string) string {
	ranges := "U+00A1-00AA, U+00AC-00AF, U+00B1-00B6, U+00B8-00BA, U+00BC-00BF, U+0131, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-2012, U+2015-2017, U+201A-201B, U+201E-2021, U+2023-2025, U+2027-202E, U+2030-206F, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD"
	switch {
	case strings.Contains(name, "-core"):
		ranges = "U+0020-007E, U+00A0, U+00AB, U+00B0, U+00B7, U+00BB, U+00C0-00FF, U+0152-0153, U+0178, U+2013-2014, U+2018-2019, U+201C-201D, U+2022, U+2026, U+202F, U+20AC"
	case strings.Contains(name, "latin-ext"):
		ranges = "U+0100-0130, U+0132-0151, U+0154-0177, U+0179-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF"
	}
	return "@font-face { font-family: \"Atkinson Hyperlegible Next Variable\"; font-style: normal; font-display: swap; font-weight: 400 700; src: url(\"/" + name + "\") format(\"woff2\"); unicode-range: " + ranges + "; }\n"
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
