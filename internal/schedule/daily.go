package schedule

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"preau/internal/store"
)

// Daily is one kind of daily work.
type Daily struct {
	DB   *store.DB
	Kind string         // of its jobs
	At   string         // HH:MM; "" for never
	Zone *time.Location // of At
	Do   func(ctx context.Context) error
}

// payload says for which setting a job was queued, so that one left from
// another setting does nothing.
type payload struct {
	At   string `json:"at"`
	Zone string `json:"zone"`
}

// Start queues the coming day's work, unless it is queued already. Call it at
// each start of the server.
func (d Daily) Start(ctx context.Context) error {
	if d.At == "" {
		return nil
	}
	return d.queue(ctx, time.UnixMilli(d.DB.Now()))
}

// Jobs is what the runner gets.
func (d Daily) Jobs() map[string]store.JobFunc {
	return map[string]store.JobFunc{d.Kind: d.job}
}

func (d Daily) job(ctx context.Context, job store.Job) error {
	var p payload
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return store.Permanent(fmt.Errorf("schedule: %s: %w", d.Kind, err))
	}
	if d.At == "" || p != (payload{d.At, d.Zone.String()}) {
		return nil // the setting has changed since: Start has queued its own
	}
	// The next day first: a failure of today's work does not end the series.
	if err := d.queue(ctx, time.UnixMilli(max(job.RunAt, d.DB.Now()))); err != nil {
		return err
	}
	return d.Do(ctx)
}

func (d Daily) queue(ctx context.Context, after time.Time) error {
	at, err := Next(after, d.At, d.Zone)
	if err != nil {
		return err
	}
	content, err := json.Marshal(payload{d.At, d.Zone.String()})
	if err != nil {
		return err
	}
	// The id is the day's, so that a day is never queued twice.
	id := d.Kind + ":" + at.Format(time.DateOnly) + ":" + d.At + ":" + d.Zone.String()
	err = d.DB.Tx(ctx, func(tx store.Queryer) error {
		return store.Enqueue(ctx, tx, store.Job{ID: id, Kind: d.Kind, Payload: content, RunAt: at.UnixMilli()})
	})
	if store.IsUnique(err) {
		return nil
	}
	return err
}

// Next is the first time after a moment that the zone's clock shows HH:MM. On
// the day when clocks skip that time it is an hour beside it, and on the day
// when they show it twice it is one of the two: always once a day.
func Next(after time.Time, clock string, zone *time.Location) (time.Time, error) {
	hm, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("schedule: %q is not a time of day", clock)
	}
	y, m, d := after.In(zone).Date()
	at := time.Date(y, m, d, hm.Hour(), hm.Minute(), 0, 0, zone)
	if !at.After(after) {
		at = time.Date(y, m, d+1, hm.Hour(), hm.Minute(), 0, 0, zone)
	}
	return at, nil
}
