// Command preau is the whole of Préau: the server, its demonstration, and what
// an administrator needs around it.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"

	"preau/internal/backup"
	"preau/internal/config"
	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/store"
)

// version is set by the build.
var version = "development"

type commands struct {
	Serve    serveCommand    `cmd:"" help:"Serve an installation."`
	Demo     demoCommand     `cmd:"" help:"Serve a demonstration school, made on the first start."`
	Doctor   doctorCommand   `cmd:"" help:"Examine the installation and say how to mend what is wrong."`
	Backup   backupCommand   `cmd:"" help:"Make an encrypted backup, or the key that opens it."`
	Restore  restoreCommand  `cmd:"" help:"Put a backup into an empty installation, on SQLite or PostgreSQL."`
	Staff    staffCommand    `cmd:"" help:"List staff, or make a link that signs one of them in."`
	Journal  journalCommand  `cmd:"" help:"Bring an old site into a school's journal, or take a copy of the journal."`
	Campaign campaignCommand `cmd:"" help:"Make, check and open campaigns that travel as one signed file."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
	QTI      qtiCommand      `cmd:"" name:"qti" help:"Check, score and redact items and tests of the QTI standard."`
	Load     loadCommand     `cmd:"" help:"Measure with simulated pupils."`
	OpenAPI  openapiCommand  `cmd:"" name:"openapi" hidden:"" help:"Print the OpenAPI document."`
}

func main() {
	privateFiles()
	catalogue, err := i18n.Load()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	cli := commands{}
	for _, flags := range []*config.Flags{&cli.Serve.Flags, &cli.Demo.Flags, &cli.Doctor.Flags, &cli.Backup.Now.Flags, &cli.Backup.Keygen.Flags, &cli.Backup.Key.Flags, &cli.Restore.Flags, &cli.Staff.Flags, &cli.Journal.Import.Flags, &cli.Journal.Export.Flags} {
		*flags = config.NewFlags()
	}
	options := []kong.Option{kong.Name("preau"), kong.Description("A school's own digital yard."), kong.ShortUsageOnError(), kong.ExplicitGroups(config.Groups())}
	ctx := kong.Parse(&cli, options...)
	if err := ctx.Run(catalogue); err != nil {
		fmt.Fprintln(os.Stderr, "preau:", words(catalogue, err))
		os.Exit(1)
	}
}

// words is an error as the operator reads it.
func words(catalogue *i18n.Catalogue, err error) string {
	var wrong config.Problems
	if errors.As(err, &wrong) {
		return wrong.Text(catalogue, language())
	}
	if f := fault.Of(err); f != nil {
		return catalogue.T(language(), f.Key, f.Args)
	}
	key, args := known(err)
	if key == "" {
		return err.Error()
	}
	return catalogue.T(language(), "cli."+key, args)
}

// known gives the words of what an operator meets when a backup, a restore or
// a start is refused. What it does not know is shown as it is.
func known(err error) (key string, args map[string]any) {
	var (
		newer    *backup.NewerError
		damaged  *backup.DamagedError
		unsigned *backup.UnsignedError
		noKey    *backup.KeyError
		locked   *store.LockedError
		full     *store.NotEmptyError
		path     *fs.PathError
	)
	switch {
	case errors.As(err, &newer):
		return "archive_newer", map[string]any{"app": newer.App, "schema": newer.Schema}
	case errors.As(err, &damaged):
		return "archive_damaged", map[string]any{"where": damaged.Where}
	case errors.As(err, &unsigned):
		return "archive_unsigned", map[string]any{"what": unsigned.What}
	case errors.As(err, &noKey):
		return "archive_key", nil
	case errors.As(err, &locked):
		return "folder_in_use", map[string]any{"path": locked.DataDir}
	case errors.As(err, &full):
		return "restore_not_empty", map[string]any{"table": full.Table}
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist):
		return "no_file", map[string]any{"path": path.Path}
	case errors.As(err, &path) && errors.Is(err, fs.ErrPermission):
		return "no_permission", map[string]any{"path": path.Path}
	}
	return "", nil
}

// settings of a command: what it asks of the configuration.
type settings struct {
	config.Flags
	ConfigFile string `name:"config" placeholder:"FILE" help:"Settings file. Default: PREAU_CONFIG, then /etc/preau/preau.conf when it exists."`
}

func (s *settings) load() (*config.Config, *slog.Logger, error) {
	c, err := config.Load(config.Input{Flags: s.Values(), Env: os.Environ(), File: s.ConfigFile})
	if err != nil {
		return nil, nil, err
	}
	return c, c.Logger(os.Stderr), nil
}

// language of messages before the configuration is known.
func language() i18n.Locale {
	for _, name := range []string{"PREAU_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if len(v) >= 2 && v[:2] == "en" {
				return i18n.English
			}
			return i18n.French
		}
	}
	return i18n.French
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("preau", version)
	return nil
}
