package assessment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

const (
	maxCampaigns = 500 // listed
	maxSequences = 12
	maxGroups    = 400
	longest      = 400 * 24 * time.Hour
)

// Policy is what a campaign decides, beside its dates and its groups.
type Policy struct {
	Sequences   []Sequence `json:"sequences" nullable:"false" maxItems:"12"`
	Calculator  bool       `json:"calculator"`
	Controller  string     `json:"controller" maxLength:"240" doc:"Who decides of it and answers for it."`
	Basis       string     `json:"basis" maxLength:"480" doc:"Legal basis."`
	Notice      string     `json:"notice" maxLength:"4000" doc:"What families are told."`
	Objection   string     `json:"objection" maxLength:"480" doc:"How to object."`
	Upward      string     `json:"upward" enum:"nothing" doc:"What leaves the school: nothing."`
	AskEach     bool       `json:"askEach" doc:"Each pupil waits for the invigilator's yes, instead of starting when the room is open."`
	ShowResults bool       `json:"showResults" doc:"Teachers see results before the campaign closes."`
	Aloud       *AloudText `json:"aloud,omitempty" doc:"A text that each pupil reads aloud to an adult, against the clock."`
}

// Sequence is what is taken in one go.
type Sequence struct {
	Title   string   `json:"title" maxLength:"120"`
	Parts   []string `json:"parts" nullable:"false" maxItems:"24" doc:"Identifiers of the test's parts, in order: the stages, of which routing may skip some."`
	Minutes int      `json:"minutes" minimum:"1" maximum:"240"`
}

// NewCampaign is what one says to make or change a campaign.
type NewCampaign struct {
	PackageID string   `json:"packageId" maxLength:"40"`
	Title     string   `json:"title" maxLength:"240"`
	OpensAt   int64    `json:"opensAt" doc:"UTC ms."`
	ClosesAt  int64    `json:"closesAt" doc:"UTC ms."`
	Groups    []string `json:"groups" nullable:"false" maxItems:"400"`
	Policy    Policy   `json:"policy"`
}

// Campaign is a test given to groups between two dates.
type Campaign struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	OpensAt  int64    `json:"opensAt"`
	ClosesAt int64    `json:"closesAt"`
	Policy   Policy   `json:"policy"`
	Groups   []string `json:"groups" nullable:"false"`
	Package  string   `json:"packageId" doc:"By which results are scored."`
	Taken    string   `json:"takenId" doc:"Which pupils are given; another than packageId once a key was corrected."`
	FromFile bool     `json:"fromFile" doc:"It came as a file: what its publisher declared does not change here."`
	Begun    bool     `json:"begun" doc:"Somebody has a sitting: neither the test nor the sequences change any more."`

	school string
}

// DefaultSequences groups the parts of a test by the beginning of their
// identifiers, up to the last hyphen: "francais-1", "francais-2a" are one.
func DefaultSequences(parts []PartLine) []Sequence {
	var out []Sequence
	last := ""
	for _, p := range parts {
		stem := p.ID
		if i := strings.LastIndex(stem, "-"); i > 0 {
			stem = stem[:i]
		}
		if len(out) == 0 || stem != last {
			title := p.Title
			if title == "" {
				title = stem
			}
			out = append(out, Sequence{Title: title, Minutes: 30})
		}
		last = stem
		out[len(out)-1].Parts = append(out[len(out)-1].Parts, p.ID)
	}
	return out
}

// checkCampaign refuses what cannot be given.
func (s *Service) checkCampaign(ctx context.Context, school string, in *NewCampaign, reach identity.Reach) error {
	pkg, err := s.open(ctx, school, in.PackageID)
	if err != nil {
		return err
	}
	if err := in.check(pkg.parts); err != nil {
		return err
	}
	return s.checkGroups(ctx, school, in, reach)
}

// check refuses what no group can be given, of a test that has these parts.
func (in *NewCampaign) check(parts []PartLine) error {
	in.Title = strings.TrimSpace(in.Title)
	if in.Title == "" || utf8.RuneCountInString(in.Title) > 120 {
		return fault.New(fault.Invalid, "assessment.bad_title").At("title")
	}
	if in.ClosesAt <= in.OpensAt || in.ClosesAt-in.OpensAt > longest.Milliseconds() {
		return fault.New(fault.Invalid, "assessment.bad_window").At("closesAt")
	}
	if in.Policy.Upward == "" {
		in.Policy.Upward = "nothing"
	}
	if len(in.Policy.Sequences) == 0 {
		in.Policy.Sequences = DefaultSequences(parts)
	}
	if len(in.Policy.Sequences) > maxSequences {
		return fault.New(fault.Invalid, "assessment.sequences").At("policy.sequences")
	}
	var order []string
	for i, q := range in.Policy.Sequences {
		at := "policy.sequences[" + strconv.Itoa(i) + "]"
		if strings.TrimSpace(q.Title) == "" {
			return fault.New(fault.Invalid, "assessment.bad_title").At(at + ".title")
		}
		if q.Minutes < 1 || q.Minutes > maxSequence {
			return fault.New(fault.Invalid, "assessment.bad_minutes", "count", maxSequence).At(at + ".minutes")
		}
		if len(q.Parts) == 0 {
			return fault.New(fault.Invalid, "assessment.sequences").At(at + ".parts")
		}
		order = append(order, q.Parts...)
	}
	// Sequences hold every part once, in the test's order: routing looks back only.
	var whole []string
	for _, p := range parts {
		whole = append(whole, p.ID)
	}
	if !slices.Equal(order, whole) {
		return fault.New(fault.Invalid, "assessment.sequences").At("policy.sequences")
	}
	if in.Policy.Aloud != nil {
		return in.Policy.Aloud.check()
	}
	return nil
}

func (s *Service) checkGroups(ctx context.Context, school string, in *NewCampaign, reach identity.Reach) error {
	if len(in.Groups) == 0 {
		return fault.New(fault.Invalid, "assessment.no_groups").At("groups")
	}
	if len(in.Groups) > maxGroups {
		return fault.New(fault.TooLarge, "assessment.no_groups").At("groups")
	}
	slices.Sort(in.Groups)
	in.Groups = slices.Compact(in.Groups)
	for _, g := range in.Groups {
		if _, err := s.roster.Group(ctx, school, g, reach); err != nil {
			return err
		}
	}
	return nil
}

// MakeCampaign makes a campaign. The caller has checked that they may, and
// reach is the groups that they may give it to.
func (s *Service) MakeCampaign(ctx context.Context, school, by string, in NewCampaign, reach identity.Reach) (string, error) {
	if err := s.checkCampaign(ctx, school, &in, reach); err != nil {
		return "", err
	}
	id := store.NewID()
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		if err := s.insertCampaign(ctx, tx, school, by, id, in); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign.make", "campaign", id, nil)
	})
	return id, err
}

func (s *Service) insertCampaign(ctx context.Context, tx store.Queryer, school, by, id string, in NewCampaign) error {
	policy, err := json.Marshal(in.Policy)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO campaign (id, school_id, package_id, taken_id, title, policy, opens_at, closes_at, created_by, created_at) VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9)`,
		id, school, in.PackageID, in.Title, string(policy), in.OpensAt, in.ClosesAt, by, s.now()); err != nil {
		return err
	}
	return setGroups(ctx, tx, school, id, in.Groups)
}

func setGroups(ctx context.Context, tx store.Queryer, school, id string, groups []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM campaign_group WHERE campaign_id = $1 AND school_id = $2`, id, school); err != nil {
		return err
	}
	for _, g := range groups {
		if _, err := tx.ExecContext(ctx, `INSERT INTO campaign_group (campaign_id, group_id, school_id) VALUES ($1, $2, $3)`, id, g, school); err != nil {
			return err
		}
	}
	return nil
}

// ChangeCampaign changes a campaign: everything before the first sitting, its
// title, dates, groups and texts afterwards.
func (s *Service) ChangeCampaign(ctx context.Context, school, id string, in NewCampaign, reach identity.Reach) error {
	if err := s.checkCampaign(ctx, school, &in, reach); err != nil {
		return err
	}
	policy, err := json.Marshal(in.Policy)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		c, err := campaignBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if c.Begun && (c.Taken != in.PackageID || !sameSequences(c.Policy.Sequences, in.Policy.Sequences) || !sameAloud(c.Policy.Aloud, in.Policy.Aloud)) {
			return refuse("begun")
		}
		if c.FromFile {
			if err := keepsPromise(ctx, tx, c, in); err != nil {
				return err
			}
		}
		scored := in.PackageID
		if c.Begun {
			scored = c.Package
		}
		if _, err := tx.ExecContext(ctx, `UPDATE campaign SET package_id = $1, taken_id = $2, title = $3, policy = $4, opens_at = $5, closes_at = $6 WHERE id = $7 AND school_id = $8`,
			scored, in.PackageID, in.Title, string(policy), in.OpensAt, in.ClosesAt, id, school); err != nil {
			return err
		}
		if err := setGroups(ctx, tx, school, id, in.Groups); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign.change", "campaign", id, nil)
	})
}

func sameSequences(a, b []Sequence) bool {
	return slices.EqualFunc(a, b, func(x, y Sequence) bool { return slices.Equal(x.Parts, y.Parts) })
}

func sameAloud(a, b *AloudText) bool { return a == b || a != nil && b != nil && *a == *b }

const campaignColumns = `c.id, c.school_id, c.title, c.opens_at, c.closes_at, c.policy, c.package_id, c.taken_id, EXISTS (SELECT 1 FROM sitting t WHERE t.campaign_id = c.id) OR EXISTS (SELECT 1 FROM aloud_reading r WHERE r.campaign_id = c.id), EXISTS (SELECT 1 FROM campaign_file f WHERE f.id = c.id)`

func scanCampaign(row interface{ Scan(...any) error }) (c Campaign, err error) {
	var policy string
	if err = row.Scan(&c.ID, &c.school, &c.Title, &c.OpensAt, &c.ClosesAt, &policy, &c.Package, &c.Taken, &c.Begun, &c.FromFile); err != nil {
		return c, err
	}
	c.Groups = []string{}
	return c, json.Unmarshal([]byte(policy), &c.Policy)
}

func campaignBy(ctx context.Context, q store.Queryer, school, id string) (Campaign, error) {
	c, err := campaignAlone(ctx, q, school, id)
	if err != nil {
		return c, err
	}
	c.Groups, err = groupsOf(ctx, q, id)
	return c, err
}

// campaignAlone is campaignBy without the groups, for a sitting on its way.
func campaignAlone(ctx context.Context, q store.Queryer, school, id string) (Campaign, error) {
	c, err := scanCampaign(q.QueryRowContext(ctx, `SELECT `+campaignColumns+` FROM campaign c WHERE c.id = $1 AND c.school_id = $2`, id, school))
	if errors.Is(err, sql.ErrNoRows) {
		err = stillSealed(ctx, q, school, id)
	}
	return c, err
}

func groupsOf(ctx context.Context, q store.Queryer, campaign string) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT group_id FROM campaign_group WHERE campaign_id = $1 ORDER BY group_id`, campaign)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows, g *string) error { return r.Scan(g) })
}

// Campaigns lists a school's campaigns that reach any of the groups that the
// reach holds, the latest first.
func (s *Service) Campaigns(ctx context.Context, school string, mine func(group string) bool) ([]Campaign, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT `+campaignColumns+` FROM campaign c WHERE c.school_id = $1 ORDER BY c.opens_at DESC, c.id DESC LIMIT 500`, school)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(r *sql.Rows, c *Campaign) (err error) { *c, err = scanCampaign(r); return err })
	if err != nil {
		return nil, err
	}
	out := []Campaign{}
	for _, c := range all {
		if c.Groups, err = groupsOf(ctx, s.db.Reader(), c.ID); err != nil {
			return nil, err
		}
		c.Groups = slices.DeleteFunc(c.Groups, func(g string) bool { return !mine(g) })
		if len(c.Groups) > 0 {
			out = append(out, c)
		}
	}
	return out, nil
}

// RemoveCampaign removes a campaign that nobody has begun.
func (s *Service) RemoveCampaign(ctx context.Context, school, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		c, err := campaignBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if c.Begun {
			return refuse("begun")
		}
		for _, table := range []string{"campaign_group", "campaign_seat", "campaign_room", "campaign_rescore", "aloud_state", "rubric"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE campaign_id = $1 AND school_id = $2`, id, school); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM campaign WHERE id = $1 AND school_id = $2`, id, school); err != nil {
			return err
		}
		// The file that it came from can be opened again.
		if _, err := tx.ExecContext(ctx, `UPDATE campaign_file SET opened_by = NULL, opened_at = NULL WHERE id = $1 AND school_id = $2`, id, school); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign.remove", "campaign", id, nil)
	})
}

// Rescore has results scored by another version of the same test, whose keys
// were corrected. What pupils were given does not change.
func (s *Service) Rescore(ctx context.Context, school, id, pkgID, why string) error {
	why = strings.TrimSpace(why)
	if why == "" || utf8.RuneCountInString(why) > 500 {
		return fault.New(fault.Invalid, "assessment.why_needed").At("why")
	}
	c, err := campaignBy(ctx, s.db.Reader(), school, id)
	if err != nil {
		return err
	}
	taken, err := s.open(ctx, school, c.Taken)
	if err != nil {
		return err
	}
	corrected, err := s.open(ctx, school, pkgID)
	if err != nil {
		return err
	}
	if !sameShape(taken, corrected) {
		return fault.New(fault.Invalid, "assessment.other_test").At("packageId")
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		c, err := campaignBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO campaign_rescore (id, campaign_id, school_id, from_package, to_package, why, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			store.NewID(), id, school, c.Package, pkgID, why, staffID(ctx), s.now()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE campaign SET package_id = $1 WHERE id = $2 AND school_id = $3`, pkgID, id, school); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign.rescore", "campaign", id, map[string]string{"from": c.Package, "to": pkgID})
	})
}

// sameShape says whether two versions have the same parts, questions and
// interactions, so that the answers to one are answers to the other.
func sameShape(a, b *opened) bool {
	return slices.EqualFunc(a.parts, b.parts, func(x, y PartLine) bool { return x.ID == y.ID && x.Items == y.Items && x.Routed == y.Routed }) &&
		slices.EqualFunc(a.lines, b.lines, func(x, y ItemLine) bool { return x.Key == y.Key && slices.Equal(x.Kinds, y.Kinds) })
}
