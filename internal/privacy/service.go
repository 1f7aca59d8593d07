package privacy

import (
	"context"

	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/store"
)

// Options of New. Fields without a stated default are required.
type Options struct {
	DB        *store.DB
	Catalogue *i18n.Catalogue
	// School and Schools are those of identity.Service.
	School  func(ctx context.Context, id string) (identity.School, error)
	Schools func(ctx context.Context, after string, limit int) ([]identity.School, error)
	// Journal writes an erasure outside the database, durably, so that a
	// restore can re-apply it; writing one that it has changes nothing. Nil for none.
	Journal func(ctx context.Context, e store.Erasure) error
	// Promised says after how many days at most families were told that what a
	// campaign left is erased, 0 where nobody told them. Nil for nobody.
	Promised func(ctx context.Context, school string) (days int, err error)
}

// Service derives register, retention, exports and erasures from the data map.
// Its methods are safe for concurrent use.
type Service struct {
	db       *store.DB
	texts    *i18n.Catalogue
	school   func(ctx context.Context, id string) (identity.School, error)
	schools  func(ctx context.Context, after string, limit int) ([]identity.School, error)
	journal  func(ctx context.Context, e store.Erasure) error
	promised func(ctx context.Context, school string) (int, error)

	dataMap       Map
	childrenFirst []Table
	ordered       []tableRule // rules, children's tables first
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{
		db: o.DB, texts: o.Catalogue, school: o.School, schools: o.Schools, journal: o.Journal, promised: o.Promised, dataMap: DataMap(),
	}
	s.childrenFirst = s.dataMap.ChildrenFirst()
	s.ordered = Map{Tables: s.childrenFirst}.rules()
	return s
}
