package app

import (
	"bytes"
	"log"
	"log/slog"
	"regexp"
	"sync"
	"time"
)

// connLog turns what net/http writes about connections into our log: without
// the client's address, and each kind of line once a minute with how often it
// came, because anybody who connects can cause one.
type connLog struct {
	log *slog.Logger
	now func() time.Time

	mu    sync.Mutex // guards all below
	kinds map[string]*connKind
}

type connKind struct {
	last  time.Time
	since int // lines since last
}

const (
	connEvery = time.Minute
	maxKinds  = 100
)

// address is an IPv4 or IPv6 address with its port, as net writes it.
var address = regexp.MustCompile(`\[[0-9a-fA-F:.]+(?:%[^\]\s]*)?\]:\d+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b`)

func errorLog(to *slog.Logger, now func() time.Time) *log.Logger {
	return log.New(&connLog{log: to, now: now, kinds: map[string]*connKind{}}, "", 0)
}

// Write takes one line.
func (c *connLog) Write(line []byte) (int, error) {
	first, _, _ := bytes.Cut(line, []byte("\n")) // a stack may follow, with arguments
	text := string(address.ReplaceAll(first, []byte("…")))
	if len(text) > 300 {
		text = text[:300]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	kind := c.kinds[text]
	if kind == nil {
		if len(c.kinds) >= maxKinds {
			clear(c.kinds)
		}
		kind = &connKind{last: now.Add(-connEvery)}
		c.kinds[text] = kind
	}
	kind.since++
	if now.Sub(kind.last) >= connEvery {
		c.log.Warn("connection", "cause", text, "count", kind.since)
		kind.last, kind.since = now, 0
	}
	return len(line), nil
}
