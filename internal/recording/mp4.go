package recording

import (
	"bytes"
	"encoding/binary"
)

// mp4 is one file under way, ISO 14496-12.
type mp4 struct {
	data         []byte // a copy, in which what tells too much is blanked in its place: offsets hold
	video, sound bool
	moov, mdat   bool
	boxes        int
}

const (
	mostBoxes = 4000
	deepest   = 8
)

// inside are the boxes that hold boxes and are looked into.
var inside = map[string]bool{"moov": true, "trak": true, "mdia": true, "minf": true, "stbl": true, "edts": true, "dinf": true}

// kept are the boxes that are kept as they are.
var kept = map[string]bool{
	"ftyp": true, "mdat": true, "hdlr": true, "elst": true, "vmhd": true, "smhd": true, "nmhd": true, "dref": true, "stts": true, "ctts": true, "stsc": true, "stsz": true, "stz2": true, "stco": true, "co64": true,
	"stss": true, "sdtp": true, "sgpd": true, "sbgp": true, "iods": true, "cslg": true,
}

// cleanMP4 blanks every box that it does not know, and the dates of those that it
// does. A film in fragments is refused: it is a stream, not a file.
func cleanMP4(data []byte) (Cleaned, error) {
	m := &mp4{data: bytes.Clone(data)}
	if err := m.walk(0, len(m.data), "", 0); err != nil {
		return Cleaned{}, err
	}
	if !m.moov || !m.mdat || !m.video && !m.sound {
		return Cleaned{}, damaged()
	}
	out := Cleaned{Kind: "film", MediaType: "video/mp4", Data: m.data}
	if !m.video {
		out.Kind, out.MediaType = "sound", "audio/mp4"
	}
	return out, nil
}

// walk reads the boxes between two places.
func (m *mp4) walk(from, to int, parent string, depth int) error {
	if depth > deepest {
		return damaged()
	}
	for at := from; at < to; {
		if m.boxes++; m.boxes > mostBoxes || to-at < 8 {
			return damaged()
		}
		size, head := int(binary.BigEndian.Uint32(m.data[at:])), 8
		name := string(m.data[at+4 : at+8])
		switch {
		case size == 1 && to-at >= 16:
			long := binary.BigEndian.Uint64(m.data[at+8:])
			if long > uint64(to-at) {
				return damaged()
			}
			size, head = int(long), 16
		case size == 0 && depth == 0:
			size = to - at
		}
		if size < head || size > to-at {
			return damaged()
		}
		if err := m.box(name, parent, at, at+head, at+size, depth); err != nil {
			return err
		}
		at += size
	}
	return nil
}

func (m *mp4) box(name, parent string, at, content, end, depth int) error {
	switch {
	case depth == 0 && (name == "moof" || name == "sidx"):
		return refused("journal.recording_fragments")
	case name == "mdat" || name == "ftyp":
		m.mdat = m.mdat || name == "mdat"
		return nil
	case inside[name]:
		m.moov = m.moov || name == "moov"
		return m.walk(content, end, name, depth+1)
	case name == "mvhd" || name == "tkhd" || name == "mdhd":
		return m.undate(content, end)
	case name == "stsd":
		return m.codecs(content, end)
	case name == "hdlr":
		return m.unname(content, end)
	case kept[name]:
		return nil
	}
	// A blank box of the same length, so that what follows stays where it is.
	copy(m.data[at+4:], "free")
	clear(m.data[content:end])
	return nil
}

// undate takes the dates of creation and change out.
func (m *mp4) undate(content, end int) error {
	length := 8
	if content < end && m.data[content] == 1 {
		length = 16
	}
	if end-content < 4+length {
		return damaged()
	}
	clear(m.data[content+4 : content+4+length])
	return nil
}

// unname takes the name of a track's handler out: some write the maker's there.
func (m *mp4) unname(content, end int) error {
	if end-content < 24 {
		return damaged()
	}
	clear(m.data[content+24 : end])
	return nil
}

// codecs reads the entries of a stsd.
func (m *mp4) codecs(content, end int) error {
	if end-content < 8 {
		return damaged()
	}
	for at := content + 8; at < end; {
		if end-at < 16 {
			return damaged()
		}
		size := int(binary.BigEndian.Uint32(m.data[at:]))
		if size < 16 || size > end-at {
			return damaged()
		}
		switch name := string(m.data[at+4 : at+8]); name {
		case "avc1", "avc3", "av01", "vp09":
			m.video = true
		case "mp4a", "Opus":
			m.sound = true
		default:
			return codec(name)
		}
		at += size
	}
	return nil
}
