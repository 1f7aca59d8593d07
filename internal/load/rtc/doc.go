// Package rtc is a client of the media engine without a browser: it speaks the
// engine's signalling through /rtc, publishes synthetic sound and pictures,
// receives what it is allowed to, and counts packets. Tests of package media
// use it, and so does the load generator.
package rtc
