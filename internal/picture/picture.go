package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	_ "image/gif" // registers its decoder
	"image/jpeg"
	"image/png"
	"io"

	"preau/internal/fault"
)

// Limits of what is accepted; a zero field is the default.
type Limits struct {
	Bytes  int64 // of what comes: 12 MiB
	Pixels int   // of what comes: 40 million
	Side   int   // longest side of what is kept: 1920
}

// Cleaned is a file that is safe to show or to give.
type Cleaned struct {
	Kind          string // "picture" or "document"
	MediaType     string
	Width, Height int
	Data          []byte
}

const quality = 82

func refused(key string, arguments ...any) (Cleaned, error) {
	return Cleaned{}, fault.New(fault.Invalid, key, arguments...).At("file")
}

// Clean reads what comes and makes it harmless, or says what it refuses.
func Clean(r io.Reader, lim Limits) (Cleaned, error) {
	if lim.Bytes == 0 {
		lim.Bytes = 12 << 20
	}
	if lim.Pixels == 0 {
		lim.Pixels = 40_000_000
	}
	if lim.Side == 0 {
		lim.Side = 1920
	}
	data, err := io.ReadAll(io.LimitReader(r, lim.Bytes+1))
	if err != nil {
		return Cleaned{}, err
	}
	if int64(len(data)) > lim.Bytes {
		return Cleaned{}, fault.New(fault.TooLarge, "journal.file_large", "limit", lim.Bytes>>20).At("file")
	}
	switch kind := sniff(data); kind {
	case "pdf":
		return Cleaned{Kind: "document", MediaType: "application/pdf", Data: data}, nil
	case "jpeg", "png", "gif":
		return again(data, kind, lim)
	case "svg", "html", "heic", "webp", "zip":
		return refused("journal.file_kind", "name", kind)
	}
	return refused("journal.file_unknown")
}

// sniff knows a file by how it begins.
func sniff(data []byte) string {
	has := func(at int, mark string) bool {
		return len(data) >= at+len(mark) && string(data[at:at+len(mark)]) == mark
	}
	head := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 1024)], "\xef\xbb\xbf \t\r\n"))
	switch {
	case has(0, "\xff\xd8\xff"):
		return "jpeg"
	case has(0, "\x89PNG\r\n\x1a\n"):
		return "png"
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return "gif"
	case has(0, "%PDF-"):
		return "pdf"
	case has(0, "RIFF") && has(8, "WEBP"):
		return "webp"
	case has(4, "ftyp"):
		return "heic"
	case has(0, "PK\x03\x04"):
		return "zip"
	case bytes.Contains(head, []byte("<svg")):
		return "svg"
	case bytes.HasPrefix(head, []byte("<")):
		return "html"
	}
	return ""
}

// again decodes a picture and writes it from its pixels.
func again(data []byte, kind string, lim Limits) (Cleaned, error) {
	size, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != kind {
		return refused("journal.file_damaged")
	}
	if size.Width < 1 || size.Height < 1 || size.Width > lim.Pixels/size.Height {
		return refused("journal.file_pixels", "count", lim.Pixels/1_000_000)
	}
	from, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return refused("journal.file_damaged")
	}
	turn := 1
	if kind == "jpeg" {
		turn = orientation(data)
	}
	small := shrink(from, lim.Side)
	upright := turned(small, turn)
	out := Cleaned{Kind: "picture", Width: upright.Bounds().Dx(), Height: upright.Bounds().Dy()}
	var to bytes.Buffer
	if kind != "jpeg" && !upright.Opaque() {
		out.MediaType = "image/png"
		err = png.Encode(&to, upright)
	} else {
		out.MediaType = "image/jpeg"
		err = jpeg.Encode(&to, upright, &jpeg.Options{Quality: quality})
	}
	if err != nil {
		return Cleaned{}, errors.Join(errors.New("picture: not written"), err)
	}
	out.Data = to.Bytes()
	return out, nil
}

// shrink brings the longest side down to a limit, each pixel the mean of those
// that it stands for.
func shrink(from image.Image, side int) *image.NRGBA {
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	tw, th := w, h
	if longest := max(w, h); longest > side {
		tw, th = max(1, w*side/longest), max(1, h*side/longest)
	}
	to := image.NewNRGBA(image.Rect(0, 0, tw, th))
	for y := range th {
		top, bottom := b.Min.Y+y*h/th, b.Min.Y+max((y+1)*h/th, y*h/th+1)
		for x := range tw {
			left, right := b.Min.X+x*w/tw, b.Min.X+max((x+1)*w/tw, x*w/tw+1)
			to.SetNRGBA(x, y, mean(from, left, top, right, bottom))
		}
	}
	return to
}

func mean(from image.Image, left, top, right, bottom int) color.NRGBA {
	var r, g, b, a, n uint64
	for y := top; y < bottom; y++ {
		for x := left; x < right; x++ {
			pr, pg, pb, pa := from.At(x, y).RGBA()
			r, g, b, a, n = r+uint64(pr), g+uint64(pg), b+uint64(pb), a+uint64(pa), n+1
		}
	}
	if a == 0 {
		return color.NRGBA{}
	}
	// RGBA is premultiplied: the sum of colours over that of opacities.
	return color.NRGBA{uint8(r * 255 / a), uint8(g * 255 / a), uint8(b * 255 / a), uint8(a / n >> 8)}
}

// turned applies the eight orientations of Exif.
func turned(from *image.NRGBA, orientation int) *image.NRGBA {
	if orientation < 2 || orientation > 8 {
		return from
	}
	w, h := from.Rect.Dx(), from.Rect.Dy()
	tw, th := w, h
	if orientation >= 5 {
		tw, th = h, w
	}
	to := image.NewNRGBA(image.Rect(0, 0, tw, th))
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			to.SetNRGBA(tx, ty, from.NRGBAAt(x, y))
		}
	}
	return to
}

// orientation reads the tag 0x0112 of a JPEG's Exif; 1 when there is none.
func orientation(data []byte) int {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		mark, length := data[at+1], int(data[at+2])<<8|int(data[at+3])
		if mark == 0xda || length < 2 || at+2+length > len(data) {
			return 1
		}
		body := data[at+4 : at+2+length]
		if mark == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		at += 2 + length
	}
	return 1
}

func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	little := t[0] == 'I'
	u16 := func(at int) int {
		if at < 0 || at+2 > len(t) {
			return 0
		}
		if little {
			return int(t[at]) | int(t[at+1])<<8
		}
		return int(t[at])<<8 | int(t[at+1])
	}
	u32 := func(at int) int {
		if little {
			return u16(at) | u16(at+2)<<16
		}
		return u16(at)<<16 | u16(at+2)
	}
	first := u32(4)
	if first < 8 || first+2 > len(t) {
		return 1
	}
	for i := range min(u16(first), 64) {
		at := first + 2 + 12*i
		if u16(at) == 0x0112 {
			if o := u16(at + 8); o >= 1 && o <= 8 {
				return o
			}
		}
	}
	return 1
}
