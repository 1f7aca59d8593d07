package roster

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"preau/internal/identity"
)

func (h *house) year() string {
	h.t.Helper()
	y, err := h.OpenYear(h.t.Context(), school, NewYear{"2026-2027", "2026-09-01", "2027-08-31"})
	if err != nil {
		h.t.Fatal(err)
	}
	return y.ID
}

// sample is an import of n seats in two groups, with records when by is not empty.
func (h *house) sample(year, by, key string, n int) Import {
	h.t.Helper()
	in := Import{ID: uuid(), YearID: year, KeyID: key, Groups: []ImportGroup{
		{Ref: "a", Name: "6e A", Kind: "class", Level: "6e"}, {Ref: "latin", Name: "Latin", Kind: "group"},
	}}
	taken := map[string]bool{}
	for i := range n {
		drawn := newSlip(i + 1)
		for taken[drawn.seatCode] { // as a browser draws again
			drawn = newSlip(i + 1)
		}
		taken[drawn.seatCode] = true
		seat := drawn.arrival("a", "latin")
		if by != "" {
			seat.Record = h.record(by, seat.ID, 1, "name")
		}
		in.Seats = append(in.Seats, seat)
	}
	return in
}

func TestImport(t *testing.T) {
	each(t, func(h *house) {
		office := h.signIn("office", overSchool(identity.Office))
		key := h.namesKey("office")
		in := h.sample(h.year(), "office", key, 450)
		path := "/schools/" + school + "/imports"
		first := office.want(200, "POST", path, in)
		if first.body["seats"] != float64(450) || first.body["again"] != false || len(first.list("groups")) != 2 {
			h.t.Fatal(first.raw)
		}
		again := office.want(200, "POST", path, in)
		if again.body["again"] != true || fmt.Sprint(again.body["groups"]) != fmt.Sprint(first.body["groups"]) {
			h.t.Fatalf("a retry answers otherwise: %s", again.raw)
		}
		other := in
		other.Seats = in.Seats[:1]
		office.want(409, "POST", path, other)
		for table, want := range map[string]int{"seat": 450, "seat_group": 900, "name_record": 450, "roster_group": 2, "roster_import": 1} {
			if n := h.count(`SELECT count(*) FROM ` + table); n != want {
				h.t.Errorf("%d rows in %s, want %d", n, table, want)
			}
		}
		// An arrival is the same body, naming a group that exists.
		arrival := Import{ID: uuid(), YearID: in.YearID, Seats: []ImportSeat{newSlip(451).arrival(first.list("groups")[0]["id"].(string))}}
		office.want(200, "POST", "/schools/"+school+"/seats", arrival)
		seats := 0
		for after := ""; ; {
			r := office.want(200, "GET", "/schools/"+school+"/seats?limit=200&after="+after, nil)
			seats += len(r.list("items"))
			if after = r.text("next"); after == "" {
				break
			}
		}
		if seats != 451 {
			h.t.Fatalf("%d seats listed, want 451", seats)
		}
	})
}

// Whatever is wrong with one item refuses the whole, names that item, and
// leaves nothing behind.
func TestImportRefused(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		key := h.namesKey("office")
		h.signIn("office", overSchool(identity.Office))
		year := h.year()
		before := h.sample(year, "", "", 1)
		before.Seats[0].Number, before.Seats[0].Pseudonym = 900, "Baleine bleue"
		if _, err := h.Import(ctx, school, "office", before); err != nil {
			h.t.Fatal(err)
		}
		closed := h.year()
		if err := h.CloseYear(ctx, school, closed); err != nil {
			h.t.Fatal(err)
		}
		taken := before.Seats[0]
		cases := []struct {
			name   string
			mend   func(*Import)
			field  string
			status int
		}{
			{"id", func(in *Import) { in.Seats[3].ID = "1" }, "seats[3].id", 422},
			{"same id twice", func(in *Import) { in.Seats[3].ID = in.Seats[1].ID; in.Seats[3].Record = nil }, "seats[3].id", 422},
			{"number twice", func(in *Import) { in.Seats[3].Number = in.Seats[1].Number }, "seats[3].number", 422},
			{"number of another", func(in *Import) { in.Seats[3].Number = 900 }, "seats[3].number", 409},
			{"pseudonym of another", func(in *Import) { in.Seats[3].Pseudonym = "Baleine  bleue" }, "seats[3].pseudonym", 409},
			{"pseudonym with a digit", func(in *Import) { in.Seats[3].Pseudonym = "Loutre 7" }, "seats[3].pseudonym", 422},
			{"empty pseudonym", func(in *Import) { in.Seats[3].Pseudonym = "  " }, "seats[3].pseudonym", 422},
			{"picture", func(in *Import) { in.Seats[3].Picture = "https://x" }, "seats[3].picture", 422},
			{"auth", func(in *Import) { in.Seats[3].AuthHash = "AAAA" }, "seats[3].authHash", 422},
			{"auth of another", func(in *Import) { in.Seats[3].AuthHash = taken.AuthHash }, "seats[3].authHash", 409},
			{"code", func(in *Import) { in.Seats[3].SeatCode = "OOOOO" }, "seats[3].seatCode", 422},
			{"code of another", func(in *Import) { in.Seats[3].SeatCode = taken.SeatCode }, "seats[3].seatCode", 409},
			{"group", func(in *Import) { in.Seats[3].Groups = []string{"a", "absent"} }, "seats[3].groups[1]", 404},
			{"ref twice", func(in *Import) { in.Groups[1].Ref = "a" }, "groups[1].ref", 422},
			{"name in clear", func(in *Import) { in.Seats[3].Record.Ciphertext = text64([]byte("Nadia Benali de la sixième B")) }, "seats[3].record.ciphertext", 422},
			{"signature", func(in *Import) { in.Seats[3].Record.Signature = in.Seats[2].Record.Signature }, "seats[3].record.signature", 422},
			{"version", func(in *Import) { in.Seats[3].Record.Version = 2 }, "seats[3].record.version", 409},
			{"names key", func(in *Import) { in.KeyID = uuid() }, "keyId", 409},
			{"no names key", func(in *Import) { in.KeyID = "" }, "keyId", 422},
			{"no seat", func(in *Import) { in.Seats = nil }, "seats", 422},
			{"import id", func(in *Import) { in.ID = "again" }, "id", 422},
			{"year", func(in *Import) { in.YearID = uuid() }, "", 404},
			{"closed year", func(in *Import) { in.YearID = closed }, "", 410},
		}
		tables := []string{"seat", "seat_group", "name_record", "roster_group", "roster_import", "audit"}
		was := map[string]int{}
		for _, table := range tables {
			was[table] = h.count(`SELECT count(*) FROM ` + table)
		}
		office := h.device()
		office.cookies["preau_staff"] = "office"
		for _, c := range cases {
			in := h.sample(year, "office", key, 5)
			c.mend(&in)
			r := office.do("POST", "/schools/"+school+"/imports", in)
			if r.status != c.status || r.field() != c.field {
				h.t.Errorf("%s: %d at %q, want %d at %q: %s", c.name, r.status, r.field(), c.status, c.field, r.raw)
			}
		}
		for _, table := range tables {
			if n := h.count(`SELECT count(*) FROM ` + table); n != was[table] {
				h.t.Errorf("%s went from %d rows to %d", table, was[table], n)
			}
		}
	})
}

func TestImportLimits(t *testing.T) {
	h := build(t, sqlite(t))
	office := h.signIn("office", overSchool(identity.Office))
	in := Import{ID: uuid(), YearID: h.year()}
	for i := range maxImport + 1 {
		in.Seats = append(in.Seats, ImportSeat{ID: uuid(), Number: i + 1, Pseudonym: word(i), Picture: "otter"})
	}
	office.want(422, "POST", "/schools/"+school+"/imports", in)
	big := map[string]any{"id": strings.Repeat("x", maxImportBody)}
	office.want(413, "POST", "/schools/"+school+"/imports", big)
	in.Seats = in.Seats[:0]
	codes := map[string]bool{}
	for len(in.Seats) < maxImport {
		s := newSlip(len(in.Seats) + 1)
		if !codes[s.seatCode] { // as the browser draws again
			codes[s.seatCode] = true
			in.Seats = append(in.Seats, s.arrival())
		}
	}
	raw, _ := json.Marshal(in)
	office.want(200, "POST", "/schools/"+school+"/imports", in)
	t.Logf("%d seats without records weigh %d kB", maxImport, len(raw)/1000)
}

func TestGroupsAndYears(t *testing.T) {
	each(t, func(h *house) {
		head := h.signIn("head", overSchool(identity.Head))
		base := "/schools/" + school
		year := head.want(200, "POST", base+"/years", map[string]any{"label": "2026-2027", "startsOn": "2026-09-01", "endsOn": "2027-08-31"}).text("id")
		head.want(422, "POST", base+"/years", map[string]any{"label": "x", "startsOn": "2026-09-01", "endsOn": "2026-08-31"})
		g := head.want(200, "POST", base+"/groups", map[string]any{"yearId": year, "name": "CP–CE1", "kind": "class", "level": "CP"})
		group := base + "/groups/" + g.text("id")
		head.want(204, "PATCH", group, map[string]any{"name": "  CP   CE1 ", "level": ""})
		r := head.want(200, "GET", group, nil)
		if got := r.body["group"].(map[string]any); got["name"] != "CP CE1" || got["level"] != nil || got["code"] != g.text("code") {
			h.t.Fatal(r.raw)
		}
		head.want(204, "DELETE", group, nil)
		head.want(404, "GET", group, nil)

		c := h.class(2)
		group = base + "/groups/" + c.group
		head.want(409, "DELETE", group, nil)
		head.want(204, "PATCH", base+"/seats/"+c.slips[0].id, map[string]any{"groups": []string{}, "level": "5e"})
		if r := head.want(200, "GET", group, nil); len(r.list("seats")) != 1 {
			h.t.Fatal(r.raw)
		}
		head.want(404, "PATCH", base+"/seats/"+c.slips[0].id, map[string]any{"groups": []string{g.text("id")}})
		head.want(204, "PATCH", group, map[string]any{"archived": true})
		head.want(404, "POST", group+"/door", map[string]any{"minutes": 5})
		head.want(204, "POST", base+"/years/"+c.year+"/close", nil)
		head.want(410, "POST", base+"/years/"+c.year+"/close", nil)
		head.want(410, "PATCH", group, map[string]any{"archived": false})
		head.want(410, "PATCH", base+"/seats/"+c.slips[0].id, map[string]any{"level": "4e"})
	})
}
