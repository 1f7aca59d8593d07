package roster

import (
	"slices"
	"testing"
	"time"

	"preau/internal/identity"
)

func ids(list []map[string]any, key string) []string {
	var out []string
	for _, x := range list {
		out = append(out, x[key].(string))
	}
	slices.Sort(out)
	return out
}

func TestNamesKey(t *testing.T) {
	each(t, func(h *house) {
		base := "/schools/" + school
		head := h.signIn("head", overSchool(identity.Head))
		if r := head.want(200, "GET", "/me/key", nil); r.raw != "null\n" && r.raw != "null" {
			h.t.Fatalf("no key reads %q", r.raw)
		}
		if r := head.want(200, "GET", base+"/names", nil); r.body["key"] != nil || r.body["mine"] != nil {
			h.t.Fatal(r.raw)
		}
		first := h.namesKey("head")
		r := head.want(200, "GET", base+"/names", nil)
		if r.body["mine"] == nil || len(r.list("members")) != 2 {
			h.t.Fatal(r.raw)
		}
		for _, m := range r.list("members") {
			if (m["staffId"] == nil) != (m["wrapped"] != nil) {
				h.t.Fatalf("the sheet's wrapped key goes to the head, nobody else's: %v", m)
			}
		}
		// A second key without naming the first would end every access unseen.
		k, err := h.StaffKeyOf(h.t.Context(), "head")
		if err != nil {
			h.t.Fatal(err)
		}
		body := map[string]any{
			"recipient": k.Recipient,
			"root":      map[string]any{"staffId": "head", "recipient": k.Recipient, "signPub": k.SignPub, "wrapped": text64(h.sealed("k"))},
			"recovery":  map[string]any{"recipient": k.Recipient, "wrapped": text64(h.sealed("k"))},
		}
		head.want(409, "POST", base+"/names/key", body)
		body["replaces"] = first
		head.want(200, "POST", base+"/names/key", body)
		if n := h.count(`SELECT count(*) FROM names_member WHERE key_id = $1 AND revoked_at IS NULL`, first); n != 0 {
			h.t.Fatal("accesses to a replaced key remain")
		}
	})
}

// Another sheet is made by somebody let in, ends the one before, and counts as
// stored once somebody said so, about that very sheet.
func TestRecoverySheet(t *testing.T) {
	each(t, func(h *house) {
		base := "/schools/" + school
		head := h.signIn("head", overSchool(identity.Head))
		teacher := h.signIn("teacher", overSchool(identity.Teacher))
		office := h.signIn("office", overSchool(identity.Office))
		key := h.namesKey("head")
		sheet := func() map[string]any {
			h.t.Helper()
			list := slices.DeleteFunc(head.want(200, "GET", base+"/names", nil).list("members"), func(m map[string]any) bool {
				return m["staffId"] != nil || m["revokedAt"] != nil
			})
			if len(list) != 1 {
				h.t.Fatalf("%d sheets, want 1", len(list))
			}
			return list[0]
		}
		first := sheet()
		stored := func(m map[string]any) string { return base + "/names/sheet/" + m["id"].(string) + "/stored" }
		if first["storedAt"] != nil {
			h.t.Fatal("a sheet is stored before anybody said so")
		}
		teacher.want(403, "POST", stored(first), nil)
		head.want(204, "POST", stored(first), nil)
		if sheet()["storedAt"] == nil {
			h.t.Fatal("nobody remembers that the sheet is stored")
		}
		body := map[string]any{"keyId": key, "recipient": first["recipient"], "wrapped": text64(h.sealed("another sheet"))}
		teacher.want(403, "PUT", base+"/names/sheet", body)
		h.giveKey("office")
		office.want(403, "PUT", base+"/names/sheet", body) // not let in to the names
		head.want(204, "PUT", base+"/names/sheet", body)
		second := sheet()
		if second["id"] == first["id"] || second["storedAt"] != nil {
			h.t.Fatalf("the sheet is %v", second)
		}
		head.want(404, "POST", stored(first), nil)
		head.want(204, "POST", stored(second), nil)
		if n := h.count(`SELECT count(*) FROM names_member WHERE id = $1 AND wrapped IS NOT NULL`, first["id"]); n != 0 {
			h.t.Fatal("the sheet that was replaced still opens the key")
		}
		body["keyId"] = "another"
		head.want(409, "PUT", base+"/names/sheet", body)
		for _, m := range head.want(200, "GET", base+"/names", nil).list("members") {
			if m["staffId"] == "head" {
				head.want(404, "POST", stored(m), nil)
			}
		}
	})
}

// A substitute is let in until a date, which each read looks at; those who are
// put out read nothing more.
func TestLetIn(t *testing.T) {
	each(t, func(h *house) {
		base := "/schools/" + school
		head := h.signIn("head", overSchool(identity.Head))
		c := h.class(2)
		h.namesKey("head")
		substitute := h.signIn("substitute", overGroup(identity.Substitute, c.group))
		key := h.giveKey("substitute")
		h.signIn("stranger", identity.Grant{Role: identity.Teacher, Scope: identity.OverSchool, ScopeID: otherSchool, SchoolID: otherSchool})
		strange := h.giveKey("stranger")

		substitute.want(403, "GET", base+"/names/records", nil)
		if r := head.want(200, "GET", base+"/names", nil); len(r.list("waiting")) != 1 || r.list("waiting")[0]["staffId"] != "substitute" {
			h.t.Fatal(r.raw)
		}
		until := h.clock.Now().Add(48 * time.Hour).UnixMilli()
		members := base + "/names/members"
		head.want(404, "POST", members, h.member("head", "stranger", strange, 0))
		swapped := h.member("head", "substitute", strange, until)
		head.want(409, "POST", members, swapped) // not the key that they registered
		forged := h.member("head", "substitute", key, until)
		forged.Until = nil
		head.want(422, "POST", members, forged) // not what was signed
		head.want(422, "POST", members, h.member("head", "substitute", key, h.clock.Now().UnixMilli()-1))
		substitute.want(403, "POST", members, h.member("substitute", "substitute", key, 0))
		head.want(204, "POST", members, h.member("head", "substitute", key, until))

		substitute.want(200, "GET", base+"/names/records", nil)
		if r := substitute.want(200, "GET", base+"/names", nil); r.body["mine"] == nil || len(r.list("waiting")) != 0 {
			h.t.Fatal(r.raw)
		}
		h.clock.Advance(48 * time.Hour)
		substitute.want(403, "GET", base+"/names/records", nil)
		if r := substitute.want(200, "GET", base+"/names", nil); r.body["mine"] != nil {
			h.t.Fatal("the wrapped key is given past the date")
		}
		head = h.signIn("head", overSchool(identity.Head))

		head.want(204, "POST", members, h.member("head", "substitute", key, 0))
		substitute.want(200, "GET", base+"/names/records", nil)
		var member string
		for _, m := range head.want(200, "GET", base+"/names", nil).list("members") {
			if m["staffId"] == "substitute" && m["revokedAt"] == nil {
				member = m["id"].(string)
			}
		}
		head.want(204, "DELETE", members+"/"+member, nil)
		head.want(404, "DELETE", members+"/"+member, nil)
		substitute.want(403, "GET", base+"/names/records", nil)
		if n := h.count(`SELECT count(*) FROM audit WHERE act = 'names.put_out' AND subject_id = 'substitute' AND actor_id = 'head'`); n != 1 {
			h.t.Fatalf("%d entries of the audit trail, want 1", n)
		}
	})
}

// Somebody who was let in until a date cannot let others in beyond it.
func TestNoLongerThanOneself(t *testing.T) {
	each(t, func(h *house) {
		h.signIn("head", overSchool(identity.Head))
		h.namesKey("head")
		deputy := h.signIn("deputy", overSchool(identity.Head))
		key := h.giveKey("deputy")
		until := h.clock.Now().Add(10 * time.Minute).UnixMilli()
		if err := h.LetIn(h.t.Context(), school, "head", h.member("head", "deputy", key, until)); err != nil {
			h.t.Fatal(err)
		}
		h.signIn("teacher", overSchool(identity.Teacher))
		theirs := h.giveKey("teacher")
		path := "/schools/" + school + "/names/members"
		deputy.want(422, "POST", path, h.member("deputy", "teacher", theirs, 0))
		deputy.want(422, "POST", path, h.member("deputy", "teacher", theirs, until+1))
		deputy.want(204, "POST", path, h.member("deputy", "teacher", theirs, until))
		h.clock.Advance(10 * time.Minute)
		deputy.want(403, "POST", path, h.member("deputy", "teacher", theirs, until+1))
	})
}

// Another own key ends what was wrapped for the one before; the same keys under
// a new phrase do not.
func TestOwnKeyReplaced(t *testing.T) {
	each(t, func(h *house) {
		head := h.signIn("head", overSchool(identity.Head))
		h.namesKey("head")
		k, err := h.StaffKeyOf(h.t.Context(), "head")
		if err != nil {
			h.t.Fatal(err)
		}
		k.CreatedAt, k.Sealed = 0, text64(h.sealed("another phrase"))
		head.want(204, "PUT", "/me/key", k)
		head.want(200, "GET", "/schools/"+school+"/names/records", nil)
		h.giveKey("head")
		head.want(403, "GET", "/schools/"+school+"/names/records", nil)
	})
}

func TestRecords(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		base := "/schools/" + school
		head := h.signIn("head", overSchool(identity.Head))
		key := h.namesKey("head")
		in := h.sample(h.year(), "head", key, 4)
		in.Seats[2].Groups, in.Seats[3].Groups = []string{"latin"}, []string{"latin"}
		made, err := h.Import(ctx, school, "head", in)
		if err != nil {
			h.t.Fatal(err)
		}
		group := made.Groups[0].ID
		all, some := []string{}, []string{in.Seats[0].ID, in.Seats[1].ID}
		for _, s := range in.Seats {
			all = append(all, s.ID)
		}
		slices.Sort(all)
		slices.Sort(some)
		teacher := h.signIn("teacher", overGroup(identity.Teacher, group))
		assistant := h.signIn("assistant", identity.Grant{Role: identity.Assistant, Scope: identity.OverSeats, SchoolID: school, SeatIDs: some[:1]})
		dpo := h.signIn("dpo", overSchool(identity.DPO))
		stranger := h.signIn("stranger", identity.Grant{Role: identity.Head, Scope: identity.OverSchool, ScopeID: otherSchool, SchoolID: otherSchool})
		for _, who := range []string{"teacher", "assistant"} {
			if err := h.LetIn(ctx, school, "head", h.member("head", who, h.giveKey(who), 0)); err != nil {
				h.t.Fatal(err)
			}
		}
		for who, c := range map[*device][]string{head: all, teacher: some, assistant: some[:1]} {
			if got := ids(who.want(200, "GET", base+"/names/records", nil).list("items"), "seatId"); !slices.Equal(got, c) {
				h.t.Errorf("records of %v, want %v", got, c)
			}
			if got := ids(who.want(200, "GET", base+"/seats", nil).list("items"), "id"); !slices.Equal(got, c) {
				h.t.Errorf("seats %v, want %v", got, c)
			}
		}
		dpo.want(403, "GET", base+"/names/records", nil)
		stranger.want(403, "GET", base+"/names/records", nil)
		if got := head.want(200, "GET", base+"/names/records?group="+group, nil); len(got.list("items")) != 2 {
			h.t.Fatal(got.raw)
		}

		put := func(who *device, status int, w ...WrittenRecord) {
			h.t.Helper()
			who.want(status, "PUT", base+"/names/records", map[string]any{"records": w})
		}
		mine, notMine := some[0], in.Seats[3].ID
		put(teacher, 204, h.written("teacher", key, mine, 2))
		put(teacher, 409, h.written("teacher", key, mine, 2)) // already written
		put(teacher, 409, h.written("teacher", key, mine, 4)) // one skipped
		put(teacher, 404, h.written("teacher", key, notMine, 2))
		put(teacher, 422, h.written("head", key, mine, 3)) // signed by another
		put(assistant, 403, h.written("assistant", key, mine, 3))
		put(teacher, 409, h.written("teacher", uuid(), mine, 3))
		put(head, 409, h.written("head", key, notMine, 2), h.written("head", key, mine, 2))
		if n := h.count(`SELECT max(version) FROM name_record WHERE seat_id = $1`, notMine); n != 1 {
			h.t.Fatal("half of a refused write was kept")
		}
		if n := h.count(`SELECT count(*) FROM name_record WHERE seat_id = $1`, mine); n != 1 {
			h.t.Fatalf("%d versions are kept, want the latest", n)
		}
		big := h.written("head", key, mine, 3)
		big.Ciphertext = text64(make([]byte, maxCiphertext+1))
		put(head, 422, big)
	})
}

// A stolen slip is replaced with a record that holds the new secret.
func TestReplaceWithRecord(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		key := h.namesKey("head")
		h.signIn("head", overSchool(identity.Head))
		in := h.sample(h.year(), "head", key, 2)
		made, err := h.Import(ctx, school, "head", in)
		if err != nil {
			h.t.Fatal(err)
		}
		teacher := h.signIn("teacher", overGroup(identity.Teacher, made.Groups[0].ID))
		seat := in.Seats[0].ID
		path := "/schools/" + school + "/seats/" + seat + "/secret"
		fresh := newSlip(0)
		body := NewSecret{AuthHash: fresh.authHash, SeatCode: fresh.seatCode}
		teacher.want(422, "POST", path, body) // its record would hold a dead secret
		h.giveKey("teacher")
		body.KeyID, body.Record = key, h.record("teacher", seat, 2, "name")
		teacher.want(403, "POST", path, body) // not let in to the names
		theirs, err := h.StaffKeyOf(ctx, "teacher")
		if err != nil {
			h.t.Fatal(err)
		}
		if err := h.LetIn(ctx, school, "head", h.member("head", "teacher", *theirs, 0)); err != nil {
			h.t.Fatal(err)
		}
		if r := teacher.want(200, "POST", path, body); r.body["secretVersion"] != float64(2) {
			h.t.Fatal(r.raw)
		}
		h.device().link(200, fresh, false)

		a, b := in.Seats[0].ID, in.Seats[1].ID
		head := h.device()
		head.cookies["preau_staff"] = "head"
		swap := Swap{A: a, B: b, Records: []WrittenRecord{h.written("head", key, a, 3)}}
		head.want(422, "POST", "/schools/"+school+"/seats/swap", swap)
		swap.Records = append(swap.Records, h.written("head", key, b, 2))
		head.want(204, "POST", "/schools/"+school+"/seats/swap", swap)
		if n := h.count(`SELECT sum(version) FROM name_record`); n != 5 {
			h.t.Fatalf("versions add up to %d, want 3 + 2", n)
		}
	})
}
