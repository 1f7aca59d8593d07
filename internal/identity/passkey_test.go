package identity

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

func TestPasskeys(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("a@example.fr")
		v := h.in("a@example.fr")
		key := newAuthenticator(t, h.origin)
		s := v.begin("/me/passkeys")
		for _, want := range []string{`"residentKey":"required"`, `"userVerification":"preferred"`, `"id":"localhost"`} {
			if !strings.Contains(string(s.Options), want) {
				t.Errorf("no %s in %s", want, s.Options)
			}
		}
		answer := key.create(s.Options)
		v.call("POST", "/me/passkeys/finish", obj{"ceremony": s.Ceremony, "credential": answer, "label": "Mon ordinateur"}).want(200)
		v.call("POST", "/me/passkeys/finish", obj{"ceremony": s.Ceremony, "credential": answer}).want(422) // once
		if again := v.begin("/me/passkeys"); !strings.Contains(string(again.Options), b64.EncodeToString(key.id)) {
			t.Error("a key that one has is not excluded:", string(again.Options))
		}

		w := h.visitor()
		s = w.begin("/session/passkey")
		answer = key.get(s.Options)
		body := obj{"ceremony": s.Ceremony, "credential": answer, "keep": true}
		if me := w.call("POST", "/session/passkey/finish", body).want(200).me(); me.Staff.Email != "a@example.fr" || me.Staff.Passkeys != 1 {
			t.Errorf("%+v", me)
		}
		h.visitor().call("POST", "/session/passkey/finish", body).want(422) // the answer was heard by somebody else

		var list struct{ Items []passkeyLine }
		w.call("GET", "/me/passkeys", nil).want(200).into(&list)
		if len(list.Items) != 1 || list.Items[0].Label != "Mon ordinateur" || list.Items[0].LastUsedAt == nil {
			t.Fatalf("%+v", list)
		}
		w.call("DELETE", "/me/passkeys/"+list.Items[0].ID, nil).want(204)
		w.call("DELETE", "/me/passkeys/"+list.Items[0].ID, nil).want(404)
		s = h.visitor().begin("/session/passkey")
		h.visitor().call("POST", "/session/passkey/finish", obj{"ceremony": s.Ceremony, "credential": key.get(s.Options)}).want(422)
	})
}

func TestPasskeysRefused(t *testing.T) {
	lighter(t)
	h := build(t, storetest.Open(t, store.SQLite))
	a, b := h.person("a@example.fr"), h.person("b@example.fr")
	v := h.in("a@example.fr")
	key := newAuthenticator(t, h.origin)
	s := v.begin("/me/passkeys")
	v.call("POST", "/me/passkeys/finish", obj{"ceremony": s.Ceremony, "credential": key.create(s.Options)}).want(200)

	finish := func(s step, credential any) int {
		return h.visitor().call("POST", "/session/passkey/finish", obj{"ceremony": s.Ceremony, "credential": credential}).Status
	}
	for name, change := range map[string]func(*authenticator){
		"another site":                func(k *authenticator) { k.origin = "https://preau.example.com" },
		"another relying party":       func(k *authenticator) { k.rpID = "example.com" },
		"another person":              func(k *authenticator) { k.handle = []byte(b.ID) },
		"nobody":                      func(k *authenticator) { k.handle = []byte("nobody") },
		"a key that we do not know":   func(k *authenticator) { k.id = randomBytes(32) },
		"a counter that did not move": func(k *authenticator) { k.count = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			// The counter moves once for the honest key, so that a copy shows.
			honest := h.visitor().begin("/session/passkey")
			if status := finish(honest, key.get(honest.Options)); status != 200 {
				t.Fatal(status)
			}
			bad := *key
			change(&bad)
			s := h.visitor().begin("/session/passkey")
			if status := finish(s, bad.get(s.Options)); status != 422 {
				t.Error(status)
			}
		})
	}
	forged := newAuthenticator(t, h.origin)
	forged.id, forged.handle, forged.count = key.id, []byte(a.ID), 1000
	s = h.visitor().begin("/session/passkey")
	if status := finish(s, forged.get(s.Options)); status != 422 {
		t.Error("another key signs in:", status)
	}
	// One ceremony's answer in another's place, one that adds a key for one that signs in.
	s1, s2 := h.visitor().begin("/session/passkey"), h.visitor().begin("/session/passkey")
	if status := finish(s2, key.get(s1.Options)); status != 422 {
		t.Error(status)
	}
	adding := v.begin("/me/passkeys")
	if status := finish(step{Ceremony: adding.Ceremony}, key.get(adding.Options)); status != 410 {
		t.Error(status)
	}
	// One person's ceremony finished in another's session.
	w := h.in("b@example.fr")
	w.call("POST", "/me/passkeys/finish", obj{"ceremony": adding.Ceremony, "credential": newAuthenticator(t, h.origin).create(adding.Options)}).want(422)
	// Changed on the way, and late.
	s = h.visitor().begin("/session/passkey")
	answer := key.get(s.Options)
	if status := finish(step{Ceremony: "A" + s.Ceremony[1:]}, answer); status != 410 {
		t.Error(status)
	}
	h.clock.Advance(time.Hour + time.Second)
	if status := finish(s, answer); status != 410 {
		t.Error(status)
	}
	// The account was closed.
	h.person("admin@example.fr", GrantInput{Role: Administrator, Scope: Installation})
	if err := h.DisableStaff(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	s = h.visitor().begin("/session/passkey")
	if status := finish(s, key.get(s.Options)); status != 422 {
		t.Error(status)
	}
	if n := audited(t, h, "staff.passkey_copied"); n != 1 {
		t.Errorf("%d entries about a copied key", n)
	}
}

// audited counts the entries of an act.
func audited(t *testing.T, h *house, act string) (n int) {
	t.Helper()
	if err := h.db.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM audit WHERE act = $1", act).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// The only way in stays.
func TestLastWayIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		m, err := h.CreateStaff(t.Context(), StaffInput{Name: "Sans mot de passe", Email: "a@example.fr"})
		if err != nil {
			t.Fatal(err)
		}
		link, err := h.SignInLink(t.Context(), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		v := h.visitor()
		if me := v.call("POST", "/session/link", obj{"token": token(t, link)}).want(200).me(); me.Staff.HasPassword {
			t.Errorf("%+v", me)
		}
		key := newAuthenticator(t, h.origin)
		s := v.begin("/me/passkeys")
		var made struct{ ID string }
		v.call("POST", "/me/passkeys/finish", obj{"ceremony": s.Ceremony, "credential": key.create(s.Options)}).want(200).into(&made)
		v.call("DELETE", "/me/passkeys/"+made.ID, nil).want(409)
		v.call("POST", "/me/password", obj{"next": goodPassword}).want(200)
		v.call("DELETE", "/me/passkeys/"+made.ID, nil).want(204)
	})
}

// At an address without a name, passkeys say so.
func TestPasskeysNeedName(t *testing.T) {
	lighter(t)
	h := build(t, storetest.Open(t, store.SQLite), func(o *Options) { o.Origin = "http://192.168.1.20:8080" })
	h.origin = h.server.URL
	h.person("a@example.fr")
	v := h.in("a@example.fr")
	v.call("POST", "/me/passkeys/begin", nil).want(503)
	v.call("POST", "/session/passkey/begin", nil).want(503)
	v.call("POST", "/session/passkey/finish", obj{"ceremony": "x", "credential": obj{}}).want(503)
}

// FuzzPasskeyAnswers feeds both second steps with bodies of any shape: nothing
// but a refusal comes back.
func FuzzPasskeyAnswers(f *testing.F) {
	t := &testing.T{}
	key := newAuthenticator(t, "https://preau.example.fr")
	for _, o := range []obj{key.create(json.RawMessage(`{"publicKey":{"challenge":"AAAA","user":{"id":"AAAA"}}}`)), key.get(json.RawMessage(`{"publicKey":{"challenge":"AAAA"}}`))} {
		raw, err := json.Marshal(o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{}}`))
	texts, db := openFuzz(f)
	s, err := New(Options{DB: db, Log: texts.log, Catalogue: texts.catalogue, Origin: "https://preau.example.fr"})
	if err != nil {
		f.Fatal(err)
	}
	m, err := s.CreateStaff(f.Context(), StaffInput{Name: "A", Email: "a@example.fr"})
	if err != nil {
		f.Fatal(err)
	}
	ctx := With(f.Context(), Principal{Staff: &StaffPrincipal{ID: m.ID}})
	signIn, err := s.beginPasskeySession(ctx, nil)
	if err != nil {
		f.Fatal(err)
	}
	add, err := s.beginPasskey(ctx, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in finishIn
		in.Body.Credential = raw
		in.Body.Ceremony = signIn.Body.Ceremony
		if _, err := s.finishPasskeySession(ctx, &in); !refusal(err) {
			t.Fatal(err)
		}
		in.Body.Ceremony = add.Body.Ceremony
		if _, err := s.finishPasskey(ctx, &in); !refusal(err) {
			t.Fatal(err)
		}
		// The body as a sealed value is never ours.
		in.Body.Ceremony = string(raw)
		if _, err := s.finishPasskeySession(ctx, &in); !refusal(err) {
			t.Fatal(err)
		}
	})
}
