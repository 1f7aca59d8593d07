-- Whoever is named as an author agrees before the name shows.

-- +goose Up
ALTER TABLE journal_piece_author ADD COLUMN agreed INTEGER NOT NULL DEFAULT 1 CHECK (agreed IN (0, 1)); -- 0: asked to sign, and has not said yes
