package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestCSV(t *testing.T) {
	rows := [][]string{{"=1+1", "+33 1", "-2", "@x", "\t=1", " =1", "plain", "a;b", `"quoted"`, "two\nlines", "%x", "é"}}
	raw, err := CSV(rows)
	if err != nil {
		t.Fatal(err)
	}
	body, marked := bytes.CutPrefix(raw, []byte{0xEF, 0xBB, 0xBF})
	if !marked {
		t.Error("no byte order mark")
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma = ';'
	back, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"'=1+1", "'+33 1", "'-2", "'@x", "'\t=1", "' =1", "plain", "a;b", `"quoted"`, "two\nlines", "'%x", "é"}
	if !slices.Equal(back, want) {
		t.Errorf("got %q, want %q", back, want)
	}
}

func FuzzInert(f *testing.F) {
	for _, s := range []string{"", "=1", " =1", "\u00A0=cmd", "plain", "\r\n@x", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		out := inert(cell)
		if out != cell && out != "'"+cell {
			t.Fatalf("%q became %q", cell, out)
		}
		if trimmed := strings.TrimLeft(out, " \t\r\n\u00A0"); trimmed != "" && strings.ContainsRune("=+-@|%", rune(trimmed[0])) {
			t.Fatalf("%q is still a formula: %q", cell, out)
		}
	})
}

type odsDocument struct {
	Rows []struct {
		Cells []struct {
			Type  string   `xml:"urn:oasis:names:tc:opendocument:xmlns:office:1.0 value-type,attr"`
			Lines []string `xml:"urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"`
		} `xml:"urn:oasis:names:tc:opendocument:xmlns:table:1.0 table-cell"`
	} `xml:"body>spreadsheet>table>table-row"`
}

func TestODS(t *testing.T) {
	rows := [][]string{{"A", "<b> & \"c\""}, {}, {"two\nlines", "=1+1", "\x00\x01 control"}}
	raw, err := ODS("Registre <1>", rows)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if f := z.File[0]; f.Name != "mimetype" || f.Method != zip.Store || f.Flags&8 != 0 || len(f.Extra) != 0 {
		t.Errorf("first file: %+v", f.FileHeader)
	}
	// Readers recognise the type at this place of the file.
	if !bytes.HasPrefix(raw[30:], []byte("mimetype"+ODSType)) {
		t.Error("the media type is not where readers look for it")
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var manifest struct {
		Entries []struct {
			Path string `xml:"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0 full-path,attr"`
		} `xml:"file-entry"`
	}
	if err := xml.Unmarshal(files["META-INF/manifest.xml"], &manifest); err != nil || len(manifest.Entries) != 2 || files[manifest.Entries[1].Path] == nil {
		t.Errorf("manifest: %+v, %v", manifest, err)
	}
	var doc odsDocument
	if err := xml.Unmarshal(files["content.xml"], &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Rows) != 3 {
		t.Fatalf("%d rows", len(doc.Rows))
	}
	for i, row := range rows {
		for j, cell := range row {
			got := doc.Rows[i].Cells[j]
			want := strings.NewReplacer("\x00", "\uFFFD", "\x01", "\uFFFD").Replace(cell)
			if strings.Join(got.Lines, "\n") != want || got.Type != "string" {
				t.Errorf("cell %d,%d is %q (%s), want %q", i, j, got.Lines, got.Type, want)
			}
		}
	}
}
