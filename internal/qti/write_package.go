package qti

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"io/fs"
	"path"
	"slices"
)

// PackageFile is one document to put into a package.
type PackageFile struct {
	Name     string // path in the package
	Document *Document
}

// WritePackage writes documents and the files they show, read from assets by the
// same path, as a content package of QTI 3. The order of the entries and their
// dates depend on nothing else, so that the same input gives the same bytes.
func WritePackage(w io.Writer, identifier string, files []PackageFile, assets fs.FS) error {
	z := zip.NewWriter(w)
	var manifest bytes.Buffer
	manifest.WriteString(xml.Header + `<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="`)
	escape(&manifest, identifier, true)
	manifest.WriteString(`"><metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata><organizations/><resources>`)
	written := map[string]bool{}
	for _, f := range files {
		kind, root, shown := f.parts()
		if root == nil {
			return fs.ErrInvalid
		}
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if err := writeDocument(out, root); err != nil {
			return err
		}
		manifest.WriteString(`<resource identifier="`)
		escape(&manifest, resourceName(f.Name), true)
		manifest.WriteString(`" type="` + kind + `" href="`)
		escape(&manifest, f.Name, true)
		manifest.WriteString(`">`)
		for _, name := range append([]string{f.Name}, shown...) {
			manifest.WriteString(`<file href="`)
			escape(&manifest, name, true)
			manifest.WriteString(`"/>`)
		}
		manifest.WriteString(`</resource>`)
		for _, name := range shown {
			if written[name] {
				continue
			}
			written[name] = true
			if err := copyAsset(z, assets, name); err != nil {
				return err
			}
		}
	}
	manifest.WriteString("</resources></manifest>\n")
	out, err := z.CreateHeader(&zip.FileHeader{Name: manifestName, Method: zip.Deflate})
	if err != nil {
		return err
	}
	if _, err := out.Write(manifest.Bytes()); err != nil {
		return err
	}
	return z.Close()
}

// parts gives the manifest's type of a document, its tree and the files it shows.
func (f PackageFile) parts() (kind string, root *Element, shown []string) {
	switch d := f.Document; {
	case d.Item != nil:
		kind, root = "imsqti_item_xmlv3p0", d.Item.root
	case d.Test != nil:
		kind, root = "imsqti_test_xmlv3p0", d.Test.root
	case d.Stimulus != nil:
		kind, root = "imsqti_stimulus_xmlv3p0", d.Stimulus.root
	}
	if root == nil {
		return kind, nil, nil
	}
	for _, a := range assetsOf(root) {
		if name, ok := (Source{Name: f.Name}).beside(a.href); ok && !slices.Contains(shown, name) {
			shown = append(shown, name)
		}
	}
	return kind, root, shown
}

func copyAsset(z *zip.Writer, assets fs.FS, name string) error {
	if assets == nil {
		return fs.ErrNotExist
	}
	in, err := assets.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	// Pictures and sound are compressed already.
	method := zip.Deflate
	if slices.Contains([]string{".png", ".jpg", ".jpeg", ".webp", ".mp3", ".ogg", ".opus", ".mp4", ".webm"}, path.Ext(name)) {
		method = zip.Store
	}
	out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.LimitReader(in, MaxPackageFile))
	return err
}

// resourceName makes an identifier (an NCName) of a path.
func resourceName(name string) string {
	out := []byte("r-")
	for i := range len(name) {
		c := name[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			out = append(out, c)
		} else {
			out = append(out, '_')
		}
	}
	return string(out)
}
