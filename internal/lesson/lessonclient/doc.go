// Package lessonclient speaks the lesson's protocol (docs/protocol.md) from the
// client's end, for tests and simulated pupils. It knows nothing of the server
// but that document.
package lessonclient
