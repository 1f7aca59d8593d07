package assessment

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"preau/internal/campaignfile"
	"preau/internal/fault"
	"preau/internal/store"
)

// maxCampaignFiles bounds the files of a school that are not opened.
const maxCampaignFiles = 50

// States of a campaign that came as a file.
const (
	fileBrought  = "brought"  // read, and nobody has accepted it
	fileAccepted = "accepted" // waits for its opening
	fileReplaced = "replaced" // a later edition was accepted
	fileOpened   = "opened"
)

// CampaignFile is a campaign that came as a file, as lists show it.
type CampaignFile struct {
	ID         string `json:"id" doc:"And of the campaign, once open."`
	State      string `json:"state" enum:"brought,accepted,replaced,opened"`
	Title      string `json:"title"`
	Publisher  string `json:"publisher"`
	Edition    int    `json:"edition"`
	OpensAt    int64  `json:"opensAt"`
	ClosesAt   int64  `json:"closesAt"`
	BroughtAt  int64  `json:"broughtAt"`
	AcceptedAt int64  `json:"acceptedAt,omitempty"`
	OpenedAt   int64  `json:"openedAt,omitempty"`

	campaign, key, blob string
	sha256              string
}

// PublishedCampaign is all that a school reads before it accepts.
type PublishedCampaign struct {
	CampaignFile
	Fingerprint string              `json:"fingerprint" doc:"Of the key that signed."`
	Signer      string              `json:"signer" enum:"new,accepted" doc:"Whether the school accepted this key for this publisher."`
	OtherName   string              `json:"otherName,omitempty" doc:"Under which the school accepted the same key."`
	Former      []CampaignPublisher `json:"former" nullable:"false" doc:"Keys that the school no longer accepts for this publisher."`
	Others      []CampaignFile      `json:"others" nullable:"false" doc:"Other editions of the campaign."`
	MadeAt      int64               `json:"madeAt"`
	Description string              `json:"description"`
	Controller  string              `json:"controller"`
	Basis       string              `json:"basis"`
	Notice      string              `json:"notice"`
	KeptDays    int                 `json:"keptDays" doc:"Declared to families, after closing."`
	KeptHere    int                 `json:"keptHere" doc:"By the school's retention."`
	Objection   string              `json:"objection"`
	Upward      string              `json:"upward" enum:"nothing"`
	Calculator  bool                `json:"calculator"`
	Aloud       string              `json:"aloud,omitempty" doc:"Title of the text read aloud."`
	Sequences   []PublishedSequence `json:"sequences" nullable:"false"`
	Questions   int                 `json:"questions"`
}

// PublishedSequence is what is taken in one go.
type PublishedSequence struct {
	Title     string `json:"title"`
	Minutes   int    `json:"minutes"`
	Stages    int    `json:"stages"`
	Routed    int    `json:"routed" doc:"Stages that only some are given."`
	Questions int    `json:"questions" doc:"Of all the stages."`
}

func badFile(key string, args ...any) *fault.Error {
	return fault.New(fault.Conflict, "campaignfile."+key, args...)
}

// BringFile reads a campaign that came as a file and keeps it, to be accepted.
// The same file twice is one.
func (s *Service) BringFile(ctx context.Context, school, by string, data []byte) (PublishedCampaign, error) {
	var none PublishedCampaign
	read, err := campaignfile.Read(data)
	if err != nil {
		return none, err
	}
	m := &read.Manifest
	if err := givenBy(m, "").check(stagesOf(m)); err != nil {
		return none, err
	}
	if held, err := s.heldFile(ctx, school, m, read.SHA256); err != nil || held != "" {
		if err != nil {
			return none, err
		}
		return s.PublishedOf(ctx, school, held)
	}
	blob, err := s.blobs.Put(ctx, store.BlobMeta{SchoolID: school, Kind: "campaign_file", MediaType: "application/octet-stream", Limit: campaignfile.MaxFile}, bytes.NewReader(data))
	if err != nil {
		return none, err
	}
	id := store.NewID()
	err = s.db.Tx(ctx, func(tx store.Queryer) error {
		// Asked again where nobody else can write: a key may have been accepted meanwhile.
		if err := mayBring(ctx, tx, school, m); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO campaign_file (id, school_id, blob_id, sha256, campaign, edition, publisher, key, title, opens_at, closes_at, kept_days, brought_by, brought_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			id, school, blob.ID, read.SHA256, m.ID, m.Edition, m.Publisher, m.Key, m.Title, m.OpensAt, m.ClosesAt, m.KeptDays, by, s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign_file.bring", "campaign_file", id, nil)
	})
	if err != nil {
		return none, errors.Join(err, s.blobs.Delete(ctx, school, blob.ID))
	}
	return s.PublishedOf(ctx, school, id)
}

// heldFile gives the id under which the school has the file already, or refuses
// a file that it cannot take.
func (s *Service) heldFile(ctx context.Context, school string, m *campaignfile.Manifest, sum string) (string, error) {
	editions, err := editionsOf(ctx, s.db.Reader(), school, m.ID)
	if err != nil {
		return "", err
	}
	for _, f := range editions {
		if f.sha256 == sum {
			return f.ID, nil
		}
	}
	return "", mayBring(ctx, s.db.Reader(), school, m)
}

// mayBring refuses a file that contradicts what the school holds.
func mayBring(ctx context.Context, q store.Queryer, school string, m *campaignfile.Manifest) error {
	if _, err := signerOf(ctx, q, school, m.Publisher, m.Key); err != nil {
		return err
	}
	editions, err := editionsOf(ctx, q, school, m.ID)
	if err != nil {
		return err
	}
	for _, f := range editions {
		switch {
		case fold(f.Publisher) != fold(m.Publisher):
			return badFile("of_another", "name", f.Publisher)
		case f.Edition == m.Edition:
			return badFile("edition_held", "edition", m.Edition)
		}
	}
	var waiting int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM campaign_file WHERE school_id = $1 AND opened_at IS NULL`, school).Scan(&waiting); err != nil {
		return err
	}
	if waiting >= maxCampaignFiles {
		return fault.New(fault.Limited, "campaignfile.full", "count", maxCampaignFiles)
	}
	return nil
}

const fileColumns = `f.id, f.title, f.publisher, f.edition, f.opens_at, f.closes_at, f.brought_at, coalesce(f.accepted_at, 0), coalesce(f.opened_at, 0), f.campaign, f.key, f.blob_id, f.sha256,
	EXISTS (SELECT 1 FROM campaign_file n WHERE n.school_id = f.school_id AND n.campaign = f.campaign AND n.edition > f.edition AND n.accepted_at IS NOT NULL)`

func scanFile(row interface{ Scan(...any) error }) (f CampaignFile, err error) {
	var replaced bool
	err = row.Scan(&f.ID, &f.Title, &f.Publisher, &f.Edition, &f.OpensAt, &f.ClosesAt, &f.BroughtAt, &f.AcceptedAt, &f.OpenedAt, &f.campaign, &f.key, &f.blob, &f.sha256, &replaced)
	switch {
	case f.OpenedAt > 0:
		f.State = fileOpened
	case replaced:
		f.State = fileReplaced
	case f.AcceptedAt > 0:
		f.State = fileAccepted
	default:
		f.State = fileBrought
	}
	return f, err
}

func scanFiles(r *sql.Rows, f *CampaignFile) (err error) { *f, err = scanFile(r); return err }

func fileBy(ctx context.Context, q store.Queryer, school, id string) (CampaignFile, error) {
	f, err := scanFile(q.QueryRowContext(ctx, `SELECT `+fileColumns+` FROM campaign_file f WHERE f.id = $1 AND f.school_id = $2`, id, school))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "campaignfile.no_file")
	}
	return f, err
}

func editionsOf(ctx context.Context, q store.Queryer, school, campaign string) ([]CampaignFile, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+fileColumns+` FROM campaign_file f WHERE f.school_id = $1 AND f.campaign = $2 ORDER BY f.edition DESC LIMIT 100`, school, campaign)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanFiles)
}

// CampaignFiles lists the campaigns that came to a school as files, the latest first.
func (s *Service) CampaignFiles(ctx context.Context, school string) ([]CampaignFile, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT `+fileColumns+` FROM campaign_file f WHERE f.school_id = $1 ORDER BY f.opens_at DESC, f.id DESC LIMIT 200`, school)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanFiles)
}

// PublishedOf is a campaign that came as a file: who publishes it, and all that it declares.
func (s *Service) PublishedOf(ctx context.Context, school, id string) (out PublishedCampaign, err error) {
	if out.CampaignFile, err = fileBy(ctx, s.db.Reader(), school, id); err != nil {
		return out, err
	}
	content, _, err := s.blobs.Open(ctx, school, out.blob)
	if err != nil {
		return out, err
	}
	defer content.Close()
	m, err := campaignfile.ReadManifest(content)
	if err != nil {
		return out, err
	}
	if err := s.signerIn(ctx, school, &out); err != nil {
		return out, err
	}
	if out.Others, err = editionsOf(ctx, s.db.Reader(), school, m.ID); err != nil {
		return out, err
	}
	out.Others = slices.DeleteFunc(out.Others, func(f CampaignFile) bool { return f.ID == id })
	if out.KeptHere, err = s.kept(ctx, school); err != nil {
		return out, err
	}
	out.MadeAt, out.Description, out.Controller, out.Basis, out.Notice = m.MadeAt, m.Description, m.Controller, m.Basis, m.Notice
	out.KeptDays, out.Objection, out.Upward, out.Calculator, out.Questions = m.KeptDays, m.Objection, m.Upward, m.Calculator, m.Questions()
	if m.Aloud != nil {
		out.Aloud = m.Aloud.Title
	}
	out.Sequences = []PublishedSequence{}
	for _, q := range m.Sequences {
		line := PublishedSequence{Title: q.Title, Minutes: q.Minutes, Stages: len(q.Stages)}
		for _, stage := range m.Stages {
			if slices.Contains(q.Stages, stage.ID) {
				line.Questions += stage.Questions
				if stage.Routed {
					line.Routed++
				}
			}
		}
		out.Sequences = append(out.Sequences, line)
	}
	return out, nil
}

// partOf reads a part in clear of a file.
func (s *Service) partOf(ctx context.Context, school, id string, part int) (*campaignfile.Manifest, []byte, error) {
	f, err := fileBy(ctx, s.db.Reader(), school, id)
	if err != nil {
		return nil, nil, err
	}
	content, _, err := s.blobs.Open(ctx, school, f.blob)
	if err != nil {
		return nil, nil, err
	}
	defer content.Close()
	return campaignfile.ReadPart(content, part)
}

// FileQuestion is a question of a campaign as a pupil may be given it, from 1:
// in clear in the file, its key is not.
func (s *Service) FileQuestion(ctx context.Context, school, id string, number int) (ItemView, error) {
	m, data, err := s.partOf(ctx, school, id, number-1)
	if err != nil {
		return ItemView{}, err
	}
	if m.Parts[number-1].Role != campaignfile.Question {
		return ItemView{}, fault.New(fault.NotFound, "campaignfile.no_part")
	}
	v, err := m.ReadView(data)
	if err != nil {
		return ItemView{}, err
	}
	out := ItemView{Key: "q" + strconv.Itoa(number), Public: v.Public, Files: map[string]string{}}
	for name, part := range v.Files {
		out.Files[name] = "/api/v1/schools/" + school + "/campaign-files/" + id + "/assets/" + strconv.Itoa(part)
	}
	return out, nil
}

func (s *Service) fileAssetOf(ctx context.Context, school, id string, part int) ([]byte, string, error) {
	m, data, err := s.partOf(ctx, school, id, part)
	if err != nil {
		return nil, "", err
	}
	if m.Parts[part].Role != campaignfile.Asset {
		return nil, "", fault.New(fault.NotFound, "campaignfile.no_part")
	}
	return data, m.Parts[part].Media, nil
}

// RemoveFile forgets a file whose campaign is not open.
func (s *Service) RemoveFile(ctx context.Context, school, id string) error {
	var f CampaignFile
	err := s.db.Tx(ctx, func(tx store.Queryer) (err error) {
		if f, err = fileBy(ctx, tx, school, id); err != nil {
			return err
		}
		if f.State == fileOpened {
			return badFile("opened")
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM campaign_file WHERE id = $1 AND school_id = $2`, id, school); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, "campaign_file.remove", "campaign_file", id, nil)
	})
	if err != nil {
		return err
	}
	return s.blobs.Delete(ctx, school, f.blob)
}
