package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"preau/internal/i18n"
)

// load reads a file's text with flags and environment.
func load(t *testing.T, text string, env []string, flags map[string]string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "preau.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(Input{File: path, Env: env, Flags: flags})
}

func TestAnEmptyFileIsASchoolOnThisMachine(t *testing.T) {
	c, err := load(t, "", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Origin != "http://localhost:8080" || !slices.Equal(c.Listen, []string{"localhost:8080"}) || c.ListenHTTP != nil {
		t.Errorf("origin %s, listen %v, plain %v", c.Origin, c.Listen, c.ListenHTTP)
	}
	if c.Secure() || c.BackupDir != filepath.Join("data", "backups") || len(c.Outgoing()) != 0 {
		t.Errorf("secure %v, backups in %s, outgoing %v", c.Secure(), c.BackupDir, c.Outgoing())
	}
}

func TestFlagWinsOverEnvironmentOverFileOverDefault(t *testing.T) {
	file, env, flag := "log-level = warn\nlog-format = json\nlanguage = en\n", []string{"PREAU_LOG_LEVEL=error", "PREAU_LOG_FORMAT=text"}, map[string]string{"log-level": "debug"}
	c, err := load(t, file, env, flag)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		name, got, value, from string
	}{
		{"log-level", c.LogLevel, "debug", "flag"},
		{"log-format", c.LogFormat, "text", "env"},
		{"language", c.Language, "en", "file"},
		{"timezone", c.Timezone, "Europe/Paris", "default"},
	} {
		if want.got != want.value || c.Source(want.name).From != want.from {
			t.Errorf("%s is %s from %s, want %s from %s", want.name, want.got, c.Source(want.name).From, want.value, want.from)
		}
	}
	if c.Source("language").Line != 3 {
		t.Errorf("language comes from line %d", c.Source("language").Line)
	}
}

func TestWrongSettingsSayWhichWhereAndHow(t *testing.T) {
	local := "tls-mode = local\norigin = https://preau.local\n"
	for _, c := range []struct {
		name, file string
		want       []string // in one line of the English text
	}{
		{"unknown", "orign = https://a.fr", []string{"line 1", "“orign”", "“origin”"}},
		{"unknown far", "zzzzzzzzzz = 1", []string{"“zzzzzzzzzz”", "serve --help"}},
		{"underscore", "tls_mode = off", []string{"“tls-mode”"}},
		{"section", "[tls]", []string{"line 1", "brackets"}},
		{"form", "tls-mode", []string{"name = value"}},
		{"twice", "language = fr\n\nlanguage = en", []string{"line 3", "line 1"}},
		{"quote", `origin = "https://a.fr`, []string{"quote"}},
		{"latin-1", "origin = https://pr\xe9au.fr", []string{"UTF-8"}},
		{"mode", "tls-mode = letsencrypt", []string{"tls-mode", "letsencrypt", "off, files, acme, local, proxy"}},
		{"other mode", "tls-cert = /x", []string{"tls-cert", "files", "off"}},
		{"origin missing", "tls-mode = local", []string{"origin", "local"}},
		{"origin http", "tls-mode = local\norigin = http://preau.local", []string{"origin", "https://"}},
		{"origin path", "tls-mode = local\norigin = https://preau.local/x", []string{"origin"}},
		{"off beyond", "listen = :8080", []string{"listen", "in clear", "local"}},
		{"off origin", "origin = https://preau.fr", []string{"origin", "tls-mode"}},
		{"cert missing", "tls-mode = files\norigin = https://a.fr\ntls-cert = /nowhere/cert.pem", []string{"tls-cert", "/nowhere/cert.pem", "no such file"}},
		{"key missing", "tls-mode = files\norigin = https://a.fr", []string{"tls-key"}},
		{"no authority", "tls-mode = acme\norigin = https://a.fr", []string{"acme-directory", "no authority is assumed"}},
		{"terms", "tls-mode = acme\norigin = https://a.fr\nacme-directory = https://ca.fr/d", []string{"acme-accept-terms"}},
		{"acme private", "tls-mode = acme\norigin = https://192.168.1.2\nacme-accept-terms=yes\nacme-directory = https://ca.fr/d", []string{"acme-names", "local"}},
		{"proxies", "tls-mode = proxy\norigin = https://a.fr", []string{"trusted-proxies"}},
		{"all proxies", "tls-mode = proxy\norigin = https://a.fr\ntrusted-proxies = 0.0.0.0/0", []string{"trusted-proxies", "0.0.0.0/0"}},
		{"bad proxy", "tls-mode = proxy\norigin = https://a.fr\ntrusted-proxies = ten", []string{"ten", "10.0.0.0/24"}},
		{"scope", local + "local-scope = 300.0.0.0/8_", []string{"local-scope"}},
		{"zone", "timezone = Paris", []string{"Europe/Paris"}},
		{"hour", "backup-at = 2h30", []string{"backup-at", "02:30"}},
		{"keep", "backup-keep = 0", []string{"backup-keep", "1 to 400"}},
		{"number", "backup-keep = many", []string{"backup-keep", "digits"}},
		{"recipient", "backup-recipients = age1xyz", []string{"backup-recipients", "age1xyz"}},
		{"grace", "stop-grace = 1h", []string{"stop-grace", "5m"}},
		{"duration", "stop-grace = long", []string{"stop-grace", "20s"}},
		{"mail alone", "mail-from = a@b.fr", []string{"mail-from", "mail-server"}},
		{"mail clear", "mail-server = smtp.fr:25\nmail-from = a@b.fr\nmail-tls = none", []string{"mail-tls", "starttls"}},
		{"mail sender", "mail-server = smtp.fr:25", []string{"mail-from"}},
		{"mail pair", "mail-server = smtp.fr:25\nmail-from = a@b.fr\nmail-user = u", []string{"mail-user and mail-password"}},
		{"egress", "egress-allow = everything", []string{"egress-allow", "a port"}},
		{"media port", "media-udp-port = 70000", []string{"media-udp-port", "0 to 65535"}},
		{"media address", "media-addresses = preau.lan", []string{"media-addresses", "preau.lan", "192.0.2.10"}},
		{"media addresses", "media-addresses = 192.0.2.1, 192.0.2.2", []string{"media-addresses", "192.0.2.2", "one of each family"}},
		{"media relay", "media-relay = yes", []string{"media-relay", "off"}},
		{"bool", "tls-mode = acme\nacme-accept-terms = maybe", []string{"acme-accept-terms", "yes or no"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.file, nil, nil)
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("accepted: %v", err)
			}
			lines := strings.Split(problems.Error(), "\n")
			if !slices.ContainsFunc(lines, func(line string) bool {
				return !slices.ContainsFunc(c.want, func(w string) bool { return !strings.Contains(line, w) })
			}) {
				t.Errorf("no line says %q in:\n%s", c.want, problems.Error())
			}
			if strings.Contains(problems.Error(), "{") || strings.Contains(problems.Error(), "ops.") {
				t.Errorf("a text is unfinished: %s", problems.Error())
			}
		})
	}
}

func TestAllProblemsComeAtOnceInFrenchToo(t *testing.T) {
	_, err := load(t, "backup-at = x\nlanguage = de\nbackup-keep = 900", []string{"PREAU_LOG_LEVEL=loud"}, map[string]string{"log-format": "xml"})
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 5 {
		t.Fatalf("want five problems: %v", err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	text := problems.Text(catalogue, i18n.French)
	for _, want := range []string{"option --log-format", "variable PREAU_LOG_LEVEL", "ligne 2", "Choisissez parmi"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

func TestSecrets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(path, []byte("postgres://u:tiger@db.lan/preau\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, "database-file = "+path, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Database.Reveal() != "postgres://u:tiger@db.lan/preau" || c.Source("database").From != "secret" {
		t.Errorf("database %q from %+v", c.Database.Reveal(), c.Source("database"))
	}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(*c), fmt.Sprintf("%+v %#v", *c, c.Database), string(asJSON)} {
		if strings.Contains(shown, "tiger") {
			t.Errorf("the password shows in %s", shown)
		}
	}
	if c, err = load(t, "database-file = "+path, []string{"PREAU_DATABASE=postgres://other/preau"}, nil); err != nil || c.Database.Reveal() != "postgres://other/preau" {
		t.Errorf("the environment does not win: %v %v", c, err)
	}
	for _, both := range []string{"database = postgres://a/b\ndatabase-file = " + path, "database-file = " + path + "\ndatabase = postgres://a/b"} {
		if _, err = load(t, both, nil, nil); err == nil {
			t.Error("both forms in one place were accepted")
		}
	}
	for _, bad := range []string{"mysql://u:tiger@h/x", "postgres://u:tiger@h:port:9/x"} {
		if _, err = load(t, "database = "+bad, nil, nil); err == nil || strings.Contains(err.Error(), "tiger") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	secret := "AGE-SECRET-KEY-1QQPQYSDDJWF3R5TGKVXZ"
	if _, err = load(t, "backup-recipients = "+secret, nil, nil); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a secret key as recipient: %v", err)
	}
}

func TestEnvironmentSlips(t *testing.T) {
	if _, err := load(t, "", []string{"PREAU_LOG_LEVLE=debug"}, nil); err == nil || !strings.Contains(err.Error(), "PREAU_LOG_LEVEL") {
		t.Errorf("a slip: %v", err)
	}
	if _, err := load(t, "", []string{"PREAU_TEST_POSTGRES=postgres://x/y", "HOME=/root"}, nil); err != nil {
		t.Errorf("another program's variable: %v", err)
	}
}

func TestNamedFileMustExist(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.conf")
	for _, in := range []Input{{File: missing}, {Env: []string{"PREAU_CONFIG=" + missing}}} {
		if _, err := Load(in); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("%v", err)
		}
	}
}

func TestModesCompleteThemselves(t *testing.T) {
	c, err := load(t, "tls-mode = local\norigin = https://Preau.Local:443/", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Origin != "https://preau.local" || !slices.Equal(c.Listen, []string{":443"}) || !slices.Equal(c.ListenHTTP, []string{":80"}) || !c.Secure() || c.Host() != "preau.local" {
		t.Errorf("%+v", c)
	}
	c, err = load(t, "tls-mode = acme\norigin = https://preau.fr\nlisten-http = none\nacme-directory = https://ca.fr:14000/dir\nacme-accept-terms = yes\nmail-server = smtp.fr:587\nmail-from = a@b.fr\ndatabase = postgres://u:p@one,two:5433/x?sslmode=verify-full", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"ca.fr:14000", "one:5432", "smtp.fr:587", "two:5433"}
	if got := c.Outgoing(); !slices.Equal(got, want) || c.ListenHTTP != nil || !slices.Equal(c.ACMENames, []string{"preau.fr"}) {
		t.Errorf("outgoing %v, plain %v, names %v", got, c.ListenHTTP, c.ACMENames)
	}
	c, err = load(t, "tls-mode = proxy\norigin = https://preau.fr\ntrusted-proxies = 10.0.0.5, 192.168.7.0/24", nil, nil)
	if err != nil || fmt.Sprint(c.TrustProxies) != "[10.0.0.5/32 192.168.7.0/24]" {
		t.Errorf("%v %v", c, err)
	}
}

func TestDatabaseHosts(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://u:p%40@h/x":                      "[h:5432]",
		"postgresql://h:6000":                        "[h:6000]",
		"postgres://u:p@[fd00::1]:5433/x":            "[[fd00::1]:5433]",
		"postgres:///x?host=/run/postgresql":         "[]",
		"postgres:///x?host=db.lan&port=5440":        "[db.lan:5440]",
		"postgres://u@a:1,b/x?target=any":            "[a:1 b:5432]",
		"postgres://u:p@ss@h/x":                      "[h:5432]",
		"postgres:///x?user=preau&sslmode=disable":   "[]",
		"postgres://?host=/run/postgresql&dbname=pr": "[]",
	} {
		if got := fmt.Sprint(databaseHosts(dsn)); got != want {
			t.Errorf("%s: %s, want %s", dsn, got, want)
		}
	}
}

func TestFlagsAreSettings(t *testing.T) {
	var cli struct {
		Serve struct {
			Flags
		} `cmd:""`
	}
	cli.Serve.Flags = NewFlags()
	var help strings.Builder
	parser, err := kong.New(&cli, kong.Writers(&help, &help), kong.Exit(func(int) {}), kong.ExplicitGroups(Groups()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = parser.Parse([]string{"serve", "--log-level=debug", "--database-file", "/x", "--acme-accept-terms"}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(cli.Serve.Values()); got != "map[acme-accept-terms:yes database-file:/x log-level:debug]" {
		t.Errorf("flags %s", got)
	}
	if _, err = parser.Parse([]string{"serve", "--help"}); err != nil {
		t.Logf("after help: %v", err) // the faked exit lets kong go on to complain
	}
	for _, s := range settings() {
		if !strings.Contains(help.String(), "--"+s.name) {
			t.Errorf("--%s is not in the help", s.name)
		}
	}
}

func TestSettingsAreDocumented(t *testing.T) {
	groups := map[string]bool{}
	for _, g := range groupTitles() {
		groups[g.key] = true
	}
	all := settings()
	for _, s := range all {
		if !groups[s.group] || len(s.help) < 10 || !strings.HasSuffix(s.help, ".") || strings.Contains(s.help, "|") {
			t.Errorf("%s: group %q, help %q", s.name, s.group, s.help)
		}
		if !strings.Contains(Reference(), "`"+s.name+"`") {
			t.Errorf("%s is not in the reference", s.name)
		}
	}
	for name := range only() {
		if !contains(names(all), name) {
			t.Errorf("only() names %s, which is no setting", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "a = b", "# x\n\na=\"b\"\r\n", "\xef\xbb\xbfa=b", "[x]\n=\n\"", "a = \"", "a\x00=b", strings.Repeat("a", maxLine+1)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		entries, wrong := parse(raw)
		seen := map[string]bool{}
		for _, e := range entries {
			if seen[e.key] || e.key == "" || e.line < 1 || strings.ContainsAny(e.key+e.value, "\n\x00") {
				t.Errorf("entry %+v", e)
			}
			seen[e.key] = true
		}
		lines := strings.Count(string(raw), "\n") + 1
		if len(entries)+len(wrong) > lines {
			t.Errorf("%d entries and %d refusals in %d lines", len(entries), len(wrong), lines)
		}
	})
}
