package identity

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/internal/fault"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

func TestMayGrant(t *testing.T) {
	admin := Grant{Role: Administrator, Scope: Installation}
	temporary := Grant{Role: Administrator, Scope: Installation, Until: 100}
	town := Grant{Role: Administrator, Scope: OverTerritory, ScopeID: "town", SchoolIDs: []string{"s"}, Within: []string{"town", "quarter"}}
	technician := Grant{Role: Administrator, Scope: OverSchool, ScopeID: "s", SchoolID: "s"}
	head := Grant{Role: Head, Scope: OverSchool, ScopeID: "s", SchoolID: "s"}
	acting := Grant{Role: Head, Scope: OverSchool, ScopeID: "s", SchoolID: "s", Until: 100}
	office := Grant{Role: Office, Scope: OverSchool, ScopeID: "s", SchoolID: "s"}

	teacher := Grant{Role: Teacher, Scope: OverGroup, ScopeID: "g", SchoolID: "s"}
	elsewhere := Grant{Role: Teacher, Scope: OverGroup, ScopeID: "g", SchoolID: "t"}
	dpo := Grant{Role: DPO, Scope: OverTerritory, ScopeID: "town"}
	quarter := Grant{Role: DPO, Scope: OverTerritory, ScopeID: "quarter"}
	country := Grant{Role: DPO, Scope: OverTerritory, ScopeID: "country"}
	lead := Grant{Role: AssessmentLead, Scope: Installation}
	for _, c := range []struct {
		name        string
		own, g      Grant
		give, takes bool
	}{
		{"administrator, anything", admin, lead, true, true},
		{"administrator, administrator", admin, admin, true, true},
		{"administrator, any school", admin, elsewhere, true, true},
		{"temporary administrator, teacher", temporary, teacher, true, true},
		{"temporary administrator, endless administrator", temporary, admin, false, true},
		{"temporary administrator, shorter one", temporary, Grant{Role: Administrator, Scope: Installation, Until: 99}, true, true},
		{"temporary administrator, endless head", temporary, head, false, true},
		{"town, teacher of its school", town, teacher, true, true},
		{"town, teacher of another", town, elsewhere, false, false},
		{"town, its DPO", town, dpo, true, true},
		{"town, DPO of its quarter", town, quarter, true, true},
		{"town, DPO of the country", town, country, false, false},
		{"town, installation", town, lead, false, false},
		{"technician, head of the school", technician, head, true, true},
		{"technician, administrator of the school", technician, technician, true, true},
		{"technician, another school", technician, elsewhere, false, false},
		{"technician, installation", technician, admin, false, false},
		{"head, teacher", head, teacher, true, true},
		{"head, a second head", head, head, true, false},
		{"head, the DPO of the school", head, Grant{Role: DPO, Scope: OverSchool, ScopeID: "s", SchoolID: "s"}, true, false},
		{"head, administrator of the school", head, technician, false, false},
		{"head, administrator", head, admin, false, false},
		{"head, territory", head, dpo, false, false},
		{"head, another school", head, elsewhere, false, false},
		{"acting head, endless head", acting, head, false, false},
		{"acting head, teacher", acting, teacher, true, true},
		{"office, teacher", office, teacher, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Principal{Staff: &StaffPrincipal{ID: "me", Grants: []Grant{c.own}}}
			if got := p.mayGrant(c.g); got != c.give {
				t.Errorf("give: %v", got)
			}
			if got := p.mayRevoke(c.g, "somebody"); got != c.takes {
				t.Errorf("take: %v", got)
			}
			if !p.mayRevoke(c.g, "me") {
				t.Error("own role not laid down")
			}
		})
	}
	if (Principal{}).mayGrant(teacher) || (Principal{}).mayRevoke(teacher, "") {
		t.Error("nobody may")
	}
}

func TestShape(t *testing.T) {
	const now = 1_000_000
	school := Grant{Role: Teacher, Scope: OverSchool, ScopeID: "s", SchoolID: "s"}
	with := func(change func(*Grant)) Grant { g := school; change(&g); return g }
	for _, c := range []struct {
		name   string
		g      Grant
		starts int64
		key    string
	}{
		{"teacher", school, 0, ""},
		{"unknown role", with(func(g *Grant) { g.Role = "king" }), 0, "identity.role_unknown"},
		{"teacher of a territory", Grant{Role: Teacher, Scope: OverTerritory, ScopeID: "x"}, 0, "identity.role_scope"},
		{"assistant of a group", with(func(g *Grant) { g.Role, g.Scope = Assistant, OverGroup }), 0, "identity.role_scope"},
		{"assistant of no seat", Grant{Role: Assistant, Scope: OverSeats, SchoolID: "s"}, 0, "identity.seats_needed"},
		{"assistant", Grant{Role: Assistant, Scope: OverSeats, SchoolID: "s", SeatIDs: []string{"p"}}, 0, ""},
		{"assistant of too many", Grant{Role: Assistant, Scope: OverSeats, SchoolID: "s", SeatIDs: make([]string, 61)}, 0, "identity.seats_many"},
		{"seats on a group", with(func(g *Grant) { g.SeatIDs = []string{"p"} }), 0, "identity.seats_needed"},
		{"school of no school", Grant{Role: Head, Scope: OverSchool, ScopeID: "s"}, 0, "identity.scope_unknown"},
		{"another school's id", with(func(g *Grant) { g.ScopeID = "t" }), 0, "identity.scope_unknown"},
		{"group of no name", Grant{Role: Teacher, Scope: OverGroup, SchoolID: "s"}, 0, "identity.scope_unknown"},
		{"installation with an id", Grant{Role: DPO, Scope: Installation, ScopeID: "s"}, 0, "identity.scope_unknown"},
		{"installation in a school", Grant{Role: DPO, Scope: Installation, SchoolID: "s"}, 0, "identity.scope_unknown"},
		{"substitute without end", with(func(g *Grant) { g.Role = Substitute }), 0, "identity.until_needed"},
		{"substitute", with(func(g *Grant) { g.Role, g.Until = Substitute, now+1 }), 0, ""},
		{"until the past", with(func(g *Grant) { g.Until = now }), 0, "identity.until_wrong"},
		{"ends before it starts", with(func(g *Grant) { g.Until = now + 5 }), now + 5, "identity.until_wrong"},
		{"in a century", with(func(g *Grant) { g.Until = now + 100*365*24*3600*1000 }), 0, "identity.until_wrong"},
		{"administrator to come", Grant{Role: Administrator, Scope: Installation}, now + 1, "identity.until_wrong"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := checkShape(c.g, c.starts, now)
			if c.key == "" && err != nil || c.key != "" && (fault.Of(err) == nil || fault.Of(err).Key != c.key) {
				t.Errorf("%v, want %q", err, c.key)
			}
		})
	}
}

// Whatever is given, taken back, closed or opened, in any order and by anyone,
// somebody administers the installation.
func TestAdministratorStays(t *testing.T) {
	lighter(t)
	rapid.Check(t, func(r *rapid.T) {
		h := build(t, storetest.Open(t, store.SQLite))
		sc := h.school("Une école")
		var people []StaffMember
		for i := range 3 {
			people = append(people, h.person(fmt.Sprintf("p%d@example.fr", i)))
		}
		grants := []string{h.give(GrantInput{StaffID: people[0].ID, Role: Administrator, Scope: Installation})}
		grants = append(grants, h.give(GrantInput{StaffID: people[1].ID, Role: Head, Scope: OverSchool, ScopeID: sc.ID, SchoolID: sc.ID}))
		refused := func(err error) {
			if err != nil && fault.Of(err) == nil {
				r.Fatal(err)
			}
		}
		ctx := t.Context()
		person := func() string { return rapid.SampledFrom(people).Draw(r, "person").ID }
		caller := func() (p Principal) {
			id := person()
			held, err := grantsOf(ctx, h.db.Reader(), id, h.ms())
			refused(err)
			return Principal{Staff: &StaffPrincipal{ID: id, Grants: held, FreshAt: h.ms()}}
		}
		r.Repeat(map[string]func(*rapid.T){
			"give": func(r *rapid.T) {
				in := grantIn{School: sc.ID, Staff: person()}
				in.Body.Role = rapid.SampledFrom([]Role{Administrator, Head, Teacher}).Draw(r, "role")
				in.Body.Scope = rapid.SampledFrom([]Scope{Installation, OverSchool}).Draw(r, "scope")
				if rapid.Bool().Draw(r, "dated") {
					in.Body.Until = h.ms() + int64(time.Hour/time.Millisecond)
				}
				out, err := h.postGrant(With(ctx, caller()), &in)
				refused(err)
				if err == nil {
					grants = append(grants, out.Body.ID)
				}
			},
			"take": func(r *rapid.T) {
				_, err := h.deleteGrant(With(ctx, caller()), &oneGrantIn{School: sc.ID, Staff: person(), Grant: rapid.SampledFrom(grants).Draw(r, "grant")})
				refused(err)
			},
			"take from the command line": func(r *rapid.T) {
				refused(h.RevokeGrant(ctx, rapid.SampledFrom(grants).Draw(r, "grant")))
			},
			"close": func(r *rapid.T) { refused(h.DisableStaff(ctx, person())) },
			"open":  func(r *rapid.T) { refused(h.EnableStaff(ctx, person())) },
			"wait":  func(r *rapid.T) { h.clock.Advance(40 * time.Minute) },
			"": func(r *rapid.T) {
				administrators := 0
				for _, m := range people {
					now, err := h.FindStaff(ctx, m.ID)
					refused(err)
					held, err := grantsOf(ctx, h.db.Reader(), m.ID, h.ms())
					refused(err)
					p := Principal{Staff: &StaffPrincipal{Grants: held}}
					if now.DisabledAt == 0 && p.Holds(Place{}, Administrator) {
						administrators++
					}
				}
				if administrators == 0 {
					r.Fatal("nobody administers the installation")
				}
			},
		})
	})
}

// Two administrators take each other's role at once: one of them stays.
func TestAdministratorsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 5 {
			var ids []string
			for range 2 {
				ids = append(ids, h.give(GrantInput{StaffID: h.person(store.NewID() + "@example.fr").ID, Role: Administrator, Scope: Installation}))
			}
			errs := make([]error, 2)
			var wg sync.WaitGroup
			for i, id := range ids {
				wg.Go(func() { errs[i] = h.RevokeGrant(t.Context(), id) })
			}
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) || !fault.Is(errors.Join(errs...), fault.Conflict) {
				t.Fatal(errs)
			}
			// The next round starts from nobody.
			if err := h.db.Tx(t.Context(), func(tx store.Queryer) error {
				_, err := tx.ExecContext(t.Context(), "UPDATE staff_grant SET revoked_at = 1")
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
