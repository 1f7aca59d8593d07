package assessment

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"log/slog"
	"sync"
	"time"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/roster"
	"preau/internal/store"
)

// Options of New. All are required except Turnstile.
type Options struct {
	DB     *store.DB
	Blobs  store.Blobs
	API    *httpx.API
	Log    *slog.Logger
	Texts  *i18n.Catalogue
	Roster *roster.Service
	Now    func() time.Time
	// Pepper is the installation's secret, kept outside the database: tokens of
	// sittings and the seeds of their shuffles derive from it.
	Pepper []byte
	// Turnstile is what those who begin pass; without it they do not wait for
	// each other.
	Turnstile *httpx.Turnstile
	// Kept says for how many days a school keeps what a closed campaign left.
	Kept func(ctx context.Context, school string) (int, error)
}

// Service is the domain. Its methods are safe for concurrent use.
type Service struct {
	db       *store.DB
	blobs    store.Blobs
	api      *httpx.API
	log      *slog.Logger
	texts    *i18n.Catalogue
	roster   *roster.Service
	clock    func() time.Time
	tokenKey []byte
	seedKey  []byte
	fileKey  []byte
	packages packages
	live     registry
	shown    views
	saves    *httpx.Limiter // by sitting
	lane     *lane
	cleaning chan struct{} // a picture being read
	// turnstile bounds those who begin; answers never pass it.
	turnstile *httpx.Turnstile
	kept      func(ctx context.Context, school string) (int, error)
}

// A browser saves a few times a minute, and all that it kept at once when the
// network is back.
const (
	burstSaves = 60
	everySave  = 250 * time.Millisecond
)

// New makes the service.
func New(o Options) (*Service, error) {
	if len(o.Pepper) < 32 {
		return nil, errors.New("assessment: the pepper needs at least 32 bytes")
	}
	derive := func(label string) []byte {
		m := hmac.New(sha256.New, o.Pepper)
		m.Write([]byte(label))
		return m.Sum(nil)
	}
	s := &Service{
		db: o.DB, blobs: o.Blobs, api: o.API, log: o.Log, texts: o.Texts, roster: o.Roster, clock: o.Now,
		tokenKey: derive("preau/sitting/token/v1"), seedKey: derive("preau/sitting/seed/v1"), fileKey: derive("preau/sitting/file/v1"),
	}
	s.saves = httpx.NewLimiter(burstSaves, everySave, 400_000, o.Now)
	s.lane = newLane(o.DB)
	s.turnstile, s.kept = o.Turnstile, o.Kept
	s.cleaning = make(chan struct{}, 1)
	s.packages.open = map[string]*loading{}
	s.shown.of = map[viewKey]*stageView{}
	for i := range s.live.shards {
		s.live.shards[i].open = map[string]*live{}
	}
	return s, nil
}

func (s *Service) now() int64 { return s.clock().UnixMilli() }

// seedOf is the seed of a seat in a campaign: the same in all its sequences.
func (s *Service) seedOf(campaign, seat string) uint64 {
	m := hmac.New(sha256.New, s.seedKey)
	m.Write([]byte(campaign + "\x00" + seat))
	return binary.BigEndian.Uint64(m.Sum(nil))
}

func staffID(ctx context.Context) string {
	if p := identity.From(ctx); p.Staff != nil {
		return p.Staff.ID
	}
	return ""
}

func (s *Service) audit(ctx context.Context, tx store.Queryer, school, act, kind, subject string, detail map[string]string) error {
	return store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: "staff", ActorID: staffID(ctx), Act: act, SubjectKind: kind, SubjectID: subject, Detail: detail})
}

// loading is a package being read, or read.
type loading struct {
	once sync.Once
	pkg  *opened
	err  error
	used int64 // UTC ms, under packages.mu
}

func noCampaign() *fault.Error { return fault.New(fault.NotFound, "assessment.no_campaign") }
func noPackage() *fault.Error  { return fault.New(fault.NotFound, "assessment.no_package") }
