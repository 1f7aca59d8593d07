package qti

import (
	"os"
	"path/filepath"
)

// CheckFile reads an item, a test, a stimulus or a package from disk and gives
// what is wrong with it.
func CheckFile(name string) Findings {
	rep := &reporter{file: name}
	f, err := os.Open(name)
	if err != nil {
		rep.add(Error, 0, "", "qti.file_unreadable")
		return rep.list
	}
	defer f.Close()
	data, err := ReadDocument(f)
	if err != nil {
		rep.add(Error, 0, "", "qti.file_unreadable")
		return rep.list
	}
	it := ReadItem(Source{FS: os.DirFS(filepath.Dir(name)), Name: filepath.Base(name)}, data)
	return it.Findings
}
