package recording

import "encoding/binary"

// Rates of MPEG audio layer III in kbit/s, ISO 11172-3 and 13818-3.
func bitrates(mpeg1 bool) [16]int {
	if mpeg1 {
		return [16]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}
	}
	return [16]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}
}

// frameLength is the length in bytes of the frame of layer III that begins here,
// or 0.
func frameLength(b []byte) int {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]>>1&3 != 1 { // layer III alone
		return 0
	}
	version := b[1] >> 3 & 3 // 0 is MPEG 2.5, 2 is MPEG 2, 3 is MPEG 1
	rate := [4]int{44100, 48000, 32000, 0}[b[2]>>2&3]
	kbit := bitrates(version == 3)[b[2]>>4]
	if version == 1 || rate == 0 || kbit == 0 {
		return 0
	}
	samples := 144
	switch version {
	case 2:
		rate, samples = rate/2, 72
	case 0:
		rate, samples = rate/4, 72
	}
	return samples*kbit*1000/rate + int(b[2]>>1&1)
}

// cleanMP3 keeps the frames of sound alone: no tag stands between or around them.
func cleanMP3(data []byte) (Cleaned, error) {
	at := 0
	for at+10 <= len(data) && string(data[at:at+3]) == "ID3" {
		size := 0
		for _, b := range data[at+6 : at+10] {
			if b > 0x7f {
				return Cleaned{}, damaged()
			}
			size = size<<7 | int(b)
		}
		at += 10 + size
		if data[min(at, len(data))-1] == 0 { // padding after the tag
			for at < len(data) && data[at] == 0 {
				at++
			}
		}
	}
	out := make([]byte, 0, max(len(data)-at, 0))
	frames, skipped := 0, 0
	for at < len(data) {
		n := frameLength(data[at:])
		if n > 0 && at+n <= len(data) && (at+n == len(data) || frameLength(data[at+n:]) > 0 || isTag(data[at+n:])) {
			out = append(out, data[at:at+n]...)
			frames++
			at += n
			continue
		}
		if isTag(data[at:]) {
			break // tags at the end
		}
		at++
		skipped++
	}
	// A few bytes between frames are the scars of an edit; more is something else.
	if frames < 4 || skipped > 4096+len(data)/100 {
		return Cleaned{}, damaged()
	}
	return Cleaned{Kind: "sound", MediaType: "audio/mpeg", Data: out}, nil
}

func isTag(b []byte) bool {
	for _, mark := range []string{"TAG", "APETAGEX", "LYRICSBEGIN", "ID3"} {
		if len(b) >= len(mark) && string(b[:len(mark)]) == mark {
			return true
		}
	}
	return false
}

// cleanWAV keeps how the sound is written and the sound: RIFF's other chunks
// tell of who recorded it, when and where.
func cleanWAV(data []byte) (Cleaned, error) {
	out := []byte("RIFF\x00\x00\x00\x00WAVE")
	known, sound := false, false
	for at := 12; at+8 <= len(data); {
		name, size := string(data[at:at+4]), int(binary.LittleEndian.Uint32(data[at+4:]))
		// A recorder that was stopped leaves the length of the sound unsaid.
		if name == "data" && (size == 0 || size == 0xffffffff) {
			size = len(data) - at - 8
		}
		if size < 0 || size > len(data)-at-8 {
			return Cleaned{}, damaged()
		}
		content := data[at+8 : at+8+size]
		switch name {
		case "fmt ":
			if known || size < 16 || size > 40 {
				return Cleaned{}, damaged()
			}
			if format := binary.LittleEndian.Uint16(content); format != 1 && format != 3 && format != 0xfffe {
				return Cleaned{}, codec("WAV")
			}
			known = true
		case "data":
			if !known || sound {
				return Cleaned{}, damaged()
			}
			sound = size > 0
		default:
			content = nil
		}
		if content != nil {
			out = append(out, name...)
			out = binary.LittleEndian.AppendUint32(out, uint32(size))
			out = append(out, content...)
			if size%2 == 1 {
				out = append(out, 0)
			}
		}
		at += 8 + size + size%2
	}
	if !sound {
		return Cleaned{}, damaged()
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return Cleaned{Kind: "sound", MediaType: "audio/wav", Data: out}, nil
}
