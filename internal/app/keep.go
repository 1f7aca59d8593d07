package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/config"
	"preau/internal/egress"
	"preau/internal/i18n"
	"preau/internal/privacy"
	"preau/internal/schedule"
	"preau/internal/store"
)

// filesFolder is where blobs stand in the data folder.
const filesFolder = "files"

// backupOptions is what goes with every archive: the pepper, so that typed
// codes still work after a restore, and the journal of erasures.
func backupOptions(cfg *config.Config, version string) (backup.Options, error) {
	secret, err := pepper(cfg.DataDir)
	if err != nil {
		return backup.Options{}, err
	}
	journal, err := backup.OpenJournal(cfg.BackupDir)
	return backup.Options{App: version, Extra: []backup.Extra{{Name: pepperFile, Content: secret}}, Journal: journal}, err
}

// BackUp makes one archive now, beside a running server, and gives its path.
func BackUp(ctx context.Context, cfg *config.Config, version string, progress backup.Progress, log *slog.Logger) (string, error) {
	out, err := egress.New(cfg.Outgoing(), log)
	if err != nil {
		return "", err
	}
	db, err := store.Open(ctx, store.Options{DSN: cfg.Database.Reveal(), DataDir: cfg.DataDir, Mode: store.ReadOnly, Log: log, Dial: out.DialContext})
	if err != nil {
		return "", err
	}
	defer db.Close()
	files, err := store.NewFolder(db, filepath.Join(cfg.DataDir, filesFolder))
	if err != nil {
		return "", err
	}
	options, err := backupOptions(cfg, version)
	if err != nil {
		return "", err
	}
	options.Progress = progress
	return schedule.BackUp(ctx, cfg, db, files, options, log)
}

// backupBefore makes an archive before an older database is migrated. Without
// a recipient there is no archive, and the upgrade is refused rather than done
// without a way back.
func backupBefore(o Options) func(context.Context, *store.DB, int64, int64) error {
	return func(ctx context.Context, db *store.DB, from, to int64) error {
		if len(o.Config.BackupRecipients) == 0 {
			return fmt.Errorf("the database must go from schema %d to %d and backup-recipients is empty, so no backup can be made first: set it (preau backup keygen), then start again", from, to)
		}
		files, err := store.NewFolder(db, filepath.Join(o.Config.DataDir, filesFolder))
		if err != nil {
			return err
		}
		options, err := backupOptions(o.Config, o.Version)
		if err != nil {
			return err
		}
		_, err = schedule.BackUp(ctx, o.Config, db, files, options, o.Log)
		return err
	}
}

// Restore puts an archive into the empty installation of cfg, of either
// dialect, and does again the erasures made since.
func Restore(ctx context.Context, cfg *config.Config, archive string, keys []age.Identity, progress backup.Progress, log *slog.Logger) (backup.Restored, error) {
	f, err := os.Open(archive)
	if err != nil {
		return backup.Restored{}, err
	}
	defer f.Close()
	catalogue, err := i18n.Load()
	if err != nil {
		return backup.Restored{}, err
	}
	journal, err := backup.OpenJournal(cfg.BackupDir)
	if err != nil {
		return backup.Restored{}, err
	}
	out, err := egress.New(cfg.Outgoing(), log)
	if err != nil {
		return backup.Restored{}, err
	}
	return backup.Restore(ctx, f, keys, backup.Target{
		Store: store.Options{DSN: cfg.Database.Reveal(), DataDir: cfg.DataDir, Log: log, Dial: out.DialContext},
		Blobs: func(db *store.DB) (store.Blobs, error) {
			return store.NewFolder(db, filepath.Join(cfg.DataDir, filesFolder))
		},
		Journal: journal,
		Erase: func(db *store.DB) (func(context.Context, store.Queryer, store.Erasure) error, error) {
			return privacy.New(privacy.Options{DB: db, Catalogue: catalogue}).Reapply, nil
		},
		Extra: func(name string, content []byte) error {
			if name != pepperFile {
				return nil
			}
			return os.WriteFile(filepath.Join(cfg.DataDir, pepperFile), content, 0o600)
		},
		Progress: progress,
	})
}

// ReadKeys reads the age identities of a file.
func ReadKeys(path string) ([]age.Identity, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	keys, err := age.ParseIdentities(strings.NewReader(string(raw)))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s holds no age identity (AGE-SECRET-KEY-1…)", path), err)
	}
	return keys, nil
}
