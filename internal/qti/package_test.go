package qti

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// zipOf makes an archive of names and contents, two by two.
func zipOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func manifest(resources string) string {
	return `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><organizations/><resources>` + resources + `</resources></manifest>`
}

const itemResource = `<resource identifier="I" type="imsqti_item_xmlv2p2" href="questions/i.xml"><file href="questions/i.xml"/></resource>`

func open(data []byte) *Package { return ReadPackage("p.zip", bytes.NewReader(data), int64(len(data))) }

func has(findings Findings, key string, severity Severity) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Key == key && f.Severity == severity })
}

func TestReadPackage(t *testing.T) {
	test := `<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="t" title="t">` +
		part("linear", "individual", `<assessmentSection identifier="S" title="S" visible="true"><assessmentItemRef identifier="Q" href="questions/i.xml"/></assessmentSection>`) + `</assessmentTest>`
	p := open(zipOf(t, "imsmanifest.xml", manifest(itemResource+`<resource identifier="T" type="imsqti_test_xmlv2p2" href="t.xml"><file href="t.xml"/><dependency identifierref="I"/></resource>`),
		"questions/i.xml", smallItem, "t.xml", test, "notes.txt", "rien"))
	if len(p.Findings) > 0 || len(p.Items) != 1 || len(p.Tests) != 1 || p.Tests[0].Items()[0].Item == nil {
		t.Errorf("%+v", p)
	}
	inFolder := open(zipOf(t, "dossier/imsmanifest.xml", manifest(itemResource), "dossier/questions/i.xml", smallItem))
	if !has(inFolder.Findings, "qti.manifest_in_folder", Warning) || len(inFolder.Items) != 1 {
		t.Errorf("in a folder: %+v", inFolder)
	}
	bare := open(zipOf(t, "i.xml", smallItem, "lisezmoi.txt", "rien"))
	if !has(bare.Findings, "qti.manifest_absent", Warning) || len(bare.Items) != 1 {
		t.Errorf("without a manifest: %+v", bare)
	}
}

func TestPackageRefused(t *testing.T) {
	picture := strings.Replace(smallItem, "<responseProcessing>", `<itemBody><p><img src="absente.png" alt=""/><img src="https://example.org/x.png" alt=""/></p></itemBody><responseProcessing>`, 1)
	for name, one := range map[string]struct {
		data     []byte
		key      string
		severity Severity
	}{
		"no zip":          {[]byte("PK\x03\x04 rien"), "qti.zip_unreadable", Error},
		"path up":         {zipOf(t, "../i.xml", smallItem), "qti.zip_path", Error},
		"path inside up":  {zipOf(t, "a/../../i.xml", smallItem), "qti.zip_path", Error},
		"absolute path":   {zipOf(t, "/etc/i.xml", smallItem), "qti.zip_path", Error},
		"windows path":    {zipOf(t, `C:\i.xml`, smallItem), "qti.zip_path", Error},
		"twice":           {zipOf(t, "i.xml", smallItem, "I.xml", smallItem), "qti.zip_twice", Error},
		"bomb":            {zipOf(t, "i.xml", strings.Repeat("0", 32<<20)), "qti.zip_bomb", Error},
		"link":            {zipLink(t), "qti.zip_special", Error},
		"encrypted":       {encrypted(zipOf(t, "i.xml", smallItem)), "qti.zip_encrypted", Error},
		"href up":         {zipOf(t, "imsmanifest.xml", manifest(strings.ReplaceAll(itemResource, "questions/i.xml", "../i.xml"))), "qti.zip_path", Error},
		"href absent":     {zipOf(t, "imsmanifest.xml", manifest(itemResource)), "qti.reference_unreadable", Error},
		"no resources":    {zipOf(t, "imsmanifest.xml", `<manifest/>`), "qti.element_absent", Error},
		"picture absent":  {zipOf(t, "i.xml", picture), "qti.asset_absent", Warning},
		"picture outside": {zipOf(t, "i.xml", picture), "qti.asset_outside", Warning},
	} {
		if p := open(one.data); !has(p.Findings, one.key, one.severity) {
			t.Errorf("%s: %v", name, p.Findings)
		}
	}
}

func zipLink(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "i.xml"}
	h.SetMode(fs.ModeSymlink | 0o777)
	w, err := z.CreateHeader(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("/etc/passwd")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// encrypted sets the flag of encryption in the central directory.
func encrypted(data []byte) []byte {
	at := bytes.Index(data, []byte("PK\x01\x02"))
	flags := binary.LittleEndian.Uint16(data[at+8:])
	binary.LittleEndian.PutUint16(data[at+8:], flags|1)
	return data
}

func TestDocumentsRefused(t *testing.T) {
	for name, one := range map[string]struct{ source, key string }{
		"entity":          {`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem>&x;</assessmentItem>`, "qti.doctype_refused"},
		"laughs":          {`<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><assessmentItem>&y;</assessmentItem>`, "qti.doctype_refused"},
		"external dtd":    {`<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><assessmentItem/>`, "qti.doctype_refused"},
		"deep":            {strings.Repeat("<div>", 100_000), "qti.too_deep"},
		"wide":            {"<a>" + strings.Repeat("<b/>", maxNodes+1) + "</a>", "qti.too_many_elements"},
		"large attribute": {`<assessmentItem title="` + strings.Repeat("x", maxAttribute+1) + `"/>`, "qti.attribute_too_large"},
		"large document":  {`<assessmentItem title="` + strings.Repeat("x", MaxDocument) + `"/>`, "qti.document_too_large"},
		"not closed":      {`<assessmentItem>`, "qti.not_well_formed"},
		"two roots":       {`<assessmentItem/><assessmentItem/>`, "qti.not_well_formed"},
		"twice":           {`<assessmentItem title="a" title="b"/>`, "qti.attribute_twice"},
		"empty":           {``, "qti.empty_document"},
		"other":           {`<html/>`, "qti.not_an_item"},
		"unknown entity":  {`<assessmentItem>&nbsp;</assessmentItem>`, "qti.not_well_formed"},
		"odd encoding":    {`<?xml version="1.0" encoding="klingon"?><assessmentItem/>`, "qti.not_well_formed"},
	} {
		it := ReadItem(Source{Name: "x.xml"}, []byte(one.source))
		if !has(it.Findings, one.key, Error) {
			t.Errorf("%s: %v", name, it.Findings)
		}
		if _, err := it.NewSession(0); err == nil {
			t.Errorf("%s: a session begins", name)
		}
	}
}

func TestEncodings(t *testing.T) {
	latin := []byte("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><assessmentItem identifier=\"x\" title=\"\xc9t\xe9\"/>")
	utf16 := []byte{0xFF, 0xFE}
	for _, r := range `<?xml version="1.0" encoding="UTF-16"?><assessmentItem identifier="x" title="Été"/>` {
		utf16 = binary.LittleEndian.AppendUint16(utf16, uint16(r))
	}
	for name, data := range map[string][]byte{"latin": latin, "utf16": utf16, "mark": []byte("\xEF\xBB\xBF<assessmentItem identifier=\"x\" title=\"Été\"/>")} {
		if it := ReadItem(Source{Name: "x"}, data); it.Title != "Été" {
			t.Errorf("%s: title %q %v", name, it.Title, it.Findings)
		}
	}
}

// A finding names its place.
func TestFindingPlace(t *testing.T) {
	it := ReadItem(Source{Name: "question.xml"}, []byte("<assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p2\" identifier=\"x\">\n<responseProcessing>\n\n  <inventee/>\n</responseProcessing></assessmentItem>"))
	want := Finding{Severity: Error, Key: "qti.unknown_rule", File: "question.xml", Line: 4, Clause: "inventee"}
	if len(it.Findings) != 1 {
		t.Fatal(it.Findings)
	}
	got := it.Findings[0]
	got.Args = nil
	if got.Severity != want.Severity || got.Key != want.Key || got.File != want.File || got.Line != want.Line || got.Clause != want.Clause {
		t.Errorf("%+v", got)
	}
}

// What is written as QTI 3 reads without a finding and scores the same.
func TestWriteKeepsScores(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(sharedCases, "*", "item.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Logf("NOT TRIED on outside items: %s is not here", sharedCases)
	}
	own, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(own, paths...) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d := ReadAny(Source{Name: path}, data)
		if d.Item == nil {
			continue
		}
		var b bytes.Buffer
		if err := d.Item.WriteItem(&b); err != nil {
			t.Fatal(err)
		}
		again := ReadItem(Source{Name: path}, b.Bytes())
		if again.Version != "3.0" || again.Findings.Failed() || len(again.Findings) > len(d.Item.Findings) {
			t.Errorf("%s: %s %v\n%s", path, again.Version, again.Findings, b.String())
			continue
		}
		for _, answers := range guesses(d.Item) {
			want, err := d.Item.ScoreLine(Line{Responses: answers})
			if err != nil {
				t.Fatal(err)
			}
			got, err := again.ScoreLine(Line{Responses: answers})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range want.Outcomes {
				if v, ok := got.Outcome(f.Name); !ok || asJSON(t, v) != asJSON(t, f.Value) {
					t.Errorf("%s with %v: %s was %s and is %s", path, answers, f.Name, asJSON(t, f.Value), asJSON(t, v))
				}
			}
		}
	}
}

// guesses are some answers to an item: none, the key, and each choice.
func guesses(it *Item) []map[string]any {
	key := map[string]any{}
	out := []map[string]any{{}, key}
	for _, v := range it.Variables(ResponseKind) {
		if !v.Correct.IsNull() {
			key[v.Identifier] = OutcomesJSON([]Field{{Name: "x", Value: v.Correct}})["x"]
		}
	}
	for _, in := range it.Interactions {
		for _, c := range in.Choices {
			out = append(out, map[string]any{in.Response: c.Identifier})
		}
	}
	return out
}

func TestWritePackage(t *testing.T) {
	source := strings.Replace(smallItem, "<responseProcessing>", `<itemBody><p><img src="images/plan.png" alt="plan"/></p></itemBody><responseProcessing>`, 1)
	d := ReadAny(Source{Name: "i.xml"}, []byte(source))
	assets := fstest.MapFS{"images/plan.png": {Data: []byte("image")}}
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := WritePackage(b, "lot", []PackageFile{{Name: "i.xml", Document: d}}, assets); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same package is written in two ways")
	}
	p := open(first.Bytes())
	if len(p.Findings) > 0 || len(p.Items) != 1 || p.Items[0].Version != "3.0" {
		t.Errorf("%v %+v", p.Findings, p.Items)
	}
	if got, err := fs.ReadFile(p.FS, "images/plan.png"); err != nil || string(got) != "image" {
		t.Errorf("%q %v", got, err)
	}
}
