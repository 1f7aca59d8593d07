package roster

import (
	"context"

	"preau/internal/identity"
)

// Parts that the inputs and outputs of routes share. huma reads the fields of an
// embedded part only when its name is exported.
type (
	InSchool struct {
		School string `path:"school" maxLength:"40"`
	}
	InGroup struct {
		School string `path:"school" maxLength:"40"`
		Group  string `path:"group" maxLength:"40"`
	}
	InSeat struct {
		School string `path:"school" maxLength:"40"`
		Seat   string `path:"seat" maxLength:"40"`
	}
	Paged struct {
		After string `query:"after" maxLength:"40"`
		Limit int    `query:"limit" minimum:"1" maximum:"500" default:"500"`
	}
	nothing       struct{}
	answer[T any] struct{ Body T }
	items[T any]  struct {
		Items []T    `json:"items" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"Value of after for the following page."`
	}
)

func give[T any](body T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{body}, nil
}

func giveList[T any](list []T, next string, err error) (*answer[items[T]], error) {
	return give(items[T]{list, next}, err)
}

func done(err error) (*nothing, error) { return nil, err }

func reachIn(ctx context.Context, school string, roles []identity.Role) identity.Reach {
	return identity.From(ctx).ReachIn(school, roles...)
}

func (s *Service) listYears(ctx context.Context, in *InSchool) (*answer[items[Year]], error) {
	years, err := s.Years(ctx, in.School)
	return giveList(years, "", err)
}

type postYear struct {
	InSchool
	Body NewYear
}

func (s *Service) postYear(ctx context.Context, in *postYear) (*answer[Year], error) {
	return give(s.OpenYear(ctx, in.School, in.Body))
}

type InYear struct {
	School string `path:"school" maxLength:"40"`
	Year   string `path:"year" maxLength:"40"`
}

func (s *Service) postYearClose(ctx context.Context, in *InYear) (*nothing, error) {
	return done(s.CloseYear(ctx, in.School, in.Year))
}

type listGroups struct {
	InSchool
	Year string `query:"year" maxLength:"40" doc:"Every open year when absent."`
}

func (s *Service) listGroups(ctx context.Context, in *listGroups) (*answer[items[Group]], error) {
	groups, err := s.Groups(ctx, in.School, in.Year, reachIn(ctx, in.School, groupReaders))
	return giveList(groups, "", err)
}

type postGroup struct {
	InSchool
	Body NewGroup
}

func (s *Service) postGroup(ctx context.Context, in *postGroup) (*answer[Group], error) {
	return give(s.MakeGroup(ctx, in.School, in.Body))
}

// GroupSeats is a group with those of its seats that the caller may see.
type GroupSeats struct {
	Group Group  `json:"group"`
	Seats []Seat `json:"seats" nullable:"false"`
}

func (s *Service) getGroup(ctx context.Context, in *InGroup) (*answer[GroupSeats], error) {
	reach := reachIn(ctx, in.School, readers)
	group, err := s.Group(ctx, in.School, in.Group, reach)
	if err != nil {
		return nil, err
	}
	out := GroupSeats{Group: group, Seats: []Seat{}}
	for after := ""; ; {
		seats, next, err := s.Seats(ctx, in.School, SeatFilter{Group: in.Group, After: after}, reach)
		if err != nil {
			return nil, err
		}
		out.Seats = append(out.Seats, seats...)
		if after = next; after == "" {
			return give(out, nil)
		}
	}
}

type patchGroup struct {
	InGroup
	Body GroupChange
}

func (s *Service) patchGroup(ctx context.Context, in *patchGroup) (*nothing, error) {
	return done(s.ChangeGroup(ctx, in.School, in.Group, in.Body))
}

func (s *Service) deleteGroup(ctx context.Context, in *InGroup) (*nothing, error) {
	return done(s.RemoveGroup(ctx, in.School, in.Group))
}

type listSeats struct {
	InSchool
	Paged
	Year  string `query:"year" maxLength:"40" doc:"Every open year when absent."`
	Group string `query:"group" maxLength:"40"`
	Left  bool   `query:"left" doc:"Those that have left, instead."`
}

func (s *Service) listSeats(ctx context.Context, in *listSeats) (*answer[items[Seat]], error) {
	return giveList(s.Seats(ctx, in.School, SeatFilter{Year: in.Year, Group: in.Group, Left: in.Left, After: in.After, Limit: in.Limit}, reachIn(ctx, in.School, readers)))
}

type postImport struct {
	InSchool
	Body Import
}

func (s *Service) postImport(ctx context.Context, in *postImport) (*answer[Imported], error) {
	return give(s.Import(ctx, in.School, staffID(ctx), in.Body))
}

type patchSeat struct {
	InSeat
	Body SeatChange
}

func (s *Service) patchSeat(ctx context.Context, in *patchSeat) (*nothing, error) {
	return done(s.ChangeSeat(ctx, in.School, in.Seat, in.Body))
}

type postSecret struct {
	InSeat
	Body NewSecret
}

// SecretVersion is the version of a seat's secret.
type SecretVersion struct {
	SecretVersion int `json:"secretVersion"`
}

func (s *Service) postSecret(ctx context.Context, in *postSecret) (*answer[SecretVersion], error) {
	version, err := s.ReplaceSecret(ctx, in.School, staffID(ctx), in.Seat, in.Body)
	return give(SecretVersion{version}, err)
}

type postSwap struct {
	InSchool
	Body Swap
}

func (s *Service) postSwap(ctx context.Context, in *postSwap) (*nothing, error) {
	return done(s.SwapSecrets(ctx, in.School, staffID(ctx), in.Body))
}
