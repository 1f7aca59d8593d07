package load

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"preau/internal/app"
	"preau/internal/config"
)

// serve is a server in this process, with a school of some lessons.
func serve(t *testing.T, lessons, pupils int) *Site {
	t.Helper()
	cfg, err := config.Load(config.Input{Flags: map[string]string{"data-dir": t.TempDir(), "media-udp-port": "0", "media-tcp-port": "0", "backup-at": "none"}})
	if err != nil {
		t.Fatal(err)
	}
	dist := fstest.MapFS{"index.html": {Data: []byte(`<html lang="fr"><meta nonce="__NONCE__"></html>`)}}
	house, err := app.Open(t.Context(), app.Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Version: "test", Dist: dist})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	worked := make(chan struct{})
	go func() { house.Work(ctx); close(worked) }()
	server := httptest.NewServer(house.Handler())
	t.Cleanup(func() {
		cancel()
		<-worked
		server.Close()
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	})
	select {
	case <-house.Media.Ready():
	case <-worked:
		t.Fatal("the engine did not start")
	}
	school, err := Make(t.Context(), house.Identity, house.Roster, house.Lesson, lessons, pupils)
	if err != nil {
		t.Fatal(err)
	}
	return &Site{Origin: server.URL, School: school}
}

// Every event that was given reaches every pupil of its lesson, and what
// teachers send is forwarded meanwhile.
func TestEvents(t *testing.T) {
	const lessons, pupils = 2, 3
	site := serve(t, lessons, pupils)
	shape := EventsShape{Rate: 3, Length: 4 * time.Second}
	r, err := Events(t.Context(), site, os.Getpid(), t.TempDir(), shape)
	if err != nil {
		t.Fatal(err)
	}
	if want := lessons * shape.Rate * 4; r.Given != want || r.Reached != want || len(r.Took) != want {
		t.Errorf("given %d, reached %d, %d times: want %d of each", r.Given, r.Reached, len(r.Took), want)
	}
	for _, took := range r.Took {
		if took <= 0 {
			t.Errorf("an event came %s before it was given", -took)
		}
	}
	if r.Traffic.received == 0 || r.Traffic.due < r.Traffic.received*9/10 {
		t.Errorf("%d packets of media received, %d due", r.Traffic.received, r.Traffic.due)
	}
	if r.BareWrite <= 0 || r.Span.length < 3*time.Second || r.Span.server <= 0 || r.Span.memory <= 0 {
		t.Errorf("measured %+v, a bare write %s", r.Span, r.BareWrite)
	}
	r.Print(t.Output(), site, shape)
}

// A knee with lessons: each lesson's pupils receive picture and voice, and the
// next is added to the ones before.
func TestKneeWithLessons(t *testing.T) {
	site := serve(t, 2, 2)
	enter, leave, err := InLessons(t.Context(), site)
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	checkKnee(t, site.Origin, enter)
}

// The bare engine gives the same, over its standard input and output.
func TestKneeOfTheBareEngine(t *testing.T) {
	in, asks := io.Pipe()
	hears, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- ServeBare(context.Background(), in, out)
		out.Close()
	}()
	bare := newBare(asks, hears)
	var ready bareReady
	if err := bare.hears.Decode(&ready); err != nil {
		t.Fatal(err)
	}
	checkKnee(t, ready.Origin, bare.Enter)
	asks.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func checkKnee(t *testing.T, origin string, enter entry) {
	t.Helper()
	var said strings.Builder
	steps, err := Knee(t.Context(), origin, os.Getpid(), enter, KneeShape{Lessons: 2, Pupils: 2, Window: 2 * time.Second}, &said)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + said.String())
	if len(steps) == 0 || len(steps) < 2 && !steps[0].lossy() { // on a busy machine the first may be lossy: that ends it, rightly
		t.Fatalf("%d steps without loss, want 2", len(steps))
	}
	for i, s := range steps {
		if s.Lessons != i+1 || s.Pupils != 2*(i+1) || len(s.Joins) != 2 {
			t.Errorf("step %d: %d lessons, %d pupils, %d joins", i, s.Lessons, s.Pupils, len(s.Joins))
		}
		for _, took := range s.Joins {
			if took <= 0 {
				t.Errorf("step %d: a join in %s", i, took)
			}
		}
		if s.Traffic.received == 0 || s.perPacket() <= 0 || s.pupilsACore() <= 0 {
			t.Errorf("step %d: %+v", i, s)
		}
	}
}

// What never comes is found whether the numbers have gaps or the sender's count
// says so.
func TestLoss(t *testing.T) {
	for _, one := range []struct {
		name string
		t    traffic
		want float64
	}{
		{"everything came", traffic{due: 1000, received: 1000}, 0},
		{"more came than was due: what was under way before", traffic{due: 1000, received: 1010}, 0},
		{"gaps", traffic{due: 1000, received: 1000, missing: 250}, 0.2},
		{"the server held some back", traffic{due: 1000, received: 900}, 0.1},
		{"nothing was sent", traffic{}, 1},
	} {
		if got := one.t.loss(); got < one.want-1e-9 || got > one.want+1e-9 {
			t.Errorf("%s: %f, want %f", one.name, got, one.want)
		}
	}
	a, b := traffic{100, 90, 8}, traffic{300, 280, 5} // three gaps were mended late
	if got := b.since(a); got != (traffic{200, 190, 0}) {
		t.Errorf("since: %+v", got)
	}
}

// The knee is the last step without loss, and only what both held is compared.
func TestCompare(t *testing.T) {
	step := func(lessons int, received uint64, cpu time.Duration) Step {
		return Step{Lessons: lessons, Pupils: 30 * lessons, Traffic: traffic{due: 1000, received: received}, Span: span{length: time.Second, server: cpu}}
	}
	ours := []Step{step(1, 1000, 22*time.Millisecond), step(2, 995, 100*time.Millisecond), step(3, 900, time.Second)}
	bare := []Step{step(1, 1000, 20*time.Millisecond), step(2, 980, 10*time.Millisecond)}
	var said strings.Builder
	Compare(&said, ours, bare)
	for _, want := range []string{
		"with lessons: 2 lessons, 60 pupils (loss passes 1 % after that); 100.5 µs/packet, 600 pupils a core",
		"bare engine: 1 lessons, 30 pupils (loss passes 1 % after that); 20.0 µs/packet, 1500 pupils a core",
		"over the 1 numbers of lessons that both held: 1.10 times",
	} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("%q is not in\n%s", want, said.String())
		}
	}
}

func TestPercentile(t *testing.T) {
	all := make([]time.Duration, 101)
	for i := range all {
		all[i] = time.Duration(100 - i)
	}
	for _, p := range []int{0, 50, 95, 100} {
		if got := percentile(all, p); got != time.Duration(p) {
			t.Errorf("p%d is %d", p, got)
		}
	}
	if percentile(nil, 50) != 0 {
		t.Error("of nothing")
	}
}

// Processor time grows with work.
func TestUsage(t *testing.T) {
	before, err := usageOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	for until := time.Now().Add(time.Minute); time.Now().Before(until); n.Add(1) {
		if after, err := usageOf(os.Getpid()); err != nil {
			t.Fatal(err)
		} else if after.cpu > before.cpu && after.memory > 0 {
			return
		}
	}
	t.Errorf("no processor time for %d readings", n.Load())
}

// A server that cannot start is said to have ended, and is not waited for.
func TestServerThatEnds(t *testing.T) {
	if _, err := Serve(t.Context(), "/bin/false", t.TempDir(), io.Discard); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("%v", err)
	}
	if r, err := http.Get("http://" + func() string { a, _ := free(); return a }()); err == nil {
		r.Body.Close()
		t.Error("a free address answers")
	}
}
