// Package load is simulated pupils: they enter a school that was made for them,
// hold lessons over the protocol of docs/protocol.md and the engine's own
// signalling, and measure what reaches them. Nothing of the server imports it.
package load
