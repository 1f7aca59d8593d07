package load

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/google/uuid"

	"preau/internal/assessment"
	"preau/internal/demo"
	"preau/internal/identity"
	"preau/internal/roster"
)

// Town is many schools on one Monday morning: pupils whose sittings run since
// the day before, and classes who are about to begin theirs.
type Town struct {
	Running  Sittings
	Classes  []Class
	Campaign map[string]string // by school
}

// Class is pupils who begin together.
type Class struct {
	School, Campaign string
	Auth             []string // what each slip sends, in base64url
	Seats            []string
}

const (
	classOf  = 30
	schoolOf = 990 // seats of a school: 33 classes
)

// MakeTown makes schools until count sittings run and starts pupils wait to
// begin, in an empty installation. said is told how far it is.
func MakeTown(ctx context.Context, ids *identity.Service, seats *roster.Service, assess *assessment.Service, running, starts int, said func(done, of int)) (Town, error) {
	town := Town{Campaign: map[string]string{}}
	head, err := ids.CreateStaff(ctx, identity.StaffInput{Name: "D. Leroy", Email: "d@charge.example"})
	if err != nil {
		return town, err
	}
	ctx = identity.With(ctx, identity.Principal{Staff: &identity.StaffPrincipal{ID: head.ID}})
	data, err := demo.TestPackage()
	if err != nil {
		return town, err
	}
	for left := running + starts; left > 0; {
		n := min(left, schoolOf)
		classes, err := makeSchool(ctx, ids, seats, assess, head.ID, data, len(town.Campaign), n)
		if err != nil {
			return town, err
		}
		school, campaign := classes[0].School, classes[0].Campaign
		town.Campaign[school] = campaign
		var begin []string
		for _, c := range classes {
			if missing := running - len(town.Running.Tokens) - len(begin); missing > 0 {
				n := min(missing, len(c.Seats))
				begin = append(begin, c.Seats[:n]...)
				c.Seats, c.Auth = c.Seats[n:], c.Auth[n:]
			}
			if len(c.Seats) > 0 {
				town.Classes = append(town.Classes, c)
			}
		}
		tokens := make([]string, len(begin))
		err = inParallel(16, len(begin), func(i int) (err error) {
			tokens[i], err = assess.Begin(ctx, school, begin[i], campaign, 0)
			return err
		})
		if err != nil {
			return town, err
		}
		town.Running.Tokens = append(town.Running.Tokens, tokens...)
		left -= n
		said(running+starts-left, running+starts)
	}
	return town, nil
}

// Split takes classes of that many pupils, or a few more, out of those who are
// about to begin.
func (town *Town) Split(pupils int) Town {
	out := Town{Campaign: town.Campaign}
	for pupils > 0 && len(town.Classes) > 0 {
		last := len(town.Classes) - 1
		out.Classes = append(out.Classes, town.Classes[last])
		pupils -= len(town.Classes[last].Seats)
		town.Classes = town.Classes[:last]
	}
	return out
}

// makeSchool makes a school whose classes may begin the demonstration campaign.
func makeSchool(ctx context.Context, ids *identity.Service, seats *roster.Service, assess *assessment.Service, head string, pack []byte, number, count int) ([]Class, error) {
	school, err := ids.CreateSchool(ctx, identity.SchoolInput{
		Name: fmt.Sprintf("Collège de la charge %d", number), Kind: "college", Zone: "Europe/Paris", ControllerName: "D. Leroy", ControllerRole: "Direction", ControllerContact: "d@charge.example",
	})
	if err != nil {
		return nil, err
	}
	today := time.Now()
	year, err := seats.OpenYear(ctx, school.ID, roster.NewYear{
		Label: "Charge", StartsOn: today.AddDate(0, 0, -1).Format(time.DateOnly), EndsOn: today.AddDate(0, 6, 0).Format(time.DateOnly),
	})
	if err != nil {
		return nil, err
	}
	in := roster.Import{ID: uuid.NewString(), YearID: year.ID}
	var classes []Class
	codes := map[string]bool{}
	for len(in.Seats) < count {
		secret := demo.NewSeatSecret()
		keys := secret.Keys()
		if codes[keys.Code] {
			continue
		}
		codes[keys.Code] = true
		ref := fmt.Sprintf("g%d", len(in.Seats)/classOf)
		if len(in.Seats)%classOf == 0 {
			in.Groups = append(in.Groups, roster.ImportGroup{Ref: ref, Name: "Classe " + ref, Kind: "class"})
			classes = append(classes, Class{School: school.ID})
		}
		hash := keys.AuthHash()
		seat := roster.ImportSeat{
			ID: uuid.NewString(), Number: len(in.Seats) + 1, Pseudonym: "Loutre " + letters(len(in.Seats)+1), Picture: "otter", Groups: []string{ref},
			AuthHash: base64.RawURLEncoding.EncodeToString(hash[:]), SeatCode: keys.Code,
		}
		in.Seats = append(in.Seats, seat)
		last := &classes[len(classes)-1]
		last.Seats = append(last.Seats, seat.ID)
		last.Auth = append(last.Auth, base64.RawURLEncoding.EncodeToString(keys.Auth[:]))
	}
	made, err := seats.Import(ctx, school.ID, head, in)
	if err != nil {
		return nil, err
	}
	imported, err := assess.ImportPackage(ctx, school.ID, head, pack)
	if err != nil {
		return nil, err
	}
	var groups []string
	for _, g := range made.Groups {
		groups = append(groups, g.ID)
	}
	campaign, err := assess.MakeCampaign(ctx, school.ID, head, assessment.NewCampaign{
		PackageID: imported.Package.ID, Title: "Charge", Groups: groups, OpensAt: today.Add(-time.Hour).UnixMilli(), ClosesAt: today.Add(24 * time.Hour).UnixMilli(),
	}, identity.Reach{All: true})
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if err := assess.SetRoom(ctx, school.ID, campaign, g, 0, true); err != nil {
			return nil, err
		}
	}
	for i := range classes {
		classes[i].Campaign = campaign
	}
	return classes, nil
}
