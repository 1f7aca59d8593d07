// Package store opens SQLite or PostgreSQL, migrates it, and gives the rest of
// Préau transactions, a group-commit writer, files, jobs, and the audit trail.
//
// Durability. Tx and Write return nil only after the database has put the
// transaction on disk (SQLite: WAL with synchronous=FULL; PostgreSQL: fsync and
// synchronous_commit on, refused at Open otherwise). Any other return means that
// nothing of it is kept, except when the connection to PostgreSQL broke during
// COMMIT: then the outcome is unknown and the error says so.
//
// Isolation. Tx and Write are serializable on both dialects, so a rule checked
// inside the function still holds when it commits. The price is that the
// function may run more than once: it must assign, not accumulate, what it
// hands out, and do nothing but SQL.
//
// SQL is written by hand for both dialects: $1 placeholders, BIGINT
// milliseconds, INTEGER booleans, TEXT ids. What must differ is in
// migrations/<dialect> and in the files sqlite.go and postgres.go.
package store
