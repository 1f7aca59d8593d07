// Package journal is the school's journal: anyone of the school proposes a
// piece, somebody reads it first, readers add to it.
//
// The core is pure: state.go says which act leads where under which regime,
// audience.go who may read what, stem.go turns a text into the words by which
// it is found, sift.go what looks odd about a contribution. Around it, a piece
// is a row with numbered revisions: readers see the live one, authors change
// the work one, and a change to a published piece is a revision that is
// reviewed while the former stays.
//
// Public pages are templates that need neither an account nor a script. They
// are written for each request from the database: nothing is kept between two.
//
// What readers send is never shown before somebody of the school has read it.
// A form carries a signed token that is good once; a form without one, too
// quick or with a filled trap still reaches the queue, with a sign that says so.
package journal
