package identity

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"preau/internal/fault"
	"preau/internal/store"
)

const (
	// A browser offers passkeys in the e-mail field for as long as the page of
	// sign-in stays open (conditional mediation): its ceremony lives longer.
	signInCeremonyLife = time.Hour
	addCeremonyLife    = 5 * time.Minute
	mostPasskeys       = 20 // of one person
)

// newWebAuthn makes the relying party of a host, nil when the host is an
// address: a passkey is bound to a name (WebAuthn level 3, 5.1.2).
func newWebAuthn(host, origin string) (*webauthn.WebAuthn, error) {
	if net.ParseIP(host) != nil {
		return nil, nil
	}
	return webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Préau", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationPreferred,
		},
		// Some browsers answer extensions that nobody asked for.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
}

// holder is a person as the passkey library sees them.
type holder struct {
	StaffMember
	keys []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.ID) }
func (h holder) WebAuthnName() string                       { return h.Email }
func (h holder) WebAuthnDisplayName() string                { return h.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// holderOf reads an open account and its passkeys.
func holderOf(ctx context.Context, q store.Queryer, staffID string) (holder, error) {
	m, err := staffWhere(ctx, q, "id = $1 AND disabled_at IS NULL", staffID)
	if err != nil {
		return holder{}, err
	}
	rows, err := q.QueryContext(ctx, "SELECT data FROM passkey WHERE staff_id = $1 ORDER BY id LIMIT $2", staffID, mostPasskeys)
	if err != nil {
		return holder{}, err
	}
	keys, err := collect(rows, func(r *sql.Rows) (c webauthn.Credential, err error) {
		var data string
		if err := r.Scan(&data); err != nil {
			return c, err
		}
		return c, json.Unmarshal([]byte(data), &c)
	})
	return holder{m, keys}, err
}

// ceremony is what the browser carries, signed, between the two steps.
type ceremony struct {
	ID      string               `json:"i"`
	Session webauthn.SessionData `json:"s"`
}

const (
	signInCeremony = "identity/passkey/signin"
	addCeremony    = "identity/passkey/add"
)

// began answers the first step: options for navigator.credentials, and what to
// send back with the second.
type began struct {
	Body struct {
		Ceremony string `json:"ceremony" doc:"To be sent back with the answer, within an hour to sign in, five minutes to add a key."`
		Options  any    `json:"options" doc:"For navigator.credentials.create or get, in its JSON form."`
	}
}

func (s *Service) begin(purpose string, life time.Duration, options any, session *webauthn.SessionData) (*began, error) {
	sealed, err := s.seal.wrap(purpose, ceremony{ID: store.NewID(), Session: *session}, life)
	if err != nil {
		return nil, err
	}
	var out began
	out.Body.Ceremony, out.Body.Options = sealed, options
	return &out, nil
}

// finished marks a ceremony as done; the same one a second time is refused.
func (s *Service) finished(ctx context.Context, tx store.Queryer, id string) error {
	now := s.ms()
	if _, err := tx.ExecContext(ctx, "DELETE FROM ceremony WHERE expires_at < $1", now); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO ceremony (id, expires_at) VALUES ($1, $2)", id, now+2*signInCeremonyLife.Milliseconds())
	if store.IsUnique(err) {
		return errPasskey
	}
	return err
}

var (
	errPasskey   = fault.New(fault.Invalid, "identity.passkey_refused")
	errNoPasskey = fault.New(fault.Unavailable, "identity.passkeys_need_name")
)

func (s *Service) beginPasskeySession(_ context.Context, _ *struct{}) (*began, error) {
	if s.web == nil {
		return nil, errNoPasskey
	}
	options, session, err := s.web.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return nil, err
	}
	return s.begin(signInCeremony, signInCeremonyLife, options, session)
}

type finishIn struct {
	Body struct {
		Ceremony   string          `json:"ceremony" maxLength:"8192"`
		Credential json.RawMessage `json:"credential" doc:"PublicKeyCredential.toJSON()."`
		Label      string          `json:"label,omitempty" maxLength:"60" doc:"For a new passkey."`
		Keep       bool            `json:"keep,omitempty" doc:"Stay signed in when the browser closes; for signing in."`
	}
}

func (s *Service) finishPasskeySession(ctx context.Context, in *finishIn) (*signedIn, error) {
	if s.web == nil {
		return nil, errNoPasskey
	}
	var c ceremony
	if !s.seal.unwrap(signInCeremony, in.Body.Ceremony, &c) {
		return nil, fault.New(fault.Gone, "identity.passkey_late")
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(in.Body.Credential)
	if err != nil {
		return nil, errPasskey
	}
	var person holder
	var trouble error // of the database, which the library would hide
	_, credential, err := s.web.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		person, trouble = holderOf(ctx, s.db.Reader(), string(handle))
		return person, trouble
	}, c.Session, answer)
	if trouble != nil && fault.Of(trouble) == nil {
		return nil, trouble
	}
	if err != nil {
		return nil, errPasskey
	}
	if credential.Authenticator.CloneWarning {
		err := s.db.Tx(ctx, func(tx store.Queryer) error {
			return s.audit(ctx, tx, system, "staff.passkey_copied", "", "staff", person.ID, nil)
		})
		return nil, errors.Join(err, errPasskey)
	}
	data, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	return s.welcome(ctx, person.StaffMember, "passkey", in.Body.Keep, func(tx store.Queryer) error {
		if err := s.finished(ctx, tx, c.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE passkey SET data = $1, last_used_at = $2 WHERE credential_id = $3", string(data), s.ms(), credential.ID)
		return err
	})
}

func (s *Service) beginPasskey(ctx context.Context, _ *struct{}) (*began, error) {
	if s.web == nil {
		return nil, errNoPasskey
	}
	person, err := holderOf(ctx, s.db.Reader(), From(ctx).Staff.ID)
	if err != nil {
		return nil, err
	}
	if len(person.keys) >= mostPasskeys {
		return nil, fault.New(fault.Conflict, "identity.passkeys_many", "count", mostPasskeys)
	}
	options, session, err := s.web.BeginRegistration(person, webauthn.WithExclusions(webauthn.Credentials(person.keys).CredentialDescriptors()))
	if err != nil {
		return nil, err
	}
	return s.begin(addCeremony, addCeremonyLife, options, session)
}

type passkeyOut struct {
	Body struct {
		ID string `json:"id"`
	}
}

func (s *Service) finishPasskey(ctx context.Context, in *finishIn) (*passkeyOut, error) {
	if s.web == nil {
		return nil, errNoPasskey
	}
	var c ceremony
	if !s.seal.unwrap(addCeremony, in.Body.Ceremony, &c) {
		return nil, fault.New(fault.Gone, "identity.passkey_late")
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes(in.Body.Credential)
	if err != nil {
		return nil, errPasskey
	}
	person, err := holderOf(ctx, s.db.Reader(), From(ctx).Staff.ID)
	if err != nil {
		return nil, err
	}
	credential, err := s.web.CreateCredential(person, c.Session, answer)
	if err != nil {
		return nil, errPasskey
	}
	label, err := readLabel(in.Body.Label)
	if err != nil {
		return nil, err
	}
	if label == "" {
		label = browserOf(ctx).device
	}
	data, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	var out passkeyOut
	out.Body.ID = store.NewID()
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.finished(ctx, tx, c.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO passkey (id, staff_id, credential_id, data, label, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
			out.Body.ID, person.ID, credential.ID, string(data), label, s.ms())
		if store.IsUnique(err) {
			return errPasskey
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actorOf(ctx), "staff.passkey_add", "", "staff", person.ID, map[string]string{"passkey": out.Body.ID})
	})
	return &out, err
}

func readLabel(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	return readName(s, "label")
}

type passkeysOut struct {
	Body struct {
		Items []passkeyLine `json:"items" nullable:"false"`
	}
}

// passkeyLine is a passkey as its owner sees it.
type passkeyLine struct {
	ID         string `json:"id"`
	Label      string `json:"label"`
	CreatedAt  int64  `json:"createdAt"`
	LastUsedAt *int64 `json:"lastUsedAt"`
}

func (s *Service) getPasskeys(ctx context.Context, _ *struct{}) (*passkeysOut, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT id, label, created_at, last_used_at FROM passkey WHERE staff_id = $1 ORDER BY id LIMIT $2", From(ctx).Staff.ID, mostPasskeys)
	if err != nil {
		return nil, err
	}
	var out passkeysOut
	out.Body.Items, err = collect(rows, func(r *sql.Rows) (l passkeyLine, err error) {
		return l, r.Scan(&l.ID, &l.Label, &l.CreatedAt, &l.LastUsedAt)
	})
	return &out, err
}

type passkeyIn struct {
	Passkey string `path:"passkey" maxLength:"36"`
}

// deletePasskey removes a passkey, unless it is the only way in.
func (s *Service) deletePasskey(ctx context.Context, in *passkeyIn) (*struct{}, error) {
	staffID := From(ctx).Staff.ID
	return nil, s.db.Tx(ctx, func(tx store.Queryer) error {
		done, err := tx.ExecContext(ctx, "DELETE FROM passkey WHERE id = $1 AND staff_id = $2", in.Passkey, staffID)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			if err != nil {
				return err
			}
			return fault.New(fault.NotFound, "identity.no_passkey")
		}
		person, err := holderOf(ctx, tx, staffID)
		if err != nil {
			return err
		}
		if person.passwordHash == "" && len(person.keys) == 0 {
			return fault.New(fault.Conflict, "identity.last_way_in")
		}
		return s.audit(ctx, tx, actorOf(ctx), "staff.passkey_remove", "", "staff", staffID, map[string]string{"passkey": in.Passkey})
	})
}
