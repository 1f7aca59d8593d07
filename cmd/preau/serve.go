package main

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"syscall"

	"preau/internal/app"
	"preau/web"
)

type serveCommand struct{ settings }

// Run serves until it is told to stop.
func (s *serveCommand) Run() error {
	return s.serve(func(ctx context.Context, h *app.House) error {
		link, needed, err := h.Identity.SetupLink(ctx)
		if err != nil || !needed {
			return err
		}
		fmt.Printf("\n  %s\n\n      %s\n\n", h.Catalogue.T(language(), "cli.serve_setup", nil), link)
		return nil
	})
}

// serve opens the house, lets welcome prepare it and speak to the operator, and
// answers until a signal.
func (s *settings) serve(welcome func(context.Context, *app.House) error) error {
	cfg, log, err := s.load()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dist, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return err
	}
	house, err := app.Open(ctx, app.Options{Config: cfg, Log: log, Version: version, Dist: dist})
	if err != nil {
		return err
	}
	defer house.Close()
	listeners, err := house.Listeners()
	if err != nil {
		return err
	}
	background, end := context.WithCancel(context.Background())
	worked := make(chan struct{})
	go func() { house.Work(background); close(worked) }()
	var welcomed error
	err = app.Serve(ctx, listeners, cfg.StopGrace, log, func(at []net.Addr) {
		log.Info("serving", "version", version, "origin", cfg.Origin, "addresses", at, "database", house.DB.Dialect())
		if welcomed = welcome(ctx, house); welcomed != nil {
			stop()
		}
	})
	end()
	<-worked
	log.Info("stopped")
	if welcomed != nil {
		return welcomed
	}
	return err
}
