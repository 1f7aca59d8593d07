package assessment

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"

	"preau/internal/fault"
	"preau/internal/identity"
)

// Parts that the inputs and outputs of routes share.
type (
	InSchool struct {
		School string `path:"school" maxLength:"40"`
	}
	InTest struct {
		InSchool
		Test string `path:"test" maxLength:"40"`
	}
	InCampaign struct {
		InSchool
		Campaign string `path:"campaign" maxLength:"40"`
	}
	InGroup struct {
		InCampaign
		Group string `path:"group" maxLength:"40"`
	}
	InRoom struct {
		InGroup
		Sequence int `path:"sequence" minimum:"0" maximum:"11"`
	}
	nothing       struct{}
	answer[T any] struct{ Body T }
	items[T any]  struct {
		Items []T `json:"items" nullable:"false"`
	}
)

func give[T any](body T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{body}, nil
}

func done(err error) (*nothing, error) { return nil, err }

func (s *Service) getPackages(ctx context.Context, in *InSchool) (*answer[items[Package]], error) {
	list, err := s.Packages(ctx, in.School)
	return give(items[Package]{list}, err)
}

func (s *Service) getPackage(ctx context.Context, in *InTest) (*answer[PackageDetail], error) {
	return give(s.Package(ctx, in.School, in.Test))
}

func (s *Service) deletePackage(ctx context.Context, in *InTest) (*nothing, error) {
	return done(s.RemovePackage(ctx, in.School, in.Test))
}

// postPackage takes a package as the body of the request.
func (s *Service) postPackage(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload+1))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		err = fault.New(fault.TooLarge, "assessment.package_large", "limit", maxUpload>>20)
	}
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	out, err := s.ImportPackage(r.Context(), r.PathValue("school"), staffID(r.Context()), data)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	writeJSON(w, out)
}

func writeJSON(w http.ResponseWriter, out any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

type previewIn struct {
	InTest
	Question string `path:"question" maxLength:"200"`
	Seed     uint64 `query:"seed" doc:"Another draw of a question with a template, another shuffle."`
}

func (s *Service) getPreview(ctx context.Context, in *previewIn) (*answer[ItemView], error) {
	pkg, err := s.open(ctx, in.School, in.Test)
	if err != nil {
		return nil, err
	}
	for _, ref := range pkg.test.Items() {
		if ref.Identifier == in.Question && ref.Item != nil {
			session, err := ref.Item.NewSession(in.Seed)
			if err != nil {
				return nil, err
			}
			return give(s.itemView(pkg, session, "q1"), nil)
		}
	}
	return nil, fault.New(fault.NotFound, "assessment.no_question")
}

// mine says which groups of a school the staff calling may give a test to, or
// see the campaigns of.
func (s *Service) mine(ctx context.Context, school string) (func(group string) bool, error) {
	p := identity.From(ctx)
	reach := p.ReachIn(school, invigilators()...)
	if reach.All {
		return func(string) bool { return true }, nil
	}
	own := map[string]bool{}
	groups, err := s.roster.Groups(ctx, school, "", identity.Reach{Years: reach.Years, Groups: reach.Groups})
	for _, g := range groups {
		own[g.ID] = true
	}
	return func(group string) bool { return own[group] }, err
}

func (s *Service) getCampaigns(ctx context.Context, in *InSchool) (*answer[items[Campaign]], error) {
	mine, err := s.mine(ctx, in.School)
	if err != nil {
		return nil, err
	}
	list, err := s.Campaigns(ctx, in.School, mine)
	return give(items[Campaign]{list}, err)
}

func (s *Service) getCampaign(ctx context.Context, in *InCampaign) (*answer[Campaign], error) {
	return give(s.visible(ctx, in))
}

// visible is a campaign that reaches a group of the staff calling, with those
// groups only.
func (s *Service) visible(ctx context.Context, in *InCampaign) (Campaign, error) {
	c, err := campaignBy(ctx, s.db.Reader(), in.School, in.Campaign)
	if err != nil {
		return c, err
	}
	mine, err := s.mine(ctx, in.School)
	if err != nil {
		return c, err
	}
	c.Groups = slices.DeleteFunc(c.Groups, func(g string) bool { return !mine(g) })
	if len(c.Groups) == 0 {
		return c, noCampaign()
	}
	return c, nil
}

type postCampaignIn struct {
	InSchool
	Body NewCampaign
}

type madeCampaign struct {
	ID string `json:"id"`
}

func (s *Service) postCampaign(ctx context.Context, in *postCampaignIn) (*answer[madeCampaign], error) {
	if err := s.allMine(ctx, in.School, in.Body.Groups); err != nil {
		return nil, err
	}
	id, err := s.MakeCampaign(ctx, in.School, staffID(ctx), in.Body, identity.Reach{All: true})
	return give(madeCampaign{id}, err)
}

// allMine refuses groups that are not the caller's to give a test to.
func (s *Service) allMine(ctx context.Context, school string, groups []string) error {
	mine, err := s.mine(ctx, school)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if !mine(g) {
			return fault.New(fault.Forbidden, "http.not_allowed").At("groups")
		}
	}
	return nil
}

type putCampaignIn struct {
	InCampaign
	Body NewCampaign
}

// whole refuses whoever does not have every group of a campaign: they may not
// change it for others.
func (s *Service) whole(ctx context.Context, school, campaign string) error {
	c, err := campaignBy(ctx, s.db.Reader(), school, campaign)
	if err != nil {
		return err
	}
	return s.allMine(ctx, school, c.Groups)
}

func (s *Service) putCampaign(ctx context.Context, in *putCampaignIn) (*nothing, error) {
	if err := errors.Join(s.whole(ctx, in.School, in.Campaign)); err != nil {
		return nil, err
	}
	if err := s.allMine(ctx, in.School, in.Body.Groups); err != nil {
		return nil, err
	}
	return done(s.ChangeCampaign(ctx, in.School, in.Campaign, in.Body, identity.Reach{All: true}))
}

func (s *Service) deleteCampaign(ctx context.Context, in *InCampaign) (*nothing, error) {
	if err := s.whole(ctx, in.School, in.Campaign); err != nil {
		return nil, err
	}
	return done(s.RemoveCampaign(ctx, in.School, in.Campaign))
}

type rescoreIn struct {
	InCampaign
	Body struct {
		PackageID string `json:"packageId" maxLength:"40"`
		Why       string `json:"why" maxLength:"1000"`
	}
}

func (s *Service) postRescore(ctx context.Context, in *rescoreIn) (*nothing, error) {
	return done(s.Rescore(ctx, in.School, in.Campaign, in.Body.PackageID, in.Body.Why))
}

func (s *Service) getDistribution(ctx context.Context, in *InCampaign) (*answer[Distribution], error) {
	return give(s.DistributionOf(ctx, in.School, in.Campaign))
}

func (s *Service) getRoom(ctx context.Context, in *InRoom) (*answer[Room], error) {
	return give(s.RoomOf(ctx, in.School, in.Campaign, in.Group, in.Sequence))
}

type putRoomIn struct {
	InRoom
	Body struct {
		Open bool `json:"open"`
	}
}

func (s *Service) putRoom(ctx context.Context, in *putRoomIn) (*nothing, error) {
	return done(s.SetRoom(ctx, in.School, in.Campaign, in.Group, in.Sequence, in.Body.Open))
}

func (s *Service) getReport(ctx context.Context, in *InRoom) (*answer[RoomReport], error) {
	return give(s.ReportOf(ctx, in.School, in.Campaign, in.Group, in.Sequence))
}

type actIn struct {
	InRoom
	Sitting string `path:"sitting" maxLength:"40"`
	Body    Act
}

func (s *Service) postAct(ctx context.Context, in *actIn) (*nothing, error) {
	t, err := sittingBy(ctx, s.db.Reader(), in.Sitting)
	if err != nil {
		return nil, err
	}
	if err := s.inRoom(ctx, in.InRoom, t.Seat); err != nil {
		return nil, err
	}
	if t.School != in.School || t.Campaign != in.Campaign || t.Sequence != in.Sequence {
		return nil, fault.New(fault.NotFound, "assessment.no_sitting")
	}
	return done(s.Do(ctx, t, in.Body))
}

// inRoom refuses a seat that is not of the room's group, and a group that the
// campaign has not.
func (s *Service) inRoom(ctx context.Context, in InRoom, seats ...string) error {
	c, err := campaignBy(ctx, s.db.Reader(), in.School, in.Campaign)
	if err != nil {
		return err
	}
	if err := c.has(in.Group, in.Sequence); err != nil {
		return err
	}
	all, err := s.roster.SeatsOfGroup(ctx, in.School, in.Group)
	if err != nil {
		return err
	}
	for _, seat := range seats {
		found := false
		for _, one := range all {
			found = found || one.ID == seat
		}
		if !found {
			return fault.New(fault.NotFound, "roster.no_seat")
		}
	}
	return nil
}

type exchangeIn struct {
	InRoom
	Body struct {
		A string `json:"a" maxLength:"40"`
		B string `json:"b" maxLength:"40"`
	}
}

func (s *Service) postExchange(ctx context.Context, in *exchangeIn) (*nothing, error) {
	if err := s.inRoom(ctx, in.InRoom, in.Body.A, in.Body.B); err != nil {
		return nil, err
	}
	return done(s.Exchange(ctx, in.School, in.Campaign, in.Sequence, in.Body.A, in.Body.B))
}

type aidIn struct {
	InGroup
	Seat string `path:"seat" maxLength:"40"`
	Body Aid
}

func (s *Service) putAid(ctx context.Context, in *aidIn) (*nothing, error) {
	if err := s.inRoom(ctx, InRoom{InGroup: in.InGroup}, in.Seat); err != nil {
		return nil, err
	}
	return done(s.SetAid(ctx, in.School, in.Campaign, in.Seat, in.Body))
}

type grid struct {
	Cells map[string]map[string]string `json:"cells" nullable:"false" doc:"By seat, then by question."`
}

func (s *Service) getGrid(ctx context.Context, in *InRoom) (*answer[grid], error) {
	if err := s.inRoom(ctx, *in); err != nil {
		return nil, err
	}
	cells, err := s.gridOf(ctx, in.School, in.Campaign, in.Group, in.Sequence)
	return give(grid{cells}, err)
}

type cellIn struct {
	InRoom
	Seat string `path:"seat" maxLength:"40"`
	Body Keyed
}

func (s *Service) putCell(ctx context.Context, in *cellIn) (*nothing, error) {
	if err := s.inRoom(ctx, in.InRoom, in.Seat); err != nil {
		return nil, err
	}
	return done(s.Key(ctx, in.School, in.Campaign, in.Group, in.Sequence, in.Seat, in.Body))
}

type resultsIn struct {
	InGroup
	First bool `query:"first" doc:"By the keys as pupils were given them, before any correction."`
}

func (s *Service) getResults(ctx context.Context, in *resultsIn) (*answer[Results], error) {
	return give(s.ResultsOf(ctx, in.School, in.Campaign, in.Group, in.First))
}
