// Package qti reads, checks, redacts, scores and writes 1EdTech QTI 2.1, 2.2
// and 3.0: items, tests, stimuli and content packages, in one model. It is
// pure: no database, no HTTP, no clock, no chance but the caller's seed.
//
// A document is read once into a tree of elements, whose names are folded so
// that responseCondition and qti-response-condition are one; declarations,
// rules and expressions are then compiled into closures over numbered
// variables. An Item and a Test are read-only once read and may be shared by
// any number of goroutines; an ItemSession and a TestSession belong to one.
//
// What is unknown or malformed becomes a Finding that names its place and its
// clause. A finding of severity Error makes an item unscorable: scoring it
// returns an error, never a zero. Clauses are named by the class of the
// information model that states the rule, because numbering differs between
// the versions; docs/qti-ledger.md lists those on which implementations differ.
package qti
