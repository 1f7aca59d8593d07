package identity

import (
	"context"
	"database/sql"
	"errors"

	"preau/internal/fault"
	"preau/internal/store"
)

// Territory is a town, an académie or the country, over which a role may
// reach. It holds schools and other territories.
type Territory struct {
	ID        string  `json:"id"`
	ParentID  *string `json:"parentId"`
	Kind      string  `json:"kind" enum:"town,academie,country"`
	Name      string  `json:"name"`
	CreatedAt int64   `json:"createdAt"`
}

// deepest bounds how many territories lie one within another.
const deepest = 8

func territoryExists(ctx context.Context, q store.Queryer, id string) error {
	var found string
	err := q.QueryRowContext(ctx, "SELECT id FROM territory WHERE id = $1", id).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.Invalid, "identity.no_territory").At("territoryId")
	}
	return err
}

// CreateTerritory makes a territory, within another unless parent is empty.
func (s *Service) CreateTerritory(ctx context.Context, kind, name, parent string) (Territory, error) {
	t := Territory{ID: store.NewID(), ParentID: optional(parent), Kind: kind, CreatedAt: s.ms()}
	var err error
	if t.Name, err = readName(name, "name"); err != nil {
		return t, err
	}
	switch kind {
	case "town", "academie", "country":
	default:
		return t, fault.New(fault.Invalid, "identity.kind_unknown").At("kind")
	}
	return t, s.db.Tx(ctx, func(tx store.Queryer) error {
		depth := 0
		for up := t.ParentID; up != nil; depth++ {
			if depth == deepest-1 {
				return fault.New(fault.Invalid, "identity.territory_deep").At("parentId")
			}
			var next *string
			err := tx.QueryRowContext(ctx, "SELECT parent_id FROM territory WHERE id = $1", *up).Scan(&next)
			if errors.Is(err, sql.ErrNoRows) {
				return fault.New(fault.Invalid, "identity.no_territory").At("parentId")
			}
			if err != nil {
				return err
			}
			up = next
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO territory (id, parent_id, kind, name, created_at) VALUES ($1, $2, $3, $4, $5)", t.ID, t.ParentID, t.Kind, t.Name, t.CreatedAt); err != nil {
			return err
		}
		return s.audit(ctx, tx, actorOf(ctx), "territory.create", "", "territory", t.ID, nil)
	})
}

// territories lists those after an id.
func (s *Service) territories(ctx context.Context, after string, limit int) ([]Territory, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT id, parent_id, kind, name, created_at FROM territory WHERE id > $1 ORDER BY id LIMIT $2", after, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows) (t Territory, err error) {
		return t, r.Scan(&t.ID, &t.ParentID, &t.Kind, &t.Name, &t.CreatedAt)
	})
}

// withinTerritory gives the territory and all that lie in it.
const withinTerritory = `WITH RECURSIVE within (id) AS (
	SELECT id FROM territory WHERE id = $1
	UNION SELECT t.id FROM territory t JOIN within w ON t.parent_id = w.id) `

// fillTerritory completes a grant over a territory with what it holds.
func fillTerritory(ctx context.Context, q store.Queryer, g *Grant) error {
	var err error
	if g.Within, err = ids(ctx, q, withinTerritory+"SELECT id FROM within", g.ScopeID); err != nil {
		return err
	}
	g.SchoolIDs, err = ids(ctx, q, withinTerritory+"SELECT s.id FROM school s JOIN within w ON s.territory_id = w.id", g.ScopeID)
	return err
}

// ids reads a query of one column of ids.
func ids(ctx context.Context, q store.Queryer, query string, args ...any) ([]string, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
