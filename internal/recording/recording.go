package recording

import (
	"bytes"

	"preau/internal/fault"
)

// Cleaned is a recording that is safe to give.
type Cleaned struct {
	Kind      string // "sound" or "film"
	MediaType string
	Data      []byte
}

func refused(key string, arguments ...any) error {
	return fault.New(fault.Invalid, key, arguments...).At("file")
}

func damaged() error { return refused("journal.recording_damaged") }

// codec refuses what browsers do not all read.
func codec(name string) error {
	if len(name) > 24 {
		name = name[:24]
	}
	clean := bytes.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, []byte(name))
	return refused("journal.recording_codec", "name", string(clean))
}

// Known says whether data begins like a recording, of which kind there may be.
func Known(data []byte) bool { return sniff(data) != "" }

func sniff(data []byte) string {
	has := func(at int, mark string) bool {
		return len(data) >= at+len(mark) && string(data[at:at+len(mark)]) == mark
	}
	switch {
	case has(0, "ID3"), len(data) > 3 && data[0] == 0xff && data[1]&0xe0 == 0xe0 && frameLength(data) > 0:
		return "mp3"
	case has(0, "RIFF") && has(8, "WAVE"):
		return "wav"
	case has(0, "OggS"):
		return "ogg"
	case has(4, "ftyp") && !has(8, "heic") && !has(8, "heix") && !has(8, "mif1") && !has(8, "avif"):
		return "mp4"
	case has(0, "\x1a\x45\xdf\xa3"):
		return "webm"
	}
	return ""
}

// Clean reads a whole recording. What it gives may share memory with data.
func Clean(data []byte) (Cleaned, error) {
	switch sniff(data) {
	case "mp3":
		return cleanMP3(data)
	case "wav":
		return cleanWAV(data)
	case "ogg":
		return cleanOgg(data)
	case "mp4":
		return cleanMP4(data)
	case "webm":
		return cleanWebM(data)
	}
	return Cleaned{}, refused("journal.file_unknown")
}
