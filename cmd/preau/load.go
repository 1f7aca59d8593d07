package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"preau/internal/app"
	"preau/internal/config"
	"preau/internal/load"
	"preau/web"
)

type loadCommand struct {
	Lesson   loadLesson   `cmd:"" help:"Hold lessons with simulated pupils against a server of its own, and print figures."`
	Sittings loadSittings `cmd:"" help:"Have simulated pupils sit the demonstration campaign against a server of its own, kill it while answers come, and print figures."`
	Storm    loadStorm    `cmd:"" help:"Let classes begin at once while other sittings save, kill the server in the middle, and print figures."`
	Journal  loadJournal  `cmd:"" help:"Fill a journal and ask for its pages at an even rate while pieces come out, and print figures."`
	Engine   loadEngine   `cmd:"" hidden:"" help:"The bare media engine that load lesson measures beside."`
}

type loadLesson struct {
	Folder  string        `name:"folder" default:"." help:"Where fresh data are made and removed again; on the disk that is to be measured."`
	Lessons int           `name:"lessons" default:"10" help:"Lessons in which events are measured."`
	Pupils  int           `name:"pupils" default:"30" help:"Pupils of each lesson."`
	Rate    int           `name:"rate" default:"20" help:"Events a second in each lesson."`
	Length  time.Duration `name:"length" default:"20s" help:"How long events are measured."`
	Most    int           `name:"most" default:"20" help:"Lessons with video at most, when no loss is met before."`
	Window  time.Duration `name:"window" default:"8s" help:"How long each number of lessons is measured."`
	Short   bool          `name:"short" help:"Two lessons, a few seconds: to try the command, not to measure."`
}

// Run checks what is asked, and measures.
func (l *loadLesson) Run() error {
	if l.Short {
		l.Lessons, l.Most, l.Length, l.Window = min(l.Lessons, 2), min(l.Most, 2), min(l.Length, 5*time.Second), min(l.Window, 3*time.Second)
	}
	if l.Lessons < 1 || l.Pupils < 1 || l.Rate < 1 || l.Most < 1 || l.Lessons*l.Pupils > 5000 || l.Most*l.Pupils > 5000 {
		return errors.New("lessons, pupils, rate and most are from 1; 5000 pupils in all")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	return l.measure(ctx, binary, os.Stdout)
}

// measure takes events, then the knee with lessons, then the bare engine's.
func (l *loadLesson) measure(ctx context.Context, binary string, out io.Writer) error {
	fmt.Fprintf(out, "machine: %s\n\n", load.Machine())
	shape := load.EventsShape{Rate: l.Rate, Length: l.Length}
	err := l.served(ctx, binary, l.Lessons, func(site *load.Site, server *load.Process, folder string) error {
		result, err := load.Events(ctx, site, server.PID, folder, shape)
		if err == nil {
			result.Print(out, site, shape)
		}
		return err
	})
	if err != nil {
		return err
	}
	knee := load.KneeShape{Lessons: l.Most, Pupils: l.Pupils, Window: l.Window}
	var ours []load.Step
	fmt.Fprintf(out, "video, voice and lessons; load of the machine %s\n", load.Busy())
	err = l.served(ctx, binary, l.Most, func(site *load.Site, server *load.Process, _ string) error {
		enter, leave, err := load.InLessons(ctx, site)
		if err != nil {
			return err
		}
		defer leave()
		ours, err = load.Knee(ctx, site.Origin, server.PID, enter, knee, out)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nvideo and voice, the bare engine; load of the machine %s\n", load.Busy())
	engine, err := load.StartBare(binary, os.Stderr)
	if err != nil {
		return err
	}
	bare, err := load.Knee(ctx, engine.Origin, engine.PID, engine.Enter, knee, out)
	if err = errors.Join(err, engine.Stop()); err != nil {
		return err
	}
	fmt.Fprintln(out)
	load.Compare(out, ours, bare)
	return nil
}

// served makes a school in a fresh folder and gives it, and a server on it, to
// measure; both are gone afterwards.
func (l *loadLesson) served(ctx context.Context, binary string, lessons int, measure func(*load.Site, *load.Process, string) error) error {
	folder, err := os.MkdirTemp(l.Folder, "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	data := filepath.Join(folder, "data")
	school, err := loadSchool(ctx, data, lessons, l.Pupils)
	if err != nil {
		return err
	}
	server, err := load.Serve(ctx, binary, data, os.Stderr)
	if err != nil {
		return err
	}
	return errors.Join(measure(&load.Site{Origin: server.Origin, School: school}, server, folder), server.Stop())
}

// loadSchool makes the school as no server runs yet.
func loadSchool(ctx context.Context, folder string, lessons, pupils int) (load.School, error) {
	cfg, err := config.Load(config.Input{Flags: map[string]string{"data-dir": folder}})
	if err != nil {
		return load.School{}, err
	}
	dist, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return load.School{}, err
	}
	house, err := app.Open(ctx, app.Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Version: version, Dist: dist})
	if err != nil {
		return load.School{}, err
	}
	school, err := load.Make(ctx, house.Identity, house.Roster, house.Lesson, lessons, pupils)
	return school, errors.Join(err, house.Close())
}

type loadEngine struct{}

// Run answers on standard input and output until input ends.
func (loadEngine) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return load.ServeBare(ctx, os.Stdin, os.Stdout)
}
