// Package web carries the built web client inside the binary.
package web

import "embed"

// Dist holds the files that `npm run build` writes. Before the first build it
// holds no index.html, and the server then says how to build the client.
//
//go:embed all:dist
var Dist embed.FS

// Tokens is the style sheet of colours, type and space, which the pages that the
// server writes share with the client.
//
//go:embed src/tokens.css
var Tokens []byte
