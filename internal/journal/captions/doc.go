// Package captions reads the timed captions of a recording, in WebVTT (W3C) or
// SubRip, and writes them again as WebVTT: times and plain words, and nothing
// else of what either format allows.
package captions
