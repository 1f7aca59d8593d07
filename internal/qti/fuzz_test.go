package qti

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// FuzzItem reads anything as an item and, where it can be scored, scores, shows
// and writes it. Nothing may panic; what was written must read and score again.
func FuzzItem(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(paths) == 0 {
		f.Fatal("no seed", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, []byte(`{"responses":{"RESPONSE":"correct","INDICE":true}}`))
	}
	f.Add([]byte(secretItem), []byte(`{"turns":[{"secret-response":"secret-key"},{}],"seed":"a"}`))
	f.Add([]byte(smallItem), []byte(`{"responses":{"R":12}}`))
	f.Fuzz(func(t *testing.T, source, input []byte) {
		it := ReadItem(Source{Name: "fuzz.xml"}, source)
		line, err := ReadLine(input)
		if err != nil {
			return
		}
		want, err := it.ScoreLine(line)
		if err != nil {
			return
		}
		if it.Findings.Failed() {
			t.Fatal("an item with errors was scored")
		}
		if _, err := json.Marshal(OutcomesJSON(want.Outcomes)); err != nil {
			t.Fatal(err)
		}
		s, err := it.NewSession(1)
		if err != nil {
			return
		}
		p, _ := s.View()
		if _, err := json.Marshal(p); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := it.WriteItem(&b); err != nil {
			t.Fatal(err)
		}
		if again := ReadItem(Source{Name: "again.xml"}, b.Bytes()); again.root == nil {
			t.Fatalf("what was written does not read: %v\n%s", again.Findings, b.Bytes())
		}
	})
}

// FuzzTest reads anything as a test around a fixed item and runs it.
func FuzzTest(f *testing.F) {
	data, err := os.ReadFile("testdata/evaluation.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, []byte(`{"responses":{"Q1":{"RESPONSE":"correct"}}}`))
	f.Add([]byte(`<assessmentTest identifier="t"><testPart identifier="P" navigationMode="linear" submissionMode="simultaneous"><assessmentSection identifier="S"><selection select="3" withReplacement="true"/><ordering shuffle="true"/><assessmentItemRef identifier="Q1" href="i.xml"/></assessmentSection></testPart></assessmentTest>`), []byte(`{"responses":{"Q1.2.R":4}}`))
	f.Fuzz(func(t *testing.T, source, input []byte) {
		files := fstest.MapFS{"i.xml": {Data: []byte(smallItem)}, "choix.xml": {Data: []byte(smallItem)}, "nombre.xml": {Data: []byte(smallItem)}, "adaptatif.xml": {Data: []byte(smallItem)}}
		test := ReadTest(Source{FS: files, Name: "t.xml"}, source)
		line, err := ReadLine(input)
		if err != nil {
			return
		}
		res, err := test.RunLine(line)
		if err == nil && test.Findings.Failed() {
			t.Fatal("a test with errors was run")
		}
		if err == nil && len(res.Items) > maxReferences {
			t.Fatal("a test without an end")
		}
	})
}

// FuzzPattern compiles anything as a pattern of XML Schema.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{`[a-z-[aeiou]]+`, `\i\c*`, `\p{Lu}`, `^a$`, `[^\]]`, `(a|b){2,3}`} {
		f.Add(seed, "abc")
	}
	f.Fuzz(func(_ *testing.T, pattern, text string) {
		if p, err := schemaPattern(pattern); err == nil {
			p.MatchString(text)
		}
	})
}

// FuzzPackage reads anything as a package.
func FuzzPackage(f *testing.F) {
	f.Add(zipOf(f, "imsmanifest.xml", manifest(itemResource), "questions/i.xml", smallItem))
	f.Add(zipOf(f, "i.xml", smallItem))
	f.Fuzz(func(_ *testing.T, data []byte) { open(data) })
}
