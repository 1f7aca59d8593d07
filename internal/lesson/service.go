package lesson

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/media"
	"preau/internal/roster"
	"preau/internal/store"
)

// Options of New. All are required but Media.
type Options struct {
	DB        *store.DB
	API       *httpx.API
	Log       *slog.Logger
	Catalogue *i18n.Catalogue
	Identity  *identity.Service
	Roster    *roster.Service
	Now       func() time.Time
	// Pepper is the installation's secret, kept outside the database: guests'
	// links derive from it, so that staff can be shown a link of which only the
	// hash is stored.
	Pepper []byte
	// Origin is where browsers reach the installation, with no final slash.
	Origin string
	// Media carries voices and pictures; nil for none.
	Media media.Engine
}

// Service is the domain. Its methods are safe for concurrent use.
type Service struct {
	db       *store.DB
	api      *httpx.API
	log      *slog.Logger
	texts    *i18n.Catalogue
	ids      *identity.Service
	roster   *roster.Service
	clock    func() time.Time
	linkKey  []byte
	origin   string
	origins  []string // whose pages may open a connection
	media    media.Engine
	commands *httpx.Limiter // by person of a lesson, as the next two
	messages *httpx.Limiter
	gestures *httpx.Limiter
	knocks   *httpx.Limiter // by lesson, and by lesson and network

	mu      sync.Mutex     // guards all below
	sockets map[string]int // open ones, by person of a lesson
	hubs    map[string]*hub
	making  map[string]chan struct{} // lessons whose hub is being made
	checks  map[string]int64         // rooms where a connection is tried, until when, UTC ms
	closed  bool
}

// New makes the service. Run does its background work.
func New(o Options) (*Service, error) {
	if len(o.Pepper) < 32 {
		return nil, errors.New("lesson: the pepper needs at least 32 bytes")
	}
	m := hmac.New(sha256.New, o.Pepper)
	m.Write([]byte("preau/lesson/guests/v1"))
	host, err := hostOf(o.Origin)
	if err != nil {
		return nil, err
	}
	return &Service{
		db: o.DB, api: o.API, log: o.Log, texts: o.Catalogue, ids: o.Identity, roster: o.Roster, clock: o.Now, linkKey: m.Sum(nil), origin: o.Origin, origins: []string{host},
		media: o.Media, hubs: map[string]*hub{}, making: map[string]chan struct{}{}, checks: map[string]int64{},
		commands: httpx.NewLimiter(burstCommands, everyCommand, 50_000, o.Now), messages: httpx.NewLimiter(burstMessages, everyMessage, 50_000, o.Now),
		gestures: httpx.NewLimiter(burstGestures, everyGesture, 50_000, o.Now), knocks: httpx.NewLimiter(burstKnocks, everyKnock, 10_000, o.Now), sockets: map[string]int{},
	}, nil
}

func (s *Service) now() int64 { return s.clock().UnixMilli() }

// guestSecret is what stands after # in a guests' link.
func (s *Service) guestSecret(lesson string, version int) string {
	m := hmac.New(sha256.New, s.linkKey)
	m.Write(encode([]any{lesson, version}))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// hub gives the hub of an open lesson, made from its log when it is not in
// memory. One caller makes it; the others wait.
func (s *Service) hub(ctx context.Context, row lessonRow) (*hub, error) {
	for {
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			return nil, fault.New(fault.Unavailable, "lesson.restarting").After(2 * time.Second)
		}
		if h := s.hubs[row.ID]; h != nil {
			s.mu.Unlock()
			return h, nil
		}
		wait := s.making[row.ID]
		if wait == nil {
			made := make(chan struct{})
			s.making[row.ID] = made
			s.mu.Unlock()
			return s.makeHub(ctx, row, made)
		}
		s.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *Service) makeHub(ctx context.Context, row lessonRow, made chan struct{}) (*hub, error) {
	h, err := s.load(ctx, row)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.making, row.ID)
	close(made)
	if isLost(err) {
		return nil, fault.New(fault.Conflict, "lesson.not_open")
	}
	if err != nil {
		return nil, err
	}
	if s.closed {
		return nil, fault.New(fault.Unavailable, "lesson.restarting").After(2 * time.Second)
	}
	s.hubs[row.ID] = h
	if h.stage != nil {
		go h.stage.run()
	}
	go h.run()
	return h, nil
}

// forget is told by a hub that ends.
func (s *Service) forget(h *hub) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hubs[h.lesson.ID] == h {
		delete(s.hubs, h.lesson.ID)
	}
}

// in runs f in the goroutine of an open lesson and waits for it.
func (s *Service) in(ctx context.Context, row lessonRow, f func(h *hub)) error {
	for {
		h, err := s.hub(ctx, row)
		if err != nil {
			return err
		}
		if err := h.ask(ctx, func() { f(h) }); !isLost(err) {
			return err
		}
		<-h.gone // it ended meanwhile; another is made if the lesson is still open
	}
}

// durably runs f in the goroutine of an open lesson, and waits until what it
// made happen is on disk.
func (s *Service) durably(ctx context.Context, row lessonRow, f func(h *hub) error) error {
	var refused error
	done := make(chan struct{})
	var owner *hub
	err := s.in(ctx, row, func(h *hub) {
		owner = h
		if refused = f(h); refused != nil {
			close(done)
			return
		}
		h.batch.parcels = append(h.batch.parcels, parcel{after: func() { close(done) }})
	})
	if err != nil {
		return err
	}
	select {
	case <-done:
		return refused
	case <-owner.gone:
		select {
		case <-done:
			return refused
		default:
			return fault.New(fault.Unavailable, "lesson.restarting").After(2 * time.Second)
		}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends every open lesson's goroutine, once what is on its way is on
// disk. The lessons stay open and go on with the next start.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	var all []*hub
	for _, h := range s.hubs {
		all = append(all, h)
	}
	s.mu.Unlock()
	var wg sync.WaitGroup
	for _, h := range all {
		wg.Go(h.end)
	}
	wg.Wait()
}

// problem words a refusal for a frame.
func (s *Service) problem(locale i18n.Locale, err error) map[string]any {
	f := fault.Of(err)
	if f == nil {
		s.log.Error("internal error", "error", err)
		f = fault.New(fault.Unavailable, "lesson.internal")
	}
	out := map[string]any{"kind": string(f.Kind), "key": f.Key, "detail": s.texts.T(locale, f.Key, f.Args)}
	if f.Field != "" {
		out["field"] = f.Field
	}
	if f.RetryAfter > 0 {
		out["retryAfter"] = math.Ceil(f.RetryAfter.Seconds()*10) / 10
	}
	return out
}
