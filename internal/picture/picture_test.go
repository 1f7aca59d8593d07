package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"preau/internal/fault"
)

// halves is a picture that is red on the left and blue on the right.
func halves(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{200, 20, 20, 255}
			if x >= w/2 {
				c = color.NRGBA{20, 20, 200, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withExif adds a place and an orientation, as a telephone does.
func withExif(data []byte, orientation byte) []byte {
	tiff := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	tiff = append(tiff, orientation, 0, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), append(tiff, "GPS 47.1 N 2.4 E"...)...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, byte((len(body) + 2) >> 8), byte(len(body) + 2)}
	return append(append(head, body...), data[2:]...)
}

func TestOnlyPixelsStay(t *testing.T) {
	sent := append(withExif(jpegOf(t, halves(60, 20)), 6), "<script>alert(1)</script>PK\x03\x04"...)
	got, err := Clean(bytes.NewReader(sent), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"GPS", "Exif", "script", "PK\x03\x04"} {
		if bytes.Contains(got.Data, []byte(gone)) {
			t.Errorf("%q stays", gone)
		}
	}
	if got.Width != 20 || got.Height != 60 || got.MediaType != "image/jpeg" {
		t.Errorf("%dx%d %s", got.Width, got.Height, got.MediaType)
	}
	m, err := jpeg.Decode(bytes.NewReader(got.Data))
	if err != nil {
		t.Fatal(err)
	}
	// Orientation 6: what was on the left is at the top.
	if r, _, b, _ := m.At(10, 5).RGBA(); r < b {
		t.Error("not turned upright")
	}
}

func TestShrunk(t *testing.T) {
	got, err := Clean(bytes.NewReader(pngOf(t, halves(400, 100))), Limits{Side: 100})
	if err != nil || got.Width != 100 || got.Height != 25 {
		t.Fatal(got.Width, got.Height, err)
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	if got, err = Clean(bytes.NewReader(pngOf(t, clear)), Limits{}); err != nil || got.MediaType != "image/png" {
		t.Fatal(got.MediaType, err)
	}
}

func TestRefused(t *testing.T) {
	bomb := pngOf(t, image.NewGray(image.Rect(0, 0, 3000, 3000)))
	for name, c := range map[string]struct{ data, key string }{
		"svg": {`<?xml version="1.0"?><svg onload="alert(1)">`, "journal.file_kind"}, "svg after space": {"\ufeff  <svg>", "journal.file_kind"}, "page": {"<!doctype html><p>", "journal.file_kind"},
		"webp": {"RIFF\x00\x00\x00\x00WEBPVP8 ", "journal.file_kind"}, "heic": {"\x00\x00\x00\x18ftypheic", "journal.file_kind"}, "zip": {"PK\x03\x04", "journal.file_kind"},
		"nothing": {"", "journal.file_unknown"}, "words": {"bonjour", "journal.file_unknown"}, "damaged": {"\xff\xd8\xff\xe0 nonsense", "journal.file_damaged"},
		"too many pixels": {string(bomb), "journal.file_pixels"}, "large": {"\xff\xd8\xff" + strings.Repeat("x", 200_000), "journal.file_large"},
	} {
		_, err := Clean(strings.NewReader(c.data), Limits{Bytes: 150_000, Pixels: 1_000_000})
		if f := fault.Of(err); f == nil || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(withExif(jpegOf(f, halves(6, 4)), 8))
	f.Add(pngOf(f, halves(3, 3)))
	f.Add([]byte("%PDF-1.7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Clean(bytes.NewReader(data), Limits{Bytes: 1 << 16, Pixels: 1 << 16, Side: 64})
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatal(err)
			}
			return
		}
		if got.Kind == "picture" {
			if m, _, err := image.Decode(bytes.NewReader(got.Data)); err != nil || m.Bounds().Dx() > 64 || m.Bounds().Dy() > 64 {
				t.Fatal(err)
			}
		}
	})
}
