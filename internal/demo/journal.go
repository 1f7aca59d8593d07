package demo

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/internal/identity"
	"preau/internal/journal"
	"preau/internal/roster"
)

// journalFiles are the demonstration journal: pieces written for it, and the
// pictures drawn for them. A press review cites what it rests on.
//
//go:embed journal
var journalFiles embed.FS

const (
	journalSlug = "la-cour"
	day         = 24 * time.Hour
)

// pens are who signs: staff by their account, pupils by the rank of their seat.
// The first two seats have their slips shown, and choose a name themselves.
func pens() []string {
	return []string{"Pie bavarde", "Vent d’ouest", "Mine de plomb", "Belette", "Petit roque"}
}

// writer writes the journal.
type writer struct {
	j      *journal.Service
	school *School
	now    time.Time
	pupils []roster.Seat
	axes   map[string]string // ids of themes and collectives, by name
}

// Journal makes sure that the school has a journal, and says whether it made one.
func Journal(ctx context.Context, j *journal.Service, seats *roster.Service, s *School, now time.Time) (made bool, err error) {
	set, err := j.Settings(ctx, s.SchoolID)
	if err != nil || set.Made {
		return false, err
	}
	w := &writer{j: j, school: s, now: now, axes: map[string]string{}}
	if w.pupils, err = seats.SeatsOfGroup(ctx, s.SchoolID, s.GroupID); err != nil {
		return false, err
	}
	for _, step := range []func(context.Context) error{w.masthead, w.people, w.file, w.pieces, w.waiting} {
		if err := step(ctx); err != nil {
			return false, fmt.Errorf("the demonstration journal: %w", err)
		}
	}
	s.Journal = journalSlug
	return true, nil
}

func (w *writer) masthead(ctx context.Context) error {
	return w.j.SetSettings(ctx, w.school.SchoolID, w.school.HeadID, journal.Masthead{
		Slug: journalSlug, Title: "La Cour", Subtitle: "Le journal des élèves du collège de la Cour aux Platanes", Opened: true, Widest: journal.ToPublic, Contributions: "all", Outside: true,
		Director: "Dominique Leroy", DirectorAs: "head", Publisher: "Collège de la Cour aux Platanes, 1 place de la Cour", Host: "Ville de Démonstration, service informatique", Contact: "journal@platanes.example",
		HowTo:         "Vous avez une idée, une question, une photo\u00a0? Écrivez-nous, même si ce n’est pas fini\u00a0: nous aidons à finir.\n\nUn adulte du collège relit chaque article avant qu’il paraisse. S’il y a un souci, il écrit pourquoi, et l’on en parle.",
		Accessibility: "Ce journal est celui d’une démonstration. Ses pages se lisent au clavier, avec un lecteur d’écran et sans script.",
	})
}

func (w *writer) people(ctx context.Context) error {
	for i, name := range pens() {
		if _, err := w.j.SetPenName(w.pupil(ctx, name), w.school.SchoolID, journal.PenName{PenName: name}); err != nil {
			return fmt.Errorf("signature %d: %w", i, err)
		}
	}
	if _, err := w.j.SetPenName(w.head(ctx), w.school.SchoolID, journal.PenName{PenName: "Encre de Chine"}); err != nil {
		return err
	}
	teacher := identity.With(ctx, identity.Principal{Staff: &identity.StaffPrincipal{ID: w.school.Teacher, Grants: []identity.Grant{w.grant(identity.Teacher)}}})
	if _, err := w.j.SetPenName(teacher, w.school.SchoolID, journal.PenName{PenName: "Craie blanche"}); err != nil {
		return err
	}
	_, err := w.j.GiveMandate(w.head(ctx), w.school.SchoolID, w.school.HeadID, journal.NewMandate{
		StaffID: w.school.Teacher, Kind: "moderation", StartsAt: w.now.Add(-day).UnixMilli(), Until: w.now.Add(30 * day).UnixMilli(),
	})
	return err
}

func (w *writer) grant(role identity.Role) identity.Grant {
	return identity.Grant{ID: "demo", Role: role, Scope: identity.OverSchool, ScopeID: w.school.SchoolID, SchoolID: w.school.SchoolID}
}

func (w *writer) head(ctx context.Context) context.Context {
	return identity.With(ctx, identity.Principal{Staff: &identity.StaffPrincipal{ID: w.school.HeadID, Grants: []identity.Grant{w.grant(identity.Head)}}})
}

// pupil is the pupil who signs by that name.
func (w *writer) pupil(ctx context.Context, name string) context.Context {
	seat := w.pupils[2+slices.Index(pens(), name)]
	return identity.With(ctx, identity.Principal{Seat: &identity.SeatPrincipal{ID: seat.ID, SchoolID: w.school.SchoolID, SessionID: "demo"}})
}

// file makes the axes that pieces are filed under.
func (w *writer) file(ctx context.Context) error {
	for i, name := range []string{"Vie du collège", "Sciences", "Culture", "Médias et numérique"} {
		id, err := w.j.MakeTheme(ctx, w.school.SchoolID, journal.Axis{Name: name, Rank: i})
		if err != nil {
			return err
		}
		w.axes[name] = id
	}
	for i, one := range [][3]string{
		{"Club journal", "club", "Le comité de rédaction, ouvert à tous, le lundi midi."},
		{"Revue de presse", "club", "Nous lisons ce que d’autres ont écrit, et nous disons d’où cela vient."},
		{"Club sciences", "club", "Mesurer, comparer, se tromper, recommencer."},
		{"Club nature", "club", "La cour, la cantine, les oiseaux."},
		{"Club lecture", "club", "Lire pour soi, lire aux autres."},
		{"Club d’échecs", "club", "Le vendredi midi, salle 12."},
		{"Conseil de la vie collégienne", "union", "Les délégués et ceux qui veulent les aider."},
	} {
		id, err := w.j.MakeCollective(ctx, w.school.SchoolID, journal.Axis{Name: one[0], Kind: one[1], About: one[2], Rank: i})
		if err != nil {
			return err
		}
		w.axes[one[0]] = id
	}
	return nil
}

// pieces brings out all that the folder holds.
func (w *writer) pieces(ctx context.Context) error {
	names, err := fs.Glob(journalFiles, "journal/*.txt")
	if err != nil {
		return err
	}
	var all []journal.Stocked
	for _, name := range names {
		raw, err := fs.ReadFile(journalFiles, name)
		if err != nil {
			return err
		}
		one, err := w.read(ctx, string(raw))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, one)
	}
	_, err = w.j.Stock(ctx, w.school.SchoolID, all)
	return err
}

// read reads a piece: lines of what it is, a blank one, then its text.
func (w *writer) read(ctx context.Context, raw string) (journal.Stocked, error) {
	head, body, found := strings.Cut(raw, "\n\n")
	if !found {
		return journal.Stocked{}, fmt.Errorf("no text")
	}
	one := journal.Stocked{Content: journal.Content{Body: document(body), About: journal.About{Audience: journal.ToPublic}}}
	for line := range strings.SplitSeq(head, "\n") {
		key, value, _ := strings.Cut(line, ": ")
		if err := w.field(ctx, &one, key, value); err != nil {
			return one, fmt.Errorf("%s: %w", key, err)
		}
	}
	return one, nil
}

// field reads one line of what a piece is. « | » parts what has several parts.
func (w *writer) field(ctx context.Context, one *journal.Stocked, key, value string) error {
	c := &one.Content
	parts := strings.Split(value, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	switch key {
	case "kind":
		one.Kind = value
	case "title":
		c.Title = value
	case "kicker":
		c.Kicker = value
	case "standfirst":
		c.Standfirst = value
	case "by":
		one.Authors = strings.Split(value, ", ")
	case "theme":
		c.About.Themes = []string{w.axes[value]}
	case "collective":
		c.About.Collective = w.axes[value]
	case "tags":
		c.About.Tags = strings.Split(value, ", ")
	case "days":
		days, err := strconv.Atoi(value)
		one.At = w.now.Add(-time.Duration(days) * day).UnixMilli()
		return err
	case "ahead":
		return w.ahead(c, value)
	case "place":
		c.About.Happening.Place = value
	case "picture":
		return w.picture(ctx, c, parts)
	case "source":
		c.About.Sources = append(c.About.Sources, journal.Source{Title: parts[0], URL: parts[1]})
	case "cited":
		c.About.Cited = &journal.Cited{Author: parts[0], Title: parts[1], Outlet: parts[2], Date: parts[3], URL: parts[4]}
	case "quote":
		c.About.Cited.Quote = value
	case "addition":
		one.Additions = append(one.Additions, journal.StockedAddition{Name: parts[0], Text: parts[1], Answer: parts[2], At: one.At + (20 * time.Hour).Milliseconds()})
	case "waiting":
		one.Additions = append(one.Additions, journal.StockedAddition{Name: parts[0], Text: parts[1], Link: parts[2], At: w.now.Add(-3 * time.Hour).UnixMilli(), Waiting: true})
	default:
		return fmt.Errorf("unknown")
	}
	return nil
}

// ahead reads in how many days an event takes place, on a working day, and when
// in that day.
func (w *writer) ahead(c *journal.Content, value string) error {
	var days, hour, minute int
	if _, err := fmt.Sscanf(value, "%d %d:%d", &days, &hour, &minute); err != nil {
		return err
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return err
	}
	then := w.now.In(zone).AddDate(0, 0, days)
	for then.Weekday() == time.Saturday || then.Weekday() == time.Sunday {
		then = then.AddDate(0, 0, 1)
	}
	c.About.Happening = &journal.Happening{StartsAt: time.Date(then.Year(), then.Month(), then.Day(), hour, minute, 0, 0, zone).UnixMilli()}
	return nil
}

// picture adds the picture that leads a piece: file, words, credit.
func (w *writer) picture(ctx context.Context, c *journal.Content, parts []string) error {
	raw, err := fs.ReadFile(journalFiles, "journal/"+parts[0])
	if err != nil {
		return err
	}
	f, err := w.j.AddFile(w.pupil(ctx, "Mine de plomb"), w.school.SchoolID, parts[0], bytes.NewReader(raw))
	c.PictureID, c.PictureAlt, c.Credit = f.ID, parts[1], parts[2]
	return err
}

// waiting gives the desk something to do: a piece proposed, one in discussion
// and one that is only begun.
func (w *writer) waiting(ctx context.Context) error {
	propose := func(by, title, standfirst, body string) (id string, version int64, err error) {
		who := w.pupil(ctx, by)
		saved, err := w.j.Begin(who, w.school.SchoolID, journal.NewPiece{Kind: "article", Content: journal.Content{
			Title: title, Standfirst: standfirst, Body: document(body), About: journal.About{Audience: journal.ToPublic, Themes: []string{w.axes["Vie du collège"]}},
		}})
		if err == nil {
			err = w.j.Do(who, w.school.SchoolID, saved.ID, journal.Doing{Act: journal.Propose, Version: saved.Version})
		}
		return saved.ID, saved.Version + 1, err
	}
	if _, _, err := propose("Petit roque", "Dix minutes de plus pour manger\u00a0?", "Le premier service n’a que dix-huit minutes à table.",
		"Nous avons chronométré vingt passages au self. Entre l’entrée et la table, il faut onze minutes en moyenne. Il en reste dix-huit pour manger.\n\nNous proposons d’avancer la sonnerie des sixièmes de cinq minutes, deux jours par semaine, pour voir."); err != nil {
		return err
	}
	id, version, err := propose("Belette", "Les mésanges du gymnase", "Un nid dans la gouttière, et une question\u00a0: faut-il la réparer maintenant\u00a0?",
		"La gouttière du gymnase fuit depuis octobre. Un couple de mésanges s’y est installé. Nous avons demandé conseil, et nous attendons la réponse.")
	if err != nil {
		return err
	}
	if err := w.j.Do(w.head(ctx), w.school.SchoolID, id, journal.Doing{Act: journal.Discuss, Version: version}); err != nil {
		return err
	}
	if err := w.j.Say(w.head(ctx), w.school.SchoolID, id, "Belle observation. À qui avez-vous demandé conseil\u00a0? Si c’est une association, citons-la."); err != nil {
		return err
	}
	return w.j.Say(w.pupil(ctx, "Belette"), w.school.SchoolID, id, "À la ligue de protection des oiseaux. Elle répond sous dix jours, nous complétons dès que nous l’avons.")
}

// node is the editor's JSON of a text.
type node struct {
	Type    string         `json:"type"`
	Attrs   map[string]any `json:"attrs,omitempty"`
	Text    string         `json:"text,omitempty"`
	Marks   []node         `json:"marks,omitempty"`
	Content []node         `json:"content,omitempty"`
}

// document makes the editor's text of paragraphs, intertitles (## …), lists
// (- …), quotations (> …) and bold words (**…**).
func document(text string) journal.Document {
	doc := node{Type: "doc"}
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		for block != "" {
			line, rest, _ := strings.Cut(block, "\n")
			switch {
			case strings.HasPrefix(line, "## "):
				doc.Content = append(doc.Content, node{Type: "heading", Attrs: map[string]any{"level": 2}, Content: inline(line[3:])})
			case strings.HasPrefix(line, "> "):
				doc.Content = append(doc.Content, node{Type: "blockquote", Content: []node{{Type: "paragraph", Content: inline(line[2:])}}})
			case strings.HasPrefix(line, "- "):
				item := node{Type: "listItem", Content: []node{{Type: "paragraph", Content: inline(line[2:])}}}
				if last := len(doc.Content) - 1; last >= 0 && doc.Content[last].Type == "bulletList" {
					doc.Content[last].Content = append(doc.Content[last].Content, item)
				} else {
					doc.Content = append(doc.Content, node{Type: "bulletList", Content: []node{item}})
				}
			default:
				doc.Content = append(doc.Content, node{Type: "paragraph", Content: inline(line)})
			}
			block = rest
		}
	}
	out, _ := json.Marshal(doc) // strings and slices alone: it cannot fail
	return out
}

func inline(text string) []node {
	var out []node
	for i, part := range strings.Split(text, "**") {
		if part == "" {
			continue
		}
		n := node{Type: "text", Text: part}
		if i%2 == 1 {
			n.Marks = []node{{Type: "bold"}}
		}
		out = append(out, n)
	}
	return out
}
