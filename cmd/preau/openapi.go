package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"testing/fstest"

	"preau/internal/app"
	"preau/internal/config"
)

type openapiCommand struct{}

// Run prints the OpenAPI document of the routes as they are, from which the
// client's types are generated.
func (openapiCommand) Run() error {
	dir, err := os.MkdirTemp("", "preau-openapi-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg, err := config.Load(config.Input{Flags: map[string]string{"data-dir": dir}})
	if err != nil {
		return err
	}
	house, err := app.Open(context.Background(), app.Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Version: "1", Dist: fstest.MapFS{}})
	if err != nil {
		return err
	}
	defer house.Close()
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(house.API.Huma.OpenAPI())
}
