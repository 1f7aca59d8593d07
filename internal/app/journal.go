package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"preau/internal/config"
	"preau/internal/egress"
	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/journal"
	"preau/internal/roster"
	"preau/internal/store"
	"preau/web"
)

// WithJournal works on the journals beside a running server, without answering
// requests.
func WithJournal(ctx context.Context, cfg *config.Config, version string, log *slog.Logger, work func(*journal.Service) error) (err error) {
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	out, err := egress.New(cfg.Outgoing(), log)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{DSN: cfg.Database.Reveal(), DataDir: cfg.DataDir, Mode: store.Beside, Log: log, Dial: out.DialContext})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	files, err := store.NewFolder(db, filepath.Join(cfg.DataDir, filesFolder))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	secret, err := pepper(cfg.DataDir)
	if err != nil {
		return err
	}
	api := httpx.New(httpx.Options{Version: version, Log: log, Catalogue: catalogue, Secure: cfg.Secure()})
	ids, err := identity.New(identity.Options{DB: db, API: api, Log: log, Catalogue: catalogue, Origin: cfg.Origin})
	if err != nil {
		return err
	}
	nobody := func(context.Context, string) ([]roster.Person, error) { return nil, nil }
	seats, err := roster.New(roster.Options{DB: db, API: api, Log: log, Now: time.Now, Pepper: secret, StaffIn: nobody, Turnstile: httpx.NewTurnstile(1, time.Second, time.Now)})
	if err != nil {
		return err
	}
	dist, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return err
	}
	service, err := journal.New(journal.Options{
		DB: db, Blobs: files, API: api, Log: log, Texts: catalogue, Identity: ids, Roster: seats, Now: time.Now, Pepper: secret, Origin: cfg.Origin, Tokens: web.Tokens, Dist: dist, AddressDays: cfg.JournalAddressDays,
	})
	if err != nil {
		return err
	}
	return work(service)
}
