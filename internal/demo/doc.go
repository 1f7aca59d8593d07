// Package demo makes the demonstration school: invented staff, pupils and
// groups, whose names are encrypted here as a staff browser would, then given
// to the server's own functions like any import. The server's packages never
// import it.
package demo
