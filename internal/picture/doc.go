// Package picture makes a file that somebody sends harmless. A picture is known
// by its content, decoded within limits, turned upright and written again from
// its pixels, so that nothing else of it stays: not where it was taken, not what
// hides behind it. A PDF is kept as it is, to be given as a file and never shown.
// Anything else is refused, with what it was.
package picture
