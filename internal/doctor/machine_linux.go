package doctor

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func readFilesystem(path string) (filesystem, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return filesystem{}, err
	}
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return filesystem{}, err
	}
	kind := map[int64]string{
		unix.TMPFS_MAGIC: "tmpfs", unix.RAMFS_MAGIC: "tmpfs", unix.NFS_SUPER_MAGIC: "nfs", 0xFF534D42: "cifs", unix.SMB2_SUPER_MAGIC: "smb2", unix.SMB_SUPER_MAGIC: "cifs",
		unix.FUSE_SUPER_MAGIC: "fuse", unix.V9FS_MAGIC: "9p", unix.CEPH_SUPER_MAGIC: "ceph", unix.AFS_SUPER_MAGIC: "afs",
	}[int64(uint32(s.Type))]
	block := uint64(s.Bsize)
	return filesystem{Free: s.Bavail * block, Total: s.Blocks * block, FreeFiles: s.Ffree, Files: s.Files, Kind: kind, Device: uint64(st.Dev)}, nil
}

// readMemory gives the smaller of the machine's memory and the service's own
// limit.
func readMemory() (memoryState, error) {
	var m memoryState
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return m, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), ":")
		kb, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
		if err != nil {
			continue
		}
		switch name {
		case "MemTotal":
			m.Total = kb << 10
		case "MemAvailable":
			m.Available = kb << 10
		}
	}
	if err := lines.Err(); err != nil || m.Total == 0 {
		return m, fmt.Errorf("no memory figures: %w", err)
	}
	if raw, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if limit, err := strconv.ParseUint(strings.TrimSpace(string(raw)), 10, 64); err == nil {
			m.Total, m.Available = min(m.Total, limit), min(m.Available, limit)
		}
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return m, err
	}
	m.OpenFiles = limit.Cur
	return m, nil
}

// readClock asks the kernel whether something keeps its clock on time. No
// server is asked.
func readClock() (synchronised, known bool) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return state != unix.TIME_ERROR, err == nil
}

func ownerOf(info os.FileInfo) (uid int, known bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(s.Uid), true
}
