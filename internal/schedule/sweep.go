package schedule

import (
	"context"
	"log/slog"
	"time"

	"preau/internal/store"
)

// SweepJob is the kind of job of the daily sweep of files.
const SweepJob = "files.sweep"

// sweepAfter is how long a content without description is left alone: far
// longer than any upload lasts.
const sweepAfter = 24 * time.Hour

// Sweep removes each day the contents that a crash left without description.
func Sweep(db *store.DB, files *store.Folder, zone *time.Location, log *slog.Logger) Daily {
	return Daily{DB: db, Kind: SweepJob, At: "04:20", Zone: zone, Do: func(ctx context.Context) error {
		removed, err := files.Sweep(ctx, sweepAfter)
		if removed > 0 {
			log.Info("files without description removed", "count", removed)
		}
		return err
	}}
}
