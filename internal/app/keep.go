package app

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/config"
	"preau/internal/egress"
	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/privacy"
	"preau/internal/schedule"
	"preau/internal/store"
)

// filesFolder is where blobs stand in the data folder.
const filesFolder = "files"

// backupOptions is what goes with every archive: the pepper, so that typed
// codes still work after a restore, the key that signs, and the journal of erasures.
func backupOptions(cfg *config.Config, version string) (backup.Options, error) {
	secret, err := pepper(cfg.DataDir)
	if err != nil {
		return backup.Options{}, err
	}
	signs, err := signingKey(cfg.DataDir)
	if err != nil {
		return backup.Options{}, err
	}
	journal, err := backup.OpenJournal(cfg.BackupDir, signs)
	extra := []backup.Extra{{Name: pepperFile, Content: secret}, {Name: signFile, Content: signs.Seed()}}
	return backup.Options{App: version, Extra: extra, Journal: journal, Key: signs}, err
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

// Restoring is what a restore asks of the operator and tells them.
type Restoring struct {
	Archive string
	Keys    []age.Identity
	// Installation is whose archive it must be; nil takes anybody's.
	Installation ed25519.PublicKey
	// Tell is told, before anything is kept, what the archive holds and the
	// e-mail addresses of its administrators. Its error stops the restore.
	Tell     func(r backup.Report, administrators []string) error
	Progress backup.Progress
}

// Restore puts an archive into the empty installation of cfg, of either
// dialect, and does again the erasures made since.
func Restore(ctx context.Context, cfg *config.Config, from Restoring, log *slog.Logger) (backup.Restored, error) {
	f, err := os.Open(from.Archive)
	if err != nil {
		return backup.Restored{}, err
	}
	defer f.Close()
	catalogue, err := i18n.Load()
	if err != nil {
		return backup.Restored{}, err
	}
	journal, err := backup.OpenJournal(cfg.BackupDir, nil)
	if err != nil {
		return backup.Restored{}, err
	}
	out, err := egress.New(cfg.Outgoing(), log)
	if err != nil {
		return backup.Restored{}, err
	}
	return backup.Restore(ctx, f, from.Keys, backup.Target{
		Store: store.Options{DSN: cfg.Database.Reveal(), DataDir: cfg.DataDir, Log: log, Dial: out.DialContext},
		Blobs: func(db *store.DB) (store.Blobs, error) {
			return store.NewFolder(db, filepath.Join(cfg.DataDir, filesFolder))
		},
		Journal: journal,
		Erase: func(db *store.DB) (func(context.Context, store.Queryer, store.Erasure) error, error) {
			return privacy.New(privacy.Options{DB: db, Catalogue: catalogue}).Reapply, nil
		},
		Extra: func(name string, content []byte) error {
			if name != pepperFile && name != signFile {
				return nil
			}
			return os.WriteFile(filepath.Join(cfg.DataDir, name), content, 0o600)
		},
		Progress:     from.Progress,
		Installation: from.Installation,
		Before: func(ctx context.Context, tx store.Queryer, r backup.Report) error {
			people, err := identity.AdministratorsIn(ctx, tx)
			if err != nil {
				return err
			}
			return from.Tell(r, people)
		},
	})
}

// installationLine begins the line of a key file that says whose archives it
// opens, for age a comment.
const installationLine = "# installation: "

// ReadKeys reads the age identities of a file and, where it says so, whose
// archives they open.
func ReadKeys(path string) (keys []age.Identity, installation ed25519.PublicKey, err error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fault.New(fault.NotFound, "cli.no_file", "path", path)
	}
	if err != nil {
		return nil, nil, err
	}
	keys, err = age.ParseIdentities(strings.NewReader(string(raw)))
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "cli.no_key_in", "path", path).Because(err)
	}
	for line := range strings.Lines(string(raw)) {
		if text, ok := strings.CutPrefix(line, installationLine); ok {
			installation, err = backup.ReadInstallation(strings.TrimSpace(text))
		}
	}
	return keys, installation, err
}

// WriteKey makes a file with a new age identity, and gives its public half. The
// file must not exist. installation may be nil.
func WriteKey(path string, installation ed25519.PublicKey, now time.Time) (*age.X25519Recipient, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fault.New(fault.Conflict, "cli.file_exists", "path", path)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.NotFound, "cli.no_folder", "path", path)
	case err != nil:
		return nil, err
	}
	text := "# Opens the backups of Préau. Made on " + now.Format(time.DateOnly) + ".\n# public key: " + key.Recipient().String() + "\n"
	if installation != nil {
		text += installationLine + backup.WriteInstallation(installation) + "\n"
	}
	_, err = f.WriteString(text + key.String() + "\n")
	return key.Recipient(), errors.Join(err, f.Sync(), f.Close())
}
