// Package storetest gives tests a migrated database of each dialect.
//
// SQLite lives in the test's temporary folder. PostgreSQL is the server named
// by PREAU_TEST_POSTGRES (an address whose role may create databases), or a
// private cluster made from the machine's PostgreSQL, listening on a unix socket
// only. All the test processes of a user share that cluster; a watcher stops it
// and removes it a few seconds after the last of them has ended, however it
// ended. Every test gets a database of its own, copied from a migrated one.
//
// With `go test -short` only SQLite runs. Otherwise a machine without PostgreSQL
// fails the tests and says what to install.
package storetest
