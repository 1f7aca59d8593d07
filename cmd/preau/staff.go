package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"preau/internal/config"
	"preau/internal/egress"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/store"
)

type staffCommand struct {
	config.Flags
	ConfigFile string    `name:"config" placeholder:"FILE" help:"Settings file."`
	List       staffList `cmd:"" help:"List accounts."`
	Link       staffLink `cmd:"" help:"Print a link that signs that person in once, within a day: for who has lost every other way in."`
}

type staffList struct{}

type staffLink struct {
	Email string `arg:"" help:"The account's e-mail address."`
}

// Run lists every account.
func (staffList) Run(c *staffCommand, texts *i18n.Catalogue) error {
	return c.with(func(ctx context.Context, ids *identity.Service) error {
		w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		for after := ""; ; {
			page, err := ids.ListStaff(ctx, after, 200)
			if err != nil {
				return err
			}
			for _, m := range page {
				state := texts.T(language(), "cli.staff_open", nil)
				if m.DisabledAt != 0 {
					state = texts.T(language(), "cli.staff_closed", map[string]any{"date": time.UnixMilli(m.DisabledAt).Format(time.DateOnly)})
				}
				fmt.Fprintf(w, "%s\t%s\t%s\n", m.Email, m.Name, state)
				after = m.ID
			}
			if len(page) < 200 {
				return w.Flush()
			}
		}
	})
}

// Run prints the link.
func (l staffLink) Run(c *staffCommand) error {
	return c.with(func(ctx context.Context, ids *identity.Service) error {
		person, err := ids.FindStaffByEmail(ctx, l.Email)
		if err != nil {
			return err
		}
		link, err := ids.SignInLink(ctx, person.ID)
		if err != nil {
			return err
		}
		fmt.Println(link)
		return nil
	})
}

// with works on the database beside a running server.
func (c *staffCommand) with(act func(context.Context, *identity.Service) error) error {
	s := settings{Flags: c.Flags, ConfigFile: c.ConfigFile}
	cfg, log, err := s.load()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
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
	defer db.Close()
	ids, err := identity.New(identity.Options{DB: db, Log: log, Catalogue: catalogue, Origin: cfg.Origin})
	if err != nil {
		return err
	}
	return act(ctx, ids)
}
