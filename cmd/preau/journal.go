package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"preau/internal/app"
	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/journal"
	"preau/internal/journal/bring"
)

type journalCommand struct {
	Import journalImport `cmd:"" help:"Read an export of WordPress, SPIP, Atom or RSS and say what it holds; with --write, bring it in."`
	Export journalExport `cmd:"" help:"Write the journal as Markdown files or as a static site."`
}

type journalImport struct {
	settings
	File     string            `arg:"" help:"The export: XML, XML packed by gzip, SPIP's SQLite, or a zip of it with the pictures."`
	School   string            `required:"" placeholder:"NAME" help:"Address of the journal, or id of the school."`
	Pictures string            `placeholder:"FILE" help:"Zip of the pictures (wp-content/uploads or IMG)."`
	Write    bool              `help:"Bring it in. Without, nothing is written."`
	Publish  bool              `help:"Publish what was public, with its dates; not in lycée, where the board does."`
	Audience string            `enum:"school,network,public" default:"school" help:"Who will read it: school, network or public."`
	Comments string            `enum:"waiting,shown,none" default:"waiting" help:"Comments that the old site showed: waiting for a moderator, shown, or none."`
	Signs    map[string]string `placeholder:"OLD=NEW" mapsep:"none" help:"Pen name of somebody of the old site; repeat."`
}

// Run reads the export and, when asked, brings it in.
func (c *journalImport) Run(texts *i18n.Catalogue) error {
	cfg, log, err := c.load()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	f, size, err := openSized(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	site, inside, err := bring.Read(f, size)
	if err != nil {
		return err
	}
	var packs []*bring.Pack
	if c.Pictures != "" {
		z, size, err := openSized(c.Pictures)
		if err != nil {
			return err
		}
		defer z.Close()
		pack, err := bring.OpenPack(z, size)
		if err != nil {
			return err
		}
		packs = append(packs, pack)
	}
	if inside != nil {
		packs = append(packs, inside)
	}
	return app.WithJournal(ctx, cfg, version, log, func(s *journal.Service) error {
		school, err := s.SchoolNamed(ctx, c.School)
		if err != nil {
			return err
		}
		return c.bring(ctx, texts, s, school, site, packs)
	})
}

func (c *journalImport) bring(ctx context.Context, texts *i18n.Catalogue, s *journal.Service, school string, site *bring.Site, packs []*bring.Pack) error {
	if err := s.Localise(ctx, school, site); err != nil {
		return err
	}
	report, err := s.LookAt(ctx, school, site, packs)
	if err != nil {
		return err
	}
	say := func(key string, args map[string]any) { fmt.Println(texts.T(language(), "movers."+key, args)) }
	say("cli_holds", map[string]any{"format": report.Format, "pieces": report.Pieces, "public": report.Public, "already": report.Already, "comments": report.Comments, "pictures": report.Pictures, "missing": report.Missing})
	var names []string
	for _, a := range report.Authors {
		names = append(names, a.Name)
	}
	say("cli_signs", map[string]any{"names": strings.Join(names, ", ")})
	tell := func(notes []journal.MoveNote) {
		for _, n := range notes {
			fmt.Println("  -", texts.T(language(), n.Key, map[string]any{"count": n.Count, "what": n.What}))
		}
	}
	tell(report.Left)
	for _, l := range report.Lines {
		if len(l.Notes) > 0 {
			fmt.Println(l.Title)
			tell(l.Notes)
		}
	}
	if !c.Write {
		say("cli_nothing", nil)
		return nil
	}
	choice := journal.MoveChoice{Published: c.Publish, Audience: journal.Audience(c.Audience), Comments: c.Comments}
	for from, to := range c.Signs {
		choice.Names = append(choice.Names, journal.MoveRename{From: from, To: to})
	}
	made, err := s.BringBeside(ctx, school, site, packs, choice, &report, count)
	if err != nil {
		return err
	}
	say("cli_made", map[string]any{"published": made.Published, "drafts": made.Drafts, "already": made.Already, "refused": made.Refused, "comments": made.Comments, "files": made.Files, "nofiles": made.NoFiles})
	return nil
}

func openSized(name string) (*os.File, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// count writes on a terminal how far a work has come.
func count(step, total int) error {
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintf(os.Stderr, "\r%d/%d\033[K", step, total)
		if step == total {
			fmt.Fprintln(os.Stderr)
		}
	}
	return nil
}

type journalExport struct {
	settings
	Out     string `arg:"" help:"A folder that does not exist, or a .zip file."`
	School  string `required:"" placeholder:"NAME" help:"Address of the journal, or id of the school."`
	Format  string `enum:"markdown,site" default:"site" help:"markdown: a file for each article; site: pages that open from a disk."`
	Scope   string `enum:"public,school" default:"public" help:"public: what everybody reads; school: what the whole school reads."`
	Licence string `help:"Licence to write in each file."`
}

// Run writes the copy.
func (c *journalExport) Run(texts *i18n.Catalogue) error {
	cfg, log, err := c.load()
	if err != nil {
		return err
	}
	if _, err := os.Lstat(c.Out); !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Conflict, "movers.cli_exists", "path", c.Out)
	}
	ctx, stop := interruptible()
	defer stop()
	return app.WithJournal(ctx, cfg, version, log, func(s *journal.Service) error {
		school, err := s.SchoolNamed(ctx, c.School)
		if err != nil {
			return err
		}
		what := journal.Copying{Format: c.Format, Scope: c.Scope, Licence: c.Licence}
		if err := s.AuditCopy(ctx, school, "", what); err != nil {
			return err
		}
		if strings.HasSuffix(strings.ToLower(c.Out), ".zip") {
			err = c.zip(ctx, s, school, what)
		} else {
			err = c.folder(ctx, s, school, what)
		}
		if err == nil {
			fmt.Println(texts.T(language(), "movers.cli_copied", map[string]any{"path": c.Out}))
		}
		return err
	})
}

func (c *journalExport) zip(ctx context.Context, s *journal.Service, school string, what journal.Copying) error {
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	z := zip.NewWriter(f)
	err = s.Copy(ctx, school, what, journal.ZipSink(z, time.Now()), count)
	if err = errors.Join(err, z.Close(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(c.Out))
	}
	return nil
}

// folder writes into a new folder, and nowhere else.
func (c *journalExport) folder(ctx context.Context, s *journal.Service, school string, what journal.Copying) error {
	if err := os.Mkdir(c.Out, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(c.Out)
	if err != nil {
		return err
	}
	defer root.Close()
	var open *os.File
	shut := func() error {
		if open == nil {
			return nil
		}
		f := open
		open = nil
		return f.Close()
	}
	err = s.Copy(ctx, school, what, func(name string) (io.Writer, error) {
		if err := shut(); err != nil {
			return nil, err
		}
		if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o755); err != nil {
			return nil, err
		}
		open, err = root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		return open, err
	}, count)
	return errors.Join(err, shut())
}
