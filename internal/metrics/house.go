package metrics

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// house asks the sources at each scrape.
type house struct {
	sources Sources
	log     *slog.Logger

	queued, room, jobs, sessions, backup, expiry, failed *prometheus.Desc
}

func newHouse(s Sources, log *slog.Logger) *house {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("preau_"+name, help, labels, nil)
	}
	return &house{sources: s, log: log,
		queued:   desc("writer_queued", "Writes waiting for the group commit."),
		room:     desc("writer_room", "Writes that the queue of the group commit holds."),
		jobs:     desc("jobs", "Background jobs not done, by where they stand.", "state"),
		sessions: desc("sessions", "Open sessions.", "of"),
		backup:   desc("backup_last_timestamp_seconds", "When the last good backup ended; 0 before the first."),
		expiry:   desc("certificate_expiry_timestamp_seconds", "When the certificate in service ends."),
		failed:   desc("source_failed", "1 when a source could not be read at this scrape.", "source"),
	}
}

// Describe lists what Collect may give.
func (h *house) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{h.queued, h.room, h.jobs, h.sessions, h.backup, h.expiry, h.failed} {
		ch <- d
	}
}

// Collect asks every source. One that fails leaves its figures out and says so,
// so that a stale number never passes for a good one.
func (h *house) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeLimit)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	result := func(source string, err error) bool {
		if err != nil {
			h.log.Warn("metrics source failed", "source", source, "error", err)
			gauge(h.failed, 1, source)
			return false
		}
		gauge(h.failed, 0, source)
		return true
	}
	if f := h.sources.Queue; f != nil {
		queued, room := f()
		gauge(h.queued, float64(queued))
		gauge(h.room, float64(room))
	}
	if f := h.sources.Jobs; f != nil {
		if c, err := f(ctx); result("jobs", err) {
			gauge(h.jobs, float64(c.Due), "due")
			gauge(h.jobs, float64(c.Running), "running")
			gauge(h.jobs, float64(c.Later), "later")
			gauge(h.jobs, float64(c.Dead), "dead")
		}
	}
	if f := h.sources.Sessions; f != nil {
		if staff, seats, err := f(ctx); result("sessions", err) {
			gauge(h.sessions, float64(staff), "staff")
			gauge(h.sessions, float64(seats), "seats")
		}
	}
	if f := h.sources.LastBackup; f != nil {
		at, ok, err := f(ctx)
		// 0 before the first, so that an alert on its age is raised too.
		if result("backup", err) && ok {
			gauge(h.backup, seconds(at))
		} else if err == nil {
			gauge(h.backup, 0)
		}
	}
	if f := h.sources.Expiry; f != nil {
		if at, ok := f(); ok {
			gauge(h.expiry, seconds(at))
		}
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
