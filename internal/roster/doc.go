// Package roster owns years, groups and seats, the secrets of seats, the
// pupil's door with its sessions, and the encrypted list of names. No pupil's
// name ever reaches it in clear: a name is inside the ciphertext of a name
// record or of a first-names box, sealed in a staff browser.
//
// Locks. hold keeps in memory which session of a seat is alive, and decides
// alone which of two devices has the seat; guard keeps who has been trying
// codes. Both are told apart from the database on purpose: a heartbeat and a
// wrong code cost no write.
package roster
