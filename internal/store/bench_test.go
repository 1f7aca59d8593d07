package store_test

import (
	"context"
	"database/sql"
	"strconv"
	"sync/atomic"
	"testing"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

const insertAnswer = "INSERT INTO answer (id, sitting, n, body) VALUES ($1, $2, $3, $4)"

// benchTable stands for a hot table: two indexes and a small body.
func benchTable(b *testing.B, db *store.DB) {
	b.Helper()
	err := db.Tx(b.Context(), func(tx store.Queryer) error {
		for _, q := range []string{
			"CREATE TABLE answer (id TEXT PRIMARY KEY, sitting TEXT NOT NULL, n BIGINT NOT NULL, body TEXT NOT NULL)",
			"CREATE UNIQUE INDEX answer_n ON answer (sitting, n)",
		} {
			if _, err := tx.ExecContext(b.Context(), q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// args are one answer of one of 2,000 sittings.
func args(n int64) []any {
	return []any{store.NewID(), "sitting-" + strconv.FormatInt(n%2000, 10), n / 2000, `{"RESPONSE":["choice_B"],"took":5312}`}
}

// inParallel runs write for callers goroutines a core and reports the rate.
func inParallel(b *testing.B, callers int, write func(ctx context.Context, n int64) error) {
	var n atomic.Int64
	b.SetParallelism(callers)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := write(context.Background(), n.Add(1)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
}

// BenchmarkWriteRaw is the baseline: one connection, one long transaction with
// one prepared statement, committed once. Nothing durable can be faster.
func BenchmarkWriteRaw(b *testing.B) {
	eachDialect(b, func(b *testing.B, db *store.DB) {
		b.ResetTimer()
		err := db.Tx(b.Context(), func(tx store.Queryer) error {
			st, err := tx.(interface {
				PrepareContext(context.Context, string) (*sql.Stmt, error)
			}).PrepareContext(b.Context(), insertAnswer)
			if err != nil {
				return err
			}
			defer st.Close()
			for n := range int64(b.N) {
				if _, err := st.ExecContext(b.Context(), args(n)...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
	})
}

// BenchmarkWriteGroup is Write: every call is acknowledged on disk.
func BenchmarkWriteGroup(b *testing.B) {
	for _, callers := range []int{1, 32, 512} {
		b.Run(strconv.Itoa(callers), func(b *testing.B) {
			eachDialect(b, func(b *testing.B, db *store.DB) {
				inParallel(b, callers, func(ctx context.Context, n int64) error {
					return db.Write(ctx, func(tx store.Queryer) error {
						_, err := tx.ExecContext(ctx, insertAnswer, args(n)...)
						return err
					})
				})
			})
		})
	}
}

// BenchmarkWriteReading reads a row by its key before it writes, as a rule does.
func BenchmarkWriteReading(b *testing.B) {
	eachDialect(b, func(b *testing.B, db *store.DB) {
		inParallel(b, 512, func(ctx context.Context, n int64) error {
			return db.Write(ctx, func(tx store.Queryer) error {
				var last sql.NullInt64
				sitting := args(n)[1]
				if err := tx.QueryRowContext(ctx, "SELECT max(n) FROM answer WHERE sitting = $1", sitting).Scan(&last); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, insertAnswer, store.NewID(), sitting, last.Int64+1, "{}")
				return err
			})
		})
	})
}

// BenchmarkWriteTx is a transaction for each call.
func BenchmarkWriteTx(b *testing.B) {
	eachDialect(b, func(b *testing.B, db *store.DB) {
		inParallel(b, 32, func(ctx context.Context, n int64) error {
			return db.Tx(ctx, func(tx store.Queryer) error {
				_, err := tx.ExecContext(ctx, insertAnswer, args(n)...)
				return err
			})
		})
	})
}

func eachDialect(b *testing.B, f func(b *testing.B, db *store.DB)) {
	for _, d := range storetest.Dialects() {
		b.Run(string(d), func(b *testing.B) {
			db := storetest.Open(b, d)
			benchTable(b, db)
			f(b, db)
		})
	}
}
