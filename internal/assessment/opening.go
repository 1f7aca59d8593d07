package assessment

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"preau/internal/campaignfile"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// longestKept is how long a promise of a campaign that is closed still counts: by
// then, nothing of it is left in any school.
const longestKept = 365 * 24 * time.Hour

// Opening is what one says to open a campaign that came as a file.
type Opening struct {
	Opening     string   `json:"opening" maxLength:"4096" doc:"What the publisher publishes on the day."`
	Groups      []string `json:"groups" nullable:"false" maxItems:"400"`
	AskEach     bool     `json:"askEach"`
	ShowResults bool     `json:"showResults"`
}

// givenBy is the campaign that a file makes, before its groups.
func givenBy(m *campaignfile.Manifest, test string) *NewCampaign {
	in := &NewCampaign{
		PackageID: test, Title: m.Title, OpensAt: m.OpensAt, ClosesAt: m.ClosesAt,
		Policy: Policy{Calculator: m.Calculator, Controller: m.Controller, Basis: m.Basis, Notice: m.Notice, Objection: m.Objection, Upward: m.Upward, Sequences: []Sequence{}},
	}
	for _, q := range m.Sequences {
		in.Policy.Sequences = append(in.Policy.Sequences, Sequence{Title: q.Title, Parts: q.Stages, Minutes: q.Minutes})
	}
	if m.Aloud != nil {
		in.Policy.Aloud = &AloudText{Title: m.Aloud.Title, Text: m.Aloud.Text}
	}
	return in
}

func stagesOf(m *campaignfile.Manifest) []PartLine {
	out := make([]PartLine, 0, len(m.Stages))
	for _, s := range m.Stages {
		out = append(out, PartLine{ID: s.ID, Title: s.Title, Items: s.Questions, Routed: s.Routed})
	}
	return out
}

// OpenFile opens an accepted campaign: its test goes into the bank as any other,
// and the campaign is given to groups. Either all of it is done or nothing.
func (s *Service) OpenFile(ctx context.Context, school, id string, in Opening, reach identity.Reach) error {
	f, err := fileBy(ctx, s.db.Reader(), school, id)
	if err != nil {
		return err
	}
	if err := s.mayOpen(ctx, s.db.Reader(), school, f); err != nil {
		return err
	}
	read, err := s.fileOf(ctx, school, f)
	if err != nil {
		return err
	}
	opened, err := read.Open(in.Opening)
	if err != nil {
		return err
	}
	given := givenBy(&read.Manifest, "")
	given.Groups, given.Policy.AskEach, given.Policy.ShowResults = in.Groups, in.AskEach, in.ShowResults
	if err := s.checkGroups(ctx, school, given, reach); err != nil {
		return err
	}
	data, err := opened.Package()
	if err != nil {
		return err
	}
	imported, blob, err := s.prepare(ctx, school, data)
	if err != nil {
		return err
	}
	if imported.Package == nil {
		return unfit(imported.Findings)
	}
	given.PackageID = imported.Package.ID
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		f, err := fileBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if err := s.mayOpen(ctx, tx, school, f); err != nil {
			return err
		}
		if err := given.check(imported.Package.Parts); err != nil {
			return err
		}
		if err := s.insertPackage(ctx, tx, school, staffID(ctx), imported.Package, blob); err != nil {
			return err
		}
		if err := s.insertCampaign(ctx, tx, school, staffID(ctx), id, *given); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE campaign_file SET opened_by = $1, opened_at = $2 WHERE id = $3 AND school_id = $4`, staffID(ctx), s.now(), id, school); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign_file.open", "campaign", id, nil)
	})
	if err != nil {
		return errors.Join(err, s.blobs.Delete(context.WithoutCancel(ctx), school, blob.ID))
	}
	return nil
}

// mayOpen refuses to open what is not accepted, or no longer.
func (s *Service) mayOpen(ctx context.Context, q store.Queryer, school string, f CampaignFile) error {
	switch f.State {
	case fileOpened:
		return badFile("opened")
	case fileReplaced:
		return badFile("replaced")
	case fileBrought:
		return badFile("not_accepted")
	}
	known, err := signerOf(ctx, q, school, f.Publisher, f.key)
	if err == nil && known == nil {
		err = badFile("key_ended", "name", f.Publisher)
	}
	return err
}

func (s *Service) fileOf(ctx context.Context, school string, f CampaignFile) (*campaignfile.File, error) {
	content, _, err := s.blobs.Open(ctx, school, f.blob)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	data, err := io.ReadAll(io.LimitReader(content, campaignfile.MaxFile+1))
	if err != nil {
		return nil, err
	}
	return campaignfile.Read(data)
}

// unfit says why a test that is decrypted cannot be given here.
func unfit(findings []Finding) *fault.Error {
	problem := ""
	for _, f := range findings {
		if f.Severity == "error" {
			problem = f.Message
			break
		}
	}
	return badFile("unfit", "problem", problem)
}

// stillSealed is the refusal of a campaign that is not there: a file that waits
// for its opening says so.
func stillSealed(ctx context.Context, q store.Queryer, school, id string) error {
	f, err := fileBy(ctx, q, school, id)
	if fault.Is(err, fault.NotFound) || err == nil && f.State == fileOpened {
		return noCampaign()
	}
	if err != nil {
		return err
	}
	return badFile("sealed", "title", f.Title)
}

// keepsPromise refuses a change of what the publisher declared. Groups, the way
// pupils begin, and dates within the publisher's are the school's.
func keepsPromise(ctx context.Context, q store.Queryer, c Campaign, in NewCampaign) error {
	f, err := fileBy(ctx, q, c.school, c.ID)
	if err != nil {
		return err
	}
	was, is := c.Policy, in.Policy
	same := slices.EqualFunc(was.Sequences, is.Sequences, func(a, b Sequence) bool {
		return a.Title == b.Title && a.Minutes == b.Minutes && slices.Equal(a.Parts, b.Parts)
	})
	same = same && sameAloud(was.Aloud, is.Aloud) && c.Taken == in.PackageID && c.Title == in.Title && was.Calculator == is.Calculator
	same = same && was.Controller == is.Controller && was.Basis == is.Basis && was.Notice == is.Notice && was.Objection == is.Objection && was.Upward == is.Upward
	if !same || in.OpensAt < f.OpensAt || in.ClosesAt > f.ClosesAt {
		return badFile("promised", "name", f.Publisher)
	}
	return nil
}

// Promised is the shortest time, in days after closing, at the end of which an
// accepted campaign promised families that all is erased; 0 when none did.
func (s *Service) Promised(ctx context.Context, school string) (days int, err error) {
	err = s.db.Reader().QueryRowContext(ctx, `SELECT coalesce(min(kept_days), 0) FROM campaign_file WHERE school_id = $1 AND accepted_at IS NOT NULL AND closes_at > $2`,
		school, s.now()-longestKept.Milliseconds()).Scan(&days)
	return days, err
}
