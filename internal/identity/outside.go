package identity

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"preau/internal/fault"
)

// OutsideLogin is the seam for a login kept elsewhere, such as OpenID Connect.
// It says who somebody is; which account that is, and what it may do, stays here.
type OutsideLogin interface {
	// Begin gives the address to send the browser to. It must bring state back
	// unchanged; secret is known to this browser and Finish only (a nonce and a
	// PKCE verifier derive from it).
	Begin(ctx context.Context, state, secret string) (string, error)
	// Finish checks what the browser brought back and gives the e-mail address
	// that the provider vouches for. A refusal is a fault.
	Finish(ctx context.Context, answer url.Values, secret string) (email string, err error)
}

const (
	outsideCookie  = "outside"
	outsidePurpose = "identity/outside"
	outsideLife    = 10 * time.Minute
	afterSignIn    = "/aujourdhui"
)

// outsideState is what the browser keeps, signed, while it is elsewhere.
type outsideState struct {
	State, Secret string
}

func (s *Service) beginOutside(w http.ResponseWriter, r *http.Request) {
	at := outsideState{base64.RawURLEncoding.EncodeToString(randomBytes(16)), base64.RawURLEncoding.EncodeToString(randomBytes(32))}
	to, err := s.outside.Begin(r.Context(), at.State, at.Secret)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	sealed, err := s.seal.wrap(outsidePurpose, at, outsideLife)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	cookie := s.api.Cookie(outsideCookie, sealed, outsideLife)
	http.SetCookie(w, &cookie)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Service) finishOutside(w http.ResponseWriter, r *http.Request) {
	out, err := s.outsideSession(r)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	for _, cookie := range append(out.SetCookie, s.api.Cookie(outsideCookie, "", -1)) {
		http.SetCookie(w, &cookie)
	}
	http.Redirect(w, r, afterSignIn, http.StatusSeeOther)
}

func (s *Service) outsideSession(r *http.Request) (*signedIn, error) {
	var at outsideState
	if !s.seal.unwrap(outsidePurpose, s.api.ReadCookie(r, outsideCookie), &at) ||
		subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("state")), []byte(at.State)) != 1 {
		return nil, fault.New(fault.Gone, "identity.outside_late")
	}
	email, err := s.outside.Finish(r.Context(), r.URL.Query(), at.Secret)
	if err != nil {
		return nil, err
	}
	m, err := s.FindStaffByEmail(r.Context(), email)
	if err == nil && m.DisabledAt != 0 || fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.Forbidden, "identity.outside_unknown")
	}
	if err != nil {
		return nil, err
	}
	return s.welcome(r.Context(), m, "outside", false, nil)
}
