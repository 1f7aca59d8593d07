package captions

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"preau/internal/fault"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []Cue
	}{
		"WebVTT": {"WEBVTT - titre\n\nNOTE une note\n\nSTYLE\n::cue { color: red }\n\n1\n00:01.500 --> 00:03.000 line:0\n<v Zoé>Bonjour &amp; <i>merci</i>\nà tous\n\n01:00:00.000 --> 01:00:01.000\nFin\n",
			[]Cue{{1500 * time.Millisecond, 3 * time.Second, "Bonjour & merci\nà tous"}, {time.Hour, time.Hour + time.Second, "Fin"}}},
		"SubRip": {"\ufeff1\r\n00:00:01,5 --> 00:00:02,000\r\n<b>Un</b>\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,250\r\nDeux\r\n",
			[]Cue{{1500 * time.Millisecond, 2 * time.Second, "Un"}, {2 * time.Second, 3250 * time.Millisecond, "Deux"}}},
		"an empty cue says nothing": {"WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\nDeux", []Cue{{2 * time.Second, 3 * time.Second, "Deux"}}},
		"marks that are not closed": {"WEBVTT\n\n00:01.000 --> 00:02.000\n<script>alert(1)</script> 1 < 2", []Cue{{time.Second, 2 * time.Second, "alert(1) 1 < 2"}}},
	} {
		got, err := Parse(c.text)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}

func TestParseRefused(t *testing.T) {
	for text, key := range map[string]string{
		"":                                   "journal.captions_none",
		"WEBVTT\n\nDes mots sans temps":      "journal.captions_none",
		"00:01 --> 00:02\nSans millièmes":    "journal.captions_wrong",
		"00:03.000 --> 00:02.000\nÀ rebours": "journal.captions_wrong",
		"99:00:00.000 --> 99:00:01.000\nx":   "journal.captions_wrong",
		"\xff\xfe":                           "journal.captions_wrong",
		strings.Repeat("x", MaxBytes+1):      "journal.captions_large",
		strings.Repeat("00:01.000 --> 00:02.000\nx\n\n", maxCues+1): "journal.captions_large",
	} {
		_, err := Parse(text)
		if f := fault.Of(err); f == nil || f.Key != key {
			t.Errorf("%.40q: %v, want %s", text, err, key)
		}
	}
}

// What is written is read as the same cues, and holds no mark.
func FuzzParse(f *testing.F) {
	f.Add("WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour <i>à</i> tous\n")
	f.Add("1\n00:00:01,000 --> 00:00:02,000\na --> b &lt;script&gt;\n")
	f.Fuzz(func(t *testing.T, text string) {
		cues, err := Parse(text)
		if err != nil {
			return
		}
		written := WebVTT(cues)
		for _, c := range cues {
			if strings.Contains(c.Text, "-->") {
				return // written otherwise
			}
		}
		if strings.Contains(written, "<") {
			t.Fatalf("%q has a mark", written)
		}
		again, err := Parse(written)
		if len(written) <= MaxBytes && (err != nil || !reflect.DeepEqual(again, cues)) {
			t.Fatalf("%q: %v is read as %v, %v", written, cues, again, err)
		}
	})
}
