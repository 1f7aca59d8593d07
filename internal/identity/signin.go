package identity

import (
	"context"
	"net/http"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// How wrong passwords slow the next ones. A browser that has signed in to the
// account before has a pace of its own, which nobody else can use up. Others
// share one for the account and their network, and a wider one for the account
// wherever they are, so that many networks gain little.
var (
	knownPace   = pace{free: 6, first: 2 * time.Second, longest: time.Minute, forget: 24 * time.Hour}
	nearbyPace  = pace{free: 5, first: 5 * time.Second, longest: 15 * time.Minute, forget: 24 * time.Hour}
	accountPace = pace{free: 50, first: 5 * time.Second, longest: 5 * time.Minute, forget: 24 * time.Hour}
)

// try counts an attempt on the account with this id and address, or on an
// address that has no account. It refuses with an honest delay when one must be
// waited, and otherwise gives what to call once the answer proves right.
func (s *Service) try(ctx context.Context, at attempts, account, email string) (right func(), err error) {
	from := browserOf(ctx)
	wrong := at.of(account)
	var wait time.Duration
	if name, ok := s.known(from.known, email); ok {
		own := trial{"known|" + name + "|" + email, knownPace}
		wait = wrong.begin(own)
		right = func() { wrong.succeeded(own.key) }
	} else {
		nearby := trial{"near|" + from.address + "|" + email, nearbyPace}
		everywhere := trial{"account|" + email, accountPace}
		wait = wrong.begin(nearby, everywhere)
		right = func() {
			wrong.succeeded(nearby.key)
			wrong.giveBack(everywhere)
		}
	}
	if wait > 0 {
		return nil, waitFault(wait)
	}
	return right, nil
}

func waitFault(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	if seconds > 90 {
		return fault.New(fault.Limited, "identity.wait_minutes", "count", (seconds+59)/60).After(wait)
	}
	return fault.New(fault.Limited, "identity.wait_seconds", "count", seconds).After(wait)
}

// checkSecret finds the account behind an address and a password. An account
// that does not exist, is closed or has no password answers the same, after
// the same work.
func (s *Service) checkSecret(ctx context.Context, email, password string) (StaffMember, error) {
	wrong := fault.New(fault.Invalid, "identity.wrong_password")
	normal, ok := normalEmail(email)
	if !ok || len(password) > 4*longestPassword {
		return StaffMember{}, wrong
	}
	m, err := staffWhere(ctx, s.db.Reader(), "email = $1 AND disabled_at IS NULL", normal)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return StaffMember{}, err
	}
	right, err := s.try(ctx, s.passwords, m.ID, normal)
	if err != nil {
		return StaffMember{}, err
	}
	_, familiar := s.known(browserOf(ctx).known, normal)
	ok, stale, err := s.hasher.verify(ctx, m.passwordHash, password, familiar)
	if err != nil {
		return StaffMember{}, err
	}
	if !ok {
		return StaffMember{}, wrong
	}
	right()
	if stale {
		s.renew(ctx, m, password)
	}
	return m, nil
}

// renew stores the password at the present cost. A failure costs nothing: the
// next sign-in tries again.
func (s *Service) renew(ctx context.Context, m StaffMember, password string) {
	hash, err := s.hasher.hash(ctx, password)
	if err == nil {
		err = s.db.Tx(ctx, func(tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, "UPDATE staff SET password_hash = $1 WHERE id = $2 AND password_hash = $3", hash, m.ID, m.passwordHash)
			return err
		})
	}
	if err != nil {
		s.log.Warn("password not stored at the present cost", "staff", m.ID, "error", err)
	}
}

// signedIn answers every way of signing in: who one is now, and the cookies.
type signedIn struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      Me
}

// welcome opens a session in a transaction of its own and answers it.
func (s *Service) welcome(ctx context.Context, m StaffMember, way string, keep bool, also func(tx store.Queryer) error) (*signedIn, error) {
	var token string
	err := s.db.Tx(ctx, func(tx store.Queryer) (err error) {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		token, err = s.openSession(ctx, tx, m.ID, way, keep)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.signedIn(ctx, m, token, keep)
}

func (s *Service) signedIn(ctx context.Context, m StaffMember, token string, keep bool) (*signedIn, error) {
	me, err := s.me(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	return &signedIn{SetCookie: []http.Cookie{s.sessionCookie(token, keep), s.remember(ctx, m.Email)}, Body: me}, nil
}

type passwordIn struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1024"`
		Keep     bool   `json:"keep,omitempty" doc:"Stay signed in when the browser closes, on a device of one's own."`
	}
}

func (s *Service) postSession(ctx context.Context, in *passwordIn) (*signedIn, error) {
	m, err := s.checkSecret(ctx, in.Body.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.welcome(ctx, m, "password", in.Body.Keep, nil)
}

type linkIn struct {
	Body struct {
		Token string `json:"token" maxLength:"64"`
	}
}

func (s *Service) postSessionLink(ctx context.Context, in *linkIn) (*signedIn, error) {
	link, err := s.link(ctx, in.Body.Token, linkSignIn)
	if err != nil {
		return nil, err
	}
	m, err := staffWhere(ctx, s.db.Reader(), "id = $1 AND disabled_at IS NULL", link.staffID)
	if err != nil {
		return nil, err
	}
	return s.welcome(ctx, m, "link", false, func(tx store.Queryer) error { return useLink(ctx, tx, link.id, s.ms()) })
}

type recoveryIn struct {
	Body struct {
		Email string `json:"email" maxLength:"254"`
		Code  string `json:"code" maxLength:"64"`
	}
}

func (s *Service) postSessionRecovery(ctx context.Context, in *recoveryIn) (*signedIn, error) {
	wrong := fault.New(fault.Invalid, "identity.wrong_code")
	email, okEmail := normalEmail(in.Body.Email)
	code, okCode := readRecoveryCode(in.Body.Code)
	if !okEmail || !okCode {
		return nil, wrong
	}
	m, err := staffWhere(ctx, s.db.Reader(), "email = $1 AND disabled_at IS NULL", email)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	right, err := s.try(ctx, s.recoveries, m.ID, email)
	if err != nil {
		return nil, err
	}
	// A code needs no such work to be safe: it is the price of an attempt, the
	// same as that of a password.
	_, familiar := s.known(browserOf(ctx).known, email)
	if _, _, err := s.hasher.verify(ctx, "", code, familiar); err != nil {
		return nil, err
	}
	// An account that does not exist goes the same way: its empty id has no code.
	out, err := s.welcome(ctx, m, "recovery", false, func(tx store.Queryer) error {
		return s.useRecoveryCode(ctx, tx, m.ID, code)
	})
	if err == nil {
		right()
	}
	return out, err
}

type signedOut struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (s *Service) deleteSession(ctx context.Context, _ *struct{}) (*signedOut, error) {
	if p := From(ctx); p.Staff != nil {
		if err := s.endSession(ctx, p.Staff.ID, p.Staff.SessionID); err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	return &signedOut{SetCookie: []http.Cookie{s.api.Cookie(StaffCookie, "", -1)}}, nil
}
