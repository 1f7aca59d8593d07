package store

import (
	"context"
	"database/sql"
	"sync"
)

// mostPrepared bounds the statements that are kept ready. A text beyond it, such
// as one with a list of its own length, is parsed each time.
const mostPrepared = 400

// prepared is the pool of readers of SQLite with its statements kept ready on
// each connection: parsing one costs as much as running it. The driver of
// PostgreSQL keeps its own.
type prepared struct {
	pool *sql.DB

	mu   sync.RWMutex // guards kept
	kept map[string]*sql.Stmt
}

func newPrepared(pool *sql.DB) *prepared {
	return &prepared{pool: pool, kept: map[string]*sql.Stmt{}}
}

// ready gives a statement, or nil when the query is to be parsed on its own.
func (p *prepared) ready(ctx context.Context, query string) *sql.Stmt {
	p.mu.RLock()
	s, full := p.kept[query], len(p.kept) >= mostPrepared
	p.mu.RUnlock()
	if s != nil || full {
		return s
	}
	made, err := p.pool.PrepareContext(ctx, query)
	if err != nil {
		return nil // asked on its own, it says what is wrong
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.kept[query]; s != nil || len(p.kept) >= mostPrepared {
		made.Close()
		return s
	}
	p.kept[query] = made
	return made
}

func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := p.ready(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return p.pool.QueryContext(ctx, query, args...)
}

func (p *prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := p.ready(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return p.pool.QueryRowContext(ctx, query, args...)
}

// ExecContext fails: the connections are read-only.
func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.pool.ExecContext(ctx, query, args...)
}
