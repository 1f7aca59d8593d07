package roster

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// freeText is every text column of the domain that staff write by hand. They
// name groups, levels and years; a pseudonym is drawn. Each is short, on one
// line, and shown to staff as what it is. Any other text column holds an id, a
// word of the code, a date, a public key or a code.
var freeText = map[string]bool{
	"year.label": true, "roster_group.name": true, "roster_group.level": true, "seat.level": true, "seat.pseudonym": true,
}

// ciphertext is every column of bytes that may hold a name, encrypted.
var ciphertext = map[string]bool{
	"name_record.ciphertext": true, "first_names.sealed": true, "staff_key.sealed": true, "names_member.wrapped": true,
}

var shapes = []*regexp.Regexp{
	regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`), // an id
	regexp.MustCompile(`^\d{4}-\d\d-\d\d$`), regexp.MustCompile(`^age1[0-9a-z]{58}$`), regexp.MustCompile(`^[` + Alphabet + `]{4}$`),
	regexp.MustCompile(`^(school-a|head|teacher)$`), // ids of this test
	regexp.MustCompile(`^(class|group|in|waiting|ended|link|code|phone|tablet|computer|left|other|moved|taken|refused|replaced|stopped)$`),
	pictureName,
}

// A name goes through the whole domain as a browser sends it. It is in no
// column of any row, and every column that could hold text of a person's own
// making is one of the lists above.
func TestNoColumnHoldsAName(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		const name = "Zéphyrine Quenouillard"
		h.signIn("head", overSchool(identity.Head))
		teacher := h.signIn("teacher", overSchool(identity.Teacher))
		key := h.namesKey("head")
		in := h.sample(h.year(), "head", key, 2)
		for i, s := range in.Seats {
			in.Seats[i].Record = h.record("head", s.ID, 1, name)
		}
		s := newSlip(3)
		arrival := s.arrival("a")
		in.Seats = append(in.Seats, arrival)
		made, err := h.Import(ctx, school, "head", in)
		if err != nil {
			h.t.Fatal(err)
		}
		if err := h.LetIn(ctx, school, "head", h.member("head", "teacher", h.giveKey("teacher"), 0)); err != nil {
			h.t.Fatal(err)
		}
		k, _ := h.StaffKeyOf(ctx, "head")
		d := h.device()
		d.agent = name
		r := d.want(200, "POST", "/door/link", map[string]any{"auth": s.auth, "recipient": k.Recipient, "mac": text64(make([]byte, 32))})
		teacher.want(200, "PUT", "/schools/"+school+"/groups/"+made.Groups[0].ID+"/first-names",
			map[string]any{"items": []any{map[string]any{"sessionId": r.text("session"), "sealed": text64(h.sealed(name))}}})
		// Fields that take no free text refuse a name.
		for field, mend := range map[string]func(*ImportSeat){
			"id": func(s *ImportSeat) { s.ID = name }, "picture": func(s *ImportSeat) { s.Picture = name }, "authHash": func(s *ImportSeat) { s.AuthHash = name },
			"seatCode": func(s *ImportSeat) { s.SeatCode = name }, "groups": func(s *ImportSeat) { s.Groups = []string{name} },
		} {
			one := Import{ID: uuid(), YearID: in.YearID, Seats: []ImportSeat{newSlip(50).arrival()}}
			mend(&one.Seats[0])
			if _, err := h.Import(ctx, school, "head", one); fault.Of(err) == nil {
				h.t.Errorf("%s takes a name: %v", field, err)
			}
		}

		for column, values := range h.columns() {
			for _, value := range values {
				for _, shape := range []string{name, "Zéphyrine", "Quenouillard", hex.EncodeToString([]byte(name)), text64([]byte(name))} {
					if strings.Contains(strings.ToLower(value), strings.ToLower(shape)) {
						h.t.Errorf("%s holds the name: %q", column, value)
					}
				}
				if !freeText[column] && !ciphertext[column] && !slices.ContainsFunc(shapes, func(r *regexp.Regexp) bool { return r.MatchString(value) }) {
					h.t.Errorf("%s holds %q, of no known shape", column, value)
				}
			}
		}
		if strings.Contains(h.log.String(), "Quenouillard") {
			h.t.Error("the log holds the name")
		}
	})
}

// columns gives every text of every column of the domain, and those of bytes
// that are longer than a hash, a key or a signature.
func (h *house) columns() map[string][]string {
	h.t.Helper()
	out := map[string][]string{}
	for _, table := range tables(h.t, h.db.Dialect()) {
		rows, err := h.db.Reader().QueryContext(h.t.Context(), `SELECT * FROM `+table)
		if err != nil {
			h.t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			h.t.Fatal(err)
		}
		values, err := collect(rows, func(r *sql.Rows, row *[]any) error {
			*row = make([]any, len(names))
			into := make([]any, len(names))
			for i := range into {
				into[i] = &(*row)[i]
			}
			return r.Scan(into...)
		})
		if err != nil {
			h.t.Fatal(err)
		}
		if len(values) == 0 {
			h.t.Errorf("no row in %s: the test proves nothing of it", table)
		}
		for _, row := range values {
			for i, v := range row {
				column := table + "." + names[i]
				switch v := v.(type) {
				case string:
					out[column] = append(out[column], v)
				case []byte:
					if len(v) > 64 || ciphertext[column] {
						out[column] = append(out[column], string(v))
					}
				case nil, int64, int32:
				default:
					h.t.Fatalf("%s is a %T", column, v)
				}
			}
		}
	}
	return out
}

// tables are those of the domain's own migration.
func tables(t testing.TB, d store.Dialect) []string {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("../store/migrations/%s/00003_roster.sql", d))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`).FindAllStringSubmatch(string(raw), -1) {
		names = append(names, m[1])
	}
	return names
}
