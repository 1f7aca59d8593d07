package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"preau/internal/app"
	"preau/internal/load"
)

type loadStorm struct {
	Folder      string        `name:"folder" default:"." help:"Where fresh data are made and removed again; on the disk that is to be measured."`
	Starts      int           `name:"starts" default:"50000" help:"Pupils who begin."`
	Running     int           `name:"running" default:"100000" help:"Sittings that run meanwhile."`
	Over        time.Duration `name:"over" default:"60s" help:"How long the storm lasts."`
	Class       time.Duration `name:"class" default:"10s" help:"In how long the pupils of a class begin."`
	Every       time.Duration `name:"every" default:"30s" help:"How often a running sitting saves."`
	Connections int           `name:"connections" default:"1024" help:"Connections that the starts share."`
	Kills       int           `name:"kills" default:"3" help:"How many times the server is killed in a storm, after the measure."`
	Database    string        `name:"database" help:"An empty PostgreSQL database, in place of SQLite."`
}

// Run makes a town, lets its classes begin at once while others answer, then
// does it again with the server killed at random moments, and looks whether all
// that was acknowledged is there, once.
func (l *loadStorm) Run() error {
	if l.Starts < 1 || l.Starts > 200_000 || l.Running < 0 || l.Running > 500_000 || l.Connections < 1 || l.Connections > 10_000 || l.Kills < 0 || l.Kills > 100 {
		return errors.New("starts from 1 to 200000, running from 0 to 500000, connections from 1 to 10000, kills from 0 to 100")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	return l.measure(ctx, binary, os.Stdout)
}

func (l *loadStorm) measure(ctx context.Context, binary string, out io.Writer) error {
	folder, err := os.MkdirTemp(l.Folder, "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	data := filepath.Join(folder, "data")
	in := loadSittings{Database: l.Database}
	fmt.Fprintf(out, "machine: %s\n", load.Machine())
	began := time.Now()
	// Those who begin while the server is killed are others than those of the measure.
	killed := l.Starts / 10
	if l.Kills == 0 {
		killed = 0
	}
	var town load.Town
	err = in.inHouse(ctx, data, func(h *app.House) (err error) {
		town, err = load.MakeTown(ctx, h.Identity, h.Roster, h.Assess, l.Running, l.Starts+killed, func(done, of int) {
			if done*10/of != (done-990)*10/of {
				fmt.Fprintf(os.Stderr, "%d of %d pupils\n", done, of)
			}
		})
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d sittings begun, %d pupils ready, in %.0f s\n\n", l.Running, l.Starts+killed, time.Since(began).Seconds())
	start := func() (*load.Process, error) { return load.ServeOn(ctx, binary, data, l.Database, os.Stderr) }
	weather := load.Weather{Over: l.Over, Class: l.Class, Every: l.Every, Connections: l.Connections}
	running := load.NewPupils(town.Running)
	later := town.Split(killed)
	server, err := start()
	if err != nil {
		return err
	}
	warm := time.Now()
	if err := running.Warm(ctx, server, 64); err != nil {
		return errors.Join(err, server.Stop())
	}
	fmt.Fprintf(out, "each of them known to the server: it read %d sittings and took a save of each in %.0f s\n", l.Running, time.Since(warm).Seconds())
	storm, err := town.Blow(ctx, server, running, weather)
	if err = errors.Join(err, server.Stop()); err != nil {
		return err
	}
	storm.Print(out, weather, l.Running)
	begun, err := later.StormKilled(ctx, start, running, load.Weather{Over: 3 * time.Second, Class: time.Second, Every: l.Every, Connections: l.Connections}, l.Kills, 3*time.Second)
	if err != nil {
		return err
	}
	return in.inHouse(ctx, data, func(h *app.House) error {
		ids, err := load.SittingIDs(town.Running)
		if err != nil {
			return err
		}
		acknowledged, lost, foreign, err := running.Verify(ctx, h.DB, ids)
		if err != nil {
			return err
		}
		there, twice, err := load.Begun(ctx, h.DB)
		if err != nil {
			return err
		}
		missing := max(0, l.Running+storm.Started+begun-there)
		fmt.Fprintf(out, "\nthe server killed %d times in a storm: of %d answers acknowledged, %d lost; %d twice or sent by nobody\n", l.Kills, acknowledged, lost, foreign)
		fmt.Fprintf(out, "of %d starts acknowledged, %d lost; %d sittings twice\n", storm.Started+begun, missing, twice)
		if lost > 0 || foreign > 0 || missing > 0 || twice > 0 {
			return errors.New("something acknowledged is lost or doubled")
		}
		return nil
	})
}
