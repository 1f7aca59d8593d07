package roster

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

var start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

const school, otherSchool = "school-a", "school-b"

// house is the domain with its real parts: gate, HTTP ground and store. Staff
// are whoever a test signs in, with the grants it gives.
type house struct {
	*Service
	t       testing.TB
	clock   *storetest.Clock
	handler http.Handler
	log     *bytes.Buffer

	mu    sync.Mutex
	staff map[string]*identity.StaffPrincipal // by session token, which is their id
	keys  map[string]ed25519.PrivateKey
}

// each runs a test on a fresh house in each dialect.
func each(t *testing.T, f func(h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(build(t, db)) })
}

func build(t testing.TB, db *store.DB) *house {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, clock: storetest.NewClock(start), log: &bytes.Buffer{}, staff: map[string]*identity.StaffPrincipal{}, keys: map[string]ed25519.PrivateKey{}}
	h.open(db, texts)
	return h
}

// open wires a service on the database, as a process that starts does.
func (h *house) open(db *store.DB, texts *i18n.Catalogue) {
	log := slog.New(slog.NewTextHandler(&locked{to: h.log}, nil))
	api := httpx.New(httpx.Options{Version: "test", Log: log, Catalogue: texts})
	var err error
	h.Service, err = New(Options{DB: db, API: api, Log: log, Now: h.clock.Now, Pepper: bytes.Repeat([]byte{7}, 32), StaffIn: h.people})
	if err != nil {
		h.t.Fatal(err)
	}
	gate := identity.NewGate(api, h.staffOf, identity.Roster{SeatOf: h.SeatOf, Locate: h.Locate}, h.clock.Now)
	h.Routes(gate)
	h.handler = api.Handler()
}

type locked struct {
	mu sync.Mutex
	to io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(b)
}

func (h *house) staffOf(_ context.Context, token string) (*identity.StaffPrincipal, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.staff[token], nil
}

func (h *house) people(_ context.Context, of string) ([]Person, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var people []Person
	for id, p := range h.staff {
		for _, g := range p.Grants {
			if g.SchoolID == of {
				people = append(people, Person{ID: id, Name: "Personne " + id})
				break
			}
		}
	}
	return people, nil
}

// signIn gives a device where somebody with these grants is signed in.
func (h *house) signIn(id string, grants ...identity.Grant) *device {
	h.mu.Lock()
	h.staff[id] = &identity.StaffPrincipal{ID: id, Grants: grants, FreshAt: h.now()}
	h.mu.Unlock()
	d := h.device()
	d.cookies["preau_staff"] = id
	return d
}

func overSchool(role identity.Role) identity.Grant {
	return identity.Grant{Role: role, Scope: identity.OverSchool, ScopeID: school, SchoolID: school}
}

func overGroup(role identity.Role, group string) identity.Grant {
	return identity.Grant{Role: role, Scope: identity.OverGroup, ScopeID: group, SchoolID: school}
}

// device is one browser.
type device struct {
	h       *house
	cookies map[string]string
	address string
	agent   string
	ticket  string // of a place in the line
}

func (h *house) device() *device {
	return &device{h: h, cookies: map[string]string{}, address: "192.0.2.1:4000"}
}

// reply is an answer, decoded.
type reply struct {
	status int
	body   map[string]any
	raw    string
}

func (r reply) text(key string) string {
	s, _ := r.body[key].(string)
	return s
}

// list is the objects of a list in the body.
func (r reply) list(key string) []map[string]any {
	var out []map[string]any
	items, _ := r.body[key].([]any)
	for _, x := range items {
		out = append(out, x.(map[string]any))
	}
	return out
}

// field is the first field that a problem names.
func (r reply) field() string {
	for _, e := range r.list("errors") {
		return e["field"].(string)
	}
	return ""
}

func (d *device) do(method, path string, body any) reply {
	d.h.t.Helper()
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			d.h.t.Fatal(err)
		}
	}
	return d.send(method, path, raw)
}

// post sends bytes as they are.
func (d *device) post(path string, raw []byte) reply { return d.send("POST", path, raw) }

func (d *device) send(method, path string, body []byte) reply {
	d.h.t.Helper()
	var in io.Reader
	if body != nil {
		in = bytes.NewReader(body)
	}
	r := httptest.NewRequest(method, httpx.Prefix+path, in)
	r.RemoteAddr = d.address
	r.Header.Set("User-Agent", d.agent)
	if d.ticket != "" {
		r.Header.Set(httpx.Ticket, d.ticket)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range d.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	d.h.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(d.cookies, c.Name)
		} else {
			d.cookies[c.Name] = c.Value
		}
	}
	out := reply{status: w.Code, raw: w.Body.String()}
	if len(out.raw) > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out.body); err != nil && out.raw != "null\n" {
			d.h.t.Fatalf("%s %s: %v in %q", method, path, err, out.raw)
		}
	}
	return out
}

// want does a request and fails unless it is answered with the status.
func (d *device) want(status int, method, path string, body any) reply {
	d.h.t.Helper()
	r := d.do(method, path, body)
	if r.status != status {
		d.h.t.Fatalf("%s %s: %d, want %d: %s\n%s", method, path, r.status, status, r.raw, d.h.log.String())
	}
	return r
}

// slip is a seat with its secret, as a staff browser makes it.
type slip struct {
	id, auth, authHash, seatCode string
	bind                         []byte
	number                       int
}

func newSlip(number int) slip {
	secret := make([]byte, 16)
	rand.Read(secret)
	derive := func(info string) []byte {
		out, err := hkdf.Key(sha256.New, secret, nil, info, 32)
		if err != nil {
			panic(err)
		}
		return out
	}
	auth := derive("preau/seat/auth/v1")
	sum := sha256.Sum256(auth)
	n := binary.BigEndian.Uint64(derive("preau/seat/code/v1")) % 17_210_368
	code := make([]byte, SeatCodeLength)
	for i := range code {
		code[len(code)-1-i] = Alphabet[n%28]
		n /= 28
	}
	return slip{id: uuid(), auth: text64(auth), authHash: text64(sum[:]), seatCode: string(code), bind: derive("preau/seat/bind/v1"), number: number}
}

func uuid() string {
	b := make([]byte, 16)
	rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// word spells a number in letters, for pseudonyms.
func word(n int) string {
	text := ""
	for ; n > 0 || text == ""; n /= 10 {
		text = string(rune('a'+n%10)) + text
	}
	return "Loutre " + text
}

func (s slip) arrival(groups ...string) ImportSeat {
	return ImportSeat{ID: s.id, Number: s.number, Pseudonym: word(s.number), Picture: "otter", Level: "6e", Groups: groups, AuthHash: s.authHash, SeatCode: s.seatCode}
}

// class is a group with its door, and the slips of its seats.
type class struct {
	year, group, code string
	slips             []slip
}

func (c class) typed(i int) string { return c.code + "-" + c.slips[i].seatCode }

// class imports a group of n seats in a new year.
func (h *house) class(n int) class {
	h.t.Helper()
	ctx := h.t.Context()
	year, err := h.OpenYear(ctx, school, NewYear{"2026-2027", "2026-09-01", "2027-08-31"})
	if err != nil {
		h.t.Fatal(err)
	}
	c := class{year: year.ID}
	in := Import{ID: uuid(), YearID: year.ID, Groups: []ImportGroup{{Ref: "a", Name: "6e A", Kind: "class", Level: "6e"}}}
	for i := range n {
		s := newSlip(i + 1)
		c.slips = append(c.slips, s)
		in.Seats = append(in.Seats, s.arrival("a"))
	}
	made, err := h.Import(ctx, school, "", in)
	if err != nil {
		h.t.Fatal(err)
	}
	c.group, c.code = made.Groups[0].ID, made.Groups[0].Code
	return c
}

// open opens the group's door for some minutes.
func (h *house) openDoor(c class, minutes int) {
	h.t.Helper()
	if _, err := h.OpenDoor(h.t.Context(), school, c.group, minutes); err != nil {
		h.t.Fatal(err)
	}
}

// sealed is an age file of a text.
func (h *house) sealed(text string) []byte {
	h.t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		h.t.Fatal(err)
	}
	return h.sealedTo(id.Recipient(), text)
}

func (h *house) sealedTo(to age.Recipient, text string) []byte {
	h.t.Helper()
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		h.t.Fatal(err)
	}
	io.WriteString(w, text)
	if err := w.Close(); err != nil {
		h.t.Fatal(err)
	}
	return out.Bytes()
}

// giveKey registers a person's own key and gives its public half.
func (h *house) giveKey(staff string) StaffKey {
	h.t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		h.t.Fatal(err)
	}
	pub, priv, _ := ed25519.GenerateKey(rand.Reader)
	k := StaffKey{Recipient: id.Recipient().String(), SignPub: text64(pub), Sealed: text64(h.sealed("key"))}
	if err := h.SetStaffKey(h.t.Context(), staff, k); err != nil {
		h.t.Fatal(err)
	}
	h.keys[staff] = priv
	return k
}

// namesKey makes the school's names key with its maker as root.
func (h *house) namesKey(maker string) string {
	h.t.Helper()
	k := h.giveKey(maker)
	names, _ := age.GenerateX25519Identity()
	paper, _ := age.GenerateX25519Identity()
	id, err := h.MakeNamesKey(h.t.Context(), school, maker, NewNamesKey{
		Recipient: names.Recipient().String(),
		Root:      RootMember{StaffID: maker, Recipient: k.Recipient, SignPub: k.SignPub, Wrapped: text64(h.sealed("names key"))},
		Recovery:  SheetMember{Recipient: paper.Recipient().String(), Wrapped: text64(h.sealed("names key"))},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// member is what by's browser sends to let staff in; until is UTC ms or 0.
func (h *house) member(by, staff string, k StaffKey, until int64) NewMember {
	m := NewMember{StaffID: staff, Recipient: k.Recipient, SignPub: k.SignPub, Wrapped: text64(h.sealed("names key"))}
	if until > 0 {
		m.Until = &until
	}
	m.Endorsement = text64(ed25519.Sign(h.keys[by], EndorsementMessage(school, staff, k.Recipient, k.SignPub, until)))
	return m
}

// record is a version of a seat's name record, signed by a person.
func (h *house) record(by, seat string, version int, name string) *Record {
	ciphertext := h.sealed(name)
	return &Record{Version: version, Ciphertext: text64(ciphertext), Signature: text64(ed25519.Sign(h.keys[by], RecordMessage(school, seat, version, ciphertext)))}
}

func (h *house) written(by, key, seat string, version int) WrittenRecord {
	r := h.record(by, seat, version, "name")
	return WrittenRecord{SeatID: seat, KeyID: key, Version: version, Ciphertext: r.Ciphertext, Signature: r.Signature}
}

// count runs a query that gives one number.
func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	var n int
	if err := h.db.Reader().QueryRowContext(h.t.Context(), query, args...).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func copyOf(d *device) *device {
	return &device{h: d.h, cookies: maps.Clone(d.cookies), address: d.address, agent: d.agent}
}

func sqlite(t testing.TB) *store.DB { return storetest.Open(t, store.SQLite) }

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

// proofFor is the answer to a fresh challenge of the hardest kind where a
// network is calm.
func (h *house) proofFor(b browser, door string) *Proof {
	return proofOf(h.guard.challenge(b, door, mostPuzzles, h.guard.bits, h.now()))
}

func proofOf(c Challenge) *Proof {
	p := &Proof{Token: c.Token}
	for i := range c.Puzzles {
		n := int64(0)
		for !solves(c.Token, i, c.Bits, n) {
			n++
		}
		p.Answers = append(p.Answers, n)
	}
	return p
}
