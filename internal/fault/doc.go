// Package fault holds the one error type that domains use to tell a person
// what went wrong: a kind, which decides the HTTP status, and a catalogue key
// with its arguments, which becomes a sentence in the reader's language.
// Any error of another type is an internal error and is shown only by an id.
package fault
