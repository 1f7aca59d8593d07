// Package lesson holds live lessons: what is planned, the door and the lobby,
// rights, chat, hands, reports, attendance.
//
// A lesson is the fold of its log. The core is pure: State.apply folds one
// event, State.decide turns a command into events or a refusal, view.go says
// who may see what. Around it, one goroutine owns an open lesson (hub.go):
// commands come in, become numbered events, are written by the group-commit
// writer, and only then are acknowledged and sent on. While one append is on
// its way to disk the next is gathered, so the goroutine's state runs ahead of
// the disk; what leaves for a client waits in order until its append is done.
//
// The owner holds a fenced lease: an append says the lesson's epoch and the
// number it expects to write, and is refused when either has changed.
// docs/protocol.md is the contract with clients.
package lesson
