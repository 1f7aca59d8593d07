package privacy

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"preau/internal/fault"
	"preau/internal/store"
)

// mentions lists "table.column" wherever any row still holds one of the marks.
func mentions(t *testing.T, db *store.DB, marks ...string) map[string]int {
	t.Helper()
	found := map[string]int{}
	for table, columns := range readSchema(t, db).columns {
		rows, err := db.Reader().QueryContext(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				raw, ok := v.([]byte)
				if !ok {
					raw = []byte(fmt.Sprint(v))
				}
				if slices.ContainsFunc(marks, func(m string) bool { return bytes.Contains(raw, []byte(m)) }) {
					found[table+"."+columns[i]]++
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return found
}

// stays lists the columns that the map lets an erasure leave, with a reason.
func stays(m Map, kind Whose) map[string]bool {
	left := map[string]bool{}
	for _, t := range m.Tables {
		for _, p := range t.People {
			for _, c := range t.Columns {
				if p.Whose == kind && (c.Stays != "" || p.Erase == KeepRows && c.Whose == kind) {
					left[t.Name+"."+c.Name] = true
				}
			}
		}
	}
	// The id of an emptied account, written where an address stood.
	left["staff.email"] = kind == OfStaff
	return left
}

// The seed must have the person in every table that has a way to them: a new
// table is then part of the tests below.
func TestSeedIsEverywhere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, table := range h.dataMap.Tables {
			for _, p := range table.People {
				if table.Name == "erasure" {
					continue // written by the erasure itself
				}
				id := string(p.Whose) + "-A"
				if p.Erase == KeepRows {
					continue
				}
				if h.count(table.Name, p.Where, id) == 0 {
					t.Errorf("%s: nobody where %s", table.Name, p.Where)
				}
			}
		}
	})
}

func TestErasedSeatIsNowhere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		before := mentions(t, h.db, "seat-A", "seat-\xa1", "seat-\xa2", "seat-\xa3", "seat-\xa4", "seat-\xa5", "seat-\xa6", "seat-\xa7")
		for _, column := range []string{"seat.pseudonym", "seat.auth_hash", "name_record.ciphertext", "first_names.sealed", "audit.detail", "seat_session.recipient_mac"} {
			if before[column] == 0 {
				t.Fatalf("the seed has no mark in %s: %v", column, before)
			}
		}
		otherBefore := mentions(t, h.db, "seat-B")
		e, err := h.Erase(t.Context(), "school-A", OfSeat, "seat-A", "asked", "head-A")
		if err != nil {
			t.Fatal(err)
		}
		left := mentions(t, h.db, "seat-A", "seat-\xa1", "seat-\xa2", "seat-\xa3", "seat-\xa4", "seat-\xa5", "seat-\xa6", "seat-\xa7")
		allowed := stays(h.dataMap, OfSeat)
		for column, n := range left {
			if !allowed[column] {
				t.Errorf("%s still mentions the seat %d times", column, n)
			}
		}
		if after := mentions(t, h.db, "seat-B"); !maps.Equal(after, otherBefore) {
			t.Errorf("another school's pupil was touched: %v, was %v", after, otherBefore)
		}
		if n := h.count("seat_session", "seat_id = 'seat-A'"); n != 0 {
			t.Errorf("%d sessions still open", n)
		}
		if n := h.count("first_names", "group_id = 'group-A'"); n != 0 {
			t.Errorf("%d other pupils still hold the first name", n)
		}
		if n := h.count("erasure", "id = $1 AND subject_id = 'seat-A'", e.ID); n != 1 {
			t.Error("the erasure is not recorded")
		}
		if n := h.count("audit", "act = 'privacy.erase' AND actor_id = 'head-A' AND subject_id = 'seat-A'"); n != 1 {
			t.Error("the erasure is not in the trail")
		}
		if len(h.journal) != 1 || h.journal[0] != e {
			t.Errorf("journal: %v", h.journal)
		}
		if _, err := h.Erase(t.Context(), "school-A", OfSeat, "seat-A", "asked", "head-A"); !fault.Is(err, fault.NotFound) {
			t.Errorf("erased twice: %v", err)
		}
	})
}

func TestEraseIsOfOneSchool(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, kind := range []Whose{OfSeat, OfStaff} {
			id := string(kind) + "-B"
			if _, err := h.Erase(t.Context(), "school-A", kind, id, "asked", "head-A"); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s of another school: %v", kind, err)
			}
			if _, err := h.ExportOf(t.Context(), "school-A", kind, id, "fr"); !fault.Is(err, fault.NotFound) {
				t.Errorf("export of %s of another school: %v", kind, err)
			}
		}
		if len(h.journal) != 0 {
			t.Error("a refused erasure is in the journal")
		}
	})
}

func TestErasedStaffIsNowhere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if _, err := h.Erase(t.Context(), "school-A", OfStaff, "head-A", "left", "head-A"); !fault.Is(err, fault.Conflict) {
			t.Errorf("staff with a role was erased: %v", err)
		}
		if _, err := h.Erase(t.Context(), "school-A", OfStaff, "staff-A", "left", "head-A"); err != nil {
			t.Fatal(err)
		}
		allowed := stays(h.dataMap, OfStaff)
		for column, n := range mentions(t, h.db, "staff-A") {
			if !allowed[column] {
				t.Errorf("%s still mentions the person %d times", column, n)
			}
		}
		if n := h.count("staff", "id = 'staff-A' AND name = '' AND email = 'erased:staff-A' AND password_hash IS NULL AND disabled_at IS NOT NULL"); n != 1 {
			t.Error("the account is not emptied")
		}
		if n := h.count("names_member", "staff_id = 'staff-A' AND wrapped IS NULL AND revoked_at IS NOT NULL"); n != 1 {
			t.Error("the names key is still open to the person")
		}
		if n := h.count("staff_session", "staff_id = 'staff-A'"); n != 0 {
			t.Error("a session still lives")
		}
	})
}

// A backup from before the erasure brings the pupil back; applying the recorded erasures
// again takes them out, however often.
func TestReapply(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		e := store.Erasure{ID: "e1", SchoolID: "school-A", SubjectKind: "seat", SubjectID: "seat-A", At: h.db.Now()}
		for range 2 {
			if err := h.db.Tx(t.Context(), func(tx store.Queryer) error { return h.Reapply(t.Context(), tx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		allowed := stays(h.dataMap, OfSeat)
		for column := range mentions(t, h.db, "seat-A") {
			if !allowed[column] {
				t.Errorf("%s mentions the seat again", column)
			}
		}
		if n := h.count("seat", "id = 'seat-A' AND erased_at = $1", e.At); n != 1 {
			t.Error("the seat is not marked as erased when it was")
		}
	})
}

func TestExportHoldsNoSecret(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out, err := h.ExportOf(t.Context(), "school-A", OfSeat, "seat-A", "fr")
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint(flat(out))
		for _, wanted := range []string{"Loutre seat-A", "otter seat-A", "tablet", "seat.secret"} {
			if !strings.Contains(text, wanted) {
				t.Errorf("%q is not in the export: %s", wanted, text)
			}
		}
		// c2VhdC1… is the base64url of "seat-", with which every hash and ciphertext
		// about the pupil begins.
		for _, unwanted := range []string{"c2VhdC", "VVU", "school-B", "staff-A", "other-A"} {
			if strings.Contains(text, unwanted) {
				t.Errorf("%q is in the export: %s", unwanted, text)
			}
		}
		if len(out.Withheld) == 0 {
			t.Error("the export does not say what it leaves out")
		}
		staff, err := h.ExportOf(t.Context(), "school-A", OfStaff, "staff-A", "fr")
		if err != nil {
			t.Fatal(err)
		}
		text = fmt.Sprint(flat(staff))
		if !strings.Contains(text, "staff-A@ecole.example") || !strings.Contains(text, "Firefox") || strings.Contains(text, "argon") || strings.Contains(text, "Loutre") {
			t.Errorf("export of staff: %s", text)
		}
	})
}

func flat(e *Export) []string {
	var cells []string
	for _, table := range e.Tables {
		for _, row := range table.Rows {
			for _, c := range row.Cells {
				if c.Text != nil {
					cells = append(cells, table.Table+":"+*c.Text)
				}
			}
		}
	}
	return cells
}
