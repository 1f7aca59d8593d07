package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"preau/internal/app"
	"preau/internal/config"
	"preau/internal/load"
	"preau/web"
)

type loadSittings struct {
	Folder      string        `name:"folder" default:"." help:"Where fresh data are made and removed again; on the disk that is to be measured."`
	Sittings    int           `name:"sittings" default:"15000" help:"Sittings that save."`
	Connections int           `name:"connections" default:"512" help:"Connections over which they do."`
	Length      time.Duration `name:"length" default:"20s" help:"How long saves are measured."`
	Kills       int           `name:"kills" default:"5" help:"How many times the server is killed while answers come, after the measure."`
	Database    string        `name:"database" help:"An empty PostgreSQL database, in place of SQLite."`
}

// Run begins every sitting, measures saves, kills the server at random moments,
// and looks whether everything acknowledged is there, once.
func (l *loadSittings) Run() error {
	if l.Sittings < 1 || l.Sittings > 200_000 || l.Connections < 1 || l.Connections > 10_000 || l.Kills < 0 || l.Kills > 100 {
		return errors.New("sittings from 1 to 200000, connections from 1 to 10000, kills from 0 to 100")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	return l.measure(ctx, binary, os.Stdout)
}

func (l *loadSittings) measure(ctx context.Context, binary string, out io.Writer) error {
	folder, err := os.MkdirTemp(l.Folder, "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	data := filepath.Join(folder, "data")
	fmt.Fprintf(out, "machine: %s\n", load.Machine())
	began := time.Now()
	var all load.Sittings
	err = l.inHouse(ctx, data, func(h *app.House) (err error) {
		all, err = load.MakeSittings(ctx, h.Identity, h.Roster, h.Assess, l.Sittings)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d sittings begun in %.0f s\n\n", l.Sittings, time.Since(began).Seconds())
	start := func() (*load.Process, error) { return load.ServeOn(ctx, binary, data, l.Database, os.Stderr) }
	pupils := load.NewPupils(all)
	server, err := start()
	if err != nil {
		return err
	}
	saves, err := pupils.Save(ctx, server, l.Connections, l.Length)
	if err = errors.Join(err, server.Stop()); err != nil {
		return err
	}
	if err := pupils.Killed(ctx, start, l.Connections, l.Kills, 3*time.Second); err != nil {
		return err
	}
	return l.inHouse(ctx, data, func(h *app.House) error {
		ids, err := load.SittingIDs(all)
		if err != nil {
			return err
		}
		acknowledged, lost, foreign, err := pupils.Verify(ctx, h.DB, ids)
		if err != nil {
			return err
		}
		raw, err := load.RawCommit(ctx, h.DB, ids, l.Connections, 5*time.Second)
		if err != nil {
			return err
		}
		saves.Print(out, l.Sittings, raw)
		fmt.Fprintf(out, "\nthe server killed %d times while answers came: of %d acknowledged, %d lost; %d twice or sent by nobody\n", l.Kills, acknowledged, lost, foreign)
		if lost > 0 || foreign > 0 {
			return errors.New("answers are lost or doubled")
		}
		return nil
	})
}

// inHouse opens the house on the data as no server runs.
func (l *loadSittings) inHouse(ctx context.Context, folder string, do func(*app.House) error) error {
	flags := map[string]string{"data-dir": folder}
	if l.Database != "" {
		flags["database"] = l.Database
	}
	cfg, err := config.Load(config.Input{Flags: flags})
	if err != nil {
		return err
	}
	dist, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return err
	}
	house, err := app.Open(ctx, app.Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Version: version, Dist: dist})
	if err != nil {
		return err
	}
	return errors.Join(do(house), house.Close())
}
