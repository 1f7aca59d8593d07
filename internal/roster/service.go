package roster

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"log/slog"
	"time"

	"preau/internal/httpx"
	"preau/internal/store"
)

// Person is a member of staff as another domain knows them.
type Person struct{ ID, Name string }

// Options of New. All are required except StaffIn and Turnstile.
type Options struct {
	DB  *store.DB
	API *httpx.API
	Log *slog.Logger
	Now func() time.Time
	// Pepper is the installation's secret, at least 32 bytes, kept outside the
	// database. Codes are stored under it, and it signs challenges and door
	// cookies: changing it makes every typed code unknown.
	Pepper []byte
	// StaffIn lists the staff with a living grant in a school; without it
	// nobody shows as waiting to be let in to the names.
	StaffIn func(ctx context.Context, school string) ([]Person, error)
	// Turnstile is what entries pass; without it they do not wait for each other.
	Turnstile *httpx.Turnstile
}

// Service is the domain. Its methods are safe for concurrent use.
type Service struct {
	db      *store.DB
	api     *httpx.API
	log     *slog.Logger
	clock   func() time.Time
	codeKey []byte
	staffIn func(ctx context.Context, school string) ([]Person, error)
	hold    *hold
	guard   *guard
	asking  *asking
	links   *httpx.Limiter // by seat: entries by its slip

	turnstile *httpx.Turnstile
}

// New makes the service. It reads nothing yet; Run does its background work.
func New(o Options) (*Service, error) {
	if len(o.Pepper) < 32 {
		return nil, errors.New("roster: the pepper needs at least 32 bytes")
	}
	if o.StaffIn == nil {
		o.StaffIn = func(context.Context, string) ([]Person, error) { return nil, nil }
	}
	return &Service{
		db: o.DB, api: o.API, log: o.Log, clock: o.Now, codeKey: o.Pepper, staffIn: o.StaffIn,
		hold:  newHold(o.Now().UnixMilli()),
		guard: newGuard(subkey(o.Pepper, "preau/door/guard/v1"), o.Now), asking: newAsking(),
		links: httpx.NewLimiter(linkBurst, linkEvery, maxRemembered, o.Now), turnstile: o.Turnstile,
	}, nil
}

func subkey(pepper []byte, label string) []byte {
	m := hmac.New(sha256.New, pepper)
	m.Write([]byte(label))
	return m.Sum(nil)
}

func (s *Service) now() int64 { return s.clock().UnixMilli() }

// Run writes down, every few minutes and once more when ctx ends, when the
// seats that are in were last seen. It returns when ctx ends.
func (s *Service) Run(ctx context.Context) {
	t := time.NewTicker(flushEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("presence not written", "error", err)
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			if err := s.Flush(last); err != nil {
				s.log.Error("presence not written", "error", err)
			}
			return
		}
	}
}
