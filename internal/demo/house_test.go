package demo_test

import (
	"log/slog"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"

	"preau/internal/app"
	"preau/internal/config"
	"preau/internal/demo"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// house is a whole server with the demonstration school.
type house struct {
	t      *testing.T
	house  *app.House
	server *httptest.Server
	school demo.School
}

func newHouse(t *testing.T) *house {
	t.Helper()
	o := storetest.Options(t, store.SQLite)
	cfg, err := config.Load(config.Input{Flags: map[string]string{"data-dir": o.DataDir, "media-udp-port": "0", "media-tcp-port": "0"}})
	if err != nil {
		t.Fatal(err)
	}
	dist := fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>x</title><script nonce=\"__NONCE__\"></script>")}}
	h := &house{t: t}
	if h.house, err = app.Open(t.Context(), app.Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Version: "test", Dist: dist}); err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(h.house.Handler())
	t.Cleanup(func() {
		h.server.Close()
		if err := h.house.Close(); err != nil {
			t.Error(err)
		}
	})
	if h.school, err = demo.Make(t.Context(), h.house.Identity, h.house.Roster, time.Now()); err != nil {
		t.Fatal(err)
	}
	return h
}
