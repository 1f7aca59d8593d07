package certs

import (
	"context"
	"log/slog"

	"go.uber.org/zap/zapcore"
)

// bridge gives certmagic's log to ours.
type bridge struct {
	log  *slog.Logger
	with []zapcore.Field
}

func level(l zapcore.Level) slog.Level {
	switch {
	case l >= zapcore.ErrorLevel:
		return slog.LevelError
	case l == zapcore.WarnLevel:
		return slog.LevelWarn
	case l == zapcore.InfoLevel:
		return slog.LevelInfo
	}
	return slog.LevelDebug
}

// Enabled follows our log's level.
func (b *bridge) Enabled(l zapcore.Level) bool { return b.log.Enabled(context.Background(), level(l)) }

// With keeps fields for later entries.
func (b *bridge) With(fields []zapcore.Field) zapcore.Core {
	return &bridge{log: b.log, with: append(append([]zapcore.Field(nil), b.with...), fields...)}
}

// Check accepts the entries that Enabled does.
func (b *bridge) Check(e zapcore.Entry, c *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if b.Enabled(e.Level) {
		return c.AddCore(e, b)
	}
	return c
}

// Write puts an entry into our log.
func (b *bridge) Write(e zapcore.Entry, fields []zapcore.Field) error {
	encoder := zapcore.NewMapObjectEncoder()
	for _, f := range append(append([]zapcore.Field(nil), b.with...), fields...) {
		f.AddTo(encoder)
	}
	var args []any
	for name, v := range encoder.Fields {
		args = append(args, name, v)
	}
	b.log.Log(context.Background(), level(e.Level), "acme: "+e.Message, args...)
	return nil
}

// Sync has nothing to do.
func (b *bridge) Sync() error { return nil }
