package roster

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"strconv"

	"preau/internal/fault"
	"preau/internal/store"
)

// Names is what a school's list of names is locked with, and who may open it.
type Names struct {
	Key     *NamesKey     `json:"key"`
	Earlier *EarlierKey   `json:"earlier,omitempty" doc:"The key that the present one replaced less than a month ago; only for those who may put it back."`
	Members []NamesMember `json:"members"`
	Mine    *Wrapped      `json:"mine" doc:"The names key wrapped to the caller; absent when not let in."`
	Waiting []Waiting     `json:"waiting" doc:"Staff who have a key of their own and are not let in; only for those who let people in."`
}

// NamesKey is a school's names key: its public half only.
type NamesKey struct {
	ID        string `json:"id"`
	Recipient string `json:"recipient"`
	CreatedBy string `json:"createdBy"`
	CreatedAt int64  `json:"createdAt"`
}

// EarlierKey is a replaced names key that can still be put back.
type EarlierKey struct {
	NamesKey
	RetiredAt int64 `json:"retiredAt"`
}

// NamesMember is somebody to whom the names key is or was wrapped: what a
// person signed before they were put out is still verified by their row. A
// member without staffId is the recovery sheet.
type NamesMember struct {
	ID          string  `json:"id"`
	StaffID     *string `json:"staffId"`
	Name        string  `json:"name,omitempty"`
	Recipient   string  `json:"recipient"`
	SignPub     *string `json:"signPub"`
	EndorsedBy  *string `json:"endorsedBy" doc:"Id of a member of staff."`
	Endorsement *string `json:"endorsement"`
	Until       *int64  `json:"until"`
	CreatedAt   int64   `json:"createdAt"`
	RevokedAt   *int64  `json:"revokedAt"`
	Wrapped     *string `json:"wrapped,omitempty" doc:"Of the recovery sheet only, for those who may let people in."`
	StoredAt    *int64  `json:"storedAt,omitempty" doc:"Of the recovery sheet only: when somebody said that it is printed and stored."`
}

// Wrapped is an age file for one member.
type Wrapped struct {
	Wrapped string `json:"wrapped"`
	Until   *int64 `json:"until,omitempty"`
}

// Waiting is a member of staff who could be let in.
type Waiting struct {
	StaffID   string `json:"staffId"`
	Name      string `json:"name"`
	Recipient string `json:"recipient"`
	SignPub   string `json:"signPub"`
}

// NewNamesKey is a names key made in a staff browser, with its first members.
type NewNamesKey struct {
	Recipient string      `json:"recipient" maxLength:"100"`
	Replaces  string      `json:"replaces,omitempty" maxLength:"36" doc:"Id of the present key, when there is one: all its accesses end and names are retyped."`
	Root      RootMember  `json:"root"`
	Recovery  SheetMember `json:"recovery"`
}

// RootMember is the maker of a names key, the caller, by their registered key.
type RootMember struct {
	StaffID   string `json:"staffId" maxLength:"36"`
	Recipient string `json:"recipient" maxLength:"100"`
	SignPub   string `json:"signPub" maxLength:"43"`
	Wrapped   string `json:"wrapped" maxLength:"5462"`
}

// SheetMember is the recovery sheet: a key that exists on paper only.
type SheetMember struct {
	Recipient string `json:"recipient" maxLength:"100"`
	Wrapped   string `json:"wrapped" maxLength:"5462"`
}

// NewMember lets a member of staff in.
type NewMember struct {
	StaffID     string `json:"staffId" maxLength:"36"`
	Recipient   string `json:"recipient" maxLength:"100"`
	SignPub     string `json:"signPub" maxLength:"43"`
	Wrapped     string `json:"wrapped" maxLength:"5462"`
	Endorsement string `json:"endorsement" maxLength:"86"`
	Until       *int64 `json:"until,omitempty" nullable:"true" doc:"UTC ms; without it, until removed."`
}

// EndorsementMessage is what a member signs to let another in. until is UTC ms,
// 0 without end.
func EndorsementMessage(school, staff, recipient, signPub string, until int64) []byte {
	return []byte("preau/names-member/v1\n" + school + "\n" + staff + "\n" + recipient + "\n" + signPub + "\n" + strconv.FormatInt(until, 10))
}

func presentKey(ctx context.Context, q store.Queryer, school string) (*NamesKey, error) {
	var k NamesKey
	err := q.QueryRowContext(ctx, `SELECT id, recipient, created_by, created_at FROM names_key WHERE school_id = $1 AND retired_at IS NULL`, school).
		Scan(&k.ID, &k.Recipient, &k.CreatedBy, &k.CreatedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &k, err
}

// letIn refuses a person who is not, at this moment, a member of the key.
func (s *Service) letIn(ctx context.Context, q store.Queryer, key, staff string) error {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM names_member WHERE key_id = $1 AND staff_id = $2 AND revoked_at IS NULL AND (until IS NULL OR until > $3)`,
		key, staff, s.now()).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.Forbidden, "roster.not_let_in")
	}
	return err
}

// Names tells what the caller may know of the names key. keeper is somebody
// who lets people in: they also get the list of who could be, and the recovery
// sheet's wrapped key.
func (s *Service) Names(ctx context.Context, school, by string, keeper bool) (Names, error) {
	var out Names
	people, err := s.staffIn(ctx, school)
	if err != nil {
		return out, err
	}
	nameOf := make(map[string]string, len(people))
	for _, p := range people {
		nameOf[p.ID] = p.Name
	}
	err = s.db.Snapshot(ctx, func(q store.Queryer) error {
		out = Names{Members: []NamesMember{}, Waiting: []Waiting{}}
		now := s.now()
		if out.Key, err = presentKey(ctx, q, school); err != nil {
			return err
		}
		inside := map[string]bool{}
		if out.Key != nil {
			rows, err := q.QueryContext(ctx, `SELECT id, staff_id, recipient, sign_pub, wrapped, endorsed_by, endorsement, until, created_at, revoked_at, stored_at
				FROM names_member WHERE key_id = $1 ORDER BY created_at, id LIMIT 5000`, out.Key.ID)
			if err != nil {
				return err
			}
			out.Members, err = collect(rows, func(r *sql.Rows, m *NamesMember) error {
				var signPub, wrapped, endorsement []byte
				if err := r.Scan(&m.ID, &m.StaffID, &m.Recipient, &signPub, &wrapped, &m.EndorsedBy, &endorsement, &m.Until, &m.CreatedAt, &m.RevokedAt, &m.StoredAt); err != nil {
					return err
				}
				m.SignPub, m.Endorsement = optional64(signPub), optional64(endorsement)
				living := m.RevokedAt == nil && (m.Until == nil || *m.Until > now)
				switch {
				case m.StaffID == nil:
					if keeper {
						m.Wrapped = optional64(wrapped)
					}
				case living:
					inside[*m.StaffID] = true
					if *m.StaffID == by {
						out.Mine = &Wrapped{text64(wrapped), m.Until}
					}
					fallthrough
				default:
					m.Name = nameOf[*m.StaffID]
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		if !keeper {
			return nil
		}
		if out.Earlier, err = earlierKey(ctx, q, school, now); err != nil {
			return err
		}
		for _, p := range people {
			if inside[p.ID] {
				continue
			}
			k, err := staffKey(ctx, q, p.ID)
			if err != nil {
				return err
			}
			if k != nil {
				out.Waiting = append(out.Waiting, Waiting{p.ID, p.Name, k.recipient, text64(k.signPub)})
			}
		}
		return nil
	})
	return out, err
}

// MakeNamesKey registers a names key with its maker and its recovery sheet, and
// gives its id. A present key must be named to be replaced; its accesses end
// with it.
func (s *Service) MakeNamesKey(ctx context.Context, school, by string, in NewNamesKey) (id string, err error) {
	recipient, err := recipientOf("recipient", in.Recipient)
	if err != nil {
		return "", err
	}
	root, err := sealedOf("root.wrapped", in.Root.Wrapped, maxWrapped)
	if err != nil {
		return "", err
	}
	sheet, err := recipientOf("recovery.recipient", in.Recovery.Recipient)
	if err != nil {
		return "", err
	}
	recovery, err := sealedOf("recovery.wrapped", in.Recovery.Wrapped, maxWrapped)
	if err != nil {
		return "", err
	}
	id = store.NewID()
	return id, s.db.Tx(ctx, func(tx store.Queryer) error {
		mine, err := staffKey(ctx, tx, by)
		if err != nil {
			return err
		}
		if mine == nil {
			return fault.New(fault.Conflict, "roster.no_own_key")
		}
		if in.Root.StaffID != by || in.Root.Recipient != mine.recipient || in.Root.SignPub != text64(mine.signPub) {
			return fault.New(fault.Conflict, "roster.key_changed").At("root")
		}
		now := s.now()
		replaced, err := retireKey(ctx, tx, school, in.Replaces, now)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO names_key (id, school_id, recipient, created_by, created_at) VALUES ($1, $2, $3, $4, $5)`, id, school, recipient, by, now); err != nil {
			if store.IsUnique(err) {
				return fault.New(fault.Conflict, "roster.other_key").Because(err)
			}
			return err
		}
		maker := newMember{key: id, school: school, staff: &by, recipient: mine.recipient, signPub: mine.signPub, wrapped: root, endorsedBy: by}
		if err := maker.insert(ctx, tx, now); err != nil {
			return err
		}
		paper := newMember{key: id, school: school, recipient: sheet, wrapped: recovery, endorsedBy: by}
		if err := paper.insert(ctx, tx, now); err != nil {
			return err
		}
		if replaced {
			return s.audit(ctx, tx, school, "names.key_replace", "names_key", id, nil)
		}
		return s.audit(ctx, tx, school, "names.key", "names_key", id, nil)
	})
}

// newMember is a row of names_member; staff is nil for the recovery sheet.
type newMember struct {
	key, school                   string
	staff                         *string
	recipient                     string
	signPub, wrapped, endorsement []byte
	endorsedBy                    string
	until                         *int64
}

func (m newMember) insert(ctx context.Context, tx store.Queryer, now int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO names_member (id, key_id, school_id, staff_id, recipient, sign_pub, wrapped, endorsed_by, endorsement, until, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		store.NewID(), m.key, m.school, m.staff, m.recipient, m.signPub, m.wrapped, m.endorsedBy, m.endorsement, m.until, now)
	return err
}

// LetIn makes a member of staff a member of the names key. The caller is one,
// signs the other's keys as registered, and cannot give longer than they have.
func (s *Service) LetIn(ctx context.Context, school, by string, in NewMember) error {
	recipient, err := recipientOf("recipient", in.Recipient)
	if err != nil {
		return err
	}
	wrapped, err := sealedOf("wrapped", in.Wrapped, maxWrapped)
	if err != nil {
		return err
	}
	endorsement, err := bytesOf("endorsement", in.Endorsement, ed25519.SignatureSize, ed25519.SignatureSize)
	if err != nil {
		return err
	}
	until := int64(0)
	if in.Until != nil {
		if until = *in.Until; until <= s.now() {
			return fault.New(fault.Invalid, "roster.past").At("until")
		}
	}
	people, err := s.staffIn(ctx, school)
	if err != nil {
		return err
	}
	known := false
	for _, p := range people {
		known = known || p.ID == in.StaffID
	}
	if !known {
		return fault.New(fault.NotFound, "roster.no_staff").At("staffId")
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		key, err := presentKey(ctx, tx, school)
		if err != nil {
			return err
		}
		if key == nil {
			return fault.New(fault.Conflict, "roster.no_names_key")
		}
		if err := s.letIn(ctx, tx, key.ID, by); err != nil {
			return err
		}
		var myUntil *int64
		if err := tx.QueryRowContext(ctx, `SELECT until FROM names_member WHERE key_id = $1 AND staff_id = $2 AND revoked_at IS NULL`, key.ID, by).Scan(&myUntil); err != nil {
			return err
		}
		if myUntil != nil && (until == 0 || until > *myUntil) {
			return fault.New(fault.Invalid, "roster.past_own").At("until")
		}
		theirs, err := staffKey(ctx, tx, in.StaffID)
		if err != nil {
			return err
		}
		if theirs == nil || theirs.recipient != recipient || text64(theirs.signPub) != in.SignPub {
			return fault.New(fault.Conflict, "roster.key_changed").At("recipient")
		}
		mine, err := staffKey(ctx, tx, by)
		if err != nil {
			return err
		}
		if mine == nil {
			return fault.New(fault.Conflict, "roster.no_own_key")
		}
		if !ed25519.Verify(mine.signPub, EndorsementMessage(school, in.StaffID, recipient, in.SignPub, until), endorsement) {
			return fault.New(fault.Invalid, "roster.bad_signature").At("endorsement")
		}
		now := s.now()
		// Letting in again replaces: another date, or a key made anew.
		if _, err := tx.ExecContext(ctx, `UPDATE names_member SET revoked_at = $1, wrapped = NULL WHERE key_id = $2 AND staff_id = $3 AND revoked_at IS NULL`, now, key.ID, in.StaffID); err != nil {
			return err
		}
		let := newMember{key: key.ID, school: school, staff: &in.StaffID, recipient: recipient, signPub: theirs.signPub, wrapped: wrapped,
			endorsement: endorsement, endorsedBy: by, until: in.Until}
		if err := let.insert(ctx, tx, now); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "names.let_in", "staff", in.StaffID, map[string]string{"until": strconv.FormatInt(until, 10)})
	})
}

// PutOut ends a member's access. What their browser has already read cannot be
// taken back; the server gives them no record from now on.
func (s *Service) PutOut(ctx context.Context, school, member string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		var staff *string
		err := tx.QueryRowContext(ctx, `UPDATE names_member SET revoked_at = $1, wrapped = NULL WHERE id = $2 AND school_id = $3 AND revoked_at IS NULL RETURNING staff_id`,
			s.now(), member, school).Scan(&staff)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "roster.no_member")
		}
		if err != nil {
			return err
		}
		who := ""
		if staff != nil {
			who = *staff
		}
		return s.audit(ctx, tx, school, "names.put_out", "staff", who, map[string]string{"member": member})
	})
}
