package store

import (
	"os"
	"path/filepath"
	"testing"
)

// A data folder that others may enter is closed to them; a folder that holds
// other things is left as it is.
func TestOpenFolderIsClosed(t *testing.T) {
	for name, c := range map[string]struct {
		inside string
		want   os.FileMode
	}{"empty": {"", 0o750}, "a home": {"letter.txt", 0o755}} {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if c.inside != "" {
			if err := os.WriteFile(filepath.Join(dir, c.inside), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // the second time with the database in it
			db, err := Open(t.Context(), Options{DataDir: dir})
			if err != nil {
				t.Fatal(err)
			}
			db.Close()
			info, err := os.Stat(dir)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != c.want {
				t.Errorf("%s: mode %o, want %o", name, info.Mode().Perm(), c.want)
			}
			if c.want&0o007 != 0 {
				break // from now on it holds the database too
			}
		}
	}
}
