package roster

import (
	"context"
	"crypto/sha256"
	"strconv"

	"preau/internal/fault"
	"preau/internal/store"
)

// NewSecret replaces a seat's secret: what the browser derived from the new one.
type NewSecret struct {
	AuthHash string  `json:"authHash" maxLength:"43" doc:"SHA-256 of auth."`
	SeatCode string  `json:"seatCode" maxLength:"5"`
	KeyID    string  `json:"keyId,omitempty" maxLength:"36" doc:"Names key of the record."`
	Record   *Record `json:"record,omitempty"`
	Spare    bool    `json:"spare,omitempty" doc:"The new secret stands on a slip of reserve that was printed before."`
}

// Swap exchanges the secrets of two seats whose slips were exchanged.
type Swap struct {
	A       string          `json:"a" maxLength:"36"`
	B       string          `json:"b" maxLength:"36"`
	Records []WrittenRecord `json:"records,omitempty" maxItems:"2" doc:"New records of a and b, when they have any: a record holds the secret."`
}

// ReplaceSecret gives a seat another secret, when its slip was lost or stolen.
// The old one is refused at once and what it opened ends.
func (s *Service) ReplaceSecret(ctx context.Context, school, by, seat string, in NewSecret) (version int, err error) {
	auth, err := bytesOf("authHash", in.AuthHash, sha256.Size, sha256.Size)
	if err != nil {
		return 0, err
	}
	if !exactCode(in.SeatCode, SeatCodeLength) {
		return 0, fault.New(fault.Invalid, "roster.bad_code").At("seatCode")
	}
	var record *readyRecord
	if in.Record != nil {
		if record, err = in.Record.ready("record"); err != nil {
			return 0, err
		}
	}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		found, err := livingSeat(ctx, tx, school, seat)
		if err != nil {
			return err
		}
		version = found.SecretVersion + 1
		if _, err := tx.ExecContext(ctx, `UPDATE seat SET auth_hash = $1, code_hash = $2, secret_version = $3 WHERE id = $4`, auth, s.codeHash(in.SeatCode), version, seat); err != nil {
			if store.IsUnique(err) {
				return fault.New(fault.Conflict, "roster.taken").At("seatCode").Because(err)
			}
			return err
		}
		if err := s.followSecret(ctx, tx, school, by, in.KeyID, map[string]*readyRecord{seat: record}); err != nil {
			return err
		}
		if _, err := s.endSessions(ctx, tx, endReplaced, `s.id = $1`, seat); err != nil {
			return err
		}
		act := "seat.secret"
		if in.Spare {
			act = "seat.spare"
		}
		return s.audit(ctx, tx, school, act, "seat", seat, map[string]string{"version": strconv.Itoa(version)})
	})
	if err == nil {
		s.hold.drop(seat)
	}
	return version, err
}

// followSecret writes the records that go with new secrets. A seat that has a
// record must get a new one, or its slip could not be printed again.
func (s *Service) followSecret(ctx context.Context, tx store.Queryer, school, by, keyID string, records map[string]*readyRecord) error {
	var signed []signedRecord
	for seat, record := range records {
		if record != nil {
			signed = append(signed, signedRecord{seat: seat, at: "record", readyRecord: *record})
			continue
		}
		before, err := versionsOf(ctx, tx, school, []string{seat})
		if err != nil {
			return err
		}
		if before[seat] > 0 {
			return fault.New(fault.Invalid, "roster.record_needed").At("record")
		}
	}
	return s.writeRecords(ctx, tx, school, by, keyID, signed)
}

// SwapSecrets exchanges the secrets of two seats of the same year, with their
// records, in one transaction. What either opened ends.
func (s *Service) SwapSecrets(ctx context.Context, school, by string, in Swap) error {
	if in.A == in.B {
		return fault.New(fault.Invalid, "roster.twice").At("b")
	}
	keyID := ""
	records := map[string]*readyRecord{in.A: nil, in.B: nil}
	for i, w := range in.Records {
		at := item("records", i, "")
		before, named := records[w.SeatID]
		if !named || before != nil {
			return noSeat().At(at + ".seatId")
		}
		if keyID != "" && keyID != w.KeyID {
			return fault.New(fault.Conflict, "roster.other_key").At(at + ".keyId")
		}
		ready, err := Record{w.Version, w.Ciphertext, w.Signature}.ready(at)
		if err != nil {
			return err
		}
		keyID, records[w.SeatID] = w.KeyID, ready
	}
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		a, err := livingSeat(ctx, tx, school, in.A)
		if err != nil {
			return err
		}
		b, err := livingSeat(ctx, tx, school, in.B)
		if err != nil {
			return err
		}
		if a.YearID != b.YearID {
			return fault.New(fault.Conflict, "roster.other_year").At("b")
		}
		if err := exchange(ctx, tx, in.A, in.B); err != nil {
			return err
		}
		if err := s.followSecret(ctx, tx, school, by, keyID, records); err != nil {
			return err
		}
		if _, err := s.endSessions(ctx, tx, endReplaced, `s.id IN ($1, $2)`, in.A, in.B); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "seat.swap", "seat", in.A, map[string]string{"with": in.B})
	})
	if err == nil {
		s.hold.drop(in.A, in.B)
	}
	return err
}

// exchange passes the hashes through null, because each is unique at every
// statement.
func exchange(ctx context.Context, tx store.Queryer, a, b string) error {
	var auth, code [2][]byte
	for i, id := range []string{a, b} {
		if err := tx.QueryRowContext(ctx, `SELECT auth_hash, code_hash FROM seat WHERE id = $1`, id).Scan(&auth[i], &code[i]); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE seat SET auth_hash = NULL, code_hash = NULL WHERE id = $1`, a); err != nil {
		return err
	}
	for i, id := range []string{b, a} {
		if _, err := tx.ExecContext(ctx, `UPDATE seat SET auth_hash = $1, code_hash = $2, secret_version = secret_version + 1 WHERE id = $3`, auth[i], code[i], id); err != nil {
			return err
		}
	}
	return nil
}
