package load

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"preau/internal/demo"
	"preau/internal/identity"
	"preau/internal/lesson"
	"preau/internal/roster"
)

// School is what simulated people need to enter their lessons.
type School struct {
	ID      string
	Lessons []Lesson
}

// Lesson is an open lesson of its own group and teacher.
type Lesson struct {
	ID     string
	Staff  string // token that signs the teacher in, once, while it is fresh
	Pupils []demo.SeatSecret
}

// Make makes a school with some lessons open, in an empty installation.
func Make(ctx context.Context, ids *identity.Service, seats *roster.Service, lessons *lesson.Service, count, pupils int) (School, error) {
	made, err := ids.CreateSchool(ctx, identity.SchoolInput{
		Name: "Collège de la charge", Kind: "college", Zone: "Europe/Paris", ControllerName: "D. Leroy", ControllerRole: "Direction", ControllerContact: "d@charge.example",
	})
	if err != nil {
		return School{}, err
	}
	school := School{ID: made.ID, Lessons: make([]Lesson, count)}
	today := time.Now()
	year, err := seats.OpenYear(ctx, school.ID, roster.NewYear{
		Label: "Charge", StartsOn: today.AddDate(0, 0, -1).Format(time.DateOnly), EndsOn: today.AddDate(0, 6, 0).Format(time.DateOnly),
	})
	if err != nil {
		return School{}, err
	}
	in := roster.Import{ID: uuid.NewString(), YearID: year.ID}
	for i := range school.Lessons {
		ref := fmt.Sprintf("g%d", i)
		in.Groups = append(in.Groups, roster.ImportGroup{Ref: ref, Name: fmt.Sprintf("Classe %d", i+1), Kind: "class"})
		for range pupils {
			secret := demo.NewSeatSecret()
			keys := secret.Keys()
			auth := keys.AuthHash()
			number := len(in.Seats) + 1
			in.Seats = append(in.Seats, roster.ImportSeat{
				ID: uuid.NewString(), Number: number, Pseudonym: "Loutre " + letters(number), Picture: "otter", Groups: []string{ref},
				AuthHash: base64.RawURLEncoding.EncodeToString(auth[:]), SeatCode: keys.Code,
			})
			school.Lessons[i].Pupils = append(school.Lessons[i].Pupils, secret)
		}
	}
	imported, err := seats.Import(ctx, school.ID, "", in)
	if err != nil {
		return School{}, err
	}
	for i, g := range imported.Groups {
		if err := open(ctx, ids, lessons, school.ID, g.ID, &school.Lessons[i]); err != nil {
			return School{}, err
		}
	}
	return school, nil
}

// open makes a group's teacher and opens the lesson.
func open(ctx context.Context, ids *identity.Service, lessons *lesson.Service, school, group string, l *Lesson) error {
	teacher, err := ids.CreateStaff(ctx, identity.StaffInput{Name: "Camille Martin", Email: uuid.NewString() + "@charge.example"})
	if err != nil {
		return err
	}
	if _, err := ids.GrantRole(ctx, identity.GrantInput{StaffID: teacher.ID, SchoolID: school, Role: identity.Teacher, Scope: identity.OverGroup, ScopeID: group}); err != nil {
		return err
	}
	link, err := ids.SignInLink(ctx, teacher.ID)
	if err != nil {
		return err
	}
	_, l.Staff, _ = strings.Cut(link, "#")
	made, err := lessons.Make(ctx, school, teacher.ID, lesson.Plan{GroupID: group, Title: "Mathématiques", Minutes: 55, Open: true})
	if err == nil {
		l.ID = made[0]
	}
	return err
}

// letters writes a number as a pseudonym may hold it.
func letters(n int) string {
	name := ""
	for ; n > 0; n /= 26 {
		name = string(rune('a'+n%26)) + name
	}
	return name
}
