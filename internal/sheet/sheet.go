package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"hash/crc32"
	"strconv"
	"strings"
)

// CSV writes rows as French spreadsheets open them: UTF-8 with a byte
// order mark, semicolons, CRLF. A cell that a spreadsheet would take for a
// formula is given a leading apostrophe.
func CSV(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = inert(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// inert keeps a cell from being a formula: a text that starts, blanks aside,
// with one of the signs that begin one.
func inert(cell string) string {
	trimmed := strings.TrimLeft(cell, " \t\r\n\u00A0")
	if trimmed != "" && strings.ContainsRune("=+-@|%", rune(trimmed[0])) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return "'" + cell
	}
	return cell
}

// ODSType is the media type of what ODS writes.
const ODSType = "application/vnd.oasis.opendocument.spreadsheet"

const odsManifest = `<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="` + ODSType + `"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
`

const odsHead = `<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3">
<office:automatic-styles>
<style:style style:name="column" style:family="table-column"><style:table-column-properties style:column-width="7cm"/></style:style>
<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>
`

// ODS writes rows as a spreadsheet of one sheet (OpenDocument 1.3). Every
// cell is a text, so that none can be a formula.
func ODS(name string, rows [][]string) ([]byte, error) {
	var content bytes.Buffer
	content.WriteString(odsHead + `<table:table table:name="`)
	if err := xml.EscapeText(&content, []byte(name)); err != nil {
		return nil, err
	}
	content.WriteString(`"><table:table-column table:style-name="column" table:number-columns-repeated="`)
	content.WriteString(strconv.Itoa(max(1, widest(rows))) + `" table:default-cell-style-name="cell"/>` + "\n")
	for _, row := range rows {
		content.WriteString("<table:table-row>")
		for _, cell := range row {
			content.WriteString(`<table:table-cell office:value-type="string" table:style-name="cell">`)
			for line := range strings.SplitSeq(cell, "\n") {
				content.WriteString("<text:p>")
				if err := xml.EscapeText(&content, []byte(line)); err != nil {
					return nil, err
				}
				content.WriteString("</text:p>")
			}
			content.WriteString("</table:table-cell>")
		}
		if len(row) == 0 {
			content.WriteString("<table:table-cell/>")
		}
		content.WriteString("</table:table-row>\n")
	}
	content.WriteString("</table:table></office:spreadsheet></office:body></office:document-content>\n")

	var out bytes.Buffer
	z := zip.NewWriter(&out)
	// The media type is the first file, stored as it is and with its size in
	// front (OpenDocument 1.3 part 2, 3.3).
	kind := []byte(ODSType)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE(kind), CompressedSize64: uint64(len(kind)), UncompressedSize64: uint64(len(kind)),
	})
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(kind); err != nil {
		return nil, err
	}
	for _, f := range []struct {
		name string
		body []byte
	}{{"META-INF/manifest.xml", []byte(odsManifest)}, {"content.xml", content.Bytes()}} {
		w, err := z.Create(f.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.body); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func widest(rows [][]string) int {
	n := 0
	for _, row := range rows {
		n = max(n, len(row))
	}
	return n
}
