package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"preau/internal/config"
)

// filesystem is what is known of the one that holds a folder.
type filesystem struct {
	Free, Total uint64 // bytes, Free as this account may use
	FreeFiles   uint64 // inodes, 0 when the file system has no such limit
	Files       uint64
	Kind        string // "tmpfs", "nfs"…; "" for any other
	Device      uint64
}

type memoryState struct {
	Total, Available uint64 // bytes
	OpenFiles        uint64 // the limit of this process
}

const (
	gib = 1 << 30

	diskFail, diskWarn     = 1 * gib, 5 * gib
	memoryFail, memoryWarn = 256 << 20, 1 * gib
	openFilesWarn          = 4096

	// An fsync under 20 µs is quicker than any device with a real guarantee;
	// over 50 ms answers wait for the disk.
	syncLying, syncSlow = 20 * time.Microsecond, 50 * time.Millisecond

	clockLeap                        = 500 * time.Millisecond
	databaseDrift, databaseDriftFail = 2 * time.Second, 30 * time.Second
)

// networked are the file systems on which SQLite's locks and fsync cannot be
// relied upon.
func networked(kind string) bool {
	return slices.Contains([]string{"nfs", "cifs", "smb2", "fuse", "9p", "ceph", "afs"}, kind)
}

func (e *examination) checkSpace(context.Context) {
	dir := existing(e.Config.DataDir)
	data, err := e.space(dir)
	if err != nil {
		e.warn("disk", "ops.doc_disk_unknown", "ops.doc_disk_unknown_mend", "dir", dir, "error", reason(err))
		return
	}
	sqlite := e.Config.Database == ""
	switch {
	case data.Kind == "tmpfs":
		e.fail("disk.kind", "ops.doc_tmpfs", "ops.doc_tmpfs_mend", "dir", dir)
	case networked(data.Kind) && sqlite:
		e.fail("disk.kind", "ops.doc_network_disk", "ops.doc_network_disk_mend", "dir", dir, "kind", data.Kind)
	default:
		e.ok("disk.kind", "ops.doc_disk_kind", "dir", dir)
	}
	e.checkFree("disk.free", dir, data)
	e.checkWritable("disk.write", e.Config.DataDir)
	backups := existing(e.Config.BackupDir)
	if b, err := e.space(backups); err == nil && e.Config.BackupAt != "" {
		if b.Device == data.Device {
			e.warn("backup.disk", "ops.doc_backup_same_disk", "ops.doc_backup_same_disk_mend", "dir", e.Config.BackupDir)
		} else {
			e.checkFree("backup.disk", backups, b)
		}
		if exists(e.Config.BackupDir) {
			e.checkWritable("backup.write", e.Config.BackupDir)
		}
	}
}

func (e *examination) checkFree(check, dir string, f filesystem) {
	args := []any{"dir", dir, "free", e.size(f.Free), "total", e.size(f.Total)}
	switch {
	case f.Free < diskFail || f.Files > 0 && f.FreeFiles < 1000:
		e.fail(check, "ops.doc_disk_free", "ops.doc_disk_full_mend", args...)
	case f.Free < diskWarn || f.Free < f.Total/20:
		e.warn(check, "ops.doc_disk_free", "ops.doc_disk_full_mend", args...)
	default:
		e.ok(check, "ops.doc_disk_free", args...)
	}
}

// checkWritable writes and removes a file.
func (e *examination) checkWritable(check, dir string) {
	if !exists(dir) {
		e.warn(check, "ops.doc_dir_missing", "ops.doc_dir_missing_mend", "dir", dir)
		return
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err == nil {
		_, err = f.WriteString("written by preau doctor")
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		e.fail(check, "ops.doc_not_writable", "ops.doc_not_writable_mend", "dir", dir, "error", reason(err))
		return
	}
	e.ok(check, "ops.doc_writable", "dir", dir)
}

func (e *examination) checkSync(context.Context) {
	if e.Config.Database != "" {
		return // the disk of the database server is not this one
	}
	took, err := e.syncing(existing(e.Config.DataDir))
	args := []any{"time", took.Round(time.Microsecond)}
	switch {
	case err != nil:
		e.warn("disk.fsync", "ops.doc_sync_unknown", "ops.doc_sync_unknown_mend", "error", reason(err))
	case took < syncLying:
		e.warn("disk.fsync", "ops.doc_sync", "ops.doc_sync_lying_mend", args...)
	case took > syncSlow:
		e.warn("disk.fsync", "ops.doc_sync", "ops.doc_sync_slow_mend", args...)
	default:
		e.ok("disk.fsync", "ops.doc_sync", args...)
	}
}

// measureSync is the median time of a small write and its fsync.
func measureSync(dir string) (time.Duration, error) {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	block := make([]byte, 4096)
	var times []time.Duration
	for range 21 {
		start := time.Now()
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}

func (e *examination) checkMemory(context.Context) {
	m, err := e.memory()
	if err != nil {
		return // not a system that tells
	}
	args := []any{"total", e.size(m.Total), "free", e.size(m.Available), "files", m.OpenFiles}
	switch {
	case m.Available < memoryFail:
		e.fail("memory", "ops.doc_memory", "ops.doc_memory_mend", args...)
	case m.Total < memoryWarn:
		e.warn("memory", "ops.doc_memory", "ops.doc_memory_mend", args...)
	default:
		e.ok("memory", "ops.doc_memory", args...)
	}
	if m.OpenFiles < openFilesWarn {
		e.warn("files.limit", "ops.doc_open_files", "ops.doc_open_files_mend", args...)
	} else {
		e.ok("files.limit", "ops.doc_open_files", args...)
	}
}

func (e *examination) checkClock(ctx context.Context) {
	date := e.now.In(e.Config.Location()).Format("2006-01-02 15:04:05 MST")
	synchronised, known := e.clock()
	switch {
	case e.now.Year() < 2026 || e.now.Year() > 2100:
		e.fail("clock", "ops.doc_clock", "ops.doc_clock_wrong_mend", "date", date)
	case known && !synchronised:
		e.warn("clock", "ops.doc_clock_free", "ops.doc_clock_free_mend", "date", date)
	default:
		e.ok("clock", "ops.doc_clock", "date", date)
	}
	if e.db == nil || e.Config.Database == "" {
		return
	}
	before := time.Now()
	var there float64
	err := e.db.Reader().QueryRowContext(ctx, "SELECT extract(epoch FROM clock_timestamp())::float8").Scan(&there)
	took := time.Since(before)
	if err != nil {
		e.warn("clock.database", "ops.doc_db_unknown", "ops.doc_db_mend", "error", err)
		return
	}
	drift := time.Duration(there*float64(time.Second)) - time.Duration(before.Add(took/2).UnixNano())
	drift = drift.Abs().Round(time.Millisecond)
	switch {
	case drift > databaseDriftFail:
		e.fail("clock.database", "ops.doc_drift", "ops.doc_drift_mend", "drift", drift)
	case drift > databaseDrift:
		e.warn("clock.database", "ops.doc_drift", "ops.doc_drift_mend", "drift", drift)
	default:
		e.ok("clock.database", "ops.doc_drift", "drift", drift)
	}
}

// checkSteady compares the wall clock with the monotonic one over the time that
// the other checks took: they part when something sets the clock by leaps.
func (e *examination) checkSteady(context.Context) {
	leap := leapBetween(e.start, time.Now())
	if leap > clockLeap {
		e.warn("clock.steady", "ops.doc_leap", "ops.doc_leap_mend", "leap", leap.Round(time.Millisecond))
	}
}

// leapBetween is how far the wall clock moved apart from the monotonic one.
func leapBetween(from, to time.Time) time.Duration {
	return (to.Round(0).Sub(from.Round(0)) - to.Sub(from)).Abs()
}

// existing is the nearest folder that exists, from a path upwards.
func existing(path string) string {
	for {
		if exists(path) {
			return path
		}
		up := filepath.Dir(path)
		if up == path {
			return path
		}
		path = up
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func databaseFile(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "preau.db") }

// reason is an error without the path that its message shows anyway.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return strings.TrimSpace(err.Error())
}
