package demo

import (
	"context"
	"fmt"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"preau/internal/identity"
	"preau/internal/roster"
)

// School is what the demonstration keeps to say where to go. It is written
// beside its database, in clear, because nothing in it is real.
type School struct {
	SchoolID string   `json:"school"`
	GroupID  string   `json:"group"`
	Code     string   `json:"code"` // of the first seat, in its class
	Phrase   string   `json:"phrase"`
	Recovery string   `json:"recovery"`
	HeadID   string   `json:"headId"`
	Teacher  string   `json:"teacherId"`
	DPOID    string   `json:"dpoId"`
	Secrets  []string `json:"secrets"` // of the first two seats
	// Lessons makes these.
	LessonID  string `json:"lesson,omitempty"`
	PlannedID string `json:"planned,omitempty"`
	// Campaign makes this.
	CampaignID string `json:"campaign,omitempty"`
	// Journal is the address of the journal, once that is made.
	Journal string `json:"journal,omitempty"`
}

// scryptWork is the cost of the demonstration's phrase, as a power of two:
// lower than a browser's, so that the first start stays quick.
const scryptWork = 15

type maker struct {
	ids    *identity.Service
	roster *roster.Service
	now    time.Time
	out    School
	year   string
	keyID  string
	head   *PersonalKey
	names  *NamesKey
}

// Make creates the school in an empty installation.
func Make(ctx context.Context, ids *identity.Service, seats *roster.Service, now time.Time) (School, error) {
	m := &maker{ids: ids, roster: seats, now: now}
	m.out.Phrase = NewPhrase()
	for _, step := range []func(context.Context) error{m.school, m.people, m.keys, m.classes} {
		if err := step(ctx); err != nil {
			return School{}, fmt.Errorf("the demonstration school: %w", err)
		}
	}
	return m.out, nil
}

func (m *maker) school(ctx context.Context) error {
	school, err := m.ids.CreateSchool(ctx, identity.SchoolInput{
		Name: "Collège de la Cour aux Platanes", Kind: "college", Zone: "Europe/Paris",
		ControllerName: "Dominique Leroy", ControllerRole: "Chef·fe d’établissement", ControllerContact: "direction@platanes.example",
		Processor: "Ville de Démonstration, service informatique", DPOContact: "dpd@platanes.example",
	})
	if err != nil {
		return err
	}
	m.out.SchoolID = school.ID
	first := m.now.Year()
	if m.now.Month() < time.August {
		first--
	}
	year, err := m.roster.OpenYear(ctx, school.ID, roster.NewYear{
		Label: fmt.Sprintf("%d–%d", first, first+1), StartsOn: fmt.Sprintf("%d-09-01", first), EndsOn: fmt.Sprintf("%d-07-05", first+1),
	})
	m.year = year.ID
	return err
}

func (m *maker) people(ctx context.Context) error {
	for _, p := range []struct {
		name, email string
		id          *string
		grants      []identity.GrantInput
	}{
		{"Dominique Leroy", "direction@platanes.example", &m.out.HeadID, []identity.GrantInput{
			{Role: identity.Administrator, Scope: identity.Installation}, {Role: identity.Head, Scope: identity.OverSchool},
		}},
		{"Camille Martin", "camille.martin@platanes.example", &m.out.Teacher, nil}, // over groups, once they exist
		{"Claude Bernard", "dpd@platanes.example", &m.out.DPOID, []identity.GrantInput{{Role: identity.DPO, Scope: identity.OverSchool}}},
	} {
		person, err := m.ids.CreateStaff(ctx, identity.StaffInput{Name: p.name, Email: p.email})
		if err != nil {
			return err
		}
		*p.id = person.ID
		for _, g := range p.grants {
			if err := m.grant(ctx, person.ID, g); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *maker) grant(ctx context.Context, staff string, g identity.GrantInput) error {
	g.StaffID = staff
	if g.Scope != identity.Installation {
		g.SchoolID = m.out.SchoolID
	}
	if g.Scope == identity.OverSchool {
		g.ScopeID = m.out.SchoolID
	}
	_, err := m.ids.GrantRole(ctx, g)
	return err
}

// keys makes the head's key, the names key and its recovery sheet, then lets
// the teacher in. Both open with the same six words.
func (m *maker) keys(ctx context.Context) error {
	head, err := m.personal(ctx, m.out.HeadID)
	if err != nil {
		return err
	}
	m.head = head
	if m.names, err = NewNamesKey(m.out.SchoolID, head); err != nil {
		return err
	}
	paper, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	m.out.Recovery = paper.String()
	mine, err := m.names.Wrap(head.Recipient())
	if err != nil {
		return err
	}
	sheet, err := m.names.Wrap(paper.Recipient().String())
	if err != nil {
		return err
	}
	m.keyID, err = m.roster.MakeNamesKey(ctx, m.out.SchoolID, m.out.HeadID, roster.NewNamesKey{
		Recipient: m.names.Recipient(),
		Root:      roster.RootMember{StaffID: m.out.HeadID, Recipient: head.Recipient(), SignPub: head.SignPub(), Wrapped: b64(mine)},
		Recovery:  roster.SheetMember{Recipient: paper.Recipient().String(), Wrapped: b64(sheet)},
	})
	return err
}

func (m *maker) letTeacherIn(ctx context.Context) error {
	teacher, err := m.personal(ctx, m.out.Teacher)
	if err != nil {
		return err
	}
	wrapped, err := m.names.Wrap(teacher.Recipient())
	if err != nil {
		return err
	}
	return m.roster.LetIn(ctx, m.out.SchoolID, m.out.HeadID, roster.NewMember{
		StaffID: m.out.Teacher, Recipient: teacher.Recipient(), SignPub: teacher.SignPub(), Wrapped: b64(wrapped),
		Endorsement: m.head.Endorsement(m.out.SchoolID, m.out.Teacher, teacher.Recipient(), teacher.SignPub(), 0),
	})
}

func (m *maker) personal(ctx context.Context, staff string) (*PersonalKey, error) {
	key, err := NewPersonalKey()
	if err != nil {
		return nil, err
	}
	sealed, err := key.Seal(m.out.Phrase, scryptWork)
	if err != nil {
		return nil, err
	}
	return key, m.roster.SetStaffKey(ctx, staff, roster.StaffKey{Recipient: key.Recipient(), SignPub: key.SignPub(), Sealed: b64(sealed)})
}

func (m *maker) classes(ctx context.Context) error {
	in := roster.Import{ID: uuid.NewString(), YearID: m.year, KeyID: m.keyID, Groups: []roster.ImportGroup{
		{Ref: "class", Name: "6e B", Kind: "class", Level: "6e"},
		{Ref: "german", Name: "6e allemand", Kind: "group", Level: "6e"},
	}}
	var firstCode string
	codes := map[string]bool{}
	for i, p := range pupils() {
		secret := NewSeatSecret()
		keys := secret.Keys()
		for codes[keys.Code] { // codes are short, and unique in a school
			secret = NewSeatSecret()
			keys = secret.Keys()
		}
		codes[keys.Code] = true
		auth := keys.AuthHash()
		seat := roster.ImportSeat{
			ID: uuid.NewString(), Number: i + 1, Pseudonym: p.pseudonym, Picture: p.picture, Level: "6e",
			Groups: []string{"class"}, AuthHash: b64(auth[:]), SeatCode: keys.Code,
		}
		if p.german {
			seat.Groups = append(seat.Groups, "german")
		}
		record, err := m.names.Seal(seat.ID, 1, Name{Last: p.last, First: p.first, Secret: &secret}, m.head)
		if err != nil {
			return err
		}
		seat.Record = &roster.Record{Version: 1, Ciphertext: b64(record.Ciphertext), Signature: b64(record.Signature)}
		in.Seats = append(in.Seats, seat)
		if i < 2 {
			m.out.Secrets = append(m.out.Secrets, secret.String())
		}
		if i == 0 {
			firstCode = keys.Code
		}
	}
	made, err := m.roster.Import(ctx, m.out.SchoolID, m.out.HeadID, in)
	if err != nil {
		return err
	}
	for _, g := range made.Groups {
		if g.Ref == "class" {
			m.out.GroupID, m.out.Code = g.ID, g.Code+"-"+firstCode
		}
		if err := m.grant(ctx, m.out.Teacher, identity.GrantInput{Role: identity.Teacher, Scope: identity.OverGroup, ScopeID: g.ID}); err != nil {
			return err
		}
	}
	return m.letTeacherIn(ctx)
}
