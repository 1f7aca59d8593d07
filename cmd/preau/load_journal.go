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

type loadJournal struct {
	Folder        string        `name:"folder" default:"." help:"Where fresh data are made and removed again; on the disk that is to be measured."`
	Articles      int           `name:"articles" default:"10000" help:"Pieces of the journal."`
	Contributions int           `name:"contributions" default:"100000" help:"Contributions to them."`
	Rate          int           `name:"rate" default:"500" help:"Requests a second."`
	Length        time.Duration `name:"length" default:"20s" help:"How long each kind of page is measured."`
	Connections   int           `name:"connections" default:"64" help:"Connections that readers share."`
	Publish       time.Duration `name:"publish" default:"1s" help:"Time between two publications; none when 0."`
	Database      string        `name:"database" help:"An empty PostgreSQL database, in place of SQLite."`
}

// Run fills a journal, and measures its pages.
func (l *loadJournal) Run() error {
	if l.Articles < 10 || l.Articles > 1_000_000 || l.Contributions < 0 || l.Contributions > 100*l.Articles || l.Rate < 1 || l.Rate > 100_000 || l.Length < time.Second || l.Length > time.Hour || l.Connections < 1 || l.Connections > 10_000 || l.Publish < 0 || l.Publish > 0 && l.Publish < 100*time.Millisecond {
		return errors.New("articles from 10 to 1000000, contributions to 100 for each, rate from 1 to 100000, length from 1 s to 1 h, connections from 1 to 10000, publish 0 or from 100 ms")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	return l.measure(ctx, binary, os.Stdout)
}

func (l *loadJournal) measure(ctx context.Context, binary string, out io.Writer) error {
	folder, err := os.MkdirTemp(l.Folder, "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	data := filepath.Join(folder, "data")
	in := loadSittings{Database: l.Database}
	shape := load.ReadingShape{Rate: l.Rate, Length: l.Length, Connections: l.Connections, Publish: l.Publish}
	fmt.Fprintf(out, "machine: %s\n", load.Machine())
	began := time.Now()
	var press load.Press
	err = in.inHouse(ctx, data, func(h *app.House) (err error) {
		press, err = load.MakePress(ctx, h.Identity, h.Roster, h.Journal, l.Articles, l.Contributions, shape.Publications(), func(done, of int) {
			if done%1000 == 0 {
				fmt.Fprintf(os.Stderr, "%d of %d pieces\n", done, of)
			}
		})
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d pieces and %d contributions made in %.0f s\n\n", l.Articles, l.Contributions, time.Since(began).Seconds())
	server, err := load.ServeOn(ctx, binary, data, l.Database, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d requests a second for %s each, from the moment at which each was due; no page is kept between two (figure: p95 50 ms at most)\n", l.Rate, l.Length)
	readings, err := press.Read(ctx, server, shape)
	for _, r := range readings {
		r.Print(out, shape)
	}
	return errors.Join(err, server.Stop())
}
