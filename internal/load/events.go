package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"preau/internal/lesson/lessonclient"
)

// EventsShape says how much Events does.
type EventsShape struct {
	Rate   int           // events a second in each lesson, shared among its pupils
	Length time.Duration // of the measure
}

// EventsResult is what Events measured.
type EventsResult struct {
	Given, Reached int             // events of the measure, and those that every pupil of their lesson had
	Took           []time.Duration // of each that reached: from when it was due to the last pupil
	BareWrite      time.Duration
	Traffic        traffic
	Span           span
	Busy           string
}

// Events holds every lesson of the school at once: the teacher's voice goes to
// all, in the first their picture too, and pupils speak by turns. Each event is
// counted from the moment at which it was due, so that a server which is slow
// to answer does not hide by being asked less.
func Events(ctx context.Context, site *Site, pid int, folder string, shape EventsShape) (result EventsResult, err error) {
	if result.BareWrite, err = bareWrite(folder); err != nil {
		return result, err
	}
	staff, err := site.teachers(ctx)
	if err != nil {
		return result, err
	}
	lessons := make([]*speakers, len(site.School.Lessons))
	classes := make([]*class, len(lessons))
	defer func() {
		for i := range lessons {
			if classes[i] != nil {
				classes[i].close()
			}
			if lessons[i] != nil {
				lessons[i].close()
			}
		}
	}()
	for i := range lessons {
		lessons[i] = newSpeakers(site, i, staff[i])
		classes[i], err = openClass(ctx, site.Origin, lessons[i].enter, i, len(site.School.Lessons[i].Pupils), i == 0)
		if err != nil {
			return result, err
		}
	}
	if err := pause(ctx, settle); err != nil {
		return result, err
	}
	before := trafficOf(classes)
	ended, err := watch(pid)
	if err != nil {
		return result, err
	}
	began := time.Now()
	var wg sync.WaitGroup
	failed := make([]error, len(lessons))
	for i, l := range lessons {
		wg.Go(func() { failed[i] = l.speak(ctx, began, shape) })
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		return result, err
	}
	if result.Span, err = ended(); err != nil {
		return result, err
	}
	result.Traffic, result.Busy = trafficOf(classes).since(before), Busy()
	if err := pause(ctx, settle); err != nil { // for the last events
		return result, err
	}
	for _, l := range lessons {
		l.count(&result)
	}
	return result, nil
}

// settle is how long things are left to themselves before a measure.
const settle = 2 * time.Second

// speakers are the people of one lesson, teacher first.
type speakers struct {
	site   *Site
	lesson int
	staff  cookies
	people []*lessonclient.Client

	mu     sync.Mutex // guards all below
	given  int
	due    map[string]time.Time // of the command that each person has given last
	events map[int64]*arrival   // by their numbers
}

// arrival is how far an event has come.
type arrival struct {
	due, last time.Time
	pupils    int
}

func newSpeakers(site *Site, lesson int, staff cookies) *speakers {
	return &speakers{
		site: site, lesson: lesson, staff: staff, people: make([]*lessonclient.Client, 1+len(site.School.Lessons[lesson].Pupils)),
		due: map[string]time.Time{}, events: map[int64]*arrival{},
	}
}

// enter is the entry of these people.
func (s *speakers) enter(ctx context.Context, lesson, person int) (string, error) {
	session := s.staff
	if person > 0 {
		var err error
		if session, err = s.site.pupil(ctx, s.site.School.Lessons[lesson].Pupils[person-1]); err != nil {
			return "", err
		}
	}
	heard := s.heard
	if person == 0 {
		heard = nil
	}
	live, err := s.site.live(ctx, lesson, session, heard)
	if err != nil {
		return "", err
	}
	s.people[person] = live
	if err := live.Until(ctx, func(v *lessonclient.View) bool { return v.Lesson.Attended }); err != nil {
		return "", err
	}
	return mediaToken(ctx, live)
}

// heard is a frame at one pupil. The speaker's own client hears the event
// before the answer to the command, so what is due is still that command's.
func (s *speakers) heard(f lessonclient.Frame) {
	now := time.Now()
	if f.Type != "event" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	due, speaks := s.due[f.By]
	if !speaks {
		return
	}
	a := s.events[f.N]
	if a == nil {
		a = &arrival{due: due}
		s.events[f.N] = a
	}
	a.last, a.pupils = now, a.pupils+1
}

// speak has each pupil give a command in their turn until the end.
func (s *speakers) speak(ctx context.Context, began time.Time, shape EventsShape) error {
	pupils := s.people[1:]
	turn := time.Duration(len(pupils)) * time.Second / time.Duration(shape.Rate) // between two commands of one pupil
	var wg sync.WaitGroup
	failed := make([]error, len(pupils))
	for i, p := range pupils {
		wg.Go(func() {
			at := began.Add(turn * time.Duration(i) / time.Duration(len(pupils)))
			for n := 0; at.Sub(began) < shape.Length && failed[i] == nil; n, at = n+1, at.Add(turn) {
				if failed[i] = pause(ctx, time.Until(at)); failed[i] == nil {
					failed[i] = s.command(ctx, p, n, at)
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}

// command gives a pupil's n-th command: a hand, a message, the hand again, a state.
func (s *speakers) command(ctx context.Context, p *lessonclient.Client, n int, due time.Time) error {
	var me string
	p.Knows(func(v *lessonclient.View) bool { me = v.Me; return true })
	s.mu.Lock()
	s.given++
	s.due[me] = due
	s.mu.Unlock()
	do, with := "hand", map[string]any{"up": n%4 == 0}
	switch n % 4 {
	case 1:
		do, with = "say", map[string]any{"text": fmt.Sprintf("Je crois que c’est %d.", n), "to": "all"}
	case 3:
		do, with = "state", map[string]any{"state": []string{"understood", ""}[n/4%2]}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := p.Do(ctx, do, with); err != nil {
		return fmt.Errorf("lesson %d: %s: %w", s.lesson+1, do, err)
	}
	return nil
}

func (s *speakers) count(r *EventsResult) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Given += s.given
	for _, a := range s.events {
		if a.pupils == len(s.people)-1 {
			r.Reached++
			r.Took = append(r.Took, a.last.Sub(a.due))
		}
	}
}

func (s *speakers) close() {
	var wg sync.WaitGroup
	for _, p := range s.people {
		if p != nil {
			wg.Go(p.Close)
		}
	}
	wg.Wait()
}

// Print writes the figures, the design's beside them.
func (r EventsResult) Print(out io.Writer, site *Site, shape EventsShape) {
	took := slices.Clone(r.Took)
	p := func(n int) time.Duration { return percentile(took, n) }
	fmt.Fprintf(out, "events: %d lessons of %d pupils, %d events/s each, for %.0f s; voice to all, video in one; load of the machine %s\n",
		len(site.School.Lessons), len(site.School.Lessons[0].Pupils), shape.Rate, r.Span.length.Seconds(), r.Busy)
	fmt.Fprintf(out, "  given %d, at every pupil %d\n", r.Given, r.Reached)
	fmt.Fprintf(out, "  at the last pupil: p50 %s, p95 %s (figure: 50 ms at most), p99 %s, the slowest %s\n", ms(p(50)), ms(p(95)), ms(p(99)), ms(p(100)))
	fmt.Fprintf(out, "  p50 is %.1f times a bare write and fsync in the same folder (%s)\n", p(50).Seconds()/r.BareWrite.Seconds(), ms(r.BareWrite))
	fmt.Fprintf(out, "  media: %.0f packets/s forwarded, %.2f %% lost\n", float64(r.Traffic.forwarded())/r.Span.length.Seconds(), 100*r.Traffic.loss())
	fmt.Fprintf(out, "  server %.2f cores, %d MB resident; generator %.2f cores\n\n", r.Span.cores(r.Span.server), r.Span.memory>>20, r.Span.cores(r.Span.generator))
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
