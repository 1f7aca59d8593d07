package identity

import (
	"context"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/store"
)

func (s *Service) checkSetup(ctx context.Context, in *linkIn) (*struct{}, error) {
	_, err := s.setupLink(ctx, in.Body.Token)
	return nil, err
}

// setupLink reads a set-up link, as long as no school exists.
func (s *Service) setupLink(ctx context.Context, token string) (signInLink, error) {
	empty, err := noSchool(ctx, s.db.Reader())
	if err != nil {
		return signInLink{}, err
	}
	if !empty {
		return signInLink{}, fault.New(fault.Gone, "identity.already_set_up")
	}
	return s.link(ctx, token, linkSetup)
}

type setupIn struct {
	Body struct {
		Token  string      `json:"token" maxLength:"64"`
		School SchoolInput `json:"school"`
		Staff  struct {
			Name     string `json:"name" maxLength:"120"`
			Email    string `json:"email" maxLength:"254"`
			Password string `json:"password" maxLength:"1024"`
		} `json:"staff"`
	}
}

// postSetup makes the first school and the first account, which administers
// the installation and heads the school until somebody else is named.
func (s *Service) postSetup(ctx context.Context, in *setupIn) (*signedIn, error) {
	link, err := s.setupLink(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	school, err := in.Body.School.school(s.ms(), "school.")
	if err != nil {
		return nil, err
	}
	given := in.Body.Staff
	if given.Password == "" {
		return nil, checkPassword("", "", "staff.password")
	}
	person, err := s.staff(ctx, StaffInput{Name: given.Name, Email: given.Email, Password: given.Password, Locale: httpx.Locale(ctx)}, "staff.")
	if err != nil {
		return nil, err
	}
	return s.welcome(ctx, person, "setup", false, func(tx store.Queryer) error {
		if empty, err := noSchool(ctx, tx); err != nil || !empty {
			if err != nil {
				return err
			}
			return fault.New(fault.Gone, "identity.already_set_up")
		}
		if err := useLink(ctx, tx, link.id, s.ms()); err != nil {
			return err
		}
		if err := s.insertSchool(ctx, tx, school, system); err != nil {
			return err
		}
		if err := s.insertStaff(ctx, tx, person, system); err != nil {
			return err
		}
		if _, err := s.insertGrant(ctx, tx, GrantInput{StaffID: person.ID, Role: Administrator, Scope: Installation}, system); err != nil {
			return err
		}
		_, err := s.insertGrant(ctx, tx, GrantInput{StaffID: person.ID, Role: Head, Scope: OverSchool, ScopeID: school.ID, SchoolID: school.ID}, system)
		return err
	})
}
