// Package privacy is the data map and what is derived from it.
//
// The map (datamap_*.go, one file per domain) declares each column of each
// table: what it is, whose it is, why and on which legal basis it is kept, how
// long, and in which export and erasure it appears. It also declares the fields of
// JSON columns, the kinds of file, the fields that logs may hold and the keys that the
// web client keeps in a browser. The package's tests read the real schema, the
// sources and the client's list of keys, and fail on whatever is not declared
// or no longer exists.
//
// From the map come the register of processing activities (GDPR article 30),
// retention, a person's export (article 15) and erasure (article 17), and the
// public notice (articles 13 and 14). Nothing here keeps a second list of
// tables: to add a column is to declare it.
package privacy
