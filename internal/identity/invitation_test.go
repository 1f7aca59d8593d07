package identity

import (
	"strings"
	"sync"
	"testing"
	"time"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

// invite makes an invitation and gives its token.
func (v *visitor) invite(sc School, body obj) (id, secret string) {
	v.h.t.Helper()
	var made struct{ ID, Link string }
	v.call("POST", "/schools/"+sc.ID+"/invitations", body).want(200).into(&made)
	if !strings.HasPrefix(made.Link, v.h.origin+"/invitation#") {
		v.h.t.Fatal(made.Link)
	}
	return made.ID, token(v.h.t, made.Link)
}

func TestInvitations(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ours, theirs := h.school("Ours"), h.school("Theirs")
		head := h.person("head@example.fr", over(ours, Head))
		h.person("theirs@example.fr", over(theirs, Teacher))
		v := h.in("head@example.fr")
		path := "/schools/" + ours.ID + "/invitations"
		for name, body := range map[string]obj{
			"above the school":        {"role": "administrator", "scope": "installation"},
			"administrator":           {"role": "administrator", "scope": "school"},
			"over the town":           {"role": "dpo", "scope": "territory", "scopeId": "town"},
			"unknown group":           {"role": "teacher", "scope": "group", "scopeId": "groupX"},
			"another school's id":     {"role": "teacher", "scope": "school", "scopeId": theirs.ID},
			"substitute without end":  {"role": "substitute", "scope": "group", "scopeId": "groupA"},
			"unknown seat":            {"role": "assistant", "scope": "seats", "seats": []string{"seat9"}},
			"an address that is none": {"role": "teacher", "scope": "school", "email": "nobody"},
		} {
			t.Run(name, func(t *testing.T) {
				if a := v.call("POST", path, body); a.Status != 403 && a.Status != 404 && a.Status != 422 {
					t.Error(a.Status, string(a.Body))
				}
			})
		}
		v.call("POST", "/schools/"+theirs.ID+"/invitations", obj{"role": "teacher", "scope": "school"}).want(403)

		// For an address alone.
		_, secret := v.invite(ours, obj{"role": "office", "scope": "school", "email": "Zoe@Example.fr"})
		h.visitor().call("POST", "/invitations/accept", obj{"token": secret, "name": "X", "email": "x@example.fr", "password": goodPassword}).want(403)
		h.visitor().call("POST", "/invitations/accept", obj{"token": secret, "name": "Zoé", "email": "zoe@example.fr", "password": "court"}).want(422)
		h.visitor().call("POST", "/invitations/accept", obj{"token": secret, "name": "Zoé", "email": "zoe@example.fr", "password": goodPassword}).want(200)

		// Somebody who has an account signs in first, and keeps their other roles.
		until := start.AddDate(0, 0, 10).UnixMilli()
		_, secret = v.invite(ours, obj{"role": "substitute", "scope": "group", "scopeId": "groupA", "until": until})
		body := obj{"token": secret, "name": "X", "email": "theirs@example.fr", "password": goodPassword}
		h.visitor().call("POST", "/invitations/accept", body).want(409)
		w := h.in("theirs@example.fr")
		me := w.call("POST", "/invitations/accept", obj{"token": secret}).want(200).me()
		if len(me.Grants) != 2 || me.Grants[1].Role != Substitute || *me.Grants[1].Until != until || me.Grants[1].School.value.ID != ours.ID {
			t.Fatalf("%+v", me.Grants)
		}
		w.call("POST", "/invitations/accept", obj{"token": secret}).want(410)
		// Until a date, and no longer.
		w.call("GET", "/schools/"+ours.ID, nil).want(200)

		// Given seats.
		_, secret = v.invite(ours, obj{"role": "assistant", "scope": "seats", "seats": []string{"seat1", "seat3"}})
		aesh := h.visitor()
		me = aesh.call("POST", "/invitations/accept", obj{"token": secret, "name": "Sam", "email": "sam@example.fr", "password": goodPassword}).want(200).me()
		if got := me.Grants[0].Seats; len(got) != 2 || got[0] != "seat1" {
			t.Fatalf("%+v", me.Grants)
		}

		// Listed, revoked, expired.
		id, secret := v.invite(ours, obj{"role": "teacher", "scope": "school"})
		_, late := v.invite(ours, obj{"role": "teacher", "scope": "school"})
		var list struct{ Items []invitationLine }
		v.call("GET", path, nil).want(200).into(&list)
		if len(list.Items) != 2 || list.Items[1].ID != id || list.Items[1].CreatedBy != "Camille Martin" {
			t.Fatalf("%+v", list)
		}
		v.call("DELETE", path+"/"+id, nil).want(204)
		v.call("DELETE", path+"/"+id, nil).want(404)
		h.visitor().call("POST", "/invitations/check", obj{"token": secret}).want(410)
		h.clock.Advance(15 * 24 * time.Hour)
		h.visitor().call("POST", "/invitations/check", obj{"token": late}).want(410)
		w = h.in("theirs@example.fr")
		w.call("GET", "/schools/"+ours.ID, nil).want(403) // the substitute's date has passed

		// Worth no more than its author.
		v = h.in("head@example.fr")
		_, secret = v.invite(ours, obj{"role": "teacher", "scope": "school"})
		h.visitor().call("POST", "/invitations/check", obj{"token": secret}).want(200)
		var held []Grant
		held, err := grantsOf(t.Context(), h.db.Reader(), head.ID, h.ms())
		if err != nil || len(held) != 1 {
			t.Fatal(held, err)
		}
		if err := h.RevokeGrant(t.Context(), held[0].ID); err != nil {
			t.Fatal(err)
		}
		h.visitor().call("POST", "/invitations/check", obj{"token": secret}).want(410)
	})
}

// One link, opened by many at once, makes one account, one sign-in, one school.
func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const many = 8
		race := func(path string, body func(i int) obj) {
			t.Helper()
			statuses := make([]int, many)
			var wg sync.WaitGroup
			for i := range many {
				v := h.visitor()
				wg.Go(func() { statuses[i] = v.call("POST", path, body(i)).Status })
			}
			wg.Wait()
			done := 0
			for _, s := range statuses {
				if s == 200 {
					done++
				} else if s != 410 {
					t.Error(path, s)
				}
			}
			if done != 1 {
				t.Errorf("%s: %d passed: %v", path, done, statuses)
			}
		}
		mail := func(i int) string { return string(rune('a'+i)) + "@example.fr" }
		link, _, err := h.SetupLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		race("/setup", func(i int) obj {
			return obj{"token": token(t, link), "school": someSchool, "staff": obj{"name": "A", "email": mail(i), "password": goodPassword}}
		})
		people, err := h.ListStaff(t.Context(), "", 10)
		if err != nil || len(people) != 1 {
			t.Fatal(people, err)
		}
		schools, err := h.Schools(t.Context(), "", 10)
		if err != nil || len(schools) != 1 {
			t.Fatal(schools, err)
		}
		if link, err = h.SignInLink(t.Context(), people[0].ID); err != nil {
			t.Fatal(err)
		}
		race("/session/link", func(int) obj { return obj{"token": token(t, link)} })
		_, secret := h.in(people[0].Email).invite(schools[0], obj{"role": "teacher", "scope": "school"})
		race("/invitations/accept", func(i int) obj {
			return obj{"token": secret, "name": "B", "email": "b" + mail(i), "password": goodPassword}
		})
	})
}

func TestLinksEnd(t *testing.T) {
	lighter(t)
	h := build(t, storetest.Open(t, store.SQLite))
	first, _, err := h.SetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, _, err := h.SetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v := h.visitor()
	v.call("POST", "/setup/check", obj{"token": token(t, first)}).want(410) // a later one took its place
	v.call("POST", "/setup/check", obj{"token": token(t, second)}).want(204)
	v.call("POST", "/session/link", obj{"token": token(t, second)}).want(410) // for another purpose
	h.clock.Advance(8 * 24 * time.Hour)
	v.call("POST", "/setup/check", obj{"token": token(t, second)}).want(410)
	m := h.person("a@example.fr", GrantInput{Role: Teacher, Scope: OverGroup, ScopeID: "groupA", SchoolID: h.school("S").ID})
	link, err := h.SignInLink(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(25 * time.Hour)
	v.call("POST", "/session/link", obj{"token": token(t, link)}).want(410)
	if _, err := h.SignInLink(t.Context(), "nobody"); err == nil {
		t.Error("a link for nobody")
	}
}
