package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/store"
)

// Options of New. Fields without a stated default are required.
type Options struct {
	DB        *store.DB
	API       *httpx.API // may be nil for a command that serves nothing
	Log       *slog.Logger
	Catalogue *i18n.Catalogue
	// Origin is where browsers reach the installation, such as
	// https://preau.example.fr or http://localhost:8080, with no final slash.
	// Its host is the relying party of passkeys.
	Origin string
	// Outside is the login kept elsewhere, nil for none.
	Outside OutsideLogin
	// Now is time.Now unless said otherwise.
	Now func() time.Time
}

// Service knows schools, staff and what each may do. Its methods are safe for
// concurrent use.
type Service struct {
	db     *store.DB
	api    *httpx.API
	log    *slog.Logger
	texts  *i18n.Catalogue
	origin string
	now    func() time.Time
	seal   sealer
	hasher *hasher
	// Wrong passwords and wrong recovery codes do not make each other forgotten.
	passwords, recoveries attempts
	web                   *webauthn.WebAuthn // nil where the origin's host is an address: passkeys need a name
	outside               OutsideLogin
	gate                  *Gate // set by Routes, before any request
}

// New makes the service. It reads, or makes on the first start, the key that
// signs what browsers carry for us.
func New(o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	at, err := url.Parse(o.Origin)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" || strings.TrimSuffix(at.Path, "/") != "" {
		return nil, fmt.Errorf("identity: the origin must look like https://preau.example.fr, not %q", o.Origin)
	}
	origin := at.Scheme + "://" + at.Host
	web, err := newWebAuthn(at.Hostname(), origin)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	key, err := installationKey(ctx, o.DB)
	if err != nil {
		return nil, err
	}
	hasher, err := newHasher()
	if err != nil {
		return nil, err
	}
	return &Service{
		db: o.DB, api: o.API, log: o.Log, texts: o.Catalogue, origin: origin, now: o.Now, outside: o.Outside,
		seal: sealer{key: key, now: o.Now}, hasher: hasher, passwords: newAttempts(o.Now), recoveries: newAttempts(o.Now), web: web,
	}, nil
}

// ms is the present time in UTC milliseconds.
func (s *Service) ms() int64 { return s.now().UnixMilli() }

const keySetting = "identity/key"

// installationKey reads the 32-byte key of this installation, made once.
func installationKey(ctx context.Context, db *store.DB) ([]byte, error) {
	value, found, err := store.Setting(ctx, db.Reader(), keySetting)
	if err == nil && !found {
		err = db.Tx(ctx, func(tx store.Queryer) error {
			if value, found, err = store.Setting(ctx, tx, keySetting); err != nil || found {
				return err
			}
			value = base64.RawURLEncoding.EncodeToString(randomBytes(32))
			return store.PutSetting(ctx, tx, keySetting, value)
		})
	}
	if err != nil {
		return nil, fmt.Errorf("identity: key of the installation: %w", err)
	}
	key, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(key) != 32 {
		return nil, errors.New("identity: the setting " + keySetting + " is damaged")
	}
	return key, nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails since Go 1.24
	return b
}

// newToken makes a bearer secret of 256 bits and what is stored of it.
func newToken() (token string, hash []byte) {
	token = base64.RawURLEncoding.EncodeToString(randomBytes(32))
	return token, tokenHash(token)
}

// tokenLength is that of every token of newToken.
const tokenLength = 43

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
