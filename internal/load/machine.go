package load

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// usage is what a process has taken, as Linux counts it.
type usage struct {
	cpu    time.Duration
	memory int64 // resident, bytes
}

// tick is the unit of processor time in /proc, on every architecture.
const tick = 10 * time.Millisecond

func usageOf(pid int) (usage, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, err
	}
	// The name, in parentheses, may hold spaces: proc(5) counts from its end.
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	if len(fields) < 22 {
		return usage{}, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	var numbers [3]int64
	for i, field := range []int{11, 12, 21} { // utime, stime, rss
		if numbers[i], err = strconv.ParseInt(fields[field], 10, 64); err != nil {
			return usage{}, err
		}
	}
	return usage{cpu: time.Duration(numbers[0]+numbers[1]) * tick, memory: numbers[2] * int64(os.Getpagesize())}, nil
}

// span is what the server and the generator took between two moments.
type span struct {
	length            time.Duration
	server, generator time.Duration
	memory            int64 // of the server at the end
}

// watch begins a span; calling what it gives ends it.
func watch(pid int) (func() (span, error), error) {
	began := time.Now()
	server, err := usageOf(pid)
	if err != nil {
		return nil, err
	}
	generator, err := usageOf(os.Getpid())
	return func() (span, error) {
		s, err := usageOf(pid)
		if err != nil {
			return span{}, err
		}
		g, err := usageOf(os.Getpid())
		return span{length: time.Since(began), server: s.cpu - server.cpu, generator: g.cpu - generator.cpu, memory: s.memory}, err
	}, err
}

// cores is how many a process kept busy.
func (s span) cores(cpu time.Duration) float64 { return cpu.Seconds() / s.length.Seconds() }

// Machine says on what, and beside what other work, figures were measured.
func Machine() string {
	model, memory := "unknown processor", "unknown memory"
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(raw)) {
			if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	if raw, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kB int64
		if _, err := fmt.Sscanf(string(raw), "MemTotal: %d kB", &kB); err == nil {
			memory = fmt.Sprintf("%.0f GB", float64(kB)/(1<<20))
		}
	}
	return fmt.Sprintf("%d cores, %s, %s, %s %s; load of the machine %s", runtime.NumCPU(), memory, model, runtime.GOOS, runtime.Version(), Busy())
}

// Busy is the load averages of 1, 5 and 15 minutes.
func Busy() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(raw)); err == nil && len(fields) >= 3 {
		return strings.Join(fields[:3], " ")
	}
	return "unknown"
}

// bareWrite is the median of writes of 4 KiB, each followed by fsync, in a
// folder: what no durable event can be quicker than.
func bareWrite(folder string) (time.Duration, error) {
	f, err := os.CreateTemp(folder, "write")
	if err != nil {
		return 0, err
	}
	defer os.Remove(filepath.Clean(f.Name()))
	defer f.Close()
	page := make([]byte, 4096)
	took := make([]time.Duration, 50)
	for i := range took {
		began := time.Now()
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		took[i] = time.Since(began)
	}
	return percentile(took, 50), nil
}

// percentile, by nearest rank, sorts what it is given. It is 0 of nothing.
func percentile(all []time.Duration, p int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[max((len(all)*p+99)/100-1, 0)]
}
