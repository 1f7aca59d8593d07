// Package schedule does work once a day at a time of the operator's zone, as a
// background job of the store: a stop in between loses nothing, work missed
// while the server was off is done at its return, and several processes on one
// database do it once.
package schedule
