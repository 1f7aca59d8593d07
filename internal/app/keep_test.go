package app

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/internal/backup"
	"preau/internal/config"
	"preau/internal/fault"
)

// An installation is backed up and comes back elsewhere by its key file: the
// same seats, the same key that signs; and not from another installation's file.
func TestBackUpAndRestore(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	h, _, _ := house(t)
	installation, err := Installation(h.Config.DataDir, false)
	if err != nil || installation == nil {
		t.Fatal("the installation has no key: ", err)
	}
	file := filepath.Join(t.TempDir(), "key.txt")
	public, err := WriteKey(file, installation, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := WriteKey(file, nil, time.Now()); fault.Of(err) == nil || fault.Of(err).Key != "cli.file_exists" {
		t.Fatal("a key file was replaced: ", err)
	}
	raw, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(raw), "# public key: age1") {
		t.Fatalf("%s, %v", raw, err)
	}
	settings := func(dir string) *config.Config {
		cfg, err := config.Load(config.Input{Flags: map[string]string{"data-dir": dir, "backup-dir": h.Config.BackupDir, "backup-recipients": public.String()}})
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	archive, err := BackUp(t.Context(), settings(h.Config.DataDir), "test", nil, log)
	if err != nil {
		t.Fatal(err)
	}
	keys, whose, err := ReadKeys(file)
	if err != nil || !whose.Equal(installation) {
		t.Fatal("the key file does not say whose archives it opens: ", err)
	}
	var told []string
	from := Restoring{Archive: archive, Keys: keys, Installation: whose, Tell: func(r backup.Report, administrators []string) error {
		if r.Tables["seat"] == 0 {
			t.Error("no seat in the archive")
		}
		told = append(told, administrators...)
		return nil
	}}
	other, err := Installation(t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	strange := from
	strange.Installation = other
	var unsigned *backup.UnsignedError
	if _, err := Restore(t.Context(), settings(t.TempDir()), strange, log); !errors.As(err, &unsigned) || len(told) != 0 {
		t.Fatal("another installation's archive: ", err)
	}
	dir := t.TempDir()
	done, err := Restore(t.Context(), settings(dir), from, log)
	if err != nil || done.Rows() == 0 {
		t.Fatal(done, err)
	}
	if len(told) == 0 {
		t.Error("no administrator was told")
	}
	if again, err := Installation(dir, false); err != nil || !again.Equal(installation) {
		t.Error("the restored installation signs otherwise: ", err)
	}
	if _, _, err := ReadKeys(filepath.Join(dir, "absent")); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
