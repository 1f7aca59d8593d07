package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// missing is what a machine without PostgreSQL is told.
const missing = "PostgreSQL is not installed: run `apt-get install postgresql` (or `make test`, which does it), " +
	"set PREAU_TEST_POSTGRES to the address of a server, or test SQLite alone with -short"

// watch waits until no test process holds users.lock, gives the next one three
// seconds to come, and otherwise stops the cluster and removes it. While it does
// so it holds the lock, and a newcomer waits.
const watch = `
while [ -d "$1/run" ]; do
	flock "$1/users.lock" true
	sleep 3
	flock -n "$1/users.lock" sh -c '"$2/pg_ctl" -D "$1/run/data" -m immediate stop; rm -rf "$1"/run/*; true' sh "$1" "$2" && exit
done`

// startCluster finds or starts the cluster that the user's test processes share
// and returns its address. The cluster stays as long as the file users is open
// in some process.
func startCluster(ctx context.Context) (address string, users *os.File, err error) {
	bin, err := binaries()
	if err != nil {
		return "", nil, err
	}
	who, err := owner()
	if err != nil {
		return "", nil, err
	}
	root := filepath.Join(os.TempDir(), "preau-test-postgres-"+strconv.Itoa(os.Getuid()))
	if err := os.Mkdir(root, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return "", nil, err
	}
	start, err := lock(ctx, filepath.Join(root, "start.lock"), syscall.LOCK_EX)
	if err != nil {
		return "", nil, err
	}
	defer start.Close()
	if users, err = lock(ctx, filepath.Join(root, "users.lock"), syscall.LOCK_SH); err != nil {
		return "", nil, err
	}
	run := filepath.Join(root, "run")
	address = "postgres://postgres@/postgres?sslmode=disable&host=" + url.QueryEscape(run)
	if ping(ctx, address) == nil {
		return address, users, nil
	}
	// Left by a machine that stopped: a server whose folder goes stops by itself.
	if err := os.RemoveAll(run); err != nil {
		return "", nil, err
	}
	if err := os.Mkdir(run, 0o700); err != nil {
		return "", nil, err
	}
	if who != nil {
		if err := os.Chown(run, int(who.Uid), int(who.Gid)); err != nil {
			return "", nil, err
		}
	}
	detached := &syscall.SysProcAttr{Setsid: true, Credential: who}
	watcher := exec.Command("sh", "-c", watch, "sh", root, bin)
	watcher.Dir, watcher.SysProcAttr = root, detached
	if err := watcher.Start(); err != nil {
		return "", nil, fmt.Errorf("watcher: %w", err)
	}
	go watcher.Wait()
	data := filepath.Join(run, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "--auth=trust",
		"--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C")
	initdb.Dir, initdb.SysProcAttr = run, &syscall.SysProcAttr{Credential: who}
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	settings := []string{"-D", data, "-k", run, "-h", ""}
	for _, s := range []string{"max_connections=400", "shared_buffers=64MB", "wal_level=minimal", "max_wal_senders=0",
		"autovacuum=off", "max_wal_size=4GB", "checkpoint_timeout=1h", "fsync=on", "log_min_messages=fatal"} {
		settings = append(settings, "-c", s)
	}
	postgres := exec.Command(filepath.Join(bin, "postgres"), settings...)
	postgres.Dir, postgres.SysProcAttr = run, detached
	if err := postgres.Start(); err != nil {
		return "", nil, fmt.Errorf("postgres: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- postgres.Wait() }()
	for {
		err := ping(ctx, address)
		if err == nil {
			return address, users, nil
		}
		select {
		case end := <-ended:
			return "", nil, fmt.Errorf("postgres stopped at once: %w", end)
		case <-ctx.Done():
			return "", nil, fmt.Errorf("postgres did not start: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func ping(ctx context.Context, address string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// binaries is the folder of the newest PostgreSQL.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return "", errors.New(missing)
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return major(a) - major(b) })
	return filepath.Dir(newest), nil
}

// major is the version in /usr/lib/postgresql/15/bin/initdb, or 0.
func major(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}

// owner is who the server runs as, since it refuses to be root: nil for the
// present user.
func owner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New(missing)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// lock takes a lock that this process keeps until the file is closed or the
// process ends.
func lock(ctx context.Context, path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(err, f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("waiting for %s: %w", path, ctx.Err()), f.Close())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
