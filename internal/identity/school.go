package identity

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // a zone is valid or not whatever the machine has installed
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"preau/internal/fault"
	"preau/internal/store"
)

// School is an école, collège, lycée…, with its own controller (GDPR art. 4(7)).
type School struct {
	ID                string  `json:"id"`
	TerritoryID       *string `json:"territoryId"`
	UAI               *string `json:"uai" doc:"National number of the school."`
	Name              string  `json:"name"`
	Kind              string  `json:"kind" enum:"ecole,college,lycee,other"`
	Zone              string  `json:"zone" doc:"IANA time zone."`
	ControllerName    string  `json:"controllerName"`
	ControllerRole    string  `json:"controllerRole"`
	ControllerContact string  `json:"controllerContact"`
	Processor         *string `json:"processor" doc:"Who runs the machine for the controller, when it is another body."`
	DPOContact        *string `json:"dpoContact"`
	CreatedAt         int64   `json:"createdAt"`
}

// SchoolInput is what one says to make a school. Empty optional fields are absent.
type SchoolInput struct {
	Name              string `json:"name" maxLength:"120"`
	Kind              string `json:"kind" enum:"ecole,college,lycee,other"`
	UAI               string `json:"uai,omitempty" maxLength:"16"`
	Zone              string `json:"zone" maxLength:"64"`
	TerritoryID       string `json:"territoryId,omitempty" maxLength:"36"`
	ControllerName    string `json:"controllerName" maxLength:"120"`
	ControllerRole    string `json:"controllerRole" maxLength:"120"`
	ControllerContact string `json:"controllerContact" maxLength:"240"`
	Processor         string `json:"processor,omitempty" maxLength:"240"`
	DPOContact        string `json:"dpoContact,omitempty" maxLength:"240"`
}

var uaiForm = regexp.MustCompile(`^[0-9]{7}[A-Z]$`)

// school checks the input. at prefixes the names of fields.
func (in SchoolInput) school(now int64, at string) (School, error) {
	sc := School{ID: store.NewID(), Kind: in.Kind, Zone: in.Zone, CreatedAt: now, TerritoryID: optional(in.TerritoryID)}
	var err error
	if sc.Name, err = readName(in.Name, at+"name"); err != nil {
		return sc, err
	}
	switch in.Kind {
	case "ecole", "college", "lycee", "other":
	default:
		return sc, fault.New(fault.Invalid, "identity.kind_unknown").At(at + "kind")
	}
	if uai := strings.ToUpper(strings.TrimSpace(in.UAI)); uai != "" {
		if !uaiForm.MatchString(uai) {
			return sc, fault.New(fault.Invalid, "identity.uai_invalid").At(at + "uai")
		}
		sc.UAI = &uai
	}
	if !isZone(in.Zone) {
		return sc, fault.New(fault.Invalid, "identity.zone_unknown").At(at + "zone")
	}
	if sc.ControllerName, err = readName(in.ControllerName, at+"controllerName"); err != nil {
		return sc, err
	}
	if sc.ControllerRole, err = readName(in.ControllerRole, at+"controllerRole"); err != nil {
		return sc, err
	}
	if sc.ControllerContact, err = readLine(in.ControllerContact, at+"controllerContact"); err != nil {
		return sc, err
	}
	if sc.ControllerContact == "" {
		return sc, fault.New(fault.Invalid, "identity.contact_empty").At(at + "controllerContact")
	}
	processor, err := readLine(in.Processor, at+"processor")
	if err != nil {
		return sc, err
	}
	dpo, err := readLine(in.DPOContact, at+"dpoContact")
	if err != nil {
		return sc, err
	}
	sc.Processor, sc.DPOContact = optional(processor), optional(dpo)
	return sc, nil
}

// isZone refuses what LoadLocation accepts beyond IANA's names.
func isZone(zone string) bool {
	if zone == "" || zone == "Local" || len(zone) > 64 {
		return false
	}
	_, err := time.LoadLocation(zone)
	return err == nil
}

const longestLine = 240

// readLine tidies a free line, which may be empty.
func readLine(s, field string) (string, error) {
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	if utf8.RuneCountInString(s) > longestLine || !utf8.ValidString(s) {
		return "", fault.New(fault.Invalid, "identity.line_long", "count", longestLine).At(field)
	}
	return s, nil
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// CreateSchool makes a school.
func (s *Service) CreateSchool(ctx context.Context, in SchoolInput) (School, error) {
	sc, err := in.school(s.ms(), "")
	if err != nil {
		return sc, err
	}
	return sc, s.db.Tx(ctx, func(tx store.Queryer) error { return s.insertSchool(ctx, tx, sc, actorOf(ctx)) })
}

func (s *Service) insertSchool(ctx context.Context, tx store.Queryer, sc School, by actor) error {
	if sc.TerritoryID != nil {
		if err := territoryExists(ctx, tx, *sc.TerritoryID); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO school (id, territory_id, uai, name, kind, zone, controller_name, controller_role, controller_contact, processor, dpo_contact, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		sc.ID, sc.TerritoryID, sc.UAI, sc.Name, sc.Kind, sc.Zone, sc.ControllerName, sc.ControllerRole, sc.ControllerContact, sc.Processor, sc.DPOContact, sc.CreatedAt)
	if store.IsUnique(err) {
		return fault.New(fault.Conflict, "identity.uai_taken").At("uai")
	}
	if err != nil {
		return err
	}
	return s.audit(ctx, tx, by, "school.create", sc.ID, "school", sc.ID, nil)
}

const schoolColumns = "id, territory_id, uai, name, kind, zone, controller_name, controller_role, controller_contact, processor, dpo_contact, created_at"

func scanSchool(row interface{ Scan(...any) error }) (School, error) {
	var sc School
	err := row.Scan(&sc.ID, &sc.TerritoryID, &sc.UAI, &sc.Name, &sc.Kind, &sc.Zone, &sc.ControllerName, &sc.ControllerRole, &sc.ControllerContact, &sc.Processor, &sc.DPOContact, &sc.CreatedAt)
	return sc, err
}

// School gives a school, or NotFound.
func (s *Service) School(ctx context.Context, id string) (School, error) {
	return schoolBy(ctx, s.db.Reader(), id)
}

func schoolBy(ctx context.Context, q store.Queryer, id string) (School, error) {
	sc, err := scanSchool(q.QueryRowContext(ctx, "SELECT "+schoolColumns+" FROM school WHERE id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return sc, fault.New(fault.NotFound, "identity.no_school")
	}
	return sc, err
}

// Schools lists the schools after an id, at most limit (≤ 500), in the order
// in which they were made.
func (s *Service) Schools(ctx context.Context, after string, limit int) ([]School, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT "+schoolColumns+" FROM school WHERE id > $1 ORDER BY id LIMIT $2", after, min(max(limit, 1), pageLimit))
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows) (School, error) { return scanSchool(r) })
}

// collect reads every row and closes rows.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	list := []T{}
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}

// noSchool says whether the installation is still empty.
func noSchool(ctx context.Context, q store.Queryer) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 AS one FROM school LIMIT 1) AS found").Scan(&n)
	return n == 0, err
}
