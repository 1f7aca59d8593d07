package journal

import (
	"context"
	"database/sql"
	"errors"
	"regexp"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

// Masthead is what a school decides for its journal.
type Masthead struct {
	Slug            string   `json:"slug" maxLength:"40" pattern:"^[a-z0-9][a-z0-9-]{1,39}$" doc:"In the address of the journal's pages."`
	Title           string   `json:"title" maxLength:"80"`
	Subtitle        string   `json:"subtitle" maxLength:"160"`
	Opened          bool     `json:"opened" doc:"Readers may come."`
	Widest          Audience `json:"widest" enum:"group,school,network,public" doc:"No piece is seen further than that."`
	Contributions   string   `json:"contributions" enum:"all,members,none" doc:"Who may add to a piece."`
	Outside         bool     `json:"outside" doc:"Authors from outside the school may be named on a piece."`
	Director        string   `json:"director" maxLength:"120" doc:"Director of publication, named on each page."`
	DirectorAs      string   `json:"directorAs" enum:"head,adult,pupil" doc:"A pupil of 16 or more may be it, in lycée alone."`
	DirectorConsent string   `json:"directorConsent,omitempty" maxLength:"36" doc:"A pupil's authorisation to be named."`
	Publisher       string   `json:"publisher" maxLength:"240"`
	Host            string   `json:"host" maxLength:"240"`
	Contact         string   `json:"contact" maxLength:"240"`
	HowTo           string   `json:"howTo" maxLength:"4000"`
	Accessibility   string   `json:"accessibility" maxLength:"4000"`
	Accessible      string   `json:"accessible,omitempty" enum:"none,part,full" doc:"What the statement of accessibility concludes; none without an audit (decree 2019-768)."`
}

// JournalSettings are the settings with what the law and the installation add.
type JournalSettings struct {
	Masthead
	Made        bool   `json:"made" doc:"Somebody has decided; otherwise these are what is proposed."`
	Regime      Regime `json:"regime" enum:"adults,pupils" doc:"By the school's kind: an adult validates, or pupils publish under their own board."`
	AddressDays int    `json:"addressDays" doc:"How many days the network address of a contribution is kept: the operator's setting."`
}

// journal is a school's journal as a page needs it.
type journal struct {
	Masthead
	School identity.School
	Regime Regime
}

const journalColumns = "school_id, slug, title, subtitle, opened, widest, contributions, outside, director, director_as, director_consent, publisher, host, contact, how_to, accessibility, accessible"

func scanJournal(row interface{ Scan(...any) error }) (school string, in Masthead, err error) {
	var consent sql.NullString
	err = row.Scan(&school, &in.Slug, &in.Title, &in.Subtitle, &in.Opened, &in.Widest, &in.Contributions, &in.Outside, &in.Director, &in.DirectorAs, &consent, &in.Publisher, &in.Host, &in.Contact, &in.HowTo, &in.Accessibility, &in.Accessible)
	in.DirectorConsent = consent.String
	return school, in, err
}

// journalAt gives the journal at an address.
func (s *Service) journalAt(ctx context.Context, slug string) (journal, error) {
	school, in, err := scanJournal(s.db.Reader().QueryRowContext(ctx, "SELECT "+journalColumns+" FROM journal WHERE slug = $1", slug))
	if errors.Is(err, sql.ErrNoRows) {
		return journal{}, noJournal()
	}
	if err != nil {
		return journal{}, err
	}
	return s.fill(ctx, school, in)
}

// journalOf gives a school's journal, or NotFound while it has none.
func (s *Service) journalOf(ctx context.Context, q store.Queryer, school string) (journal, error) {
	_, in, err := scanJournal(q.QueryRowContext(ctx, "SELECT "+journalColumns+" FROM journal WHERE school_id = $1", school))
	if errors.Is(err, sql.ErrNoRows) {
		return journal{}, noJournal()
	}
	if err != nil {
		return journal{}, err
	}
	return s.fill(ctx, school, in)
}

func (s *Service) fill(ctx context.Context, school string, in Masthead) (journal, error) {
	of, err := s.ids.School(ctx, school)
	return journal{in, of, RegimeOf(of.Kind)}, err
}

// Settings gives what a school has decided, or what is proposed to it.
func (s *Service) Settings(ctx context.Context, school string) (JournalSettings, error) {
	out := JournalSettings{AddressDays: s.addressDays}
	j, err := s.journalOf(ctx, s.db.Reader(), school)
	if fault.Is(err, fault.NotFound) {
		of, err := s.ids.School(ctx, school)
		if err != nil {
			return out, err
		}
		out.Regime = RegimeOf(of.Kind)
		out.Masthead = Masthead{
			Slug: slugOf(of.Name, 40), Title: of.Name, Widest: ToSchool, Contributions: "members", Accessible: "none", Director: of.ControllerName, DirectorAs: "head",
			Publisher: of.Name, Host: value(of.Processor), Contact: of.ControllerContact,
		}
		return out, nil
	}
	out.Made, out.Masthead, out.Regime = true, j.Masthead, j.Regime
	return out, err
}

var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// check tidies settings and refuses what the law does.
func (in *Masthead) check(regime Regime) error {
	if !slugForm.MatchString(in.Slug) {
		return fault.New(fault.Invalid, "journal.slug_form").At("slug")
	}
	for _, f := range []struct {
		text  *string
		most  int
		field string
		need  bool
	}{
		{&in.Title, 80, "title", true}, {&in.Subtitle, 160, "subtitle", false}, {&in.Director, 120, "director", true}, {&in.Publisher, 240, "publisher", true},
		{&in.Host, 240, "host", in.Opened && in.Widest == ToPublic}, {&in.Contact, 240, "contact", true},
	} {
		var err error
		if *f.text, err = line(*f.text, f.most, f.field); err != nil {
			return err
		}
		if f.need && *f.text == "" {
			return missing(f.field)
		}
	}
	for _, f := range []struct {
		text  *string
		field string
	}{{&in.HowTo, "howTo"}, {&in.Accessibility, "accessibility"}} {
		var err error
		if *f.text, err = block(*f.text, 4000, f.field); err != nil {
			return err
		}
	}
	if in.Accessible == "" || in.Accessibility == "" { // nothing is claimed without its statement
		in.Accessible = "none"
	}
	if !in.Widest.within(ToPublic) {
		return fault.New(fault.Invalid, "journal.audience_unknown").At("widest")
	}
	if in.DirectorAs == "pupil" && regime != Pupils {
		return fault.New(fault.Invalid, "journal.director_lycee").At("directorAs")
	}
	if in.DirectorAs == "pupil" && in.DirectorConsent == "" {
		return fault.New(fault.Invalid, "journal.director_consent").At("directorConsent")
	}
	if in.DirectorAs != "pupil" {
		in.DirectorConsent = ""
	}
	return nil
}

// SetSettings decides for a school's journal.
func (s *Service) SetSettings(ctx context.Context, school, by string, in Masthead) error {
	of, err := s.ids.School(ctx, school)
	if err != nil {
		return err
	}
	if err := in.check(RegimeOf(of.Kind)); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if in.DirectorConsent != "" {
			c, err := consentBy(ctx, tx, school, in.DirectorConsent)
			if err != nil {
				return err
			}
			if c.What != "name" || !c.lives(s.now()) {
				return fault.New(fault.Conflict, "journal.consent_ended").At("directorConsent")
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO journal (`+journalColumns+`, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
			ON CONFLICT (school_id) DO UPDATE SET slug = excluded.slug, title = excluded.title, subtitle = excluded.subtitle, opened = excluded.opened, widest = excluded.widest,
			contributions = excluded.contributions, outside = excluded.outside, director = excluded.director, director_as = excluded.director_as, director_consent = excluded.director_consent,
			publisher = excluded.publisher, host = excluded.host, contact = excluded.contact, how_to = excluded.how_to, accessibility = excluded.accessibility, accessible = excluded.accessible, set_by = excluded.set_by, set_at = excluded.set_at`,
			school, in.Slug, in.Title, in.Subtitle, number(in.Opened), in.Widest, in.Contributions, number(in.Outside), in.Director, in.DirectorAs, optional(in.DirectorConsent),
			in.Publisher, in.Host, in.Contact, in.HowTo, in.Accessibility, in.Accessible, by, s.now())
		if store.IsUnique(err) {
			return fault.New(fault.Conflict, "journal.slug_taken").At("slug")
		}
		if err != nil {
			return err
		}
		return store.Audit(ctx, tx, store.AuditEntry{SchoolID: school, ActorKind: "staff", ActorID: by, Act: "journal.settings", SubjectKind: "school", SubjectID: school})
	})
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// director is the name shown on each page. A pupil's is shown while they allow it.
func (s *Service) director(ctx context.Context, j journal) (string, error) {
	if j.DirectorConsent == "" {
		return j.Director, nil
	}
	c, err := consentBy(ctx, s.db.Reader(), j.School.ID, j.DirectorConsent)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	if err != nil || !c.lives(s.now()) {
		return j.School.ControllerName, nil
	}
	return j.Director, nil
}
