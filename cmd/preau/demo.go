package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"preau/internal/app"
	"preau/internal/demo"
	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/roster"
)

type demoCommand struct {
	settings
	EmptyJournal bool `name:"empty-journal" help:"Leave the school's journal to be made by its head."`
}

// doorMinutes is how long the door stays open after a start.
const doorMinutes = roster.MaxDoorMinutes

// Run serves a demonstration school, and says where to go in it.
func (d *demoCommand) Run() error {
	return d.serve(func(ctx context.Context, h *app.House) error {
		school, err := demoSchool(ctx, h)
		if err != nil {
			return err
		}
		made, err := demo.Lessons(ctx, h.Lesson, &school, time.Now())
		if err == nil {
			var also bool
			also, err = demo.Campaign(ctx, h.Assess, &school, time.Now())
			made = made || also
		}
		if err == nil && !d.EmptyJournal {
			var also bool
			also, err = demo.Journal(ctx, h.Journal, h.Roster, &school, time.Now())
			made = made || also
		}
		if err == nil && made {
			err = writeJSON(filepath.Join(h.Config.DataDir, "demo.json"), school)
		}
		if err == nil {
			_, err = h.Roster.OpenDoor(ctx, school.SchoolID, school.GroupID, doorMinutes)
		}
		closed := fault.Is(err, fault.Gone) // its year was closed, or its class archived
		if err != nil && !closed {
			return err
		}
		return show(ctx, h, school, closed)
	})
}

// demoSchool reads what an earlier start made, or makes it.
func demoSchool(ctx context.Context, h *app.House) (demo.School, error) {
	path := filepath.Join(h.Config.DataDir, "demo.json")
	var school demo.School
	raw, err := os.ReadFile(path)
	if err == nil {
		return school, json.Unmarshal(raw, &school)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return school, err
	}
	present, err := h.Identity.Schools(ctx, "", 1)
	if err != nil {
		return school, err
	}
	if len(present) > 0 {
		return school, fmt.Errorf("%s holds a school that is not the demonstration: use serve, or another --data-dir", h.Config.DataDir)
	}
	if school, err = demo.Make(ctx, h.Identity, h.Roster, time.Now()); err != nil {
		return school, err
	}
	return school, writeJSON(path, school)
}

// access is where to go, printed and also written for programs.
type access struct {
	Origin         string `json:"origin"`
	StaffLink      string `json:"staffLink"`
	HeadLink       string `json:"headLink"`
	DPOLink        string `json:"dpoLink"`
	Phrase         string `json:"phrase"`
	SeatLink       string `json:"seatLink"`
	SecondSeatLink string `json:"secondSeatLink"`
	Code           string `json:"code"`
	School         string `json:"school"`
	Group          string `json:"group"`
	Lesson         string `json:"lesson"`
	PlannedLesson  string `json:"plannedLesson"`
	LessonLink     string `json:"lessonLink"`
	Campaign       string `json:"campaign"`
	CampaignLink   string `json:"campaignLink"`
	JournalLink    string `json:"journalLink,omitempty"`
}

func show(ctx context.Context, h *app.House, school demo.School, closed bool) error {
	origin := h.Config.Origin
	a := access{
		Origin: origin, Phrase: school.Phrase, Code: school.Code, School: school.SchoolID, Group: school.GroupID,
		Lesson: school.LessonID, PlannedLesson: school.PlannedID, LessonLink: origin + "/seance/" + school.SchoolID + "/" + school.LessonID,
		Campaign: school.CampaignID, CampaignLink: origin + "/evaluations/" + school.CampaignID,
		SeatLink: origin + "/p#" + school.Secrets[0], SecondSeatLink: origin + "/p#" + school.Secrets[1],
	}
	if school.Journal != "" {
		a.JournalLink = origin + "/journal/" + school.Journal
	}
	for _, one := range []struct {
		id   string
		link *string
	}{{school.Teacher, &a.StaffLink}, {school.HeadID, &a.HeadLink}, {school.DPOID, &a.DPOLink}} {
		link, err := h.Identity.SignInLink(identity.With(ctx, identity.Principal{}), one.id)
		if fault.Is(err, fault.NotFound) { // the account was closed
			continue
		}
		if err != nil {
			return err
		}
		*one.link = link
	}
	t := func(key string) string { return h.Catalogue.T(language(), key, nil) }
	fmt.Printf("\n%s\n\n", t("cli.demo_title"))
	for _, line := range [][2]string{
		{"cli.demo_public", a.Origin}, {"cli.demo_teacher", a.StaffLink}, {"cli.demo_head", a.HeadLink}, {"cli.demo_dpo", a.DPOLink},
		{"cli.demo_phrase", a.Phrase}, {"cli.demo_seat", a.SeatLink}, {"cli.demo_code", a.Code}, {"cli.demo_lesson", a.LessonLink},
		{"cli.demo_campaign", a.CampaignLink}, {"cli.demo_journal", a.JournalLink},
	} {
		if line[1] != "" {
			fmt.Printf("  %s\n      %s\n", t(line[0]), line[1])
		}
	}
	if closed {
		fmt.Printf("\n%s\n", t("cli.demo_closed"))
	}
	fmt.Printf("\n%s\n\n", t("cli.demo_note"))
	return writeJSON(filepath.Join(h.Config.DataDir, "access.json"), a)
}

func writeJSON(path string, v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o600)
}
