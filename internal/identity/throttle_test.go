package identity

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

func TestPace(t *testing.T) {
	p := pace{free: 3, first: 5 * time.Second, longest: time.Minute}
	var got []time.Duration
	for n := range 10 {
		got = append(got, p.after(n)/time.Second)
	}
	if want := "[0s 0s 0s 0s 5ns 10ns 20ns 40ns 60ns 60ns]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %v", got, want)
	}
	if p.after(1_000_000) != time.Minute {
		t.Error("does not stay at the longest")
	}
}

func TestThrottle(t *testing.T) {
	c := storetest.NewClock(start)
	th := newThrottle(c.Now)
	tr := trial{"k", pace{free: 2, first: 10 * time.Second, longest: time.Minute, forget: time.Hour}}
	expect := func(want time.Duration) {
		t.Helper()
		if got := th.begin(tr); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	}
	expect(0)
	expect(0)
	expect(0) // the third: from now on one waits
	expect(10 * time.Second)
	c.Advance(4 * time.Second)
	expect(6 * time.Second) // asking early does not lengthen the wait
	c.Advance(6 * time.Second)
	expect(0)
	expect(20 * time.Second)
	th.succeeded("k")
	expect(0)
	expect(0)
	expect(0)
	expect(10 * time.Second)
	c.Advance(time.Hour + time.Second)
	expect(0) // forgotten
	// Where one of two keys must wait, the other is not counted.
	other := trial{"other", tr.pace}
	expect(0)
	expect(0)
	for range 5 {
		th.begin(tr, other)
	}
	if wait := th.begin(other); wait != 0 {
		t.Fatal(wait)
	}
	// A shared key gets back what a right answer took.
	for range 50 {
		if wait := th.begin(trial{"shared", tr.pace}); wait != 0 {
			t.Fatal(wait)
		}
		th.giveBack(trial{"shared", tr.pace})
	}
}

func TestThrottleIsBounded(t *testing.T) {
	th := newThrottle(storetest.NewClock(start).Now)
	th.max = 100
	slow := pace{free: 0, first: time.Hour, longest: time.Hour, forget: time.Hour}
	for i := range 1000 {
		th.begin(trial{"kept", slow}) // used all the time: never forgotten
		th.begin(trial{strconv.Itoa(i), slow})
	}
	if len(th.tries) != 100 || th.recent.Len() != 100 {
		t.Error(len(th.tries), th.recent.Len())
	}
	if th.begin(trial{"kept", slow}) == 0 {
		t.Error("a key in use was forgotten")
	}
}

// No number of invented addresses, and no number of recovery codes, makes an
// account's limits forgotten.
func TestFloodForgetsNoAccount(t *testing.T) {
	c := storetest.NewClock(start)
	passwords, recoveries := newAttempts(c.Now), newAttempts(c.Now)
	for _, a := range []attempts{passwords, recoveries} {
		a.accounts.max, a.nobody.max = 100, 100
	}
	try := func(a attempts, account, email string) time.Duration {
		return a.of(account).begin(trial{"near|n|" + email, nearbyPace}, trial{"account|" + email, accountPace})
	}
	for range nearbyPace.free + 1 {
		if wait := try(passwords, "id", "a@example.fr"); wait != 0 {
			t.Fatal(wait)
		}
	}
	for i := range 1000 {
		email := strconv.Itoa(i) + "@example.fr"
		try(passwords, "", email)
		try(recoveries, "", email)
		try(recoveries, strconv.Itoa(i), email)
		passwords.of("x").begin(trial{"near|n" + email, nearbyPace}) // other networks, other accounts
	}
	if try(passwords, "id", "a@example.fr") == 0 {
		t.Fatal("the account's limit was forgotten")
	}
	if n := len(passwords.nobody.tries); n != 100 {
		t.Fatalf("%d keys of addresses without account, want 100", n)
	}
	// An attempt that must wait leaves nothing behind.
	before := len(passwords.accounts.tries)
	for i := range 10 {
		passwords.of("id").begin(trial{"near|m" + strconv.Itoa(i), nearbyPace}, trial{"near|n|a@example.fr", nearbyPace})
	}
	if n := len(passwords.accounts.tries); n != before {
		t.Fatalf("%d keys more of attempts that were refused", n-before)
	}
}

// Attempts side by side gain nothing.
func TestThrottleAtOnce(t *testing.T) {
	th := newThrottle(storetest.NewClock(start).Now)
	tr := trial{"k", pace{free: 5, first: time.Second, longest: time.Minute, forget: time.Hour}}
	var mu sync.Mutex
	through := 0
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if th.begin(tr) == 0 {
				mu.Lock()
				through++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if through != 6 {
		t.Error(through)
	}
}

// Somebody guesses at an account. The person on the browser that they use
// every day signs in all the same; on a new one in another network too.
func TestGuessing(t *testing.T) {
	lighter(t)
	h := build(t, storetest.Open(t, store.SQLite))
	h.person("a@example.fr")
	usual := h.in("a@example.fr")
	wrong, right := obj{"email": "a@example.fr", "password": "not at all this one"}, obj{"email": "a@example.fr", "password": goodPassword}

	guesser := h.visitor()
	for range 6 {
		guesser.call("POST", "/session", wrong).want(422)
	}
	refused := guesser.call("POST", "/session", right).want(429)
	if refused.Header.Get("Retry-After") != "5" || refused.problem().RetryAfter != 5 {
		t.Error(refused.Header, string(refused.Body))
	}
	// A new browser in the guesser's own network waits; the usual one does not.
	h.visitor().call("POST", "/session", right).want(429)
	usual.call("POST", "/session", right).want(200)
	// Nor does it weigh on the account's neighbour.
	h.person("b@example.fr")
	h.in("b@example.fr")
	// The wait that was said is the true one.
	h.clock.Advance(5 * time.Second)
	guesser.call("POST", "/session", wrong).want(422)
	if again := guesser.call("POST", "/session", right).want(429); again.Header.Get("Retry-After") != "10" {
		t.Error(again.Header.Get("Retry-After"))
	}
	h.clock.Advance(10 * time.Second)
	guesser.call("POST", "/session", right).want(200)
	guesser.call("POST", "/session", wrong).want(422) // a right answer clears the slate

	// From many networks, the account as a whole slows down, never the usual browser.
	account, err := h.FindStaffByEmail(t.Context(), "a@example.fr")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		ctx := contextFrom(t, "network "+strconv.Itoa(i))
		if _, err := h.try(ctx, h.passwords, account.ID, "a@example.fr"); err != nil && i < 40 {
			t.Fatal(i, err)
		}
	}
	if _, err := h.try(contextFrom(t, "one more"), h.passwords, account.ID, "a@example.fr"); err == nil {
		t.Error("fifty networks did not slow the next")
	}
	usual.call("POST", "/session", right).want(200)

	// The usual browser has its own pace, were it stolen.
	for range 7 {
		usual.call("POST", "/session", wrong).want(422)
	}
	usual.call("POST", "/session", right).want(429)
}

// contextFrom is that of a request from another network.
func contextFrom(t *testing.T, network string) context.Context {
	return context.WithValue(t.Context(), browserKey{}, browser{address: network})
}

// An account that does not exist slows down and answers alike.
func TestUnknownAccountIsAlike(t *testing.T) {
	lighter(t)
	h := build(t, storetest.Open(t, store.SQLite))
	h.person("a@example.fr")
	closed := h.person("closed@example.fr")
	h.person("admin@example.fr", GrantInput{Role: Administrator, Scope: Installation})
	if err := h.DisableStaff(t.Context(), closed.ID); err != nil {
		t.Fatal(err)
	}
	noPassword, err := h.CreateStaff(t.Context(), StaffInput{Name: "Sans", Email: "none@example.fr"})
	if err != nil || noPassword.passwordHash != "" {
		t.Fatal(err)
	}
	var first []string
	for _, email := range []string{"a@example.fr", "closed@example.fr", "none@example.fr", "nobody@example.fr"} {
		v := h.visitor()
		var seen []string
		for range 8 {
			a := v.call("POST", "/session", obj{"email": email, "password": "not at all this one"})
			seen = append(seen, fmt.Sprint(a.Status, a.Header.Get("Retry-After"), string(a.Body)))
		}
		if first == nil {
			first = seen
		}
		if fmt.Sprint(seen) != fmt.Sprint(first) {
			t.Errorf("%s answers otherwise:\n%v\n%v", email, seen, first)
		}
	}
	// Each waits for its computation, account or not.
	for range cap(h.hasher.strangers.through) {
		done, err := h.hasher.turn(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		defer done()
	}
	for _, email := range []string{"a@example.fr", "closed@example.fr", "none@example.fr", "nobody@example.fr"} {
		ctx, cancel := context.WithCancel(contextFrom(t, "another network"))
		ended := make(chan error)
		go func() {
			_, err := h.checkSecret(ctx, email, goodPassword)
			ended <- err
		}()
		for h.hasher.strangers.length() == 0 {
			select {
			case err := <-ended:
				t.Fatalf("%s is answered without the work: %v", email, err)
			default:
				runtime.Gosched()
			}
		}
		cancel()
		if err := <-ended; err != context.Canceled {
			t.Error(err)
		}
	}
}
