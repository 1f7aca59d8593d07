package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/qti"
)

type qtiCommand struct {
	Check  qtiCheck  `cmd:"" help:"Print what is wrong with items, tests and content packages; exit 1 on errors."`
	Score  qtiScore  `cmd:"" help:"Score responses to an item: one JSON object a line in, one out."`
	Test   qtiTest   `cmd:"" help:"Run a test: one attempt, a JSON object, a line in, its results out."`
	Redact qtiRedact `cmd:"" help:"Print what a browser would be given of an item: no key, no rule, no telling name."`
}

// lines of standard input may be long: an essay, a drawing.
const maxInputLine = 4 << 20

type qtiCheck struct {
	Files []string `arg:"" name:"file" help:"Items, tests, stimuli (XML) or content packages (zip)."`
	JSON  bool     `name:"json" help:"Write one JSON object a line."`
}

// Run checks the files.
func (c qtiCheck) Run() error {
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	failed, err := writeFindings(os.Stdout, catalogue, c.Files, c.JSON)
	if err != nil {
		return err
	}
	if failed {
		os.Exit(1)
	}
	return nil
}

func writeFindings(out io.Writer, catalogue *i18n.Catalogue, files []string, asJSON bool) (failed bool, err error) {
	w := bufio.NewWriter(out)
	for _, name := range files {
		findings := qti.CheckFile(name)
		failed = failed || findings.Failed()
		for _, f := range findings {
			message := catalogue.T(language(), f.Key, f.Args)
			if asJSON {
				line, err := json.Marshal(map[string]any{"file": f.File, "line": f.Line, "severity": f.Severity, "clause": f.Clause, "key": f.Key, "message": message})
				if err != nil {
					return failed, err
				}
				fmt.Fprintf(w, "%s\n", line)
				continue
			}
			fmt.Fprintf(w, "%s:%d: %s: %s [%s]\n", f.File, f.Line, f.Severity, message, f.Clause)
		}
	}
	return failed, w.Flush()
}

type qtiScore struct {
	Item string `arg:"" help:"The item, an XML file."`
}

// Run scores standard input.
func (s qtiScore) Run() error {
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	item, err := openItem(s.Item)
	if err != nil {
		return err
	}
	return scoreLines(os.Stdin, os.Stdout, catalogue, item)
}

func scoreLines(in io.Reader, out io.Writer, catalogue *i18n.Catalogue, item *qti.Item) error {
	return eachLine(in, out, catalogue, func(line qti.Line) (map[string]any, error) {
		res, err := item.ScoreLine(line)
		if err != nil {
			return nil, err
		}
		out := map[string]any{"outcomes": qti.OutcomesJSON(res.Outcomes), "feedback": res.Feedback}
		if len(res.Warnings) > 0 {
			out["warnings"] = messages(catalogue, res.Warnings)
		}
		return out, nil
	})
}

type qtiTest struct {
	Test string `arg:"" help:"The test, an XML file; its items are read beside it."`
}

// Run runs the test on each line of standard input.
func (t qtiTest) Run() error {
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	data, err := readDocument(t.Test)
	if err != nil {
		return err
	}
	return testLines(os.Stdin, os.Stdout, catalogue, qti.ReadTest(beside(t.Test), data))
}

func testLines(in io.Reader, out io.Writer, catalogue *i18n.Catalogue, test *qti.Test) error {
	return eachLine(in, out, catalogue, func(line qti.Line) (map[string]any, error) {
		res, err := test.RunLine(line)
		if err != nil {
			return nil, err
		}
		items := make([]map[string]any, 0, len(res.Items))
		for _, o := range res.Items {
			one := map[string]any{"item": o.Key, "outcomes": qti.OutcomesJSON(o.Session.Outcomes()), "attempts": o.Session.Attempted}
			if o.Last != nil {
				one["feedback"] = o.Last.Feedback
			}
			if o.Late {
				one["late"] = true
			}
			items = append(items, one)
		}
		out := map[string]any{"outcomes": qti.OutcomesJSON(res.Outcomes), "feedback": res.Feedback, "items": items}
		if len(res.Warnings) > 0 {
			out["warnings"] = messages(catalogue, res.Warnings)
		}
		return out, nil
	})
}

type qtiRedact struct {
	Item string `arg:"" help:"The item, an XML file."`
	Seed uint64 `help:"Seed of the shuffle and of template variables. The server draws it at random for each sitting."`
}

// Run prints the public part.
func (r qtiRedact) Run() error {
	item, err := openItem(r.Item)
	if err != nil {
		return err
	}
	session, err := item.NewSession(r.Seed)
	if err != nil {
		return err
	}
	public, _ := session.View()
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(public)
}

func messages(catalogue *i18n.Catalogue, list []*fault.Error) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = catalogue.T(language(), f.Key, f.Args)
	}
	return out
}

// openItem reads an item; what it refers to is read beside it only.
func openItem(name string) (*qti.Item, error) {
	data, err := readDocument(name)
	if err != nil {
		return nil, err
	}
	return qti.ReadItem(beside(name), data), nil
}

func beside(name string) qti.Source {
	return qti.Source{FS: os.DirFS(filepath.Dir(name)), Name: filepath.Base(name)}
}

func readDocument(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return qti.ReadDocument(f)
}

// eachLine answers each line of in with one line of out. A line that cannot be
// scored is answered with an error, and the next one is read.
func eachLine(in io.Reader, out io.Writer, catalogue *i18n.Catalogue, answer func(qti.Line) (map[string]any, error)) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(make([]byte, 64<<10), maxInputLine)
	w := bufio.NewWriter(out)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for scanner.Scan() {
		raw := bytes.TrimSpace(scanner.Bytes())
		if len(raw) == 0 {
			continue
		}
		line, err := qti.ReadLine(raw)
		var result map[string]any
		if err == nil {
			result, err = answer(line)
		}
		if err != nil {
			result = map[string]any{"error": words(catalogue, err)}
		}
		if err := encoder.Encode(result); err != nil {
			return err
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		return fault.New(fault.TooLarge, "qti.line_too_long", "limit", maxInputLine>>20)
	}
	return scanner.Err()
}
