package roster

import (
	"testing"
	"time"

	"filippo.io/age"

	"preau/internal/identity"
)

// newKey is what a browser sends to make a names key, or to replace one.
func (h *house) newKey(maker string, k StaffKey, replaces string) NewNamesKey {
	names, _ := age.GenerateX25519Identity()
	paper, _ := age.GenerateX25519Identity()
	return NewNamesKey{
		Recipient: names.Recipient().String(), Replaces: replaces,
		Root:     RootMember{StaffID: maker, Recipient: k.Recipient, SignPub: k.SignPub, Wrapped: text64(h.sealed("k"))},
		Recovery: SheetMember{Recipient: paper.Recipient().String(), Wrapped: text64(h.sealed("k"))},
	}
}

// Nobody but a head or an administrator, who has just proved who they are,
// decides who opens the names; what a replaced key was wrapped in is kept for a
// month and put back with one request.
func TestNamesKeyPutBack(t *testing.T) {
	each(t, func(h *house) {
		base := "/schools/" + school + "/names"
		head, office := h.signIn("head", overSchool(identity.Head)), h.signIn("office", overSchool(identity.Office))
		first := h.namesKey("head")
		teacher := h.signIn("teacher", overSchool(identity.Teacher))
		if err := h.LetIn(h.t.Context(), school, "head", h.member("head", "teacher", h.giveKey("teacher"), 0)); err != nil {
			h.t.Fatal(err)
		}
		clerk := h.giveKey("office")
		member := h.member("head", "office", clerk, 0)
		office.want(403, "POST", base+"/key", h.newKey("office", clerk, first))
		office.want(403, "POST", base+"/members", member)
		office.want(403, "DELETE", base+"/members/any", nil)
		office.want(403, "POST", base+"/key/restore", map[string]any{"key": first})
		for _, m := range office.want(200, "GET", base, nil).list("members") {
			if m["wrapped"] != nil {
				h.t.Fatal("the office is given the recovery sheet's wrapped key")
			}
		}
		h.clock.Advance(16 * time.Minute)
		k, err := h.StaffKeyOf(h.t.Context(), "head")
		if err != nil {
			h.t.Fatal(err)
		}
		head.want(401, "POST", base+"/key", h.newKey("head", *k, first))
		head.want(401, "POST", base+"/members", member)
		head.want(401, "DELETE", base+"/members/any", nil)
		head = h.signIn("head", overSchool(identity.Head))
		made := head.want(200, "POST", base+"/key", h.newKey("head", *k, first))
		teacher.want(403, "GET", base+"/records", nil)
		if n := h.count(`SELECT count(*) FROM names_member WHERE key_id = $1 AND wrapped IS NOT NULL AND revoked_at IS NOT NULL`, first); n != 3 {
			h.t.Fatalf("%d of the three accesses can be put back", n)
		}
		r := head.want(200, "GET", base, nil)
		if earlier := r.body["earlier"].(map[string]any); earlier["id"] != first {
			h.t.Fatal(r.raw)
		}
		if r := teacher.want(200, "GET", base, nil); r.body["earlier"] != nil {
			h.t.Fatal("a teacher is shown what they may not put back: " + r.raw)
		}
		head.want(404, "POST", base+"/key/restore", map[string]any{"key": made.text("id")})
		head.want(204, "POST", base+"/key/restore", map[string]any{"key": first})
		teacher.want(200, "GET", base+"/records", nil)
		if r := teacher.want(200, "GET", base, nil); r.body["mine"] == nil {
			h.t.Fatal("the teacher's access did not come back: " + r.raw)
		}
		if r := head.want(200, "GET", base, nil); r.body["key"].(map[string]any)["id"] != first || r.body["earlier"].(map[string]any)["id"] != made.text("id") {
			h.t.Fatal(r.raw)
		}
		if n := h.count(`SELECT count(*) FROM audit WHERE act IN ('names.key_replace', 'names.key_restore') AND school_id = $1`, school); n != 2 {
			h.t.Fatalf("%d entries of the trail, want 2", n)
		}
		h.clock.Advance(undoFor + time.Minute)
		head = h.signIn("head", overSchool(identity.Head))
		head.want(404, "POST", base+"/key/restore", map[string]any{"key": made.text("id")})
	})
}

// A person's own key changes only on a recent proof, always leaves a trace, and
// can be put back with its accesses.
func TestOwnKeyPutBack(t *testing.T) {
	each(t, func(h *house) {
		records := "/schools/" + school + "/names/records"
		head := h.signIn("head", overSchool(identity.Head))
		h.namesKey("head")
		good, err := h.StaffKeyOf(h.t.Context(), "head")
		if err != nil {
			h.t.Fatal(err)
		}
		good.CreatedAt = 0
		junk := *good
		junk.Sealed = text64(h.sealed("junk"))
		h.clock.Advance(16 * time.Minute)
		head.want(401, "PUT", "/me/key", junk)
		head.want(401, "GET", "/me/key/earlier", nil)
		head = h.signIn("head", overSchool(identity.Head))
		head.want(204, "PUT", "/me/key", junk)
		if earlier := head.want(200, "GET", "/me/key/earlier", nil).list("items"); len(earlier) != 1 || earlier[0]["sealed"] != good.Sealed {
			h.t.Fatalf("the sealed form before is not kept: %v", earlier)
		}
		head.want(204, "PUT", "/me/key", good)

		// Another key, then the first again.
		h.clock.Advance(time.Minute)
		h.giveKey("head")
		head.want(403, "GET", records, nil)
		h.clock.Advance(time.Minute)
		head.want(204, "PUT", "/me/key", good)
		head.want(200, "GET", records, nil)
		// Somebody put out does not come back by it.
		var member string
		for _, m := range head.want(200, "GET", "/schools/"+school+"/names", nil).list("members") {
			if m["staffId"] == "head" {
				member = m["id"].(string)
			}
		}
		if err := h.PutOut(h.t.Context(), school, member); err != nil {
			h.t.Fatal(err)
		}
		h.clock.Advance(time.Minute)
		h.giveKey("head")
		h.clock.Advance(time.Minute)
		head.want(204, "PUT", "/me/key", good)
		head.want(403, "GET", records, nil)

		for range 2 * maxPast {
			h.giveKey("head")
		}
		if n := h.count(`SELECT count(*) FROM staff_key_past`); n != maxPast {
			h.t.Fatalf("%d earlier keys are kept, want %d", n, maxPast)
		}
		for act, want := range map[string]int{"staff_key.make": 1, "staff_key.phrase": 2, "staff_key.replace": 4 + 2*maxPast} {
			if n := h.count(`SELECT count(*) FROM audit WHERE act = $1`, act); n != want {
				h.t.Errorf("%s: %d entries, want %d", act, n, want)
			}
		}
		// The school's key, and its recovery sheet's, are nobody's own.
		for _, query := range []string{`SELECT recipient FROM names_key`, `SELECT recipient FROM names_member WHERE staff_id IS NULL`} {
			stolen := *good
			if err := h.db.Reader().QueryRowContext(h.t.Context(), query).Scan(&stolen.Recipient); err != nil {
				h.t.Fatal(err)
			}
			head.want(409, "PUT", "/me/key", stolen)
		}
	})
}
