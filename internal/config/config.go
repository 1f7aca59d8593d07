package config

import (
	"net/netip"
	"time"
)

// Config holds every setting, checked. The tags are read by this package:
// name is the key in the file, the flag (--name) and, in capitals after
// PREAU_, the environment variable; default is written as in the file; help is
// shown to the operator; a field with secret may also be given by the path of
// a file that holds it, as name-file. Add a field and it is a setting.
type Config struct {
	// General
	DataDir   string        `name:"data-dir" group:"general" default:"data" help:"Folder of everything Préau keeps: SQLite database, files, certificates. On a local disk."`
	Origin    string        `name:"origin" group:"general" help:"Address that people type, such as https://preau.example.fr: scheme and host, no path. Required unless tls-mode is off."`
	Listen    []string      `name:"listen" group:"general" help:"Addresses to serve pages on, as host:port. Default: localhost:8080 when tls-mode is off or proxy, :443 otherwise."`
	Language  string        `name:"language" group:"general" default:"fr" help:"Language of commands, and of pages for browsers that ask for neither French nor English: fr or en."`
	Timezone  string        `name:"timezone" group:"general" default:"Europe/Paris" help:"IANA time zone of scheduled work and of new schools, such as Indian/Reunion."`
	StopGrace time.Duration `name:"stop-grace" group:"general" default:"20s" help:"How long a stop waits for requests in progress. At most 5m."`

	// TLS
	TLSMode      string         `name:"tls-mode" group:"tls" default:"off" help:"off (plain HTTP on this machine alone, to try), files (a certificate you have), acme (obtained from the authority you name), local (an authority that Préau makes, for a private network) or proxy (a proxy in front ends TLS)."`
	ListenHTTP   []string       `name:"listen-http" group:"tls" help:"Plain HTTP addresses beside TLS, for redirection, the ACME challenge or the local authority's page; none for none. Default: :80 when tls-mode is files, acme or local."`
	TLSCert      string         `name:"tls-cert" group:"tls" help:"Files mode: PEM file of the certificate and its chain. Read again when it changes."`
	TLSKey       string         `name:"tls-key" group:"tls" help:"Files mode: PEM file of the private key."`
	ACME         string         `name:"acme-directory" group:"tls" help:"ACME mode: directory URL of the authority. No authority is assumed."`
	ACMENames    []string       `name:"acme-names" group:"tls" help:"ACME mode: host names to certify. Default: the host of origin."`
	ACMEEmail    string         `name:"acme-email" group:"tls" help:"ACME mode: contact address given to the authority. Optional."`
	ACMETerms    bool           `name:"acme-accept-terms" group:"tls" default:"no" help:"ACME mode: yes once you have read and accept the authority's terms."`
	ACMERoots    string         `name:"acme-roots" group:"tls" help:"ACME mode: PEM file of the roots that vouch for the directory itself, for an internal authority. Default: those of the system."`
	ACMEKeyID    string         `name:"acme-eab-id" group:"tls" help:"ACME mode: key identifier of the external account binding, where the authority asks for one."`
	ACMEMAC      Secret         `name:"acme-eab-key" group:"tls" secret:"yes" help:"ACME mode: base64url MAC key of the external account binding."`
	LocalNames   []string       `name:"local-names" group:"tls" help:"Local mode: names and addresses the certificate is for. Default: the host of origin, this machine's name with .local, its private addresses."`
	LocalScope   []string       `name:"local-scope" group:"tls" help:"Local mode: domains and address ranges the authority may ever vouch for, fixed when it is made. Default: exactly local-names."`
	TrustProxies []netip.Prefix `name:"trusted-proxies" group:"tls" help:"Proxy mode: addresses or ranges of the proxies whose X-Forwarded-For is believed."`

	// Database
	Database Secret `name:"database" group:"database" secret:"yes" help:"PostgreSQL as postgres://user:password@host:port/name. Default: SQLite in data-dir."`

	// Media
	MediaUDPPort   int      `name:"media-udp-port" group:"media" default:"7882" help:"UDP port of sound and pictures, open to browsers; 0 for one that is free."`
	MediaTCPPort   int      `name:"media-tcp-port" group:"media" default:"7881" help:"TCP port of sound and pictures, for networks that close UDP; 0 for one that is free."`
	MediaAddresses []string `name:"media-addresses" group:"media" help:"Addresses on which browsers reach those ports, at most one IPv4 and one IPv6, where a router translates them. Default: those of this machine. No server is asked."`
	MediaRelay     bool     `name:"media-relay" group:"media" default:"yes" help:"Sound and pictures may also pass through the port of the pages (TURN over TLS), for networks that open nothing else. In off and proxy mode, there is no such relay."`

	// Metrics
	MetricsListen string `name:"metrics-listen" group:"metrics" default:"localhost:9464" help:"Address of the Prometheus listener; none for none. Keep it on a private address."`

	// Backup
	BackupDir        string   `name:"backup-dir" group:"backup" help:"Folder of the backups; best on another disk. Default: backups in data-dir."`
	BackupAt         string   `name:"backup-at" group:"backup" default:"02:30" help:"Time of the daily backup in timezone, as HH:MM; none for none."`
	BackupKeep       int      `name:"backup-keep" group:"backup" default:"14" help:"How many scheduled backups are kept, 1 to 400; older ones are removed."`
	BackupRecipients []string `name:"backup-recipients" group:"backup" help:"age recipients (age1…) that backups are encrypted to. Keep the matching keys off this machine."`

	// Mail
	MailServer   string `name:"mail-server" group:"mail" help:"SMTP server as host:port. Without it no mail is sent and everything works."`
	MailFrom     string `name:"mail-from" group:"mail" help:"Sender's address. Required with mail-server."`
	MailUser     string `name:"mail-user" group:"mail" help:"SMTP user name, where the server asks for one."`
	MailPassword Secret `name:"mail-password" group:"mail" secret:"yes" help:"SMTP password."`
	MailTLS      string `name:"mail-tls" group:"mail" default:"starttls" help:"starttls, tls, or none (a server on this machine alone)."`

	// Journal
	JournalAddressDays int `name:"journal-address-days" group:"journal" default:"0" help:"How many days the network address of a reader's contribution to a journal is kept, 0 to 400; 0 keeps none. Ask your lawyer what decree 2021-1362 asks of you."`

	// Log
	LogFormat string `name:"log-format" group:"log" default:"text" help:"text or json."`
	LogLevel  string `name:"log-level" group:"log" default:"info" help:"debug, info, warn or error."`

	// Egress
	EgressAllow []string `name:"egress-allow" group:"egress" help:"Further destinations Préau may connect to, as host:port. The database, mail server and ACME directory that you set are allowed already; nothing else is."`

	// File that was read, or "".
	File string

	sources map[string]Source
}

// Secret is a value that logs and messages never show.
type Secret string

// Reveal gives the value itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "•••"
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the value from JSON and from structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Source says where the value of a setting came from.
type Source struct {
	From string // "flag", "env", "file", "secret" (a name-file setting) or "default"
	Name string // the flag, the variable or the path
	Line int    // in the file, from 1
}

// Source gives the origin of a setting's value.
func (c *Config) Source(name string) Source {
	if s, ok := c.sources[name]; ok {
		return s
	}
	return Source{From: "default"}
}

// Modes of TLSMode.
const (
	Off   = "off"
	Files = "files"
	ACME  = "acme"
	Local = "local"
	Proxy = "proxy"
)

// None, as the value of a listener or of backup-at, switches it off. After
// Load such a setting is empty.
const None = "none"
