package load

import (
	"context"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"preau/internal/assessment"
	"preau/internal/demo"
	"preau/internal/identity"
	"preau/internal/roster"
)

// Sittings are simulated pupils who have begun the demonstration campaign.
type Sittings struct {
	School, Campaign string
	Tokens           []string
}

const (
	seatsAtOnce = 4000 // of one import
	groupOf     = 500
)

// MakeSittings makes a school with count seats, gives them the demonstration
// campaign, and begins every sitting, in an empty installation.
func MakeSittings(ctx context.Context, ids *identity.Service, seats *roster.Service, assess *assessment.Service, count int) (Sittings, error) {
	var out Sittings
	made, err := ids.CreateSchool(ctx, identity.SchoolInput{
		Name: "Collège de la charge", Kind: "college", Zone: "Europe/Paris", ControllerName: "D. Leroy", ControllerRole: "Direction", ControllerContact: "d@charge.example",
	})
	if err != nil {
		return out, err
	}
	out.School = made.ID
	head, err := ids.CreateStaff(ctx, identity.StaffInput{Name: "D. Leroy", Email: "d@charge.example"})
	if err != nil {
		return out, err
	}
	ctx = identity.With(ctx, identity.Principal{Staff: &identity.StaffPrincipal{ID: head.ID}})
	today := time.Now()
	year, err := seats.OpenYear(ctx, out.School, roster.NewYear{
		Label: "Charge", StartsOn: today.AddDate(0, 0, -1).Format(time.DateOnly), EndsOn: today.AddDate(0, 6, 0).Format(time.DateOnly),
	})
	if err != nil {
		return out, err
	}
	groups, all, err := importSeats(ctx, seats, out.School, year.ID, head.ID, count)
	if err != nil {
		return out, err
	}
	data, err := demo.TestPackage()
	if err != nil {
		return out, err
	}
	imported, err := assess.ImportPackage(ctx, out.School, head.ID, data)
	if err != nil {
		return out, err
	}
	out.Campaign, err = assess.MakeCampaign(ctx, out.School, head.ID, assessment.NewCampaign{
		PackageID: imported.Package.ID, Title: "Charge", Groups: groups, OpensAt: today.Add(-time.Hour).UnixMilli(), ClosesAt: today.Add(24 * time.Hour).UnixMilli(),
	}, identity.Reach{All: true})
	if err != nil {
		return out, err
	}
	for _, g := range groups {
		if err := assess.SetRoom(ctx, out.School, out.Campaign, g, 0, true); err != nil {
			return out, err
		}
	}
	out.Tokens = make([]string, len(all))
	return out, inParallel(16, len(all), func(i int) (err error) {
		out.Tokens[i], err = assess.Begin(ctx, out.School, all[i], out.Campaign, 0)
		return err
	})
}

func importSeats(ctx context.Context, seats *roster.Service, school, year, by string, count int) (groups, ids []string, err error) {
	codes := map[string]bool{}
	for len(ids) < count {
		in := roster.Import{ID: uuid.NewString(), YearID: year}
		for len(in.Seats) < seatsAtOnce && len(ids) < count {
			ref := fmt.Sprintf("g%d", len(in.Seats)/groupOf)
			if len(in.Seats)%groupOf == 0 {
				in.Groups = append(in.Groups, roster.ImportGroup{Ref: ref, Name: fmt.Sprintf("Classe %d-%s", len(ids), ref), Kind: "class"})
			}
			secret := demo.NewSeatSecret()
			keys := secret.Keys()
			if codes[keys.Code] {
				continue
			}
			codes[keys.Code] = true
			auth := keys.AuthHash()
			seat := roster.ImportSeat{
				ID: uuid.NewString(), Number: len(ids) + 1, Pseudonym: "Loutre " + letters(len(ids)+1), Picture: "otter", Groups: []string{ref},
				AuthHash: base64.RawURLEncoding.EncodeToString(auth[:]), SeatCode: keys.Code,
			}
			in.Seats, ids = append(in.Seats, seat), append(ids, seat.ID)
		}
		made, err := seats.Import(ctx, school, by, in)
		if err != nil {
			return nil, nil, err
		}
		for _, g := range made.Groups {
			groups = append(groups, g.ID)
		}
	}
	return groups, ids, nil
}

// inParallel does f for 0 to n-1 with some workers, and gives the first error.
func inParallel(workers, n int, f func(i int) error) error {
	var wg sync.WaitGroup
	var once sync.Once
	var first error
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range next {
				if err := f(i); err != nil {
					once.Do(func() { first = err })
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return first
}

// SittingIDs are the ids that stand in the tokens, in the same order.
func SittingIDs(s Sittings) ([]string, error) {
	ids := make([]string, len(s.Tokens))
	for i, token := range s.Tokens {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(raw) < 16 {
			return nil, fmt.Errorf("token %d is not a sitting's", i)
		}
		ids[i] = uuid.UUID(raw[:16]).String()
	}
	return ids, nil
}
