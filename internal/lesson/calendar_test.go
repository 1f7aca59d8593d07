package lesson

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// unfold and unescape are the reader's side of RFC 5545, 3.1 and 3.3.11.
func unfold(s string) string { return strings.ReplaceAll(s, "\r\n ", "") }

func unescape(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
			if s[i] == 'n' || s[i] == 'N' {
				out.WriteByte('\n')
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

func FuzzCalendar(f *testing.F) {
	for _, title := range []string{"6e B, mathématiques", `a\b;c,d`, "deux\r\nlignes\net", "BEGIN:VEVENT\r\nEND:VCALENDAR", strings.Repeat("é", 200), "\x00\xff", "a\rb\tc"} {
		f.Add(title)
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title string) {
		text := string(calendar([]lessonRow{{ID: "id", Title: title, StartsAt: 1795420800000, Minutes: 55}}, zone, 1795420800000, "preau.example"))
		if !utf8.ValidString(text) {
			t.Fatalf("not UTF-8: %q", text)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("line of %d octets: %q", len(line), line)
			}
		}
		var summaries []string
		begun := 0
		for line := range strings.SplitSeq(unfold(text), "\r\n") {
			if s, ok := strings.CutPrefix(line, "SUMMARY:"); ok {
				summaries = append(summaries, unescape(s))
			}
			if line == "BEGIN:VEVENT" {
				begun++
			}
		}
		want := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' || r == 0x7f {
				return -1
			}
			return r
		}, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(title, "\uFFFD")))
		if begun != 1 || len(summaries) != 1 || summaries[0] != want {
			t.Fatalf("%q is read back as %q in %d events", title, summaries, begun)
		}
	})
}

// The hours are those of the school's clock, on both sides of a change, and
// the zone says when it changes.
func TestCalendarKeepsTheHour(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	var lessons []lessonRow
	for _, day := range []int{22, 29} { // summer time began on 28 March 2027
		at := time.Date(2027, 3, day, 8, 30, 0, 0, zone)
		lessons = append(lessons, lessonRow{ID: "id", Title: "Maths", StartsAt: at.UnixMilli(), Minutes: 55})
	}
	text := string(calendar(lessons, zone, 0, "preau.example"))
	for _, line := range []string{
		"DTSTART;TZID=Europe/Paris:20270322T083000", "DTEND;TZID=Europe/Paris:20270322T092500", "DTSTART;TZID=Europe/Paris:20270329T083000",
		"BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST", "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100",
	} {
		if !strings.Contains(text, line+"\r\n") {
			t.Errorf("no %q in\n%s", line, text)
		}
	}
}

func TestOccurrencesKeepTheHour(t *testing.T) {
	zone, err := time.LoadLocation("America/Cayenne")
	if err != nil {
		t.Fatal(err)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, z := range []*time.Location{zone, paris} {
		l := lessonRow{Title: "x", StartsAt: time.Date(2027, 3, 29, 8, 30, 0, 0, z).UnixMilli(), Minutes: 55, Preset: "cours"}
		first := lessonRow{StartsAt: time.Date(2027, 3, 22, 8, 30, 0, 0, z).UnixMilli()}
		to := time.Date(2027, 3, 23, 10, 0, 0, 0, z).UnixMilli()
		next, err := Change{StartsAt: &to}.applied(l, first, z, first.StartsAt)
		if got := time.UnixMilli(next.StartsAt).In(z); err != nil || got != time.Date(2027, 3, 30, 10, 0, 0, 0, z) {
			t.Errorf("%s: moved to %s (%v)", z, got, err)
		}
	}
}
