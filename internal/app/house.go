package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"preau/internal/assessment"
	"preau/internal/backup"
	"preau/internal/certs"
	"preau/internal/config"
	"preau/internal/egress"
	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/journal"
	"preau/internal/lesson"
	"preau/internal/media"
	"preau/internal/metrics"
	"preau/internal/privacy"
	"preau/internal/roster"
	"preau/internal/schedule"
	"preau/internal/store"
	"preau/web"
)

// Options of Open.
type Options struct {
	Config  *config.Config
	Log     *slog.Logger
	Version string
	Dist    fs.FS // the built web client
}

// House is the whole program on one database, ready to answer.
type House struct {
	Config    *config.Config
	Log       *slog.Logger
	Catalogue *i18n.Catalogue
	DB        *store.DB
	API       *httpx.API
	Gate      *identity.Gate
	Identity  *identity.Service
	Roster    *roster.Service
	Lesson    *lesson.Service
	Assess    *assessment.Service
	Journal   *journal.Service
	Privacy   *privacy.Service
	Media     *media.LiveKit

	Metrics *metrics.Metrics

	out          *egress.Dialer
	files        *store.Folder
	version      string
	certificates *certs.Certificates // set by Listeners
}

// Open opens the store, migrating it after a backup when it is older, and
// registers every route. The caller closes the house.
func Open(ctx context.Context, o Options) (*House, error) {
	catalogue, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	out, err := egress.New(o.Config.Outgoing(), o.Log)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{
		Dial: out.DialContext,
		DSN:  o.Config.Database.Reveal(), DataDir: o.Config.DataDir, Log: o.Log, BeforeMigrate: backupBefore(o),
	})
	if err != nil {
		return nil, err
	}
	h := &House{Config: o.Config, Log: o.Log, Catalogue: catalogue, DB: db, out: out, version: o.Version}
	if err := h.furnish(o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return h, nil
}

// Pupils who come in and begin a sitting are served so many at once by core,
// most of them waiting for the disk; a line as long as this is waited in, and
// beyond it people are told their place.
const (
	beginAtOnce   = 32
	beginPatience = 1200 * time.Millisecond
)

// furnish makes the domains and registers their routes, in the order in which
// they need each other.
func (h *House) furnish(o Options) error {
	pepper, err := pepper(h.Config.DataDir)
	if err != nil {
		return err
	}
	signs, err := signingKey(h.Config.DataDir)
	if err != nil {
		return err
	}
	erasures, err := backup.OpenJournal(h.Config.BackupDir, signs)
	if err != nil {
		return err
	}
	h.Metrics = metrics.New(o.Version, h.sources(), h.Log)
	h.API = httpx.New(httpx.Options{
		Version: o.Version, Log: h.Log, Catalogue: h.Catalogue, Secure: h.Config.Secure(), TrustedProxies: h.Config.TrustProxies, Observe: h.Metrics.Observe,
	})
	h.Identity, err = identity.New(identity.Options{DB: h.DB, API: h.API, Log: h.Log, Catalogue: h.Catalogue, Origin: h.Config.Origin})
	if err != nil {
		return err
	}
	turnstile := httpx.NewTurnstile(beginAtOnce*runtime.GOMAXPROCS(0), beginPatience, time.Now)
	h.Roster, err = roster.New(roster.Options{DB: h.DB, API: h.API, Log: h.Log, Now: time.Now, Pepper: pepper, StaffIn: h.staffIn, Turnstile: turnstile})
	if err != nil {
		return err
	}
	h.Media = h.engine()
	h.Lesson, err = lesson.New(lesson.Options{
		DB: h.DB, API: h.API, Log: h.Log, Catalogue: h.Catalogue, Identity: h.Identity, Roster: h.Roster, Now: time.Now, Pepper: pepper, Origin: h.Config.Origin,
		Media: h.Media,
	})
	if err != nil {
		return err
	}
	h.files, err = store.NewFolder(h.DB, filepath.Join(h.Config.DataDir, filesFolder))
	if err != nil {
		return err
	}
	h.Assess, err = assessment.New(assessment.Options{
		DB: h.DB, Blobs: h.files, API: h.API, Log: h.Log, Texts: h.Catalogue, Roster: h.Roster, Now: time.Now, Pepper: pepper, Turnstile: turnstile,
		Kept: func(ctx context.Context, school string) (int, error) { return h.Privacy.KeptAfterCampaign(ctx, school) },
	})
	if err != nil {
		return err
	}
	h.Journal, err = journal.New(journal.Options{
		DB: h.DB, Blobs: h.files, API: h.API, Log: h.Log, Texts: h.Catalogue, Identity: h.Identity, Roster: h.Roster, Now: time.Now, Pepper: pepper, Origin: h.Config.Origin,
		Tokens: web.Tokens, Dist: o.Dist, AddressDays: h.Config.JournalAddressDays,
	})
	if err != nil {
		return err
	}
	h.Privacy = privacy.New(privacy.Options{
		DB: h.DB, Catalogue: h.Catalogue, School: h.Identity.School, Schools: h.Identity.Schools, Journal: erasures.Append, Promised: h.Assess.Promised,
	})
	h.Gate = identity.NewGate(h.API, h.Identity.StaffOf, identity.Roster{SeatOf: h.Roster.SeatOf, Locate: h.Roster.Locate}, time.Now)
	h.Identity.Routes(h.Gate)
	h.Roster.Routes(h.Gate)
	h.Lesson.Routes(h.Gate)
	h.Assess.Routes(h.Gate)
	h.Journal.Routes(h.Gate)
	h.Privacy.Routes(h.Gate)
	h.mediaRoutes()
	h.health()
	return pages(h.Gate, o.Dist)
}

// Handler answers every request.
func (h *House) Handler() http.Handler { return h.hosted(h.API.Handler()) }

// staffIn lists a school's staff as the roster knows them.
func (h *House) staffIn(ctx context.Context, school string) ([]roster.Person, error) {
	colleagues, err := h.Identity.Colleagues(ctx, school)
	people := make([]roster.Person, len(colleagues))
	for i, c := range colleagues {
		people[i] = roster.Person(c)
	}
	return people, err
}

// Work does what goes on in the background until ctx ends, then returns.
func (h *House) Work(ctx context.Context) {
	if err := h.Privacy.Schedule(ctx); err != nil {
		h.Log.Error("retention is not scheduled", "error", err)
	}
	kinds := h.Privacy.Jobs()
	maps.Copy(kinds, h.Journal.Jobs())
	for _, daily := range h.nightly() {
		if err := daily.Start(ctx); err != nil {
			h.Log.Error("a daily work is not scheduled", "kind", daily.Kind, "error", err)
		}
		maps.Copy(kinds, daily.Jobs())
	}
	var wg sync.WaitGroup
	wg.Go(func() { h.Roster.Run(ctx) })
	wg.Go(func() { h.Lesson.Run(ctx) })
	wg.Go(func() { h.Journal.Run(ctx) })
	wg.Go(func() { store.NewRunner(h.DB, kinds, h.Log).Run(ctx) })
	wg.Go(func() { h.renew(ctx) })
	wg.Go(func() { h.runMedia(ctx) })
	wg.Wait()
}

// nightly is the daily backup and the daily sweep of files.
func (h *House) nightly() []schedule.Daily {
	options := func() (backup.Options, error) { return backupOptions(h.Config, h.version) }
	return []schedule.Daily{
		schedule.Backup(h.Config, h.DB, h.files, options, h.Log),
		schedule.Sweep(h.DB, h.files, h.Config.Location(), h.Log),
	}
}

// sources are what the metrics ask.
func (h *House) sources() metrics.Sources {
	return metrics.Sources{
		Queue:  h.DB.Waiting,
		Expiry: func() (time.Time, bool) { return certs.Expiry(h.Config) },
		Jobs: func(ctx context.Context) (store.JobCounts, error) {
			return store.CountJobs(ctx, h.DB.Reader(), h.DB.Now())
		},
		LastBackup: func(context.Context) (time.Time, bool, error) { return schedule.LastBackup(h.Config) },
	}
}

// Close ends the house once Work has returned.
func (h *House) Close() error { return errors.Join(h.files.Close(), h.DB.Close()) }

func (h *House) health() {
	h.Gate.Handle("GET /healthz", identity.Same(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "alive")
	}))
	h.Gate.Handle("GET /readyz", identity.Same(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h.DB.Ping(r.Context()); err != nil {
			h.Log.Error("not ready", "error", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	}))
}
