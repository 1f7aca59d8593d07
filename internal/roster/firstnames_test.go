package roster

import (
	"testing"

	"filippo.io/age"

	"preau/internal/identity"
)

func TestFirstNames(t *testing.T) {
	each(t, func(h *house) {
		c := h.class(3)
		group := "/schools/" + school + "/groups/" + c.group
		teacher := h.signIn("teacher", overGroup(identity.Teacher, c.group))
		d, typed := h.device(), h.device()
		id, _ := age.GenerateX25519Identity()
		r := d.want(200, "POST", "/door/link", map[string]any{"auth": c.slips[0].auth, "recipient": id.Recipient().String(), "mac": text64(make([]byte, 32))})
		h.openDoor(c, 5)
		byCode, _ := typed.code(c.typed(1))
		present := teacher.want(200, "GET", group+"/presence", nil).list("present")
		if len(present) != 2 || present[0]["recipient"] != id.Recipient().String() || present[1]["recipient"] != nil {
			h.t.Fatalf("%v", present)
		}
		box := func(session string) map[string]any {
			return map[string]any{"items": []any{map[string]any{"sessionId": session, "sealed": text64(h.sealedTo(id.Recipient(), `{"names":{}}`))}}}
		}
		teacher.want(200, "PUT", group+"/first-names", box(r.text("session")))
		teacher.want(409, "PUT", group+"/first-names", box(byCode.text("session")))
		teacher.want(422, "PUT", group+"/first-names", map[string]any{"items": []any{map[string]any{"sessionId": r.text("session"), "sealed": text64([]byte("Nadia Benali, Louis Martin, in clear"))}}})
		if n := len(d.want(200, "GET", "/door", nil).list("firstNames")); n != 1 {
			h.t.Fatalf("%d boxes, want 1", n)
		}
		teacher.want(204, "DELETE", group+"/first-names", nil)
		if n := len(d.want(200, "GET", "/door", nil).list("firstNames")); n != 0 {
			h.t.Fatal("first names remain after the teacher stopped")
		}
		teacher.want(200, "PUT", group+"/first-names", box(r.text("session")))
		d.want(204, "DELETE", "/door", nil)
		if n := h.count(`SELECT count(*) FROM first_names`); n != 0 {
			h.t.Fatal("first names remain after the session ended")
		}
	})
}
