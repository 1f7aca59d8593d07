package recording

import "bytes"

// Elements of Matroska that are looked at, RFC 9559.
const (
	idEBML        = 0x1a45dfa3
	idDocType     = 0x4282
	idSegment     = 0x18538067
	idSeekHead    = 0x114d9b74
	idInfo        = 0x1549a966
	idTracks      = 0x1654ae6b
	idCues        = 0x1c53bb6b
	idCluster     = 0x1f43b675
	idTags        = 0x1254c367
	idAttachments = 0x1941a469
	idChapters    = 0x1043a770
	idVoid        = 0xec
	idTrack       = 0xae
	idTrackType   = 0x83
	idCodec       = 0x86
	idTrackName   = 0x536e
	idTitle       = 0x7ba9
	idDate        = 0x4461
	idMuxer       = 0x4d80
	idWriter      = 0x5741
	idFileName    = 0x7384
	idUID         = 0x73a4
)

// webm is one file under way.
type webm struct {
	data         []byte // a copy, in which what tells too much becomes Void in its place
	video, sound bool
	clusters     int
	elements     int
}

const mostElements = 200_000

// element is one that was met: where it begins, where its content is.
type element struct {
	id           uint32
	at, from, to int
	unknown      bool // its size is not said: a stream that was recorded as it came
}

// next reads an element's head. With an unknown size it ends where its parent does.
func (w *webm) next(at, end int) (element, bool) {
	e := element{at: at}
	if w.elements++; w.elements > mostElements || at >= end {
		return e, false
	}
	length := 1
	for mask := byte(0x80); length <= 4 && w.data[at]&mask == 0; mask >>= 1 {
		length++
	}
	if length > 4 || at+length >= end {
		return e, false
	}
	for _, b := range w.data[at : at+length] {
		e.id = e.id<<8 | uint32(b)
	}
	at += length
	first := w.data[at]
	length = 1
	for mask := byte(0x80); length <= 8 && first&mask == 0; mask >>= 1 {
		length++
	}
	if length > 8 || at+length > end {
		return e, false
	}
	size, ones := uint64(first)&(0xff>>length), uint64(first)&(0xff>>length) == 0xff>>length
	for _, b := range w.data[at+1 : at+length] {
		size, ones = size<<8|uint64(b), ones && b == 0xff
	}
	e.from = at + length
	if e.unknown = ones; ones {
		e.to = end
		return e, true
	}
	if size > uint64(end-e.from) {
		return e, false
	}
	e.to = e.from + int(size)
	return e, true
}

// cleanWebM blanks tags, attachments, chapters, titles and dates.
func cleanWebM(data []byte) (Cleaned, error) {
	w := &webm{data: bytes.Clone(data)}
	head, ok := w.next(0, len(w.data))
	if !ok || head.id != idEBML || head.unknown {
		return Cleaned{}, damaged()
	}
	if !w.isWebM(head) {
		return Cleaned{}, codec("Matroska")
	}
	segment, ok := w.next(head.to, len(w.data))
	if !ok || segment.id != idSegment {
		return Cleaned{}, damaged()
	}
	if err := w.segment(segment); err != nil {
		return Cleaned{}, err
	}
	clear(w.data[segment.to:])
	w.data = w.data[:segment.to]
	if w.clusters == 0 || !w.video && !w.sound {
		return Cleaned{}, damaged()
	}
	out := Cleaned{Kind: "film", MediaType: "video/webm", Data: w.data}
	if !w.video {
		out.Kind, out.MediaType = "sound", "audio/webm"
	}
	return out, nil
}

func (w *webm) isWebM(head element) bool {
	for at := head.from; at < head.to; {
		e, ok := w.next(at, head.to)
		if !ok || e.unknown {
			return false
		}
		if e.id == idDocType {
			return string(bytes.TrimRight(w.data[e.from:e.to], "\x00")) == "webm"
		}
		at = e.to
	}
	return false
}

// ofSegment are the elements that a segment may hold.
func ofSegment(id uint32) bool {
	switch id {
	case idSeekHead, idInfo, idTracks, idCues, idCluster, idTags, idAttachments, idChapters, idVoid:
		return true
	}
	return false
}

func (w *webm) segment(s element) error {
	for at := s.from; at < s.to; {
		e, ok := w.next(at, s.to)
		if !ok || !ofSegment(e.id) || e.unknown && e.id != idCluster {
			return damaged()
		}
		switch e.id {
		case idCluster:
			w.clusters++
			if e.unknown {
				var err error
				if e.to, err = w.cluster(e.from, s.to); err != nil {
					return err
				}
			}
		case idInfo:
			if err := w.blank(e, idTitle, idDate, idMuxer, idWriter, idFileName, idUID); err != nil {
				return err
			}
		case idTracks:
			if err := w.tracks(e); err != nil {
				return err
			}
		case idTags, idAttachments, idChapters:
			w.void(e)
		}
		at = e.to
	}
	return nil
}

// cluster finds where a cluster of unknown size ends: at what is of the segment.
func (w *webm) cluster(at, end int) (int, error) {
	for at < end {
		e, ok := w.next(at, end)
		if !ok || e.unknown && !ofSegment(e.id) {
			return 0, damaged()
		}
		if ofSegment(e.id) && e.id != idVoid {
			return e.at, nil
		}
		at = e.to
	}
	return at, nil
}

// void writes an element over, in its place and with its length.
func (w *webm) void(e element) {
	clear(w.data[e.at:e.to])
	w.data[e.at] = idVoid
	length := min(e.from-e.at-1, 8)
	size := uint64(e.to - e.at - 1 - length)
	for i := range length {
		w.data[e.at+length-i] = byte(size >> (8 * i))
	}
	w.data[e.at+1] |= 1 << (8 - length)
}

// blank takes some elements out of one, however deep; those of text or number
// alone.
func (w *webm) blank(in element, ids ...uint32) error {
	for at := in.from; at < in.to; {
		e, ok := w.next(at, in.to)
		if !ok || e.unknown {
			return damaged()
		}
		for _, id := range ids {
			if e.id == id {
				w.void(e)
			}
		}
		at = e.to
	}
	return nil
}

func (w *webm) tracks(in element) error {
	for at := in.from; at < in.to; {
		e, ok := w.next(at, in.to)
		if !ok || e.unknown {
			return damaged()
		}
		if e.id == idTrack {
			if err := w.track(e); err != nil {
				return err
			}
		}
		at = e.to
	}
	return nil
}

func (w *webm) track(in element) error {
	for at := in.from; at < in.to; {
		e, ok := w.next(at, in.to)
		if !ok || e.unknown {
			return damaged()
		}
		if e.id == idCodec {
			switch name := string(bytes.TrimRight(w.data[e.from:e.to], "\x00")); name {
			case "V_VP8", "V_VP9", "V_AV1":
				w.video = true
			case "A_OPUS", "A_VORBIS":
				w.sound = true
			default:
				return codec(name)
			}
		}
		at = e.to
	}
	return w.blank(in, idTrackName)
}
