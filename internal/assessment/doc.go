// Package assessment is the bank of tests, campaigns, the sittings of pupils,
// what invigilators do, and results.
//
// A test package is compiled once, at import; its version never changes. A
// campaign gives a test to groups between two dates. Each testPart is a stage:
// a pupil's browser gets the public part of a whole stage at once, and the
// server decides what comes next when the stage ends (preconditions of the
// parts are the routing). A sitting is one seat taking one sequence: the list
// of a campaign's stages that are taken on one day.
//
// Answers are an append-only log. A save is acknowledged once it is on disk; a
// save that comes twice is one. Saves are authorised by the sitting's own token,
// which is checked without any look-up, so that they go on when nobody can sign
// in. The server scores, from the log, each time a result is asked: a result is
// a function of the log and the package's version, and nothing else.
package assessment
