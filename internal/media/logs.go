package media

import (
	"context"
	"log/slog"
	"regexp"
	"sync/atomic"

	"github.com/go-logr/logr"
	"github.com/livekit/protocol/logger"
)

// engineLog passes on what LiveKit calls an error, as a warning, and nothing
// below: the rest tells who joined from where, and its text for a bad token is
// the token.
func engineLog(log *atomic.Pointer[slog.Logger]) logger.Logger {
	return logger.LogRLogger(logr.FromSlogHandler(discreet{log}))
}

// discreet keeps of a record its message and its error, without tokens and
// addresses.
type discreet struct{ log *atomic.Pointer[slog.Logger] }

func (d discreet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelError && d.log.Load().Enabled(ctx, slog.LevelWarn)
}

func (d discreet) Handle(ctx context.Context, r slog.Record) error {
	kept := []slog.Attr{slog.String("component", "media")}
	r.Attrs(func(a slog.Attr) bool {
		if err, ok := a.Value.Any().(error); ok {
			kept = append(kept, slog.String("error", redact(err.Error())))
		}
		return true
	})
	d.log.Load().LogAttrs(ctx, slog.LevelWarn, redact(r.Message), kept...)
	return nil
}

func (d discreet) WithAttrs([]slog.Attr) slog.Handler { return d }
func (d discreet) WithGroup(string) slog.Handler      { return d }

var secret = regexp.MustCompile(`[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|access_token=[^&\s"]+|(\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){3,7}`)

func redact(s string) string { return secret.ReplaceAllString(s, "…") }
