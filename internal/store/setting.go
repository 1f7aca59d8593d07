package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Setting reads a value that the installation keeps; ok is false when it was
// never set.
func Setting(ctx context.Context, q Queryer, key string) (value string, ok bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = $1", key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("store: setting %s: %w", key, err)
	}
	return value, true, nil
}

// PutSetting keeps a value under key, in place of an earlier one.
func PutSetting(ctx context.Context, tx Queryer, key, value string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO setting (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return fmt.Errorf("store: setting %s: %w", key, err)
	}
	return nil
}
