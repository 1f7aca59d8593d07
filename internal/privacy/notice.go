package privacy

import (
	"context"

	"preau/internal/i18n"
)

// Notice is what a school tells everybody about the data it keeps (GDPR articles 13 and
// 14). The page that shows it words the rest.
type Notice struct {
	School     string       `json:"school"`
	Kind       string       `json:"kind" enum:"ecole,college,lycee,other"`
	Controller NoticeHolder `json:"controller"`
	Processor  string       `json:"processor,omitempty"`
	DPO        string       `json:"dpo,omitempty"`
	Activities []NoticeLine `json:"activities" nullable:"false"`
}

// NoticeHolder is the controller of the school's data.
type NoticeHolder struct {
	Name    string `json:"name"`
	Role    string `json:"role"`
	Contact string `json:"contact"`
}

// NoticeLine is one processing activity, as a parent reads it.
type NoticeLine struct {
	Name       string   `json:"name"`
	Purpose    string   `json:"purpose"`
	Basis      string   `json:"basis"`
	People     []string `json:"people" nullable:"false"`
	Data       []string `json:"data" nullable:"false"`
	Recipients string   `json:"recipients"`
	Limits     []string `json:"limits" nullable:"false"`
}

// NoticeOf derives a school's public notice from its register.
func (s *Service) NoticeOf(ctx context.Context, school string, locale i18n.Locale) (*Notice, error) {
	r, err := s.RegisterOf(ctx, school, locale)
	if err != nil {
		return nil, err
	}
	n := &Notice{
		School: r.School.Name, Kind: r.School.Kind,
		Controller: NoticeHolder{r.School.ControllerName, r.School.ControllerRole, r.School.ControllerContact},
		Processor:  orNone(r.School.Processor, ""), DPO: orNone(r.School.DPOContact, ""),
	}
	for _, a := range r.Activities {
		n.Activities = append(n.Activities, NoticeLine{a.Name, a.Purpose, a.Basis, a.People, a.Data, a.Recipients, a.Limits})
	}
	return n, nil
}
