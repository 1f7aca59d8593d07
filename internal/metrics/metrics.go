package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"preau/internal/store"
)

// Sources are asked at each scrape, within its time limit. A nil one is left
// out of the answer.
type Sources struct {
	Queue      func() (queued, room int)
	Jobs       func(ctx context.Context) (store.JobCounts, error)
	Sessions   func(ctx context.Context) (staff, seats int64, err error) // open ones
	LastBackup func(ctx context.Context) (at time.Time, ok bool, err error)
	Expiry     func() (at time.Time, ok bool) // of the certificate in service
}

// scrapeLimit is how long one scrape may question the database.
const scrapeLimit = 3 * time.Second

// Metrics is the registry of one server.
type Metrics struct {
	registry *prometheus.Registry
	duration *prometheus.HistogramVec
	log      *slog.Logger
}

// New makes the registry.
func New(version string, sources Sources, log *slog.Logger) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), log: log, duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "preau_http_request_duration_seconds", Help: "Time to answer, by route pattern and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"method", "route", "status"})}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "preau_build_info", Help: "1, labelled with the version that runs."}, []string{"version"})
	build.WithLabelValues(version).Set(1)
	m.registry.MustRegister(m.duration, build, newHouse(sources, log),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe counts one answer. route is a pattern, never a path; "" when no route
// matched. It has the form of httpx.Options.Observe. A connection that became a
// WebSocket is left out: it lasts as long as a lesson, which is no time to answer.
func (m *Metrics) Observe(method, route string, status int, took time.Duration) {
	if status == http.StatusSwitchingProtocols {
		return
	}
	if route == "" {
		route = "none"
	}
	m.duration.WithLabelValues(known(method), route, strconv.Itoa(status)).Observe(took.Seconds())
}

// known keeps the label from growing with what clients invent.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// Handler answers /metrics on the listener of config.MetricsListen, and
// nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(m.log.Handler(), slog.LevelWarn), ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 2, Timeout: 2 * scrapeLimit,
	}))
	return mux
}
