package main

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"preau/internal/assessment"
	"preau/internal/campaignfile"
	"preau/internal/fault"
	"preau/internal/i18n"
)

type campaignCommand struct {
	Keygen campaignKeygen `cmd:"" help:"Make a publisher's key: the secret in a file, the public half and its fingerprint printed."`
	Pack   campaignPack   `cmd:"" help:"Make the one signed file of a campaign, and the secret that opens it on the day."`
	Check  campaignCheck  `cmd:"" help:"Check a campaign's file and say what it declares; exit 1 when it is refused."`
	Open   campaignOpen   `cmd:"" help:"Make the opening of a campaign, to be published on the day."`
}

type campaignKeygen struct {
	Out  string `required:"" placeholder:"FILE" help:"Where to write the secret key. It must not exist."`
	JSON bool   `name:"json" help:"Write a JSON object."`
}

// Run makes a key.
func (c *campaignKeygen) Run(texts *i18n.Catalogue) error {
	key, err := campaignfile.NewPublisher()
	if err != nil {
		return err
	}
	public := key.Public().(ed25519.PublicKey)
	print := campaignfile.Fingerprint(public)
	if err := writeNew(c.Out, fmt.Appendf(nil, "# %s\n%s\n", print, campaignfile.WriteSecret(key))); err != nil {
		return err
	}
	if c.JSON {
		return writeLine(os.Stdout, map[string]string{"publisher": campaignfile.WritePublisher(public), "fingerprint": print})
	}
	fmt.Println(campaignfile.WritePublisher(public))
	fmt.Println(texts.T(language(), "campaignfile.cli_fingerprint", map[string]any{"fingerprint": print}))
	fmt.Fprintln(os.Stderr, texts.T(language(), "campaignfile.cli_keygen", map[string]any{"path": c.Out}))
	return nil
}

type campaignPack struct {
	Draft   string `arg:"" help:"What the campaign declares, a JSON file (docs/campaign-file.md)."`
	Package string `arg:"" help:"Its test, a content package of QTI (zip)."`
	Key     string `required:"" placeholder:"FILE" help:"The publisher's secret key."`
	Out     string `required:"" placeholder:"FILE" help:"The campaign's file. It must not exist."`
	Secret  string `placeholder:"FILE" help:"Where to write the secret that opens it. Default: OUT with .secret."`
	JSON    bool   `name:"json" help:"Write a JSON object."`
}

// Run packs a campaign.
func (c *campaignPack) Run(texts *i18n.Catalogue) error {
	if c.Secret == "" {
		c.Secret = c.Out + ".secret"
	}
	key, err := readSecretKey(c.Key)
	if err != nil {
		return err
	}
	raw, err := readSome(c.Draft)
	if err != nil {
		return err
	}
	draft, err := campaignfile.ReadDraft(raw)
	if err != nil {
		return err
	}
	test, err := readSome(c.Package)
	if err != nil {
		return err
	}
	parts, findings := assessment.Examine(test)
	if findings.Failed() {
		for _, f := range findings {
			fmt.Fprintf(os.Stderr, "%s:%d: %s: %s [%s]\n", f.File, f.Line, f.Severity, texts.T(language(), f.Key, f.Args), f.Clause)
		}
		return fault.New(fault.Invalid, "campaignfile.package")
	}
	if len(draft.Sequences) == 0 {
		for _, q := range assessment.DefaultSequences(parts) {
			draft.Sequences = append(draft.Sequences, campaignfile.Sequence{Title: q.Title, Stages: q.Parts, Minutes: q.Minutes})
		}
	}
	packed, secret, err := campaignfile.Pack(draft, test, key, time.Now())
	if err != nil {
		return err
	}
	if err := writeNew(c.Secret, fmt.Appendf(nil, "%s\n", secret.Write())); err != nil {
		return err
	}
	if err := writeNew(c.Out, packed); err != nil {
		return errors.Join(err, os.Remove(c.Secret))
	}
	read, err := campaignfile.Read(packed)
	if err != nil {
		return err
	}
	if err := tell(os.Stdout, texts, read, c.JSON); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, texts.T(language(), "campaignfile.cli_packed", map[string]any{"file": c.Out, "secret": c.Secret}))
	return nil
}

type campaignCheck struct {
	File      string `arg:"" help:"The campaign's file."`
	Publisher string `placeholder:"KEY" help:"Public key or fingerprint that must have signed it."`
	Opening   string `placeholder:"FILE" help:"Also check that this opening opens it."`
	JSON      bool   `name:"json" help:"Write a JSON object, also for a refusal."`
}

// Run checks a file. A refusal is written where the caller reads it.
func (c *campaignCheck) Run(texts *i18n.Catalogue) error {
	err := c.check(os.Stdout, texts)
	f := fault.Of(err)
	if f == nil || !c.JSON {
		return err
	}
	if err := writeLine(os.Stdout, map[string]any{"valid": false, "key": f.Key, "message": words(texts, err)}); err != nil {
		return err
	}
	os.Exit(1)
	return nil
}

func (c *campaignCheck) check(out io.Writer, texts *i18n.Catalogue) error {
	data, err := readSome(c.File)
	if err != nil {
		return err
	}
	read, err := campaignfile.Read(data)
	if err != nil {
		return err
	}
	if _, err := read.Views(); err != nil {
		return err
	}
	key, err := read.Manifest.PublisherKey()
	if err != nil {
		return err
	}
	if given := strings.Fields(c.Publisher); len(given) > 0 {
		print := strings.Join(strings.Fields(campaignfile.Fingerprint(key)), "")
		if whole := strings.Join(given, ""); !strings.EqualFold(whole, print) && whole != read.Manifest.Key {
			return fault.New(fault.Invalid, "campaignfile.cli_other", "fingerprint", campaignfile.Fingerprint(key))
		}
	}
	if c.Opening != "" {
		text, err := readSome(c.Opening)
		if err != nil {
			return err
		}
		opened, err := read.Open(string(text))
		if err != nil {
			return err
		}
		test, err := opened.Package()
		if err != nil {
			return err
		}
		if _, findings := assessment.Examine(test); findings.Failed() {
			return fault.New(fault.Invalid, "campaignfile.package")
		}
	}
	if err := tell(out, texts, read, c.JSON); err != nil || c.Opening == "" || c.JSON {
		return err
	}
	_, err = fmt.Fprintln(out, texts.T(language(), "campaignfile.cli_opens", nil))
	return err
}

type campaignOpen struct {
	Secret string `arg:"" help:"The secret that pack wrote."`
	Key    string `required:"" placeholder:"FILE" help:"The publisher's secret key, with which the campaign was packed."`
	Out    string `placeholder:"FILE" help:"Where to write the opening. Default: printed."`
}

// Run makes an opening.
func (c *campaignOpen) Run(texts *i18n.Catalogue) error {
	key, err := readSecretKey(c.Key)
	if err != nil {
		return err
	}
	text, err := readSome(c.Secret)
	if err != nil {
		return err
	}
	secret, err := campaignfile.ReadContent(string(text))
	if err != nil {
		return err
	}
	opening, err := secret.Open(key)
	if err != nil {
		return err
	}
	if c.Out == "" {
		fmt.Println(opening)
	} else if err := writeNew(c.Out, []byte(opening+"\n")); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, texts.T(language(), "campaignfile.cli_opened", nil))
	return nil
}

// tell writes what a file declares.
func tell(out io.Writer, texts *i18n.Catalogue, f *campaignfile.File, asJSON bool) error {
	m := f.Manifest
	key, err := m.PublisherKey()
	if err != nil {
		return err
	}
	print := campaignfile.Fingerprint(key)
	if asJSON {
		m.Parts = nil
		return writeLine(out, map[string]any{"valid": true, "fingerprint": print, "sha256": f.SHA256, "questions": m.Questions(), "manifest": m})
	}
	at := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04 UTC") }
	lines := []string{texts.T(language(), "campaignfile.cli_holds", map[string]any{
		"title": m.Title, "edition": m.Edition, "id": m.ID, "publisher": m.Publisher, "from": at(m.OpensAt), "to": at(m.ClosesAt), "count": m.Questions(), "sequences": len(m.Sequences),
	})}
	lines = append(lines, texts.T(language(), "campaignfile.cli_fingerprint", map[string]any{"fingerprint": print}))
	lines = append(lines, texts.T(language(), "campaignfile.cli_declares", map[string]any{"controller": m.Controller, "basis": m.Basis, "notice": m.Notice, "days": m.KeptDays, "objection": m.Objection}))
	lines = append(lines, texts.T(language(), "campaignfile.cli_upward", nil))
	_, err = fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

func writeLine(out io.Writer, v any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

func readSecretKey(path string) (ed25519.PrivateKey, error) {
	text, err := readSome(path)
	if err != nil {
		return nil, err
	}
	return campaignfile.ReadSecret(string(text))
}

// readSome reads a file of at most what a campaign may hold.
func readSome(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, campaignfile.MaxFile+1))
	if err == nil && len(data) > campaignfile.MaxFile {
		err = fault.New(fault.TooLarge, "campaignfile.too_large", "limit", campaignfile.MaxFile>>20)
	}
	return data, err
}

// writeNew writes a file that is not there yet, readable by its owner alone: all
// of it or nothing.
func writeNew(path string, data []byte) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Conflict, "cli.file_exists", "path", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".preau-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
