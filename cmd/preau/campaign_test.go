package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"preau/internal/demo"
	"preau/internal/fault"
)

const declaration = `{"publisher": "Service", "title": "Rentrée", "opensAt": "2027-09-06T08:00:00+02:00", "closesAt": "2027-09-24T18:00:00+02:00",
	"controller": "Rectorat", "basis": "Mission", "notice": "Des questions.", "objection": "Écrivez.", "keptDays": 365}`

// desk is a publisher's folder.
type desk struct {
	t      *testing.T
	folder string
}

func newDesk(t *testing.T) desk {
	t.Helper()
	d := desk{t, t.TempDir()}
	test, err := demo.TestPackage()
	if err != nil {
		t.Fatal(err)
	}
	d.put("test.zip", test)
	d.put("declaration.json", []byte(declaration))
	d.run((&campaignKeygen{Out: d.at("key"), JSON: true}).Run(catalogue(t)))
	return d
}

func (d desk) at(name string) string { return filepath.Join(d.folder, name) }

func (d desk) put(name string, data []byte) {
	d.t.Helper()
	if err := os.WriteFile(d.at(name), data, 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) run(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) pack(out string) error {
	return (&campaignPack{Draft: d.at("declaration.json"), Package: d.at("test.zip"), Key: d.at("key"), Out: d.at(out), JSON: true}).Run(catalogue(d.t))
}

func (d desk) names() string {
	d.t.Helper()
	entries, err := os.ReadDir(d.folder)
	if err != nil {
		d.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		if info, err := e.Info(); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			d.t.Errorf("%s: mode %v, %v", e.Name(), info.Mode(), err)
		}
	}
	return strings.Join(names, " ")
}

// A campaign is packed, checked and opened; every file is its owner's alone, and
// none is written over.
func TestCampaignCommands(t *testing.T) {
	d := newDesk(t)
	d.run(d.pack("c.preau"))
	d.run((&campaignOpen{Secret: d.at("c.preau.secret"), Key: d.at("key"), Out: d.at("opening.txt")}).Run(catalogue(t)))
	if got := d.names(); got != "c.preau c.preau.secret declaration.json key opening.txt test.zip" {
		t.Errorf("files: %s", got)
	}
	var out bytes.Buffer
	d.run((&campaignCheck{File: d.at("c.preau"), Opening: d.at("opening.txt"), JSON: true}).check(&out, catalogue(t)))
	var told struct {
		Valid       bool
		Fingerprint string
		Questions   int
		Manifest    struct {
			Key, Upward string
			Edition     int
			Sequences   []any
		}
	}
	if err := json.Unmarshal(out.Bytes(), &told); err != nil || !told.Valid || told.Questions != 44 || told.Manifest.Upward != "nothing" || told.Manifest.Edition != 1 || len(told.Manifest.Sequences) != 2 {
		t.Errorf("%s, %v", out.String(), err)
	}
	for _, signer := range []string{told.Fingerprint, strings.ToLower(strings.ReplaceAll(told.Fingerprint, " ", "")), told.Manifest.Key} {
		if err := (&campaignCheck{File: d.at("c.preau"), Publisher: signer}).check(&out, catalogue(t)); err != nil {
			t.Errorf("%s: %v", signer, err)
		}
	}
	kept, err := os.ReadFile(d.at("c.preau"))
	d.run(err)
	if err := d.pack("c.preau"); !fault.Is(err, fault.Conflict) {
		t.Errorf("packed over a file: %v", err)
	}
	if err := (&campaignKeygen{Out: d.at("key")}).Run(catalogue(t)); !fault.Is(err, fault.Conflict) {
		t.Errorf("a key over a key: %v", err)
	}
	if again, err := os.ReadFile(d.at("c.preau")); err != nil || !bytes.Equal(kept, again) {
		t.Error("the file changed")
	}
}

// What cannot be made leaves nothing, and says why without telling a secret.
func TestCampaignCommandsRefuse(t *testing.T) {
	d := newDesk(t)
	before := d.names()
	for name, c := range map[string]struct{ declaration, key string }{
		"no controller":      {strings.Replace(declaration, `"controller": "Rectorat", `, "", 1), "campaignfile.wrong_field"},
		"something goes up":  {strings.Replace(declaration, "{", `{"upward": "scores", `, 1), "campaignfile.goes_up"},
		"a misspelt promise": {strings.Replace(declaration, "keptDays", "keepDays", 1), "campaignfile.draft"},
		"an edition alone":   {strings.Replace(declaration, "{", `{"edition": 2, `, 1), "campaignfile.wrong_field"},
	} {
		d.put("declaration.json", []byte(c.declaration))
		if f := fault.Of(d.pack("c.preau")); f == nil || f.Key != c.key {
			t.Errorf("%s: %v", name, f)
		}
	}
	d.put("declaration.json", []byte(declaration))
	if got := d.names(); got != before {
		t.Errorf("%s became %s", before, got)
	}
	if err := (&campaignPack{Draft: d.at("declaration.json"), Package: d.at("test.zip"), Key: d.at("key"), Out: d.at("no/such/folder.preau"), Secret: d.at("s")}).Run(catalogue(t)); err == nil {
		t.Error("written in a folder that is not there")
	}
	if got := d.names(); got != before {
		t.Errorf("%s became %s", before, got)
	}

	d.run(d.pack("c.preau"))
	d.run((&campaignKeygen{Out: d.at("other")}).Run(catalogue(t)))
	err := (&campaignOpen{Secret: d.at("c.preau.secret"), Key: d.at("other")}).Run(catalogue(t))
	if f := fault.Of(err); f == nil || f.Key != "campaignfile.other_secret" {
		t.Errorf("opened with another's key: %v", err)
	}
	secret, err := os.ReadFile(d.at("other"))
	d.run(err)
	_, line, _ := strings.Cut(string(secret), "\n")
	for name, run := range map[string]error{
		"a secret for a campaign": (&campaignCheck{File: d.at("other")}).check(&bytes.Buffer{}, catalogue(t)),
		"a secret for a secret":   (&campaignOpen{Secret: d.at("other"), Key: d.at("key")}).Run(catalogue(t)),
		"a secret for an opening": (&campaignCheck{File: d.at("c.preau"), Opening: d.at("other")}).check(&bytes.Buffer{}, catalogue(t)),
		"another signer":          (&campaignCheck{File: d.at("c.preau"), Publisher: "0000"}).check(&bytes.Buffer{}, catalogue(t)),
	} {
		message := words(catalogue(t), run)
		if fault.Of(run) == nil || strings.HasPrefix(message, "campaignfile.") || strings.Contains(message, strings.TrimSpace(line)[30:]) {
			t.Errorf("%s: %v, %q", name, run, message)
		}
	}
}
