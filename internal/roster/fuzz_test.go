package roster

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"preau/internal/identity"
)

func FuzzParseCode(f *testing.F) {
	for _, seed := range []string{"KRM4-7D2F9", " krm4 7d2f9 ", "OQIL ZSBU0", "krm4–7d2f9", "", "KRM47D2F", "KRM47D2F99", "ΚRM47D2F9", "\x00\xff", "ß", strings.Repeat("-", 63) + "A"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		group, seat, ok := ParseCode(typed)
		if !ok {
			if group != "" || seat != "" {
				t.Fatal("a part of what is not a code is given")
			}
			return
		}
		if !exactCode(group, GroupCodeLength) || !exactCode(seat, SeatCodeLength) {
			t.Fatalf("%q reads %q %q, outside the alphabet", typed, group, seat)
		}
		// What was read is read the same again, however it is dressed.
		for _, again := range []string{group + "-" + seat, strings.ToLower(group + seat), " " + group + " . " + seat + "\n"} {
			if g, s, ok := ParseCode(again); !ok || g != group || s != seat {
				t.Fatalf("%q reads %q %q, not %q %q", again, g, s, group, seat)
			}
		}
		if len([]rune(typed)) > maxTyped {
			t.Fatal("read beyond the limit")
		}
		for _, r := range typed {
			if unicode.IsLetter(r) && r > unicode.MaxASCII && !strings.ContainsRune(Alphabet, unicode.ToUpper(r)) {
				if _, found := lookAlike[unicode.ToUpper(r)]; !found {
					t.Fatalf("%q holds a letter that no code has", typed)
				}
			}
		}
	})
}

// No body of an import, however odd, is half kept or an internal error.
func FuzzImport(f *testing.F) {
	h := build(f, sqlite(f))
	office := h.signIn("office", overSchool(identity.Office))
	year := h.year()
	good := Import{ID: uuid(), YearID: year, Groups: []ImportGroup{{Ref: "a", Name: "6e A", Kind: "class"}}, Seats: []ImportSeat{newSlip(1).arrival("a")}}
	raw, err := json.Marshal(good)
	if err != nil {
		f.Fatal(err)
	}
	text := string(raw)
	for _, seed := range []string{
		text, "{}", "[]", "null", `{"seats":null}`, text[:len(text)/2],
		strings.Replace(text, `"number":1`, `"number":1e400`, 1), strings.Replace(text, `"number":1`, `"number":-1`, 1),
		strings.Replace(text, "6e A", "\u202e\u0000", 1), strings.Replace(text, "Loutre b", strings.Repeat("é", 41), 1),
		strings.Replace(text, `["a"]`, `["a","a","a"]`, 1), strings.Replace(text, good.Seats[0].ID, "../../x", 1),
		strings.Replace(text, `"class"`, `"école"`, 1),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		h.t = t
		before := h.count(`SELECT count(*) FROM seat`) + h.count(`SELECT count(*) FROM roster_group`)
		r := office.post("/schools/"+school+"/imports", body)
		if r.status >= 500 {
			t.Fatalf("%d: %s", r.status, r.raw)
		}
		after := h.count(`SELECT count(*) FROM seat`) + h.count(`SELECT count(*) FROM roster_group`)
		if r.status != 200 && after != before {
			t.Fatalf("refused with %d, and %d rows more", r.status, after-before)
		}
		if !bytes.HasPrefix([]byte(r.raw), []byte("{")) {
			t.Fatalf("answered %q", r.raw)
		}
	})
}
