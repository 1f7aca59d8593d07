package load

import (
	"context"
	"fmt"
	"io"
	"time"
)

// KneeShape says how far Knee goes.
type KneeShape struct {
	Lessons, Pupils int           // at most; pupils of each lesson
	Window          time.Duration // of each measure
}

// Step is what was measured with some lessons open.
type Step struct {
	Lessons, Pupils int
	Traffic         traffic
	Span            span
	Joins           []time.Duration // of the lesson that was added
}

// mostLost is the loss at which a knee is passed.
const mostLost = 0.01

// Knee adds lessons of one teacher, with voice and video, until loss passes
// 1 % twice in a row, or there are no more. It gives the steps, the one past the
// knee included, and tells each as it goes.
func Knee(ctx context.Context, origin string, pid int, enter entry, shape KneeShape, out io.Writer) (steps []Step, err error) {
	var classes []*class
	defer func() {
		for _, c := range classes {
			c.close()
		}
	}()
	fmt.Fprintf(out, "  %s\n", stepHead)
	for i := range shape.Lessons {
		c, err := openClass(ctx, origin, enter, i, shape.Pupils, true)
		classes = append(classes, c)
		if err != nil {
			if len(steps) == 0 || ctx.Err() != nil {
				return steps, err
			}
			fmt.Fprintf(out, "  lesson %d did not open: %v\n", i+1, err)
			return steps, nil
		}
		step := Step{Lessons: i + 1, Pupils: (i + 1) * shape.Pupils, Joins: c.joins}
		for range 2 { // a moment's loss is the machine's, not the knee
			if err := step.measure(ctx, classes, pid, shape.Window); err != nil {
				return steps, err
			}
			fmt.Fprintf(out, "  %s\n", step)
			if !step.lossy() {
				break
			}
		}
		if steps = append(steps, step); step.lossy() {
			break
		}
	}
	return steps, nil
}

func (s *Step) measure(ctx context.Context, classes []*class, pid int, window time.Duration) error {
	if err := pause(ctx, settle); err != nil {
		return err
	}
	before := trafficOf(classes)
	ended, err := watch(pid)
	if err != nil {
		return err
	}
	if err := pause(ctx, window); err != nil {
		return err
	}
	s.Traffic = trafficOf(classes).since(before)
	s.Span, err = ended()
	return err
}

func (s Step) lossy() bool { return s.Traffic.loss() > mostLost }

// perPacket is the server's processor time for one forwarded packet.
func perPacket(steps []Step) time.Duration {
	var cpu time.Duration
	var packets uint64
	for _, s := range steps {
		cpu, packets = cpu+s.Span.server, packets+s.Traffic.forwarded()
	}
	return cpu / time.Duration(max(packets, 1))
}

func (s Step) perPacket() time.Duration { return perPacket([]Step{s}) }

// pupilsACore is how many pupils one core of the server would carry.
func (s Step) pupilsACore() float64 {
	return float64(s.Pupils) / max(s.Span.cores(s.Span.server), 0.001)
}

const stepHead = "lessons  pupils  packets/s    sent   lost %   gaps %  server cores  µs/packet  pupils/core  server MB  generator cores  join p50  join p95"

// String is a line under stepHead. Loss without gaps was held back, or is still
// on its way at the end of the measure. What teachers sent is given as a part of
// what they should have: less than all of it means that the generator, not the
// server, is at its end.
func (s Step) String() string {
	seconds := s.Span.length.Seconds()
	return fmt.Sprintf("%7d %7d %10.0f %6.0f%% %8.2f %8.2f %13.2f %10.1f %12.0f %10d %16.2f %9s %9s",
		s.Lessons, s.Pupils, float64(s.Traffic.forwarded())/seconds, 100*float64(s.Traffic.due)/(seconds*float64(s.Pupils)*packetsDue), 100*s.Traffic.loss(), 100*s.Traffic.gaps(),
		s.Span.cores(s.Span.server), float64(s.perPacket().Nanoseconds())/1000, s.pupilsACore(), s.Span.memory>>20,
		s.Span.cores(s.Span.generator), inSeconds(percentile(s.Joins, 50)), inSeconds(percentile(s.Joins, 95)))
}

func inSeconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// packetsDue is what one teacher sends a second: a frame of 5,000 bytes makes
// five packets, and voice fifty.
const packetsDue = videoFrames*5 + 50

// Compare writes what the knee says of the server, beside the bare engine.
func Compare(out io.Writer, ours, bare []Step) {
	fmt.Fprintln(out, "knee:")
	for _, one := range []struct {
		name  string
		steps []Step
	}{{"with lessons", ours}, {"bare engine", bare}} {
		best := held(one.steps)
		if best == nil {
			fmt.Fprintf(out, "  %s: not one lesson without loss\n", one.name)
			continue
		}
		end := "loss passes 1 % after that"
		if best.Lessons == one.steps[len(one.steps)-1].Lessons {
			end = "no knee met: more were not tried, or did not open"
		}
		fmt.Fprintf(out, "  %s: %d lessons, %d pupils (%s); %.1f µs/packet, %.0f pupils a core (figure: 350 at least), %d MB, join p95 %s (figure: 1.5 s at most)\n",
			one.name, best.Lessons, best.Pupils, end, float64(best.perPacket().Nanoseconds())/1000, best.pupilsACore(), best.Span.memory>>20, inSeconds(percentile(best.Joins, 95)))
	}
	var both [2][]Step
	for i := range min(len(ours), len(bare)) {
		if !ours[i].lossy() && !bare[i].lossy() {
			both[0], both[1] = append(both[0], ours[i]), append(both[1], bare[i])
		}
	}
	if len(both[0]) == 0 {
		fmt.Fprintln(out, "  no number of lessons that both held, to compare")
		return
	}
	fmt.Fprintf(out, "  over the %d numbers of lessons that both held: %.2f times the bare engine's processor time for a packet (figure: 1.10 at most)\n",
		len(both[0]), float64(perPacket(both[0]))/float64(max(perPacket(both[1]), 1)))
}

// held is the last step before the knee, nil when there is none.
func held(steps []Step) (last *Step) {
	for i := range steps {
		if !steps[i].lossy() {
			last = &steps[i]
		}
	}
	return last
}

// InLessons is how people enter the knee's lessons. They stay in them, and
// closing ends that.
func InLessons(ctx context.Context, site *Site) (enter entry, closing func(), err error) {
	staff, err := site.teachers(ctx)
	if err != nil {
		return nil, nil, err
	}
	lessons := make([]*speakers, len(staff))
	for i := range lessons {
		lessons[i] = newSpeakers(site, i, staff[i])
	}
	enter = func(ctx context.Context, lesson, person int) (string, error) {
		return lessons[lesson].enter(ctx, lesson, person)
	}
	return enter, func() {
		for _, l := range lessons {
			l.close()
		}
	}, nil
}
