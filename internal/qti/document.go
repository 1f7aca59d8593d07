package qti

import (
	"bytes"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Document is what an XML file turned out to be: one of Item, Test and Stimulus
// is set, or none when it is neither.
type Document struct {
	Item     *Item
	Test     *Test
	Stimulus *Stimulus
	Findings Findings
}

// Stimulus is an assessmentStimulus: a text that several items share.
type Stimulus struct {
	Identifier string
	Title      string
	Language   string
	File       string
	Findings   Findings

	root, body *Element
}

// ReadAny reads an item, a test, a stimulus or a section of its own.
func ReadAny(src Source, data []byte) *Document {
	rep := &reporter{file: src.Name}
	root := readTree(rep, data)
	d := &Document{}
	switch {
	case root == nil:
		d.Findings = rep.list
	case root.Name == "assessmenttest":
		d.Test = testOf(src, rep, root)
		d.Findings = d.Test.Findings
	case root.Name == "assessmentstimulus":
		d.Stimulus = stimulusOf(src, rep, root)
		d.Findings = d.Stimulus.Findings
	case root.Name == "assessmentsection":
		d.Findings = sectionOf(src, rep, root)
	default:
		d.Item = itemOf(src, rep, root)
		d.Findings = d.Item.Findings
	}
	return d
}

// sectionOf checks a section that stands in a file of its own, as the only
// section of a test.
func sectionOf(src Source, rep *reporter, root *Element) Findings {
	documentVersion(rep, root)
	test := &Element{Name: "assessmenttest", Tag: "assessmentTest", Space: root.Space, Line: root.Line, Children: []*Element{root}}
	t := &Test{File: src.Name, root: test, refs: map[string]*ItemRef{}, vars: newVariables()}
	b := &testReader{test: t, rep: &reporter{file: src.Name}, src: src, items: map[string]*Item{}, seen: map[string]bool{}}
	b.read()
	for _, f := range b.rep.list {
		// A section names variables of the test that it will be in.
		if f.Key != "qti.part_absent" && f.Key != "qti.undeclared" {
			rep.list = append(rep.list, f)
		}
	}
	return append(rep.list, t.Findings...)
}

func stimulusOf(src Source, rep *reporter, root *Element) *Stimulus {
	s := &Stimulus{File: src.Name, root: root, Title: root.attr("title"), Language: root.attr("xml:lang")}
	documentVersion(rep, root)
	s.Identifier = strings.TrimSpace(root.attr("identifier"))
	if s.body = root.child("stimulusbody"); s.body == nil {
		rep.fail(root, "qti.element_absent", "element", "stimulusBody")
	}
	s.Findings = rep.list
	return s
}

// CheckFile reads a file from disk, XML or package, and gives what is wrong.
func CheckFile(name string) Findings {
	rep := &reporter{file: name}
	f, err := os.Open(name)
	if err != nil {
		rep.add(Error, 0, "", "qti.file_unreadable")
		return rep.list
	}
	defer f.Close()
	var start [4]byte
	if n, _ := io.ReadFull(f, start[:]); n == 4 && bytes.Equal(start[:], []byte("PK\x03\x04")) {
		info, err := f.Stat()
		if err != nil {
			rep.add(Error, 0, "", "qti.file_unreadable")
			return rep.list
		}
		return ReadPackage(name, f, info.Size()).Findings
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		rep.add(Error, 0, "", "qti.file_unreadable")
		return rep.list
	}
	data, err := ReadDocument(f)
	if err != nil {
		rep.add(Error, 0, "", "qti.file_unreadable")
		return rep.list
	}
	findings := ReadAny(Source{FS: os.DirFS(filepath.Dir(name)), Name: filepath.Base(name)}, data).Findings
	for i := range findings {
		findings[i].File = filepath.Join(filepath.Dir(name), findings[i].File)
	}
	return findings
}

// ReadDocument reads at most MaxDocument bytes and one more, by which the readers
// know that the document is too large.
func ReadDocument(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, MaxDocument+1))
}

func readLimited(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadDocument(f)
}

func unescapePath(href string) string {
	if plain, err := url.PathUnescape(href); err == nil {
		return plain
	}
	return href
}
