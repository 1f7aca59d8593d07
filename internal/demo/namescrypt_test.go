package demo

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"
)

var writeVectors = flag.Bool("write-vectors", false, "write what Go makes into testdata/names-vectors.json")

const vectorsFile = "testdata/names-vectors.json"

type made struct {
	Phrase         string                        `json:"phrase"`
	Recipient      string                        `json:"recipient"`
	SignPub        string                        `json:"signPub"`
	Sealed         string                        `json:"sealed"`
	School         string                        `json:"school"`
	Wrapped        string                        `json:"wrapped"`
	NamesRecipient string                        `json:"namesRecipient"`
	StaffID        string                        `json:"staffId"`
	Until          int64                         `json:"until"`
	Endorsement    string                        `json:"endorsement"`
	Record         madeRecord                    `json:"record"`
	FirstNames     madeFirstNames                `json:"firstNames"`
	List           *struct{ CSV, Sealed string } `json:"list"`
}

type madeRecord struct {
	Seat       string  `json:"seat"`
	Version    int     `json:"version"`
	Ciphertext string  `json:"ciphertext"`
	Signature  string  `json:"signature"`
	Last       string  `json:"last"`
	First      string  `json:"first"`
	Secret     *string `json:"secret"`
}

type madeFirstNames struct {
	Group  string            `json:"group"`
	Names  map[string]string `json:"names"`
	Sealed string            `json:"sealed"`
}

type vectors struct {
	Seats []struct {
		Secret, Auth, AuthHash, Bind, Code, Link, Recipient, Mac string
	} `json:"seats"`
	Words []struct {
		Data  string
		Words []string
	} `json:"words"`
	Personal struct {
		JSON, Recipient, SignPub, StaffID string
		Words                             []string
	} `json:"personal"`
	School struct {
		ID, Recipient, Root string
		Words               []string
	} `json:"school"`
	Endorsement struct {
		School, StaffID, Recipient, SignPub, Signature string
		Until                                          int64
	} `json:"endorsement"`
	Record struct {
		School, Seat, Ciphertext, Signature string
		Version                             int
	} `json:"record"`
	FromWeb, FromGo *made
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	raw, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func decode(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return b
}

func TestVectors(t *testing.T) {
	if *writeVectors {
		write(t)
	}
	v := readVectors(t)
	for _, s := range v.Seats {
		secret, err := ParseSeatSecret(s.Secret)
		if err != nil {
			t.Fatal(err)
		}
		k := secret.Keys()
		hash := k.AuthHash()
		got := []string{b64(k.Auth[:]), b64(hash[:]), b64(k.Bind[:]), k.Code, secret.Link("https://preau.example"), k.RecipientMAC(s.Recipient)}
		if want := []string{s.Auth, s.AuthHash, s.Bind, s.Code, s.Link, s.Mac}; !slices.Equal(got, want) {
			t.Errorf("seat %s: %v, want %v", s.Secret, got, want)
		}
	}
	for _, w := range v.Words {
		if got := words(decode(t, w.Data), 6); !slices.Equal(got, w.Words) {
			t.Errorf("words of %s: %v, want %v", w.Data, got, w.Words)
		}
	}
	if got := PersonWords(v.Personal.StaffID, v.Personal.Recipient, v.Personal.SignPub); !slices.Equal(got, v.Personal.Words) {
		t.Errorf("person's words: %v, want %v", got, v.Personal.Words)
	}
	if got := SchoolWords(v.School.ID, v.School.Recipient, v.School.Root); !slices.Equal(got, v.School.Words) {
		t.Errorf("school's words: %v, want %v", got, v.School.Words)
	}
	e := v.Endorsement
	if err := VerifyEndorsement(e.SignPub, e.Signature, e.School, e.StaffID, e.Recipient, e.SignPub, e.Until); err != nil {
		t.Errorf("endorsement: %v", err)
	}
	r := v.Record
	if err := verify(e.SignPub, r.Signature, recordMessage(r.School, r.Seat, r.Version, decode(t, r.Ciphertext))); err != nil {
		t.Errorf("record: %v", err)
	}
}

func TestVectorsOpen(t *testing.T) {
	v := readVectors(t)
	for side, m := range map[string]*made{"web": v.FromWeb, "go": v.FromGo} {
		t.Run(side, func(t *testing.T) {
			if m == nil {
				t.Fatal("nothing from this side")
			}
			person, err := OpenPersonalKey(decode(t, m.Sealed), m.Phrase)
			if err != nil {
				t.Fatal(err)
			}
			if person.Recipient() != m.Recipient || person.SignPub() != m.SignPub {
				t.Error("another person's key")
			}
			key, err := person.Unwrap(decode(t, m.Wrapped), m.School)
			if err != nil {
				t.Fatal(err)
			}
			if key.Recipient() != m.NamesRecipient || key.Root != m.SignPub {
				t.Error("another names key")
			}
			if err := VerifyEndorsement(m.SignPub, m.Endorsement, m.School, m.StaffID, m.Recipient, m.SignPub, m.Until); err != nil {
				t.Error(err)
			}
			name, err := key.Open(Record{m.Record.Seat, m.Record.Version, decode(t, m.Record.Ciphertext), decode(t, m.Record.Signature)}, m.SignPub)
			if err != nil {
				t.Fatal(err)
			}
			if name.Last != m.Record.Last || name.First != m.Record.First || (name.Secret == nil) != (m.Record.Secret == nil) || name.Secret != nil && name.Secret.String() != *m.Record.Secret {
				t.Errorf("another name: %+v", name)
			}
			plain, err := open(decode(t, m.FirstNames.Sealed), person.identity)
			if err != nil {
				t.Fatal(err)
			}
			var first struct {
				Group string
				Names map[string]string
			}
			seat, err := ParseSeatSecret(*m.Record.Secret)
			if err != nil {
				t.Fatal(err)
			}
			mac, text, _ := strings.Cut(string(plain), "\n")
			if mac != seat.Keys().firstNamesMAC(m.Recipient, text) {
				t.Error("nobody vouches for the first names")
			}
			if err := json.Unmarshal([]byte(text), &first); err != nil || first.Group != m.FirstNames.Group || len(first.Names) != len(m.FirstNames.Names) {
				t.Errorf("first names: %+v, %v", first, err)
			}
			if m.List == nil {
				return
			}
			id, err := age.NewScryptIdentity(m.Phrase)
			if err != nil {
				t.Fatal(err)
			}
			csv, err := open(decode(t, m.List.Sealed), id)
			if err != nil || string(csv) != m.List.CSV {
				t.Errorf("list: %q, %v", csv, err)
			}
		})
	}
}

// write makes Go's part of the vectors anew and leaves the rest as it is.
func write(t *testing.T) {
	const school, seat, staff, until = "0192f3a0-0000-7000-8000-0000000000cc", "1b671a64-40d5-491e-99b0-da01ff1f3341", "0192f3a0-0000-7000-8000-000000000003", 1798761600000
	person, phrase := newPerson(t), NewPhrase()
	sealed, err := person.Seal(phrase, 10)
	if err != nil {
		t.Fatal(err)
	}
	key, err := NewNamesKey(school, person)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := key.Wrap(person.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	secret := NewSeatSecret()
	record, err := key.Seal(seat, 2, Name{"D’Ærø <&> 🦔", "Iñaki‑Ọlá \u200fليلى", &secret}, person)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{seat: "Iñaki", "seat-2": "Lou"}
	first, err := secret.Keys().SealFirstNames(person.Recipient(), "group-1", names)
	if err != nil {
		t.Fatal(err)
	}
	text := secret.String()
	m := made{
		Phrase: phrase, Recipient: person.Recipient(), SignPub: person.SignPub(), Sealed: b64(sealed),
		School: school, Wrapped: b64(wrapped), NamesRecipient: key.Recipient(),
		StaffID: staff, Until: until, Endorsement: person.Endorsement(school, staff, person.Recipient(), person.SignPub(), until),
		Record:     madeRecord{seat, 2, b64(record.Ciphertext), b64(record.Signature), "D’Ærø <&> 🦔", "Iñaki‑Ọlá \u200fليلى", &text},
		FirstNames: madeFirstNames{"group-1", names, b64(first)},
	}
	raw, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.LastIndex(string(raw), `"fromGo":`)
	if at < 0 {
		t.Fatal("no place for what Go makes")
	}
	part, err := json.MarshalIndent(m, "  ", "  ")
	if err != nil {
		t.Fatal(err)
	}
	out := string(raw[:at]) + `"fromGo": ` + string(part) + "\n}\n"
	if err := os.WriteFile(vectorsFile, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

func newPerson(t testing.TB) *PersonalKey {
	t.Helper()
	k, err := NewPersonalKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestRecordsKeepAnyName(t *testing.T) {
	person := newPerson(t)
	key, err := NewNamesKey("school", person)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := Name{Last: rapid.StringN(0, 60, -1).Draw(t, "last"), First: rapid.StringN(0, 60, -1).Draw(t, "first")}
		if rapid.Bool().Draw(t, "secret") {
			s := NewSeatSecret()
			name.Secret = &s
		}
		record, err := key.Seal("seat", 1, name, person)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := key.Open(record, person.SignPub()); err != nil || got.Last != name.Last || got.First != name.First || (got.Secret == nil) != (name.Secret == nil) || got.Secret != nil && *got.Secret != *name.Secret {
			t.Fatalf("%+v, %v; want %+v", got, err, name)
		}
		flipped := record
		flipped.Ciphertext = slices.Clone(record.Ciphertext)
		bit := rapid.IntRange(0, len(flipped.Ciphertext)*8-1).Draw(t, "bit")
		flipped.Ciphertext[bit/8] ^= 1 << (bit % 8)
		if _, err := key.Open(flipped, person.SignPub()); !errors.Is(err, ErrSignature) {
			t.Fatalf("bit %d flipped: %v", bit, err)
		}
		if _, err := open(flipped.Ciphertext, key.identity); err == nil {
			t.Fatalf("bit %d flipped and opened", bit)
		}
	})
}

func TestForgedRecordsAreRefused(t *testing.T) {
	person, stranger := newPerson(t), newPerson(t)
	key, err := NewNamesKey("school-1", person)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := *key
	elsewhere.School = "school-2"
	record, err := key.Seal("seat-1", 1, Name{Last: "Lefèvre", First: "Chloé"}, person)
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]struct {
		key    *NamesKey
		change func(*Record)
		signer string
	}{
		"another signer":  {key, func(*Record) {}, stranger.SignPub()},
		"another seat":    {key, func(r *Record) { r.Seat = "seat-2" }, person.SignPub()},
		"another version": {key, func(r *Record) { r.Version = 2 }, person.SignPub()},
		"another school":  {&elsewhere, func(*Record) {}, person.SignPub()},
	} {
		t.Run(name, func(t *testing.T) {
			r := record
			try.change(&r)
			if _, err := try.key.Open(r, try.signer); !errors.Is(err, ErrSignature) {
				t.Errorf("opened: %v", err)
			}
		})
	}
	wrapped, err := key.Wrap(person.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := person.Unwrap(wrapped, "school-2"); !errors.Is(err, ErrSchool) {
		t.Errorf("unwrapped in another school: %v", err)
	}
	if _, err := stranger.Unwrap(wrapped, "school-1"); !errors.Is(err, ErrDamaged) {
		t.Errorf("unwrapped by a stranger: %v", err)
	}
	if _, err := key.Seal("seat-1", 1, Name{Last: strings.Repeat("a", 4000)}, person); err == nil {
		t.Error("a name without end was sealed")
	}
}

func TestPhrasesOpenTheirKeyOnly(t *testing.T) {
	person := newPerson(t)
	phrase := NewPhrase()
	if got := len(strings.Fields(phrase)); got != 6 {
		t.Fatalf("%d words", got)
	}
	sealed, err := person.Seal(phrase, 8)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPersonalKey(sealed, NewPhrase()); !errors.Is(err, ErrDamaged) {
		t.Errorf("another phrase: %v", err)
	}
	if k, err := OpenPersonalKey(sealed, phrase); err != nil || k.SignPub() != person.SignPub() {
		t.Errorf("its phrase: %v", err)
	}
}
