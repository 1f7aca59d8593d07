package identity

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

func TestSchools(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		country, err := h.CreateTerritory(t.Context(), "country", "France", "")
		if err != nil {
			t.Fatal(err)
		}
		academie, err := h.CreateTerritory(t.Context(), "academie", "Lyon", country.ID)
		if err != nil {
			t.Fatal(err)
		}
		h.person("admin@example.fr", GrantInput{Role: Administrator, Scope: Installation})
		admin := h.in("admin@example.fr")
		var town Territory
		admin.call("POST", "/territories", obj{"kind": "town", "name": "Villeurbanne", "parentId": academie.ID}).want(200).into(&town)
		admin.call("POST", "/territories", obj{"kind": "town", "name": "X", "parentId": "none"}).want(422)
		var sc, far School
		body := obj{"name": "  École   des Platanes ", "kind": "ecole", "zone": "Pacific/Noumea", "uai": "0123456a", "territoryId": town.ID,
			"controllerName": "DASEN", "controllerRole": "Directeur académique", "controllerContact": "dasen@example.fr"}
		admin.call("POST", "/schools", body).want(200).into(&sc)
		if sc.Name != "École des Platanes" || *sc.UAI != "0123456A" || sc.Zone != "Pacific/Noumea" || *sc.TerritoryID != town.ID || sc.DPOContact != nil {
			t.Fatalf("%+v", sc)
		}
		admin.call("POST", "/schools", body).want(409)
		for field, wrong := range map[string]any{"zone": "Europe/Nowhere", "uai": "123", "kind": "crèche", "name": " ", "controllerContact": "", "territoryId": "none"} {
			bad := obj{}
			for k, v := range body {
				bad[k] = v
			}
			bad["uai"] = "7654321B"
			bad[field] = wrong
			if p := admin.call("POST", "/schools", bad).want(422).problem(); len(p.Errors) != 1 || p.Errors[0].Field != field {
				t.Errorf("%s: %+v", field, p)
			}
		}
		far = h.school("Loin")
		h.person("dpo@example.fr", GrantInput{Role: DPO, Scope: OverTerritory, ScopeID: country.ID})
		h.person("head@example.fr", over(sc, Head))
		h.person("alone@example.fr")
		lists := func(email string, want ...string) {
			t.Helper()
			var list struct{ Items []School }
			h.in(email).call("GET", "/schools", nil).want(200).into(&list)
			var got []string
			for _, s := range list.Items {
				got = append(got, s.ID)
			}
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%s: %v, want %v", email, got, want)
			}
		}
		lists("admin@example.fr", sc.ID, far.ID)
		lists("dpo@example.fr", sc.ID) // three territories deep
		lists("head@example.fr", sc.ID)
		lists("alone@example.fr")
		dpo := h.in("dpo@example.fr")
		dpo.call("GET", "/schools/"+sc.ID+"/staff", nil).want(200)
		dpo.call("GET", "/schools/"+far.ID, nil).want(403)
		dpo.call("PATCH", "/schools/"+sc.ID, obj{"name": "X"}).want(403)

		head := h.in("head@example.fr")
		head.call("PATCH", "/schools/"+sc.ID, obj{"controllerName": "Nouvelle DASEN", "dpoContact": "dpd@example.fr", "uai": ""}).want(200).into(&sc)
		if sc.ControllerName != "Nouvelle DASEN" || *sc.DPOContact != "dpd@example.fr" || sc.UAI != nil || sc.Zone != "Pacific/Noumea" {
			t.Fatalf("%+v", sc)
		}
		head.call("PATCH", "/schools/"+sc.ID, obj{"territoryId": ""}).want(403)
		head.call("PATCH", "/schools/"+far.ID, obj{"name": "X"}).want(403)
		admin.call("PATCH", "/schools/"+sc.ID, obj{"territoryId": ""}).want(200)
		lists("dpo@example.fr")

		// Pages.
		var page struct {
			Items []School
			Next  string
		}
		admin.call("GET", "/schools?limit=1", nil).want(200).into(&page)
		if len(page.Items) != 1 || page.Next != sc.ID {
			t.Fatalf("%+v", page)
		}
		next := page.Next
		page.Next = ""
		admin.call("GET", "/schools?limit=1&after="+next, nil).want(200).into(&page)
		if len(page.Items) != 1 || page.Items[0].ID != far.ID || page.Next != "" {
			t.Fatalf("%+v", page)
		}
	})
}

func TestTerritoriesEnd(t *testing.T) {
	h := build(t, storetest.Open(t, store.SQLite))
	parent := ""
	for i := 0; ; i++ {
		in, err := h.CreateTerritory(t.Context(), "town", "Emboîtée", parent)
		if fault.Is(err, fault.Invalid) && i == deepest {
			return
		}
		if err != nil || i > deepest {
			t.Fatal(i, err)
		}
		parent = in.ID
	}
}

func TestGivingRoles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ours, theirs := h.school("Ours"), h.school("Theirs")
		h.person("head@example.fr", over(ours, Head))
		admin := h.person("admin@example.fr", GrantInput{Role: Administrator, Scope: Installation})
		teacher := h.person("teacher@example.fr", GrantInput{Role: Teacher, Scope: OverGroup, ScopeID: "groupA", SchoolID: ours.ID})
		foreign := h.person("foreign@example.fr", over(theirs, Teacher))
		head, boss := h.in("head@example.fr"), h.in("admin@example.fr")
		at := "/schools/" + ours.ID + "/staff/"
		var made struct{ ID string }
		head.call("POST", at+teacher.ID+"/grants", obj{"role": "co_teacher", "scope": "group", "scopeId": "groupB"}).want(200).into(&made)
		head.call("POST", at+teacher.ID+"/grants", obj{"role": "administrator", "scope": "school"}).want(403)
		head.call("POST", at+foreign.ID+"/grants", obj{"role": "teacher", "scope": "school"}).want(404) // no account of another school is confirmed
		boss.call("POST", at+foreign.ID+"/grants", obj{"role": "teacher", "scope": "school"}).want(200)
		boss.call("POST", at+teacher.ID+"/grants", obj{"role": "administrator", "scope": "installation"}).want(200)
		h.clock.Advance(16 * time.Minute)
		boss.call("POST", at+foreign.ID+"/grants", obj{"role": "administrator", "scope": "installation"}).want(401) // prove it again
		boss.call("POST", at+foreign.ID+"/grants", obj{"role": "teacher", "scope": "group", "scopeId": "groupB"}).want(200)

		// To come.
		starts := h.ms() + time.Hour.Milliseconds()
		head.call("POST", at+foreign.ID+"/grants", obj{"role": "office", "scope": "school", "startsAt": starts}).want(200)
		w := h.in("foreign@example.fr")
		w.call("GET", "/schools/"+ours.ID+"/staff", nil).want(403)
		h.clock.Advance(time.Hour)
		w.call("GET", "/schools/"+ours.ID+"/staff", nil).want(200)

		var people struct{ Items []personLine }
		head.call("GET", "/schools/"+ours.ID+"/staff", nil).want(200).into(&people)
		if len(people.Items) != 4 {
			t.Fatalf("%+v", people.Items)
		}
		for _, person := range people.Items {
			for _, g := range person.Grants {
				wide := g.Scope == Installation
				if want := !wide && (g.Role != Head || person.Email == "head@example.fr"); g.Revocable != want {
					t.Errorf("%s %s: revocable %v", person.Email, g.Role, g.Revocable)
				}
				status := head.call("DELETE", at+person.ID+"/grants/"+g.ID, nil).Status
				if g.Role == Head {
					if status != 204 {
						t.Error(status)
					}
					h.give(GrantInput{StaffID: person.ID, Role: Head, Scope: OverSchool, ScopeID: ours.ID, SchoolID: ours.ID})
				} else if want := map[bool]int{true: 403, false: 204}[wide]; status != want {
					t.Errorf("%s %s: %d", person.Email, g.Role, status)
				}
			}
		}
		// A grant of another school, or of somebody else, is not there.
		held, err := grantsOf(t.Context(), h.db.Reader(), foreign.ID, h.ms())
		if err != nil || len(held) != 1 {
			t.Fatal(held, err)
		}
		head.call("DELETE", at+foreign.ID+"/grants/"+held[0].ID, nil).want(404)
		head.call("DELETE", at+admin.ID+"/grants/"+held[0].ID, nil).want(404)
	})
}

// The last administrator stays, over HTTP too.
func TestLastAdministrator(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		sc := h.school("S")
		m := h.person("admin@example.fr", GrantInput{Role: Administrator, Scope: Installation})
		v := h.in("admin@example.fr")
		me := v.call("GET", "/me", nil).want(200).me()
		path := "/schools/" + sc.ID + "/staff/" + m.ID + "/grants/" + me.Grants[0].ID
		v.call("DELETE", path, nil).want(409)
		if err := h.DisableStaff(t.Context(), m.ID); !fault.Is(err, fault.Conflict) {
			t.Fatal(err)
		}
		v.call("GET", "/me", nil).want(200)
		// One with an end does not count.
		other := h.person("other@example.fr", GrantInput{Role: Administrator, Scope: Installation, Until: h.ms() + 1000})
		v.call("DELETE", path, nil).want(409)
		h.give(GrantInput{StaffID: other.ID, Role: Administrator, Scope: Installation})
		v.call("DELETE", path, nil).want(204)
	})
}

// provider is a login kept elsewhere, for the test of its seam.
type provider struct{ email string }

func (p *provider) Begin(_ context.Context, state, secret string) (string, error) {
	return "https://login.example.fr/?state=" + state + "&challenge=" + secret[:8], nil
}

func (p *provider) Finish(_ context.Context, answer url.Values, secret string) (string, error) {
	if answer.Get("code") != secret[:8] {
		return "", fault.New(fault.Forbidden, "identity.outside_unknown")
	}
	return p.email, nil
}

func TestOutsideLogin(t *testing.T) {
	lighter(t)
	elsewhere := &provider{email: "A@example.fr"}
	h := build(t, storetest.Open(t, store.SQLite), func(o *Options) { o.Outside = elsewhere })
	h.person("a@example.fr")
	walk := func(v *visitor, path string) *http.Response {
		t.Helper()
		r, err := v.client.Get(h.origin + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r
	}
	leave := func(v *visitor) (state, code string) {
		t.Helper()
		r := walk(v, "/session/outside")
		to, err := r.Location()
		if err != nil || r.StatusCode != 303 || to.Host != "login.example.fr" {
			t.Fatal(r.StatusCode, to, err)
		}
		return to.Query().Get("state"), to.Query().Get("challenge")
	}
	v := h.visitor()
	state, code := leave(v)
	if r := walk(v, "/session/outside/back?state=other&code="+code); r.StatusCode != 410 {
		t.Error(r.StatusCode)
	}
	if r := walk(v, "/session/outside/back?state="+state+"&code=wrong"); r.StatusCode != 403 {
		t.Error(r.StatusCode)
	}
	if r := walk(h.visitor(), "/session/outside/back?state="+state+"&code="+code); r.StatusCode != 410 {
		t.Error("another browser comes back:", r.StatusCode)
	}
	r := walk(v, "/session/outside/back?state="+state+"&code="+code)
	if r.StatusCode != 303 || r.Header.Get("Location") != "/aujourdhui" {
		t.Fatal(r.StatusCode, r.Header)
	}
	v.call("GET", "/me", nil).want(200)
	if r := walk(v, "/session/outside/back?state="+state+"&code="+code); r.StatusCode != 410 {
		t.Error("come back twice:", r.StatusCode)
	}
	elsewhere.email = "stranger@example.fr"
	state, code = leave(v)
	if r := walk(v, "/session/outside/back?state="+state+"&code="+code); r.StatusCode != 403 {
		t.Error(r.StatusCode)
	}
	state, code = leave(v)
	h.clock.Advance(11 * time.Minute)
	if r := walk(v, "/session/outside/back?state="+state+"&code="+code); r.StatusCode != 410 {
		t.Error(r.StatusCode)
	}
	// Without configuration the pages do not exist.
	plain := build(t, storetest.Open(t, store.SQLite))
	for _, e := range plain.gate.Entries() {
		if strings.Contains(e.Path, "outside") {
			t.Error(e)
		}
	}
}

// What people type and carry reaches neither the log nor the audit trail.
func TestNothingTold(t *testing.T) {
	lighter(t)
	h := build(t, storetest.Open(t, store.SQLite))
	sc := h.school("S")
	h.person("secret.address@example.fr", over(sc, Head))
	v := h.in("secret.address@example.fr")
	var codes struct{ Codes []string }
	v.call("POST", "/me/recovery-codes", nil).want(200).into(&codes)
	_, invitation := v.invite(sc, obj{"role": "teacher", "scope": "school", "email": "invited.person@example.fr"})
	h.visitor().call("POST", "/session", obj{"email": "secret.address@example.fr", "password": "a wrong phrase of mine"}).want(422)
	h.visitor().call("POST", "/session/recovery", obj{"email": "secret.address@example.fr", "code": codes.Codes[0]}).want(200)
	h.visitor().call("POST", "/session/recovery", obj{"email": "secret.address@example.fr", "code": "bad"}).want(422)
	v.call("POST", "/me/password", obj{"current": "a wrong phrase of mine", "next": "une phrase toute neuve"}).want(422)
	v.call("POST", "/schools/"+sc.ID+"/invitations", []byte(`{"role": 3, "email": "invited.person@example.fr"}`)).want(422)
	var trail strings.Builder
	rows, err := h.db.Reader().QueryContext(t.Context(), "SELECT act || ' ' || coalesce(subject_id, '') || ' ' || detail FROM audit")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		trail.WriteString(line + "\n")
	}
	if !strings.Contains(trail.String(), "staff.recovery_used") || !strings.Contains(trail.String(), "invitation.make") {
		t.Error("the trail is short:\n", trail.String())
	}
	told := h.log.String() + trail.String()
	for _, secret := range []string{"secret.address", "invited.person", "Camille", goodPassword, "wrong phrase", "toute neuve", codes.Codes[0], strings.ReplaceAll(codes.Codes[0], "-", ""), invitation, v.cookie(StaffCookie)} {
		if strings.Contains(told, secret) {
			t.Errorf("%q is told", secret)
		}
	}
}

func TestClosingAccounts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ours, theirs := h.school("Ours"), h.school("Theirs")
		head := h.person("head@example.fr", over(ours, Head))
		other := h.person("other@example.fr", over(ours, Head))
		admin := h.person("admin@example.fr", GrantInput{Role: Administrator, Scope: Installation})
		teacher := h.person("teacher@example.fr", over(ours, Teacher))
		both := h.person("both@example.fr", over(ours, Teacher))
		h.give(GrantInput{StaffID: both.ID, Role: Teacher, Scope: OverSchool, ScopeID: theirs.ID, SchoolID: theirs.ID})
		foreign := h.person("foreign@example.fr", over(theirs, Teacher))
		w, boss, there := h.in("head@example.fr"), h.in("admin@example.fr"), h.in("teacher@example.fr")
		at := "/schools/" + ours.ID + "/staff/"

		var people struct{ Items []personLine }
		w.call("GET", "/schools/"+ours.ID+"/staff", nil).want(200).into(&people)
		for _, p := range people.Items {
			if p.Closable != (p.ID == teacher.ID) {
				t.Errorf("%s: closable %v", p.Email, p.Closable)
			}
		}
		for who, status := range map[string]int{head.ID: 403, other.ID: 403, admin.ID: 404, both.ID: 403, foreign.ID: 404} {
			w.call("POST", at+who+"/close", nil).want(status)
			w.call("POST", at+who+"/reopen", nil).want(status)
		}
		there.call("POST", at+other.ID+"/close", nil).want(403)
		w.call("POST", at+teacher.ID+"/close", nil).want(204)
		there.call("GET", "/me", nil).want(401)
		w.call("POST", at+teacher.ID+"/close", nil).want(404)
		people.Items = nil
		w.call("GET", "/schools/"+ours.ID+"/staff", nil).want(200).into(&people)
		for _, p := range people.Items {
			if p.Disabled != (p.ID == teacher.ID) {
				t.Errorf("%s: disabled %v", p.Email, p.Disabled)
			}
		}
		w.call("POST", at+teacher.ID+"/reopen", nil).want(204)
		h.in("teacher@example.fr").call("GET", "/me", nil).want(200)
		boss.call("POST", at+both.ID+"/close", nil).want(204)
		w.call("POST", at+both.ID+"/reopen", nil).want(403) // also of another school
		boss.call("POST", at+admin.ID+"/close", nil).want(403)
	})
}

// Other domains ask who can act on a school now: open accounts, roles that have
// started and are not over, territories around it.
func TestClosingAccounts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ours, theirs := h.school("Ours"), h.school("Theirs")
		head := h.person("head@example.fr", over(ours, Head))
		other := h.person("other@example.fr", over(ours, Head))
		admin := h.person("admin@example.fr", GrantInput{Role: Administrator, Scope: Installation})
		teacher := h.person("teacher@example.fr", over(ours, Teacher))
		both := h.person("both@example.fr", over(ours, Teacher))
		h.give(GrantInput{StaffID: both.ID, Role: Teacher, Scope: OverSchool, ScopeID: theirs.ID, SchoolID: theirs.ID})
		foreign := h.person("foreign@example.fr", over(theirs, Teacher))
		w, boss, there := h.in("head@example.fr"), h.in("admin@example.fr"), h.in("teacher@example.fr")
		at := "/schools/" + ours.ID + "/staff/"

		var people struct{ Items []personLine }
		w.call("GET", "/schools/"+ours.ID+"/staff", nil).want(200).into(&people)
		for _, p := range people.Items {
			if p.Closable != (p.ID == teacher.ID) {
				t.Errorf("%s: closable %v", p.Email, p.Closable)
			}
		}
		for who, status := range map[string]int{head.ID: 403, other.ID: 403, admin.ID: 404, both.ID: 403, foreign.ID: 404} {
			w.call("POST", at+who+"/close", nil).want(status)
			w.call("POST", at+who+"/reopen", nil).want(status)
		}
		there.call("POST", at+other.ID+"/close", nil).want(403)
		w.call("POST", at+teacher.ID+"/close", nil).want(204)
		there.call("GET", "/me", nil).want(401)
		w.call("POST", at+teacher.ID+"/close", nil).want(404)
		people.Items = nil
		w.call("GET", "/schools/"+ours.ID+"/staff", nil).want(200).into(&people)
		for _, p := range people.Items {
			if p.Disabled != (p.ID == teacher.ID) {
				t.Errorf("%s: disabled %v", p.Email, p.Disabled)
			}
		}
		w.call("POST", at+teacher.ID+"/reopen", nil).want(204)
		h.in("teacher@example.fr").call("GET", "/me", nil).want(200)
		boss.call("POST", at+both.ID+"/close", nil).want(204)
		w.call("POST", at+both.ID+"/reopen", nil).want(403) // also of another school
		boss.call("POST", at+admin.ID+"/close", nil).want(403)
	})
}

func TestColleagues(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		town, err := h.CreateTerritory(t.Context(), "town", "Bron", "")
		if err != nil {
			t.Fatal(err)
		}
		in := someSchool
		in.TerritoryID = town.ID
		sc, err := h.CreateSchool(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		soon, later := over(sc, Office), over(sc, Teacher)
		soon.Until, later.StartsAt = h.ms()+1000, h.ms()+1000
		want := []string{
			h.person("admin@example.fr", GrantInput{Role: Administrator, Scope: Installation}).ID,
			h.person("town@example.fr", GrantInput{Role: DPO, Scope: OverTerritory, ScopeID: town.ID}).ID,
			h.person("soon@example.fr", soon).ID,
		}
		starts := h.person("later@example.fr", later).ID
		h.person("elsewhere@example.fr", over(h.school("Loin"), Head))
		closed := h.person("closed@example.fr", over(sc, Teacher))
		if err := h.DisableStaff(t.Context(), closed.ID); err != nil {
			t.Fatal(err)
		}
		expect := func(want ...string) {
			t.Helper()
			list, err := h.Colleagues(t.Context(), sc.ID)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range list {
				got = append(got, c.ID)
			}
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%v, want %v", got, want)
			}
		}
		expect(want...)
		h.clock.Advance(time.Second)
		expect(want[0], want[1], starts)
	})
}
