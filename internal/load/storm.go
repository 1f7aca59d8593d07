package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"preau/internal/store"
)

// Storm is what was measured while classes began and others went on.
type Storm struct {
	Asked, Started int
	Failed         map[string]int  // by what was answered
	Took           []time.Duration // of starts that were told to wait at no step, from the slip to the first question
	Queued         []time.Duration // of those that were given a place
	Worse          int             // places that were further than the one before: a queue that is not honest
	Saves          []time.Duration // from the moment at which each was due
	SaveFailures   int
	Length         time.Duration
	span           span
}

// Weather is how much comes, and how quickly.
type Weather struct {
	Over        time.Duration // in which all classes begin
	Class       time.Duration // in which the pupils of a class do
	Every       time.Duration // how often a running sitting saves
	Connections int           // that starts share: pupils behind the proxies of their schools
}

// Blow lets all classes of a town begin while its running sittings save.
func (town Town) Blow(ctx context.Context, server *Process, running *Pupils, w Weather) (Storm, error) {
	end, err := watch(server.PID)
	if err != nil {
		return Storm{}, err
	}
	out := Storm{Failed: map[string]int{}}
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, w.Over+2*time.Minute)
	defer cancel()
	saving, stopSaving := context.WithCancel(ctx)
	var savers sync.WaitGroup
	const lines = 256 // connections that save
	took := make([][]time.Duration, lines)
	failures := make([]int, lines)
	for c := range lines {
		savers.Go(func() {
			for saving.Err() == nil {
				// A connection that broke is opened again: its pupils try again too.
				if err := running.paced(saving, server.Origin, c, lines, w.Every, &took[c], &failures[c]); err != nil && saving.Err() == nil {
					failures[c]++
					time.Sleep(200 * time.Millisecond)
				}
			}
		})
	}
	pool := make(chan *wire, w.Connections)
	for range w.Connections {
		pool <- &wire{host: strings.TrimPrefix(server.Origin, "http://")}
	}
	var mu sync.Mutex // guards out
	var starters sync.WaitGroup
	for _, class := range town.Classes {
		at := began.Add(rand.N(max(w.Over-w.Class, 1)))
		for i := range class.Seats {
			moment := at.Add(rand.N(w.Class))
			out.Asked++
			starters.Go(func() {
				select {
				case <-time.After(time.Until(moment)):
				case <-ctx.Done():
					return
				}
				s := starter{class: class, pupil: i}
				err := s.start(ctx, pool)
				mu.Lock()
				defer mu.Unlock()
				out.Worse += s.worse
				switch {
				case err != nil:
					out.Failed[err.Error()]++
				case s.queued:
					out.Started++
					out.Queued = append(out.Queued, time.Since(moment))
				default:
					out.Started++
					out.Took = append(out.Took, time.Since(moment))
				}
			})
		}
	}
	starters.Wait()
	out.Length = time.Since(began)
	stopSaving()
	savers.Wait()
	close(pool)
	for w := range pool {
		w.close()
	}
	out.span, err = end()
	out.Saves = slices.Concat(took...)
	for _, n := range failures {
		out.SaveFailures += n
	}
	return out, err
}

// Warm has each sitting save once, as quickly as it goes: those who answer on the
// morning of a storm have been known to the server for a while.
func (p *Pupils) Warm(ctx context.Context, server *Process, connections int) error {
	return inParallel(connections, connections, func(first int) error {
		line := &wire{host: strings.TrimPrefix(server.Origin, "http://")}
		defer line.close()
		for i := first; i < len(p.tokens) && ctx.Err() == nil; i += connections {
			n := p.acked[i].Load() + 1
			a, err := line.ask("POST", "/api/v1/sitting/answers", "Authorization: Sitting "+p.tokens[i]+"\r\n", fmt.Appendf(nil, `{"answers":[{"n":%d,"item":"q1","data":{"r1":["c1"]}}]}`, n))
			if err != nil {
				return err
			}
			if a.status != http.StatusOK {
				return fmt.Errorf("a save before the storm was answered %d", a.status)
			}
			p.acked[i].Store(n)
		}
		return ctx.Err()
	})
}

// paced saves for each of its sittings once in every, on one connection. What a
// save took counts from when it was due, so that a slow answer before it counts
// too.
func (p *Pupils) paced(ctx context.Context, origin string, first, step int, every time.Duration, took *[]time.Duration, refused *int) error {
	line := &wire{host: strings.TrimPrefix(origin, "http://")}
	defer line.close()
	mine := (len(p.tokens) - first + step - 1) / step
	if mine < 1 {
		<-ctx.Done()
		return nil
	}
	gap := every / time.Duration(mine)
	due := time.Now().Add(rand.N(gap + 1))
	for i := first; ctx.Err() == nil; i += step {
		if i >= len(p.tokens) {
			i = first
		}
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return nil
		}
		n := p.acked[i].Load() + 1
		body := fmt.Sprintf(`{"answers":[{"n":%d,"item":"q%d","data":{"r1":["c%d"]}}]}`, n, n%10+1, n%4+1)
		a, err := line.ask("POST", "/api/v1/sitting/answers", "Authorization: Sitting "+p.tokens[i]+"\r\n", []byte(body))
		if err != nil {
			return err
		}
		if a.status == http.StatusOK {
			p.acked[i].Store(n)
			*took = append(*took, time.Since(due))
		} else {
			*refused++
		}
		due = due.Add(gap)
	}
	return nil
}

// starter is a pupil who goes from the slip to the first question.
type starter struct {
	class  Class
	pupil  int
	cookie string
	queued bool
	place  int64
	ticket string
	worse  int
}

// start enters with the slip, comes to the sitting, begins it and gets the
// questions. Told to wait, it waits as long as it is told.
func (s *starter) start(ctx context.Context, pool chan *wire) error {
	steps := []func(*wire) (answered, error){
		func(w *wire) (answered, error) {
			return w.ask("POST", "/api/v1/door/link", s.ticketLine(), fmt.Appendf(nil, `{"auth":%q}`, s.class.Auth[s.pupil]))
		},
		func(w *wire) (answered, error) {
			return w.ask("POST", "/api/v1/sittings", "Cookie: "+s.cookie+"\r\n", fmt.Appendf(nil, `{"campaign":%q,"sequence":0}`, s.class.Campaign))
		},
	}
	var token string
	for i, step := range steps {
		a, err := s.insist(ctx, pool, step)
		if err != nil {
			return err
		}
		if i == 0 {
			var all []string
			for _, c := range a.header["Set-Cookie"] {
				name, _, _ := strings.Cut(c, ";")
				all = append(all, name)
			}
			s.cookie = strings.Join(all, "; ")
			continue
		}
		var in struct{ Token string }
		if err := json.Unmarshal(a.body, &in); err != nil {
			return fmt.Errorf("no token: %w", err)
		}
		token = in.Token
	}
	authorization := "Authorization: Sitting " + token + "\r\n"
	if _, err := s.insist(ctx, pool, func(w *wire) (answered, error) {
		return w.ask("POST", "/api/v1/sitting/start", authorization, []byte("{}"))
	}); err != nil {
		return err
	}
	_, err := s.insist(ctx, pool, func(w *wire) (answered, error) {
		return w.ask("GET", "/api/v1/sitting/stage", authorization, nil)
	})
	return err
}

func (s *starter) ticketLine() string {
	if s.ticket == "" {
		return ""
	}
	return "Preau-Place: " + s.ticket + "\r\n"
}

// insist asks until it is not told to come later.
func (s *starter) insist(ctx context.Context, pool chan *wire, step func(*wire) (answered, error)) (answered, error) {
	for {
		var line *wire
		select {
		case line = <-pool:
		case <-ctx.Done():
			return answered{}, errors.New("not answered in time")
		}
		a, err := step(line)
		pool <- line
		if err != nil {
			return a, errors.New("the connection broke")
		}
		if a.status == http.StatusOK {
			return a, nil
		}
		var p struct {
			Kind       string
			RetryAfter float64
			Extra      struct {
				Place  int64
				Ticket string
			}
		}
		if err := json.Unmarshal(a.body, &p); err != nil || p.Kind != "limited" && p.Kind != "unavailable" || p.RetryAfter <= 0 {
			return a, fmt.Errorf("answered %d %s", a.status, p.Kind)
		}
		s.queued = true
		if p.Extra.Ticket != "" {
			if s.place > 0 && p.Extra.Place > s.place {
				s.worse++
			}
			s.place, s.ticket = p.Extra.Place, p.Extra.Ticket
		}
		select {
		case <-time.After(time.Duration(p.RetryAfter * float64(time.Second))):
		case <-ctx.Done():
			return a, errors.New("still waiting at the end")
		}
	}
}

// wire is one HTTP/1.1 connection, opened when it is needed.
type wire struct {
	host string
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
}

type answered struct {
	status int
	header http.Header
	body   []byte
}

func (w *wire) close() {
	if w.conn != nil {
		w.conn.Close()
		w.conn = nil
	}
}

// ask sends a request and reads its answer whole. headers are lines that end.
func (w *wire) ask(method, path, headers string, body []byte) (a answered, err error) {
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.conn == nil {
		if w.conn, err = net.DialTimeout("tcp", w.host, 10*time.Second); err != nil {
			return a, err
		}
		w.in = bufio.NewReader(w.conn)
	}
	w.out.Reset()
	fmt.Fprintf(&w.out, "%s %s HTTP/1.1\r\nHost: %s\r\n%s", method, path, w.host, headers)
	if body != nil {
		fmt.Fprintf(&w.out, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	w.out.WriteString("\r\n")
	w.out.Write(body)
	if err = w.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return a, err
	}
	if _, err = w.conn.Write(w.out.Bytes()); err != nil {
		return a, err
	}
	answer, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return a, err
	}
	defer answer.Body.Close()
	a.status, a.header = answer.StatusCode, answer.Header
	a.body, err = io.ReadAll(io.LimitReader(answer.Body, 8<<20))
	return a, err
}

// StormKilled lets classes begin while the server is killed at random moments
// and started again, and gives the seats whose start was acknowledged.
func (town Town) StormKilled(ctx context.Context, start func() (*Process, error), running *Pupils, w Weather, times int, between time.Duration) (begun int, err error) {
	next := 0
	var started atomic.Int64
	for range times {
		server, err := start()
		if err != nil {
			return 0, err
		}
		some := Town{Classes: town.Classes[next:min(next+len(town.Classes)/max(times, 1), len(town.Classes))]}
		next += len(some.Classes)
		part, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			s, _ := some.Blow(part, server, running, w) // its span cannot be read once the process is gone
			started.Add(int64(s.Started))
		}()
		select {
		case <-time.After(between/2 + rand.N(between)):
		case <-ctx.Done():
		}
		if err := server.kill(); err != nil {
			stop()
			return 0, err
		}
		<-server.ended
		stop()
		<-done
	}
	return int(started.Load()), nil
}

// Begun counts the sittings that the database holds as begun.
func Begun(ctx context.Context, db *store.DB) (n, twice int, err error) {
	if err := db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM sitting WHERE started_at > 0`).Scan(&n); err != nil {
		return 0, 0, err
	}
	err = db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT seat_id FROM sitting GROUP BY seat_id, campaign_id, sequence HAVING count(*) > 1) AS many`).Scan(&twice)
	return n, twice, err
}

// Print writes the figures with what is to be held.
func (s Storm) Print(out io.Writer, w Weather, running int) {
	fmt.Fprintf(out, "storm: %d pupils begin within %s, a class within %s, while %d sittings save every %s\n", s.Asked, w.Over, w.Class, running, w.Every)
	fmt.Fprintf(out, "  begun %d, the last %.1f s after the first: %.0f a second; failed %v\n", s.Started, s.Length.Seconds(), float64(s.Started)/s.Length.Seconds(), s.Failed)
	fmt.Fprintf(out, "  from the slip to the first question, nobody told to wait (%d): p50 %s, p99 %s, the slowest %s (figure: p99 2 s at most, or a place)\n",
		len(s.Took), ms(percentile(s.Took, 50)), ms(percentile(s.Took, 99)), ms(percentile(s.Took, 100)))
	fmt.Fprintf(out, "  given a place (%d): p50 %s, p99 %s, the slowest %s; %d times a place further than the one before\n",
		len(s.Queued), ms(percentile(s.Queued, 50)), ms(percentile(s.Queued, 99)), ms(percentile(s.Queued, 100)), s.Worse)
	fmt.Fprintf(out, "  saves of those who run: %d acknowledged, %.0f a second, p50 %s, p99 %s, the slowest %s (figure: 1 s at most); %d not\n",
		len(s.Saves), float64(len(s.Saves))/s.Length.Seconds(), ms(percentile(s.Saves, 50)), ms(percentile(s.Saves, 99)), ms(percentile(s.Saves, 100)), s.SaveFailures)
	fmt.Fprintf(out, "  server %.2f cores, %d MB resident; generator %.2f cores\n", s.span.cores(s.span.server), s.span.memory>>20, s.span.cores(s.span.generator))
}
