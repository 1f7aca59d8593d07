package lesson

import (
	"context"
	"time"

	"preau/internal/store"
)

const (
	sweepEvery = time.Minute
	// forgottenAfter is when an open lesson where nobody is any more is ended.
	forgottenAfter = 2 * time.Hour
)

// Run takes up the lessons that were open when the server stopped, ends those
// that were forgotten, and stops with ctx.
func (s *Service) Run(ctx context.Context) {
	defer s.Close()
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for first := true; ; first = false {
		if err := s.sweep(ctx, first); err != nil && ctx.Err() == nil {
			s.log.Error("open lessons not looked at", "error", err)
		}
		if err := s.forgetWords(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("what was written in lessons is not erased", "error", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// sweep ends the open lessons where nothing has happened for long and nobody
// is; takeUp also makes the hub of the others, so that those who do not come
// back are known to have left.
func (s *Service) sweep(ctx context.Context, takeUp bool) error {
	for after := ""; ; {
		open, err := listLessons(ctx, s.db.Reader(), `l.opened_at IS NOT NULL AND l.ended_at IS NULL AND l.id > $1 ORDER BY l.id`, after)
		if err != nil || len(open) == 0 {
			return err
		}
		for _, l := range open {
			after = l.ID
			var last int64
			if err := s.db.Reader().QueryRowContext(ctx, `SELECT coalesce(max(at), 0) FROM lesson_event WHERE lesson_id = $1`, l.ID).Scan(&last); err != nil {
				return err
			}
			forgotten := s.now()-max(last, l.OpenedAt) > forgottenAfter.Milliseconds()
			if !forgotten && !takeUp {
				continue
			}
			err := s.in(ctx, l, func(h *hub) {
				if forgotten && h.state.Ended == 0 && len(h.conns) == 0 && len(h.lingered) == 0 {
					h.emit("", Ended{})
				}
			})
			if err != nil {
				s.log.Warn("an open lesson was not taken up", "id", l.ID, "error", err)
			}
		}
	}
}

// forgetWords erases what was written in lessons, and what guests wrote of
// themselves, at the hour that the interface counts down to. The night's
// retention does the same for what this did not see.
func (s *Service) forgetWords(ctx context.Context) error {
	over := s.now() - messagesKept*time.Hour.Milliseconds()
	const ended = `lesson_id IN (SELECT id FROM lesson WHERE ended_at <= $1)`
	var n int
	err := s.db.Reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM lesson_event WHERE kind IN ('message', 'reported') AND `+ended+`)
		+ (SELECT count(*) FROM lesson_guest WHERE `+ended+`)`, over).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM lesson_event WHERE kind IN ('message', 'reported') AND `+ended, over); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM lesson_guest WHERE `+ended, over)
		return err
	})
}
