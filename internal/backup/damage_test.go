package backup_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"preau/internal/backup"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// sample is an archive that holds a bit of everything.
func sample(t testing.TB, rows int) ([]byte, *age.X25519Identity) {
	t.Helper()
	key := newKey(t)
	in := open(t, storetest.Options(t, store.SQLite))
	in.fill(t, rows)
	return archiveOf(t, in, key, backup.Options{App: "x", Extra: []backup.Extra{{Name: "pepper.key", Content: []byte("p")}}}), key
}

// A damaged or cut archive is seen wherever it is hurt, and restores nothing.
func TestADamagedArchiveRestoresNothing(t *testing.T) {
	archive, key := sample(t, 12)
	seed := rand.Uint64()
	t.Logf("seed %d, %d bytes", seed, len(archive))
	random := rand.New(rand.NewPCG(seed, 0))
	hurt := func() (string, []byte) {
		at := random.IntN(len(archive))
		switch random.IntN(3) {
		case 0:
			return "cut", archive[:at]
		case 1:
			b := bytes.Clone(archive)
			b[at] ^= 1 << random.IntN(8)
			return "bit", b
		default:
			b := bytes.Clone(archive)
			return "missing middle", append(b[:at], b[min(at+1+random.IntN(100_000), len(b)):]...)
		}
	}
	for range 300 {
		how, b := hurt()
		if _, err := backup.Verify(t.Context(), bytes.NewReader(b), []age.Identity{key}, nil); err == nil {
			t.Errorf("%s: verified", how)
		}
	}
	for _, d := range storetest.Dialects() {
		for range 12 {
			to := target(t, d)
			how, b := hurt()
			if _, err := restoreTo(t, b, key, to); err == nil {
				t.Errorf("%s, %s: restored", d, how)
			}
			mustBeEmpty(t, to)
		}
	}
	for _, at := range []int{0, 1, len(archive) - 1} {
		if _, err := backup.Verify(t.Context(), bytes.NewReader(archive[:at]), []age.Identity{key}, nil); err == nil {
			t.Errorf("cut at %d: verified", at)
		}
	}
	if _, err := backup.Verify(t.Context(), bytes.NewReader(append(bytes.Clone(archive), 0)), []age.Identity{key}, nil); err == nil {
		t.Error("a byte too many: verified")
	}
	if _, err := backup.Verify(t.Context(), bytes.NewReader(archive), []age.Identity{key}, nil); err != nil {
		t.Errorf("whole: %v", err)
	}
}

// Whole encryption does not make a whole archive.
func TestAnArchiveThatContradictsItselfRestoresNothing(t *testing.T) {
	archive, key := sample(t, 12)
	change := func(name string, f func([]byte) []byte) func([]entry) []entry {
		return func(all []entry) []entry {
			found := false
			for i, e := range all {
				if strings.HasPrefix(e.name, name) && !found {
					all[i].content, found = f(bytes.Clone(e.content)), true
				}
			}
			if !found {
				t.Fatalf("no %s in the archive", name)
			}
			return all
		}
	}
	without := func(name string) func([]entry) []entry {
		return func(all []entry) (kept []entry) {
			for _, e := range all {
				if !strings.HasPrefix(e.name, name) {
					kept = append(kept, e)
				}
			}
			return kept
		}
	}
	manifest := func(f func(m map[string]any)) func([]entry) []entry {
		return change("manifest.json", func(b []byte) []byte {
			var m map[string]any
			if err := json.Unmarshal(b, &m); err != nil {
				t.Fatal(err)
			}
			f(m)
			b, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			return b
		})
	}
	insert := func(e entry) func([]entry) []entry {
		return func(all []entry) []entry { return append(append(all[:2:2], e), all[2:]...) }
	}
	cases := map[string]func([]entry) []entry{
		"no manifest":      without("manifest.json"),
		"no end":           without("end.json"),
		"a table is gone":  without("tables/seat.0001"),
		"a file is gone":   without("blobs/"),
		"an extra is gone": without("extra/"),
		"a row is gone":    change("tables/school.0001", func(b []byte) []byte { return b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1] }),
		"a row twice":      change("tables/setting.0001", func(b []byte) []byte { return append(b, b[bytes.LastIndexByte(b[:len(b)-1], '\n')+1:]...) }),
		"a row changed": change("tables/setting.0001", func(b []byte) []byte {
			return bytes.Replace(b, []byte("setting.value 1 "), []byte("setting.value 9 "), 1)
		}),
		"a row cut":         change("tables/setting.0001", func(b []byte) []byte { return b[:len(b)-5] }),
		"no header":         change("tables/setting.0001", func(b []byte) []byte { return b[bytes.IndexByte(b, '\n')+1:] }),
		"another column":    change("tables/setting.0001", func(b []byte) []byte { return bytes.Replace(b, []byte(`"key"`), []byte(`"nokey"`), 1) }),
		"another type":      change("tables/setting.0001", func(b []byte) []byte { return bytes.Replace(b, []byte(`"text"`), []byte(`"blob"`), 1) }),
		"a dangling row":    change("tables/seat.0001", func(b []byte) []byte { return bytes.Replace(b, []byte("year.id 1 "), []byte("year.id X "), 1) }),
		"a file changed":    change("blobs/", func(b []byte) []byte { return append(b, 'x') }),
		"an unknown table":  insert(entry{"tables/sqlite_schema.0001.jsonl", []byte("{}\n")}),
		"a session":         insert(entry{"tables/staff_session.0001.jsonl", []byte(`{"columns":["id"],"types":["text"]}` + "\n")}),
		"an unknown entry":  insert(entry{"else/x", nil}),
		"an unknown file":   insert(entry{"blobs/" + store.NewID(), []byte("x")}),
		"a path as file":    insert(entry{"blobs/../../../../etc/passwd", []byte("x")}),
		"a path as extra":   insert(entry{"extra/../../x", []byte("x")}),
		"parts in disorder": insert(entry{"tables/setting.0002.jsonl", []byte(`{"columns":["key"],"types":["text"]}` + "\n")}),
		"a huge extra":      insert(entry{"extra/y", make([]byte, 2<<20)}),
		"more after end":    func(all []entry) []entry { return append(all, entry{"blobs/x", nil}) },
		"format 0":          manifest(func(m map[string]any) { m["format"] = 0 }),
		"schema 0":          manifest(func(m map[string]any) { m["schema"] = 0 }),
		"other counts":      manifest(func(m map[string]any) { m["tables"].(map[string]any)["seat"] = 11 }),
		"other files":       manifest(func(m map[string]any) { m["blobs"] = 1 }),
		"no JSON":           change("manifest.json", func([]byte) []byte { return []byte("hello") }),
		"no JSON at end":    change("end.json", func([]byte) []byte { return []byte("hello") }),
		"other digests":     change("end.json", func(b []byte) []byte { return bytes.Replace(b, []byte(`"seat":"`), []byte(`"seat":"0`), 1) }),
	}
	for name, f := range cases {
		t.Run(name, func(t *testing.T) {
			to := target(t, store.SQLite)
			extra := 0
			to.Extra = func(string, []byte) error { extra++; return nil }
			_, err := restoreTo(t, pack(t, f(unpack(t, archive, key)), key), key, to)
			if err == nil {
				t.Fatal("restored")
			}
			if extra != 0 {
				t.Error("an extra file was given out")
			}
			mustBeEmpty(t, to)
		})
	}
	t.Run("nothing changed", func(t *testing.T) {
		if _, err := restoreTo(t, pack(t, unpack(t, archive, key), key), key, target(t, store.SQLite)); err != nil {
			t.Error(err)
		}
	})
	for name, f := range map[string]func(m map[string]any){
		"a newer format": func(m map[string]any) { m["format"], m["app"], m["new"] = backup.Format+1, "9.9", true },
		"a newer schema": func(m map[string]any) { m["schema"], m["app"] = store.SchemaVersion()+1, "9.9" },
	} {
		t.Run(name, func(t *testing.T) {
			to := target(t, store.SQLite)
			_, err := restoreTo(t, pack(t, manifest(f)(unpack(t, archive, key)), key), key, to)
			if e, ok := errors.AsType[*backup.NewerError](err); !ok || e.App != "9.9" || !strings.Contains(err.Error(), "9.9") {
				t.Errorf("got %v", err)
			}
			mustBeEmpty(t, to)
		})
	}
}

func TestOtherKeysOpenNothing(t *testing.T) {
	archive, key := sample(t, 12)
	to := target(t, store.SQLite)
	_, err := restoreTo(t, archive, newKey(t), to)
	if _, ok := errors.AsType[*backup.KeyError](err); !ok {
		t.Errorf("another key: %v", err)
	}
	if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), nil, to); err == nil {
		t.Error("restored without a key")
	}
	_, err = restoreTo(t, []byte("PK\x03\x04 not an archive"), key, to)
	if _, ok := errors.AsType[*backup.KeyError](err); !ok {
		t.Errorf("not an archive: %v", err)
	}
	if _, err := backup.Write(t.Context(), open(t, storetest.Options(t, store.SQLite)).DB, nil, new(bytes.Buffer), nil, backup.Options{}); err == nil {
		t.Error("written for nobody")
	}
	mustBeEmpty(t, to)
	m, err := backup.Inspect(t.Context(), bytes.NewReader(archive), []age.Identity{newKey(t), key})
	if err != nil || m.App != "x" || m.Rows() == 0 {
		t.Errorf("with one key of two: %+v, %v", m, err)
	}
}

// Nothing of what archives hold can be read in them.
func TestAnArchiveShowsNothing(t *testing.T) {
	archive, _ := sample(t, 12)
	for _, word := range []string{"manifest", "school", "pseudonym", "preau", "tables/"} {
		if bytes.Contains(archive, []byte(word)) {
			t.Errorf("%q stands in the archive", word)
		}
	}
}

// A file that is gone or damaged does not keep the rest from being saved.
func TestMissingFilesAreTold(t *testing.T) {
	key := newKey(t)
	in := open(t, storetest.Options(t, store.SQLite))
	in.fill(t, 8)
	found, err := filepath.Glob(filepath.Join(filesOf(in.o), "??", "??", "*"))
	if err != nil || len(found) != 8 {
		t.Fatal(found, err)
	}
	gone, hurt := filepath.Base(found[0]), ""
	if err := os.Remove(found[0]); err != nil {
		t.Fatal(err)
	}
	for _, f := range found[1:] {
		if b, err := os.ReadFile(f); err == nil && len(b) > 0 {
			b[0] ^= 1
			if err := os.WriteFile(f, b, 0o600); err != nil {
				t.Fatal(err)
			}
			hurt = filepath.Base(f)
			break
		}
	}
	var b bytes.Buffer
	report, err := backup.Write(t.Context(), in.DB, in.blobs, &b, []age.Recipient{key.Recipient()}, backup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	missing := strings.Join(report.Missing, " ")
	if len(report.Missing) != 2 || !strings.Contains(missing, gone) || !strings.Contains(missing, hurt) {
		t.Errorf("missing %q, want %s and %s", missing, gone, hurt)
	}
	done, err := restoreTo(t, b.Bytes(), key, target(t, store.SQLite))
	if err != nil || len(done.Missing) != 2 {
		t.Errorf("%+v, %v", done, err)
	}
}
