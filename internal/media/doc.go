// Package media carries sound and pictures between the people of a lesson. Its
// seam is Engine, so that another engine can take the place of the one here:
// the LiveKit server as a library, in this process.
//
// The engine is reached by browsers in three ways, none of which it opens by
// itself: signalling through Handler, which stands at /rtc beside the pages;
// media on one UDP port, or one TCP port where UDP is closed; and, where only
// the port of the pages is open, TURN over TLS on that port (SplitTLS).
//
// Who may enter, publish and see is decided here and not by what a client
// holds: a token only says who is asking. Each connection is checked against
// what Token granted last and against Options.Admit, and every frame that a
// client sends is read, and dropped unless it is one that a pupil may send.
package media
