package identity

import (
	"strings"
	"testing"
	"time"
)

// A fresh installation: set-up, a first sign-in, an invitation accepted, a role
// taken back.
func TestFirstHour(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		link, ok, err := h.SetupLink(t.Context())
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if !strings.HasPrefix(link, h.origin+"/installation#") {
			t.Fatal(link)
		}
		first := h.visitor()
		first.call("POST", "/setup/check", obj{"token": "nothing"}).want(410)
		first.call("POST", "/setup/check", obj{"token": token(t, link)}).want(204)
		body := obj{"token": token(t, link), "school": someSchool, "staff": obj{"name": "Awa Diop", "email": " Awa.Diop@Example.FR ", "password": goodPassword}}
		me := first.call("POST", "/setup", body).want(200).me()
		if me.Staff.Email != "awa.diop@example.fr" || !me.Staff.HasPassword || len(me.Grants) != 2 {
			t.Fatalf("%+v", me)
		}
		if sc := me.Grants[1].School.value; sc == nil || sc.Name != someSchool.Name || sc.Zone != "Europe/Paris" || sc.Kind != "ecole" {
			t.Fatalf("%+v", sc)
		}
		if me.Grants[0].School.value != nil || me.Grants[0].Scope != Installation {
			t.Fatalf("%+v", me.Grants[0])
		}
		h.visitor().call("POST", "/setup", body).want(410)
		if _, ok, err := h.SetupLink(t.Context()); ok || err != nil {
			t.Fatal("a second set-up link", err)
		}
		school := me.Grants[1].School.value.ID

		var made struct{ ID, Link string }
		first.call("POST", "/schools/"+school+"/invitations", obj{"role": "teacher", "scope": "group", "scopeId": "groupA"}).want(200).into(&made)
		second := h.visitor()
		var seen struct {
			Role      Role
			InvitedBy string
			School    *MySchool
		}
		second.call("POST", "/invitations/check", obj{"token": token(t, made.Link)}).want(200).into(&seen)
		if seen.Role != Teacher || seen.InvitedBy != "Awa Diop" || seen.School.ID != school {
			t.Fatalf("%+v", seen)
		}
		accept := obj{"token": token(t, made.Link), "name": "Lou Petit", "email": "lou@example.fr", "password": "une autre phrase à moi"}
		lou := second.call("POST", "/invitations/accept", accept).want(200).me()
		if len(lou.Grants) != 1 || lou.Grants[0].Role != Teacher || *lou.Grants[0].ScopeID != "groupA" {
			t.Fatalf("%+v", lou)
		}
		h.visitor().call("POST", "/invitations/accept", obj{"token": token(t, made.Link), "name": "X", "email": "x@example.fr", "password": goodPassword}).want(410)

		var people struct{ Items []personLine }
		first.call("GET", "/schools/"+school+"/staff", nil).want(200).into(&people)
		if len(people.Items) != 2 {
			t.Fatalf("%+v", people)
		}
		second.call("GET", "/schools/"+school+"/staff", nil).want(403)
		second.call("GET", "/schools/"+school, nil).want(200)
		first.call("DELETE", "/schools/"+school+"/staff/"+lou.Staff.ID+"/grants/"+lou.Grants[0].ID, nil).want(204)
		second.call("GET", "/schools/"+school, nil).want(403) // at the next request
		first.call("DELETE", "/session", nil).want(204)
		first.call("GET", "/me", nil).want(401)
	})
}

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("a@example.fr")
		one := h.in("a@example.fr")
		before := one.cookie(StaffCookie)
		one.call("POST", "/session", obj{"email": "a@example.fr", "password": goodPassword}).want(200)
		if one.cookie(StaffCookie) == before {
			t.Fatal("the token did not change")
		}
		if p, err := h.StaffOf(t.Context(), before); p != nil || err != nil {
			t.Fatal("the earlier token lives", err)
		}
		two := h.in("a@example.fr")
		var list struct{ Items []sessionLine }
		two.call("GET", "/me/sessions", nil).want(200).into(&list)
		if len(list.Items) != 2 || list.Items[0].Device != "Firefox, Linux" {
			t.Fatalf("%+v", list)
		}
		other := list.Items[0]
		if other.Current {
			other = list.Items[1]
		}
		h.in("a@example.fr").call("DELETE", "/me/sessions/"+other.ID, nil).want(204)
		one.call("GET", "/me", nil).want(401)
		two.call("DELETE", "/me/sessions", nil).want(204)
		two.call("GET", "/me/sessions", nil).want(200).into(&list)
		if len(list.Items) != 1 || !list.Items[0].Current {
			t.Fatalf("%+v", list)
		}
		// Sliding: eleven hours at a time, it lives; twelve without use, it ends.
		for range 5 {
			h.clock.Advance(11 * time.Hour)
			two.call("GET", "/me", nil).want(200)
		}
		h.clock.Advance(12*time.Hour + time.Second)
		two.call("GET", "/me", nil).want(401)
		// A kept one ends after ninety days, used or not.
		kept := h.visitor()
		kept.call("POST", "/session", obj{"email": "a@example.fr", "password": goodPassword, "keep": true}).want(200)
		for range 4 {
			h.clock.Advance(22 * 24 * time.Hour)
			kept.call("GET", "/me", nil).want(200)
		}
		h.clock.Advance(2*24*time.Hour + time.Second)
		kept.call("GET", "/me", nil).want(401)
	})
}

func TestFresh(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("a@example.fr")
		v := h.in("a@example.fr")
		var made struct{ Codes []string }
		v.call("POST", "/me/recovery-codes", nil).want(200).into(&made)
		if len(made.Codes) != 10 {
			t.Fatal(made)
		}
		h.clock.Advance(16 * time.Minute)
		p := v.call("POST", "/me/recovery-codes", nil).want(401).problem()
		if p.Extra["proveAgain"] != true {
			t.Fatalf("%+v", p)
		}
		v.call("GET", "/me", nil).want(200)
		v.call("PATCH", "/me", obj{"email": "b@example.fr"}).want(401)
		v.call("PATCH", "/me", obj{"name": "Autre Nom"}).want(200)
		v.call("POST", "/session", obj{"email": "a@example.fr", "password": goodPassword}).want(200)
		if me := v.call("PATCH", "/me", obj{"email": "B@example.fr", "locale": "en"}).want(200).me(); me.Staff.Email != "b@example.fr" || me.Staff.Locale != "en" || me.Staff.Name != "Autre Nom" {
			t.Fatalf("%+v", me)
		}
		// A code enters once, in whatever form it is typed.
		typed := strings.ToLower(strings.ReplaceAll(made.Codes[3], "-", " "))
		w := h.visitor()
		if me := w.call("POST", "/session/recovery", obj{"email": "b@example.fr", "code": typed}).want(200).me(); me.Staff.RecoveryCodesLeft != 9 {
			t.Fatalf("%+v", me)
		}
		h.visitor().call("POST", "/session/recovery", obj{"email": "b@example.fr", "code": typed}).want(422)
		h.visitor().call("POST", "/session/recovery", obj{"email": "nobody@example.fr", "code": made.Codes[4]}).want(422)
	})
}
