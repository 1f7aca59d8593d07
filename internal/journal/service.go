package journal

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/roster"
	"preau/internal/store"
)

// Options of New. All are required but AddressDays.
type Options struct {
	DB       *store.DB
	Blobs    store.Blobs
	API      *httpx.API
	Log      *slog.Logger
	Texts    *i18n.Catalogue
	Identity *identity.Service
	Roster   *roster.Service
	Now      func() time.Time
	// Pepper is the installation's secret, kept outside the database: forms are
	// signed under it, and it hides networks.
	Pepper []byte
	// Origin is where browsers reach the installation, with no final slash.
	Origin string
	// Tokens is the style sheet of the interface's colours, type and space.
	Tokens []byte
	// Dist is the built web client, for its fonts.
	Dist fs.FS
	// AddressDays is how many days the network address of a contribution is
	// kept; none when zero.
	AddressDays int
}

// Service is the domain. Its methods are safe for concurrent use.
type Service struct {
	db          *store.DB
	blobs       store.Blobs
	api         *httpx.API
	log         *slog.Logger
	texts       *i18n.Catalogue
	ids         *identity.Service
	roster      *roster.Service
	clock       func() time.Time
	formKey     []byte
	sourceKey   []byte
	origin      string
	addressDays int
	pages       map[string]*template.Template
	style       asset
	work        asset
	visits      *tally
	zones       sync.Map       // of *time.Location by name
	sends       *httpx.Limiter // by network and piece: contributions
	alarms      *httpx.Limiter // by network and piece: reports and replies
	dist        fs.FS
	carrying    chan struct{}  // holds one for each copy that is being made
	reading     chan struct{}  // holds one for the picture that is being read
	receiving   chan struct{}  // holds one for each recording that is coming in
	senders     sync.Map       // of who sends a recording, by their id
	floods      *httpx.Limiter // by network and school: contributions, whatever they look like
	hides       *httpx.Limiter // by network and school: reports that hide at once
}

// New makes the service. Run does its background work.
func New(o Options) (*Service, error) {
	if len(o.Pepper) < 32 {
		return nil, errors.New("journal: the pepper needs at least 32 bytes")
	}
	derive := func(label string) []byte {
		m := hmac.New(sha256.New, o.Pepper)
		m.Write([]byte(label))
		return m.Sum(nil)
	}
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	return &Service{
		db: o.DB, blobs: o.Blobs, api: o.API, log: o.Log, texts: o.Texts, ids: o.Identity, roster: o.Roster, clock: o.Now, origin: strings.TrimSuffix(o.Origin, "/"),
		formKey: derive("preau/journal/form/v1"), sourceKey: derive("preau/journal/source/v1"), addressDays: o.AddressDays,
		dist: o.Dist, carrying: make(chan struct{}, 2), pages: pages, style: styleSheet(o.Tokens, o.Dist), work: workScript(), visits: newTally(),
		reading: make(chan struct{}, 1), receiving: make(chan struct{}, mostReceived), sends: httpx.NewLimiter(burstSends, everySend, 50_000, o.Now), alarms: httpx.NewLimiter(burstAlarms, everyAlarm, 50_000, o.Now),
		floods: httpx.NewLimiter(burstFlood, everyFlood, 50_000, o.Now), hides: httpx.NewLimiter(burstHides, everyHide, 50_000, o.Now),
	}, nil
}

func (s *Service) now() int64 { return s.clock().UnixMilli() }

// Run writes visits down and drops the content of files that were taken down,
// until ctx ends.
func (s *Service) Run(ctx context.Context) {
	t := time.NewTicker(flushEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			s.tidy(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			if err := s.flushVisits(last); err != nil {
				s.log.Error("visits not written", "error", err)
			}
			return
		}
	}
}

func (s *Service) tidy(ctx context.Context) {
	for _, work := range []func(context.Context) error{s.flushVisits, s.endConsents, s.dropFiles, s.forgetForms, s.forgetMoves} {
		if err := work(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the journal is not tidied", "error", err)
		}
	}
}

func noJournal() *fault.Error { return fault.New(fault.NotFound, "journal.no_journal") }
func noPiece() *fault.Error   { return fault.New(fault.NotFound, "journal.no_piece") }

// upright is a text in its usual form, without the marks that turn the direction
// of what follows them (Unicode UAX #9).
func upright(text string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, text))
}

// line tidies a text of one line and refuses a longer one.
func line(text string, most int, field string) (string, error) {
	text = strings.Join(strings.FieldsFunc(upright(text), func(r rune) bool {
		return r != '\u00a0' && r != '\u202f' && unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	return text, checkText(text, most, field)
}

// block tidies a text of several lines and refuses a longer one.
func block(text string, most int, field string) (string, error) {
	text = strings.ReplaceAll(upright(text), "\r\n", "\n")
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, text))
	return text, checkText(text, most, field)
}

func checkText(text string, most int, field string) error {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most {
		return fault.New(fault.Invalid, "journal.text_long", "count", most).At(field)
	}
	return nil
}

func missing(field string) error { return fault.New(fault.Invalid, "journal.missing").At(field) }

// secret makes what a sender follows a message by, and what is kept of it.
func secret() (token string, hash []byte) {
	var b [16]byte
	rand.Read(b[:])
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, hashOf(token)
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// tail makes an address that cannot be guessed from another.
func tail() string {
	var b [5]byte
	rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// collect reads all rows, which the caller's statement has limited.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows, *T) error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		var one T
		if err := scan(rows, &one); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// optional is NULL for an empty text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

// exec runs a statement that must touch a row.
func exec(ctx context.Context, tx store.Queryer, none error, query string, arguments ...any) error {
	res, err := tx.ExecContext(ctx, query, arguments...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 && none != nil {
		return none
	}
	return nil
}
