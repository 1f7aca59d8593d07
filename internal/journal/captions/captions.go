package captions

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"preau/internal/fault"
)

// Limits of what is read.
const (
	MaxBytes = 128 << 10
	maxCues  = 3000
	longest  = 12 * time.Hour
)

// Cue is words that show for a time.
type Cue struct {
	From, To time.Duration
	Text     string // lines, without marks
}

var (
	timing = regexp.MustCompile(`^\s*(?:(\d{1,2}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s+-->\s+(?:(\d{1,2}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})(?:\s.*)?$`)
	marks  = regexp.MustCompile(`<[^<>]{0,200}>`)
	unmark = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&nbsp;", "\u00a0", "&lrm;", "", "&rlm;", "")
	mark   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// Parse reads captions. The refusal names the line, from 1.
func Parse(text string) ([]Cue, error) {
	if len(text) > MaxBytes {
		return nil, fault.New(fault.Invalid, "journal.captions_large", "limit", MaxBytes>>10)
	}
	if !utf8.ValidString(text) {
		return nil, wrong(1)
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\ufeff"))
	lines := strings.Split(text, "\n")
	var cues []Cue
	for i := 0; i < len(lines); i++ {
		if !strings.Contains(lines[i], "-->") {
			continue // a heading, a note, a style, the number of a cue
		}
		found := timing.FindStringSubmatch(lines[i])
		if found == nil {
			return nil, wrong(i + 1)
		}
		c := Cue{From: moment(found[1:5]), To: moment(found[5:9])}
		if c.To <= c.From || c.To > longest {
			return nil, wrong(i + 1)
		}
		var words []string
		for i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" && !strings.Contains(lines[i+1], "-->") {
			i++
			if line := plain(lines[i]); line != "" {
				words = append(words, line)
			}
		}
		if c.Text = strings.Join(words, "\n"); c.Text == "" {
			continue
		}
		if cues = append(cues, c); len(cues) > maxCues {
			return nil, fault.New(fault.Invalid, "journal.captions_large", "limit", MaxBytes>>10)
		}
	}
	if len(cues) == 0 {
		return nil, fault.New(fault.Invalid, "journal.captions_none")
	}
	return cues, nil
}

func wrong(line int) error { return fault.New(fault.Invalid, "journal.captions_wrong", "line", line) }

// moment is hours, minutes, seconds and thousandths; hours may be missing.
func moment(parts []string) time.Duration {
	n := func(s string) time.Duration { v, _ := strconv.Atoi(s); return time.Duration(v) } // digits, by the pattern
	return n(parts[0])*time.Hour + n(parts[1])*time.Minute + n(parts[2])*time.Second + n((parts[3] + "00")[:3])*time.Millisecond
}

// plain takes the marks out of a line, and what is no text.
func plain(line string) string {
	line = unmark.Replace(marks.ReplaceAllString(line, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, line))
}

// WebVTT writes cues as https://www.w3.org/TR/webvtt1/ has it.
func WebVTT(cues []Cue) string {
	var out strings.Builder
	out.WriteString("WEBVTT\n")
	for _, c := range cues {
		fmt.Fprintf(&out, "\n%s --> %s\n%s\n", stamp(c.From), stamp(c.To), mark.Replace(strings.ReplaceAll(c.Text, "-->", "→")))
	}
	return out.String()
}

func stamp(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%02d.%03d", d/time.Hour, d/time.Minute%60, d/time.Second%60, d/time.Millisecond%1000)
}
