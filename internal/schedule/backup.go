package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"preau/internal/backup"
	"preau/internal/config"
	"preau/internal/store"
)

// BackupJob is the kind of job of the daily backup.
const BackupJob = "backup.daily"

// Backup is the daily backup: an archive in the folder of the settings, then
// the older ones removed. It is never done without a recipient; doctor says so.
func Backup(cfg *config.Config, db *store.DB, blobs store.Blobs, o func() (backup.Options, error), log *slog.Logger) Daily {
	at := cfg.BackupAt
	if len(cfg.BackupRecipients) == 0 {
		at = ""
	}
	return Daily{DB: db, Kind: BackupJob, At: at, Zone: cfg.Location(), Do: func(ctx context.Context) error {
		options, err := o()
		if err != nil {
			return err
		}
		_, err = BackUp(ctx, cfg, db, blobs, options, log)
		return err
	}}
}

// BackUp makes one archive now, in the folder of the settings, and removes
// those past backup-keep. It gives the archive's path.
func BackUp(ctx context.Context, cfg *config.Config, db *store.DB, blobs store.Blobs, o backup.Options, log *slog.Logger) (string, error) {
	recipients, err := cfg.Recipients()
	if err != nil {
		return "", err
	}
	if len(recipients) == 0 {
		return "", errors.New("backup-recipients is empty: without a key to encrypt to, no backup is made")
	}
	start := time.Now()
	path, report, err := backup.Create(ctx, db, blobs, cfg.BackupDir, recipients, o)
	if err != nil {
		return "", err
	}
	log.Info("backup made", "path", path, "rows", report.Rows(), "took", time.Since(start).Round(time.Millisecond))
	if len(report.Missing) > 0 {
		log.Warn("files missing from the backup, gone or damaged on disk", "count", len(report.Missing), "ids", report.Missing[:min(len(report.Missing), 20)])
	}
	removed, err := backup.Prune(cfg.BackupDir, backup.Keep{Count: cfg.BackupKeep}, time.UnixMilli(db.Now()))
	if err != nil {
		return path, fmt.Errorf("the backup is made, but older ones could not be removed: %w", err)
	}
	if len(removed) > 0 {
		log.Info("old backups removed", "count", len(removed))
	}
	return path, nil
}

// LastBackup is when the newest archive of the folder was begun; ok is false
// when there is none.
func LastBackup(cfg *config.Config) (at time.Time, ok bool, err error) {
	list, err := backup.List(cfg.BackupDir)
	if err != nil || len(list) == 0 {
		return time.Time{}, false, err
	}
	return list[0].At, true, nil
}
