// Package httpx is the ground under every HTTP route: huma on the standard
// ServeMux, RFC 9457 problems in the reader's language, security headers and
// content security policy, cross-origin protection, client addresses behind
// trusted proxies, cookies, and limiters that never count by address alone.
package httpx
