package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"preau/internal/app"
	"preau/internal/backup"
	"preau/internal/fault"
	"preau/internal/i18n"
)

type backupCommand struct {
	Now    backupNow    `cmd:"" default:"withargs" help:"Make one encrypted archive now, beside a running server."`
	Keygen backupKeygen `cmd:"" help:"Make the key that opens backups, to keep away from this machine."`
	Key    backupKey    `cmd:"" help:"Print the key by which archives of this installation are known, to note on paper."`
}

type backupNow struct{ settings }

// Run makes an archive.
func (b *backupNow) Run() error {
	cfg, log, err := b.load()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	path, err := app.BackUp(ctx, cfg, version, progress, log)
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}

type backupKeygen struct {
	settings
	Out string `arg:"" help:"File to write the private key to; it must not exist."`
}

// Run writes a new identity and prints its public half. On the machine of the
// installation, the file also says whose archives it opens.
func (b *backupKeygen) Run(texts *i18n.Catalogue) error {
	cfg, _, err := b.load()
	if err != nil {
		return err
	}
	installation, err := app.Installation(cfg.DataDir, false)
	if err != nil {
		return err
	}
	public, err := app.WriteKey(b.Out, installation, time.Now())
	if err != nil {
		return err
	}
	fmt.Printf("backup-recipients = %s\n", public)
	note := "cli.keygen_note"
	if installation == nil {
		note = "cli.keygen_no_installation"
	}
	fmt.Fprintln(os.Stderr, texts.T(language(), note, map[string]any{"path": b.Out}))
	return nil
}

type backupKey struct{ settings }

// Run prints the public half of the key that signs.
func (b *backupKey) Run(texts *i18n.Catalogue) error {
	cfg, _, err := b.load()
	if err != nil {
		return err
	}
	installation, err := app.Installation(cfg.DataDir, true)
	if err != nil {
		return err
	}
	fmt.Printf("# installation: %s\n", backup.WriteInstallation(installation))
	fmt.Fprintln(os.Stderr, texts.T(language(), "cli.key_note", nil))
	return nil
}

type restoreCommand struct {
	settings
	Archive      string `arg:"" help:"The archive (preau-….age)."`
	Key          string `required:"" placeholder:"FILE" help:"File of the private key that opens it."`
	Installation string `placeholder:"KEY" help:"Key of the installation that made the archive (preau backup key), when the key file does not hold it."`
	Unsigned     bool   `help:"Take an archive and a journal that nobody signed. Anybody who knows the public key can make one."`
}

// Run restores into an empty installation.
func (r *restoreCommand) Run(texts *i18n.Catalogue) error {
	cfg, log, err := r.load()
	if err != nil {
		return err
	}
	if _, err := os.Stat(r.Archive); errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "cli.no_file", "path", r.Archive)
	}
	keys, installation, err := app.ReadKeys(r.Key)
	if err != nil {
		return err
	}
	if r.Installation != "" {
		if installation, err = backup.ReadInstallation(r.Installation); err != nil {
			return fault.New(fault.Invalid, "cli.bad_installation").Because(err)
		}
	}
	switch {
	case r.Unsigned:
		installation = nil
	case installation == nil:
		return fault.New(fault.Invalid, "cli.restore_whose", "path", r.Key)
	}
	ctx, stop := interruptible()
	defer stop()
	say := func(key string, args map[string]any) { fmt.Println(texts.T(language(), "cli."+key, args)) }
	done, err := app.Restore(ctx, cfg, app.Restoring{Archive: filepath.Clean(r.Archive), Keys: keys, Installation: installation, Progress: progress,
		Tell: func(held backup.Report, administrators []string) error {
			say("restore_holds", map[string]any{"date": held.CreatedAt.In(cfg.Location()).Format("2006-01-02 15:04"), "rows": held.Rows(), "files": held.Blobs, "staff": held.Tables["staff"], "seats": held.Tables["seat"]})
			say("restore_administrators", map[string]any{"count": len(administrators), "who": strings.Join(administrators, ", ")})
			if installation == nil {
				say("restore_unsigned", nil)
			}
			return nil
		}}, log)
	if err != nil {
		return err
	}
	say("restore_done", map[string]any{"rows": done.Rows(), "files": done.Blobs - int64(len(done.Missing)), "count": done.Erased})
	if n := len(done.Missing); n > 0 {
		say("restore_missing", map[string]any{"count": n})
	}
	return nil
}

func interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

// progress writes on a terminal how far the work has come.
func progress(step backup.Step, done, total int64) {
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintf(os.Stderr, "\r%s %d/%d\033[K", step, done, total)
		if done == total {
			fmt.Fprintln(os.Stderr)
		}
	}
}
