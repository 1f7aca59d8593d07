package journal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// A form carries a token: when it was made, a number, and a signature that also
// covers what it is for. It is good once and for a day. It holds nothing of who
// asked for it.
const (
	formLives  = 24 * time.Hour
	quickest   = 4 * time.Second // nobody reads, writes and sends in less
	workZeros  = 14              // bits: a tenth of a second on a slow telephone
	burstSends = 5
	everySend  = 2 * time.Minute
	// A class behind one address adds to a piece in one lesson.
	burstFlood = 60
	everyFlood = 20 * time.Second
	// One address hides few pieces before somebody has read why.
	burstHides  = 3
	everyHide   = 20 * time.Minute
	burstAlarms = 10
	everyAlarm  = time.Minute
)

func (s *Service) sign(purpose, body string) string {
	m := hmac.New(sha256.New, s.formKey)
	m.Write([]byte(purpose + "\x00" + body))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

// newForm makes a token for one purpose.
func (s *Service) newForm(purpose string) string {
	body := strconv.FormatInt(s.now(), 36) + "." + store.NewID()
	return body + "." + s.sign(purpose, body)
}

// form is what a token says.
type form struct {
	id string
	at int64
}

// readForm checks a token. A stale or foreign one is no form.
func (s *Service) readForm(purpose, token string) (form, bool) {
	if len(token) > 200 {
		return form{}, false
	}
	at := strings.LastIndexByte(token, '.')
	if at < 0 || !hmac.Equal([]byte(s.sign(purpose, token[:at])), []byte(token[at+1:])) {
		return form{}, false
	}
	made, id, _ := strings.Cut(token[:at], ".")
	ms, err := strconv.ParseInt(made, 36, 64)
	if err != nil || ms > s.now()+1000 || s.now()-ms > formLives.Milliseconds() {
		return form{}, false
	}
	return form{id, ms}, true
}

// spend uses a form up, with the transaction that keeps what it brought.
func (s *Service) spend(ctx context.Context, tx store.Queryer, f form) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO journal_form (id, until) VALUES ($1, $2)", f.id, f.at+formLives.Milliseconds())
	if store.IsUnique(err) {
		return fault.New(fault.Conflict, "journal.form_spent")
	}
	return err
}

func (s *Service) forgetForms(ctx context.Context) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM journal_form WHERE until < $1", s.now())
		return err
	})
}

// worked says whether a number proves that a browser worked for this token:
// SHA-256 of the token, a point and the number begins with workZeros bits.
func worked(token, number string) bool {
	if number == "" || len(number) > 20 {
		return false
	}
	sum := sha256.Sum256([]byte(token + "." + number))
	return bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:4])) >= workZeros
}

// sourceOf hides a network for a day: what comes from one place can be told
// together in the queue, and from nothing else.
func (s *Service) sourceOf(ip netip.Addr) string {
	length := 24
	if ip.Is6() {
		length = 56
	}
	network, err := ip.Prefix(length)
	if err != nil {
		return ""
	}
	m := hmac.New(sha256.New, s.sourceKey)
	m.Write([]byte(s.clock().UTC().Format(time.DateOnly) + "\x00" + network.String()))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:9])
}
