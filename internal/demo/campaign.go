package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"preau/internal/assessment"
	"preau/internal/identity"
	"preau/internal/qti"
)

// campaignFiles are the demonstration's test: questions of French and
// mathematics for the beginning of sixième, with their pictures and sounds.
//
//go:embed campaign
var campaignFiles embed.FS

// TestPackage is the demonstration's test as a content package of QTI 3.
func TestPackage() ([]byte, error) {
	folder, err := fs.Sub(campaignFiles, "campaign")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(folder, "*.xml")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var files []qti.PackageFile
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		document := qti.ReadAny(qti.Source{FS: folder, Name: name}, data)
		if document.Findings.Failed() {
			return nil, fmt.Errorf("the demonstration's question %s: %s", name, document.Findings[0].Key)
		}
		files = append(files, qti.PackageFile{Name: path.Base(name), Document: document})
	}
	var out bytes.Buffer
	err = qti.WritePackage(&out, "preau-sixieme", files, folder)
	return out.Bytes(), err
}

// Campaign makes sure that the class has a campaign that is open, and says
// whether it made one.
func Campaign(ctx context.Context, assess *assessment.Service, s *School, now time.Time) (made bool, err error) {
	all, err := assess.Campaigns(ctx, s.SchoolID, func(string) bool { return true })
	if err != nil {
		return false, err
	}
	for _, c := range all {
		if c.ID == s.CampaignID && now.UnixMilli() < c.ClosesAt {
			return false, nil
		}
	}
	data, err := TestPackage()
	if err != nil {
		return false, err
	}
	imported, err := assess.ImportPackage(ctx, s.SchoolID, s.HeadID, data)
	if err != nil {
		return false, err
	}
	if imported.Package == nil {
		return false, fmt.Errorf("the demonstration's test is refused: %v", imported.Findings)
	}
	sequences := assessment.DefaultSequences(imported.Package.Parts)
	for i := range sequences {
		sequences[i].Title, _, _ = strings.Cut(sequences[i].Title, ",")
	}
	s.CampaignID, err = assess.MakeCampaign(ctx, s.SchoolID, s.HeadID, assessment.NewCampaign{
		PackageID: imported.Package.ID, Title: "Évaluation d’entrée en sixième", Groups: []string{s.GroupID},
		OpensAt: now.Add(-24 * time.Hour).UnixMilli(), ClosesAt: now.Add(30 * 24 * time.Hour).UnixMilli(),
		Policy: assessment.Policy{
			Sequences: sequences, Calculator: false, ShowResults: true, Controller: "Dominique Leroy, Chef·fe d’établissement",
			Basis:     "Mission d’intérêt public (RGPD, article 6.1.e) : service public de l’enseignement",
			Notice:    "Votre enfant répond à des questions de français et de mathématiques pour que ses enseignants sachent comment l’aider. Les réponses restent dans l’établissement, liées à une place sans nom.",
			Objection: "Écrivez à la direction de l’établissement.",
		},
	}, identity.Reach{All: true})
	return err == nil, err
}
