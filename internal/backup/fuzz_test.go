package backup_test

import (
	"bytes"
	"testing"

	"filippo.io/age"

	"preau/internal/backup"
)

// FuzzContent hurts the tables of an archive that is whole otherwise: reading
// it neither panics nor lets the change pass.
func FuzzContent(f *testing.F) {
	archive, key := sample(f, 2)
	entries := unpack(f, archive, key)
	whole := 0
	for i, e := range entries {
		if bytes.HasPrefix([]byte(e.name), []byte("tables/setting")) {
			whole = i
		}
	}
	f.Add(entries[whole].content)
	f.Add([]byte("{}\n[]\n"))
	f.Add([]byte(`{"columns":["key"],"types":["text"]}` + "\n" + `["x"]`))
	f.Add([]byte(`{"columns":["key","value"],"types":["bytes","real"]}` + "\n" + `["=",1e999]` + "\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		hurt := append([]entry{}, entries...)
		hurt[whole].content = content
		_, err := backup.Verify(t.Context(), bytes.NewReader(pack(t, hurt, key)), []age.Identity{key}, nil)
		// What JSON leaves free in the header is no change.
		if err == nil && !bytes.Equal(after(content), after(entries[whole].content)) {
			t.Error("verified")
		}
	})
}

// after is what follows the first line.
func after(b []byte) []byte { return b[bytes.IndexByte(b, '\n')+1:] }
