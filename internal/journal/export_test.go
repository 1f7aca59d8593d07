package journal

import "context"

// Tidy does at once what Run does every so often.
func (s *Service) Tidy(ctx context.Context) { s.tidy(ctx) }
