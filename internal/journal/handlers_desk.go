package journal

import "context"

func (s *Service) getDesk(ctx context.Context, in *InSchool) (*answer[Desk], error) {
	return give(s.Desk(ctx, in.School))
}

type contributionsIn struct {
	InSchool
	Status string `query:"status" enum:"waiting,shown,refused,spam" default:"waiting"`
	Source string `query:"source" maxLength:"24"`
	Piece  string `query:"piece" maxLength:"40"`
	After  string `query:"after" maxLength:"40" doc:"Last id of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *Service) getContributions(ctx context.Context, in *contributionsIn) (*answer[items[Contribution]], error) {
	return listed(s.Contributions(ctx, in.School, ContributionFilter{in.Status, in.Source, in.Piece, in.After, in.Limit}))
}

type sortingIn struct {
	InSchool
	Body Sorting
}

func (s *Service) postSorting(ctx context.Context, in *sortingIn) (*nothing, error) {
	return done(s.Sort(ctx, in.School, in.Body))
}

type reportsIn struct {
	InSchool
	Status string `query:"status" enum:"waiting,upheld,dismissed" default:"waiting"`
}

func (s *Service) getReports(ctx context.Context, in *reportsIn) (*answer[items[Reported]], error) {
	return listed(s.Reports(ctx, in.School, in.Status))
}

type verdictIn struct {
	InSchool
	Report string `path:"report" maxLength:"40"`
	Body   Verdict
}

func (s *Service) postVerdict(ctx context.Context, in *verdictIn) (*nothing, error) {
	return done(s.Judge(ctx, in.School, in.Report, in.Body))
}

type repliesIn struct {
	InSchool
	Status string `query:"status" enum:"waiting,inserted,refused" default:"waiting"`
}

func (s *Service) getReplies(ctx context.Context, in *repliesIn) (*answer[items[Reply]], error) {
	return listed(s.Replies(ctx, in.School, in.Status))
}

type replyIn struct {
	InSchool
	Reply string `path:"reply" maxLength:"40"`
	Body  Verdict
}

func (s *Service) postReply(ctx context.Context, in *replyIn) (*nothing, error) {
	return done(s.AnswerReply(ctx, in.School, in.Reply, in.Body))
}

type logIn struct {
	InSchool
	Before string `query:"before" maxLength:"40" doc:"Last id of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (s *Service) getLog(ctx context.Context, in *logIn) (*answer[items[LogLine]], error) {
	return listed(s.Log(ctx, in.School, in.Before, in.Limit))
}

func (s *Service) getDecisions(ctx context.Context, in *InSchool) (*answer[items[Decision]], error) {
	return listed(s.Decisions(ctx, in.School))
}

type decisionIn struct {
	InSchool
	Decision string `path:"decision" maxLength:"40"`
}

func (s *Service) postTold(ctx context.Context, in *decisionIn) (*nothing, error) {
	return done(s.Told(ctx, in.School, staffID(ctx), in.Decision))
}

func (s *Service) getConsents(ctx context.Context, in *InSchool) (*answer[items[Consent]], error) {
	return listed(s.Consents(ctx, in.School))
}

type newConsentIn struct {
	InSchool
	Body NewConsent
}

func (s *Service) postConsent(ctx context.Context, in *newConsentIn) (*answer[madeOne], error) {
	return made(s.RecordConsent(ctx, in.School, staffID(ctx), in.Body))
}

type consentUseIn struct {
	InSchool
	Consent string `path:"consent" maxLength:"40"`
	Body    struct {
		Subject string `json:"subject" maxLength:"40" doc:"A file that shows, or a piece that names."`
	}
}

func (s *Service) postConsentUse(ctx context.Context, in *consentUseIn) (*nothing, error) {
	return done(s.UseConsent(ctx, in.School, in.Consent, in.Body.Subject))
}

type consentIn struct {
	InSchool
	Consent string `path:"consent" maxLength:"40"`
}

func (s *Service) deleteConsent(ctx context.Context, in *consentIn) (*nothing, error) {
	return done(s.WithdrawConsent(ctx, in.School, staffID(ctx), in.Consent))
}

func (s *Service) getMandates(ctx context.Context, in *InSchool) (*answer[items[Mandate]], error) {
	return listed(s.Mandates(ctx, in.School))
}

func (s *Service) getPeers(ctx context.Context, in *InSchool) (*answer[items[Peer]], error) {
	return listed(s.Peers(ctx, in.School))
}

type mandateIn struct {
	InSchool
	Body NewMandate
}

func (s *Service) postMandate(ctx context.Context, in *mandateIn) (*answer[madeOne], error) {
	return made(s.GiveMandate(ctx, in.School, staffID(ctx), in.Body))
}

type endMandateIn struct {
	InSchool
	Mandate string `path:"mandate" maxLength:"40"`
}

func (s *Service) deleteMandate(ctx context.Context, in *endMandateIn) (*nothing, error) {
	return done(s.EndMandate(ctx, in.School, in.Mandate))
}
