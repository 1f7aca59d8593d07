package doctor

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"preau/internal/config"
	"preau/internal/i18n"
	"preau/internal/store"
)

// healthy is a machine where all is well, so that each test spoils one thing.
func healthy(e *examination) {
	e.space = func(path string) (filesystem, error) {
		device := uint64(1)
		if strings.Contains(path, "elsewhere") {
			device = 2
		}
		return filesystem{Free: 100 * gib, Total: 200 * gib, Files: 1e6, FreeFiles: 1e6, Device: device}, nil
	}
	e.memory = func() (memoryState, error) {
		return memoryState{Total: 4 * gib, Available: 2 * gib, OpenFiles: 65536}, nil
	}
	e.syncing = func(string) (time.Duration, error) { return 2 * time.Millisecond, nil }
	e.clock = func() (bool, bool) { return true, true }
	e.backup = func(*config.Config) (time.Time, bool, error) { return time.Now().Add(-3 * time.Hour), true, nil }
}

// installation is a data folder with a database, backups elsewhere and a free
// port.
func installation(t *testing.T, more ...string) Options {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	dir := filepath.Join(t.TempDir(), "data")
	db, err := store.Open(t.Context(), store.Options{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	backups := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Mkdir(backups, 0o700); err != nil {
		t.Fatal(err)
	}
	lines := []string{"data-dir = " + dir, "backup-dir = " + backups, "listen = 127.0.0.1:0", "metrics-listen = none", mediaPort("udp", freeUDP(t)), mediaPort("tcp", freeTCP(t))}
	if !slices.ContainsFunc(more, func(s string) bool { return strings.HasPrefix(s, "backup-recipients") }) {
		lines = append(lines, "backup-recipients = "+recipient(t)+", "+recipient(t))
	}
	return read(t, append(lines, more...)...)
}

func read(t *testing.T, lines ...string) Options {
	t.Helper()
	seen := map[string]bool{}
	var once []string
	for _, line := range slices.Backward(lines) { // the last of a name wins
		name, _, _ := strings.Cut(line, " ")
		if !seen[name] {
			once = append(once, line)
		}
		seen[name] = true
	}
	path := filepath.Join(t.TempDir(), "preau.conf")
	if err := os.WriteFile(path, []byte(strings.Join(once, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Input{File: path})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Config: cfg, Catalogue: catalogue, Locale: i18n.English, Log: slog.New(slog.DiscardHandler)}
}

func recipient(t *testing.T) string {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id.Recipient().String()
}

func examine(t *testing.T, o Options, spoil func(*examination)) Report {
	t.Helper()
	r, err := run(t.Context(), o, time.Now(), func(e *examination) {
		healthy(e)
		if spoil != nil {
			spoil(e)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range r.Results {
		if one.Status != OK && one.Mend == "" && one.Check != "certificate" {
			t.Errorf("%s says no remedy", one.Check)
		}
		if strings.Contains(one.Seen+one.Mend, "{") || strings.Contains(one.Seen+one.Mend, "ops.") {
			t.Errorf("unfinished text: %+v", one)
		}
	}
	return r
}

func find(t *testing.T, r Report, check string) Result {
	t.Helper()
	var worst Result
	for _, one := range r.Results {
		if one.Check == check && (worst.Check == "" || one.Status == Fail || worst.Status == OK) {
			worst = one
		}
	}
	if worst.Check == "" {
		t.Fatalf("no check %s in %+v", check, r)
	}
	return worst
}

func TestAHealthyInstallation(t *testing.T) {
	r := examine(t, installation(t), nil)
	for _, one := range r.Results {
		if one.Status != OK {
			t.Errorf("%+v", one)
		}
	}
	if r.Exit() != 0 || r.Status != OK {
		t.Errorf("exit %d, %s", r.Exit(), r.Status)
	}
	for _, check := range []string{"port.pages", "port.media.udp", "port.media.tcp", "certificate", "clock", "disk.kind", "disk.free", "disk.write", "disk.fsync", "memory", "files.limit",
		"permissions", "database", "jobs", "backup.schedule", "backup.age", "backup.keys", "backup.key", "backup.disk", "mail"} {
		find(t, r, check)
	}
}

func TestEachThingSpoiled(t *testing.T) {
	space := func(change func(*filesystem)) func(*examination) {
		return func(e *examination) {
			was := e.space
			e.space = func(p string) (filesystem, error) { f, err := was(p); change(&f); return f, err }
		}
	}
	backup := func(at time.Time, ok bool, err error) func(*examination) {
		return func(e *examination) {
			e.backup = func(*config.Config) (time.Time, bool, error) { return at, ok, err }
		}
	}
	for name, c := range map[string]struct {
		check string
		want  Status
		spoil func(*examination)
	}{
		"full disk":      {"disk.free", Fail, space(func(f *filesystem) { f.Free = gib / 2 })},
		"nearly full":    {"disk.free", Warn, space(func(f *filesystem) { f.Free = 3 * gib })},
		"no inodes":      {"disk.free", Fail, space(func(f *filesystem) { f.FreeFiles = 10 })},
		"no inode limit": {"disk.free", OK, space(func(f *filesystem) { f.Files, f.FreeFiles = 0, 0 })},
		"tmpfs":          {"disk.kind", Fail, space(func(f *filesystem) { f.Kind = "tmpfs" })},
		"NFS":            {"disk.kind", Fail, space(func(f *filesystem) { f.Kind = "nfs" })},
		"same disk":      {"backup.disk", Warn, space(func(f *filesystem) { f.Device = 1 })},
		"unknown disk": {"disk", Warn, func(e *examination) {
			e.space = func(string) (filesystem, error) { return filesystem{}, errors.New("x") }
		}},
		"lying disk":  {"disk.fsync", Warn, func(e *examination) { e.syncing = func(string) (time.Duration, error) { return time.Microsecond, nil } }},
		"slow disk":   {"disk.fsync", Warn, func(e *examination) { e.syncing = func(string) (time.Duration, error) { return time.Second, nil } }},
		"fsync fails": {"disk.fsync", Warn, func(e *examination) { e.syncing = func(string) (time.Duration, error) { return 0, io.ErrShortWrite } }},
		"no memory": {"memory", Fail, func(e *examination) {
			e.memory = func() (memoryState, error) { return memoryState{gib, 1 << 20, 65536}, nil }
		}},
		"little memory": {"memory", Warn, func(e *examination) {
			e.memory = func() (memoryState, error) { return memoryState{gib / 2, gib / 2, 65536}, nil }
		}},
		"few files": {"files.limit", Warn, func(e *examination) {
			e.memory = func() (memoryState, error) { return memoryState{4 * gib, gib, 1024}, nil }
		}},
		"1970":             {"clock", Fail, func(e *examination) { e.now = time.Unix(0, 0) }},
		"free clock":       {"clock", Warn, func(e *examination) { e.clock = func() (bool, bool) { return false, true } }},
		"unknown clock":    {"clock", OK, func(e *examination) { e.clock = func() (bool, bool) { return false, false } }},
		"no backup":        {"backup.age", Warn, backup(time.Time{}, false, nil)},
		"old backup":       {"backup.age", Warn, backup(time.Now().AddDate(0, 0, -4), true, nil)},
		"very old backup":  {"backup.age", Fail, backup(time.Now().AddDate(0, 0, -9), true, nil)},
		"future backup":    {"backup.age", Warn, backup(time.Now().AddDate(0, 0, 2), true, nil)},
		"unreadable dates": {"backup.age", Warn, backup(time.Time{}, false, io.ErrUnexpectedEOF)},
	} {
		t.Run(name, func(t *testing.T) {
			r := examine(t, installation(t), c.spoil)
			if got := find(t, r, c.check); got.Status != c.want {
				t.Errorf("%+v, want %s", got, c.want)
			}
			if want := map[Status]int{Fail: 1}[c.want]; r.Exit() != want {
				t.Errorf("exit %d", r.Exit())
			}
		})
	}
}

func TestBeforeTheFirstStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "yet")
	r := examine(t, read(t, "data-dir = "+dir, "listen = 127.0.0.1:0", "metrics-listen = none"), nil)
	if got := find(t, r, "database"); got.Status != Warn || !strings.Contains(got.Seen, "no database") {
		t.Errorf("%+v", got)
	}
	if got := find(t, r, "backup.schedule"); got.Status != Fail {
		t.Errorf("%+v", got)
	}
	if exists(dir) {
		t.Error("doctor made the data folder")
	}
}

func TestItLeavesNothingBehind(t *testing.T) {
	o := installation(t)
	list := func() (names []string) {
		err := filepath.WalkDir(filepath.Dir(o.Config.DataDir), func(path string, _ os.DirEntry, err error) error {
			// A reader of SQLite's write-ahead log makes its two side files.
			if !strings.HasSuffix(path, "-wal") && !strings.HasSuffix(path, "-shm") {
				names = append(names, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	before := list()
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if after := list(); !slices.Equal(before, after) {
		t.Errorf("before %v\nafter  %v", before, after)
	}
}

func TestDamagedDatabase(t *testing.T) {
	o := installation(t)
	f, err := os.OpenFile(databaseFile(o.Config), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	for page := int64(2); page < 40; page++ {
		if _, err := f.WriteAt(bytes.Repeat([]byte{0xA5}, 100), page*4096); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got := find(t, examine(t, o, nil), "database"); got.Status != Fail {
		t.Errorf("%+v", got)
	}
}

func TestPermissions(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(o Options) error
		want  Status
	}{
		"open folder": {func(o Options) error {
			return errors.Join(os.Chmod(databaseFile(o.Config), 0o600), os.Chmod(o.Config.DataDir, 0o755))
		}, Warn},
		"open pepper": {func(o Options) error {
			return errors.Join(os.WriteFile(filepath.Join(o.Config.DataDir, "pepper.key"), nil, 0o644), os.Chmod(o.Config.DataDir, 0o711))
		}, Fail},
		"open database": {func(o Options) error {
			return errors.Join(os.Chmod(databaseFile(o.Config), 0o664), os.Chmod(o.Config.DataDir, 0o755))
		}, Fail},
		"open file, closed folder": {func(o Options) error { return os.Chmod(databaseFile(o.Config), 0o664) }, OK},
		"closed":                   {func(o Options) error { return nil }, OK},
	} {
		t.Run(name, func(t *testing.T) {
			o := installation(t)
			if err := c.spoil(o); err != nil {
				t.Fatal(err)
			}
			if got := find(t, examine(t, o, nil), "permissions"); got.Status != c.want {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestSettingsFileWithASecret(t *testing.T) {
	o := installation(t, "mail-server = localhost:1", "mail-from = a@b.fr", "mail-user = u", "mail-password = planted")
	if err := os.Chmod(o.Config.File, 0o644); err != nil {
		t.Fatal(err)
	}
	got := find(t, examine(t, o, nil), "permissions")
	if got.Status != Fail || !strings.Contains(got.Seen, o.Config.File) || strings.Contains(got.Seen, "planted") {
		t.Errorf("%+v", got)
	}
}

func TestBackupKeyOnThisMachine(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	o := installation(t, "backup-recipients = "+id.Recipient().String())
	key := filepath.Join(o.Config.DataDir, "key.txt")
	write := func(id *age.X25519Identity) {
		t.Helper()
		if err := os.WriteFile(key, []byte("# created: 2026\n"+id.String()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(other)
	if got := find(t, examine(t, o, nil), "backup.key"); got.Status != OK {
		t.Errorf("another key: %+v", got)
	}
	write(id)
	r := examine(t, o, nil)
	if got := find(t, r, "backup.key"); got.Status != Warn || !strings.Contains(got.Seen, key) {
		t.Errorf("%+v", got)
	}
	if got := find(t, r, "backup.keys"); got.Status != Warn {
		t.Errorf("a single key: %+v", got)
	}
	// Beside the settings file, named from where one stands.
	t.Chdir(filepath.Dir(o.Config.File))
	if err := os.Rename(key, "key.txt"); err != nil {
		t.Fatal(err)
	}
	o.Config.File = filepath.Base(o.Config.File)
	if got := find(t, examine(t, o, nil), "backup.key"); got.Status != Warn {
		t.Errorf("beside the settings: %+v", got)
	}
	var out bytes.Buffer
	if err := r.WriteJSON(&out); err != nil || strings.Contains(out.String(), "AGE-SECRET") {
		t.Errorf("the key shows: %v", err)
	}
}

func TestLeap(t *testing.T) {
	from := time.Now()
	to := from.Add(time.Second)
	if got := leapBetween(from, to); got != 0 {
		t.Errorf("steady: %s", got)
	}
}

func TestTextAndJSONAgree(t *testing.T) {
	o := installation(t)
	o.Locale = i18n.French
	r := examine(t, o, func(e *examination) { e.clock = func() (bool, bool) { return false, true } })
	var text, raw bytes.Buffer
	if err := errors.Join(r.WriteText(&text, o.Catalogue, i18n.French), r.WriteJSON(&raw)); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(raw.Bytes(), &back); err != nil || back.Status != Warn || len(back.Results) != len(r.Results) {
		t.Errorf("%v %+v", err, back)
	}
	for _, one := range r.Results {
		if !strings.Contains(text.String(), one.Seen) {
			t.Errorf("%s is not in the text", one.Check)
		}
	}
	if !strings.Contains(text.String(), "à voir") || !strings.Contains(text.String(), "À réparer\u00a0: 0.") {
		t.Errorf("%s", text.String())
	}
}
