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

// readAloud is a text written for the demonstration.
var readAloud = assessment.AloudText{Title: "Le phare du bout", Text: `Au bout de la presqu’île, un phare ancien veille encore sur les bateaux. Chaque soir, avant la nuit, Malo monte les cent quarante marches avec son grand-père. L’escalier tourne si longtemps que la tête lui tourne aussi.
Là-haut, le vent siffle entre les vitres et la mer paraît immobile. Le vieil homme essuie la lentille avec un chiffon doux, puis il vérifie la lampe de secours. Il ne parle presque jamais pendant ce travail. Malo regarde les premières lumières du port s’allumer une à une.
Un soir d’octobre, le brouillard arrive plus vite que d’habitude. On ne voit plus ni le quai, ni les rochers, ni même le jardin. Alors le grand-père sourit et dit enfin quelque chose : « Ce soir, mon garçon, c’est toi qui allumes. » Malo tourne la grosse clé de cuivre. Un large rayon blanc traverse la brume, et, très loin, une corne lui répond.`}

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
			Sequences: sequences, Calculator: false, Aloud: &readAloud, ShowResults: true, Controller: "Dominique Leroy, Chef·fe d’établissement",
			Basis:     "Mission d’intérêt public (RGPD, article 6.1.e) : service public de l’enseignement",
			Notice:    "Votre enfant répond à des questions de français et de mathématiques pour que ses enseignants sachent comment l’aider. Les réponses restent dans l’établissement, liées à une place sans nom.",
			Objection: "Écrivez à la direction de l’établissement.",
		},
	}, identity.Reach{All: true})
	return err == nil, err
}
