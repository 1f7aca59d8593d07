package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/internal/store"
)

// sysCall is one traced system call. began and ended are line numbers of the
// trace, and so say what was before what, over all threads.
type sysCall struct {
	name         string
	args         string
	began, ended int
	failed       bool
}

func (s sysCall) syncs(path string) bool {
	return (s.name == "fsync" || s.name == "fdatasync") && !s.failed && strings.Contains(s.args, path)
}

// trace runs a child under strace and returns its system calls. Killing a
// process does not show whether it synced, since the kernel keeps what was
// written; the calls themselves do.
func trace(t *testing.T, c child) []sysCall {
	t.Helper()
	if testing.Short() {
		t.Skip("system calls are not traced with -short")
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed: run `apt-get install strace` (or `make test`, which does it), or leave this test out with -short")
	}
	file := filepath.Join(t.TempDir(), "trace")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, strace, "-f", "-qq", "-y", "-s", "70000", "-o", file,
		"-e", "trace=write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat,renameat2", os.Args[0])
	cmd.Env = append(os.Environ(), c.env())
	var errout strings.Builder
	cmd.Stderr = &errout
	// A pipe, so that an acknowledgement is a write to standard output.
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(out); s.Scan(); {
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("strace: %v\n%s", err, errout.String())
	}
	calls, err := parseTrace(file)
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

var (
	callBegins  = regexp.MustCompile(`^(\d+) +(\w+)\((.*)$`)
	callResumes = regexp.MustCompile(`^(\d+) +<\.\.\. \w+ resumed>(.*)$`)
)

func parseTrace(file string) ([]sysCall, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var calls []sysCall
	open := map[string]int{} // the unfinished call of each thread
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for line := 0; s.Scan(); line++ {
		text := s.Text()
		if m := callResumes.FindStringSubmatch(text); m != nil {
			i, ok := open[m[1]]
			if !ok {
				return nil, fmt.Errorf("trace line %d resumes nothing", line)
			}
			delete(open, m[1])
			calls[i].ended, calls[i].failed = line, strings.Contains(m[2], "= -1 ")
			continue
		}
		m := callBegins.FindStringSubmatch(text)
		if m == nil {
			continue // a signal, the end of a thread
		}
		c := sysCall{name: m[2], args: m[3], began: line, ended: line, failed: strings.Contains(m[3], ") = -1 ")}
		if strings.HasSuffix(text, "<unfinished ...>") {
			open[m[1]] = len(calls)
			c.ended = 1 << 60
		}
		calls = append(calls, c)
	}
	return calls, s.Err()
}

// find returns the first call, begun after line from, that fits.
func find(calls []sysCall, from int, fits func(sysCall) bool) (sysCall, bool) {
	for _, c := range calls {
		if c.began > from && fits(c) {
			return c, true
		}
	}
	return sysCall{}, false
}

// tooEarly lists the rows that were acknowledged before the write that holds
// them was followed by a sync.
func tooEarly(t *testing.T, calls []sysCall) (early []int64) {
	t.Helper()
	const wal = "preau.db-wal>"
	for n := range int64(tracedRows) {
		m := marker(n)
		ack, ok := find(calls, -1, func(c sysCall) bool {
			return c.name == "write" && strings.HasPrefix(c.args, "1<") && strings.Contains(c.args, m)
		})
		if !ok {
			t.Fatalf("row %d was never acknowledged", n)
		}
		written, ok := find(calls, -1, func(c sysCall) bool {
			return strings.HasPrefix(c.name, "pwrite") && strings.Contains(c.args, wal) && strings.Contains(c.args, m)
		})
		if !ok {
			t.Fatalf("row %d was never written to the log", n)
		}
		synced, ok := find(calls, written.ended, func(c sysCall) bool { return c.syncs(wal) })
		if !ok || synced.ended >= ack.began {
			early = append(early, n)
		}
	}
	return early
}

// No acknowledgement precedes its sync; and the same test sees it when one does.
func TestNoAcknowledgementBeforeItsSync(t *testing.T) {
	t.Run("safe", func(t *testing.T) {
		calls := trace(t, child{Do: "acks", DataDir: t.TempDir()})
		if early := tooEarly(t, calls); len(early) > 0 {
			t.Errorf("%d of %d rows were acknowledged too early: %v", len(early), tracedRows, early)
		}
		syncs := 0
		for _, c := range calls {
			if c.syncs("preau.db-wal>") {
				syncs++
			}
		}
		t.Logf("%d rows, %d syncs of the log", tracedRows, syncs)
	})
	for _, level := range []string{"OFF", "NORMAL"} {
		t.Run("broken on purpose, "+level, func(t *testing.T) {
			early := tooEarly(t, trace(t, child{Do: "acks", DataDir: t.TempDir(), Synchronous: level}))
			if len(early) < tracedRows/2 {
				t.Errorf("only %d of %d rows were seen to be acknowledged too early", len(early), tracedRows)
			}
		})
	}
}

// A file is synced, moved, and its folder synced, before it is acknowledged.
func TestAFileIsSyncedBeforeItIsAcknowledged(t *testing.T) {
	dir := t.TempDir()
	calls := trace(t, child{Do: "files", DataDir: dir})
	db, err := store.Open(t.Context(), store.Options{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := store.BlobPage(t.Context(), db.Reader(), "", 500)
	if err != nil || len(files) != 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		last := -1
		for _, step := range []struct {
			what string
			fits func(sysCall) bool
		}{
			{"the content is synced", func(c sysCall) bool { return c.syncs("/files/tmp/") }},
			{"it is moved", func(c sysCall) bool { return strings.HasPrefix(c.name, "rename") && strings.Contains(c.args, f.ID) }},
			{"its folder is synced", func(c sysCall) bool { return c.syncs("/files/" + f.ID[32:34] + "/" + f.ID[34:36] + ">") }},
			{"its description is synced", func(c sysCall) bool { return c.syncs("preau.db-wal>") }},
			{"it is acknowledged", func(c sysCall) bool { return strings.HasPrefix(c.args, "1<") && strings.Contains(c.args, f.ID) }},
		} {
			c, ok := find(calls, last, step.fits)
			if !ok {
				t.Fatalf("file %s: not seen: %s", f.ID, step.what)
			}
			last = c.ended
		}
	}
}
