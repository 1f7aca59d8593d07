package bring

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// Read reads an export, whichever it is: XML, packed by gzip or not, SQLite, or
// a zip that holds one of them and the pictures, which it then gives too.
func Read(r io.ReaderAt, size int64) (*Site, *Pack, error) {
	if size == 0 {
		return nil, nil, refused("movers.empty")
	}
	head := make([]byte, 512)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		pack, err := OpenPack(r, size)
		if err != nil {
			return nil, nil, err
		}
		inside := pack.export()
		if inside == nil {
			return nil, nil, refused("movers.zip_no_export")
		}
		data, err := whole(inside, MaxFile)
		if err != nil {
			return nil, nil, err
		}
		site, err := readOne(bytes.NewReader(data), int64(len(data)), data[:min(len(data), 512)])
		return site, pack, err
	}
	site, err := readOne(r, size, head)
	return site, nil, err
}

func readOne(r io.ReaderAt, size int64, head []byte) (*Site, error) {
	var in io.Reader = io.NewSectionReader(r, 0, size)
	lower := bytes.ToLower(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"))
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, refused("movers.cut_short")
		}
		in = z
	case bytes.HasPrefix(head, []byte(sqliteMagic)):
		return readSQLite(r, size)
	case bytes.HasPrefix(lower, []byte("--")), bytes.HasPrefix(lower, []byte("create table")), bytes.HasPrefix(lower, []byte("/*!")), bytes.HasPrefix(lower, []byte("insert into")):
		return nil, refused("movers.sql_dump")
	case !bytes.HasPrefix(lower, []byte("<")):
		return nil, refused("movers.unknown")
	case bytes.HasPrefix(lower, []byte("<!doctype")), bytes.HasPrefix(lower, []byte("<html")):
		return nil, refused("movers.web_page")
	}
	site, err := readXML(in)
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = refused("movers.cut_short")
	}
	return site, err
}

func readXML(r io.Reader) (*Site, error) {
	doc, err := openXML(r)
	if errors.Is(err, io.EOF) {
		return nil, refused("movers.empty")
	}
	if err != nil {
		return nil, err
	}
	var site *Site
	switch name := doc.root.Name.Local; {
	case name == "rss" || name == "RDF":
		site, err = readChannel(doc)
	case name == "feed":
		site, err = readFeed(doc)
	case strings.EqualFold(name, "SPIP"):
		site, err = readDump(doc)
	default:
		return nil, refused("movers.unknown_root", "name", clip(name, 40))
	}
	if err != nil {
		return nil, err
	}
	if len(site.Pieces) == 0 {
		return nil, refused("movers.no_pieces")
	}
	return site, nil
}

// left counts what an export holds and the journal does not take.
func (s *Site) left(key, what string) {
	notes := Notes(s.Left)
	notes.Add(key, what)
	s.Left = notes
}

// add keeps a piece, as far as there is room.
func (s *Site) add(p Piece) {
	if len(s.Pieces) >= MaxPieces {
		s.left("movers.left_beyond", "")
		return
	}
	if p.Title == "" {
		p.Title = clip(plainOf(p.Body.blocks), 80)
	}
	p.Title, p.Kicker = clip(p.Title, 160), clip(p.Kicker, 120)
	if p.Kind == "" {
		p.Kind = "article"
	}
	p.Authors, p.Themes, p.Tags, p.Paths = tidied(p.Authors, 12, 40), tidied(p.Themes, 12, 60), tidied(p.Tags, 24, 40), tidied(p.Paths, 12, 400)
	for _, pic := range p.Body.Pictures() {
		if pic.Alt == "" {
			p.Notes.Add("movers.picture_undescribed", path.Base(pic.Ref))
		}
	}
	if p.Lead != nil && p.Lead.Alt == "" {
		p.Notes.Add("movers.picture_undescribed", path.Base(p.Lead.Ref))
	}
	s.Pieces = append(s.Pieces, p)
}

// tidied drops what is empty or twice there.
func tidied(list []string, most, runes int) []string {
	var out []string
	for _, one := range list {
		if one = clip(one, runes); one != "" && len(out) < most && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// moment reads the dates of exports; 0 when there is none.
func moment(s string) int64 {
	s = strings.TrimSpace(s)
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2006-01-02"} {
		t, err := time.Parse(form, s)
		if err == nil && t.Year() >= 1990 && t.Year() <= 2200 {
			return t.UnixMilli()
		}
	}
	return 0
}

// Path is an address without its host, as old links are kept and looked up: what
// WordPress and SPIP name a piece by, or the path itself.
func Path(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return OldPath(u.Path, u.RawQuery)
}

// OldPath is the same of a path and a query.
func OldPath(at, query string) string {
	at = strings.Trim(path.Clean("/"+at), "/")
	first, _, _ := strings.Cut(query, "&")
	name, value, _ := strings.Cut(first, "=")
	switch {
	case name == "p" || name == "page_id":
		return "?p=" + clip(value, 20)
	case strings.HasPrefix(name, "article") && value == "", strings.HasPrefix(name, "breve") && value == "":
		return "?" + clip(name, 30)
	case name == "page" && strings.Contains(query, "id_article="):
		_, id, _ := strings.Cut(query, "id_article=")
		id, _, _ = strings.Cut(id, "&")
		return "?article" + clip(id, 20)
	case name == "id_article":
		return "?article" + clip(value, 20)
	}
	return clip(at, 400)
}
