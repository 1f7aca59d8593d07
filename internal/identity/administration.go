package identity

import (
	"context"
	"database/sql"
	"strings"

	"preau/internal/fault"
	"preau/internal/store"
)

type schoolIn struct {
	School string `path:"school" maxLength:"36"`
}

type schoolOut struct{ Body School }

type schoolsOut struct {
	Body struct {
		Items []School `json:"items" nullable:"false"`
		Next  string   `json:"next,omitempty"`
	}
}

// getSchools lists the schools where the staff calling has any role.
func (s *Service) getSchools(ctx context.Context, in *PageIn) (*schoolsOut, error) {
	var out schoolsOut
	query, args := "SELECT "+schoolColumns+" FROM school WHERE id > $1", []any{in.After, in.Limit + 1}
	if p := From(ctx); !p.Holds(Place{}) {
		mine := map[string]bool{}
		for _, g := range p.Staff.Grants {
			if g.SchoolID != "" {
				mine[g.SchoolID] = true
			}
			for _, id := range g.SchoolIDs {
				mine[id] = true
			}
		}
		if len(mine) == 0 {
			out.Body.Items = []School{}
			return &out, nil
		}
		var list []string
		for id := range mine {
			args = append(args, id)
			list = append(list, placeholder(len(args)))
		}
		query += " AND id IN (" + strings.Join(list, ", ") + ")"
	}
	rows, err := s.db.Reader().QueryContext(ctx, query+" ORDER BY id LIMIT $2", args...)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(r *sql.Rows) (School, error) { return scanSchool(r) })
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(sc School) string { return sc.ID })
	return &out, err
}

type createSchoolIn struct{ Body SchoolInput }

func (s *Service) postSchool(ctx context.Context, in *createSchoolIn) (*schoolOut, error) {
	sc, err := s.CreateSchool(ctx, in.Body)
	return &schoolOut{sc}, err
}

func (s *Service) getSchool(ctx context.Context, in *schoolIn) (*schoolOut, error) {
	sc, err := s.School(ctx, in.School)
	return &schoolOut{sc}, err
}

type patchSchoolIn struct {
	School string `path:"school" maxLength:"36"`
	Body   struct {
		Name              *string `json:"name,omitempty" maxLength:"120"`
		Kind              *string `json:"kind,omitempty" enum:"ecole,college,lycee,other"`
		UAI               *string `json:"uai,omitempty" maxLength:"16" doc:"Empty to remove it, as for the optional fields below."`
		Zone              *string `json:"zone,omitempty" maxLength:"64"`
		TerritoryID       *string `json:"territoryId,omitempty" maxLength:"36" doc:"For administrators of the installation."`
		ControllerName    *string `json:"controllerName,omitempty" maxLength:"120"`
		ControllerRole    *string `json:"controllerRole,omitempty" maxLength:"120"`
		ControllerContact *string `json:"controllerContact,omitempty" maxLength:"240"`
		Processor         *string `json:"processor,omitempty" maxLength:"240"`
		DPOContact        *string `json:"dpoContact,omitempty" maxLength:"240"`
	}
}

func (s *Service) patchSchool(ctx context.Context, in *patchSchoolIn) (*schoolOut, error) {
	var out schoolOut
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		was, err := schoolBy(ctx, tx, in.School)
		if err != nil {
			return err
		}
		next := SchoolInput{Name: was.Name, Kind: was.Kind, UAI: value(was.UAI), Zone: was.Zone, TerritoryID: value(was.TerritoryID),
			ControllerName: was.ControllerName, ControllerRole: was.ControllerRole, ControllerContact: was.ControllerContact,
			Processor: value(was.Processor), DPOContact: value(was.DPOContact)}
		b := in.Body
		for _, change := range []struct{ to, from *string }{
			{&next.Name, b.Name}, {&next.Kind, b.Kind}, {&next.UAI, b.UAI}, {&next.Zone, b.Zone}, {&next.TerritoryID, b.TerritoryID},
			{&next.ControllerName, b.ControllerName}, {&next.ControllerRole, b.ControllerRole}, {&next.ControllerContact, b.ControllerContact},
			{&next.Processor, b.Processor}, {&next.DPOContact, b.DPOContact},
		} {
			if change.from != nil {
				*change.to = *change.from
			}
		}
		// A territory gives its people power over the school: not the school's to choose.
		if next.TerritoryID != value(was.TerritoryID) {
			if !From(ctx).Holds(Place{}, Administrator) {
				return fault.New(fault.Forbidden, "identity.territory_not_yours").At("territoryId")
			}
			if next.TerritoryID != "" {
				if err := territoryExists(ctx, tx, next.TerritoryID); err != nil {
					return err
				}
			}
		}
		sc, err := next.school(was.CreatedAt, "")
		if err != nil {
			return err
		}
		sc.ID = was.ID
		out.Body = sc
		_, err = tx.ExecContext(ctx, `UPDATE school SET territory_id = $1, uai = $2, name = $3, kind = $4, zone = $5, controller_name = $6, controller_role = $7,
			controller_contact = $8, processor = $9, dpo_contact = $10 WHERE id = $11`,
			sc.TerritoryID, sc.UAI, sc.Name, sc.Kind, sc.Zone, sc.ControllerName, sc.ControllerRole, sc.ControllerContact, sc.Processor, sc.DPOContact, sc.ID)
		if store.IsUnique(err) {
			return fault.New(fault.Conflict, "identity.uai_taken").At("uai")
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actorOf(ctx), "school.change", sc.ID, "school", sc.ID, nil)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

type territoriesOut struct {
	Body struct {
		Items []Territory `json:"items" nullable:"false"`
		Next  string      `json:"next,omitempty"`
	}
}

func (s *Service) getTerritories(ctx context.Context, in *PageIn) (*territoriesOut, error) {
	all, err := s.territories(ctx, in.After, in.Limit+1)
	var out territoriesOut
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(t Territory) string { return t.ID })
	return &out, err
}

type territoryIn struct {
	Body struct {
		Kind     string `json:"kind" enum:"town,academie,country"`
		Name     string `json:"name" maxLength:"120"`
		ParentID string `json:"parentId,omitempty" maxLength:"36"`
	}
}

type territoryOut struct{ Body Territory }

func (s *Service) postTerritory(ctx context.Context, in *territoryIn) (*territoryOut, error) {
	t, err := s.CreateTerritory(ctx, in.Body.Kind, in.Body.Name, in.Body.ParentID)
	return &territoryOut{t}, err
}
