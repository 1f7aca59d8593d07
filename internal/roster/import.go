package roster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"preau/internal/fault"
	"preau/internal/store"
)

// Import is groups and seats that arrive together. Ids are made by the browser:
// the seat's because its name record is signed with it, the import's so that a
// retry of the same import answers as the first did.
type Import struct {
	ID     string        `json:"id" maxLength:"36" doc:"A random UUID, the same at each retry."`
	YearID string        `json:"yearId"`
	KeyID  string        `json:"keyId,omitempty" doc:"Names key of the records; needed when there is one record."`
	Groups []ImportGroup `json:"groups,omitempty" maxItems:"300"`
	Seats  []ImportSeat  `json:"seats" maxItems:"5000"`
}

// ImportGroup is a new group; seats of the same import name it by Ref.
type ImportGroup struct {
	Ref   string `json:"ref" minLength:"1" maxLength:"80"`
	Name  string `json:"name" maxLength:"60"`
	Kind  string `json:"kind" enum:"class,group"`
	Level string `json:"level,omitempty" maxLength:"20"`
}

// ImportSeat is a new seat.
type ImportSeat struct {
	ID        string   `json:"id" maxLength:"36" doc:"A UUID made by the browser."`
	Number    int      `json:"number" minimum:"1" maximum:"99999"`
	Pseudonym string   `json:"pseudonym" maxLength:"40"`
	Picture   string   `json:"picture" maxLength:"40"`
	Level     string   `json:"level,omitempty" maxLength:"20"`
	Groups    []string `json:"groups,omitempty" maxItems:"40" doc:"Refs of groups of this import, or ids of groups of the year."`
	AuthHash  string   `json:"authHash" maxLength:"43" doc:"SHA-256 of auth."`
	SeatCode  string   `json:"seatCode" maxLength:"5"`
	Record    *Record  `json:"record,omitempty"`
}

// Record is a new version of a seat's name record.
type Record struct {
	Version    int    `json:"version" minimum:"1"`
	Ciphertext string `json:"ciphertext" maxLength:"5462"`
	Signature  string `json:"signature" maxLength:"86"`
}

// Imported says what an import made.
type Imported struct {
	Groups []ImportedGroup `json:"groups"`
	Seats  int             `json:"seats"`
	Again  bool            `json:"again" doc:"This import was already done; nothing was added."`
}

// ImportedGroup ties a ref of the import to the group it made.
type ImportedGroup struct {
	Ref  string `json:"ref"`
	ID   string `json:"id"`
	Code string `json:"code"`
}

// readySeat is an ImportSeat, checked and decoded.
type readySeat struct {
	ImportSeat
	level          *string
	auth, codeHash []byte
	record         *readyRecord
}

// Import makes groups and seats, all or nothing. by is the member of staff who
// signed the records; their registered key verifies each signature.
func (s *Service) Import(ctx context.Context, school, by string, in Import) (Imported, error) {
	if !seatID.MatchString(in.ID) {
		return Imported{}, fault.New(fault.Invalid, "roster.bad_id").At("id")
	}
	digest, err := digestOf(in)
	if err != nil {
		return Imported{}, err
	}
	groups, refs, err := s.readyGroups(in)
	if err != nil {
		return Imported{}, err
	}
	seats, err := s.readySeats(in)
	if err != nil {
		return Imported{}, err
	}
	out := Imported{Seats: len(seats)}
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		out.Groups, out.Again = nil, false
		made := slices.Clone(groups)
		again, err := sameImport(ctx, tx, school, in.ID, digest)
		if err != nil {
			return err
		}
		if again {
			if err := readCodes(ctx, tx, school, made); err != nil {
				return err
			}
		} else if err := s.bringIn(ctx, tx, school, by, in, digest, made, refs, seats); err != nil {
			return err
		}
		out.Again, out.Groups = again, make([]ImportedGroup, len(made))
		for i, g := range made {
			out.Groups[i] = ImportedGroup{Ref: in.Groups[i].Ref, ID: g.ID, Code: g.Code}
		}
		return nil
	})
	if store.IsUnique(err) {
		// Taken since bringIn looked, or by another school: ids are random, so
		// this is a browser that repeats itself under another import id.
		return Imported{}, fault.New(fault.Conflict, "roster.import_taken").Because(err)
	}
	return out, err
}

func digestOf(in Import) ([]byte, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	return sum[:], nil
}

// groupID gives the group of a ref the same id at each retry. It is as hard to
// guess as the import's own random id.
func groupID(importID, ref string) string {
	sum := sha256.Sum256([]byte("preau/import-group/v1\n" + importID + "\n" + ref))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // RFC 9562, version 8
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func (s *Service) readyGroups(in Import) ([]Group, map[string]string, error) {
	if len(in.Groups) > maxGroups {
		return nil, nil, fault.New(fault.TooLarge, "roster.too_many_groups", "count", maxGroups).At("groups")
	}
	refs := make(map[string]string, len(in.Groups))
	names := make(map[string]bool, len(in.Groups))
	groups := make([]Group, len(in.Groups))
	for i, g := range in.Groups {
		group, err := s.newGroup(NewGroup{YearID: in.YearID, Name: g.Name, Kind: g.Kind, Level: g.Level}, item("groups", i, "")+".")
		if err != nil {
			return nil, nil, err
		}
		if _, twice := refs[g.Ref]; twice || g.Ref == "" {
			return nil, nil, fault.New(fault.Invalid, "roster.twice").At(item("groups", i, "ref"))
		}
		if names[group.Name] {
			return nil, nil, fault.New(fault.Invalid, "roster.twice").At(item("groups", i, "name"))
		}
		group.ID = groupID(in.ID, g.Ref)
		groups[i], refs[g.Ref], names[group.Name] = group, group.ID, true
	}
	return groups, refs, nil
}

// readySeats checks all that can be checked without the database, and names
// the first item at fault.
func (s *Service) readySeats(in Import) ([]readySeat, error) {
	if len(in.Seats) == 0 {
		return nil, fault.New(fault.Invalid, "roster.no_seats").At("seats")
	}
	if len(in.Seats) > maxImport {
		return nil, fault.New(fault.TooLarge, "roster.too_many_seats", "count", maxImport).At("seats")
	}
	seen := newTaken()
	seats := make([]readySeat, len(in.Seats))
	for i, one := range in.Seats {
		ready, err := s.readySeat(one, i)
		if err != nil {
			return nil, err
		}
		if field := seen.add(ready); field != "" {
			return nil, fault.New(fault.Invalid, "roster.twice").At(item("seats", i, field))
		}
		if ready.record != nil && in.KeyID == "" {
			return nil, fault.New(fault.Invalid, "roster.key_needed").At("keyId")
		}
		seats[i] = ready
	}
	return seats, nil
}

func (s *Service) readySeat(in ImportSeat, i int) (r readySeat, err error) {
	r.ImportSeat = in
	at := func(field string) string { return item("seats", i, field) }
	if !seatID.MatchString(in.ID) {
		return r, fault.New(fault.Invalid, "roster.bad_id").At(at("id"))
	}
	if in.Number < 1 || in.Number > maxNumber {
		return r, fault.New(fault.Invalid, "roster.bad_number").At(at("number"))
	}
	if r.Pseudonym, err = pseudonym(at("pseudonym"), in.Pseudonym); err != nil {
		return r, err
	}
	if !pictureName.MatchString(in.Picture) {
		return r, fault.New(fault.Invalid, "roster.bad_picture").At(at("picture"))
	}
	if r.level, err = optionalLabel(at("level"), in.Level, 20); err != nil {
		return r, err
	}
	if len(in.Groups) > maxSeatGroups {
		return r, fault.New(fault.Invalid, "roster.too_many_groups", "count", maxSeatGroups).At(at("groups"))
	}
	if r.auth, err = bytesOf(at("authHash"), in.AuthHash, sha256.Size, sha256.Size); err != nil {
		return r, err
	}
	if !exactCode(in.SeatCode, SeatCodeLength) {
		return r, fault.New(fault.Invalid, "roster.bad_code").At(at("seatCode"))
	}
	r.codeHash = s.codeHash(in.SeatCode)
	if in.Record != nil {
		if r.record, err = in.Record.ready(at("record")); err != nil {
			return r, err
		}
		if r.record.version != 1 {
			return r, fault.New(fault.Conflict, "roster.version").At(at("record.version"))
		}
	}
	return r, nil
}

// taken is what two seats may not have in common.
type taken struct {
	ids, pseudonyms, auths, codes map[string]bool
	numbers                       map[int]bool
}

func newTaken() *taken {
	return &taken{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[int]bool{}}
}

// add takes the seat's, or names the field that is already taken.
func (t *taken) add(r readySeat) string {
	switch {
	case t.ids[r.ID]:
		return "id"
	case t.numbers[r.Number]:
		return "number"
	case t.pseudonyms[r.Pseudonym]:
		return "pseudonym"
	case t.auths[string(r.auth)]:
		return "authHash"
	case t.codes[string(r.codeHash)]:
		return "seatCode"
	}
	t.ids[r.ID], t.numbers[r.Number], t.pseudonyms[r.Pseudonym] = true, true, true
	t.auths[string(r.auth)], t.codes[string(r.codeHash)] = true, true
	return ""
}

// sameImport says whether this import was done before.
func sameImport(ctx context.Context, tx store.Queryer, school, id string, digest []byte) (bool, error) {
	var before []byte
	var of string
	err := tx.QueryRowContext(ctx, `SELECT school_id, digest FROM roster_import WHERE id = $1`, id).Scan(&of, &before)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if of != school || !bytes.Equal(before, digest) {
		return false, fault.New(fault.Conflict, "roster.import_other").At("id")
	}
	return true, nil
}

// readCodes fills in the codes of groups made before, and drops those removed since.
func readCodes(ctx context.Context, tx store.Queryer, school string, groups []Group) error {
	for i := range groups {
		err := tx.QueryRowContext(ctx, `SELECT code FROM roster_group WHERE id = $1 AND school_id = $2`, groups[i].ID, school).Scan(&groups[i].Code)
		if errors.Is(err, sql.ErrNoRows) {
			groups[i].Code, err = "", nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bringIn writes an import that is new.
func (s *Service) bringIn(ctx context.Context, tx store.Queryer, school, by string, in Import, digest []byte, groups []Group, refs map[string]string, seats []readySeat) error {
	if err := openYear(ctx, tx, school, in.YearID); err != nil {
		return err
	}
	if err := refuseTaken(ctx, tx, school, in.YearID, seats); err != nil {
		return err
	}
	known, err := groupsOfYear(ctx, tx, school, in.YearID)
	if err != nil {
		return err
	}
	now := s.now()
	if _, err := tx.ExecContext(ctx, `INSERT INTO roster_import (id, school_id, year_id, digest, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		in.ID, school, in.YearID, digest, by, now); err != nil {
		return err
	}
	if err := s.insertGroups(ctx, tx, school, groups); err != nil {
		return err
	}
	var seatRows, memberRows [][]any
	var records []signedRecord
	for i, r := range seats {
		seatRows = append(seatRows, []any{r.ID, school, in.YearID, r.Number, r.Pseudonym, r.Picture, r.level, r.auth, r.codeHash, 1, now})
		in := map[string]bool{}
		for j, ref := range r.Groups {
			id, isNew := refs[ref]
			if !isNew {
				if id = ref; !known[id] {
					return noGroup().At(item("seats", i, item("groups", j, "")))
				}
			}
			if !in[id] {
				in[id] = true
				memberRows = append(memberRows, []any{r.ID, id, school})
			}
		}
		if r.record != nil {
			records = append(records, signedRecord{seat: r.ID, at: item("seats", i, "record"), readyRecord: *r.record})
		}
	}
	if err := insertRows(ctx, tx, "seat (id, school_id, year_id, number, pseudonym, picture, level, auth_hash, code_hash, secret_version, created_at)", seatRows); err != nil {
		return err
	}
	if err := insertRows(ctx, tx, "seat_group (seat_id, group_id, school_id)", memberRows); err != nil {
		return err
	}
	if err := s.writeRecords(ctx, tx, school, by, in.KeyID, records); err != nil {
		return err
	}
	return s.audit(ctx, tx, school, "roster.import", "year", in.YearID,
		map[string]string{"import": in.ID, "seats": strconv.Itoa(len(seats)), "groups": strconv.Itoa(len(groups))})
}

// refuseTaken names the first seat whose number, pseudonym or code is already
// somebody's in the year.
func refuseTaken(ctx context.Context, tx store.Queryer, school, year string, seats []readySeat) error {
	rows, err := tx.QueryContext(ctx, `SELECT id, number, pseudonym, auth_hash, code_hash FROM seat WHERE school_id = $1 AND year_id = $2`, school, year)
	if err != nil {
		return err
	}
	before, err := collect(rows, func(r *sql.Rows, x *readySeat) error {
		return r.Scan(&x.ID, &x.Number, &x.Pseudonym, &x.auth, &x.codeHash)
	})
	if err != nil {
		return err
	}
	t := newTaken()
	for _, x := range before {
		t.add(x)
	}
	for i, r := range seats {
		if field := t.add(r); field != "" {
			return fault.New(fault.Conflict, "roster.taken").At(item("seats", i, field))
		}
	}
	return nil
}

// insertRows inserts many rows of one table in few statements. into is the
// table and its columns.
func insertRows(ctx context.Context, tx store.Queryer, into string, rows [][]any) error {
	for chunk := range slices.Chunk(rows, 200) {
		var a args
		query := []byte("INSERT INTO " + into + " VALUES ")
		for i, row := range chunk {
			if i > 0 {
				query = append(query, ',')
			}
			query = append(query, '(')
			for j, v := range row {
				if j > 0 {
					query = append(query, ',')
				}
				query = append(query, a.add(v)...)
			}
			query = append(query, ')')
		}
		if _, err := tx.ExecContext(ctx, string(query), a...); err != nil {
			return err
		}
	}
	return nil
}
