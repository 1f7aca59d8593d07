package config

import (
	"io"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"
)

// Secure says whether people reach the pages over HTTPS.
func (c *Config) Secure() bool { return strings.HasPrefix(c.Origin, "https://") }

// Host is the host of Origin, without its port.
func (c *Config) Host() string {
	u, err := url.Parse(c.Origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// ownTLS says whether Préau itself ends TLS on Listen.
func (c *Config) ownTLS() bool { return c.TLSMode == Files || c.TLSMode == ACME || c.TLSMode == Local }

// RelayPort is the port of Origin, where media may pass too.
func (c *Config) RelayPort() int {
	u, err := url.Parse(c.Origin)
	if err != nil || u.Port() == "" {
		return 443
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		return 443 // Load refused it already
	}
	return port
}

// Location is the time zone of scheduled work.
func (c *Config) Location() *time.Location {
	l, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return time.UTC // Load refused it already
	}
	return l
}

// Given says whether the operator wrote that setting, rather than its default.
func (c *Config) Given(name string) bool {
	_, given := c.sources[name]
	return given
}

// Logger writes the log in the configured form.
func (c *Config) Logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// Outgoing lists, as host:port, every destination that the operator named:
// the allow-list of package egress.
func (c *Config) Outgoing() []string {
	list := slices.Clone(c.EgressAllow)
	if c.Database != "" {
		list = append(list, databaseHosts(string(c.Database))...)
	}
	if c.MailServer != "" {
		list = append(list, c.MailServer)
	}
	if u, err := url.Parse(c.ACME); err == nil && c.TLSMode == ACME && u.Host != "" {
		port := u.Port()
		if port == "" {
			port = "443"
		}
		list = append(list, net.JoinHostPort(u.Hostname(), port))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Recipients are the age recipients that backups are encrypted to.
func (c *Config) Recipients() ([]age.Recipient, error) {
	var all []age.Recipient
	for _, one := range c.BackupRecipients {
		r, err := age.ParseRecipients(strings.NewReader(one))
		if err != nil {
			return nil, err // Load refused it already
		}
		all = append(all, r...)
	}
	return all, nil
}
