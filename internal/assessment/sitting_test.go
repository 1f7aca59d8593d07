package assessment

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Whatever is asked of a sitting, in any order, its state stays one that means
// something, and an act that is refused changes nothing.
func TestSittingStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Sitting{Status: Waiting, Device: 1}
		now := int64(1_000_000)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now += int64(rapid.IntRange(0, 3_600_000).Draw(t, "wait"))
			before := s
			var err error
			minutes := rapid.IntRange(-5, 200).Draw(t, "minutes")
			act := rapid.SampledFrom([]string{"start", "pause", "resume", "extend", "finish", "reopen", "ask", "admit", "refuse"}).Draw(t, "act")
			switch act {
			case "start":
				err = s.Start(now, 30*time.Minute)
			case "pause":
				err = s.Pause(now)
			case "resume":
				err = s.Resume(now)
			case "extend":
				err = s.Extend(now, minutes)
			case "finish":
				err = s.Finish(now)
			case "reopen":
				err = s.Reopen(now, minutes)
			case "ask":
				s.Ask()
			case "admit":
				err = s.Admit()
			case "refuse":
				err = s.Refuse()
			}
			if err != nil && s != before {
				t.Fatalf("%s was refused and changed %+v to %+v", act, before, s)
			}
			switch {
			case s.Status == Waiting && (s.StartedAt != 0 || s.EndsAt != 0):
				t.Fatalf("waits with a clock: %+v", s)
			case s.Status != Waiting && s.StartedAt == 0:
				t.Fatalf("goes on without having begun: %+v", s)
			case (s.Status == Paused) != (s.PausedAt != 0):
				t.Fatalf("paused or not: %+v", s)
			case (s.Status == Finished) != (s.FinishedAt != 0):
				t.Fatalf("finished or not: %+v", s)
			case s.Device < before.Device || s.Asking != 0 && s.Asking <= s.Device:
				t.Fatalf("devices: %+v then %+v", before, s)
			case act != "extend" && act != "start" && act != "reopen" && s.EndsAt < before.EndsAt:
				t.Fatalf("%s takes time away: %+v then %+v", act, before, s)
			}
		}
	})
}

func TestPauseGivesItsTimeBack(t *testing.T) {
	s := Sitting{Status: Waiting, Device: 1}
	if err := s.Start(0, 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := s.Pause(60_000); err != nil {
		t.Fatal(err)
	}
	if err := s.Resume(180_000); err != nil {
		t.Fatal(err)
	}
	if want := int64(12 * 60_000); s.EndsAt != want {
		t.Errorf("ends at %d, want %d", s.EndsAt, want)
	}
}

func TestWhatCounts(t *testing.T) {
	run := Sitting{Status: Running, Device: 2, EndsAt: 100_000}
	grace := Grace.Milliseconds()
	for _, c := range []struct {
		s      Sitting
		device int
		now    int64
		want   bool
	}{
		{run, 2, 50_000, true}, {run, 1, 50_000, false}, {run, 2, 100_000 + grace, true}, {run, 2, 100_001 + grace, false},
		{Sitting{Status: Paused, Device: 2, EndsAt: 100_000, PausedAt: 1}, 2, 900_000, true},
		{Sitting{Status: Finished, Device: 2, EndsAt: 100_000}, 2, 50_000, false},
	} {
		if got := c.s.counts(c.device, c.now); got != c.want {
			t.Errorf("%+v, device %d at %d: %v", c.s, c.device, c.now, got)
		}
	}
}

// The answer that counts does not hang on the order in which answers arrived,
// nor on some having come twice.
func TestMergeForgetsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var log []Answer
		for device := 1; device <= 3; device++ {
			for n := range rapid.IntRange(0, 6).Draw(t, "answers") {
				log = append(log, Answer{
					Device: device, N: int64(n + 1), Item: rapid.SampledFrom([]string{"q1", "q2"}).Draw(t, "item"),
					Data: json.RawMessage(fmt.Sprintf(`{"d":%d,"n":%d}`, device, n+1)), Late: rapid.Bool().Draw(t, "late"),
				})
			}
		}
		want := fmt.Sprint(texts(Merge(log)))
		again := append(slices.Clone(log), log...)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		if got := fmt.Sprint(texts(Merge(again))); got != want {
			t.Fatalf("%s, then %s", want, got)
		}
	})
}

func texts(m map[string]json.RawMessage) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[k] = string(v)
	}
	return out
}

func TestMergeRule(t *testing.T) {
	a := func(device int, n int64, late bool, data string) Answer {
		return Answer{Device: device, N: n, Item: "q1", Data: json.RawMessage(data), Late: late}
	}
	for name, c := range map[string]struct {
		log  []Answer
		want string
	}{
		"the last of a device":                    {[]Answer{a(1, 1, false, "A"), a(1, 2, false, "B")}, "B"},
		"the newest device":                       {[]Answer{a(1, 9, false, "A"), a(2, 1, false, "B")}, "B"},
		"a late one only where there is no other": {[]Answer{a(1, 3, true, "A"), a(1, 2, false, "B")}, "B"},
		"a late one rather than none":             {[]Answer{a(1, 3, true, "A")}, "A"},
	} {
		if got := string(Merge(c.log)["q1"]); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// No hidden band can be had by taking the others from the whole.
func TestProtect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 40), 5, 5).Draw(t, "counts")
		shown := Protect(counts, Floor)
		total, hidden, together := 0, 0, 0
		for i, n := range counts {
			total += n
			if shown[i] == nil {
				hidden++
				together += n
				continue
			}
			if *shown[i] != n {
				t.Fatalf("band %d shows %d of %d", i, *shown[i], n)
			}
			if n > 0 && n < Floor {
				t.Fatalf("band %d shows %d, under the floor", i, n)
			}
		}
		switch {
		case total < Floor && hidden != len(counts):
			t.Fatalf("%d pupils in all, and something is shown", total)
		case hidden == 1:
			t.Fatalf("one band is hidden alone: %v", counts)
		case hidden > 0 && hidden < len(counts) && together < Floor:
			t.Fatalf("hidden together: %d", together)
		}
	})
}

func TestWilson(t *testing.T) {
	// Newcombe (1998), table I: 15 of 148 gives 0.0624 to 0.1605.
	low, high := Wilson(15, 148)
	if fmt.Sprintf("%.4f %.4f", low, high) != "0.0624 0.1605" {
		t.Errorf("%.4f %.4f", low, high)
	}
}

func TestExtraTimeIsRoundedUp(t *testing.T) {
	for _, c := range [][3]int{{30, 0, 30}, {30, 33, 40}, {45, 33, 60}, {10, 100, 20}} {
		if got := lengthOf(Sequence{Minutes: c[0]}, c[1]); got != c[2] {
			t.Errorf("%d min and %d %%: %d", c[0], c[1], got)
		}
	}
}

func FuzzSave(f *testing.F) {
	f.Add([]byte(`{"answers":[{"n":1,"item":"q1","data":{"r1":"c1"}}]}`))
	f.Add([]byte(`{"answers":[{"n":-1,"item":"Q1","data":[]}]}`))
	f.Add([]byte(`{"answers":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		in, err := readSave(strings.NewReader(string(raw)))
		if err != nil {
			return
		}
		if len(in.Answers) == 0 || len(in.Answers) > maxBatch {
			t.Fatal("limits")
		}
		for _, a := range in.Answers {
			var object map[string]any
			if json.Unmarshal(a.Data, &object) != nil || a.N < 1 || !questionKey.MatchString(a.Item) {
				t.Fatalf("%s taken", raw)
			}
		}
	})
}

// Whatever comes as a drawing, an adult is shown numbers within the picture, and
// no more of them than the limits.
func FuzzDrawing(f *testing.F) {
	for _, seed := range []string{`["0 1 1,2 3,4","#mots"]`, `"#mots"`, `["3 0 -1,99999"]`, `[1,null,{}]`, `["4 0 1,1","0 2 1,1","0 0 1"]`, `"0 0 1,1"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var any any
		if json.Unmarshal(raw, &any) != nil {
			return
		}
		d := readDrawing(any, 300, 200)
		points := 0
		for _, s := range d.Strokes {
			points += len(s.Points) / 2
			if s.Pen < 0 || s.Pen >= pens || len(s.Points) == 0 || len(s.Points)%2 != 0 {
				t.Fatalf("%+v", s)
			}
			for i, n := range s.Points {
				if n < 0 || i%2 == 0 && n >= 300 || i%2 == 1 && n >= 200 {
					t.Fatalf("%+v", s)
				}
			}
		}
		if len(d.Strokes) > maxStrokes || points > maxPoints || len(d.Words) > maxInstead || !utf8.ValidString(d.Words) {
			t.Fatal("limits")
		}
	})
}

// The chain of a question is what came in time; a late first turn stands in for
// none, and no other late one counts.
func TestChains(t *testing.T) {
	turn := func(n int, late bool) Turn { return Turn{Item: "q1", N: n, Late: late} }
	for name, c := range map[string]struct {
		log  []Turn
		want string
	}{
		"none":                      {nil, ""},
		"in time":                   {[]Turn{turn(1, false), turn(2, false)}, "1 2"},
		"a late one beside":         {[]Turn{turn(1, false), turn(1, true), turn(2, true)}, "1"},
		"a late first alone":        {[]Turn{turn(1, true)}, "1 late"},
		"a late second alone is no": {[]Turn{turn(2, true)}, ""},
	} {
		var got []string
		for _, one := range chains(c.log)["q1"] {
			word := strconv.Itoa(one.N)
			if one.Late {
				word += " late"
			}
			got = append(got, word)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
