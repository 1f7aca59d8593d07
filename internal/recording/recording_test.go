package recording

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"preau/internal/fault"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Each was made with a title, an artist, a comment, a place and a date.
func TestRecordings(t *testing.T) {
	for name, want := range map[string][2]string{
		"s.mp3": {"sound", "audio/mpeg"}, "s.wav": {"sound", "audio/wav"}, "s.ogg": {"sound", "audio/ogg"}, "s.m4a": {"sound", "audio/mp4"}, "s.mp4": {"film", "video/mp4"}, "s.webm": {"film", "video/webm"}, "live.webm": {"film", "video/webm"},
	} {
		data := read(t, name)
		before := bytes.Clone(data)
		out, err := Clean(data)
		if err != nil || out.Kind != want[0] || out.MediaType != want[1] {
			t.Errorf("%s: %s %s, %v", name, out.Kind, out.MediaType, err)
			continue
		}
		if !bytes.Equal(data, before) {
			t.Errorf("%s: what came was changed", name)
		}
		for _, word := range []string{"SECRET", "+48.1", "2020-02-02", "Lavf", "VideoHandler"} {
			if bytes.Contains(out.Data, []byte(word)) {
				t.Errorf("%s: %q is left", name, word)
			}
		}
		if len(out.Data) < len(data)/2 {
			t.Errorf("%s: %d of %d bytes are left", name, len(out.Data), len(data))
		}
		again, err := Clean(out.Data)
		if err != nil || !bytes.Equal(again.Data, out.Data) {
			t.Errorf("%s: cleaned twice it is another, %v", name, err)
		}
	}
}

func TestRecordingsRefused(t *testing.T) {
	mp3, mp4 := read(t, "s.mp3"), read(t, "s.mp4")
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"fragments":       {read(t, "fragments.mp4"), "journal.recording_fragments"},
		"an old codec":    {read(t, "mpeg4.mp4"), "journal.recording_codec"},
		"Vorbis":          {read(t, "vorbis.ogg"), "journal.recording_codec"},
		"Matroska":        {read(t, "h264.mkv"), "journal.recording_codec"},
		"a cut film":      {mp4[:len(mp4)/2], "journal.recording_damaged"},
		"a tag alone":     {mp3[:100], "journal.recording_damaged"},
		"a page":          {[]byte("<html><script>alert(1)</script></html>"), "journal.file_unknown"},
		"a page as sound": {append([]byte("ID3\x04\x00\x00\x00\x00\x00\x00"), bytes.Repeat([]byte("<script>alert(1)</script>"), 1000)...), "journal.recording_damaged"},
		"nothing":         {nil, "journal.file_unknown"},
	} {
		_, err := Clean(c.data)
		if f := fault.Of(err); f == nil || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// Whatever comes, what goes out is what a second look lets through as it is, or
// there is a refusal with a name.
func FuzzRecording(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		f.Add(read(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := Clean(data)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatal(err)
			}
			return
		}
		again, err := Clean(out.Data)
		if err != nil || !bytes.Equal(again.Data, out.Data) {
			t.Fatalf("cleaned twice it is another: %v", err)
		}
	})
}
