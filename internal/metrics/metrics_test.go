package metrics

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/store"
)

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func wants(t *testing.T, body string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(body, line) {
			t.Errorf("no %q", line)
		}
	}
}

func TestRequestsAreLabelledByPatternOnly(t *testing.T) {
	m := New("1.2", Sources{}, slog.New(slog.DiscardHandler))
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	api := httpx.New(httpx.Options{Version: "1.2", Log: slog.New(slog.DiscardHandler), Catalogue: catalogue, Observe: m.Observe})
	api.Mux.HandleFunc("GET /schools/{school}", func(w http.ResponseWriter, r *http.Request) {
		httpx.Matched(r.Context(), "/schools/{school}")
	})
	for _, target := range []string{"/schools/0192-planted", "/planted/nowhere", "/api/v1/planted?x=planted"} {
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("User-Agent", "planted")
		api.Handler().ServeHTTP(httptest.NewRecorder(), r)
	}
	api.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PLANTED", "/schools/x", nil))
	body := scrape(t, m)
	wants(t, body, `preau_http_request_duration_seconds_count{method="GET",route="/schools/{school}",status="200"} 1`,
		`method="GET",route="none",status="404"`, `method="other"`, `preau_build_info{version="1.2"} 1`, "go_goroutines")
	if strings.Contains(strings.ToLower(body), "planted") {
		t.Error("something of the request is in the metrics")
	}
}

// A lesson's connection lasts an hour; only its refusal is a time to answer.
func TestWebSocketsAreNotTimed(t *testing.T) {
	m := New("1", Sources{}, slog.New(slog.DiscardHandler))
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	api := httpx.New(httpx.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Catalogue: catalogue, Observe: m.Observe})
	ended := make(chan struct{})
	api.Mux.HandleFunc("GET /live", func(w http.ResponseWriter, r *http.Request) {
		httpx.Matched(r.Context(), "/live")
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return // it has answered
		}
		c.Read(r.Context())
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.Handler().ServeHTTP(w, r)
		ended <- struct{}{}
	}))
	defer server.Close()
	c, _, err := websocket.Dial(t.Context(), server.URL+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	c.CloseNow()
	<-ended
	if body := scrape(t, m); strings.Contains(body, `route="/live"`) {
		t.Error("the length of a WebSocket was counted as the time of an answer")
	}
	go http.Get(server.URL + "/live")
	<-ended
	wants(t, scrape(t, m), `preau_http_request_duration_seconds_count{method="GET",route="/live",status="426"} 1`)
}

func TestSourcesAndTheirFailures(t *testing.T) {
	var log bytes.Buffer
	when := time.UnixMilli(1_790_000_000_500)
	m := New("1", Sources{
		Queue: func() (int, int) { return 3, 4096 },
		Jobs: func(context.Context) (store.JobCounts, error) {
			return store.JobCounts{Due: 1, Running: 2, Later: 3, Dead: 4}, nil
		},
		Sessions:   func(context.Context) (int64, int64, error) { return 0, 0, errors.New("database closed") },
		LastBackup: func(context.Context) (time.Time, bool, error) { return when, true, nil },
		Expiry:     func() (time.Time, bool) { return when, true },
	}, slog.New(slog.NewTextHandler(&log, nil)))
	body := scrape(t, m)
	wants(t, body, "preau_writer_queued 3", "preau_writer_room 4096", `preau_jobs{state="due"} 1`, `preau_jobs{state="running"} 2`, `preau_jobs{state="later"} 3`, `preau_jobs{state="dead"} 4`,
		"preau_backup_last_timestamp_seconds 1.7900000005e+09", "preau_certificate_expiry_timestamp_seconds 1.7900000005e+09",
		`preau_source_failed{source="sessions"} 1`, `preau_source_failed{source="jobs"} 0`)
	if strings.Contains(body, "preau_sessions{") {
		t.Error("a failed source gave figures")
	}
	if !strings.Contains(log.String(), "database closed") {
		t.Error("the failure is not logged")
	}
	if none := scrape(t, New("1", Sources{LastBackup: func(context.Context) (time.Time, bool, error) { return time.Time{}, false, nil }}, slog.New(slog.DiscardHandler))); !strings.Contains(none, "preau_backup_last_timestamp_seconds 0\n") {
		t.Error("an alert on the age of the last backup would not be raised before the first")
	}
}

func TestNothingElseOnTheListener(t *testing.T) {
	m := New("1", Sources{}, slog.New(slog.DiscardHandler))
	for _, target := range []string{"/", "/debug/pprof/", "/healthz"} {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		if w.Code != 404 {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
}

func TestStoreIsASource(t *testing.T) {
	now := time.Now()
	db, err := store.Open(t.Context(), store.Options{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Tx(t.Context(), func(tx store.Queryer) error {
		for _, at := range []time.Time{now.Add(-time.Minute), now.Add(-time.Second), now.Add(time.Hour)} {
			if err := store.Enqueue(t.Context(), tx, store.Job{Kind: "test.kind", RunAt: at.UnixMilli()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	m := New("1", Sources{Queue: db.Waiting, Jobs: func(ctx context.Context) (store.JobCounts, error) {
		return store.CountJobs(ctx, db.Reader(), now.UnixMilli())
	}}, slog.New(slog.DiscardHandler))
	wants(t, scrape(t, m), `preau_jobs{state="due"} 2`, `preau_jobs{state="later"} 1`, `preau_jobs{state="dead"} 0`, "preau_writer_queued 0")
}
