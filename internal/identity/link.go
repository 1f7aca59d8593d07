package identity

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// Purposes of one-time links, and how long each can wait to be opened.
const (
	linkSetup  = "setup"
	linkSignIn = "signin"

	setupLife  = 7 * 24 * time.Hour
	signInLife = 24 * time.Hour
)

// Pages of the web client that read a token after #, where no server, proxy or
// log sees it.
const (
	setupPage      = "/installation#"
	signInPage     = "/connexion#"
	invitationPage = "/invitation#"
)

// SetupLink gives a one-time link that sets up the installation, and false
// when a school already exists. An earlier link no longer works.
func (s *Service) SetupLink(ctx context.Context) (string, bool, error) {
	token, hash := newToken()
	empty := false
	err := s.db.Tx(ctx, func(tx store.Queryer) (err error) {
		if empty, err = noSchool(ctx, tx); err != nil || !empty {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM signin_link WHERE purpose = $1 AND used_at IS NULL", linkSetup); err != nil {
			return err
		}
		return s.insertLink(ctx, tx, hash, "", linkSetup, setupLife)
	})
	if err != nil || !empty {
		return "", false, err
	}
	return s.origin + setupPage + token, true, nil
}

// SignInLink gives a link that signs that person in once, within a day.
func (s *Service) SignInLink(ctx context.Context, staffID string) (string, error) {
	token, hash := newToken()
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		if _, err := staffWhere(ctx, tx, "id = $1 AND disabled_at IS NULL", staffID); err != nil {
			return err
		}
		if err := s.insertLink(ctx, tx, hash, staffID, linkSignIn, signInLife); err != nil {
			return err
		}
		return s.audit(ctx, tx, actorOf(ctx), "staff.signin_link", "", "staff", staffID, nil)
	})
	if err != nil {
		return "", err
	}
	return s.origin + signInPage + token, nil
}

func (s *Service) insertLink(ctx context.Context, tx store.Queryer, hash []byte, staffID, purpose string, life time.Duration) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO signin_link (id, token_hash, staff_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
		store.NewID(), hash, optional(staffID), purpose, s.ms(), s.ms()+life.Milliseconds())
	return err
}

type signInLink struct{ id, staffID string }

var errLinkOver = fault.New(fault.Gone, "identity.link_over")

// link reads a link that can still be used, or answers Gone.
func (s *Service) link(ctx context.Context, token, purpose string) (signInLink, error) {
	var l signInLink
	var staffID *string
	err := s.db.Reader().QueryRowContext(ctx, "SELECT id, staff_id FROM signin_link WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3",
		tokenHash(token), purpose, s.ms()).Scan(&l.id, &staffID)
	if errors.Is(err, sql.ErrNoRows) {
		return l, errLinkOver
	}
	l.staffID = value(staffID)
	return l, err
}

// useLink uses a link up, for one of those who try at once.
func useLink(ctx context.Context, tx store.Queryer, id string, now int64) error {
	done, err := tx.ExecContext(ctx, "UPDATE signin_link SET used_at = $1 WHERE id = $2 AND used_at IS NULL", now, id)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		if err != nil {
			return err
		}
		return errLinkOver
	}
	return nil
}
