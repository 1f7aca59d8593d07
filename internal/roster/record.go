package roster

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// readyRecord is a Record, decoded.
type readyRecord struct {
	version               int
	ciphertext, signature []byte
}

// signedRecord is a readyRecord of a seat; at names where the client put it.
type signedRecord struct {
	seat, at string
	readyRecord
}

// NameRecord is the latest name record of a seat: ciphertext for the names key,
// signed by the member of staff who wrote it.
type NameRecord struct {
	SeatID     string `json:"seatId"`
	Version    int    `json:"version"`
	KeyID      string `json:"keyId"`
	Ciphertext string `json:"ciphertext"`
	SignerID   string `json:"signerId"`
	Signature  string `json:"signature"`
	CreatedAt  int64  `json:"createdAt"`
}

// WrittenRecord is a new version of the record of a seat.
type WrittenRecord struct {
	SeatID     string `json:"seatId" maxLength:"36"`
	KeyID      string `json:"keyId" maxLength:"36"`
	Version    int    `json:"version" minimum:"1"`
	Ciphertext string `json:"ciphertext" maxLength:"5462"`
	Signature  string `json:"signature" maxLength:"86"`
}

// ageHeader opens every age file (age-encryption.org/v1).
const ageHeader = "age-encryption.org/v1\n"

func (r Record) ready(at string) (*readyRecord, error) {
	ciphertext, err := bytesOf(at+".ciphertext", r.Ciphertext, len(ageHeader), maxCiphertext)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(string(ciphertext), ageHeader) {
		return nil, fault.New(fault.Invalid, "roster.not_sealed").At(at + ".ciphertext")
	}
	signature, err := bytesOf(at+".signature", r.Signature, ed25519.SignatureSize, ed25519.SignatureSize)
	if err != nil {
		return nil, err
	}
	return &readyRecord{r.Version, ciphertext, signature}, nil
}

// RecordMessage is what the writer of a name record signs.
func RecordMessage(school, seat string, version int, ciphertext []byte) []byte {
	sum := sha256.Sum256(ciphertext)
	return []byte("preau/name-record/v1\n" + school + "\n" + seat + "\n" + strconv.Itoa(version) + "\n" + hex.EncodeToString(sum[:]))
}

// writeRecords adds the next version of each record. The writer must have been
// let in to the school's present names key, and must have signed with the key
// they registered. Earlier versions are deleted: they hold an older name or a
// secret that no longer opens anything.
func (s *Service) writeRecords(ctx context.Context, tx store.Queryer, school, by, keyID string, records []signedRecord) error {
	if len(records) == 0 {
		return nil
	}
	key, err := presentKey(ctx, tx, school)
	if err != nil {
		return err
	}
	if key == nil || key.ID != keyID {
		return fault.New(fault.Conflict, "roster.other_key").At("keyId")
	}
	if err := s.letIn(ctx, tx, key.ID, by); err != nil {
		return err
	}
	mine, err := staffKey(ctx, tx, by)
	if err != nil {
		return err
	}
	if mine == nil {
		return fault.New(fault.Forbidden, "roster.no_own_key")
	}
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.seat
	}
	versions, err := versionsOf(ctx, tx, school, ids)
	if err != nil {
		return err
	}
	now := s.now()
	rows := make([][]any, len(records))
	for i, r := range records {
		if r.version != versions[r.seat]+1 {
			return fault.New(fault.Conflict, "roster.version").At(r.at+".version").With("seatId", r.seat)
		}
		if !ed25519.Verify(mine.signPub, RecordMessage(school, r.seat, r.version, r.ciphertext), r.signature) {
			return fault.New(fault.Invalid, "roster.bad_signature").At(r.at + ".signature")
		}
		rows[i] = []any{school, r.seat, r.version, keyID, r.ciphertext, by, r.signature, now}
	}
	for chunk := range slices.Chunk(ids, maxPage) {
		var a args
		if _, err := tx.ExecContext(ctx, `DELETE FROM name_record WHERE seat_id IN (`+a.list(chunk)+`)`, a...); err != nil {
			return err
		}
	}
	return insertRows(ctx, tx, "name_record (school_id, seat_id, version, key_id, ciphertext, signer_id, signature, created_at)", rows)
}

func versionsOf(ctx context.Context, q store.Queryer, school string, seats []string) (map[string]int, error) {
	versions := make(map[string]int, len(seats))
	for chunk := range slices.Chunk(seats, maxPage) {
		var a args
		rows, err := q.QueryContext(ctx, `SELECT seat_id, max(version) FROM name_record WHERE school_id = `+a.add(school)+` AND seat_id IN (`+a.list(chunk)+`) GROUP BY seat_id`, a...)
		if err != nil {
			return nil, err
		}
		type latest struct {
			seat    string
			version int
		}
		found, err := collect(rows, func(r *sql.Rows, l *latest) error { return r.Scan(&l.seat, &l.version) })
		if err != nil {
			return nil, err
		}
		for _, l := range found {
			versions[l.seat] = l.version
		}
	}
	return versions, nil
}

// Records gives the latest record of each seat inside the reach, by seat id,
// to somebody who has been let in to the names at this moment.
func (s *Service) Records(ctx context.Context, school, by string, f SeatFilter, reach identity.Reach) (records []NameRecord, next string, err error) {
	if f.Limit <= 0 || f.Limit > maxPage {
		f.Limit = maxPage
	}
	var a args
	where := "n.school_id = " + a.add(school) + " AND n.seat_id > " + a.add(f.After) + " AND " + seatsWithin(reach, &a)
	if f.Group != "" {
		where += " AND EXISTS (SELECT 1 FROM seat_group m WHERE m.seat_id = s.id AND m.group_id = " + a.add(f.Group) + ")"
	}
	if f.Year != "" {
		where += " AND s.year_id = " + a.add(f.Year)
	}
	err = s.db.Snapshot(ctx, func(q store.Queryer) error {
		key, err := presentKey(ctx, q, school)
		if err != nil {
			return err
		}
		if key == nil {
			records = []NameRecord{}
			return nil
		}
		if err := s.letIn(ctx, q, key.ID, by); err != nil {
			return err
		}
		rows, err := q.QueryContext(ctx, `SELECT n.seat_id, n.version, n.key_id, n.ciphertext, n.signer_id, n.signature, n.created_at
			FROM name_record n JOIN seat s ON s.id = n.seat_id
			WHERE `+where+` AND n.version = (SELECT max(o.version) FROM name_record o WHERE o.seat_id = n.seat_id)
			ORDER BY n.seat_id LIMIT `+strconv.Itoa(f.Limit), a...)
		if err != nil {
			return err
		}
		records, err = collect(rows, func(r *sql.Rows, n *NameRecord) error {
			var ciphertext, signature []byte
			err := r.Scan(&n.SeatID, &n.Version, &n.KeyID, &ciphertext, &n.SignerID, &signature, &n.CreatedAt)
			n.Ciphertext, n.Signature = text64(ciphertext), text64(signature)
			return err
		})
		return err
	})
	if len(records) == f.Limit {
		next = records[len(records)-1].SeatID
	}
	return records, next, err
}

// WriteRecords corrects names: the next version of each record, all or nothing,
// for seats inside the reach.
func (s *Service) WriteRecords(ctx context.Context, school, by string, written []WrittenRecord, reach identity.Reach) error {
	seen := map[string]bool{}
	records := make([]signedRecord, len(written))
	for i, w := range written {
		at := item("records", i, "")
		ready, err := Record{w.Version, w.Ciphertext, w.Signature}.ready(at)
		if err != nil {
			return err
		}
		if seen[w.SeatID] {
			return fault.New(fault.Invalid, "roster.twice").At(at + ".seatId")
		}
		if w.KeyID != written[0].KeyID {
			return fault.New(fault.Conflict, "roster.other_key").At(at + ".keyId")
		}
		seen[w.SeatID] = true
		records[i] = signedRecord{seat: w.SeatID, at: at, readyRecord: *ready}
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		for _, r := range records {
			a := args{r.seat, school}
			var ok bool
			err := tx.QueryRowContext(ctx, `SELECT s.erased_at IS NULL FROM seat s WHERE s.id = $1 AND s.school_id = $2 AND `+seatsWithin(reach, &a), a...).Scan(&ok)
			if errors.Is(err, sql.ErrNoRows) {
				return noSeat().At(r.at + ".seatId")
			}
			if err != nil {
				return err
			}
			if !ok {
				return fault.New(fault.Gone, "roster.seat_erased").At(r.at + ".seatId")
			}
		}
		if err := s.writeRecords(ctx, tx, school, by, written[0].KeyID, records); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "names.write", "school", school, map[string]string{"seats": strconv.Itoa(len(records))})
	})
}
