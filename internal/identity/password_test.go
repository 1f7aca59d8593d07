package identity

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"preau/internal/fault"
)

func TestPasswordRules(t *testing.T) {
	for password, key := range map[string]string{
		"court":                    "identity.password_short",
		"onze lettre":              "identity.password_short",
		"douze lettre":             "",
		"éèàùçéèàùçéè":             "",
		"MotDePasse123":            "identity.password_common",
		"azertyuiop123":            "identity.password_common",
		"aaaaaaaaaaaaaa":           "identity.password_common",
		"abcabcabcabcab":           "identity.password_common",
		"123412341234":             "identity.password_common",
		"a@example.frr":            "",
		"someone@example.fr":       "identity.password_common",
		strings.Repeat("été!", 64): "identity.password_common", // 256 characters, four again and again
		strings.Repeat("x", 257):   "identity.password_long",
		"\xff\xfe is not a text":   "identity.password_long",
	} {
		err := checkPassword(password, "someone@example.fr", "password")
		if key == "" && err != nil || key != "" && (fault.Of(err) == nil || fault.Of(err).Key != key || fault.Of(err).Field != "password") {
			t.Errorf("%q: %v, want %q", password, err, key)
		}
	}
	// Each refused one is long enough to be worth its line.
	for line := range strings.Lines(commonPasswords) {
		if line = strings.TrimSpace(line); len([]rune(line)) < shortestPassword || line != strings.ToLower(line) {
			t.Errorf("a useless line: %q", line)
		}
	}
}

func TestHash(t *testing.T) {
	h, err := newHasher()
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	stored, err := h.hash(ctx, "déjà vu, déjà su")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(stored, err)
	}
	check := func(stored, password string, ok, stale bool) {
		t.Helper()
		gotOK, gotStale, err := h.verify(ctx, stored, password, false)
		if err != nil || gotOK != ok || gotStale != stale {
			t.Errorf("%v %v %v", gotOK, gotStale, err)
		}
	}
	check(stored, "déjà vu, déjà su", true, false)
	check(stored, "de\u0301ja\u0300 vu, de\u0301ja\u0300 su", true, false) // typed on a Mac
	check(stored, "déjà vu, déjà sû", false, false)
	check("", "déjà vu, déjà su", false, false)
	// Stored in an earlier year, at a lower cost.
	was := present
	present = cost{memory: 64, time: 1, threads: 1}
	old, err := h.hash(ctx, "déjà vu, déjà su")
	present = was
	if err != nil {
		t.Fatal(err)
	}
	check(old, "déjà vu, déjà su", true, true)
	if _, _, err := h.verify(ctx, "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "x", false); err == nil {
		t.Error("a row that asks for four gigabytes is computed")
	}
}

// A burst never computes more than the slots allow, says later beyond the
// queue, and leaves a slot to those whom the account knows.
func TestBurst(t *testing.T) {
	h := sized(2)
	first, err := h.turn(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	errs := make(chan error, mostWaiting)
	for i := range mostWaiting {
		wg.Go(func() {
			_, err := h.turn(fromNetwork(ctx, strconv.Itoa(i%(mostWaiting/mostFromNetwork))), false)
			errs <- err
		})
	}
	for h.strangers.length() < mostWaiting {
		runtime.Gosched()
	}
	if _, err := h.turn(t.Context(), false); !fault.Is(err, fault.Unavailable) || fault.Of(err).RetryAfter == 0 {
		t.Error("one more than the queue:", err)
	}
	known, err := h.turn(t.Context(), true)
	if err != nil {
		t.Fatal("a flood keeps a known browser waiting:", err)
	}
	if len(h.slots) != 2 {
		t.Error(len(h.slots))
	}
	cancel()
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != context.Canceled {
			t.Fatal(err)
		}
	}
	first()
	known()
	if len(h.slots)+len(h.strangers.through)+len(h.familiar.through) != 0 || h.strangers.length() != 0 {
		t.Error("a slot was not given back")
	}
	again, err := h.turn(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

// One network's flood leaves the queue to the others.
func TestQueueIsShared(t *testing.T) {
	h := sized(2)
	held, err := h.turn(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wg sync.WaitGroup
	for range mostFromNetwork {
		wg.Go(func() { h.turn(fromNetwork(ctx, "flood"), false) })
	}
	for h.strangers.length() < mostFromNetwork {
		runtime.Gosched()
	}
	if _, err := h.turn(fromNetwork(ctx, "flood"), false); !fault.Is(err, fault.Unavailable) {
		t.Error("one more of the same network:", err)
	}
	other := make(chan error)
	go func() {
		done, err := h.turn(fromNetwork(t.Context(), "other"), false)
		if err == nil {
			defer done()
		}
		other <- err
	}()
	for h.strangers.length() <= mostFromNetwork {
		select {
		case err := <-other:
			t.Fatal("another network is refused:", err)
		default:
			runtime.Gosched()
		}
	}
	cancel()
	held()
	if err := <-other; err != nil {
		t.Error(err)
	}
	wg.Wait()
}

func fromNetwork(ctx context.Context, network string) context.Context {
	return context.WithValue(ctx, browserKey{}, browser{address: network})
}

// An old cost is brought up to date when the person signs in.
func TestCostFollows(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		m := h.person("a@example.fr")
		present = cost{memory: 128, time: 1, threads: 1}
		h.in("a@example.fr")
		now, err := h.FindStaff(t.Context(), m.ID)
		if err != nil || !strings.Contains(now.passwordHash, "m=128,") {
			t.Fatal(now.passwordHash, err)
		}
		h.in("a@example.fr")
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("a@example.fr")
		v, other := h.in("a@example.fr"), h.in("a@example.fr")
		before := v.cookie(StaffCookie)
		const next = "quatre marronniers en fleur"
		if p := v.call("POST", "/me/password", obj{"current": "something else again", "next": next}).want(422).problem(); p.Errors[0].Field != "current" {
			t.Errorf("%+v", p)
		}
		v.call("POST", "/me/password", obj{"current": goodPassword, "next": "court"}).want(422)
		v.call("POST", "/me/password", obj{"current": goodPassword, "next": next}).want(200)
		if v.cookie(StaffCookie) == before {
			t.Error("the token did not change")
		}
		v.call("GET", "/me", nil).want(200)
		other.call("GET", "/me", nil).want(401)
		v.call("POST", "/session", obj{"email": "a@example.fr", "password": goodPassword}).want(422)
		v.call("POST", "/session", obj{"email": "a@example.fr", "password": next}).want(200)
	})
}
