package config

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are checked here, on machines without the files

	"filippo.io/age"
)

// checker gathers what is wrong while it completes the defaults that depend
// on other settings.
type checker struct {
	*Config
	problems Problems
}

func (c *Config) check() Problems {
	k := &checker{Config: c}
	k.general()
	k.tls()
	k.services()
	k.media()
	k.backup()
	return k.problems
}

func (k *checker) refuse(name, key string, args ...any) {
	p := Problem{Setting: name, Source: k.Source(name), Key: key, Args: map[string]any{}}
	for i := 0; i < len(args); i += 2 {
		p.Args[args[i].(string)] = args[i+1]
	}
	k.problems = append(k.problems, p)
}

func (k *checker) oneOf(name, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		k.refuse(name, "ops.cfg_one_of", "value", value, "allowed", strings.Join(allowed, ", "))
	}
}

func (k *checker) between(name string, n, low, high int) {
	if n < low || n > high {
		k.refuse(name, "ops.cfg_range", "value", n, "low", low, "high", high)
	}
}

func (k *checker) general() {
	if k.DataDir == "" {
		k.refuse("data-dir", "ops.cfg_required")
	}
	k.oneOf("language", k.Language, "fr", "en")
	if _, err := time.LoadLocation(k.Timezone); err != nil || k.Timezone == "" || k.Timezone == "Local" {
		k.refuse("timezone", "ops.cfg_timezone", "value", k.Timezone)
	}
	if k.StopGrace < time.Second || k.StopGrace > 5*time.Minute {
		k.refuse("stop-grace", "ops.cfg_stop_grace", "value", k.StopGrace)
	}
	k.oneOf("log-format", k.LogFormat, "text", "json")
	k.oneOf("log-level", k.LogLevel, "debug", "info", "warn", "error")
}

func (k *checker) services() {
	k.database()
	if k.MetricsListen == None {
		k.MetricsListen = ""
	} else {
		k.listener("metrics-listen", k.MetricsListen)
	}
	for _, to := range k.EgressAllow {
		k.hostPort("egress-allow", to)
	}
	k.oneOf("mail-tls", k.MailTLS, "starttls", "tls", None)
	if k.MailServer == "" {
		for _, name := range []string{"mail-from", "mail-user", "mail-password", "mail-tls"} {
			if _, given := k.sources[name]; given {
				k.refuse(name, "ops.cfg_mail_alone")
			}
		}
		return
	}
	if k.hostPort("mail-server", k.MailServer) && k.MailTLS == None && !loopback(k.MailServer) {
		k.refuse("mail-tls", "ops.cfg_mail_clear")
	}
	if k.MailFrom == "" || !strings.Contains(k.MailFrom, "@") || strings.ContainsAny(k.MailFrom, " <>\t,") {
		k.refuse("mail-from", "ops.cfg_mail_from", "value", k.MailFrom)
	}
	if (k.MailUser == "") != (k.MailPassword == "") {
		k.refuse("mail-password", "ops.cfg_pair", "one", "mail-user", "other", "mail-password")
	}
}

func (k *checker) media() {
	k.between("media-udp-port", k.MediaUDPPort, 0, 65535)
	k.between("media-tcp-port", k.MediaTCPPort, 0, 65535)
	families := map[bool]bool{}
	for _, one := range k.MediaAddresses {
		a, err := netip.ParseAddr(one)
		if err != nil || a.IsUnspecified() || a.IsMulticast() || a.Zone() != "" || families[a.Unmap().Is4()] {
			k.refuse("media-addresses", "ops.cfg_media_addresses", "value", one)
			continue
		}
		families[a.Unmap().Is4()] = true
	}
	if !k.ownTLS() {
		if _, given := k.sources["media-relay"]; given && k.MediaRelay {
			k.refuse("media-relay", "ops.cfg_media_relay", "mode", k.TLSMode)
		}
		k.MediaRelay = false
	}
}

const databaseForm = "postgres://user:password@host:5432/name"

// database never shows the value: it may hold a password.
func (k *checker) database() {
	if k.Database == "" {
		return
	}
	rest, ok := strings.CutPrefix(string(k.Database), "postgres://")
	if !ok {
		rest, ok = strings.CutPrefix(string(k.Database), "postgresql://")
	}
	if !ok || rest == "" {
		k.refuse("database", "ops.cfg_database", "form", databaseForm)
		return
	}
	for _, to := range databaseHosts(string(k.Database)) {
		if _, _, err := net.SplitHostPort(to); err != nil {
			k.refuse("database", "ops.cfg_database", "form", databaseForm)
			return
		}
	}
}

func (k *checker) backup() {
	if k.BackupDir == "" {
		k.BackupDir = filepath.Join(k.DataDir, "backups")
	}
	k.between("backup-keep", k.BackupKeep, 1, 400)
	k.between("journal-address-days", k.JournalAddressDays, 0, 400)
	if k.BackupAt == None {
		k.BackupAt = ""
	} else if _, err := time.Parse("15:04", k.BackupAt); err != nil || len(k.BackupAt) != len("15:04") {
		k.refuse("backup-at", "ops.cfg_backup_at", "value", k.BackupAt)
	}
	for _, r := range k.BackupRecipients {
		if strings.HasPrefix(strings.ToUpper(r), "AGE-SECRET-KEY-") {
			k.refuse("backup-recipients", "ops.cfg_recipient_secret") // and the value is not repeated
		} else if _, err := age.ParseRecipients(strings.NewReader(r)); err != nil {
			k.refuse("backup-recipients", "ops.cfg_recipient", "value", r)
		}
	}
}

// hostPort checks a destination: a host and a port from 1.
func (k *checker) hostPort(name, value string) bool {
	host, port, err := net.SplitHostPort(value)
	n, convErr := strconv.Atoi(port)
	if err != nil || convErr != nil || n < 1 || n > 65535 || !validHost(host) {
		k.refuse(name, "ops.cfg_host_port", "value", value)
		return false
	}
	return true
}

// listener checks an address to listen on: the host may be empty (all
// addresses of the machine), the port 0 (one that is free).
func (k *checker) listener(name, value string) bool {
	host, port, err := net.SplitHostPort(value)
	n, convErr := strconv.Atoi(port)
	if err != nil || convErr != nil || n < 0 || n > 65535 || host != "" && !validHost(host) {
		k.refuse(name, "ops.cfg_listen", "value", value)
		return false
	}
	return true
}

func (k *checker) readable(name, path string) {
	f, err := os.Open(path)
	if err != nil {
		k.refuse(name, "ops.cfg_unreadable", "path", path, "error", cause(err))
		return
	}
	f.Close()
}

// validHost accepts an address or a host name of RFC 1123.
func validHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	if host == "" || len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
				return false
			}
		}
	}
	return true
}

// loopback says whether host:port stays on this machine.
func loopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		return false
	}
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}

// databaseHosts lists the host:port of a PostgreSQL URL, which may name
// several; a socket's folder gives none.
func databaseHosts(dsn string) []string {
	_, rest, _ := strings.Cut(dsn, "://")
	authority, tail, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		authority = authority[at+1:]
	}
	authority, _, _ = strings.Cut(authority, "?")
	if authority == "" {
		_, query, _ := strings.Cut(tail, "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			return nil
		}
		authority = values.Get("host")
		if authority == "" || strings.HasPrefix(authority, "/") {
			return nil
		}
		if port := values.Get("port"); port != "" {
			authority += ":" + port
		}
	}
	var list []string
	for one := range strings.SplitSeq(authority, ",") {
		if u, err := url.Parse("postgres://" + one); err == nil && u.Port() == "" {
			one = net.JoinHostPort(u.Hostname(), "5432")
		}
		list = append(list, one)
	}
	return list
}
