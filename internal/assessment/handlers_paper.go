package assessment

import "context"

func (s *Service) getBooklet(ctx context.Context, in *InRoom) (*answer[Booklet], error) {
	return give(s.BookletOf(ctx, in.School, in.Campaign, in.Group, in.Sequence))
}

func (s *Service) getCheck(ctx context.Context, in *InRoom) (*answer[PaperCheck], error) {
	if err := s.inRoom(ctx, *in); err != nil {
		return nil, err
	}
	return give(s.CheckOf(ctx, in.School, in.Campaign, in.Group, in.Sequence))
}

type drawIn struct {
	InRoom
	Body struct {
		Share int `json:"share" minimum:"1" maximum:"100" doc:"Per cent of the seats."`
	}
}

func (s *Service) postCheck(ctx context.Context, in *drawIn) (*nothing, error) {
	if err := s.inRoom(ctx, in.InRoom); err != nil {
		return nil, err
	}
	return done(s.DrawCheck(ctx, in.School, in.Campaign, in.Group, in.Sequence, in.Body.Share))
}

func (s *Service) getSecond(ctx context.Context, in *InRoom) (*answer[grid], error) {
	if err := s.inRoom(ctx, *in); err != nil {
		return nil, err
	}
	cells, err := s.Second(ctx, in.School, in.Campaign, in.Group, in.Sequence)
	return give(grid{cells}, err)
}

func (s *Service) putSecond(ctx context.Context, in *cellIn) (*nothing, error) {
	if err := s.inRoom(ctx, in.InRoom, in.Seat); err != nil {
		return nil, err
	}
	return done(s.KeySecond(ctx, in.School, in.Campaign, in.Group, in.Sequence, in.Seat, in.Body))
}

func (s *Service) putDecision(ctx context.Context, in *cellIn) (*nothing, error) {
	if err := s.inRoom(ctx, in.InRoom, in.Seat); err != nil {
		return nil, err
	}
	return done(s.Decide(ctx, in.School, in.Campaign, in.Group, in.Sequence, in.Seat, in.Body))
}

func (s *Service) getAloud(ctx context.Context, in *InGroup) (*answer[Aloud], error) {
	return give(s.AloudOf(ctx, in.School, in.Campaign, in.Group))
}

type aloudIn struct {
	InGroup
	Seat string `path:"seat" maxLength:"40"`
	Body struct {
		State string `json:"state" enum:",absent,exempt,redo"`
	}
}

func (s *Service) putAloud(ctx context.Context, in *aloudIn) (*nothing, error) {
	if err := s.inRoom(ctx, InRoom{InGroup: in.InGroup}, in.Seat); err != nil {
		return nil, err
	}
	return done(s.SetAloudState(ctx, in.School, in.Campaign, in.Seat, in.Body.State))
}

type readingIn struct {
	InGroup
	Seat    string `path:"seat" maxLength:"40"`
	Reading string `path:"reading" maxLength:"36"`
	Body    struct {
		Saves []ReadingSave `json:"saves" nullable:"false" minItems:"1" maxItems:"50"`
	}
}

func (s *Service) postReading(ctx context.Context, in *readingIn) (*answer[ReadingAcks], error) {
	if err := s.inRoom(ctx, InRoom{InGroup: in.InGroup}, in.Seat); err != nil {
		return nil, err
	}
	return give(s.SaveReading(ctx, in.School, in.Campaign, in.Seat, in.Reading, in.Body.Saves))
}

type rubricIn struct {
	InCampaign
	Question string `path:"question" maxLength:"200"`
	Body     struct {
		Twice    bool        `json:"twice"`
		Criteria []Criterion `json:"criteria" nullable:"false" maxItems:"8"`
	}
}

func (s *Service) putRubric(ctx context.Context, in *rubricIn) (*nothing, error) {
	if err := s.whole(ctx, in.School, in.Campaign); err != nil {
		return nil, err
	}
	return done(s.SetRubric(ctx, in.School, in.Campaign, Rubric{Question: in.Question, Twice: in.Body.Twice, Criteria: in.Body.Criteria}))
}

func (s *Service) getMarkings(ctx context.Context, in *InGroup) (*answer[items[Marked]], error) {
	list, err := s.MarkingsOf(ctx, in.School, in.Campaign, in.Group, staffID(ctx))
	return give(items[Marked]{list}, err)
}

type markIn struct {
	InGroup
	Question string `path:"question" maxLength:"200"`
	Seat     string `path:"seat" maxLength:"40"`
	Body     struct {
		Levels []int `json:"levels" nullable:"false" minItems:"1" maxItems:"8"`
	}
}

func (s *Service) putMarking(ctx context.Context, in *markIn) (*nothing, error) {
	if err := s.inRoom(ctx, InRoom{InGroup: in.InGroup}, in.Seat); err != nil {
		return nil, err
	}
	return done(s.MarkSeat(ctx, in.School, in.Campaign, in.Group, in.Seat, in.Question, staffID(ctx), in.Body.Levels))
}
