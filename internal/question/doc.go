// Package question turns what a teacher writes into QTI: a Draft, in a teacher's
// terms, becomes an assessmentItem of QTI 3, and a Plan, questions chosen or drawn
// from the bank, becomes an assessmentTest with its package. It is pure: no
// database, no HTTP, no chance but the caller's seed.
//
// What is written here is then read, redacted and scored by package qti like
// anything that comes from elsewhere: the bank knows one kind of thing.
package question
