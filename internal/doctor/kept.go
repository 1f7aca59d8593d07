package doctor

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"preau/internal/certs"
	"preau/internal/config"
	"preau/internal/store"
)

func (e *examination) checkDatabase(ctx context.Context) {
	var unsafe *store.UnsafeError
	switch {
	case e.db == nil && e.dbErr == nil:
		e.warn("database", "ops.doc_db_none", "ops.doc_db_none_mend", "dir", e.Config.DataDir)
		return
	case errors.As(e.dbErr, &unsafe):
		e.fail("database", "ops.doc_db_unsafe", "ops.doc_db_unsafe_mend", "setting", unsafe.Setting, "value", unsafe.Value)
		return
	case e.dbErr != nil:
		e.fail("database", "ops.doc_db_unknown", "ops.doc_db_mend", "error", e.dbErr)
		return
	}
	if e.Config.Database == "" {
		e.checkSQLite(ctx)
	} else {
		e.checkPostgres(ctx)
	}
}

func (e *examination) checkSQLite(ctx context.Context) {
	rows, err := e.db.Reader().QueryContext(ctx, "PRAGMA quick_check(3)")
	var said []string
	if err == nil {
		defer rows.Close()
		for rows.Next() {
			var line string
			if err = rows.Scan(&line); err != nil {
				break
			}
			said = append(said, line)
		}
		err = errors.Join(err, rows.Err())
	}
	switch {
	case err != nil && ctx.Err() != nil:
		e.warn("database", "ops.doc_sqlite_long", "ops.doc_sqlite_long_mend")
	case err != nil:
		e.fail("database", "ops.doc_db_unknown", "ops.doc_sqlite_mend", "error", err)
	case !slices.Equal(said, []string{"ok"}):
		e.fail("database", "ops.doc_sqlite_damaged", "ops.doc_sqlite_mend", "said", strings.Join(said, " "))
	default:
		var bytes uint64
		for _, suffix := range []string{"", "-wal"} {
			if info, err := os.Stat(databaseFile(e.Config) + suffix); err == nil {
				bytes += uint64(info.Size())
			}
		}
		e.ok("database", "ops.doc_sqlite", "size", e.size(bytes))
	}
}

func (e *examination) checkPostgres(ctx context.Context) {
	setting := func(name string) (value string) {
		if err := e.db.Reader().QueryRowContext(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return "?"
		}
		return value
	}
	// store.Open refuses fsync, full_page_writes or synchronous_commit off.
	e.ok("database", "ops.doc_postgres", "version", setting("server_version"), "fsync", setting("fsync"), "commit", setting("synchronous_commit"))
	var connections int
	if err := e.db.Reader().QueryRowContext(ctx, "SELECT current_setting('max_connections')::int").Scan(&connections); err == nil && connections < 50 {
		e.warn("database.connections", "ops.doc_pg_connections", "ops.doc_pg_connections_mend", "count", connections)
	}
	var sealed, local bool
	err := e.db.Reader().QueryRowContext(ctx, "SELECT COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false), COALESCE(inet_client_addr() IS NULL OR inet_client_addr() << '127.0.0.0/8' OR inet_client_addr() = '::1', true)").Scan(&sealed, &local)
	if err == nil && !sealed && !local {
		e.warn("database.tls", "ops.doc_pg_clear", "ops.doc_pg_clear_mend")
	}
}

func (e *examination) checkJobs(ctx context.Context) {
	if e.db == nil {
		return
	}
	c, err := store.CountJobs(ctx, e.db.Reader(), e.now.UnixMilli())
	switch {
	case err != nil: // the database's own check has said why
	case c.Dead > 0:
		e.warn("jobs", "ops.doc_jobs", "ops.doc_jobs_mend", "due", c.Due, "dead", c.Dead)
	default:
		e.ok("jobs", "ops.doc_jobs", "due", c.Due, "dead", c.Dead)
	}
}

func (e *examination) checkBackup(context.Context) {
	if e.Config.BackupAt == "" {
		e.warn("backup.schedule", "ops.doc_backup_off", "ops.doc_backup_off_mend")
	} else if len(e.Config.BackupRecipients) == 0 {
		e.fail("backup.schedule", "ops.doc_backup_no_key", "ops.doc_backup_no_key_mend")
	} else {
		e.ok("backup.schedule", "ops.doc_backup_on", "at", e.Config.BackupAt, "zone", e.Config.Timezone, "dir", e.Config.BackupDir)
	}
	at, ok, err := e.backup(e.Config)
	date := at.In(e.Config.Location()).Format("2006-01-02 15:04")
	switch {
	case err != nil:
		e.warn("backup.age", "ops.doc_backup_unknown", "ops.doc_backup_unknown_mend", "error", reason(err))
	case !ok:
		e.warn("backup.age", "ops.doc_backup_none", "ops.doc_backup_none_mend")
	case at.After(e.now.Add(time.Hour)):
		e.warn("backup.age", "ops.doc_backup_future", "ops.doc_clock_wrong_mend", "date", date)
	case e.now.Sub(at) > 7*24*time.Hour:
		e.fail("backup.age", "ops.doc_backup_at", "ops.doc_backup_old_mend", "date", date)
	case e.now.Sub(at) > 50*time.Hour:
		e.warn("backup.age", "ops.doc_backup_at", "ops.doc_backup_old_mend", "date", date)
	default:
		e.ok("backup.age", "ops.doc_backup_at", "date", date)
	}
}

// checkBackupKey looks for the secret key of a recipient where people leave
// it: the folders of the settings and the home folder. Not finding it proves
// nothing, and the text says so.
func (e *examination) checkBackupKey(context.Context) {
	if len(e.Config.BackupRecipients) == 0 {
		return
	}
	if len(e.Config.BackupRecipients) == 1 {
		e.warn("backup.keys", "ops.doc_one_key", "ops.doc_one_key_mend")
	} else {
		e.ok("backup.keys", "ops.doc_keys", "count", len(e.Config.BackupRecipients))
	}
	for _, path := range e.keyFiles() {
		if opens(path, e.Config.BackupRecipients) {
			e.warn("backup.key", "ops.doc_key_here", "ops.doc_key_here_mend", "path", path)
			return
		}
	}
	e.ok("backup.key", "ops.doc_key_away")
}

const (
	keyFileLimit  = 64 << 10 // bytes
	keyFilesLimit = 2000
)

func (e *examination) keyFiles() []string {
	folders := []string{e.Config.DataDir, e.Config.BackupDir, "/etc/preau", "/root"}
	if e.Config.File != "" {
		folders = append(folders, filepath.Dir(e.Config.File))
	}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, home, filepath.Join(home, ".config", "age"), filepath.Join(home, ".age"))
	}
	slices.Sort(folders)
	var list []string
	for _, dir := range slices.Compact(folders) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if err == nil && info.Mode().IsRegular() && info.Size() > 0 && info.Size() <= keyFileLimit && len(list) < keyFilesLimit {
				list = append(list, filepath.Join(dir, entry.Name()))
			}
		}
	}
	return list
}

// opens says whether a file holds the secret key of one of the recipients.
func opens(path string, recipients []string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if !strings.HasPrefix(line, "AGE-SECRET-KEY-") {
			continue
		}
		ids, err := age.ParseIdentities(strings.NewReader(line))
		if err != nil {
			continue
		}
		for _, id := range ids {
			switch k := id.(type) {
			case *age.X25519Identity:
				if slices.Contains(recipients, k.Recipient().String()) {
					return true
				}
			case *age.HybridIdentity:
				if slices.Contains(recipients, k.Recipient().String()) {
					return true
				}
			}
		}
	}
	return false
}

// checkPermissions looks at the files that nobody else should read, and at who
// owns them.
func (e *examination) checkPermissions(context.Context) {
	cfg := e.Config
	dir, err := os.Stat(cfg.DataDir)
	if err != nil {
		return // disk.write has said so
	}
	good := true
	if dir.Mode().Perm()&0o077 != 0 {
		good = false
		e.warn("permissions", "ops.doc_mode", "ops.doc_mode_dir_mend", "path", cfg.DataDir, "mode", dir.Mode().Perm())
	}
	private := []string{databaseFile(cfg), filepath.Join(cfg.DataDir, "pepper.key"), filepath.Join(certs.AuthorityDir(cfg), "issuing.key")}
	if cfg.TLSKey != "" {
		private = append(private, cfg.TLSKey)
	}
	if holdsSecret(cfg) {
		private = append(private, cfg.File)
	}
	owner, known := ownerOf(dir)
	for _, path := range private {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		inside := strings.HasPrefix(path, filepath.Clean(cfg.DataDir)+string(filepath.Separator))
		reachable := !inside || dir.Mode().Perm()&0o001 != 0 // nobody else walks through a closed folder
		if reachable && info.Mode().Perm()&0o007 != 0 {
			good = false
			e.fail("permissions", "ops.doc_mode", "ops.doc_mode_mend", "path", path, "mode", info.Mode().Perm())
		}
		uid, _ := ownerOf(info)
		if inside && known && uid != owner {
			good = false
			e.fail("permissions", "ops.doc_owner", "ops.doc_owner_mend", "path", path, "dir", cfg.DataDir)
		}
	}
	if good {
		e.ok("permissions", "ops.doc_permissions")
	}
}

// holdsSecret says whether the settings file itself holds a secret.
func holdsSecret(cfg *config.Config) bool {
	for _, name := range []string{"database", "mail-password", "acme-eab-key"} {
		if cfg.Source(name).From == "file" {
			return true
		}
	}
	return false
}
