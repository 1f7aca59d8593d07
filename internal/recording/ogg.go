package recording

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// page is a page of Ogg, RFC 3533 section 6.
type page struct {
	flags   byte
	granule uint64
	serial  uint32
	lacing  []byte
	body    []byte
}

func readPage(b []byte) (p page, size int, ok bool) {
	if len(b) < 27 || string(b[:4]) != "OggS" || b[4] != 0 {
		return p, 0, false
	}
	n := int(b[26])
	if len(b) < 27+n {
		return p, 0, false
	}
	p = page{flags: b[5], granule: binary.LittleEndian.Uint64(b[6:]), serial: binary.LittleEndian.Uint32(b[14:]), lacing: b[27 : 27+n]}
	length := 0
	for _, l := range p.lacing {
		length += int(l)
	}
	size = 27 + n + length
	if len(b) < size {
		return p, 0, false
	}
	p.body = b[27+n : size]
	return p, size, true
}

// oggSum is the checksum of a page: CRC-32 with the polynomial 04c11db7, not
// reflected, from zero (RFC 3533 section 6).
func oggSum(b []byte) uint32 {
	// The reflected sum of reflected bytes is the plain one, reflected.
	table := crc32.MakeTable(bits.Reverse32(0x04c11db7))
	sum := uint32(0)
	for _, c := range b {
		sum = table[byte(sum)^bits.Reverse8(c)] ^ sum>>8
	}
	return bits.Reverse32(sum)
}

func (p page) append(out []byte, n uint32) []byte {
	from := len(out)
	out = append(out, 'O', 'g', 'g', 'S', 0, p.flags)
	out = binary.LittleEndian.AppendUint64(out, p.granule)
	out = binary.LittleEndian.AppendUint32(out, p.serial)
	out = binary.LittleEndian.AppendUint32(out, n)
	out = append(out, 0, 0, 0, 0, byte(len(p.lacing)))
	out = append(append(out, p.lacing...), p.body...)
	binary.LittleEndian.PutUint32(out[from+22:], oggSum(out[from:]))
	return out
}

// opusTags is the packet of tags with nothing in it, RFC 7845 section 5.2.
const opusTags = "OpusTags\x00\x00\x00\x00\x00\x00\x00\x00"

// cleanOgg keeps one stream of Opus, with its tags emptied.
func cleanOgg(data []byte) (Cleaned, error) {
	out := make([]byte, 0, len(data))
	var serial, n uint32
	stage := 0 // 0: the head is due; 1: the tags; 2: sound
	for at := 0; at < len(data); {
		p, size, ok := readPage(data[at:])
		if !ok {
			return Cleaned{}, damaged()
		}
		at += size
		switch {
		case stage == 0:
			if p.flags != 2 || len(p.lacing) != 1 || len(p.body) < 19 || string(p.body[:8]) != "OpusHead" {
				return Cleaned{}, codec("Ogg")
			}
			serial, stage = p.serial, 1
		case p.serial != serial || p.flags&2 != 0:
			return Cleaned{}, refused("journal.recording_streams")
		case stage == 1:
			// The tags begin this page and end one: what they held is left out.
			ends := len(p.lacing) > 0 && p.lacing[len(p.lacing)-1] < 255
			if !ends {
				continue
			}
			p = page{serial: serial, lacing: []byte{byte(len(opusTags))}, body: []byte(opusTags)}
			stage = 2
		}
		out = p.append(out, n)
		n++
	}
	if stage != 2 || n < 3 {
		return Cleaned{}, damaged()
	}
	return Cleaned{Kind: "sound", MediaType: "audio/ogg", Data: out}, nil
}
