package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"filippo.io/age"

	"preau/internal/app"
	"preau/internal/backup"
)

type backupCommand struct {
	Now    backupNow    `cmd:"" default:"withargs" help:"Make one encrypted archive now, beside a running server."`
	Keygen backupKeygen `cmd:"" help:"Make the key that opens backups, to keep away from this machine."`
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
	Out string `arg:"" help:"File to write the private key to; it must not exist."`
}

// Run writes a new identity and prints its public half.
func (b backupKeygen) Run() error {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(b.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(f, "# Opens the backups of Préau. Made on %s.\n%s\n", time.Now().Format(time.DateOnly), key); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	fmt.Printf("backup-recipients = %s\n", key.Recipient())
	return nil
}

type restoreCommand struct {
	settings
	Archive string `arg:"" type:"existingfile" help:"The archive (preau-….age)."`
	Key     string `required:"" type:"existingfile" placeholder:"FILE" help:"File of the private key that opens it."`
}

// Run restores into an empty installation.
func (r *restoreCommand) Run() error {
	cfg, log, err := r.load()
	if err != nil {
		return err
	}
	keys, err := app.ReadKeys(r.Key)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	done, err := app.Restore(ctx, cfg, filepath.Clean(r.Archive), keys, progress, log)
	if err != nil {
		return err
	}
	fmt.Printf("%d rows, %d files; %d erasures done again\n", done.Rows(), done.Blobs, done.Erased)
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
