package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// Result codes, https://www.sqlite.org/rescode.html.
const (
	sqliteBusy             = 5
	sqliteConstraintPK     = 1555
	sqliteConstraintUnique = 2067
	sqliteConstraintRowID  = 2579
)

// IsUnique says whether err is a violation of a primary key or unique constraint.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() {
		case sqliteConstraintPK, sqliteConstraintUnique, sqliteConstraintRowID:
			return true
		}
	}
	return pgCode(err) == "23505"
}

// isRetryable says whether the database asks to run the transaction again:
// serialization_failure and deadlock_detected.
func isRetryable(err error) bool {
	code := pgCode(err)
	return code == "40001" || code == "40P01"
}

// isBusy says whether another connection held the database past the timeout:
// SQLITE_BUSY or lock_not_available.
func isBusy(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()&0xff == sqliteBusy
	}
	return pgCode(err) == "55P03"
}

// pgCode is PostgreSQL's SQLSTATE, or "".
func pgCode(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}
