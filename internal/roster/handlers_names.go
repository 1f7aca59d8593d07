package roster

import (
	"context"

	"preau/internal/identity"
)

func (s *Service) getMyKey(ctx context.Context, _ *struct{}) (*answer[*StaffKey], error) {
	return give(s.StaffKeyOf(ctx, staffID(ctx)))
}

func (s *Service) getMyEarlierKeys(ctx context.Context, _ *struct{}) (*answer[items[EarlierStaffKey]], error) {
	list, err := s.EarlierStaffKeys(ctx, staffID(ctx))
	return giveList(list, "", err)
}

type putMyKey struct{ Body StaffKey }

func (s *Service) putMyKey(ctx context.Context, in *putMyKey) (*nothing, error) {
	return done(s.SetStaffKey(ctx, staffID(ctx), in.Body))
}

func (s *Service) getNames(ctx context.Context, in *InSchool) (*answer[Names], error) {
	keeper := identity.From(ctx).Holds(identity.Place{School: in.School}, keepers...)
	return give(s.Names(ctx, in.School, staffID(ctx), keeper))
}

type postNamesKey struct {
	InSchool
	Body NewNamesKey
}

// MadeKey is the id of a new names key.
type MadeKey struct {
	ID string `json:"id"`
}

func (s *Service) postNamesKey(ctx context.Context, in *postNamesKey) (*answer[MadeKey], error) {
	id, err := s.MakeNamesKey(ctx, in.School, staffID(ctx), in.Body)
	return give(MadeKey{id}, err)
}

type postRestoreKey struct {
	InSchool
	Body struct {
		Key string `json:"key" maxLength:"36" doc:"Id of the replaced key."`
	}
}

func (s *Service) postRestoreKey(ctx context.Context, in *postRestoreKey) (*nothing, error) {
	return done(s.RestoreNamesKey(ctx, in.School, in.Body.Key))
}

type postMember struct {
	InSchool
	Body NewMember
}

func (s *Service) postMember(ctx context.Context, in *postMember) (*nothing, error) {
	return done(s.LetIn(ctx, in.School, staffID(ctx), in.Body))
}

type deleteMember struct {
	InSchool
	Member string `path:"member" maxLength:"40"`
}

func (s *Service) deleteMember(ctx context.Context, in *deleteMember) (*nothing, error) {
	return done(s.PutOut(ctx, in.School, in.Member))
}

type putSheet struct {
	InSchool
	Body NewSheet
}

func (s *Service) putSheet(ctx context.Context, in *putSheet) (*nothing, error) {
	return done(s.ReplaceSheet(ctx, in.School, staffID(ctx), in.Body))
}

type sheetStored struct {
	InSchool
	Member string `path:"member" maxLength:"40"`
}

func (s *Service) sheetStored(ctx context.Context, in *sheetStored) (*nothing, error) {
	return done(s.SheetStored(ctx, in.School, in.Member))
}

type listRecords struct {
	InSchool
	Paged
	Group string `query:"group" maxLength:"40"`
	Year  string `query:"year" maxLength:"40"`
}

func (s *Service) listRecords(ctx context.Context, in *listRecords) (*answer[items[NameRecord]], error) {
	return giveList(s.Records(ctx, in.School, staffID(ctx), SeatFilter{Group: in.Group, Year: in.Year, After: in.After, Limit: in.Limit},
		reachIn(ctx, in.School, nameReaders)))
}

type putRecords struct {
	InSchool
	Body struct {
		Records []WrittenRecord `json:"records" minItems:"1" maxItems:"500"`
	}
}

func (s *Service) putRecords(ctx context.Context, in *putRecords) (*nothing, error) {
	return done(s.WriteRecords(ctx, in.School, staffID(ctx), in.Body.Records, reachIn(ctx, in.School, teachers)))
}

type putFirstNames struct {
	InGroup
	Body struct {
		Items []SealedFor `json:"items" minItems:"1" maxItems:"500"`
	}
}

// Given says how many sessions got a box.
type Given struct {
	Given int `json:"given"`
}

func (s *Service) putFirstNames(ctx context.Context, in *putFirstNames) (*answer[Given], error) {
	given, err := s.ShareFirstNames(ctx, in.School, staffID(ctx), in.Group, in.Body.Items)
	return give(Given{given}, err)
}

func (s *Service) deleteFirstNames(ctx context.Context, in *InGroup) (*nothing, error) {
	return done(s.StopFirstNames(ctx, in.School, in.Group))
}
