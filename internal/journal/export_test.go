package journal

import (
	"context"

	"preau/internal/httpx"
)

// Tidy does at once what Run does every so often.
func (s *Service) Tidy(ctx context.Context) { s.tidy(ctx) }

// ForgetFloods lets every address send again.
func (s *Service) ForgetFloods() {
	s.floods = httpx.NewLimiter(burstFlood, everyFlood, 50_000, s.clock)
}
