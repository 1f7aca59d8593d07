package qti

import (
	"archive/zip"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Limits of a content package.
const (
	maxEntries     = 20_000
	maxUnpacked    = 2 << 30   // bytes of all files together
	MaxPackageFile = 256 << 20 // bytes of one file
	maxRatio       = 200       // unpacked to packed, beyond the first 16 MiB
)

// Package is a content package: a zip with imsmanifest.xml. Its files are read
// from FS, each at most MaxPackageFile long.
type Package struct {
	Identifier string
	Resources  []Resource
	Items      []*Item
	Tests      []*Test
	Stimuli    []*Stimulus
	Findings   Findings
	FS         fs.FS // rooted where the manifest is; nil when the zip was refused
}

// Resource is one line of the manifest.
type Resource struct {
	Identifier string
	Type       string
	Href       string
	Files      []string
	Depends    []string // identifiers of other resources
	Metadata   *Element // the LOM and QTI metadata, as written
}

// ReadPackage reads a package and all that its manifest lists.
func ReadPackage(name string, r io.ReaderAt, size int64) *Package {
	p := &Package{}
	rep := &reporter{file: name}
	defer func() { p.Findings = append(rep.list, p.Findings...) }()
	z, err := zip.NewReader(r, size)
	if err != nil {
		rep.add(Error, 0, "zip", "qti.zip_unreadable")
		return p
	}
	if !sound(rep, z, size) {
		return p
	}
	p.FS = limitedFS{z}
	root := p.findManifest(rep)
	if root != "" && root != "." {
		inner, err := fs.Sub(p.FS, root)
		if err != nil {
			rep.add(Error, 0, "zip", "qti.zip_unreadable")
			return p
		}
		p.FS = inner
	}
	if root != "" {
		p.readManifest(rep)
	}
	p.readResources(rep)
	return p
}

// sound checks the entries of a zip before anything is unpacked.
func sound(rep *reporter, z *zip.Reader, size int64) bool {
	if len(z.File) > maxEntries {
		rep.add(Error, 0, "zip", "qti.zip_entries", "limit", maxEntries)
		return false
	}
	var total uint64
	seen := map[string]bool{}
	for _, f := range z.File {
		total += f.UncompressedSize64
		name := strings.TrimSuffix(f.Name, "/")
		switch {
		case !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00"):
			rep.add(Error, 0, "zip", "qti.zip_path", "name", clip(f.Name))
			return false
		case f.Mode()&^(fs.ModePerm|fs.ModeDir) != 0:
			rep.add(Error, 0, "zip", "qti.zip_special", "name", f.Name)
			return false
		case f.Flags&1 != 0:
			rep.add(Error, 0, "zip", "qti.zip_encrypted", "name", f.Name)
			return false
		case f.UncompressedSize64 > MaxPackageFile || total > maxUnpacked:
			rep.add(Error, 0, "zip", "qti.zip_too_large", "name", f.Name)
			return false
		case seen[strings.ToLower(name)]:
			rep.add(Error, 0, "zip", "qti.zip_twice", "name", f.Name)
			return false
		}
		seen[strings.ToLower(name)] = true
	}
	if total > 16<<20 && total > maxRatio*uint64(max(size, 1)) {
		rep.add(Error, 0, "zip", "qti.zip_bomb", "limit", maxRatio)
		return false
	}
	return true
}

// limitedFS ends a file where the zip's own header lies about its size.
type limitedFS struct{ z *zip.Reader }

func (l limitedFS) Open(name string) (fs.File, error) {
	f, err := l.z.Open(name)
	if err != nil {
		return nil, err
	}
	return &limitedFile{File: f, left: MaxPackageFile}, nil
}

type limitedFile struct {
	fs.File
	left int64
}

func (f *limitedFile) Read(b []byte) (int, error) {
	if f.left <= 0 {
		return 0, fs.ErrInvalid
	}
	if int64(len(b)) > f.left {
		b = b[:f.left]
	}
	n, err := f.File.Read(b)
	f.left -= int64(n)
	return n, err
}

func (f *limitedFile) ReadDir(n int) ([]fs.DirEntry, error) {
	d, ok := f.File.(fs.ReadDirFile)
	if !ok {
		return nil, fs.ErrInvalid
	}
	return d.ReadDir(n)
}

const manifestName = "imsmanifest.xml"

// findManifest gives the folder of the manifest, or "" when there is none.
func (p *Package) findManifest(rep *reporter) string {
	if _, err := fs.Stat(p.FS, manifestName); err == nil {
		return "."
	}
	if found, err := fs.Glob(p.FS, "*/"+manifestName); err == nil && len(found) == 1 {
		rep.add(Warning, 0, "manifest", "qti.manifest_in_folder", "name", found[0])
		return path.Dir(found[0])
	}
	rep.add(Warning, 0, "manifest", "qti.manifest_absent")
	return ""
}

func (p *Package) readManifest(rep *reporter) {
	inner := &reporter{file: manifestName}
	defer func() { rep.list = append(rep.list, inner.list...) }()
	data, err := readLimited(p.FS, manifestName)
	if err != nil {
		inner.add(Error, 0, "manifest", "qti.file_unreadable")
		return
	}
	root := readTree(inner, data)
	if root == nil {
		return
	}
	p.Identifier = root.attr("identifier")
	resources := root.child("resources")
	if root.Name != "manifest" || resources == nil {
		inner.fail(root, "qti.element_absent", "element", "resources")
		return
	}
	src := Source{FS: p.FS, Name: manifestName}
	known := map[string]bool{}
	for _, e := range resources.elements() {
		if e.Name != "resource" {
			inner.warn(e, "qti.unknown_element", "element", e.Tag)
			continue
		}
		r := Resource{Identifier: e.attr("identifier"), Type: e.attr("type"), Metadata: e.child("metadata")}
		if known[r.Identifier] {
			inner.fail(e, "qti.declared_twice", "name", r.Identifier)
		}
		known[r.Identifier] = true
		if href := e.attr("href"); href != "" {
			r.Href, _ = p.inPackage(inner, e, src, href)
		}
		for _, c := range e.elements() {
			switch c.Name {
			case "file":
				if name, ok := p.inPackage(inner, c, src, c.attr("href")); ok {
					r.Files = append(r.Files, name)
				}
			case "dependency":
				r.Depends = append(r.Depends, c.attr("identifierref"))
			}
		}
		p.Resources = append(p.Resources, r)
	}
	for _, r := range p.Resources {
		for _, id := range r.Depends {
			if !known[id] {
				inner.add(Warning, 0, "dependency", "qti.undeclared", "name", id)
			}
		}
	}
}

// inPackage resolves a reference of the manifest and says whether the file is
// there.
func (p *Package) inPackage(rep *reporter, e *Element, src Source, href string) (string, bool) {
	if strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://") {
		rep.warn(e, "qti.asset_outside", "href", href)
		return "", false
	}
	name, ok := src.beside(href)
	if !ok {
		rep.fail(e, "qti.zip_path", "name", href)
		return "", false
	}
	if _, err := fs.Stat(p.FS, name); err != nil {
		rep.fail(e, "qti.reference_unreadable", "href", href)
		return "", false
	}
	return name, true
}

// readResources reads the documents the manifest lists, or every XML file when
// there is no manifest.
func (p *Package) readResources(rep *reporter) {
	var names []string
	for _, r := range p.Resources {
		if t := strings.ToLower(r.Type); r.Href != "" && strings.HasPrefix(t, "imsqti_") && !strings.Contains(t, "rptemplate") && !strings.Contains(t, "outcome") {
			names = append(names, r.Href)
		}
	}
	if len(p.Resources) == 0 {
		err := fs.WalkDir(p.FS, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.EqualFold(path.Ext(name), ".xml") && path.Base(name) != manifestName {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			rep.add(Error, 0, "zip", "qti.zip_unreadable")
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	items := map[string]bool{}
	for _, name := range names {
		data, err := readLimited(p.FS, name)
		if err != nil {
			rep.add(Error, 0, "zip", "qti.reference_unreadable", "href", name)
			continue
		}
		d := ReadAny(Source{FS: p.FS, Name: name}, data)
		switch {
		case d.Item != nil:
			p.Items = append(p.Items, d.Item)
			items[name] = true
			p.checkAssets(name, d.Item.root)
		case d.Test != nil:
			p.Tests = append(p.Tests, d.Test)
		case d.Stimulus != nil:
			p.Stimuli = append(p.Stimuli, d.Stimulus)
			p.checkAssets(name, d.Stimulus.root)
		}
		if d.Test == nil {
			p.Findings = append(p.Findings, d.Findings...)
		}
	}
	// The findings of a test hold those of its items, given already.
	for _, t := range p.Tests {
		for _, f := range t.Findings {
			if !items[f.File] {
				p.Findings = append(p.Findings, f)
			}
		}
	}
	if len(p.Items) == 0 {
		rep.add(Warning, 0, "manifest", "qti.package_empty")
	}
}

// checkAssets reports what a document shows and the package has not.
func (p *Package) checkAssets(name string, root *Element) {
	rep := &reporter{file: name}
	src := Source{FS: p.FS, Name: name}
	for _, a := range assetsOf(root) {
		switch {
		case strings.HasPrefix(a.href, "data:") || a.href == "":
		case strings.Contains(a.href, "://") || strings.HasPrefix(a.href, "//"):
			rep.warn(a.element, "qti.asset_outside", "href", a.href)
		default:
			file, ok := src.beside(a.href)
			if !ok {
				rep.fail(a.element, "qti.zip_path", "name", a.href)
				continue
			}
			if _, err := fs.Stat(p.FS, file); err != nil {
				rep.warn(a.element, "qti.asset_absent", "href", a.href)
			}
		}
	}
	p.Findings = append(p.Findings, rep.list...)
}
