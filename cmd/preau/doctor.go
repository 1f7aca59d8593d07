package main

import (
	"os"

	"preau/internal/doctor"
	"preau/internal/i18n"
)

type doctorCommand struct {
	settings
	JSON bool `name:"json" help:"Write the report as JSON."`
}

// Run examines the installation; the exit code is 1 when a check failed.
func (d *doctorCommand) Run() error {
	cfg, log, err := d.load()
	if err != nil {
		return err
	}
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	report, err := doctor.Run(ctx, doctor.Options{Config: cfg, Catalogue: catalogue, Locale: language(), Log: log})
	if err != nil {
		return err
	}
	if d.JSON {
		err = report.WriteJSON(os.Stdout)
	} else {
		err = report.WriteText(os.Stdout, catalogue, language())
	}
	if err != nil {
		return err
	}
	if code := report.Exit(); code != 0 {
		os.Exit(code)
	}
	return nil
}
