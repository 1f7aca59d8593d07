package lesson

import (
	"context"
	"database/sql"
	"errors"

	"preau/internal/store"
)

// Settings are what a school decides for its lessons.
type Settings struct {
	Preset string `json:"preset" enum:"cours,debat,evaluation,silence" doc:"With which lessons open unless said otherwise."`
	Guests bool   `json:"guests" doc:"Links for guests may be made."`
}

// Settings gives a school's, or the defaults.
func (s *Service) Settings(ctx context.Context, school string) (Settings, error) {
	out := Settings{Preset: "cours", Guests: true}
	var guests int
	err := s.db.Reader().QueryRowContext(ctx, `SELECT preset, guests FROM lesson_setting WHERE school_id = $1`, school).Scan(&out.Preset, &guests)
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	out.Guests = guests == 1
	return out, err
}

// Set writes a school's settings.
func (s *Service) Set(ctx context.Context, school, by string, in Settings) error {
	if _, _, ok := preset(in.Preset); !ok {
		return badChoice("preset")
	}
	guests := 0
	if in.Guests {
		guests = 1
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO lesson_setting (school_id, preset, guests, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (school_id) DO UPDATE SET preset = excluded.preset, guests = excluded.guests, set_by = excluded.set_by, set_at = excluded.set_at`,
			school, in.Preset, guests, by, s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, school, by, "lesson.settings", "school", school, nil)
	})
}

func (s *Service) getSettings(ctx context.Context, in *InSchool) (*answer[Settings], error) {
	return give(s.Settings(ctx, in.School))
}

type putSettingsIn struct {
	InSchool
	Body Settings
}

func (s *Service) putSettings(ctx context.Context, in *putSettingsIn) (*nothing, error) {
	return done(s.Set(ctx, in.School, staffID(ctx), in.Body))
}
